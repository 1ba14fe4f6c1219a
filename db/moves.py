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
_RUN = 3  # words in a row by which texts are compared
# Of the shorter text's runs. A redesign keeps nearly all; what is written anew each day by one
# pattern under one heading (weather, exchange rates) kept up to two thirds.
_KEPT = 0.7


def trusts_guids(clashes: int) -> bool:
    """Tell whether a source's guids still say which item is which.

    >>> trusts_guids(2), trusts_guids(3)
    (True, False)
    """
    return clashes < GUID_CLASHES


def moved_from(reading: Article, known: Iterable[Article]) -> int | None:
    """Return the place of the one known item that the reading is, None if none or several are.

    The same long text is the same item. The same heading is, if the dates agree, or if one is
    unknown and the heading is long; but not over two long texts of which most is different.
    """
    title, text = _normal(reading.title), _normal(reading.text)
    by_title: list[int] = []
    for place, standing in enumerate(known):
        if len(text) >= ENOUGH and _normal(standing.text) == text:
            return place
        same = title and _normal(standing.title) == title and _agree(standing, reading, title)
        if same and not _are_different(_normal(standing.text), text):
            by_title.append(place)
    return by_title[0] if len(by_title) == 1 else None


def _agree(standing: Article, reading: Article, title: str) -> bool:
    before, now = standing.dateline.when, reading.dateline.when
    if before is None or now is None:
        return len(title) >= _TELLING
    return abs(before - now) <= _SAME_TIME


def _are_different(standing: str, reading: str) -> bool:
    """Tell whether two texts are long enough to say that they are those of two items."""
    if min(len(standing), len(reading)) < ENOUGH:
        return False
    before, now = _runs(standing), _runs(reading)
    return len(before & now) < _KEPT * min(len(before), len(now))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
