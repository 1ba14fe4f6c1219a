"""Rows of a list that lead to files: items like the others, whose files nobody asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.visiting import Selectors, Source, State
from monitor.newsroom.wire import text_answer
from spiders.blocks import Page
from spiders.filed import links, titles
from spiders.registry import site
from tests.spiders.lists import listed, moment
from tests.spiders.test_any_visits import SECTION, stored, story

if TYPE_CHECKING:
    from conftest import Script, Visitor

ROW = "<tr><td>{n}</td><td>1{n}.11.2026</td><td><a {how}>The ministry's release number {n}</a></td></tr>"
ITEM = "<li class='row {odd}'><time datetime='2026-11-1{n}'></time><a {how}>The ministry's release number {n}</a></li>"
CARD = (
    "<div class=c><h3><a {how}>The ministry's release number {n}</a></h3><p>1{n}.11.2026</p></div>"
)
BARE = "<div class=c><p>1{n}.11.2026</p><p>The ministry's release number {n}</p> <span><a {how}>{more}</a></span></div>"


def rows(form: str, files: tuple[int, ...], ending: str = "pdf") -> str:
    """Return the rows 0 to 5 of a list, of which these lead to files."""
    return "".join(
        form.format(
            n=n,
            odd="odd" if n % 2 else "",
            how=f"class=file href='https://files.test/r-{n}.{ending}'"
            if n in files
            else f"href='/release?id={n}'",
            more="Download the document (PDF, 120 kB)"
            if n in files
            else f"The release in full {n}",
        )
        for n in range(6)
    )


@pytest.mark.parametrize("form", [ROW, ITEM, CARD, BARE])
@pytest.mark.parametrize("files", [(0, 3), (0, 1, 2, 4, 5), (1, 2, 3, 4, 5, 0)])
@pytest.mark.parametrize("ending", ["pdf", "DOCX"])
def test_a_row_that_leads_to_a_file_is_an_item(
    form: str, files: tuple[int, ...], ending: str
) -> None:
    """It has the title and the date of its row; a list may hold little else, or nothing."""
    if form is BARE and len(files) > 2:
        return  # all its links say the same: nothing tells that it is a list
    cards = listed("listing", f"<table>{rows(form, files, ending)}</table>").cards
    found = {int((card.url or "").rstrip(".pdfDOCX")[-1]): card for card in cards}
    assert sorted(found) == [0, 1, 2, 3, 4, 5]
    assert {n for n, card in found.items() if card.is_file} == set(files)
    for n in files:
        assert found[n].url == f"https://files.test/r-{n}.{ending}"
        assert f"The ministry's release number {n}" in found[n].title
        assert (moment(found[n]) or "").startswith(("2026-11-1", "2026-11-0"))
    assert [card.url for card in cards] == [found[n].url for n in range(6)]


ARTICLE = "<li><a href='/release?id={n}'>The ministry's release number {n}</a> <a href='/r-{n}.pdf'>{words}</a></li>"


@pytest.mark.parametrize("words", ["PDF", "The ministry's release as a document"])
def test_a_file_beside_an_item_is_none(words: str) -> None:
    """It belongs to the item; so it does where all stands in one element."""
    body = "".join(ARTICLE.format(n=n, words=words) for n in range(5))
    for markup in (body, body.replace("<li>", "").replace("</li>", "<br>")):
        cards = listed("listing", f"<ul>{markup}</ul>").cards
        assert [card.title for card in cards if words == "PDF" or not card.is_file] == [
            f"The ministry's release number {n}" for n in range(5)
        ]
    assert not any(card.is_file for card in listed("listing", f"<ul>{body}</ul>").cards)


@pytest.mark.parametrize(
    "beside",
    [
        "<aside><ul><li class=row><a href='/d-1.pdf'>The charter of the ministry in full</a></li></ul></aside>",
        "<p><a href='/d-1.pdf'>The charter of the ministry in full</a></p>",
        "<a href='/photo.jpg'>The photo of the ministry at night</a>",
    ],
)
def test_files_elsewhere_on_the_page_are_no_items(beside: str) -> None:
    """Nor is a page a list that holds files without dates: an article's attachments."""
    cards = listed("listing", f"<div><ul>{rows(ITEM, ())}</ul></div>{beside}").cards
    assert len(cards) == 6
    attached = "".join(
        f"<li><a href='/d-{n}.pdf'>The annex number {n} in full</a></li>" for n in range(5)
    )
    assert listed("listing", f"<h1>T</h1><ul>{attached}</ul>").cards == ()


