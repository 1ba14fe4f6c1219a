"""What a site must tell the spider, and what reading gives back. Pure.

A `Site` never fetches. The spider (`spiders.base`) asks it what to fetch, hands it what came
back, and does what the answer says. The four sites live in `spiders.sites`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from db.model import UNKNOWN_DATELINE, Article, Dateline, TextBasis

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Candidate
    from db.visiting import Source
    from spiders.blocks import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One list to ask for. `follows` counts the list pages before it in the same list.

    A list is named by the config's address: `of`, or `url` if that is empty.

    `covers` says that the list shows whatever its host publishes, in all sections. A `POST`
    cannot be asked conditionally (RFC 9110 §13.1), so it is spared while such a list of its host
    is confirmed unchanged, for an hour at most.

    `part` is set where a list is an index of others: the number that its address gives each of
    them, far beyond any page. They come and go, and each has a baseline of its own.
    """

    url: str
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    follows: int = 0
    of: str = ""
    covers: bool = False
    part: int = 0

    @property
    def page(self) -> tuple[str, int]:
        """Which page this is of which configured list, or which part of it."""
        return self.of or self.url, self.part or self.follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An item as a list shows it. `url` is canonical, None where the list gives no link.

    `text` is the item's whole text where the list carries it (a full-text feed, a channel's post).
    `is_file` is true if a row of a list leads to a file, which is kept as an attachment and never
    asked for.
    """

    url: str | None
    title: str = ""
    summary: str = ""
    text: str = ""
    section: str | None = None
    guid: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dateline: Dateline = UNKNOWN_DATELINE
    basis: TextBasis = TextBasis.LISTING
    is_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list held: its cards in order, and further lists to ask for.

    `found` is true if the list itself was recognised, so that one without cards is just empty.
    `beyond` is canonical addresses of articles that it names besides, too many to visit each: they
    matter only if nobody has seen them. `broken` counts what stood among the items and is none.
    """

    cards: tuple[Card, ...] = ()
    more: tuple[Fetch, ...] = ()
    found: bool = False
    beyond: tuple[str, ...] = ()
    broken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an article's page held: the article, if there is one, and cards standing beside it.

    `candidates` is every date that was weighed, where the rules weigh several.
    """

    article: Article | None
    cards: tuple[Card, ...] = field(default=())
    candidates: tuple[Candidate, ...] = field(default=())


class Site(Protocol):
    """The rules of one site. Every method is pure and raises only `ExtractError`.

    `kind` names the rules in a config. `zone` (IANA), `language` and `sections` are what a source
    of this kind has unless it is configured otherwise. `hosts` are those the rules were written
    for, none where they serve any site. `has_pages` is false if lists show all there is of an
    item, so that no address of theirs is asked for.
    """

    kind: str
    hosts: frozenset[str]
    has_pages: bool
    zone: str
    language: str
    sections: tuple[str, ...]

    def canonical(self, url: str) -> str:
        """Return the one spelling of an address of this site."""
        ...

    def is_article(self, url: str) -> bool:
        """Tell whether the address is that of an article's own page."""
        ...

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return what to ask for first, conditional lists before others."""
        ...

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read a list that was fetched; `seen` is when (aware UTC)."""
        ...

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Read an article's page; `card` is how the list that led here showed it."""
        ...
