"""Saved files -> pages, and their items: what probes, imports and watched folders share. Pure."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple

from db.errors import ExtractError
from spiders import registry
from spiders.blocks import Page
from spiders.decoding import decoded
from spiders.extract import from_card
from spiders.site import Fetch, Reading
from spiders.weighed import lost, with_dates

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article, Candidate
    from db.visiting import Source
    from spiders.site import Card, Site

_TAGS = re.compile(
    r"<(?:!doctype|html|head|body|div|article|main|section|p|h1|style|script|meta|link|title)\b",
    re.IGNORECASE,
)
_SNIFFED = 4096
# What stands before the root of a feed or a sitemap: its declaration, its stylesheet, remarks.
_FEED = re.compile(
    r"\s*(?:<[?!][^<>]{0,400}>\s*){0,9}<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]",
    re.IGNORECASE,
)
_MAP = re.compile(r"<(?:urlset|sitemapindex)[\s>]")
# How many times the words of its cards an article may have and still be none.
_BESIDE = 1.5


class Item(NamedTuple):
    """What a saved page holds, and the dates that it offered and that were not taken.

    `lost` is None for an item that only stood in a list, or beside the page's own.
    """

    article: Article
    lost: tuple[Candidate, ...] | None = None


def page_of(data: bytes, url: str | None) -> Page:
    """Return a saved file as a page: HTML, a feed or sitemap, JSON, or plain text, as it looks.

    Raises ValueError if it is empty or in no charset that can be told.
    """
    if not data.strip():
        raise ValueError("the file is empty")
    body = decoded(data)
    return Page(url, body, _media(body))


def _media(body: str) -> Literal["html", "text", "json", "xml"]:
    if _FEED.match(body):
        return "xml"
    if body.lstrip()[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            json.loads(body)
            return "json"
    return "html" if _TAGS.search(body[:_SNIFFED]) else "text"


def items_of(
    data: bytes, url: str | None, rules: Site, source: Source, seen: datetime
) -> tuple[Item, ...]:
    """Return the article of a saved page, then the items that stood beside it.

    `seen` (aware) is when it was saved. Raises ExtractError or ValueError if there is none.
    """
    page = page_of(data, url)
    return _items(page, rules.read(page, source, None, seen), rules, source, seen)


def saved_items(
    data: bytes, url: str | None, rules: Site, source: Source, seen: datetime
) -> tuple[Item, ...]:
    """Return the items of a saved list, else what `items_of` returns; raises the same.

    What a list names without a word about it is no item yet.
    """
    page = page_of(data, url)
    cards = listed(page, rules, source, seen)
    reading = Reading(article=None)
    try:
        if not cards or page.media == "html":
            reading = rules.read(page, source, None, seen)
    except ExtractError:
        if not cards:
            raise
    if not cards or not says_less(reading.article, cards):
        return _items(page, reading, rules, source, seen)
    found = []
    for card in cards:
        with suppress(ExtractError):  # no words
            found.append(Item(from_card(card, source)))
    if not found:
        raise ValueError("a list of addresses without a word about them; nothing can be stored")
    return tuple(found)


def lacks_address(data: bytes, rules: Site, source: Source, seen: datetime) -> bool:
    """Tell whether a page that was read without its address would be a list with one."""
    if not rules.hosts or not source.urls:
        return False
    page = page_of(data, source.urls[0])
    cards = listed(page, rules, source, seen) if page.media == "html" else ()
    try:
        return bool(cards) and says_less(rules.read(page, source, None, seen).article, cards)
    except ExtractError:
        return True


def listed(page: Page, rules: Site, source: Source, seen: datetime) -> tuple[Card, ...]:
    """Return what a page shows as a list, () where it is an article's or may be one.

    A feed or a sitemap is a list; so may be a page of a site with rules of its own that stands at
    no article's address, unless an article that was read there says more (see `says_less`).
    """
    if page.media == "xml" and not rules.hosts:
        rules = registry.site("sitemap" if _MAP.search(page.body[:_SNIFFED]) else "feed")
    elif not rules.hosts or page.url is None or rules.is_article(rules.canonical(page.url)):
        return ()
    return rules.read_list(page, Fetch(url=page.url or ""), source, seen).cards


def says_less(article: Article | None, cards: tuple[Card, ...]) -> bool:
    """Tell whether what was read as an article is the cards' own words, or little beside them."""
    told = sum(len(card.title) + len(card.summary) for card in cards)
    if article is None or len(article.text) <= _BESIDE * told:
        return True
    inside = sum(bool(card.title) and card.title in article.text for card in cards)
    return 2 * inside >= len(cards)


def _items(
    page: Page, reading: Reading, rules: Site, source: Source, seen: datetime
) -> tuple[Item, ...]:
    found = [Item(from_card(card, source)) for card in reading.cards]
    if own := reading.article:
        weighed = with_dates(reading, page, source, None, seen).candidates
        found.insert(0, Item(own, lost(weighed, own.dateline)))
    if not found:
        raise ValueError(f"no item was found; is it a page that {rules.kind} reads?")
    return tuple(found)
