"""Baselines: what a list shows when it is read for the first time is recorded, and told to nobody.

What would be told is what waits for the watches.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.model import ChangeKind
from db.visiting import State
from monitor.newsroom.wire import JSON, Answer, Ending, text_answer

if TYPE_CHECKING:
    from db.visiting import Source
    from tests.spiders.conftest import Script, Visitor

MANY = tuple(f"n{number}" for number in range(15))
HOUR = timedelta(hours=1)


def told(visitor: Visitor) -> list[str]:
    """Return the ends of the addresses that wait for the watches, and take them from there."""
    with visitor.store() as store:
        waiting = store.unmatched(1000)
        for stored in waiting:
            store.queue(stored.id, [], visitor.now)
    articles = [stored.value.article for stored in waiting]
    return [(article.url or article.title).rpartition("/")[2] for article in articles]


def publish(script: Script, path: str, *items: str) -> None:
    """Show items in a list, and their pages."""
    script.show(path, *items)
    for item in items:
        script.article(item, f"Words of {item}, quite its own.")


def test_a_first_visit_cut_short_makes_nothing_news(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """What the cut left unread is read later and told to nobody; what came since is."""
    publish(script, "/list", *MANY)
    hanging = Answer(status=0, raw=b"HTTP/1.1 200 OK\r\n", ending=Ending.HANG)

    def hang(_request: object) -> Answer:
        visitor.give_up()
        return hanging

    script.reply("/a/n3", hang)
    assert visitor.visit(source, script.allow).state is State.KILLED
    publish(script, "/list", "fresh", *MANY)
    visitor.now += HOUR
    assert visitor.visit(source, script.allow).state is State.OK
    with visitor.store() as store:
        assert store.counts().articles == len(MANY) + len(("fresh",))
    assert told(visitor) == ["fresh"]


def test_a_list_that_failed_at_first_has_its_baseline_later(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Of two lists one answers 500: its items are no news when it comes, those of the other are."""
    source = replace(source, urls=(f"{script.base}/list", f"{script.base}/other"))
    publish(script, "/list", "one")
    script.reply("/other", text_answer("no", status=500))
    visitor.visit(source, script.allow)
    with visitor.store() as store:
        assert store.statuses()[0].baseline_at is None
    publish(script, "/list", "one", "two")
    visitor.now += HOUR
    visitor.visit(source, script.allow)
    assert told(visitor) == ["two"]
    publish(script, "/other", *MANY)
    visitor.now += HOUR
    assert visitor.visit(source, script.allow).new == len(MANY)
    assert told(visitor) == []
    with visitor.store() as store:
        assert store.statuses()[0].baseline_at == visitor.now
    publish(script, "/other", "three", *MANY)
    visitor.now += HOUR
    visitor.visit(source, script.allow)
    assert told(visitor) == ["three"]


def test_an_address_added_to_a_source_is_quiet_by_itself(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Its old items are recorded; what the old list shows anew is news, on both lists too."""
    publish(script, "/list", "one")
    visitor.visit(source, script.allow)
    publish(script, "/list", "one", "two")
    publish(script, "/new", "two", *MANY)
    source = replace(source, urls=(f"{script.base}/new", *source.urls))
    visitor.now += HOUR
    visitor.visit(source, script.allow)
    assert told(visitor) == ["two"]


def test_more_pages_of_a_list_are_old_at_first(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A list followed further than before shows old items there."""
    publish(script, "/list", "one")
    visitor.visit(source, script.allow)
    publish(script, "/more", *MANY)
    publish(script, "/list", "one", "two")
    script.show("/list", "one", "two", more=("/more",))
    visitor.now += HOUR
    visitor.visit(replace(source, pages=2), script.allow)
    assert told(visitor) == ["two"]


def test_a_list_that_showed_nothing_has_no_baseline(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """The first items a list ever shows may be years old."""
    script.show("/list")
    visitor.visit(source, script.allow)
    publish(script, "/list", *MANY)
    visitor.now += HOUR
    visitor.visit(source, script.allow)
    assert told(visitor) == []


def test_items_without_an_address_have_a_baseline_too(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """They are known by their words only, so the list counts as read when they are stored."""
    for titles in (("Old",), ("New", "Old")):
        cards = [{"url": None, "title": title, "summary": title} for title in titles]
        script.reply("/list", text_answer(json.dumps({"cards": cards}), JSON))
        visitor.visit(source, script.allow)
        visitor.now += HOUR
    assert told(visitor) == ["New"]


def test_what_stands_beside_an_old_article_is_old(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Items found beside one of the baseline belong to it."""
    script.show("/list", "one")
    link = f'<a href="{script.base}/a/beside">'
    script.reply("/a/one", text_answer(f"<h1>One</h1><p>Words of one.</p>{link}"))
    script.article("beside")
    assert visitor.visit(source, script.allow).new == 2
    assert told(visitor) == []


def test_a_new_source_with_the_list_of_another_reads_it_itself(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Neither hides from the other what is new, by a baseline or by a 304; nobody is told twice."""
    other = replace(source, name="other")
    publish(script, "/list", "one")
    visitor.visit(source, script.allow)
    publish(script, "/list", "one", "two")
    visitor.now += HOUR
    visitor.visit(other, script.allow)
    assert told(visitor) == []
    visitor.visit(source, script.allow)
    assert told(visitor) == ["two"]
    publish(script, "/list", "one", "two", "three")
    visitor.now += HOUR
    visitor.visit(other, script.allow)
    visitor.visit(source, script.allow)
    with visitor.store() as store:
        changes = [stored.value for stored in store.unmatched(100)]
        names = {name: len(store.search(None, source=name)) for name in ("plain", "other")}
    assert [(change.kind, change.sources, change.again) for change in changes] == [
        (ChangeKind.NEW, ("other",), False),
        (ChangeKind.NEW, ("plain",), True),
    ]
    assert names == {"plain": 3, "other": 3}


def test_a_page_that_never_comes_is_counted_and_asked_for_while_it_is_listed(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """An item without words is a recorded state for as long as it takes, and then it is news."""
    publish(script, "/list", "one")
    visitor.visit(source, script.allow)
    page = f"{script.base}/a/bare"
    cards = [{"url": page}, {"url": f"{script.base}/a/one", "title": "Title one"}]
    script.reply("/list", text_answer(json.dumps({"cards": cards}), JSON))
    for _ in range(10):
        visitor.now += timedelta(days=1)
        visitor.visit(source, script.allow)
    assert len(script.asked("/a/bare")) == 10
    with visitor.store() as store:
        (status,) = store.statuses()
    assert (status.pending, status.lost) == (1, 0)
    script.article("bare")
    visitor.now += timedelta(days=1)
    visitor.visit(source, script.allow)
    assert told(visitor) == ["bare"]
    with visitor.store() as store:
        assert store.statuses()[0].pending == 0


def test_a_page_that_no_list_shows_any_more_is_lost_on_the_record(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """It is asked for no longer, and the loss is shown."""
    publish(script, "/list", "one")
    visitor.visit(source, script.allow)
    cards = [{"url": f"{script.base}/a/bare"}]
    script.reply("/list", text_answer(json.dumps({"cards": cards}), JSON))
    for _ in range(6):
        visitor.now += timedelta(days=1)
        visitor.visit(source, script.allow)
    publish(script, "/list", "one")
    for _ in range(4):
        visitor.now += timedelta(days=1)
        visitor.visit(source, script.allow)
    assert len(script.asked("/a/bare")) == 6
    with visitor.store() as store:
        (status,) = store.statuses()
    assert (status.pending, status.lost) == (0, 1)
