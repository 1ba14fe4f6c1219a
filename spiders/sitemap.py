"""Discovering items through sitemaps (sitemaps.org 0.9). Pure.

A `lastmod` says when the page changed last, not when the item was published: it orders the
addresses and is no evidence for a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from spiders.decoding import without_illegal_references
from spiders.extract import is_http
from spiders.site import Card

if TYPE_CHECKING:
    from spiders.blocks import Page
    from spiders.site import Site

# A sitemap may go back for years; the newest are what a monitor is there for.
_NEWEST = 100


def read_sitemap(page: Page, site: Site) -> tuple[Card, ...]:
    """Return the newest article addresses of a sitemap, newest first; none if it is no sitemap."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, load_dtd=False, huge_tree=False
    )
    body = without_illegal_references(page.body).encode("utf-8", "ignore")
    root = etree.fromstring(body, parser)
    if root is None:
        return ()
    found = []
    for node in root.iterfind("{*}url"):
        url = (node.findtext("{*}loc") or "").strip()
        if is_http(url) and site.is_article(url):
            found.append(((node.findtext("{*}lastmod") or "").strip(), site.canonical(url)))
    # ISO 8601 of one site sorts as text; equal moments keep the sitemap's order.
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(Card(url=url) for _, url in found[:_NEWEST])
