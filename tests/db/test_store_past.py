"""The past as a whole: what fits a query best, and how much met it, when and where."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import store_past
from db.compile import to_condition, to_ranking
from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    Dateline,
    Glimpse,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.query import parse
from db.store import Store
from db.store_index import BACKLOG
from db.zones import zone_of
from monitor.trial import moment
from monitor.trying import span_of, tried


def add(store: Store, article: Article, now: datetime, **fields: object) -> None:
    """Store an article with other words and an address of its own."""
    url = f"https://e.org/{store.counts().articles}"
    changed = replace(article, url=url, guid=None, summary="", **fields)  # type: ignore[arg-type]
    store.record(changed, now, card="digest")


def ranked(store: Store, text: str, **options: object) -> list[str]:
    """Return the titles that a ranked search gives, in its order."""
    query = parse(text)
    found = store.ranked(to_condition(query), to_ranking(query), **options)  # type: ignore[arg-type]
    return [each.value.article.title for each in found]


def fill(store: Store, article: Article, now: datetime) -> None:
    """Store four articles that fit "border guard" more or less well."""
    for title, text in (
        ("Border guards", "Quiet."),
        ("Weather", "A guard stood at the border."),
        ("Border", "A guard came."),
        ("Nothing", "Of it."),
        ("Токаева ждут", "Речь о границе, border."),
    ):
        add(store, article, now, title=title, text=text)


@pytest.mark.parametrize("waiting", [True, False])
def test_what_stands_in_the_title_fits_best(
    store: Store, article: Article, now: datetime, *, waiting: bool
) -> None:
    """More of the words, in the title before the text, and alike the last seen first."""
    fill(store, article, now)
    if not waiting:
        for number in range(BACKLOG):
            add(store, article, now, title=f"Other {number}", text="Words.")
    assert ranked(store, "border guard") == ["Border guards", "Border", "Weather"]
    assert ranked(store, "border OR guard", limit=2) == ["Border guards", "Border"]
    assert ranked(store, "guard OR nothing")[0] == "Nothing"
    assert ranked(store, "~Tokayev OR weather")[-1] == "Weather" or waiting
    assert ranked(store, "border NEAR/3 guard") == ["Border guards", "Weather"]
    assert ranked(store, "border NOT guard") == ["Токаева ждут"]
    assert ranked(store, "border", source="nobody") == []
    assert ranked(store, f"border source:{article.source}", limit=1) == ["Border"]
    # What only asks for facts, expressions or absence makes nothing fit better.
    assert ranked(store, "/border/ NOT source:x", limit=1) == ["Токаева ждут"]


def test_a_ranked_search_finds_what_a_search_finds(
    store: Store, article: Article, now: datetime
) -> None:
    """Only the order differs."""
    chance = random.Random(7)  # noqa: S311 - documents, not secrets
    words = ["border", "guard", "Токаев", "Tokayev", "rare", "post"]
    for _ in range(60):
        title, text = (" ".join(chance.choices(words, k=3)) for _ in range(2))
        add(store, article, now, title=title, text=text)
    for text in ("border OR rare", "~Токаев post", "title:guard", '"border guard" OR NOT post'):
        query = parse(text)
        usual = store.search(to_condition(query), limit=99)
        best = store.ranked(to_condition(query), to_ranking(query), limit=99)
        assert sorted(usual, key=lambda each: each.id) == sorted(best, key=lambda each: each.id)
        assert len(usual) > 1


@pytest.mark.parametrize("few", [0, 1, 99])
def test_the_past_is_glimpsed_since_a_moment(
    store: Store, article: Article, now: datetime, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Each article that meets the condition, with its moments, however many there are."""
    monkeypatch.setattr(store_past, "_FEW", few)
    long_ago = now - timedelta(days=9)
    assert store.beginning(long_ago) is None
    add(store, article, now, title="Border", text="One.")
    add(
        store,
        article,
        now + timedelta(days=2),
        title="Border",
        text="Two.",
        dateline=UNKNOWN_DATELINE,
    )
    add(store, article, now + timedelta(days=3), title="Other", text="Nothing.", source="tass")
    condition = to_condition(parse("border"))
    when = article.dateline.when
    first = Glimpse(1, now, when, Precision.MINUTE, article.dateline.zone)
    second = Glimpse(2, now + timedelta(days=2), None, Precision.NONE)
    assert set(store.glimpses(condition, since=now)) == {first, second}
    assert store.glimpses(condition, since=now + timedelta(seconds=1)) == (second,)
    assert store.glimpses(condition, since=now, sources=("tass",)) == ()
    both = store.glimpses(None, since=now, sources=("tass", article.source))
    assert {glimpse.id for glimpse in both} == {1, 2, 3}
    assert store.sources_of([1, 2, 3, 99]) == {article.source: 2, "tass": 1}
    assert store.sources_of([]) == {}
    assert store.beginning(long_ago) == when
    assert store.beginning(now) == now
    assert store.beginning(now + timedelta(days=1)) == now


