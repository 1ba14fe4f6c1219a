"""Kinds of source that need no rules of their own: feed, sitemap, listing, telegram, api."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from db.model import Basis, Precision, TextBasis
from db.visiting import ApiList, Source
from spiders import extract
from spiders.blocks import Page
from spiders.registry import READERS, default_source, site
from spiders.site import Card, Fetch, Listing
from tests.spiders.lists import SEEN, listed, moment, source


def test_every_kind_has_rules_and_a_source() -> None:
    """Each kind a config may name can be made without further settings."""
    for kind in READERS:
        assert default_source(kind).kind == site(kind).kind == kind


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>F</title>
<item><title>One &amp;amp; all</title><link>/a/1?utm_source=x</link><guid isPermaLink="false">g1</guid>
<description>&lt;p&gt;Short.&lt;/p&gt;</description><content:encoded>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</content:encoded>
<pubDate>Thu, 19 Nov 2026 10:00:00 +0300</pubDate><category>World</category><dc:creator>Jo</dc:creator></item>
<item><title>No zone</title><link>https://e.test/a/2</link><pubDate>19 Nov 2026 10:00:00</pubDate></item>
<item><title>No date</title><link>https://e.test/a/3</link><pubDate>soon</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><link rel="next" href="/feed?page=2&amp;x=1"/>
<entry><id>tag:e.test,1</id><title>Entry</title><link href="https://e.test/a/4"/>
<published>2026-11-19T07:00:00Z</published><updated>2026-11-20T07:00:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://e.test/a/5"><title>Old</title>
<link>https://e.test/a/5</link><dc:date>2026-11-19T07:00:00Z</dc:date></item></rdf:RDF>"""


def test_rss_gives_everything_it_states() -> None:
    """Relative links, full texts, authors and zones: stated where stated, else assumed and said."""
    one, two, three = listed("feed", RSS, "xml").cards
    assert (one.url, one.title, one.summary, one.text) == (
        "https://e.test/a/1",
        "One & all",
        "Short.",
        "First.\n\nSecond.",
    )
    assert (one.guid, one.section, one.tags, one.authors) == ("g1", "World", ("World",), ("Jo",))
    assert (moment(one), one.dateline.zone_stated) == ("2026-11-19T07:00", True)
    assert (moment(two), two.dateline.zone, two.dateline.zone_stated) == (
        "2026-11-19T07:00",
        "Europe/Moscow",
        False,
    )
    assert three.dateline.basis is Basis.UNKNOWN
    article = extract.from_card(one, source("feed"))
    assert (article.text, article.text_basis, article.summary) == (
        "First.\n\nSecond.",
        TextBasis.FEED,
        "Short.",
    )


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("<guid>5-7</guid>", None),
        ("<guid>urn:e:5</guid>", None),
        ("<guid isPermaLink='false'>https://e.test/5</guid>", None),
        ("<guid>https://e.test/a/5</guid>", "https://e.test/a/5"),
        ("<guid>/a/5</guid>", "https://e.test/a/5"),
        ("<guid>a/5.html</guid>", "https://e.test/news/a/5.html"),
        ("<guid>item.php?id=5</guid>", "https://e.test/news/item.php?id=5"),
        ("<guid>e.test/a/5.html</guid>", "https://e.test/a/5.html"),
        ("<guid>www.e.test/item.php?id=5</guid>", "https://www.e.test/item.php?id=5"),
        ("<guid>E.test/a/5</guid>", "https://e.test/a/5"),
        ("<guid>other.test/a/5.html</guid>", None),
        ("<guid>item.php?of=a/5</guid>", "https://e.test/news/item.php?of=a%2F5"),
        ("<guid>../a/5.html</guid>", "https://e.test/a/5.html"),
        ("<guid>a/5</guid>", None),
        ("<guid>urn:a/5.html</guid>", None),
        ("<guid isPermaLink='false'>a/5.html</guid>", None),
        ("<guid>5-7</guid><link>/a/5</link>", "https://e.test/a/5"),
    ],
)
def test_a_guid_is_an_address_only_if_it_looks_like_one(guid: str, url: str | None) -> None:
    """A bare number is no page beside the feed; what names a file is."""
    body = f"<rss version='2.0'><channel><item><title>T</title>{guid}</item></channel></rss>"
    (card,) = listed("feed", body, "xml").cards
    assert card.url == url


