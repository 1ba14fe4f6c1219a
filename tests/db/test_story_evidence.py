"""db.conflicts, db.stories: what two tellings of one event may differ in, and what joins them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.stories import Kind
from db.story_keys import AT_LEAST, REACHED, bounds
from db.traits import traits
from tests.db.test_stories import article, judged


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("At least 8 people died.", "Rescuers say 13 people died."),
        ("Eight people died.", "The number rose to 13 people."),
        ("Погибли как минимум 8 человек.", "Погибли 13 человек."),
        ("Погибли 8 человек.", "Число жертв выросло до 13 человек."),
    ],
)
def test_a_number_that_has_grown_is_no_other_number(earlier: str, later: str) -> None:
    """A first count says "at least", a later one that it rose; either way round, it is one event."""
    one = article(f"A bus fell into a ravine near Osh. {earlier}", "Bus falls into ravine")
    two = article(f"Fog was to blame, police believe. {later}", "Ravine crash", source="x")
    assert judged(one, two).conflict == ""


def test_a_number_that_cannot_have_grown_so_speaks_against() -> None:
    """At least 13 are never 8 later, and a clock counts nothing."""
    one = article("A bus fell into a ravine. At least 13 people died.", "Bus falls into ravine")
    two = article("Fog was to blame: 8 people died.", "Ravine crash", source="x")
    assert judged(one, two).conflict == "different numbers of =peopl"
    one = article("The fire began at 07:42 in the hall, they said.", "Fire in a hall")
    two = article("Flames rose around 09:15 there.", "A hall burns", source="x")
    assert judged(one, two).conflict == "different numbers of clock"


def test_seven_of_nine_votes_are_seven_and_nine() -> None:
    """Who has the other's number somewhere does not contradict it."""
    one = article("The draft had seven votes, short of the nine required.", "Draft rejected")
    two = article("It got only seven of nine votes it needed.", "UN draft falls short", source="x")
    assert judged(one, two).conflict == ""


def test_bounds_are_read_in_digits_and_words() -> None:
    """Of what is no number nothing is read."""
    assert list(bounds(AT_LEAST, "Как минимум трое, ещё 2 и более всего 5")) == ["3", "2"]
    assert list(bounds(REACHED, "The toll rose to 13; it climbs to eleven")) == ["13", "11"]


@pytest.mark.parametrize("mark", ["URGENT: ", "BREAKING — ", "Update 2 - ", "СРОЧНО! ", "Молния. "])
def test_how_urgent_a_title_is_is_no_name(mark: str) -> None:
    """The mark before it is no part of a title."""
    plain, marked = article(), article(title=f"{mark}Market on fire in Bishkek")
    assert traits(marked).title == traits(plain).title
    assert traits(marked).names == traits(plain).names


def test_a_number_or_a_day_in_common_outweighs_names_in_titles() -> None:
    """One agency's title names the seller, the other's the buyer; a template proves nothing."""
    one = article(
        "Kumtor sold 640 kg of gold to a bank under a contract.", "Gold is sold by Kumtor"
    )
    two = article(
        "The bank got a delivery: 640 kg. Its head spoke of trust.",
        "The gold goes to Aiyl bank",
        source="x",
    )
    assert judged(one, two).conflict == ""
    two = replace(two, text=two.text.replace("640", "a lot of"))
    assert judged(one, two).conflict == "different names in the titles"
    one = replace(one, text="Kumtor sells gold on 26 July, it said on 15 December.")
    two = replace(two, text="On July 26 the bank will have its gold.")
    assert judged(one, two).conflict == ""
    two = replace(two, text="The bank said on December 15 that it had gold.")
    one = replace(one, text="Kumtor sells gold, it said on 15 December.")
    assert judged(one, two).conflict == "different names in the titles"


def test_a_day_in_common_is_a_fact_in_every_language() -> None:
    """A parade that both cancel for one day needs no name besides."""
    one = article(
        "The city cancels the parade on July 26 for security.", "Parade on July 26 cancelled"
    )
    two = article("Парада 26 июля в городе не будет: безопасность.", "Парад 26 июля", source="x")
    assert judged(one, two).kind is Kind.TRANSLATION


def test_all_numbers_in_common_count_within_half_a_day() -> None:
    """Who tells nothing but the other's numbers tells of the same, but not the day after."""
    one = article(
        "In Osh a bridge of 96 meters was opened. It cost 214 million soms.", "A new bridge"
    )
    two = article(
        "Cars cross the Ak-Buura in Osh: 96 meters, 214 million soms.", "Bridge", source="x"
    )
    near, far = judged(one, two), judged(one, replace(two, dateline=article(hours=20).dateline))
    assert near.score == pytest.approx(far.score + 0.12)
