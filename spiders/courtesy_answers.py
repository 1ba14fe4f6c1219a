"""What came back: unpacked within bounds, complete, and decoded without guessing.

Scrapy's own middleware returns as much as it could unpack of a cut body, without a flag, and a
body in another charset than labelled arrives full of U+FFFD. Here both are refused.
"""

from __future__ import annotations

import json
import re
import zlib
from codecs import BOM_UTF8
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

import brotli
import zstandard
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from db.visiting import State
from spiders.blocks import Page
from spiders.courtesy import Refused
from spiders.courtesy_robots import OWN
from spiders.decoding import decoded
from spiders.judge import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Request
    from scrapy.crawler import Crawler

ENCODINGS = "gzip, deflate, br, zstd"
_GZIP = b"\x1f\x8b\x08"  # RFC 1952 §2.3.1: the magic bytes and the one method there is
_STEP = 65_536
# zstd gives all that its input makes, up to 128 KB for 4 bytes: so it is fed in small bites.
_BITE = 256
# Each gzip member or zstd frame costs a decompressor, even one of nine bytes that holds nothing.
_MOST_PIECES = 1000
_WINDOW = 8 * 1024 * 1024  # RFC 9659 §3
_TAIL = 2048  # comments of caches and counters stand behind a document's end
# Whatever a document holds comes after its root, so the first of these is the root.
_ROOTS = rb"(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex|html)"
_ROOT = re.compile(rb"<(?:!doctype\s+)?" + _ROOTS + rb"[\s>]", re.IGNORECASE)
_END = re.compile(rb"</" + _ROOTS + rb"\s*>", re.IGNORECASE)
_ITEM = re.compile(rb"<(/?)(?:\w+:)?(?:item|entry|url|sitemap)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_MEDIA: tuple[tuple[str, Literal["html", "text", "json", "xml"]], ...] = (
    ("json", "json"),
    ("html", "html"),
    ("xml", "xml"),
    ("text/plain", "text"),
)


