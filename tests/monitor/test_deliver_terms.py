"""Deliveries where a receiver is gone, sleeps, or is flooded, and who hears of letters given up."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from db.errors import DeliveryError
from db.store import Store
from db.telling import Flood
from monitor.deliver import Delivered, Receiver
from monitor.rates import Terms
from tests.monitor.courier import Desk, Spy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.message import Message

HOUR = timedelta(hours=1)


@pytest.fixture
def post(tmp_path: Path) -> Desk:
    """Return a desk without alerts."""
    return Desk(tmp_path / "dateline.db")


def never() -> DeliveryError:
    """Return the error of a message that will never be taken."""
    return DeliveryError("503 busy", permanent=True)


def test_410_closes_the_channel_and_its_owner_hears_once_elsewhere(post: Desk) -> None:
    """R-05: what comes for it waits, untouched, until it leads elsewhere or is opened again."""
    post.queue(3, "hook")
    gone = DeliveryError("410 Gone", permanent=True, gone=True)
    hook, desk = Spy(name="hook", failing=gone), Spy()
    both = {"hook": hook, "desk": desk}
    shut = {"hook": Receiver(target="here", others=("desk",))}
    assert post.deliver(both, receivers=shut) == Delivered(dead=1, sent=1)
    assert post.deliver(both, receivers=shut) == Delivered()
    assert (len(hook.tried), len(desk.sent)) == (1, 1)
    with Store.open(post.path) as store:
        (closed,) = store.closed_channels()
        assert (closed.channel, closed.target, closed.reason) == ("hook", "here", "410 Gone")
    hook.failing = None
    moved = {"hook": Receiver(target="there", others=("desk",))}
    assert post.deliver(both, receivers=moved) == Delivered(sent=2)
    with Store.open(post.path) as store:
        store.resend(1, post.now)
    assert post.deliver(both, receivers=shut) == Delivered()
    with Store.open(post.path) as store:
        assert store.open_channel("hook")
    assert post.deliver(both, receivers=shut) == Delivered(sent=1)
    assert len(desk.sent) == 1


def test_dead_letters_are_told_once_a_day_elsewhere(post: Desk) -> None:
    """R-05: with the first one given up; its notice, given up too, tells nobody."""
    post.queue(3, "hook")
    both = {"hook": Spy(name="hook", failing=never()), "desk": Spy(failing=never())}
    told = {"hook": Receiver(others=("desk",)), "desk": Receiver(others=("hook",))}
    assert post.deliver(both, receivers=told) == Delivered(dead=4)
    assert post.notices() == ["undelivered"]
    with Store.open(post.path) as store:
        (notice,) = store.notices()
        assert (notice.value.source, notice.value.reason) == ("channel hook", "503 busy")
        store.resend_dead(post.now)
    post.now += 24 * HOUR
    assert post.deliver(both, receivers=told) == Delivered(dead=4)
    assert post.notices() == ["undelivered"] * 2


def some() -> DeliveryError:
    """Return the error of a message that one of two recipients took."""
    return DeliveryError("taken by a; refused by b; 550 no", permanent=True, partly=True)


@pytest.mark.parametrize("others", [(), ("mail",)])
def test_a_recipient_that_refuses_for_good_is_told_of_once_a_day(
    post: Desk, others: tuple[str, ...]
) -> None:
    """R-06: the letter counts as sent, and its notice tells of no other, be it refused as well."""
    post.queue(2, "desk")
    desk, mail = Spy(failing=some()), Spy(name="mail", failing=some())
    told = {"desk": Receiver(others=others), "mail": Receiver(others=("desk",))}
    assert post.deliver({"desk": desk, "mail": mail}, receivers=told) == Delivered(sent=3)
    with Store.open(post.path) as store:
        (notice,) = store.notices()
    assert (notice.value.source, notice.value.kind) == ("channel desk", "refused")
    assert notice.value.reason == "taken by a; refused by b; 550 no"
    assert (mail if others else desk).tried[-1] == notice.value.key
    post.queue(1, "desk")
    assert post.deliver({"desk": desk, "mail": mail}, receivers=told) == Delivered(sent=1)
    post.now += 24 * HOUR
    post.queue(1, "desk")
    assert post.deliver({"desk": desk, "mail": mail}, receivers=told) == Delivered(sent=2)
    assert post.notices() == ["refused"] * 2


def test_of_a_channel_that_left_the_config_its_owner_hears(post: Desk) -> None:
    """Renamed or removed: what was for it is given up in the end, and told through another."""
    post.queue(1, "renamed")
    mail = Spy(name="mail")
    post.until_settled({"mail": mail}, receivers={"mail": Receiver()}, owners=("mail",))
    post.deliver({"mail": mail}, receivers={"mail": Receiver()}, owners=("mail",))
    with Store.open(post.path) as store:
        (notice,) = store.notices()
    assert notice.value.source == "channel renamed"
    assert "no channel renamed in the config" in notice.value.reason
    assert mail.sent == [notice.value.key]


def test_in_quiet_hours_nothing_is_sent_at_all(post: Desk) -> None:
    """Not what is due, not a repeat; other channels are not concerned."""
    post.queue(2, "desk", "hook")
    night = {"desk": Receiver(terms=Terms(quiet=(time(9), time(10))))}
    desk, hook = Spy(), Spy(name="hook")
    assert post.deliver({"desk": desk, "hook": hook}, receivers=night) == Delivered(sent=2)
    assert desk.tried == []
    post.now += HOUR
    assert post.deliver({"desk": desk}, receivers=night) == Delivered(sent=2)


def test_quiet_hours_stop_a_turn_that_has_begun(post: Desk) -> None:
    """What would go out in them waits for their end, although its turn began before."""

    class Slow(Spy):
        async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
            post.now += HOUR / 4
            return await super().send(message, key, earlier=earlier)

    post.queue(6, "desk")
    night = {"desk": Receiver(terms=Terms(quiet=(time(9, 30), time(10))))}
    slow = Slow()
    assert post.deliver({"desk": slow}, receivers=night) == Delivered(sent=2)
    post.now += HOUR
    assert post.deliver({"desk": slow}, receivers=night) == Delivered(sent=4)


def test_a_flood_becomes_one_digest_that_has_it_all(post: Desk) -> None:
    """At once; a few more go by themselves; a second flood waits and holds up no pass."""
    post.queue(20, "desk")
    terms = {"desk": Receiver(terms=Terms(flood=Flood(most=5, within=HOUR)))}
    spy = Spy()
    assert post.deliver({"desk": spy}, receivers=terms) == Delivered(sent=1)
    assert {record.together for record in post.records()} == {20}
    post.now += HOUR / 4
    post.queue(1, "desk")
    assert post.deliver({"desk": spy}, receivers=terms) == Delivered(sent=1)
    post.queue(20, "desk")
    assert post.deliver({"desk": spy}, receivers=terms) == Delivered()
    post.now += HOUR
    assert post.deliver({"desk": spy}, receivers=terms) == Delivered(sent=1)
    assert len(set(spy.sent)) == 3
