"""Saved files -> pages, and the items of a page: what imports and watched folders share. Pure."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple

from spiders.blocks import Page
from spiders.decoding import decoded
from spiders.extract import from_card
from spiders.weighed import lost, with_dates

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article, Candidate
    from db.visiting import Source
    from spiders.site import Site

_TAGS = re.compile(r"<(?:!doctype|html|head|body|div|article|main|section|p|h1)\b", re.IGNORECASE)
_SNIFFED = 4096
# What stands before the root of a feed or a sitemap: its declaration, its stylesheet, remarks.
_FEED = re.compile(
    r"\s*(?:<[?!][^<>]{0,400}>\s*){0,9}<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]",
    re.IGNORECASE,
)


class Item(NamedTuple):
    """What a saved page holds, and the dates that it offered and that were not taken.

    `lost` is None for an item that only stood beside the page's own.
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
    found = [Item(from_card(card, source)) for card in reading.cards]
    if own := reading.article:
        weighed = with_dates(reading, page, source, None, seen).candidates
        found.insert(0, Item(own, lost(weighed, own.dateline)))
    if not found:
        raise ValueError(f"no item was found; is it a page that {rules.kind} reads?")
    return tuple(found)
