"""Whatever a stranger writes, a terminal is not steered and a line of the log stays one line."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store import Store
from db.visiting import Report, Source, State
from feeds.publish import Published
from monitor import advice, log
from monitor.once import once
from monitor.round import RoundResult
from monitor.terminal import escaped, json_escaped, printable

if TYPE_CHECKING:
    from conftest import Desk

    from monitor.jobs import Jobs

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
EVIL = "\x1b]0;PWNED\x07\x9b2J\u202e\r\n2026-11-21T09:00:00Z level=ERROR forged"
STEERS = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae")


@dataclass
class Evil:
    """Jobs whose results repeat what a stranger said."""

    visit_is: RoundResult
    said: list[str] = field(default_factory=list)

    def visit(self, **_asked: object) -> RoundResult:
        """Come back with the stranger's report."""
        return self.visit_is

    def tell(self) -> int:
        """Tell of nothing."""
        return 0

    def match(self) -> None:
        """Fail with the stranger's words."""
        raise ValueError(EVIL)

    def deliver(self) -> None:
        """Do nothing."""

    def publish(self) -> Published:
        """Fail for one feed, with the stranger's words."""
        return Published(failed=((EVIL, EVIL),))


def ill(source: str = "tass", state: State = State.ERRORING) -> Report:
    """Return the report of a visit whose reason a stranger wrote."""
    return Report(source=source, started=NOW, finished=NOW, state=state, reason=EVIL)


@given(st.text())
def test_what_is_printed_is_printable(text: str) -> None:
    """For people, logs and machines alike; a machine gets the text back unchanged."""
    assert printable(text).isprintable()
    assert escaped(text).isprintable()
    document = json_escaped(json.dumps([text], ensure_ascii=False))
    assert document.isprintable()
    assert json.loads(document) == [text]


def test_complaints_are_one_line_that_steers_nothing() -> None:
    """A reason, an error nobody foresaw and a feed's failure are all made harmless."""
    jobs: Jobs = Evil(RoundResult(reports=(ill(),)))  # type: ignore[assignment]
    outcome = once(jobs, names=None, force=False, progress=lambda _event: None)
    assert len(outcome.complaints) == 3
    assert all("PWNED" in line and line.isprintable() for line in outcome.complaints)
    assert advice.complaint(ill(), None).isprintable()


def test_status_prints_no_stranger_s_commands(desk: Desk) -> None:
    """Tables, sentences and JSON: the window keeps its name."""
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        store.register((Source(name="tass", kind="tass", urls=("https://tass.com/",)),), NOW)
        store.finish(ill(), next_at=NOW)
    for arguments in (("status",), ("status", "--json")):
        ran = desk.dateline(*arguments)
        assert b"PWNED" in ran.stdout
        assert not STEERS.search(ran.stdout + ran.stderr)
    (row,) = [row for row in desk.objects("status") if row["source"] == "tass"]
    assert row["reason"] == EVIL


def test_messages_about_what_was_typed_steer_nothing(desk: Desk) -> None:
    """A config, an option or a file's name may have been copied from a stranger's page."""
    (desk.folder / "dateline.toml").write_text('[source."a\\u001b]0;x\\u0007"]\nkind = "\\u001b"\n')
    for arguments in (("check",), ("run", "--source", EVIL), ("items", f"({EVIL}"), (EVIL,)):
        ran = desk.dateline(*arguments)
        assert ran.returncode == 2
        assert not STEERS.search(ran.stdout + ran.stderr), arguments


def test_import_and_items_steer_nothing(bare: Desk) -> None:
    """A page's words, its file's name and what is doubtful in it come from strangers."""
    page = (
        "<html><head><title>T \u202e&#155;2J</title></head><body>"
        "<h1>PWNED \u202e&#155;2J&#27;]0;</h1><p>Some words \u202e of a text.</p></body></html>"
    )
    name = "\x1b]0;x\x07.html"
    (bare.folder / name).write_text(page)
    for arguments in (
        ("import", name, "--as", "tass", "--dry-run"),
        ("import", name, "--as", "tass", "--dry-run", "--json"),
        ("import", name + "\x1b.none", "--as", "tass"),
        ("import", name, "--as", "tass"),
        ("items",),
        ("items", "--json"),
    ):
        ran = bare.dateline(*arguments)
        assert ran.stdout + ran.stderr
        assert not STEERS.search(ran.stdout + ran.stderr), arguments


