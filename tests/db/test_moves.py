"""A known item at a new address is recognised; a new item with an old heading is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.model import UNKNOWN_DATELINE, Article, TextBasis, TitleBasis
from db.moves import HEAD, moved_from, worth_reading

LONG = "Council of ministers meets in Minsk"


@pytest.fixture
def standing(article: Article) -> Article:
    """Return a known article with a long heading."""
    return replace(article, title=LONG)


def dated(article: Article, when: datetime | None, **changes: str) -> Article:
    """Return a reading of it at a new address, with other words unless said."""
    dateline = replace(article.dateline, when=when) if when else UNKNOWN_DATELINE
    reading = replace(article, url="https://odkb.example/en/x", guid=None, text="Other words.")
    return replace(reading, dateline=dateline, **changes)  # type: ignore[arg-type]


def test_the_same_long_text_is_the_same_item(standing: Article) -> None:
    """Heading and date may be different."""
    reading = dated(standing, None, title="New heading", text=f"  {standing.text.upper()} ")
    assert moved_from(reading, [replace(standing, text="x"), standing]) == 1


def test_the_same_heading_needs_the_same_day(standing: Article) -> None:
    """Twelve hours apart, a lost zone for instance, is the same; a day later is not."""
    when = standing.dateline.when
    assert when is not None
    assert moved_from(dated(standing, when + timedelta(hours=3)), [standing]) == 0
    assert moved_from(dated(standing, when + timedelta(days=1)), [standing]) is None


def test_without_a_date_the_heading_must_say_something(standing: Article) -> None:
    """A heading like "News of the day" is used again and again."""
    assert moved_from(dated(standing, None, text=standing.text[:60]), [standing]) == 0
    short = replace(standing, title="News of the day")
    some = standing.text[:60]
    assert moved_from(dated(short, None, text=some), [short]) is None
    untitled = replace(short, title="")
    assert moved_from(dated(untitled, None, text=some), [untitled]) is None


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("The talks ended on Monday.", "The talks began again today.", False),
        ("", "The talks began again today.", False),
        ("", "", False),
        ("Photo", "Photo", True),
        ("Photo", "Video", False),
        ("The talks ended on Monday as planned.", "The  talks ended on MONDAY", True),
    ],
)
def test_without_a_date_the_words_must_be_the_same(
    standing: Article, before: str, after: str, *, same: bool
) -> None:
    """However short: an undated card with a heading of last week is news, not last week's item."""
    undated = replace(standing, text=before, dateline=UNKNOWN_DATELINE)
    expected = 0 if same else None
    assert moved_from(dated(standing, None, text=after), [undated]) == expected
    assert moved_from(dated(standing, standing.dateline.when, text=after), [undated]) == expected
    # Where both say when, the day decides, and short texts have no say.
    known = replace(standing, text=before)
    assert moved_from(dated(standing, standing.dateline.when, text=after), [known]) == 0


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), max_size=8), st.integers(0, 3))
def test_what_is_not_worth_reading_would_not_have_been_taken(
    others: list[tuple[int, int]], words: int
) -> None:
    """Title and beginning leave out nothing that the whole text would have shown to be the item."""
    texts = ["", "Short.", "Longer words, again and again. " * 12, "LONGER words,\nagain and\u2009"
             "again. " * 12]  # fmt: skip
    titles = [LONG, "Another heading"]

    def item(title: int, text: int) -> Article:
        return Article(
            url=None, source="s", title=titles[title], title_basis=TitleBasis.PAGE,
            text=texts[text], text_basis=TextBasis.PAGE,
        )  # fmt: skip

    known, reading = [item(*one) for one in others], item(0, words)
    places = worth_reading(reading, [(one.title, one.text[:HEAD]) for one in known])
    among = moved_from(reading, [known[place] for place in places])
    assert moved_from(reading, known) == (None if among is None else places[among])


def test_two_that_fit_are_none(standing: Article) -> None:
    """It is not guessed which of two it is."""
    assert moved_from(dated(standing, standing.dateline.when), [standing, standing]) is None


def report(day: str, degrees: int) -> str:
    """Return a text that is written anew each time by one pattern."""
    return " ".join(
        f"In the {part} of the country {day} begins with {degrees + place} degrees, and a wind from"
        f" the {part} reaches {degrees * 2 + place} metres per second, forecasters said {day}."
        for place, part in enumerate(("north", "east", "south"))
    )


def test_the_same_heading_over_another_text_is_another_item(standing: Article) -> None:
    """Agencies print a heading each morning; a redesign keeps the words, but for a few."""
    monday = replace(standing, text=report("Monday", 3))
    when = standing.dateline.when
    tuesday = dated(standing, when, text=report("Tuesday", 7))
    assert moved_from(tuesday, [monday]) is None
    cleaned = dated(standing, when, text=f"Photo: BelTA. {monday.text} Read also")
    assert moved_from(cleaned, [monday]) == 0
    assert moved_from(dated(standing, when, text="Degrees."), [monday]) == 0
