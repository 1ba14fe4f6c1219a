"""Due alerts and notices -> their channel -> settled, at least once; the key tells a repeat.

An alert is claimed by itself, with a lease, just before it is sent: a process that dies holds up
one alert per channel, until the lease ends, and whoever then finds it sends it with the same key.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from db.errors import DeliveryError, StoreError
from db.telling import Attempt, AttemptOutcome
from spiders.courtesy_wishes import LONGEST_WISH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from db.model import Stored
    from db.store import Store
    from db.telling import Letter
    from monitor.channels.protocol import Channel
    from monitor.message import Message

LOG: Final = logging.getLogger("dateline.deliver")
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
LEASE: Final = timedelta(minutes=5)
"""Longer than any channel's own deadline: nobody else takes what is still being sent."""
_JITTER: Final = 0.1
# An error nobody foresaw is ours, not the receiver's: waiting three days would not mend it.
_TRIES_OF_THE_UNFORESEEN: Final = 5
# A channel that fails so often in a row is left alone until the next pass: a dead receiver holds
# a pass up by so many time-outs, not by the queue's length in them. Each alert's own wait stays.
_PATIENCE: Final = 3
# How soon, in seconds, an alert is found that falls due while another channel is slow.
_LOOK_AGAIN: Final = 0.5


class Item(Protocol):
    """What is delivered: an alert, or a letter with a notice."""

    @property
    def key(self) -> str:
        """The permanent key."""
        ...

    @property
    def about(self) -> str:
        """The watch or the source it is about, for the log."""
        ...


T = TypeVar("T", bound=Item)


class Outbox(Protocol[T]):
    """What is needed of the store."""

    def due_channels(self, now: datetime) -> tuple[str, ...]:
        """Return the channels for which something is due."""
        ...

    def claim_alerts(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        channel: str | None = None,
        limit: int = 20,
    ) -> tuple[Stored[T], ...]:
        """Take what is due for a while."""
        ...

    def attempts(self, alert_id: int) -> tuple[Attempt, ...]:
        """Return the tries to deliver one of them, oldest first."""
        ...

    def settle(self, alert_id: int, attempt: Attempt, *, owner: str) -> bool:
        """Record a try; False if the lease is no longer ours."""
        ...


@dataclass(frozen=True, slots=True)
class Letters:
    """The store's letters as an outbox."""

    store: Store

    def due_channels(self, now: datetime) -> tuple[str, ...]:
        """Return the channels for which a letter is due."""
        return self.store.due_letters(now)

    def claim_alerts(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        channel: str | None = None,
        limit: int = 20,
    ) -> tuple[Stored[Letter], ...]:
        """Take due letters for a while."""
        return self.store.claim_letters(now, owner=owner, lease=lease, channel=channel, limit=limit)

    def attempts(self, alert_id: int) -> tuple[Attempt, ...]:
        """Return the tries to deliver a letter, oldest first."""
        return self.store.letter_attempts(alert_id)

    def settle(self, alert_id: int, attempt: Attempt, *, owner: str) -> bool:
        """Record a try; False if the lease is no longer ours."""
        return self.store.settle_letter(alert_id, attempt, owner=owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a pass came to. `late` counts tries that ended after their lease had."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    late: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            sent=self.sent + other.sent,
            retried=self.retried + other.retried,
            dead=self.dead + other.dead,
            late=self.late + other.late,
        )


