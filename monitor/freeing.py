"""Alerts held back for quiet hours that the config no longer has -> due sooner.

How long an alert waits is decided when it is made. Whoever takes the quiet hours of a channel
away, or shortens them, wants to be told now.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from db.telling import Watch
from monitor.grounds import held, why_held
from monitor.rates import Due, freed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from db.model import Stored
    from db.telling import Waiting
    from monitor.rates import Terms

LOG: Final = logging.getLogger("dateline.watch")


class Desk(Protocol):
    """What is needed of the store."""

    def waiting(self, now: datetime) -> tuple[Stored[Waiting], ...]:
        """Return the alerts that are held back until a moment to come."""
        ...

    def hasten(self, alert_id: int, until: datetime, held: str) -> bool:
        """Let an alert fall due sooner."""
        ...


def free(store: Desk, watches: Iterable[Watch], terms: Mapping[str, Terms], now: datetime) -> int:
    """Let alerts fall due sooner whose quiet hours are gone; return how many.

    `terms` says by channel when it wants to be told. Each alert is a transaction of its own: what
    a crash leaves is found by the next pass. Raises StoreError.
    """
    known = {watch.name: watch for watch in watches}
    count = 0
    for stored in store.waiting(now):
        sooner = rethought(stored.value, known, terms, now)
        if sooner and store.hasten(stored.id, sooner.at, held(sooner)):
            count += 1
    if count:
        LOG.info("event=freed alerts=%d", count)
    return count


def rethought(
    waiting: Waiting, watches: Mapping[str, Watch], terms: Mapping[str, Terms], now: datetime
) -> Due | None:
    """Return when a waiting alert falls due by the present config if that is sooner, else None."""
    its = terms.get(waiting.channel)
    if its is None:
        return None
    watch = watches.get(waiting.watch) or Watch(name=waiting.watch, query="", channels=())
    waits = Due(waiting.until, gathered=True, why=why_held(waiting.held, waiting.until))
    return freed(watch, its, waits, made=waiting.made, now=now)
