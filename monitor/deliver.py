"""Due alerts and notices -> letters -> their channel -> settled, at least once.

A letter is claimed by itself, with a lease, just before it is sent: a process that dies holds up
one letter per channel, until the lease ends, and whoever then finds it sends it with the same key.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from db.errors import DeliveryError, StoreError
from db.telling import Attempt, AttemptOutcome, Closed
from monitor.patience import answers_since_settled, closed, next_attempt, refused, undelivered
from monitor.rates import Terms, quiet_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from db.model import Stored
    from db.telling import Flood, Letter, Notice
    from monitor.channels.protocol import Channel
    from monitor.message import Message

LOG: Final = logging.getLogger("dateline.deliver")
LEASE: Final = timedelta(minutes=5)
"""Longer than any channel's own deadline: nobody else takes what is still being sent."""
# An error nobody foresaw is ours, not the receiver's: waiting three days would not mend it.
_TRIES_OF_THE_UNFORESEEN: Final = 5
# A channel that fails so often in a row is left alone until the next pass: a dead receiver holds
# a pass up by so many time-outs, not by the queue's length in them. Each letter's own wait stays.
_PATIENCE: Final = 3
# How soon, in seconds, a letter is found that falls due while another channel is slow.
_LOOK_AGAIN: Final = 0.5


class Outbox(Protocol):
    """What is needed of the store."""

    def due_channels(self, now: datetime) -> tuple[str, ...]:
        """Return the channels for which something may be due."""
        ...

    def closed_channels(self) -> tuple[Closed, ...]:
        """Return the channels whose receivers want nothing any more."""
        ...

    def pack(self, channel: str, now: datetime, flood: Flood | None = None) -> int:
        """Make letters of the alerts that are due; return how many."""
        ...

    def claim_letters(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        channel: str | None = None,
        limit: int = 20,
    ) -> tuple[Stored[Letter], ...]:
        """Take letters that are due for a while."""
        ...

    def attempts(self, letter_id: int) -> tuple[Attempt, ...]:
        """Return the tries to deliver a letter, oldest first."""
        ...

    def settle(
        self,
        letter_id: int,
        attempt: Attempt,
        *,
        owner: str,
        notices: Sequence[tuple[Notice, Sequence[str]]] = (),
        closed: Closed | None = None,
    ) -> bool:
        """Record a try and what follows from it; False if the lease is no longer ours."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """What a courier must know of a channel beside how to send.

    `target` is a digest of where it leads. `others` are the channels that are told of it if it
    fails for good.
    """

    terms: Terms = field(default_factory=Terms)
    target: str = ""
    others: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Takes what is due to where it should go.

    `owner` names this courier among all processes: no two may share it. `spread` gives a number
    in [0, 1) for each try. When `stopping` turns true, what is being sent is finished and nothing
    more is claimed. Channels without a `receiver` are told at once; of their failures, and so of
    channels that the config has no more, the `owners` channels are told.
    """

    store: Outbox
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    owner: str
    spread: Callable[[], float]
    render: Callable[[Letter], Message]
    stopping: Callable[[], bool] = lambda: False
    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    owners: tuple[str, ...] = ()

    def receiver(self, name: str) -> Receiver:
        """Return what is known of a channel."""
        return self.receivers.get(name) or Receiver(others=self.owners)

    async def deliver_due(self) -> Delivered:
        """Send what is due, each channel in a task of its own, so that none waits for another.

        While one channel is slow, what becomes due for the others goes out as it does. An error
        of the store ends its channel's turn; it is raised when the others have ended theirs.
        """
        running: dict[asyncio.Task[_Turn], str] = {}
        resting: set[str] = set()
        turns: list[_Turn] = []
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
                if error or turns[-1].is_over:
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
        now = self.clock()
        try:
            shut = {closed.channel: closed.target for closed in self.store.closed_channels()}
            return [
                name
                for name in self.store.due_channels(now)
                if name not in busy
                and quiet_until(self.receiver(name).terms, now) is None
                and shut.get(name) != self.receiver(name).target
            ]
        except StoreError as error:
            errors.append(error)
            return []


