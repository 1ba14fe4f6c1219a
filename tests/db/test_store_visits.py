"""Addresses: which pages to ask for, and when again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.revisits import TRIES
from db.visiting import Report, State, Validator, Visit

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store
    from db.visiting import Source

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


def test_a_file_is_never_due(store: Store, card: Article, now: datetime) -> None:
    """Nor is one that was taken for a page before, and could not be had."""
    later = now + timedelta(days=2)
    store.record(card, now)
    store.missed(URL, now, source="secretariat")
    assert store.due_visits("secretariat", later, 10) == (URL,)
    store.record(replace(card, attachments=(URL,)), now)
    assert store.due_visits("secretariat", later, 10) == ()


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


@pytest.mark.parametrize("ahead", [timedelta(days=30), timedelta(days=20 * 365)])
def test_a_clock_that_ran_ahead_holds_no_page_back(
    store: Store, article: Article, now: datetime, ahead: timedelta
) -> None:
    """A page read in the future is due, and then visited as if it had first been read now."""
    store.record(article, now + ahead)
    assert visit(store, now).due
    assert store.due_visits("secretariat", now, 9) == (URL,)
    store.record(article, now)
    for gap in (HOUR, 4 * HOUR, timedelta(days=1), timedelta(days=3), timedelta(days=7)):
        assert not visit(store, now + gap - timedelta(minutes=1)).due
        assert store.due_visits("secretariat", now + gap, 9) == (URL,)
        store.unchanged(URL, now + gap)
    assert not visit(store, now + ahead + HOUR).due


@pytest.mark.parametrize("answer", ["unchanged", "missed"])
def test_an_answer_without_words_rights_the_clock_too(
    store: Store, article: Article, now: datetime, answer: str
) -> None:
    """A page read in the future that is unchanged, or cannot be had, is asked for an hour later."""
    store.record(article, now + timedelta(days=30))
    note = getattr(store, answer)
    note(URL, now)
    assert not visit(store, now).due
    assert store.due_visits("secretariat", now, 9) == ()
    assert visit(store, now + HOUR).due
    note(URL, now + HOUR)
    assert not visit(store, now + 3 * HOUR).due
    assert visit(store, now + 4 * HOUR).due


def test_a_page_missed_in_the_future_is_asked_for_now(
    store: Store, card: Article, now: datetime
) -> None:
    """A try set farther ahead than any gap is due, and its next one has the usual gap."""
    later = now + timedelta(days=30)
    store.missed(URL, later, source="secretariat")
    store.record(card, now)
    assert visit(store, now).due
    assert store.due_visits("secretariat", now, 9) == (URL,)
    store.missed(URL, now)
    assert not visit(store, now).due
    assert visit(store, now + HOUR).due


def test_a_page_tried_too_often_in_the_future_is_given_up_in_time(
    store: Store, source: Source, now: datetime
) -> None:
    """Once the clock is right again it still has two days to be shown by a list, and no more."""
    store.register([source], now)
    for _ in range(TRIES):
        store.missed(URL, now + timedelta(days=30), source="secretariat")
    stood = []
    for days in (0, 1, 3):
        then = now + timedelta(days=days)
        ended = Report(
            source="secretariat", started=then, finished=then, state=State.OK, list_read=True
        )
        store.finish(ended, next_at=then)
        (status,) = store.statuses()
        stood.append((status.pending, status.lost))
    assert stood == [(1, 0), (1, 0), (0, 1)]


def test_the_longest_gap_is_believed(store: Store, article: Article, now: datetime) -> None:
    """A page that waits for the last of its visits waits a week."""
    store.record(article, now)
    for gap in (timedelta(days=3), timedelta(days=7)):
        store.unchanged(URL, now + gap - HOUR)
        assert not visit(store, now).due
        assert store.due_visits("secretariat", now, 9) == ()


def test_an_alias_is_an_address_of_its_own(store: Store, article: Article, now: datetime) -> None:
    """A second address of an article has its own card and its own visits."""
    store.record(article, now)
    other = "https://odkb.example/moved/"
    store.record(replace(article, url=other), now + HOUR, card="c9")
    seen = store.visits("secretariat", [URL, other], now + HOUR)
    assert (seen[URL].due, seen[other].due, seen[other].card) == (True, False, "c9")
    assert store.due_visits("secretariat", now + 2 * HOUR, 1) == (URL,)
