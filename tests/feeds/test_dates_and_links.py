"""Dates and links as the standards want them, whatever zone or address a stranger names."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from db.model import Article, Basis, Dateline, Entry, Precision, TextBasis, TitleBasis
from feeds.render import Head, atom, json_feed, rss
from feeds.wording import dateline_words, in_own_zone

HEAD = Head(id="urn:uuid:1", title="All", description="All items")
SEEN = datetime(2025, 12, 20, 9, 5, tzinfo=UTC)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
# Until 1924 Moscow's clocks were 2 h 30 min 17 s ahead, then 2:31:19; New York's 4:56:02 behind.
ODD = ("Europe/Moscow", "America/New_York", "Africa/Monrovia")


def entry(when: datetime, zone: str, precision: Precision = Precision.DAY) -> Entry:
    """Return a stored article of that date."""
    article = Article(
        url="https://example.org/1",
        source="tass",
        title="A title",
        title_basis=TitleBasis.PAGE,
        text="A text.",
        text_basis=TextBasis.PAGE,
        dateline=Dateline(when=when, precision=precision, basis=Basis.PRINTED, zone=zone),
    )
    return Entry(article=article, feed_id="tag:x", first_seen=SEEN, changed_at=SEEN, edits=0)


def dates(one: Entry) -> tuple[str, str, str]:
    """Return the item's date as Atom, JSON Feed and RSS write it."""
    published = etree.fromstring(atom(HEAD, (one,))).findtext(".//{*}entry/{*}published")
    printed = etree.fromstring(rss(HEAD, (one,))).findtext(".//item/pubDate")
    item = json.loads(json_feed(HEAD, (one,)))["items"][0]
    assert published
    assert printed
    return published, item["date_published"], printed


@pytest.mark.parametrize("zone", ODD)
def test_a_zone_of_odd_seconds_gives_dates_that_readers_can_read(zone: str) -> None:
    """RFC 3339 §5.6 and RFC 822 know hours and minutes only; the moment stays the same."""
    when = datetime(1910, 5, 1, 3, 0, 1, tzinfo=UTC)
    *strict, mail = dates(entry(when, zone))
    for text in strict:
        assert RFC_3339.fullmatch(text)
        assert datetime.fromisoformat(text) == when
    assert re.search(r" [+-]\d{4}$", mail)
    assert parsedate_to_datetime(mail) == when


def test_the_day_stays_the_day_it_was_there() -> None:
    """The start of a day is not moved into the evening before."""
    start = datetime(1910, 4, 30, 21, 29, 43, tzinfo=UTC)  # midnight in Moscow
    one = entry(start, "Europe/Moscow")
    assert [text[:10] for text in dates(one)[:2]] == ["1910-05-01"] * 2
    assert dateline_words(one.article.dateline, first_seen=SEEN).startswith("1 May 1910 ")


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(sorted(available_timezones())) | st.just("+14:00") | st.just("-12:00"),
)
@example(datetime.max.replace(tzinfo=UTC), "+14:00")
@example(datetime.min.replace(tzinfo=UTC), "-12:00")
def test_any_moment_in_any_zone_can_be_written(when: datetime, zone: str) -> None:
    """Neither the first year nor the last breaks a feed, and the moment is kept."""
    shown = in_own_zone(Dateline(when=when, precision=Precision.SECOND, zone=zone))
    assert shown
    assert shown == when
    assert RFC_3339.fullmatch(shown.isoformat(timespec="seconds"))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x"],
)
def test_an_address_that_is_not_of_the_web_is_never_linked(address: str) -> None:
    """However it came into the store, no format links it or sets it as an attribute."""
    one = entry(SEEN, "UTC")
    article = replace(one.article, url=address, attachments=(address,), summary=address)
    odd = replace(one, article=article)
    head = replace(HEAD, address=address, home=address)
    for form in (atom, rss):
        tree = etree.fromstring(form(head, (odd,)))
        links = [str(node) for node in tree.xpath("//@href | //link/text() | //guid/text()")]
        assert not any(address in link for link in links)
        assert f'href="{address}' not in "".join(str(text) for text in tree.itertext())
    feed = json.loads(json_feed(head, (odd,)))
    assert not {"feed_url", "home_page_url"} & set(feed)
    assert "url" not in feed["items"][0]
    assert "href" not in feed["items"][0]["content_html"]
