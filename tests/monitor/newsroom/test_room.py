"""The press room as a server: waves, edits, validators, the log, the ends of things."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from monitor.newsroom import own
from monitor.newsroom.room import ENGLISH, SITES, Newsroom
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import Answer, Request


def test_each_site_has_an_origin_of_its_own(newsroom: Newsroom) -> None:
    """Four sites stand on four ports of the loopback address."""
    assert set(newsroom.addresses) == set(ENGLISH) == {"secretariat", "belta", "tass", "openkg"}
    assert len(set(newsroom.addresses.values())) == 4


if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Ask = Callable[..., tuple[int, dict[str, str], bytes]]


def test_other_sites_can_be_opened(press_now: datetime) -> None:
    """The Russian editions stand beside the English ones where they are asked for."""
    with Newsroom(press_now, sites=tuple(SITES)) as room:
        assert set(room.addresses) == set(SITES)
        assert {row.site for row in room.publish(2)} == set(SITES)


def test_room_with_stories_of_its_own(press_now: datetime, ask: Ask) -> None:
    """A test may bring all stories itself; without any, lists are empty pages."""
    with Newsroom(press_now, stories=()) as room:
        assert room.published() == room.publish(2) == ()
        assert ask(room.addresses["secretariat"] + "/news/")[0] == 200
        assert b"lenta_item" not in ask(room.addresses["belta"] + "/all_news/")[2]


def test_second_wave_brings_new_items_and_one_edit(newsroom: Newsroom) -> None:
    """Wave 2 publishes on every site, and changes one story's words."""
    before = newsroom.published()
    new = newsroom.publish(2)
    assert {row.site for row in new} == set(ENGLISH)
    assert {row.wave for row in new} == {2}
    assert len(newsroom.published()) == len(before) + len(new)
    assert [row.key for row in newsroom.published() if row.edits] == ["belta-mission"]
    assert all(row.edits == 0 for row in before)


