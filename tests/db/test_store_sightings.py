"""What is new to whom: baselines of lists, and articles that several sources have."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import UNKNOWN_DATELINE, ChangeKind, FeedSpec
from db.visiting import Report, State

if TYPE_CHECKING:
    from db.model import Article, Change, Dateline
    from db.store import Store
    from db.visiting import Source

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def url(article: Article) -> str:
    """Return the article's address."""
    assert article.url
    return article.url


@pytest.fixture
def second(article: Article) -> Article:
    """Return the article as another source shows it."""
    return replace(article, source="second", guid="other-1")


def waiting(store: Store) -> list[Change]:
    """Return the changes that wait for the watches."""
    return [stored.value for stored in store.unmatched(100)]


def done(source: str, now: datetime) -> Report:
    """Return the report of a visit that read a list."""
    return Report(source=source, started=now, finished=now, state=State.OK, list_read=True)


def test_what_a_list_showed_at_its_first_reading_is_no_news_when_it_comes(
    store: Store, article: Article, card: Article, url: str, now: datetime
) -> None:
    """Neither the card nor the page of such an item is news, however much later they come."""
    store.listed("secretariat", [url], now, on="", quiet=True)
    assert store.visits("secretariat", [url], now)[url].due
    assert store.visits("second", [url], now) == {}
    store.complete_list("secretariat", "https://odkb.example/", 0, now)
    store.record(card, now + HOUR, baseline=False)
    assert waiting(store) == []
    store.record(article, now + 2 * HOUR, baseline=False)
    assert waiting(store) == []
    store.record(replace(article, text="Edited."), now + 3 * HOUR, baseline=False)
    assert [change.kind for change in waiting(store)] == [ChangeKind.EDITED]


def test_a_redirect_of_an_old_address_is_no_news(
    store: Store, article: Article, now: datetime
) -> None:
    """The address in the list counts, wherever it leads."""
    store.listed("secretariat", ["https://odkb.example/old"], now, on="", quiet=True)
    store.record(article, now, asked="https://odkb.example/old", baseline=False)
    assert waiting(store) == []


NEW_LIST = "https://odkb.example/new"
OLD_LIST = "https://odkb.example/list"


@pytest.mark.parametrize("stored", [False, True])
def test_an_added_list_silences_nothing_that_another_list_shows(
    store: Store, article: Article, url: str, now: datetime, *, stored: bool
) -> None:
    """The added list may be read first, and its items even stored: they are news all the same."""
    store.listed("secretariat", [url], now, on=NEW_LIST, quiet=True)
    if stored:
        store.record(article, now, baseline=False)
    assert waiting(store) == []
    assert not store.visits("secretariat", [url], now, on=OLD_LIST)[url].sighted
    store.listed("secretariat", [url], now, on=OLD_LIST, quiet=False)
    store.record(article, now, baseline=False)
    (change,) = waiting(store)
    assert (change.kind, change.sources, change.again) == (
        ChangeKind.NEW,
        ("secretariat",),
        False,
    )
    assert store.visits("secretariat", [url], now, on=OLD_LIST)[url].sighted
    for name in (OLD_LIST, NEW_LIST):
        store.listed("secretariat", [url], now + HOUR, on=name, quiet=False)
    assert len(waiting(store)) == 1


@pytest.mark.parametrize("on", ["", NEW_LIST])
def test_what_an_added_list_showed_at_first_stays_old_there(
    store: Store, article: Article, url: str, now: datetime, on: str
) -> None:
    """So does, on all its lists, what a source's first lists showed; under another address too."""
    store.listed("secretariat", [url], now, on=on, quiet=True)
    store.record(article, now, baseline=False)
    other = f"{url}?moved"
    store.record(article, now, asked=other, baseline=False)
    for shown in (url, other):
        assert store.visits("secretariat", [shown], now, on=NEW_LIST)[shown].sighted
        store.listed("secretariat", [shown], now + HOUR, on=NEW_LIST, quiet=False)
    assert waiting(store) == []


def test_what_was_told_is_not_told_again_for_an_added_list(
    store: Store, article: Article, now: datetime
) -> None:
    """An added list shows an item that was news: the list that made it news changes nothing."""
    store.record(article, now, baseline=False)
    url = article.url or ""
    store.listed(article.source, [url], now, on="added", quiet=True)
    store.listed(article.source, [url], now, on="first", quiet=False)
    assert len(store.changes(9)) == 1


