"""The query language: text becomes a tree. It must not know how a tree is answered.

::

    any      = all { "OR" all }
    all      = one { [ "AND" ] one }
    one      = "NOT" one | [ field ":" ] ( near | regex | value | "(" any ")" )
    near     = term { "NEAR" [ "/" number ] term }
    term     = word | phrase | name
    word     = characters without spaces, brackets, quotation marks; "*" at its end: a prefix
    phrase   = quotation marks around words; "*" after it: its last word is a prefix
    name     = "~" and a word or words in quotation marks
    regex    = "/" a regular expression "/"
    value    = what a field without words is compared with: a day, a language, a kind of change

Whatever is no part of the language is a `QueryError` that names the column and what can be
written instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern
from typing import Final

from db import facts, names, patterns
from db.errors import QueryError
from db.lexemes import STARTS, Kind, Lexeme, lexemes, short
from db.stems import normal
from db.tree import (
    CONDITION_FIELDS,
    FACT_FIELDS,
    READ_FIELDS,
    STEM,
    And,
    Days,
    Fact,
    Name,
    Near,
    Node,
    Not,
    Or,
    Regex,
    Term,
    Words,
)
from db.words import Reading

MAX_LENGTH: Final = 10_000
MAX_TERMS: Final = 500
MAX_PATTERNS: Final = 5
"""Regular expressions of one query: compiling the worst ones takes some 3 ms each."""

MAX_NAME: Final = 10
"""Words of one name."""

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
_TERMS: Final = frozenset({Kind.WORD, Kind.PHRASE, Kind.NAME})


@dataclass(frozen=True, slots=True)
class Query:
    """A query as written, and what it means."""

    text: str
    tree: Node


def parse(text: str) -> Query:
    """Read a query.

    Raises `QueryError` for anything it cannot give one meaning to, and for more than
    `MAX_LENGTH` characters, `MAX_TERMS` words or phrases, `MAX_PATTERNS` regular expressions, or
    `MAX_DEPTH` levels.
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
        self._patterns = 0
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
        node = self._one_alone()
        if self._is_now(Kind.NEAR):
            raise QueryError(
                "NEAR joins words, phrases and names; of brackets write each pair: "
                "(a NEAR b) OR (a NEAR c)",
                column=self._now().column,
            )
        return node

    def _one_alone(self) -> Node:
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
        self._count(lexeme)
        if self._field in CONDITION_FIELDS:
            return self._condition(lexeme)
        return self._regex(lexeme) if lexeme.kind is Kind.REGEX else self._near(lexeme)

    def _in_field(self, lexeme: Lexeme) -> Node:
        if self._field:
            raise QueryError(
                f"{lexeme.text}: cannot stand inside {self._field}:", column=lexeme.column
            )
        if not self._is_now(*(STARTS - {Kind.NOT})):
            raise QueryError(
                f"{lexeme.text}: needs {_wanted(lexeme.text)} or a bracket on its right",
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

    def _near(self, lexeme: Lexeme) -> Words:
        """Read a term, and those that are to stand near it."""
        operands, distance = [self._term(lexeme)], ""
        while self._is_now(Kind.NEAR):
            operator = self._take()
            if not self._is_now(*_TERMS):
                raise QueryError(
                    "NEAR needs a word, a phrase or a name on its right; a field stands before "
                    "the whole: title:a NEAR/8 b",
                    column=operator.column,
                )
            if operator.text != (distance or operator.text):
                raise QueryError(
                    f"one NEAR of a row says {distance}, this one {operator.text}: "
                    "give both the same number",
                    column=operator.column,
                )
            distance = operator.text
            other = self._take()
            self._count(other)
            operands.append(self._term(other))
        return Near(tuple(operands), int(distance)) if distance else operands[0]

    def _term(self, lexeme: Lexeme) -> Term | Name:
        surfaces = tuple(Reading(lexeme.text).surfaces())
        if not surfaces:
            shown = f' in "{short(lexeme.text)}"' if lexeme.text else ""
            raise QueryError(
                f"there is no letter or digit to look for{shown}", column=lexeme.column
            )
        if lexeme.kind is Kind.NAME:
            return self._name(surfaces, lexeme)
        in_facts = self._field in FACT_FIELDS
        by_stem = lexeme.kind is Kind.WORD and not lexeme.prefix and not in_facts
        columns = (_STEM_COLUMNS if by_stem else _COLUMNS)[self._field]
        words = map(normal, surfaces) if by_stem else surfaces
        return Term(columns, tuple(map(intern, words)), lexeme.prefix)

    def _name(self, surfaces: tuple[str, ...], lexeme: Lexeme) -> Name:
        if len(surfaces) > MAX_NAME:
            raise QueryError(f"a name has {MAX_NAME} words at most", column=lexeme.column)
        parts = tuple(map(names.asked, surfaces))
        if not all(parts):
            odd = short(surfaces[parts.index(())])
            raise QueryError(
                f'"{odd}" is no name in Latin or Cyrillic letters: write it without ~',
                column=lexeme.column,
            )
        return Name(_COLUMNS[self._field], parts)

    def _regex(self, lexeme: Lexeme) -> Regex:
        if self._field in FACT_FIELDS:
            raise QueryError(
                f"a regular expression looks in {', '.join(f'{f}:' for f in READ_FIELDS)} only",
                column=lexeme.column,
            )
        self._patterns += 1
        if self._patterns > MAX_PATTERNS:
            raise QueryError(
                f"more than {MAX_PATTERNS} regular expressions; split the query into several",
                column=lexeme.column,
            )
        if not lexeme.text:
            raise QueryError("there is nothing between these slashes", column=lexeme.column)
        try:
            pattern = patterns.compiled(lexeme.text)
        except QueryError as error:
            raise QueryError(error.reason, column=lexeme.column + error.column) from None
        return Regex(_COLUMNS[self._field], pattern)

    def _condition(self, lexeme: Lexeme) -> Fact | Days:
        field = self._field or ""
        if lexeme.kind not in {Kind.WORD, Kind.PHRASE} or lexeme.prefix:
            raise QueryError(f"{field}: needs {_wanted(field)}", column=lexeme.column)
        return facts.condition(field, lexeme.text, lexeme.column)

    def _count(self, lexeme: Lexeme) -> None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QueryError(
                f"more than {MAX_TERMS} words and phrases; split the query into several",
                column=lexeme.column,
            )

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
        if self._is_now(Kind.NEAR):
            raise QueryError(
                'NEAR needs a word on its left (the word itself is written "near")',
                column=self._now().column,
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


def _wanted(field: str) -> str:
    """Say what may stand after a field's name."""
    return "a value" if field in CONDITION_FIELDS else 'a word, a "phrase"'


def _joined(kind: type[And | Or], parts: list[Node]) -> Node:
    """Join parts under one node; a part of the same kind is no level of its own."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat))
