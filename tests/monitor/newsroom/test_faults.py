"""Misbehaviour on command: what a visitor meets, and that it ends."""

from __future__ import annotations

import gzip
import socket
import zlib
from concurrent.futures import ThreadPoolExecutor
from http.client import BadStatusLine, IncompleteRead
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from monitor.newsroom.faults import (
    CutGzip,
    Fault,
    Garbage,
    Hang,
    Instead,
    Redirect,
    Reset,
    Status,
    Truncated,
    servicepipe,
)
from monitor.newsroom.room import Newsroom
from monitor.newsroom.wire import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Ask = Callable[..., tuple[int, dict[str, str], bytes]]


def test_status_with_retry_after(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """An error status carries the wish to be left alone."""
    newsroom.misbehave("belta", Status(503, retry_after="120"))
    status, headers, _ = ask(listing)
    assert (status, headers["retry-after"]) == (503, "120")
    assert "etag" not in headers


def test_fault_on_one_site_leaves_the_others_and_robots_alone(
    newsroom: Newsroom, ask: Ask, listing: str
) -> None:
    """A failing site still says what it allows; its neighbours do not fail."""
    newsroom.misbehave("belta", Status(500))
    assert ask(listing)[0] == 500
    assert ask(newsroom.addresses["belta"] + "/robots.txt")[0] == 200
    assert ask(newsroom.addresses["tass"] + "/politics")[0] == 200


def test_robots_can_be_another(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """robots.txt misbehaves where it is named."""
    newsroom.misbehave("belta", Instead("Disallow: /", PLAIN), path="/robots.txt")
    assert ask(newsroom.addresses["belta"] + "/robots.txt")[2] == b"Disallow: /"
    assert ask(listing)[0] == 200


def test_fault_of_some_paths_for_some_times(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """A pattern limits a fault to paths, a number to requests; the youngest fault counts."""
    newsroom.misbehave("belta", Status(403))
    newsroom.misbehave("belta", Status(429), path="/all_*", times=2)
    other = newsroom.addresses["belta"] + "/society/"
    assert [ask(listing)[0] for _ in range(3)] == [429, 429, 403]
    assert ask(other)[0] == 403
    newsroom.behave("belta")
    assert (ask(listing)[0], ask(other)[0]) == (200, 200)


def test_unknown_site_is_a_mistake(newsroom: Newsroom) -> None:
    """Only the four sites can misbehave."""
    with pytest.raises(KeyError):
        newsroom.misbehave("nobody", Status(500))


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (Truncated(), IncompleteRead),
        (Reset(), ConnectionResetError),
        (Garbage(http=False), BadStatusLine),
    ],
)
def test_broken_answers_break_the_visitor_not_the_room(
    newsroom: Newsroom, fault: Fault, failure: type[Exception], ask: Ask, listing: str
) -> None:
    """Half a body, a cut connection and noise are noticed by a strict client."""
    newsroom.misbehave("belta", fault)
    with pytest.raises(failure):
        ask(listing)
    newsroom.behave()
    assert ask(listing)[0] == 200


def test_garbage_is_the_same_each_time(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """Noise under a good status is made from a seed."""
    newsroom.misbehave("belta", Garbage(size=100, seed=7))
    first, second = ask(listing), ask(listing)
    assert (first[0], len(first[2])) == (200, 100)
    assert first[2] == second[2]


def test_cut_gzip_is_good_http_around_a_broken_stream(
    newsroom: Newsroom, ask: Ask, listing: str
) -> None:
    """The length is true, the compressed stream ends in its middle."""
    whole = ask(listing)[2]
    newsroom.misbehave("belta", CutGzip())
    _, headers, body = ask(listing)
    assert headers["content-encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(body)
    part = zlib.decompressobj(31).decompress(body)
    assert whole.startswith(part)
    assert len(part) < len(whole)


def test_redirect(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """The Location is sent as written."""
    newsroom.misbehave("belta", Redirect("//elsewhere.example/", 301))
    status, headers, _ = ask(listing)
    assert (status, headers["location"]) == (301, "//elsewhere.example/")


def test_servicepipe_page_is_small_and_names_itself(newsroom: Newsroom, ask: Ask) -> None:
    """The block page is a 403 with a 1.8 kB script."""
    newsroom.misbehave("tass", servicepipe(), path="/politics*")
    status, _, body = ask(newsroom.addresses["tass"] + "/politics")
    assert status == 403
    assert b"servicepipe" in body
    assert 1750 < len(body) <= 1800
    assert ask(newsroom.addresses["tass"] + "/rss/v2.xml")[0] == 200


def test_hanging_visitor_is_let_go(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """A request that hangs is seen in the log, and ends when the site behaves again."""
    newsroom.misbehave("belta", Hang())
    with ThreadPoolExecutor(1) as beside:
        visit = beside.submit(ask, listing)
        assert newsroom.wait_for(lambda log: len(log) == 1)
        newsroom.behave()
        assert isinstance(visit.exception(10), ConnectionError)
    assert newsroom.requests("belta")[0].status == 0


def test_hanging_in_the_middle_of_an_answer(newsroom: Newsroom) -> None:
    """So many bytes come, then no more."""
    newsroom.misbehave("belta", Hang(after=40))
    parts = urlsplit(newsroom.addresses["belta"])
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as visitor:
        visitor.sendall(b"GET /all_news/ HTTP/1.1\r\n\r\n")
        assert visitor.recv(15, socket.MSG_WAITALL) == b"HTTP/1.1 200 OK"
        assert len(visitor.recv(25, socket.MSG_WAITALL)) == 25
        newsroom.behave("belta")
        assert visitor.recv(1) == b""


def test_hanging_visitor_does_not_keep_the_room_open(press_now: datetime, ask: Ask) -> None:
    """Stopping the room ends the visits that hang."""
    with ThreadPoolExecutor(1) as beside, Newsroom(press_now) as newsroom:
        newsroom.misbehave("tass", Hang())
        visit = beside.submit(ask, newsroom.addresses["tass"] + "/politics")
        assert newsroom.wait_for(lambda log: len(log) == 1)
        newsroom.stop()
        assert isinstance(visit.exception(10), ConnectionError)
