"""The query language: text becomes a tree. It must not know how a tree is answered.

::

    any      = all { "OR" all }
    all      = one { [ "AND" ] one }
    one      = "NOT" one | [ field ":" ] ( word | phrase | "(" any ")" )
    word     = characters without spaces, brackets, quotation marks; "*" at its end: a prefix
    phrase   = quotation marks around words; "*" after it: its last word is a prefix

A tree says which columns of the index to look at and which tokens must stand side by side there,
so `db.compile` (search) and `db.evaluate` (watches) have nothing left to decide. Whatever is no
part of the language is a `QueryError` that names the column and what can be written instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from sys import intern
from typing import Final

from db.errors import QueryError
from db.lexemes import FACT_FIELDS, READ_FIELDS, STARTS, STEM, Kind, Lexeme, lexemes, short
from db.words import Reading, normal

MAX_LENGTH: Final = 10_000
MAX_TERMS: Final = 500
MAX_DEPTH: Final = 10
"""Brackets and NOTs inside each other; FTS5's own parser gives up at some fifteen."""

# Where a term looks, by the field it names: one tuple for the terms of all watches.
_COLUMNS: Final[dict[str | None, tuple[str, ...]]] = {
    None: READ_FIELDS,
    **{field: (field,) for field in READ_FIELDS + FACT_FIELDS},
}
_STEM_COLUMNS: Final[dict[str | None, tuple[str, ...]]] = {
    None: tuple(f"{field}{STEM}" for field in READ_FIELDS),
    **{field: (f"{field}{STEM}",) for field in READ_FIELDS},
}


@dataclass(frozen=True, slots=True)
class Term:
    """These tokens side by side in one of these columns; `prefix`: the last one may go on.

    `keys` are names for the tokens by which documents are told apart before anything is searched:
    a normal form as it is, a surface `"казахстаном`, the beginning of one `каза*`, all of them
    with the field if one is named: `source:"tass`. A term of one key holds where its key stands.
    """

    columns: tuple[str, ...]
    tokens: tuple[str, ...]
    prefix: bool = False
    keys: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = f"{self.columns[0].removesuffix(STEM)}:" if len(self.columns) == 1 else ""
        mark = "" if self.columns[0].endswith(STEM) else '"'
        keys = [f"{named}{mark}{token}" for token in self.tokens]
        if self.prefix:
            keys[-1] = f"{named}{self.tokens[-1]}*"
        # Thousands of watches share words; one string for all is smaller, and sooner compared.
        shared = tuple(map(intern, keys))
        object.__setattr__(self, "keys", self.tokens if shared == self.tokens else shared)


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts, anywhere in the article. Two parts at least, none of them an `And`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts or more. Two parts at least, none of them an `Or`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not the part, which is no `Not` itself."""

    part: Node


Node = Term | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query as written, and what it means."""

    text: str
    tree: Node


def field_and_form(key: str) -> tuple[str, str]:
    """Return the field that a term's key names, empty if none, and the key without it."""
    named, _, form = key.rpartition(":")
    return named, form


