"""Deliveries: the schedule, dead letters, and that no alert or channel holds up another."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from db.errors import DeliveryError, StoreError
from db.store import Store
from db.telling import AlertState
from monitor import letter, message
from monitor.channels.mail import Mail
from monitor.deliver import Courier, Delivered
from monitor.newsroom.inbox import Mailbox
from monitor.patience import SCHEDULE
from tests.monitor.courier import NOW, Spy, mail_to, queue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.telling import AlertRecord, Letter


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the moment it stands at."""
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    with Store.open(tmp_path / "dateline.db") as opened:
        yield opened


def deliver(store: Store, *channels: Any, clock: Clock | None = None, **changes: Any) -> Delivered:
    """Run one pass."""
    fields: dict[str, Any] = {
        "store": store,
        "channels": {channel.name: channel for channel in channels},
        "clock": clock or Clock(),
        "owner": "test",
        "spread": lambda: 0.0,
        "render": letter.render,
    }
    return asyncio.run(Courier(**(fields | changes)).deliver_due())


def next_due(store: Store) -> datetime | None:
    """Return when the next alert that nobody holds is due."""
    waiting = store.alerts(state=AlertState.DUE, limit=2000)
    return min((stored.value.next_at for stored in waiting if stored.value.next_at), default=None)


def records(store: Store) -> list[AlertRecord]:
    """Return all alerts with their tries, oldest first."""
    return [stored.value for stored in reversed(store.alerts(limit=5000))]


def later(*, permanent: bool = False, after: float | None = None) -> DeliveryError:
    """Return the error of a message that was not taken."""
    return DeliveryError("503 busy", permanent=permanent, retry_after=after)


def test_what_is_due_is_sent_once(store: Store) -> None:
    """Every due alert goes out, is settled with the answer, and is not sent again."""
    queue(store, 3)
    spy = Spy()
    assert deliver(store, spy) == Delivered(sent=3)
    assert deliver(store, spy) == Delivered()
    found = records(store)
    assert spy.sent == [record.alert.key for record in found]
    assert {(record.state, record.attempts[0].answer) for record in found} == {("sent", "200 OK")}


def test_a_receiver_that_is_down_is_tried_by_the_schedule_and_given_up(store: Store) -> None:
    """R-05: ten tries over 76 hours, then a dead letter that says why."""
    queue(store, 1)
    clock, spy = Clock(), Spy(failing=later())
    gaps = []
    while (due := next_due(store)) is not None:
        gaps.append(due - clock.now)
        clock.now = due
        deliver(store, spy, clock=clock)
    assert gaps == list(SCHEDULE)
    assert clock.now - NOW == timedelta(hours=75, minutes=35, seconds=5)
    (record,) = records(store)
    assert record.state is AlertState.DEAD
    assert record.attempts[-1].answer == "given up after 10 tries: 503 busy"
    assert len(set(spy.tried)) == 1


def test_sent_again_by_hand_it_starts_afresh_under_the_same_key(store: Store) -> None:
    """A dead letter that is resent has the whole schedule before it, and its old key."""
    queue(store, 1)
    spy = Spy(failing=later(permanent=True))
    assert deliver(store, spy) == Delivered(dead=1)
    store.resend(store.alerts()[0].id, NOW)
    spy.failing = later()
    assert deliver(store, spy) == Delivered(retried=1)
    assert next_due(store) == NOW + SCHEDULE[1]
    spy.failing = None
    assert deliver(store, spy, clock=Clock(NOW + SCHEDULE[1])) == Delivered(sent=1)
    assert len(set(spy.tried)) == 1


def test_the_receiver_s_wish_is_kept(store: Store) -> None:
    """R-05: Retry-After puts the next try off, up to 24 hours."""
    queue(store, 1)
    deliver(store, Spy(failing=later(after=3600.0)))
    assert next_due(store) == NOW + timedelta(hours=1)


