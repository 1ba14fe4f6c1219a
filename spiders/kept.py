"""Kept pages: from an answer to what is kept of it, and back to what today's rules read.

Reading a kept page goes through the same border as reading a fresh one (`spiders.reading`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from scrapy.http import Headers, Request
from scrapy.responsetypes import responsetypes

from db.model import Basis, Dateline, Precision, TextBasis
from db.visiting import KeptPage, State
from spiders.judge import Problem
from spiders.lists import Errand
from spiders.reading import identified, read_page
from spiders.site import Card

if TYPE_CHECKING:
    from scrapy.http import Response

    from db.model import Article
    from db.visiting import Source
    from spiders.site import Site

_NOT_KEPT = frozenset((b"content-encoding", b"set-cookie", b"transfer-encoding"))
_TUPLES = ("authors", "tags")


def kept(response: Response, errand: Errand, source: Source, now: datetime) -> KeptPage | None:
    """Return what is to be kept of an answer; None if its source keeps none, or it is no page."""
    if not (source.keep_pages and HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES):
        return None
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        if name.lower() not in _NOT_KEPT
        for value in values
    )
    return KeptPage(
        source=source.name,
        url=response.url,
        asked=errand.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=now,
        again_at=now,
        card=card_text(errand.card) if errand.card else None,
    )


def read_kept(site: Site, page: KeptPage, source: Source) -> Article | Problem:
    """Read a kept page by today's rules, as if it had just come, at the moment it came first."""
    headers = Headers()
    for name, value in page.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=page.url, body=page.body)
    response = kind(
        page.url,
        status=page.status,
        headers=headers,
        body=page.body,
        request=Request(page.asked),
    )
    errand = Errand(url=page.asked, card=card_of(page.card) if page.card else None)
    reading = read_page(site, response, errand, source, page.fetched_at)
    if isinstance(reading, Problem):
        return reading
    if reading.article is None:
        return Problem(State.ERRORING, "no article on the page")
    return identified(site, reading.article, response.url)


def card_text(card: Card) -> str:
    """Write a card down.

    >>> card_of(card_text(Card(url="https://e.org/1", title="T"))).title
    'T'
    """
    when = card.dateline.when
    dateline = {**asdict(card.dateline), "when": when.isoformat() if when else None}
    return json.dumps({**asdict(card), "dateline": dateline}, ensure_ascii=False)


def card_of(text: str) -> Card:
    """Read a card that was written down; what this version does not know is left out."""
    given: dict[str, Any] = json.loads(text)
    known = {name: value for name, value in given.items() if name in Card.__slots__}
    for name in _TUPLES:
        known[name] = tuple(known[name])
    dateline = known["dateline"]
    known["dateline"] = Dateline(
        **{
            **dateline,
            "when": datetime.fromisoformat(dateline["when"]) if dateline["when"] else None,
            "precision": Precision(dateline["precision"]),
            "basis": Basis(dateline["basis"]),
        }
    )
    return Card(**{**known, "basis": TextBasis(known["basis"])})
