"""`dateline search` and `dateline watch`: found, tried, saved, shown and removed by the command."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.model import Article, Basis, Dateline, Precision, TextBasis, TitleBasis
from db.store import Store
from monitor.placing import place_all
from monitor.trial import MANY
from tests.monitor.command import called

if TYPE_CHECKING:
    from conftest import Desk

EXAMPLES = Path(__file__).parents[2] / "docs" / "watches.md"
NOW = datetime.now(UTC)
CONFIG = """
# The desk's own words.
[watch.guards]  # who guards
query = "guard"
sources = ["belta"]

[channel.desk]
kind = "webhook"
url = "https://hook.example/x"
timezone = "Europe/Moscow"
quiet = "22:00..07:00"
"""


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Give a desk whose store has items of three weeks."""
    desk.write(CONFIG)
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        for days, source, title, text in (
            (20, "tass", "Border talks", "Delegations met."),
            (12, "belta", "Guards", "Guards at the border of Belarus."),
            (12, "belta", "=SUM(A1)", 'Two guards said "yes", and left.'),
            (1, "tass", "Weather\x1b[2J", "Rain on the border."),
        ):
            when = NOW - timedelta(days=days)
            store.record(
                Article(
                    url=f"https://{source}.example/{title.split()[0]}",
                    source=source,
                    title=title,
                    title_basis=TitleBasis.PAGE,
                    text=text,
                    text_basis=TextBasis.PAGE,
                    dateline=Dateline(when=when, precision=Precision.MINUTE, basis=Basis.META),
                ),
                when + timedelta(minutes=5),
                card="digest",
            )
    return desk


def test_a_search_shows_the_words_it_met(filled: Desk) -> None:
    """The last seen on top, or with --rank the best; nothing of a stranger steers the terminal."""
    ran = filled.dateline("search", "border")
    lines = ran.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines if line and line[0] != " "] == ["4", "2", "1"]
    assert "    text: Rain on the [border]." in lines
    assert "\x1b" not in ran.stdout.decode()
    ranked = filled.objects("search", "border", "--rank")
    assert [each["id"] for each in ranked] == [1, 4, 2]
    assert ranked[0]["passages"] == [
        {"field": "title", "excerpt": "Border talks", "start": 0, "end": 6}
    ]
    assert [each["id"] for each in filled.objects("search", "border", "--source", "belta")] == [2]
    assert filled.objects("search", "border", "on:new", "--limit", "1")[0]["id"] == 4


@pytest.mark.parametrize("listing", [("items", "list"), ("search", "border"), ("stories", "--all")])
def test_a_list_that_is_cut_says_so(filled: Desk, listing: tuple[str, ...]) -> None:
    """On stderr, with how to see more; a list that holds all says nothing."""
    with Store.open(filled.folder / "var" / "dateline.db") as store:
        place_all(store, NOW)
    cut = filled.dateline(*listing, "--limit", "2")
    assert cut.stderr == b"Only 2 are listed: --limit 20 lists more.\n"
    one = filled.dateline(*listing, "--limit", "1")
    assert one.stderr == b"Only 1 is listed: --limit 10 lists more.\n"
    assert len(filled.dateline(*listing, "--limit", "2", "--json").stdout.splitlines()) == 2
    assert filled.dateline(*listing, "--limit", "20").stderr == b""


def test_a_search_can_be_a_table_for_spreadsheets(filled: Desk) -> None:
    """RFC 4180 with a head; what looks like a formula is text."""
    ran = filled.dateline("search", "guard", "--csv")
    rows = list(csv.DictReader(io.StringIO(ran.stdout.decode())))
    assert [row["title"] for row in rows] == ["'=SUM(A1)", "Guards"]
    assert rows[0]["passages"] == 'Two [guards] said "yes", and left.'
    assert rows[1]["passages"] == "[Guards] | [Guards] at the border of Belarus."
    assert rows[1]["precision"] == "minute"
    assert filled.dateline("search", "guard", "--csv", "--json").returncode == 2


def test_a_search_says_what_is_wrong(filled: Desk) -> None:
    """A bad query has its column, an unknown source its nearest name, nothing its reason."""
    ran = filled.dateline("search", "border", "AND")
    assert (ran.returncode, b"(column 8): border AND" in ran.stderr) == (2, True)
    ran = filled.dateline("search", "zebra", "--source", "tas")
    assert (ran.returncode, b'did you mean "tass"?' in ran.stderr) == (2, True)
    ran = filled.dateline("search", "zebra")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"Nothing meets this query.\n")


