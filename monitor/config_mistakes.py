"""The wording of a config's mistakes: each on one line with file, line, table, key. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.words import clean_line
from monitor.config_values import nearest

if TYPE_CHECKING:
    import tomllib
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from monitor.toml_lines import KeyPath

_SAID = {
    "string_type": 'must be text in quotes: "…"',
    "int_type": "must be a whole number without quotes",
    "list_type": 'must be a list in brackets: ["…"]',
    "bool_type": "must be true or false, without quotes",
    "tuple_type": 'must be two lengths of time in quotes: "30m..6h"',
    "model_type": "must be a table of its own; the starter config (dateline init) shows one",
    "time_delta_type": 'must be a length of time in quotes: "15m"',
    "literal_error": "must be {expected}",
    "missing": "is missing; add it",
    "too_short": "is empty; name at least one",
    "string_too_short": "is empty; write something",
    "greater_than_equal": "is too small; the least is {ge}",
    "less_than_equal": "is too large; the most is {le}",
}
# A value that stands bare behind its key, an array that begins with a bare one, a bare one in it.
_BARE = re.compile(r"""\s*([\w.-]+)\s*=\s*([^\s"'\[{#][^"'#]*?)\s*(?:#.*)?$""")
_BARE_FIRST = re.compile(r"""\s*([\w.-]+)\s*=\s*\[\s*([^\s"'\[\]{#,][^\s"'\],]*)""")
_BARE_ITEM = re.compile(r"""\s*([^\s"'\[\]{}#=,][^\s"'\[\]{}#,]*)\s*,?\s*(?:#.*)?$""")
_CURLY = "“”„‟‘’‚‛«»‹›`´"
_TRUTH = ("true", "false")
_LONGEST = 300  # characters
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at one key, and what to do: one line, whatever a value was."""

    path: KeyPath
    text: str

    def __post_init__(self) -> None:
        """Leave out the middle of a value that a quotation mark has made of half a file."""
        line = clean_line(self.text)
        if len(line) > _LONGEST:
            line = f"{line[: _LONGEST // 2].rstrip()} … {line[-_LONGEST // 2 :].lstrip()}"
        object.__setattr__(self, "text", line)


def of_validation(
    error: ValidationError,
    path: KeyPath,
    known: Iterable[str],
    homes: Mapping[str, Sequence[str]],
) -> tuple[Mistake, ...]:
    """Translate what pydantic found in the table at `path`, whose keys are `known`.

    `homes` says under which headings each key of a config belongs.
    """
    names = tuple(known)
    return tuple(
        Mistake((*path, *found["loc"]), _strayed(found, path, homes) or _sentence(found, names))
        for found in error.errors(include_url=False, include_input=False)
    )


def _strayed(found: ErrorDetails, path: KeyPath, homes: Mapping[str, Sequence[str]]) -> str | None:
    """Say where a key belongs that is not one of the table it stands in."""
    if found["type"] != "extra_forbidden":
        return None
    here = ".".join((str(path[0]), *("NAME" for _ in path[1:]), *map(str, found["loc"][:-1])))
    return belongs([heading for heading in homes.get(str(found["loc"][-1]), ()) if heading != here])


def belongs(headings: Sequence[str]) -> str | None:
    """Say under which headings a key belongs; None if there are none."""
    if not headings:
        return None
    named = " or ".join(f"[{heading}]" for heading in headings)
    return f"belongs under {named}; write it there, and take the # from before that heading"


def _sentence(found: ErrorDetails, known: tuple[str, ...]) -> str:
    context = found.get("ctx", {})
    if found["type"] == "value_error":
        return str(context["error"])
    if found["type"] == "extra_forbidden":
        return f"unknown key; {nearest(str(found['loc'][-1]), known)}"
    return _SAID[found["type"]].format_map(context)


def of_syntax(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """Return the line and the sentence for a text that is no TOML."""
    message = str(error)
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else max(1, len(text.splitlines()))
    if bare := _bare("".join(text.split("\n")[line - 1 : line])):
        return line, bare
    column = f" (column {place[2]})" if place and place[2] else ""
    said = _PLACE.sub("", message)
    if "twice" in said or "overwrite" in said or "Cannot mutate" in said:
        return line, "this name stood above already; keep one of the two, or rename one"
    return line, f"this is no TOML: {said}{column}; correct it, nothing after it was read"


def _bare(line: str) -> str | None:
    """Say of a line that cannot be read which value in it lacks its quotes."""
    if found := _BARE.match(line):
        key, value = found.groups()
        if value.lower() in _TRUTH:
            return f"{key}: write it in small letters: {key} = {value.lower()}"
        return f'{key}: the value is not in {_quotes(value)}; write {key} = "{value.strip(_CURLY)}"'
    if found := _BARE_FIRST.match(line):
        key, value = found.groups()
        said = f"{key}: the values are not in {_quotes(value)}"
        return f'{said}; write {key} = ["{value.strip(_CURLY)}"]'
    if found := _BARE_ITEM.match(line):
        value = found[1]
        return f'a value is not in {_quotes(value)}; write "{value.strip(_CURLY)}"'
    return None


def _quotes(value: str) -> str:
    """Say which quotes a value lacks: it may have those that word processors make of them."""
    return "quotes" if value.strip(_CURLY) == value else 'straight quotes (")'


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int:
    """Return the line of a key, or of the nearest table around it that stands in the text."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def sentence(file: str, mistake: Mistake, lines: Mapping[KeyPath, int]) -> str:
    """Return `file:line: [table] key: what is wrong; what to do`."""
    table, keys = _split(mistake.path)
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in keys)
    where = f"[{table}] " if table else ""
    what = f"{key.lstrip('.')}: " if key else ""
    return f"{file}:{line_of(mistake.path, lines)}: {where}{what}{mistake.text}"


def _split(path: KeyPath) -> tuple[str, KeyPath]:
    depth = 2 if path and path[0] in {"source", "watch", "channel"} else 1
    return ".".join(str(part) for part in path[:depth]), path[depth:]


def wrong_table(value: Any, heading: str) -> str | None:
    """Return what is wrong if a table was written as something else."""
    if isinstance(value, dict):
        return None
    if isinstance(value, list):
        return f"must be one table; write [{heading}] with single brackets"
    return f"must be a table; write [{heading}] on a line of its own"
