"""Saved pages: which rules read one, and everything that reading tells. Only the clock is asked.

What a probe shows of a page, and the way to judge the reading of a folder of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from db.errors import ExtractError
from spiders import registry
from spiders.files import as_told, as_written, is_list, listed, located, page_of
from spiders.site import Reading
from spiders.weighed import with_dates

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article, Candidate
    from db.visiting import Source
    from spiders.site import Card

LIST = "list.tsv"
"""The list in a folder of saved pages: an address, a tab and a file on each line, and behind one
more tab the kind of source that a page was the list of, if it was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a saved page gave: its article or why it has none, what stood beside it, all dates.

    `is_list` is true if it is no article's page but a list, whose items are `cards`; it
    `lacks_address` if their links are known as written only, which is too little to take them.
    `seconds` is what decoding and reading took.
    """

    article: Article | None
    cards: tuple[Card, ...]
    candidates: tuple[Candidate, ...]
    problem: str
    seconds: float
    is_list: bool = False
    lacks_address: bool = False


def source_for(kind: str, url: str | None) -> Source:
    """Return a source whose rules read such pages; `url` names its list for want of a better."""
    source = registry.default_source(kind)
    return source if source.urls or not url else replace(source, urls=(url,))


def read(
    data: bytes, url: str | None, source: Source, seen: datetime, *, told: bool = False
) -> Read:
    """Read a saved page by a source's rules. `seen` (aware) is when it was saved.

    If it is `told` that this is a list, a page of any site is one that has items, unless it states
    that it is an article's and the source has no such list.

    A feed, a sitemap or a JSON list is read as the list it is, and so is a page that says most in
    its cards: of a site with rules of its own if it stands at no article's address, of any other if
    it does not state that it is an article's. Without its address that is known by its links.
    """
    begun = perf_counter()
    problem = "the page holds no article"
    reading = Reading(article=None)
    rules = registry.reader(source)
    try:
        page = page_of(data, url)
        known = located(page, rules)
        items = as_told(known, rules, source, seen) if told else ()
        is_told = bool(items)
        if url and not source.urls:
            source = replace(source, urls=(url,))
        items = items or listed(known, rules, source, seen)
    except (ExtractError, ValueError) as error:
        return _nothing(str(error), begun)
    if page.media not in ("xml", "json") and not is_told:
        try:
            reading = rules.read(page, source, None, seen)
        except ExtractError as error:
            problem = str(error)
    if is_told or (items and is_list(known, rules, reading.article, items)):
        cards = as_written(known, rules, items)
        lacks = known.url != page.url
        return replace(_nothing("", begun), cards=cards, is_list=True, lacks_address=lacks)
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