def test_lists_have_their_baselines_one_by_one(store: Store, source: Source, now: datetime) -> None:
    """A list that was read has one, another of the source not; the source when all have one."""
    store.register([source], now)
    one, two = "https://odkb.example/1", "https://odkb.example/2"
    assert store.open_lists("secretariat", [one, two]) == frozenset()
    store.complete_list("secretariat", one, 0, now)
    assert store.open_lists("secretariat", [one, two]) == {(one, 0)}
    store.finish(done("secretariat", now), next_at=now)
    assert store.statuses()[0].baseline_at is None
    store.complete_list("secretariat", two, 1, now)  # its first page only says where it is
    store.finish(done("secretariat", now + HOUR), next_at=now)
    assert store.statuses()[0].baseline_at == now + HOUR


def test_a_source_with_a_dead_list_does_not_stay_new_for_ever(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """Its fourth visit that reads a list ends the first round; the dead one keeps its baseline.

    As long as nothing was read at all, there is nothing to begin with.
    """
    store.register([source], now)
    one, dead = "https://odkb.example/1", "https://odkb.example/2"
    for hours in range(5):
        assert store.statuses()[0].baseline_at is None
        if hours == 4:
            store.complete_list("secretariat", one, 0, now)
        assert (dead, 0) not in store.open_lists("secretariat", [one, dead])
        store.finish(
            replace(done("secretariat", now + hours * HOUR), list_read=hours != 1), next_at=now
        )
    assert store.statuses()[0].baseline_at == now + 4 * HOUR
    assert store.open_lists("secretariat", [one, dead]) == {(one, 0)}
    url = article.url or ""
    store.listed("secretariat", [url], now + DAY, on=dead, quiet=True)
    store.record(article, now + DAY)
    assert waiting(store) == []


def test_a_list_taken_out_of_the_config_begins_anew(
    store: Store, source: Source, now: datetime
) -> None:
    """Put in again later, what it shows then is old."""
    store.register([source], now)
    store.complete_list("secretariat", source.urls[0], 0, now)
    store.register([replace(source, urls=("https://odkb.example/x",))], now, whole=False)
    assert store.open_lists("secretariat", source.urls) == {(source.urls[0], 0)}
    store.register([replace(source, urls=("https://odkb.example/x",))], now)
    assert store.open_lists("secretariat", source.urls) == frozenset()


def test_a_baseline_silences_no_other_source(
    store: Store, article: Article, second: Article, url: str, now: datetime
) -> None:
    """First met in one source's baseline, an item is news to all when another source shows it."""
    store.listed("secretariat", [url], now, on="", quiet=True)
    store.record(article, now, baseline=False)
    assert waiting(store) == []
    assert store.record(second, now + HOUR, baseline=False) is None
    (change,) = waiting(store)
    assert (change.kind, change.sources, change.again) == (ChangeKind.NEW, ("second",), False)
    assert change.article.source == "second"
    store.record(second, now + 2 * HOUR, baseline=False)
    assert len(waiting(store)) == 1


def test_an_item_somebody_told_of_is_news_to_who_names_the_next_source(
    store: Store, article: Article, second: Article, url: str, now: datetime
) -> None:
    """Listed by a second source, it is queued once more, for those who name that source."""
    store.record(article, now, baseline=False)
    assert not store.visits("second", [url], now)[url].sighted
    revision = store.revision()
    store.listed("second", [url], now + HOUR, on="", quiet=False)
    store.record(second, now + HOUR, baseline=False)
    assert store.visits("second", [url], now)[url].sighted
    first, again = waiting(store)
    assert (first.sources, first.again) == (("secretariat",), False)
    assert (again.sources, again.again, again.known) == (("second",), True, None)
    assert store.revision() > revision


def test_a_second_baseline_is_quiet(
    store: Store, article: Article, second: Article, url: str, now: datetime
) -> None:
    """A new source that shows what others have tells nobody, and edits are told all the same."""
    store.record(article, now, baseline=False)
    store.listed("second", [url], now + HOUR / 2, on="", quiet=True)
    assert len(waiting(store)) == 1
    store.record(replace(second, text="Edited."), now + HOUR, baseline=True)
    edited = waiting(store)[-1]
    assert (edited.kind, edited.sources) == (ChangeKind.EDITED, ("secretariat", "second"))


def test_a_completed_item_is_news_where_its_card_was(
    store: Store, article: Article, card: Article, now: datetime
) -> None:
    """Read by a source in its baseline, the page is told to the watches of the other."""
    store.record(card, now, baseline=False)
    store.record(replace(article, source="second"), now, baseline=True)
    assert [(change.kind, change.sources) for change in waiting(store)] == [
        (ChangeKind.NEW, ("secretariat",)),
        (ChangeKind.COMPLETED, ("secretariat",)),
    ]


def test_readers_find_an_item_under_each_of_its_sources(
    store: Store, article: Article, second: Article, now: datetime
) -> None:
    """Feeds, searches and counts of a source hold what others had before it."""
    store.record(article, now)
    store.record(replace(article, url="https://odkb.example/2", guid="2", text="Two."), now + HOUR)
    store.record(second, now + 2 * HOUR)
    found = {name: store.search(None, source=name) for name in ("secretariat", "second", "third")}
    assert [len(some) for some in found.values()] == [2, 1, 0]
    feed = store.newest(FeedSpec(name="f", title="F", sources=("second", "secretariat")), None)
    assert [entry.article.url for entry in feed] == ["https://odkb.example/2", article.url]
    feed = store.newest(FeedSpec(name="f", title="F", source="second"), None)
    assert [entry.article.url for entry in feed] == [article.url]


def test_the_order_of_a_list_is_kept_by_source(store: Store) -> None:
    """Of a list that is known; another source has its own."""
    store.open_lists("secretariat", ["https://odkb.example/"])
    assert store.shown("secretariat", "https://odkb.example/") == ()
    store.keep_shown("secretariat", "https://odkb.example/", ["b", "a"])
    store.keep_shown("second", "https://odkb.example/", ["c"])
    assert store.shown("secretariat", "https://odkb.example/") == ("b", "a")
    assert store.shown("second", "https://odkb.example/") == ()


@pytest.mark.parametrize("on_card", [UNKNOWN_DATELINE, None], ids=["no date", "an early day"])
def test_a_page_that_failed_in_the_first_round_is_news_when_it_comes(  # noqa: PLR0913 - fixtures
    store: Store, article: Article, card: Article, source: Source, now: datetime,
    *, on_card: Dateline | None,
) -> None:  # fmt: skip
    """With `first_round`: its card could not tell that it is recent; two days later its page does.

    Once, and with the words of the page; to the sources whose first round it was.
    """
    early = replace(card.dateline, when=now - 3 * DAY)
    store.register([replace(source, first_round=DAY)], now)
    store.listed("secretariat", [article.url or ""], now, on="", quiet=True)
    store.record(replace(card, dateline=on_card or early), now)
    assert waiting(store) == []
    store.finish(done("secretariat", now), next_at=now)
    store.record(article, now + 2 * DAY)
    (told,) = waiting(store)
    assert (told.kind, told.sources, told.again) == (ChangeKind.NEW, ("secretariat",), False)
    assert (told.article, told.seen_at) == (article, now + 2 * DAY)
    store.record(replace(article, text="Edited since."), now + 3 * DAY)
    assert [change.kind for change in waiting(store)] == [ChangeKind.NEW, ChangeKind.EDITED]


@pytest.mark.parametrize("days", [2, 400])
def test_a_page_older_than_the_first_round_is_completed_in_silence(  # noqa: PLR0913 - fixtures
    store: Store, article: Article, card: Article, source: Source, now: datetime, *, days: int
) -> None:
    """As is all of a first round that is to tell nothing."""
    first_round = DAY if days == 2 else None
    store.register([replace(source, first_round=first_round)], now)
    store.record(replace(card, dateline=UNKNOWN_DATELINE), now)
    old = replace(article.dateline, when=now - days * DAY)
    store.record(replace(article, dateline=old), now + HOUR)
    assert waiting(store) == []


def test_what_is_to_be_quiet_stays_so_when_its_page_comes(
    store: Store, article: Article, card: Article, source: Source, now: datetime
) -> None:
    """An import that tells nobody does not tell of what the first round left open either."""
    store.register([replace(source, first_round=DAY)], now)
    store.record(replace(card, dateline=UNKNOWN_DATELINE), now)
    store.record(article, now + HOUR, quiet=True)
    assert waiting(store) == []
