"""Alerts that wait for quiet hours which the config no longer has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from db.model import Stored
from db.telling import Waiting, Watch
from monitor.freeing import free
from monitor.grounds import held
from monitor.rates import QUIET, RESTED, Due, Terms

NOW = datetime(2025, 12, 20, 23, tzinfo=UTC)
MORNING = datetime(2025, 12, 21, 7, tzinfo=UTC)
NIGHT = Terms(quiet=(time(22), time(7)))
WATCH = Watch(name="fires", query="fire", channels=("desk",))


@dataclass
class Desk:
    """Alerts that wait; keeps which were hastened."""

    alerts: list[Waiting]
    hastened: dict[int, tuple[datetime, str]] = field(default_factory=dict)

    def waiting(self, now: datetime) -> tuple[Stored[Waiting], ...]:
        """Return all of them."""
        assert now == NOW
        return tuple(Stored(number, one) for number, one in enumerate(self.alerts))

    def hasten(self, alert_id: int, until: datetime, held: str) -> bool:
        """Keep it."""
        self.hastened[alert_id] = (until, held)
        return True


def waiting(why: str = QUIET, watch: str = "fires", channel: str = "desk") -> Waiting:
    """Return an alert that was made half an hour ago and waits until the morning."""
    said = held(Due(MORNING, gathered=True, why=why))
    made = NOW - timedelta(minutes=30)
    return Waiting(watch=watch, channel=channel, made=made, until=MORNING, held=said)


def test_what_waits_for_hours_that_are_gone_falls_due_and_says_so() -> None:
    """Its own reason and its channel decide, whether its watch is still there or not."""
    desk = Desk([waiting(), waiting(watch="gone"), waiting(RESTED), waiting(channel="gone")])
    assert free(desk, [WATCH], {"desk": Terms()}, NOW) == 2
    said = "It waited until 20 December 2025, 23:00 UTC: until then the channel was to be quiet."
    assert desk.hastened == {0: (NOW, said), 1: (NOW, said)}


def test_hours_that_are_as_they_were_hold_what_they_held() -> None:
    """Nothing is hastened, and nothing where nothing waits."""
    desk = Desk([waiting()])
    assert free(desk, [WATCH], {"desk": NIGHT}, NOW) == 0
    assert free(Desk([]), [WATCH], {"desk": NIGHT}, NOW) == 0
    assert desk.hastened == {}
