"""A round in its child process: what it finds, and how it and its parts end."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from db.store import Store
from db.visiting import Report, State
from monitor.child import child_environment
from monitor.config import Config, FetchSettings
from monitor.newsroom.faults import Hang, Reset, Status
from monitor.round import run_round
from spiders.registry import default_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.newsroom.faults import Fault
    from monitor.newsroom.room import Newsroom
    from monitor.newsroom.wire import Answer
    from monitor.order import (
        Progress,
    )

KINDS = ("secretariat", "belta", "tass", "openkg")


@pytest.fixture
def config(newsroom: Newsroom, tmp_path: Path) -> Config:
    """Return a config whose sources are the press room's four sites."""
    sources = []
    for kind, base in newsroom.addresses.items():
        given = default_source(kind)
        urls = tuple(base + urlsplit(url).path for url in given.urls)
        sources.append(replace(given, urls=urls))
    hosts = frozenset(urlsplit(base).netloc for base in newsroom.addresses.values())
    fetch = FetchSettings(delay=timedelta(0), deadline=timedelta(seconds=100), allow=hosts)
    return Config(var=tmp_path, sources=tuple(sources), fetch=fetch)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """Open the store of that config."""
    with Store.open(config.database) as opened:
        yield opened


def _by_source(reports: tuple[Report, ...]) -> dict[str, Report]:
    return {report.source: report for report in reports}


def _listed(newsroom: Newsroom, store: Store, sites: tuple[str, ...] = KINDS) -> set[str]:
    """Return the addresses that are published and listed but not stored."""
    stored = {change.value.article.url for change in store.changes(1000)}
    hidden = {"000"}  # only the sitemap leads there
    return {
        str(row.url)
        for row in newsroom.published()
        if row.site in sites and row.key not in hidden and row.url not in stored
    }


def test_three_rounds_find_exactly_what_is_new(
    newsroom: Newsroom, config: Config, store: Store
) -> None:
    """All that is out, then all that is new, then conditional requests, as far as lists can be."""
    events: list[Progress] = []
    first = run_round(config, store, progress=events.append)
    assert {report.state for report in first.reports} == {State.OK}, first.reports
    assert first.is_fine
    assert not _listed(newsroom, store)
    assert {event.source for event in events if event.report} == set(KINDS)
    new = newsroom.publish(2)
    second = run_round(config, store, force=True)
    assert sum(report.new for report in second.reports) == len(new)
    assert not _listed(newsroom, store)
    newsroom.forget_requests()
    third = run_round(config, store, force=True)
    assert {report.state for report in third.reports} == {State.UNCHANGED}
    asked = [one for one in newsroom.requests() if one.method == "GET"]
    assert all(one.is_conditional and one.status == 304 for one in asked)
    assert len(asked) == 4
    # A list that never showed an item has no baseline: no feed of its host stands for it.
    assert [one.path for one in newsroom.requests() if one.method == "POST"] == [
        "/userApi/categoryNewsList"
    ]


def test_nothing_is_started_when_nothing_is_due(
    newsroom: Newsroom, config: Config, store: Store
) -> None:
    """A source that was just visited is left alone, and so are those not named."""
    run_round(config, store, names=("belta",))
    newsroom.forget_requests()
    result = run_round(config, store, names=("belta",))
    assert (result.reports, result.busy) == ((), False)
    assert not newsroom.requests()
    assert store.statuses()[0].next_at > datetime.now(UTC)


def test_trouble_at_one_source_leaves_the_others_alone(
    newsroom: Newsroom, config: Config, store: Store
) -> None:
    """One hangs while the three others end: one answers 500, the other two have everything."""
    newsroom.misbehave("tass", Hang())
    newsroom.misbehave("openkg", Status(500))
    ended: list[str] = []

    def end_the_silence(event: Progress) -> None:
        if event.report:
            ended.append(event.source)
        if len(ended) == 3:
            newsroom.misbehave("tass", Reset())
            newsroom.release("tass")

    result = run_round(config, store, progress=end_the_silence)
    assert ended[3:] == ["tass"]
    reports = _by_source(result.reports)
    assert reports["tass"].state is State.UNREACHABLE
    assert reports["openkg"].state is State.ERRORING
    assert reports["belta"].state is reports["secretariat"].state is State.OK
    assert not result.is_fine
    assert not _listed(newsroom, store, ("belta", "secretariat"))


