"""The daemon as a process: it works by itself, ends when told, and survives what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.lock import holder, only_one
from monitor.newsroom.faults import Hang
from monitor.schedule import Clocks, Daemon, Health
from monitor.standing import Standing
from tests.monitor.daemon import serving

if TYPE_CHECKING:
    from conftest import Desk

DOCUMENTS = Path(__file__).parent.parent / "documents"
SOURCE = '[source.belta]\nkind = "belta"\nurls = ["https://eng.belta.by/all_news/"]\n'
ANYWHERE = '[serve]\nbind = "127.0.0.1:0"\n'


def test_the_daemon_visits_publishes_serves_and_ends(desk: Desk) -> None:
    """Left alone it does rounds again and again, serves the feeds, and ends at once with 0."""
    desk.write(ANYWHERE, every="1s")
    with serving(desk) as daemon:
        daemon.until(lambda: bool(daemon.titles()))
        assert daemon.get("/healthz")[0] == 200
        new = {item.title for item in desk.room.publish(2)}
        daemon.until(lambda: not new.isdisjoint(daemon.titles()))
        refused = desk.dateline("serve")
        assert (refused.returncode, b"another dateline serve" in refused.stderr) == (1, True)
        assert daemon.end() == 0
    assert "event=stopped" in daemon.log[-1]
    assert not any("Traceback" in line for line in daemon.log)


def test_it_ends_while_a_site_hangs(desk: Desk) -> None:
    """A round under way is given up within seconds; what it has found stays stored."""
    desk.write(ANYWHERE)
    desk.room.misbehave("tass", Hang())
    with serving(desk) as daemon:
        daemon.wait_for("source=belta state=ok")
        assert daemon.end(signal.SIGINT) == 0
    assert desk.objects("items", "--source", "belta")


def test_it_ends_while_a_receiver_hangs(desk: Desk) -> None:
    """A delivery that nobody answers is left behind: its alert stays due, under its lease."""
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        desk.write(
            f'{ANYWHERE}[watch.all]\nquery = "CSTO"\nchannels = ["hook"]\n[channel.hook]\n'
            f'kind = "webhook"\nurl = "http://127.0.0.1:{receiver.getsockname()[1]}/"\n'
        )
        hosts = f'allow = ["127.0.0.1:{receiver.getsockname()[1]}", '
        config = desk.folder / "dateline.toml"
        config.write_text(config.read_text().replace("allow = [", hosts))
        document = str(next(DOCUMENTS.glob("002*")))
        assert desk.dateline("import", document, "--as", "belta", "--alert").returncode == 0
        with serving(desk) as daemon:
            receiver.settimeout(60)
            connection, _ = receiver.accept()
            with connection:
                assert daemon.end() == 0
    assert any("event=left_behind jobs=deliver" in line for line in daemon.log)
    (alert,) = desk.objects("alerts", "list")
    assert (alert["state"], alert["attempts"]) == ("due", [])


def test_a_damaged_store_is_told_without_a_traceback(desk: Desk) -> None:
    """What the store itself can say is a sentence in the log, again with each tick."""
    desk.write(ANYWHERE)
    with serving(desk) as daemon:
        daemon.until(lambda: bool(daemon.titles()))
        for path in (desk.folder / "var").glob("dateline.db*"):
            path.unlink()
        (desk.folder / "var" / "dateline.db").write_bytes(b"no database " * 999)
        daemon.wait_for("event=failed job=match reason=")
        assert daemon.end() == 0
    assert not any("Traceback" in line for line in daemon.log)


def test_a_job_that_fails_is_told_and_tried_again(desk: Desk) -> None:
    """A broken feed folder makes the daemon unwell, not dead; once mended it is well again."""
    desk.write(ANYWHERE)
    (desk.folder / "var").mkdir()
    (desk.folder / "var" / "feeds").write_text("in the way")
    with serving(desk) as daemon:
        daemon.wait_for("event=failed job=publish")
        daemon.wait_for("File exists")
        status, body = daemon.get("/healthz")
        assert (status, json.loads(body)["jobs"]["publish"]) == (503, "failing")
        (desk.folder / "var" / "feeds").unlink()
        daemon.wait_for("logger=dateline.feeds written=")
        daemon.wait_for("event=mended job=publish")
        assert daemon.end() == 0
    assert sum("event=failed job=publish" in line for line in daemon.log) == 1


def test_a_feed_that_cannot_be_written_is_told_once(desk: Desk) -> None:
    """The job fails and says so, not at each tick; the others are published."""
    desk.write(ANYWHERE)
    (desk.folder / "var" / "feeds" / "source-belta.xml").mkdir(parents=True)
    with serving(desk) as daemon:
        daemon.wait_for("feed source-belta: ")
        daemon.until(lambda: bool(daemon.titles()))
        told = json.loads(daemon.get("/healthz")[1])
        assert told["jobs"]["publish"] == "failing"
        assert set(told["sources"]) == {"belta", "openkg", "secretariat", "tass"}
        assert daemon.end() == 0
    assert sum("source-belta: " in line for line in daemon.log) == 1


def test_what_is_added_to_the_config_counts_without_a_restart(desk: Desk) -> None:
    """A watch added while the daemon runs tells of what comes from then on, and has its feed."""
    hook = '[channel.hook]\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\n'
    desk.write(f"{ANYWHERE}{hook}", every="1s", allow=("127.0.0.1:9",))
    with serving(desk) as daemon:
        daemon.until(lambda: bool(daemon.titles()))
        query = "source:belta OR source:tass"
        added = desk.dateline("watch", "add", "all", query, "--channel", "hook", "--yes")
        assert added.returncode == 0
        assert b"now if serve is running" in added.stderr
        daemon.wait_for("event=config_read sources=4 watches=1 channels=1")
        daemon.until(lambda: daemon.get("/feeds/watch-all.xml")[0] == 200)
        desk.room.publish(4)
        daemon.until(lambda: bool(desk.objects("alerts", "list")))
        assert daemon.end() == 0
    assert {alert["watch"] for alert in desk.objects("alerts", "list")} == {"all"}


def test_an_address_in_use_is_said_plainly(desk: Desk) -> None:
    """The daemon does not begin to work if it cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        desk.write(f'[serve]\nbind = "127.0.0.1:{taken.getsockname()[1]}"\n')
        ran = desk.dateline("serve")
    assert ran.returncode == 1
    assert b"cannot listen at 127.0.0.1:" in ran.stderr
    assert desk.room.requests() == ()


