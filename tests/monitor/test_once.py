"""One pass through all jobs: every step is tried, and every failure is a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from db.errors import StoreError
from db.model import Report, State
from feeds.publish import Published
from monitor.deliver import Delivered
from monitor.once import once
from monitor.round import RoundResult
from monitor.watch import Matched

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass
class Scripted:
    """Jobs that come to what they are told to, or raise it."""

    visit_is: RoundResult | Exception = field(default_factory=RoundResult)
    match_is: Matched | Exception = field(default_factory=Matched)
    deliver_is: Delivered | Exception = field(default_factory=Delivered)
    publish_is: Published | Exception = field(default_factory=Published)
    tell_is: int | Exception = 0
    done: list[str] = field(default_factory=list)

    def visit(self, **_asked: object) -> RoundResult:
        """Do the round."""
        return self._do("visit", self.visit_is)

    def tell(self) -> int:
        """Make the notices."""
        return self._do("tell", self.tell_is)

    def match(self) -> Matched:
        """Do the matching."""
        return self._do("match", self.match_is)

    def deliver(self) -> Delivered:
        """Do the deliveries."""
        return self._do("deliver", self.deliver_is)

    def publish(self) -> Published:
        """Do the publishing."""
        return self._do("publish", self.publish_is)

    def _do(self, step, outcome):
        self.done.append(step)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def passed(jobs: Scripted) -> tuple[str, ...]:
    """Do a pass and return its complaints."""
    return once(jobs, names=None, force=False, progress=lambda _event: None).complaints


def test_all_steps_are_done_in_order_and_nothing_is_said() -> None:
    """A pass in which all is well has no complaints."""
    jobs = Scripted()
    assert passed(jobs) == ()
    assert jobs.done == ["visit", "tell", "match", "deliver", "publish"]


def test_a_step_that_fails_stops_no_other() -> None:
    """What can still be done is done; each failure is told by its step's name."""
    broken = StoreError("the disk is full; make room")
    jobs = Scripted(broken, broken, broken, broken, broken)
    assert passed(jobs) == (
        "round: the disk is full; make room",
        "notices: the disk is full; make room",
        "watches: the disk is full; make room",
        "deliveries: the disk is full; make room",
        "feeds: the disk is full; make room",
    )


def test_nothing_is_done_beside_another_round() -> None:
    """Two rounds at once would only be in each other's way."""
    jobs = Scripted(RoundResult(busy=True))
    outcome = once(jobs, names=None, force=False, progress=lambda _event: None)
    assert (outcome.is_busy, outcome.complaints, jobs.done) == (True, (), ["visit"])


def test_every_failure_within_a_step_is_told() -> None:
    """An ill source, a change, an alert and a feed that failed each say what to do."""
    ill = Report(source="tass", started=NOW, finished=NOW, state=State.BLOCKED, reason="captcha")
    well = Report(source="belta", started=NOW, finished=NOW, state=State.LATER)
    said = passed(
        Scripted(
            RoundResult(reports=(ill, well)),
            Matched(changes=2, failed=(7,)),
            Delivered(retried=2, dead=1),
            Published(written=(Path("all.xml"),), failed=(("watch-a", "OSError: full"),)),
        )
    )
    assert [line.split(":")[0] for line in said] == [
        "tass",
        "watches",
        "deliveries",
        "deliveries",
        "feed watch-a",
    ]
    assert "captcha" in said[0]