HEADLINES = (
    "Opening remarks by Governor Smith in Basel",
    "Viewpoint of the bank on the new prices",
    "Full text of the agreement with Norway",
    "Filed claims of the year fall by a third",
    "Приложение к указу о бюджете страны",
)
HELD = "<p>It was held at the conference of banks in Basel, where the governors of forty banks meet.</p>"


@pytest.mark.parametrize("words", HEADLINES)
@pytest.mark.parametrize("form", [ROW, ITEM, CARD])
def test_a_headline_may_begin_like_the_words_for_a_file(form: str, words: str) -> None:
    """Only words that are all of files lead to no headline; no other words stand in for one."""
    row = form.format(n=7, odd="", how="href='/d-7.pdf'")
    row = row.replace("The ministry's release number 7", words)
    row = row.replace("</td></tr>", f"</td><td>{HELD}</td></tr>").replace("</li>", f"{HELD}</li>")
    cards = listed("listing", f"<table>{rows(form, (), '')}{row}</table>").cards
    assert [card.title for card in cards if card.is_file] == [words]


def _beside_items(row: str) -> list[tuple[str, str]]:
    """Return the addresses and titles of the files in one more row of a list."""
    cards = listed("listing", f"<ul>{rows(ITEM, ())}{row}</ul>").cards
    assert sum(not card.is_file for card in cards) == 6
    return [((card.url or "").rpartition("/")[2], card.title) for card in cards if card.is_file]


FORMS = (
    "<a href=/f/en.pdf>PDF</a> <a href=/f/fr.pdf>PDF (fr)</a> <a href=/f/a.xlsx>xlsx, 12.5 kB</a>"
)


@pytest.mark.parametrize(
    "told",
    [
        "The ministry's release of Monday {}",
        "<p>The ministry's release of Monday</p>{}",
        "<a href=/f/en.pdf><img></a><a href=/f/en.pdf>The ministry's release of Monday</a>{}",
        f"<h3>The ministry's release of Monday</h3>{HELD}{{}}",
        "<h3>Monday</h3><p>The ministry's release of Monday</p>{}",
    ],
)
def test_the_files_of_one_row_are_one_item(told: str) -> None:
    """The first, or the one whose link is the headline; a heading is the title before other words."""
    row = f"<li class=row>{told.format(FORMS)}</li>"
    title = "The ministry's release of Monday"
    ((url, found),) = _beside_items(row)
    assert (url, found.rstrip(" (fr),12.5kB")) == ("en.pdf", title)


@pytest.mark.parametrize("words", ["EN", "PDF " * 40, "<img>"])
def test_only_the_words_of_its_links_are_no_part_of_a_title(words: str) -> None:
    """Not the letters of other words, nor what nobody reads."""
    told = "ENERGY prices of the winter are told"
    links = f"<a href='/f/1.pdf'>{words}</a> <a href='/f/2.pdf'>DE</a>"
    found = _beside_items(f"<li class=row>{told} <p>{links}</p></li>")
    assert found == [("1.pdf", told)]


