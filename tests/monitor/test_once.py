"""One pass through all jobs: every step is tried, and every failure is a sentence."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import StoreError
from db.model import Article, TextBasis, TitleBasis
from db.store import Store
from db.telling import Watch
from db.visiting import Report, State
from feeds.publish import Published
from monitor.config import Config
from monitor.deliver import Delivered
from monitor.jobs import Jobs
from monitor.once import once
from monitor.placing import place_all
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


def talks(title: str, number: int = 1) -> Article:
    """Return an article of a site."""
    return Article(
        url=f"https://news.example/{number}",
        source="belta",
        title=title,
        title_basis=TitleBasis.PAGE,
        text=f"The {title} of the day.",
        text_basis=TextBasis.PAGE,
    )


def passed(jobs: Scripted) -> tuple[str, ...]:
    """Do a pass and return its complaints."""
    return once(jobs, names=None, force=False, progress=lambda _event: None).complaints


def test_all_steps_are_done_in_order_and_nothing_is_said() -> None:
    """A pass in which all is well has no complaints."""
    jobs = Scripted()
    assert passed(jobs) == ()
    assert jobs.done == ["visit", "tell", "match", "deliver", "publish"]


def test_what_could_not_be_put_into_stories_is_told() -> None:
    """Alerts went out; what is missing is said."""
    (said,) = passed(Scripted(match_is=Matched(changes=1, alerts=1, is_unplaced=True)))
    assert said.startswith("stories: what is new could not be put into stories")


def test_a_text_that_cannot_be_placed_does_not_stop_the_watches(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, what is new is matched all the same, and the next pass tries again."""
    config = Config(var=tmp_path, watches=(Watch(name="all", query="talks", channels=("desk",)),))
    with Store.open(config.database) as store:
        store.record(talks("Talks begin"), NOW)
        place_all(store, NOW)
        with closing(sqlite3.connect(config.database)) as connection, connection:
            connection.execute("UPDATE story_member SET keys = x'00'")
        store.record(talks("Talks go on"), NOW)
        store.record(talks("Talks elsewhere", number=2), NOW)
    jobs = Jobs.of(config, lambda: NOW, threading.Event())
    matched = jobs.match()
    assert (matched.alerts, matched.failed, matched.is_unplaced) == (2, (), True)
    assert "event=failed step=stories" in caplog.text
    with closing(sqlite3.connect(config.database)) as connection, connection:
        connection.execute("UPDATE story_member SET keys = NULL")
    assert not jobs.match().is_unplaced
    with Store.open(config.database) as store:
        assert store.unplaced(10) is None


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
