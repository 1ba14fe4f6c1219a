"""`dateline probe`: what would be taken of a saved page, and how it is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from spiders.registry import kind_of

if TYPE_CHECKING:
    from pathlib import Path

PROSE = "The Council met in Minsk on Friday and spoke about the border for two hours. " * 4
PAGE = (
    "<html><head><title>Council meets</title></head><body><article><h1>Council meets\x1b[2J</h1>"
    f"<div>19 November 2025, 08:30</div><p>{PROSE}</p></article>"
    "<footer>© 2025 The Daily, 1 January 2025</footer></body></html>"
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Save a page of a site that nobody wrote rules for."""
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def probe(*arguments: object) -> tuple[int, str]:
    """Run the command in this process; return its exit code and what it printed."""
    ran = CliRunner().invoke(cli, ["probe", *map(str, arguments)], standalone_mode=False)
    if ran.exception:
        raise ran.exception
    return int(ran.return_value or 0), ran.output


def test_a_page_tells_its_fields_and_every_date(saved: Path) -> None:
    """What was taken, what was not and why; nothing in it steers the terminal."""
    code, told = probe(saved, "--url", "https://e.test/news/council", "--seen", "2025-11-20T09:00Z")
    assert code == 0
    assert "rules: listing" in told
    assert "title        Council meets" in told
    assert (
        "published    2025-11-19 08:30+00:00 (printed, UTC assumed, “19 November 2025, 08:30”)"
        in told
    )
    assert "“19 November 2025, 08:30”): taken" in told
    assert "place        -" in told
    assert "None" not in told
    assert "{" not in told
    assert "not taken: belongs to the copyright line" in told
    assert "\x1b" not in told


def test_a_machine_is_told_the_same(saved: Path) -> None:
    """One object, with all candidates and the reasons against them."""
    _, told = probe(saved, "--json", "--seen", "2025-11-20T09:00Z")
    given = json.loads(told)
    assert (given["kind"], given["problem"]) == ("listing", "")
    assert given["dateline"]["basis"] == "printed"
    assert {one["rejected"] for one in given["candidates"]} >= {"", "belongs to the copyright line"}
    assert [one["raw"] for one in given["candidates"] if one["taken"]] == [given["dateline"]["raw"]]


def test_many_pages_are_read_from_a_list(saved: Path, tmp_path: Path) -> None:
    """Address and file on each line, files beside the list; one that cannot be read fails it."""
    (saved.parent / "empty.html").touch()
    listed = tmp_path / "pages.tsv"
    lines = ("https://e.test/n/1\tpage.html", "\tempty.html", "https://e.test/n/2\tnone.html", "")
    listed.write_text("\n".join(lines))
    code, told = probe("--from", listed, "--json")
    rows = [json.loads(line) for line in told.splitlines()]
    assert [bool(row["problem"]) for row in rows] == [False, True, True]
    assert (code, rows[0]["url"]) == (1, "https://e.test/n/1")
    assert rows[1]["problem"] == "the file is empty"
    assert rows[2]["problem"] == "No such file or directory"


def test_a_list_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """What it would name is not known."""
    (tmp_path / "list.tsv").write_bytes("https://example.org/\tстраница.html\n".encode("cp1251"))
    with pytest.raises(Exception, match=r"list\.tsv is not UTF-8"):
        probe("--from", tmp_path / "list.tsv")


def test_a_site_s_rules_show_what_stands_beside(tmp_path: Path) -> None:
    """Rules are chosen by the address, or named; a page without an article says so."""
    path = tmp_path / "list.html"
    cards = "".join(
        f"<a href='https://eng.belta.by/politics/view/a-{n}-2025/'>A headline of {n}</a>"
        for n in range(3)
    )
    path.write_text(f"<html><body>{cards}</body></html>")
    _, told = probe(path, "--url", "https://eng.belta.by/politics/view/x-1-2025/")
    assert "rules: belta" in told
    assert kind_of("https://eng.belta.by/x") == "belta"
    assert kind_of("https://[") == "listing"


def test_what_is_asked_for_must_be_one_thing(saved: Path) -> None:
    """A page or a list of them; rules that exist."""
    for arguments in ((), (saved, "--from", saved), (saved, "--as", "blta")):
        with pytest.raises(Exception, match=r"name an address|no rules are called"):
            probe(*arguments)


def test_a_saved_list_shows_its_items(tmp_path: Path) -> None:
    """A feed or a sitemap of any site, and a list of a site with rules, are no articles."""
    feed = tmp_path / "feed.xml"
    item = "<item><title>Market hall opens</title><link>https://e.test/n/1</link><pubDate>Wed, 19 Nov 2025 08:30:00 GMT</pubDate></item>"
    feed.write_text(
        f'<?xml version="1.0"?>\n<!-- made by hand -->\n<rss><channel>{item}</channel></rss>'
    )
    code, told = probe(feed, "--seen", "2025-11-20T09:00Z")
    assert code == 0
    assert "a list of 1 items" not in told
    assert "a list of one item" in told
    assert "item         2025-11-19 08:30:00+00:00 Market hall opens" in told
    sitemap = tmp_path / "sitemap.xml"
    sitemap.write_text(
        "<urlset><url><loc>https://e.test/n/1</loc></url><url><loc>https://e.test/n/2</loc></url></urlset>"
    )
    _, told = probe(sitemap, "--url", "https://e.test/sitemap.xml", "--json")
    given = json.loads(told)
    assert (given["is_list"], given["beside"], given["candidates"]) == (True, 0, [])
    assert [card["url"] for card in given["cards"]] == ["https://e.test/n/1", "https://e.test/n/2"]


