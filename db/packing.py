"""Which alerts go out together? Pure.

What several watches of one channel found in one change is one letter. What is gathered (for a
time of day, after a rest) is one letter as a whole. What would be more letters than a channel
takes in a while is one letter, too, and nothing of it is left out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from db.telling import Flood

MOST_TOGETHER: Final = 20
"""Changes in one letter; more of them make several.

A letter is never split once it is made, and receivers of webhooks refuse bodies over 64 KiB: so
many Cyrillic items with their passages and grounds stay below that.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """An alert that is in no letter yet."""

    id: int
    key: str
    change: int
    is_due: bool
    gathered: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """What becomes one letter."""

    alerts: tuple[Loose, ...]
    is_flood: bool = False

    @property
    def key(self) -> str:
        """The letter's key: that of its first alert if it tells of one change, else a digest.

        A digest of all its alerts' keys, so that the same alerts have the same key.
        """
        if len({alert.change for alert in self.alerts}) == 1:
            return self.alerts[0].key
        parts = json.dumps(sorted(alert.key for alert in self.alerts)).encode()
        return f"digest_{hashlib.sha256(parts).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Made:
    """A letter of alerts, as it counts for how much a channel takes in a while."""

    at: datetime
    is_flood: bool


def room(made: Sequence[Made], flood: Flood | None, now: datetime) -> tuple[int | None, bool]:
    """Return how many letters a channel still takes, None without a limit, and if it had a flood.

    A letter that tells a flood is none of those that count.
    """
    if flood is None:
        return None, False
    recent = [letter.is_flood for letter in made if now - flood.within < letter.at <= now]
    return max(0, flood.most - recent.count(False)), any(recent)


def flood_over(
    loose: Sequence[Loose], made: Sequence[Made], flood: Flood, now: datetime
) -> datetime | None:
    """Return when a channel takes what it does not take now; None if nothing waits for that.

    More that falls due until then may have to wait longer.
    """
    if not any(alert.is_due for alert in loose):
        return None
    moments = (now, *sorted(letter.at + flood.within for letter in made))
    # At the latest when no letter is left of this while.
    at = next(at for at in moments if _takes(loose, *room(made, flood, at)))
    return at if at > now else None


def _takes(loose: Sequence[Loose], left: int | None, flooded: bool) -> bool:  # noqa: FBT001 - as `room` says it
    return bool(bundles(loose, room=left, flooded=flooded))


def bundles(
    loose: Sequence[Loose], *, room: int | None = None, flooded: bool = False
) -> tuple[Bundle, ...]:
    """Return what is to become letters now, of all that is loose in one channel, oldest first.

    An alert that is not due goes with one that is, if both are of the same change: the same
    recipient need not hear of it twice. `room` is how many letters the channel still takes in
    this while, None without a limit. If they are more they are one; `flooded` says that there
    was such a one in this while already: then they wait.

    >>> alerts = [Loose(id=n, key=str(n), change=n // 2, is_due=True, gathered=n > 3)
    ...           for n in range(8)]
    >>> [[alert.id for alert in bundle.alerts] for bundle in bundles(alerts)]
    [[0, 1], [2, 3], [4, 5, 6, 7]]
    >>> [len(bundle.alerts) for bundle in bundles(alerts, room=1)]
    [8]
    """
    changes: dict[int, list[Loose]] = {}
    for alert in loose:
        changes.setdefault(alert.change, []).append(alert)
    alone: list[list[Loose]] = []
    gathered: list[list[Loose]] = []
    for alerts in changes.values():
        due = [alert for alert in alerts if alert.is_due]
        if due:
            (gathered if all(alert.gathered for alert in due) else alone).append(alerts)
    if room is None or len(alone) <= room:
        return (*(Bundle(tuple(alerts)) for alerts in alone), *_together(gathered))
    return tuple(_together(gathered) if flooded else _together([*alone, *gathered], is_flood=True))


def _together(changes: Sequence[Sequence[Loose]], *, is_flood: bool = False) -> Iterator[Bundle]:
    for start in range(0, len(changes), MOST_TOGETHER):
        part = changes[start : start + MOST_TOGETHER]
        yield Bundle(tuple(alert for alerts in part for alert in alerts), is_flood)
