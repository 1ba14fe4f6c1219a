"""Reports -> notices: each report is considered once, and what it calls for is queued with it.

What a report means is decided in `db.health`; here it is only carried through, so that a crash
before the transaction repeats a report and one after it repeats nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from db.health import consider

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from db.model import Stored
    from db.telling import Notice, Standing
    from db.visiting import Report
    from monitor.config import NoticeSettings

LOG: Final = logging.getLogger("dateline.health")
_BATCH: Final = 100


class Ward(Protocol):
    """What is needed of the store."""

    def untold(self, limit: int) -> tuple[Stored[Report], ...]:
        """Return reports that were not considered, oldest first."""
        ...

    def standing(self, source: str) -> Standing:
        """Return what has been told of a source."""
        ...

    def tell(
        self,
        report_id: int,
        standing: Standing,
        notices: Sequence[Notice],
        channels: Sequence[str],
        now: datetime,
    ) -> int:
        """Keep what a report means and queue its notices, in one transaction."""
        ...


def tell_all(store: Ward, settings: NoticeSettings, now: datetime) -> int:
    """Consider every report that waits; return how many notices were made."""
    made = 0
    while waiting := store.untold(_BATCH):
        for stored in waiting:
            report = stored.value
            standing, notices = consider(
                store.standing(report.source), report, remind=settings.remind
            )
            made += store.tell(stored.id, standing, notices, settings.channels, now)
            for notice in notices:
                LOG.info(
                    "event=notice source=%s kind=%s state=%s",
                    notice.source,
                    notice.kind,
                    notice.state,
                )
    return made
