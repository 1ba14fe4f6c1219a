"""A query's tree is answered for one article in memory, with the meaning the index gives it.

Pure. Most terms are answered by the keys of the vocabulary that stand in the article; words are
put in order only where several must stand side by side, and places looked up only for an answer.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from db.facts import Facts, meets
from db.model import Article, ChangeKind, TextBasis, TitleBasis
from db.near import clump, run
from db.tree import (
    FACT_FIELDS,
    READ_FIELDS,
    SOURCE,
    STEM,
    And,
    Days,
    Fact,
    Name,
    Near,
    Not,
    Or,
    Regex,
    Term,
    field_and_form,
    is_of_sources,
)
from db.vocabulary import Vocabulary, forms, spots
from db.words import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from db.query import Query
    from db.tree import Node, Words
    from db.vocabulary import Spot, Told

_ORDER: Final = {field: place for place, field in enumerate(READ_FIELDS + FACT_FIELDS)}
_FIELD_OF: Final = {
    **{name: name for name in _ORDER},
    **{f"{name}{STEM}": name for name in READ_FIELDS},
}
_SPELLED: Final = (Term, Name)
_RARE_SPACE: Final = re.compile(r"[^\S ]")


class Hit(NamedTuple):
    """Words that met a query: which characters of which field (`end` exclusive)."""

    field: str
    start: int
    end: int


class Document:
    """An article's fields by name, ready to be asked about the words of a vocabulary."""

    def __init__(self, fields: dict[str, str], vocabulary: Vocabulary, facts: Facts) -> None:
        self.fields: Final = fields
        self.facts: Final = facts
        self._vocabulary = vocabulary
        self._told: dict[str, list[Told]] = {}
        self._spots: dict[str, dict[str, list[Spot]]] = {}
        self._hits: dict[tuple[str, ...] | Near | Regex, tuple[Hit, ...]] = {}
        self._spaced: dict[str, str] = {}
        self._readings: dict[str, Reading] = {}
        self._columns: dict[str, str] = {}

    @cached_property
    def keys(self) -> frozenset[str]:
        """Those keys of the vocabulary's terms that stand in the article; see `db.query.Term`."""
        read = "\n".join([self.fields[field] for field in READ_FIELDS])
        found = forms(self._vocabulary.told(read))
        for field in self._vocabulary.fields:
            found.update([f"{field}:{form}" for form in forms(self._told_in(field))])
        return frozenset(found)

    def hits(self, asked: Words | Regex) -> tuple[Hit, ...]:
        """Return the first place in each field in which something stands, in the order of fields.

        What `keys` lacks a key of stands nowhere and must not be asked for.
        """
        key = asked.keys if isinstance(asked, _SPELLED) else asked
        found = self._hits.get(key)
        if found is None:
            found = self._hits[key] = tuple(self._places(asked))
        return found

    def _places(self, asked: Words | Regex) -> Iterator[Hit]:
        if isinstance(asked, Regex):
            return self._matches(asked)
        if "\n" in self.fields[SOURCE] and is_of_sources(asked):
            return self._in_one_source(asked)
        if isinstance(asked, Near):
            return self._clumps(asked)
        if len(asked.keys) == 1:
            return self._words(asked)
        return self._phrases(asked) if isinstance(asked, Term) else self._clumps(asked)

    def _in_one_source(self, asked: Words) -> Iterator[Hit]:
        """Look into each source's name alone: words do not stand side by side across two."""
        start = 0
        for name in self.fields[SOURCE].split("\n"):
            alone = Document({**self.fields, SOURCE: name}, self._vocabulary, self.facts)
            for hit in alone._places(asked):
                yield Hit(SOURCE, start + hit.start, start + hit.end)
                return
            start += len(name) + 1

    def _told_in(self, field: str) -> list[Told]:
        told = self._told.get(field)
        if told is None:
            told = self._told[field] = self._vocabulary.told(self.fields[field])
        return told

    def _spots_in(self, field: str) -> dict[str, list[Spot]]:
        found = self._spots.get(field)
        if found is None:
            found = self._spots[field] = spots(self._told_in(field))
        return found

    def _words(self, term: Term | Name) -> Iterator[Hit]:
        _, form = field_and_form(term.keys[0])
        for column in term.columns:
            field = _FIELD_OF[column]
            if spots := self._spots_in(field).get(form):
                yield Hit(field, *min([self._place(field, spot) for spot in spots]))

    def _place(self, field: str, spot: Spot) -> tuple[int, int]:
        """Return where a field's first word of this kind stands."""
        spaced = self._spaced.get(field)
        if spaced is None:
            spaced = self._spaced[field] = f" {_between_spaces(self.fields[field])} "
        at = spaced.index(f" {spot.piece} ")
        return at + spot.start, at + spot.end

    def _phrases(self, term: Term) -> Iterator[Hit]:
        # Tokens hold no space, so between spaces a search for characters is one for tokens.
        words = f" {' '.join(term.tokens)}{'' if term.prefix else ' '}"
        for name in term.columns:
            column = self._column(name)
            at = column.find(words)
            if at >= 0:
                first = column.count(" ", 0, at)
                reading = self._reading(_FIELD_OF[name])
                last = first + len(term.tokens) - 1
                yield Hit(_FIELD_OF[name], reading.place(first)[0], reading.place(last)[1])

    def _clumps(self, asked: Near | Name) -> Iterator[Hit]:
        columns = asked.operands[0].columns if isinstance(asked, Near) else asked.columns
        for column in columns:
            field = _FIELD_OF[column]
            reading = self._reading(field)
            found = run(asked, reading) if isinstance(asked, Name) else clump(asked, reading)
            if found:
                yield Hit(field, reading.place(found.first)[0], reading.place(found.last)[1])

    def _matches(self, asked: Regex) -> Iterator[Hit]:
        for field in asked.fields:
            found = asked.pattern.place(self.fields[field])
            if found and found[0] < found[1]:
                yield Hit(field, *found)

    def _column(self, name: str) -> str:
        """Return the tokens of a column of the index between spaces."""
        column = self._columns.get(name)
        if column is None:
            reading = self._reading(_FIELD_OF[name])
            tokens = reading.stems() if name.endswith(STEM) else reading.surfaces()
            column = self._columns[name] = f" {' '.join(tokens)} "
        return column

    def _reading(self, field: str) -> Reading:
        reading = self._readings.get(field)
        if reading is None:
            reading = self._readings[field] = Reading(self.fields[field])
        return reading


