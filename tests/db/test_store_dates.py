"""R-41: whatever dates a source gives, order is by first seen, nothing is pinned, all is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from db import belief, store_dates
from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    Candidate,
    Dateline,
    FeedSpec,
    Precision,
    TextBasis,
)

if TYPE_CHECKING:
    from db.store import Store

ODD = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2099, 12, 31, tzinfo=UTC),
    None,
    datetime(2025, 2, 12, tzinfo=UTC),  # day and month swapped
    datetime(2025, 12, 19, 19, tzinfo=UTC),
)


def test_r41_odd_dates_pin_nothing_and_hide_nothing(
    store: Store, article: Article, now: datetime
) -> None:
    """Each of them is on top when it is seen, and each waits for the watches."""
    for number, when in enumerate(ODD):
        dateline = Dateline(when=when, precision=Precision.MINUTE) if when else UNKNOWN_DATELINE
        odd = replace(
            article,
            url=f"https://odkb.example/{number}",
            guid=None,
            title=f"Odd {number}",
            text=f"Odd text {number}. " * 30,
            dateline=dateline,
        )
        store.record(odd, now + timedelta(minutes=number))
        entries = store.newest(FeedSpec(name="all", title="All"), None)
        assert [entry.article.title for entry in entries] == [
            f"Odd {n}" for n in range(number, -1, -1)
        ]
    assert len(store.unmatched(99)) == len(ODD)


def lost(number: int, now: datetime, **more: str) -> Candidate:
    """Return a date that was not taken."""
    dateline = Dateline(
        when=now - timedelta(days=number),
        precision=Precision.DAY,
        basis=Basis.PRINTED,
        zone="Europe/Minsk",
        raw=more.get("raw"),
    )
    return Candidate(dateline=dateline, rejected=more.get("rejected", ""))


def test_dates_that_lost_stay_with_their_article(
    store: Store, article: Article, now: datetime
) -> None:
    """Each reading of the page replaces them, a reading of a list leaves them alone."""
    first = (lost(1, now, raw="19 December", rejected="stands far from the title"), lost(2, now))
    store.record(article, now, lost=first)
    assert store.lost_dates(1) == first
    store.record(article, now)
    assert store.lost_dates(1) == first
    store.record(article, now, lost=first[:1])
    assert store.lost_dates(1) == first[:1]
    store.record(article, now, lost=())
    assert store.lost_dates(1) == ()
    assert store.lost_dates(99) == ()


def test_dates_that_lost_take_little_room(store: Store, article: Article, now: datetime) -> None:
    """A page full of dates keeps the first twenty, each with the beginning of its words."""
    many = tuple(lost(day, now, raw="r" * 999, rejected="w" * 999) for day in range(500))
    store.record(article, now, lost=many)
    kept = store.lost_dates(1)
    assert [one.dateline.when for one in kept] == [one.dateline.when for one in many[:20]]
    lengths = {(len(one.dateline.raw or ""), len(one.rejected)) for one in kept}
    assert lengths == {(store_dates.LONGEST, store_dates.LONGEST)}


def listed(article: Article, now: datetime, **more: object) -> Article:
    """Return a reading of the article dated by a feed."""
    given = {"when": now, "precision": Precision.MINUTE, "basis": Basis.FEED, "zone": "UTC"}
    return replace(article, dateline=Dateline(**{**given, **more}))  # type: ignore[arg-type]


def test_a_date_that_gave_way_is_kept_until_it_is_taken(
    store: Store, article: Article, now: datetime
) -> None:
    """Neither the reading that lost nor what stood goes at the next visit; each is kept once."""
    assumed = listed(article, now)
    stated = listed(article, now - timedelta(hours=3), zone_stated=True)
    store.record(assumed, now, lost=())
    assert store.lost_dates(1) == ()
    page = lost(1, now, raw="19 December")
    assert store.record(stated, now, lost=(page, Candidate(dateline=assumed.dateline))) is None
    stood = Candidate(dateline=assumed.dateline, rejected=belief.STOOD)
    assert store.lost_dates(1) == (stood, page)
    again = Candidate(dateline=assumed.dateline, rejected=belief.AGAIN)
    assert store.record(assumed, now, lost=()) is None
    assert store.lost_dates(1) == (again,)
    card = replace(assumed, text_basis=TextBasis.LISTING, dateline=page.dateline)
    assert store.record(card, now) is None
    assert [one.dateline for one in store.lost_dates(1)] == [page.dateline, assumed.dateline]
    for hour in range(9):
        store.record(listed(article, now - timedelta(hours=hour)), now, lost=())
    assert len(store.lost_dates(1)) == store_dates.MOST_OF_OTHERS


def test_an_edit_keeps_the_date_in_its_version_only(
    store: Store, article: Article, now: datetime
) -> None:
    """What a version tells is not told again among the dates that lost."""
    store.record(article, now)
    moved = replace(article, text="Other", dateline=replace(article.dateline, when=now))
    store.record(moved, now, lost=())
    assert store.lost_dates(1) == ()
    assert [one.dateline.when for one in store.versions(1)] == [article.dateline.when, now]


def test_what_a_list_said_of_an_item_is_known_by_its_address(
    store: Store, article: Article, now: datetime
) -> None:
    """Whether it stands or lost, the best of them; a page's own date is none of a list."""
    url = article.url or ""
    assert store.told_at(url)[1] == UNKNOWN_DATELINE
    store.record(article, now)
    assert store.told_at(url)[1] == UNKNOWN_DATELINE
    for stated in (False, True, False):
        feed = listed(article, now, zone_stated=stated, basis=Basis.LISTING)
        store.record(feed, now)
    assert store.told_at(url)[1].zone_stated
    assert store.told_at(url)[1].basis is Basis.LISTING


def test_a_list_that_contradicts_a_page_has_no_say_when_it_is_read_again(
    store: Store, article: Article, now: datetime
) -> None:
    """Its date is kept with the reason; told to the page's rules it would win there."""
    day = replace(lost(0, now).dateline, when=now - timedelta(days=4))
    store.record(replace(article, dateline=day), now)
    strange = replace(listed(article, now, zone_stated=True), source="other", text="")
    assert store.record(replace(strange, text_basis=TextBasis.FEED), now) is None
    assert [one.rejected for one in store.lost_dates(1)] == [belief.STRANGE]
    assert store.told_at(article.url or "")[1] == UNKNOWN_DATELINE
