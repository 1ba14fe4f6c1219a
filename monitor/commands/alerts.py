"""`dateline alerts`: what was told, to whom, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from db.store import Store
from db.telling import AlertState
from monitor import show
from monitor.commands.alert_show import STATES, alert_object, find, show_alert
from monitor.commands.closed import closed_channels
from monitor.commands.configs import for_reading
from monitor.commands.queries import first_of
from monitor.commands.waits import SOON, floods, why_waiting
from monitor.config_values import nearest
from monitor.grounds import ASKED_FOR
from monitor.rates import quiet_until

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from db.model import Stored
    from db.telling import AlertRecord
    from monitor.cli import Invocation
    from monitor.config import Config

_COLUMNS = (
    show.Column("id"),
    show.Column("made (UTC)", rank=1),
    show.Column("watch"),
    show.Column("channel", rank=2),
    show.Column("kind", rank=4),
    show.Column("state"),
    show.Column("tries", rank=3),
    show.Column("title", elastic=True),
)
_LIMIT = click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most."
)
_CHANNEL = click.option("--channel", metavar="NAME", help="Only alerts for this channel.")
_WATCH = click.option("--watch", metavar="NAME", help="Only alerts of this watch.")


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
@_WATCH
@_CHANNEL
@_LIMIT
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all tries.")
@click.pass_obj
def list_alerts(  # noqa: PLR0913 - its options
    invocation: Invocation,
    state: str | None,
    watch: str | None,
    channel: str | None,
    limit: int,
    *,
    as_json: bool,
) -> int:
    """List alerts, the latest on top.

    Below the list stands why alerts are not sent yet; --json tells every try and answer.
    """
    config = for_reading(invocation)
    wanted = AlertState(state) if state else None
    found, full = _found(config, wanted, watch, channel, limit)
    _print(found, config, full, as_json=as_json)
    if not found:
        click.echo(_nothing(config, state, watch, channel), err=True)
    elif not as_json:
        _explain(found, config, full)
        now = datetime.now(UTC)
        if any(_is_early(stored.value, full, now) for stored in found):
            click.echo("dateline alerts resend ID sends one before its time.")
        for line in closed_channels(config):
            click.echo(line)
    return 0


@command.command("dead")
@_WATCH
@_CHANNEL
@_LIMIT
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all tries.")
@click.pass_obj
def dead(
    invocation: Invocation, watch: str | None, channel: str | None, limit: int, *, as_json: bool
) -> int:
    """List alerts that were given up, why, and what to do."""
    config = for_reading(invocation)
    found, full = _found(config, AlertState.DEAD, watch, channel, limit)
    _print(found, config, full, as_json=as_json)
    if not found:
        click.echo(_nothing(config, "dead", watch, channel), err=True)
    elif not as_json:
        _explain(found, config, full)
        names = sorted({stored.value.alert.channel for stored in found})
        for name in names:
            click.echo(
                f"{name}: once `dateline channels test {name}` is taken, "
                f"`dateline alerts resend --dead --channel {name}` sends them again."
            )
    return 0


@command.command("resend")
@click.argument("named", metavar="[ID]", required=False)
@click.option("--dead", "all_dead", is_flag=True, help="All that were given up, instead of one.")
@click.option("--channel", metavar="NAME", help="With --dead: only those for this channel.")
@click.pass_obj
def resend(
    invocation: Invocation, named: str | None, channel: str | None, *, all_dead: bool
) -> int:
    """Send an alert now: once more, or one that waits before its time.

    ID is its number in dateline alerts list, or the key that its message names (alert_…).
    It goes out with the next round, or at once if the daemon runs. What was told in one message
    is told in one message again, with the same Message-ID or webhook-id. What waits for a digest,
    a rest, a flood or its next try waits no more; only a channel's quiet hours are kept.
    """
    config = for_reading(invocation)
    if all_dead is (named is not None):
        raise click.UsageError("say which: an alert's ID, or --dead for all that were given up")
    if channel is not None:
        _known("channel", channel, [known.name for known in config.channels])
    now = datetime.now(UTC)
    with Store.open(config.database) as store:
        if named is None:
            again = store.resend_dead(now, channel)
            if not again:
                click.echo("Nothing was given up.")
                return 0
            many = f"{again} messages that were given up go"
            what = "One message that was given up goes" if again == 1 else many
            names = {channel} if channel else {known.name for known in config.channels}
        else:
            alert_id, record = find(store, named)
            if not store.resend(alert_id, now):
                store.release(alert_id, now, ASKED_FOR)
            what = f"Alert {alert_id} goes"
            names = {record.alert.channel}
    _promise(what, config, names, now)
    return 0


def _promise(what: str, config: Config, channels: Collection[str], now: datetime) -> None:
    """Say when what was asked for goes out, by the channels as they are."""
    named = [channel for channel in config.channels if channel.name in channels]
    over = [until for channel in named if (until := quiet_until(channel.terms, now))]
    if over and len(over) == len(channels):
        ends = f"{show.minute(min(over))} UTC"
        click.echo(f"{what} out when the channel's quiet hours are over, at {ends}.")
    else:
        click.echo(f"{what} out {SOON}.")
    for name in sorted(set(channels) - {channel.name for channel in named}):
        click.echo(f"The config has no channel {name}; until it has, nothing goes out there.")
    for line in closed_channels(config, channels):
        click.echo(line)


def _found(
    config: Config, state: AlertState | None, watch: str | None, channel: str | None, limit: int
) -> tuple[Sequence[Stored[AlertRecord]], Mapping[str, datetime]]:
    """Return the alerts, and until when which channels take no more."""
    if not config.database.exists():
        return (), {}
    with Store.open_readonly(config.database) as store:
        found = store.alerts(state=state, watch=watch, channel=channel, limit=limit + 1)
        return first_of(found, limit), floods(store, config)


def _print(
    found: Sequence[Stored[AlertRecord]],
    config: Config,
    full: Mapping[str, datetime],
    *,
    as_json: bool,
) -> None:
    if as_json:
        for stored in found:
            why = why_waiting(stored.value, config, full)
            show.line(alert_object(stored.id, stored.value, why))
    elif found:
        show.table(show.results(), _COLUMNS, map(_row, found))


def _known(what: str, name: str, names: list[str]) -> None:
    """Raise BadParameter for a name that nobody knows."""
    if name not in names:
        raise click.BadParameter(f'there is no {what} "{name}"; {nearest(name, names)}')


def _nothing(config: Config, state: str | None, watch: str | None, channel: str | None) -> str:
    """Say why nothing was found. Raises BadParameter for a name that nobody knows."""
    if watch is not None:
        _known("watch", watch, [known.name for known in config.watches])
    if channel is not None:
        _known("channel", channel, [known.name for known in config.channels])
    of = f" of {watch}" if watch else ""
    to = f" for {channel}" if channel else ""
    if state:
        return f"No alert{of}{to} is {STATES[AlertState(state)]}."
    return f"No alerts{of}{to} yet. They are made when a new item meets a watch with channels."


def _is_early(record: AlertRecord, full: Mapping[str, datetime], now: datetime) -> bool:
    """Tell whether an alert waits for a moment to come."""
    if record.state is not AlertState.DUE:
        return False
    waits = record.next_at is not None and record.next_at > now
    return waits or (record.sent_as is None and record.alert.channel in full)


def _explain(
    found: Iterable[Stored[AlertRecord]], config: Config, full: Mapping[str, datetime]
) -> None:
    """Say why alerts are not sent, those that share a reason in one line."""
    reasons: dict[str, list[int]] = {}
    for stored in found:
        record = stored.value
        why = why_waiting(record, config, full)
        if record.state is AlertState.DEAD and record.attempts:
            why = record.attempts[-1].answer
        if why:
            reasons.setdefault(why, []).append(stored.id)
    for why, ids in reasons.items():
        click.echo(f"{', '.join(map(str, ids))}: {show.printable(why)}")


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
