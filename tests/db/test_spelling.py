"""How the index spells words: as `db.words` does, only faster."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db import words
from db.spelling import stems, surfaces, surfaces_of_list


@given(st.text() | st.from_regex("([A-Za-zЁёа-я'’.-]{0,70}[ \n\u00a0])*", fullmatch=True))
def test_the_index_spells_as_words_do(text: str) -> None:
    """Text put together from pieces has the tokens it has as a whole, in the same order."""
    assert surfaces(text).split() == words.surfaces(text).split()
    assert stems(text).split() == words.stems(text).split()


def test_nothing_spells_nothing() -> None:
    """A column that is NULL or empty has no words."""
    assert (surfaces(None), stems(""), surfaces_of_list("[]")) == ("", "", "")
    assert surfaces_of_list('["A. Writer", "Токаев"]').split() == ["a", "writer", "токаев"]


def test_more_pieces_than_are_kept() -> None:
    """The memory for pieces starts afresh when it is full, and nobody notices."""
    many = [f"w{number}" for number in range(70_000)]
    assert surfaces(" ".join(many)).split() == many
    assert surfaces("w1 " + "x" * 99) == words.surfaces("w1 " + "x" * 99)
