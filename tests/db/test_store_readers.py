"""What feeds, searches and tables read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.compile import All, Any, Match, Not, to_condition
from db.model import Counts, FeedSpec
from db.query import parse
from db.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from db.compile import Condition
    from db.model import Article


@pytest.fixture
def five(store: Store, article: Article, now: datetime) -> Store:
    """Return the store with five articles of two sources, the fourth recorded out of turn."""
    for number, hours in enumerate((0, 1, 2, -1, 3)):
        store.record(
            replace(
                article,
                url=f"https://odkb.example/{number}",
                guid=None,
                title=f"Title {number}",
                text=f"word{number} " * (number + 1),
                source="odd" if number % 2 else "even",
            ),
            now + timedelta(hours=hours),
        )
    return store


def titles(store: Store, condition: Condition | None, **spec: object) -> str:
    """Return the numbers of the articles of a feed, top first."""
    found = store.newest(FeedSpec(name="f", title="F", **spec), condition)  # type: ignore[arg-type]
    return " ".join(entry.article.title.removeprefix("Title ") for entry in found)


def test_feeds_show_what_was_seen_last_on_top(five: Store) -> None:
    """A feed's order is that of first sight, whatever the order of storing."""
    assert titles(five, None) == "4 2 1 0 3"
    assert titles(five, None, limit=2) == "4 2"


def test_feeds_are_narrowed_by_source(five: Store) -> None:
    """A feed may be of one source or of several."""
    assert titles(five, None, source="odd") == "1 3"
    assert titles(five, None, sources=("odd", "even"), limit=3) == "4 2 1"
    assert titles(five, None, sources=("none",)) == ""


def test_feeds_are_narrowed_by_words(five: Store) -> None:
    """A feed with a query shows what meets it, of its sources."""
    condition = to_condition(parse("word1 OR word2 OR word3"))
    assert titles(five, condition) == "2 1 3"
    assert titles(five, condition, source="odd", limit=1) == "1"


def test_search_pages_through_what_was_stored_last(five: Store) -> None:
    """Search goes by the order of storing, from one page to the next by the last id."""
    first = five.search(None, limit=3)
    assert [stored.id for stored in first] == [5, 4, 3]
    assert [stored.id for stored in five.search(None, limit=3, before=3)] == [2, 1]
    assert [stored.id for stored in five.search(None, source="odd")] == [4, 2]


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        (Match('"word0"'), [1]),
        (Not(Match('"word0"')), [5, 4, 3, 2]),
        (Any((Match('"word0"'), Match('"word4"'))), [5, 1]),
        (All((Not(Match('"word0"')), Not(Match('"word4"')))), [4, 3, 2]),
        (Not(Any((Match('"word0"'), Not(Match('"title"'))))), [5, 4, 3, 2]),
    ],
)
def test_conditions_combine(five: Store, condition: Condition, ids: list[int]) -> None:
    """All, Any and Not mean what they say, however nested."""
    assert [stored.id for stored in five.search(condition)] == ids


def test_counts_and_revision_grow(store: Store, article: Article, now: datetime) -> None:
    """The counts start at nothing, and every article raises the revision."""
    assert store.counts() == Counts(articles=0, changes=0, unmatched=0, due=0, sent=0, dead=0)
    assert store.revision() == 0
    store.record(article, now)
    assert store.counts() == Counts(articles=1, changes=1, unmatched=1, due=0, sent=0, dead=0)
    assert store.revision() > 0


def test_a_store_has_a_number_of_its_own(path: Path, store: Store) -> None:
    """Two stores are told apart by a number that each keeps for life."""
    with Store.open(path) as again, Store.open(path.with_name("other.db")) as other:
        assert store.identity() == again.identity() != other.identity()
