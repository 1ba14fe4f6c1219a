"""`dateline alerts show`: what an alert says, why it came, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from db.store import Store
from db.telling import AlertState
from monitor import show
from monitor.commands.configs import for_reading
from monitor.commands.waits import floods, why_waiting
from monitor.message import render
from monitor.story_words import story_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.telling import AlertRecord, Story
    from monitor.cli import Invocation


_DIGITS = 18  # of the numbers that fit into the store
STATES = {
    AlertState.DUE: "waiting",
    AlertState.SENT: "sent",
    AlertState.DEAD: "given up",
}


@click.command("show")
@click.argument("named", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: message, tries, story.")
@click.pass_obj
def show_alert(invocation: Invocation, named: str, *, as_json: bool) -> int:
    """Show what the alert ID says and why it came, every try to send it, and its story now.

    ID is its number in dateline alerts list, or the key that its message names (alert_…).
    """
    config = for_reading(invocation)
    if not config.database.exists():
        raise click.ClickException(_unknown(named))
    with Store.open_readonly(config.database) as store:
        alert_id, record = find(store, named)
        story = store.story_of(record.alert.story.id) if record.alert.story else None
        why = why_waiting(record, config, floods(store, config))
    if as_json:
        told = {
            "message": render(record.alert).data,
            "story_now": story_object(story) if story else None,
        }
        show.line({**alert_object(alert_id, record, why), **told})
        return 0
    for line in _lines(alert_id, record, story, why):
        click.echo(show.printable(line) if line else "")
    return 0


def find(store: Store, named: str) -> tuple[int, AlertRecord]:
    """Return an alert by its number or by the key that a message names, with its number.

    A letter's own key, which a digest and its webhook-id have, means the first of its alerts.
    Raises ClickException if there is none.
    """
    is_number = named.isascii() and named.isdigit() and len(named) <= _DIGITS
    alert_id = int(named) if is_number else store.alert_of(named)
    record = None if alert_id is None else store.alert(alert_id)
    if alert_id is None or record is None:
        raise click.ClickException(_unknown(named))
    return alert_id, record


def _unknown(named: str) -> str:
    return f"there is no alert {named}; dateline alerts list shows their ids"


def _lines(alert_id: int, record: AlertRecord, story: Story | None, why: str) -> Iterator[str]:
    message = render(record.alert)
    yield f"Subject: {message.subject}"
    yield f"Alert {alert_id}, in messages {record.alert.key}"
    yield from _ledger(record, why)
    yield ""
    yield from message.text.splitlines()
    told = record.alert.story
    if story and told and story.size > told.size:
        yield ""
        yield f"The story has {story.size} items now: dateline stories show {story.id}"


def _ledger(record: AlertRecord, why: str) -> Iterator[str]:
    """Give a line for how an alert goes out and for each try."""
    if record.sent_as is None:
        kept = "with others, " if record.alert.gathered else ""
        yield f"Waits for {record.alert.channel}: {kept}{why}"
        return
    more = record.together - 1
    others = f", with {more} other alert{'s' * (more > 1)}" if more else ""
    yield f"To {record.alert.channel} as {record.sent_as}{others}: {STATES[record.state]}"
    for number, attempt in enumerate(record.attempts, 1):
        again = f"; again {show.minute(attempt.next_at)}" if attempt.next_at else ""
        outcome = attempt.outcome.value
        yield f"{number}. {show.minute(attempt.at)} {outcome}: {attempt.answer}{again}"
    if why and not record.attempts:
        yield why


def alert_object(alert_id: int, record: AlertRecord, why: str) -> dict[str, Any]:
    """Return an alert with what became of it, or why it waits, as a JSON object."""
    alert = record.alert
    return {
        "id": alert_id,
        "key": alert.key,
        "sent_as": record.sent_as,
        "together": record.together,
        "watch": alert.watch,
        "channel": alert.channel,
        "kind": alert.kind.value,
        "state": record.state.value,
        "created_at": show.moment(alert.created_at),
        "next_at": show.moment(record.next_at),
        "why_waiting": why or None,
        "url": alert.entry.article.url,
        "title": alert.entry.article.title,
        "attempts": [
            {
                "at": show.moment(attempt.at),
                "outcome": attempt.outcome.value,
                "answer": attempt.answer,
                "next_at": show.moment(attempt.next_at),
            }
            for attempt in record.attempts
        ],
    }
