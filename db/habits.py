"""When a source brings items: how many to expect, and how long its silence may last. Pure.

A habit is counted by the hour of the week, in UTC, each hour evened out with its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

HOUR = timedelta(hours=1)
_SLOTS = 7 * 24
_ENOUGH_DAYS = timedelta(days=14)
_ENOUGH_ITEMS = 20
# A silence is worth a word if at least so many items were to be expected in it, and if it is by
# so much longer, counted in expected items, than any silence before.
_MISSED = 6.0
_LONGER = 2.0
# No hour is believed to be dead: a tenth of the average rate is expected in each.
_FLOOR = 0.1


@dataclass(frozen=True, slots=True)
class Habit:
    """How many items an hour brings, for each hour of the week from Monday 00:00 UTC."""

    rates: tuple[float, ...]

    def expected(self, start: datetime, end: datetime) -> float:
        """Return how many items the time between two moments should bring."""
        return sum(rate * share for rate, share, _ in self._steps(start, end))

    def until(self, start: datetime, items: float, limit: datetime) -> datetime:
        """Return when so many items are to be expected since `start`, `limit` at the latest."""
        left = items
        for rate, share, hour_start in self._steps(start, limit):
            brought = rate * share
            if brought >= left and rate > 0:
                return min(limit, hour_start + HOUR * (left / rate))
            left -= brought
        return limit

    def _steps(self, start: datetime, end: datetime) -> Iterator[tuple[float, float, datetime]]:
        """Give the rate of each hour, the share of it that counts, and where that share begins."""
        at = start
        while at < end:
            whole = at.replace(minute=0, second=0, microsecond=0)
            until = min(end, whole + HOUR)
            yield self.rates[_slot(at)], (until - at) / HOUR, at
            at = until


def habit(hours: Sequence[tuple[datetime, int]]) -> Habit | None:
    """Learn from the items that came in each hour; None if that is too little to learn from.

    `hours` are begun hours in UTC, oldest first. Two weeks and 20 items are enough. What came
    after the last hour, a silence, says nothing of the habit.
    """
    total = sum(count for _, count in hours)
    if total < _ENOUGH_ITEMS or hours[-1][0] - hours[0][0] < _ENOUGH_DAYS:
        return None
    counts = [0.0] * _SLOTS
    for hour, count in hours:
        counts[_slot(hour)] += count
    weeks = (hours[-1][0] + HOUR - hours[0][0]) / timedelta(weeks=1)
    floor = _FLOOR * total / weeks / _SLOTS
    evened = (
        (counts[slot - 1] + 2 * counts[slot] + counts[(slot + 1) % _SLOTS]) / 4 / weeks
        for slot in range(_SLOTS)
    )
    return Habit(tuple(max(floor, rate) for rate in evened))


def missed(known: Habit, hours: Sequence[tuple[datetime, int]], now: datetime) -> float:
    """Return how many items should have come since the last one."""
    return known.expected(hours[-1][0] + HOUR, now)


def is_quiet(hours: Sequence[tuple[datetime, int]], now: datetime) -> bool:
    """Tell whether nothing came for longer than the source's habit explains.

    The silence is measured in items that should have come, so that a night or a Sunday weighs
    little. It is held against the longest silence before it.
    """
    known = habit(hours)
    if known is None:
        return False
    silences = (known.expected(before + HOUR, after) for (before, _), (after, _) in pairwise(hours))
    return missed(known, hours, now) >= max(_MISSED, _LONGER * max(silences))


def _slot(moment: datetime) -> int:
    return moment.weekday() * 24 + moment.hour
