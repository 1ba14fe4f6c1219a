"""`dateline stories`: what it joins, what it says of bad lines, and how much it can take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor import story_lines

if TYPE_CHECKING:
    from conftest import Desk

SET = Path(__file__).parent.parent / "db" / "stories" / "tuned.jsonl"
FIRE = (
    "Three people were taken to hospital after a fire at the Dordoi market in Bishkek, the "
    "ministry said. The blaze covered 1,200 square meters and destroyed containers with clothing."
)


def line(**changes: object) -> bytes:
    """Return a line of a file."""
    given = {"id": "a", "title": "Fire", "text": FIRE, "source": "tass", "published": None}
    return json.dumps({**given, **changes}).encode()


def test_every_article_is_in_exactly_one_story(desk: Desk) -> None:
    """The story is called like its first; each other one says whom it joined, and why."""
    items = [json.loads(text) for text in SET.read_text(encoding="utf-8").splitlines()]
    found = desk.objects("stories", "--from", str(SET), "--json")
    ids = [number for story in found for number in story["ids"]]
    assert sorted(ids) == sorted(item["id"] for item in items)
    (plant,) = [story for story in found if "t043" in story["ids"]]
    assert (plant["story"], plant["ids"]) == ("t042", ["t042", "t044", "t043"])
    assert [joined["id"] for joined in plant["joins"]] == ["t044", "t043"]
    for story in found:
        assert story["story"] == story["ids"][0]
        for joined in story["joins"]:
            assert joined["to"] in story["ids"][: story["ids"].index(joined["id"])]
            assert joined["kind"] in {"same_text", "same_story", "translation"}
            assert 0 < joined["score"] <= 1
            assert joined["why"]


def test_people_read_stories_in_the_order_of_their_dates(desk: Desk) -> None:
    """First the one that was published first, below it who joined and why; from stdin as well."""
    given = b"\n".join(
        (
            line(id="late", published="2025-12-15T13:00:00Z", source="belta"),
            line(id=7, published="2025-12-15", source="ta\x1b[2Jss"),
            b"",
            line(id="none", text="", title="Something else"),
        )
    )
    ran = desk.dateline("stories", "--from", "-", given=given)
    told = ran.stdout.decode().splitlines()
    assert ran.returncode == 0
    assert told[0] == "7  2025-12-15  ta[2Jss  Fire"
    assert told[1] == "  late  2025-12-15 13:00:00+00:00  belta  Fire"
    assert told[2].startswith("    the same text as 7 (1.00): 100% of the shorter text")
    assert told[-1] == "1 stories of several articles; 1 articles alone."
    assert b"\x1b" not in ran.stdout


def test_a_window_keeps_days_apart(desk: Desk) -> None:
    """`--window` says how many days may lie between two articles of one story."""
    given = b"\n".join(
        (
            line(id="a", published="2025-12-01T13:00:00Z"),
            line(id="b", published="2025-12-06T13:00:00Z", source="belta"),
        )
    )
    for window, stories in (("3", 2), ("7", 1)):
        ran = desk.dateline("stories", "--from", "-", "--window", window, "--json", given=given)
        assert len(ran.stdout.splitlines()) == stories


def test_a_bad_line_is_told_with_its_number_and_costs_itself_only(desk: Desk) -> None:
    """Exit code 2; the other lines are joined, and what is printed steers no terminal."""
    given = b"\n".join((line(id="a\x1b[2J"), b"{", line(id="b", source="belta")))
    ran = desk.dateline("stories", "--from", "-", "--json", given=given)
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("-: line 2: this is no JSON: ")
    assert len(ran.stderr.splitlines()) == 1
    assert json.loads(ran.stdout)["ids"] == ["a\x1b[2J", "b"]
    assert b"\x1b" not in ran.stdout
    assert desk.dateline("stories", "--from", "missing.jsonl").returncode == 1


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        (b"\xff\xfe", "this is not UTF-8"),
        (b"[1]", "one JSON object a line is read, with id, title, text, source, published, "),
        (b"[" * 100_000, "this is "),
        (b'{"id": ' + b"9" * 5_000 + b"}", "Exceeds the limit"),
        (line(id=None), '"id" must be a text or a whole number'),
        (line(id=True), '"id" must be a text or a whole number'),
        (line(id=""), '"id" must be a text or a whole number'),
        (line(text=5), '"text" must be a text'),
        (line(title=" ", text="\x07"), '"title" and "text" are both missing'),
        (line(published="yesterday"), '"published" must be null or a date like '),
        (line(published="0001-01-01T00:00:00+14:00"), '"published" must be null or a date'),
    ],
)
def test_each_mistake_says_what_is_meant(given: bytes, mistake: str) -> None:
    """What a line should hold is told where it is missing."""
    found = story_lines.read([given])
    assert found.articles == ()
    assert found.mistakes[0].startswith(f"line 1: {mistake}")


def test_an_id_stands_for_one_article() -> None:
    """The second is told with the line of the first, which stays."""
    found = story_lines.read([line(), line(title="Other")])
    assert [each.article.title for each in found.articles] == ["Fire"]
    assert found.mistakes == ("line 2: the id 'a' stands in line 1 too",)


def test_dates_are_read_as_they_are_usually_written() -> None:
    """A day, a moment with or without zone; a byte order mark and missing fields are no mistake."""
    given = [
        b"\xef\xbb\xbf" + line(id=1, published="2025-12-15", language="EN"),
        line(id=2, published="2025-12-15T16:11:00+03:00", url="https://tass.com/1"),
        line(id=3, published="2025-12-15 13:11"),
        b'{"id": 4, "title": "T"}',
        line(id=5, published=""),
        line(id=6, published="0001-01-01"),
    ]
    found = story_lines.read(given)
    assert not found.mistakes
    told = [each.article.dateline for each in found.articles]
    assert [one.precision.value for one in told[:4]] == ["day", "second", "second", "none"]
    assert told[1].when == told[2].when
    assert (told[3].when, told[4].when) == (None, None)
    assert found.articles[0].article.language == "en"
