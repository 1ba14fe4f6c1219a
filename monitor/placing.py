"""Articles stored or edited -> their stories. Deciding is `db.stories`, keeping is the store's."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from db.alone import alone
from db.errors import StoreError
from db.traits import traits

if TYPE_CHECKING:
    from datetime import datetime

    from db.telling import Unplaced
    from db.traits import Traits

LOG: Final = logging.getLogger("dateline.stories")
_BATCH: Final = 100
REMEMBERED: Final = 2000
"""Articles whose traits are kept for the batches that follow, some 10 kB each."""


class Desk(Protocol):
    """What is needed of the store."""

    def unplaced(self, limit: int) -> Unplaced | None:
        """Return articles that wait to be put into a story, None if none does."""
        ...

    def place(self, batch: Unplaced, read: dict[int, Traits], now: datetime) -> int:
        """Put them into stories, in one transaction; return how many joined one of others."""
        ...


def place_all(store: Desk, now: datetime, *, remembered: int = REMEMBERED) -> int:
    """Put all that waits into stories; return how many articles joined one of others.

    What is read of an article is worked out between the store's transactions. One that cannot be
    read is logged and stands alone: it holds up neither the others nor their alerts. A crash at
    any moment leaves what was not placed waiting. Raises StoreError.
    """
    placed = joined = 0
    read: dict[int, Traits] = {}
    while batch := store.unplaced(_BATCH):
        if len(read) > remembered:
            read.clear()
        for stored in batch.articles:
            read.pop(stored.id, None)
            article, seen = stored.value.article, stored.value.first_seen
            if found := alone(stored.id, partial(traits, article, seen)):
                read[stored.id] = found
        joined += store.place(batch, read, now)
        placed += len(batch.articles)
    if placed:
        LOG.info("placed=%d joined=%d", placed, joined)
    return joined


def placed(store: Desk, now: datetime) -> bool:
    """Put all that waits into stories; False if that failed, for the next pass tries again.

    It is logged, and stops nothing else. Raises StoreError: nothing else could be kept either.
    """
    try:
        place_all(store, now)
    except StoreError:
        raise
    except Exception:  # the job border of placing
        LOG.exception("event=failed step=stories")
        return False
    return True
