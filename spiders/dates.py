"""Candidates for a date -> Dateline. Pure.

A date is evidence: what cannot be read is `None`, never "now", and a date keeps the characters
it was read from. Months are read in English and Russian. A missing year is settled by the latest
day that is not after the moment the text was first seen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.parser import ParserError, parser, parserinfo

from db.model import UNKNOWN_DATELINE, Basis, Dateline, Precision

# A date a little ahead is a clock that is a little ahead; more is not evidence of publication.
_AHEAD = timedelta(days=1)

# Any, because dateutil's stub allows no more than three names for a month.
_MONTHS: list[Any] = [
    ("Jan", "January", "янв", "января", "январь"),
    ("Feb", "February", "фев", "февр", "февраля", "февраль"),
    ("Mar", "March", "мар", "марта", "март"),
    ("Apr", "April", "апр", "апреля", "апрель"),
    ("May", "мая", "май"),
    ("Jun", "June", "июн", "июня", "июнь"),
    ("Jul", "July", "июл", "июля", "июль"),
    ("Aug", "August", "авг", "августа", "август"),
    ("Sep", "Sept", "September", "сен", "сент", "сентября", "сентябрь"),
    ("Oct", "October", "окт", "октября", "октябрь"),
    ("Nov", "November", "ноя", "нояб", "ноября", "ноябрь"),
    ("Dec", "December", "дек", "декабря", "декабрь"),
]
_MONTH = (
    "(?:" + "|".join(sorted({m for names in _MONTHS for m in names}, key=len)[::-1]) + r")\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"

# Day and month in the orders the sites print them, the year where there is one.
_DAY_MONTH = (
    rf"(?:{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?(?!\d|:))"
)
_FULL = re.compile(
    rf"(?<![\w.])(?P<date>{_DAY_MONTH},?\s+{_YEAR}|{_DAY}[./]\d\d[./]{_YEAR}|{_YEAR}-\d\d-\d\d)(?![\w-])"
    rf"(?:\s*года|\s*г\.?)?(?:,?\s*(?:at\s+|в\s+)?(?P<clock>{_CLOCK})(?!\d))?",
    re.IGNORECASE,
)
_LAST_DAY = 31
# What is not printed is midnight; the zone joins later.
_MIDNIGHT = datetime.fromisoformat("2000-01-01")
# Far enough from both ends of the calendar that any change of zone stays inside it.
_YEARS = range(1900, 2200)
_YEARLESS = re.compile(rf"(?<!\w){_DAY_MONTH}(?!\w)", re.IGNORECASE)


class _Months(parserinfo):
    """English and Russian month names; weekdays and the rest stay dateutil's."""

    def __init__(self) -> None:
        self.MONTHS = _MONTHS
        super().__init__(dayfirst=True)


_PARSER = parser(_Months())


def printed(
    text: str, zone: str, basis: Basis = Basis.PRINTED, *, alone: bool = False
) -> Dateline | None:
    """Read the first full date (with a year) printed in a line.

    With a clock time beside it the precision is minute or second, else day. The time is taken
    to be in `zone` (IANA), which is therefore assumed. `alone` wants nothing else in the line.

    >>> printed("15 December 2025, 16:11", "Europe/Minsk").when.isoformat()
    '2025-12-15T13:11:00+00:00'
    """
    line = text.strip()
    found = _FULL.fullmatch(line) if alone else _FULL.search(line)
    if found is None:
        return None
    clock = found["clock"] or ""
    local = _local(found["date"], clock)
    if local is None:
        return None
    return _dateline(local, _precision(clock), basis, zone, found[0])


def yearless(
    text: str, zone: str, basis: Basis, *, seen: datetime, year: int | None = None
) -> Dateline | None:
    """Read the first date printed without a year: `December 19`, `16 августа`.

    The year is `year` where other evidence knows it, else that of the latest such day not after
    `seen` (aware) in `zone`. A year that makes the date later than `seen` is not believed.
    """
    found = _YEARLESS.search(text)
    if found is None:
        return None
    today = seen.astimezone(ZoneInfo(zone)).date()
    # The 29th of February may lie eight years back (1896-1904, 2096-2104).
    years = ([year] if year is not None else []) + list(range(today.year, today.year - 9, -1))
    for candidate in years:
        local = _local(f"{found[0]} {candidate}", "")
        if local is not None and local.date() <= today:
            return _dateline(local, Precision.DAY, basis, zone, found[0])
    return None


