"""What the commands that only read say: when they find nothing, on a narrow screen, unconfigured."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.store import Store
from db.telling import Attempt, AttemptOutcome

if TYPE_CHECKING:
    from conftest import Desk

DOCUMENTS = Path(__file__).parent.parent / "documents"
WATCH = """
[watch.all]
query = "CSTO"
channels = ["desk"]
[channel.desk]
kind = "mail"
host = "127.0.0.1"
port = 9
security = "none"
from = "a@example.org"
to = ["b@example.org"]
"""


def document(number: str) -> str:
    """Return the path of a supplied document."""
    return str(next(DOCUMENTS.glob(f"{number}*")))


def test_finding_nothing_has_a_reason(desk: Desk) -> None:
    """An empty store, a query nothing meets, a small "or" and a wrong name are told apart."""

    def said(*arguments: str) -> tuple[int, str]:
        ran = desk.dateline("items", *arguments)
        assert ran.stdout == b""
        return ran.returncode, ran.stderr.decode()

    assert said()[1].startswith("No items yet.")
    assert said("--source", "tas") == (2, said("--source", "tas")[1])
    assert 'did you mean "tass"?' in said("--source", "tas")[1]
    desk.dateline("import", document("002"), "--as", "belta")
    assert said("zebra") == (0, "Nothing meets this query.\n")
    assert said("zebra or CSTO")[1].endswith('"or" is a word like others; write OR.\n')
    assert said('"this or that"')[1] == "Nothing meets this query.\n"
    assert said("--source", "tass")[1] == "No items of tass yet.\n"


def test_an_item_is_shown_with_all_that_is_known_of_it(bare: Desk) -> None:
    """What is not known has no line; the text stands apart."""
    bare.dateline("import", document("002"), "--as", "belta")
    (item,) = bare.objects("items", "show", "1")
    shown = bare.dateline("items", "show", "1").stdout.decode()
    facts, _, text = shown.partition("\n\n")
    said = {name: value.strip() for name, _, value in (x.partition(":") for x in facts.split("\n"))}
    assert said["precision"] == item["dateline"]["precision"] == "minute"
    known = {"section": item["section"], "place": item["dateline"]["place"]}
    known |= {"language": item["language"], "authors": ", ".join(item["authors"])}
    assert {name: said.get(name, "") for name in known} == {k: v or "" for k, v in known.items()}
    assert known["place"]
    assert known["language"] == "en"
    assert text.splitlines()[0] == item["text"].splitlines()[0]
    bare.dateline("import", "-", "--as", "belta", given=b"Undated words\n\nThey say little.")
    undated = bare.dateline("items", "show", "2").stdout.decode().splitlines()
    labels = {line.partition(":")[0] for line in undated[: undated.index("")]}
    assert "published" in labels
    assert labels.isdisjoint({"precision", "place", "section", "authors"})


def test_a_query_that_may_have_meant_a_command_says_so(desk: Desk) -> None:
    """An id alone, and a command mistyped that nothing stored meets; hints only, to stderr."""

    def hints(*arguments: str) -> str:
        ran = desk.dateline("items", *arguments)
        assert ran.returncode == 0
        return ran.stderr.decode()

    desk.dateline("import", document("002"), "--as", "belta")
    assert hints("1").startswith("for the item: dateline items show 1\n")
    for query in (("7",), ("0",), ("9" * 30,), ("1", "CSTO"), ("CSTO",)):
        assert "for the item" not in hints(*query)
    assert hints("shwo", "1").endswith(" If a command was meant: dateline items show 1\n")
    assert hints("shwo").endswith(" If a command was meant: dateline items show\n")
    for query in (("shwo", "zebra"), ("zebra",), ("zebra", "1")):
        assert hints(*query) == "Nothing meets this query.\n"


def test_an_item_shows_the_dates_that_lost(desk: Desk) -> None:
    """Each with where it was read and why it was not taken; `--json` has them as `candidates`."""
    desk.dateline("run", "--source", "belta")
    read = json.loads(desk.dateline("items", "show", "1", "--json").stdout)
    assert read["dateline"]["when"] is not None
    (printed, *_) = [one for one in read["candidates"] if one["basis"] == "printed"]
    assert {"when", "precision", "zone", "zone_stated", "raw", "rejected"} <= set(printed)
    shown = desk.dateline("items", "show", "1").stdout.decode()
    lines = [line for line in shown.splitlines() if line.startswith("not taken:")]
    assert len(lines) == len(read["candidates"])
    assert all(one["rejected"] in line for one, line in zip(read["candidates"], lines, strict=True))


def test_a_year_that_nobody_wrote_is_said_to_be_ours(bare: Desk) -> None:
    """In the table of an import, of the item and in JSON; one that was written says nothing."""
    page = "<html><body><h1>Ministers met</h1><p>MINSK, {} (BelTA) - They met.</p></body></html>"
    seen = ("--seen", "2025-12-20T09:00Z")
    told = [
        bare.dateline("import", "-", "--as", "belta", *seen, given=page.format(day).encode())
        for day in ("19 December", "18 December 2025")
    ]
    assert ["day, lead, year inferred" in ran.stdout.decode() for ran in told] == [True, False]
    inferred, written = (bare.dateline("items", "show", n).stdout.decode() for n in ("1", "2"))
    assert "2025-12-19 (lead, Europe/Minsk assumed, “19 December”, year inferred)" in inferred
    assert "year inferred" not in written
    rows = [bare.objects("items", "show", number)[0] for number in ("1", "2")]
    assert [row["year_inferred"] for row in rows] == [True, False]


def test_items_say_when_they_were_seen_and_where_they_stand(desk: Desk) -> None:
    """The first column sorts the list; --links shows addresses, which are never cut."""
    desk.dateline("run", "--source", "belta")
    table = desk.dateline("items").stdout.decode().splitlines()
    assert table[0].startswith("id  first seen (UTC)  published ")
    ids = [int(line.split()[0]) for line in table[1:]]
    assert ids == sorted(ids, reverse=True)
    (one,) = desk.objects("items", "--limit", "1")
    narrow = desk.dateline("items", "--links", COLUMNS="60").stdout.decode()
    assert one["url"] in narrow


@pytest.mark.parametrize("columns", ["80", "60"])
def test_tables_stay_readable_on_a_narrow_screen(desk: Desk, columns: str) -> None:
    """Each item, source and alert is one line within the width; names and times are whole."""
    desk.write(WATCH)
    desk.dateline("import", document("002"), "--as", "belta", "--alert")
    desk.dateline("run", "--source", "belta")
    for arguments in (("items",), ("status",), ("alerts", "list")):
        lines = desk.dateline(*arguments, COLUMNS=columns).stdout.decode().splitlines()
        table = [line for line in lines if "  " in line]
        assert len(table) > 1
        assert all(len(line) <= int(columns) for line in table), table
    assert "next visit (UTC)" in desk.dateline("status", COLUMNS=columns).stdout.decode()


def test_alerts_say_why_they_are_not_sent(desk: Desk) -> None:
    """The answer stands below the list; unknown names and empty states are told apart."""
    desk.write(WATCH)
    assert b"No alerts yet" in desk.dateline("alerts", "list").stderr
    desk.dateline("import", document("002"), "--as", "belta", "--alert")
    desk.dateline("run", "--source", "openkg")
    shown = desk.dateline("alerts", "list").stdout.decode()
    assert "connection refused by 127.0.0.1:9; will be tried again 20" in shown
    waits = b"1 alert is waiting to be delivered; dateline alerts list says why\n"
    assert waits in desk.dateline("status").stdout
    assert desk.dateline("alerts", "list", "--state", "dead").stderr == b"No alert is given up.\n"
    ran = desk.dateline("alerts", "list", "--watch", "al")
    assert (ran.returncode, b'did you mean "all"?' in ran.stderr) == (2, True)


def test_what_was_given_up_and_what_waits_for_its_next_try_are_sent_again(desk: Desk) -> None:
    """Only an unknown id is an error; what was tried already is tried with the next round."""
    desk.write(WATCH)
    desk.dateline("import", document("002"), "--as", "belta", "--alert")
    desk.dateline("run", "--source", "openkg")
    assert b"there is no alert 99" in desk.dateline("alerts", "resend", "99").stderr
    (waits,) = desk.objects("alerts", "list")
    assert desk.dateline("alerts", "resend", "1").returncode == 0
    (soon,) = desk.objects("alerts", "list")
    assert soon["next_at"] < waits["next_at"]
    assert "will be tried again with the next dateline run" in soon["why_waiting"]
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        later = datetime.now(UTC) + timedelta(days=1)
        store.claim_letters(later, owner="test", lease=timedelta(minutes=1))
        gone = Attempt(at=later, outcome=AttemptOutcome.DEAD, answer="410 Gone")
        assert store.settle(1, gone, owner="test")
    assert b"1 alert was given up" in desk.dateline("status").stdout
    assert desk.dateline("alerts", "resend", "1").returncode == 0


def test_what_was_imported_without_a_config_can_be_read(bare: Desk) -> None:
    """./var is found; status says what is missing. Without either, init is named."""
    assert bare.dateline("items").returncode == 2
    bare.dateline("import", document("002"), "--as", "belta")
    assert b"CSTO reviews" in bare.dateline("items").stdout
    ran = bare.dateline("status")
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert b"1 item in " in ran.stderr
    assert b"dateline init writes one" in ran.stderr
