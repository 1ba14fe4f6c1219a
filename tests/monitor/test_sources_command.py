"""`dateline status` and `dateline sources`: what a tired person and a machine are told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from db.store import Store
from db.visiting import Gap, Report, State
from monitor.coverage import over_time
from monitor.newsroom.faults import Status, servicepipe

if TYPE_CHECKING:
    from conftest import Desk

DOCUMENTS = Path(__file__).parent.parent / "documents"
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_the_ill_come_first_and_say_what_to_do(desk: Desk) -> None:
    """One line sums up, those that fail are on top, a notice was made and is shown."""
    desk.room.misbehave("tass", servicepipe())
    desk.dateline("run")
    told = desk.dateline("status").stdout.decode()
    lines = told.splitlines()
    assert lines[0] == "3 of 4 sources are fine, 1 is not."
    assert "last try (UTC)" in lines[1]
    assert lines[2].startswith("tass")
    assert "lets no programs in" in lines[2]
    assert any(line.startswith("tass: lets no programs in: HTTP 403") for line in lines)
    shown = desk.dateline("sources", "show", "tass").stdout.decode()
    assert "failed once, tried again at the shortest interval" in shown
    assert "tass: lets no programs in" in shown
    (facts,) = desk.objects("sources", "show", "tass")
    assert (facts["state"], facts["notices"][0]["kind"]) == ("blocked", "down")
    assert (desk.folder / "var" / "feeds" / "notices.json").exists()


def test_what_was_imported_counts_before_the_first_visit(desk: Desk) -> None:
    """`items` is what is stored, however it came and whether a round was ever made."""
    document = str(next(DOCUMENTS.glob("002*")))
    desk.dateline("import", document, "--as", "belta")
    table = desk.dateline("status").stdout.decode().splitlines()
    cells = {line.split()[0]: re.split(r"  +", line) for line in table[2:]}
    assert (cells["belta"][-2], cells["tass"][-2:]) == ("1", ["0", "-"])
    assert "not visited yet" in cells["belta"]
    rows = {row["source"]: row for row in desk.objects("status")}
    assert [rows[name]["items"] for name in ("belta", "tass")] == [1, 0]
    assert [bool(rows[name]["newest"]) for name in ("belta", "tass")] == [True, False]
    shown = desk.dateline("sources", "show", "belta").stdout.decode().splitlines()
    assert ["items", "1"] in [line.split() for line in shown]
    assert desk.objects("sources", "show", "belta")[0]["items"] == 1


def test_one_source_is_told_in_full(desk: Desk) -> None:
    """Its visits, the coverage of its items, gaps, guids, and why its next visit is when it is."""
    assert "not visited yet" in desk.dateline("sources", "show", "belta").stdout.decode()
    desk.dateline("run", "--source", "belta")
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        (report,) = store.reports("belta", 1)
        gap = Gap(after=report.started, before=None, pages=3)
        store.finish(
            Report(
                source="belta",
                started=report.started,
                finished=report.finished,
                state=State.OK,
                gap=gap,
            ),
            next_at=report.finished,
        )
    shown = desk.dateline("sources", "show", "belta").stdout.decode()
    for words in (
        "why then",
        "Fields found when its items were read",
        "Gaps",
        "Last visits",
        "believed",
    ):
        assert words in shown
    (facts,) = desk.objects("sources", "show", "belta")
    assert facts["coverage"][0]["title"] == 1
    assert facts["gaps"][0]["pages"] == 3
    assert facts["reports"][1]["items"] > 0
    assert facts["reports"][1]["lists"][0]["cards"] > 0


def test_a_page_that_could_not_be_had_is_a_remark(desk: Desk) -> None:
    """The source is fine; its page is counted, and both commands say that it is tried again."""
    desk.room.misbehave("belta", Status(404), path="*view*", times=1)
    desk.dateline("run", "--source", "belta")
    (status,) = (row for row in desk.objects("status") if row["source"] == "belta")
    (facts,) = desk.objects("sources", "show", "belta")
    for row in (status, facts):
        assert (row["state"], row["failed_pages"], row["pending_pages"]) == ("ok", 1, 1)
        assert "article pages could not be had: the page is gone (404)" in row["reason"]
    shown = desk.dateline("sources", "show", "belta").stdout.decode()
    assert "1 could not be had so far, tried again" in shown
    assert "1 page could not be had" in desk.dateline("status").stdout.decode()


def test_sources_are_listed(desk: Desk) -> None:
    """How they are read, how often and where; a slip in a name is answered with the nearest."""
    shown = desk.dateline("sources", "list").stdout.decode()
    assert "1h to 6h" in shown
    rows = {row["source"]: row for row in desk.objects("sources", "list")}
    assert (rows["belta"]["every"], rows["belta"]["slowest"]) == ("1h", "6h")
    assert rows["tass"]["first_round"] == "quiet"
    slip = desk.dateline("sources", "show", "blta")
    assert (slip.returncode, b'did you mean "belta"?' in slip.stderr) == (2, True)


def test_coverage_counts_over_the_readings_of_each_span() -> None:
    """A span without readings has no shares; an older report counts in the longer spans only."""

    def report(age: timedelta, items: int, **fields: int) -> Report:
        at = NOW - age
        return Report(
            source="s",
            started=at,
            finished=at,
            state=State.OK,
            items=items,
            coverage=tuple(fields.items()),
        )

    day, week, month = over_time(
        [report(timedelta(days=2), 4, title=4, text=1), report(timedelta(days=20), 4, title=4)],
        NOW,
    )
    assert (day.readings, set(day.shares)) == (0, {None})
    assert (week.readings, week.shares[:3]) == (4, (1.0, 0.25, 0.0))
    assert (month.readings, month.shares[:2]) == (8, (1.0, 0.125))
