"""Saved files -> pages, and the items of a page: what imports and watched folders share. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiders.blocks import Page
from spiders.decoding import decoded
from spiders.extract import from_card

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article
    from db.visiting import Source
    from spiders.site import Site

_TAGS = re.compile(r"<(?:!doctype|html|head|body|div|article|main|section|p|h1)\b", re.IGNORECASE)
_SNIFFED = 4096


def page_of(data: bytes, url: str | None) -> Page:
    """Return a saved file as a page: HTML or plain text, as it looks.

    Raises ValueError if it is empty or in no charset that can be told.
    """
    if not data.strip():
        raise ValueError("the file is empty")
    body = decoded(data)
    return Page(url, body, "html" if _TAGS.search(body[:_SNIFFED]) else "text")


def items_of(
    data: bytes, url: str | None, rules: Site, source: Source, seen: datetime
) -> tuple[Article, ...]:
    """Return the article of a saved page, then the items that stood beside it.

    `seen` (aware) is when it was saved. Raises ExtractError or ValueError if there is none.
    """
    reading = rules.read(page_of(data, url), source, None, seen)
    own = (reading.article,) if reading.article else ()
    found = (*own, *(from_card(card, source) for card in reading.cards))
    if not found:
        raise ValueError(f"no item was found; is it a page that {rules.kind} reads?")
    return found
