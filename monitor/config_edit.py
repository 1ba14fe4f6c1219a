"""Tables written into the user's own TOML text, and taken out of it: every other byte stays. Pure.

A writer of whole documents would have to know where a comment belongs; here the text is cut at
lines only, and what comes out is read again: it must say what was said before, and the one table
more or less.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from monitor.toml_lines import key_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.toml_lines import KeyPath

Value = str | int | bool | list[str] | dict[str, str]


def table(kind: str, name: str, values: Mapping[str, Value]) -> str:
    """Return a table as TOML, those in it behind its own keys.

    >>> print(table("source", "paper", {"kind": "feed", "urls": ["https://e.org/rss"]}), end="")
    [source.paper]
    kind = "feed"
    urls = ["https://e.org/rss"]
    """
    head = f"{kind}.{_key(name)}"
    lines = [f"[{head}]"]
    within = {key: value for key, value in values.items() if isinstance(value, dict)}
    lines.extend(f"{k} = {_written(v)}" for k, v in values.items() if not isinstance(v, dict))
    for key, inner in within.items():
        lines.extend(("", f"[{head}.{_key(key)}]"))
        lines.extend(f"{_key(name)} = {_written(value)}" for name, value in inner.items())
    return "\n".join(lines) + "\n"


def with_table(text: str, kind: str, name: str, values: Mapping[str, Value]) -> str:
    """Return the text with one more table, after the last of its kind or at the end.

    Raises ValueError if there is one of this name already.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix("\ufeff")
    before = tomllib.loads(text)
    if name in before.get(kind, {}):
        raise ValueError(f"there is a {kind} called {name} already")
    expected = {**before, kind: {**before.get(kind, {}), name: dict(values)}}
    lines = text.splitlines(keepends=True)
    ends = [_span(text, lines, (kind, other))[1] for other in before.get(kind, {})]
    at = max(ends, default=len(lines))
    if lines and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    addition = ("\n" if at else "") + table(kind, name, values)
    if at < len(lines) and lines[at].strip():
        addition += "\n"
    if "\r\n" in text:
        addition = addition.replace("\n", "\r\n")
    return mark + _checked("".join([*lines[:at], addition, *lines[at:]]), expected)


def without_table(text: str, kind: str, name: str) -> str:
    """Return the text without a table, and without the comments that stand inside it.

    Raises KeyError if there is none of this name.
    """
    before = tomllib.loads(text)
    others = {key: value for key, value in before[kind].items() if key != name}
    if name not in before[kind]:
        raise KeyError(name)
    expected = {key: value for key, value in before.items() if key != kind}
    if others:
        expected[kind] = others
    lines = text.splitlines(keepends=True)
    start, end = _span(text, lines, (kind, name))
    while (
        end < len(lines) and not lines[end].strip() and (start == 0 or not lines[start - 1].strip())
    ):
        end += 1
    return _checked("".join([*lines[:start], *lines[end:]]), expected)


def _span(text: str, lines: list[str], path: KeyPath) -> tuple[int, int]:
    """Return the first line of a table, from 0, and the one behind its last."""
    places = key_lines(text)
    start = places[path] - 1
    behind = [
        line - 1
        for other, line in places.items()
        if line - 1 > start and other[: len(path)] != path and lines[line - 1].lstrip()[:1] == "["
    ]
    limit = end = min(behind, default=len(lines))
    while end > start + 1 and lines[end - 1].strip()[:1] in ("", "#"):
        end -= 1
    # Comments right below the last value are the table's, those right above the next one are not.
    own = end
    while own < limit and lines[own].strip():
        own += 1
    return start, end if own == limit < len(lines) else own


def _checked(text: str, expected: Mapping[str, Any]) -> str:
    if tomllib.loads(text) != expected:
        raise ValueError("the file is written in a way that cannot be changed safely")
    return text


def _key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else _string(name)


def _written(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    # JSON's numbers and truth values are TOML's as well.
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    """Write a basic string; what steers a terminal is escaped, which JSON leaves as it is."""
    return re.sub(
        "[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False)
    )
