"""A query's text becomes lexemes: operators, field names, words and phrases, with their columns.

Pure. What would silently mean another thing here than elsewhere (`-word`, `&&`, `k*z`) is refused
where it stands, with what to write instead.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum, auto
from typing import Final, NamedTuple

from db.errors import QueryError
from db.tree import CONDITION_FIELDS, FACT_FIELDS, READ_FIELDS
from db.words import Reading, clean_line

MAX_DISTANCE: Final = 1_000
"""Words that may stand between the operands of NEAR; without a number they are `DISTANCE`."""

DISTANCE: Final = 10

_FIELDS: Final = READ_FIELDS + FACT_FIELDS + CONDITION_FIELDS
_CLOSING: Final = {'"': '"', "“": '”"', "„": '“”"', "”": '”"', "«": "»", "»": "«»"}
_SPACE: Final = re.compile(r"\s*")
_CHUNK: Final = re.compile(r'[^\s()"“”„«»]+')
_FIELD: Final = re.compile(r"([^\W\d_]+):")
_NEAR: Final = re.compile(r"NEAR(?:/(.*))?", re.DOTALL)
_SMALL_NEAR: Final = re.compile(r"near/\d+", re.IGNORECASE)
_WEIGHED: Final = re.compile(r"[^\W_]+([~^])[\d.]*")
_SINGLE: Final = re.compile(r"'[^\W_][^'\s]*\s[^'\"]*[^\W_]'(?=[\s)]|$)")
# Behind a figure alone it counts the stars of a hotel.
_STAR: Final = re.compile(r"(?<=[^\W_])(?<!(?<!\w)[1-7])\*(?![^\W_])")
_DIGITS: Final = re.compile("[0-9]{1,9}")
_REGEX: Final = re.compile(r"/((?:[^/\\]|\\.)*)/", re.DOTALL)
_AFTER_REGEX: Final = re.compile(r"\s|[()]|$")
_OTHER_LANGUAGES: Final = {"&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT"}
_OTHER_FIELDS: Final = {
    "after": "published:>=2025-12-01", "since": "published:>=2025-12-01",
    "before": "published:<2025-12-01", "until": "published:<=2025-12-01",
    "date": "published:2025-12-01", "site": "source:tass", "from": "source:tass",
    "by": 'author:"Anna Lee"', "body": "text:border",
}  # fmt: skip


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
    NAME = auto()
    REGEX = auto()
    NEAR = auto()
    END = auto()


STARTS: Final = frozenset(
    {Kind.OPEN, Kind.NOT, Kind.FIELD, Kind.WORD, Kind.PHRASE, Kind.NAME, Kind.REGEX}
)
"""What an expression can start with."""

_OPERATORS: Final = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}


class Lexeme(NamedTuple):
    """A piece of a query: a field's name, or what is looked for without marks; `column` from 1.

    The text of a NEAR is its distance.
    """

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
            _refuse_star_inside(lexeme)
            found.append(lexeme)
        elif char == "~":
            lexeme, at = _name(text, at)
            found.append(lexeme)
        elif char == "/":
            lexeme, at = _regex(text, at)
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


def _refuse_star_inside(phrase: Lexeme) -> None:
    """Raise for a star at a word's end between the marks, where it would be a mark like others."""
    star = _STAR.search(phrase.text)
    if star is None:
        return
    whole = f'"{short(_STAR.sub("", phrase.text)).rstrip()}"*'
    if star.end() == len(phrase.text.rstrip()):
        hint = f"write {whole}"
    else:
        hint = f"only the last word may go on: {whole} (or join words: foreign* NEAR/0 minister)"
    raise QueryError(
        f'"*" stands behind the quotation marks; {hint}', column=phrase.column + star.end()
    )


def _name(text: str, at: int) -> tuple[Lexeme, int]:
    """Read a name, which stands right after its mark, as a word or between quotation marks."""
    column, at = at + 1, at + 1
    if text[at : at + 1] in _CLOSING:
        lexeme, end = _phrase(text, at)
        name, prefix = lexeme.text, lexeme.prefix or bool(_STAR.search(lexeme.text))
    else:
        found = _CHUNK.match(text, at)
        name, end = (found[0], found.end()) if found else ("", at)
        prefix = "*" in name
    if field := _FIELD.match(name):
        raise QueryError(
            f"the field stands before the mark: {short(field[0])}~{short(name[field.end() :])}",
            column=column,
        )
    if prefix:
        raise QueryError(
            "a name stands whole after ~, in its basic form; its endings are found without *",
            column=column,
        )
    return Lexeme(Kind.NAME, name, column), end


def _regex(text: str, at: int) -> tuple[Lexeme, int]:
    """Read a regular expression between slashes; one inside has a backslash before it."""
    found = _REGEX.match(text, at)
    if found is None:
        raise QueryError(
            "a closing / is missing for the regular expression opened here "
            "(to look for the words themselves, put them in quotation marks)",
            column=at + 1,
        )
    if not _AFTER_REGEX.match(text, found.end()):
        raise QueryError(
            "the regular expression ends here: leave a space after it, or write a slash "
            "inside it as \\/",
            column=found.end(),
        )
    return Lexeme(Kind.REGEX, found[1], at + 1), found.end()


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
    if near := _NEAR.fullmatch(word):
        return Lexeme(Kind.NEAR, _distance(near[1], column), column), found.end()
    _refuse_foreign(word, column)
    if single := _SINGLE.match(text, at):
        raise QueryError(
            f'a phrase stands between double marks: "{short(single[0][1:-1])}"', column=column
        )
    prefix = word.endswith("*")
    return Lexeme(Kind.WORD, word.removesuffix("*"), column, prefix), found.end()


def _distance(number: str | None, column: int) -> str:
    if number is None:
        return str(DISTANCE)
    if not _DIGITS.fullmatch(number) or int(number) > MAX_DISTANCE:
        raise QueryError(
            f"after NEAR/ stands how many words may be between, {MAX_DISTANCE:,} at most, as in "
            'NEAR/8 (the word itself is written "near")',
            column=column,
        )
    return number


def _field(name: str, column: int) -> str:
    field = name.lower()
    if field in _FIELDS:
        return field
    if field in _OTHER_FIELDS:
        hint = f"write {_OTHER_FIELDS[field]}"
    elif near := get_close_matches(field[:20], _FIELDS, n=1):
        hint = f"did you mean {near[0]}:?"
    else:
        hint = f"fields are {', '.join(f'{known}:' for known in _FIELDS)}"
    raise QueryError(
        f'there is no field "{short(name)}:"; {hint} '
        "(to look for the word itself, put it in quotation marks)",
        column=column,
    )


def _refuse_foreign(word: str, column: int) -> None:
    """Raise for what means something elsewhere, but would silently mean another thing here."""
    if word in _OTHER_LANGUAGES:
        raise QueryError(f'"{word}" is written {_OTHER_LANGUAGES[word]} here', column=column)
    if word[0] in "-!" and Reading(word).surfaces():
        raise QueryError(
            f'to leave a word out write NOT, as in "NOT {short(word[1:])}"', column=column
        )
    if _SMALL_NEAR.fullmatch(word):
        raise QueryError(f"an operator stands in capitals: {word.upper()}", column=column)
    if weighed := _WEIGHED.fullmatch(word):
        hint = {
            "~": "a name in any spelling has the mark before it, as in ~Tokayev",
            "^": "no word weighs more than others",
        }[weighed[1]]
        raise QueryError(
            f'"{weighed[1]}" means nothing behind a word here; {hint}',
            column=column + weighed.start(1),
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
