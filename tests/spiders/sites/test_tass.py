"""TASS: the opening line, the number that settles a year, JSON lists, tails that are no text."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from db.errors import ExtractError
from db.model import Basis, Dateline, Precision, TextBasis, TitleBasis
from spiders.blocks import Page
from spiders.registry import default_source, site
from spiders.site import Card, Fetch

SITE = site("tass")
SOURCE = default_source("tass")
SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
URL = "https://tass.com/politics/2060613"
LEAD = "MOSCOW, December 19. /TASS/. The ministers met at the border. They agreed."
BODY = f"{LEAD}\n\nThe talks lasted a day.\n\nNext Steps\n\nAnother round follows."


def read(body, *, card=None, url=None, media="text"):
    return SITE.read(Page(url, body, media), SOURCE, card, SEEN).article


def day(dateline):
    return (
        str(dateline.when.astimezone(ZoneInfo("Europe/Moscow")).date()) if dateline.when else None
    )


@pytest.mark.parametrize(
    ("above", "title", "summary"),
    [
        ("", None, ""),
        ("Ministers agree on the border\n\n", "Ministers agree on the border", ""),
        ("Ministers agree on the border\n\nThe talks lasted a whole day\n\n",
         "Ministers agree on the border", "The talks lasted a whole day"),
        ("World\nPolitics\n19 December 2025, 10:54\nMinisters agree on the border\n\n© A. Photographer/TASS\n\n",
         "Ministers agree on the border", ""),
    ],
)  # fmt: skip
def test_title_and_lead_stand_above_the_opening_line_or_nowhere(above, title, summary):
    """Menu words, stamps and captions are no title; without one it is derived from the text."""
    article = read(above + BODY)
    if title is None:
        assert (article.title, article.title_basis) == (
            "The ministers met at the border",
            TitleBasis.DERIVED,
        )
    else:
        assert (article.title, article.title_basis, article.summary) == (
            title,
            TitleBasis.PAGE,
            summary,
        )
    assert article.text == BODY


@pytest.mark.parametrize(
    ("tail", "left"),
    [
        ("RussiaCSTOKazakhstan\n\nSomething else\n\nA story.", ""),
        ("Foreign policyTajikistan\n\nSomething else\n\nA story.", ""),
        ("Tags\n\nRussia", ""),
        (
            "Storm hits the coast\n\nIt rained.\n\nTeam wins the cup\n\nThey played well.\n\nPrice of oil falls\n\nIt fell.",
            "",
        ),
        ("In Conclusion\n\nHe thanked all.", "\n\nIn Conclusion\n\nHe thanked all."),
    ],
)
def test_tags_and_other_stories_behind_the_text_are_cut(tail, left):
    """Tags run together and title-lead pairs are no text; a heading with its paragraph is."""
    assert read(f"{BODY}\n\n{tail}").text == BODY + left


@pytest.mark.parametrize(
    ("card", "left"),
    [
        ("Read also\n\nOther ministers meet\n\n", ""),
        ("Read also Other ministers meet\n\n", ""),
        ("Read also:\n\nThe talks went on.\n\n", "The talks went on.\n\n"),
        (
            "Read also what they had said, he asked.\n\n",
            "Read also what they had said, he asked.\n\n",
        ),
    ],
)
def test_a_card_inserted_between_paragraphs_is_no_text(card, left):
    """The label goes with the other story's title; whole sentences and the text behind stay."""
    assert (
        read(f"{LEAD}\n\n{card}Another round follows.").text
        == f"{LEAD}\n\n{left}Another round follows."
    )


def test_the_opening_line_gives_place_and_correspondent():
    """Region, agency spelling and reporter may vary."""
    article = read(
        "IGORA /Leningrad Region/, December 26. /TASS Correspondent Jo Doe/. The leaders met."
    )
    assert (article.dateline.place, article.authors) == ("IGORA", ("Jo Doe",))
    assert day(article.dateline) == "2025-12-26"
    russian = read("МОСКВА, 16 августа. /ТАСС/. Министры встретились. Они договорились.")
    assert (russian.dateline.place, day(russian.dateline), russian.language) == (
        "МОСКВА",
        "2025-08-16",
        "ru",
    )
    assert russian.title == "Министры встретились"


