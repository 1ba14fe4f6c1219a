"""A query's text becomes lexemes: operators, field names, words and phrases, with their columns.

Pure. What would silently mean another thing here than elsewhere (`-word`, `&&`, `/regex/`) is
refused where it stands, with what to write instead.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum, auto
from typing import Final, NamedTuple

from db.errors import QueryError
from db.words import Reading, clean_line

READ_FIELDS: Final = ("title", "summary", "text")
"""Fields a bare word looks in. They have a column of surfaces and one of normal forms."""

STEM: Final = "_stem"
"""What ends the name of a column of normal forms."""

FACT_FIELDS: Final = ("source", "section", "author", "place")
"""Fields that must be named; they have surfaces only: names are not to be bent."""

_CLOSING: Final = {'"': '"', "“": '”"', "„": '“”"', "”": '”"', "«": "»", "»": "«»"}
_SPACE: Final = re.compile(r"\s*")
_CHUNK: Final = re.compile(r'[^\s()"“„”«»]+')
_FIELD: Final = re.compile(r"([^\W\d_]+):")
_NEAR: Final = re.compile(r"NEAR(/\d*)?")
_POSSIBLE: Final = 'words, "exact phrases", prefix*, AND, OR, NOT and brackets are understood'
_OTHER_LANGUAGES: Final = {"&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT"}


class Kind(Enum):
    """What a lexeme is; END stands after the last one."""

    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    FIELD = auto()
    WORD = auto()
    PHRASE = auto()
    END = auto()


STARTS: Final = frozenset({Kind.OPEN, Kind.NOT, Kind.FIELD, Kind.WORD, Kind.PHRASE})
"""What an expression can start with."""

_OPERATORS: Final = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}


class Lexeme(NamedTuple):
    """A piece of a query: a field's name, or the words without marks; `column` from 1."""

    kind: Kind
    text: str
    column: int
    prefix: bool = False


def lexemes(text: str) -> list[Lexeme]:
    """Cut a query into lexemes; the last one is always END."""
    found: list[Lexeme] = []
    at = _skip_space(text, 0)
    while at < len(text):
        char = text[at]
        if char in "()":
            kind = Kind.OPEN if char == "(" else Kind.CLOSE
            found.append(Lexeme(kind, char, at + 1))
            at += 1
        elif char in _CLOSING:
            lexeme, at = _phrase(text, at)
            found.append(lexeme)
        else:
            lexeme, at = _chunk(text, at)
            found.append(lexeme)
        at = _skip_space(text, at)
    found.append(Lexeme(Kind.END, "", len(text) + 1))
    return found


def _skip_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _phrase(text: str, at: int) -> tuple[Lexeme, int]:
    closing = _CLOSING[text[at]]
    end = next((i for i in range(at + 1, len(text)) if text[i] in closing), None)
    if end is None:
        raise QueryError(
            "a closing quotation mark is missing for the one opened here",
            column=at + 1,
        )
    prefix = text.startswith("*", end + 1)
    return Lexeme(Kind.PHRASE, text[at + 1 : end], at + 1, prefix), end + 1 + prefix


def _chunk(text: str, at: int) -> tuple[Lexeme, int]:
    """Read an operator, a field's name or a word; `at` stands on a character of one."""
    if field := _FIELD.match(text, at):
        return Lexeme(Kind.FIELD, _field(field[1], at + 1), at + 1), field.end()
    found = _CHUNK.match(text, at)
    if found is None:
        raise AssertionError(text[at])
    word, column = found[0], at + 1
    if word in _OPERATORS:
        return Lexeme(_OPERATORS[word], word, column), found.end()
    _refuse_foreign(word, column)
    prefix = word.endswith("*")
    return Lexeme(Kind.WORD, word.removesuffix("*"), column, prefix), found.end()


def _field(name: str, column: int) -> str:
    field = name.lower()
    if field in READ_FIELDS or field in FACT_FIELDS:
        return field
    near = get_close_matches(field[:20], READ_FIELDS + FACT_FIELDS, n=1)
    known = ", ".join(f"{f}:" for f in READ_FIELDS + FACT_FIELDS)
    hint = f"did you mean {near[0]}:?" if near else f"fields are {known}"
    raise QueryError(
        f'there is no field "{short(name)}:"; {hint} '
        "(to look for the word itself, put it in quotation marks)",
        column=column,
    )


def _refuse_foreign(word: str, column: int) -> None:
    """Raise for what means something elsewhere, but would silently mean another thing here."""
    if word in _OTHER_LANGUAGES:
        raise QueryError(f'"{word}" is written {_OTHER_LANGUAGES[word]} here', column=column)
    if word.startswith("/"):
        raise QueryError(f"regular expressions are no part of this: {_POSSIBLE}", column=column)
    if word.startswith("~"):
        raise QueryError(f'"~" is no part of this: {_POSSIBLE}', column=column)
    if _NEAR.fullmatch(word):
        raise QueryError(
            f'NEAR is no operator here: {_POSSIBLE} (the word itself is written "near")',
            column=column,
        )
    if word[0] in "-!" and Reading(word).surfaces():
        raise QueryError(
            f'to leave a word out write NOT, as in "NOT {short(word[1:])}"', column=column
        )
    if "*" in word[:-1]:
        raise QueryError(
            '"*" stands once, at the end of a word: the word may go on from there',
            column=column + word.index("*"),
        )


def short(text: str) -> str:
    """Make a stranger's text fit for a message: clean, and not long."""
    text = clean_line(text)
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - fits a line
