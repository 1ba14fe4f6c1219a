"""Recording articles: who is who, what is kept of the past, who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.compile import to_condition
from db.errors import StoreError
from db.model import ChangeKind, TextBasis, TitleBasis
from db.query import parse
from db.visiting import Report, State, Validator

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store
    from db.visiting import Source

HOUR = timedelta(hours=1)


def test_an_article_comes_back_as_it_was(store: Store, article: Article, now: datetime) -> None:
    """Every field survives the way into the store and back."""
    store.record(article, now)
    (found,) = store.search(None)
    assert found.value.article == article
    assert (found.value.first_seen, found.value.changed_at, found.value.edits) == (now, now, 0)
    assert found.value.feed_id == "tag:dateline.invalid,2026-01-01:1"


def test_a_bare_card_comes_back_as_it_was(store: Store, card: Article, now: datetime) -> None:
    """What a source does not say stays unsaid."""
    store.record(card, now)
    (found,) = store.search(None)
    assert found.value.article == card


def test_the_same_page_again_stores_nothing(store: Store, article: Article, now: datetime) -> None:
    """A second reading that says the same changes no row a feed could show."""
    store.record(article, now)
    before = store.revision()
    assert store.record(article, now + HOUR) is None
    assert store.revision() == before
    assert store.counts().changes == 1


def test_addresses_are_taken_letter_by_letter(
    store: Store, article: Article, now: datetime
) -> None:
    """Two addresses that differ by a final hyphen are two articles."""
    first = replace(article, guid=None, url="https://odkb.example/news/long-slug")
    second = replace(first, url="https://odkb.example/news/long-slug-", text="Other words. " * 30)
    assert store.record(first, now) is not None
    assert store.record(second, now) is not None
    assert store.counts().articles == 2


def test_a_moved_article_is_known_by_its_guid(
    store: Store, article: Article, now: datetime
) -> None:
    """A new address with a known guid is an alias, no edit, and is known from then on."""
    short = replace(article, text="Short.")
    store.record(short, now)
    moved = replace(short, url="https://odkb.example/new/")
    assert store.record(moved, now) is None
    assert store.counts().articles == 1
    edited = replace(moved, text="Shorter.", guid=None)
    change = store.record(edited, now + HOUR)
    assert change is not None
    assert change.kind is ChangeKind.EDITED
    assert change.article.url == article.url


def test_a_guid_used_twice_loses_trust(store: Store, article: Article, now: datetime) -> None:
    """A guid seen with two texts at two addresses proves nothing, then and later."""
    one = replace(article, text="One.")
    store.record(one, now)
    store.record(replace(one, url="https://odkb.example/2", text="Two."), now)
    store.record(replace(one, url="https://odkb.example/3"), now)
    assert store.counts().articles == 3


def test_a_guid_means_nothing_to_another_source(
    store: Store, article: Article, now: datetime
) -> None:
    """Sources number their items as they like."""
    store.record(replace(article, text="One."), now)
    store.record(replace(article, text="One.", source="other", url="https://o.example/"), now)
    assert store.counts().articles == 2


def test_a_moved_article_is_known_by_its_words(
    store: Store, article: Article, now: datetime
) -> None:
    """The same title and text at a new address is the same item, within one source."""
    store.record(replace(article, guid=None), now)
    moved = replace(article, guid=None, url="https://odkb.example/new/")
    assert store.record(moved, now) is None
    assert store.record(replace(moved, source="other", url="https://o.example/"), now) is not None
    assert store.counts().articles == 2


def test_an_item_without_an_address_is_known_by_its_words(
    store: Store, article: Article, now: datetime
) -> None:
    """Importing a short text twice makes one article."""
    text = replace(article, url=None, guid=None, text="Short.")
    assert store.record(text, now) is not None
    assert store.record(text, now) is None
    assert store.visits("secretariat", [], now) == {}


def test_an_imported_text_gets_its_address_later(
    store: Store, article: Article, now: datetime
) -> None:
    """A text first read without an address takes that of the page it is found on."""
    store.record(replace(article, url=None), now)
    assert store.record(article, now) is None
    (found,) = store.search(None)
    assert found.value.article.url == article.url


def test_an_edit_keeps_the_words_before(store: Store, article: Article, now: datetime) -> None:
    """Each edit is a numbered version that names its fields; the feed id stays."""
    store.record(article, now)
    store.record(replace(article, title="Second title"), now + HOUR)
    store.record(replace(article, title="Second title", text="Third text"), now + 2 * HOUR)
    versions = store.versions(1)
    assert [(v.number, v.fields, v.seen_at) for v in versions] == [
        (1, (), now),
        (2, ("title",), now + HOUR),
        (3, ("text",), now + 2 * HOUR),
    ]
    assert [v.title for v in versions] == [article.title, "Second title", "Second title"]
    assert [v.text for v in versions] == [article.text, article.text, "Third text"]
    (found,) = store.search(None)
    assert (found.value.edits, found.value.changed_at) == (2, now + 2 * HOUR)
    assert found.value.first_seen == now
    assert found.value.feed_id.endswith(":1")


def test_versions_of_nothing_are_none(store: Store) -> None:
    """An id that was never given has no versions."""
    assert store.versions(1) == ()


def test_a_page_replaces_its_card(
    store: Store, article: Article, card: Article, now: datetime
) -> None:
    """A page read after its card completes the article, and the card is no version of it."""
    store.record(card, now)
    change = store.record(article, now + HOUR)
    assert change is not None
    assert change.kind is ChangeKind.COMPLETED
    (version,) = store.versions(1)
    assert version.text == article.text
    assert store.record(card, now + 2 * HOUR) is None
    (found,) = store.search(None)
    assert found.value.article == article


def test_a_finer_fact_is_kept_without_a_change(
    store: Store, article: Article, now: datetime
) -> None:
    """A fact that is no edit is stored, raises the revision and is told to nobody."""
    store.record(article, now)
    before = store.revision()
    assert store.record(replace(article, section="Politics"), now + HOUR) is None
    assert store.revision() > before
    (found,) = store.search(None)
    assert (found.value.article.section, found.value.changed_at) == ("Politics", now)


def test_a_change_remembers_what_stood_before(
    store: Store, article: Article, card: Article, now: datetime
) -> None:
    """Changes read later say what they said when they happened."""
    made = [
        store.record(card, now),
        store.record(article, now + HOUR),
        store.record(replace(article, text="Second"), now + 2 * HOUR),
        store.record(
            replace(article, text="Second", dateline=replace(article.dateline, when=now)),
            now + 3 * HOUR,
        ),
    ]
    kept = [stored.value for stored in store.unmatched(10)]
    assert [change.kind for change in kept] == ["new", "completed", "edited", "edited"]
    assert kept[1:] == made[1:]
    assert [stored.value for stored in store.changes(10)] == kept[::-1]
    (completed,) = store.changes(10, ChangeKind.COMPLETED)
    assert completed.value == made[1]


def test_a_first_round_tells_nobody(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """What is found before a source's first list was read is matched at once, later finds not."""
    store.register([source], now)
    store.record(article, now)
    assert store.unmatched(10) == ()
    finish(store, now, list_read=False)
    store.record(replace(article, title="Edited in the first round"), now)
    assert store.unmatched(10) == ()
    finish(store, now, list_read=True)
    store.record(replace(article, title="Edited later"), now)
    assert [stored.value.kind for stored in store.unmatched(10)] == [ChangeKind.EDITED]


