"""db.openings: words that begin like no form are told apart, and never one too many."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.openings import Openings, opening
from db.query import parse
from db.stems import normal
from db.vocabulary import Vocabulary, forms

ENDINGS = [
    "", "s", "es", "ed", "ing", "y", "ly", "ies", "ied", "ying", "ational", "tional", "enci", "izer",
    "ousli", "ization", "ator", "fulness", "aliti", "biliti", "ogi", "ability", "ement", "ance", "ism",
    "ize", "ов", "ев", "ом", "ами", "ого", "ость", "ейший", "ок", "ек", "ец", "ьц", "ец", "ка", "ит", "ировать", "ывшись", "ться",
]  # fmt: skip
QUERIES = ["hope", "казахстан", '"Minsk"', "sov*", "eu", "don't", "ёлка", "trans-border", "A1"]
FILLERS = [f"zz{number}filler" for number in range(60)]
MARKS = [
    "",
    " ",
    " ",
    "\n",
    "\t",
    "\u00a0",
    "-",
    "—",
    "'",
    "’",
    "\u0301",
    ".",
    ", ",
    "«",
    "»",
    "_",
    "(",
]
WORDS = [
    "Hoping", "hope", "Казахстаном", "КАЗАХСТАН", "minsk", "Minsks", "sovereign", "EU", "Europe",
    "dont", "don", "t", "Ёлки", "елка", "ёл", "border", "trans", "İstanbul", "A1", "a", "1", "x" * 70,
]  # fmt: skip


@given(
    st.text(st.sampled_from("abcdehilnorstuvy"), max_size=7)
    | st.text(st.sampled_from("абвдеиклмноптуя"), max_size=7),
    st.lists(st.sampled_from(ENDINGS), max_size=2),
)
@example("d", ["ying"]).via("of all English words these change their second letter")
@example("рын", ["ок"]).via("a vowel that comes and goes")
@example("европе", ["ец"]).via("and becomes a letter of its own")
@example("о", ["ец"])
@example("дн", ["ями"]).via("a listed word")
@example("sk", ["ies"]).via("an exception of the stemmer's own")
def test_a_word_begins_as_its_normal_form_says(beginning: str, endings: list[str]) -> None:
    """So a word that opens otherwise need not be stemmed to know that nobody looks for it."""
    word = beginning + "".join(endings)
    assert word.startswith(opening(normal(word)))


@given(st.lists(st.sampled_from(WORDS) | st.sampled_from(MARKS), max_size=30).map("".join))
@example("İ hope").via("a text that is longer in lower case")
def test_few_forms_are_found_where_many_are(text: str) -> None:
    """A text is searched for few of them, and cut to pieces for many: what it tells is the same."""
    few = Vocabulary([parse(query).tree for query in QUERIES])
    many = Vocabulary([parse(query).tree for query in (*QUERIES, *FILLERS)])
    assert forms(few.told(text)) == forms(many.told(text))
    assert forms(few.told(text)) == forms(many.told(text))


@pytest.mark.parametrize(
    ("known", "letters", "searched"),
    [
        (["hop", "казах"], "", True),
        ([], "", True),
        (["hop"], "t", False),
        ([f"a{number}" for number in range(41)], "", False),
    ],
)
def test_texts_are_searched_for_few_beginnings(
    known: list[str], letters: str, *, searched: bool
) -> None:
    """Many, and single letters, stand nearly everywhere."""
    openings = Openings()
    openings.learn(known, letters)
    found = openings.pieces("Some  hope,\n«Казахстане» in l'ete")
    hits = {"hope,", "«Казахстане»"} if known else set()
    assert found == (hits | {"l'ete"} if searched else None)


def test_pieces_that_begin_like_nothing_are_not_worth_reading() -> None:
    """Marks around them and capitals aside; what is not plain is read in any case."""
    openings = Openings()
    openings.learn(["hop", "sovereign"[:7], "d"], "т")
    pieces = [
        "«Hoping»",
        "ho",
        "Sovereign",
        "Sovere",
        "dying",
        "Токаев",
        "Минск",
        "ёж",
        "x-y",
        "...",
    ]
    assert openings.worth_reading(pieces) == {
        "«Hoping»", "Sovereign", "dying", "Токаев", "ёж", "x-y",
    }  # fmt: skip
