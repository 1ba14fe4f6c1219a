"""Saved pages: which rules read one, and everything that reading tells. Only the clock is asked.

What a probe shows of a page, and the way to judge the reading of a folder of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from db.errors import ExtractError
from spiders import registry
from spiders.files import page_of
from spiders.site import Fetch, Reading
from spiders.weighed import with_dates

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article, Candidate
    from db.visiting import Source
    from spiders.blocks import Page
    from spiders.site import Card

_MAP = re.compile(r"<(?:urlset|sitemapindex)[\s>]")
_ROOT_WITHIN = 4096
# How many times the words of its cards an article may have and still be none.
_BESIDE = 1.5

LIST = "list.tsv"
"""The list in a folder of saved pages: an address, a tab and a file on each line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a saved page gave: its article or why it has none, what stood beside it, all dates.

    `is_list` is true if it is no article's page but a list, whose items are `cards`. `seconds`
    is what decoding and reading took.
    """

    article: Article | None
    cards: tuple[Card, ...]
    candidates: tuple[Candidate, ...]
    problem: str
    seconds: float
    is_list: bool = False


def source_for(kind: str, url: str | None) -> Source:
    """Return a source whose rules read such pages; `url` names its list for want of a better."""
    source = registry.default_source(kind)
    return source if source.urls or not url else replace(source, urls=(url,))


def read(data: bytes, url: str | None, source: Source, seen: datetime) -> Read:
    """Read a saved page by a source's rules. `seen` (aware) is when it was saved.

    A feed, a sitemap or a JSON list is read as the list it is, and so is a page of a site with
    rules of its own that stands at no article's address and says most in its cards.
    """
    begun = perf_counter()
    problem = "the page holds no article"
    reading = Reading(article=None)
    try:
        page = page_of(data, url)
    except ValueError as error:
        return _nothing(str(error), begun)
    items = _items(page, source, seen)
    if page.media not in ("xml", "json"):
        try:
            reading = registry.site(source.kind).read(page, source, None, seen)
        except ExtractError as error:
            problem = str(error)
    if items and _says_less(reading.article, items):
        return replace(_nothing("", begun), cards=items, is_list=True)
    if reading.article is None and not reading.cards:
        return _nothing(problem, begun)
    seconds = perf_counter() - begun
    return Read(
        article=reading.article,
        cards=reading.cards,
        candidates=with_dates(reading, page, source, None, seen).candidates,
        problem="" if reading.article else problem,
        seconds=seconds,
    )


def _nothing(problem: str, begun: float) -> Read:
    seconds = perf_counter() - begun
    return Read(article=None, cards=(), candidates=(), problem=problem, seconds=seconds)


def _items(page: Page, source: Source, seen: datetime) -> tuple[Card, ...]:
    """Return what a page shows as a list, () where it is an article's or may be one."""
    rules = registry.site(source.kind)
    if page.media == "xml" and not rules.hosts:
        is_map = _MAP.search(page.body[:_ROOT_WITHIN])
        rules = registry.site("sitemap" if is_map else "feed")
    elif not rules.hosts or page.url is None or rules.is_article(rules.canonical(page.url)):
        return ()
    return rules.read_list(page, Fetch(url=page.url or ""), source, seen).cards


def _says_less(article: Article | None, items: tuple[Card, ...]) -> bool:
    """Tell whether what was read as an article is the cards' own words, or little beside them."""
    told = sum(len(card.title) + len(card.summary) for card in items)
    if article is None or len(article.text) <= _BESIDE * told:
        return True
    inside = sum(bool(card.title) and card.title in article.text for card in items)
    return 2 * inside >= len(items)
