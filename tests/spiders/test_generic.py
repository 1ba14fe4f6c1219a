"""Pages nobody wrote rules for: title, date and text each from its own evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import ExtractError
from db.model import Basis, Dateline, Precision, TextBasis, TitleBasis
from db.visiting import Source
from spiders import candidates, generic
from spiders.blocks import Page
from spiders.registry import site
from spiders.site import Card

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
SOURCE = Source(name="s", kind="listing", urls=("https://e.test/",), timezone="Europe/London")
URL = "https://e.test/news/council-approves"
FIRST = "The council has approved a plan to build new flood defences along the river after years of debate."
SECOND = "Work will begin in the spring and will take two years to finish, the leader of the council said."
LAST = "Residents welcomed the decision but asked for more trees to be planted along the wall."
STRUCTURED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council approves defences",'
    '"datePublished":"2026-11-19T08:30:00+00:00","dateModified":"2026-11-20T10:00:00Z",'
    '"author":[{"@type":"Person","name":"Jo Writer"}],"articleSection":["Local"],"keywords":"flood, river",'
    '"description":"A wall."}</script>'
)


def page(
    head: str = "", above: str = "", middle: str = "", below: str = "", title: str = ""
) -> Page:
    """Return a page of a usual layout, with what is given in its places."""
    return Page(
        URL,
        f"<html lang='en-GB'><head><title>{title or 'Council approves defences | The Daily'}</title>{head}</head><body>"
        f"{above}<nav><a href='/'>Home</a></nav><main><article><h1>Council approves defences</h1>{middle}"
        f"<p>{FIRST}</p><p>{SECOND}</p><h2>What happens next</h2><ul><li>First the north bank</li></ul>"
        f"<p>{LAST}</p></article>{below}</main><footer>Copyright © 2026 The Daily, 1 January 2026</footer></body></html>",
    )


def read(given: Page, card: Card | None = None) -> generic.Found:
    return generic.read(given, "Europe/London", card, SEEN)[0]


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


def verdict(given: Page, card: Card | None = None) -> tuple[str | None, Basis, Precision]:
    """Return moment, basis and precision of what is chosen."""
    dateline = generic.read(given, "Europe/London", card, SEEN)[1].dateline
    when = dateline.when.strftime("%Y-%m-%dT%H:%M") if dateline.when else None
    return when, dateline.basis, dateline.precision


PRINTED = "<div class='date'>19 November 2026, 08:30</div>"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (page(STRUCTURED), ("2026-11-19T08:30", Basis.STRUCTURED, Precision.SECOND)),
        (
            page('<meta property="article:published_time" content="2026-11-19T08:30:00Z">'),
            ("2026-11-19T08:30", Basis.META, Precision.SECOND),
        ),
        (
            page(middle="<time datetime='2026-11-19T08:30Z'>today</time>"),
            ("2026-11-19T08:30", Basis.TIME_ELEMENT, Precision.MINUTE),
        ),
        (
            page(middle="<span itemprop='datePublished' content='2026-11-19'>x</span>"),
            ("2026-11-19T00:00", Basis.STRUCTURED, Precision.DAY),
        ),
        (page(middle=PRINTED), ("2026-11-19T08:30", Basis.PRINTED, Precision.MINUTE)),
        (
            page(middle="<p>Thursday, 19 November 2026</p>"),
            ("2026-11-19T00:00", Basis.PRINTED, Precision.DAY),
        ),
        (page(middle="<p>2 hours ago</p>"), ("2026-11-21T00:00", Basis.PRINTED, Precision.DAY)),
        (page(), (None, Basis.UNKNOWN, Precision.NONE)),
    ],
)
def test_a_date_is_found_where_pages_state_it(
    given: Page, expected: tuple[str | None, Basis, Precision]
) -> None:
    """Structured, meta, time element, printed beside the title; without evidence it is unknown."""
    assert verdict(given) == expected


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (page(above="<div id=top>Saturday, 21 November 2026</div>"), "today's date"),
        (page(middle="<p>Updated 20 November 2026</p>"), "changed"),
        (
            page(middle="<figure><figcaption>Seen on 3 March 2020</figcaption></figure>"),
            "another item",
        ),
        (page(middle="<p><a href='/old'>Old story of 5 May 2019</a></p>"), "another item"),
        (page(below="<p>x</p>" * 9 + "<div>5 May 2019</div>"), "far from the title"),
        (page(), "copyright"),
        (page(middle="<div>19 November 2027</div>"), "ahead"),
    ],
)
def test_a_date_of_something_else_is_rejected_with_the_reason(given: Page, reason: str) -> None:
    """Today's date, updates, captions, other stories, the copyright line and the future are no dates."""
    found, judged = generic.read(given, "Europe/London", None, SEEN)
    assert found.dateline.basis is Basis.UNKNOWN
    assert [c for c in judged.candidates if reason in c.rejected]


