"""How words begin that come to a form: most words of the news are told by that to be no match.

Pure. A word is in lower case here, as it stands between spaces without the marks around it. Only
plain words (`words.PLAIN`) begin as their form says: the others must be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from db.stems import beginning
from db.words import AROUND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LETTERS: Final = 7
"""Letters of a form by which a word is told not to come to it."""

_FEW: Final = 40
_SHORTEST: Final = 2
"""So few beginnings, none of them shorter, are sooner searched for than all words looked at."""

_PLAIN_LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя"
_ALL_PLAIN: Final = re.compile(f"[{_PLAIN_LETTERS} ]*")

# What is neither part of a plain word nor stands between words makes a piece that must be read.
_ODD: Final = re.compile(r"[^a-z0-9а-я \n.,:;!?()\[\]\"«»“”„…—–-]")


class Openings:
    """The beginnings of the words that are looked for."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._by_size: dict[int, set[str]] = {}

    def learn(self, openings: Iterable[str], letters: Iterable[str]) -> None:
        """Look for words with more beginnings as well, or with such a first letter at all.

        No beginning is longer than `LETTERS`.
        """
        for known in {*openings, *letters} - self._known:
            self._known.add(known)
            self._by_size.setdefault(len(known), set()).add(known)

    def pieces(self, text: str) -> set[str] | None:
        """Return the pieces of a text that may hold a word; None if looking at all is quicker."""
        if len(self._known) > _FEW or min(self._by_size, default=_SHORTEST) < _SHORTEST:
            return None
        lower = text.lower()
        if len(lower) != len(text):
            return None
        found: set[str] = set()
        for known in self._known:
            at = lower.find(known)
            while at >= 0:
                end = _add_piece(found, text, at)
                at = lower.find(known, end)
        if not lower.isascii() or "'" in lower:
            for odd in _ODD.finditer(lower):
                _add_piece(found, text, odd.start())
        return found

    def worth_reading(self, pieces: Sequence[str]) -> set[str]:
        """Return those of some pieces that may hold a word that is looked for.

        Looking at all of them at once takes a third of what looking at each by itself does.
        """
        words = " ".join([piece.strip(AROUND) for piece in pieces]).lower()
        pairs = list(zip(pieces, words.split(" "), strict=True))
        found: set[str] = set()
        if not _ALL_PLAIN.fullmatch(words):
            found.update([piece for piece, word in pairs if word.strip(_PLAIN_LETTERS)])
        for size, openings in self._by_size.items():
            found.update([piece for piece, word in pairs if word[:size] in openings])
        return found


def _add_piece(pieces: set[str], text: str, at: int) -> int:
    """Add what stands between spaces around a place; return where that ends."""
    start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    end = text.find(" ", at)
    end = len(text) if end < 0 else end
    pieces.update(text[start:end].split())
    return end


def opening(form: str) -> str:
    """Return the letters by which a plain word is told not to have this normal form.

    >>> opening("sovereign"), opening("hope")
    ('soverei', 'hop')
    """
    return beginning(form)[:LETTERS]
