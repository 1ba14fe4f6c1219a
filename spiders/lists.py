"""What a visit is out for: errands to pages, and lists that wait until their items are stored.

A list's validator is kept only after all its items are; otherwise a list answered 304 would hide
what was on it and never reached the store. A list that is read for the first time has its baseline
as soon as all it shows is known to be old: addresses at once, items without one when stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from db.model import Basis

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from db.visiting import Validator
    from spiders.desk import Memory
    from spiders.site import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Why a page is asked for: its canonical address and the card that showed it.

    `known` is true if the page was read before, so that it may be asked for conditionally. `old`
    is true if a list showed it that was read for the first time, `renamed` if all addresses of
    the list that led here are new at once, `again` if it could not be had at an earlier visit.
    """

    url: str
    card: Card | None = None
    known: bool = False
    old: bool = False
    renamed: bool = False
    again: bool = False


def digest(card: Card) -> str:
    """Return what tells whether a card's words changed, short and stable across runs.

    A date counts only where a machine wrote it: "2 hours ago" is another text each hour. A file
    that was taken for a page is another card, too.
    """
    dated = card.dateline.when if card.dateline.basis in (Basis.API, Basis.FEED) else None
    words = [card.title, card.summary, card.section or "", dated.isoformat() if dated else ""]
    if card.is_file:
        words.append("file")
    return hashlib.blake2b("\x1f".join(words).encode(), digest_size=8).hexdigest()


def has_words(card: Card) -> bool:
    """Tell whether a card alone makes an item."""
    return bool(card.title or card.summary or card.text)


@dataclass(eq=False, slots=True)
class ListVisit:
    """One list that was read: the validator it offered and the items not stored yet.

    `first` is the page of the list if it is read for the first time; `direct` are those waiting
    that have no address to be known by.
    """

    url: str
    validator: Validator | None
    first: tuple[str, int] | None = None
    waiting: set[str] = field(default_factory=set)
    direct: set[str] = field(default_factory=set)
    handed_out: bool = False


@dataclass(slots=True)
class Lists:
    """All lists of one visit. An item is known by its address, or by any key of its own."""

    memory: Memory
    source: str
    clock: Callable[[], datetime]
    _open: list[ListVisit] = field(default_factory=list)

    def begin(
        self, url: str, validator: Validator | None, *, first: tuple[str, int] | None = None
    ) -> ListVisit:
        """Note that a list is being read."""
        visit = ListVisit(url, validator, first)
        self._open.append(visit)
        return visit

    def handed_out(self, visit: ListVisit) -> None:
        """Note that every card of the list was looked at; its items may still be on their way."""
        visit.handed_out = True
        self._settle(visit)

    def stored(self, key: str) -> None:
        """Note that an item is in the store, for every list that shows it."""
        for visit in [visit for visit in self._open if key in visit.waiting]:
            visit.waiting.discard(key)
            visit.direct.discard(key)
            self._settle(visit)

    def end(self) -> None:
        """Make the next request unconditional for each list whose items did not all arrive."""
        for visit in self._open:
            self.memory.forget_validator(visit.url)
        self._open.clear()

    def _settle(self, visit: ListVisit) -> None:
        if visit.handed_out and visit.first and not visit.direct:
            self.memory.complete_list(self.source, *visit.first, self.clock())
            visit.first = None
        if visit.waiting or not visit.handed_out:
            return
        self._open.remove(visit)
        if visit.validator:
            self.memory.keep_validators((visit.validator,), source=self.source)
        else:
            self.memory.forget_validator(visit.url)
