"""The words for visits: what is watched, how it is read, what a visit knows and came to.

Frozen values and enums like those of `db.model`, by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where the parts of a list's cards stand, as CSS or XPath 1.0 (which begins with `/` or `.`).

    `card` finds the cards, the others look inside one; empty means found by itself.
    """

    card: str
    link: str = ""
    title: str = ""
    date: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiList:
    """How a JSON list is asked for and read.

    Paths are keys joined by dots, a number picks from an array. `{now}` in `body` is Unix seconds.
    The value at `cursor` goes into the body's key, or the address's parameter, `cursor_to` to ask
    for the next page; where no `cursor` is named, `cursor_to` is counted up.
    """

    items: str
    link: str
    title: str = ""
    date: str = ""
    summary: str = ""
    method: str = "GET"
    body: str = ""
    cursor: str = ""
    cursor_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A section somebody watches.

    `kind` names the rules that read it. `every` is the shortest time between two visits, `slowest`
    the longest that an `adaptive` source is left alone. `timezone` (IANA) and `language` hold for
    pages that state none. `pages` is how many list pages one round may follow. `first_round` says
    how far back the first round may tell of items; None tells of none. `recheck` is when pages are
    asked for again, counted from their first reading. `keep_pages` keeps fetched bytes, `browser`
    has pages drawn. `reads_as` names the rules for the files of a folder; None: those for any page.
    """

    name: str
    kind: str
    urls: tuple[str, ...]
    every: timedelta = timedelta(minutes=15)
    slowest: timedelta = timedelta(hours=6)
    adaptive: bool = True
    timezone: str = "UTC"
    language: str | None = None
    pages: int = 3
    tags: tuple[str, ...] = ()
    selectors: Selectors | None = None
    api: ApiList | None = None
    first_round: timedelta | None = None
    recheck: tuple[timedelta, ...] = (
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(days=1),
        timedelta(days=3),
        timedelta(days=7),
    )
    keep_pages: bool = False
    browser: bool = False
    reads_as: str | None = None


class State(StrEnum):
    """How a visit to a source ended."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    LAYOUT_CHANGED = "layout_changed"
    FIELDS_MISSING = "fields_missing"
    SOURCE_CHANGED = "source_changed"
    QUIET = "quiet"
    BLOCKED = "blocked"
    FORBIDDEN_BY_ROBOTS = "forbidden_by_robots"
    BLOCKED_ADDRESS = "blocked_address"
    UNREACHABLE = "unreachable"
    OFFLINE = "offline"
    ERRORING = "erroring"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    LATER = "later"
    KILLED = "killed"

    @property
    def is_fine(self) -> bool:
        """True if nothing is wrong with the source."""
        return self in {State.OK, State.UNCHANGED, State.LATER}


PAGES_LOST = "article pages could not be had"
FILES_LOST = "files could not be read"
"""What the reason of a report says if its state is that of its article pages, or its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Items that a list may have shown and that nobody saw: even its last page was all new.

    It lies between the newest item known before (`after`, None if none was) and the oldest item
    seen now (`before`), by the moments Dateline saw them or by their datelines where known.
    """

    after: datetime | None
    before: datetime | None
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSeen:
    """One list as a visit read it: its cards, how many were new, how many shared their guid.

    `found` is false if not even the list's container was there, so that no cards means nothing.
    """

    url: str
    cards: int
    new: int = 0
    shared_guids: int = 0
    found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one visit to one source came to: silence and breakage are data.

    `requests` and `bytes` count what went over the wire (bodies as received), `unchanged` the 304
    answers or the files of a folder that stay as they were read, `listed` the cards seen, `failed`
    the article pages that could not be had.
    `items` counts the items read for the first time, from a list and then from their page, and
    `coverage` tells per field how many of them had it then. `list_read` is true if at least one
    list was read or confirmed unchanged: only then can the baseline be complete. `lists` tells of
    each list that was read, its first page only.
    """

    source: str
    started: datetime
    finished: datetime
    state: State
    reason: str = ""
    requests: int = 0
    bytes: int = 0
    unchanged: int = 0
    listed: int = 0
    read: int = 0
    new: int = 0
    edited: int = 0
    failed: int = 0
    coverage: tuple[tuple[str, int], ...] = ()
    list_read: bool = False
    gap: Gap | None = None
    items: int = 0
    lists: tuple[ListSeen, ...] = ()

    @property
    def is_fruitless(self) -> bool:
        """True if no page was read and each item taken in is one whose page could not be had."""
        return not self.read and self.items <= self.failed

    @property
    def is_ill_by_pages(self) -> bool:
        """True if something is wrong with the source, and it is its article pages or files."""
        by_pages = PAGES_LOST in self.reason or FILES_LOST in self.reason
        return not self.state.is_fine and bool(self.failed) and by_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a visit may know of the visits before it.

    `reports` are the latest, newest first. `hours` counts the items first seen in each hour that
    brought any, oldest first, since the baseline and for some weeks at most. `newest` is when the
    latest item was first seen.
    """

    baseline_at: datetime | None = None
    newest: datetime | None = None
    reports: tuple[Report, ...] = ()
    hours: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """Where a source stands between visits.

    `baseline_at` is when all its lists had been read, None before. `strikes` counts the visits
    in a row that were not fine; `since` is when the present state began. `pending` is how many
    pages that lists show could not be had so far; `lost` how many were shown no longer before
    they could be had, and had no words in the list. `next_why` says in words why the next visit
    is at `next_at`. `guid_clashes` counts guids met on two different items.
    """

    name: str
    kind: str
    next_at: datetime
    baseline_at: datetime | None
    strikes: int
    since: datetime | None
    report: Report | None
    pending: int = 0
    lost: int = 0
    next_why: str = ""
    guid_clashes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """What a server gave us to ask "has it changed?" with (RFC 9110 §8.8), as it gave it."""

    url: str
    etag: str | None
    last_modified: str | None
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """A host's robots.txt as last read: `allow_all`, `deny_all`, or rules to parse.

    `origin` is `scheme://host:port`. RFC 9309 §2.3.1 decides which of the three it is.
    """

    origin: str
    access: str
    body: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """What a server sent for an article's page, as it was before anybody read it.

    `url` is where the answer came from, `asked` the canonical address that was asked for. `body`
    has its content encoding undone, `headers` are as received but for those of the encoding and
    the cookies. `card` is how the list had shown the item, in words of the spiders' own, None if
    no list did. `fetched_at` is when these bytes came first, `again_at` when they came last.
    """

    source: str
    url: str
    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    again_at: datetime
    card: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the store knows of an address that stands in a list.

    `card` is the digest of the card as last seen. `complete` is true when the article's own page
    was read. `due` is true if the page should be asked for again now. `sighted` is true unless
    there is an article and the source that asks has never been seen to have it.
    """

    url: str
    card: str | None
    complete: bool
    due: bool
    sighted: bool = True
