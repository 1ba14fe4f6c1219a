"""What `dateline import` refuses, doubts, and says at its end."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.newsroom.faults import Status
from spiders.registry import READERS

if TYPE_CHECKING:
    from conftest import Desk

PAGES = Path(__file__).parent.parent / "pages"
DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTS = Path(__file__).parent.parent / "documents"
WATCH = '[watch.all]\nquery = "CSTO"\nchannels = ["hook"]\n'
HOOK = '[channel.hook]\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\n'
RIGHT = {"000": "tass", "001": "secretariat", "002": "belta", "003": "secretariat", "004": "openkg"}


def document(number: str) -> str:
    """Return the path of a supplied document."""
    return str(next(DOCUMENTS.glob(f"{number}*")))


@pytest.mark.parametrize(
    ("number", "kind", "doubt"),
    [
        *((number, kind, "") for number, kind in RIGHT.items()),
        ("001", "belta", "the title looks like a date: is --as belta right?"),
        ("003", "tass", "the title looks like a date: is --as tass right?"),
        ("000", "openkg", "neither date nor section was found: is --as openkg right?"),
        ("004", "secretariat", "neither date nor section was found: is --as secretariat right?"),
    ],
)
def test_a_reading_that_looks_wrong_is_doubted(
    bare: Desk, number: str, kind: str, doubt: str
) -> None:
    """The right rules raise no doubt; wrong ones mostly do, on stderr, and the exit code is 0."""
    ran = bare.dateline("import", document(number), "--as", kind, "--dry-run", "--json")
    assert ran.returncode == 0
    assert not any("id" in json.loads(line) for line in ran.stdout.decode().splitlines())
    *doubts, end = ran.stderr.decode().splitlines()
    assert end == "Dry run: nothing stored."
    assert [line.partition(": ")[2] for line in doubts] == [doubt] * bool(doubt)


def test_a_doubt_names_what_was_typed(bare: Desk) -> None:
    """The source of a config, not the kind that it is of."""
    (bare.folder / "in").mkdir()
    table = '[source.inbox]\nkind = "documents"\nfolder = "in"\n'
    (bare.folder / "dateline.toml").write_text(table)
    (bare.folder / "note.txt").write_text("A title\n\nA text without a day.\n")
    ran = bare.dateline("import", "note.txt", "--as", "inbox", "--dry-run")
    assert b"found: is --as inbox right?" in ran.stderr


def test_a_config_without_sources_is_no_reason_not_to_import(bare: Desk) -> None:
    """Its own database takes the items, and what only reads finds them there."""
    (bare.folder / "dateline.toml").write_text('[dateline]\nvar = "kept"\n')
    ran = bare.dateline("import", document("002"), "--as", "belta")
    assert (ran.returncode, b"Stored 1 new" in ran.stderr) == (0, True)
    assert (bare.folder / "kept").is_dir()
    for command in (("items", "list"), ("search", "CSTO"), ("watch", "try", "CSTO")):
        (line,) = bare.objects(*command)[:1]
        assert line
    for command in (("status",), ("alerts", "list"), ("sources", "list"), ("notices", "list")):
        assert bare.dateline(*command).returncode == 0
    assert b"kept, and the config names no source; dat" in bare.dateline("status").stderr
    assert b"nothing to watch" in bare.dateline("check").stderr


def test_items_for_machines_have_the_keys_that_the_page_names(bare: Desk) -> None:
    """Those of items and search whole, those of import as far as it knows them."""
    page = (DOCS / "watches.md").read_text(encoding="utf-8").split("## Items for machines")[1]
    rows = [line.split("|")[1] for line in page.split("\n## ")[0].splitlines() if "|" in line]
    named = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    stored = ("import", document("000"), "--as", "tass", "--seen", "2025-12-20T09:00Z")
    (read,) = bare.objects(*stored, "--dry-run")
    (kept,) = bare.objects(*stored)
    assert kept.keys() - read.keys() == {"id", "first_seen"}
    assert (read["year_inferred"], read["tags"], read["attachments"]) == (True, [], [])
    (listed,) = bare.objects("items")
    (found,) = bare.objects("search", "CSTO")
    assert listed.keys() == named == found.keys() - {"passages"}
    assert listed.keys() - kept.keys() == {"feed_id", "changed_at", "edits", "absence"}
    assert listed["first_seen"] == kept["first_seen"]


def test_a_saved_list_gives_its_items(bare: Desk) -> None:
    """As a probe of it does, if its address is known; else the doubt says what is missing."""
    page = PAGES / "belta" / "en-list-all.html"
    told = json.loads(page.with_suffix(".expected.json").read_text())
    given = ("import", str(page), "--as", "belta", "--seen", told["seen"])
    items = bare.objects(*given, "--url", told["url"])
    assert [(item["url"], item["dateline"]["when"]) for item in items] == [
        (card["url"], card["when"]) for card in told["list"]
    ]
    assert {item["title_basis"] for item in items} == {"listing"}
    ran = bare.dateline(*given, "--dry-run")
    assert "en-list-all.html: this looks like a list" in ran.stderr.decode()
    assert "if --url says where it was saved" in ran.stderr.decode()
    assert "is --as belta right?" not in ran.stderr.decode()


def test_a_saved_feed_and_a_sitemap_are_lists_without_an_address(bare: Desk) -> None:
    """A feed gives its items; a sitemap has no word about its own, and says so."""
    item = "<item><title>Hall opens</title><link>https://e.test/n/1</link></item>"
    feed = f'<?xml version="1.0"?><rss><channel>{item}</channel></rss>'
    ran = bare.dateline("import", "-", "--as", "listing", "--json", given=feed.encode())
    assert json.loads(ran.stdout)["url"] == "https://e.test/n/1"
    sitemap = b"<urlset><url><loc>https://e.test/n/1</loc></url></urlset>"
    ran = bare.dateline("import", "-", "--as", "sitemap", given=sitemap)
    assert (ran.returncode, b"without a word about them" in ran.stderr) == (1, True)


def test_the_end_says_what_was_stored(bare: Desk) -> None:
    """New and known items are counted on stderr, so that stdout stays the items."""
    ends = [
        bare.dateline("import", document("002"), "--as", "belta", "--json").stderr.decode()
        for _ in range(2)
    ]
    assert ends == ["Stored 1 new, 0 already known.\n", "Stored 0 new, 1 already known.\n"]


def test_a_day_is_a_moment_too_but_the_future_is_none(bare: Desk) -> None:
    """--seen takes what it proposes, and nothing that has not happened yet."""
    given = ("import", document("002"), "--as", "belta", "--dry-run", "--seen")
    for seen in ("2025-12-20", "2025-12-20T09:00Z", "2025-12-20T09:00+03:00"):
        assert bare.dateline(*given, seen).returncode == 0
    refused = bare.dateline(*given, "2025-12-20 09:00").stderr.decode()
    proposed = refused.split("write it like ")[1].split()[0]
    assert bare.dateline(*given, proposed).returncode == 0
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    ran = bare.dateline(*given, tomorrow)
    assert (ran.returncode, b"is in the future" in ran.stderr) == (2, True)


def test_without_a_kind_the_kinds_are_named(bare: Desk) -> None:
    """Whose rules are to read a file cannot be guessed, but can be chosen from a list."""
    ran = bare.dateline("import", "page.html")
    assert ran.returncode == 2
    assert b"--as KIND is missing. Whose rules read the files: " in ran.stderr
    assert b"belta" in ran.stderr


def test_an_address_must_be_one(bare: Desk) -> None:
    """Whatever is stored as a link can be followed."""
    ran = bare.dateline("import", document("002"), "--as", "belta", "--url", "foo")
    assert (ran.returncode, b'"foo" is no web address' in ran.stderr) == (2, True)


def test_an_alert_that_nobody_will_get_is_told(desk: Desk) -> None:
    """--alert says what becomes of it: no channel, nothing new, or the next round."""
    given = ("import", document("002"), "--as", "belta", "--alert")
    assert b"no watch of a config names a channel" in desk.dateline(*given).stderr
    desk.write(WATCH + HOOK, allow=("127.0.0.1:9",))
    assert b"nothing is new" in desk.dateline(*given).stderr
    given = ("import", document("000"), "--as", "tass", "--alert")
    assert b"The next dateline run lets the watches look." in desk.dateline(*given).stderr


def test_a_doubt_names_the_items_and_how_they_are_taken_back(bare: Desk) -> None:
    """The table has the ids that `items` knows; of two files each is named by its own."""
    ran = bare.dateline("import", document("002"), document("004"), "--as", "belta")
    table = ran.stdout.decode().splitlines()
    assert [line.split()[0] for line in table] == ["id", "1", "2"]
    (doubt, _stored) = ran.stderr.decode().splitlines()
    said = "is --as belta right? If not, take it back: dateline items remove 2"
    assert doubt.startswith(document("004"))
    assert doubt.endswith(said)
    again = bare.dateline("import", document("004"), "--as", "belta", "--json")
    assert json.loads(again.stdout)["id"] == 2
    assert "take it back" not in again.stderr.decode()


def test_an_imported_page_keeps_the_dates_that_were_not_taken(bare: Desk) -> None:
    """As a visited one does; times say that they are in UTC, an unknown date is just unknown."""
    bare.dateline("import", document("002"), document("004"), "--as", "belta")
    shown = bare.dateline("items", "show", "1").stdout.decode()
    assert "not taken:  2025-12-17 (printed, " in shown
    assert "published:  2025-12-15 16:11+03:00 (printed, Europe/Minsk assumed, “15 D" in shown
    assert re.search(r"^first seen: 20\d\d-\d\d-\d\d \d\d:\d\d UTC$", shown, re.MULTILINE)
    assert "published:  unknown\n" in bare.dateline("items", "show", "2").stdout.decode()


def test_what_is_undated_counts_on_the_day_of_its_import_and_that_is_said(bare: Desk) -> None:
    """An open.kg page states no date: tried on the past, it is news of the day it was imported."""
    bare.dateline("import", document("002"), "--as", "belta")
    bare.dateline("import", document("004"), "--as", "openkg")
    said = bare.dateline("watch", "try", "CSTO", "--days", "3660").stdout.decode().splitlines()
    assert said[0].startswith("CSTO: 2 items since ")
    assert said[1] == "1 of them undated, counted when first seen, shown last"


def test_before_the_first_round_an_alert_says_what_becomes_of_the_item(desk: Desk) -> None:
    """The source is known, its baseline is not: the items are part of it."""
    desk.write(WATCH + HOOK, allow=("127.0.0.1:9",))
    desk.room.misbehave("belta", Status(500))
    desk.dateline("run", "--source", "belta")
    said = desk.dateline("import", document("002"), "--as", "belta", "--alert").stderr.decode()
    assert "these items count as known from before it, and no watch tells of them" in said
    assert "then dateline items remove 1 and import them again." in said


def test_the_help_lists_kinds_and_shows_the_format(bare: Desk) -> None:
    """Nobody must guess what --as and --seen take."""
    told = " ".join(bare.dateline("import", "--help").stdout.decode().split())
    assert f"{', '.join(READERS)}, or a source of the config" in told
    assert "like 2025-12-20T09:00Z or 2025-12-20" in told


def test_a_wrong_import_is_taken_back(bare: Desk) -> None:
    """Only what was named goes, after it was shown and confirmed; an unknown id is an error."""
    bare.dateline("import", document("002"), "--as", "tass")
    bare.dateline("import", document("000"), "--as", "tass")
    asked = bare.dateline("items", "remove", "1")
    assert asked.returncode == 1
    assert "nothing was removed" in asked.stderr.decode()
    done = bare.dateline("items", "remove", "1", "--yes")
    assert (done.returncode, done.stderr.decode()) == (0, "Removed 1 item.\n")
    assert done.stdout.decode().startswith("1: ")
    assert b"there is no item 1" in bare.dateline("items", "remove", "1", "--yes").stderr
    ran = bare.dateline("import", document("002"), "--as", "belta")
    assert ran.stderr.decode() == "Stored 1 new, 0 already known.\n"
    left = bare.dateline("items", "--json").stdout.decode().splitlines()
    assert [json.loads(line)["source"] for line in left] == ["belta", "tass"]


def test_a_moment_that_was_said_is_told(bare: Desk) -> None:
    """It is what relative dates were read by; first seen is the moment of the import."""
    ran = bare.dateline("import", document("002"), "--as", "belta", "--seen", "2025-12-20T09:00Z")
    (_stored, told) = ran.stderr.decode().splitlines()
    assert told.startswith('Dates such as "today" were read as of 2025-12-20 09:00 UTC; first seen')
