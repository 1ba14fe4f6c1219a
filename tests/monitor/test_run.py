"""What `dateline run` says and how it ends: stopped, on a terminal, with nothing to do."""

from __future__ import annotations

import logging
import os
import pty
import re
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from db.errors import StoreError
from monitor.confined import WorthALine
from monitor.newsroom.faults import Hang

if TYPE_CHECKING:
    from conftest import Desk


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_round_that_was_stopped_blames_no_source(
    desk: Desk, number: signal.Signals, code: int
) -> None:
    """Ctrl-C ends the visit, not the source's good name: no strike, no advice, due again."""
    desk.room.misbehave("tass", Hang())
    process = subprocess.Popen(
        desk.command("run"),
        cwd=desk.folder,
        env=desk.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    asked = desk.room.wait_for(lambda log: any("/politics" in one.path for one in log), 60)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert asked
    assert process.returncode == code
    assert said == b"Stopped; the rest is visited next round.\n"
    rows = {row["source"]: row for row in desk.objects("status")}
    assert (rows["tass"]["state"], rows["tass"]["strikes"]) == (None, 0)
    assert {row["advice"] for row in rows.values()} == {""}
    assert desk.dateline("status").returncode == 0


def test_feeds_that_cannot_be_written_stop_nothing_else(desk: Desk) -> None:
    """A file where the feeds belong: a sentence, exit code 1, and the round is done and told."""
    (desk.folder / "var").mkdir()
    (desk.folder / "var" / "feeds").write_text("in the way")
    ran = desk.dateline("run")
    said = ran.stderr.decode()
    assert ran.returncode == 1
    assert "feeds: " in said
    assert "cannot be written: File exists; make room" in said
    assert "Traceback" not in said
    assert len(desk.objects("items")) > 3


def on_a_terminal(desk: Desk, *arguments: str) -> str:
    """Return what `dateline` says to a terminal."""
    ours, theirs = pty.openpty()
    said = b""
    with subprocess.Popen(
        desk.command(*arguments), cwd=desk.folder, env=desk.environ(), stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        while True:
            try:
                said += os.read(ours, 4096)
            except OSError:  # Linux: the other side is closed
                break
    os.close(ours)
    return said.decode()


def test_somebody_at_a_terminal_is_told_why_nothing_happened(desk: Desk) -> None:
    """Nothing due, nothing new, another round: a line each, but none for cron."""
    desk.dateline("run", "--source", "belta")
    (row,) = [row for row in desk.objects("status") if row["source"] == "belta"]
    assert desk.dateline("run", "--source", "belta").stderr == b""
    next_at = row["next_visit"][11:16]
    said = on_a_terminal(desk, "run", "--source", "belta")
    assert f"Nothing due; next: belta {next_at} UTC (--now takes it at once)" in said
    assert "Nothing new: belta." in on_a_terminal(desk, "run", "--now", "--source", "belta")
    desk.room.misbehave("belta", Hang())
    running = threading.Thread(target=desk.process, args=("run", "--now", "--source", "belta"))
    desk.room.forget_requests()
    running.start()
    assert desk.room.wait_for(bool, 60)
    assert "Another round is running" in on_a_terminal(desk, "run")
    desk.room.behave()
    desk.room.release("belta")
    running.join()


def test_a_machine_that_is_offline_is_told_of_once(bare: Desk) -> None:
    """One line with the remedy: no second one from the log, no "Nothing new", no full bar."""
    hosts = ("one.invalid", "two.invalid")
    tables = (f'[source.{host[:3]}]\nkind = "feed"\nurls = ["https://{host}/"]' for host in hosts)
    (bare.folder / "dateline.toml").write_text("\n".join(tables))
    said = on_a_terminal(bare, "run")
    # The tests' own machine may have a way out, or none.
    (why,) = re.findall(r"this machine (.+); check this machine's network and its DNS", said)
    assert why in (
        "seems to be offline: none of 2 hosts could be found",
        "is offline: it is connected to no network",
    )
    assert said.count("offline") == 1
    assert "Nothing new" not in said
    assert "0/1" in said
    assert "1/1" not in said


@pytest.mark.parametrize("command", [("run",), ("run", "--json"), ("serve",)])
def test_a_state_folder_that_cannot_be_is_told_once(desk: Desk, command: tuple[str, ...]) -> None:
    """One line says where and what to do, not one for each job, and there is no traceback."""
    (desk.folder / "taken").write_text("a file")
    config = desk.folder / "dateline.toml"
    config.write_text('[dateline]\nvar = "taken/var"\n' + config.read_text())
    ran = desk.dateline(*command)
    assert (ran.returncode, ran.stdout) == (1, b"")
    (line,) = ran.stderr.decode().splitlines()
    assert "taken/var: Not a directory" in line
    assert "can be written" in line


def test_a_full_disk_below_the_output_is_told(desk: Desk) -> None:
    """What cannot be printed is no traceback; a reader that has gone is no error to tell."""
    command = " ".join(desk.command("check"))

    def shell(line: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["sh", "-c", f"{command} {line}"],
            cwd=desk.folder,
            env=desk.environ(),
            capture_output=True,
            check=False,
        )

    ran = shell("> /dev/full")
    assert ran.returncode == 1
    (line,) = ran.stderr.decode().splitlines()
    assert "the output: No space left on device" in line
    assert shell("| true").stderr == b""


def test_places_that_cannot_be_written_are_told(bare: Desk) -> None:
    """`init` and `demo --keep` name the place; a config that could not be written whole is none."""
    for arguments in (("init", "/proc/x.toml"), ("demo", "--keep", "/proc/x/y")):
        ran = bare.dateline(*arguments)
        assert ran.returncode == 1
        (line,) = ran.stderr.decode().splitlines()
        assert "/proc/x" in line
    ran = subprocess.run(
        ["sh", "-c", "ulimit -f 1; exec " + " ".join(bare.command("init"))],
        cwd=bare.folder,
        env=bare.environ(),
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, b"cannot be written: File too large" in ran.stderr) == (1, True)
    assert not (bare.folder / "dateline.toml").exists()


def test_what_the_store_refuses_is_one_line_of_a_visit() -> None:
    """A full disk refuses every item: one sentence, without the items' texts and tracebacks."""
    worth = WorthALine()

    def logged(error: Exception) -> str:
        told = (type(error), error, None)
        args = ("scrapy.core", logging.ERROR, "", 1, "Error processing %s", ("a long text",), told)
        record = logging.LogRecord(*args)
        return logging.Formatter().format(record) if worth.filter(record) else ""

    full = StoreError("dateline.db: disk is full: make room")
    assert logged(full) == "event=not_stored reason='dateline.db: disk is full: make room'"
    assert logged(full) == ""
    assert "ValueError: ours" in logged(ValueError("ours"))
