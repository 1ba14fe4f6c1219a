"""`dateline alerts`: what was told, to whom, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from db.store import Store
from db.telling import AlertState
from monitor import show
from monitor.commands.alert_show import show_alert
from monitor.commands.configs import for_reading
from monitor.config_values import nearest

if TYPE_CHECKING:
    from db.model import Stored
    from db.telling import AlertRecord
    from monitor.cli import Invocation
    from monitor.config import Config

_COLUMNS = (
    show.Column("id"),
    show.Column("made (UTC)", rank=2),
    show.Column("watch"),
    show.Column("channel", rank=1),
    show.Column("kind", rank=4),
    show.Column("state"),
    show.Column("tries", rank=3),
    show.Column("title", elastic=True),
)
_STATES = {
    AlertState.DUE: "waiting",
    AlertState.SENT: "sent",
    AlertState.DEAD: "given up",
}


@click.group("alerts")
def command() -> None:
    """List alerts and what became of them; show what one says, send one again."""


command.add_command(show_alert)


@command.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value for state in AlertState]),
    help="Only those waiting (due), sent, or given up (dead).",
)
@click.option("--watch", metavar="NAME", help="Only alerts of this watch.")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all tries.")
@click.pass_obj
def list_alerts(
    invocation: Invocation, state: str | None, watch: str | None, limit: int, *, as_json: bool
) -> int:
    """List alerts, the latest on top.

    Below the list stands why alerts are not sent yet; --json tells every try and answer.
    """
    config = for_reading(invocation)
    found: tuple[Stored[AlertRecord], ...] = ()
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            wanted = AlertState(state) if state else None
            found = store.alerts(state=wanted, watch=watch, limit=limit)
    if as_json:
        for stored in found:
            show.line(_object(stored))
    elif found:
        show.table(show.results(), _COLUMNS, (_row(stored) for stored in found))
        for stored in found:
            _explain(stored)
    if not found:
        click.echo(_nothing(config, state, watch), err=True)
    return 0


@command.command("resend")
@click.argument("alert_id", metavar="ID", type=int)
@click.pass_obj
def resend(invocation: Invocation, alert_id: int) -> int:
    """Send an alert once more, with the same Message-ID or webhook-id.

    It goes out with the next round, or at once if the daemon runs.
    """
    config = for_reading(invocation)
    with Store.open(config.database) as store:
        state = store.alert_state(alert_id)
        if state is None:
            raise click.ClickException(
                f"there is no alert {alert_id}; dateline alerts list shows their ids"
            )
        if not store.resend(alert_id, datetime.now(UTC)):
            raise click.ClickException(
                f"alert {alert_id} waits to be sent already; dateline run sends what is due"
            )
    click.echo(f"Alert {alert_id} goes out with the next dateline run, or now if serve is running.")
    return 0


def _nothing(config: Config, state: str | None, watch: str | None) -> str:
    """Say why nothing was found. Raises BadParameter for a watch that nobody knows."""
    known = [watch.name for watch in config.watches]
    if watch is not None and watch not in known:
        raise click.BadParameter(f"there is no watch {watch!r}; {nearest(watch, known)}")
    of = f" of {watch}" if watch else ""
    if state:
        return f"No alert{of} is {_STATES[AlertState(state)]}."
    return f"No alerts{of} yet. They are made when a new item meets a watch with channels."


def _explain(stored: Stored[AlertRecord]) -> None:
    """Say why an alert is not sent."""
    record = stored.value
    if record.state is AlertState.SENT or not record.attempts:
        return
    again = f"; tried again {show.minute(record.next_at)} UTC" if record.next_at else ""
    click.echo(f"{stored.id}: {show.printable(record.attempts[-1].answer)}{again}")


def _row(stored: Stored[AlertRecord]) -> tuple[object, ...]:
    record = stored.value
    alert = record.alert
    return (
        stored.id,
        show.minute(alert.created_at),
        alert.watch,
        alert.channel,
        alert.kind.value,
        record.state.value,
        len(record.attempts),
        alert.entry.article.title,
    )


def _object(stored: Stored[AlertRecord]) -> dict[str, Any]:
    record = stored.value
    alert = record.alert
    return {
        "id": stored.id,
        "key": alert.key,
        "watch": alert.watch,
        "channel": alert.channel,
        "kind": alert.kind.value,
        "state": record.state.value,
        "created_at": show.moment(alert.created_at),
        "next_at": show.moment(record.next_at),
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