def test_third_wave_changes_nothing(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """Wave 3 publishes nothing: every validator stays good."""
    newsroom.publish(2)
    tags = ask(listing)[1]["etag"], ask(listing)[1]["last-modified"]
    assert newsroom.publish(3) == ()
    _, headers, _ = ask(listing)
    assert (headers["etag"], headers["last-modified"]) == tags


def test_waves_do_not_go_back(newsroom: Newsroom) -> None:
    """A story that is out stays out."""
    newsroom.publish(2)
    with pytest.raises(ValueError, match="take stories back"):
        newsroom.publish(1)


def test_edit_changes_title_and_paragraph_in_place(newsroom: Newsroom, ask: Ask) -> None:
    """An edited story keeps its address and shows the new words."""
    row = newsroom.edit("tass-grain", title="New title", paragraph=0, text="New words.")
    page = ask(row.url)[2].decode()
    assert (row.title, row.edits) == ("New title", 1)
    assert "New title</h1>" in page
    assert "<p>New words.</p>" in page


def test_edit_of_a_stranger_is_a_mistake(newsroom: Newsroom) -> None:
    """Only a story that exists can be edited."""
    with pytest.raises(KeyError):
        newsroom.edit("nobody", title="x")


def test_story_added_later_is_in_list_and_ledger(
    newsroom: Newsroom, listing: str, press_now: datetime, ask: Ask
) -> None:
    """A test may publish a story of its own at any time."""
    tram = next(one for one in own.stories(press_now) if one.key == "belta-tram")
    row = newsroom.add(replace(tram, key="mine", path="/society/view/mine-1-2025/"))
    assert row == newsroom.published()[-1]
    assert ask(row.url)[0] == 200
    assert b"/society/view/mine-1-2025/" in ask(listing)[2]


def test_matching_etag_is_answered_304_without_a_body(ask: Ask, listing: str) -> None:
    """The same body is not sent twice to who names its tag, in weak form or in a list too."""
    _, headers, _ = ask(listing)
    tag = headers["etag"]
    for offered in (tag, f"W/{tag}", f'"other", W/{tag}', "*"):
        status, again, body = ask(listing, If_None_Match=offered)
        assert (status, body, again["etag"]) == (304, b"", tag)
        assert "content-length" not in again


def test_etag_decides_alone_where_both_are_asked(ask: Ask, listing: str) -> None:
    """If-Modified-Since does not count beside If-None-Match (RFC 9110 §13.2.2)."""
    _, headers, _ = ask(listing)
    since = headers["last-modified"]
    assert ask(listing, If_None_Match='"x"', If_Modified_Since=since)[0] == 200
    assert ask(listing, If_Modified_Since=since)[0] == 304


@pytest.mark.parametrize(
    "since", ["Mon, 01 Jan 2024 00:00:00 GMT", "Mon, 01 Jan 2024 00:00:00 -0000", "yesterday"]
)
def test_old_or_unreadable_date_gets_the_page(since: str, ask: Ask, listing: str) -> None:
    """Who knows an older state, or says nothing readable, is sent the page."""
    assert ask(listing, If_Modified_Since=since)[0] == 200


def test_publication_changes_both_validators(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """After a wave neither the tag nor the date of before is good any more."""
    _, before, _ = ask(listing)
    newsroom.publish(2)
    assert ask(listing, If_None_Match=before["etag"])[0] == 200
    assert ask(listing, If_Modified_Since=before["last-modified"])[0] == 200


def test_head_has_the_head_of_get_and_no_body(ask: Ask, listing: str) -> None:
    """HEAD tells length and validators, and is conditional too."""
    _, full, body = ask(listing)
    status, headers, nothing = ask(listing, "HEAD")
    assert (status, nothing, headers) == (200, b"", full)
    assert int(headers["content-length"]) == len(body)
    assert ask(listing, "HEAD", If_None_Match=full["etag"])[0] == 304


def test_unknown_address_is_not_found(newsroom: Newsroom, ask: Ask) -> None:
    """What was never published is a 404, and BelTA's feed is one too."""
    for site, address in newsroom.addresses.items():
        assert ask(f"{address}/nothing/here")[0] == 404, site
    assert ask(newsroom.addresses["belta"] + "/rss")[0] == 404


def test_log_tells_who_asked_what_and_what_was_sent(
    newsroom: Newsroom, ask: Ask, listing: str
) -> None:
    """Method, address, condition, visitor, status and bytes are remembered per request."""
    _, headers, body = ask(listing + "?x=1", User_Agent="tester")
    ask(listing, If_None_Match=headers["etag"])
    first, second = newsroom.requests("belta")
    assert (first.method, first.path, first.user_agent) == ("GET", "/all_news/", "tester")
    assert (first.status, first.body, first.is_conditional) == (200, len(body), False)
    assert (second.status, second.body, second.is_conditional) == (304, 0, True)
    assert second.if_none_match == headers["etag"]
    assert second.at >= first.at
    assert newsroom.requests("tass") == ()
    newsroom.forget_requests()
    assert newsroom.requests() == ()


def test_one_connection_carries_several_requests(listing: str) -> None:
    """Connections are kept alive until the visitor asks to close."""
    parts = urlsplit(listing)
    connection = HTTPConnection(parts.netloc, timeout=10)
    for _ in range(2):
        connection.request("GET", parts.path)
        assert connection.getresponse().read()
    connection.request("GET", parts.path, headers={"Connection": "close"})
    assert connection.getresponse().read()
    connection.close()


def test_visitor_who_leaves_early_harms_nobody(newsroom: Newsroom, ask: Ask, listing: str) -> None:
    """Half a request, a body cut short, and a head that is too long each end in peace."""
    host, port = urlsplit(newsroom.addresses["belta"]).netloc.split(":")
    head = b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nabc"
    for sent in (b"GET / HT", head, b"x" * 100_000):
        with socket.create_connection((host, int(port)), timeout=10) as visitor:
            visitor.sendall(sent)
    assert ask(listing)[0] == 200


def test_stop_leaves_no_thread_and_no_port(press_now: datetime) -> None:
    """After `stop` nothing accepts and nothing runs; stopping again is harmless."""
    before = threading.active_count()
    room = Newsroom(press_now)
    parts = urlsplit(room.start()["tass"])
    room.stop()
    room.stop()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)


def test_listening_before_the_loop_runs_is_a_mistake() -> None:
    """A port needs a running loop."""
    with pytest.raises(RuntimeError, match="start the loop"):
        Loopback("never").listen_http("x", lambda _: Answer())


def test_mistake_in_a_server_is_raised_at_the_end(ask: Ask) -> None:
    """A server that fails while answering does not fail in silence."""

    def respond(_: Request) -> Answer:
        raise LookupError("mistake")

    loopback = Loopback("mistaken")
    loopback.start()
    port = loopback.listen_http("x", respond)
    with pytest.raises(ConnectionError):
        ask(f"http://127.0.0.1:{port}/")
    with pytest.raises(LookupError, match="mistake"):
        loopback.stop()
