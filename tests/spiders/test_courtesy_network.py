"""What answers may do, and what it costs: redirects, time, size, truncation, charsets."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import brotli
import pytest

from db.visiting import State
from monitor.newsroom.wire import JSON, Answer, Ending, Request, text_answer

if TYPE_CHECKING:
    from db.visiting import Report, Source
    from monitor.newsroom.server import Loopback
    from tests.rows import Row
    from tests.spiders.conftest import Script, Visitor

LIST = json.dumps({"cards": [{"url": None, "title": "One"}]}).encode()


def _raw(body: bytes, *headers: str, ending: Ending = Ending.CLOSE) -> Answer:
    head = "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: application/json", *headers))
    return Answer(raw=head.encode() + b"\r\n\r\n" + body, ending=ending)


def _packed(body: bytes, encoding: str, packed: bytes | None = None) -> Answer:
    headers = (("Content-Encoding", encoding),)
    return Answer(body=body if packed is None else packed, media=JSON, headers=headers)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (_raw(LIST[:9], f"Content-Length: {len(LIST)}"), State.TRUNCATED),
        (_raw(b"5\r\nabc", "Transfer-Encoding: chunked"), State.TRUNCATED),
        (_packed(gzip.compress(LIST)[:-9], "gzip"), State.TRUNCATED),
        (_packed(zlib.compress(LIST)[:-6], "deflate"), State.TRUNCATED),
        (_packed(brotli.compress(LIST * 9)[:-4], "br"), State.TRUNCATED),
        (_packed(gzip.compress(bytes(6_000_000)), "gzip"), State.TOO_LARGE),
        (_packed(brotli.compress(bytes(60_000_000), quality=1), "br"), State.TOO_LARGE),
        (_packed(gzip.compress(gzip.compress(bytes(9_000_000))), "gzip, gzip"), State.TOO_LARGE),
        (_packed(LIST, "gzip"), State.UNDECODABLE),
        (_packed(LIST, "zstd"), State.UNDECODABLE),
        (_raw(b"", "Content-Length: 900000000"), State.TOO_LARGE),
        (_raw(b'{"x": "' + bytes(6_000_000), "Connection: close"), State.TOO_LARGE),
    ],
    ids=lambda value: value.value if isinstance(value, State) else "",
)
def test_no_item_comes_from_a_body_that_is_cut_or_too_large(
    answer: Answer, state: State, script: Script, visitor: Visitor, source: Source
) -> None:
    """Cut, swollen and mislabelled bodies are states, with bounded memory, and give no item."""
    script.reply("/list", answer)
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new) == (state, 0), report.reason


@pytest.mark.parametrize(
    "answer",
    [
        _packed(gzip.compress(LIST), "gzip"),
        _packed(gzip.compress(LIST[:9]) + gzip.compress(LIST[9:]), "gzip"),
        _packed(gzip.compress(LIST) + bytes(64), "x-gzip"),
        _packed(zlib.compress(LIST), "deflate"),
        _packed(zlib.compress(LIST, wbits=-15), "deflate"),
        _packed(brotli.compress(LIST), "br"),
        _packed(brotli.compress(gzip.compress(LIST)), "gzip, br"),
        _raw(LIST, "Connection: close"),
    ],
)
def test_whole_bodies_are_read_in_every_usual_packing(
    answer: Answer, script: Script, visitor: Visitor, source: Source
) -> None:
    """Members, padding, raw streams and bodies that end with the connection are fine."""
    script.reply("/list", answer)
    assert visitor.visit(source, script.allow).new == 1


def test_a_document_that_stops_in_the_middle_is_truncated(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Without a stated length, an HTML page without its end is taken for cut."""
    script.show("/list", "one")
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><h1>One</h1><p>Half</p>"
    script.reply("/a/one", Answer(raw=page, ending=Ending.CLOSE))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.read, report.failed) == (State.TRUNCATED, 0, 1)


WORDS = "Президент Казахстана прибыл"
PAGE = f"<html><head><meta charset=%s></head><body><h1>О</h1><p>{WORDS}</p></body></html>"


