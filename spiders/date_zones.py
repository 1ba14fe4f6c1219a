"""The zones that dates print behind their clocks, by name or as an offset. Pure.

Names are capitals: `est` and `cet` are words. Capitals behind a clock that are in nobody's table
leave open which moment it tells.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

# RFC 2822 §4.3, and the abbreviations that agencies and newspapers print. Hours. IST, GST and AST
# are several zones, and `EAT` a word.
ABBREVIATIONS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "МСК": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "SAST": 2, "PKT": 5, "WIB": 7, "WITA": 8, "AWST": 8,
    "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
# What Americans write in summer and in winter, behind `am` or `pm`.
_AMERICAN = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}  # fmt: skip
_FURTHEST, _QUARTER = timedelta(hours=14), timedelta(minutes=15)  # of all offsets in use
_NAMES = "|".join(name for name in ABBREVIATIONS if len(name) > len("UT"))
# A bare sign stands before a count or the end of a span as well, so it wants the whole offset; a
# hyphen directly behind the hours and minutes parts them from those of the end.
_BARE = r"(?:\+|(?:(?<=[\s(])|(?<=:\d\d:\d\d))-)\d\d:?\d\d(?!\w|:\d)"
_HALVED = r"(?:(?<=m\s)|(?<=m\.\s)|(?<=m\s\()|(?<=m\.\s\())"
# No zone: `10:30 UHR`, `10:30 BBC NEWS`, `10:30 US-Präsident`.
_STRANGE = r"(?-i:(?!(?:UHR|HRS)\b)[A-Z]{2,5}(?![\w'’./-]|\s+[A-Z]{2}))"
BEHIND = (
    r"(?:(?P<zone>\s*\(?(?:(?-i:UTC|GMT)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?\b"
    rf"|(?-i:MSK|МСК|мск)(?:[+-]\d)?\b|(?-i:{_NAMES})\b"
    rf"|{_HALVED}(?-i:{'|'.join(_AMERICAN)})\b|{_BARE})\)?)|(?P<strange>\s*\(?{_STRANGE}\)?))?"
)
"""A pattern for what stands behind a clock, to be matched without regard to case: `zone` is what
`offset_of` reads, `strange` a name nobody knows."""

STRANGER = rf"\s*\(?(?:{_STRANGE}|(?-i:{_NAMES}|{'|'.join(_AMERICAN)}|мск)\b)"
"""The same without parts, for clocks that are told without a zone."""

_ADDED = r"(?:[+-]\d{1,2}(?![\d:]))"
IN_MACHINE = rf"(?-i:(?:UTC|GMT|мск|{_NAMES}){_ADDED}?(?!\w)|{_STRANGE})"
"""A pattern for the name behind the clock of a machine, with what is added to it (`MSK+2`)."""

_CLOCKED = re.compile(
    rf"(?P<clock>\d:\d\d(?::\d\d(?:\.\d+)?)?+(?P<half>\s*[ap]\.?m\b\.?)?+)"
    rf"\s*\(?(?P<name>{IN_MACHINE})\)?",
    re.IGNORECASE,
)
_ADDED_TO = re.compile(r"(?:UTC|GMT|MSK|МСК|мск)[+-]\d+")


def offset_of(text: str, local: datetime) -> timedelta | None:
    """Return what a zone's name or an offset stands for at a moment, None where no zone has it."""
    name = re.search(r"[A-ZА-Я]{2,4}", text.upper())
    shift = re.search(r"([+-])(\d\d?):?(\d\d)?", text)
    if not name and not shift:
        return None
    more = timedelta(hours=int(shift[2]), minutes=int(shift[3] or 0)) if shift else timedelta()
    if more > _FURTHEST or more % _QUARTER:
        return None
    if name and name[0] in _AMERICAN:
        return ZoneInfo(_AMERICAN[name[0]]).utcoffset(local)
    named = timedelta(hours=ABBREVIATIONS[name[0]] if name else 0)
    return named - more if shift and shift[1] == "-" else named + more


def without_name(raw: str) -> tuple[str, str | None]:
    """Return a machine's date without the zone's name behind its clock, and that name.

    >>> without_name("Mon, 4 May 2026 10:30 MSK+2"), without_name("10:30 GMT+0300")
    (('Mon, 4 May 2026 10:30', 'MSK+2'), ('10:30 +0300', None))
    """
    found = _CLOCKED.search(raw)
    if not found:
        return raw, None
    behind = raw[found.end() :]
    bare = f"{raw[: found.start()]}{found['clock']} {behind.lstrip()}".rstrip()
    if re.match(r"[+-]\d", behind):
        # The offset itself; JavaScript says behind it what it is called.
        return re.sub(r"\s*\([^()]*\)$", "", bare), None
    # `ET` and its like are words elsewhere.
    is_american = found["name"] in _AMERICAN and not found["half"]
    return bare, "?" if is_american else found["name"]


def named_offset(name: str, local: datetime) -> timedelta | None:
    """Return what a name that `without_name` gave stands for, None of one that is not known.

    Nobody but Russians adds hours to the name of a zone, and whoever adds them to UTC.
    """
    bare = name.rstrip("+-0123456789").upper()
    if bare not in ABBREVIATIONS and bare not in _AMERICAN:
        return None
    return offset_of(name, local) if bare == name.upper() or _ADDED_TO.fullmatch(name) else None