def test_completing_a_baseline_item_tells_nobody(
    store: Store, article: Article, card: Article, source: Source, now: datetime
) -> None:
    """A page of the first round that is only read in the second is no news."""
    store.register([source], now)
    store.record(card, now)
    finish(store, now, list_read=True)
    assert store.record(article, now + HOUR) is not None
    assert store.unmatched(10) == ()


def test_a_quiet_reading_tells_nobody(store: Store, article: Article, now: datetime) -> None:
    """What is stored quietly is stored all the same."""
    assert store.record(article, now, quiet=True) is not None
    assert store.unmatched(10) == ()
    assert store.counts().changes == 1


def test_many_are_stored_or_none(store: Store, article: Article, now: datetime) -> None:
    """A batch is one transaction: one text that cannot be stored undoes it all."""
    broken = replace(article, url="https://odkb.example/broken", guid=None, text="\ud800")
    with pytest.raises(StoreError, match="not clean"):
        store.record_many([(article, None), (broken, None)], now)
    assert store.counts().articles == 0
    kinds = [change and change.kind for change in store.record_many([(article, "c")] * 2, now)]
    assert kinds == [ChangeKind.NEW, None]
    assert store.visits("secretariat", [article.url or ""], now)[article.url or ""].card == "c"


def test_a_validator_is_stored_with_its_page(store: Store, article: Article, now: datetime) -> None:
    """The validator of a page and what the page held are committed together."""
    validator = Validator(url=article.url or "", etag='W/"1"', last_modified=None, stored_at=now)
    store.record(article, now, validator=validator)
    assert store.validator(article.url or "") == validator


def test_a_redirect_leads_to_its_article(store: Store, article: Article, now: datetime) -> None:
    """The address that was asked for leads to the article from now on, and bears the card."""
    asked = "https://odkb.example/?ELEMENT_ID=7"
    store.record(replace(article, guid=None, text="Short."), now, card="c", asked=asked)
    seen = store.visits("secretariat", [article.url or "", asked], now)
    assert seen[asked].card == "c"
    assert seen[asked].complete
    assert seen[article.url or ""].card is None
    elsewhere = replace(article, url=asked, guid=None, text="Edited.")
    change = store.record(elsewhere, now + HOUR)
    assert change is not None
    assert change.kind is ChangeKind.EDITED


def test_a_moment_without_a_zone_is_refused(store: Store, article: Article, now: datetime) -> None:
    """A naive moment is a mistake of the caller and stores nothing."""
    with pytest.raises(ValueError, match="without a zone"):
        store.record(article, now.replace(tzinfo=None))
    assert store.counts().articles == 0


def test_the_index_follows_every_change(store: Store, article: Article, now: datetime) -> None:
    """After an edit the new words are found, the old ones are not, and the index is whole."""
    store.record(article, now)
    store.record(replace(article, text="Quite other words", section="Politics"), now + HOUR)
    for query, found in [
        ("words", 1),
        ("friday", 0),
        ("section:politics", 1),
        ("section:news", 0),
        ("author:writer", 1),
        ("place:minsk", 1),
        ("NOT words", 0),
        ("NOT (friday OR saturday) AND (words OR NOT minsk)", 1),
        ("source:secretariat NOT title:council", 0),
    ]:
        assert len(store.search(to_condition(parse(query)))) == found, query
    store.verify()


def test_feed_text_can_be_completed_too(store: Store, article: Article, now: datetime) -> None:
    """An entry of a feed stands until its page is read."""
    entry = replace(article, text_basis=TextBasis.FEED, title_basis=TitleBasis.FEED, text="Lead")
    store.record(entry, now)
    assert not store.visits("secretariat", [article.url or ""], now)[article.url or ""].complete
    change = store.record(article, now)
    assert change is not None
    assert change.kind is ChangeKind.COMPLETED


def finish(store: Store, now: datetime, *, list_read: bool) -> None:
    """End a visit to the source."""
    report = Report(
        source="secretariat", started=now, finished=now, state=State.OK, list_read=list_read
    )
    store.finish(report, next_at=now)