def test_atom_and_rdf_and_broken_feeds_are_read_too() -> None:
    """Atom's published (not its updated) dates; RDF's dc:date; a feed cut in the middle gives what it has."""
    (entry,) = listed("feed", ATOM, "xml").cards
    assert (moment(entry), entry.guid) == ("2026-11-19T07:00", "tag:e.test,1")
    (old,) = listed("feed", RDF, "xml").cards
    assert (old.title, moment(old)) == ("Old", "2026-11-19T07:00")
    assert listed("feed", RSS[: RSS.index("No zone")], "xml").cards[0].title == "One & all"
    for nothing in ("", "<html><p>no feed", "\x00", "{", '{"items": 5}', '{"items": [5]}'):
        assert listed("feed", nothing, "xml").cards == ()


def test_a_feed_in_pages_is_followed() -> None:
    """RFC 5005's next link leads on."""
    (more,) = listed("feed", ATOM, "xml").more
    assert (more.url, more.follows) == ("https://e.test/feed?page=2&x=1", 1)


def test_a_json_feed_is_read() -> None:
    """JSON Feed 1.0 and 1.1, with text as HTML or plain."""
    items = [
        {
            "id": "1",
            "url": "https://e.test/a/6",
            "title": "J",
            "content_html": "<p>A</p><p>B</p>",
            "date_published": "2026-11-19T10:00:00+03:00",
            "authors": [{"name": "Jo"}],
            "tags": ["t"],
        },
        {"id": 2, "content_text": "Just text", "author": {"name": "Al"}},
    ]
    one, two = listed(
        "feed", json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}), "json"
    ).cards
    assert (one.url, one.text, one.authors, one.tags, moment(one)) == (
        "https://e.test/a/6",
        "A\n\nB",
        ("Jo",),
        ("t",),
        "2026-11-19T07:00",
    )
    assert (two.url, two.text, two.guid, two.authors) == (None, "Just text", "2", ("Al",))


@pytest.mark.parametrize(
    ("stated", "followed"),
    [
        ("/feed.json?page=2", ["https://e.test/feed.json?page=2"]),
        (None, []),
        (5, []),
        ("javascript:x", []),
        ("https://e.test/news/", []),
    ],
)
def test_a_json_feed_in_pages_is_followed(stated: object, followed: list[str]) -> None:
    """JSON Feed's next_url leads on, unless it leads nowhere or to the feed itself."""
    feed = {"next_url": stated, "items": [{"url": "https://e.test/a/1", "title": "J"}]}
    assert [more.url for more in listed("feed", json.dumps(feed), "json").more] == followed


NEWS_MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://e.test/a/1</loc><news:news><news:publication_date>2026-11-19T10:00:00+03:00</news:publication_date><news:title>N</news:title></news:news></url>
<url><loc>https://e.test/a/2</loc><lastmod>2026-11-20</lastmod></url><url><loc>javascript:x</loc></url><url/></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://e.test/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
<sitemap><loc>https://e.test/new.xml</loc><lastmod>2026-11-20</lastmod></sitemap></sitemapindex>"""


@pytest.mark.parametrize("space", ["http://e.test/\ufffe", "http://e.test/]]>", ""])
def test_a_sitemap_of_any_name_space_is_read(space: str) -> None:
    """Also of one that no XML may have, which the parser lets pass where it must recover."""
    body = NEWS_MAP.replace("http://www.sitemaps.org/schemas/sitemap/0.9", space)
    assert listed("sitemap", body + "<", "xml").found


