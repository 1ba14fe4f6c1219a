"""A query's tree is answered for one article in memory, with the meaning the index gives it.

Pure. A document reads its article lazily: what no query asks for is never tokenised.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from db.lexemes import FACT_FIELDS, READ_FIELDS
from db.query import And, Node, Not, Or, Query, Term
from db.words import BEGINNING, Reading, beginning

if TYPE_CHECKING:
    from collections.abc import Collection

    from db.model import Article

_STEM: Final = "_stem"
BARE: Final = tuple(f"{field}{_STEM}" for field in READ_FIELDS)
"""The columns a bare word looks in."""

_FEW: Final = 6
"""Searches through a column that cost less than noting where all its tokens stand first."""

_ORDER: Final = {field: place for place, field in enumerate(READ_FIELDS + FACT_FIELDS)}
_FIELD_OF: Final = {
    **{field: field for field in _ORDER},
    **{f"{field}{_STEM}": field for field in READ_FIELDS},
}


class Hit(NamedTuple):
    """Words that met a query: which tokens of which field (`end` exclusive)."""

    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """An article's fields by name, ready to be asked. Columns are called as in the index."""

    fields: dict[str, str]

    @cached_property
    def keys(self) -> set[str]:
        """What a query's terms can be looked up by.

        Normal forms of the fields a bare word looks in, facts as `source:tass`, and for all of
        them the beginnings of surfaces as `db.words.beginning` gives them.
        """
        found: set[str] = set()
        for field in READ_FIELDS:
            found.update(self._reading(field).keys())
        for field in FACT_FIELDS:
            for token in self._reading(field).surfaces():
                found.add(f"{field}:{token}")
                found.add(beginning(token))
        return found

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {}

    @cached_property
    def _readings(self) -> dict[str, Reading]:
        return {}

    def _reading(self, field: str) -> Reading:
        reading = self._readings.get(field)
        if reading is None:
            reading = self._readings[field] = Reading(self.fields[field])
        return reading

    def column(self, name: str) -> Column:
        """Return the tokens of a column of the index."""
        column = self._columns.get(name)
        if column is None:
            reading = self._reading(_FIELD_OF[name])
            column = Column(reading.stems() if name.endswith(_STEM) else reading.surfaces())
            self._columns[name] = column
        return column

    def place(self, hit: Hit) -> tuple[int, int]:
        """Return the characters of its field that a hit covers (end exclusive)."""
        reading = self._reading(hit.field)
        start, end = reading.place(hit.start)
        return start, end if hit.end == hit.start + 1 else reading.place(hit.end - 1)[1]


class Column:
    """The tokens of one column in reading order."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._asked = 0

    @cached_property
    def _first(self) -> dict[str, int]:
        """Where each token stands first."""
        return dict(zip(reversed(self._tokens), range(len(self._tokens) - 1, -1, -1), strict=True))

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._first)

    def find(self, term: Term) -> int:
        """Return where the term's tokens stand first, -1 if they do not."""
        tokens = term.tokens
        if term.prefix:
            return self._find_prefix(list(tokens[:-1]), tokens[-1])
        if len(tokens) == 1:
            return self._find_word(tokens[0])
        return self._find_phrase(list(tokens))

    def _find_word(self, word: str) -> int:
        self._asked += 1
        if self._asked > _FEW:
            return self._first.get(word, -1)
        return self._tokens.index(word) if word in self._tokens else -1

    def _find_prefix(self, whole: list[str], prefix: str) -> int:
        places = [self._find_phrase([*whole, token]) for token in self._beginning(prefix)]
        return min((at for at in places if at >= 0), default=-1)

    def _beginning(self, prefix: str) -> Collection[str]:
        """Return the different tokens that begin so."""
        self._asked += 1
        if self._asked <= _FEW:
            return {token for token in self._tokens if token.startswith(prefix)}
        first = last = bisect_left(self._sorted, prefix)
        while last < len(self._sorted) and self._sorted[last].startswith(prefix):
            last += 1
        return self._sorted[first:last]

    def _find_phrase(self, phrase: list[str]) -> int:
        at = self._find_word(phrase[0])
        if at < 0:
            return -1
        while self._tokens[at : at + len(phrase)] != phrase:
            try:
                at = self._tokens.index(phrase[0], at + 1)
            except ValueError:
                return -1
        return at


def document(article: Article) -> Document:
    """Make an article's document; a fact the article does not have is an empty field."""
    return Document(
        {
            "title": article.title,
            "summary": article.summary,
            "text": article.text,
            "source": article.source,
            "section": article.section or "",
            "author": "\n".join(article.authors),
            "place": article.dateline.place or "",
        }
    )


def evaluate(query: Query, document: Document) -> tuple[Hit, ...] | None:
    """Return the words by which a document meets a query, None if it does not meet it."""
    return hits(query, document) if _holds(query.tree, document) else None


def hits(query: Query, document: Document) -> tuple[Hit, ...]:
    """Return the words by which a document meets a query that it does meet.

    In order of field and place. A term gives its first place in each field it stands in. What is
    under a NOT gives none, so there may be none at all.
    """
    found = _hits(query.tree, document)
    return tuple(sorted(set(found), key=lambda hit: (_ORDER[hit.field], hit.start, -hit.end)))


def _holds(node: Node, document: Document) -> bool:
    """Tell whether a document meets a tree."""
    match node:
        case Term():
            return _stands(node, document)
        case And():
            return all(_holds(part, document) for part in node.parts)
        case Or():
            return any(_holds(part, document) for part in node.parts)
        case Not():
            return not _holds(node.part, document)
        case _:
            assert_never(node)


def _stands(term: Term, document: Document) -> bool:
    """Tell whether a term's tokens stand in a column; most are known not to by their keys."""
    last = term.tokens[-1]
    if term.columns == BARE:
        if last not in document.keys:
            return False
        if len(term.tokens) == 1:
            return True
    elif term.prefix and len(last) >= BEGINNING and beginning(last) not in document.keys:
        return False
    return any(document.column(name).find(term) >= 0 for name in term.columns)


def _hits(node: Node, document: Document) -> list[Hit]:
    """Return the places of the terms that make a tree hold that does hold."""
    match node:
        case Term():
            found = [(name, document.column(name).find(node)) for name in node.columns]
            size = len(node.tokens)
            return [Hit(_FIELD_OF[name], at, at + size) for name, at in found if at >= 0]
        case And():
            return [hit for part in node.parts for hit in _hits(part, document)]
        case Or():
            holding = [part for part in node.parts if _holds(part, document)]
            return [hit for part in holding for hit in _hits(part, document)]
        case Not():
            return []
        case _:
            assert_never(node)