def test_a_query_is_tried_on_the_past(filled: Desk) -> None:
    """How much, by week, by source, at the busiest, and whom else it would have told."""
    (told,) = filled.objects("watch", "try", "border OR guard")
    assert (told["items"], told["too_often"]) == (4, False)
    assert told["weekly"] == pytest.approx(4 / (20 / 7), abs=0.02)
    assert sum(week["items"] for week in told["weeks"]) == 4
    assert told["sources"] == {"belta": 2, "tass": 2}
    assert told["burst"]["items"] == 2
    assert told["overlaps"] == [{"watch": "guards", "shared": 2, "items": 2}]
    assert [each["id"] for each in told["latest"]] == [4, 3, 2, 1]
    shown = filled.dateline("watch", "try", "border", "OR", "guard").stdout.decode()
    assert shown.startswith("border OR guard: 4 items since ")
    assert "What is older was left out" not in shown
    short = filled.dateline("watch", "try", "border OR guard", "--days", "5").stdout.decode()
    assert "What is older was left out: --days looks farther back (5 now)" in short
    assert "Busiest:  2 items within a minute" in shown
    assert "Sources:  belta 2, tass 2" in shown
    assert "Overlaps: guards tells of 2 of these (2 in all)" in shown
    (told,) = filled.objects("watch", "try", "border", "--days", "15", "--source", "tass")
    assert [each["id"] for each in told["latest"]] == [4]
    assert filled.dateline("watch", "try", "zebra").stdout.decode().startswith("zebra: 0 items")


def test_a_watch_for_edits_tells_of_no_new_items(filled: Desk) -> None:
    """What it would have told of is not what was stored: it is no overlap."""
    filled.write(CONFIG + '[watch.edits]\nquery = "guard"\non = ["edited"]\n')
    (told,) = filled.objects("watch", "try", "border OR guard")
    assert [one["watch"] for one in told["overlaps"]] == ["guards"]


def test_a_title_that_is_the_text_s_first_sentence_says_so(filled: Desk) -> None:
    """To people as to machines; one that stood on the page says nothing."""
    with Store.open(filled.folder / "var" / "dateline.db") as store:
        entry = store.entry(1)
        assert entry
        derived = replace(
            entry.article,
            url="https://tass.example/derived",
            title="Delegations met.",
            title_basis=TitleBasis.DERIVED,
        )
        store.record(derived, NOW)
        known = store.stored(derived)
        assert known
    shown = filled.dateline("items", "show", str(known.id)).stdout.decode()
    assert "title from: the first sentence: the text has none of its own\n" in shown
    assert "title from" not in filled.dateline("items", "show", "1").stdout.decode()


def test_an_edited_query_says_what_it_gains_and_loses(filled: Desk) -> None:
    """Beside the watch it would replace, in the sources of that watch."""
    query = ("watch", "try", "guard NOT border OR rain", "--instead-of", "guards")
    (told,) = filled.objects(*query)
    beside = told["instead_of"]
    assert (told["items"], beside["items"], beside["gained"], beside["lost"]) == (1, 2, 0, 1)
    assert [each["title"] for each in beside["latest_lost"]] == ["Guards"]
    assert told["overlaps"] == []
    shown = filled.dateline(*query, "--source", "belta", "--source", "tass").stdout.decode()
    assert "Instead of guards (2 items): 1 gained, 1 lost\nGained:\n" in shown
    ran = filled.dateline("watch", "try", "x", "--instead-of", "guard")
    assert (ran.returncode, b'did you mean "guards"?' in ran.stderr) == (2, True)


def test_a_watch_is_added_and_removed_and_comments_stay(filled: Desk) -> None:
    """The file gains one table and loses it again, byte for byte."""
    path = filled.folder / "dateline.toml"
    before = path.read_bytes()
    said = filled.dateline(
        *("watch", "add", "border", 'border* NOT "a b"', "--channel", "desk", "--source", "tass"),
        *("--on", "new", "--on", "edited"),
    )
    assert said.returncode == 0, said.stderr
    assert b"2 stored items since " in said.stderr
    assert b"it tells desk" in said.stderr
    shown = filled.dateline("watch", "show", "border").stdout.decode()
    assert "\nquiet:    desk 22:00..07:00 Europe/Moscow\n" in shown
    table = tomllib.loads(path.read_text())["watch"]["border"]
    assert table == {
        "query": 'border* NOT "a b"',
        "channels": ["desk"],
        "sources": ["tass"],
        "on": ["new", "edited"],
    }
    assert b"# The desk's own words.\n[watch.guards]  # who guards\n" in path.read_bytes()
    assert [watch["name"] for watch in filled.objects("watch", "list")] == ["guards", "border"]
    assert filled.dateline("watch", "remove", "border", "--dry-run").returncode == 0
    assert b"border" in path.read_bytes()
    assert filled.dateline("watch", "remove", "border").returncode == 0
    assert path.read_bytes() == before


def test_a_query_that_nothing_meets_says_how_far_back_it_looked(filled: Desk) -> None:
    """Ninety days were looked at, not all that is stored."""
    said = filled.dateline("watch", "add", "zebra", "zebra")
    assert b"nothing of the last 90 days meets it; it tells nobody" in said.stderr
    (filled.folder / "var" / "dateline.db").unlink()
    said = filled.dateline("watch", "add", "yak", "yak")
    assert b"nothing is stored yet; it tells nobody" in said.stderr


