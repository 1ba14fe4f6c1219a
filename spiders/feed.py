"""Discovering items through feeds: RSS, Atom and RDF by feedparser, JSON Feed by hand. Pure.

The only module that knows feedparser. A feed states its dates itself; one without an offset is in
the source's zone, and that is then assumed.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import feedparser

from db.errors import ExtractError
from db.model import Basis, TextBasis
from db.words import clean, clean_line
from spiders import dates
from spiders.anysite import AnySite
from spiders.blocks import html_blocks
from spiders.decoding import without_illegal_references
from spiders.extract import is_http, parts_of
from spiders.parsing import absolute, parse_html
from spiders.site import Card, Fetch, Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from db.model import Dateline
    from db.visiting import Source
    from spiders.blocks import Page
    from spiders.site import Site

_MOST_TAGS = 50_000  # some hundred times those of a long feed
_MOST_PIECES = 500_000  # lines and references: each is a call of its own to the parser beneath
_HEAD = 4000
# What feedparser lets through of its own mistakes and its parsers' where a feed is odd enough.
_BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
_NEXT = re.compile(
    r"""<(?:\w+:)?link\b(?=[^>]*\brel=["']next["'])[^>]*\bhref=["'](?P<url>[^"']+)"""
)
_RELATIVE = re.compile(r"/|[\w./%~-]+\.(?:s?html?|php|aspx?|jsp)(?:\?\S*)?$")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?=/)")
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")

_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)\b")


