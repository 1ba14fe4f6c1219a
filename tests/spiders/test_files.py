"""Saved files as pages, and the kind of source that is a folder of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders import documents, registry
from spiders.blocks import Page
from spiders.files import items_of, page_of
from spiders.site import Fetch, Reading

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_file_is_html_or_text_as_it_looks() -> None:
    """An empty one is neither."""
    assert page_of(b"<html><p>x</p></html>", None).media == "html"
    assert page_of("Слова".encode(), None).media == "text"
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