def test_each_file_of_a_row_with_a_headline_is_an_item() -> None:
    """What else its row holds belongs to these."""
    links = "".join(
        f"<p><a href='/f/{n}.pdf'>{words}</a> <a href='/f/{n}.doc'>Word</a></p>"
        for n, words in enumerate(HEADLINES)
    )
    found = _beside_items(f"<li class=row>{links}</li>")
    assert found == [(f"{n}.pdf", words) for n, words in enumerate(HEADLINES)]


@pytest.mark.parametrize(
    "row",
    [
        "<p>Would you like to know how the ministry works? Read all the reports of it here.</p>"
        + "".join(f"<a href='/f/r{n}.pdf'>Download PDF</a> " for n in range(12)),
        "<a href='/f/1.pdf'>Download the document (PDF)</a>",
        "<a href='/f/1.pdf'>Charter</a>",
    ],
)
def test_a_row_without_a_headline_for_its_files_has_no_item(row: str) -> None:
    """A dozen files below one line are a library; no title is made up for one without words."""
    assert _beside_items(f"<li class=row>{row}</li>") == []


def test_without_items_no_row_is_like_theirs() -> None:
    """Nothing is known then of the list."""
    page = Page("https://e.test/", rows(ITEM, (0, 1)), "html")
    files = links(page, site("listing"))
    assert len(files) == 2
    assert titles(page, files, [], lambda node: node.tag, bool) == {}


def test_a_page_of_nothing_but_files_is_read_in_a_moment() -> None:
    """Only the first hundreds of files count."""
    body = "".join(f"<a href='/d-{n}.pdf'>x</a>" for n in range(3000))
    assert len(links(Page("https://e.test/", body, "html"), site("listing"))) == 500


def test_selectors_may_lead_to_files() -> None:
    """One whose link has no words is called by its name."""
    body = (
        "<p class=i><a href='/docs/the%20plan.pdf'><img></a></p><p class=i><a href='/n/1'>x</a></p>"
    )
    cards = listed("listing", body, selectors=Selectors(card=".i")).cards
    assert [(card.title, card.is_file) for card in cards] == [("the plan.pdf", True), ("x", False)]


@pytest.mark.parametrize("selectors", [None, Selectors(card="p")])
def test_a_file_is_stored_from_its_row_and_never_asked_for(
    script: Script, visitor: Visitor, selectors: Selectors | None
) -> None:
    """Neither it nor its source is ill by that, at no visit; it is told of like any item."""
    source = Source(name="s", kind="listing", urls=(f"{script.base}/list",), selectors=selectors)
    article = "<p><a href='/news/story-{0}'>A headline about event number {0}</a></p>"
    file = "<p><a href='/docs/{0}.pdf'>The release number {0} of the ministry</a> 5.01.2026</p>"
    for number in (1, 2, 3):
        script.reply(f"/news/story-{number}", text_answer(story(number)))
    told = "".join(map(article.format, (1, 2, 3)))
    script.reply("/list", text_answer(SECTION.format(file.format(7) + told)))
    first = visitor.visit(source, script.allow)
    assert (first.state, first.new, first.listed, first.failed) == (State.OK, 4, 4, 0)
    script.reply("/list", text_answer(SECTION.format(file.format(8) + file.format(7) + told)))
    for hours in (2, 5, 30, 200):
        visitor.now += timedelta(hours=hours)
        report = visitor.visit(source, script.allow)
        assert (report.state, report.failed, report.reason) == (State.OK, 0, "")
    assert not [seen.path for seen in script.seen if seen.path.startswith("/docs/")]
    kept = stored(visitor)["8.pdf"]
    assert (kept.title, kept.text) == ("The release number 8 of the ministry", "")
    assert kept.attachments == (f"{script.base}/docs/8.pdf",)
    assert kept.dateline.when is not None
    with visitor.store() as store:
        (news,) = store.unmatched(9)
        assert store.due_visits("s", visitor.now + timedelta(days=9), 99) == ()
        assert [one.pending for one in store.statuses()] == [0]
    assert news.value.article == kept
