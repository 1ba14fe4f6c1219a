"""Lists that were saved, read again as lists: said to be one, marked as one, or a source's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from monitor.scouting import _mark
from tests.monitor.test_probe import PAGE, PROSE, probe

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://e.test/news/town"
# A list whose first words are longer than what its cards say: it looks like an article's page.
LIST = (
    f"<html><title>News</title><body><h1>News</h1><p>{PROSE}</p><p>{PROSE}</p>"
    + "".join(
        f"<p class=c><a href='/news/{n}'>The market hall opens door {n}</a> 1{n}.11.2025 18:20</p>"
        for n in range(4)
    )
    + "</body></html>"
)
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [{"id": "1", "url": "https://e.test/f/1", "title": "Council reopens the bridge"}],
}
CONFIG = """
[source.town]
kind = "listing"
urls = ["https://e.test/news/town"]
timezone = "Asia/Almaty"
[source.town.selectors]
card = "p.c"

[source.rows]
kind = "api"
urls = ["https://e.test/rows"]
[source.rows.api]
items = "rows"
link = "u"
title = "t"
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Save a list."""
    path = tmp_path / "list.html"
    path.write_text(LIST)
    return path


def objects(*arguments: object) -> list[dict[str, object]]:
    """Return what is told of pages, as JSON."""
    return [json.loads(line) for line in probe(*arguments, "--json")[1].splitlines()]


def test_what_is_said_to_be_a_list_is_read_as_one(page: Path) -> None:
    """Without that it looks like an article; with --url there is no doubt."""
    (looks,) = objects(page, "--url", URL)
    (told,) = objects(page, "--url", URL, "--as", "listing")
    assert (looks["is_list"], told["is_list"]) == (False, True)
    assert [card["url"] for card in told["cards"]] == [f"https://e.test/news/{n}" for n in range(4)]
    code, text = probe(page, "--url", URL, "--as", "listing")
    assert (code, "a list of 4 items" in text) == (0, True)


def test_a_page_that_states_its_article_is_no_list(page: Path) -> None:
    """Nor is one without items, whatever is said."""
    stated = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "News"}</script>'
    )
    page.write_text(LIST.replace("<title>", f"{stated}<title>"))
    assert [one["is_list"] for one in objects(page, "--url", URL, "--as", "listing")] == [False]
    page.write_text(PAGE)
    (told,) = objects(page, "--url", URL, "--as", "listing")
    assert (told["is_list"], told["problem"]) == (False, "")


@pytest.mark.parametrize("rules", [(), ("--as", "feed"), ("--as", "feed", "--url", URL)])
def test_a_saved_json_feed_is_a_list(tmp_path: Path, rules: tuple[str, ...]) -> None:
    """However it is named; other JSON is none."""
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(FEED))
    (told,) = objects(path, *rules)
    assert [card["title"] for card in told["cards"]] == ["Council reopens the bridge"]
    path.write_text('{"rows": []}')
    (told,) = objects(path, *rules)
    assert (told["cards"], bool(told["problem"])) == ([], True)


def test_a_list_of_pages_says_which_are_lists(page: Path) -> None:
    """As `probe --save` writes it; a file may be called like a kind."""
    (page.parent / "feed").write_text(PAGE)
    saved = page.parent / "list.tsv"
    saved.write_text(f"{URL}\tlist.html\n{URL}/1\tfeed\n")
    assert [one["is_list"] for one in objects("--from", saved)] == [False, False]
    for _ in range(2):
        _mark(saved, {URL: "listing"})
    assert saved.read_text() == f"{URL}\tlist.html\tlisting\n{URL}/1\tfeed\n"
    assert [one["is_list"] for one in objects("--from", saved)] == [True, False]


def test_where_no_page_was_saved_none_is_marked(tmp_path: Path) -> None:
    """What was found is told nevertheless."""
    _mark(tmp_path / "pages" / "list.tsv", {URL: "listing"})
    assert list(tmp_path.iterdir()) == []


def test_a_source_s_rules_read_a_page(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its zone, its selectors, its keys; at its own address it is its list."""
    monkeypatch.chdir(page.parent)
    (page.parent / "dateline.toml").write_text(f'[dateline]\ncontact = "me@e.test"\n{CONFIG}')
    (told,) = objects(page, "--url", URL, "--as", "town")
    assert (told["kind"], len(told["cards"])) == ("listing", 4)
    assert told["cards"][0]["dateline"]["zone"] == "Asia/Almaty"
    assert "(rules: town, listing, " in probe(page, "--url", URL, "--as", "town")[1]
    page.write_text(PAGE)
    (told,) = objects(page, "--url", f"{URL}/1", "--as", "town")
    assert (told["is_list"], told["dateline"]["zone"]) == (False, "Asia/Almaty")
    page.write_text('{"rows": [{"u": "/n/1", "t": "The bridge is open"}]}')
    (told,) = objects(page, "--url", "https://e.test/rows", "--as", "rows")
    assert [card["title"] for card in told["cards"]] == ["The bridge is open"]
    with pytest.raises(Exception, match=r'no rules are called "twn"; known: .*, town, rows'):
        probe(page, "--as", "twn")
