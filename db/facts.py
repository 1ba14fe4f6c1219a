"""Conditions on the facts of an article: days, precision, language, kind of change. Pure.

A day of publication is the source's own: what a Moscow site dates 20 December is found by
`published:2025-12-20` although that day begins on the 19th in UTC, and whoever reads it where.
First sight is ours, and its days are UTC. What is unknown meets no comparison.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from db.errors import QueryError
from db.languages import code, names_language
from db.model import ChangeKind, Precision
from db.tree import Days, Fact
from db.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Article

UNKNOWN: Final = "unknown"

WIDEST: Final = timedelta(hours=16)
"""No zone is farther from UTC (LMT of Manila until 1844: 15:56)."""

_YEARS: Final = range(1900, 2200)
_DAYS: Final = re.compile(r"(>=|<=|>|<|=|)(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", re.ASCII)
_DAY: Final = r"\d{4}(?:-\d\d?){0,2}"
_SPAN: Final = re.compile(rf"({_DAY})(?:\.\.\.?|:|/|–|—)({_DAY})", re.ASCII)
_POINTS: Final = re.compile(r"(>=|<=|>|<|=|)(?:(\d\d?)\.)?(\d\d?)\.(\d{4})", re.ASCII)
_MOMENT: Final = re.compile(rf"([<>=]*{_DAY})t\d\S*", re.ASCII)
_CHOICES: Final = {
    "precision": tuple(one.value for one in Precision),
    "on": tuple(one.value for one in ChangeKind),
}
_DECEMBER: Final = 12


class Facts(NamedTuple):
    """What conditions may ask of an article, beside the article itself.

    `first_seen` None: never, the article is not in the store; days of first sight are not met.
    """

    article: Article
    kind: ChangeKind = ChangeKind.NEW
    first_seen: datetime | None = None


def condition(field: str, value: str, column: int) -> Fact | Days:
    """Read the value that stands after a field of `db.tree.CONDITION_FIELDS`.

    Raises `QueryError` with the column given.
    """
    wanted = value.strip().lower()
    if field in _CHOICES:
        return Fact(field, _one_of(_CHOICES[field], field, wanted, column))
    if field == "lang":
        if meant := code(wanted):
            raise QueryError(
                f"lang: takes the letters of a language; write lang:{meant}", column=column
            )
        if wanted != UNKNOWN and not names_language(wanted):
            raise QueryError(
                f"lang: needs a language, as in lang:ru, or lang:{UNKNOWN}", column=column
            )
        return Fact(field, wanted)
    if field == "published" and wanted == UNKNOWN:
        return Fact(field, UNKNOWN)
    return _days(field, wanted, column)


def meets(asked: Fact | Days, facts: Facts) -> bool:
    """Tell whether the facts are such."""
    if isinstance(asked, Days):
        return _within(asked, _day(asked.field, facts))
    if asked.field == "on":
        # A completed item is news to whoever was not told of its card: `monitor.rules` knows.
        return asked.value == facts.kind or (
            asked.value == ChangeKind.NEW and facts.kind is ChangeKind.COMPLETED
        )
    dateline = facts.article.dateline
    if asked.field == "precision":
        return dateline.precision == asked.value
    if asked.field == "published":
        return dateline.when is None
    return is_language(facts.article.language, asked.value)


def is_language(language: str | None, wanted: str) -> bool:
    """Tell whether a language is the one wanted, or a variety of it.

    >>> is_language("ru-KZ", "ru"), is_language("ru", "ru-kz"), is_language(None, "unknown")
    (True, False, True)
    """
    if language is None:
        return wanted == UNKNOWN
    return f"{language.lower()}-".startswith(f"{wanted}-")


def own_day(when: datetime, zone: str | None) -> date:
    """Return the day of a moment in the zone it was written in.

    >>> own_day(datetime(2025, 12, 19, 21, tzinfo=UTC), "+03:00")
    datetime.date(2025, 12, 20)
    """
    try:
        return when.astimezone(zone_of(zone)).date()
    except OverflowError:  # the first or the last day of all years
        return when.astimezone(UTC).date()


def own_day_text(dated: str, zone: str | None) -> str:
    """Return `own_day` of a moment as it is stored: a function that SQLite knows.

    >>> own_day_text("2025-12-19T21:00:00.000000+00:00", "Europe/Moscow")
    '2025-12-20'
    """
    return own_day(datetime.fromisoformat(dated), zone).isoformat()


def _day(field: str, facts: Facts) -> date | None:
    if field == "seen":
        return facts.first_seen.astimezone(UTC).date() if facts.first_seen else None
    dateline = facts.article.dateline
    return own_day(dateline.when, dateline.zone) if dateline.when else None


def _within(days: Days, day: date | None) -> bool:
    if day is None:
        return False
    return not (days.since and day < days.since) and not (days.before and day >= days.before)


def _one_of(known: Sequence[str], field: str, wanted: str, column: int) -> str:
    if wanted in known:
        return wanted
    near = get_close_matches(wanted[:20], known, n=1)
    hint = f"did you mean {field}:{near[0]}?" if near else f"there are {', '.join(known)}"
    raise QueryError(f"{field}: knows no such value; {hint}", column=column)


def _days(field: str, wanted: str, column: int) -> Days:
    """Read a comparison with a day, a month or a year."""
    found = _DAYS.fullmatch(wanted)
    if found is None:
        if hint := _other_dates(field, wanted):
            raise QueryError(f"{field}: cannot read this; write {hint}", column=column)
        also = f", or {field}:{UNKNOWN}" if field == "published" else ""
        raise QueryError(
            f"{field}: needs a day, month or year, as in {field}:2025-12-20, "
            f"{field}:>=2025-12 or {field}:<2025{also}",
            column=column,
        )
    sign, *numbers = found.groups()
    first, after = _period([int(number) for number in numbers if number], column)
    if sign == ">=":
        return Days(field, first, None)
    if sign == ">":
        return Days(field, after, None)
    if sign == "<":
        return Days(field, None, first)
    if sign == "<=":
        return Days(field, None, after)
    return Days(field, first, after)


def _other_dates(field: str, wanted: str) -> str:
    """Return what to write for a span, a date with points or a moment, "" for anything else."""
    if span := _SPAN.fullmatch(wanted):
        return f"{field}:(>={span[1]} <={span[2]})"
    if points := _POINTS.fullmatch(wanted):
        sign, day, month, year = points.groups()
        ordered = [f"{int(number):02}" for number in (month, day) if number]
        return f"{field}:{sign}{'-'.join([year, *ordered])}"
    moment = _MOMENT.fullmatch(wanted)
    return f"{field}:{moment[1]} (a day is the least)" if moment else ""


def _period(numbers: Sequence[int], column: int) -> tuple[date, date]:
    """Return the first day of a year, month or day, and the day after its last."""
    if numbers[0] not in _YEARS:
        raise QueryError(
            f"a year from {_YEARS.start} to {_YEARS.stop - 1} is needed", column=column
        )
    year, month, day = (*numbers, 1, 1)[:3]
    try:
        first = date(year, month, day)
    except ValueError:
        raise QueryError("there is no such day in the calendar", column=column) from None
    if len(numbers) == len(("year", "month", "day")):
        return first, first + timedelta(days=1)
    if len(numbers) == 1 or month == _DECEMBER:
        return first, date(year + 1, 1, 1)
    return first, date(year, month + 1, 1)
