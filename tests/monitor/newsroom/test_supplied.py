"""The supplied documents as stories and as pages."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from db.model import Basis, Precision
from monitor.newsroom import supplied
from monitor.newsroom.press import moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.newsroom.room import Newsroom
    from monitor.newsroom.story import Story

    Ask = Callable[..., tuple[int, dict[str, str], bytes]]

DOCUMENTS = Path(__file__).parents[2] / "documents"
KEYS = {
    supplied.TASS: "000",
    supplied.INTERVIEW: "001",
    supplied.BELTA: "002",
    supplied.PRESS_CONFERENCE: "003",
    supplied.OPENKG: "004",
}


def words(text: str) -> str:
    """Fold white space, which HTML does not keep."""
    return " ".join(text.split())


def story(key: str) -> Story:
    """Return one supplied story."""
    return next(one for one in supplied.stories() if one.key == key)


def shown(body: bytes) -> str:
    """Return the visible text of a page, with pictures by their alt text."""
    page = html.document_fromstring(body.decode())
    for picture in page.iter("img"):
        picture.tail = f" {picture.get('alt')} {picture.tail or ''}"
    for line in page.iter("p", "li", "div", "h1", "h2", "a"):
        line.tail = f" {line.tail or ''}"
    return words(page.body.text_content())


@pytest.mark.parametrize("name", supplied.NAMES)
def test_packaged_documents_are_the_supplied_bytes(name: str) -> None:
    """The copy in the package is byte for byte the test fixture."""
    packaged = resources.files("monitor.newsroom").joinpath("documents", name)
    assert packaged.read_bytes() == (DOCUMENTS / name).read_bytes()


def test_thirteen_items() -> None:
    """The five documents hold 13 items: 8 of strips and 5 articles."""
    stories = supplied.stories()
    assert len(stories) == 13
    assert len([one for one in stories if "strip" in one.key]) == 8
    assert len({(one.site, one.path) for one in stories}) == 13


def test_strip_days_are_those_of_the_documents() -> None:
    """The eight strip items carry the days printed above them."""
    days = [f"{one.at:%Y-%m-%d}" for one in supplied.stories() if "strip" in one.key]
    first = ["2025-07-07", "2025-06-30", "2025-06-30", "2025-06-26"]
    assert days == [*first, "2024-12-23", "2024-12-11", "2024-12-11", "2024-12-11"]


@pytest.mark.parametrize(
    ("key", "when", "precision", "evidence"),
    [
        ("000", "2025-12-18T21:00:00+00:00", Precision.DAY, (Basis.LEAD,)),
        ("001", None, Precision.NONE, ()),
        ("002", "2025-12-15T13:11:00+00:00", Precision.MINUTE, (Basis.PRINTED,)),
        ("003", "2024-12-03T21:00:00+00:00", Precision.DAY, (Basis.PRINTED,)),
        ("004", None, Precision.NONE, ()),
    ],
)
def test_article_dates_are_those_of_the_table(
    key: str, when: str | None, precision: Precision, evidence: tuple[Basis, ...]
) -> None:
    """Three articles are dated and two are not, as documents.md says."""
    one = story(key)
    told = moment(one)
    assert (told.isoformat() if told else None) == when
    assert (one.precision, one.evidence) == (precision, evidence)


@pytest.mark.parametrize("name", supplied.NAMES)
def test_page_shows_every_line_of_its_document_in_order(
    newsroom: Newsroom, ask: Ask, name: str
) -> None:
    """Nothing of a document is lost or moved on its page."""
    (url,) = [row.url for row in newsroom.published() if row.key == KEYS[name]]
    text = shown(ask(url)[2])
    position = 0
    for line in supplied.document(name).lines:
        wanted = words(line.removeprefix("- "))
        position = text.index(wanted, position) + len(wanted)


def test_list_items_and_headings_are_marked() -> None:
    """The four items of 004 are a list, the titles inside 000 and 003 are headings."""
    kinds = {key: [block.kind for block in story(key).body] for key in KEYS.values()}
    assert kinds["004"].count("item") == 4
    assert kinds["000"].count("heading") == 3
    assert kinds["003"].count("heading") == 7
    assert set(kinds["001"]) == set(kinds["002"]) == {"paragraph"}


def test_untitled_copy_has_no_title_and_no_machine_readable_date(
    newsroom: Newsroom, ask: Ask
) -> None:
    """The page of 000 starts at the dateline, and only the sitemap leads there, without a time."""
    row = next(row for row in newsroom.published() if row.key == "000")
    page = ask(row.url)[2].decode()
    assert row.title == ""
    assert not any(mark in page for mark in ("<h1", "ld+json", "<time", "dateformat", "og:title"))
    base = newsroom.addresses["tass"]
    sitemap = ask(f"{base}/sitemap/sitemap_news0.xml")[2].decode()
    assert f"<loc>{row.url}</loc></url>" in sitemap
    assert row.url not in ask(f"{base}/rss/v2.xml")[2].decode()