FORGED = "\x1b]0;owned\x07\x9b2J\u202e\u2066\u2028\x7f\r\nStored 99 new, 0 already known.\n"
TITLE = "".join(f"&#{ord(char)};" for char in FORGED)
WORDS = "\u202e\u2066\u2028\nStored 99 new, 0 already known.\n" * 9
FILES = {  # by name; what is no page of TASS is refused or doubted
    "page": f"<html><title>{TITLE}</title><h1>{TITLE}</h1><article><p>Words {TITLE} of a text.",
    "linked": f"<html><link rel=canonical href='https://tass.com/w/1{TITLE}'><h1>{TITLE}</h1><p>{TITLE}",
    "dated": f"<html><h1>20.12.2025</h1><p>{TITLE}",
    "plain": WORDS,
    "empty": " ",
    "bare": f"<html><p>{TITLE}",
    "binary": FORGED,
}
REFUSED = ("empty", "binary", "missing")
DOUBTED = ("page", "linked", "dated", "plain", "bare")
TAKE_BACK = " If not, take it back: dateline items remove "


def lines_of(said: bytes) -> list[str]:
    """Return what was said as the lines that a terminal shows, each printable and ours."""
    lines = said.decode().split("\n")[:-1]
    assert all(line.isprintable() for line in lines), lines
    assert not any(line.startswith("Stored 99") for line in lines), lines
    return lines


def test_nothing_that_import_prints_steers_or_is_forged(bare: Desk) -> None:
    """Whatever files are called and hold, each line is printable and says what it should."""
    for name, content in FILES.items():
        (bare.folder / (name + FORGED)).write_text(content)
    names = [name + FORGED for name in (*FILES, "missing")]
    ran = bare.dateline("import", *names, "--as", "tass", "--dry-run", "--json")
    items = [json.loads(line) for line in lines_of(ran.stdout)]
    assert ran.stdout.count(b"\n") == len(items) > 1
    told = lines_of(ran.stderr)
    assert told.pop() == "Dry run: nothing stored."
    for line, name in zip(told, (*REFUSED, *DOUBTED), strict=True):
        assert line.startswith(name)
    ran = bare.dateline("import", *names, "--as", "tass", "--alert")
    assert len(lines_of(ran.stdout)) == 1 + len(items)
    *again, stored, outlook = lines_of(ran.stderr)
    assert [line.partition(TAKE_BACK)[0] for line in again] == told
    assert [TAKE_BACK in line for line in again] == [False] * len(REFUSED) + [True] * len(DOUBTED)
    assert stored.startswith("Stored ")
    assert outlook.startswith("--alert ")


@pytest.mark.parametrize(
    "options",
    [
        ("--as", FORGED),
        ("--as", "tass", "--seen", FORGED),
        ("--as", "tass", "--url", FORGED),
        ("--as", "tass", f"--{FORGED}"),
    ],
)
def test_a_refusal_of_import_is_one_line_whatever_was_typed(
    bare: Desk, options: tuple[str, ...]
) -> None:
    """A word that a shell made of a file's name forges no line, though the message repeats it."""
    usage, *others = lines_of(bare.dateline("import", "page", *options).stderr)
    assert usage.startswith("Usage: dateline import ")
    assert [line[:5] for line in others] == ["Try '", "", "Error"]


def test_a_log_line_stays_one_line_and_a_traceback_cannot_forge_one() -> None:
    """What is not a traceback is one line; a traceback's own lines are indented."""
    program = (
        "import logging, sys\nfrom monitor import log\nlog.start('INFO')\n"
        "said = sys.argv[1]\nerror = logging.getLogger('dateline.test').error\n"
        "error('event=odd reason=%s', said)\n"
        "try:\n    raise ValueError(said)\n"
        "except ValueError:\n    logging.getLogger('dateline.test').exception('event=failed')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, EVIL], capture_output=True, check=True, timeout=60
    )
    assert not STEERS.search(ran.stderr)
    lines = ran.stderr.decode().splitlines()
    stamped = [line for line in lines if re.match(r"\S", line)]
    assert len(stamped) == 2
    assert all("logger=dateline.test event=" in line for line in stamped)
    assert any(line.startswith("  ValueError: ") for line in lines)


def test_a_warning_that_a_library_prints_is_a_line_of_the_log(tmp_path) -> None:
    """Python's own warnings may quote a page too."""
    formatter = log.Line()
    record = logging.LogRecord("py.warnings", logging.WARNING, str(tmp_path), 1, EVIL, (), None)
    assert formatter.format(record).isprintable()
