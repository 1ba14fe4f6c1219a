"""Sitemaps that were packed before they were served: whatever they are called, they are read."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from scrapy.http import Response

from db.visiting import State
from monitor.newsroom.wire import XML, Answer, text_answer
from spiders.courtesy_answers import page_of
from tests.spiders.test_any_visits import index_of, mapped, plain_map, show, told

if TYPE_CHECKING:
    from conftest import Script, Visitor

TYPES = ("application/x-gzip", "application/gzip", "application/octet-stream", XML, "text/plain")


@pytest.mark.parametrize("media", TYPES)
@pytest.mark.parametrize(("path", "again"), [("/map.xml.gz", False), ("/map", True)])
def test_a_packed_sitemap_is_read_whatever_it_is_called(
    script: Script, visitor: Visitor, media: str, path: str, *, again: bool
) -> None:
    """Its first bytes say what it is; a server may have packed it once more on its way."""
    source = mapped(script, path, range(1, 4))
    body = gzip.compress(plain_map(script.base, range(1, 4)).encode())
    sent = gzip.compress(body) if again else body
    headers = (("Content-Encoding", "gzip"),) if again else ()
    script.reply(path, Answer(body=sent, media=media, headers=headers))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new, report.failed) == (State.OK, 3, 0)


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        (gzip.compress(bytes(8 * 1024 * 1024)), State.TOO_LARGE, "unpacked, the answer exceeds"),
        (gzip.compress(b"<urlset></urlset>")[:-12], State.TRUNCATED, "ends in the middle"),
        (b"\x1f\x8b\x08 and nothing of the kind", State.UNDECODABLE, "not gzip"),
    ],
    ids=["bomb", "cut", "no gzip"],
)
def test_a_packed_sitemap_that_is_a_trap_costs_one_record(
    script: Script, visitor: Visitor, body: bytes, state: State, reason: str
) -> None:
    """It is unpacked within the bounds of every answer, or refused with what it is."""
    source = mapped(script, "/map.xml.gz", range(1))
    script.reply("/map.xml.gz", Answer(body=body, media="application/x-gzip"))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new) == (state, 0)
    assert reason in report.reason


def test_one_bad_sitemap_of_an_index_hides_no_other(script: Script, visitor: Visitor) -> None:
    """What the others list is stored and told, at every visit."""
    source = mapped(script, "/index.xml", range(1, 6))
    script.reply("/index.xml", text_answer(index_of(script.base, "bomb", "news"), XML))
    bomb = gzip.compress(bytes(8 * 1024 * 1024))
    script.reply("/bomb.xml", Answer(body=bomb, media="application/x-gzip"))
    show(script, "/news.xml", range(1, 4))
    assert visitor.visit(source, script.allow).new == 3
    show(script, "/news.xml", range(1, 6))
    visitor.now += timedelta(hours=1)
    report = visitor.visit(source, script.allow)
    assert (report.new, told(visitor)) == (2, {"story-4", "story-5"})
    assert "unpacked, the answer exceeds" in report.reason


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"<urlset><url></url></urlset>", "xml"),
        (b"\xef\xbb\xbf\n<rss version='2.0'></rss>", "xml"),
        (b"<!DOCTYPE html><html><body>rss</body></html>", "html"),
        (b"<p>About <rss> feeds.</p>", "html"),
    ],
)
def test_a_list_without_a_telling_type_is_known_by_its_first_tag(body: bytes, media: str) -> None:
    """A file that was unpacked has the type of its packing only."""
    response = Response("https://e.test/x.gz", body=body, headers={"Content-Type": TYPES[0]})
    assert page_of(response).media == media