def stated(text: str, zone: str, basis: Basis, *, ignore_offset: bool = False) -> Dateline | None:
    """Read a machine's date: ISO 8601, RFC 2822 or Unix seconds.

    Where an offset is given the zone is stated; `ignore_offset` is for sites whose offset is
    known to be wrong, whose clock is then that of `zone`. A date alone has day precision.
    """
    raw = text.strip()
    moment = _machine(raw)
    if moment is None:
        return None
    dayless = bool(re.fullmatch(r"\d{4}-\d\d-\d\d|\d{8}", raw))
    precision = Precision.DAY if dayless else _precision(raw, machine=True)
    if moment.tzinfo is None or ignore_offset:
        return _dateline(moment.replace(tzinfo=None), precision, basis, zone, raw)
    offset = moment.strftime("%z")
    name = "UTC" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}"
    return Dateline(
        when=moment.astimezone(UTC),
        precision=precision,
        basis=basis,
        zone=name,
        zone_stated=True,
        raw=raw,
    )


def believable(candidate: Dateline | None, seen: datetime) -> Dateline | None:
    """Return the candidate unless it is later than the moment it was seen plus a day."""
    if candidate is None or candidate.when is None or candidate.when > seen + _AHEAD:
        return None
    return candidate


def choose(*candidates: Dateline | None, seen: datetime, place: str | None = None) -> Dateline:
    """Return the first believable candidate, in the order of belief given, with the place.

    None is *unknown*: no date is ever made up.
    """
    for candidate in candidates:
        dateline = believable(candidate, seen)
        if dateline is not None:
            return replace(dateline, place=place or dateline.place)
    return replace(UNKNOWN_DATELINE, place=place)


def _local(date: str, clock: str) -> datetime | None:
    try:
        if re.fullmatch(r"[\d./-]+", date):
            # Never dateutil here: it would swap day and month to save an impossible date.
            numbers = [int(number) for number in re.split(r"[./-]", date)]
            year, month, day = numbers if numbers[0] > _LAST_DAY else reversed(numbers)
            midnight = _MIDNIGHT.replace(year=year, month=month, day=day)
            hour, minute, second, *_ = [int(part) for part in clock.split(":") if part] + [0, 0, 0]
            return midnight.replace(hour=hour, minute=minute, second=second)
        words = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b", "", date, flags=re.IGNORECASE)
        # The default fills what is not printed, and the patterns let only the clock be missing.
        return _PARSER.parse(f"{words} {clock}", default=_MIDNIGHT, ignoretz=True)
    except (ParserError, OverflowError, ValueError):
        return None


def _machine(raw: str) -> datetime | None:
    if re.fullmatch(r"\d{9,10}(?:\.\d+)?", raw):
        return datetime.fromtimestamp(float(raw), UTC)
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        # Anything shorter than a full date would be completed by dateutil out of thin air.
        if not re.search(rf"{_YEAR}", raw) or not re.search(r"\d{1,2}:\d\d", raw):
            return None
        try:
            moment = _PARSER.parse(raw, tzinfos=_ABBREVIATIONS)
        except (ParserError, OverflowError, ValueError):
            return None
    return moment if _is_plausible(moment) else None


# RFC 2822 §4.3, and the abbreviation the Moscow agencies print.
_HOUR = 3600
_ABBREVIATIONS = {
    "UT": 0, "GMT": 0, "Z": 0, "MSK": 3 * _HOUR, "EST": -5 * _HOUR, "EDT": -4 * _HOUR,
    "CST": -6 * _HOUR, "CDT": -5 * _HOUR, "MST": -7 * _HOUR, "MDT": -6 * _HOUR,
    "PST": -8 * _HOUR, "PDT": -7 * _HOUR,
}  # fmt: skip


def _is_plausible(moment: datetime) -> bool:
    return moment.year in _YEARS


def _precision(clock: str, *, machine: bool = False) -> Precision:
    if not clock:
        return Precision.DAY
    if machine and re.fullmatch(r"[\d.]+", clock):
        return Precision.SECOND
    return Precision.SECOND if re.search(r"\d:\d\d:\d\d", clock) else Precision.MINUTE


def _dateline(local: datetime, precision: Precision, basis: Basis, zone: str, raw: str) -> Dateline:
    return Dateline(
        when=local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        precision=precision,
        basis=basis,
        zone=zone,
        zone_stated=False,
        raw=raw.rstrip(". "),
    )
