"""Texts as the full-text index holds them: the tokens of `db.words`, joined by spaces. Pure.

These are functions that SQLite knows; the store calls the first three for every column it indexes.
"""

from __future__ import annotations

import json
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING

from db import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_KEPT_PIECES = 1 << 16


class _Pieces(dict[str, str]):
    """What stands between two spaces -> how the index spells it; filled as met.

    A word never spans white space and news repeats itself, so putting a text together from
    pieces costs half of what `db.words` takes to list its tokens. Most pieces are spelled as they
    stand, so one string serves as key and value; time goes into fetching strings from memory.
    """

    def __init__(self, spell: Callable[[str], str]) -> None:
        super().__init__()
        self._spell = spell

    def __missing__(self, piece: str) -> str:
        spelled = intern(self._spell(piece))
        if len(piece) <= words.LONGEST:
            if len(self) >= _KEPT_PIECES:
                self.clear()
            self[intern(piece)] = spelled
        return spelled


_SURFACES = _Pieces(words.surfaces)
_STEMS = _Pieces(words.stems)


@lru_cache(maxsize=32)
def _spelled(text: str) -> tuple[str, str]:
    pieces = text.split()
    surfaces = " ".join(map(_SURFACES.__getitem__, pieces))
    return surfaces, " ".join(map(_STEMS.__getitem__, pieces))


def surfaces(text: str | None) -> str:
    """Spell a text as the surface columns of the index hold it."""
    return _spelled(text)[0] if text else ""


def stems(text: str | None) -> str:
    """Spell a text as the stem columns of the index hold it."""
    return _spelled(text)[1] if text else ""


@lru_cache(maxsize=256)
def surfaces_of_list(array: str) -> str:
    """Spell a JSON array of names as the surface columns of the index hold it."""
    return surfaces(" ".join(json.loads(array)))


def distinct(texts: Iterable[str]) -> set[str]:
    """Return the surface tokens of texts, each once; quicker than spelling the texts out.

    >>> sorted(distinct(["Minsk, Minsk!", "in Minsk"]))
    ['in', 'minsk']
    """
    pieces = set[str]().union(*map(str.split, texts))
    return set[str]().union(*map(str.split, map(_SURFACES.__getitem__, pieces)))


def lines_of_list(array: str) -> str:
    """Return the names of a JSON array on a line each, as they are printed."""
    return "\n".join(json.loads(array))
