"""Whole visits to sources of any site: a channel, a feed, a section page, a JSON list, a sitemap."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import TextBasis
from db.visiting import ApiList, Source, State
from monitor.newsroom.wire import JSON, text_answer

if TYPE_CHECKING:
    from conftest import Script, Visitor

    from db.model import Article

HOUR = timedelta(hours=1)
PROSE = "The Council met in Minsk on Friday and spoke about the border for two hours. " * 6
XML = "application/xml"


def post(number: int) -> str:
    """Return a channel's post, with words of its own unless it is the fifth."""
    words = "" if number == 5 else f"Post number {number} of the channel."
    return (
        f'<div class="tgme_widget_message" data-post="emita/{number}">'
        f'<div class="tgme_widget_message_text">{words}</div>'
        f'<time datetime="2026-01-05T0{number}:00:00+00:00"></time></div>'
    )


def story(number: int) -> str:
    """Return an article's page as any site may have it."""
    return (
        f"<!DOCTYPE html><html><head><title>A headline about event {number}</title></head><body>"
        f"<article><h1>A headline about event {number}</h1><time datetime='2026-01-04T10:00Z'>"
        f"</time><p>{PROSE} Number {number}.</p></article></body></html>"
    )


def stored(visitor: Visitor) -> dict[str, Article]:
    """Return the articles by the ends of their addresses."""
    with visitor.store() as store:
        found = [stored.value.article for stored in store.search(None)]
    return {(article.url or "").rpartition("/")[2]: article for article in found}


def test_a_channel_is_read_from_its_list_alone(script: Script, visitor: Visitor) -> None:
    """Posts have no pages that are asked for; what stands as it was is not recorded again."""
    source = Source(name="c", kind="telegram", urls=(f"{script.base}/emita",))
    script.reply("/s/emita", text_answer("".join(map(post, (1, 2, 5)))))
    first = visitor.visit(source, script.allow)
    assert (first.state, first.new, first.items) == (State.OK, 2, 2)
    visitor.now += HOUR
    script.reply("/s/emita", text_answer("".join(map(post, (1, 2, 3, 5)))))
    second = visitor.visit(source, script.allow)
    assert (second.new, second.items, second.failed) == (1, 1, 0)
    assert {seen.path for seen in script.seen} == {"/robots.txt", "/s/emita"}
    with visitor.store() as store:
        (told,) = store.unmatched(9)
    assert told.value.article.title == "Post number 3 of the channel"


FEED = """<rss version="2.0"><channel><title>F</title><item><title>A headline about event 1</title>
<link>{0}/news/story-1</link><pubDate>Sun, 04 Jan 2026 10:00:00 GMT</pubDate></item>
</channel></rss>"""
SECTION = "<html><body><div>{}</div></body></html>"
CARD = "<p><a href='/news/story-{0}'>A headline about event number {0}</a></p>"
MAP = "<urlset><url><loc>{0}/news/story-1</loc><lastmod>2026-01-04</lastmod></url></urlset>"
INDEX = "<sitemapindex><sitemap><loc>{0}/map.xml</loc></sitemap></sitemapindex>"
ROWS = {"data": [{"url": "/news/story-1", "title": "A headline about event 1"}]}


@pytest.mark.parametrize("kind", ["feed", "listing", "sitemap", "api"])
def test_a_list_of_any_site_leads_to_its_articles(
    script: Script, visitor: Visitor, kind: str
) -> None:
    """Each list is read by the rules of its kind, each page by what any news page shows."""
    answers = {
        "feed": text_answer(FEED.format(script.base), XML),
        "listing": text_answer(SECTION.format("".join(CARD.format(n) for n in (1, 2, 3)))),
        "sitemap": text_answer(INDEX.format(script.base), XML),
        "api": text_answer(json.dumps(ROWS), JSON),
    }
    script.reply("/list", answers[kind])
    script.reply("/map.xml", text_answer(MAP.format(script.base), XML))
    for number in (1, 2, 3):
        script.reply(f"/news/story-{number}", text_answer(story(number)))
    api = ApiList(items="data", link="url", title="title") if kind == "api" else None
    source = Source(name="any", kind=kind, urls=(f"{script.base}/list",), api=api)
    report = visitor.visit(source, script.allow)
    assert (report.state, report.reason, report.failed) == (State.OK, "", 0)
    article = stored(visitor)["story-1"]
    assert (article.title, article.text_basis) == ("A headline about event 1", TextBasis.PAGE)
    assert "spoke about the border" in article.text
    assert article.dateline.when is not None
    assert visitor.visit(source, script.allow).new == 0