def next_attempt(
    tries: int, now: datetime, *, retry_after: float | None = None, spread: float = 0.0
) -> datetime | None:
    """Return when to try again after `tries` tries have failed; None: never, a dead letter.

    `spread` in [0, 1) makes the wait up to a tenth longer, so that a receiver that comes back is
    not met by everything at once. `retry_after` (seconds) can only lengthen it, to 24 hours.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2025, 12, 19, 9, 0, tzinfo=UTC)
    >>> next_attempt(1, now), next_attempt(10, now)
    (datetime.datetime(2025, 12, 19, 9, 0, 5, tzinfo=datetime.timezone.utc), None)
    """
    if tries >= len(SCHEDULE):
        return None
    wait = SCHEDULE[tries] * (1 + _JITTER * spread)
    wish = min(timedelta(seconds=retry_after or 0), LONGEST_WISH)
    return now + max(wait, wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier(Generic[T]):
    """Takes what is due to where it should go.

    `owner` names this courier among all processes: no two may share it. `spread` gives a number
    in [0, 1) for each try. When `stopping` turns true, what is being sent is finished and nothing
    more is claimed.
    """

    store: Outbox[T]
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    owner: str
    spread: Callable[[], float]
    render: Callable[[T], Message]
    stopping: Callable[[], bool] = lambda: False

    async def deliver_due(self) -> Delivered:
        """Send what is due, each channel in a task of its own, so that none waits for another.

        While one channel is slow, what becomes due for the others goes out as it does. An error
        of the store ends its channel's turn; it is raised when the others have ended theirs.
        """
        running: dict[asyncio.Task[_Turn[T]], str] = {}
        resting: set[str] = set()
        turns: list[_Turn[T]] = []
        errors: list[BaseException] = []
        while True:
            for name in self._waiting({*running.values(), *resting}, errors):
                turn = _Turn(self, name, self.channels.get(name))
                running[asyncio.create_task(turn.run())] = name
            if not running:
                break
            done, _ = await asyncio.wait(
                running, timeout=_LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                name = running.pop(task)
                if error := task.exception():
                    errors.append(error)
                else:
                    turns.append(task.result())
                if error or not turns[-1].drained:
                    resting.add(name)
        if errors:
            raise errors[0]
        counts = Counter(outcome for turn in turns for outcome in turn.outcomes)
        return Delivered(
            sent=counts["sent"], retried=counts["retry"], dead=counts["dead"], late=counts["late"]
        )

    def _waiting(self, busy: set[str], errors: list[BaseException]) -> list[str]:
        """Return the channels to begin with now; after an error of the store, none."""
        if errors or self.stopping():
            return []
        try:
            return [name for name in self.store.due_channels(self.clock()) if name not in busy]
        except StoreError as error:
            errors.append(error)
            return []


@dataclass(slots=True)
class _Turn(Generic[T]):
    """One channel's part of a pass. `channel` is None if the config no longer has it.

    `drained` turns true when nothing more was due: else the channel is down, or we are stopping.
    """

    courier: Courier[T]
    name: str
    channel: Channel | None
    outcomes: list[str] = field(default_factory=list)
    drained: bool = False

    async def run(self) -> _Turn[T]:
        """Send one alert after the other until none is due or the channel seems to be down."""
        courier = self.courier
        failures = 0
        while failures < _PATIENCE and not courier.stopping():
            claimed = courier.store.claim_alerts(
                courier.clock(), owner=courier.owner, lease=LEASE, channel=self.name, limit=1
            )
            if not claimed:
                self.drained = True
                break
            (stored,) = claimed
            attempt, channel_failed = await self._try(stored)
            kept = courier.store.settle(stored.id, attempt, owner=courier.owner)
            self.outcomes.append(attempt.outcome.value if kept else "late")
            self._log(stored.value, attempt, self.outcomes[-1])
            failures = failures + 1 if channel_failed else 0
        return self

    async def _try(self, stored: Stored[T]) -> tuple[Attempt, bool]:
        """Send one alert; return how it went, and whether the channel rather than it is ill."""
        answers = _since_settled(self.courier.store.attempts(stored.id))
        tries = len(answers) + 1
        if self.channel is None:
            # Not dead at once: a channel may be away from the config for a day, by mistake too.
            return self._failed(f"no channel {self.name} in the config", tries), False
        try:
            rendered = self.courier.render(stored.value)
            answer = await self.channel.send(rendered, stored.value.key, earlier=answers)
        except DeliveryError as error:
            if error.permanent:
                return self._dead(error.answer), False
            return self._failed(error.answer, tries, retry_after=error.retry_after), True
        except Exception as error:  # the job border of one alert
            LOG.exception("key=%s channel=%s", stored.value.key, self.name)
            answer = f"cannot be sent: {type(error).__name__}"
            if tries >= _TRIES_OF_THE_UNFORESEEN:
                return self._dead(answer), False
            return self._failed(answer, tries), False
        return Attempt(at=self.courier.clock(), outcome=AttemptOutcome.SENT, answer=answer), False

    def _failed(self, answer: str, tries: int, *, retry_after: float | None = None) -> Attempt:
        now = self.courier.clock()
        again = next_attempt(tries, now, retry_after=retry_after, spread=self.courier.spread())
        if again is None:
            return self._dead(f"given up after {tries} tries: {answer}")
        return Attempt(at=now, outcome=AttemptOutcome.RETRY, answer=answer, next_at=again)

    def _dead(self, answer: str) -> Attempt:
        return Attempt(at=self.courier.clock(), outcome=AttemptOutcome.DEAD, answer=answer)

    def _log(self, item: T, attempt: Attempt, outcome: str) -> None:
        LOG.info(
            "key=%s about=%s channel=%s outcome=%s next=%s answer=%s",
            item.key,
            json.dumps(item.about, ensure_ascii=False),
            self.name,
            outcome,
            attempt.next_at.isoformat(timespec="seconds") if attempt.next_at else "-",
            json.dumps(attempt.answer, ensure_ascii=False),
        )


def _since_settled(attempts: Sequence[Attempt]) -> tuple[str, ...]:
    """Return the answers since the alert was last settled: sent again by hand, it starts afresh."""
    answers: list[str] = []
    for attempt in attempts:
        answers.append(attempt.answer)
        if attempt.outcome is not AttemptOutcome.RETRY:
            answers.clear()
    return tuple(answers)
