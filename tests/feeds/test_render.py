"""Feeds: every byte from the data, strict readers satisfied, nothing invented."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from db.model import Absence, Article, Basis, Dateline, Entry, Precision, TextBasis, TitleBasis
from feeds.render import Head, atom, json_feed, rss

SEEN = datetime(2025, 12, 20, 9, 5, 7, 123456, tzinfo=UTC)
HEAD = Head(
    id="urn:uuid:6c84fb90-12c4-11e1-840d-7b25c5ee775a",
    title="Dateline",
    description="All items",
    address="https://news.example.org/feeds/all.xml",
    home="https://news.example.org/feeds/",
)
MINSK_DAY = Dateline(
    when=datetime(2025, 12, 18, 21, tzinfo=UTC),
    precision=Precision.DAY,
    basis=Basis.LEAD,
    zone="Europe/Minsk",
    place="Minsk",
    raw="December 19",
)
ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
STRICT = etree.XMLParser(resolve_entities=False, no_network=True)
NASTY = (
    "]]>",
    "&#0;",
    "&#xFFFF;",
    "\x00",
    "\ufffe",
    "\ud800",
    "\u202e",
    "\u2028",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    '<math><mi xlink:href="data:x">',
    "<a href=/logout>x</a>",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example/x",
    "https://[::1",
    "http://user@",
    'https://x.example/"onmouseover="x',
    "https://good.example/a?b=1&c=2",
    "\r\nBcc: x@example.org",
    "   ",
    "",
    "Ω" * 3000,
)
torture = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(NASTY), max_size=4).map("".join),
)


def article(**changes: Any) -> Article:
    """Return a plain article with some fields changed."""
    plain = Article(
        url="https://odkb-csto.org/news/1/",
        source="secretariat",
        title="Ministers met & spoke",
        title_basis=TitleBasis.PAGE,
        text="First paragraph.\n\nSecond <paragraph>.",
        text_basis=TextBasis.PAGE,
        dateline=MINSK_DAY,
    )
    return replace(plain, **changes)


def entry(number: int = 1, **changes: Any) -> Entry:
    """Return a stored article with some fields changed."""
    return Entry(
        article=article(**changes),
        feed_id=f"tag:dateline.example,2025:{number}",
        first_seen=SEEN,
        changed_at=SEEN,
        edits=0,
    )


@st.composite
def tortured(draw: st.DrawFn) -> Entry:
    """Draw an entry with anything in every field."""
    maybe = st.none() | torture
    some = st.lists(torture, max_size=3).map(tuple)
    dateline = st.builds(
        Dateline,
        when=st.just(SEEN),
        precision=st.sampled_from((Precision.SECOND, Precision.MINUTE, Precision.DAY)),
        basis=st.sampled_from(Basis),
        zone=maybe,
        zone_stated=st.booleans(),
        place=maybe,
        raw=maybe,
    )
    return Entry(
        article=draw(
            st.builds(
                Article,
                url=maybe,
                source=torture,
                title=torture,
                title_basis=st.sampled_from(TitleBasis),
                text=torture,
                text_basis=st.sampled_from(TextBasis),
                dateline=st.just(Dateline()) | dateline,
                guid=maybe,
                summary=torture,
                section=maybe,
                authors=some,
                language=maybe,
                tags=some,
                attachments=some,
            )
        ),
        feed_id="",
        first_seen=SEEN,
        changed_at=SEEN + timedelta(seconds=draw(st.integers(0, 10**6))),
        edits=draw(st.integers(0, 3)),
    )


tortured_entries = st.lists(tortured(), max_size=4).map(
    lambda entries: tuple(
        replace(each, feed_id=f"tag:dateline.example,2025:{number}")
        for each, number in zip(entries, count(1), strict=False)
    )
)


def tree(content: bytes) -> etree._Element:
    """Parse XML as strictly as lxml can."""
    return etree.fromstring(content, STRICT)


def ids(entries: tuple[Entry, ...]) -> list[str]:
    """Return the permanent ids, in order."""
    return [each.feed_id for each in entries]


def test_the_same_entries_give_the_same_bytes() -> None:
    """Rendering twice gives identical bytes, whatever the clock says in between."""
    entries = (entry(1), entry(2, dateline=Dateline()))
    for form in (rss, atom, json_feed):
        assert form(HEAD, entries) == form(HEAD, entries)


@pytest.mark.parametrize("form", [rss, atom, json_feed])
@pytest.mark.parametrize("entries", [(), (entry(dateline=Dateline(), url=None, title=""),)])
def test_no_moment_but_the_data_s_own_is_written(form: Any, entries: tuple[Entry, ...]) -> None:
    """Neither today's date nor feedgen's name or version stands in a feed."""
    content = form(HEAD, entries).decode()
    assert "feedgen" not in content
    for moment in (datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)):
        assert f"{moment:%Y-%m-%d}" not in content
        assert f"{moment:%d %b %Y}" not in content


def test_updated_is_the_newest_change() -> None:
    """Atom's `updated` and RSS's `lastBuildDate` are the newest change of any entry."""
    newer = replace(entry(2), changed_at=SEEN + timedelta(hours=2))
    entries = (entry(1), newer)
    assert tree(atom(HEAD, entries)).findtext(f"{ATOM}updated") == "2025-12-20T11:05:07+00:00"
    built = tree(rss(HEAD, entries)).findtext("channel/lastBuildDate")
    assert built == "Sat, 20 Dec 2025 11:05:07 +0000"


def test_an_unknown_date_is_left_out_and_explained() -> None:
    """Without a date there is no pubDate, published or date_published, but a sentence."""
    entries = (entry(dateline=Dateline()),)
    assert tree(rss(HEAD, entries)).find("channel/item/pubDate") is None
    assert tree(atom(HEAD, entries)).find(f"{ATOM}entry/{ATOM}published") is None
    item = json.loads(json_feed(HEAD, entries))["items"][0]
    assert "date_published" not in item
    assert item["_dateline"]["precision"] == "none"
    assert item["_dateline"]["year_inferred"] is False
    sentence = "Published: not stated by the source; first seen 20 December 2025, 09:05 UTC"
    for content in (rss(HEAD, entries), atom(HEAD, entries), json_feed(HEAD, entries)):
        assert sentence in content.decode()


def test_a_day_is_that_day_where_it_was_printed_and_said_to_be_a_day() -> None:
    """A day without a time is the start of the day in its own zone, and the text says so."""
    entries = (entry(),)
    item = tree(rss(HEAD, entries)).find("channel/item")
    assert item is not None
    assert item.findtext("pubDate") == "Fri, 19 Dec 2025 00:00:00 +0300"
    assert "19 December 2025 (a day, no time; from the article's opening line" in (
        item.findtext("description") or ""
    )
    parsed = json.loads(json_feed(HEAD, entries))["items"][0]
    assert parsed["date_published"] == "2025-12-19T00:00:00+03:00"
    assert parsed["_dateline"]["raw"] == "December 19"
    assert parsed["_dateline"]["year_inferred"] is True


def test_authors_without_an_address_survive_in_rss() -> None:
    """RSS names authors in dc:creator; an unsigned item is its source's."""
    entries = (entry(1, authors=("A. Writer", "B. Writer", "A. Writer")), entry(2))
    items = tree(rss(HEAD, entries)).findall("channel/item")
    creators = [[each.text for each in item.findall(f"{DC}creator")] for item in items]
    assert creators == [["A. Writer", "B. Writer"], ["secretariat"]]
    names = tree(atom(HEAD, entries)).findall(f"{ATOM}entry/{ATOM}author/{ATOM}name")
    assert [name.text for name in names] == ["A. Writer", "B. Writer", "secretariat"]


