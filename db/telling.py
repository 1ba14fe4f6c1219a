"""The words for telling: watches and their alerts, notices of sources, and tries to deliver them.

Frozen values and enums like those of `db.model`, by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from db.model import Absence, ChangeKind, Dateline, Edit, Entry, Stored

if TYPE_CHECKING:
    from datetime import datetime, time, timedelta

    from db.visiting import State


class NoticeKind(StrEnum):
    """What a notice tells of a source."""

    DOWN = "down"
    REMINDER = "reminder"
    RECOVERED = "recovered"
    GAP = "gap"
    CHANGED = "changed"
    CLOSED = "closed"
    UNDELIVERED = "undelivered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A source's state changed, or still is what it was: told apart from the items.

    `key` is unique: telling twice of the same thing has the same key. One that is `closed`,
    `undelivered` or `refused` is of a channel: then `source` is "channel" and its name, and there
    is no state.
    """

    key: str
    source: str
    kind: NoticeKind
    state: State | None
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
    as `new` for a watch that has not told of it yet. With `once_per_story` it tells a channel of
    a story once: neither of further members nor of edits. That an item is gone or back is told.
    `digest` is the times of day at which it tells, by the clock of its channel; none means at
    once. After it has told something, it keeps to itself for the `cooldown`.
    """

    name: str
    query: str
    channels: tuple[str, ...]
    sources: tuple[str, ...] = ()
    on: tuple[ChangeKind, ...] = (ChangeKind.NEW,)
    once_per_story: bool = False
    digest: tuple[time, ...] = ()
    cooldown: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a story.

    `nearest` is the id of the member it is closest to, `kind` how they belong together (see
    `db.stories.Kind`), `score` from 0 to 1 how much speaks for it, and `why` the same in words;
    the member that began the story has none of them. `every` is the time from the visit
    before to the one that saw it first: for so long before `first_seen` it may have been out. It
    is 0 if that was a first visit or none. `joined_at` is when it was put into the story.
    """

    id: int
    feed_id: str
    url: str | None
    source: str
    title: str
    dateline: Dateline
    first_seen: datetime
    every: timedelta
    edits: int
    joined_at: datetime
    nearest: int | None = None
    kind: str | None = None
    score: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell the same. `id` is that of the article that began it, for ever.

    `size` counts all members; `members` are those known here, by publication, those without a
    date last. `published_first` and `seen_first` are the ids of those that may have been first:
    several where neither dates nor visits can tell them apart. `uncertainty` is how long before
    it was seen the longest unobserved of `seen_first` may have been out; None: for how long is not
    known, there was no visit before.
    """

    id: int
    size: int
    members: tuple[Member, ...]
    published_first: tuple[int, ...]
    seen_first: tuple[int, ...]
    uncertainty: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Articles that are to be put into a story, or were edited since; up to the change `last`.

    `after` is the change up to which all was placed when this was read.
    """

    after: int
    last: int
    articles: tuple[Stored[Entry], ...]


class AlertState(StrEnum):
    """Where an alert stands: waiting for its time, taken by a channel, or given up."""

    DUE = "due"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One watch met one change, to be told through one channel.

    `key` is unique and never changes. `passages` explain why it came; `edit` and `absence` are
    what an edit changed, or what was observed of an item that is gone or back. `grounds` say why
    it was told and not held back. `story` is the story as it was then, None if it was not known;
    `thread` is the key of the first alert of the story through this channel, None if this is the
    first. Before `due_at` it is not told; None is at once. One that is `gathered` is told with
    all others that are.
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
    grounds: tuple[str, ...] = ()
    story: Story | None = None
    thread: str | None = None
    due_at: datetime | None = None
    gathered: bool = False

    @property
    def occasion(self) -> tuple[str, ChangeKind, datetime, int]:
        """What tells its change from all others."""
        entry = self.entry
        return entry.feed_id, self.kind, entry.changed_at, entry.edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert that waits for its time: made when, held until when, and the sentence that says why.

    The sentence is the last of its `grounds`, empty if it has none.
    """

    watch: str
    channel: str
    made: datetime
    until: datetime
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """How many letters a channel takes in a while before the rest comes as a digest."""

    most: int
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message on its way through one channel: a notice, or alerts, the oldest first.

    `key` never changes and travels as Message-ID and `webhook-id`, so that a repeat can be
    recognised. `is_flood` says that its alerts would have been more letters than the channel
    takes in a while.
    """

    key: str
    channel: str
    notice: Notice | None = None
    alerts: tuple[Alert, ...] = ()
    is_flood: bool = False

    @property
    def about(self) -> str:
        """The source or the watches it is about."""
        if self.notice:
            return self.notice.source
        return ", ".join(sorted({alert.watch for alert in self.alerts}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A channel whose receiver wants nothing any more.

    `target` is a digest of where it leads: a channel of the same name that leads elsewhere is
    not the one that was closed.
    """

    channel: str
    target: str
    since: datetime
    reason: str


class AttemptOutcome(StrEnum):
    """How one try to deliver ended."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver a letter; `next_at` is set exactly if the outcome is `retry`."""

    at: datetime
    outcome: AttemptOutcome
    answer: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """An alert with its state and every attempt, oldest first.

    `next_at` is when it falls due or is tried again. `sent_as` is the key of the letter that
    tells it, which has `together` alerts; None before it is in one.
    """

    alert: Alert
    state: AlertState
    next_at: datetime | None
    attempts: tuple[Attempt, ...] = field(default=())
    sent_as: str | None = None
    together: int = 1