@pytest.mark.torture("R-17")
@pytest.mark.parametrize(
    ("charset", "labels"),
    [
        ("windows-1251", ("text/html; charset=windows-1251", "")),
        ("koi8-r", ("text/html; charset=KOI8-R", "")),
        ("windows-1251", ("text/html", "windows-1251")),
        ("koi8-r", ("text/html", "koi8-r")),
        ("utf-16", ("text/html", "")),
        ("utf-16-le", ("text/html; charset=utf-16le", "")),
        ("utf-8", ("text/html", "")),
        ("windows-1251", ("text/html; charset=utf-8", "windows-1251")),
    ],
)
def test_text_is_read_in_its_charset(  # noqa: PLR0913, PLR0917 - a table and four fixtures
    charset: str,
    labels: tuple[str, str],
    script: Script,
    visitor: Visitor,
    source: Source,
    row: Row,
) -> None:
    """A header, a meta element or a byte order mark says it; a label that does not fit loses."""
    label, meta = labels
    script.show("/list", "one")
    script.reply("/a/one", Answer(body=(PAGE % meta).encode(charset), media=label))
    assert visitor.visit(source, script.allow).read == 1
    with visitor.store() as store:
        text = store.changes(1)[0].value.article.text
    row.count("texts stored")
    row.count("with U+FFFD", "\ufffd" in text)
    row.count("otherwise wrong", text.replace("\ufffd", "") != WORDS)
    assert text == WORDS


@pytest.mark.torture("R-17")
@pytest.mark.parametrize(
    ("charset", "label"),
    [
        ("windows-1251", "text/html; charset=utf-8"),
        ("windows-1251", "text/html"),
        ("koi8-r", "text/html"),
        ("utf-16-le", "text/html"),
    ],
)
def test_text_that_cannot_be_decoded_is_never_stored(  # noqa: PLR0913, PLR0917 - a table and four fixtures
    charset: str, label: str, script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """1251 bytes under a utf-8 label, and anything unlabelled that is not UTF-8, is a state."""
    script.show("/list", "one")
    script.reply("/a/one", Answer(body=(PAGE % "").encode(charset), media=label))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.read) == (State.UNDECODABLE, 0)
    with visitor.store() as store:
        text = store.changes(1)[0].value.article.text
    row.count("told undecodable", report.state is State.UNDECODABLE)
    row.count("texts with U+FFFD stored", "\ufffd" in text)
    assert "\ufffd" not in text


