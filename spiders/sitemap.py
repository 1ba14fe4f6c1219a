"""Discovering items through sitemaps (sitemaps.org 0.9) and Google's news sitemaps. Pure.

A `lastmod` says when the page changed last, not when the item was published: it orders the
addresses and is no evidence for a date. A news sitemap's `publication_date` is.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from db.model import Basis, TextBasis
from db.words import clean_line
from spiders import dates
from spiders.anysite import AnySite
from spiders.decoding import without_illegal_references
from spiders.extract import is_http
from spiders.site import Card, Fetch, Listing

if TYPE_CHECKING:
    from datetime import datetime

    from db.visiting import Source
    from spiders.blocks import Page
    from spiders.site import Site

# A sitemap may go back for years, and an index name hundreds; the newest are what a monitor is for.
_NEWEST = 100
_MAPS = 3
# Where no moment tells which are the newest, more sitemaps are asked for.
_MAPS_UNDATED = 20
# Below so many that changed later, a page that says when it changed is old.
_COMPARED = 1000


class Sitemap(AnySite):
    """Sitemaps, and indexes of them, gzip or not."""

    kind = "sitemap"

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read the newest addresses; an index leads to the sitemaps that changed last."""
        root = _root(page)
        maps = _sorted(root, "sitemap") if root is not None and fetch.follows == 0 else []
        most = _MAPS if any(changed for changed, _, _ in maps) else _MAPS_UNDATED
        more = tuple(
            Fetch(url=url, follows=1, part=_part(url)) for _, url, _ in maps[:most] if is_http(url)
        )
        return replace(read_sitemap(page, self, source, seen), more=more)


def read_sitemap(page: Page, site: Site, source: Source, seen: datetime) -> Listing:
    """Return the newest articles of a sitemap, newest first; nothing if it is no sitemap.

    Those that do not say when they changed may be new wherever they stand: what is no card lies
    `beyond`.
    """
    root = _root(page)
    if root is None:
        return Listing()
    found = [row for row in _sorted(root, "url") if is_http(row[1]) and site.is_article(row[1])]
    new, rest = found[:_NEWEST], found[_NEWEST:]
    beyond = [
        url for place, (changed, url, _) in enumerate(rest) if not changed or place < _COMPARED
    ]
    return Listing(
        cards=tuple(_card(site.canonical(url), node, source, seen) for _, url, node in new),
        # No QName: it raises on a name space that no XML may have, which the parser lets pass.
        found=str(root.tag).rpartition("}")[2] == "urlset",
        beyond=tuple(dict.fromkeys(site.canonical(url) for url in beyond)),
    )


def _part(url: str) -> int:
    """Return the number of a sitemap within its index, the same at every visit."""
    return 1 << 32 | zlib.crc32(url.encode("utf-8", "replace"))


def _root(page: Page) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False
    )
    body = without_illegal_references(page.body).encode("utf-8", "ignore")
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None


def _sorted(root: etree._Element, name: str) -> list[tuple[str, str, etree._Element]]:
    """Return moment of change ('' if not stated), address and element, last changed first."""
    found = []
    for node in root.iterfind(f"{{*}}{name}"):
        changed = node.findtext("{*}lastmod") or node.findtext("{*}news/{*}publication_date") or ""
        found.append((changed.strip(), (node.findtext("{*}loc") or "").strip(), node))
    # ISO 8601 of one site sorts as text; equal moments keep the sitemap's order.
    found.sort(key=lambda row: row[0], reverse=True)
    return found


def _card(url: str, node: etree._Element, source: Source, seen: datetime) -> Card:
    published = (node.findtext("{*}news/{*}publication_date") or "").strip()
    return Card(
        url=url,
        title=clean_line(node.findtext("{*}news/{*}title") or ""),
        dateline=dates.choose(dates.stated(published, source.timezone, Basis.FEED), seen=seen),
        basis=TextBasis.FEED,
    )


SITE = Sitemap()
