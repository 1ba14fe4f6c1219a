"""Conditional requests: "send it only if it has changed" (RFC 9110 §13). Pure.

A validator is kept only after what its page held is in the store, so that a page is never
skipped that was not understood. Who keeps it, and when, is the spider's business.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from db.visiting import Validator

if TYPE_CHECKING:
    from collections.abc import Mapping

FULL_FETCH = timedelta(hours=12)
VOUCHES = timedelta(hours=1)
_LONGEST = 1024


def conditions(validator: Validator | None) -> dict[str, str]:
    """Return the headers that make a request conditional; none without a validator.

    >>> moment = datetime(2026, 1, 2)
    >>> conditions(Validator(url="u", etag='W/"1"', last_modified=None, stored_at=moment))
    {'If-None-Match': 'W/"1"'}
    """
    if validator is None:
        return {}
    asked = {"If-None-Match": validator.etag, "If-Modified-Since": validator.last_modified}
    return {name: value for name, value in asked.items() if value}


def still_trusted(validator: Validator | None, now: datetime) -> Validator | None:
    """Return the validator of a list unless its full fetch is 12 h old or in the future.

    A server may say 304 for ever; a list is read in full at least twice a day.
    """
    return validator if _is_younger(validator, FULL_FETCH, now) else None


def vouches(validator: Validator | None, now: datetime) -> bool:
    """Tell whether a list just confirmed unchanged may stand for others that it covers.

    Not once it was read in full an hour ago: no feed shows quite everything, nor for ever.
    """
    return _is_younger(validator, VOUCHES, now)


def _is_younger(validator: Validator | None, age: timedelta, now: datetime) -> bool:
    return validator is not None and timedelta(0) <= now - validator.stored_at < age


def offered(headers: Mapping[str, str], url: str, now: datetime) -> Validator | None:
    """Return the validator an answer carries, as the server wrote it; None without one.

    Header names are lower-case. Values that could not be sent back as a header are left out.
    """
    etag = _sendable(headers.get("etag"))
    modified = _sendable(headers.get("last-modified"))
    if not (etag or modified):
        return None
    return Validator(url=url, etag=etag, last_modified=modified, stored_at=now)


def _sendable(value: str | None) -> str | None:
    text = (value or "").strip()
    return text if text.isascii() and text.isprintable() and 0 < len(text) <= _LONGEST else None
