"""How far to read a list, and when to come back. Pure.

Both follow what the source does: pages are read until they meet the past, and the time between
two visits grows where nothing is to be expected and shrinks where a list turns over quickly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from db.habits import habit, missed
from db.visiting import State
from spiders.judge import next_visit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from db.visiting import Past, Report, Source

_MANY = 5  # cards from which on "all new" means something
_PINS = 10  # one card in ten may be pinned or promoted
# A visit is due once so many items are to be expected: one in twenty visits brings something.
_EXPECTED = 0.05
# A quarter of a list may be new at most; the rest is room for a sudden burst.
_OVERLAP = 0.25
_GROWTH = 1.5  # one visit's wait is longer than that of the one before by this at most
_UNTRIED = 10  # visits before a source's own rhythm counts

# These say that the host could not or would not serve us; all others that we were served.
STRAINED = frozenset(
    {
        State.BLOCKED,
        State.FORBIDDEN_BY_ROBOTS,
        State.BLOCKED_ADDRESS,
        State.UNREACHABLE,
        State.ERRORING,
        State.UNDECODABLE,
        State.TOO_LARGE,
        State.TRUNCATED,
        State.KILLED,
    }
)


def meets_past(news: Sequence[bool]) -> bool:
    """Tell whether a list page shows where the known begins, so that no older page is needed.

    `news` tells of each card in order whether it is new; cards that earlier pages showed too are
    left out. It does if known cards make up the half at its end: a few may be pinned, stand beside
    the list, or have been moved up.

    >>> meets_past([True, True, False, False]), meets_past([False, True, True, True])
    (True, False)
    """
    if not any(news):
        return True
    known = len(list(takewhile(lambda new: not new, reversed(news))))
    return 2 * known >= len(news)


def is_all_new(news: Sequence[bool]) -> bool:
    """Tell whether a page holds nothing that is known, but for what may be pinned.

    >>> is_all_new([False] + 19 * [True]), is_all_new([True, True])
    (True, False)
    """
    return news.count(True) >= _MANY and news.count(False) * _PINS <= len(news)


def is_reordered(places: Sequence[int]) -> bool:
    """Tell whether cards stand in another order than before, given their places of before.

    What is new or stood deeper than anybody read has none.

    >>> is_reordered([1, 2, 4, 7]), is_reordered([1, 2, 4, 3])
    (False, True)
    """
    return any(above > below for above, below in pairwise(places))


def was_interrupted(past: Past) -> bool:
    """Tell whether the last visit broke off between lists, so that pages may be unread."""
    return bool(past.reports) and past.reports[0].listed > 0 and past.reports[0].state in STRAINED


def is_failing(past: Past) -> bool:
    """Tell whether the last visit got nothing: the next one then asks for as little as it can."""
    if not past.reports:
        return False
    last = past.reports[0]
    return last.state in (State.UNREACHABLE, State.BLOCKED) and not last.list_read


@dataclass(frozen=True, slots=True)
class Plan:
    """When a source is due next, and why then."""

    at: datetime
    why: str


def plan(report: Report, source: Source, past: Past, *, hold: datetime | None = None) -> Plan:
    """Return when to come back after a visit; `past` is as it was before the visit.

    Never sooner than `every` after the start of this visit, and never before `hold`. A host that
    fails is asked less and less often, once a day in the end. Where a list is served and something
    else fails, pages or another list, news must not wait for it.
    """
    strikes = sum(1 for _ in takewhile(_is_refused, (report, *past.reports)))
    if strikes:
        wait, why = source.every, f"failed {strikes} times in a row, asked less and less often"
        if strikes == 1:
            why = "failed once, tried again at the shortest interval"
    elif report.state in STRAINED:
        wait, why = source.every, "a list is served and something else fails"
    else:
        wait, why = pace(report, source, past)
    at = next_visit(report, every=wait, strikes=strikes, hold=hold)
    return Plan(at, "the host asked for a pause until then" if hold and at == hold else why)


def _is_refused(report: Report) -> bool:
    served = report.list_read and report.state is not State.BLOCKED
    return report.state in STRAINED and not served


def pace(report: Report, source: Source, past: Past) -> tuple[timedelta, str]:
    """Return how long to leave a source alone after a visit that was served, and why."""
    every, slowest = source.every, max(source.every, source.slowest)
    if not source.adaptive:
        return every, "the interval is fixed"
    if report.gap:
        return every, "the list was all new, so it is read again as soon as allowed"
    if not report.list_read or past.baseline_at is None or len(past.reports) < _UNTRIED:
        return every, "its rhythm is not known yet"
    before = report.started - past.reports[0].started
    turnover = max((seen.new / seen.cards for seen in report.lists if seen.cards), default=0.0)
    if turnover > _OVERLAP:
        wait = min(max(every, before * (_OVERLAP / turnover)), slowest)
        return wait, f"{turnover:.0%} of a list was new, so it is read sooner"
    if turnover:
        return every, "something was new"
    wait, why = _until_expected(report, past, slowest)
    grown = max(every, before * _GROWTH)
    if wait > grown:
        wait, why = grown, "nothing new, so it is left alone a little longer each time"
    return max(every, wait), why


def _until_expected(report: Report, past: Past, slowest: timedelta) -> tuple[timedelta, str]:
    known = habit(past.hours)
    if known is None:
        return slowest, "nothing new lately"
    # The longer it is silent beyond its habit, the less the habit is believed.
    items = _EXPECTED * (1 + missed(known, past.hours, report.started))
    due = known.until(report.started, items, report.started + slowest)
    return due - report.started, "its own rhythm by weekday and hour brings something about then"