def parse(text: str) -> Query:
    """Read a query.

    Raises `QueryError` for anything it cannot give one meaning to, and for more than
    `MAX_LENGTH` characters, `MAX_TERMS` words or phrases, or `MAX_DEPTH` levels.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query has {len(text):,} characters, {MAX_LENGTH:,} at most can be read; "
            "split it into several",
            column=MAX_LENGTH + 1,
        )
    return Query(text=text, tree=_Parser(text).read())


class _Parser:
    """Reads the lexemes of one query from left to right; each method reads one rule."""

    def __init__(self, text: str) -> None:
        self._lexemes = lexemes(text)
        self._at = 0
        self._depth = 0
        self._terms = 0
        self._field: str | None = None

    def read(self) -> Node:
        if self._is_now(Kind.END):
            raise QueryError("the query is empty; write one word at least", column=1)
        self._refuse_unopened()
        tree = self._any()
        self._refuse_unopened()
        return tree

    def _now(self) -> Lexeme:
        return self._lexemes[self._at]

    def _is_now(self, *kinds: Kind) -> bool:
        return self._lexemes[self._at].kind in kinds

    def _take(self) -> Lexeme:
        lexeme = self._lexemes[self._at]
        self._at += 1
        return lexeme

    def _any(self) -> Node:
        parts = [self._all()]
        while self._is_now(Kind.OR):
            operator = self._take()
            self._need_right_of(operator, "OR")
            parts.append(self._all())
        return _joined(Or, parts)

    def _all(self) -> Node:
        self._refuse_operator_first()
        parts = [self._one()]
        while self._is_now(Kind.AND, *STARTS):
            if self._is_now(Kind.AND):
                operator = self._take()
                self._need_right_of(operator, "AND")
            parts.append(self._one())
        return _joined(And, parts)

    def _one(self) -> Node:
        lexeme = self._take()
        if lexeme.kind is Kind.NOT:
            self._need_right_of(lexeme, "NOT")
            self._deeper(lexeme)
            part = self._one()
            self._depth -= 1
            return part.part if isinstance(part, Not) else Not(part)
        if lexeme.kind is Kind.FIELD:
            return self._in_field(lexeme)
        if lexeme.kind is Kind.OPEN:
            return self._in_brackets(lexeme)
        return self._term(lexeme)

    def _in_field(self, lexeme: Lexeme) -> Node:
        if self._field:
            raise QueryError(
                f"{lexeme.text}: cannot stand inside {self._field}:", column=lexeme.column
            )
        if not self._is_now(Kind.WORD, Kind.PHRASE, Kind.OPEN, Kind.FIELD):
            raise QueryError(
                f'{lexeme.text}: needs a word, a "phrase" or a bracket on its right',
                column=lexeme.column,
            )
        self._field = lexeme.text
        part = self._one()
        self._field = None
        return part

    def _in_brackets(self, opened: Lexeme) -> Node:
        self._deeper(opened)
        if self._is_now(Kind.CLOSE):
            raise QueryError("there is nothing between these brackets", column=opened.column)
        if self._is_now(Kind.END):
            raise self._unclosed(opened)
        part = self._any()
        if not self._is_now(Kind.CLOSE):
            raise self._unclosed(opened)
        self._take()
        self._depth -= 1
        return part

    def _term(self, lexeme: Lexeme) -> Term:
        surfaces = tuple(Reading(lexeme.text).surfaces())
        if not surfaces:
            shown = f' in "{short(lexeme.text)}"' if lexeme.text else ""
            raise QueryError(
                f"there is no letter or digit to look for{shown}", column=lexeme.column
            )
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QueryError(
                f"more than {MAX_TERMS} words and phrases; split the query into several",
                column=lexeme.column,
            )
        in_facts = self._field in FACT_FIELDS
        by_stem = lexeme.kind is Kind.WORD and not lexeme.prefix and not in_facts
        columns = (_STEM_COLUMNS if by_stem else _COLUMNS)[self._field]
        words = map(normal, surfaces) if by_stem else surfaces
        return Term(columns, tuple(map(intern, words)), lexeme.prefix)

    def _deeper(self, lexeme: Lexeme) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(
                f"more than {MAX_DEPTH} brackets or NOTs inside each other", column=lexeme.column
            )

    def _refuse_operator_first(self) -> None:
        if self._is_now(Kind.AND, Kind.OR):
            raise QueryError(
                f"{self._now().text} needs something on its left", column=self._now().column
            )

    def _refuse_unopened(self) -> None:
        if self._is_now(Kind.CLOSE):
            raise QueryError("this closing bracket was never opened", column=self._now().column)

    def _need_right_of(self, operator: Lexeme, name: str) -> None:
        if not self._is_now(*STARTS):
            raise QueryError(f"{name} needs something on its right", column=operator.column)

    def _unclosed(self, opened: Lexeme) -> QueryError:
        return QueryError(
            "a closing bracket is missing for the one opened here",
            column=opened.column,
        )


def _joined(kind: type[And | Or], parts: list[Node]) -> Node:
    """Join parts under one node; a part of the same kind is no level of its own."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat))
