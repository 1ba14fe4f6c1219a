"""Why an alert is not sent yet, by the config as it is now: for lists and for one alert."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from db.telling import AlertState, AttemptOutcome, Waiting
from monitor import show
from monitor.freeing import rethought
from monitor.grounds import why_held
from monitor.rates import BY_CHANNEL, BY_WATCH, QUIET, RESTED, Due, quiet_until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.store import Store
    from db.telling import AlertRecord
    from monitor.config import Config

_FLOOD = "the channel takes no more messages"
_WORDS = {
    BY_WATCH: "watch {watch} tells at set times (digest)",
    BY_CHANNEL: "channel {channel} tells at set times (digest)",
    RESTED: "watch {watch} rests after it has told something (cooldown)",
    QUIET: "channel {channel} has quiet hours (quiet)",
    _FLOOD: "channel {channel} takes no more messages for now (flood)",
}
SOON = "with the next dateline run, or now if serve is running"


def floods(store: Store, config: Config, now: datetime | None = None) -> dict[str, datetime]:
    """Return the channels that take no more messages for now, and until when."""
    now = now or datetime.now(UTC)
    found = {
        channel.name: store.flood_over(channel.name, now, channel.terms.flood)
        for channel in config.channels
        if channel.terms.flood
    }
    return {name: over for name, over in found.items() if over}


def why_waiting(
    record: AlertRecord,
    config: Config,
    full: Mapping[str, datetime],
    now: datetime | None = None,
) -> str:
    """Say until when an alert that is due waits and for what; empty for what was sent or given up.

    `full` is what `floods` says.
    What a try was answered is said in its own words, with when it is tried again.
    """
    if record.state is not AlertState.DUE:
        return ""
    now = now or datetime.now(UTC)
    alert = record.alert
    terms = {channel.name: channel.terms for channel in config.channels}
    if alert.channel not in terms:
        return f"the config has no channel {alert.channel}"
    held = _held(record, config, now) if record.sent_as is None else None
    if held and held.at > now:
        named = _WORDS[held.why].format(watch=alert.watch, channel=alert.channel)
        return f"not before {show.minute(held.at)} UTC: {named}"
    shut = [(over, QUIET)] if (over := quiet_until(terms[alert.channel], now)) else []
    if record.sent_as is None and alert.channel in full:
        shut.append((full[alert.channel], _FLOOD))
    if shut:
        until, why = max(shut)
        return f"not before {show.minute(until)} UTC: {_WORDS[why].format(channel=alert.channel)}"
    if record.attempts:
        return _after(record, now)
    freed = ": the quiet hours it waited for are no longer in the config" if held else ""
    return f"goes out {SOON}{freed}"


def _after(record: AlertRecord, now: datetime) -> str:
    """Say what comes after the last try of an alert that is due."""
    last = record.attempts[-1]
    if last.outcome is not AttemptOutcome.RETRY:
        return f"asked for again; goes out {SOON}"
    later = record.next_at is not None and record.next_at > now
    when = f"{show.minute(record.next_at)} UTC" if later else SOON
    return f"{last.answer}; will be tried again {when}"


def _held(record: AlertRecord, config: Config, now: datetime) -> Due | None:
    """Return what an alert waits for; due now if it waits for quiet hours that are gone."""
    alert = record.alert
    until, said = alert.due_at, alert.grounds[-1] if alert.grounds else ""
    if until is None or until <= now:
        return None
    waits = Due(until, gathered=alert.gathered, why=why_held(said, until))
    waiting = Waiting(
        watch=alert.watch, channel=alert.channel, made=alert.created_at, until=until, held=said
    )
    watches = {watch.name: watch for watch in config.watches}
    terms = {channel.name: channel.terms for channel in config.channels}
    return rethought(waiting, watches, terms, now) or (waits if waits.why else None)
