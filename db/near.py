"""Where words stand together in a text, in whatever form each of them is looked for. Pure.

FTS5 compares words of one form only: normal forms, or surfaces. Where a query mixes them, or asks
for a name of several words, the index gives candidates and `stands` decides. The meaning is that
of FTS5's NEAR, which is the oracle of the tests.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from db import names
from db.tree import READ_FIELDS, STEM, Name, Near, Term
from db.words import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence


class Clump(NamedTuple):
    """Words that stand together, by their numbers from 0; both ends belong to it."""

    first: int
    last: int


def clump(near: Near, reading: Reading) -> Clump | None:
    """Return the first place where all operands stand near each other; None if there is none."""
    sizes = [_size(operand) for operand in near.operands]
    places = [_starts(operand, reading) for operand in near.operands]
    if not all(places):
        return None
    at = [0] * len(places)
    end = max(starts[0] for starts in places)
    while True:
        met = True
        for number, starts in enumerate(places):
            least = end - sizes[number] - near.distance
            while at[number] < len(starts) and starts[at[number]] < least:
                at[number] += 1
            if at[number] == len(starts):
                return None
            if starts[at[number]] > end:
                end, met = starts[at[number]], False
        if met:
            chosen = [starts[place] for starts, place in zip(places, at, strict=True)]
            lasts = [start + size - 1 for start, size in zip(chosen, sizes, strict=True)]
            return Clump(min(chosen), max(lasts))


def run(name: Name, reading: Reading) -> Clump | None:
    """Return the first place where the words of a name stand; None if there is none."""
    starts = _starts(name, reading)
    return Clump(starts[0], starts[0] + len(name.parts) - 1) if starts else None


def _size(operand: Term | Name) -> int:
    return len(operand.tokens if isinstance(operand, Term) else operand.parts)


def _starts(operand: Term | Name, reading: Reading) -> list[int]:
    """Return the numbers of the words at which an operand begins."""
    if isinstance(operand, Term):
        words = reading.stems() if operand.is_normal else reading.surfaces()
        return _runs(words, operand.tokens, prefix=operand.prefix)
    words = reading.surfaces()
    return [
        start
        for start in range(len(words) - len(operand.parts) + 1)
        if all(_is_called(words[start + place], part) for place, part in enumerate(operand.parts))
    ]


@lru_cache(maxsize=1 << 14)
def _is_called(word: str, part: tuple[str, ...]) -> bool:
    return not set(part).isdisjoint(names.keys(word))


def _runs(words: Sequence[str], tokens: Sequence[str], *, prefix: bool) -> list[int]:
    """Return where these tokens stand side by side; `prefix`: the last one may go on."""
    whole, last = list(tokens[:-1]), tokens[-1]
    size = len(whole)
    return [
        number - size
        for number, word in enumerate(words)
        if (word.startswith(last) if prefix else word == last)
        and number >= size
        and words[number - size : number] == whole
    ]


def spelled(asked: Near | Name) -> str:
    """Write what `stands` is to look for.

    >>> spelled(Name(("title",), (("anna+",), ("li",))))
    '[0, [["name", [["anna+"], ["li"]], false]]]'
    """
    operands = asked.operands if isinstance(asked, Near) else (asked,)
    distance = asked.distance if isinstance(asked, Near) else 0
    return json.dumps([distance, [_written(operand) for operand in operands]])


def stands(asked: str, text: str | None) -> bool:
    """Tell whether what is spelled stands in a text: a function that SQLite knows.

    >>> lee = Name(("title",), (names.asked("anna"), names.asked("li")))
    >>> stands(spelled(lee), "Анну Ли спросили"), stands(spelled(lee), "Анна и Ли")
    (True, False)
    """
    return text is not None and clump(_read(asked), Reading(text)) is not None


def _written(operand: Term | Name) -> list[object]:
    if isinstance(operand, Name):
        return ["name", operand.parts, False]
    return ["stem" if operand.is_normal else "word", operand.tokens, operand.prefix]


@lru_cache(maxsize=256)
def _read(spelled: str) -> Near:
    distance, operands = json.loads(spelled)
    column = READ_FIELDS[0]
    read: list[Term | Name] = []
    for form, parts, prefix in operands:
        if form == "name":
            read.append(Name((column,), tuple(map(tuple, parts))))
        else:
            columns = (f"{column}{STEM}" if form == "stem" else column,)
            read.append(Term(columns, tuple(parts), prefix))
    return Near(tuple(read), distance)
