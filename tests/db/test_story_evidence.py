"""db.conflicts, db.stories: what two tellings of one event may differ in, and what joins them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.stories import Kind
from db.story_keys import AT_LEAST, REACHED, Number, bounds
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
    assert list(bounds(AT_LEAST, "Как минимум трое, ещё 2 и более всего 5, в более 12:30")) == [
        Number("3", ""), Number("2", "и"),
    ]  # fmt: skip
    assert list(bounds(REACHED, "The toll rose to 13; it climbs to eleven")) == [
        Number("13", ""), Number("11", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("More than 1,200 people died", Number("1200", "people")),
        ("at least $1.5 million rubles", Number("1500000", "rubles")),
        ("at least another 1 200 tons", Number("1200", "tons")),
        ("более 2 300 человек", Number("2300", "человек")),
        ("свыше 1,5 млн. рублей", Number("1500000", "рублей")),
        ("At least two million", Number("2", "million")),
    ],
)
def test_a_bound_is_the_whole_number(text: str, bound: Number) -> None:
    """More than 1,200 are not one, nor 1.5 million."""
    assert list(bounds(AT_LEAST, text, russian="о" in text)) == [bound]


@pytest.mark.parametrize(
    ("earlier", "later"), [("1,200", "1,500"), ("2,000", "2,050"), ("80", "95"), ("8", "1,200")]
)
@pytest.mark.parametrize("way", [1, -1])
def test_a_large_number_grows_as_a_small_one_does(earlier: str, later: str, way: int) -> None:
    """A toll of thousands is one event, too, whichever is read first; but none shrinks."""
    one = article(f"A quake hit Gorna. At least {earlier} dead were found.", "Gorna quake")
    two = article(f"Rescuers dig in the ruins there: {later} dead.", "Quake in Gorna", source="x")
    assert judged(*(one, two)[::way]).conflict == ""
    less = article(f"A quake hit Gorna. At least {later} dead were found.", "Gorna quake")
    more = replace(two, text=two.text.replace(later, earlier))
    unit = "years" if earlier == "2,000" else "=kill"
    assert judged(*(less, more)[::way]).conflict == f"different numbers of {unit}"


def test_a_bound_holds_for_what_it_counts() -> None:
    """More than 5 tons let no 5 ships become 90; of what is not said it may be anything."""
    one = article("A storm hit the port. More than 5 tons were lost, and 5 ships.", "Storm")
    two = article("The wind was to blame: 90 ships.", "Storm in the port", source="x")
    assert judged(one, two).conflict == "different numbers of =ship"
    one = article("A storm hit the port. More than 5 were lost: 5 ships.", "Storm")
    assert judged(one, two).conflict == ""


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
