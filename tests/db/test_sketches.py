"""Sketches: stable, short, and near where the texts are near."""

from __future__ import annotations

import random
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from db.sketches import FEWEST, SIZE, WIDE, compare, sketch

WORDS = st.lists(st.sampled_from("abcdefghij"), max_size=60)


def text(seed: int, words: int) -> list[str]:
    """Return a text of made-up words."""
    dice = random.Random(seed)  # noqa: S311 - made-up words
    return [f"w{dice.randrange(5000)}" for _ in range(words)]


def test_a_sketch_is_the_same_in_every_process() -> None:
    """The hashes are stored, so neither the process nor its hash seed may matter."""
    program = "from db.sketches import sketch; print(sketch('a b c d ё'.split()))"
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{sketch(list('abcdё'))}\n".encode()}
    assert sketch(["one", "two", "three"]) == (3569966023746090859,)


@given(WORDS)
def test_a_sketch_is_short_ascending_and_fits_the_store(words: list[str]) -> None:
    """It holds no more than asked for, each once, and SQLite's integers take them."""
    found = sketch(words)
    assert len(found) <= WIDE
    assert list(found) == sorted(set(found))
    assert all(0 <= key < 1 << 63 for key in found)
    assert bool(found) == (len(words) >= 3)
    assert sketch(words, SIZE) == found[:SIZE]


@given(WORDS, WORDS)
def test_comparing_is_symmetric_and_exact_for_short_texts(one: list[str], other: list[str]) -> None:
    """Below the size of a sketch the estimate is the share of shingles itself."""
    mine = set(zip(one, one[1:], one[2:], strict=False))
    theirs = set(zip(other, other[1:], other[2:], strict=False))
    found = compare(sketch(one), sketch(other))
    assert found == compare(sketch(other), sketch(one))
    assert found.similarity == (len(mine & theirs) / len(mine | theirs) if mine | theirs else 0)


def test_long_texts_are_estimated_within_a_tenth() -> None:
    """Half of the words in common, or all of a short text in a long one."""
    whole, other = text(1, 2000), text(2, 2000)
    half = compare(sketch(whole), sketch(whole[:1000] + other[:1000]))
    assert abs(half.similarity - 1 / 3) < 0.1
    part = compare(sketch(whole), sketch(whole[500:1500]))
    assert part.containment > 0.9
    assert abs(part.similarity - 1 / 2) < 0.1
    assert compare(sketch(whole), sketch(other)) == (0, 0)


def test_a_few_words_prove_no_copy() -> None:
    """Below the fewest shingles nothing is said to stand in another text."""
    words = text(3, FEWEST + 2)
    assert compare(sketch(words), sketch(words)).containment == 1
    assert compare(sketch(words[1:]), sketch(words)).containment == 0
    assert compare(sketch(words[1:]), sketch(words)).similarity > 0.9
