"""One gate per process, keyed by host: how often, how many at once, and not before when.

Scrapy's own slots are per crawler, so two sources on one host would not see each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from spiders.courtesy import Refused
from spiders.desk import Forgetful
from spiders.judge import later

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from spiders.desk import Memory

_PATIENCE = 60.0  # seconds that a request may wait for another; who asks for more is left alone
_LONGEST_DELAY = timedelta(days=7)  # a Crawl-delay that says more is a slip


@dataclass(slots=True)
class _Lane:
    """One host: its free places, the earliest start of the next request, its delay."""

    places: asyncio.Semaphore
    delay: float
    free_at: float = -math.inf
    door: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class Gate:
    """Lets requests through host by host.

    `delay` is the seconds between the starts of two requests to one host; `clock` gives aware
    UTC for the holds, `tick` the seconds of a clock that never jumps for the spacing, and `wait`
    lets so many of those seconds pass. Holds are kept in `memory`, whoever learned of them, and
    those of earlier rounds are found there. At `ends_at` whoever still waits is given up.
    """

    delay: float
    clock: Callable[[], datetime]
    memory: Memory = field(default_factory=Forgetful)
    places: int = 2
    tick: Callable[[], float] = monotonic
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    ends_at: datetime | None = None
    _lanes: dict[str, _Lane] = field(default_factory=dict)
    _holds: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._holds.update(self.memory.host_holds(self.clock()))

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and keep a place while the body runs.

        Raises Refused if the host asked not to be visited now, be it while waiting, or by a
        Crawl-delay so long that waiting for it would keep the round.
        """
        self._refuse_held(host)
        lane = self._lane(host)
        async with lane.places:
            async with lane.door:
                # A timer may end early by its clock's grain, and Crawl-delay may grow meanwhile.
                while (left := lane.free_at - self.tick()) > 0:
                    self._refuse_held(host)
                    if self.ends_at and self.clock() + timedelta(seconds=left) > self.ends_at:
                        self._leave_alone(host, left)
                        self._refuse_held(host)
                    await self.wait(left)
                self._refuse_held(host)
                # From when it leaves, not from when it should have: a busy machine wakes late.
                lane.free_at = self.tick() + lane.delay
                if lane.delay > self._patience:
                    self._leave_alone(host, lane.delay)
            yield

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to the host (its Crawl-delay).

        More than a minute is kept from visit to visit: one request is let through, not counting
        that for robots.txt, and then the host is left alone for so long.
        """
        lane = self._lane(host)
        if delay > lane.delay:
            if delay <= self._patience:
                lane.free_at += delay - lane.delay
            lane.delay = delay

    def hold(self, host: str, until: datetime) -> None:
        """Let nothing through to the host before `until`, in later rounds too. The latest wins."""
        if host not in self._holds or until > self._holds[host]:
            self._holds[host] = until
            self.memory.hold_host(host, until, self.clock())

    def held(self, host: str) -> datetime | None:
        """Return until when the host is to be left alone, None if it may be visited."""
        until = self._holds.get(host)
        return until if until and until > self.clock() else None

    @property
    def _patience(self) -> float:
        return max(_PATIENCE, self.delay)  # what the user wants is waited for

    def _leave_alone(self, host: str, seconds: float) -> None:
        wish = timedelta(seconds=min(seconds, _LONGEST_DELAY.total_seconds()))
        self.hold(host, self.clock() + wish)

    def _refuse_held(self, host: str) -> None:
        until = self.held(host)
        if until:
            raise Refused(later(until))

    def _lane(self, host: str) -> _Lane:
        if host not in self._lanes:
            self._lanes[host] = _Lane(asyncio.Semaphore(self.places), self.delay)
        return self._lanes[host]