def test_time_that_does_not_simply_pass_is_noticed_once() -> None:
    """A clock set anew and a process that stood still are told; a clock that drifts is not."""
    wall, steady = [1000.0], [50.0]
    clocks = Clocks(lambda: wall[0], lambda: steady[0])

    def after(by_wall: float, by_steady: float) -> str:
        wall[0] += by_wall
        steady[0] += by_steady
        return clocks.look()

    assert after(11, 10) == ""
    assert after(-7199, 1) == "clock_set seconds=-7199"
    assert after(1, 1) == ""
    assert after(3 * 86400, 1) == "clock_set seconds=259199"
    assert after(600, 600) == "stood_still seconds=600"
    assert after(1, 1) == ""


def test_health_names_what_fails_and_what_never_ends() -> None:
    """A job that runs beyond its limit is stuck, whatever its last run was."""
    health = Health()
    assert set(health.report().values()) == {"ok"}
    health.begin("match", 60)
    health.begin("round", 60)
    assert set(health.report().values()) == {"ok"}
    health.begin("round", -1)
    health.judge("publish", "failing")
    assert health.report() == {
        "round": "stuck",
        "match": "ok",
        "tell": "ok",
        "deliver": "ok",
        "publish": "failing",
    }
    assert health.left(0) == ("match", "round")
    health.end("match")
    assert health.left(0) == ("round",)
    health.end("round")
    assert health.left(0) == ()


class Limits(Health):
    """Remembers how long each job that ran might last."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[float] = []

    def begin(self, name: str, limit: float) -> None:
        """Note the limit."""
        super().begin(name, limit)
        self.given.append(limit)


def test_a_job_is_stuck_by_the_deadline_it_runs_under(tmp_path: Path) -> None:
    """A config that gives rounds more time while the daemon runs calls none of them stuck."""
    path = tmp_path / "dateline.toml"
    health = Limits()
    path.write_text(f'[fetch]\ndeadline = "5m"\n{SOURCE}')
    daemon = Daemon(Standing(path), health)
    path.write_text(f'[fetch]\ndeadline = "120m"\n{SOURCE}')
    long_ago = time.time() - 100
    os.utime(path, (long_ago, long_ago))
    deadlines: list[float] = []
    run = daemon._timed(  # noqa: SLF001 - otherwise they tick by themselves
        "round", lambda jobs: deadlines.append(jobs.config.fetch.deadline.total_seconds())
    )
    run()
    assert deadlines == [7200]
    assert health.given == [360, 7260]
    assert health.left(0) == ()


def test_a_lock_is_held_by_one_and_freed_at_the_end(tmp_path: Path) -> None:
    """The second is told at once, and who holds it; afterwards it is free."""
    path = tmp_path / "var" / "serve.lock"
    assert holder(path) == "unknown"
    with only_one(path) as first, only_one(path) as second:
        assert (first is None, second is None) == (False, True)
        assert holder(path) == str(os.getpid())
    with only_one(path) as third:
        assert third is not None


def test_a_lock_that_is_freed_in_time_is_had_by_the_patient(tmp_path: Path) -> None:
    """Whoever may wait tries again; a child that was passed the lock holds it until it ends."""
    path = tmp_path / "round.lock"
    with only_one(path) as first:
        assert first is not None
        child = subprocess.Popen(["sleep", "60"], pass_fds=(first,))
    with only_one(path, patience=(0.01, 0.01)) as second:
        assert second is None
    child.kill()
    child.wait()
    with only_one(path, patience=(0.1,) * 50) as third:
        assert third is not None