def test_two_that_agree_outvote_one_that_is_better_known() -> None:
    """A page that stamps itself with the moment of its making is found out."""
    made_now = STRUCTURED.replace("2026-11-19T08:30:00+00:00", "2026-11-21T08:59:00+00:00")
    dated = Page("https://e.test/2026/11/19/council", page(made_now, middle=PRINTED).body)
    assert verdict(dated) == ("2026-11-19T08:30", Basis.PRINTED, Precision.MINUTE)
    assert verdict(page(made_now, middle=PRINTED))[1] is Basis.STRUCTURED


def test_among_those_that_agree_the_most_precise_is_taken() -> None:
    """A day in the address and a clock beside the title are one date."""
    day = STRUCTURED.replace("2026-11-19T08:30:00+00:00", "2026-11-19")
    assert verdict(page(day, middle=PRINTED)) == (
        "2026-11-19T08:30",
        Basis.PRINTED,
        Precision.MINUTE,
    )


def test_a_wrong_offset_yields_to_the_printed_clock() -> None:
    """The same clock under +00:00 and in print means the source's own zone."""
    minsk = page(STRUCTURED, middle=PRINTED)
    dateline = generic.read(minsk, "Europe/Minsk", None, SEEN)[1].dateline
    assert (dateline.when, dateline.basis) == (
        datetime(2026, 11, 19, 5, 30, tzinfo=UTC),
        Basis.PRINTED,
    )


def test_an_address_dates_a_page_that_prints_nothing() -> None:
    """A day in the path is evidence, the weakest but one."""
    assert verdict(Page("https://e.test/2026/11/19/council", page().body))[:2] == (
        "2026-11-19T00:00",
        Basis.URL,
    )


def test_a_card_s_date_is_believed_before_the_printed_line() -> None:
    """A list's own word stands between a machine's and a printed one."""
    listed = Dateline(
        when=datetime(2026, 11, 18, 7, tzinfo=UTC),
        precision=Precision.MINUTE,
        basis=Basis.LISTING,
        zone="UTC",
    )
    card = Card(url=URL, dateline=listed)
    assert verdict(page(), card)[1] is Basis.LISTING
    assert verdict(page(STRUCTURED), card)[1] is Basis.STRUCTURED


def test_the_article_of_any_page_says_where_its_parts_stood() -> None:
    """The rules for any site give an article with page bases and all candidates."""
    reading = site("listing").read(page(STRUCTURED), SOURCE, None, SEEN)
    assert (reading.article.title_basis, reading.article.text_basis) == (
        TitleBasis.PAGE,
        TextBasis.PAGE,
    )
    assert (reading.article.url, reading.article.language) == (URL, "en")
    assert len(reading.candidates) >= 2


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        ("Wednesday, 18 November 2026\n\n17 November 2026, 16:11", "2026-11-17T16:11:00+00:00"),
        ("Wednesday, 18 November 2026", "2026-11-18T00:00:00+00:00"),
        ("Wednesday, 18 November 2026\n\n19 November 2026, 10:20", "2026-11-18T00:00:00+00:00"),
        ("Wednesday, 18 November 2026\n\n17 November 2026", "2026-11-18T00:00:00+00:00"),
    ],
)
def test_the_day_above_a_plain_text_is_today_s_where_a_moment_stands_below(
    lines: str, when: str
) -> None:
    """A weekday alone rejects nothing; a moment that is later may be a reader's comment."""
    found = read(Page(None, f"Projects\n\n{lines}\n\n{FIRST}\n\n{SECOND}", "text"))
    assert found.dateline.when is not None
    assert found.dateline.when.isoformat() == when


@pytest.mark.parametrize(
    "below", ["Read also\n\n17.11.2026 10:15", "Photo 17.11.2026 12:40", "Made 17.11.2026 23:59"]
)
def test_a_moment_below_a_plain_text_is_anothers(below: str) -> None:
    """The day under the title is the text's own, whatever stands at its foot."""
    found = read(
        Page(None, f"A title\n\nWednesday, 18 November 2026\n\n{FIRST}\n\n{below}\n\nMore", "text")
    )
    assert found.dateline.when is not None
    assert found.dateline.when.isoformat() == "2026-11-18T00:00:00+00:00"


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


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # A machine's own zone is believed; a word where a moment should be is passed over.
        (
            page(STRUCTURED.replace("08:30:00+00:00", "10:30:00+02:00"), middle=PRINTED),
            ("2026-11-19T08:30", Basis.STRUCTURED, Precision.SECOND),
        ),
        (
            page('<meta name="pubdate" content="soon"><meta name="date" content="2026-11-19">'),
            ("2026-11-19T00:00", Basis.META, Precision.DAY),
        ),
        (
            page(
                middle="<i itemprop='datePublished'>soon</i>"
                "<i itemprop='datePublished' content='2026-11-19'>x</i>"
            ),
            ("2026-11-19T00:00", Basis.STRUCTURED, Precision.DAY),
        ),
        # Of several articles in the structured data, the one that names this page counts.
        (
            page(
                STRUCTURED.replace("-19T", "-12T")
                + STRUCTURED.replace('"headline"', f'"url":"{URL}/","headline"')
            ),
            ("2026-11-19T08:30", Basis.STRUCTURED, Precision.SECOND),
        ),
        # A weekday right above the title is the article's own unless it is today's.
        (
            Page(URL, page().body.replace("<h1>", "<p>Thursday, 12 November 2026</p><h1>")),
            ("2026-11-12T00:00", Basis.PRINTED, Precision.DAY),
        ),
        # What looks like a day in an address may be none.
        (
            Page("https://e.test/2026/02/31/council", page().body),
            (None, Basis.UNKNOWN, Precision.NONE),
        ),
        # A guess that is the day of the visit is none.
        (
            page('<meta name="revision-of" content="x"><meta name="created" content="2026-11-21">'),
            (None, Basis.UNKNOWN, Precision.NONE),
        ),
    ],
)
def test_weak_evidence_is_weighed_and_not_completed(
    given: Page, expected: tuple[str | None, Basis, Precision]
) -> None:
    """Zones, words for dates, headers, addresses and guesses: each says what it can and no more."""
    assert verdict(given) == expected