class Feed(AnySite):
    """RSS 0.9x to 2.0, Atom, RDF and JSON Feed, broken ones too."""

    kind = "feed"

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read the feed; its next page follows where it states one (RFC 5005, `next_url`)."""
        if page.body.lstrip()[:1] == "{":
            return _json_feed(page, fetch, self, source, seen)
        cards = read_feed(page, self, source, seen)
        following = _NEXT.search(page.body[:_HEAD])
        if not following or not cards:
            return Listing(cards=cards, found=bool(_ROOT.search(page.body[:_HEAD])))
        url = absolute(page.url, unescape(following["url"]))
        return Listing(cards=cards, more=(Fetch(url=url, follows=fetch.follows + 1),))


def read_feed(page: Page, site: Site, source: Source, seen: datetime) -> tuple[Card, ...]:
    """Return the entries of a feed as cards, in the feed's order; none if it is no feed.

    An entry's guid is kept as given. HTML in titles, summaries and texts becomes plain words.
    Raises ExtractError for more than feedparser can take apart in a second or two.
    """
    if page.body.count("<") > _MOST_TAGS:
        raise ExtractError(f"more than {_MOST_TAGS} tags", url=page.url, field="list")
    if sum(page.body.count(mark) for mark in "\n\r&") > _MOST_PIECES:
        raise ExtractError(f"more than {_MOST_PIECES} lines", url=page.url, field="list")
    body = without_illegal_references(_without_entities(page.body)).encode("utf-8", "ignore")
    try:
        parsed = feedparser.parse(body, response_headers=_UTF8)
    except _BROKEN as error:
        raise ExtractError(f"not a feed: {error}", url=page.url, field="list") from error
    # RSS knows no updates: what feedparser calls one there is Dublin Core's date of the item.
    dated = (
        "published",
        "created",
        *(("updated",) if parsed.get("version", "").startswith("rss") else ()),
    )
    return tuple(_card(entry, dated, page, site, source, seen) for entry in parsed.entries)


def _without_entities(body: str) -> str:
    """Drop all that stands before the feed if it declares entities of its own.

    feedparser keeps expat from most of them, but not from all: 80 kB took it minutes. What they
    stood for is not known then; HTML's own are, to feedparser's second parser.
    """
    if "<!ENTITY" not in body:
        return body
    root = _ROOT.search(body)
    return body[root.start() :] if root else ""


def _card(  # noqa: PLR0913, PLR0917 - an entry is read with all that is known around it
    entry: Any, dated: tuple[str, ...], page: Page, site: Site, source: Source, seen: datetime
) -> Card:
    url = absolute(page.url, _link(entry, page.url or ""))
    published = next(filter(None, (_said(entry, name) for name in dated)), "")
    contents = (_said(part, "value") for part in entry.get("content") or ())
    terms = (clean_line(_said(tag, "term")) for tag in entry.get("tags") or ())
    tags = tuple(filter(None, terms))
    authors = (clean_line(_said(author, "name")) for author in entry.get("authors") or ())
    return Card(
        url=site.canonical(url) if is_http(url) else None,
        title=clean_line(_words(_said(entry, "title"))),
        summary=clean(_words(_said(entry, "summary"))),
        text=clean(_words(max(contents, key=len, default=""))),
        guid=clean_line(_said(entry, "id")) or None,
        section=tags[0] if tags else None,
        authors=tuple(filter(None, authors)),
        tags=tags,
        dateline=dates.choose(_stated(published, source), seen=seen),
        basis=TextBasis.FEED,
    )


def _link(entry: Mapping[str, Any], feed: str) -> str:
    """Return where an entry leads: its link, or its guid if that can be an address.

    RSS 2.0 takes a guid for a permanent link unless it says that it is none; most bare numbers
    have forgotten to. Relative to the feed are those that begin with a slash or name a page's file.
    One that begins with a host has forgotten its scheme, and is believed if the host is the feed's.
    """
    link = _said(entry, "link")
    if not entry.get("guidislink") or link != _said(entry, "id") or is_http(link):
        return link
    if host := _HOST.match(link):
        return f"//{link}" if _bare(host[0]) == _bare(parts_of(feed).hostname or "") else ""
    return link if _RELATIVE.match(link) else ""


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _said(part: Mapping[str, Any], name: str) -> str:
    # feedparser gives None where an element of another vocabulary stood for the text, and warns
    # where it gives an entry's first date for the last one it does not have.
    value = part.get(name) if name in part else None
    return value if isinstance(value, str) else ""


def _stated(raw: str, source: Source) -> Dateline | None:
    found = dates.stated(raw, source.timezone, Basis.FEED)
    return found or dates.printed(raw, source.timezone, Basis.FEED)


def _json_feed(page: Page, fetch: Fetch, site: Site, source: Source, seen: datetime) -> Listing:
    try:
        feed = json.loads(page.body)
    except (ValueError, RecursionError):
        return Listing()
    items = feed.get("items")
    if not isinstance(items, list):
        return Listing()
    found = tuple(_item(item, page, site, source, seen) for item in items if isinstance(item, dict))
    listing = Listing(cards=found, broken=len(items) - len(found))
    stated = feed.get("next_url")
    url = absolute(page.url, stated) if isinstance(stated, str) else ""
    if not is_http(url) or url == fetch.url:
        return listing
    return replace(listing, more=(Fetch(url=url, follows=fetch.follows + 1),))


def _item(item: dict[str, Any], page: Page, site: Site, source: Source, seen: datetime) -> Card:
    url = absolute(page.url, str(item.get("url") or item.get("external_url") or ""))
    content = _words(clean(str(item.get("content_html") or ""))) or str(
        item.get("content_text") or ""
    )
    authors = _many(item.get("authors")) or [item.get("author")]
    names = (one.get("name") if isinstance(one, dict) else one for one in authors)
    return Card(
        url=site.canonical(url) if is_http(url) else None,
        title=clean_line(str(item.get("title") or "")),
        summary=clean(str(item.get("summary") or "")),
        text=clean(content),
        guid=clean_line(str(item.get("id") or "")) or None,
        authors=_named(names),
        tags=_named(_many(item.get("tags"))),
        dateline=dates.choose(_stated(str(item.get("date_published") or ""), source), seen=seen),
        basis=TextBasis.FEED,
    )


def _many(value: object) -> list[object]:
    """Return an array; what should be one and is not holds nothing."""
    return value if isinstance(value, list) else []


def _named(values: Iterable[object]) -> tuple[str, ...]:
    """Return what is text among the values."""
    return tuple(name for one in values if isinstance(one, str) and (name := clean_line(one)))


# The body is already decoded; this keeps feedparser from guessing another charset.
_UTF8 = {"content-type": "application/xml; charset=utf-8"}


def _words(markup: str) -> str:
    if not _MARKUP.search(markup):
        return markup
    blocks = html_blocks(parse_html(f"<div>{markup}</div>"), None)
    return "\n\n".join(block.text for block in blocks)


SITE = Feed()
