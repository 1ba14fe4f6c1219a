"""Discovering items through RSS, Atom and JSON-free feeds, read with feedparser. Pure.

The only module that knows feedparser. A feed states its dates itself; one without an offset is in
the source's zone, and that is then assumed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import feedparser

from db.errors import ExtractError
from db.model import Basis, Source, TextBasis
from db.words import clean, clean_line
from spiders import dates
from spiders.blocks import Block, html_blocks, parse_html
from spiders.decoding import without_illegal_references
from spiders.extract import is_http
from spiders.site import Card

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from spiders.blocks import Page
    from spiders.site import Site

_MOST_TAGS = 50_000  # some hundred times those of a long feed
_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


def read_feed(page: Page, site: Site, source: Source, seen: datetime) -> tuple[Card, ...]:
    """Return the entries of a feed as cards, in the feed's order; none if it is no feed.

    An entry's guid is kept as given. HTML in titles and summaries becomes plain words. Raises
    ExtractError for more tags than feedparser can take apart in a second or two.
    """
    if page.body.count("<") > _MOST_TAGS:
        raise ExtractError(f"more than {_MOST_TAGS} tags", url=page.url, field="list")
    parsed = feedparser.parse(_body(page), response_headers=_UTF8)
    cards = []
    for entry in parsed.entries:
        url = _said(entry, "link")
        sections = (clean_line(_said(tag, "term")) for tag in entry.get("tags") or ())
        authors = (clean_line(_said(author, "name")) for author in entry.get("authors") or ())
        published = dates.stated(_said(entry, "published"), source.timezone, Basis.FEED)
        cards.append(
            Card(
                url=site.canonical(url) if is_http(url) else None,
                title=clean_line(_words(_said(entry, "title"))),
                summary=clean(_words(_said(entry, "summary"))),
                guid=clean_line(_said(entry, "id")) or None,
                section=next(filter(None, sections), None),
                authors=tuple(filter(None, authors)),
                dateline=dates.choose(published, seen=seen),
                basis=TextBasis.FEED,
            )
        )
    return tuple(cards)


# The body is already decoded; this keeps feedparser from guessing another charset.
_UTF8 = {"content-type": "application/xml; charset=utf-8"}


def _body(page: Page) -> bytes:
    return without_illegal_references(page.body).encode("utf-8", "ignore")


def _said(part: Mapping[str, Any], name: str) -> str:
    # feedparser gives None where an element of another vocabulary stood for the text.
    value = part.get(name)
    return value if isinstance(value, str) else ""


def _words(markup: str) -> str:
    if not _MARKUP.search(markup):
        return markup
    blocks: list[Block] = list(html_blocks(parse_html(f"<div>{markup}</div>"), None))
    return "\n\n".join(block.text for block in blocks)
