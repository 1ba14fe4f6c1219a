"""Sketches: a text becomes a few numbers by which near-identical texts are found. Pure.

A text is the set of its 3-word shingles in normal form; its sketch is the smallest hashes of
that set (bottom-k; Broder 1997, Cohen and Kaplan 2007). Two texts share a hash of their sketches
about as often as they share shingles, so a table of hashes finds near copies without a comparison
of all pairs. A sketch is stored: a change of meaning here must raise `VERSION`, and so does one
of `db.words.VERSION`.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

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

_BITS: Final = (1 << 63) - 1  # what SQLite holds as an integer without a sign


def sketch(stems: Sequence[str], size: int = WIDE) -> tuple[int, ...]:
    """Return the smallest hashes of the shingles of a text, ascending; () below three words.

    The stems are normal forms in reading order. The hashes are the same in every process, on
    every machine, and fit SQLite's integers. A shorter sketch is the beginning of a longer one.

    >>> wide = sketch("the same text has the same sketch".split())
    >>> wide[:3] == sketch("the same text has the same sketch".split(), 3)
    True
    """
    codes = [_codes(stem) for stem in stems]
    hashes = {
        first[0] + second[1] + third[2] & _BITS
        for first, second, third in zip(codes, codes[1:], codes[2:], strict=False)
    }
    return tuple(sorted(hashes)[:size])


class Resemblance(NamedTuple):
    """Estimates of how much two texts share.

    `similarity` is the share of all their shingles that both have (Jaccard); `containment` the
    share of the shorter text's shingles that the longer one has, 0 where fewer than `FEWEST`
    hashes can be compared: a long text holds many a short phrase.
    """

    similarity: float
    containment: float


def compare(one: Sequence[int], other: Sequence[int], size: int = WIDE) -> Resemblance:
    """Estimate how much two texts share from their sketches.

    Exact where both have fewer shingles than a sketch of this size has places. Of a full sketch
    only hashes up to its last can be missed, so only those of the other are compared.
    """
    mine, theirs = frozenset(one), frozenset(other)
    if mine.isdisjoint(theirs):
        return Resemblance(0.0, 0.0)
    last = min(sketch[-1] if len(sketch) >= size else _BITS for sketch in (one, other))
    both = sum(h <= last for h in mine & theirs)
    counts = sorted(bisect_right(sketch, last) for sketch in (one, other))
    enough = counts[0] >= FEWEST
    return Resemblance(both / (sum(counts) - both), both / counts[0] if enough else 0.0)


@lru_cache(maxsize=1 << 16)
def _codes(stem: str) -> tuple[int, int, int]:
    """Return three numbers of a stem: for the first, second and third place in a shingle."""
    digest = blake2b(stem.encode("utf-8", "replace"), digest_size=24).digest()
    first, second, third = (int.from_bytes(digest[at : at + 8]) for at in (0, 8, 16))
    return first, second, third
