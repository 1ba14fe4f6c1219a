"""Requests and answers as plain values, and how they look on the wire. Pure.

Written by hand and not with a web framework, because a press room must also be able to break
HTTP: declare a length it does not send, stop in the middle, answer with noise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
JSON = "application/json; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a visitor asked for. `target` is as sent, `headers` have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path without its query, percent-decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; the last of equal names wins."""
        return dict(parse_qsl(urlsplit(self.target).query))


class Ending(Enum):
    """What happens to the connection once the bytes are out."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back.

    `declared` replaces the true Content-Length. `raw` replaces head and body altogether.
    `status` 0 means that no HTTP answer was given.
    """

    status: int = 200
    body: bytes = b""
    media: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    declared: int | None = None
    raw: bytes | None = None
    ending: Ending = Ending.KEEP

    def encoded(self, method: str) -> bytes:
        """Return the bytes to send to a request of this method."""
        if self.raw is not None:
            return self.raw
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != HTTPStatus.NOT_MODIFIED:
            length = len(self.body) if self.declared is None else self.declared
            lines += [f"Content-Type: {self.media}", f"Content-Length: {length}"]
        if self.ending is not Ending.KEEP:
            lines.append("Connection: close")
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        return head if method == "HEAD" else head + self.body


def text_answer(text: str, media: str = HTML, status: int = 200) -> Answer:
    """Return an answer whose body is this text in UTF-8."""
    return Answer(status=status, body=text.encode(), media=media)


def not_found() -> Answer:
    """Return a plain 404."""
    page = "<!DOCTYPE html><html><head><title>404</title></head><body>404</body></html>"
    return text_answer(page, status=404)


def conditional(request: Request, answer: Answer, changed: datetime) -> Answer:
    """Give the answer its validators, or turn it into a 304 if the visitor has it already.

    RFC 9110 §13.2.2: If-None-Match decides alone where it is present (weak comparison, as for
    every GET and HEAD); If-Modified-Since counts only without it.
    """
    if request.method not in {"GET", "HEAD"} or answer.status != HTTPStatus.OK:
        return answer
    etag = etag_of(answer.body)
    validators = (("ETag", etag), ("Last-Modified", http_date(changed)))
    if _is_known(request, etag, changed):
        return Answer(status=304, headers=validators)
    return replace(answer, headers=(*answer.headers, *validators))


def etag_of(body: bytes) -> str:
    """Return the strong entity tag of a body."""
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def http_date(moment: datetime) -> str:
    """Return a moment as RFC 9110 §5.6.7 writes it."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _is_known(request: Request, etag: str, changed: datetime) -> bool:
    asked = request.headers.get("if-none-match")
    if asked is not None:
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return etag in tags or asked.strip() == "*"
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    if known.tzinfo is None:
        known = known.replace(tzinfo=UTC)
    return changed.replace(microsecond=0) <= known


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
