"""`dateline watch match`: lines of a file against queries, on which words, storing nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.evaluate import evaluate
from db.model import Article, TextBasis, TitleBasis
from db.query import parse
from monitor.match_lines import Line, Unread, match_lines

if TYPE_CHECKING:
    from conftest import Desk

LINES = (
    "Токаев встретился с Тасмагамбетовым",
    "",
    "Borders of Tajikistan: guards [on duty]",
    "Tokayev met Tokayev\r",
)


def test_each_line_tells_its_queries_and_words(bare: Desk) -> None:
    """One object a line of the file, in order, with the words as they are printed there."""
    queries = ("~Tokayev", "border guard", "NOT border")
    ran = bare.dateline(
        "watch", "match", *queries, "--from", "-", "--json", given="\n".join(LINES).encode()
    )
    assert ran.returncode == 0
    told = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    assert [each["line"] for each in told] == [1, 2, 3, 4]
    assert [each["text"] for each in told] == [line.rstrip("\r") for line in LINES]
    assert [[met["query"] for met in each["matches"]] for each in told] == [
        ["~Tokayev", "NOT border"],
        ["NOT border"],
        ["border guard"],
        ["~Tokayev", "NOT border"],
    ]
    assert told[0]["matches"][0]["words"] == ["Токаев"]
    assert told[2]["matches"][0]["words"] == ["Borders", "guards"]
    assert told[2]["matches"][0]["places"] == [[0, 7], [23, 29]]
    assert not any(bare.folder.iterdir())


def test_people_see_the_words_marked(bare: Desk) -> None:
    """A line and query each, the words in brackets; lines that meet nothing are left out."""
    ran = bare.dateline(
        "watch", "match", "border guard", "--from", "-", given="\n".join(LINES).encode()
    )
    assert ran.stdout.decode() == ("3  border guard  [Borders] of Tajikistan: [guards] [on duty]\n")


def test_bad_input_is_told_and_costs_only_itself(bare: Desk) -> None:
    """A bad line has its number and exit 2; a bad query its column, a missing file its name."""
    (bare.folder / "lines").write_bytes(b"\xef\xbb\xbfborder\n\xff\xfe\nguard\n")
    ran = bare.dateline("watch", "match", "border", "guard", "--from", "lines", "--json")
    assert (ran.returncode, ran.stderr) == (2, b"lines: line 2: not UTF-8\n")
    told = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    assert [(each["line"], each["text"]) for each in told] == [(1, "border"), (3, "guard")]
    ran = bare.dateline("watch", "match", "zebra", "--from", "-", given=b"border\n")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"No line meets any of it.\n")
    ran = bare.dateline("watch", "match", "border AND", "--from", "lines")
    assert (ran.returncode, b"(column 8): border AND" in ran.stderr) == (2, True)
    ran = bare.dateline("watch", "match", "border", "--from", "none")
    assert (ran.returncode, b"File 'none' does not exist.\n" in ran.stderr) == (2, True)


@pytest.mark.parametrize("command", [("search",), ("watch", "try"), ("watch", "add", "quiet")])
@pytest.mark.parametrize("words", [("-weather",), ("border", "-weather"), ('-"weather report"',)])
def test_a_minus_before_a_word_is_told_what_to_write(
    bare: Desk, command: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """It looks like options that stand close together; a single letter may be one."""
    ran = bare.dateline(*command, *words)
    assert ran.returncode == 2
    wanted = words[-1].removeprefix("-")
    assert f"write NOT before it: NOT {wanted}, not -{wanted}\n" in ran.stderr.decode()
    for other in ("-r", "--wether"):
        assert f"No such option '{other}'" in bare.dateline(*command, other, "x").stderr.decode()


def test_a_folder_is_no_file_to_read_lines_from(bare: Desk) -> None:
    """Wherever lines are read from a file: the advice for writing would be of no use."""
    (bare.folder / "kept").mkdir()
    for command in (("watch", "match", "x"), ("stories",), ("probe",)):
        ran = bare.dateline(*command, "--from", "kept")
        assert (ran.returncode, ran.stdout) == (2, b"")
        assert ran.stderr.endswith(b"File 'kept' is a directory.\n")


def test_without_a_query_the_watches_are_asked(desk: Desk) -> None:
    """They answer by their names; a config without one says so."""
    given = "\n".join(LINES).encode()
    ran = desk.dateline("watch", "match", "--from", "-", given=given)
    assert (ran.returncode, b"the config has no watch" in ran.stderr) == (2, True)
    desk.write('[watch.tokayev]\nquery = "~Токаев"')
    ran = desk.dateline("watch", "match", "--from", "-", given=given)
    assert ran.stdout.decode().splitlines() == [
        "1  tokayev  [Токаев] встретился с Тасмагамбетовым",
        "4  tokayev  [Tokayev] met Tokayev",
    ]


QUERIES = {
    text: parse(text) for text in ("border", '"a b"', "NOT a", "tokay* OR b", "~Токаев", "/b+/")
}


@given(st.lists(st.binary(max_size=20) | st.text("ab borderТокаев", max_size=20).map(str.encode)))
def test_a_line_meets_what_an_article_of_its_words_meets(lines: list[bytes]) -> None:
    """The answer is that of a watch, whatever the bytes are."""
    for number, (line, found) in enumerate(zip(lines, match_lines(QUERIES, lines), strict=True), 1):
        assert found.number == number
        if isinstance(found, Unread):
            assert "\ufffd" in line.decode(errors="replace")
            continue
        assert isinstance(found, Line)
        article = Article(
            url=None,
            source="",
            title="",
            title_basis=TitleBasis.PAGE,
            text=found.text,
            text_basis=TextBasis.PAGE,
        )
        met = {name for name, query in QUERIES.items() if evaluate(query, article) is not None}
        assert {meeting.query for meeting in found.meetings} == met