def test_a_host_that_asked_for_a_pause_is_left_alone_in_the_next_round_too(
    newsroom: Newsroom, config: Config, store: Store
) -> None:
    """What one source learned of its host holds for another source on it, rounds later."""
    belta = next(source for source in config.sources if source.name == "belta")
    twin = replace(belta, name="twin", urls=(belta.urls[0] + "?twin",))
    config = replace(config, sources=(belta, twin))
    newsroom.misbehave("belta", Status(503, "3600"), path="/all_news/")
    run_round(config, store, names=("belta",))
    newsroom.behave()
    newsroom.forget_requests()
    (report,) = run_round(config, store, names=("twin",)).reports
    assert report.state is State.LATER
    assert not newsroom.requests()
    assert all(
        status.next_at > datetime.now(UTC) + timedelta(minutes=59) for status in store.statuses()
    )


def _children() -> list[int]:
    """Return the processes this one has started."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(word) for word in (task / "children").read_text().split()]
    return found


@dataclass(frozen=True, slots=True)
class SignalTheVisitor:
    """A site that does something to the process that visits it."""

    signal: signal.Signals

    def spoil(self, answer: Answer) -> Answer:
        """Send the signal to every child of ours, then answer."""
        for child in _children():
            os.kill(child, self.signal)
        return answer


@dataclass(frozen=True, slots=True)
class Both:
    """A site that does two things at once."""

    first: Fault
    second: Fault

    def spoil(self, answer: Answer) -> Answer:
        """Do one after the other."""
        return self.second.spoil(self.first.spoil(answer))


@dataclass(slots=True)
class Hourglass:
    """Seconds that stand still until an hour passes at once."""

    seconds: float = 0.0

    def spoil(self, answer: Answer) -> Answer:
        """Let the hour pass while somebody waits for this answer."""
        self.seconds += 3600
        return answer


def test_a_child_that_stands_still_is_killed_at_the_deadline(
    newsroom: Newsroom, config: Config, store: Store
) -> None:
    """The round ends when its time is up, with a report that says why."""
    glass = Hourglass()
    newsroom.misbehave("belta", Both(SignalTheVisitor(signal.SIGSTOP), glass), path="/all_news/")
    result = run_round(config, store, names=("belta",), tick=lambda: glass.seconds)
    (report,) = result.reports
    assert (report.state, report.reason) == (State.KILLED, "the round's deadline passed")
    assert not _children()


def test_a_source_that_kills_its_visitor_is_found_and_the_others_are_visited(
    newsroom: Newsroom, config: Config, store: Store
) -> None:
    """After a child died, the sources left are visited one by one; only the culprit is lost."""
    newsroom.misbehave("tass", SignalTheVisitor(signal.SIGKILL))
    reports = _by_source(run_round(config, store, names=("belta", "tass")).reports)
    assert (reports["tass"].state, reports["tass"].reason) == (
        State.KILLED,
        "ended by signal SIGKILL",
    )
    assert reports["belta"].state in {State.OK, State.UNCHANGED}
    assert not _listed(newsroom, store, ("belta",))
    newsroom.behave()
    assert run_round(config, store, names=("tass",), force=True).reports[0].state is State.OK
    assert not _listed(newsroom, store, ("belta", "tass"))


def test_a_child_that_cannot_even_begin_is_accounted_for(config: Config, store: Store) -> None:
    """Under a memory cap that nothing fits in, each source still has a report with a reason."""
    config = replace(config, fetch=replace(config.fetch, memory_mb=16))
    (report,) = run_round(config, store, names=("belta",)).reports
    assert report.state is State.KILLED
    assert report.reason == "the round's process failed with code 1; the log says why"


def test_a_round_can_be_stopped(newsroom: Newsroom, config: Config, store: Store) -> None:
    """Asked to stop, it ends though a site hangs, keeps what it has, and blames no source."""
    newsroom.misbehave("tass", Hang())
    stop = threading.Event()

    def on_first_report(event: Progress) -> None:
        if event.report:
            stop.set()

    # Its time stands still: what ends it is not the deadline.
    result = run_round(config, store, progress=on_first_report, stop=stop, tick=lambda: 0.0)
    assert result.reports
    assert "tass" in result.stopped
    assert {*_by_source(result.reports), *result.stopped} == set(KINDS)
    assert {report.state for report in result.reports} <= {State.OK}
    status = next(status for status in store.statuses() if status.name == "tass")
    assert (status.report, status.strikes) == (None, 0)
    newsroom.behave()
    newsroom.release("tass")
    again = run_round(config, store)
    assert {report.source for report in again.reports} >= {"tass"}
    assert again.is_fine


def test_a_child_that_is_stopped_as_it_begins_alarms_nobody(
    config: Config, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """It knows no manners yet and dies of the signal; that is the end that was asked for."""
    stop = threading.Event()
    stop.set()
    caplog.set_level(logging.INFO, logger="dateline")
    result = run_round(config, store, names=("belta", "tass"), stop=stop, tick=lambda: 0.0)
    assert (result.reports, set(result.stopped)) == ((), {"belta", "tass"})
    assert [record.message for record in caplog.records] == []


def test_a_child_that_does_not_stop_is_killed(
    newsroom: Newsroom, config: Config, store: Store
) -> None:
    """Asked to stop, a child has a few seconds for its last words, and no more."""
    glass = Hourglass()
    stop = threading.Event()

    class StopNow:
        def spoil(self, answer: Answer) -> Answer:
            stop.set()
            return answer

    newsroom.misbehave("belta", Both(SignalTheVisitor(signal.SIGSTOP), StopNow()))

    def tick() -> float:
        # Less than a deadline passes, and it does only after the round was asked to stop.
        glass.seconds += 1 if stop.is_set() else 0
        return glass.seconds

    result = run_round(config, store, names=("belta",), stop=stop, tick=tick)
    assert (result.reports, result.stopped) == ((), ("belta",))
    assert store.statuses()[0].strikes == 0
    assert glass.seconds < config.fetch.deadline.total_seconds()
    assert not _children()


PARENT = """
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from db.store import Store
from monitor.config import Config, FetchSettings, NoticeSettings
from monitor.round import run_round
from spiders.registry import default_source
var, base = Path(sys.argv[1]), sys.argv[2]
source = replace(default_source("belta"), urls=(base + "/all_news/",))
host = base.removeprefix("http://")
fetch = FetchSettings(delay=timedelta(0), allow=frozenset({host}))
with Store.open(var / "dateline.db") as store:
    config = Config(var=var, sources=(source,), fetch=fetch)
    result = run_round(config, store, progress=lambda event: print(event.source, flush=True))
    print(result, flush=True)
