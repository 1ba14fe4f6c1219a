"""The index follows the articles, and a search misses none of those that still wait for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import name_index
from db.compile import to_condition
from db.model import FeedSpec
from db.query import parse
from db.store import Store
from db.store_index import BACKLOG
from db.visiting import Report, State

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from db.model import Article
    from db.visiting import Source


def numbered(article: Article, number: int, words: str = "") -> Article:
    """Return another article, with words that only it has."""
    return replace(
        article,
        url=f"https://odkb.example/news/{number}/",
        guid=None,
        text=f"Number n{number} of many. {words}",
    )


def found(store: Store, query: str) -> list[int]:
    """Return the ids that a search finds, newest first."""
    return [stored.id for stored in store.search(to_condition(parse(query)), limit=1000)]


def indexed(path: Path) -> int:
    """Return how many articles the index itself knows."""
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM article_fts WHERE article_fts MATCH 'text : many'"
        ).fetchone()
    return int(count)


def test_articles_wait_for_the_index_and_are_found_at_once(
    store: Store, path: Path, article: Article, now: datetime
) -> None:
    """Every article is found from the moment it is stored, in the index or before it."""
    many = to_condition(parse("many"))
    for number in range(1, 2 * BACKLOG + 6):
        store.record(numbered(article, number), now)
        assert found(store, f"n{number}") == [number]
        assert len(store.glimpses(many, since=now)) == number
        if (number + 3) % BACKLOG <= 6 or number % 16 == 0:  # whole articles take their time
            assert found(store, "many") == list(range(number, 0, -1))
    assert indexed(path) == 2 * BACKLOG
    store.verify()
    assert indexed(path) == 2 * BACKLOG + 5


def test_the_end_of_a_visit_brings_the_index_up_to_date(
    store: Store, path: Path, article: Article, now: datetime, source: Source
) -> None:
    """What a visit found is in the index when its report is written."""
    store.register([source], now)
    store.record(numbered(article, 1), now)
    assert indexed(path) == 0
    report = Report(source="secretariat", started=now, finished=now, state=State.OK)
    store.finish(report, next_at=now)
    assert indexed(path) == 1


def test_an_article_edited_while_it_waits_is_found_by_its_new_words_only(
    store: Store, article: Article, now: datetime
) -> None:
    """The index is never told to forget words it was not given."""
    store.record(numbered(article, 1, "before"), now)
    store.record(numbered(article, 1, "after"), now)
    assert (found(store, "before"), found(store, "after")) == ([], [1])
    store.verify()
    assert (found(store, "before"), found(store, "after")) == ([], [1])


def test_readers_see_what_waits(store: Store, path: Path, article: Article, now: datetime) -> None:
    """A connection that may only read finds the newest articles too, in searches and in feeds."""
    store.record(numbered(article, 1), now)
    with Store.open_readonly(path) as reader:
        assert found(reader, "NOT nothing") == [1]
        spec = FeedSpec(name="many", title="Many", query="many")
        assert len(reader.newest(spec, to_condition(parse("many")))) == 1


def test_names_are_found_wherever_their_article_waits(
    store: Store, path: Path, article: Article, now: datetime
) -> None:
    """By a reader as well: a name in an article just stored, indexed, learnt, and edited in each."""
    last = name_index.BACKLOG + BACKLOG
    with Store.open_readonly(path) as reader:
        for first in range(1, last, BACKLOG - 1):
            numbers = range(first, first + BACKLOG - 1)
            store.record_many(
                [(numbered(article, n, "у Токаева" if n == first else ""), None) for n in numbers],
                now,
            )
            assert found(reader, "~Tokayev")[0] == found(reader, "~Токаев")[0] == first
        met = len(range(1, last, BACKLOG - 1))
        assert len(found(reader, "~Tokayev")) == met
        assert 0 < names_learnt(path) < indexed(path)
        for number in (2, names_learnt(path) + 1, first + 1):
            store.record(numbered(article, number, "у Жапарова"), now)
            assert found(reader, "~Japarov")[0] == number
        store.verify()
        assert len(found(reader, "~Tokayev")) == met
        assert names_learnt(path) == indexed(path) > last


def names_learnt(path: Path) -> int:
    """Return up to which article the words are known by name."""
    with closing(sqlite3.connect(path)) as connection:
        (value,) = connection.execute("SELECT value FROM counter WHERE name = 'named'").fetchone()
    return int(value)


def test_a_long_query_reads_what_waits_once(
    store: Store, path: Path, article: Article, now: datetime
) -> None:
    """However many words and names it has; one of neither reads nothing."""
    store.record_many([(numbered(article, n, "Токаев"), None) for n in range(1, 9)], now)
    said: list[str] = []
    with Store.open(path, trace=said.append) as listening:
        assert len(found(listening, "lang:en OR NOT lang:en")) == 8
        assert not [one for one in said if "article_words" in one or "authors" in one]
        assert len(found(listening, " OR ".join(f"~Name{n} OR word{n}" for n in "abcdefgh"))) == 0
        assert len(found(listening, "many ~Tokayev NOT (~Japarov OR few)")) == 8
    # Two queries: each reads once for the words, once for the names.
    assert len([one for one in said if "FROM article_words" in one]) == 2
    assert len([one for one in said if "authors, place FROM article\n" in one]) == 2


@pytest.mark.parametrize("batch", [1, 7, BACKLOG, 3 * BACKLOG])
def test_a_batch_is_indexed_like_single_articles(
    store: Store, article: Article, now: datetime, batch: int
) -> None:
    """However many are stored at once, all of them are found and the index is sound."""
    store.record_many([(numbered(article, n), None) for n in range(1, batch + 1)], now)
    assert len(found(store, "many")) == batch
    store.verify()
    assert len(found(store, "many")) == batch


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from(["red", "blue", "green"])), max_size=90
    )
)
def test_any_order_of_news_and_edits_is_searched_rightly(
    tmp_path_factory: pytest.TempPathFactory,
    article: Article,
    now: datetime,
    steps: list[tuple[int, str]],
) -> None:
    """Whatever is stored and edited, each colour finds exactly the articles that have it now."""
    colours: dict[str, str] = {}
    folder = tmp_path_factory.mktemp("index")
    with Store.open(folder / "dateline.db") as store:
        for number, colour in steps:
            reading = numbered(article, number, colour)
            store.record(reading, now)
            colours[reading.url or ""] = colour
        for colour in ("red", "blue", "green"):
            hits = store.search(to_condition(parse(colour)), limit=1000)
            assert {hit.value.article.url for hit in hits} == {
                url for url, has in colours.items() if has == colour
            }
        store.verify()