def test_a_news_sitemap_dates_and_a_plain_one_only_orders() -> None:
    """A publication date is evidence, the moment of the last change is not."""
    first, second = listed("sitemap", NEWS_MAP, "xml").cards
    assert (first.url, first.dateline.basis) == ("https://e.test/a/2", Basis.UNKNOWN)
    assert (second.title, moment(second), second.dateline.basis) == (
        "N",
        "2026-11-19T07:00",
        Basis.FEED,
    )
    assert listed("sitemap", "", "xml") == Listing()


def test_a_sitemap_without_items_is_empty_and_not_changed() -> None:
    """Its root says that it is one; other XML says nothing."""
    assert listed("sitemap", "<urlset></urlset>", "xml").found
    assert not listed("sitemap", "<rss></rss>", "xml").found


def test_what_a_sitemap_names_beyond_the_newest_is_told_by_address() -> None:
    """Undated addresses may be new wherever they stand; a thousand later changes make a page old."""
    dated = "".join(
        f"<url><loc>https://e.test/d/{n}</loc><lastmod>2026-01-{n % 28 + 1:02}</lastmod></url>"
        for n in range(1200)
    )
    plain = "".join(f"<url><loc>https://e.test/p/{n}</loc></url>" for n in (1, 2, 2))
    found = listed("sitemap", f"<urlset>{plain}{dated}</urlset>", "xml")
    assert (len(found.cards), len(found.beyond)) == (100, 1002)
    assert found.beyond[-2:] == ("https://e.test/p/1", "https://e.test/p/2")


def test_an_index_that_does_not_say_what_changed_leads_to_more_sitemaps() -> None:
    """Its first three may be the oldest."""
    maps = "".join(f"<sitemap><loc>https://e.test/{n}.xml</loc></sitemap>" for n in range(30))
    assert len(listed("sitemap", f"<sitemapindex>{maps}</sitemapindex>", "xml").more) == 20


def test_an_index_leads_to_its_newest_sitemaps() -> None:
    """The sitemap that changed last is asked first; an index inside an index is not followed."""
    assert [more.url[-7:] for more in listed("sitemap", INDEX, "xml").more] == [
        "new.xml",
        "old.xml",
    ]
    rules, deeper = site("sitemap"), Fetch(url="https://e.test/new.xml", follows=1)
    assert (
        rules.read_list(Page(deeper.url, INDEX, "xml"), deeper, source("sitemap"), SEEN).more == ()
    )


CHANNEL = """<section>
<div class="tgme_widget_message" data-post="emita/10"><div class="tgme_widget_message_text">First line.<br>Second line.</div>
<time class="video_length">0:31</time><a class="tgme_widget_message_date"><time datetime="2026-11-19T07:00:00+00:00">10:00</time></a></div>
<div class="tgme_widget_message" data-post="emita/11"><div class="tgme_widget_message_reply"><div class="tgme_widget_message_text">Quoted words</div></div>
<div class="tgme_widget_message_text">An <b>answer</b>.</div><time datetime="2026-11-20T07:00:00+00:00">10:00</time></div>
<div class="tgme_widget_message" data-post="broken">x</div>
<div class="tgme_widget_message" data-post="emita/12"></div></section>"""


@pytest.mark.parametrize("url", ["https://t.me/emita", "https://t.me/s/emita/"])
def test_a_channel_s_posts_are_items_of_their_own(url: str) -> None:
    """Newest first, the quoted post left out, a video's length no date; older posts follow."""
    rules = site("telegram")
    given = source("telegram", url)
    fetch = rules.lists(given, SEEN)[0]
    assert fetch.url == "https://t.me/s/emita"
    listing = rules.read_list(Page(fetch.url, CHANNEL), fetch, given, SEEN)
    silent, answer, first = listing.cards
    assert (first.text, first.title, first.url) == (
        "First line.\n\nSecond line.",
        "First line",
        "https://t.me/emita/10",
    )
    assert (answer.text, moment(answer), answer.dateline.precision) == (
        "An answer.",
        "2026-11-20T07:00",
        Precision.SECOND,
    )
    assert (silent.text, silent.dateline.basis) == ("", Basis.UNKNOWN)
    assert [more.url for more in listing.more] == ["https://t.me/s/emita?before=10"]
    assert not rules.is_article(first.url)
    assert rules.read_list(Page(fetch.url, "<p>gone"), fetch, given, SEEN) == Listing()


