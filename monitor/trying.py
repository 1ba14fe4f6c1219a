"""A query is tried on what is stored: what it would have told of, and what other watches did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from db.compile import to_condition
from db.model import ChangeKind
from db.query import parse
from monitor.trial import MANY, Span, Trial, trial

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from db.compile import Condition
    from db.model import Entry, Glimpse
    from db.query import Query
    from db.telling import Watch


class Archive(Protocol):
    """What is needed of the store."""

    def glimpses(
        self, condition: Condition | None, *, since: datetime, sources: Sequence[str] = ()
    ) -> tuple[Glimpse, ...]:
        """Return the articles first seen since a moment that meet a condition."""
        ...

    def sources_of(self, articles: Sequence[int]) -> dict[str, int]:
        """Return how many of some articles each source has."""
        ...

    def entry(self, article_id: int) -> Entry | None:
        """Return an article as it stands now."""
        ...

    def beginning(self, since: datetime) -> datetime | None:
        """Return from when on there are articles."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A watch that tells of the same items: of how many, and of how many in all."""

    watch: str
    shared: int
    items: int


def span_of(store: Archive, now: datetime, length: timedelta) -> Span:
    """Return the past that a query can be tried on: `length` long, less if items begin later."""
    start, end = now - length, now + timedelta.resolution
    return Span(max(start, store.beginning(start) or start), end)


def is_older(store: Archive, start: datetime) -> bool:
    """Tell whether items were stored before a moment."""
    first = store.beginning(start)
    return first is not None and first < start


def tried(store: Archive, query: Query, span: Span, sources: Sequence[str] = ()) -> Trial:
    """Return what a query would have told of in a span, of some sources or of all."""
    found = store.glimpses(to_condition(query), since=span.start, sources=sources)
    return trial(found, span)


def latest(store: Archive, items: Sequence[int], limit: int = 5) -> list[tuple[int, Entry]]:
    """Return the last ones of some items with their ids, the latest first."""
    entries = ((number, store.entry(number)) for number in reversed(items[-limit:]))
    return [(number, entry) for number, entry in entries if entry]


def overlaps(store: Archive, own: Trial, watches: Iterable[Watch]) -> tuple[Overlap, ...]:
    """Return the watches that would have told of some of the same items, the closest first.

    Only of those that tell of new items: what would have been edited or gone is not counted.
    """
    items = set(own.items)
    found = []
    for watch in (watch for watch in watches if ChangeKind.NEW in watch.on):
        theirs = tried(store, parse(watch.query), own.span, watch.sources)
        if shared := len(items.intersection(theirs.items)):
            found.append(Overlap(watch=watch.name, shared=shared, items=len(theirs.items)))
    return tuple(sorted(found, key=lambda one: (-one.shared, one.watch)))


def warning(own: Trial) -> str | None:
    """Say that a query would fire too often, None if it would not."""
    if not own.is_many:
        return None
    return (
        f"this would have told of {own.weekly:,.0f} items a week, more than {MANY}: ask for more "
        "words, leave some out with NOT, look in title: only, or follow its feed"
    )
