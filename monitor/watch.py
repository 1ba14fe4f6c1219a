"""Unmatched changes -> queued alerts. Matching is `monitor.rules`, keeping is the store's."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from db.errors import StoreError
from db.model import ChangeKind, Edit
from db.telling import Alert
from monitor.grounds import grounds, held
from monitor.rates import Terms, due

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from db.model import Change, Entry, Stored
    from monitor.rates import Due
    from monitor.rules import Match, Rules

LOG: Final = logging.getLogger("dateline.watch")
_BATCH: Final = 100


class Desk(Protocol):
    """What is needed of the store."""

    def unmatched(self, limit: int) -> tuple[Stored[Change], ...]:
        """Return changes no watch has looked at, oldest first."""
        ...

    def entry_of(self, change_id: int) -> Entry:
        """Return the entry a change belongs to, as the change left it."""
        ...

    def alerted(self, change_id: int) -> frozenset[str]:
        """Return the watches that have told of the change's article already."""
        ...

    def last_due(self, watch: str, channel: str) -> datetime | None:
        """Return when the latest alert of a watch fell due, or falls, in a channel."""
        ...

    def queue(
        self,
        change_id: int,
        alerts: Sequence[Alert],
        now: datetime,
        *,
        once: frozenset[str] = frozenset(),
    ) -> int:
        """Keep the alerts and mark the change as matched, in one transaction."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a pass came to: changes looked at, alerts made, and changes that could not be read.

    `is_unplaced` says that not all that is new could be put into stories.
    """

    changes: int = 0
    alerts: int = 0
    failed: tuple[int, ...] = ()
    is_unplaced: bool = False


def match_all(
    store: Desk, rules: Rules, now: datetime, terms: Mapping[str, Terms] | None = None
) -> Matched:
    """Look at every change that waits, and queue an alert per watch and channel that meets it.

    `terms` says by channel when it wants to be told; any other wants it at once.

    Alerts and the mark "matched" are one transaction: a crash before it repeats the change, one
    after it repeats nothing. A change that raises while it is matched is logged, stays unmatched
    for the next pass, and holds up no other. Raises StoreError: nothing else could be kept either.
    """
    seen: set[int] = set()
    failed: list[int] = []
    made = 0
    while waiting := _fresh(store, seen):
        for stored in waiting:
            seen.add(stored.id)
            try:
                made += _match_one(store, rules, stored, now, terms or {})
            except StoreError:
                raise  # every other change would fail with it
            except Exception:  # the job border of one change
                LOG.exception("change=%d outcome=failed", stored.id)
                failed.append(stored.id)
    if seen:
        LOG.info("changes=%d alerts=%d failed=%d", len(seen), made, len(failed))
    return Matched(changes=len(seen), alerts=made, failed=tuple(failed))


def alert_key(*, watch: str, channel: str, feed_id: str, change: int) -> str:
    """Return the key of an alert: a digest of what makes it one, so that a repeat has the same.

    `change` is the change's id in the store: an edit that reverts is a change of its own.

    >>> key = alert_key(watch="csto", channel="desk", feed_id="tag:x,2025:1", change=7)
    >>> key.startswith("alert_"), len(key)
    (True, 38)
    """
    parts = json.dumps((watch, channel, feed_id, change)).encode()
    return f"alert_{hashlib.sha256(parts).hexdigest()[:32]}"


def _fresh(store: Desk, seen: set[int]) -> list[Stored[Change]]:
    """Return the next changes of this pass; those that failed stay in front of the queue."""
    limit = _BATCH
    while True:
        found = store.unmatched(limit)
        if fresh := [stored for stored in found if stored.id not in seen]:
            return fresh
        if len(found) < limit:
            return []
        limit *= 2


def _match_one(
    store: Desk, rules: Rules, stored: Stored[Change], now: datetime, terms: Mapping[str, Terms]
) -> int:
    change = stored.value
    matches = rules.match(change, already=store.alerted(stored.id))
    if not matches:
        return store.queue(stored.id, (), now)
    # The words that were matched, whatever has become of the article since.
    entry = replace(store.entry_of(stored.id), article=change.article)
    alerts = [
        _alert(stored, entry, match, channel, now=now, due=_due(store, match, channel, now, terms))
        for match in matches
        for channel in match.watch.channels
    ]
    once = frozenset(match.watch.name for match in matches if match.watch.once_per_story)
    return store.queue(stored.id, alerts, now, once=once)


def _due(store: Desk, match: Match, channel: str, now: datetime, terms: Mapping[str, Terms]) -> Due:
    """Return when an alert falls due; the store is asked only for a watch that rests."""
    watch = match.watch
    last = store.last_due(watch.name, channel) if watch.cooldown else None
    return due(watch, terms.get(channel) or Terms(), now, last=last)


def _alert(  # noqa: PLR0913 - all that an alert is made of
    stored: Stored[Change], entry: Entry, match: Match, channel: str, *, now: datetime, due: Due
) -> Alert:
    change = stored.value
    return Alert(
        key=alert_key(
            watch=match.watch.name,
            channel=channel,
            feed_id=entry.feed_id,
            change=stored.id,
        ),
        watch=match.watch.name,
        channel=channel,
        query=match.watch.query,
        kind=change.kind,
        entry=entry,
        fields=change.fields,
        passages=match.passages,
        created_at=now,
        edit=_edit(change),
        absence=change.absence,
        grounds=(*grounds(change, match.watch), held(due)),
        due_at=due.at,
        gathered=due.gathered,
    )


def _edit(change: Change) -> Edit | None:
    """Return the words an edit replaced, and its own."""
    known, article = change.known, change.article
    if known is None or change.kind not in (ChangeKind.EDITED, ChangeKind.CORRECTED):
        return None
    return Edit(old_title=known.title, title=article.title, old_text=known.text, text=article.text)
