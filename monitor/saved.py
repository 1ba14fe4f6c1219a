"""Saved pages: which rules read one, and everything that reading tells. Only the clock is asked.

What a probe shows of a page, and the way to judge the reading of a folder of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from db.errors import ExtractError
from spiders import candidates, registry
from spiders.blocks import Page
from spiders.body import elsewhere
from spiders.decoding import decoded

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article
    from db.visiting import Source
    from spiders.candidates import Candidate
    from spiders.site import Card

LIST = "list.tsv"
"""The list in a folder of saved pages: an address, a tab and a file on each line."""

_TAGS = re.compile(r"<(?:!doctype|html|head|body|div|article|main|section|p|h1)\b", re.IGNORECASE)
_SNIFFED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a saved page gave: its article or why it has none, what stood beside it, all dates.

    `seconds` is what decoding and reading took.
    """

    article: Article | None
    cards: tuple[Card, ...]
    candidates: tuple[Candidate, ...]
    problem: str
    seconds: float


def page_of(data: bytes, url: str | None) -> Page:
    """Return a saved file as a page: HTML or plain text, as it looks.

    Raises ValueError if it is empty or in no charset that can be told.
    """
    if not data.strip():
        raise ValueError("the file is empty")
    body = decoded(data)
    return Page(url, body, "html" if _TAGS.search(body[:_SNIFFED]) else "text")


def source_for(kind: str, url: str | None) -> Source:
    """Return a source whose rules read such pages; `url` names its list for want of a better."""
    source = registry.default_source(kind)
    return source if source.urls or not url else replace(source, urls=(url,))


def read(data: bytes, url: str | None, source: Source, seen: datetime) -> Read:
    """Read a saved page by a source's rules. `seen` (aware) is when it was saved."""
    begun = perf_counter()
    try:
        page = page_of(data, url)
        reading = registry.site(source.kind).read(page, source, None, seen)
    except (ValueError, ExtractError) as error:
        return Read(
            article=None,
            cards=(),
            candidates=(),
            problem=str(error),
            seconds=perf_counter() - begun,
        )
    seconds = perf_counter() - begun
    title = reading.article.title if reading.article else ""
    # A site's own rules weigh few dates; what else the page offers is shown all the same.
    found = reading.candidates or tuple(
        candidates.of_page(page, source.timezone, seen, title, elsewhere(page.blocks))
    )
    return Read(
        article=reading.article,
        cards=reading.cards,
        candidates=found,
        problem="" if reading.article else "the page holds no article",
        seconds=seconds,
    )
