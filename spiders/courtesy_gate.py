"""One gate per process, keyed by host: how often, how many at once, and not before when.

Scrapy's own slots are per crawler, so two sources on one host would not see each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

from spiders.courtesy import Refused
from spiders.judge import later

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

_LONGEST_HOLD = timedelta(hours=24)
_TOLD_NOTHING = timedelta(minutes=10)


@dataclass(slots=True)
class _Lane:
    """One host: its free places, the earliest start of the next request, its delay."""

    places: asyncio.Semaphore
    delay: float
    free_at: float = 0.0
    door: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class Gate:
    """Lets requests through host by host.

    `delay` is the seconds between the starts of two requests to one host; `clock` gives aware
    UTC for the holds, `tick` the seconds of a clock that never jumps for the spacing, and `wait`
    lets so many of those seconds pass.
    """

    delay: float
    clock: Callable[[], datetime]
    places: int = 2
    tick: Callable[[], float] = monotonic
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    _lanes: dict[str, _Lane] = field(default_factory=dict)
    _holds: dict[str, datetime] = field(default_factory=dict)

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and keep a place while the body runs.

        Raises Refused if the host asked not to be visited now, be it while waiting.
        """
        self._refuse_held(host)
        lane = self._lane(host)
        async with lane.places:
            async with lane.door:
                # A timer may end early by its clock's grain, and Crawl-delay may grow meanwhile.
                while (left := lane.free_at - self.tick()) > 0:
                    await self.wait(left)
                self._refuse_held(host)
                # From when it leaves, not from when it should have: a busy machine wakes late.
                lane.free_at = self.tick() + lane.delay
            yield

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to the host (its Crawl-delay)."""
        lane = self._lane(host)
        if delay > lane.delay:
            lane.free_at += delay - lane.delay
            lane.delay = delay

    def hold(self, host: str, until: datetime) -> None:
        """Let nothing through to the host before `until`; a later hold wins."""
        self._holds[host] = max(until, self._holds.get(host, until))

    def hold_all(self, holds: Mapping[str, datetime]) -> None:
        """Take over the holds an earlier round learned."""
        for host, until in holds.items():
            self.hold(host, until)

    def held(self, host: str) -> datetime | None:
        """Return until when the host is to be left alone, None if it may be visited."""
        until = self._holds.get(host)
        return until if until and until > self.clock() else None

    def _refuse_held(self, host: str) -> None:
        until = self.held(host)
        if until:
            raise Refused(later(until))

    def _lane(self, host: str) -> _Lane:
        if host not in self._lanes:
            self._lanes[host] = _Lane(asyncio.Semaphore(self.places), self.delay)
        return self._lanes[host]


def retry_after(value: str | None, now: datetime) -> datetime:
    """Read a Retry-After header (RFC 9110 §10.2.3) as a moment, at most a day away.

    What cannot be read, or lies in the past, means ten minutes: the host did ask for a pause.

    >>> retry_after("120", datetime(2026, 1, 2, tzinfo=UTC))
    datetime.datetime(2026, 1, 2, 0, 2, tzinfo=datetime.timezone.utc)
    """
    until = _moment((value or "").strip(), now)
    if until is None or until <= now:
        until = now + _TOLD_NOTHING
    return min(until, now + _LONGEST_HOLD)


def _moment(value: str, now: datetime) -> datetime | None:
    if re.fullmatch(r"[0-9]+", value):
        # More digits than any time has: capped before Python's clock overflows.
        return now + timedelta(seconds=min(int(value[:12]), _LONGEST_HOLD.total_seconds()))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    # A date in "-0000" comes back naive; HTTP dates are always UTC.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