def test_a_byline_before_the_text_and_a_heading_behind_it_are_left_out() -> None:
    """Who wrote it and when, and a heading under which nothing stands, are no part of it."""
    line, end = "<span>By Jo Writer, 8:30</span>", "<h3>What readers say</h3>"
    body = f"<div><h1>T</h1>{line}<p>{FIRST}</p><p>{SECOND}</p>{end}</div>"
    assert read(Page(URL, body)).paragraphs == (FIRST, SECOND)


def test_a_page_that_htmldate_cannot_read_has_no_guess() -> None:
    """Whatever it raises, the page is read without it."""
    odd = SimpleNamespace(tree=5)
    assert generic._guess(odd, "UTC") is None  # noqa: SLF001 - no page of ours gets it to raise


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


def test_two_days_known_in_the_same_way_are_two_dates() -> None:
    """A better-known clock of the next day, from the same kind of evidence, replaces no day."""
    day = Dateline(
        when=datetime(2026, 11, 18, tzinfo=UTC),
        precision=Precision.DAY,
        basis=Basis.TIME_ELEMENT,
        zone="UTC",
    )
    other = Dateline(
        when=datetime(2026, 11, 19, 3, tzinfo=UTC),
        precision=Precision.MINUTE,
        basis=Basis.TIME_ELEMENT,
        zone="UTC",
    )
    offered = tuple(candidates.Candidate(dateline=one) for one in (day, other))
    assert candidates.judge(offered, SEEN).dateline == day


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


def test_a_page_of_thousands_of_dates_costs_no_more_than_its_length() -> None:
    """What says the same in the same way is weighed once, and what is left not without end."""
    begun = process_time()
    same = "<time datetime='2026-11-18T10:00Z'>x</time>" * 6000
    assert verdict(page(middle=f"<p>{same}</p>")) == (
        "2026-11-18T10:00",
        Basis.TIME_ELEMENT,
        Precision.MINUTE,
    )
    first = datetime(2026, 11, 18, tzinfo=UTC)
    others = "".join(
        f"<time datetime='{first - timedelta(minutes=n):%Y-%m-%dT%H:%MZ}'>x</time>"
        for n in range(3000)
    )
    assert verdict(page(middle=f"<p>{others}</p>"))[0] == "2026-11-18T00:00"
    assert process_time() - begun < 8


DATELINES = st.builds(
    Dateline,
    when=st.datetimes(datetime(2026, 11, 10), datetime(2026, 11, 19), timezones=st.just(UTC)),  # noqa: DTZ001 - its zone is the third argument
    precision=st.sampled_from([Precision.DAY, Precision.MINUTE]),
    basis=st.sampled_from([Basis.META, Basis.TIME_ELEMENT, Basis.PRINTED]),
    zone=st.just("UTC"),
)


@given(st.lists(DATELINES, min_size=1, max_size=8), st.integers(1, 4))
def test_a_date_said_again_changes_no_verdict(datelines: list[Dateline], times: int) -> None:
    """How often a page repeats the same evidence is no evidence."""
    once = tuple(candidates.Candidate(dateline=one) for one in datelines)
    assert candidates.judge(once * times, SEEN).dateline == candidates.judge(once, SEEN).dateline


def test_a_short_text_is_not_run_together_with_its_title_and_byline() -> None:
    """One sentence is a text, too: a second opinion counts only if it has much more to say."""
    words = "The mayor of Osh has resigned after a vote of the city council on the budget."
    body = (
        "<html><head><title>Mayor of Osh resigns</title></head><body><article><h2>Mayor of Osh resigns</h2>"
        f"<p class=meta>22 November 2026, 08:40 | By Aida Toktosunova</p><p>{words}</p></article>"
    )
    found, _ = generic.read(Page("https://e.test/a/1", body), "UTC", None, SEEN)
    assert found.paragraphs == (words,)
