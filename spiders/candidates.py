"""Every date a page offers, which of them may be the item's own, and which is chosen. Pure.

A page is full of dates: today's in its header, those of other stories, of photographs, of events
told in the text. Each candidate keeps where it stood. What belongs to the page and not the item is
rejected with the reason; the others are weighed by how they are known and by who agrees with them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.model import UNKNOWN_DATELINE, Basis, Candidate, Dateline, Precision
from spiders import dates, shown, stated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from spiders.blocks import Page

_WEIGHED = 50  # each date is held against each other
_SAME = timedelta(hours=30)
_MINUTE, _HALF_HOUR, _FURTHEST = timedelta(minutes=1), timedelta(minutes=30), timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The dateline chosen, and all candidates, the chosen one included, in the order of belief."""

    dateline: Dateline
    candidates: tuple[Candidate, ...]


def judge(candidates: tuple[Candidate, ...], seen: datetime, place: str | None = None) -> Verdict:
    """Choose among candidates; without one that may be believed the date is unknown.

    The best-known date wins, unless two others that are known in different ways agree on another
    day. Among those that agree the most precise is taken. None lies later than `seen` plus a day.
    """
    weighed = tuple(_weighed(candidate, seen) for candidate in candidates)
    left = [candidate.dateline for candidate in weighed if not candidate.rejected]
    chosen = _agreed(_distinct(left))
    if chosen is None:
        return Verdict(replace(UNKNOWN_DATELINE, place=place), weighed)
    return Verdict(replace(chosen, place=place or chosen.place), weighed)


def _weighed(candidate: Candidate, seen: datetime) -> Candidate:
    if not candidate.rejected and dates.believable(candidate.dateline, seen) is None:
        is_ahead = candidate.dateline.when is not None and candidate.dateline.when > seen
        why = "lies ahead of the moment it was seen" if is_ahead else "is the zero of clocks"
        return replace(candidate, rejected=why)
    return candidate


def _distinct(datelines: list[Dateline]) -> list[Dateline]:
    """Return the first of each that say the same in the same way, and of those not too many."""
    firsts: dict[object, Dateline] = {}
    for one in datelines:
        firsts.setdefault((one.when, one.precision, one.basis, one.zone, one.zone_stated), one)
    return list(firsts.values())[:_WEIGHED]


def _agreed(datelines: list[Dateline]) -> Dateline | None:
    if not datelines:
        return None
    groups = [[other for other in datelines if _is_same(other, one)] for one in datelines]
    first = groups[0]
    # One voice against two independent ones is outvoted; two voices are not.
    rivals = [g for g in groups[1:] if len(_bases(g)) > 1 and not _is_same(g[0], datelines[0])]
    group = first if len(_bases(first)) > 1 or not rivals else rivals[0]
    best = group[0]
    for other in group[1:]:
        # What is known in the same way and names another day is another date.
        if other.basis is best.basis and dates.local_day(other) != dates.local_day(best):
            continue
        if (
            _is_offset_wrong(best, other)
            or _tells_the_zone(other, best)
            or (best.precision is Precision.DAY and other.precision is not Precision.DAY)
        ):
            best = other
    return _in_its_zone(best, group)


def _in_its_zone(chosen: Dateline, group: list[Dateline]) -> Dateline:
    """Return a moment stated in UTC in the zone in which the page itself tells it, if it does.

    Another machine states the same moment with an offset, or its clock is printed. Which day a
    reader saw depends on it.
    """
    if chosen.zone != "UTC" or not chosen.zone_stated or chosen.precision is Precision.DAY:
        return chosen
    shifts = (_shift(chosen, one) for one in group if one.precision is not Precision.DAY)
    shift = next((shift for shift in shifts if shift), None)
    if shift is None:
        return chosen
    sign, minutes = ("-", -shift) if shift < 0 else ("+", shift)
    return replace(chosen, zone=f"{sign}{minutes // 60:02}:{minutes % 60:02}")


def _shift(chosen: Dateline, other: Dateline) -> int | None:
    """Return by how many minutes a clock is ahead of UTC that shows the same moment, else None."""
    offset = dates.zone_of(other).utcoffset(_when(other)) or timedelta()
    clock = (_when(other) + offset).replace(second=0, microsecond=0)
    shift = clock - _when(chosen).replace(second=0, microsecond=0)
    if other.zone_stated:
        return shift // _MINUTE if shift == offset else None
    return (
        shift // _MINUTE if shift % _HALF_HOUR == timedelta() and abs(shift) <= _FURTHEST else None
    )


def _bases(group: list[Dateline]) -> set[Basis]:
    return {dateline.basis for dateline in group}


def _is_same(one: Dateline, other: Dateline) -> bool:
    near = abs(_when(one) - _when(other)) <= _SAME
    if Precision.DAY in (one.precision, other.precision):
        return near and abs((dates.local_day(one) - dates.local_day(other)).days) <= 1
    return near


def _when(dateline: Dateline) -> datetime:
    assert dateline.when is not None  # noqa: S101 - asked of dated candidates only
    return dateline.when


def _is_offset_wrong(stated: Dateline, printed: Dateline) -> bool:
    """Tell a machine's time whose clock is the printed one under a wrong offset, as BelTA's."""
    if not stated.zone_stated or printed.zone_stated or printed.precision is Precision.DAY:
        return False
    if stated.zone != "UTC":
        return False
    clock = _when(printed).astimezone(dates.zone_of(printed)).strftime("%d%H:%M")
    return _when(stated).strftime("%d%H:%M") == clock != _when(printed).strftime("%d%H:%M")


def _tells_the_zone(stated: Dateline, printed: Dateline) -> bool:
    """Tell a machine's time that shows the printed clock, and in which zone it runs."""
    if not stated.zone_stated or stated.zone == "UTC" or printed.zone_stated:
        return False
    if Precision.DAY in (stated.precision, printed.precision):
        return False
    clocks = (_when(one).astimezone(dates.zone_of(one)) for one in (stated, printed))
    return len({clock.strftime("%F%H:%M") for clock in clocks}) == 1


def of_page(
    page: Page, zone: str, seen: datetime, title: str, outside: tuple[bool, ...]
) -> Iterator[Candidate]:
    """Yield the candidates of an article's page in the order of belief, the rejected ones too.

    `title` is the article's: dates printed near it may be its own. `outside` is what
    `marks.elsewhere` says of the page's blocks.
    """
    if page.media == "html":
        yield from stated.of_data(page, zone)
        yield from stated.of_metas(page, zone)
    offered = tuple(shown.of_blocks(page, zone, seen, title, outside))
    yield from (one for one in offered if one.rejected != shown.TITLED)
    if page.media == "html":
        yield from stated.of_weak_metas(page, zone)
    yield from stated.of_address(page, zone)
    # A title tells of a day; where nothing else is known, it is the best evidence.
    yield from (replace(one, rejected="") for one in offered if one.rejected == shown.TITLED)
