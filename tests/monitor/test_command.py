"""The command as a process of its own is the command that the other tests call in theirs."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.cli import COMMANDS

if TYPE_CHECKING:
    from conftest import Desk

DOCUMENT = next((Path(__file__).parent.parent / "documents").glob("002*"))
WATCH = '[watch.all]\nquery = "CSTO"\nchannels = []\n'
# A line of each command that says something, ends, and changes nothing the next one reads.
LINES = {
    "init": ("init",),
    "check": ("check",),
    "run": ("run", "--source", "nobody"),
    "serve": ("serve", "--port", "x"),
    "probe": ("probe", "ftp://news.example/"),
    "import": ("import", "-", "--as", "belta", "--dry-run"),
    "items": ("items", "--json"),
    "search": ("search", "CSTO"),
    "watch": ("watch", "show", "all"),
    "stories": ("stories", "list"),
    "status": ("status",),
    "sources": ("sources", "list"),
    "reparse": ("reparse", "belta"),
    "export": ("export", "--warc", "/proc/x.warc.gz"),
    "alerts": ("alerts", "list"),
    "notices": ("notices", "list"),
    "channels": ("channels", "test", "nobody"),
    "demo": ("demo", "--keep", "/proc/x"),
}


def test_each_command_has_its_line() -> None:
    """A command added to the program is run as a process here, or this fails."""
    assert list(LINES) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_process_ends_and_says_what_a_call_does(desk: Desk, name: str) -> None:
    """Exit code, results and complaints are the same to the byte; so is the log."""
    desk.write(WATCH)
    assert desk.dateline("import", str(DOCUMENT), "--as", "belta").returncode == 0
    ways = [way(*LINES[name], given=DOCUMENT.read_bytes()) for way in (desk.process, desk.dateline)]
    process, call = ways
    assert (process.returncode, process.stdout) == (call.returncode, call.stdout)
    assert process.stderr == call.stderr
    assert process.stdout + process.stderr


def test_a_call_leaves_the_tests_as_they_were(desk: Desk) -> None:
    """Folder, environment, streams and log are those of before, whatever became of the call."""

    def around() -> tuple[object, ...]:
        numbers = tuple(os.fstat(number).st_ino for number in range(3))
        streams = (sys.stdin, sys.stdout, sys.stderr)
        return Path.cwd(), dict(os.environ), numbers, streams, logging.getLogger().handlers[:]

    before, threads = around(), set(threading.enumerate())
    assert desk.dateline("check", DATELINE_CONFIG="nowhere.toml").returncode == 2
    assert desk.dateline("--verbose", "check").returncode == 0
    assert around() == before
    assert set(threading.enumerate()) <= threads
