"""How much a shared word says: the rarer it is, the more. Pure."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING, Final

from db.thesaurus import COMMON, MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from db.traits import Traits

_PRIOR: Final = 300
"""Articles we take as read before any, so that a handful of them does not make words rare."""

_SMALL: Final = frozenset(f"#{number}" for number in (*range(13), 100, 1000))
_MOST: Final = 6.0
"""Beyond some 1 in 400 articles rarity says nothing more: misspellings are the rarest words."""


class Weights(dict[str, float]):
    """Stem or key -> how much it says, from near 0 to 6; worked out when it is asked for.

    `total` is how many articles were counted, `seen` in how many of them a stem or key occurs.
    Words of `db.thesaurus` and small numbers are taken for common even before any is counted.

    >>> weights = Weights(total=700, seen={"zebra": 40, "=csto": 40, "rogun": 2})
    >>> weights["rogun"] > weights["zebra"] > weights["=csto"]
    True
    """

    def __init__(self, total: int = 0, seen: Mapping[str, int] | None = None) -> None:
        super().__init__()
        self._total = total
        self._seen = seen or {}

    def __missing__(self, word: str) -> float:
        among = self._seen.get(word, 0) + _PRIOR * _share(word)
        weight = self[word] = min(_MOST, log((self._total + _PRIOR) / among))
        return weight

    def sum(self, words: Iterable[str]) -> float:
        """Return how much several words say together."""
        return sum(map(self.__getitem__, words))


def count(articles: Iterable[Traits]) -> Weights:
    """Return the weights that a collection of articles gives."""
    seen: Counter[str] = Counter()
    total = 0
    for article in articles:
        total += 1
        seen.update({*article.body, *article.all_keys})
    return Weights(total, seen)


def _share(word: str) -> float:
    """Return in which share of articles we expect a word before any is counted."""
    if word in COMMON or word in _SMALL:
        return 0.05
    return 0.01 if word in MEANINGS else 0.002
