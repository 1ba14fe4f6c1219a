"""Is this a known item at a new address, and can a guid be believed? Pure.

Asked only when a list is suddenly all new: in a redesign every address changes, and the words
stay. A new item must not be taken for an old one that has the same heading.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from db.changes import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.model import Article

GUID_CLASHES = 3
"""From so many guids met on two different items on, a source's guids prove nothing."""

_SAME_TIME = timedelta(hours=12)  # a redesign may lose the time of day, or its zone
_TELLING = 24  # characters of a heading that is hardly used twice


def trusts_guids(clashes: int) -> bool:
    """Tell whether a source's guids still say which item is which.

    >>> trusts_guids(2), trusts_guids(3)
    (True, False)
    """
    return clashes < GUID_CLASHES


def moved_from(reading: Article, known: Iterable[Article]) -> int | None:
    """Return the place of the one known item that the reading is, None if none or several are.

    The same long text is the same item. The same heading is, if the dates agree, or if one is
    unknown and the heading is long.
    """
    title, text = _normal(reading.title), _normal(reading.text)
    by_title: list[int] = []
    for place, standing in enumerate(known):
        if len(text) >= ENOUGH and _normal(standing.text) == text:
            return place
        if title and _normal(standing.title) == title and _agree(standing, reading, title):
            by_title.append(place)
    return by_title[0] if len(by_title) == 1 else None


def _agree(standing: Article, reading: Article, title: str) -> bool:
    before, now = standing.dateline.when, reading.dateline.when
    if before is None or now is None:
        return len(title) >= _TELLING
    return abs(before - now) <= _SAME_TIME


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
