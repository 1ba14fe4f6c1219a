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
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION: Final = 1
"""Version of tokens and normal forms, stored with the index; another one means rebuild it."""

LONGEST: Final = 64
"""Characters of a surface token that count. FTS5 cuts tokens at 32 KiB; we cut first, and alike."""

_KEPT_PIECES: Final = 1 << 16
"""Pieces of text remembered per cache, some 15 MB when full; then it starts afresh."""

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

_RUSSIAN: Final = re.compile("[а-я]+")
_ENGLISH: Final = re.compile("[a-z]+")
# Nouns in -ит (визит, саммит): Snowball takes the ending for a verb's and makes визит a виза.
_NOUN_IT: Final = re.compile("(.{2,}ит)(?:а|у|ом|е|ы|ов|ам|ами|ах)?")
_CASE_ENDINGS: Final = frozenset(
    {"а", "у", "ом", "е", "ы", "ой", "ою", "ым", "ам", "ами", "ах", "о"}
)
_MISTAKEN_ENDINGS: Final = frozenset({"н", "л", "ен", "ил", "ыл", "им", "ым"})
_SHORTEST_BEFORE_OV: Final = 4
# Where the English stemmer joins words that no reader would.
_ENGLISH_FORMS: Final = {
    "organization": "organiz",
    "organizations": "organiz",
    "organisation": "organiz",
    "organisations": "organiz",
    "organizational": "organiz",
    "international": "international",
    "internationally": "international",
    "university": "university",
    "universities": "university",
}

_stem_english = Stemmer.Stemmer("english", 0).stemWord
_stem_russian = Stemmer.Stemmer("russian", 0).stemWord


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
    return [Token(_surface(m[0][:LONGEST]), *m.span()) for m in _WORD.finditer(text)]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of a text's words one by one: far cheaper than `tokens` for a few."""
    return (found.span() for found in _WORD.finditer(text))


def surface_list(text: str) -> list[str]:
    """Return the surface forms of a text's words in reading order."""
    return list(chain.from_iterable(map(_SURFACES.__getitem__, text.split())))


def stem_list(text: str) -> list[str]:
    """Return the normal forms of a text's words, token for token with `surface_list`."""
    return list(chain.from_iterable(map(_STEMS.__getitem__, text.split())))


def stem_set(text: str) -> set[str]:
    """Return the normal forms that occur in a text."""
    return set(chain.from_iterable(map(_STEMS.__getitem__, set(text.split()))))


def surfaces(text: str) -> str:
    """Return the surface forms joined by spaces, as the index stores them."""
    return " ".join(surface_list(text))


def stems(text: str) -> str:
    """Return the normal forms joined by spaces, token for token with `surfaces`."""
    return " ".join(stem_list(text))


@lru_cache(maxsize=_KEPT_PIECES)
def normal(surface: str) -> str:
    """Return the normal form of one surface token.

    Its script decides: English or Russian stems; everything else, digits and the letters of
    Kyrgyz, Kazakh, Belarusian and Ukrainian among it, stays as it is.
    """
    if _ENGLISH.fullmatch(surface):
        return _ENGLISH_FORMS.get(surface) or _stem_english(surface)
    if _RUSSIAN.fullmatch(surface):
        return _russian(surface)
    return surface


def _russian(word: str) -> str:
    """Stem a Russian word so that all cases of a name meet.

    Snowball takes Казахстан for a verb (казахста) and Токаев for a genitive plural (тока), but
    not Казахстаном and Токаева. Stemming until nothing changes would join them, and also Токаев
    with ток, Армения with армия. So a second step is taken only where the first took a noun's
    case ending, and it may take only what Snowball mistakes in the nominative.
    """
    if noun := _NOUN_IT.fullmatch(word):
        return noun[1]
    if word.endswith(("ов", "ев")):
        return _without_ov(word)
    stem: str = _stem_russian(word)
    if word[len(stem) :] not in _CASE_ENDINGS:
        return stem
    if stem.endswith(("ов", "ев")):
        return _without_ov(stem)
    again: str = _stem_russian(stem)
    return again if stem[len(again) :] in _MISTAKEN_ENDINGS else stem


def _without_ov(word: str) -> str:
    """Cut -ов or -ев (планов, Токаев) unless too little would be left (Киев, голов, Попов)."""
    return word[:-2] if len(word) - 2 >= _SHORTEST_BEFORE_OV else word


@lru_cache(maxsize=_KEPT_PIECES)
def _surface(raw: str) -> str:
    """Fold one raw word: no case, accents, apostrophes or possessive; ё is е; й stays."""
    word = _POSSESSIVE.sub("", raw)
    if word.isascii():
        return word.replace("'", "").lower()[:LONGEST]
    word = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    word = _LETTERS.sub(_composed, word)
    kept = "".join(c for c in word if c.isalnum() and c not in _APOSTROPHES)
    return (kept or raw)[:LONGEST]


def _composed(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", letter[0])


class _Surfaces(dict[str, tuple[str, ...]]):
    """What stands between two spaces -> its surface forms; filled as met, emptied when full.

    A word never spans white space, and news repeats itself: looking pieces up is four times as
    fast as searching the text for words.
    """

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(_surface(raw[:LONGEST]) for raw in _WORD.findall(piece))
        if len(piece) <= LONGEST:
            if len(self) >= _KEPT_PIECES:
                self.clear()
            self[piece] = found
        return found


class _Stems(dict[str, tuple[str, ...]]):
    """What stands between two spaces -> its normal forms; filled as met, emptied when full."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(map(normal, _SURFACES[piece]))
        if len(piece) <= LONGEST:
            if len(self) >= _KEPT_PIECES:
                self.clear()
            self[piece] = found
        return found


_SURFACES: Final = _Surfaces()
_STEMS: Final = _Stems()
