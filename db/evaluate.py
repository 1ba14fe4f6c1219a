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
from db.words import spans, stem_list, stem_set, surface_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Article

_STEM: Final = "_stem"


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
    def stems(self) -> set[str]:
        """The normal forms a bare word can meet."""
        found: set[str] = set()
        for field in READ_FIELDS:
            found |= stem_set(self.fields[field])
        return found

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {}

    @cached_property
    def _spans(self) -> dict[str, tuple[list[tuple[int, int]], Iterator[tuple[int, int]]]]:
        return {}

    def column(self, name: str) -> Column:
        """Return the tokens of a column of the index."""
        column = self._columns.get(name)
        if column is None:
            if name.endswith(_STEM):
                column = Column(stem_list(self.fields[name.removesuffix(_STEM)]))
            else:
                column = Column(surface_list(self.fields[name]))
            self._columns[name] = column
        return column

    def place(self, hit: Hit) -> tuple[int, int]:
        """Return the characters of its field that a hit covers (end exclusive)."""
        if hit.field not in self._spans:
            self._spans[hit.field] = ([], spans(self.fields[hit.field]))
        known, more = self._spans[hit.field]
        while len(known) < hit.end:
            known.append(next(more))
        return known[hit.start][0], known[hit.end - 1][1]


class Column:
    """The tokens of one column in reading order."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.present = frozenset(tokens)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.present)

    def begins(self, prefix: str) -> bool:
        """Tell whether any token begins so."""
        at = bisect_left(self._sorted, prefix)
        return at < len(self._sorted) and self._sorted[at].startswith(prefix)

    def meets(self, term: Term) -> bool:
        """Tell whether the term's tokens stand in this column."""
        if len(term.tokens) > 1:
            return self.find(term) >= 0
        return self.begins(term.tokens[0]) if term.prefix else term.tokens[0] in self.present

    def find(self, term: Term) -> int:
        """Return where the term's tokens stand first, -1 if they do not."""
        whole = term.tokens[:-1] if term.prefix else term.tokens
        if not self.present.issuperset(whole):
            return -1
        if not term.prefix:
            return self._find_whole(whole)
        last = term.tokens[-1]
        if not self.begins(last):
            return -1
        tokens = self.tokens
        for at in range(len(tokens) - len(whole)):
            if tokens[at + len(whole)].startswith(last) and self._stands(whole, at):
                return at
        return -1

    def _find_whole(self, whole: tuple[str, ...]) -> int:
        at = -1
        for _ in range(self.tokens.count(whole[0])):
            at = self.tokens.index(whole[0], at + 1)
            if self._stands(whole, at):
                return at
        return -1

    def _stands(self, whole: tuple[str, ...], at: int) -> bool:
        return all(self.tokens[at + i : at + i + 1] == [token] for i, token in enumerate(whole))


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
    """Return the words by which a document meets a query, None if it does not meet it.

    A term gives its first place in each field it stands in. What is under a NOT gives none, so
    the answer may be empty.
    """
    if not holds(query.tree, document):
        return None
    order = READ_FIELDS + FACT_FIELDS
    hits = set(_hits(query.tree, document))
    return tuple(sorted(hits, key=lambda hit: (order.index(hit.field), hit.start, -hit.end)))


def holds(node: Node, document: Document) -> bool:
    """Tell whether a document meets a tree."""
    match node:
        case Term():
            return any(document.column(name).meets(node) for name in node.columns)
        case And():
            return all(holds(part, document) for part in node.parts)
        case Or():
            return any(holds(part, document) for part in node.parts)
        case Not():
            return not holds(node.part, document)
        case _:
            assert_never(node)


def _hits(node: Node, document: Document) -> Iterator[Hit]:
    """Yield the places of the terms that make a tree hold."""
    match node:
        case Term():
            for name in node.columns:
                at = document.column(name).find(node)
                if at >= 0:
                    yield Hit(name.removesuffix(_STEM), at, at + len(node.tokens))
        case And() | Or():
            for part in node.parts:
                if holds(part, document):
                    yield from _hits(part, document)
        case Not():
            return
        case _:
            assert_never(node)