def test_section_and_tags_are_categories_in_order() -> None:
    """Section and tags become categories, each once."""
    entries = (entry(section="Politics", tags=("CSTO", "Politics")),)
    terms = [each.text for each in tree(rss(HEAD, entries)).findall("channel/item/category")]
    assert terms == ["Politics", "CSTO"]
    assert json.loads(json_feed(HEAD, entries))["items"][0]["tags"] == terms


def test_the_feed_names_itself_and_its_page() -> None:
    """The channel's link is the home page, its atom:link rel=self the file's own address."""
    channel = tree(rss(HEAD, ())).find("channel")
    assert channel is not None
    assert channel.findtext("link") == HEAD.home
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert (own.get("rel"), own.get("href")) == ("self", HEAD.address)
    described = json.loads(json_feed(HEAD, ()))
    assert described["version"] == "https://jsonfeed.org/version/1.1"
    assert (described["home_page_url"], described["feed_url"]) == (HEAD.home, HEAD.address)


def test_without_a_known_address_nothing_is_made_up() -> None:
    """A feed nobody knows the address of is still valid: RSS links to the permanent id."""
    bare = replace(HEAD, address=None, home=None)
    assert tree(rss(bare, ())).findtext("channel/link") == bare.id
    assert tree(atom(bare, ())).find(f"{ATOM}link") is None
    assert "home_page_url" not in json.loads(json_feed(bare, ()))


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "/logout", "//evil.example/x", "ftp://x/y", None],
)
def test_an_address_that_is_not_of_the_web_is_no_link(url: str | None) -> None:
    """Only absolute http and https addresses become links."""
    entries = (entry(url=url, attachments=(url or "",)),)
    assert tree(rss(HEAD, entries)).find("channel/item/link") is None
    assert "url" not in json.loads(json_feed(HEAD, entries))["items"][0]
    assert "Attachment" not in rss(HEAD, entries).decode()


