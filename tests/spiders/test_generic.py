"""Pages nobody wrote rules for: title, text and facts each from its own evidence."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import ExtractError
from db.model import TextBasis, TitleBasis
from spiders import generic
from spiders.blocks import Page
from spiders.registry import site
from tests.spiders.generic_pages import (
    FIRST,
    LAST,
    SECOND,
    SEEN,
    SOURCE,
    STRUCTURED,
    URL,
    page,
    read,
)

TEXT = (FIRST, SECOND, "What happens next", "- First the north bank", LAST)


@pytest.mark.parametrize(
    ("above", "middle", "below"),
    [
        ("", "", ""),
        (
            "<div class='cookie-banner'>We use cookies to make this site work as well as it can for you.</div>",
            "",
            "",
        ),
        ("", "<div class='byline'>By Jo Writer, 19 November 2026</div>", ""),
        (
            "",
            "<figure><img><figcaption>The river in flood, a long caption about it. Photo: X</figcaption></figure>",
            "",
        ),
        (
            "",
            "<div>Posted 3 hours ago</div>",
            "<div class='comments'><p>" + "I do not agree at all with this. " * 40 + "</p></div>",
        ),
        (
            "",
            "",
            "<section><h3>Related stories</h3><a href='/a'>Old story with quite a long title that leads away</a></section>",
        ),
        ("", "", "<div class=x>Share this on Facebook</div><div><a href='/t'>flood</a></div>"),
        (
            "",
            "<aside>Subscribe to our newsletter to get the best stories every morning at eight.</aside>",
            "",
        ),
    ],
)
def test_the_text_is_the_article_s_and_nothing_else(above: str, middle: str, below: str) -> None:
    """Banners, bylines, captions, comments, related stories and share lines are no text."""
    assert read(page(above=above, middle=middle, below=below)).paragraphs == TEXT


def test_a_card_inserted_into_the_text_is_left_out() -> None:
    """A label and the link behind it go, the paragraphs around them stay."""
    body = f"<div><h1>T</h1><p>{FIRST}</p><p>Read also</p><p><a href='/x'>Another story altogether</a></p><p>{SECOND}</p><p>{LAST}</p></div>"
    assert read(Page(URL, body)).paragraphs == (FIRST, SECOND, LAST)


def test_text_without_paragraph_elements_is_found() -> None:
    """Old pages part their paragraphs by line breaks or plain divisions."""
    assert read(Page(URL, f"<h1>T</h1><td>{FIRST}<br><br>{SECOND}<br>{LAST}</td>")).paragraphs == (
        FIRST,
        SECOND,
        LAST,
    )


def test_structured_text_serves_where_the_page_shows_none() -> None:
    """A page drawn by a script may still carry its text as data."""
    body = f'<script type="application/ld+json">{{"@type":"Article","articleBody":"{FIRST} &amp; more.<br>{SECOND}"}}</script><div id=app></div>'
    assert read(Page(URL, body)).paragraphs == (f"{FIRST} & more.", SECOND)


def test_a_page_without_text_is_an_error() -> None:
    """Nothing is made up for an empty page."""
    with pytest.raises(ExtractError):
        site("listing").read(Page(URL, "<html><body><h1>T</h1></body></html>"), SOURCE, None, SEEN)


@pytest.mark.parametrize(
    ("head", "heading", "tag", "title"),
    [
        (
            "",
            "Council approves defences",
            "Council approves defences | The Daily",
            "Council approves defences",
        ),
        (
            '<meta property="og:title" content="Council approves defences">',
            "The Daily",
            "x",
            "Council approves defences",
        ),
        (
            '<meta property="og:title" content="Council approves - The Daily"><meta property="og:site_name" content="The Daily">',
            "",
            "x",
            "Council approves",
        ),
        ("", "", "Council approves new defences - The Daily", "Council approves new defences"),
        ("", "The only heading", "", "The only heading"),
        ("", "", "", ""),
        (STRUCTURED, "", "", "Council approves defences"),
    ],
)
def test_a_title_is_what_the_evidence_agrees_on(
    head: str, heading: str, tag: str, title: str
) -> None:
    """A heading that other evidence confirms, else the best evidence alone, without the site's name."""
    body = f"<html><head><title>{tag}</title>{head}</head><body><h1>{heading}</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>"
    assert read(Page(URL, body)).title == title


def test_facts_come_from_structured_data() -> None:
    """Author, section, tags and summary are taken as stated."""
    found = read(page(STRUCTURED))
    assert (found.authors, found.section, found.tags, found.summary) == (
        ("Jo Writer",),
        "Local",
        ("flood", "river"),
        "A wall.",
    )
    named = read(
        page(
            '<meta name="author" content="Al Other"><meta name="keywords" content="a,b"><meta name="description" content="D">'
        )
    )
    assert (named.authors, named.tags, named.summary) == (("Al Other",), ("a", "b"), "D")
    by_name = read(
        page(STRUCTURED.replace('[{"@type":"Person","name":"Jo Writer"}]', '"Jo Writer"'))
    )
    assert by_name.authors == ("Jo Writer",)


