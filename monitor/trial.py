"""What a query would have told of: by week, at its busiest, and how often a week. Pure.

An item counts when it was published, as far as that is known, and else when it was first seen:
what the first round of a source brings was all first seen at once, yet it appeared day by day.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from db.model import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    its Monday (UTC), with its number of items. `undated` of the items have no date and count when
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
        weeks=_weeks(moments[first:end], span),
        undated=len(undated),
        burst=_burst([at for at, glimpse in inside if _is_exact(glimpse, at)]),
        earlier=first,
    )


def moment(glimpse: Glimpse) -> datetime:
    """Return when an item counts; of a day without a time, when it was seen if that was the day."""
    dated, seen = glimpse.dated, glimpse.first_seen
    if dated is None or dated > seen:
        return seen
    if glimpse.precision in _EXACT or seen - dated >= timedelta(days=1):
        return dated
    return seen


def _is_exact(glimpse: Glimpse, at: datetime) -> bool:
    """Tell whether the moment is more than a day."""
    return at == glimpse.first_seen or glimpse.precision in _EXACT


def _weeks(moments: Sequence[datetime], span: Span) -> tuple[tuple[date, int], ...]:
    monday, last = _monday(span.start), _monday(span.end - timedelta.resolution)
    weeks, counted = [], 0
    while monday <= last:
        following = monday + _WEEK
        end = bisect_left(moments, datetime.combine(following, time(), UTC), counted)
        weeks.append((monday, end - counted))
        monday, counted = following, end
    return tuple(weeks)


def _monday(at: datetime) -> date:
    day = at.astimezone(UTC).date()
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