class Unpack:
    """Downloader middleware: undoes Content-Encoding, refuses what is cut or too large."""

    def __init__(self, crawler: Crawler) -> None:
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Unpack:
        """Build as Scrapy wants it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Say which encodings can be undone."""
        request.headers.setdefault("Accept-Encoding", ENCODINGS)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the answer with its body unpacked."""
        body = response.body
        names = [
            name.strip().lower()
            for line in response.headers.getlist("Content-Encoding")
            for name in line.decode("latin-1").split(",")
        ]
        if names and body:
            body = unpack(body, names, self._limit)
        if body.startswith(_GZIP):
            # A file that was packed before it was served, as sitemap.xml.gz: its type may be that
            # of the packing, of what is in it, or none, and the server may have packed it again.
            body = unpack(body, ["gzip"], self._limit)
        partial = "partial" in response.flags
        cut = (partial and not is_whole(body)) or stops_inside_an_item(body)
        if cut and _must_end(request, response):
            raise Refused(Problem(State.TRUNCATED, "the answer ended before its document did"))
        if not names and body is response.body and not partial:
            return response
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        return response.replace(cls=kind, body=body, headers=headers)


def _must_end(request: Request, response: Response) -> bool:
    # An error has said all in its status, and robots.txt has no end to show.
    fine = HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
    return fine and not request.meta.get(OWN)


def unpack(body: bytes, encodings: Iterable[str], limit: int) -> bytes:
    """Undo content encodings, listed in the order they were applied.

    Raises Refused for a body that is cut (`truncated`), grows beyond `limit` bytes
    (`too_large`) or is not what its label says (`undecodable`). Memory stays within the limit.
    """
    for name in reversed([name for name in encodings if name not in ("", "identity")]):
        if not body:
            break  # nothing, however often it was packed
        try:
            match name:
                case "gzip" | "x-gzip":
                    body = _inflate(body, limit, 31)
                case "deflate":
                    # Some servers send the raw stream without zlib's wrapping.
                    body = _inflate(body, limit, 15 if body[0] & 0x0F == zlib.DEFLATED else -15)
                case "br":
                    body = _unbrotli(body, limit)
                case "zstd":
                    body = _unzstd(body, limit)
                case _:
                    raise _undecodable(f"an encoding nobody asked for: {name[:40]}")
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise _undecodable(f"not {name}: {error}") from error
    return body


def _inflate(data: bytes, limit: int, window: int) -> bytes:
    parts: list[bytes] = []
    size = place = members = 0
    while place < len(data):
        members = _one_more(members)
        stream = zlib.decompressobj(window)
        while not stream.eof:
            bite = data[place : place + _STEP]
            part = stream.decompress(bite, _STEP)
            if not bite and not part and not stream.eof:
                raise Refused(Problem(State.TRUNCATED, "the packed answer ends in the middle"))
            place += len(bite) - len(stream.unconsumed_tail) - len(stream.unused_data)
            parts.append(part)
            size = _within(size + len(part), limit)
        # gzip may hold several members; zeros and noise after the last are padding.
        if not data.startswith(b"\x1f\x8b", place):
            break
    return b"".join(parts)


def _unbrotli(data: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    parts = [stream.process(data, output_buffer_limit=_STEP)]
    size = _within(len(parts[0]), limit)
    while not stream.is_finished():
        part = stream.process(b"", output_buffer_limit=_STEP)
        if not part and not stream.is_finished():
            raise Refused(Problem(State.TRUNCATED, "the packed answer ends in the middle"))
        parts.append(part)
        size = _within(size + len(part), limit)
    return b"".join(parts)


def _unzstd(data: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    size = place = frames = 0
    while place < len(data):
        frames = _one_more(frames)
        stream = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        while not stream.eof:
            bite = data[place : place + _BITE]
            if not bite:
                raise Refused(Problem(State.TRUNCATED, "the packed answer ends in the middle"))
            part = stream.decompress(bite)
            place += len(bite) - len(stream.unused_data)
            parts.append(part)
            size = _within(size + len(part), limit)
    return b"".join(parts)


def _one_more(pieces: int) -> int:
    if pieces >= _MOST_PIECES:
        raise _undecodable(f"packed in more than {_MOST_PIECES} pieces")
    return pieces + 1


def _within(size: int, limit: int) -> int:
    if limit and size > limit:
        raise Refused(Problem(State.TOO_LARGE, f"unpacked, the answer exceeds {limit} bytes"))
    return size


def is_whole(body: bytes) -> bool:
    """Tell whether a document proves that it ended: by its root's end tag, or as JSON.

    A body without stated length ends with the connection, whole or not (RFC 9112 §6.3), and what
    reads feeds and sitemaps here takes a cut one for a short one.

    >>> is_whole(b"<rss><item/></rss>"), is_whole(b"<rss><item/>")
    (True, False)
    """
    if body.removeprefix(BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            return False
        return True
    root = _ROOT.search(body[:_STEP])
    ends = (end[1].lower() for end in _END.finditer(body[-_TAIL:]))
    return root is not None and root[1].lower() in ends


def stops_inside_an_item(body: bytes) -> bool:
    """Tell whether a feed or sitemap ends in the middle of an item, whatever length was stated.

    >>> stops_inside_an_item(b"<rss><item><title>Ha"), stops_inside_an_item(b"<rss><item></item>")
    (True, False)
    """
    root = _ROOT.search(body[:_STEP])
    if root is None or root[1].lower() == b"html" or is_whole(body):
        return False
    ended = True
    for tag in _ITEM.finditer(body, root.end()):
        ended = bool(tag[1])
    return not ended


def page_of(response: Response) -> Page:
    """Return the answer as text for the site's rules. Raises Refused if it cannot be decoded."""
    if not isinstance(response, TextResponse) and b"\0" in response.body[:1024]:
        raise _undecodable("not a text")
    label = (response.headers.get("Content-Type") or b"").decode("latin-1")
    try:
        body = decoded(response.body, label)
    except ValueError as error:
        raise _undecodable(str(error)) from error
    return Page(url=response.url, body=body, media=_media(label, response))


def _media(label: str, response: Response) -> Literal["html", "text", "json", "xml"]:
    kind = label.lower().split(";")[0]
    for part, media in _MEDIA:
        if part in kind:
            return "html" if "xhtml" in kind else media
    start = response.body[:256].lstrip()
    if start[:1] in (b"{", b"["):
        return "json"
    root = _ROOT.match(start.removeprefix(BOM_UTF8).lstrip())
    is_list = root is not None and root[1].lower() != b"html"
    return "xml" if is_list or (start.startswith(b"<?xml") and b"<html" not in start) else "html"


def _undecodable(reason: str) -> Refused:
    return Refused(Problem(State.UNDECODABLE, reason))