def document(
    article: Article,
    vocabulary: Vocabulary,
    facts: Facts | None = None,
    shown_by: tuple[str, ...] = (),
) -> Document:
    """Make an article's document; a fact the article does not have is an empty field.

    `shown_by` names all sources that have shown it; none: only its own.
    """
    return Document(
        {
            "title": article.title,
            "summary": article.summary,
            "text": article.text,
            "source": "\n".join(shown_by or (article.source,)),
            "section": article.section or "",
            "author": "\n".join(article.authors),
            "place": article.dateline.place or "",
        },
        vocabulary,
        facts or Facts(article),
    )


def _between_spaces(text: str) -> str:
    """Return a text, character for character, with spaces for all white space."""
    text = text.replace("\n", " ")
    # Of all white space the space alone is printable; the others are rare, and slow to look for.
    return text if text.isprintable() else _RARE_SPACE.sub(" ", text)


def evaluate(
    query: Query,
    article: Article,
    *,
    kind: ChangeKind = ChangeKind.NEW,
    first_seen: datetime | None = None,
    shown_by: tuple[str, ...] = (),
) -> tuple[Hit, ...] | None:
    """Return the words by which an article meets a query, None if it does not meet it.

    `kind` is what happened to it, `first_seen` when the store first had it, if it has it at all;
    `shown_by` names all sources that have shown it, none: only its own.
    """
    asked = document(article, Vocabulary([query.tree]), Facts(article, kind, first_seen), shown_by)
    return hits(query.tree, asked) if holds(query.tree, asked) else None


def is_shown_by(node: Words, source: str) -> bool:
    """Tell whether what is asked of the field `source` holds for a source of this name."""
    article = Article(
        url=None,
        source=source,
        title="",
        title_basis=TitleBasis.DERIVED,
        text="",
        text_basis=TextBasis.LISTING,
    )
    return holds(node, document(article, Vocabulary([node])))


def holds(node: Node, document: Document) -> bool:  # noqa: PLR0911 - one for each kind of node
    """Tell whether a document meets a tree whose terms its vocabulary knows."""
    match node:  # the frequent ones first
        case Term():
            return _stands(node, document)
        case And():
            return all(holds(part, document) for part in node.parts)
        case Or():
            return any(holds(part, document) for part in node.parts)
        case Not():
            return not holds(node.part, document)
        case Name() | Near():
            return _stands(node, document)
        case Regex():
            return any(node.pattern.place(document.fields[field]) for field in node.fields)
        case Fact() | Days():
            return meets(node, document.facts)
        case _:
            assert_never(node)


def hits(node: Node, document: Document) -> tuple[Hit, ...]:
    """Return the words by which a document meets a tree that it does meet.

    In order of field and place. A term gives its first place in each field it stands in. What is
    under a NOT gives none, nor do facts, so there may be none at all.
    """
    if isinstance(node, Term):
        return document.hits(node)
    found = set(_hits(node, document))
    if len(found) < 2:  # noqa: PLR2004 - nothing to be put in order
        return tuple(found)
    return tuple(sorted(found, key=lambda hit: (_ORDER[hit.field], hit.start, -hit.end)))


def _stands(words: Words, document: Document) -> bool:
    if len(words.keys) == 1:
        return words.keys[0] in document.keys
    return document.keys.issuperset(words.keys) and bool(document.hits(words))


def _hits(node: Node, document: Document) -> list[Hit]:
    """Return the places of the terms that make a tree hold that does hold."""
    match node:
        case Term():
            return list(document.hits(node))
        case And():
            return [hit for part in node.parts for hit in _hits(part, document)]
        case Or():
            holding = [part for part in node.parts if holds(part, document)]
            return [hit for part in holding for hit in _hits(part, document)]
        case Name() | Near() | Regex():
            return list(document.hits(node))
        case Not() | Fact() | Days():
            return []
        case _:
            assert_never(node)
