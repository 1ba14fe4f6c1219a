"""Which of two datelines stands, and when another one is the source's own edit. Pure.

A date gives way to better evidence only. What makes it better is asked in this order, and the
first difference decides:

| asked | better | worse | why |
|---|---|---|---|
| how exact | a moment | a day, then nothing | a day takes a clock away that was known |
| the zone | stated | assumed | a clock in an assumed zone may be hours off |
| the words | a date | told from now (`yesterday, 09:00`) | they drift with each reading |
| where it stood | earlier in `Basis` | later | a machine's field before a printed line |
| the clock | to the second | to the minute | it says the same and more |

The order is the same whatever was seen first, so what one source says ends with the same date in
any order, and two sources of an item do not take it from each other. It is asked whole, never of
one pair otherwise than of another: else three dates could beat each other in a ring.

Dates that stand equal in all of this, and differ, are what a source corrects: the later reading
stands, and is an edit. So is another day in the same place of the page itself, however coarsely
it is told; where the two are not known in one zone, only a day that no zone explains. A time told
from now corrects nothing. Of one moment stated twice, the clock that is not UTC's stands: it tells
which day its readers saw.

Nor does a list of another source take a page's date to another day, however well known its own is.
It is only kept from taking, the page never takes from it: else they would take turns. So it does
matter here which stood first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.model import Basis, Dateline, Precision
from db.zones import zone_of

if TYPE_CHECKING:
    from datetime import date, datetime

LISTED = frozenset((Basis.API, Basis.FEED, Basis.LISTING))
"""Where a date stood that a list said, so that no page can be asked for it."""

STOOD = "stood until a better one was known"
AGAIN = "was read at another visit, and is no better known than the one taken"
STRANGE = "a list of another source gave it, and it is not the day that the page tells"
OF_OTHER_VISITS = frozenset((STOOD, AGAIN, STRANGE))
"""Why a date was not taken that the page read last need not offer."""

# Where no page tells a day that a list of another source could contradict.
_UNTOLD = LISTED | {Basis.GUESS, Basis.UNKNOWN}
_WIDEST = timedelta(hours=26)  # One clock in UTC+14 and in UTC-12.
_BELIEF = {basis: -rank for rank, basis in enumerate(Basis)}
_EXACTNESS = {precision: -rank for rank, precision in enumerate(Precision)}
_KINDS = {Precision.NONE: 0, Precision.DAY: 1, Precision.MINUTE: 2, Precision.SECOND: 2}
_CLOCK = re.compile(r"\d{1,2}\s?[:.h時时点點시]\s?(?:[0-5]\d)?(?::[0-5]\d)?")
_LETTERS = re.compile(r"[^\W\d_]{3}")
# Three words, one of them a small number at most: `2 hours ago`. A date without a year has two.
_AGO = re.compile(r"(?:\d{1,2}|[^\W\d_]+)\s+(?!of\b)[^\W\d_]+\.?\s+[^\W\d_]+", re.IGNORECASE)


def belief(dateline: Dateline) -> tuple[int, ...]:
    """Return how far a date is believed; greater is better (see the table above).

    >>> stated = Dateline(precision=Precision.MINUTE, basis=Basis.LISTING, zone_stated=True)
    >>> assumed = Dateline(precision=Precision.SECOND, basis=Basis.STRUCTURED)
    >>> belief(stated) > belief(assumed)
    True
    """
    return (
        _KINDS[dateline.precision],
        dateline.zone_stated,
        not is_told_from_now(dateline),
        _BELIEF[dateline.basis],
        _EXACTNESS[dateline.precision],
    )


def better(standing: Dateline, reading: Dateline, *, again: bool, same_source: bool) -> Dateline:
    """Choose between what stands and what was read; a place once known is kept.

    `again` says that the reading may correct what stands: it is the page itself. What lists said,
    or what was read in another assumed zone, is corrected by the source it was first known from.
    """
    old, new = belief(standing), belief(reading)
    gain = new > old and (same_source or not _is_strange(standing, reading))
    if new < old:
        # In another assumed zone two sources would take it from each other.
        alike = standing.zone_stated != reading.zone_stated or _same_zone(standing, reading)
        gain = again and reading.basis not in LISTED and alike and is_edit(standing, reading)
    elif new == old:
        is_its_own = same_source or (reading.basis not in LISTED and _same_zone(standing, reading))
        if reading.when == standing.when:
            # The same moment, told in the clock that its readers saw.
            gain = standing.zone == "UTC" != reading.zone
        else:
            gain = again and is_its_own and not is_told_from_now(reading)
    chosen, other = (reading, standing) if gain else (standing, reading)
    return chosen if chosen.place else replace(chosen, place=other.place)


def is_edit(old: Dateline, new: Dateline) -> bool:
    """Tell whether a source says another time than before, in the same way.

    It is none where only our knowledge of a date changed: it stood elsewhere, it was told from
    now, or told less exactly. Nor where its zone was not stated, or assumed to be another one,
    unless the page itself says a day that no zone explains.
    """
    if old.when is None or new.when is None or old.basis is not new.basis:
        return False
    if is_told_from_now(old) or is_told_from_now(new):
        return False
    if not _same_zone(old, new):
        return old.basis not in LISTED and is_another_day(old, new)
    coarser = min(old.precision, new.precision, key=_EXACTNESS.__getitem__)
    return _at(old.when, coarser, old.zone) != _at(new.when, coarser, new.zone)


def is_another_day(one: Dateline, other: Dateline) -> bool:
    """Tell whether two dates are further apart than their zones can explain.

    That is more than 26 hours between two moments, and where one is a day, more than a day.

    >>> from datetime import UTC, datetime
    >>> sixth, ninth = (
    ...     Dateline(when=datetime(2026, 5, day, tzinfo=UTC), precision=Precision.DAY)
    ...     for day in (6, 9)
    ... )
    >>> is_another_day(sixth, ninth), is_another_day(sixth, Dateline())
    (True, False)
    """
    if one.when is None or other.when is None:
        return False
    if Precision.DAY in (one.precision, other.precision):
        return abs(_day(one.when, one.zone) - _day(other.when, other.zone)).days > 1
    return abs(one.when - other.when) > _WIDEST


def said(dateline: Dateline) -> tuple[object, ...]:
    """Return what a dateline says and how it is known, whatever characters it stands in."""
    return (
        dateline.when,
        dateline.precision,
        dateline.basis,
        dateline.zone,
        dateline.zone_stated,
    )


def is_told_from_now(dateline: Dateline) -> bool:
    """Tell a date that was read from words such as `yesterday, 09:00` or `2 hours ago`.

    No language is asked: beside a clock they have no number, or they are a count and two words.

    >>> is_told_from_now(Dateline(raw="yesterday, 09:00"))
    True
    >>> is_told_from_now(Dateline(raw="19 December, 09:00"))
    False
    """
    raw = (dateline.raw or "").strip()
    if not raw or dateline.zone_stated:
        return False
    rest = _CLOCK.sub(" ", raw)
    if rest != raw:
        return not any(map(str.isdecimal, rest)) and _LETTERS.search(rest) is not None
    return _AGO.fullmatch(raw) is not None


def _is_strange(standing: Dateline, reading: Dateline) -> bool:
    """Tell whether a list says another day than the page did whose date stands."""
    told = standing.basis not in _UNTOLD
    return told and reading.basis in LISTED and is_another_day(standing, reading)


def _same_zone(one: Dateline, other: Dateline) -> bool:
    """Tell whether as much is known of two zones: both are stated, or the same one assumed."""
    return one.zone_stated == other.zone_stated and (one.zone_stated or one.zone == other.zone)


def _at(when: datetime, precision: Precision, zone: str | None) -> object:
    """Return as much of a moment as this precision tells: the day in its own zone."""
    if precision is Precision.DAY:
        return _day(when, zone)
    if precision is Precision.MINUTE:
        return when.replace(second=0, microsecond=0)
    return when


def _day(when: datetime, zone: str | None) -> date:
    return when.astimezone(zone_of(zone)).date()
