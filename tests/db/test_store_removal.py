"""Removing an item leaves nothing of it, and nothing that somebody was told of goes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.compile import to_condition
from db.model import FeedSpec
from db.query import parse
from monitor.placing import place_all

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from db.model import Article
    from db.store import Store
    from db.telling import Alert
    from db.visiting import Source

TITLE = "Fire destroys Dordoi market in Bishkek"
FIRE = (
    "A fire destroyed 340 containers at the Dordoi market in Bishkek overnight, the emergency "
    "ministry of Kyrgyzstan said. Rescuers put out the blaze at 07:42. Nobody was hurt."
)


def test_nothing_is_left_of_a_removed_item(
    store: Store, path: Path, source: Source, article: Article, now: datetime
) -> None:
    """No row names it; the items of its story stay in it, and the next like it is found there."""
    store.register([source], now)
    article = replace(article, title=TITLE, text=FIRE)
    twin = replace(article, url="https://odkb.example/news/twin/", guid="n-2", source="belta")
    third = replace(article, url="https://odkb.example/news/third/", guid="n-3", source="tass")
    store.record(article, now, lost=())
    store.record(twin, now)
    place_all(store, now)
    story = store.story_of(2)
    assert story is not None
    assert [member.id for member in story.members] == [1, 2]
    store.record(replace(article, text="Other words. " * 30), now)
    revision = store.revision()
    assert store.remove(1)
    assert store.revision() > revision
    store.verify()
    assert store.entry(1) is None
    assert store.search(to_condition(parse("other"))) == ()
    assert [entry.article.url for entry in store.newest(FeedSpec(name="a", title="A"), None)] == [
        twin.url
    ]
    assert article.url not in store.visits(source.name, [article.url or ""], now)
    with closing(sqlite3.connect(path)) as connection:
        for table in (
            "version",
            "change",
            "address",
            "article_source",
            "story_key",
            "story_member",
        ):
            held = f"SELECT count(*) FROM {table} WHERE article_id = 1"  # noqa: S608 - our own names
            assert connection.execute(held).fetchone() == (0,), table
    store.record(third, now + timedelta(minutes=1))
    place_all(store, now)
    story = store.story_of(3)
    assert story is not None
    assert [member.id for member in story.members] == [2, 3]
    assert store.remove(1)


def test_an_item_that_was_not_placed_yet_goes_too(
    store: Store, article: Article, now: datetime
) -> None:
    """What still waits for its story and for the watches waits no more."""
    store.record(article, now)
    assert store.remove(1)
    assert (store.unplaced(9), store.unmatched(9), store.counts().articles) == (None, (), 0)
    store.verify()


def test_what_somebody_was_told_of_stays(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """The alert must have something to show."""
    store.record(article, now)
    store.queue(1, [alert], now)
    assert not store.remove(1)
    assert store.entry(1) is not None