"""


def test_a_killed_parent_leaves_nothing_in_the_way(newsroom: Newsroom, tmp_path: Path) -> None:
    """Its child ends with it, the lock and the leases are free, the next round has it all."""
    base = newsroom.addresses["belta"]
    command = [sys.executable, "-c", PARENT, str(tmp_path), base]
    environment = child_environment(os.environ)
    newsroom.misbehave("belta", Hang(), path="/society/*")
    first = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert newsroom.wait_for(lambda log: any("/view/" in asked.path for asked in log), 30)
    first.kill()
    first.communicate()
    newsroom.behave()
    with Store.open(tmp_path / "dateline.db") as store:
        source = replace(default_source("belta"), urls=(base + "/all_news/",))
        allow = frozenset({base.removeprefix("http://")})
        fetch = FetchSettings(delay=timedelta(0), allow=allow)
        config = Config(var=tmp_path, sources=(source,), fetch=fetch)
        result = run_round(config, store)
        assert not result.busy
        assert result.reports[0].state is State.OK
        assert not _listed(newsroom, store, ("belta",))


def test_two_rounds_do_not_run_at_once(config: Config, store: Store, newsroom: Newsroom) -> None:
    """While one runs, another says so and does nothing."""
    newsroom.misbehave("belta", Hang())
    stop, running = threading.Event(), []

    def other() -> None:
        with Store.open(config.database) as own:
            running.append(run_round(config, own, names=("belta",), stop=stop))

    thread = threading.Thread(target=other)
    thread.start()
    assert newsroom.wait_for(bool, 30)
    result = run_round(config, store)
    assert (result.busy, result.reports) == (True, ())
    stop.set()
    thread.join()
    assert not running[0].busy


def test_a_renamed_source_goes_on_under_its_new_name(
    newsroom: Newsroom, config: Config, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Its first round under that name is no baseline: what is new then is news; one line says so."""
    tass = next(source for source in config.sources if source.kind == "tass")
    run_round(replace(config, sources=(tass,)), store)
    new = [row for row in newsroom.publish(2) if row.site == "tass"]
    with caplog.at_level(logging.INFO, logger="dateline.round"):
        run_round(replace(config, sources=(replace(tass, name="wire"),)), store, force=True)
    assert caplog.messages.count("event=renamed source=wire before=tass") == 1
    waiting = {stored.value.article.url for stored in store.unmatched(100)}
    assert new
    assert waiting >= {str(row.url) for row in new if not row.edits}
    assert [status.name for status in store.statuses()] == ["wire"]
