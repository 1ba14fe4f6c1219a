"""How often is a letter tried, when again, and who hears of it if it is given up? Pure."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from db.telling import AttemptOutcome, Notice, NoticeKind
from spiders.courtesy_wishes import LONGEST_WISH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from db.telling import Attempt, Letter

# Standard Webhooks, "deliverability and reliability": the wait before each try.
SCHEDULE: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
_JITTER: Final = 0.1


def next_attempt(
    tries: int, now: datetime, *, retry_after: float | None = None, spread: float = 0.0
) -> datetime | None:
    """Return when to try again after `tries` tries have failed; None: never, a dead letter.

    `spread` in [0, 1) makes the wait up to a tenth longer, so that a receiver that comes back is
    not met by everything at once. `retry_after` (seconds) can only lengthen it, to 24 hours.

    >>> from datetime import datetime
    >>> now = datetime(2025, 12, 19, 9, 0, tzinfo=UTC)
    >>> next_attempt(1, now), next_attempt(10, now)
    (datetime.datetime(2025, 12, 19, 9, 0, 5, tzinfo=datetime.timezone.utc), None)
    """
    if tries >= len(SCHEDULE):
        return None
    wait = SCHEDULE[tries] * (1 + _JITTER * spread)
    wish = min(timedelta(seconds=retry_after or 0), LONGEST_WISH)
    return now + max(wait, wish)


def answers_since_settled(attempts: Sequence[Attempt]) -> tuple[str, ...]:
    """Return the answers since a letter was last settled: sent again by hand, it starts afresh."""
    answers: list[str] = []
    for attempt in attempts:
        answers.append(attempt.answer)
        if attempt.outcome is not AttemptOutcome.RETRY:
            answers.clear()
    return tuple(answers)


def undelivered(letter: Letter, answer: str, now: datetime) -> Notice | None:
    """Return the notice of a letter that was given up: one a day (UTC) for each channel.

    None for a letter that carries such a notice itself: two dead channels would tell of each
    other for ever.
    """
    return _daily(letter, NoticeKind.UNDELIVERED, answer, now)


def refused(letter: Letter, answer: str, now: datetime) -> Notice | None:
    """Return the notice of a letter that some of its recipients never take, by the same rules."""
    return _daily(letter, NoticeKind.REFUSED, answer, now)


def closed(letter: Letter, answer: str, now: datetime) -> Notice:
    """Return the notice of a channel whose receiver wants nothing any more."""
    return _notice(letter.channel, NoticeKind.CLOSED, letter.key, answer, now)


def _daily(letter: Letter, kind: NoticeKind, answer: str, now: datetime) -> Notice | None:
    of_channels = (NoticeKind.UNDELIVERED, NoticeKind.CLOSED, NoticeKind.REFUSED)
    if letter.notice and letter.notice.kind in of_channels:
        return None
    day = now.astimezone(UTC).date().isoformat()
    return _notice(letter.channel, kind, day, answer, now)


def _notice(channel: str, kind: NoticeKind, once: str, answer: str, now: datetime) -> Notice:
    parts = json.dumps((channel, kind.value, once)).encode()
    return Notice(
        key=f"notice_{hashlib.sha256(parts).hexdigest()[:32]}",
        source=f"channel {channel}",
        kind=kind,
        state=None,
        reason=answer,
        since=now,
        created_at=now,
    )
