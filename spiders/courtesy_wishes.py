"""How long a server wishes to be left alone: Retry-After, for visits and webhooks alike. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WISH = timedelta(hours=24)
"""A longer pause is a slip of the server's, or no pause but a refusal: after a day we ask again."""


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After header (RFC 9110 §10.2.3) as a pause from now, at most 24 hours.

    Junk and moments that have passed are no wish at all.

    >>> now = datetime(2025, 12, 19, 9, 0, tzinfo=UTC)
    >>> retry_after("120", now), retry_after("soon", now)
    (datetime.timedelta(seconds=120), None)
    >>> retry_after("Fri, 19 Dec 2025 09:00:30 GMT", now)
    datetime.timedelta(seconds=30)
    """
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        # More digits than any time has are cut: Python's clock would overflow.
        wish = timedelta(seconds=int(text.lstrip("0")[:9] or "0"))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        # A date in "-0000" comes back naive; HTTP dates are always UTC.
        wish = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(wish, LONGEST_WISH) if wish > timedelta() else None
