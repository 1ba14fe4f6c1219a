"""Saved pages and what the rules must read of them, to the word.

Of the four sites there are several vintages each, made from what is known of their markup; in
`anysite` stand pages of invented sites as their builders make them, read by rules for any site. The
wording is our own. Beside each page lies what it gives; a date that no page tells stays unknown.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from scrapy.http import HtmlResponse, TextResponse

from monitor import show
from monitor.cli import cli
from spiders.judge import Problem
from spiders.lists import Errand
from spiders.reading import identified, read_list, read_page
from spiders.registry import default_source, site
from spiders.site import Fetch

if TYPE_CHECKING:
    from spiders.site import Site

HERE = Path(__file__).parent
EXPECTED = sorted(HERE.rglob("*.expected.json"))
SITES = ("belta", "openkg", "secretariat", "tass")
FOLDERS = (*SITES, "anysite")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".json": "application/json",
}


def kind_of(path: Path) -> str:
    return path.parent.name if path.parent.name in SITES else "listing"


def wanted(path: Path) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return given


def dateline(given: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(given.get(name) for name in ("when", "precision"))


def holds(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Compare what is expected with an object as `probe --json` prints it."""
    assert dateline(found["dateline"]) == dateline(expected)
    for name in ("title", "summary", "section", "language", "url", "authors", "tags"):
        if name in expected:
            assert found[name] == expected[name], name
    if "text" in expected:
        assert found["text"].split("\n\n") == expected["text"]
        assert found["dateline"]["basis"] == expected.get("basis", found["dateline"]["basis"])
        assert found["dateline"]["place"] == expected.get("place")


def answer(path: Path, given: dict[str, Any]) -> TextResponse:
    page = path.parent / given["page"]
    kind = HtmlResponse if page.suffix == ".html" else TextResponse
    headers = {"Content-Type": TYPES[page.suffix]}
    return kind(given["url"], body=page.read_bytes(), headers=headers)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_visit_reads_the_page(path: Path) -> None:
    """The border behind which a spider reads gives every field, and no date that is not there."""
    given = wanted(path)
    kind = kind_of(path)
    rules: Site = site(kind)
    source, seen = default_source(kind), datetime.fromisoformat(given["seen"])
    if "list" in given:
        listing = read_list(rules, answer(path, given), Fetch(url=given["url"]), source, seen)
        assert not isinstance(listing, Problem)
        assert [card.url for card in listing.cards] == [card["url"] for card in given["list"]]
        for card, expected in zip(listing.cards, given["list"], strict=True):
            holds(show.card_object(card), expected)
        assert [fetch.url for fetch in listing.more] == given["more"]
        return
    errand = Errand(url=rules.canonical(given["url"]))
    reading = read_page(rules, answer(path, given), errand, source, seen)
    assert not isinstance(reading, Problem)
    assert reading.article is not None
    article = identified(rules, reading.article, given["url"])
    holds(
        {**show.article_object(article), "tags": list(article.tags)},
        {"url": rules.canonical(given["url"]), **given["article"]},
    )
    assert len(reading.cards) == given["article"].get("beside", 0)
    assert list(article.attachments) == given["article"].get("attachments", [])


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_probe_of_the_folder_reads_the_same(folder: str, tmp_path: Path) -> None:
    """`probe --from LIST --json` chooses the rules by the address and tells lists from articles."""
    for path in EXPECTED:
        if path.parent.name != folder:
            continue
        given = wanted(path)
        listed = tmp_path / "list.tsv"
        listed.write_text(f"{given['url']}\t{path.parent / given['page']}\n", encoding="utf-8")
        arguments = ["probe", "--from", str(listed), "--json", "--seen", given["seen"]]
        ran = CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)
        found = json.loads(ran.output)
        assert (found["kind"], found["problem"], ran.return_value) == (kind_of(path), "", 0), path
        if "list" in given:
            assert [card["url"] for card in found["cards"]] == [c["url"] for c in given["list"]]
            for card, expected in zip(found["cards"], given["list"], strict=True):
                holds(card, expected)
        else:
            holds(found, given["article"])


def test_each_site_has_pages_of_every_sort() -> None:
    """Three and more variants, lists and articles, both languages, and some without a date."""
    for kind in SITES:
        given = {path.name: wanted(path) for path in EXPECTED if path.parent == HERE / kind}
        lists = [name for name, one in given.items() if "list" in one]
        assert len(lists) >= 3, kind
        assert len(given) - len(lists) >= 3, kind
        assert {name[:3] for name in given} == {"en-", "ru-"}
        undated = [one for one in given.values() if one.get("article", {}).get("when", 1) is None]
        assert undated, kind
