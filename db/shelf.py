"""Articles put into stories one after the other, each compared with a few and not with all. Pure.

What an article shares with others is looked up in an inverted index: hashes of its sketch, its
slug, its rarest stems and keys. Only those with the most in common are judged (`db.stories`).
`Shelf` keeps its index in memory; the store keeps one of its own (`db.story_index`) and asks the
same functions what to look up and whom to judge.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from db.sketches import SIZE
from db.stories import WINDOW, join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from db.stories import Verdict
    from db.traits import Traits
    from db.weights import Weights

T = TypeVar("T")

_RAREST: Final = 10
"""Stems, and likewise keys, of an article that are looked up."""

LATEST: Final = 200
"""Articles looked at behind one stem or key, the latest first."""

_JUDGED: Final = 8
"""Articles that are judged, those with the most in common first."""

_CERTAIN: Final = 20.0
"""What a common hash or slug counts for: a stem counts for at most 6."""

_WORTH: Final = 9.0
"""What must be in common for an article to be judged: two rare stems."""


REACH: Final = timedelta(days=1)
"""Beyond the window articles are looked up: a date without a time covers its whole day."""

_BITS: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Generic[T]):
    """An article that joined a story, and the member it is closest to."""

    story: T
    to: T
    verdict: Verdict


class Shelf(Generic[T]):
    """The stories so far. Put the articles in by the order of their dates, the undated last."""

    def __init__(self, weights: Weights, window: float = WINDOW) -> None:
        self._weights = weights
        self._window = window
        self._ids: list[T] = []
        self._articles: list[Traits] = []
        self._story_of: list[int] = []
        self._members: dict[int, list[int]] = {}
        self._reach = timedelta(days=window) + REACH
        self._oldest = 0
        self._index: defaultdict[int | str, list[int]] = defaultdict(list)

    def put(self, number: T, article: Traits) -> Placed[T] | None:
        """Add an article under its id, to a story or as a story of its own (None)."""
        stories = dict.fromkeys(self._story_of[place] for place in self._nearest(article))
        members = {story: [self._articles[at] for at in self._members[story]] for story in stories}
        joined = join(article, members, self._weights, self._window)
        place = len(self._ids)
        self._ids.append(number)
        self._articles.append(article)
        for key in posted(article):
            self._index[key].append(place)
        story = joined.story if joined else place
        self._story_of.append(story)
        self._members.setdefault(story, []).append(place)
        if joined is None:
            return None
        closest = self._members[story][joined.member]
        return Placed(story=self._ids[story], to=self._ids[closest], verdict=joined.verdict)

    def stories(self) -> Iterator[tuple[T, ...]]:
        """Give the ids of each story's members in the order they came, the oldest story first."""
        for members in self._members.values():
            yield tuple(self._ids[place] for place in members)

    def _nearest(self, article: Traits) -> list[int]:
        """Return the articles that have most in common with this one, the nearest first."""
        begin = self._begin(article.when)
        common: defaultdict[int, float] = defaultdict(float)
        for key, weight in sought(article, self._weights):
            places = self._index.get(key, [])
            first = bisect_left(places, begin) if begin else 0
            for place in places[max(first, len(places) - LATEST) :]:
                common[place] += weight
        return nearest(common)

    def _begin(self, when: datetime | None) -> int:
        """Return the first article within the window; for one without a date that is any."""
        if when is None:
            return 0
        while self._oldest < len(self._articles):
            other = self._articles[self._oldest].when
            if other is None or when - other <= self._reach:
                break
            self._oldest += 1
        return self._oldest


def posted(article: Traits) -> set[int | str]:
    """Return all under which an article can be looked up."""
    return {*_certain(article), *article.lead, *article.all_keys}


def sought(article: Traits, weights: Weights) -> Iterator[tuple[int | str, float]]:
    """Give what is looked up for an article, and how much each says."""
    for key in _certain(article):
        yield key, _CERTAIN
    for words in (article.lead, article.keys):
        for word in sorted(words, key=weights.__getitem__, reverse=True)[:_RAREST]:
            yield word, weights[word]


def nearest(common: Mapping[int, float]) -> list[int]:
    """Return the articles that are to be judged, by what they have in common with one: its best."""
    worth = [place for place, weight in common.items() if weight >= _WORTH]
    return sorted(worth, key=lambda place: (-common[place], place))[:_JUDGED]


@lru_cache(maxsize=1 << 16)
def code(key: int | str) -> int:
    """Return a key as a number that fits SQLite's integers, the same in every process.

    >>> code(7), code("rogun") == code("rogun")
    (7, True)
    """
    if isinstance(key, int):
        return key
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()) & _BITS


def _certain(article: Traits) -> Iterator[int | str]:
    yield from article.sketch[:SIZE]
    if article.slug:
        yield f"/{article.slug}"  # no word begins so