def test_the_past_begins_with_the_day_that_a_source_wrote(
    store: Store, article: Article, now: datetime
) -> None:
    """4 December in Moscow begins on the third in UTC; a moment is a moment in every zone."""
    begun = datetime(2024, 12, 3, 21, tzinfo=UTC)
    day = replace(article.dateline, when=begun, precision=Precision.DAY, zone="Europe/Moscow")
    add(store, article, now, title="Border", text="One.", dateline=day)
    (glimpse,) = store.glimpses(None, since=now)
    assert glimpse == Glimpse(1, now, begun, Precision.DAY, "Europe/Moscow")
    assert store.beginning(datetime(2020, 1, 1, tzinfo=UTC)) == datetime(2024, 12, 4, tzinfo=UTC)
    minute = replace(day, precision=Precision.MINUTE)
    add(store, article, now, title="Border", text="Two.", dateline=minute)
    assert store.beginning(datetime(2020, 1, 1, tzinfo=UTC)) == begun


def test_the_past_does_not_begin_after_its_items(
    store: Store, article: Article, now: datetime
) -> None:
    """A day in Tokyo begins at 15:00 UTC of the day before: what is seen then is of the past."""
    seen = now.replace(hour=16)
    begun = seen.replace(hour=15)
    day = replace(article.dateline, when=begun, precision=Precision.DAY, zone="Asia/Tokyo")
    add(store, article, seen, title="Border", text="One.", dateline=day)
    for later in (timedelta(minutes=5), timedelta(hours=9)):
        span = span_of(store, seen + later, timedelta(days=28))
        assert span.start == seen
        assert tried(store, parse("border"), span).items == (1,)


@settings(max_examples=60, deadline=None)
@given(
    items=st.lists(
        st.tuples(
            st.integers(0, 96),
            st.integers(-12, 72),
            st.sampled_from([Precision.MINUTE, Precision.DAY]),
            st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "+14:00", "-12:00"]),
        ),
        min_size=1,
        max_size=4,
    ),
    since=st.integers(-72, 108),
)
def test_the_past_begins_with_its_first_item(
    items: list[tuple[int, int, Precision, str]], since: int
) -> None:
    """No item counts between the moment asked for and the one told."""
    monday = datetime(2025, 12, 15, tzinfo=UTC)
    start = monday + timedelta(hours=since)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "d.db") as store:
        for seen, age, precision, zone in items:
            first_seen = monday + timedelta(hours=seen)
            when = first_seen - timedelta(hours=age)
            if precision is Precision.DAY:
                local = when.astimezone(zone_of(zone))
                when = local.replace(hour=0, minute=0).astimezone(UTC)
            dateline = Dateline(when=when, precision=precision, basis=Basis.META, zone=zone)
            plain = Article(
                url=f"https://e.org/{store.counts().articles}",
                source="s",
                title="Border",
                title_basis=TitleBasis.PAGE,
                text="One.",
                text_basis=TextBasis.PAGE,
                dateline=dateline,
            )
            store.record(plain, first_seen)
        found = store.glimpses(None, since=datetime(2020, 1, 1, tzinfo=UTC))
        first = store.beginning(start)
    assert len(found) == len(items)
    assert first is not None
    seen_before = any(glimpse.first_seen < start for glimpse in found)
    assert (first < start) is seen_before
    counted = [at for at in map(moment, found) if at >= start]
    assert first <= min(counted, default=first)


def test_a_source_that_shows_an_item_too_counts_for_it(
    store: Store, article: Article, now: datetime
) -> None:
    """An item of two sources is each one's."""
    store.record(article, now, card="digest")
    store.record(replace(article, source="tass"), now, card="digest")
    assert store.sources_of([1]) == {article.source: 1, "tass": 1}
    assert len(store.glimpses(None, since=datetime(2020, 1, 1, tzinfo=UTC), sources=("tass",))) == 1