def test_text_becomes_escaped_paragraphs() -> None:
    """Plain text arrives as paragraphs with its angle brackets as characters; no lead twice."""
    content = json.loads(json_feed(HEAD, (entry(summary="First paragraph."),)))["items"][0]
    html = content["content_html"]
    assert html.startswith("<p>First paragraph.</p>\n<p>Second &lt;paragraph&gt;.</p>")
    lead = json.loads(json_feed(HEAD, (entry(summary="A lead."),)))["items"][0]["content_html"]
    assert lead.startswith("<p>A lead.</p>\n<p>First paragraph.</p>")


@pytest.mark.parametrize(
    "lead",
    [
        "First para…",
        "First para [...]",
        "First paragraph. Second",
        "First paragraph...",
        "“FIRST” paragraph",
        "paragraph",
    ],
)
def test_a_lead_the_text_begins_with_is_not_repeated(lead: str) -> None:
    """Also one that was cut, is set otherwise, or begins behind what an agency puts before it."""
    content = json.loads(json_feed(HEAD, (entry(summary=lead),)))["items"][0]["content_html"]
    assert content.startswith("<p>First paragraph.</p>\n<p>Second")


def test_a_lead_that_says_all_that_the_text_says_stands_alone() -> None:
    """A list's text is often the beginning of its lead."""
    lead = "First paragraph. Second <paragraph>. And a third."
    content = json.loads(json_feed(HEAD, (entry(summary=lead),)))["items"][0]["content_html"]
    assert content.startswith("<p>First paragraph. Second &lt;paragraph&gt;. And a third.</p>")
    assert content.count("First paragraph") == 1


def test_attachments_are_links_in_the_text() -> None:
    """An attachment is a link that a reader can follow."""
    entries = (entry(attachments=("https://odkb-csto.org/statement.pdf",)),)
    html = json.loads(json_feed(HEAD, entries))["items"][0]["content_html"]
    assert 'Attachment: <a href="https://odkb-csto.org/statement.pdf"' in html


def test_what_is_not_the_page_s_own_text_says_so() -> None:
    """Text from a list, a place and edits are told in the last lines."""
    edited = replace(entry(text_basis=TextBasis.LISTING), edits=1)
    content = rss(HEAD, (edited, replace(entry(2), edits=2))).decode()
    assert "from the source's list, not from the article's own page" in content
    assert "Place: Minsk" in content
    assert "Edited: once, last seen" in content
    assert "Edited: 2 times" in content


