"""Servers of one port each that misbehave byte by byte and keep a ledger of it. Loopback only."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from email.utils import format_datetime
from time import monotonic
from typing import TYPE_CHECKING

from monitor.newsroom.wire import PLAIN, RSS, Answer, Ending, text_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.newsroom.server import Loopback

    Way = Callable[["Connection", str], None]

OPEN = text_answer("User-agent: *\nAllow: /\n", PLAIN)
DRIP = 0.1  # seconds between two drops
LINE = b"X-More: " + b"a" * 8000 + b"\r\n"
WORDS = "The ministers met in the capital and spoke about trade, water and the roads. " * 4


@dataclass(slots=True)
class Talk:
    """One request, and when its answer was over, by whichever side."""

    path: str
    at: float
    until: float | None = None


@dataclass(slots=True)
class Stranger:
    """A server that treats every request in one way. Its methods are called from outside."""

    way: Way
    port: int = 0
    talks: list[Talk] = field(default_factory=list)
    settled: threading.Condition = field(default_factory=threading.Condition)

    def open(self, loopback: Loopback) -> Stranger:
        """Listen on a free port."""

        def connected(_loop: asyncio.AbstractEventLoop) -> Connection:
            return Connection(self, loopback)

        self.port = loopback.listen(connected)
        return self

    @property
    def place(self) -> str:
        """Return host and port, as an allow-list spells them."""
        return f"127.0.0.1:{self.port}"

    def ended(self) -> list[Talk]:
        """Return all requests once all of them are over."""
        with self.settled:
            self.settled.wait_for(lambda: all(talk.until for talk in self.talks), timeout=60)
            return list(self.talks)

    def most_at_once(self) -> int:
        """Return how many requests were under way at the same time at most."""
        moments = [(talk.at, 1) for talk in self.talks]
        moments += [(talk.until, -1) for talk in self.talks if talk.until]
        most = now = 0
        for _, step in sorted(moments):
            now += step
            most = max(most, now)
        return most


class Connection(asyncio.Protocol):
    """One visitor of a stranger."""

    def __init__(self, stranger: Stranger, loopback: Loopback) -> None:
        self._stranger = stranger
        self._loopback = loopback
        self._read = b""
        self._talk: Talk | None = None
        self._flooding = False
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Have the connection closed at the end."""
        self.transport = transport
        self._loopback.track(transport)

    def data_received(self, data: bytes) -> None:
        """Treat a request once its head is there."""
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            path = head.split(b" ")[1].decode()
            self._talk = Talk(path, monotonic())
            self._stranger.talks.append(self._talk)
            self._stranger.way(self, path)

    def answer(self, answer: Answer) -> None:
        """Send an answer, which ends the request."""
        if not self.transport.is_closing():
            self._over()
            self.transport.write(answer.encoded("GET"))
            if answer.ending is not Ending.KEEP:
                self.transport.close()

    def drip(self, begun: bytes, drop: bytes) -> None:
        """Begin an answer and go on drop by drop for as long as somebody listens."""
        if not self.transport.is_closing():
            self.transport.write(begun)
            self.loop.call_later(DRIP, self.drip, drop, drop)

    def flood(self, begun: bytes = b"HTTP/1.1 200 OK\r\n") -> None:
        """Send headers, or whatever else was begun, for ever, as fast as they are taken."""
        self.transport.write(begun)
        self._flooding = True
        self._pump()

    def pause_writing(self) -> None:
        """Wait until the visitor has read."""
        self._flooding = False

    def resume_writing(self) -> None:
        """Go on."""
        self._flooding = True
        self._pump()

    def connection_lost(self, _error: Exception | None) -> None:
        """End the request that was under way."""
        self._flooding = False
        self._over()

    def _pump(self) -> None:
        if self._flooding and not self.transport.is_closing():
            self.transport.write(LINE)
            self.loop.call_soon(self._pump)

    def _over(self) -> None:
        with self._stranger.settled:
            if self._talk and self._talk.until is None:
                self._talk.until = monotonic()
            self._stranger.settled.notify_all()


def flooding(connection: Connection, _path: str) -> None:
    """Never stop sending headers."""
    connection.flood()


def endless_body(connection: Connection, _path: str) -> None:
    """Refuse, and never stop sending the reason."""
    connection.flood(b"HTTP/1.1 500 Oops\r\nContent-Length: 99999999999\r\n\r\n")


def resetting(connection: Connection, _path: str) -> None:
    """Send half a status and cut the line."""
    connection.transport.write(b"HTTP/1.1 2")
    connection.transport.abort()


def hanging(_connection: Connection, _path: str) -> None:
    """Accept, and say nothing."""


def dripping_headers(connection: Connection, path: str) -> None:
    """Send a list's headers letter by letter."""
    if path == "/robots.txt":
        connection.answer(OPEN)
    else:
        connection.drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a")


def dripping_body(connection: Connection, path: str) -> None:
    """Send a list's body letter by letter."""
    if path == "/robots.txt":
        connection.answer(OPEN)
    else:
        connection.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n<rss>", b" ")


def answering(replies: dict[str, Answer], after: float = 0.0) -> Way:
    """Answer each path as told, some time after it was asked for."""

    def way(connection: Connection, path: str) -> None:
        answer = replies.get(path) or (
            OPEN if path == "/robots.txt" else text_answer("gone", PLAIN, 404)
        )
        connection.loop.call_later(after, connection.answer, answer)

    return way


def feed(items: dict[str, str], now: datetime) -> Answer:
    """Return an RSS feed of these titles by address, all published now."""
    entries = "".join(
        f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{format_datetime(now)}</pubDate><description>{WORDS}</description></item>"
        for url, title in items.items()
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{entries}</channel></rss>'
    return text_answer(text, RSS)


def page(title: str) -> Answer:
    """Return an article's page."""
    return text_answer(
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><article>"
        f"<h1>{title}</h1><p>{WORDS}</p></article></body></html>"
    )


def site(name: str, now: datetime, base: str = "") -> dict[str, Answer]:
    """Return a feed at /NAME of one item, and its page at /NAME/1; links are relative to `base`."""
    title = f"Ministers meet in {name}"
    return {f"/{name}": feed({f"{base}/{name}/1": title}, now), f"/{name}/1": page(title)}
