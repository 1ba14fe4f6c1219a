"""Kept pages, how long they are kept, and what better rules make of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.changes import compare_correction, correct, differing
from db.errors import StoreError
from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    ChangeKind,
    Dateline,
    Known,
    Precision,
    Stored,
    TextBasis,
    TitleBasis,
)
from db.visiting import KeptPage

if TYPE_CHECKING:
    from pathlib import Path

    from db.store import Store

HOUR = timedelta(hours=1)
URL = "https://odkb.example/news/council/"


def page(now: datetime, body: bytes = b"<p>one</p>" * 100, **other: object) -> KeptPage:
    """Return a page as it comes from a visit."""
    given: dict[str, object] = {
        "source": "secretariat",
        "url": URL,
        "asked": URL,
        "status": 200,
        "headers": (("Content-Type", "text/html"), ("Server", "x")),
        "body": body,
        "fetched_at": now,
        "again_at": now,
    }
    return KeptPage(**{**given, **other})  # type: ignore[arg-type]


def kept(store: Store, **how: object) -> list[KeptPage]:
    """Return what is kept."""
    return [stored.value for stored in store.kept_pages(**how)]  # type: ignore[arg-type]


def test_what_is_kept_comes_back(store: Store, now: datetime) -> None:
    """Every byte and header comes back, packed much smaller meanwhile."""
    for body in (b"", b"\0\xff" * 9, "Совет ".encode() * 1000):
        given = page(now, body, asked=f"{URL}{len(body)}", card='{"title": "T"}')
        assert store.keep_page(given)
        assert kept(store)[-1] == given
    shelf = store.shelf()
    assert (shelf.pages, shelf.size) == (3, 18 + 11_000)
    assert shelf.packed < 200


def test_an_unchanged_page_is_kept_once(store: Store, now: datetime) -> None:
    """The same bytes again only move the moment they came last, and bring a card."""
    store.keep_page(page(now, card="a"))
    assert not store.keep_page(page(now, again_at=now + HOUR))
    assert not store.keep_page(page(now, again_at=now + HOUR, card="b"))
    assert kept(store) == [page(now, again_at=now + HOUR, card="b")]
    assert store.keep_page(page(now + 2 * HOUR, b"other"))
    assert store.keep_page(page(now + 3 * HOUR))
    assert len(kept(store)) == 3
    assert [one.fetched_at for one in kept(store, newest=True)] == [now + 3 * HOUR]


def test_pages_are_asked_for_by_source_and_age(store: Store, now: datetime) -> None:
    """The pages of one source, or those that came since a moment."""
    store.keep_page(page(now))
    store.keep_page(page(now, source="tass", again_at=now + HOUR))
    assert [one.source for one in kept(store)] == ["secretariat", "tass"]
    assert [one.source for one in kept(store, source="tass")] == ["tass"]
    assert [one.source for one in kept(store, since=now + HOUR)] == ["tass"]
    assert kept(store, source="belta") == []


def test_what_is_forgotten_meanwhile_is_not_given(store: Store, now: datetime) -> None:
    """Reading pages one by one does not stop retention."""
    store.keep_page(page(now))
    store.keep_page(page(now, asked="https://odkb.example/2"))
    reading = store.kept_pages()
    next(reading)
    assert store.forget_pages(before=now + HOUR, max_bytes=0) == 2
    assert list(reading) == []


def test_pages_are_forgotten_by_age_and_by_size(store: Store, now: datetime) -> None:
    """First what came last too long ago, then the oldest beyond the size."""
    for number in range(4):
        store.keep_page(page(now, asked=f"{URL}{number}", again_at=now + number * HOUR))
    each = store.shelf().packed // 4
    assert store.forget_pages(before=now + HOUR, max_bytes=10**9) == 1
    assert store.forget_pages(before=now, max_bytes=2 * each) == 1
    assert [one.asked[-1] for one in kept(store)] == ["2", "3"]
    assert store.forget_pages(before=now, max_bytes=2 * each) == 0


@pytest.mark.parametrize(
    ("damage", "message"),
    [("body = x'00'", "damaged"), ("hash = 'other'", "not what was kept")],
)
def test_damaged_bytes_are_found(
    store: Store, path: Path, now: datetime, damage: str, message: str
) -> None:
    """A page that is not what was kept is never read as if it were."""
    store.keep_page(page(now))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"UPDATE page SET {damage}")  # noqa: S608 - our own words
    with pytest.raises(StoreError, match=message):
        kept(store)


# -- corrections


def test_a_correction_is_a_version(store: Store, article: Article, now: datetime) -> None:
    """What better rules read replaces what stood, which is kept; nobody is told."""
    store.record(article, now)
    better = replace(article, title="Council meets", authors=("A. Writer",))
    assert store.stored(better, URL) == Stored(1, article)
    (change,) = store.correct([(better, URL)], now + HOUR)
    assert change is not None
    assert (change.kind, change.fields) == (ChangeKind.CORRECTED, ("title",))
    entry = store.entry(1)
    assert entry is not None
    assert (entry.article, entry.edits) == (better, 1)
    assert [(one.kind, one.title) for one in store.versions(1)] == [
        (ChangeKind.NEW, "Council meets in Minsk"),
        (ChangeKind.CORRECTED, "Council meets"),
    ]
    assert [stored.value.kind for stored in store.unmatched(9)] == [ChangeKind.NEW]
    assert not store.visits("secretariat", [URL], now)[URL].due
    assert store.correct([(better, URL)], now + 2 * HOUR) == (None,)
    assert len(store.versions(1)) == 2


def test_a_correction_can_be_told(store: Store, article: Article, now: datetime) -> None:
    """Where it is wanted, the watches look at a correction."""
    store.record(article, now)
    store.correct([(replace(article, title="Other"), URL)], now, quiet=False)
    assert [stored.value.kind for stored in store.unmatched(9)] == [
        ChangeKind.NEW,
        ChangeKind.CORRECTED,
    ]


def test_small_things_are_corrected_without_a_version(
    store: Store, article: Article, now: datetime
) -> None:
    """Where neither words nor date differ, there is no change to tell of."""
    store.record(article, now)
    assert store.correct([(replace(article, section="Politics"), URL)], now) == (None,)
    entry = store.entry(1)
    assert entry is not None
    assert (entry.article.section, entry.edits) == ("Politics", 0)


def test_a_page_nobody_could_read_before_is_new(
    store: Store, article: Article, now: datetime
) -> None:
    """An item found in a kept page is stored, quietly, and its page is visited."""
    assert store.stored(article, URL) is None
    asked = "https://odkb.example/short"
    (change,) = store.correct([(article, asked)], now)
    assert change is not None
    assert change.kind is ChangeKind.NEW
    assert store.unmatched(9) == ()
    assert set(store.due_visits("secretariat", now, 9)) == {URL, asked}


def test_a_card_is_completed_from_a_kept_page(
    store: Store, article: Article, card: Article, now: datetime
) -> None:
    """An item known from its card gets the words of its page."""
    store.record(card, now)
    (change,) = store.correct([(article, URL)], now)
    assert change is not None
    assert change.kind is ChangeKind.COMPLETED
    assert len(store.versions(1)) == 1


def test_a_correction_brings_nothing_back(store: Store, article: Article, now: datetime) -> None:
    """A kept page is no visit: what is gone stays gone."""
    store.record(article, now)
    store.absent(URL, now + HOUR)
    store.absent(URL, now + 2 * HOUR)
    store.correct([(replace(article, title="Other"), URL)], now + 3 * HOUR)
    entry = store.entry(1)
    assert entry is not None
    assert entry.absence is not None


def test_corrections_are_all_or_none(store: Store, article: Article, now: datetime) -> None:
    """If one of them cannot be stored, none is."""
    store.record(article, now)
    bad = replace(article, url="https://odkb.example/bad", guid=None, text="\ud800" * 300)
    with pytest.raises(StoreError, match="not clean"):
        store.correct([(replace(article, title="Other"), URL), (bad, URL + "b")], now)
    assert len(store.versions(1)) == 1


def test_what_better_rules_do_not_find_stays(article: Article) -> None:
    """A field that is not found is no evidence that it is wrong, but for a date of the page."""
    poor = Article(
        url=article.url,
        source=article.source,
        title="",
        title_basis=TitleBasis.PAGE,
        text="",
        text_basis=TextBasis.PAGE,
    )
    corrected = correct(article, poor)
    assert differing(corrected, article) == ("dateline",)
    assert corrected.dateline == Dateline(place="Minsk")
    listed = replace(article, dateline=replace(article.dateline, basis=Basis.LISTING))
    assert correct(listed, poor) == listed
    fed = replace(article, dateline=replace(article.dateline, basis=Basis.FEED))
    assert correct(fed, article) == fed
    undated = replace(article, dateline=UNKNOWN_DATELINE)
    assert correct(undated, article) == article


def test_words_of_a_list_correct_nothing_of_a_page(article: Article, card: Article) -> None:
    """A reading that is weaker than what stands is taken as it is in a visit."""
    assert correct(article, card) == article


def test_only_words_and_dates_make_a_version(article: Article, now: datetime) -> None:
    """A date known in another way at the same moment is the same date."""
    known = Known(
        url=article.url,
        fingerprint="f",
        title=article.title,
        title_basis=article.title_basis,
        text=article.text,
        text_basis=article.text_basis,
        dateline=article.dateline,
        first_seen=now,
        changed_at=now,
    )
    same = replace(article, dateline=replace(article.dateline, basis=Basis.STRUCTURED))
    assert compare_correction(known, same, now) is None
    later = Dateline(when=now, precision=Precision.MINUTE, basis=Basis.STRUCTURED)
    change = compare_correction(known, replace(article, dateline=later, text="Other"), now)
    assert change is not None
    assert change.fields == ("text", "dateline")
    assert differing(article, replace(article, title=f"{article.title} ", tags=())) == ("tags",)
