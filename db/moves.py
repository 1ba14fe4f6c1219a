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
HEAD = 300
"""Characters of a known text by which it is told whether all of it need be read."""

_ALIKE = 100  # of them, folded: no text that proves anything is so short
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


def worth_reading(reading: Article, known: Iterable[tuple[str, str]]) -> list[int]:
    """Return the places of the known items that `moved_from` has to see whole.

    Each is given by its title and the first `HEAD` characters of its text: few are alike in one of
    them, and to compare 500 whole texts takes half a second.
    """
    title, head = _normal(reading.title), _beginning(reading.text)
    return [
        place
        for place, (known_title, known_head) in enumerate(known)
        if (title and _normal(known_title) == title) or (head and _beginning(known_head) == head)
    ]


def moved_from(reading: Article, known: Iterable[Article]) -> int | None:
    """Return the place of the one known item that the reading is, None if none or several are.

    The same long text is the same item. The same heading is, if the dates agree, but not over two
    long texts of which most is different. If a date is unknown, the heading must be long and most
    of the shorter text must stand in the other, however short: what proves nothing is news.
    """
    title, text = _normal(reading.title), _normal(reading.text)
    by_title: list[int] = []
    for place, standing in enumerate(known):
        if len(text) >= ENOUGH and _normal(standing.text) == text:
            return place
        if title and _normal(standing.title) == title and _agree(standing, reading, title, text):
            by_title.append(place)
    return by_title[0] if len(by_title) == 1 else None


def _agree(standing: Article, reading: Article, title: str, text: str) -> bool:
    """Tell whether two items of one heading are one, by their dates and texts."""
    before, now = standing.dateline.when, reading.dateline.when
    words = _normal(standing.text)
    if before is None or now is None:
        return len(title) >= _TELLING and _overlap(words, text)
    short = min(len(words), len(text)) < ENOUGH
    return abs(before - now) <= _SAME_TIME and (short or _overlap(words, text))


def _overlap(standing: str, reading: str) -> bool:
    """Tell whether most of the shorter text stands in the other as well."""
    before, now = _runs(standing), _runs(reading)
    least = min(len(before), len(now))
    # Of less than a run nothing is shared but the whole.
    return len(before & now) >= _KEPT * least if least else "" != standing == reading


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _beginning(text: str) -> str:
    """Return how a text begins, as far as what follows has no say; empty if it is short."""
    folded = _normal(text[:HEAD])
    return folded[:_ALIKE] if len(folded) > _ALIKE else ""


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
