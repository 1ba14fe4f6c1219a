"""What an edit changed, word by word."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.diff import Mark, Piece, as_html, as_text, diff, excerpt

WORDS = st.lists(
    st.sampled_from(["the", "council", "met", "in", "Minsk", ".", ",", "и", "Совет"])
).map(" ".join)


def words(pieces: tuple[Piece, ...], *marks: Mark) -> list[str]:
    """Return the words that have one of the fates."""
    text = "".join(piece.text + " " for piece in pieces if piece.mark in marks)
    return re.findall(r"\w+|[^\w\s]", text)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", ""),
        ("same  words", "same words", "same words"),
        ("", "New words", "{+New words+}"),
        ("Old words", "", "[-Old words-]"),
        ("Talks in Minsk.", "Talks in Moscow.", "Talks in [-Minsk-] {+Moscow+}."),
        ("He didn't go", "He did go", "He [-didn't-] {+did+} go"),
        ("Three dead", "At least three dead", "[-Three-] {+At least three+} dead"),
        ("Совет в Минске", "Совет был в Минске", "Совет {+был+} в Минске"),
        # two equal words amid a rewritten sentence are chance
        ("a b c of d e f", "x y z of u v w", "[-a b c of d e f-] {+x y z of u v w+}"),
        ("Gone is the end", "Gone", "Gone [-is the end-]"),
        ("one\n\ntwo three", "one\n\ntwo four", "one\n\ntwo [-three-] {+four+}"),
    ],
)
def test_words_that_differ_are_marked(before: str, after: str, told: str) -> None:
    """Removed words stand before those that took their place, punctuation is a word of its own."""
    assert as_text(diff(before, after)) == told


def test_html_is_escaped() -> None:
    """Whatever a stranger wrote stays text; the marks alone are elements."""
    told = as_html(diff("a <b> x", "a <i> x"))
    assert told == "a &lt;<del>b</del> <ins>i</ins>&gt; x"


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_a_diff(before: str, after: str) -> None:
    """Without the added words it is the earlier text, without the removed ones the later."""
    pieces = diff(before, after)
    assert words(pieces, Mark.SAME, Mark.REMOVED) == words((Piece(Mark.SAME, before),), Mark.SAME)
    assert words(pieces, Mark.SAME, Mark.ADDED) == words((Piece(Mark.SAME, after),), Mark.SAME)
    marks = [piece.mark for piece in pieces]
    assert all(one is not other for one, other in pairwise(marks))


@given(WORDS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    """Equal texts are one piece, or none if there are no words."""
    assert {piece.mark for piece in diff(text, f"  {text} \n")} <= {Mark.SAME}


def test_a_long_text_with_few_edits_is_told_exactly() -> None:
    """Far apart, in texts too long to be compared word with word, each edit is found."""
    before = [f"word{number % 700} and{number}" for number in range(4000)]
    after = list(before)
    for place in (3, 1000, 1001, 3999):
        after[place] = "other"
    del after[2000:2005]
    pieces = diff(" ".join(before), " ".join(after))
    assert len([piece for piece in pieces if piece.mark is Mark.ADDED]) == 3
    assert len(words(pieces, Mark.REMOVED)) == 18


@pytest.mark.parametrize("kind", ["shuffled", "repeated", "nothing in common", "nested"])
def test_the_time_is_bounded(kind: str) -> None:
    """30,000 words against 30,000 cost seconds at worst, whatever they are."""
    dice = random.Random(7)  # noqa: S311 - texts, not secrets
    one = [str(number) for number in range(30_000)]
    other = {
        "shuffled": dice.sample(one, len(one)),
        "repeated": [dice.choice("abc") for _ in one],
        "nothing in common": [f"x{number}" for number in one],
        "nested": [f"{number}" if number % 150 == 0 else "z" for number in range(30_000)],
    }[kind]
    if kind == "repeated":
        one = [dice.choice("abc") for _ in one]
    start = time.process_time()
    assert diff(" ".join(one), " ".join(other))
    assert time.process_time() - start < 10


def test_what_is_cut_too_often_is_replaced_as_a_whole() -> None:
    """A text that gives one anchor at each cut is not cut for ever."""

    def layered(depth: int, own: str) -> list[str]:
        # The anchor of a layer stands once only in what the cut around it leaves.
        if not depth:
            return [own] * 300 + ["x0", "y0", "z0"] * 2
        gap = [own] * 2
        anchor, again = (f"x{at} y{at} z{at}".split() for at in (depth, depth - 1))
        return [*layered(depth - 1, own), *anchor, *gap, *again, *gap]

    pieces = diff(" ".join(layered(20, "a")), " ".join(layered(20, "b")))
    kept = words(pieces, Mark.SAME)
    assert {"x20", "x12"} <= set(kept)
    assert "x2" not in kept


def test_an_excerpt_keeps_what_stands_beside_the_changes() -> None:
    """Long stretches that stayed the same are cut at words, short ones stay."""
    before = f"{'start ' * 50}Minsk {'middle ' * 50}Friday {'end ' * 50}"
    after = before.replace("Minsk", "Moscow").replace("Friday", "Monday")
    told = as_text(excerpt(diff(before, after), around=20))
    assert told == (
        "… start start start [-Minsk-] {+Moscow+} middle middle … middle middle [-Friday-] "
        "{+Monday+} end end end end end …"
    )
    short = diff("a b c", "a b d")
    assert excerpt(short) == short


def test_an_excerpt_of_no_change_is_empty() -> None:
    """Where nothing changed, nothing is worth showing."""
    assert as_text(excerpt(diff("a " * 100, "a " * 100), around=20)) == ""


def test_an_edit_is_compared_once_however_often_it_is_told() -> None:
    """The same two texts give the very same pieces, not others like them."""
    before, after = "Talks in Minsk were " + "long", "Talks in Moscow were " + "long"
    assert diff(before, after) is diff("".join(before), "".join(after))
