"""Addresses: which pages to ask for, and when again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from db.changes import TRIES
from db.model import Validator, Visit

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store

HOUR = timedelta(hours=1)
URL = "https://odkb.example/news/council/"


def visit(store: Store, now: datetime) -> Visit:
    """Return what is known of the article's address."""
    return store.visits("secretariat", [URL, "https://odkb.example/never"], now)[URL]


def test_an_address_never_seen_is_not_known(store: Store, now: datetime) -> None:
    """Unknown addresses are left out, however many are asked about."""
    assert store.visits("secretariat", [f"https://e.org/{n}" for n in range(2000)], now) == {}


def test_a_page_that_was_read_is_complete(store: Store, article: Article, now: datetime) -> None:
    """A page read is complete, and due again an hour later."""
    store.record(article, now, card="c1")
    assert visit(store, now) == Visit(url=URL, card="c1", complete=True, due=False)
    assert store.due_visits("secretariat", now, 10) == ()
    assert visit(store, now + HOUR).due
    assert store.due_visits("secretariat", now + HOUR, 10) == (URL,)
    assert store.due_visits("other", now + HOUR, 10) == ()


def test_an_unchanged_page_waits_longer(store: Store, article: Article, now: datetime) -> None:
    """After a 304 the next visit is the next of the schedule, and the new card is kept."""
    store.record(article, now, card="c1")
    validator = Validator(url=URL, etag='"2"', last_modified=None, stored_at=now)
    store.unchanged(URL, now + HOUR, card="c2", validator=validator)
    assert visit(store, now + 3 * HOUR) == Visit(url=URL, card="c2", complete=True, due=False)
    assert visit(store, now + 4 * HOUR).due
    assert store.validator(URL) == validator
    store.unchanged(URL, now + timedelta(days=8))
    assert not visit(store, now + timedelta(days=99)).due


def test_a_page_never_read_cannot_be_unchanged(store: Store, card: Article, now: datetime) -> None:
    """A 304 for a page that never was read leaves it due."""
    store.record(card, now)
    store.unchanged(URL, now)
    store.unchanged("https://odkb.example/never", now)
    assert visit(store, now) == Visit(url=URL, card=None, complete=False, due=True)


def test_a_missed_page_is_tried_daily_in_the_end(
    store: Store, card: Article, now: datetime
) -> None:
    """A page that cannot be had is asked for at growing gaps, then daily while a list shows it."""
    at, waits = now, []
    store.missed(URL, at, card="c1")
    store.record(card, at, card="c1")
    for _ in range(TRIES - 1):
        start = at
        while not visit(store, at).due:
            at += timedelta(minutes=15)
        waits.append(at - start)
        store.missed(URL, at)
    assert waits == sorted(set(waits))
    for _ in range(3):
        assert not visit(store, at + timedelta(hours=23)).due
        at += timedelta(days=1)
        assert visit(store, at) == Visit(url=URL, card="c1", complete=False, due=True)
        assert store.due_visits("secretariat", at, 10) == ()
        store.missed(URL, at)


def test_reading_a_missed_page_ends_the_tries(
    store: Store, article: Article, card: Article, now: datetime
) -> None:
    """Once the page was read it is visited like any other, and a failure then is no drama."""
    store.record(card, now)
    store.missed(URL, now)
    store.record(article, now + HOUR)
    assert visit(store, now + HOUR).complete
    store.missed(URL, now + 2 * HOUR)
    assert store.due_visits("secretariat", now + 5 * HOUR, 10) == (URL,)


def test_a_card_seen_again_keeps_the_schedule(
    store: Store, article: Article, card: Article, now: datetime
) -> None:
    """A card of a page already read brings a new digest and nothing else."""
    store.record(article, now, card="c1")
    store.record(card, now + timedelta(minutes=5), card="c2")
    assert visit(store, now) == Visit(url=URL, card="c2", complete=True, due=False)
    assert visit(store, now + HOUR).due


def test_an_alias_is_an_address_of_its_own(store: Store, article: Article, now: datetime) -> None:
    """A second address of an article has its own card and its own visits."""
    store.record(article, now)
    other = "https://odkb.example/moved/"
    store.record(replace(article, url=other), now + HOUR, card="c9")
    seen = store.visits("secretariat", [URL, other], now + HOUR)
    assert (seen[URL].due, seen[other].due, seen[other].card) == (True, False, "c9")
    assert store.due_visits("secretariat", now + 2 * HOUR, 1) == (URL,)
