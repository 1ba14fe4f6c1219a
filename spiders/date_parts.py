"""What dates are made of once their characters are read: a day, a clock, a zone. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from db.model import Dateline, Precision
from spiders.months import month_number

if TYPE_CHECKING:
    from db.model import Basis

MIDNIGHT = datetime.fromisoformat("2000-01-01")
"""A naive moment whose clock is that of a day alone."""


def midnight(year: str, month: str, day: str, language: str | None = None) -> datetime | None:
    """Return the beginning of a day, naive, None of one that no calendar has.

    `month` is a number or a name, `language` the subtag of the page that names it.
    """
    number = int(month) if month.isdigit() else month_number(month, language)
    try:
        return MIDNIGHT.replace(year=int(year), month=number, day=int(day))
    except ValueError:
        return None


def clocked(day: datetime, clock: str) -> tuple[datetime, Precision]:
    """Return the moment of a day at a clock, and how precisely the clock tells it."""
    if not clock:
        return day, Precision.DAY
    hour, minute, *rest = (int(part) for part in re.findall(r"\d+", clock))
    if re.search(r"p\.?\s?m", clock, re.IGNORECASE):
        hour = hour % 12 + 12
    elif re.search(r"a\.?\s?m", clock, re.IGNORECASE):
        hour %= 12
    precision = Precision.SECOND if rest else Precision.MINUTE
    return day.replace(hour=hour, minute=minute, second=rest[0] if rest else 0), precision


def of_moment(moment: datetime, precision: Precision, basis: Basis, raw: str) -> Dateline:
    """Return the date of an aware moment, whose zone is therefore stated."""
    offset = moment.strftime("%z")
    return Dateline(
        when=moment.astimezone(UTC),
        precision=precision,
        basis=basis,
        zone="UTC" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}",
        zone_stated=True,
        raw=raw.strip(),
    )


def of_clock(local: datetime, precision: Precision, basis: Basis, zone: str, raw: str) -> Dateline:
    """Return the date of a naive clock that is assumed to be that of `zone` (IANA)."""
    return Dateline(
        when=local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        precision=precision,
        basis=basis,
        zone=zone,
        zone_stated=False,
        raw=raw.strip(" ,.|·•–—-"),
    )
