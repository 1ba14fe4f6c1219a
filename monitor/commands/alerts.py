"""`dateline alerts`: what was told, to whom, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from db.model import AlertState
from db.store import Store
from monitor import show
from monitor.config_file import load

if TYPE_CHECKING:
    from db.model import AlertRecord, Stored
    from monitor.cli import Invocation

_COLUMNS = ("id", "made", "watch", "channel", "kind", "state", "tries", "last answer", "title")


@click.group("alerts")
def command() -> None:
    """List alerts and what became of them; send one again."""


@command.command("list")
@click.option("--state", type=click.Choice([state.value for state in AlertState]))
@click.option("--watch", help="Only alerts of this watch.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all tries.")
@click.pass_obj
def list_alerts(
    invocation: Invocation, state: str | None, watch: str | None, limit: int, *, as_json: bool
) -> int:
    """List alerts, the latest on top, with the last answer of the other side."""
    config = load(invocation.config)
    found: tuple[Stored[AlertRecord], ...] = ()
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            wanted = AlertState(state) if state else None
            found = store.alerts(state=wanted, watch=watch, limit=limit)
    if as_json:
        for stored in found:
            show.line(_object(stored))
    elif found:
        show.results().print(show.table(_COLUMNS, (_row(stored) for stored in found)))
    else:
        click.echo(
            "No alerts. They are made when a new item meets a watch with channels.", err=True
        )
    return 0


@command.command("resend")
@click.argument("alert_id", metavar="ID", type=int)
@click.pass_obj
def resend(invocation: Invocation, alert_id: int) -> int:
    """Send the alert ID once more, under its old key, with the next round or by the daemon."""
    config = load(invocation.config)
    with Store.open(config.database) as store:
        if not store.resend(alert_id, datetime.now(UTC)):
            raise click.ClickException(
                f"alert {alert_id} is not there, or still waits for its next try by itself; "
                "dateline alerts list shows which"
            )
    click.echo(f"Alert {alert_id} goes out with the next dateline run, or now if serve is running.")
    return 0


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
        record.attempts[-1].answer if record.attempts else "-",
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
