"""Saved files -> pages, and their items: what probes, imports and watched folders share. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from db.errors import ExtractError
from spiders import registry, stated
from spiders.blocks import Page
from spiders.decoding import decoded
from spiders.extract import from_card, is_http, parts_of
from spiders.parsing import absolute
from spiders.prose import is_linked, is_prose, letters
from spiders.repeated import HEADLINE
from spiders.site import Fetch, Reading
from spiders.weighed import lost, with_dates

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article, Candidate
    from db.visiting import Source
    from spiders.blocks import Block
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
# Where a teaser may begin behind its headline, in blocks: a byline and a picture are before it.
_BEHIND = 4
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# How many times the words of its cards an article may have and still be none.
_BESIDE = 1.5
# A list of any site has more cards, says so many times what stands beside them, and is known by so
# many letters of what they say, if they say so many.
_FEWEST, _MUCH, _BEGINNING, _SAYING = 3, 2, 60, 15
# Where a page is taken to stand whose links do not tell; no host has such a name (RFC 2606). It
# looks like an article's address, so that a list is believed only if much speaks for it.
_NOWHERE = "https://page.invalid/saved/here"


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
    reading = rules.read(page, source, None, seen)
    if shown := _section(page, rules, reading, source, seen):
        raise ValueError(
            f"a list of {shown} items and no article; to follow a list, watch its address "
            "(dateline sources add URL)"
        )
    return _items(page, reading, rules, source, seen)


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
    if url is None and (shown := _section(page, rules, reading, source, seen)):
        raise ValueError(
            f"a list of {shown} items and no article; its items are read if --url says where it "
            "was saved"
        )
    if not cards or not is_list(page, rules, reading.article, cards):
        return _items(page, reading, rules, source, seen)
    found = []
    for card in cards:
        with suppress(ExtractError):  # no words
            found.append(Item(from_card(card, source)))
    if not found:
        raise ValueError("a list of addresses without a word about them; nothing can be stored")
    return tuple(found)


def _section(page: Page, rules: Site, reading: Reading, source: Source, seen: datetime) -> int:
    """Return how many items a page of any site lists if it is no article's, else 0."""
    if page.media != "html" or rules.hosts:
        return 0
    known = located(page, rules)
    cards = listed(known, rules, source, seen)
    return len(cards) if is_list(known, rules, reading.article, cards) else 0


def located(page: Page, rules: Site) -> Page:
    """Return a page of any site with an address to find its list by, if it was saved without.

    That is the one which it states, else one beside what most of its links lead to: they are
    relative or of one host where they are the site's own.
    """
    if page.url or page.media != "html" or rules.hosts:
        return page
    own = (page.canonical, page.metas.get("og:url"))
    stated_url = next((url for url in own if url and is_http(url)), None)
    return page.at(stated_url or _beside(page))


def _beside(page: Page) -> str:
    hrefs = (node.get("href") or "#" for node in page.tree.iter("a"))
    urls = (absolute(_NOWHERE, href) for href in hrefs if not href.startswith("#"))
    hosts = Counter(parts_of(url).netloc for url in urls if is_http(url))
    (host, _), *_ = hosts.most_common(1) or [("", 0)]
    nowhere = parts_of(_NOWHERE)
    return nowhere._replace(netloc=host or nowhere.netloc).geturl()


