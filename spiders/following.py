"""The pages of one list, read until they meet the past, and what that says of a gap. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from db.visiting import Gap
from spiders.rhythm import is_all_new, is_reordered, meets_past

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from db.visiting import Past
    from spiders.site import Card

_PINNED = 2  # cards at the top of a list that may come from anywhere
_REMEMBERED = 300  # cards whose order is remembered


@dataclass(slots=True)
class Chain:
    """One list and the older pages behind it, as one visit reads them.

    `past` is what is known of the visits before. A list that was interrupted the last time is
    followed as far as allowed, because unread pages may lie behind known ones; so is one that was
    `reordered` since it `stood` as given, from the top. An `old` list is read for the first time:
    all of it is new, and says nothing. `met` tells whether a page has shown what was known, pins
    aside; as long as none has, what older pages show is news. `shows_old` tells whether what the
    page just read shows anew is none, if that page was never read before.
    """

    past: Past
    pages_allowed: int
    interrupted: bool = False
    old: bool = False
    stood: tuple[str, ...] = ()
    pages: int = 0
    met: bool = False
    reordered: bool = False
    shows_old: bool = False
    renamed: bool = False
    oldest: datetime | None = None
    _shown: dict[str, None] = field(default_factory=dict)
    _places: list[int] = field(default_factory=list)
    _stood: dict[str, int] = field(default_factory=dict)
    _all_new: bool = False
    _has_news: bool = False
    _ended: bool = False

    def read(self, cards: Sequence[Card], known: Collection[str]) -> int:
        """Take in a page; `known` is the addresses that were. Return how many of them are new."""
        urls = list(dict.fromkeys(card.url for card in cards if card.url))
        fresh = [url for url in urls if url not in self._shown]
        news = [url not in known for url in fresh]
        first = self.pages == 0
        self.pages += 1
        below = news[_PINNED:] if first else news
        self._all_new = is_all_new(news) or is_all_new(below)
        self._has_news = any(news)
        self._follow_order(fresh[_PINNED:] if first else fresh)
        self._shown.update(dict.fromkeys(urls))
        # Among cards in a new order, those above a known one are as new as it is old.
        mixed = self.reordered and bool(news) and not news[-1]
        self.shows_old = self.old or (self.met and not mixed)
        self.met = self.met or not (self._all_new or all(news) or (self.reordered and news[-1]))
        onwards = self.reordered or self.interrupted
        self._ended = meets_past(news) and not (onwards and fresh)
        if first:
            # All addresses at once: either much has happened, or only the addresses are new.
            self.renamed = not self.old and self._all_new and all(news)
        dates = [card.dateline.when for card in cards if card.url not in known]
        told = [when for when in dates if when is not None]
        self.oldest = min([*told, *([self.oldest] if self.oldest else [])], default=None)
        return news.count(True)

    def _follow_order(self, urls: Sequence[str]) -> None:
        """Note where cards stood before, and whether that was in this order."""
        if not self._stood:
            self._stood = {url: place for place, url in enumerate(self.stood)}
        self._places.extend(self._stood[url] for url in urls if url in self._stood)
        self.reordered = is_reordered(self._places)

    def order(self) -> tuple[str, ...]:
        """Return how the list stands now, from the top, and what stood below what was read."""
        return tuple(dict.fromkeys([*self._shown, *self.stood]))[:_REMEMBERED]

    def goes_on(self) -> bool:
        """Tell whether an older page should be read, if there is one."""
        return not self._ended and self.pages < self.pages_allowed

    def gap(self, *, more: bool) -> Gap | None:
        """Return the gap that is left when no further page will be read, None if there is none.

        `more` tells whether the last page led to an older one. A list that was followed to its
        end has shown all it has.
        """
        exhausted = self.pages > 1 and not more
        # News among cards in a new order: there may be more of them on the next page.
        torn = self.reordered and self._has_news and more and self.pages > 1
        if self.old or exhausted or not (self._all_new or torn):
            return None
        return Gap(after=self.past.newest, before=self.oldest, pages=self.pages)


def with_own_guids(cards: Sequence[Card]) -> tuple[tuple[Card, ...], int]:
    """Take away the guids that stand on two different cards of a list; return how many guids.

    Such a guid says which channel, template or day it is, not which item.
    """
    bearers: defaultdict[str, set[tuple[str | None, str]]] = defaultdict(set)
    for card in cards:
        if card.guid:
            bearers[card.guid].add((card.url, card.title))
    shared = {guid for guid, items in bearers.items() if len(items) > 1}
    return tuple(replace(card, guid=None) if card.guid in shared else card for card in cards), len(
        shared
    )