API = ApiList(items="data.news", link="link", title="head.text", date="at", summary="lead", method="POST",
              body='{"before": {now}, "n": 20}', cursor="data.last", cursor_to="before")  # fmt: skip


def test_a_json_list_is_described_in_the_config() -> None:
    """Paths find the fields, the cursor leads on, what is not there is not found."""
    given = replace(source("api", "https://e.test/api"), api=API)
    rules = site("api")
    fetch = rules.lists(given, SEEN)[0]
    assert json.loads(fetch.body) == {"before": int(SEEN.timestamp()), "n": 20}
    rows = [
        {"link": "/a/1", "head": {"text": "T"}, "at": 1795071600, "lead": "L"},
        {"link": None},
        5,
    ]
    body = json.dumps({"data": {"news": rows, "last": 1795000000}})
    listing = rules.read_list(Page(fetch.url, body, "json"), fetch, given, SEEN)
    assert (listing.cards[0].url, listing.cards[0].title, listing.cards[0].summary) == (
        "https://e.test/a/1",
        "T",
        "L",
    )
    assert (listing.cards[0].dateline.basis, moment(listing.cards[0])) == (
        Basis.API,
        "2026-11-19T07:00",
    )
    assert listing.cards[1] == listing.cards[2] == Card(url=None)
    (more,) = listing.more
    assert (json.loads(more.body)["before"], more.follows) == (1795000000, 1)
    same = replace(fetch, body=more.body)
    assert rules.read_list(Page(fetch.url, body, "json"), same, given, SEEN).more == ()


@pytest.mark.parametrize(
    "body", ["", "[]", "5", '{"data": []}', '{"data": {"news": {}}}', "[" * 100_000]
)
def test_an_answer_of_another_shape_is_an_empty_list(body: str) -> None:
    """A changed API shows as silence with a state, never as an exception."""
    assert listed("api", body, "json", api=API) == Listing()
    assert site("api").lists(source("api"), SEEN) == ()


def test_an_array_in_a_path_is_picked_by_number() -> None:
    """`pages.0.items` goes through arrays as through objects."""
    api = ApiList(items="pages.0.items", link="urls.1")
    body = json.dumps({"pages": [{"items": [{"urls": ["x", "/a/2"]}, {"urls": ["x"]}]}]})
    cards = listed("api", body, "json", api=api).cards
    assert [card.url for card in cards] == ["https://e.test/a/2", None]


HALF = r"\ud800"  # the first half of a character that JSON writes in two


@pytest.mark.parametrize("at", ["2026-11-19{}10:00", "{}19.11.2026 10:00", "19 November{} 2026"])
@pytest.mark.parametrize("cursor", [f'"{HALF}"', f'"a{HALF}b"', f'"/api?after={HALF}"'])
def test_half_a_character_costs_its_own_item_of_a_json_list(cursor: str, at: str) -> None:
    """The address is not known, the words are; the other items and their dates stay."""
    api = ApiList(items="rows", link="u", title="t", date="at", cursor="next", cursor_to="after")
    bad = f'{{"u": "/a/{HALF}1", "t": "A title{HALF}", "at": "{at.format(HALF)}"}}'
    good = '{"u": "/a/2", "t": "Another", "at": "2026-11-19 10:00"}'
    listing = listed("api", f'{{"rows": [{bad}, {good}], "next": {cursor}}}', "json", api=api)
    assert [(card.url, card.title) for card in listing.cards] == [
        (None, "A title"),
        ("https://e.test/a/2", "Another"),
    ]
    assert (listing.cards[0].dateline.raw or "").isprintable()
    assert moment(listing.cards[1]) == "2026-11-19T07:00"
    assert listing.more == ()


