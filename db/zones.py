"""Zones as sources write them: an IANA name or an offset. Pure."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)


@lru_cache(maxsize=256)
def zone_of(name: str | None) -> tzinfo:
    """Return the zone of this name, UTC where it is not known.

    >>> zone_of("+03:00")
    datetime.timezone(datetime.timedelta(seconds=10800))
    >>> zone_of("nowhere") is zone_of("+99:00") is UTC
    True
    """
    if offset := _OFFSET.fullmatch(name or ""):
        sign, hours, minutes = offset.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        if ahead < timedelta(hours=24):
            return timezone(-ahead if sign == "-" else ahead)
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
