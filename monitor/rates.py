"""When does an alert fall due? Pure.

At once, at the next of some times of day, after a rest of its watch, or when the quiet hours of
its channel are over: always a moment in UTC. Times of day are those of the channel's zone. One
that a change of clocks leaves out is taken as if the clocks had not changed yet; one that comes
twice is taken the first time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.telling import Flood, Watch

BY_WATCH: Final = "the watch tells at set times"
BY_CHANNEL: Final = "the channel tells at set times"
RESTED: Final = "the watch rests after it has told something"
QUIET: Final = "until then the channel was to be quiet"
_AROUND = (-1, 0, 1, 2)
"""Days that a moment's neighbours in time may belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When a channel wants to be told, by the clock of its zone.

    `digest` is the times of day at which it wants all together, for watches that name none.
    Within `quiet` (from, until) it wants nothing. `flood` limits how much it wants at once.
    """

    zone: str = "UTC"
    digest: tuple[time, ...] = ()
    quiet: tuple[time, time] | None = None
    flood: Flood | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When an alert falls due; `gathered`: in one letter with all others that are.

    `why` says in words why not at once, empty if it is at once.
    """

    at: datetime
    gathered: bool
    why: str = field(default="", compare=False)


def due(watch: Watch, terms: Terms, now: datetime, *, last: datetime | None = None) -> Due:
    """Return when an alert that is made now falls due.

    `last` is when the latest alert of the same watch and channel fell due, or will.

    >>> from db.telling import Watch
    >>> watch = Watch(name="w", query="q", channels=(), cooldown=timedelta(hours=2))
    >>> now = datetime(2025, 12, 20, 9, tzinfo=UTC)
    >>> due(watch, Terms(), now) == Due(now, False)
    True
    >>> due(watch, Terms(), now, last=now - timedelta(hours=1)).at.hour
    10
    """
    found = Due(now, gathered=False)
    if times := watch.digest or terms.digest:
        why = BY_WATCH if watch.digest else BY_CHANNEL
        found = Due(_next(times, terms.zone, now), gathered=True, why=why)
    elif watch.cooldown is not None and last is not None:
        found = _rested(watch.cooldown, terms, now, last)
    over = quiet_until(terms, found.at)
    return found if over is None else Due(over, gathered=True, why=QUIET)


def freed(watch: Watch, terms: Terms, waits: Due, *, made: datetime, now: datetime) -> Due | None:
    """Return when an alert falls due by its channel's present quiet hours, None if not sooner.

    `waits` is until when it is held and why; it was `made` before `now`. A rest of its watch is
    kept: when it ends at the latest. It never falls due later than it would have.
    """
    if waits.why != QUIET:
        return None
    has_times = watch.digest or terms.digest
    rest = timedelta() if has_times else watch.cooldown or timedelta()
    found = due(watch, terms, made + rest)
    if found.at <= now:
        found = Due(quiet_until(terms, now) or now, gathered=True, why=QUIET)
    elif not found.why:
        found = Due(found.at, gathered=True, why=RESTED)
    return found if found.at < waits.at else None


def quiet_until(terms: Terms, now: datetime) -> datetime | None:
    """Return when the quiet hours that a moment lies in are over; None if it lies in none."""
    if terms.quiet is None:
        return None
    start, end = terms.quiet
    for day in _AROUND[:3]:
        begins = _moment(start, terms.zone, now, day)
        ends = _moment(end, terms.zone, now, day + (end <= start))
        if begins <= now < ends:
            return ends
    return None


def quiet_hours(terms: Terms) -> str:
    """Say a channel's quiet hours as the config does, with their zone; empty if it has none.

    >>> quiet_hours(Terms(zone="Europe/Moscow", quiet=(time(22), time(7))))
    '22:00..07:00 Europe/Moscow'
    >>> quiet_hours(Terms())
    ''
    """
    if terms.quiet is None:
        return ""
    start, end = terms.quiet
    return f"{start:%H:%M}..{end:%H:%M} {terms.zone}"


def _rested(cooldown: timedelta, terms: Terms, now: datetime, last: datetime) -> Due:
    """Return when a watch may tell again; what waits for that moment already is joined.

    That moment lies beyond the rest if the rest ends in quiet hours.
    """
    rested = now + cooldown
    if now < last <= (quiet_until(terms, rested) or rested):
        return Due(last, gathered=True, why=RESTED)
    if last <= now < last + cooldown:
        return Due(last + cooldown, gathered=True, why=RESTED)
    return Due(now, gathered=False)  # rested, or `last` is of a clock that ran ahead


def _next(times: tuple[time, ...], zone: str, now: datetime) -> datetime:
    return min(moment for moment in _moments(times, zone, now) if moment > now)


def _moments(times: tuple[time, ...], zone: str, now: datetime) -> Iterator[datetime]:
    for day in _AROUND:
        for clock in times:
            yield _moment(clock, zone, now, day)


def _moment(clock: time, zone: str, now: datetime, day: int) -> datetime:
    """Return when the clock shows a time, so many days after the zone's today."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date() + timedelta(days=day)
    return datetime.combine(today, clock, place).astimezone(UTC)