@pytest.mark.torture("R-21")
@pytest.mark.parametrize(
    "where", ["file:///etc/passwd", "data:text/html,<p>x", "ftp://127.0.0.1/x", "javascript:x"]
)
def test_a_redirect_leads_nowhere_but_to_http(
    where: str, script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """Another scheme ends there, as a state."""
    script.reply("/list", Answer(status=302, headers=(("Location", where),)))
    report = visitor.visit(source, script.allow)
    row.count("schemes followed", report.requests - 2)
    assert (report.state, report.requests) == (State.ERRORING, 2)


@pytest.mark.torture("R-21")
def test_a_redirect_to_another_host_is_judged_like_any(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """`//127.0.0.1` means port 80 there, which nobody allowed."""
    script.reply("/list", Answer(status=302, headers=(("Location", "//127.0.0.1/x"),)))
    assert visitor.visit(source, script.allow).state is State.BLOCKED_ADDRESS


@pytest.mark.torture("R-21")
@pytest.mark.parametrize(
    ("hops", "state"),
    [(5, State.OK), (6, State.ERRORING), (21, State.ERRORING), (99, State.ERRORING)],
)
def test_five_redirects_are_followed(  # noqa: PLR0913, PLR0917 - a table and four fixtures
    hops: int, state: State, script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """The sixth, and a loop, is the end."""
    for hop in range(hops):
        step = "/list" if hop == 0 else f"/hop{hop}"
        onward = f"/hop{hop + 1}" if hops < 99 else "/list"
        script.reply(step, Answer(status=302, headers=(("Location", onward),)))
    script.reply(f"/hop{hops}", Answer(body=LIST, media=JSON))
    report = visitor.visit(source, script.allow)
    row.most("hops followed", report.requests - 2)  # robots.txt, the list itself
    assert report.state is state
    assert report.requests <= 7


@pytest.mark.torture("R-21")
def test_a_meta_refresh_is_not_followed(script: Script, visitor: Visitor, source: Source) -> None:
    """A page that refreshes to another is read as what it is."""
    page = '<meta http-equiv="refresh" content="0; url=/elsewhere">'
    script.reply("/list", text_answer(page))
    visitor.visit(source, script.allow)
    assert not script.asked("/elsewhere")


PRIVATE = {"cookie", "authorization", "referer", "origin"}


@pytest.mark.torture("R-21")
def test_no_credentials_go_along_to_another_host(
    script: Script, visitor: Visitor, source: Source, loopback: Loopback, row: Row
) -> None:
    """A redirect carries no cookie, no authorization and no referrer to where it leads."""
    heads = []

    def other(request: Request) -> Answer:
        heads.append(dict(request.headers))
        return Answer(body=LIST, media=JSON)

    place = f"127.0.0.1:{loopback.listen_http('other', other)}"
    away = (("Location", f"http://{place}/list"), ("Set-Cookie", "session=1; Path=/"))
    script.reply("/list", Answer(status=302, headers=away))
    visitor.visit(source, script.allow | {place})
    carried = [name for head in heads for name in head if name in PRIVATE]
    row.count("requests to the other host", len(heads))
    row.count("credentials carried", len(carried))
    assert heads
    assert not carried


@pytest.mark.torture("R-21")
def test_no_cookie_comes_back(script: Script, visitor: Visitor, source: Source) -> None:
    """What a server sets is not carried, and the User-Agent says who we are."""
    script.show("/list", "one")
    script.article("one")
    page = script.replies["/list"]

    def with_cookie(request: Request) -> Answer:
        answer = page(request) if callable(page) else page
        return replace(answer, headers=(*answer.headers, ("Set-Cookie", "a=b; Path=/")))

    script.reply("/list", with_cookie)
    visitor.visit(source, script.allow)
    sent = script.asked("/a/one")[0].headers
    assert "cookie" not in sent
    assert "referer" not in sent
    assert sent["user-agent"].startswith("Dateline/")


SLOW = (
    Answer(status=0, raw=b"", ending=Ending.HANG),
    Answer(status=0, raw=b"HTTP/1.1 200 OK\r\nX-Slow:", ending=Ending.HANG),
    Answer(status=0, raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[", ending=Ending.HANG),
)


def _slow(loopback: Loopback, source: Source, answers: tuple[Answer, ...]) -> list[Source]:
    """Return sources that answer so, each on a host of its own."""
    ports = [loopback.listen_http("slow", lambda _, answer=answer: answer) for answer in answers]
    return [
        replace(source, name=f"slow{port}", urls=(f"http://127.0.0.1:{port}/",)) for port in ports
    ]


def test_slow_servers_delay_nobody(
    script: Script, visitor: Visitor, source: Source, loopback: Loopback
) -> None:
    """The good source has ended while all twelve that hang in three ways still do."""
    script.show("/list", "one")
    script.article("one")
    slow = _slow(loopback, source, SLOW * 4)
    allow = script.allow.union(one.urls[0].split("/")[2] for one in slow)

    def end_the_silence(report: Report) -> None:
        if report.source == source.name:
            visitor.give_up()

    visitor.told = end_the_silence
    good, *late = visitor.visit_all((source, *slow), allow)
    assert good.state is State.OK
    assert {report.state for report in late} == {State.KILLED}
    assert visitor.ended[0] == source.name


def test_slow_servers_are_cut_at_their_deadline(
    visitor: Visitor, source: Source, loopback: Loopback
) -> None:
    """A server that never finishes is left, whichever way it hangs, and the report says so."""
    visitor.settings = {"DOWNLOAD_TIMEOUT": 0.5}
    slow = _slow(loopback, source, SLOW)
    allow = frozenset(one.urls[0].split("/")[2] for one in slow)
    reports = visitor.visit_all(slow, allow)
    assert {(report.state, report.reason) for report in reports} == {
        (State.UNREACHABLE, "127.0.0.1 gave no complete answer in time")
    }


def test_endless_headers_cost_little_and_end(
    visitor: Visitor, source: Source, loopback: Loopback
) -> None:
    """A server that never stops sending headers is given up after a quarter of a megabyte."""
    sent = []

    class Flood(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            transport.write(b"HTTP/1.1 200 OK\r\n")

        def data_received(self, data: bytes) -> None:
            del data
            self.pump()

        def pump(self) -> None:
            if not self.transport.is_closing() and len(sent) < 4000:
                sent.append(1)
                self.transport.write(b"X-More: " + b"a" * 8000 + b"\r\n")
                asyncio.get_running_loop().call_soon(self.pump)

    port = loopback.listen(lambda _loop: Flood())
    source = replace(source, urls=(f"http://127.0.0.1:{port}/list",))
    report = visitor.visit(source, frozenset({f"127.0.0.1:{port}"}))
    assert (report.state, report.reason) == (
        State.TOO_LARGE,
        "robots.txt: headers of more than 262144 bytes",
    )


def test_an_unreachable_host_is_named_with_a_plain_reason(visitor: Visitor, source: Source) -> None:
    """The report says which host and port refused, and that it was not only its robots.txt."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = "{}:{}".format(*server.getsockname())
    source = replace(source, urls=(f"http://{place}/list",))
    report = visitor.visit(source, frozenset({place}))
    assert report.state is State.UNREACHABLE
    assert report.reason.startswith(f"connection refused by {place}")