def test_a_message_that_will_never_be_taken_is_dead_at_once(store: Store) -> None:
    """A judgement for good is not argued with."""
    queue(store, 1)
    assert deliver(store, Spy(failing=later(permanent=True))) == Delivered(dead=1)
    assert next_due(store) is None


def test_a_row_that_cannot_be_rendered_stops_nobody(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """R-07: at the head of 1,000 good ones it is dead after 5 tries; the others go out at once."""
    queue(store, 1001)
    poison = records(store)[0].alert.key

    def render(told: Letter) -> message.Message:
        if told.key == poison:
            raise KeyError("a bug in rendering")
        return letter.render(told)

    clock, spy = Clock(), Spy()
    with caplog.at_level(logging.CRITICAL, logger="dateline.deliver"):
        assert deliver(store, spy, clock=clock, render=render) == Delivered(sent=1000, retried=1)
        while (due := next_due(store)) is not None:
            clock.now = due
            deliver(store, spy, clock=clock, render=render)
    bad = records(store)[0]
    assert (bad.state, len(bad.attempts)) == (AlertState.DEAD, 5)
    assert bad.attempts[-1].answer == "cannot be sent: KeyError"
    assert len(set(spy.sent)) == 1000


def test_a_dead_channel_delays_no_other(store: Store) -> None:
    """R-07: while one channel hangs, another has delivered everything."""
    queue(store, 20, "hanging", "desk")
    done = asyncio.Event()
    spy = Spy()

    class Hanging(Spy):
        async def send(self, *_: Any, **__: Any) -> str:
            await done.wait()
            assert len(spy.sent) == 20
            raise later()

    class Last(Spy):
        async def send(self, *args: Any, **how: Any) -> str:
            answer = await spy.send(*args, **how)
            if len(spy.sent) == 20:
                done.set()
            return answer

    assert deliver(store, Hanging(name="hanging"), Last()) == Delivered(sent=20, retried=3)


def test_what_falls_due_while_a_channel_hangs_goes_out(store: Store) -> None:
    """R-07: an alert queued during another channel's time-out does not wait for its end."""
    queue(store, 1, "hanging")
    done = asyncio.Event()

    class Hanging(Spy):
        async def send(self, *_: Any, **__: Any) -> str:
            queue(store, 1, first=1)
            await done.wait()
            return "200 OK"

    class Last(Spy):
        async def send(self, *_: Any, **__: Any) -> str:
            done.set()
            return "200 OK"

    assert deliver(store, Hanging(name="hanging"), Last()) == Delivered(sent=2)


def test_a_channel_that_is_down_costs_three_tries_a_pass(store: Store) -> None:
    """After three failures in a row the rest of the queue waits, untouched, for the next pass."""
    queue(store, 10)
    spy = Spy(failing=later())
    assert deliver(store, spy) == Delivered(retried=3)
    spy.failing = None
    assert deliver(store, spy) == Delivered(sent=7)
    assert deliver(store, spy, clock=Clock(NOW + SCHEDULE[1])) == Delivered(sent=3)


def test_a_channel_taken_from_the_config_is_waited_for(store: Store) -> None:
    """Its alerts are kept for the whole schedule; put back in time, it gets them."""
    queue(store, 5)
    assert deliver(store) == Delivered(retried=5)
    assert records(store)[0].attempts[0].answer == "no channel desk in the config"
    spy = Spy()
    assert deliver(store, spy, clock=Clock(NOW + SCHEDULE[1])) == Delivered(sent=5)


def test_a_mail_put_off_by_one_of_three_goes_to_that_one_alone(store: Store) -> None:
    """R-06: across tries, each recipient has the mail once."""
    queue(store, 1)
    with Mailbox() as mailbox:
        settings = mail_to(mailbox.port, "a@desk.example", "b@desk.example", "c@desk.example")
        clock = Clock()
        mailbox.script("RCPT", None, "450 greylisted", "550 nobody")
        assert deliver(store, Mail(settings, clock=clock)) == Delivered(retried=1)
        clock.now = NOW + SCHEDULE[1]
        # The second is the notice of who refused it.
        assert deliver(store, Mail(settings, clock=clock), clock=clock) == Delivered(sent=2)
        got = Counter(to for letter in mailbox.letters[:2] for to in letter.recipients)
    assert got == {"a@desk.example": 1, "b@desk.example": 1}
    assert "refused by c@desk.example" in records(store)[0].attempts[-1].answer


def test_a_letter_is_put_into_words_beside_the_loop_and_not_in_it(store: Store) -> None:
    """A hostile edit takes long to compare: what other channels send goes on meanwhile."""
    queue(store, 1)
    loops = []

    def watched(told: Letter) -> message.Message:
        with contextlib.suppress(RuntimeError):
            loops.append(asyncio.get_running_loop())
        return letter.render(told)

    assert deliver(store, Spy(), render=watched) == Delivered(sent=1)
    assert loops == []


def test_a_process_that_is_ending_sends_what_it_has_begun(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives no more threads, which is no fault of the letter."""

    def refuse(*_: object) -> None:
        raise RuntimeError("cannot schedule new futures after shutdown")

    monkeypatch.setattr(ThreadPoolExecutor, "submit", refuse)
    queue(store, 1)
    assert deliver(store, Spy()) == Delivered(sent=1)
    assert len(records(store)[0].attempts) == 1


def test_asked_to_stop_it_finishes_what_it_is_sending(store: Store) -> None:
    """R-04: nothing more is claimed, nothing is left half sent, the rest stays due."""
    queue(store, 5)
    spy = Spy()
    assert deliver(store, spy, stopping=lambda: len(spy.sent) == 2) == Delivered(sent=2)
    assert deliver(store, spy) == Delivered(sent=3)


def test_a_try_that_outlives_its_lease_is_told_apart(store: Store) -> None:
    """If somebody else has taken the alert meanwhile, the late answer is not written over theirs."""
    queue(store, 1)

    class Slow(Spy):
        async def send(self, *_: Any, **__: Any) -> str:
            tomorrow = NOW + timedelta(days=1)
            store.claim_letters(tomorrow, owner="other", lease=timedelta(hours=1))
            return "200 OK"

    assert deliver(store, Slow()) == Delivered(late=1)
    assert records(store)[0].attempts == ()


def test_an_error_of_the_store_ends_one_turn_and_is_raised(tmp_path: Path) -> None:
    """The other channels end their turns first; then the error goes up."""
    spy = Spy()

    class Closing(Spy):
        async def send(self, *_: Any, **__: Any) -> str:
            raise SystemError

    class Failing(Store):
        def settle(self, alert_id: int, *args: Any, **how: Any) -> bool:
            if spy.sent or alert_id != 1:
                return super().settle(alert_id, *args, **how)
            raise StoreError("disk full")

    with Failing.open(tmp_path / "dateline.db") as failing:
        queue(failing, 2, "broken", "desk")
        with pytest.raises(StoreError, match="disk full"):
            deliver(failing, Closing(name="broken"), spy)
    assert len(spy.sent) == 2


def test_a_store_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Not being able to look for alerts is an error, not an empty outbox."""

    class Unreadable(Store):
        def due_channels(self, now: datetime) -> tuple[str, ...]:
            raise StoreError(f"damaged at {now}")

    with (
        Unreadable.open(tmp_path / "dateline.db") as unreadable,
        pytest.raises(StoreError, match="damaged"),
    ):
        deliver(unreadable)


def test_each_delivery_is_one_line_of_log_without_line_breaks(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """One INFO line a delivery, key=value, whatever the other side said."""
    queue(store, 1)
    with caplog.at_level(logging.INFO, logger="dateline.deliver"):
        deliver(store, Spy(failing=DeliveryError('5\n"x"', permanent=True)))
    (line,) = [r.getMessage() for r in caplog.records if r.name == "dateline.deliver"]
    assert "channel=desk outcome=dead next=- answer=" in line
    assert "\n" not in line
