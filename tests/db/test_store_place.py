"""Placing in the store: what dies, breaks or cannot be read holds up nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from struct import error
from typing import TYPE_CHECKING, Any

import pytest

from db import story_index
from db.errors import StoreError
from db.model import ChangeKind
from db.store import Store
from db.telling import Alert
from db.traits import traits
from monitor.placing import place_all
from tests.db.fires import NOW, article, other, partition

if TYPE_CHECKING:
    from pathlib import Path


class Wrong:
    """A value that cannot even be compared."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        raise ValueError(other)


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


def test_an_article_that_was_removed_before_it_is_placed_holds_up_nothing(store: Store) -> None:
    """Somebody takes it out between the reading of a batch and its placing: the others are placed."""
    for number, source in ((1, "tass"), (2, "belta"), (3, "openkg")):
        store.record(article(number, source), NOW)
    batch = store.unplaced(10)
    assert batch is not None
    read = {stored.id: traits(stored.value.article, NOW) for stored in batch.articles}
    store.remove(2)
    assert store.place(batch, read, NOW) == 1
    assert partition(store) == {frozenset({1, 3})}
    assert store.unplaced(10) is None


def test_a_damaged_row_holds_up_no_other(
    store: Store, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged; the others are placed and shown to the watches, however few are asked for."""
    for number, source in ((1, "tass"), (2, "belta"), (3, "openkg")):
        store.record(article(number, source), NOW)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE article SET tags = '[' WHERE id = 1")
    place_all(store, NOW)
    assert partition(store) == {frozenset({2, 3})}
    assert [stored.id for stored in store.unmatched(1)] == [2]
    assert [stored.id for stored in store.unmatched(3)] == [2, 3]
    assert "article=1 outcome=failed" in caplog.text


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
    store: Store, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Queueing places what waits; if that raises, it is undone and logged, and the alert is kept."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    tear(path, 1)
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


def test_a_store_that_breaks_while_placing_is_no_article_s_fault(store: Store, path: Path) -> None:
    """What SQLite says is raised as what it is, and nothing is kept."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    store.record(article(2, "belta"), NOW)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE story_key")
    (change,) = store.unmatched(10)[1:]
    told = alert_of(store, change.id)
    with pytest.raises(StoreError, match="story_key"):
        store.queue(change.id, [told], NOW)
    assert store.alerts() == ()


def test_a_member_that_cannot_be_read_any_more_holds_up_no_other(
    store: Store, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left out of what is compared, and told; what comes joins by the others or begins anew."""
    for number, source in enumerate(("tass", "belta"), 1):
        store.record(article(number, source), NOW)
    place_all(store, NOW)
    for torn, number, source in ((1, 3, "openkg"), (2, 4, "csto")):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE article SET date_basis = 'torn' WHERE id = ?", (torn,))
        store.record(article(number, source), NOW)
        assert place_all(store, NOW) == 1
        assert f"article={torn} outcome=failed" in caplog.messages
    with closing(sqlite3.connect(path)) as connection:
        nearest = connection.execute("SELECT article_id, nearest FROM story_member").fetchall()
    assert dict(nearest) == {1: None, 2: 1, 3: 2, 4: 3}


def test_keys_are_forgotten_after_a_month(store: Store, path: Path) -> None:
    """The index does not grow with history; stories stay."""
    store.record(article(1), NOW)
    place_all(store, NOW)
    later = NOW + story_index.KEPT + timedelta(days=1)
    store.record(other(2), later)
    place_all(store, later)
    with closing(sqlite3.connect(path)) as connection:
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
