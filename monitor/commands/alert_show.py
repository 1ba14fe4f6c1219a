"""`dateline alerts show`: what an alert says, why it came, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from db.store import Store
from monitor import show
from monitor.commands.configs import for_reading
from monitor.message import render
from monitor.story_words import story_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.telling import AlertRecord, Story
    from monitor.cli import Invocation


@click.command("show")
@click.argument("alert_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: message, tries, story.")
@click.pass_obj
def show_alert(invocation: Invocation, alert_id: int, *, as_json: bool) -> int:
    """Show what the alert ID says and why it came, every try to send it, and its story now."""
    config = for_reading(invocation)
    record, story = None, None
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            record = store.alert(alert_id)
            if record and record.alert.story:
                story = store.story_of(record.alert.story.id)
    if record is None:
        raise click.ClickException(
            f"there is no alert {alert_id}; dateline alerts list shows their ids"
        )
    if as_json:
        show.line(_object(alert_id, record, story))
        return 0
    for line in _lines(record, story):
        click.echo(show.printable(line) if line else "")
    return 0


def _lines(record: AlertRecord, story: Story | None) -> Iterator[str]:
    message = render(record.alert)
    yield f"Subject: {message.subject}"
    yield f"Channel: {record.alert.channel}, {record.state.value}"
    for attempt in record.attempts:
        again = f"; tried again {show.minute(attempt.next_at)} UTC" if attempt.next_at else ""
        yield f"{show.minute(attempt.at)} UTC {attempt.outcome.value}: {attempt.answer}{again}"
    yield ""
    yield from message.text.splitlines()
    told = record.alert.story
    if story and told and story.size > told.size:
        yield ""
        yield f"The story has {story.size} items now: dateline stories show {story.id}"


def _object(alert_id: int, record: AlertRecord, story: Story | None) -> dict[str, Any]:
    return {
        "id": alert_id,
        "state": record.state.value,
        "channel": record.alert.channel,
        "next_at": show.moment(record.next_at),
        "attempts": [
            {
                "at": show.moment(attempt.at),
                "outcome": attempt.outcome.value,
                "answer": attempt.answer,
                "next_at": show.moment(attempt.next_at),
            }
            for attempt in record.attempts
        ],
        "message": render(record.alert).data,
        "story_now": story_object(story) if story else None,
    }
