"""`dateline notices`: what was told of the sources, and once more."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from db.store import Store
from db.telling import Attempt, AttemptOutcome, Notice, NoticeKind, Standing
from db.visiting import Report, Source, State
from monitor.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
CONFIG = """[dateline]
var = "var"
[source.tass]
kind = "tass"
urls = ["https://tass.example/world"]
"""


def run(folder: Path, *arguments: str) -> str:
    """Run the command in this process; return what it printed."""
    given = ["--config", str(folder / "dateline.toml"), "notices", *arguments]
    ran = CliRunner().invoke(cli, given, standalone_mode=False)
    if ran.exception:
        raise ran.exception
    return ran.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a config and a store in which one notice was sent."""
    (tmp_path / "dateline.toml").write_text(CONFIG)
    (tmp_path / "var").mkdir()
    told = Notice(
        key="notice_1",
        source="tass",
        kind=NoticeKind.DOWN,
        state=State.BLOCKED,
        reason="HTTP 403",
        since=NOW,
        created_at=NOW,
    )
    with Store.open(tmp_path / "var" / "dateline.db") as store:
        source = Source(name="tass", kind="tass", urls=("https://tass.example/world",))
        store.register((source,), NOW)
        report = Report(source="tass", started=NOW, finished=NOW, state=State.BLOCKED)
        store.finish(report, next_at=NOW)
        (stored,) = store.untold(9)
        store.tell(stored.id, Standing(), [told], ["desk"], NOW)
        (letter,) = store.claim_letters(NOW, owner="me", lease=NOW - NOW.replace(hour=8))
        sent = Attempt(at=NOW, outcome=AttemptOutcome.SENT, answer="ok")
        store.settle(letter.id, sent, owner="me")
    return tmp_path


def test_notices_are_listed_with_where_they_went(folder: Path) -> None:
    """A table for people, the same for machines; a source narrows it."""
    told = run(folder, "list", "--source", "tass")
    assert "desk: sent" in told
    assert "notices.xml" not in told
    given = json.loads(run(folder, "list", "--json").splitlines()[0])
    assert (given["id"], given["key"], given["letters"]) == (1, "notice_1", {"desk": "sent"})
    with pytest.raises(Exception, match='there is no source "tas"'):
        run(folder, "list", "--source", "tas")


def test_a_notice_is_sent_again(folder: Path) -> None:
    """Under its key, also one that waits; an unknown one is told."""
    for _ in range(2):
        assert "goes out with the next dateline run" in run(folder, "resend", "1")
    with pytest.raises(Exception, match="there is no notice 7; dateline notices list shows"):
        run(folder, "resend", "7")


def test_a_notice_that_went_through_no_channel_cannot_be_sent_again(folder: Path) -> None:
    """Made while [notices] named none: that is what is said, not that it is unknown."""
    with Store.open(folder / "var" / "dateline.db") as store:
        (told,) = store.notices()
        report = Report(source="tass", started=NOW, finished=NOW, state=State.BLOCKED)
        store.finish(report, next_at=NOW)
        (stored,) = store.untold(9)
        store.tell(stored.id, Standing(), [replace(told.value, key="notice_2")], [], NOW)
    assert "Those with - went nowhere but into notices.xml" in run(folder, "list")
    with pytest.raises(Exception, match="notice 2 went through no channel when it was made"):
        run(folder, "resend", "2")


def test_without_notices_that_is_said(tmp_path: Path) -> None:
    """An empty list is no failure."""
    (tmp_path / "dateline.toml").write_text(CONFIG)
    assert "No notices" in run(tmp_path, "list")
