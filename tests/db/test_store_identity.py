"""Which article a reading belongs to when addresses move, guids repeat, and a source is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import Article, ChangeKind, Dateline, Precision
from db.visiting import Report, Source, State

if TYPE_CHECKING:
    from db.store import Store

DAY = timedelta(days=1)


def settled(store: Store, source: Source, now: datetime) -> None:
    """Register a source and end its first round."""
    store.register([source], now)
    report = Report(source=source.name, started=now, finished=now, state=State.OK, list_read=True)
    store.finish(report, next_at=now)


def test_a_moved_item_keeps_its_id_and_tells_nobody(
    store: Store, source: Source, article: Article, now: datetime
) -> None:
    """It lives at the new address, its old one is not asked for, and its edit is not told."""
    settled(store, source, now)
    store.record(article, now)
    (before,) = store.search(None)
    for stored in store.unmatched(9):
        store.queue(stored.id, (), now)
    url = "https://odkb.example/en/council"
    moved = replace(article, url=url, guid="other", text="Now with another lead. " + article.text)
    change = store.record(moved, now, renamed=True)
    assert change is not None
    assert change.kind is ChangeKind.EDITED
    assert store.unmatched(9) == ()
    (after,) = store.search(None)
    assert (after.value.feed_id, after.value.article.url) == (before.value.feed_id, url)
    assert store.due_visits(source.name, now + 30 * DAY, 9) == (url,)
    assert store.visits(source.name, [str(article.url)], now)


def test_a_new_item_beside_moved_ones_is_told(
    store: Store, source: Source, article: Article, now: datetime
) -> None:
    """In the same poll, what resembles nothing known is new."""
    settled(store, source, now)
    store.record(article, now)
    other = replace(article, url="https://odkb.example/en/b", guid="b", title="B", text="B " * 300)
    change = store.record(other, now, renamed=True)
    assert change is not None
    assert change.kind is ChangeKind.NEW
    assert len(store.unmatched(9)) == 2


def test_a_known_address_is_no_move(
    store: Store, source: Source, article: Article, now: datetime
) -> None:
    """An item that stands where it stood is compared as ever, and its edit is told."""
    settled(store, source, now)
    store.record(article, now)
    store.record(replace(article, text="Edited. " * 40), now, renamed=True)
    assert [stored.value.kind for stored in store.unmatched(9)] == [
        ChangeKind.NEW,
        ChangeKind.EDITED,
    ]


def test_an_item_without_an_address_moves_nowhere(
    store: Store, source: Source, article: Article, now: datetime
) -> None:
    """The known address stays."""
    settled(store, source, now)
    store.record(article, now)
    store.record(replace(article, url=None), now, renamed=True)
    (found,) = store.search(None)
    assert found.value.article.url == article.url


def test_guids_that_repeat_lose_their_word(
    store: Store, source: Source, article: Article, now: datetime
) -> None:
    """Three guids on two items each, and the source's guids prove nothing any more."""
    settled(store, source, now)
    for number in range(3):
        for half in "ab":
            store.record(
                replace(
                    article,
                    url=f"https://odkb.example/{number}{half}",
                    guid=f"g{number}",
                    text=f"{number}{half} words " * 60,
                ),
                now,
            )
    (status,) = store.statuses()
    assert status.guid_clashes == 3
    first = replace(article, url=None, guid="lone", text="One text.")
    store.record(first, now)
    again = store.record(replace(first, text="Another text."), now)
    assert again is not None
    assert again.kind is ChangeKind.NEW


@pytest.mark.parametrize(
    "row",
    [
        (timedelta(hours=23), Precision.MINUTE, True),
        (timedelta(hours=25), Precision.MINUTE, False),
        (timedelta(hours=33), Precision.DAY, True),
        (timedelta(hours=57), Precision.DAY, False),
        (-timedelta(days=400), Precision.MINUTE, False),
        (None, Precision.NONE, False),
    ],
)
def test_a_first_round_tells_of_what_is_dated_within_it(
    store: Store,
    source: Source,
    article: Article,
    now: datetime,
    row: tuple[timedelta | None, Precision, bool],
) -> None:
    """With `first_round` of a day: dated in the last 24 hours; a day counts up to its end."""
    age, precision, told = row
    store.register([replace(source, first_round=DAY)], now)
    when = None if age is None else now - age
    dated = replace(article, dateline=Dateline(when=when, precision=precision))
    store.record(dated, now)
    assert bool(store.unmatched(9)) is told


def test_a_first_round_may_be_changed_before_it_ends(
    store: Store, source: Source, article: Article, now: datetime
) -> None:
    """The config as it is now counts."""
    store.register([source], now)
    store.register([replace(source, first_round=DAY)], now)
    store.record(article, now)
    assert len(store.unmatched(9)) == 1
