"""BelTA: the header's date, Minsk's clock under a wrong offset, day headings, rubrics."""

from datetime import UTC, datetime

import pytest

from db.errors import ExtractError
from db.model import Basis, Dateline, Precision, TitleBasis
from spiders.blocks import Page
from spiders.registry import default_source, site
from spiders.site import Card, Fetch

SITE = site("belta")
SOURCE = default_source("belta")
SEEN = datetime(2026, 1, 12, 9, tzinfo=UTC)
URL = "https://eng.belta.by/society/view/ministers-agree-174718-2026/"
HEADER = "Projects\nGovernment Bodies\nFlag Monday, 12 January 2026\nAll news\nAll news\n"
TEXT = "MINSK, 9 January (BelTA) – The ministers met. They agreed."
FOOTER = "\nFollow us on:\nX\nRecent news from Belarus"


def read(body, *, card=None, url=None, media="text"):
    return SITE.read(Page(url, body, media), SOURCE, card, SEEN).article


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_printed_stamp_dates_the_article_and_not_the_header():
    """Rubric, stamp, title and text are told apart from the header's own date."""
    article = read(
        f"{HEADER}Society\n09 January 2026, 15:53\n\nMinisters agree\n\n{TEXT}\n\nMore.{FOOTER}"
    )
    assert (article.title, article.section, article.text) == (
        "Ministers agree",
        "Society",
        f"{TEXT}\n\nMore.",
    )
    assert (article.dateline.when, article.dateline.basis) == (
        moment("2026-01-09T12:53"),
        Basis.PRINTED,
    )
    assert (article.dateline.place, article.dateline.raw) == ("MINSK", "09 January 2026, 15:53")


def test_a_title_above_the_stamp_is_found_too():
    """The mobile page prints the title first."""
    article = read(f"Ministers agree\n09 January 2026, 15:53\n{TEXT}")
    assert (article.title, article.text) == ("Ministers agree", TEXT)


def test_without_a_stamp_the_opening_line_dates_the_article():
    """The lead's day is taken, its year from the address or the latest such day; not the header's."""
    article = read(f"{HEADER}Ministers agree\n\n{TEXT}")
    assert (article.title, article.dateline.basis) == ("Ministers agree", Basis.LEAD)
    assert (article.dateline.when, article.dateline.precision) == (
        moment("2026-01-08T21:00"),
        Precision.DAY,
    )
    older = read(f"Ministers agree\n\n{TEXT}", url=URL.replace("2026", "2024"))
    assert older.dateline.when == moment("2024-01-08T21:00")


def test_a_text_that_starts_at_its_opening_line_has_a_derived_title():
    """Without stamp and title, the first sentence serves and says so; a card's title is better."""
    article = read(TEXT)
    assert (article.title, article.title_basis) == ("The ministers met", TitleBasis.DERIVED)
    titled = read(TEXT, card=Card(url=URL, title="Ministers agree"))
    assert titled.title == "Ministers agree"


def test_without_any_date_the_date_is_unknown():
    """The header's date is never the article's."""
    article = read(f"{HEADER}Ministers agree\n\nThe ministers met.", card=None)
    assert article.dateline.basis is Basis.UNKNOWN
    with pytest.raises(ExtractError):
        read("")


PAGE = """<html lang="en"><head>{meta}</head><body>
<div class="header_date">Monday, 12 January 2026</div><a class="rubric" href="/society/">Society</a>
{stamp}<h1>Ministers agree</h1><div class="inner_content"><div class="js-mediator-article">
MINSK, 9 January (BelTA) - The ministers met.<div>They agreed.</div><p>More.</p>
<div class="invite_in_messagers">Follow us on: <a href="#">X</a></div>
<div class="video_add">Video</div></div></div>
<div class="news_tags_block"><a title="Border" href="/t/1">Border</a><a title="Border" href="/t/1">Border</a></div>
<div class="news_item lenta_item"><div class="date">10 January 2026, 11:00</div>
<a href="/society/view/other-1-2026/">Other</a></div></body></html>"""
META = '<meta name="mediator_published_time" content="2026-01-09T15:53:00+00:00">'
OLD = '<meta property="article:published_time" content="2026-01-09T15:53:00+00:00">'
STAMP = '<div class="date_full">09&nbsp;January 2026, 15:53</div>'


