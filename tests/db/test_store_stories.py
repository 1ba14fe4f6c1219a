"""Stories in the store: what waits is placed once, as the pure half decides, whatever dies."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import error
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import story_index
from db.errors import StoreError
from db.model import Article, Basis, ChangeKind, Dateline, Precision, TextBasis, TitleBasis
from db.rows_stories import story_from, story_text
from db.store import Store
from db.stories import WINDOW
from db.telling import Alert
from db.traits import traits
from db.visiting import Report, Source, State
from monitor import story_lines
from monitor.commands.stories_file import gather
from monitor.placing import place_all

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
LABELLED = Path(__file__).parent / "stories"
FIRE = (
    "Fire destroys Dordoi market in Bishkek",
    (
        "A fire destroyed 340 containers at the Dordoi market in Bishkek overnight, the emergency "
        "ministry of Kyrgyzstan said. Rescuers put out the blaze at 07:42. Nobody was hurt."
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    with Store.open(tmp_path / "dateline.db") as opened:
        yield opened


def article(number: int, source: str = "tass", hours: float = 0, **changes: object) -> Article:
    """Return an article on the fire, told in the same words by each source."""
    title, text = FIRE
    plain = Article(
        url=f"https://{source}.example/{number}",
        source=source,
        title=title,
        title_basis=TitleBasis.PAGE,
        text=text,
        text_basis=TextBasis.PAGE,
        language="en",
        dateline=Dateline(
            when=NOW + timedelta(hours=hours), precision=Precision.MINUTE, basis=Basis.META
        ),
    )
    return replace(plain, **changes)


def other(number: int, source: str = "tass") -> Article:
    """Return an article on something else."""
    return article(
        number,
        source,
        title="Belarus and China sign a railway agreement",
        text="Deputy prime minister Petr Parkhomchik signed the agreement on 14 rail terminals in "
        "Beijing, the embassy of Belarus reports. Construction begins in spring near Orsha.",
    )


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


def partition(store: Store) -> set[frozenset[int]]:
    """Return which articles stand together."""
    found = store.stories(least=1, limit=1000)
    return {frozenset(member.id for member in story.members) for story in found}


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


class Wrong:
    """A value that cannot even be compared."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        raise ValueError(other)


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


def test_a_batch_that_another_process_has_placed_is_left_alone(store: Store) -> None:
    """Two who read the same batch place it once."""
    store.record(article(1), NOW)
    batch = store.unplaced(10)
    assert batch is not None
    read = {1: traits(article(1))}
    store.place(batch, read, NOW)
    assert store.place(batch, read, NOW) == 0
    assert partition(store) == {frozenset({1})}


class Dying(Store):
    """A store whose process dies in the middle of placing."""

    def place(self, *_: object) -> int:
        """Die before anything is kept."""
        raise StoreError("killed")


def test_what_was_stored_but_not_placed_is_placed_at_the_next_start(tmp_path: Path) -> None:
    """A process that dies before or within the transaction leaves all of it waiting."""
    path = tmp_path / "dateline.db"
    with Dying.open(path) as dying:
        dying.record(article(1), NOW)
        dying.record(article(2, "belta"), NOW)
        with pytest.raises(StoreError, match="killed"):
            place_all(dying, NOW)
    with Store.open(path) as store:
        assert place_all(store, NOW) == 1
        assert partition(store) == {frozenset({1, 2})}


def test_an_article_that_cannot_be_read_stands_alone(store: Store) -> None:
    """It holds up nothing, is joined with nothing, and is found once an edit can be read."""
    store.record(article(1), NOW)
    store.record(article(2, "belta"), NOW)
    batch = store.unplaced(10)
    assert batch is not None
    store.place(batch, {2: traits(article(2, "belta"))}, NOW)
    assert partition(store) == {frozenset({1}), frozenset({2})}
    store.record(article(1, title="Fire destroys Dordoi market in Bishkek, Kyrgyzstan"), NOW)
    edited = store.unplaced(10)
    assert edited is not None
    store.place(edited, {}, NOW)
    store.record(article(3, "openkg"), NOW)
    place_all(store, NOW)
    assert partition(store) == {frozenset({1}), frozenset({2, 3})}


def alert_of(store: Store, change: int) -> Alert:
    """Return an alert of a change."""
    entry = store.entry_of(change)
    return Alert(
        key="alert_1",
        watch="fires",
        channel="desk",
        query="fire",
        kind=ChangeKind.NEW,
        entry=entry,
        fields=(),
        passages=(),
        created_at=NOW,
    )


