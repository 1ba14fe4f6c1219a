"""Stories in the store: what waits is placed once, as the pure half decides, whatever dies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import story_index
from db.model import ChangeKind, Dateline
from db.rows_stories import story_from, story_text
from db.store import Store
from db.stories import WINDOW
from db.traits import traits
from db.visiting import Report, Source, State
from monitor import story_lines
from monitor.commands.stories_file import gather
from monitor.placing import place_all
from tests.db.fires import FIRE, NOW, article, other, partition

LABELLED = Path(__file__).parent / "stories"


def labelled() -> list[story_lines.Line]:
    """Return the labelled items that have a date."""
    lines = [
        line
        for path in sorted(LABELLED.glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
        if json.loads(line)["published"]
    ]
    read = story_lines.read(lines)
    assert not read.mistakes
    return list(read.articles)


LINES = labelled()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(range(len(LINES))), min_size=1, max_size=70, unique=True))
def test_the_store_joins_what_the_file_path_joins(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[int]
) -> None:
    """Stored in one go, in any order, items come into the stories `dateline stories` prints."""
    some = [LINES[place] for place in chosen]
    # Ties of dates are broken by order of arrival, there as here.
    ids = {line.id: number for number, line in enumerate(some, 1)}
    lines = [
        story_lines.Line(ids[line.id], replace(line.article, url=f"https://x.example/{line.id}"))
        for line in some
    ]
    stories, joins = gather(lines)
    with Store.open(tmp_path_factory.mktemp("stories") / "dateline.db") as store:
        for line in lines:
            store.record(line.article, NOW)
        batch = store.unplaced(1000)
        assert batch is not None
        read = {stored.id: traits(stored.value.article) for stored in batch.articles}
        assert store.place(batch, read, NOW) == len(joins)
        assert partition(store) == set(map(frozenset, stories))
        told = {
            member.id: (member.nearest, member.kind, member.score)
            for story in store.stories(least=2, limit=1000)
            for member in story.members
            if member.nearest is not None
        }
    assert told == {
        name: (join.to, join.verdict.kind, join.verdict.score) for name, join in joins.items()
    }


def test_items_that_come_one_by_one_are_joined_as_surely(store: Store) -> None:
    """Placed as they arrive, with the counts of then, labelled items are as rarely joined wrongly."""
    items = {
        item["id"]: item
        for path in sorted(LABELLED.glob("*.jsonl"))
        for item in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    }
    label = {}
    for line in sorted(LINES, key=lambda line: line.article.dateline.when or NOW):
        moment = line.article.dateline.when or NOW
        store.record(replace(line.article, url=f"https://x.example/{line.id}"), moment)
        place_all(store, moment)
        label[len(label) + 1] = items[line.id].get("story") or line.id
    pairs = {
        (one, two) for story in partition(store) for one in story for two in story if one < two
    }
    wanted = {
        (one, two) for one in label for two in label if one < two and label[one] == label[two]
    }
    assert len(pairs & wanted) >= 0.95 * len(pairs)
    assert len(pairs & wanted) >= 0.8 * len(wanted)


def visit(source: str, at: datetime) -> Report:
    """Return the report of a visit of two seconds around a moment, that read a list."""
    second = timedelta(seconds=1)
    return Report(
        source=source,
        started=at - second,
        finished=at + second,
        state=State.OK,
        reason="",
        list_read=True,
    )


def test_a_story_says_who_was_first_and_how_sure_that_is(store: Store) -> None:
    """Members stand by publication; polling leaves open which of two was out first."""
    sources = [
        Source(name=name, kind="feed", urls=(f"https://{name}.example/",), every=timedelta(hours=6))
        for name in ("tass", "belta")
    ]
    store.register(sources, NOW)
    for name, minutes in (("tass", -50), ("belta", -5), ("tass", 10), ("belta", 0)):
        store.finish(visit(name, NOW + timedelta(minutes=minutes)), next_at=NOW, why="")
    store.record(article(1, "belta", hours=-1), NOW)
    store.record(article(2, "tass", hours=-2), NOW + timedelta(minutes=10))
    store.record(article(3, "late", hours=-1.5), NOW + timedelta(hours=5))
    store.record(other(4), NOW)
    assert place_all(store, NOW) == 2
    story = store.story_of(1)
    assert story == store.story_of(3)
    assert story is not None
    assert [member.id for member in story.members] == [2, 3, 1]
    assert story.size == 3
    assert story.published_first == (2,)
    assert story.seen_first == (1, 2, 3)
    assert story.uncertainty is None  # no visit found the third: it may have been out before
    by_id = {member.id: member for member in story.members}
    assert story.id == 2  # the first by date began it
    assert (by_id[2].nearest, by_id[2].kind, by_id[2].why) == (None, None, "")
    assert by_id[1].kind == "same_text"
    assert "100% of the shorter text" in by_id[1].why
    spans = {number: member.every for number, member in by_id.items()}
    assert spans[2] == timedelta(minutes=60, seconds=-1)  # the visit before took a while
    assert (spans[1], spans[3]) == (timedelta(minutes=5, seconds=-1), timedelta(0))
    assert [found.id for found in store.stories()] == [2]
    assert [found.size for found in store.stories(least=1)] == [1, 3]
    assert [found.size for found in store.stories(least=1, limit=1)] == [1]
    assert store.stories(least=4) == ()
    assert story_from(story_text(story)) == story


def every_of_one(store: Store) -> timedelta | None:
    """Return how long the only item may have been out before it was seen, None if unknown."""
    place_all(store, NOW)
    story = store.story_of(1)
    assert story is not None
    assert story.uncertainty == (story.members[0].every or None)
    return story.uncertainty


def test_at_a_first_visit_nothing_is_known_of_the_time_before(store: Store) -> None:
    """There was no visit before: none is claimed."""
    tass = Source(name="tass", kind="feed", urls=("https://a.example/",), every=timedelta(hours=8))
    store.register([tass], NOW)
    store.record(article(1), NOW)
    store.finish(visit("tass", NOW), next_at=NOW, why="")
    assert every_of_one(store) is None


@pytest.mark.parametrize("hours", [-8, 8])
def test_an_item_that_no_visit_saw_claims_no_visit_before(store: Store, hours: int) -> None:
    """What is imported between two visits of its source was not found by either."""
    tass = Source(name="tass", kind="feed", urls=("https://a.example/",), every=timedelta(hours=8))
    store.register([tass], NOW)
    store.finish(visit("tass", NOW - timedelta(hours=9)), next_at=NOW, why="")
    store.finish(visit("tass", NOW + timedelta(hours=hours)), next_at=NOW, why="")
    store.record(article(1), NOW)
    assert every_of_one(store) is None


def test_an_item_of_a_visit_that_is_not_over_knows_the_visit_before(store: Store) -> None:
    """Watches may look while the visit still runs: its report comes later."""
    tass = Source(name="tass", kind="feed", urls=("https://a.example/",), every=timedelta(hours=8))
    store.register([tass], NOW)
    before = visit("tass", NOW - timedelta(hours=3))
    store.finish(before, next_at=NOW, why="")
    assert store.claim_sources(NOW, owner="round", lease=timedelta(minutes=5))
    store.record(article(1), NOW)
    assert every_of_one(store) == NOW - before.finished


def test_what_is_not_stored_or_not_placed_has_no_story(store: Store) -> None:
    """An unknown id and an article that waits have none; nothing waits in an empty store."""
    assert store.unplaced(10) is None
    store.record(article(1), NOW)
    assert store.story_of(1) is None
    assert store.story_of(7) is None
    assert story_text(None) is None
    assert story_from(None) is None


def test_an_edit_keeps_the_story_and_is_found_by_its_new_words(store: Store) -> None:
    """Words that an edit took away find an article no more; those it brought do."""
    store.record(other(1), NOW)
    place_all(store, NOW)
    edited = replace(other(1), title=FIRE[0], text=FIRE[1])
    store.record(edited, NOW + timedelta(hours=1))
    place_all(store, NOW + timedelta(hours=1))
    store.record(article(2, "belta", hours=1), NOW + timedelta(hours=1))
    store.record(other(3, "belta"), NOW + timedelta(hours=1))
    place_all(store, NOW + timedelta(hours=2))
    assert partition(store) == {frozenset({1, 2}), frozenset({3})}
    story = store.story_of(1)
    assert story is not None
    assert (story.id, story.members[0].edits) == (1, 1)


def test_what_goes_and_comes_back_is_placed_once(store: Store) -> None:
    """An item that is gone brings no words: there is nothing to place, and nothing waits."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    for hours in (24, 48):
        store.absent("https://tass.example/1", NOW + timedelta(hours=hours))
    (gone,) = store.changes(1)
    assert gone.value.kind is ChangeKind.GONE
    batch = store.unplaced(10)
    assert batch is not None
    assert batch.articles == ()
    place_all(store, NOW)
    assert store.unplaced(10) is None
    assert partition(store) == {frozenset({1})}


def test_what_has_no_moment_cannot_be_looked_for() -> None:
    """The store always knows when an article was seen first."""
    with pytest.raises(ValueError, match="has a moment"):
        story_index.dated(traits(article(1, dateline=Dateline())))


def test_far_apart_means_apart(store: Store) -> None:
    """The same words outside the window are another story."""
    store.record(article(1), NOW)
    store.record(article(2, "belta", hours=24 * (WINDOW + 1)), NOW)
    place_all(store, NOW)
    assert len(partition(store)) == 2
