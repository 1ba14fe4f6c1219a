"""One channel's part of a pass: letter after letter is claimed, sent, and settled."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from db.errors import DeliveryError
from db.telling import Attempt, AttemptOutcome, Closed
from monitor.patience import answers_since_settled, closed, next_attempt, refused, undelivered
from monitor.rates import quiet_until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from db.model import Stored
    from db.telling import Letter, Notice
    from monitor.channels.protocol import Channel
    from monitor.deliver import Courier
    from monitor.message import Message

LOG: Final = logging.getLogger("dateline.deliver")
LEASE: Final = timedelta(minutes=5)
"""Longer than any channel's own deadline: nobody else takes what is still being sent."""
# An error nobody foresaw is ours, not the receiver's: waiting three days would not mend it.
_TRIES_OF_THE_UNFORESEEN: Final = 5
# A channel that fails so often in a row is left alone until the next pass: a dead receiver holds
# a pass up by so many time-outs, not by the queue's length in them. Each letter's own wait stays.
_PATIENCE: Final = 3


@dataclass(frozen=True, slots=True)
class _Tried:
    """How a try ended; whether the channel, rather than the letter, is ill; whether it is gone.

    `is_partial` says that some of the recipients have refused it for good.
    """

    attempt: Attempt
    channel_failed: bool = False
    is_gone: bool = False
    is_partial: bool = False


@dataclass(slots=True)
class Turn:
    """One channel's part of a pass. `channel` is None if the config no longer has it.

    `is_over` says that the channel has no other turn in this pass: it is down or closed, we are
    stopping, or there was nothing to do.
    """

    courier: Courier
    name: str
    channel: Channel | None
    outcomes: list[str] = field(default_factory=list)
    is_over: bool = True

    async def run(self) -> Turn:
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
