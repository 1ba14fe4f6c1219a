"""The served feeds, asked over real HTTP as readers, and as strangers with bad manners, do."""

from __future__ import annotations

import http.client
import json
import os
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
import uvicorn

from monitor.web.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODIFIED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FILES = {
    "all.xml": ("<rss/>", "application/rss+xml; charset=utf-8"),
    "all.atom": ("<feed/>", "application/atom+xml; charset=utf-8"),
    "all.json": ("{}", "application/feed+json; charset=utf-8"),
}


class Reader:
    """Asks the server one thing at a time, without tidying up what it was told to ask."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send a request; a header's underscores become hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="host" in named)
        for name, value in named.items():
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as answer:
            body = answer.read()
        connection.close()
        return answer.status, answer.headers, body


@contextmanager
def serving(feeds: Path, jobs: dict[str, str]) -> Iterator[Reader]:
    """Run the application under uvicorn on a free port of this machine."""
    served = app(
        feeds,
        hosts=["127.0.0.1", "news.example.org", "::1"],
        health=lambda: jobs,
        sources=lambda: {"tass": "unreachable"},
    )
    server = uvicorn.Server(uvicorn.Config(served, port=0, log_config=None, lifespan="off"))
    bound = threading.Event()
    ports: list[int] = []

    async def tell() -> None:
        ports.append(server.servers[0].sockets[0].getsockname()[1])
        bound.set()

    server.config.callback_notify = tell
    server.config.timeout_notify = 0
    thread = threading.Thread(target=server.run)
    thread.start()
    assert bound.wait(10)
    try:
        yield Reader(ports[0])
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    """Make a folder with one feed in three formats, and things beside it that stay private."""
    return published(tmp_path)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Give a reader of a server whose feeds stay as they are."""
    with serving(published(tmp_path_factory.mktemp("served")), {}) as reader:
        yield reader