def as_written(page: Page, rules: Site, cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """Return the cards of a `located` page; those that lead nowhere with their links as written."""
    if page.url != _NOWHERE:
        return cards
    hrefs = [node.get("href") or "" for node in page.tree.iter("a")]
    written = {rules.canonical(absolute(_NOWHERE, href)): href for href in reversed(hrefs)}
    return tuple(replace(card, url=written.get(card.url or "", card.url)) for card in cards)


def lacks_address(data: bytes, rules: Site, source: Source, seen: datetime) -> bool:
    """Tell whether a page that was read without its address would be a list with one."""
    if not rules.hosts or not source.urls:
        return False
    page = page_of(data, source.urls[0])
    cards = listed(page, rules, source, seen) if page.media == "html" else ()
    try:
        article = rules.read(page, source, None, seen).article if cards else None
    except ExtractError:
        return True
    return bool(cards) and is_list(page, rules, article, cards)


def listed(page: Page, rules: Site, source: Source, seen: datetime) -> tuple[Card, ...]:
    """Return what a page shows as a list, () where it is an article's for sure.

    A feed or a sitemap is a list. A page of a site with rules of its own may be one if it stands at
    no article's address, a page of any other site if it does not state that it is an article's.
    `is_list` tells which it is.
    """
    if page.media == "xml" and not rules.hosts:
        rules = registry.site("sitemap" if _MAP.search(page.body[:_SNIFFED]) else "feed")
    elif page.media == "json" and not rules.hosts:
        rules = registry.site("feed") if source.api is None else rules
    elif page.url is None or not _may_list(page, page.url, rules):
        return ()
    return rules.read_list(page, Fetch(url=page.url or ""), source, seen).cards


def as_told(page: Page, rules: Site, source: Source, seen: datetime) -> tuple[Card, ...]:
    """Return the items of a page of any site that is said to be a list, () if it is none.

    It is none if it states that it is an article's, unless it is a list of the source. A feed or a
    sitemap is one whatever is said, and rules of a site know their own.
    """
    is_stated = page.media == "html" and page.url not in source.urls and stated.is_article(page)
    if rules.hosts or page.media == "xml" or is_stated:
        return ()
    return rules.read_list(page, Fetch(url=page.url or ""), source, seen).cards


def _may_list(page: Page, url: str, rules: Site) -> bool:
    if rules.hosts:
        return not rules.is_article(rules.canonical(url))
    if rules.kind != registry.ANY_PAGE or page.media != "html" or stated.is_article(page):
        return False
    return not rules.is_article(url) or _is_led(page.blocks)


def _is_led(blocks: tuple[Block, ...]) -> bool:
    """Tell quickly whether most of a page's prose stands behind headlines that lead elsewhere."""
    prose = [place for place, block in enumerate(blocks) if is_prose(block)]
    heads = {
        place
        for place, block in enumerate(blocks)
        if is_linked(block) and (len(block.text) >= HEADLINE or block.inside(*_HEADINGS))
    }
    led = sum(not heads.isdisjoint(range(place - _BEHIND, place)) for place in prose)
    return 2 * led >= len(prose)


def is_list(page: Page, rules: Site, article: Article | None, cards: tuple[Card, ...]) -> bool:
    """Tell whether a page is the list that it shows, and not the article that was read there."""
    if rules.hosts or page.media != "html":
        return bool(cards) and says_less(article, cards)
    return is_section(article, cards, at_article=rules.is_article(page.url or ""))


def is_section(article: Article | None, cards: tuple[Card, ...], *, at_article: bool) -> bool:
    """Tell a section page of any site from an article with links to others below.

    Its text is that of its cards: most of them are told in it, and its date is one of theirs. Where
    none is, its cards say much more, most have their day, and it has none. At a list's address (not
    `at_article`) it may be twice as long as what they say, unless it has a day of its own and
    tells none of them.
    """
    if len(cards) < _FEWEST or article is None:
        return len(cards) >= _FEWEST
    told = sum(len(card.title) + len(card.summary) for card in cards)
    when = article.dateline.when
    is_own = when is not None and all(card.dateline.when != when for card in cards)
    most = _BESIDE if at_article else _MUCH
    if len(article.text) > most * told or (at_article and is_own):
        return False
    text = letters(article.text)
    inside = sum(_is_told(card, text) for card in cards)
    if not at_article:
        return inside > 0 or not is_own
    if inside >= _FEWEST:
        return 2 * inside >= len(cards)
    dated = sum(card.dateline.when is not None for card in cards)
    return when is None and 2 * dated >= len(cards) and 2 * _MUCH * len(article.text) <= told


def _is_told(card: Card, text: str) -> bool:
    """Tell whether the words of a card begin some of a text, both by their letters alone."""
    words = (letters(line)[:_BEGINNING] for line in (card.title, card.summary))
    return any(len(word) >= _SAYING and word in text for word in words)


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
