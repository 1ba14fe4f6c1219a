"""Lists as each kind of source reads them, for the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from db.visiting import Source
from spiders.blocks import Page
from spiders.registry import site

if TYPE_CHECKING:
    from spiders.site import Card, Listing

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)


def source(kind: str, url: str = "https://e.test/news/") -> Source:
    """Return a source of this kind, in Moscow."""
    return Source(name="s", kind=kind, urls=(url,), timezone="Europe/Moscow")


def listed(
    kind: str, body: str, media: str = "html", url: str = "https://e.test/news/", **more: object
) -> Listing:
    """Return what a page of a kind of source lists; `more` are fields of the source."""
    given = replace(source(kind, url), **more)
    rules = site(kind)
    fetch = rules.lists(given, SEEN)[0]
    return rules.read_list(Page(fetch.url, body, media), fetch, given, SEEN)


def moment(card: Card) -> str | None:
    """Return when a card is dated, in UTC, to the minute."""
    return card.dateline.when.strftime("%Y-%m-%dT%H:%M") if card.dateline.when else None
