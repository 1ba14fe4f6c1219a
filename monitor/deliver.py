"""Due alerts and notices -> letters -> their channel -> settled, at least once.

A letter is claimed by itself, with a lease, just before it is sent: a process that dies holds up
one letter per channel, until the lease ends, and whoever then finds it sends it with the same key.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from db.errors import StoreError
from monitor.rates import Terms, quiet_until
from monitor.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from db.model import Stored
    from db.telling import Attempt, Closed, Flood, Letter, Notice
    from monitor.channels.protocol import Channel
    from monitor.message import Message

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
        running: dict[asyncio.Task[Turn], str] = {}
        resting: set[str] = set()
        turns: list[Turn] = []
        errors: list[BaseException] = []
        while True:
            for name in self._waiting({*running.values(), *resting}, errors):
                turn = Turn(self, name, self.channels.get(name))
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
