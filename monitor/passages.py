"""The surroundings of the words that met a query, cut from an article. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from db.evaluate import document, hits
from db.telling import Passage
from db.vocabulary import Vocabulary

if TYPE_CHECKING:
    from db.evaluate import Document, Hit
    from db.model import Article
    from db.tree import Node

MAX_PASSAGES: Final = 5
"""Passages given per match: enough to see why, short enough for a message."""

_EXCERPT: Final = 160


class Passages:
    """Passages of one document; each is cut once, for watches share words."""

    def __init__(self, asked: Document) -> None:
        self._asked = asked
        self._cut: dict[Hit, Passage] = {}

    def of(self, tree: Node) -> tuple[Passage, ...]:
        """Return the passages by which the document meets a tree that it does meet."""
        return self.around(hits(tree, self._asked))

    def around(self, found: tuple[Hit, ...]) -> tuple[Passage, ...]:
        """Return the passages of the first of some hits."""
        first = found[:MAX_PASSAGES]
        for hit in first:
            if hit not in self._cut:
                self._cut[hit] = _passage(hit, self._asked.fields[hit.field])
        return tuple([self._cut[hit] for hit in first])


def passages(article: Article, found: tuple[Hit, ...]) -> tuple[Passage, ...]:
    """Return the passages of an article's first hits, as a match has them."""
    return Passages(document(article, Vocabulary(()))).around(found)


def _passage(hit: Hit, text: str) -> Passage:
    """Cut the surroundings of a hit at word ends; line breaks and tabs become spaces."""
    start, end = hit.start, min(hit.end, hit.start + _EXCERPT)
    around = (_EXCERPT - (end - start)) // 2
    left, right = max(0, start - around), min(len(text), end + around)
    if left and (space := text.find(" ", left, start)) >= 0:
        left = space + 1
    if right < len(text) and (space := text.rfind(" ", end, right)) >= 0:
        right = space
    excerpt = text[left:right].replace("\n", " ").replace("\t", " ")
    return Passage(field=hit.field, excerpt=excerpt, start=start - left, end=end - left)