def plain_map(base: str, numbers: range) -> str:
    """Return a sitemap that says of no address when it changed."""
    rows = "".join(f"<url><loc>{base}/news/story-{n}</loc></url>" for n in numbers)
    return f"<urlset>{rows}</urlset>"


def mapped(script: Script, path: str, stories: range) -> Source:
    """Publish stories; return a source whose sitemap, or index of them, stands at a path."""
    for number in stories:
        script.reply(f"/news/story-{number}", text_answer(story(number)))
    return Source(name="m", kind="sitemap", urls=(script.base + path,))


def show(script: Script, path: str, numbers: range) -> None:
    """Answer a path with a sitemap of stories."""
    script.reply(path, text_answer(plain_map(script.base, numbers), XML))


def told(visitor: Visitor) -> set[str]:
    """Return the ends of the addresses that wait for the watches."""
    with visitor.store() as store:
        return {
            (change.value.article.url or "").rpartition("/")[2] for change in store.unmatched(99)
        }


def test_a_new_item_at_the_end_of_a_sitemap_without_moments_is_seen(
    script: Script, visitor: Visitor
) -> None:
    """The first visit takes all of it for old; later ones compare all addresses."""
    source = mapped(script, "/map.xml", range(1, 500))
    show(script, "/map.xml", range(1, 300))
    first = visitor.visit(source, script.allow)
    assert first.new == 100
    visitor.now += HOUR
    script.seen.clear()
    show(script, "/map.xml", range(1, 302))
    second = visitor.visit(source, script.allow)
    assert second.new == 2
    assert {"story-300", "story-301"} <= stored(visitor).keys()
    assert not script.asked("/news/story-200")
    assert told(visitor) == {"story-300", "story-301"}


def test_more_new_addresses_than_one_visit_takes_are_taken_by_the_next(
    script: Script, visitor: Visitor
) -> None:
    """The list is not confirmed unchanged before all of it was taken."""
    source = mapped(script, "/map.xml", range(1, 400))
    maps = [text_answer(plain_map(script.base, range(1, last)), XML) for last in (151, 321)]
    script.reply("/map.xml", script.validated(maps[0]))
    visitor.visit(source, script.allow)
    found = []
    script.reply("/map.xml", maps[1])
    for _ in range(2):
        visitor.now += HOUR
        found.append(visitor.visit(source, script.allow).new)
    assert found == [100, 70]


def index_of(base: str, *names: str) -> str:
    """Return an index of sitemaps."""
    maps = "".join(f"<sitemap><loc>{base}/{name}.xml</loc></sitemap>" for name in names)
    return f"<sitemapindex>{maps}</sitemapindex>"


def test_each_sitemap_of_an_index_has_its_own_baseline(script: Script, visitor: Visitor) -> None:
    """One that failed at first is old when it comes; one that is new in the index is news."""
    source = mapped(script, "/index.xml", range(1, 40))
    script.reply("/index.xml", text_answer(index_of(script.base, "one", "two"), XML))
    show(script, "/one.xml", range(1, 4))
    script.reply("/two.xml", text_answer("no", status=500))
    visitor.visit(source, script.allow)
    show(script, "/two.xml", range(10, 14))
    visitor.now += HOUR
    assert visitor.visit(source, script.allow).new == 4
    assert told(visitor) == set()
    show(script, "/two.xml", range(10, 15))
    script.reply("/index.xml", text_answer(index_of(script.base, "three", "one", "two"), XML))
    show(script, "/three.xml", range(20, 22))
    visitor.now += HOUR
    visitor.visit(source, script.allow)
    assert told(visitor) == {"story-14", "story-20", "story-21"}


def test_an_index_that_failed_wholly_at_first_is_old_when_it_comes(
    script: Script, visitor: Visitor
) -> None:
    """As long as none of its sitemaps could be read, all that it names belongs to the baseline."""
    source = mapped(script, "/index.xml", range(1, 9))
    script.reply("/index.xml", text_answer(index_of(script.base, "one"), XML))
    script.reply("/one.xml", text_answer("no", status=500))
    visitor.visit(source, script.allow)
    script.reply("/index.xml", text_answer(index_of(script.base, "one", "two"), XML))
    show(script, "/one.xml", range(1, 4))
    show(script, "/two.xml", range(4, 6))
    visitor.now += HOUR
    assert visitor.visit(source, script.allow).new == 5
    assert told(visitor) == set()