@pytest.mark.parametrize(
    ("meta", "stamp", "basis"),
    [(META, STAMP, Basis.PRINTED), (META, "", Basis.META), (OLD, "", Basis.META)],
)
def test_the_machine_s_time_is_minsk_s_whatever_its_offset_says(meta, stamp, basis):
    """Printed or stated with +00:00, the clock is the same and means Minsk."""
    article = read(PAGE.format(meta=meta, stamp=stamp), url=URL, media="html")
    assert (article.dateline.when, article.dateline.basis) == (moment("2026-01-09T12:53"), basis)
    assert article.text == "MINSK, 9 January (BelTA) - The ministers met.\n\nThey agreed.\n\nMore."
    assert (article.title, article.section, article.tags) == (
        "Ministers agree",
        "Society",
        ("Border",),
    )
    assert article.url == URL


def test_a_rubric_is_the_page_s_own_and_not_that_of_a_card():
    """Cards beside the article have rubrics too."""
    body = PAGE.format(meta=META, stamp=STAMP).replace(
        '<a class="rubric" href="/society/">Society</a>', ""
    )
    beside = '<div class="news_item lenta_item"><a class="rubric" href="/sport/">Sport</a></div>'
    article = read(body.replace("</body>", f"{beside}</body>"), url=URL, media="html")
    assert article.section is None


def test_the_card_of_the_list_dates_a_page_that_prints_nothing():
    """A list's day heading and clock are better than the opening line's day."""
    listed = Dateline(
        when=moment("2026-01-09T12:53"), precision=Precision.MINUTE, basis=Basis.LISTING
    )
    article = read(
        PAGE.format(meta="", stamp=""), card=Card(url=URL, dateline=listed), url=URL, media="html"
    )
    assert article.dateline.basis is Basis.LISTING
    assert article.dateline.place == "MINSK"


def test_the_russian_edition_opens_with_the_day():
    """`2 октября, Минск /Корр. БЕЛТА/.` names day, place and agency."""
    article = read(
        "Министры договорились\n\n9 января, Минск /Иван Петров - БЕЛТА/. Министры встретились."
    )
    assert (article.title, article.dateline.place) == ("Министры договорились", "Минск")
    assert article.dateline.when == moment("2026-01-08T21:00")


LIST = """<div id="inner">
<div class="new_date"><div class="day">09</div><div class="month_year">.01.26</div></div>
<div class="news_item lenta_item"><div class="date">15:53 <a class="date_rubric" href="/society/">Society</a></div>
<a href="/society/view/ministers-agree-174718-2026"><span class="lenta_item_title">Ministers agree</span></a>
<span class="lenta_textsmall">They met.</span></div>
<div class="news_item lenta_item"><div class="date">00:05 <a href="/sport/">Sport</a></div>
<a href="/sport/view/team-wins-5-2026/">Team wins</a></div>
<div class="new_date"><div class="day">08</div><div class="month_year">.01.26</div></div>
<div class="news_item lenta_item"><a href="/in-head-before-date/view/x-1-2026/">no</a>
<a href="/economy/view/prices-6-2026/">Prices</a></div>
<div class="load_more" onclick="get_page('/all_news/page/2/?day=08&month=01&year=26/','inner','1')">More</div></div>"""