def test_a_list_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A hostile feed is one answer of many, not the end of them; nor is an address that is none."""
    (tmp_path / "feed.xml").write_text("<rss><channel>" + "<item/>" * 50_001)
    (tmp_path / "page.html").write_text(
        PAGE.replace("<head>", "<head><link rel=canonical href='http://[::1'>")
    )
    (tmp_path / "all.tsv").write_text("\tfeed.xml\n\tpage.html\n")
    code, told = probe("--from", tmp_path / "all.tsv", "--json")
    feed, page = (json.loads(line) for line in told.splitlines())
    assert "more than 50000 tags" in feed["problem"]
    assert (code, page["title"], page["problem"]) == (1, "Council meets[2J", "")


@pytest.mark.parametrize("rules", [(), ("--as", "listing")])
def test_a_saved_section_page_of_any_site_shows_its_items(tmp_path: Path, rules: tuple) -> None:
    """As its address does when it is visited; an article with links below stays one."""
    path = tmp_path / "section.html"
    cards = "".join(
        f"<div><h3><a href='/news/{n}-hall'>The market hall of the town opens door {n}</a></h3>"
        f"<time datetime=2025-11-1{n}>x</time></div>"
        for n in range(4)
    )
    path.write_text(f"<html><body><h1>Town</h1>{cards}</body></html>")
    arguments = (path, "--url", "https://e.test/town/", "--seen", "2025-11-20T09:00Z", *rules)
    code, told = probe(*arguments)
    assert code == 0
    assert "a list of 4 items" in told
    assert "item         2025-11-10 The market hall of the town opens door 0" in told
    given = json.loads(probe(*arguments, "--json")[1])
    assert (given["is_list"], len(given["cards"]), given["kind"]) == (True, 4, "listing")
    path.write_text(PAGE.replace("</article>", f"<p>{PROSE}</p></article>{cards}"))
    given = json.loads(probe(path, "--url", "https://e.test/news/council", "--json")[1])
    assert (given["is_list"], given["title"]) == (False, "Council meets\x1b[2J".replace("\x1b", ""))


def test_a_list_that_was_saved_without_its_address_is_no_article(tmp_path: Path) -> None:
    """As `import` refuses it; its items are shown with their links as written, and what to do."""
    path = tmp_path / "index.html"
    cards = "".join(
        f"<div class=card><h3><a href='{n}.html'>The market hall of the town opens door {n}</a></h3>"
        f"<span>2{n} November 2025, 18:20</span><p>It is the door {n} of them.</p></div>"
        for n in range(6)
    )
    path.write_text(f"<html><title>News</title><body><h1>News</h1>{cards}</body></html>")
    code, told = probe(path, "--seen", "2025-11-30T09:00Z")
    assert code == 0
    assert "  a list of 6 items\n  to take them, say with --url where the page was saved\n" in told
    assert "published" not in told
    given = json.loads(probe(path, "--json")[1])
    assert (given["is_list"], given["cards"][0]["url"]) == (True, "0.html")
    _, told = probe(path, "--url", "https://e.test/town/")
    assert "a list of 6 items" in told
    assert "--url" not in told


def test_a_year_that_nobody_wrote_is_said_to_be_ours(tmp_path: Path) -> None:
    """Of the item's date and of each that was weighed."""
    path = tmp_path / "page.html"
    path.write_text(
        "<html><body><h1>Ministers met</h1><p>MINSK, 19 December (BelTA) - Met.</p></body></html>"
    )
    _, told = probe(path, "--as", "belta", "--seen", "2025-12-20T09:00Z")
    assert "2025-12-19 (lead, Europe/Minsk assumed, “19 December”, year inferred)" in told


def test_dates_that_were_not_taken_say_why(tmp_path: Path) -> None:
    """A better-known date stands before a printed one; a site's rules may trust none."""
    path = tmp_path / "page.html"
    meta = '<meta property="article:published_time" content="2025-11-18T07:00:00Z">'
    path.write_text(PAGE.replace("<title>", f"{meta}<title>"))
    _, told = probe(path, "--seen", "2025-11-20T09:00Z")
    assert "(meta, “2025-11-18T07:00:00Z”): taken" in told
    assert "“19 November 2025, 08:30”): not taken: the one taken is better known" in told
    _, told = probe(path, "--as", "openkg", "--seen", "2025-11-20T09:00Z")
    path.write_text(PAGE)
    _, told = probe(path, "--as", "openkg", "--seen", "2025-11-20T09:00Z")
    assert "published    unknown" in told
    assert "not taken: these rules do not trust it" in told