def test_an_item_that_is_gone_stays_and_says_so() -> None:
    """A feed keeps what its source took away, with what was observed of that."""
    plain = entry()
    absence = Absence(last_seen=plain.first_seen, first_missing=plain.first_seen)
    content = rss(HEAD, (replace(plain, absence=absence),)).decode()
    assert "Last seen " in content
    assert "; first missing " in content
    assert "first missing" not in rss(HEAD, (plain,)).decode()


def test_a_megabyte_of_title_is_cut_and_a_megabyte_of_text_too() -> None:
    """Endless fields are cut to what readers can bear."""
    entries = (entry(title="Long " * 200_000, text="Word " * 400_000),)
    item = json.loads(json_feed(HEAD, entries))["items"][0]
    assert len(item["title"]) <= 300
    assert item["title"].endswith("Long…")
    assert len(item["content_html"]) < 101_000


def test_the_language_of_a_feed_is_told() -> None:
    """A head with a language says so in all three formats."""
    head = replace(HEAD, language="ru")
    assert tree(rss(head, ())).findtext("channel/language") == "ru"
    lang = tree(atom(head, ())).get("{http://www.w3.org/XML/1998/namespace}lang")
    assert lang == "ru"
    assert json.loads(json_feed(head, ()))["language"] == "ru"


def test_feedparser_reads_ids_titles_and_dates() -> None:
    """Feedparser finds nothing to complain of, and the fields where they belong."""
    entries = (entry(1), entry(2, dateline=Dateline(), title="Без даты"))
    for form in (rss, atom):
        parsed = feedparser.parse(form(HEAD, entries))
        assert not parsed.bozo
        assert [each.id for each in parsed.entries] == ids(entries)
        assert [each.title for each in parsed.entries] == ["Ministers met & spoke", "Без даты"]
        assert parsed.entries[0].published_parsed[:3] == (2025, 12, 18)
        assert "published" not in parsed.entries[1]
        assert parsed.entries[0].link == entries[0].article.url


@pytest.mark.torture("R-14", short=100, long=10_000)
@given(entries=tortured_entries)
def test_torture_in_every_field_leaves_strict_feeds(entries: tuple[Entry, ...]) -> None:
    """R-14, R-15: any text in any field gives feeds that parse strictly, with no script in them."""
    documents = [tree(rss(HEAD, entries)), tree(atom(HEAD, entries))]
    items = json.loads(json_feed(HEAD, entries))["items"]
    guids = [each.text for each in documents[0].iterfind("channel/item/guid")]
    atom_ids = [each.text for each in documents[1].iterfind(f"{ATOM}entry/{ATOM}id")]
    assert guids == atom_ids == [each["id"] for each in items] == ids(entries)
    for item in items:
        body = etree.HTML(f"<html><body>{item['content_html']}</body></html>")
        assert {each.tag for each in body.iter()} <= {"html", "body", "p", "small", "br", "a"}
        links = [item["url"]] if "url" in item else []
        links += [str(href) for href in body.xpath("//@href")]
        assert all(link.startswith(("http://", "https://")) for link in links)
    links = [each.get("href") or "" for each in documents[1].iter(f"{ATOM}link")]
    assert all(link.startswith(("http://", "https://")) for link in links)


@pytest.mark.torture("R-14", short=20, long=4_000)
@given(entries=tortured_entries)
def test_feedparser_bears_the_torture_and_finds_the_same_ids_twice(
    entries: tuple[Entry, ...],
) -> None:
    """R-14: feedparser reads tortured feeds without complaint, twice with the same ids."""
    for form in (rss, atom):
        for _ in range(2):
            parsed = feedparser.parse(form(HEAD, entries))
            assert not parsed.bozo, parsed.bozo_exception
            assert [each.id for each in parsed.entries] == ids(entries)
