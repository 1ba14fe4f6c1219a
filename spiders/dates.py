"""Characters -> Dateline. Pure.

A date is evidence: what cannot be read is `None`, never "now", and a date keeps the characters
it was read from. Months are read in the languages of `spiders.months`. A missing
year is settled by the latest day that is not after the moment the text was first seen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.parser import ParserError, parser

from db.model import UNKNOWN_DATELINE, Basis, Dateline, Precision
from db.words import clean_line
from spiders.date_forms import (
    AGO,
    FULL,
    HINTS,
    IN_DIGITS,
    ISO,
    MACHINE_MONTH,
    NEAR_DAY,
    NEAR_DAY_ALONE,
    SHORT_YEAR,
    TWICE,
    YEAR_FIRST,
    YEARLESS,
    is_ambiguous,
    is_of_word,
)
from spiders.date_parts import MIDNIGHT, clocked, midnight, of_clock, of_moment
from spiders.date_zones import named_offset, offset_of, without_name

if TYPE_CHECKING:
    from datetime import date, tzinfo

# A date a little ahead is a clock that is a little ahead; more is not evidence of publication.
_AHEAD = timedelta(days=1)
_RECENT = timedelta(days=183)
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)

# No date stands further into a line than this; what a stranger writes may be endless.
_LONGEST = 4_000
_LONGEST_WORDED = 100  # characters of a machine's date in words
# Year to hour without a mark between: neither seconds nor milliseconds, and in nobody's known zone.
_STAMP = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-4])\d*(?:\.\d+)?$"
)
# Far enough from both ends of the calendar that any change of zone stays inside it.
_YEARS = range(1900, 2200)
_DEFAULTS = (MIDNIGHT, datetime.fromisoformat("2001-02-02"))
_BESIDE = 40  # characters
_ZONED_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)")
_SPAN_END = re.compile(r"\s+-(\d\d):(\d\d)")
_PARSER = parser()


def printed(  # noqa: PLR0913 - each is evidence of its own
    text: str,
    zone: str,
    basis: Basis = Basis.PRINTED,
    *,
    alone: bool = False,
    day_first: bool = False,
    language: str | None = None,
) -> Dateline | None:
    """Read the first full date (with a year) printed in a line.

    With a clock time beside it the precision is minute or second, else day, and day as well where
    a zone that is not known stands behind the clock. Without an offset
    printed behind the clock the time is taken to be in `zone` (IANA), which is therefore assumed.
    `alone` wants nothing else in the line; `day_first` says that with slashes and hyphens, too,
    days stand before months here. `language` is the page's subtag: where it is not known, a short
    name such as `out` is a month only in a line that is nothing but a date.

    >>> printed("15 December 2025, 16:11", "Europe/Minsk").when.isoformat()
    '2025-12-15T13:11:00+00:00'
    """
    line = text[:_LONGEST].strip()
    machine = ISO.fullmatch(line) if alone else ISO.search(line)
    if machine:
        return stated(machine[0], zone, basis)
    matches = _matches(line, alone=alone)
    if not (matches or alone) and (parted := TWICE.sub(r"\g<0> ", line)) != line:
        matches = _matches(parted)
    for found in sorted(matches, key=lambda match: match.start()):
        if (not day_first and is_ambiguous(found)) or is_of_word(found, language):
            continue
        day = midnight(found["year"], found["month"], found["day"], language)
        if day is not None:
            local, precision = clocked(day, found["behind"] or found["before"] or "")
            if found["strange"]:
                local, precision = day, Precision.DAY
            away = offset_of(found["zone"] or "", local)
            is_span = precision is Precision.MINUTE and _ends_later(local, found["zone"] or "")
            if precision is Precision.DAY or away is None or is_span:
                return of_clock(local, precision, basis, zone, found[0])
            return of_moment(local.replace(tzinfo=timezone(away)), precision, basis, found[0])
    return None


def abbreviated(text: str, zone: str, basis: Basis = Basis.PRINTED) -> Dateline | None:
    """Read a day whose year has two digits, `28.01.22`: of this century, in a line of little else.

    Full stops part days from months and years, in this order.
    """
    found = SHORT_YEAR.search(text)
    if not found or len(text) - len(found[0]) > _BESIDE:
        return None
    day = midnight(f"20{found['year']}", found["month"], found["day"])
    return of_clock(*clocked(day, found["behind"] or ""), basis, zone, found[0]) if day else None


def yearless(
    text: str, zone: str, basis: Basis, *, seen: datetime, year: int | None = None
) -> Dateline | None:
    """Read the first date printed without a year: `December 19`, `16 августа, 11:59`.

    The year is `year` where other evidence knows it, else that of the latest such day not after
    `seen` (aware) in `zone`. A year that makes the date later than `seen` is not believed.
    """
    matches = [found for form in YEARLESS if (found := form.search(text[:_LONGEST]))]
    if not matches:
        return None
    found = min(matches, key=lambda match: match.start())
    today = seen.astimezone(ZoneInfo(zone)).date()
    # The 29th of February may lie eight years back (1896-1904, 2096-2104).
    years = ([year] if year is not None else []) + list(range(today.year, today.year - 9, -1))
    for candidate in years:
        day = midnight(str(candidate), found["month"], found["day"])
        if day is not None and day.date() <= today:
            local, precision = clocked(day, found["behind"] or "")
            return of_clock(local, precision, basis, zone, found[0])
    return None


def yearless_alone(text: str, zone: str, basis: Basis, *, seen: datetime) -> Dateline | None:
    """Read a line of a list that is nothing but a day without a year, of the last half year.

    A day that would lie further back is more likely one to come: of an event, or a deadline.
    """
    line = text.strip(" .,|·•")[: 2 * _BESIDE]
    if not any(form.fullmatch(line) for form in YEARLESS):
        return None
    found = yearless(line, zone, basis, seen=seen)
    return found if found and found.when and seen - found.when < _RECENT else None


def relative(
    text: str, zone: str, seen: datetime, basis: Basis = Basis.PRINTED, *, bare: bool = False
) -> Dateline | None:
    """Read a date told from the moment of reading: `yesterday, 09:00`, `2 hours ago`, `3h ago`.

    `seen` is that moment (aware). Minutes ago are known to the minute; hours and days ago only
    tell the day, and so does `yesterday` where it is all of the text, if `bare` takes it for a
    date: in a list it is one, on a page it may lead to what is there today.
    """
    here = seen.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    text = text[:_LONGEST]
    near = NEAR_DAY.search(text)
    if near is None and bare:
        near = NEAR_DAY_ALONE.fullmatch(text.strip(" .,"))
    if near:
        back = timedelta(days=2 if near["before"] else bool(near["yesterday"]))
        day = (here - back).replace(hour=0, minute=0, second=0, microsecond=0)
        clock = near["behind"] if "behind" in near.re.groupindex else ""
        return of_clock(*clocked(day, clock), basis, zone, near[0])
    ago = AGO.search(text)
    if not ago:
        return None
    given = ago["count"] or ago["short"] or "1"
    count = int(given) if given.isdigit() else 1
    if ago["minute"] or ago["m"] or ago["lone_m"]:
        then = (here - timedelta(minutes=count)).replace(second=0, microsecond=0)
        return of_clock(then, Precision.MINUTE, basis, zone, ago[0])
    is_hours = ago["hour"] or ago["h"] or ago["lone_h"]
    then = here - (timedelta(hours=count) if is_hours else timedelta(days=count))
    day = then.replace(hour=0, minute=0, second=0, microsecond=0)
    return of_clock(day, Precision.DAY, basis, zone, ago[0])


def stated(text: str, zone: str, basis: Basis, *, ignore_offset: bool = False) -> Dateline | None:
    """Read a machine's date: ISO 8601, RFC 2822, JavaScript's, Unix seconds or milliseconds.

    Of Unix times only those since 2001 (ten digits, or thirteen): a shorter number is a number.
    Where an offset is given the zone is stated; `ignore_offset` is for sites whose offset is
    known to be wrong, whose clock is then that of `zone`. A date alone has day precision, with an
    offset too (XML Schema's `2026-12-15+03:00`), and so has one whose clock is in an unknown zone.
    """
    raw = clean_line(text[:_LONGEST])
    bare, name = without_name(raw)
    moment = _machine(bare)
    if moment is None:
        return None
    precision = _precision(bare)
    if name and moment.tzinfo is None:
        away = named_offset(name, moment)
        precision = Precision.DAY if away is None else precision
        moment = moment.replace(tzinfo=timezone(away)) if away is not None else moment
    if precision is Precision.DAY:
        moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if moment.tzinfo is None or ignore_offset:
        return of_clock(moment.replace(tzinfo=None), precision, basis, zone, raw)
    return of_moment(moment, precision, basis, raw)


def zone_of(dateline: Dateline) -> tzinfo:
    """Return the zone a dateline is in, stated or assumed: a place's, an offset, else UTC."""
    name = dateline.zone or "UTC"
    if name[0] not in "+-":
        return ZoneInfo(name)
    hours, minutes = int(name[:3]), int(name[0] + name[4:6])
    return timezone(timedelta(hours=hours, minutes=minutes))


def local_day(dateline: Dateline) -> date:
    """Return the day a reader in the dateline's own zone would have seen; it must be dated."""
    assert dateline.when is not None  # noqa: S101 - asked of dated candidates only
    return dateline.when.astimezone(zone_of(dateline)).date()


def believable(candidate: Dateline | None, seen: datetime) -> Dateline | None:
    """Return the candidate unless it is later than the moment it was seen plus a day.

    Nor is the zero of Unix clocks believed, which stands where a machine has no date.
    """
    if candidate is None or candidate.when is None or candidate.when > seen + _AHEAD:
        return None
    return candidate if abs(candidate.when - _ZERO) > _AHEAD else None


def choose(*candidates: Dateline | None, seen: datetime, place: str | None = None) -> Dateline:
    """Return the first believable candidate, in the order of belief given, with the place.

    None is *unknown*: no date is ever made up. A better-known date that cannot be believed speaks
    against the year that an opening line leaves out.
    """
    contradicted = False
    for candidate in candidates:
        dateline = believable(candidate, seen)
        if dateline is not None and not (contradicted and dateline.basis is Basis.LEAD):
            return replace(dateline, place=place or dateline.place)
        contradicted = contradicted or (candidate is not None and candidate.when is not None)
    return replace(UNKNOWN_DATELINE, place=place)


def _matches(line: str, *, alone: bool = False) -> list[re.Match[str]]:
    """Return where each form of a date stands first in a line; `alone`: as the whole line."""
    if "19" not in line and "20" not in line:
        return []  # no year, as most lines
    forms = [form for form, hint in zip(FULL, HINTS, strict=True) if hint.search(line)]
    tried = (form.fullmatch(line) if alone else form.search(line) for form in forms)
    return [found for found in tried if found]


def _ends_later(local: datetime, text: str) -> bool:
    """Tell the end of a span of hours, as of `10:00 -11:30`, from an offset: it is later."""
    end = _SPAN_END.fullmatch(text)
    return end is not None and (int(end[1]), int(end[2])) > (local.hour, local.minute)


def _precision(raw: str) -> Precision:
    """Return how precisely a machine's date tells its moment."""
    if _ZONED_DAY.fullmatch(raw) or not re.search(r"\d:\d\d|T\d\d|^\d{10,13}(?:\.|$)", raw):
        return Precision.DAY
    is_whole = re.search(r"\d:\d\d:\d\d|T\d{6}|^\d{10,13}(?:\.|$)", raw)
    return Precision.SECOND if is_whole else Precision.MINUTE


def _machine(raw: str) -> datetime | None:
    if found := _ZONED_DAY.fullmatch(raw):
        is_known = found[2] == "Z" or offset_of(found[2], MIDNIGHT) is not None
        raw = f"{found[1]}T00:00{found[2]}" if is_known else found[1]
    if _STAMP.match(raw):
        return None
    if re.fullmatch(r"[1-9]\d{9}(?:\.\d+)?", raw):
        return datetime.fromtimestamp(float(raw), UTC)
    if re.fullmatch(r"[1-9]\d{12}", raw):
        return datetime.fromtimestamp(int(raw) / 1000, UTC)
    if re.fullmatch(r"\d{9,}(?:\.\d+)?", raw):
        return None  # to Python, any one digit may part a date from its clock
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        moment = _worded(raw)
    return moment if moment is not None and moment.year in _YEARS else None


def _worded(raw: str) -> datetime | None:
    """Read RFC 2822 and its relatives: day, month by name, year and clock, in any order.

    dateutil completes what is missing out of its default, so what two defaults change was not
    there; and it reads months first and swaps numbers to save a date, so a month must have
    its name, or the year stand first.
    """
    is_named = MACHINE_MONTH.search(raw) and not IN_DIGITS.search(raw)
    if not (is_named or YEAR_FIRST.match(raw)):
        return None
    if not re.search(r"\d{1,2}:\d\d", raw):
        return None
    if len(raw) > _LONGEST_WORDED:
        return None
    try:
        one, other = (_PARSER.parse(raw, default=day) for day in _DEFAULTS)
        one.utcoffset()  # raises where a day and more was stated
    except (ParserError, ArithmeticError, ValueError):
        return None
    return one if one == other else None
