"""Pure: says a dateline in words, the same in feeds and in alerts; never one it does not know."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from db.model import Absence, Basis, Precision
from db.words import clean, clean_line
from db.zones import zone_of

if TYPE_CHECKING:
    from db.model import Dateline

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_BASIS: Final = {
    Basis.API: "from the source's own data",
    Basis.STRUCTURED: "from the page's structured data",
    Basis.FEED: "from the source's feed",
    Basis.META: "from the page's meta data",
    Basis.TIME_ELEMENT: "from the page's time element",
    Basis.PRINTED: "printed on the page",
    Basis.LISTING: "from the source's list",
    Basis.LEAD: "from the article's opening line",
    Basis.URL: "from the article's address",
    Basis.GUESS: "a guess",
    Basis.UNKNOWN: "basis unknown",
}
_MINUTE: Final = timedelta(minutes=1)
# A year is in the raw text as four digits (or an epoch's ten), or as 19.12.25.
_YEAR: Final = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")
_RAW_SHOWN: Final = 60

YEAR_INFERRED: Final = "year inferred"
"""How a date is said of which `year_inferred` is true."""


def shorten(text: str, limit: int) -> str:
    """Return the text if it is not longer than `limit`, else cut at a word, with an ellipsis.

    >>> shorten("Foreign ministers met in Minsk", 20)
    'Foreign ministers…'
    >>> shorten("Ministers", 20)
    'Ministers'
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    # A single long word is cut inside: half a title is more than none.
    return clean(head.rpartition(" ")[0] if " " in head[limit // 2 :] else head) + "…"


def in_own_zone(dateline: Dateline) -> datetime | None:
    """Return the moment in the zone the source wrote it in, UTC where that zone is not known.

    A day is the start of that day in its zone: shown in UTC it could be the day before. Offsets
    are whole minutes (RFC 3339 §5.6 and RFC 822 write no others): where a zone's old local time
    had seconds, a minute begun counts as one, so that day and clock stay what they were there.
    """
    when = dateline.when
    if when is None:
        return None
    try:
        local = when.astimezone(zone_of(dateline.zone))
        offset = local.utcoffset() or timedelta(0)
        odd = offset % _MINUTE
        return local.astimezone(timezone(offset - odd + _MINUTE)) if odd else local
    except OverflowError:  # the first or the last day of all years
        return when.astimezone(UTC)


def utc_words(moment: datetime) -> str:
    """Say a moment of ours to the minute.

    >>> utc_words(datetime(2025, 12, 20, 9, 5, tzinfo=UTC))
    '20 December 2025, 09:05 UTC'
    """
    return f"{_day(moment.astimezone(UTC))}, {moment.astimezone(UTC):%H:%M} UTC"


def absence_words(absence: Absence) -> str:
    """Say what was observed of an item that is missing; when it was taken away, nobody saw.

    >>> seen = datetime(2025, 12, 20, 9, 5, tzinfo=UTC)
    >>> absence_words(Absence(last_seen=seen, first_missing=seen + timedelta(hours=3)))
    'Last seen 20 December 2025, 09:05 UTC; first missing 20 December 2025, 12:05 UTC'
    """
    seen, missing = utc_words(absence.last_seen), utc_words(absence.first_missing)
    return f"Last seen {seen}; first missing {missing}"


def day_of(dateline: Dateline) -> str | None:
    """Return the day that the source wrote, as ISO 8601; None if no date is known.

    The moment of a day without a time is its start in its zone: in UTC mostly the day before.

    >>> from db.model import Dateline
    >>> when = datetime(2025, 12, 19, 21, tzinfo=UTC)
    >>> day_of(Dateline(when=when, precision=Precision.DAY, zone="Europe/Moscow"))
    '2025-12-20'
    """
    when = in_own_zone(dateline)
    return when.date().isoformat() if when else None


def dateline_words(dateline: Dateline, *, first_seen: datetime) -> str:
    """Say when an item was published, how precisely, and how we know.

    >>> from db.model import UNKNOWN_DATELINE
    >>> dateline_words(UNKNOWN_DATELINE, first_seen=datetime(2025, 12, 20, 9, 5, tzinfo=UTC))
    'not stated by the source; first seen 20 December 2025, 09:05 UTC'
    """
    when = in_own_zone(dateline)
    if when is None or dateline.precision is Precision.NONE:
        return f"not stated by the source; first seen {utc_words(first_seen)}"
    if dateline.precision is Precision.DAY:
        return f"{_day(when)} ({'; '.join(('a day, no time', *_evidence(dateline)))})"
    clock = f"{when:%H:%M:%S}" if dateline.precision is Precision.SECOND else f"{when:%H:%M}"
    known = when.tzinfo is not UTC
    zone = clean_line(dateline.zone or "") if known else "UTC"
    sure = "zone assumed" if known and not dateline.zone_stated else ""
    details = "; ".join(part for part in (*_evidence(dateline), sure) if part)
    return f"{_day(when)}, {clock} {zone} ({details})"


def year_inferred(dateline: Dateline) -> bool:
    """Tell whether the source wrote no year, so that the date's year is our conclusion.

    >>> when = datetime(2025, 12, 19, tzinfo=UTC)
    >>> from db.model import Dateline
    >>> year_inferred(Dateline(when=when, precision=Precision.DAY, raw="December 19"))
    True
    """
    raw = clean_line(dateline.raw or "")
    return dateline.when is not None and bool(raw) and not _YEAR.search(raw)


def _evidence(dateline: Dateline) -> tuple[str, ...]:
    raw = shorten(clean_line(dateline.raw or ""), _RAW_SHOWN)
    said = (_BASIS[dateline.basis], f"read from “{raw}”" if raw else "")
    inferred = YEAR_INFERRED if year_inferred(dateline) else ""
    return tuple(part for part in (*said, inferred) if part)


def _day(moment: datetime) -> str:
    # strftime would ask the machine's locale for the month's name.
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def counted(number: int, noun: str) -> str:
    """Say how many there are of something.

    >>> counted(1, "story"), counted(2, "story"), counted(1200, "item")
    ('1 story', '2 stories', '1,200 items')
    """
    if number == 1:
        return f"1 {noun}"
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {many}"