def test_a_card_is_dated_by_its_day_heading_and_its_clock():
    """The first link of a card may be its rubric; a card without a clock has its day only."""
    fetch = Fetch(url="https://eng.belta.by/all_news/")
    listing = SITE.read_list(Page(fetch.url, LIST), fetch, SOURCE, SEEN)
    first, second, third = listing.cards
    assert (first.url, first.title, first.summary, first.section) == (
        URL,
        "Ministers agree",
        "They met.",
        "Society",
    )
    assert (first.dateline.when, first.dateline.raw) == (
        moment("2026-01-09T12:53"),
        "09.01.2026, 15:53",
    )
    assert second.dateline.when == moment("2026-01-08T21:05")
    assert (third.title, third.dateline.when, third.dateline.precision) == (
        "Prices",
        moment("2026-01-07T21:00"),
        Precision.DAY,
    )
    assert [more.url for more in listing.more] == ["https://eng.belta.by/all_news/page/2/"]


def test_headings_inside_headings_are_read_no_further_than_a_day_is_long():
    """A page that nests its day headings a hundred deep gives its cards all the same."""
    deep = LIST.replace('<div class="new_date">', '<div class="new_date">' * 100, 1)
    body = deep.replace("</div></div>", "</div></div>" + "<p>x</p>" * 2_000, 1)
    fetch = Fetch(url="https://eng.belta.by/all_news/")
    assert len(SITE.read_list(Page(fetch.url, body), fetch, SOURCE, SEEN).cards) == 3


def test_only_the_list_of_all_news_is_leafed():
    """A rubric's second page repeats its first, so it is not asked for."""
    fetch = SITE.lists(SOURCE, SEEN)[0]
    assert fetch.url == "https://eng.belta.by/all_news/"
    rubric = Fetch(url="https://eng.belta.by/society/")
    assert SITE.read_list(Page(rubric.url, LIST), rubric, SOURCE, SEEN).more == ()
    last = Page(fetch.url, LIST.replace("load_more", "loaded"))
    assert SITE.read_list(last, fetch, SOURCE, SEEN).more == ()


def test_a_list_without_day_headings_knows_no_dates():
    """A clock without a day is no date, and neither is today."""
    body = LIST.replace("new_date", "heading")
    fetch = Fetch(url="https://eng.belta.by/all_news/")
    cards = SITE.read_list(Page(fetch.url, body), fetch, SOURCE, SEEN).cards
    assert {card.dateline.basis for card in cards} == {Basis.UNKNOWN}
    broken = Page(fetch.url, LIST.replace(".01.26", "January"))
    assert SITE.read_list(broken, fetch, SOURCE, SEEN).cards[0].dateline.basis is Basis.UNKNOWN


def test_the_feed_is_read_where_it_exists():
    """BelTA's optional RSS states its dates itself."""
    body = (
        '<rss version="2.0"><channel><item><title>Ministers agree</title>'
        f"<link>{URL}</link><pubDate>Fri, 09 Jan 2026 15:53:00 +0300</pubDate></item></channel></rss>"
    )
    fetch = Fetch(url="https://eng.belta.by/rss")
    (card,) = SITE.read_list(Page(fetch.url, body, "xml"), fetch, SOURCE, SEEN).cards
    assert (card.url, card.dateline.when) == (URL, moment("2026-01-09T12:53"))


@pytest.mark.parametrize(
    ("url", "is_article"),
    [
        (URL, True), (URL.rstrip("/"), True), ("https://belta.by/president/view/x-1-2026", True),
        ("https://eng.belta.by/society/", False), ("https://eng.belta.by/printv/view/x-1-2026/", False),
        ("https://eng.belta.by/society/view/x-1/", False),
    ],
)  # fmt: skip
def test_an_article_s_address_has_a_rubric_and_a_year(url, is_article):
    """Lists and print pages are no articles."""
    assert SITE.is_article(url) is is_article


def test_the_final_slash_makes_no_second_article():
    """With and without it, with and without tracking, it is one address."""
    assert SITE.canonical(URL.replace("https", "http").rstrip("/") + "?utm_source=x") == URL
    assert SITE.canonical("https://eng.belta.by/all_news") == "https://eng.belta.by/all_news"
