"""One pass through all jobs: every step is tried, and every failure is a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import StoreError
from db.visiting import Report, State
from feeds.publish import Published
from monitor.deliver import Delivered
from monitor.once import once
from monitor.round import RoundResult
from monitor.watch import Matched

if TYPE_CHECKING:
    import pytest

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
    """What can still be done is done; a failure is told by its step's name, and only once."""
    broken = StoreError("the disk is full; make room")
    jobs = Scripted(broken, broken, broken, StoreError("another one"), broken)
    assert passed(jobs) == ("round: the disk is full; make room", "feeds: another one")
    assert jobs.done == ["visit", "tell", "match", "deliver", "publish"]


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


def test_feeds_that_fail_alike_are_one_complaint() -> None:
    """A full disk is said once, with the names of all feeds that it hit."""
    failed = (("all", "disk full"), ("watch-a", "query"), ("source-b", "disk full"))
    said = passed(Scripted(publish_is=Published(failed=failed)))
    assert [line.split(";")[0] for line in said] == [
        "feed all, source-b: disk full",
        "feed watch-a: query",
    ]


def test_a_complaint_says_what_happened_where_and_when_it_is_tried_again() -> None:
    """Plain reasons, the host, the next try; a missing page points at the config."""
    lost = Report(
        source="belta",
        started=NOW,
        finished=NOW,
        state=State.UNREACHABLE,
        reason="no DNS answer for eng.belta.by",
    )
    gone = Report(
        source="tass",
        started=NOW,
        finished=NOW,
        state=State.ERRORING,
        reason="the page is gone (404): https://tass.com/x",
    )
    due = {"belta": NOW, "tass": NOW}
    said = passed(Scripted(RoundResult(reports=(lost, gone), next_at=due)))
    assert said == (
        (
            "belta: cannot be reached: no DNS answer for eng.belta.by; "
            "retried at 09:00 UTC; if it stays, check the address"
        ),
        (
            "tass: the page is gone (404): https://tass.com/x; "
            "retried at 09:00 UTC; check urls in [source.tass]"
        ),
    )


def test_an_error_nobody_foresaw_stops_no_other_step(caplog: pytest.LogCaptureFixture) -> None:
    """Each step is a job border: the log has the traceback once, the complaint a sentence."""
    jobs = Scripted(match_is=OSError(5, "Input/output error"), publish_is=ValueError("odd"))
    said = passed(jobs)
    assert jobs.done == ["visit", "tell", "match", "deliver", "publish"]
    assert said == (
        "watches: OSError: [Errno 5] Input/output error; the log says where",
        "feeds: ValueError: odd; the log says where",
    )
    logged = [(record.getMessage(), bool(record.exc_info)) for record in caplog.records]
    assert logged == [("event=failed step=watches", True), ("event=failed step=feeds", True)]
