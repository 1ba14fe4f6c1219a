"""The vocabulary: frozen values and enums that every room speaks. No behaviour beyond them.

Times are aware UTC. Collections are tuples. A row that has an id is a `Stored[T]`; the value
itself never carries an optional id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Precision(StrEnum):
    """How exactly a moment is known. A day is the start of that day in its zone."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    NONE = "none"


class Basis(StrEnum):
    """How we know when an item was published; the order is roughly the order of belief."""

    API = "api"
    STRUCTURED = "structured"
    FEED = "feed"
    META = "meta"
    TIME_ELEMENT = "time_element"
    PRINTED = "printed"
    LISTING = "listing"
    LEAD = "lead"
    URL = "url"
    GUESS = "guess"
    UNKNOWN = "unknown"


class TextBasis(StrEnum):
    """Where an article's text was read: its own page, a feed entry, or the card of a list."""

    PAGE = "page"
    FEED = "feed"
    LISTING = "listing"


class TitleBasis(StrEnum):
    """Where a title was read; `derived` is the first sentence of a text that has no title."""

    PAGE = "page"
    FEED = "feed"
    LISTING = "listing"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """When an item was published, how precisely, how we know, and where it was written.

    `when` is None exactly if `precision` is `none` and `basis` is `unknown`.
    `zone` is an IANA name or an offset such as `+03:00`; `zone_stated` tells whether the source
    printed it or the source's own zone was assumed. `raw` is the characters it was read from.
    """

    when: datetime | None = None
    precision: Precision = Precision.NONE
    basis: Basis = Basis.UNKNOWN
    zone: str | None = None
    zone_stated: bool = False
    place: str | None = None
    raw: str | None = None


UNKNOWN_DATELINE = Dateline()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One item as a source shows it now.

    `url` is canonical and is the identity; None only for an item that has no address of its own
    (an imported text). `text` is the best text known, `text_basis` says where it stood;
    `summary` is the lead or preview the source printed apart from the text, else empty.
    All strings are clean (see `db.words.clean`).
    """

    url: str | None
    source: str
    title: str
    title_basis: TitleBasis
    text: str
    text_basis: TextBasis
    dateline: Dateline = UNKNOWN_DATELINE
    guid: str | None = None
    summary: str = ""
    section: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    tags: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


class ChangeKind(StrEnum):
    """What happened to an article.

    `completed`: the item stood in the store from its list card, now its page was read. It is not
    news by itself, but its text may meet watches that the card did not. `corrected`: the source
    changed nothing, but better rules read its kept page otherwise.
    """

    NEW = "new"
    EDITED = "edited"
    COMPLETED = "completed"
    GONE = "gone"
    BACK = "back"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that a comparison may know of the past of one article."""

    url: str | None
    fingerprint: str
    title: str
    title_basis: TitleBasis
    text: str
    text_basis: TextBasis
    dateline: Dateline
    first_seen: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What was observed of an item whose page is missing; when it was taken away is not known.

    `last_seen` is when its page answered last, `first_missing` when it first answered 404 or 410.
    """

    last_seen: datetime
    first_missing: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something happened to an article. `fields` names what differs in an edit, in order.

    `known` is what stood in the store before, None for `new`. `fingerprint` is that of `article`,
    for `gone` and `back` that of the absence, which is their `absence`: no two are told as one.
    """

    kind: ChangeKind
    article: Article
    fingerprint: str
    known: Known | None
    fields: tuple[str, ...]
    seen_at: datetime
    absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Stored(Generic[T]):
    """A value with the id of its row."""

    id: int
    value: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A stored article as readers see it: with its permanent id and its history in short.

    `feed_id` is a `tag:` URI minted at insert and never changed. `first_seen` and `changed_at`
    are when Dateline saw it first and saw it change last. `edits` counts versions after the first.
    `absence` is set while its source does not have it any more.
    """

    article: Article
    feed_id: str
    first_seen: datetime
    changed_at: datetime
    edits: int
    absence: Absence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article's words, numbered from 1; `fields` names what differed.

    `kind` tells who changed them: `new` for the first, then `edited` or `corrected`.
    """

    number: int
    title: str
    text: str
    fields: tuple[str, ...]
    seen_at: datetime
    dateline: Dateline = UNKNOWN_DATELINE
    kind: ChangeKind = ChangeKind.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The words that stood before a change and those that stood after it."""

    old_title: str
    title: str
    old_text: str
    text: str


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
    The value at `cursor` goes into the body's key `cursor_to` to ask for the next page.
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
    asked for again, counted from their first reading. `reads_as` names the rules for files of
    `documents`. `keep_pages` keeps fetched bytes; `browser` fetches with one.
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
    reads_as: str | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Items that a list may have shown and that nobody saw: even its last page was all new.

    It lies between the newest item known before (`after`, None if none was) and the oldest item
    seen now (`before`), by the moments Dateline saw them or by their datelines where known.
    """

    after: datetime | None
    before: datetime | None
    pages: int


