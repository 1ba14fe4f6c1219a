"""What came back: a body without a stated length is whole only if its document ended."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from db.visiting import State
from monitor.newsroom.wire import Answer, Ending
from spiders.courtesy import Refused
from spiders.courtesy_answers import is_whole, stops_inside_an_item, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.visiting import Source
    from tests.spiders.conftest import Script, Visitor

RSS = (
    b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>T</title>'
    b"<item><title>One</title><link>http://e.org/a/1</link></item>"
    b"<item><title>Two &amp; more</title></item></channel></rss>\n"
)
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title></entry></feed>'
RDF = b'<?xml version="1.0"?><rdf:RDF xmlns="x"><item><title>One</title></item></rdf:RDF>'
MAP = b"<?xml version='1.0'?><!-- made by hand --><urlset><url><loc>http://e.org/</loc></url></urlset>"
INDEX = b"<sitemapindex><sitemap><loc>http://e.org/1.xml</loc></sitemap></sitemapindex >"
HTML = b"<!DOCTYPE html>\n<HTML lang=en><body><p>Words.</p></body></HTML>\n<!-- 0.03 s -->"
DATA = json.dumps({"cards": [{"url": None, "title": "One"}]}).encode()
MARKUP = b'{"page": "<html><p>Half a page"}'
WHOLE = (RSS, ATOM, RDF, MAP, INDEX, HTML, DATA, MARKUP, b"[]", b"\xef\xbb\xbf{}")


@pytest.mark.parametrize("body", WHOLE)
def test_a_document_that_ended_is_whole(body: bytes) -> None:
    """The root's end tag, or JSON that can be read, proves the end; comments may follow it."""
    assert is_whole(body)


@pytest.mark.parametrize("body", WHOLE)
def test_a_document_cut_anywhere_is_not_whole(body: bytes) -> None:
    """Cut before its last sign, at any byte, a document has not ended."""
    end = max(body.lower().rfind(b"</"), body.rfind(b"}"), body.rfind(b"]"))
    assert not any(is_whole(body[:cut]) for cut in range(end + 1))


@pytest.mark.parametrize(
    "body", [b"", b"plain words", b"12345", b"<p>A fragment</p>", b"<rss><![CDATA[<html></html>"]
)
def test_what_cannot_prove_its_end_is_not_whole(body: bytes) -> None:
    """Neither a text without a root, nor one whose last end tag is another document's."""
    assert not is_whole(body)


@pytest.mark.parametrize("body", [RSS[:-40], ATOM[:-20], MAP[:-25], RDF[:-20]])
def test_a_list_that_stops_inside_an_item_is_cut_whatever_its_stated_length(
    body: bytes, script: Script, visitor: Visitor, source: Source
) -> None:
    """A Content-Length too small is true for HTTP; half an item is none all the same."""
    assert stops_inside_an_item(body)
    script.reply("/list", Answer(body=body, media="application/xml"))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new) == (State.TRUNCATED, 0)


@pytest.mark.parametrize("body", [*WHOLE, RSS[:-17], RSS[:56], b"<rss><item/><item /></channel>"])
def test_a_list_without_its_end_tag_is_read_if_its_items_ended(body: bytes) -> None:
    """Feeds that are always broken in that way are read, and so are pages and data."""
    assert not stops_inside_an_item(body)


@pytest.mark.parametrize("body", [RSS[:-30], ATOM[:-8], MAP[:-10], DATA[:-3]])
def test_a_cut_list_is_truncated_and_leaves_no_validator(
    body: bytes, script: Script, visitor: Visitor, source: Source
) -> None:
    """The half that came gives no item, and the next visit asks for the whole list."""
    head = b'HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: "half"\r\n\r\n'
    script.reply("/list", Answer(raw=head + body, ending=Ending.CLOSE))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new) == (State.TRUNCATED, 0)
    with visitor.store() as store:
        assert store.validator(source.urls[0]) is None


@pytest.mark.parametrize("status", [403, 500])
def test_an_error_needs_no_whole_page(
    status: int, script: Script, visitor: Visitor, source: Source
) -> None:
    """What a status says is said before the body begins."""
    head = f"HTTP/1.1 {status} No\r\nContent-Type: text/html\r\n\r\n".encode()
    script.reply("/list", Answer(raw=head + b"<html><p>no", ending=Ending.CLOSE))
    report = visitor.visit(source, script.allow)
    assert report.reason.startswith(f"HTTP {status}")


