"""The vocabulary: frozen values and enums that every room speaks. No behaviour beyond them.

Here are the words for items and their history; `db.visiting` has those for sources and visits,
`db.telling` those for watches, alerts and notices.

Times are aware UTC. Collections are tuples. A row that has an id is a `Stored[T]`; the value
itself never carries an optional id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

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
class Candidate:
    """A date found on or about an item. `rejected` says why it is not the item's, if it is not.

    One that is not rejected and not taken lost to one that is better known.
    """

    dateline: Dateline
    rejected: str = ""


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

    `known` is what stood in the store before, None for `new`. `fingerprint` is that of `article`.
    `sources` names those to whose watches it is news; nobody is told if there are none. `again`:
    it was told of through another source, so it is news only to watches that name one of them.
    `shown_by` names every source that has shown the article by now, the first one first; none: only
    its own. `absence` is what was observed of an item that is gone or back.
    """

    kind: ChangeKind
    article: Article
    fingerprint: str
    known: Known | None
    fields: tuple[str, ...]
    seen_at: datetime
    sources: tuple[str, ...] = ()
    again: bool = False
    absence: Absence | None = None
    shown_by: tuple[str, ...] = field(default=(), compare=False)


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


class Glimpse(NamedTuple):
    """As much of a stored article as counting takes; there may be very many."""

    id: int
    first_seen: datetime
    dated: datetime | None
    precision: Precision
    zone: str | None = None  # the one its date was read in


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
class Counts:
    """How much the store holds; `unmatched` changes still wait for the watches to look at them."""

    articles: int
    changes: int
    unmatched: int
    due: int
    sent: int
    dead: int


class Holding(NamedTuple):
    """How many items of a source are stored, and when the newest was first seen."""

    items: int
    newest: datetime | None


NOTHING = Holding(0, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed to publish: `source` or `query` narrow it, neither means all items."""

    name: str
    title: str
    source: str | None = None
    query: str | None = None
    sources: tuple[str, ...] = ()
    limit: int = 50
