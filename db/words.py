"""Words: text becomes tokens, tokens become normal forms. Search and watches share this one way.

Pure, and total: every function takes any string, however broken, and never raises. What a token
is decides what the full-text index can find, so a change of meaning here must raise `VERSION`.

A surface token holds letters and digits only. The `ascii` tokenizer of FTS5 keeps ASCII
alphanumerics and everything above U+007F together, so it splits space-joined surfaces exactly at
the spaces: the index and the evaluator cannot disagree about where a word ends.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, chain, islice
from operator import itemgetter
from typing import Final, NamedTuple

from db.stems import normal

VERSION: Final = 2
"""Version of tokens and normal forms, stored with the index; another one means rebuild it."""

LONGEST: Final = 64
"""Characters of a surface token that count. FTS5 cuts tokens at 32 KiB; we cut first, and alike."""

_KEPT_PIECES: Final = 100_000
"""Pieces of text in one generation of the cache; two of them full of Cyrillic are some 90 MB."""

AROUND: Final = '.,:;!?()[]"«»“”„…'
"""What often stands around a word and is none of it: looked up without, it need not be read."""

_BLOCK: Final = 64
"""Pieces of text between the marks that `Reading` sets to find places by."""

# Surrogates, controls, noncharacters, bidi controls, and characters that hide inside words
# (soft hyphen, zero-width space, word joiner, byte order mark). XML 1.0 §2.2 forbids the first
# three groups; the rest change how a line reads without being seen.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060"
    "\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(0x10000 * plane + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_LINE_BREAK: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_HARD_SPACE: Final = re.compile("[\xa0\u2007\u202f]")

_APOSTROPHES: Final = "'’‘ʼ＇"
# Combining marks are no word characters to `re`; a stressed vowel or a Hebrew point must not end
# the word it stands in.
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
_WORD: Final = re.compile(rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*|[{_APOSTROPHES}](?=[^\W_])[^\W_]*)*")
_POSSESSIVE: Final = re.compile(f"[{_APOSTROPHES}][sS]$")
# Letters of their own that canonical decomposition would break: й, ў (Belarusian), ї (Ukrainian).
_LETTERS: Final = re.compile("[иу]\u0306|і\u0308")

PLAIN: Final = re.compile("[a-z0-9а-я]+")
"""A word in lower case that is its own surface."""


class Token(NamedTuple):
    """One word of a text: its surface form, and where it stands (characters, end exclusive)."""

    surface: str
    start: int
    end: int


def clean(text: str) -> str:
    """Make text from a stranger safe to store, index and print.

    The result is valid XML 1.0 text without lone surrogates, controls, noncharacters, bidi
    controls or invisible characters, in NFC, trimmed; hard spaces are spaces, and every kind of
    line break is a line feed. Idempotent.
    """
    if not text.replace("\n", " ").isprintable():
        text = _HARD_SPACE.sub(" ", _LINE_BREAK.sub("\n", _UNWANTED.sub("", text)))
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str) -> str:
    """Clean text for a place that has one line: all white space becomes single spaces."""
    return " ".join(clean(text).split())


def tokens(text: str) -> list[Token]:
    """Return the words of a text in reading order, with their places."""
    word = text[: LONGEST + 1].lower()
    if PLAIN.fullmatch(word) and len(text) <= LONGEST:
        # A text of one plain word, as most pieces of a text are, need not be searched for words.
        return [Token(word, 0, len(text))]
    return [Token(_surface(m[0][:LONGEST]), *m.span()) for m in _WORD.finditer(text)]


def surfaces(text: str) -> str:
    """Return the surface forms joined by spaces, as the index stores them."""
    return " ".join(Reading(text).surfaces())


def stems(text: str) -> str:
    """Return the normal forms joined by spaces, token for token with `surfaces`."""
    return " ".join(Reading(text).stems())


def _surface(raw: str) -> str:
    """Fold one raw word: no case, accents, apostrophes or possessive; ё is е; й stays."""
    word = raw.lower()
    if PLAIN.fullmatch(word):
        return word
    word = _POSSESSIVE.sub("", raw)
    word = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    word = _LETTERS.sub(_composed, word)
    kept = "".join(c for c in word if c.isalnum() and c not in _APOSTROPHES)
    return (kept or raw)[:LONGEST]


def _composed(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", letter[0])


# What a piece of text between white space comes to: surfaces, stems. A plain tuple, because
# `itemgetter` and the garbage collector are quicker with those than with named ones.
_Piece = tuple[tuple[str, ...], tuple[str, ...]]


class _Pieces(dict[str, _Piece]):
    """Piece -> what it comes to, filled as pieces are met.

    A word never spans white space, and news repeats itself: looking pieces up is four times as
    fast as searching the text for words. When full, the whole becomes the older generation, out
    of which what is met again is taken back; so frequent words stay and rare ones go.
    """

    def __init__(self, kept: int = _KEPT_PIECES) -> None:
        super().__init__()
        self._kept = kept
        self._older: dict[str, _Piece] = {}

    def __missing__(self, piece: str) -> _Piece:
        found = self._older.pop(piece, None)
        if found is None:
            word = piece.strip(AROUND)
            found = _read_piece(piece) if word == piece else self[word]
        if len(piece) <= LONGEST:
            if len(self) >= self._kept:
                self._older = dict(self)
                self.clear()
            self[piece] = found
        return found


def _read_piece(piece: str) -> _Piece:
    surfaces = tuple([_surface(raw[:LONGEST]) for raw in _WORD.findall(piece)])
    stems = tuple(map(normal, surfaces))
    return surfaces, stems if stems != surfaces else surfaces


_PIECES: Final = _Pieces()
_surfaces_of: Final = itemgetter(0)
_stems_of: Final = itemgetter(1)


class Reading:
    """A text read once: its words in two forms, and where they stand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces = list(map(_PIECES.__getitem__, text.split()))
        # What is left of the text after each block of pieces, as far as somebody asked.
        self._rests = [text]

    def surfaces(self) -> list[str]:
        """Return the surface forms in reading order."""
        return list(chain.from_iterable(map(_surfaces_of, self._pieces)))

    def stems(self) -> list[str]:
        """Return the normal forms, token for token with `surfaces`."""
        return list(chain.from_iterable(map(_stems_of, self._pieces)))

    def place(self, number: int) -> tuple[int, int]:
        """Return start and end (exclusive) of a word by its number from 0.

        Finds a few words without searching the whole text for words.
        """
        piece = bisect_right(self._ends, number)
        within = number - (self._ends[piece - 1] if piece else 0)
        start = len(self._text) - len(self._from_piece(piece))
        return next(islice(_WORD.finditer(self._text, start), within, None)).span()

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, map(_surfaces_of, self._pieces))))

    def _from_piece(self, piece: int) -> str:
        """Return the text from this piece to the end."""
        block, within = divmod(piece, _BLOCK)
        while len(self._rests) <= block:
            self._rests.append(self._rests[-1].split(None, _BLOCK)[_BLOCK])
        return self._rests[block].split(None, within)[within]
