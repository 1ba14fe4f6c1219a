"""`dateline stories`: what it joins, what it says of bad lines, and how much it can take."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.store import Store
from monitor import story_lines
from monitor.placing import place_all

if TYPE_CHECKING:
    from conftest import Desk

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
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


def test_an_id_that_is_an_address_holds_the_title_of_its_page(tmp_path: Path, desk: Desk) -> None:
    """Whoever knows articles by their addresses gives no other: editions meet by it."""
    file = tmp_path / "editions.jsonl"
    name = "https://open.kg/{}/news/{}-v-bishkeke-gorit-rynok.html"
    file.write_bytes(
        line(id=name.format("en", 1), title="Flames", text="A bazaar.", source="open.kg")
        + b"\n"
        + line(id=name.format("ru", 2), title="Огонь", text="На рынке.", source="open.kg/ru")
    )
    (story,) = desk.objects("stories", "--from", str(file), "--json")
    assert [joined["kind"] for joined in story["joins"]] == ["translation"]


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
    assert told[-1] == "1 story of several articles; 1 article alone."
    assert b"\x1b" not in ran.stdout


def test_a_window_keeps_days_apart(desk: Desk) -> None:
    """`--window` says how many days may lie between two articles of one story."""
    given = b"\n".join(
        (
            line(id="a", published="2025-12-01T13:00:00Z"),
            line(id="b", published="2025-12-06T13:00:00Z", source="belta"),
        )
    )
    for window, stories in (("3", 2), ("7", 1), ("3d", 2), ("168h", 1), ("0.5", 2)):
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
    assert desk.dateline("stories", "--from", "missing.jsonl").returncode == 2


def stock(desk: Desk) -> None:
    """Put three items into the desk's store, two of which tell one story."""
    for number, source in enumerate(("tass", "belta", "openkg"), 1):
        title = "Fire at Dordoi\x1b[2J" if number < 3 else "Railway agreement signed in Beijing"
        article = story_lines.read([line(source=source, title=title)]).articles[0].article
        other = "Belarus and China agreed on 14 rail terminals near Orsha, the embassy reports."
        told = replace(
            article, url=f"https://{source}.example/1", text=FIRE if number < 3 else other
        )
        with Store.open(desk.folder / "var" / "dateline.db") as store:
            store.record(told, NOW + timedelta(minutes=number))
            place_all(store, NOW)


def test_stored_stories_are_listed_and_shown(desk: Desk) -> None:
    """The list has stories of several items, `--all` all; `show` says who was first and why."""
    stock(desk)
    listed = desk.dateline("stories").stdout.decode().splitlines()
    assert [row.split()[:2] for row in listed[1:]] == [["1", "2"]]
    assert "tass, belta" in listed[1]
    assert len(desk.objects("stories", "list", "--all")) == 2
    (story,) = desk.objects("stories")
    assert (story["story"], story["ids"], story["size"]) == (1, [1, 2], 2)
    assert [member["kind"] for member in story["members"]] == [None, "same_text"]
    assert desk.objects("stories", "show", "2") == [story]
    shown = desk.dateline("stories", "show", "2").stdout.decode().splitlines()
    assert shown[:2] == [
        "Story 1: 2 items",
        "Seen first: tass or belta; no visit went before, which leaves that open",
    ]
    assert "1  tass, date not stated, first seen 20 December 2025, 09:01 UTC" in shown
    assert "    the same text as tass's: 100% of the shorter text" in "\n".join(shown)
    assert "\x1b" not in "".join((*listed, *shown))
    alone = desk.dateline("stories", "show", "3").stdout.decode()
    assert alone.startswith("Story 3: 1 item\n")


def test_where_there_are_no_stories_it_is_said_what_to_do(desk: Desk) -> None:
    """An empty store, an unknown item, an option that belongs to files: each says what helps."""
    none = desk.dateline("stories")
    assert (none.returncode, none.stdout) == (0, b"")
    assert b"dateline run" in none.stderr
    unknown = desk.dateline("stories", "show", "7")
    assert unknown.returncode == 1
    assert b"no story holds an item 7" in unknown.stderr
    stock(desk)
    assert desk.dateline("stories", "show", "77").returncode == 1
    for wrong in ("5 days", "400", "400d", "-1", "nan", ""):
        slip = desk.dateline("stories", "--from", "-", "--window", wrong)
        assert (slip.returncode, slip.stdout) == (2, b""), wrong
    window = desk.dateline("stories", "--window", "2")
    assert window.returncode == 2
    assert b"--window is for --from" in window.stderr


def test_imported_items_are_in_stories_at_once(desk: Desk) -> None:
    """`import` puts what it stores into stories."""
    page = next((Path(__file__).parent.parent / "documents").glob("002*"))
    assert desk.dateline("import", str(page), "--as", "belta").returncode == 0
    said = b"No two stored items tell the same story (1 stored); dateline stories --all lists"
    assert desk.dateline("stories").stderr.startswith(said)
    (story,) = desk.objects("stories", "--all")
    assert (story["ids"], story["members"][0]["unobserved_seconds"]) == ([1], None)


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


def test_a_missing_file_is_told_by_the_words_that_were_written(bare: Desk) -> None:
    """`stories --from` is short for `stories list --from`, and its mistakes say neither more."""
    for words in (("stories",), ("stories", "list")):
        ran = bare.dateline(*words, "--from", "none")
        assert ran.returncode == 2
        assert ran.stderr.startswith(f"Usage: dateline {' '.join(words)} [OPTIONS]\n".encode())
        assert b"File 'none' does not exist." in ran.stderr


def test_a_file_that_is_something_else_is_told_what_is_meant(bare: Desk) -> None:
    """Three lines of it, how many more, and an example; one bad line among good ones is only told."""
    ran = bare.dateline("stories", "--from", "-", given=b"A story of a fire.\n" * 9)
    assert (ran.returncode, ran.stdout) == (2, b"")
    said = ran.stderr.decode().splitlines()
    assert [text.partition(": this is no JSON")[0] for text in said[:3]] == [
        f"-: line {number}" for number in (1, 2, 3)
    ]
    assert said[3:5] == [
        "-: 6 more lines like that",
        "JSON Lines are expected, one object a line, such as",
    ]
    assert story_lines.read([said[5].encode()]).mistakes == ()
    mixed = bare.dateline("stories", "--from", "-", given=line() + b"\nplain\n")
    assert len(mixed.stderr.splitlines()) == 1


def test_an_id_stands_for_one_article() -> None:
    """The second is told with the line of the first, which stays."""
    found = story_lines.read([line(), line(title="Other")])
    assert [each.article.title for each in found.articles] == ["Fire"]
    assert found.mistakes == ('line 2: the id "a" stands in line 1 too',)


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