class NoticeKind(StrEnum):
    """What a notice tells of a source."""

    DOWN = "down"
    REMINDER = "reminder"
    RECOVERED = "recovered"
    GAP = "gap"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A source's state changed, or still is what it was: told apart from the items.

    `key` is unique: telling twice of the same thing has the same key.
    """

    key: str
    source: str
    kind: NoticeKind
    state: State
    reason: str
    since: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What has been told of a source's health, so that nothing is told twice.

    `strikes` counts visits in a row that were not fine, `since` is when the first of them ended.
    `told` is the trouble that was told of and not taken back, `told_at` when last; `recovered_at`
    is when trouble was last taken back, `gap_at` when a gap was last told of.
    """

    strikes: int = 0
    since: datetime | None = None
    told: State | None = None
    told_at: datetime | None = None
    recovered_at: datetime | None = None
    gap_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice on its way through one channel."""

    notice: Notice
    channel: str

    @property
    def key(self) -> str:
        """The notice's own key, which travels with each repeat."""
        return self.notice.key

    @property
    def about(self) -> str:
        """The source it is about."""
        return self.notice.source


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
    answers, `listed` the cards seen, `failed` the article pages that could not be had.
    `items` counts the items taken in, and `coverage` tells per field in how many of them it was
    found. `list_read` is true if at least one list was read or confirmed unchanged: only then can
    a baseline be complete. `lists` tells of each list that was read, its first page only.
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

    `baseline_at` is when its first round was complete, None before. `strikes` counts the visits
    in a row that were not fine; `since` is when the present state began. `next_why` says in words
    why the next visit is at `next_at`. `guid_clashes` counts guids met on two different items.
    """

    name: str
    kind: str
    next_at: datetime
    baseline_at: datetime | None
    strikes: int
    since: datetime | None
    report: Report | None
    items: int
    newest: datetime | None
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
    was read. `due` is true if the page should be asked for again now.
    """

    url: str
    card: str | None
    complete: bool
    due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words that a watch matched: in which field, and the characters around them.

    `start` and `end` delimit the words inside `excerpt`.
    """

    field: str
    excerpt: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A query somebody wants to be told about, and through which channels.

    `sources` empty means all. `on` is the kinds of change that count; a `completed` item counts
    as `new` for a watch that has not told of it yet.
    """

    name: str
    query: str
    channels: tuple[str, ...]
    sources: tuple[str, ...] = ()
    on: tuple[ChangeKind, ...] = (ChangeKind.NEW,)


class AlertState(StrEnum):
    """Where an alert stands: waiting for its time, taken by a channel, or given up."""

    DUE = "due"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One watch met one change, to be told through one channel.

    `key` is unique, never changes, and travels as Message-ID and `webhook-id`, so that a repeat
    can be recognised. `passages` explain why it came; `edit` and `absence` are what an edit
    changed, or what was observed of an item that is gone or back.
    """

    key: str
    watch: str
    channel: str
    query: str
    kind: ChangeKind
    entry: Entry
    fields: tuple[str, ...]
    passages: tuple[Passage, ...]
    created_at: datetime
    edit: Edit | None = None
    absence: Absence | None = None

    @property
    def about(self) -> str:
        """The watch it is about."""
        return self.watch


class AttemptOutcome(StrEnum):
    """How one try to deliver ended."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver an alert; `next_at` is set exactly if the outcome is `retry`."""

    at: datetime
    outcome: AttemptOutcome
    answer: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """An alert with its state and every attempt, oldest first."""

    alert: Alert
    state: AlertState
    next_at: datetime | None
    attempts: tuple[Attempt, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the store holds; `unmatched` changes still wait for the watches to look at them."""

    articles: int
    changes: int
    unmatched: int
    due: int
    sent: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed to publish: `source` or `query` narrow it, neither means all items."""

    name: str
    title: str
    source: str | None = None
    query: str | None = None
    sources: tuple[str, ...] = ()
    limit: int = 50