def test_robots_txt_without_a_stated_length_is_obeyed(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A plain text has no end to show; what it says counts (RFC 9112 §6.3 takes it for whole)."""
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /list\n"
    script.reply("/robots.txt", Answer(raw=raw, ending=Ending.CLOSE))
    assert visitor.visit(source, script.allow).state is State.FORBIDDEN_BY_ROBOTS


def test_a_reason_repeats_no_stranger_s_control_characters(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A header's escape sequences and turned writing do not reach a terminal or a mail."""
    name = b"\x1b[31mred\x07\xe2\x80\xae" + b"x" * 900
    raw = b"HTTP/1.1 200 OK\r\nContent-Encoding: " + name + b"\r\nContent-Length: 2\r\n\r\n{}"
    script.reply("/list", Answer(raw=raw))
    report = visitor.visit(source, script.allow)
    assert report.state is State.UNDECODABLE
    assert report.reason.isprintable()
    with pytest.raises(Refused) as refused:
        unpack(b"x", ["\x1b]0;title\x07\r\nred"], 100)
    assert refused.value.problem.reason == "an encoding nobody asked for: ]0;title red"


MB = 1024 * 1024


def test_zstd_is_unpacked_whole_or_refused() -> None:
    """One frame or several; a cut one, another thing, and a window beyond 8 MB are refused."""
    words = RSS * 400
    packed = zstandard.ZstdCompressor().compress(words)
    assert unpack(packed, ["zstd"], MB) == words
    assert unpack(packed + packed, ["zstd"], MB) == words + words
    for cut in (1, 5, len(packed) // 2, len(packed) - 1):
        with pytest.raises(Refused) as cut_off:
            unpack(packed[:cut], ["zstd"], MB)
        assert cut_off.value.problem.state is State.TRUNCATED
    wide = zstandard.ZstdCompressionParameters(window_log=24)
    large = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    for body in (b"no zstd at all", large.compress(words) + large.flush()):
        with pytest.raises(Refused) as not_read:
            unpack(body, ["zstd"], MB)
        assert not_read.value.problem.state is State.UNDECODABLE


def test_a_zstd_bomb_costs_no_more_memory_than_a_bite_makes() -> None:
    """A gigabyte out of 30 kB is given up at the limit, in a few megabytes of memory."""
    packer = zstandard.ZstdCompressor().compressobj()
    zeros = bytes(16 * MB)
    bomb = b"".join(packer.compress(zeros) for _ in range(64)) + packer.flush()
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as refused:
            unpack(bomb, ["zstd"], 5 * MB)
        assert tracemalloc.get_traced_memory()[1] < 40 * MB
    finally:
        tracemalloc.stop()
    assert refused.value.problem.state is State.TOO_LARGE


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("zstd", zstandard.ZstdCompressor().compress)]
)
def test_an_answer_may_come_in_many_pieces_but_not_in_thousands(
    encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    """A thousand members or frames are read in their order; one more is refused, unread."""
    words = [b"%d," % number for number in range(1000)]
    packed = b"".join(map(pack, words))
    assert unpack(packed, [encoding], MB) == b"".join(words)
    assert unpack(pack(RSS * 900), [encoding], MB) == RSS * 900
    with pytest.raises(Refused) as refused:
        unpack(packed + pack(b""), [encoding], MB)
    problem = refused.value.problem
    assert (problem.state, problem.reason) == (
        State.UNDECODABLE,
        "packed in more than 1000 pieces",
    )


@pytest.mark.parametrize("outer", ["gzip", "x-gzip", "zstd", "br", "deflate"])
@pytest.mark.parametrize("inner", ["gzip", "deflate", "br", "zstd"])
def test_nothing_stays_nothing_however_often_it_is_packed(outer: str, inner: str) -> None:
    """An empty answer in two encodings is empty, whether its inner packing was done or not."""
    packed = {
        "gzip": gzip.compress(b""),
        "x-gzip": gzip.compress(b""),
        "zstd": zstandard.compress(b""),
        "br": brotli.compress(b""),
        "deflate": zlib.compress(b""),
    }
    assert unpack(packed[outer], [inner, outer], MB) == b""


@given(st.binary(max_size=300_000), st.sampled_from([b"", bytes(20), b"noise"]), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_gzip_of_anything_is_unpacked_whatever_pads_it(
    words: bytes, padding: bytes, times: int
) -> None:
    """Long and short members, and what follows the last, make no difference to what is read."""
    packed = gzip.compress(words) + gzip.compress(words * times)
    assert unpack(packed + padding, ["gzip"], 2 * MB) == words * (1 + times)