def published(place: Path) -> Path:
    """Lay out feeds, and beside them what must never be served."""
    folder = place / "feeds"
    folder.mkdir()
    for name, (text, _) in FILES.items():
        (folder / name).write_text(text)
        os.utime(folder / name, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    (folder / ".all.xml.tmp").write_text("half")
    (folder / "notes.txt").write_text("private")
    (place / "dateline.xml").write_text("outside")
    (folder / "link.xml").symlink_to(place / "dateline.xml")
    (folder / "folder.xml").mkdir()
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_feed_is_served_with_its_type_and_validators(reader: Reader, name: str) -> None:
    """Each format comes whole, with its media type, an ETag and its date."""
    status, headers, body = reader.ask(f"/feeds/{name}")
    text, media = FILES[name]
    assert (status, body.decode(), headers["content-type"]) == (200, text, media)
    assert headers["etag"].startswith('"')
    assert headers["last-modified"] == format_datetime(MODIFIED, usegmt=True)
    assert headers["x-content-type-options"] == "nosniff"


def test_a_reader_that_has_the_feed_gets_304(reader: Reader) -> None:
    """The ETag, weak, in a list or as a star, or the date alone, is enough for an empty answer."""
    etag = reader.ask("/feeds/all.xml")[1]["etag"]
    for tags in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        status, headers, body = reader.ask("/feeds/all.xml", if_none_match=tags)
        assert (status, body, headers["etag"]) == (304, b"", etag)
    date = format_datetime(MODIFIED, usegmt=True)
    assert reader.ask("/feeds/all.xml", if_modified_since=date)[0] == 304


def test_a_reader_that_has_another_version_gets_the_feed(reader: Reader) -> None:
    """Another ETag beats a fitting date; an older date and a garbled one are no reason for 304."""
    date = format_datetime(MODIFIED, usegmt=True)
    older = format_datetime(MODIFIED - timedelta(seconds=1), usegmt=True)
    both = reader.ask("/feeds/all.xml", if_none_match='"other"', if_modified_since=date)
    assert both[0] == 200
    for since in (older, "yesterday", ""):
        assert reader.ask("/feeds/all.xml", if_modified_since=since)[0] == 200


def test_a_replaced_feed_has_another_etag(feeds: Path) -> None:
    """What was kept in memory is not served once the file is another, even of the same size."""
    with serving(feeds, {}) as reader:
        before = reader.ask("/feeds/all.xml")[1]["etag"]
        (feeds / "new").write_text("<RSS/>")
        (feeds / "new").replace(feeds / "all.xml")
        status, headers, body = reader.ask("/feeds/all.xml", if_none_match=before)
    assert (status, body) == (200, b"<RSS/>")
    assert headers["etag"] != before


@pytest.mark.parametrize(
    "path",
    [
        "/feeds",
        "/feeds//",
        "/feeds/none.xml",
        "/feeds/notes.txt",
        "/feeds/.all.xml.tmp",
        "/feeds/link.xml",
        "/feeds/folder.xml",
        "/feeds/../dateline.xml",
        "/feeds/..%2Fdateline.xml",
        "/feeds/%2e%2e/dateline.xml",
        "/feeds//all.xml",
        "/feeds/all.xml/",
        "/feeds/all.xml%00",
        "/feeds/all.xml%0a",
        "//evil.example/feeds/all.xml",
        "/feeds/..%5cdateline.xml",
        "/feeds/" + "a" * 3000 + ".xml",
    ],
)
def test_nothing_but_feeds_is_found(reader: Reader, path: str) -> None:
    """Listings, other files, links and every trick with the path are 404 in plain text."""
    status, headers, body = reader.ask(path)
    assert status == 404
    assert headers["content-type"].startswith("text/plain")
    assert b"outside" not in body


@pytest.mark.parametrize(("path", "base"), [("/", "feeds/"), ("/feeds/", "")])
def test_the_feeds_are_listed(reader: Reader, path: str, base: str) -> None:
    """A person who opens the address finds every feed by its link, and nothing else."""
    status, headers, body = reader.ask(path)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    links = re.findall(r'href="([^"]*)"', body.decode())
    assert links == [base + name for name in sorted(FILES)]
    assert reader.ask(path, host="evil.example")[0] == 400


def test_no_feeds_yet_is_said(tmp_path: Path) -> None:
    """Before the first round there is not even a folder."""
    with serving(tmp_path / "none", {}) as reader:
        assert b"None yet" in reader.ask("/")[2]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_possible(reader: Reader, method: str) -> None:
    """Any method but GET and HEAD is refused."""
    assert reader.ask("/feeds/all.xml", method, content_length="0")[0] == 405


def test_head_gives_the_headers_alone(reader: Reader) -> None:
    """A reader may look at the validators without taking the body."""
    status, headers, body = reader.ask("/feeds/all.atom", "HEAD")
    assert (status, body, headers["content-length"]) == (200, b"", "7")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8642", 200),
        ("NEWS.example.org", 200),
        ("[::1]:8642", 200),
        ("evil.example", 400),
        ("news.example.org.evil.example", 400),
        ("", 400),
    ],
)
def test_it_answers_to_its_own_names_only(reader: Reader, host: str, expected: int) -> None:
    """A foreign Host is refused, so a page elsewhere cannot reach it by a name of its own."""
    assert reader.ask("/feeds/all.xml", host=host)[0] == expected


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [({"rounds": "ok", "deliver": "ok"}, 200), ({"rounds": "ok", "deliver": "failing"}, 503)],
)
def test_health_is_that_of_the_jobs(feeds: Path, jobs: dict[str, str], expected: int) -> None:
    """A failing job makes the whole service unwell, and is named."""
    with serving(feeds, jobs) as reader:
        status, _, body = reader.ask("/healthz")
    told = json.loads(body)
    assert status == expected
    assert ("failing" in told["jobs"].values()) == (expected == 503)
    assert told["sources"] == {"tass": "unreachable"}