def test_a_mistake_leaves_the_config_as_it_was(filled: Desk) -> None:
    """A bad query, an unknown channel, a name that is taken, a key that no watch has."""
    path = filled.folder / "dateline.toml"
    before = path.read_bytes()
    for arguments, told in (
        (("x", "border AND"), "(column 8)"),
        (("x", "border", "--channel", "desc"), 'did you mean "desk"?'),
        (("guards", "border"), "there is a watch called guards already"),
        (("x", "border", "--set", "colour=red"), "colour"),
        (("x", "border", "--set", "colour"), "KEY=VALUE is meant here"),
        (("x", "border", "--set", 'channels=["desk"]'), "an option of its own: --channel"),
        (("x", "border", "--set", "query=zebra"), "an argument of its own"),
        (("X Y", "border"), "X Y"),
    ):
        ran = filled.dateline("watch", "add", *arguments)
        assert ran.returncode == 2
        assert told in ran.stderr.decode()
    assert filled.dateline("watch", "remove", "guard").returncode == 2
    filled.dateline("watch", "add", "x", "border", "--dry-run")
    assert path.read_bytes() == before


def test_a_query_that_would_fire_too_often_says_so_first(filled: Desk) -> None:
    """Where nobody can be asked it is not saved, unless --yes; a mere feed may be as it likes."""
    with Store.open(filled.folder / "var" / "dateline.db") as store:
        store.record_many(
            [
                (
                    Article(
                        url=f"https://tass.example/n{number}",
                        source="tass",
                        title=f"Many {number}",
                        title_basis=TitleBasis.PAGE,
                        text="A flood.",
                        text_basis=TextBasis.PAGE,
                    ),
                    "digest",
                )
                for number in range(4 * MANY)
            ],
            NOW,
        )
    path = filled.folder / "dateline.toml"
    before = path.read_bytes()
    ran = filled.dateline("watch", "add", "flood", "flood", "--channel", "desk")
    assert (ran.returncode, path.read_bytes()) == (1, before)
    assert f"items a week, more than {MANY}" in ran.stderr.decode()
    assert b"Too often: " in filled.dateline("watch", "try", "flood").stdout
    assert filled.dateline("watch", "add", "feed", "flood").returncode == 0
    assert (
        filled.dateline("watch", "add", "flood", "flood", "--channel=desk", "--yes").returncode == 0
    )
    assert "flood" in tomllib.loads(path.read_text())["watch"]


def test_a_watch_is_shown_with_what_meets_it(filled: Desk) -> None:
    """Its settings, where its feed is, what meets it now."""
    (told,) = filled.objects("watch", "show", "guards")
    assert told["query"] == "guard"
    assert told["feed"].endswith("var/feeds/watch-guards.xml")
    assert [each["id"] for each in told["latest"]] == [3, 2]
    shown = filled.dateline("watch", "show", "guards").stdout.decode()
    assert "channels: none: it tells nobody, and is a feed" in shown
    assert "2 items meet it since " in shown
    table = filled.dateline("watch", "list").stdout.decode().splitlines()
    assert table[1].split() == ["guards", "-", "belta", "new", "guard"]


def test_a_small_or_is_told_where_a_watch_is_made_tried_and_checked(filled: Desk) -> None:
    """It is a word like others, and such a watch would tell of next to nothing, for good."""
    hint = '"or" is a word like others; write OR.\n'
    for arguments in (("try",), ("add", "either")):
        done = filled.dateline("watch", *arguments, "guard or zebra")
        assert (done.returncode, done.stderr.decode().startswith(hint)) == (0, True)
    capital = filled.dateline("watch", "try", "guard OR zebra")
    assert "is a word like others" not in capital.stderr.decode()
    checked = filled.dateline("check")
    assert checked.returncode == 0
    assert f"watch either: {hint}" in checked.stderr.decode()
    assert "watch guards:" not in checked.stderr.decode()


def test_the_examples_of_the_documents_work_after_init(tmp_path: Path) -> None:
    """Every command line of docs/watches.md, in its order, beside the config that init writes."""
    blocks = re.findall(r"```sh\n(.*?)```", EXAMPLES.read_text(encoding="utf-8"), re.DOTALL)
    lines = "".join(blocks).splitlines()
    assert len(lines) > 5
    (tmp_path / "lines.txt").write_text("A border guard met Tokayev.\n")
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    for line in ("dateline init", *lines):
        done = called(shlex.split(line)[1:], folder=tmp_path, environ=environ)
        assert done.returncode == 0, (line, done.stderr.decode())
        if line == "dateline init":
            before = (tmp_path / "dateline.toml").read_bytes()
    assert (tmp_path / "dateline.toml").read_bytes() == before


def test_watches_before_the_first_round(desk: Desk) -> None:
    """Nothing is stored: that is said, and a watch can be made all the same."""
    assert b"No items yet." in desk.dateline("watch", "try", "border").stderr
    assert b"No watches yet." in desk.dateline("watch", "list").stderr
    ran = desk.dateline("watch", "add", "border", "border", "--json")
    assert json.loads(ran.stdout) == {
        "name": "border",
        "written": True,
        "weekly": None,
        "query": "border",
    }
    assert b"Nothing of the last 90 days" in desk.dateline("watch", "show", "border").stdout
