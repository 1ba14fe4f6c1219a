"""On which line of a TOML text a key stands. Pure.

`tomllib` tells lines for broken syntax only. This scanner takes a text that `tomllib` has
accepted, so it need not judge anything: it follows tables, keys, arrays and strings just closely
enough to count lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LITERAL = re.compile(
    r"[^,\]}\s#]+(?: \d[^,\]}\s#]*)?"
)  # a date and a time may have a space between
_STRINGS = (  # the long forms first: an empty string looks like their beginning
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\]|\\.)*"'),
    re.compile(r"'[^']*'"),
)


def key_lines(text: str) -> dict[KeyPath, int]:
    r"""Return the line (from 1) of every table, key and array element; the first one counts.

    >>> key_lines('[watch.border]\nquery = "x"\nchannels = [\n  "mail",\n]\n')[
    ...     "watch", "border", "channels", 0
    ... ]
    4
    """
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    """One pass over one text; `_at` is where it stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._lines: dict[KeyPath, int] = {}
        self._array_tables: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip(_BLANK) < len(self._text):
            if self._here("["):
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> KeyPath:
        start = self._at
        is_array = self._text.startswith("[[", start)
        self._at += 2 if is_array else 1
        path = self._resolve(self._key())
        self._skip(_SPACE)
        self._at += 2 if is_array else 1
        if is_array:
            number = self._array_tables.get(path, -1) + 1
            self._array_tables[path] = number
            self._note(path, start)
            path = (*path, number)
        for length in range(1, len(path) + 1):
            self._note(path[:length], start)
        return path

    def _resolve(self, names: KeyPath) -> KeyPath:
        """Put the number of the latest array element where a header passes through one."""
        path: KeyPath = ()
        for position, name in enumerate(names):
            path = (*path, name)
            if position < len(names) - 1 and path in self._array_tables:
                path = (*path, self._array_tables[path])
        return path

    def _pair(self, table: KeyPath) -> None:
        start = self._at
        path = (*table, *self._key())
        for length in range(len(table) + 1, len(path) + 1):
            self._note(path[:length], start)
        self._skip(_SPACE)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> KeyPath:
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            if self._text[self._at] in "\"'":
                names.append(self._string()[1:-1])
            else:
                start = self._at
                self._skip(_BARE_KEY)
                names.append(self._text[start : self._at])
            self._skip(_SPACE)
            if not self._here("."):
                return tuple(names)
            self._at += 1

    def _value(self, path: KeyPath) -> None:
        if self._here("["):
            self._array(path)
        elif self._here("{"):
            self._inline_table(path)
        elif self._text[self._at] in "\"'":
            self._string()
        else:
            self._skip(_LITERAL)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        number = 0
        while not self._ends("]"):
            self._note((*path, number), self._at)
            self._value((*path, number))
            self._comma()
            number += 1
        self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while not self._ends("}"):
            self._pair(path)
            self._comma()
        self._at += 1

    def _ends(self, mark: str) -> bool:
        self._skip(_BLANK)
        return self._here(mark)

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self._here(","):
            self._at += 1

    def _string(self) -> str:
        for pattern in _STRINGS:
            found = pattern.match(self._text, self._at)
            if found:
                self._at = found.end()
                return found.group()
        raise AssertionError("tomllib accepted this text")

    def _here(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _note(self, path: KeyPath, at: int) -> None:
        self._lines.setdefault(path, bisect_right(self._starts, at))
