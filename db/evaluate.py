"""A query's tree is answered for one article in memory, with the meaning the index gives it.

Pure. A document reads its article lazily: what no query asks for is never tokenised.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from db.lexemes import FACT_FIELDS, READ_FIELDS
from db.query import And, Node, Not, Or, Query, Term
from db.words import BEGINNING, Reading, beginning

if TYPE_CHECKING:
    from db.model import Article

_STEM: Final = "_stem"
BARE: Final = tuple(f"{field}{_STEM}" for field in READ_FIELDS)
"""The columns a bare word looks in."""

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
    """The tokens of one column in reading order, and where each of them stands first."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._first = dict(zip(reversed(tokens), range(len(tokens) - 1, -1, -1), strict=True))

    def find(self, term: Term) -> int:
        """Return where the term's tokens stand first, -1 if they do not."""
        tokens = term.tokens
        if term.prefix:
            return self._find_prefix(list(tokens[:-1]), tokens[-1])
        if len(tokens) == 1:
            return self._first.get(tokens[0], -1)
        return self._find_phrase(list(tokens))

    def _find_prefix(self, whole: list[str], prefix: str) -> int:
        found = [token for token in self._first if token.startswith(prefix)]
        if not whole:
            return min((self._first[token] for token in found), default=-1)
        places = [self._find_phrase([*whole, token]) for token in found]
        return min((at for at in places if at >= 0), default=-1)

    def _find_phrase(self, phrase: list[str]) -> int:
        at = self._first.get(phrase[0], -1)
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
    if len(found) > 1:
        found = sorted(set(found), key=lambda hit: (_ORDER[hit.field], hit.start, -hit.end))
    return tuple(found)


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
            return [
                Hit(_FIELD_OF[name], at, at + len(node.tokens)) for name, at in found if at >= 0
            ]
        case And():
            return [hit for part in node.parts for hit in _hits(part, document)]
        case Or():
            holding = [part for part in node.parts if _holds(part, document)]
            return [hit for part in holding for hit in _hits(part, document)]
        case Not():
            return []
        case _:
            assert_never(node)
