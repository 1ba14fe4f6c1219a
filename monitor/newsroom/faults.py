"""Ways to misbehave: each turns the answer a visitor should have had into another. Pure."""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass, replace
from typing import Protocol

from monitor.newsroom.wire import HTML, PLAIN, Answer, Ending, text_answer

SERVICEPIPE = (
    "<!DOCTYPE html><html><head><title></title><noscript>Enable JavaScript</noscript>\n"
    '<script src="https://servicepipe.ru/static/checkjs/checkjs.js"></script>\n'
    "<script>\n{filling}\nget_cookie_spsc_encrypted_part();\n</script></head><body></body></html>\n"
)
SERVICEPIPE_SIZE = 1800


class Fault(Protocol):
    """One way to misbehave."""

    def spoil(self, answer: Answer) -> Answer:
        """Return what is sent instead of this answer."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """An error status, with Retry-After (seconds or a date, as written) if one is given."""

    code: int
    retry_after: str | None = None

    def spoil(self, answer: Answer) -> Answer:
        """Forget the answer, say the status."""
        del answer
        wish = () if self.retry_after is None else (("Retry-After", self.retry_after),)
        return replace(text_answer(f"{self.code}\n", PLAIN, self.code), headers=wish)


@dataclass(frozen=True, slots=True)
class Hang:
    """Silence after so many bytes of the answer: 0 means that not even a status line comes."""

    after: int = 0

    def spoil(self, answer: Answer) -> Answer:
        """Send the beginning, then nothing, with the connection left open."""
        return Answer(status=0, raw=answer.encoded("GET")[: self.after], ending=Ending.HANG)


@dataclass(frozen=True, slots=True)
class Garbage:
    """Random bytes as the page's body, or instead of HTTP altogether. One seed, one noise."""

    size: int = 4096
    seed: int = 0
    http: bool = True

    def spoil(self, answer: Answer) -> Answer:
        """Replace the body, or everything."""
        noise = random.Random(self.seed).randbytes(self.size)  # noqa: S311 - noise, no secret
        if self.http:
            return replace(answer, body=noise, headers=())
        return Answer(status=0, raw=noise, ending=Ending.CLOSE)


@dataclass(frozen=True, slots=True)
class Truncated:
    """Half a body under a Content-Length that promises all of it."""

    def spoil(self, answer: Answer) -> Answer:
        """Send half, then close."""
        whole = len(answer.body)
        half = answer.body[: whole // 2]
        return replace(answer, body=half, declared=whole, headers=(), ending=Ending.CLOSE)


@dataclass(frozen=True, slots=True)
class CutGzip:
    """A gzip stream that ends in its middle, under a Content-Length that is true."""

    def spoil(self, answer: Answer) -> Answer:
        """Send half of the compressed body."""
        packed = gzip.compress(answer.body, mtime=0)
        return replace(
            answer,
            body=packed[: len(packed) // 2],
            headers=(("Content-Encoding", "gzip"),),
        )


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is cut without a word."""

    def spoil(self, answer: Answer) -> Answer:
        """Send nothing, reset."""
        del answer
        return Answer(status=0, raw=b"", ending=Ending.RESET)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another address, as written."""

    location: str
    code: int = 302

    def spoil(self, answer: Answer) -> Answer:
        """Point elsewhere."""
        del answer
        return Answer(status=self.code, headers=(("Location", self.location),))


@dataclass(frozen=True, slots=True)
class Instead:
    """A body of one's own: another robots.txt, a captcha page, an empty list."""

    body: str
    media: str = HTML
    code: int = 200

    def spoil(self, answer: Answer) -> Answer:
        """Replace status, body and media type."""
        del answer
        return text_answer(self.body, self.media, self.code)


def servicepipe() -> Instead:
    """Return the block page that tass.ru shows to foreign hosts: 403, 1.8 kB, a script."""
    filling = "var s=0;" * ((SERVICEPIPE_SIZE - len(SERVICEPIPE)) // 8)
    return Instead(SERVICEPIPE.replace("{filling}", filling), HTML, 403)
