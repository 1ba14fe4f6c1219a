"""`dateline alerts show`: what was told and why, what became of it, and how the story went on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.store import Store
from db.telling import Attempt, AttemptOutcome
from tests.monitor.test_stories_told import EACH, NOW, passed, wire

if TYPE_CHECKING:
    from conftest import Desk


def test_an_alert_is_shown_with_its_reasons_its_tries_and_its_story(desk: Desk) -> None:
    """The message as it was sent, each answer of the other side, and what the story has become."""
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        store.record(wire(1, title="Dordoi\x1b[2J burns"), NOW)
        passed(store, EACH)
        store.claim_letters(NOW, owner="test", lease=timedelta(minutes=1))
        later = NOW + timedelta(minutes=5)
        failed = Attempt(at=NOW, outcome=AttemptOutcome.RETRY, answer="421 busy", next_at=later)
        store.settle(1, failed, owner="test")
    alone = desk.dateline("alerts", "show", "1").stdout.decode().splitlines()
    for line in (
        "Subject: [each] Dordoi[2J burns",
        "1. 2025-12-20 09:00 retry: 421 busy; again 2025-12-20 09:05",
        "Why it was told:",
        "  The watch tells of each item of a story.",
    ):
        assert line in alone
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        store.record(wire(2), NOW)
        passed(store, EACH)
    shown = desk.dateline("alerts", "show", "1").stdout.decode()
    assert shown.endswith("\nThe story has 2 items now: dateline stories show 1\n")
    assert "\x1b" not in shown
    (told,) = desk.objects("alerts", "show", "1")
    assert (told["state"], told["message"]["data"]["story"]["size"]) == ("due", 1)
    assert told["story_now"]["size"] == 2
    assert told["attempts"][0]["answer"] == "421 busy"


def test_an_alert_that_is_not_there_is_said_so(desk: Desk) -> None:
    """With a store and without one, what to do is said."""
    for _ in range(2):
        ran = desk.dateline("alerts", "show", "7")
        assert ran.returncode == 1
        assert b"there is no alert 7; dateline alerts list shows their ids" in ran.stderr
        Store.open(desk.folder / "var" / "dateline.db").close()