@pytest.mark.parametrize(
    ("number", "printed", "expected"),
    [
        (1894093, "December 26", "2024-12-26"),
        (1031561, "November 19", "2018-11-19"),
        (1340000, "September 20", "2021-09-20"),
        (1388000, "January 13", "2022-01-13"),
        (1385000, "December 30", "2021-12-30"),
        (9999999, "December 26", "2025-12-26"),
        (1000, "December 26", "2025-12-26"),
    ],
)
def test_an_article_s_number_settles_the_year(number, printed, expected):
    """Between known numbers lies one year only; outside of them the latest such day is taken."""
    text = f"MOSCOW, {printed}. /TASS/. The ministers met."
    article = read(text, url=f"https://tass.com/world/{number}")
    assert (day(article.dateline), article.dateline.basis) == (expected, Basis.LEAD)


def test_a_paragraph_as_long_as_a_text_s_is_no_other_story_s_lead():
    """Titled paragraphs of the article itself are kept, however regularly they stand."""
    sections = "\n\n".join(
        f"What happened on day {n}\n\n{'It rained again. ' * 40}" for n in range(4)
    )
    assert read(f"{BODY}\n\n{sections}").text.count("What happened") == 4


def test_a_page_whose_markup_is_unknown_is_read_by_its_blocks():
    """Without the known container the opening line still finds the text."""
    html = (
        f"<html><body><nav>World</nav><h1>Ministers agree on it all</h1><p>{LEAD}</p></body></html>"
    )
    article = read(html, url=URL, media="html")
    assert (article.title, article.text) == ("Ministers agree on it all", LEAD)


def test_a_year_printed_in_the_opening_line_is_taken():
    """A full date needs no other evidence."""
    assert day(read("MOSCOW, December 26, 2023. /TASS/. They met.").dateline) == "2023-12-26"


PAGE = """<html lang="en"><head><meta property="og:title" content="Ministers agree - Politics - TASS">{ld}</head><body>
<a href="/">{{{{newsPoint.title}}}}</a>{header}
<div class="text-content"><div class="text-block"><p>MOSCOW, December 19. /TASS/. The ministers met.</p>
<p>© A. Photographer/TASS</p></div><a href="/x/1234"><span>Read also</span> <span>Read this too</span></a>
<div class="text-block"><h2>Next Steps</h2><p>Another round follows.</p></div><div class="tags">RussiaCSTO</div></div>
<p>Other story</p></body></html>"""
STRUCTURED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ministers agree on it",'
    '"datePublished":"2025-12-19T12:30:00+03:00"}</script>'
)
CLOCK = '<div class="news-header__date-date"><dateformat time="1766136600"></dateformat></div>'


@pytest.mark.parametrize(
    ("ld", "header", "title", "basis", "moment"),
    [
        (STRUCTURED, "", "Ministers agree on it", Basis.STRUCTURED, "2025-12-19T09:30"),
        ("", f'<h1 class="news-header__title">Ministers agree now</h1>{CLOCK}', "Ministers agree now",
         Basis.TIME_ELEMENT, "2025-12-19T09:30"),
        ("", "", "Ministers agree", Basis.LEAD, "2025-12-18T21:00"),
    ],
)  # fmt: skip
def test_the_vintages_of_a_page_read_alike(ld, header, title, basis, moment):
    """Structured data, the older header, or neither: the best evidence there is dates the page."""
    article = read(PAGE.format(ld=ld, header=header), url=f"{URL}/amp?utm_source=x", media="html")
    assert (article.title, article.dateline.basis) == (title, basis)
    assert article.dateline.when == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert (
        article.text
        == "MOSCOW, December 19. /TASS/. The ministers met.\n\nNext Steps\n\nAnother round follows."
    )
    assert (article.url, article.section, article.dateline.place) == (URL, "Politics", "MOSCOW")


def test_the_list_s_time_is_believed_before_the_opening_line():
    """A day from the text yields to the second from the API that led here."""
    exact = Dateline(
        when=datetime(2025, 12, 19, 9, 30, tzinfo=UTC), precision=Precision.SECOND, basis=Basis.API
    )
    card = Card(url=URL, title="From the list", section="World", guid="g", dateline=exact)
    article = read(LEAD, card=card)
    assert article.dateline == replace(exact, place="MOSCOW")
    assert (article.title, article.title_basis, article.section, article.guid) == (
        "From the list", TitleBasis.LISTING, "World", "g",
    )  # fmt: skip


