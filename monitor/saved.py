"""Saved pages: which rules read one, and everything that reading tells. Only the clock is asked.

What a probe shows of a page, and the way to judge the reading of a folder of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from db.errors import ExtractError
from spiders import candidates, registry
from spiders.body import elsewhere
from spiders.files import page_of

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article
    from db.visiting import Source
    from spiders.candidates import Candidate
    from spiders.site import Card

LIST = "list.tsv"
"""The list in a folder of saved pages: an address, a tab and a file on each line."""


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