def test_half_a_character_costs_its_own_item_of_a_json_feed() -> None:
    """An address, a mark-up or a date with one leaves the other fields and items readable."""
    bad = f'{{"url": "/a/{HALF}1", "title": "A", "content_html": "<p>Words{HALF}.</p>"}}'
    body = f'{{"items": [{bad}, {{"url": "/a/2", "title": "B"}}]}}'
    cards = listed("feed", body, "json").cards
    assert [(card.url, card.title, card.text) for card in cards] == [
        (None, "A", "Words."),
        ("https://e.test/a/2", "B", ""),
    ]


ROWS = json.dumps({"rows": [{"u": "/a/1"}, {"u": "/a/2"}], "next": "/api?after=9", "last": 9})


@pytest.mark.parametrize(
    ("url", "cursor", "cursor_to", "older"),
    [
        ("https://e.test/api", "", "", []),
        ("https://e.test/api", "", "page", ["https://e.test/api?page=2"]),
        ("https://e.test/api?n=2&page=7", "", "page", ["https://e.test/api?n=2&page=8"]),
        ("https://e.test/api", "", "offset", ["https://e.test/api?offset=2"]),
        ("https://e.test/api?skip=40", "", "skip", ["https://e.test/api?skip=42"]),
        ("https://e.test/api?c=1&c=2&p=1", "", "p", ["https://e.test/api?c=1&c=2&p=2"]),
        ("https://e.test/api?p=1&p=3&c=", "", "p", ["https://e.test/api?c=&p=4"]),
        ("https://e.test/api?c=1&c=2", "last", "to", ["https://e.test/api?c=1&c=2&to=9"]),
        ("https://e.test/api", "last", "before", ["https://e.test/api?before=9"]),
        ("https://e.test/api?before=9", "last", "before", []),
        ("https://e.test/api", "next", "", ["https://e.test/api?after=9"]),
        ("https://e.test/api?after=9", "next", "", []),
        ("https://other.test/api", "next", "", ["https://other.test/api?after=9"]),
        ("https://e.test/api", "rows", "before", []),
        ("https://e.test/api", "none", "before", []),
    ],
)
def test_a_json_list_asked_for_by_address_is_followed(
    url: str, cursor: str, cursor_to: str, older: list[str]
) -> None:
    """By the address the answer names, by its cursor, or by a page or an offset counted up."""
    api = ApiList(items="rows", link="u", cursor=cursor, cursor_to=cursor_to)
    rules, given = site("api"), Source(name="s", kind="api", urls=(url,), api=api)
    found = rules.read_list(Page(url, ROWS, "json"), Fetch(url=url), given, SEEN)
    assert [more.url for more in found.more] == older
    empty = rules.read_list(Page(url, '{"rows": []}', "json"), Fetch(url=url), given, SEEN)
    assert (empty.more, empty.found) == ((), True)


@pytest.mark.parametrize(
    ("name", "second"),
    [("startpage", 2), ("from_page", 2), ("startPage", 2), ("skip-pages", 2), ("p", 2),
     ("restart", 2), ("start", 1), ("startIndex", 1), ("_start", 1), ("rowStart", 1), ("from", 1),
     ("$skip", 1), ("pageOffset", 1), ("page[offset]", 1)],
)  # fmt: skip
def test_a_parameter_s_name_says_whether_it_counts_items_or_pages(name: str, second: int) -> None:
    """After the first page of one item comes page two, or the items from the first on."""
    api = ApiList(items="", link="u", cursor_to=name)
    (more,) = listed("api", '[{"u": "/a/1"}]', "json", "https://e.test/api", api=api).more
    assert dict(parse_qsl(urlsplit(more.url).query)) == {name: str(second)}


def test_an_older_page_on_another_host_is_not_followed() -> None:
    """What an answer names may lead anywhere."""
    api = ApiList(items="rows", link="u", cursor="next")
    given = Source(name="s", kind="api", urls=("https://e.test/api",), api=api)
    body = json.dumps({"rows": [{"u": "/a/1"}], "next": "https://other.test/api?after=9"})
    page = Page("https://e.test/api", body, "json")
    assert site("api").read_list(page, Fetch(url="https://e.test/api"), given, SEEN).more == ()
