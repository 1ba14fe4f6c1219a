"""Sketches: a text becomes a few numbers by which near-identical texts are found. Pure.

A text is the set of its 3-word shingles in normal form; its sketch is the smallest hashes of
that set (bottom-k; Broder 1997, Cohen and Kaplan 2007). Two texts share a hash of their sketches
about as often as they share shingles, so a table of hashes finds near copies without a comparison
of all pairs. A sketch is stored: a change of meaning here must raise `VERSION`, and so does one
of `db.words.VERSION`.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION: Final = 1
"""Version of the hashes; another one means that stored sketches find nothing."""

SIZE: Final = 16
"""Hashes of a sketch that are looked up: the first of the wide one."""

WIDE: Final = 128
"""Hashes of a wide sketch, by which two texts are compared."""

FEWEST: Final = 12
"""Shingles below which a text is too short to say by itself that it is a copy."""

_WORDS: Final = 3
_BITS: Final = (1 << 63) - 1  # what SQLite holds as an integer without a sign
_FIRST: Final = 0x9E3779B97F4A7C15
_SECOND: Final = 0xC2B2AE3D27D4EB4F


def sketch(stems: Sequence[str], size: int = WIDE) -> tuple[int, ...]:
    """Return the smallest hashes of the shingles of a text, ascending; () below three words.

    The stems are normal forms in reading order. The hashes are the same in every process, on
    every machine, and fit SQLite's integers. A shorter sketch is the beginning of a longer one.

    >>> sketch("one two three".split()) == sketch("one two three one two three".split())[:1]
    False
    >>> wide = sketch("the same text has the same sketch".split())
    >>> wide[:3] == sketch("the same text has the same sketch".split(), 3)
    True
    """
    codes = [_code(stem) for stem in stems]
    hashes = {
        (first * _FIRST + second * _SECOND + third) * _FIRST >> 7 & _BITS
        for first, second, third in zip(codes, codes[1:], codes[2:], strict=False)
    }
    return tuple(sorted(hashes)[:size])


def similarity(one: Sequence[int], other: Sequence[int], size: int = WIDE) -> float:
    """Estimate which share of all shingles of two texts is in both (Jaccard), from their sketches.

    Exact where both texts have fewer shingles than a sketch of this size has places; 0 where
    there is nothing to compare.
    """
    mine, theirs = _comparable(one, other, size)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def containment(one: Sequence[int], other: Sequence[int], size: int = WIDE) -> float:
    """Estimate which share of the shingles of the shorter text is in the longer one.

    0 where fewer than `FEWEST` hashes can be compared: a long text holds many short phrases.
    """
    mine, theirs = _comparable(one, other, size)
    fewest = min(len(mine), len(theirs))
    return len(mine & theirs) / fewest if fewest >= FEWEST else 0.0


def _comparable(
    one: Sequence[int], other: Sequence[int], size: int
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the hashes that either sketch would hold if its text had them."""
    last = min(sketch[-1] if len(sketch) >= size else _BITS for sketch in (one, other))
    return frozenset(h for h in one if h <= last), frozenset(h for h in other if h <= last)


@lru_cache(maxsize=1 << 16)
def _code(stem: str) -> int:
    return int.from_bytes(blake2b(stem.encode("utf-8", "replace"), digest_size=8).digest())
