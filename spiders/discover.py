"""Where the lists of a site may be found: what a page links to, and where sites usually keep them.

Pure. Nothing here says that something stands at an address; `spiders.survey` looks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from spiders.blocks import words_of
from spiders.extract import is_http
from spiders.parsing import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spiders.blocks import Page

_FEED_TYPES: Final = frozenset((
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
))  # fmt: skip
_FEED_LINK: Final = re.compile(
    r"(?:^|[/._=?&-])(?:rss|feeds?|atom|rdf)(?:$|[/._=?&-]|\d)", re.IGNORECASE
)
_FEED_WORDS: Final = re.compile(r"\b(?:rss|atom)\b", re.IGNORECASE)
_USUAL_FEEDS: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_USUAL_SITEMAPS: Final = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap.xml")
_SITEMAP_LINE: Final = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_TITLED_COMMENTS: Final = re.compile(r"comment|коммент", re.IGNORECASE)


def feeds_of(page: Page) -> tuple[str, ...]:
    """Return the feeds a page names: stated in its head first, then linked in words.

    Feeds of comments are left out.
    """
    return tuple(dict.fromkeys((*_stated(page), *_linked(page))))


def usual_feeds(url: str) -> tuple[str, ...]:
    """Return where a site's feed usually is; below the section first, then at the root."""
    root = root_of(url)
    path = urlsplit(url).path.rstrip("/")
    below = (f"{root}{path}/feed", f"{root}{path}/rss") if path else ()
    return (*below, *(root + usual for usual in _USUAL_FEEDS))


def sitemaps_of(robots: str, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names, those of news first; else the usual places."""
    named = [found for found in _SITEMAP_LINE.findall(robots) if is_http(found)]
    if not named:
        return tuple(root_of(url) + usual for usual in _USUAL_SITEMAPS)
    return tuple(sorted(dict.fromkeys(named), key=lambda found: "news" not in found.lower()))


def parent_of(url: str) -> str | None:
    """Return the section that an article's address stands in, None at the root.

    >>> parent_of("https://example.org/news/world/some-item-123/")
    'https://example.org/news/world/'
    """
    path = urlsplit(url).path.rstrip("/")
    return f"{root_of(url)}{path.rpartition('/')[0]}/" if path else None


def root_of(url: str) -> str:
    """Return `scheme://host:port` of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _stated(page: Page) -> Iterator[str]:
    for link in page.tree.iter("link"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        is_feed = kind in _FEED_TYPES and "alternate" in (link.get("rel") or "").lower().split()
        href = absolute(page.url, link.get("href") or "")
        if (
            is_feed
            and is_http(href)
            and not _TITLED_COMMENTS.search(f"{link.get('title') or ''} {href}")
        ):
            yield href


def _linked(page: Page) -> Iterator[str]:
    """Yield links on the page's own host that are named like feeds; most lead to a page of them."""
    host = urlsplit(page.url or "").hostname
    for link in page.tree.iter("a"):
        href = absolute(page.url, link.get("href") or "").split("#")[0]
        if not is_http(href) or urlsplit(href).hostname != host:
            continue
        parts = urlsplit(href)
        if _FEED_LINK.search(f"{parts.path}?{parts.query}") or _FEED_WORDS.search(words_of(link)):
            yield href
