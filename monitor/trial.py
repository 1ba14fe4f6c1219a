"""What a query would have told of: by week, at its busiest, and how often a week. Pure.

An item counts when it was published, as far as that is known, and else when it was first seen:
what the first round of a source brings was all first seen at once, yet it appeared day by day.
The day it was published is the one its source wrote, in its own zone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from db.facts import own_day
from db.model import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from db.model import Glimpse

MANY: Final = 70
"""More items a week than this, ten a day, are no alerts any more but a stream: better a feed."""

PAUSE: Final = timedelta(hours=1)
"""Items of a burst are no farther apart than this."""

_MANY_WEEKS: Final = 10  # from here on no tenth of a week is told
_WEEK: Final = timedelta(days=7)
_EXACT: Final = (Precision.SECOND, Precision.MINUTE)


class Burst(NamedTuple):
    """Items that came one soon after the other."""

    items: int
    first: datetime
    last: datetime


class Span(NamedTuple):
    """A stretch of the past, `end` exclusive."""

    start: datetime
    end: datetime

    @property
    def weeks(self) -> float:
        """How many weeks it has, one at least: of a day nobody knows what a week brings."""
        return max((self.end - self.start) / _WEEK, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a query would have told of in a span.

    `items` are ids, the latest last, and before all others those without a date. `earlier` is
    how many more of those given count before the span. `weeks` gives each week of the span, by
    its Monday, with its number of items: of their own days, and by UTC where they count when they
    were first seen. `undated` of the items have no date and count when
    they were first seen, which of imported ones is the import. `burst` is the one with most
    items, the latest of such; None if no two items came together.
    """

    span: Span
    items: tuple[int, ...]
    weeks: tuple[tuple[date, int], ...]
    undated: int
    burst: Burst | None
    earlier: int = 0

    @property
    def weekly(self) -> float:
        """Items a week, on average."""
        return len(self.items) / self.span.weeks

    @property
    def often(self) -> str:
        """Say how many items a week that is; of less than one, in how many weeks one comes."""
        if not self.items:
            return "none a week"
        if self.weekly >= 1:
            return f"{self.weekly:,.1f} a week"
        weeks = 1 / self.weekly
        return f"one in {weeks:.2g} weeks" if weeks < _MANY_WEEKS else f"one in {weeks:,.0f} weeks"

    @property
    def is_many(self) -> bool:
        """Whether so many are too many for alerts."""
        return self.weekly > MANY


def trial(glimpses: Iterable[Glimpse], span: Span) -> Trial:
    """Count the items of a span; no two have the same id."""
    dated = sorted((moment(glimpse), glimpse) for glimpse in glimpses)
    moments = [at for at, _ in dated]
    first, end = bisect_left(moments, span.start), bisect_left(moments, span.end)
    inside = dated[first:end]
    # What bears no date is not later than what does.
    undated = [glimpse.id for _, glimpse in inside if glimpse.dated is None]
    return Trial(
        span=span,
        items=(*undated, *(glimpse.id for _, glimpse in inside if glimpse.dated is not None)),
        weeks=_weeks(Counter(_own_day(glimpse, at) for at, glimpse in inside), span),
        undated=len(undated),
        burst=_burst([at for at, glimpse in inside if _is_exact(glimpse, at)]),
        earlier=first,
    )


def moment(glimpse: Glimpse) -> datetime:
    """Return when an item counts; of a day without a time, when it was seen if that was the day.

    Any other day without a time begins at midnight UTC, be it of which zone it may: so it is the
    same day for whoever reads the moment.
    """
    dated, seen = glimpse.dated, glimpse.first_seen
    if dated is None or dated > seen:
        return seen
    if glimpse.precision in _EXACT:
        return dated
    if seen - dated >= timedelta(days=1):
        return _midnight(dated, glimpse.zone)
    return seen


@lru_cache(maxsize=1024)
def _midnight(dated: datetime, zone: str | None) -> datetime:
    """Return when the day begins in UTC; of many items in one zone most days have several."""
    return datetime.combine(own_day(dated, zone), time(), UTC)


def _is_exact(glimpse: Glimpse, at: datetime) -> bool:
    """Tell whether the moment is more than a day."""
    return at == glimpse.first_seen or glimpse.precision in _EXACT


def _own_day(glimpse: Glimpse, at: datetime) -> date:
    """Return the day an item counts on: its source's, of one that counts when it was published."""
    return own_day(at, glimpse.zone) if at == glimpse.dated else at.date()


def _weeks(days: Mapping[date, int], span: Span) -> tuple[tuple[date, int], ...]:
    """Count by week; a day of a far zone may lie in the week before the span, or after it."""
    counted: Counter[date] = Counter()
    for day, items in days.items():
        counted[_monday(day)] += items
    ends = (span.start.date(), (span.end - timedelta.resolution).date())
    monday, last = (limit(*map(_monday, ends), *counted) for limit in (min, max))
    weeks = []
    while monday <= last:
        weeks.append((monday, counted[monday]))
        monday += _WEEK
    return tuple(weeks)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _burst(moments: Sequence[datetime]) -> Burst | None:
    best: Burst | None = None
    start = 0
    for place, at in enumerate(moments):
        if place and at - moments[place - 1] > PAUSE:
            start = place
        items = place - start + 1
        if items > 1 and (best is None or items >= best.items):
            best = Burst(items, moments[start], at)
    return best
