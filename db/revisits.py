"""When a page is asked for again: to see edits, to be sure it is gone, after a failure. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

TRIES = 5
"""How often a page that could not be had is asked for at growing gaps; then it is daily."""

SURELY = timedelta(hours=1)
"""How long a page has to be missing until its item is gone: servers forget pages for moments."""

VISITS = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
"""When pages of a source that says nothing else are asked for again, from their first reading."""

_GAPS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))

LONGEST_GAP = max(*VISITS, *_GAPS)
"""What is due later than this was set by a clock that ran ahead: it is due now. A source with a
schedule of its own may have a longer one (`longest_gap`)."""


def next_visit(
    read_at: datetime, now: datetime, visits: Sequence[timedelta] = VISITS
) -> datetime | None:
    """Return when a page first read at `read_at` should be asked for again, None for never.

    Pages are corrected soon or not at all, so the visits thin out.
    """
    return next((read_at + gap for gap in sorted(visits) if read_at + gap > now), None)


def next_look(
    since: datetime, now: datetime, visits: Sequence[timedelta] = VISITS
) -> datetime | None:
    """Return when to ask again for a page that has been missing `since`, None for never.

    Once more to be sure, then by the schedule of a page first read when it was first missing.
    """
    if not visits:
        return None
    return next_visit(since, now, (SURELY, *visits))


def is_gone(missing: Iterable[tuple[datetime, datetime] | None]) -> bool:
    """Tell whether an item is gone, from each address at which its page was ever read.

    Given are the first and the last 404 or 410 in a row, None for an address that answers. All of
    them have to be missing, each twice, and at least `SURELY` apart.

    >>> from datetime import UTC, datetime
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> is_gone([(noon, noon + timedelta(minutes=59))]), is_gone([(noon, noon + SURELY)])
    (False, True)
    """
    known = tuple(missing)
    return bool(known) and all(one is not None and one[1] - one[0] >= SURELY for one in known)


def first_read(read_at: datetime, now: datetime) -> datetime:
    """Return when a page was first read; a moment still to come was told by a wrong clock."""
    return min(read_at, now)


def longest_gap(visits: Sequence[timedelta]) -> timedelta:
    """Return the longest time until a page of a source with this schedule is due again."""
    return max((LONGEST_GAP, *visits))


def is_due(due_at: datetime, now: datetime, longest: timedelta = LONGEST_GAP) -> bool:
    """Tell whether a page should be asked for.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2025, 12, 20, tzinfo=UTC)
    >>> [is_due(now + timedelta(days=days), now) for days in (0, 1, 7, 8)]
    [True, False, False, True]
    """
    return not now < due_at <= now + longest


def next_try(tries: int, now: datetime) -> datetime:
    """Return when to ask again for a page that could not be had `tries` times."""
    return now + _GAPS[min(tries, len(_GAPS)) - 1]
