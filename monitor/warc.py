"""Kept pages as WARC 1.1 (ISO 28500:2017), one gzip member a record. Pure.

Written by hand: the two kinds of record needed are a page of code. Tests read it with warcio.

What was kept is the body with its content encoding undone, so that is what a record holds, with a
`Content-Length` of its own. The headers are the server's but for those of the encoding, and
without cookies. The same page exported twice is the same record, byte for byte.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import uuid
from datetime import UTC
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from db.visiting import KeptPage

_ENDS: Final = b"\r\n\r\n"
_REPLACED: Final = frozenset(("content-encoding", "content-length", "transfer-encoding"))


def archive(pages: Iterable[KeptPage], *, software: str, now: datetime) -> Iterator[bytes]:
    """Give a WARC file piece by piece: who wrote it, then a response for each page."""
    fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{software} {_moment(now)}")
    about = {"Content-Type": "application/warc-fields"}
    yield _record("warcinfo", identity, now, about, fields)
    for page in pages:
        yield response(page)


def response(page: KeptPage) -> bytes:
    """Return the record of one page."""
    payload = _digest(page.body)
    key = f"{page.url} {_moment(page.fetched_at)} {payload}"
    block = _http(page)
    about = {
        "WARC-Target-URI": _line(page.url),
        "WARC-Payload-Digest": payload,
        "WARC-Block-Digest": _digest(block),
        "Content-Type": "application/http;msgtype=response",
    }
    identity = uuid.uuid5(uuid.NAMESPACE_URL, key)
    return _record("response", identity, page.fetched_at, about, block)


def _record(
    kind: str, identity: uuid.UUID, when: datetime, about: dict[str, str], block: bytes
) -> bytes:
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{identity}>",
        "WARC-Date": _moment(when),
        **about,
        "Content-Length": str(len(block)),
    }
    head = "\r\n".join(("WARC/1.1", *(f"{name}: {value}" for name, value in named.items())))
    return gzip.compress(head.encode() + _ENDS + block + _ENDS, mtime=0)


def _http(page: KeptPage) -> bytes:
    """Return the answer as it would stand on the wire without a content encoding."""
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    lines += [
        f"{_line(name)}: {_line(value)}"
        for name, value in page.headers
        if name.lower() not in _REPLACED
    ]
    lines.append(f"Content-Length: {len(page.body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + _ENDS + page.body


def _line(text: str) -> str:
    # A header of a stranger must not end the head and begin another record.
    return " ".join(text.split())


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _digest(data: bytes) -> str:
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"