@dataclass(slots=True)
class _Turn:
    """One channel's part of a pass. `channel` is None if the config no longer has it.

    `is_over` says that the channel has no other turn in this pass: it is down or closed, we are
    stopping, or there was nothing to do.
    """

    courier: Courier
    name: str
    channel: Channel | None
    outcomes: list[str] = field(default_factory=list)
    is_over: bool = True

    async def run(self) -> _Turn:
        """Send one letter after the other until none is due or the channel seems to be down."""
        courier = self.courier
        failures = 0
        while failures < _PATIENCE and not courier.stopping() and not self._is_quiet():
            claimed = courier.store.claim_letters(
                courier.clock(), owner=courier.owner, lease=LEASE, channel=self.name, limit=1
            )
            if not claimed:
                terms = courier.receiver(self.name).terms
                if courier.store.pack(self.name, courier.clock(), terms.flood):
                    continue
                self.is_over = not self.outcomes
                break
            (stored,) = claimed
            tried = await self._try(stored)
            kept = courier.store.settle(
                stored.id,
                tried.attempt,
                owner=courier.owner,
                notices=self._notices(stored.value, tried),
                closed=self._closed(tried),
            )
            self.outcomes.append(tried.attempt.outcome.value if kept else "late")
            self._log(stored.value, tried.attempt, self.outcomes[-1])
            if tried.is_gone:
                break
            failures = failures + 1 if tried.channel_failed else 0
        return self

    def _is_quiet(self) -> bool:
        """Tell whether the channel's quiet hours have begun, be it since the last letter."""
        courier = self.courier
        return quiet_until(courier.receiver(self.name).terms, courier.clock()) is not None

    async def _try(self, stored: Stored[Letter]) -> _Tried:
        """Send one letter."""
        letter = stored.value
        answers = answers_since_settled(self.courier.store.attempts(stored.id))
        tries = len(answers) + 1
        if self.channel is None:
            # Not dead at once: a channel may be away from the config for a day, by mistake too.
            return self._failed(f"no channel {self.name} in the config", tries)
        try:
            rendered = await _aside(self.courier.render, letter)
            answer = await self.channel.send(rendered, letter.key, earlier=answers)
        except DeliveryError as error:
            return self._judged(error, tries)
        except Exception as error:  # the job border of one letter
            LOG.exception("key=%s channel=%s", letter.key, self.name)
            answer = f"cannot be sent: {type(error).__name__}"
            if tries >= _TRIES_OF_THE_UNFORESEEN:
                return self._dead(answer)
            return self._failed(answer, tries)
        return self._sent(answer)

    def _judged(self, error: DeliveryError, tries: int) -> _Tried:
        """Return what follows from an error of the channel."""
        if error.partly:
            return self._sent(error.answer, is_partial=True)
        if error.permanent:
            return self._dead(error.answer, is_gone=error.gone)
        return self._failed(error.answer, tries, retry_after=error.retry_after, channel_failed=True)

    def _sent(self, answer: str, *, is_partial: bool = False) -> _Tried:
        attempt = Attempt(at=self.courier.clock(), outcome=AttemptOutcome.SENT, answer=answer)
        return _Tried(attempt, is_partial=is_partial)

    def _failed(
        self,
        answer: str,
        tries: int,
        *,
        retry_after: float | None = None,
        channel_failed: bool = False,
    ) -> _Tried:
        now = self.courier.clock()
        again = next_attempt(tries, now, retry_after=retry_after, spread=self.courier.spread())
        if again is None:
            given_up = self._dead(f"given up after {tries} tries: {answer}")
            return replace(given_up, channel_failed=channel_failed)
        attempt = Attempt(at=now, outcome=AttemptOutcome.RETRY, answer=answer, next_at=again)
        return _Tried(attempt, channel_failed=channel_failed)

    def _dead(self, answer: str, *, is_gone: bool = False) -> _Tried:
        attempt = Attempt(at=self.courier.clock(), outcome=AttemptOutcome.DEAD, answer=answer)
        return _Tried(attempt, is_gone=is_gone)

    def _notices(self, letter: Letter, tried: _Tried) -> list[tuple[Notice, Sequence[str]]]:
        """Return what the owner is told, and through which other channels.

        Of a refusal by some, those who take the channel's mails are told if there is no other.
        """
        attempt, others = tried.attempt, self.courier.receiver(self.name).others
        if tried.is_partial:
            notice, others = refused(letter, attempt.answer, attempt.at), others or (self.name,)
        elif attempt.outcome is AttemptOutcome.DEAD:
            tell = closed if tried.is_gone else undelivered
            notice = tell(letter, attempt.answer, attempt.at)
        else:
            return []
        return [(notice, others)] if notice else []

    def _closed(self, tried: _Tried) -> Closed | None:
        if not tried.is_gone:
            return None
        LOG.error("event=closed channel=%s answer=%s", self.name, json.dumps(tried.attempt.answer))
        return Closed(
            channel=self.name,
            target=self.courier.receiver(self.name).target,
            since=tried.attempt.at,
            reason=tried.attempt.answer,
        )

    def _log(self, letter: Letter, attempt: Attempt, outcome: str) -> None:
        LOG.info(
            "key=%s about=%s channel=%s outcome=%s next=%s answer=%s",
            letter.key,
            json.dumps(letter.about, ensure_ascii=False),
            self.name,
            outcome,
            attempt.next_at.isoformat(timespec="seconds") if attempt.next_at else "-",
            json.dumps(attempt.answer, ensure_ascii=False),
        )


async def _aside(render: Callable[[Letter], Message], letter: Letter) -> Message:
    """Put a letter into words in a thread: those of strangers may take half a second to compare.

    A process that is ending gives no more threads; then it is done here, for that is no fault of
    the letter.
    """
    try:
        rendered = asyncio.get_running_loop().run_in_executor(None, render, letter)
    except RuntimeError:
        return render(letter)
    return await rendered


@dataclass(frozen=True, slots=True)
class _Tried:
    """How a try ended; whether the channel, rather than the letter, is ill; whether it is gone.

    `is_partial` says that some of the recipients have refused it for good.
    """

    attempt: Attempt
    channel_failed: bool = False
    is_gone: bool = False
    is_partial: bool = False
