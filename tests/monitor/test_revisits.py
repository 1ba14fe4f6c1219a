"""The real command in front of the press room: edits, what is gone, what is back, kept pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator

from monitor.newsroom.faults import Status

if TYPE_CHECKING:
    from tests.monitor.conftest import Desk

WATCH = """
recheck = ["1s", "1d"]
keep_pages = true
[watch.all]
query = "source:tass"
channels = ["hook"]
on = ["edited", "gone", "back"]
[channel.hook]
kind = "webhook"
url = "http://127.0.0.1:9/"
"""


def an_hour_later(desk: Desk, url: str) -> None:
    """Make the store believe that its last visit to a page was an hour ago."""
    earlier = (datetime.now(UTC) - timedelta(hours=1, seconds=1)).isoformat(timespec="microseconds")
    with closing(sqlite3.connect(desk.folder / "var" / "dateline.db")) as connection, connection:
        connection.execute(
            "UPDATE address SET due_at = ?1, missing_since = ?1 WHERE url = ?2"
            " AND missing_since IS NOT NULL",
            (earlier, url),
        )
        connection.execute("UPDATE address SET due_at = ? WHERE url = ?", (earlier, url))


def kinds(desk: Desk) -> list[str]:
    """Return the kinds of the alerts there are, oldest first."""
    return [alert["kind"] for alert in desk.objects("alerts", "list")][::-1]


def test_a_story_is_edited_gone_and_back(desk: Desk) -> None:
    """One story's life, as the watches are told of it and as its page was kept."""
    desk.write(WATCH, allow=("127.0.0.1:9",))
    assert desk.dateline("run", "--source", "tass").returncode == 0
    items = {one["url"]: one for one in desk.objects("items", "--source", "tass")}
    story = next(one for one in desk.room.published("tass") if one.url in items)
    item = items[story.url]
    assert item["text_basis"] == "page"
    assert kinds(desk) == []

    desk.room.edit(story.key, title="A title of another day")
    an_hour_later(desk, story.url)
    desk.dateline("run", "--source", "tass", "--now")
    assert kinds(desk) == ["edited"]
    versions = desk.objects("items", "versions", str(item["id"]))
    assert [one["title"] for one in versions] == [item["title"], "A title of another day"]
    (facts,) = desk.objects("sources", "show", "tass")
    assert facts["coverage"][0]["readings"] == facts["items"]  # a recheck is no other item

    desk.room.misbehave("tass", Status(404), path=urlsplit(story.url).path)
    said = b""
    for _ in range(3):
        an_hour_later(desk, story.url)
        said += desk.dateline("run", "--source", "tass", "--now").stdout
    assert kinds(desk) == ["edited", "gone"]
    assert said.count(b"tass: 1 gone\n") == 1
    head, *rows = desk.dateline("items", "--links").stdout.decode().splitlines()
    place = head.index("gone since (UTC)")
    marked = [row.split()[-1] for row in rows if row[place : place + 16].strip()]
    assert marked == [story.url]
    (shown,) = desk.objects("items", "show", str(item["id"]))
    assert shown["absence"]["first_missing"]
    assert [one for one in desk.objects("items") if one["url"] == story.url]

    desk.room.behave("tass")
    an_hour_later(desk, story.url)
    (round_,) = desk.objects("run", "--source", "tass", "--now")
    assert [(one["gone"], one["back"]) for one in round_["sources"]] == [(0, 1)]
    assert kinds(desk) == ["edited", "gone", "back"]
    assert b"gone since" not in desk.dateline("items").stdout

    assert desk.dateline("export", "--warc", "kept.warc.gz").returncode == 0
    with (desk.folder / "kept.warc.gz").open("rb") as file:
        kept = [
            record.rec_headers.get_header("WARC-Target-URI")
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert kept.count(story.url) == 2  # before the edit and after it
    *rows, last = desk.objects("reparse", "tass")
    assert [one["fields"] for one in rows if one["fields"]] == []
    assert (last["summary"]["changed"], last["summary"]["unread"]) == (0, 0)
