"""What today's rules read in kept pages, and how that differs from what stands. Stores nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from db import changes
from spiders.judge import Problem
from spiders.kept import read_kept
from spiders.registry import site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from db.model import Article, Stored
    from db.visiting import KeptPage, Source


class Shelf(Protocol):
    """What is needed of the store."""

    def kept_pages(
        self, source: str | None = None, *, since: datetime | None = None, newest: bool = False
    ) -> Iterable[Stored[KeptPage]]:
        """Give kept pages one by one."""
        ...

    def stored(self, article: Article, asked: str) -> Stored[Article] | None:
        """Return the article that a reading belongs to, as it stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """What became of one kept page.

    `problem` says why nothing was read, None if `reading` is there. `standing` is the article it
    belongs to, None if the item is new. `after` is what would stand, and `fields` how it differs.
    """

    page: KeptPage
    problem: str | None = None
    reading: Article | None = None
    standing: Stored[Article] | None = None
    after: Article | None = None
    fields: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """True if storing it would change anything."""
        return self.reading is not None and (self.standing is None or bool(self.fields))


def reread(shelf: Shelf, source: Source, *, since: datetime | None = None) -> Iterator[Rereading]:
    """Read the page that came last for each address of a source; `since` leaves out older ones."""
    for stored in shelf.kept_pages(source.name, since=since, newest=True):
        page = stored.value
        found = read_kept(site(source.kind), page, source)
        if isinstance(found, Problem):
            yield Rereading(page=page, problem=found.reason)
            continue
        standing = shelf.stored(found, page.asked)
        if standing is None:
            yield Rereading(page=page, reading=found, after=found)
            continue
        after = changes.correct(standing.value, found)
        yield Rereading(
            page=page,
            reading=found,
            standing=standing,
            after=after,
            fields=changes.differing(standing.value, after),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many pages were read, in how many nothing was found, and what would change."""

    pages: int
    unread: int
    new: int
    same: int
    changed: int
    fields: tuple[tuple[str, int], ...]


def summary(rereadings: Iterable[Rereading]) -> Summary:
    """Count what became of the pages, and the fields that differ, the most frequent first."""
    pages = unread = new = changed = 0
    fields: Counter[str] = Counter()
    for one in rereadings:
        pages += 1
        unread += one.problem is not None
        new += one.reading is not None and one.standing is None
        changed += bool(one.fields)
        fields.update(one.fields)
    return Summary(
        pages=pages,
        unread=unread,
        new=new,
        same=pages - unread - new - changed,
        changed=changed,
        fields=tuple(fields.most_common()),
    )
