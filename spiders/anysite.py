"""What all sources share whose site nobody wrote rules for: addresses, how a page is read. Pure."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from spiders import extract, generic
from spiders.site import Card, Fetch, Listing, Reading

if TYPE_CHECKING:
    from datetime import datetime

    from db.visiting import Source
    from spiders.blocks import Page

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|avi|css|js|xml|rss|atom|json)$",
    re.IGNORECASE,
)
# Addresses of the site itself: its lists, its people, its small print.
_OWN = re.compile(
    r"^/(?:(?:tags?|topics?|categor(?:y|ies)|authors?|users?|search|login|register|rss|feeds?|about"
    r"|contacts?|privacy|terms|subscribe|advertis\w*|archive|page|index)(?:/.*|\.\w+)?)?/?$",
    re.IGNORECASE,
)
# An item named by its number, at the address of the site itself (`/?p=1523`).
_NUMBERED = re.compile(
    r"(?:^|&)(?:p|n|id|idx|[nas]id|(?:news?|article|post|item|story|entry|doc)_?(?:id)?)=\d+(?:&|$)",
    re.IGNORECASE,
)


class AnySite(ABC):
    """The rules that hold for every site; a kind of source adds how its lists are read."""

    kind = ""
    hosts: frozenset[str] = frozenset()
    has_pages = True
    zone = "UTC"
    language = ""
    sections: tuple[str, ...] = ()

    def canonical(self, url: str) -> str:
        """Return the address without fragment and without parameters that track the reader."""
        return extract.tidy_url(url)

    def is_article(self, url: str) -> bool:
        """Tell whether the address can be an article's: a page below the root that is no list."""
        parts = extract.parts_of(url)
        if not extract.is_http(url) or _FILE.search(parts.path):
            return False
        return not _OWN.match(parts.path) or bool(_NUMBERED.search(parts.query))

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return the addresses as configured."""
        del now
        return tuple(Fetch(url=url) for url in source.urls)

    @abstractmethod
    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read a list; every kind does it in its own way."""

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Read an article's page by what any news page shows.

        Raises ExtractError if no text is found.
        """
        url = self.canonical(page.url) if page.url else None
        found, verdict = generic.read(page, source.timezone, card, seen)
        article = extract.from_page(found, source, card, url)
        return Reading(article=article, candidates=verdict.candidates)
