"""Saved files as pages, and the kind of source that is a folder of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from db.errors import ExtractError
from spiders import documents, registry
from spiders.blocks import Page
from spiders.extract import from_card
from spiders.files import items_of, lacks_address, page_of, saved_items, says_less
from spiders.site import Card, Fetch, Listing, Reading

SOURCE = registry.default_source("belta")
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_file_is_html_or_text_as_it_looks() -> None:
    """An empty one is neither."""
    assert page_of(b"<html><p>x</p></html>", None).media == "html"
    assert page_of(b"<style>" + b"a { }" * 2000 + b"</style><p>x</p>", None).media == "html"
    assert page_of("Слова".encode(), None).media == "text"
    assert [page_of(data, None).media for data in (b'{"a": 1}', b"{a")] == ["json", "text"]
    with pytest.raises(ValueError, match="the file is empty"):
        page_of(b" \n", None)


class _Bare:
    """Rules that find nothing and say nothing."""

    kind = "bare"

    def read(self, *_: object) -> Reading:
        """Find no article."""
        return Reading(article=None)


def test_a_page_without_any_item_says_whose_rules_were_asked() -> None:
    """The rules may be the wrong ones."""
    source = registry.default_source("secretariat")
    with pytest.raises(ValueError, match="is it a page that bare reads"):
        items_of(b"<html><p></p></html>", None, _Bare(), source, NOW)  # type: ignore[arg-type]


class _Lists:
    """Rules of a site that find these cards on any page, and no article."""

    kind = "lists"
    hosts = frozenset({"e.org"})

    def __init__(self, *cards: Card) -> None:
        self.cards = cards

    def canonical(self, url: str) -> str:
        """Leave it."""
        return url

    def is_article(self, url: str) -> bool:
        """Know an article by its address."""
        return url.endswith("/article")

    def read_list(self, *_: object) -> Listing:
        """Find the cards."""
        return Listing(cards=self.cards)

    def read(self, page: Page, *_: object) -> Reading:
        """Find no article."""
        raise ExtractError("no title", url=page.url, field="title")


def test_a_list_on_which_no_article_can_be_read_is_one() -> None:
    """Its items are those that it has words about; at an article's address nothing is a list."""
    source = registry.default_source("belta")
    page = b"<html><p>x</p></html>"
    rules = _Lists(Card(url="https://e.org/1", title="One"), Card(url="https://e.org/2"))
    found = saved_items(page, "https://e.org/", rules, source, NOW)  # type: ignore[arg-type]
    assert [(item.article.title, item.lost) for item in found] == [("One", None)]
    with pytest.raises(ExtractError, match="no title"):
        saved_items(page, "https://e.org/article", rules, source, NOW)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="without a word"):
        saved_items(page, "https://e.org/", _Lists(Card(url="u")), source, NOW)  # type: ignore[arg-type]


def test_a_page_that_says_more_than_its_cards_is_an_article() -> None:
    """Cards may stand on it at an address that tells nothing; their words in the text tell."""
    cards = tuple(Card(url=f"https://e.org/{n}", title=f"Heading number {n}") for n in "12")
    article = from_card(Card(url="https://e.org/", text="Words of its own. " * 9), SOURCE)
    assert not says_less(article, cards)
    text = " ".join(f"{card.title}, or so they said today." for card in cards)
    assert says_less(replace(article, text=text * 9), cards)


def test_only_a_page_of_a_site_with_rules_lacks_its_address() -> None:
    """Plain text has no links; the lists of any other site are not known from their articles."""
    belta, listing = (registry.default_source(kind) for kind in ("belta", "listing"))
    page, card = b"<html><p>x</p></html>", Card(url="https://e.org/1", title="One")
    assert lacks_address(page, _Lists(card), belta, NOW)  # type: ignore[arg-type]
    assert not lacks_address(page, _Lists(), belta, NOW)  # type: ignore[arg-type]
    assert not lacks_address(b"Words.", _Lists(card), belta, NOW)  # type: ignore[arg-type]
    assert not lacks_address(page, registry.reader(listing), listing, NOW)


def test_a_saved_page_gives_its_article() -> None:
    """By the rules that are asked for it."""
    source = registry.default_source("listing")
    page = (
        f"<html><body><h1>A heading of some length</h1><p>{'Words of the page. ' * 12}</p></body>"
    )
    ((article, _lost),) = items_of(page.encode(), None, registry.reader(source), source, NOW)
    assert article.title == "A heading of some length"


def test_a_folder_has_no_lists_and_no_pages_to_ask_for() -> None:
    """What there is lies in it."""
    source = registry.default_source("documents")
    page = Page("https://e.org/", "<a href='/a'>x</a>", "html")
    listing = documents.SITE.read_list(page, Fetch(url="https://e.org/"), source, NOW)
    assert listing.cards == ()
    assert not documents.SITE.is_article("https://e.org/news/item")
    assert registry.reader(source).kind == "listing"