def tear(path: Path, article_id: int) -> None:
    """Spoil the kept keys of an article, so that placing an edit of it raises."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE story_member SET keys = x'00' WHERE article_id = ?", (article_id,)
        )


def test_what_cannot_be_placed_waits_and_its_alert_goes_out_without_a_story(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Queueing places what waits; if that raises, it is undone and logged, and the alert is kept."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    tear(tmp_path / "dateline.db", 1)
    store.record(article(1, title="Fire destroys Dordoi market in Bishkek, Kyrgyzstan"), NOW)
    store.record(article(2, "belta"), NOW)
    change = store.unmatched(10)[-1]
    assert store.queue(change.id, [alert_of(store, change.id)], NOW) == 1
    assert "outcome=failed" in caplog.text
    (record,) = store.alerts()
    assert record.value.alert.story is None
    waiting = store.unplaced(10)
    assert waiting is not None
    assert [stored.id for stored in waiting.articles] == [1, 2]
    with pytest.raises(error):
        place_all(store, NOW)


@pytest.mark.parametrize("bad", [{"language": Wrong()}, {"sketch": (None,)}])
def test_an_article_over_which_placing_raises_stands_alone(
    store: Store, caplog: pytest.LogCaptureFixture, bad: dict[str, Any]
) -> None:
    """Whether it is compared or kept: that is logged and undone, and holds up no other."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    store.record(article(2, "belta"), NOW)
    store.record(article(3, "openkg"), NOW)
    batch = store.unplaced(10)
    assert batch is not None
    spoilt = replace(traits(article(2, "belta"), NOW), **bad)
    store.place(batch, {2: spoilt, 3: traits(article(3, "openkg"), NOW)}, NOW)
    assert "article=2 outcome=failed" in caplog.text
    assert frozenset({2}) in partition(store)
    assert store.unplaced(10) is None


def test_a_store_that_breaks_while_placing_is_no_article_s_fault(
    store: Store, tmp_path: Path
) -> None:
    """What SQLite says is raised as what it is, and nothing is kept."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    store.record(article(2, "belta"), NOW)
    with closing(sqlite3.connect(tmp_path / "dateline.db")) as connection, connection:
        connection.execute("DROP TABLE story_key")
    (change,) = store.unmatched(10)[1:]
    told = alert_of(store, change.id)
    with pytest.raises(StoreError, match="story_key"):
        store.queue(change.id, [told], NOW)
    assert store.alerts() == ()


def test_a_member_that_cannot_be_read_any_more_holds_up_no_other(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left out of what is compared, and told; what comes joins by the others or begins anew."""
    for number, source in enumerate(("tass", "belta"), 1):
        store.record(article(number, source), NOW)
    place_all(store, NOW)
    for torn, number, source in ((1, 3, "openkg"), (2, 4, "csto")):
        with closing(sqlite3.connect(tmp_path / "dateline.db")) as connection, connection:
            connection.execute("UPDATE article SET date_basis = 'torn' WHERE id = ?", (torn,))
        store.record(article(number, source), NOW)
        assert place_all(store, NOW) == 1
        assert f"article={torn} outcome=failed" in caplog.messages
    with closing(sqlite3.connect(tmp_path / "dateline.db")) as connection:
        nearest = connection.execute("SELECT article_id, nearest FROM story_member").fetchall()
    assert dict(nearest) == {1: None, 2: 1, 3: 2, 4: 3}


def test_keys_are_forgotten_after_a_month(store: Store, tmp_path: Path) -> None:
    """The index does not grow with history; stories stay."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    later = NOW + story_index.KEPT + timedelta(days=1)
    store.record(other(2), later)
    place_all(store, later)
    with closing(sqlite3.connect(tmp_path / "dateline.db")) as connection:
        found = connection.execute("SELECT DISTINCT article_id FROM story_key").fetchall()
    assert found == [(2,)]
    assert partition(store) == {frozenset({1}), frozenset({2})}


def test_other_rules_make_the_keys_anew(tmp_path: Path) -> None:
    """Keys of older rules are made again for the last week, and stories stay what they are."""
    path = tmp_path / "dateline.db"
    with Store.open(path) as store:
        store.record(article(1), NOW)
        place_all(store, NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE counter SET value = 1 WHERE name = 'story_keys'")
        connection.execute("UPDATE story_key SET key = key + 1")
    with Store.open(path) as store:
        store.record(article(2, "belta"), NOW)
        place_all(store, NOW)
        place_all(store, NOW)
        store.record(article(3, "openkg"), NOW)
        place_all(store, NOW)
        assert partition(store) == {frozenset({1, 2, 3})}
    with closing(sqlite3.connect(path)) as connection:
        (counted,) = connection.execute(
            "SELECT value FROM counter WHERE name = 'counted'"
        ).fetchone()
        seen = connection.execute("SELECT max(articles) FROM word_count").fetchone()
    assert (counted, *seen) == (3, 3)


def test_words_are_counted_as_they_are_asked_for(tmp_path: Path) -> None:
    """The counts read like a mapping, those expected and the others."""
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("CREATE TABLE word_count (word TEXT PRIMARY KEY, articles INTEGER)")
        connection.execute("INSERT INTO word_count VALUES ('fire', 2), ('market', 1)")
        seen = story_index.Seen(connection, ["fire"])
        assert (seen["fire"], seen["market"], seen.get("rogun", 0)) == (2, 1, 0)
        assert dict(seen) == {"fire": 2, "market": 1}
        assert len(seen) == 2


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