def test_facts_come_from_the_main_thing_of_a_described_page() -> None:
    """Some describe the page, and in that its article."""
    inner = STRUCTURED.partition(">")[2].rpartition("<")[0]
    data = f'<script type="application/ld+json">{{"@type":"WebPage","mainEntity":{inner}}}</script>'
    assert read(page(data)).authors == ("Jo Writer",)


def test_the_article_of_any_page_says_where_its_parts_stood() -> None:
    """The rules for any site give an article with page bases and all candidates."""
    reading = site("listing").read(page(STRUCTURED), SOURCE, None, SEEN)
    assert (reading.article.title_basis, reading.article.text_basis) == (
        TitleBasis.PAGE,
        TextBasis.PAGE,
    )
    assert (reading.article.url, reading.article.language) == (URL, "en")
    assert len(reading.candidates) >= 2


def test_a_plain_text_has_its_first_line_as_title() -> None:
    """A text dropped without markup is title and paragraphs."""
    found = read(Page(None, f"A title\n\n18 November 2026\n\n{FIRST}", "text"))
    assert (found.title, found.paragraphs[-1]) == ("A title", FIRST)
    assert found.dateline.raw == "18 November 2026"


@settings(deadline=None)
@given(st.text(alphabet="<>/hp1 dtimeariclnv=\"'!-&;0269:. \n", max_size=300))
def test_no_page_makes_the_reader_fail(body: str) -> None:
    """Whatever a stranger serves is read, or has no text."""
    generic.read(Page("https://e.test/a", body), "UTC", None, SEEN)


def test_a_byline_before_the_text_and_a_heading_behind_it_are_left_out() -> None:
    """Who wrote it and when, and a heading under which nothing stands, are no part of it."""
    line, end = "<span>By Jo Writer, 8:30</span>", "<h3>What readers say</h3>"
    body = f"<div><h1>T</h1>{line}<p>{FIRST}</p><p>{SECOND}</p>{end}</div>"
    assert read(Page(URL, body)).paragraphs == (FIRST, SECOND)


def test_what_stands_behind_a_label_at_the_end_is_no_text() -> None:
    """Also where it stands in the article's own element, with a teaser of its own."""
    teaser = (
        "A teaser of another story that is long enough to be taken for a paragraph of this one."
    )
    body = (
        f"<html><body><article><h1>Council approves defences</h1><p>{FIRST}</p><p>{SECOND}</p>"
        f"<p>{LAST}</p><p>Related stories</p><p>{teaser}</p></article></body></html>"
    )
    found = generic.read(Page(URL, body), "UTC", None, SEEN)[0]
    assert found.paragraphs == (FIRST, SECOND, LAST)


def test_a_heading_that_is_the_site_s_name_is_no_title() -> None:
    """A site may put its own name into the only h1 of the page."""
    head = '<meta property="og:site_name" content="The Daily">'
    given = Page(
        URL,
        f"<html><head><title>Walls to be built</title>{head}</head><body><h1>The Daily</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>",
    )
    assert read(given).title == "Walls to be built"


def test_a_heading_that_leads_to_the_front_page_is_no_title() -> None:
    """Whatever it says; one that leads to the item itself is its title."""
    sign = "<h1><a href='/'>News from the north</a></h1>"
    own = "<h1><a href='/news/council-approves'>Walls are to be built</a></h1>"
    text = f"<p>{FIRST}</p><p>{SECOND}</p>"
    assert read(Page(URL, f"<body>{sign}{own}{text}</body>")).title == "Walls are to be built"
    assert read(Page(URL, f"<body>{sign}{text}</body>")).title == ""


def test_a_page_of_thousands_of_headings_costs_no_more_than_its_length() -> None:
    """The parts of its name are looked for once, not once for each heading."""
    given = Page(URL, f"<title>A title that is long enough - Site</title>{'<h1>Site</h1>' * 9000}")
    begun = process_time()
    assert read(given).title == "A title that is long enough"
    assert process_time() - begun < 8


def test_a_title_of_thousands_of_parts_costs_no_more_than_its_length() -> None:
    """Its short parts are counted and cut off once; a mark that ends a part is no obstacle."""
    long = Page(URL, f"<title>Walls are to be built{' - ab' * 60_000}</title><p>{FIRST}</p>")
    begun = process_time()
    assert read(long).title == "Walls are to be built"
    assert process_time() - begun < 5
    marked = "<title>Council approves the defence | ab: | cd</title>"
    assert read(Page(URL, f"{marked}<p>{FIRST}</p>")).title == "Council approves the defence"


def test_a_short_text_is_not_run_together_with_its_title_and_byline() -> None:
    """One sentence is a text, too: a second opinion counts only if it has much more to say."""
    words = "The mayor of Osh has resigned after a vote of the city council on the budget."
    body = (
        "<html><head><title>Mayor of Osh resigns</title></head><body><article><h2>Mayor of Osh resigns</h2>"
        f"<p class=meta>22 November 2026, 08:40 | By Aida Toktosunova</p><p>{words}</p></article>"
    )
    found, _ = generic.read(Page("https://e.test/a/1", body), "UTC", None, SEEN)
    assert found.paragraphs == (words,)
