r"""Regular expressions of strangers, in linear time: the only module that knows RE2. Pure.

Case does not matter unless a pattern says so; `^` and `$` stand at the ends of lines. The price
of a pattern is bounded twice: its program may have `MAX_PROGRAM` steps, and what RE2 remembers
while it searches stays under a megabyte.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from db.errors import QueryError

if TYPE_CHECKING:
    from re2 import _Regexp

MAX_PROGRAM: Final = 5_000
"""Steps of a compiled pattern: `.{0,40}` takes some 380, one letter of any script some 1,200."""

_MEMORY: Final = 1 << 20
_LINES: Final = "(?m)"
_LATIN_ONLY: Final = re.compile(r"(?:[^\\]|\\[^bBwW])*?(\\[bBwW])", re.DOTALL)
_SHOWN: Final = 40
_TOO_LARGE: Final = "pattern too large"
_KEPT: Final = 1_024


class Pattern:
    """A compiled pattern; equal to another one of the same text."""

    __slots__ = ("_compiled", "text")

    def __init__(self, text: str, compiled: _Regexp) -> None:
        self.text: Final = text
        self._compiled = compiled

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"/{self.text}/"

    def place(self, text: str) -> tuple[int, int] | None:
        """Return where the first match starts and ends; None if there is none."""
        data = text.encode("utf-8", "replace")  # a surrogate counts as the character it is
        found = self._compiled.search(data)
        if found is None:
            return None
        # `\C` matches a byte; what is less than a character counts as none.
        start = len(data[: found.start()].decode("utf-8", "ignore"))
        return start, start + len(found.group().decode("utf-8", "ignore"))

    def is_in(self, data: bytes) -> bool:
        """Tell whether a text in UTF-8 has a match; several times as fast as its place."""
        return self._compiled.search(data) is not None


@lru_cache(maxsize=_KEPT)
def compiled(text: str) -> Pattern:
    r"""Compile a pattern. Raises `QueryError` whose column counts within the pattern.

    Refused is also what would silently mean nothing: a pattern that matches the empty text, and
    `\b` or `\w`, which know Latin letters only, beside letters of another script.
    """
    # Loading RE2 takes 10 ms, which only a query with a pattern should pay.
    import re2  # noqa: PLC0415

    if not text.isascii() and (latin := _LATIN_ONLY.match(text)):
        raise QueryError(
            f"{latin[1]} knows Latin letters only: write \\pL for a letter of any script and "
            "[^\\pL] for what is none",
            column=latin.start(1) + 1,
        )
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        found = re2.compile(f"{_LINES}{text}".encode(), options)
    except re2.error as error:
        raise _unreadable(text, error.args[0].decode("utf-8", "replace")) from None
    except UnicodeEncodeError as error:
        raise QueryError("this is no character", column=error.start - len(_LINES) + 1) from None
    if found.programsize > MAX_PROGRAM:
        raise _unreadable(text, _TOO_LARGE)
    if found.search(b"") is not None:
        raise QueryError(
            "this regular expression matches nothing at all, too: ask for a character at least, "
            "with + for * or {1,9} for {0,9}",
            column=1,
        )
    return Pattern(text, found)


def matches(pattern: str, data: bytes | None) -> bool:
    """Tell whether a pattern that can be compiled finds anything in a text, given as a BLOB.

    A function that SQLite knows. From a BLOB Python makes no string, which takes longer than RE2.
    """
    return data is not None and compiled(pattern).is_in(data)


def _unreadable(text: str, reason: str) -> QueryError:
    """Say RE2's reason in our words, with the column of what it complains of."""
    if reason.startswith(_TOO_LARGE):
        return QueryError("this regular expression is too large: repeat less", column=1)
    what, _, where = reason.partition(": ")
    where = where.removeprefix(_LINES)
    hint = ""
    if where.startswith("(?"):
        hint = "; RE2 knows no look-around"
    elif where.startswith("\\") and where[1:].isdigit():
        hint = "; RE2 knows no back-references"
    shown = where if len(where) <= _SHOWN else f"{where[:_SHOWN]}…"
    return QueryError(
        f"this regular expression cannot be read: {what}: {shown}{hint}",
        column=max(0, text.find(where)) + 1,
    )
