"""db.vocabulary: the words that queries look for, found in texts."""

from __future__ import annotations

import tracemalloc

import pytest

from db.query import parse
from db.vocabulary import Spot, Vocabulary, forms, spots
from db.words import LONGEST


def vocabulary(*queries: str, kept: int = 100) -> Vocabulary:
    """Make the vocabulary of some queries."""
    return Vocabulary([parse(query).tree for query in queries], kept)


def found(asked: Vocabulary, text: str) -> dict[str, list[Spot]]:
    """Return the forms in a text with their places, told alike with and without them."""
    told = asked.told(text)
    assert forms(told) == spots(told).keys()
    return spots(told)


def test_only_what_is_looked_for_is_found() -> None:
    """Of a text remain the forms that queries ask for, wherever in them, and their places."""
    asked = vocabulary('Казахстан NOT "in Minsk"', "source:tass OR (bor* up-to)")
    assert asked.fields == ("source",)
    assert found(asked, "«Казахстаном» in Minsk, the trans-border tass to") == {
        "казахста": [("«Казахстаном»", 1, 12)],
        '"in': [("in", 0, 2)],
        '"minsk': [("Minsk,", 0, 5)],
        "bor*": [("trans-border", 6, 12)],
        '"tass': [("tass", 0, 4)],
        "to": [("to", 0, 2)],
    }


def test_a_piece_tells_of_its_first_word() -> None:
    """Of equal words in one piece the first is the spot; a word may be in several pieces."""
    places = found(vocabulary("border"), "border-borders (border)")["border"]
    assert sorted(places) == [("(border)", 1, 7), ("border-borders", 0, 6)]


@pytest.mark.parametrize("others", [0, 60])
@pytest.mark.parametrize("kept", [1, 2, 100])
def test_what_was_met_is_told_alike(kept: int, others: int) -> None:
    """However little is remembered and much looked for, a text tells the same each time."""
    queries = "border", "guard", *(f"zz{number}filler" for number in range(others))
    asked, text = vocabulary(*queries, kept=kept), "a border, the (guard) and the a,"
    first = found(asked, text)
    assert first.keys() == {"border", "guard"}
    for between in ("", "other words", "more of them", ""):
        assert found(asked, between) == {}
        assert found(asked, text) == first


def test_long_pieces_tell_as_well() -> None:
    """A piece too long to be remembered is read each time."""
    asked, piece = vocabulary("border"), "-" * LONGEST + "border"
    for _ in range(2):
        assert found(asked, piece) == {"border": [(piece, LONGEST, LONGEST + 6)]}


@pytest.mark.parametrize("others", [0, 60])
def test_long_pieces_are_not_remembered(others: int) -> None:
    """However many a stranger sends, they take no memory."""
    asked = vocabulary("border", *(f"zz{number}filler" for number in range(others)))
    text = " ".join(letter * 100_000 for letter in "abcdefgh") + " -border-" + "!" * LONGEST
    tracemalloc.start()
    assert forms(asked.told(text)) == {"border"}
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 100_000


def test_forms_that_are_added_are_found_in_pieces_known_to_be_silent() -> None:
    """What was remembered of a text does not hide what is looked for since."""
    asked = vocabulary("border", "guard")
    text = "the (guard) of Tokayev's border, TASS"
    assert found(asked, text).keys() == {"border", "guard"}
    for added, form in [
        ("~Токаев", "~tokaev"),
        ("source:tass", '"tass'),
        ("of", "of"),
        ("TOK*", "tok*"),
        ("border NOT of", None),
    ]:
        before = found(asked, text).keys()
        asked.add(parse(added).tree)
        assert found(asked, text).keys() - before == ({form} if form else set())
    assert asked.fields == ("source",)
    assert len(found(asked, text)) == 6


def test_many_forms_may_be_added() -> None:
    """However many are added one by one, each is found, in what was read before as well."""
    asked = vocabulary("border")
    text = " ".join(f"w{number}x" for number in range(1_200))
    assert found(asked, text) == {}
    for number in range(1_200):
        asked.add(parse(f"w{number}x").tree)
    assert len(found(asked, text)) == 1_200
    assert found(asked, "a border").keys() == {"border"}


def test_one_word_may_be_asked_for_under_several_names() -> None:
    """Names that share a key are told apart, and each is told of all its words."""
    asked = vocabulary("~Maria", "~Мария", "~Natalia", "text:~Maria")
    assert found(asked, "Марии и Natalya").keys() == {"~mar+|mari+", "~mari+", "~natal+|natali+"}
    assert asked.fields == ("text",)


def test_words_that_open_nothing_are_silent_and_their_like_are_found() -> None:
    """By stem, surface and beginning; with marks around them, in capitals, in any script."""
    queries = ["hope", "die", "казахстаном", '"Minsk"', "sov*", "eu", "don't"]
    asked = vocabulary(*queries)
    text = "«Hoping» (dying) МИНСК minsk! Sovereign Казахстан, Казбек EU Europe hop Dont so don’t"
    met = {spot.piece for places in found(asked, text).values() for spot in places}
    assert met == {
        "«Hoping»", "(dying)", "minsk!", "Sovereign", "Казахстан,", "EU", "Dont", "don’t",
    }  # fmt: skip