def test_a_page_without_an_opening_line_has_its_first_line_as_title():
    """Galleries and briefs name no place and no day."""
    article = read("The week in pictures\n\nA parade was held.\n\nA bridge was opened.")
    assert (article.title, article.dateline.basis) == ("The week in pictures", Basis.UNKNOWN)
    assert article.text == "A parade was held.\n\nA bridge was opened."
    with pytest.raises(ExtractError):
        read("")


def test_lists_are_asked_for_feeds_first():
    """A section page becomes a JSON request; what can be asked conditionally comes first."""
    source = replace(SOURCE, urls=("https://tass.com/politics/", "https://tass.com/rss/v2.xml"))
    feed, ask = SITE.lists(source, SEEN)
    assert (feed.method, feed.url) == ("GET", "https://tass.com/rss/v2.xml")
    assert (ask.method, ask.url) == ("POST", "https://tass.com/userApi/categoryNewsList")
    assert (feed.covers, ask.covers) == (True, False)
    assert json.loads(ask.body)["sectionId"] == 4954
    assert json.loads(ask.body)["timestamp"] == int(SEEN.timestamp())
    assert ("Referer", "https://tass.com/politics/") in ask.headers


def answered(rows, last):
    return Page(
        "https://tass.com/userApi/categoryNewsList",
        json.dumps({"newsList": rows, "lastTime": last}),
        "json",
    )


def test_a_json_answer_gives_cards_and_the_next_request():
    """Unix seconds are exact; the next page is the same request with the answer's last time."""
    ask = SITE.lists(replace(SOURCE, urls=("https://tass.com/world",)), SEEN)[0]
    rows = [
        {"title": "A", "lead": "L", "link": "/world/2060614?utm_source=f", "date": 1766136600},
        {"title": "B", "lead": None, "link": None, "date": None},
        "junk",
    ]
    listing = SITE.read_list(answered(rows, 1766136600), ask, SOURCE, SEEN)
    first, second = listing.cards
    assert (first.url, first.title, first.summary, first.section) == (
        "https://tass.com/world/2060614",
        "A",
        "L",
        "World",
    )
    assert (first.dateline.basis, first.dateline.precision) == (Basis.API, Precision.SECOND)
    assert (second.url, second.dateline.basis) == (None, Basis.UNKNOWN)
    (more,) = listing.more
    assert (json.loads(more.body)["timestamp"], more.follows, more.headers) == (
        1766136600,
        1,
        ask.headers,
    )


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"newsList": 5}', "[" * 100_000, '{"newsList":[],"lastTime":1}']
)
def test_an_answer_that_is_no_list_gives_nothing(body):
    """Damage at the API is an empty list, never an exception and never an endless chain."""
    ask = SITE.lists(replace(SOURCE, urls=("https://tass.com/world",)), SEEN)[0]
    listing = SITE.read_list(Page("https://tass.com/x", body, "json"), ask, SOURCE, SEEN)
    assert (listing.cards, listing.more) == ((), ())


def test_a_cursor_that_does_not_go_back_ends_the_list():
    """A server that answers the same last time again is not asked for ever."""
    ask = SITE.lists(replace(SOURCE, urls=("https://tass.com/world",)), SEEN)[0]
    rows = [{"title": "A", "link": "/world/2060614", "date": 1}]
    assert SITE.read_list(answered(rows, int(SEEN.timestamp())), ask, SOURCE, SEEN).more == ()


def test_a_section_page_of_unknown_number_tells_it():
    """A section that is not in the table is asked for its number first."""
    fetch = SITE.lists(replace(SOURCE, urls=("https://tass.com/arctic",)), SEEN)[0]
    page = Page(
        fetch.url,
        '<div class="section-page" ng-init="sectionId = 5001; type=1">{{newsPoint.title}}</div>',
    )
    (ask,) = SITE.read_list(page, fetch, SOURCE, SEEN).more
    assert json.loads(ask.body)["sectionId"] == 5001
    assert SITE.read_list(Page(fetch.url, "<p>closed"), fetch, SOURCE, SEEN).more == ()


FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>TASS</title>
<item><title>Ministers &amp;amp; envoys agree</title><link>https://tass.com/world/2060614?utm_source=rss</link>
<guid>https://tass.com/world/2060614</guid><description>&lt;p&gt;They &lt;b&gt;met&lt;/b&gt;.&lt;/p&gt;</description>
<category>World</category><pubDate>Fri, 19 Dec 2025 12:30:00 +0300</pubDate></item>
<item><title>Second</title><link>javascript:alert(1)</link></item></channel></rss>"""


def test_the_feed_gives_cards_with_the_feed_s_own_dates():
    """Links lose their tracking, markup becomes words, what is no address is none."""
    fetch = Fetch(url="https://tass.com/rss/v2.xml")
    first, second = SITE.read_list(Page(fetch.url, FEED, "xml"), fetch, SOURCE, SEEN).cards
    assert (first.url, first.title, first.summary) == (
        "https://tass.com/world/2060614",
        "Ministers & envoys agree",
        "They met.",
    )
    assert (first.section, first.guid, first.basis) == (
        "World",
        "https://tass.com/world/2060614",
        TextBasis.FEED,
    )
    assert (first.dateline.basis, first.dateline.zone, first.dateline.zone_stated) == (
        Basis.FEED,
        "+03:00",
        True,
    )
    assert (second.url, second.title, second.dateline.basis) == (None, "Second", Basis.UNKNOWN)


def test_a_sitemap_gives_addresses_newest_first_and_no_dates():
    """`lastmod` orders but is no evidence of publication; foreign and list addresses are left out."""
    body = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://tass.com/world/1</loc></url><url><loc>https://tass.com/world</loc></url>
    <url><loc>https://tass.com/world/2060614</loc><lastmod>2025-12-19</lastmod></url>
    <url><loc>https://tass.com/world/2060615</loc><lastmod>2025-12-20</lastmod></url></urlset>"""
    fetch = Fetch(url="https://tass.com/sitemap/sitemap_news0.xml")
    cards = SITE.read_list(Page(fetch.url, body, "xml"), fetch, SOURCE, SEEN).cards
    assert [card.url[-7:] for card in cards] == ["2060615", "2060614"]
    assert {card.dateline.basis for card in cards} == {Basis.UNKNOWN}
    for broken in ("<urlset >", "x <urlset >", "<urlset ><url><loc>"):
        assert SITE.read_list(Page(fetch.url, broken, "xml"), fetch, SOURCE, SEEN).cards == ()


@pytest.mark.parametrize(
    "url",
    [
        "http://tass.com/world/2060614",
        "https://www.tass.com/world/2060614/amp",
        "https://tass.com/world/2060614/?utm_medium=x",
    ],
)
def test_one_article_has_one_address(url):
    """Scheme, amp twin, slash and tracking make no second article."""
    assert (
        SITE.canonical(url).removeprefix("https://www.").removeprefix("https://")
        == "tass.com/world/2060614"
    )
    assert not SITE.is_article("https://tass.com/world")


@pytest.mark.parametrize("bad", ["&#xD800;", "&#0;", "&#99999999999;"])
def test_a_reference_to_no_character_costs_nothing_but_itself(bad):
    """Feeds and sitemaps with character references that XML has no character for are read."""
    feed = FEED.replace("Second", f"Sec{bad}ond")
    fetch = Fetch(url="https://tass.com/rss/v2.xml")
    assert (
        SITE.read_list(Page(fetch.url, feed, "xml"), fetch, SOURCE, SEEN).cards[1].title == "Second"
    )
    body = f"<urlset><url><loc>https://tass.com/world/20606{bad}14</loc></url></urlset>"
    fetch = Fetch(url="https://tass.com/sitemap/sitemap_news0.xml")
    (card,) = SITE.read_list(Page(fetch.url, body, "xml"), fetch, SOURCE, SEEN).cards
    assert card.url.endswith("tass.com/world/2060614")


def test_an_entry_whose_summary_is_none_is_read():
    """Where feedparser finds no text at all there are no words, and the entry stays."""
    feed = FEED.replace("<title>Second</title>", "<title>Second</title><summary/><description/>")
    fetch = Fetch(url="https://tass.com/rss/v2.xml")
    assert SITE.read_list(Page(fetch.url, feed, "xml"), fetch, SOURCE, SEEN).cards[1].summary == ""


def test_a_feed_of_tags_without_end_is_refused():
    """What would keep the parser busy for half a minute is refused before it begins."""
    fetch = Fetch(url="https://tass.com/rss/v2.xml")
    with pytest.raises(ExtractError, match="more than 50000 tags"):
        SITE.read_list(Page(fetch.url, "<rss>" + "<b>" * 50_000, "xml"), fetch, SOURCE, SEEN)
