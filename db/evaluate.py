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
    def _columns(self) -> dict[str, str]:
        return {}

    @cached_property
    def _readings(self) -> dict[str, Reading]:
        return {}

    def _reading(self, field: str) -> Reading:
        reading = self._readings.get(field)
        if reading is None:
            reading = self._readings[field] = Reading(self.fields[field])
        return reading

    def find(self, term: Term, name: str) -> int:
        """Return which token of a column the term's tokens begin at first, -1 if at none."""
        column = self._columns.get(name)
        if column is None:
            reading = self._reading(_FIELD_OF[name])
            tokens = reading.stems() if name.endswith(_STEM) else reading.surfaces()
            column = self._columns[name] = f" {' '.join(tokens)} "
        # Tokens hold no space, so between spaces a search for characters is one for tokens.
        at = column.find(f" {' '.join(term.tokens)}{'' if term.prefix else ' '}")
        return column.count(" ", 0, at) if at >= 0 else -1

    def place(self, hit: Hit) -> tuple[int, int]:
        """Return the characters of its field that a hit covers (end exclusive)."""
        reading = self._reading(hit.field)
        start, end = reading.place(hit.start)
        return start, end if hit.end == hit.start + 1 else reading.place(hit.end - 1)[1]


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
    return any(document.find(term, name) >= 0 for name in term.columns)


def _hits(node: Node, document: Document) -> list[Hit]:
    """Return the places of the terms that make a tree hold that does hold."""
    match node:
        case Term():
            found = [(name, document.find(node, name)) for name in node.columns]
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
