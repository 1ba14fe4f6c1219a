"""Pages that a script fills in, drawn by a real browser where one is installed (Debian: chromium)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.store import Store
from db.visiting import Source, State
from monitor.config import Config, FetchSettings
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import JSON, PLAIN, Answer, Request, text_answer
from monitor.round import run_round

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.visiting import Report

needs_browser = pytest.mark.skipif(
    not shutil.which("chromium") or find_spec("scrapy_playwright") is None,
    reason="needs the extra [browser] and chromium",
)
ENDLESS = """<!DOCTYPE html><html><head><title>Loading</title></head><body><p>Soon.</p>
<script>setTimeout(() => { while (true) {} }, 100)</script></body></html>"""
PROSE = "The Council met in Minsk on Friday and spoke about the border for two hours. " * 6
LIST = """<!DOCTYPE html><html><head><title>News</title></head><body><div id="list"></div>
<img src="/picture.png"><script src="/secret/forbidden.js"></script><script>
fetch("/items.json").then(r => r.json()).then(items => {
  document.getElementById("list").innerHTML = items.map(n =>
    `<p><a href="/news/story-${n}">A headline about event number ${n}</a></p>`).join("");
});
fetch("http://127.0.0.1:SINK/steal").catch(() => {});
try { new WebSocket("ws://127.0.0.1:SINK/socket"); } catch (error) {}
const link = document.createElement("link");
link.rel = "preconnect"; link.href = "http://127.0.0.1:SINK/"; document.head.append(link);
</script></body></html>"""
STORY = """<!DOCTYPE html><html><head><title>Loading</title></head><body><main></main><script>
document.querySelector("main").innerHTML = "<h1>A headline about event NUMBER</h1>" +
  "<time datetime='2026-01-04T10:00Z'></time><p>TEXT Number NUMBER.</p>";
</script></body></html>"""


def end_browser() -> None:
    """Kill the browser among our own children, as a lack of memory would."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            parents[int(entry.name)] = int(
                (entry / "stat").read_text().rpartition(")")[2].split()[1]
            )
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    for pid in ours - {os.getpid()}:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"--headless" in words and b"--type=" not in words:
                os.kill(pid, signal.SIGKILL)


@dataclass(slots=True)
class Site:
    """A site that is empty without its scripts, and a door it must not be led to."""

    loopback: Loopback
    sink: socket.socket
    port: int = 0
    endless: str = ""
    deadly: str = ""
    seen: list[Request] = field(default_factory=list)

    def open(self) -> None:
        """Listen on a free port."""
        self.port = self.loopback.listen_http("site", self._answer)

    def _answer(self, request: Request) -> Answer:
        self.seen.append(request)
        if request.path == self.deadly:
            end_browser()
        here = LIST.replace("SINK", str(self.sink.getsockname()[1]))
        answers = {
            "/robots.txt": text_answer("User-agent: *\nDisallow: /secret/\n", PLAIN),
            "/items.json": text_answer("[1, 2, 3]", JSON),
            "/list": text_answer(here),
            "/moved": Answer(status=301, headers=(("Location", "/new/list"),)),
            "/new/list": text_answer(here.replace("/items.json", "numbers.json")),
            "/new/numbers.json": text_answer("[4, 5, 6]", JSON),
            self.endless: text_answer(ENDLESS),
        }
        if request.path in answers:
            return answers[request.path]
        number = request.path.rpartition("-")[2]
        return text_answer(STORY.replace("TEXT", PROSE).replace("NUMBER", number))

    def is_sink_dry(self) -> bool:
        """Tell whether nobody has so much as connected to the door."""
        self.sink.settimeout(0)
        try:
            visitor, _ = self.sink.accept()
        except BlockingIOError:
            return True
        visitor.close()
        return False

    def visit(
        self, folder: Path, *, browser: bool, path: str = "/list", seconds: int = 30
    ) -> tuple[Report, set[str]]:
        """Do a round in a child of its own; return the report and the titles stored."""
        url = f"http://127.0.0.1:{self.port}{path}"
        source = Source(name="drawn", kind="listing", urls=(url,), browser=browser)
        fetch = FetchSettings(
            delay=timedelta(0),
            allow=frozenset({f"127.0.0.1:{self.port}"}),
            memory_mb=512,
            timeout=timedelta(seconds=seconds),
        )
        config = Config(var=folder, sources=(source,), fetch=fetch)
        with Store.open(config.database) as store:
            (report,) = run_round(config, store, force=True).reports
            return report, {found.value.article.title for found in store.search(None)}


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve the site for one test."""
    loopback = Loopback("browser")
    loopback.start()
    with socket.create_server(("127.0.0.1", 0)) as sink:
        given = Site(loopback, sink)
        given.open()
        yield given
    loopback.stop()


@needs_browser
def test_a_page_that_a_script_fills_in_is_read(site: Site, tmp_path: Path) -> None:
    """List and articles come out; robots.txt, the address guard and our name hold inside too."""
    report, titles = site.visit(tmp_path, browser=True)
    assert (report.state, report.reason, report.new) == (State.OK, "", 3)
    assert titles == {f"A headline about event {number}" for number in (1, 2, 3)}
    paths = {request.path for request in site.seen}
    assert "/items.json" in paths
    assert paths.isdisjoint({"/secret/forbidden.js", "/picture.png"})
    assert site.is_sink_dry()
    agents = {request.headers.get("user-agent") for request in site.seen}
    assert all(agent and agent.startswith("Dateline") for agent in agents), agents


@needs_browser
def test_the_scripts_of_a_moved_page_ask_beside_where_it_is_now(site: Site, tmp_path: Path) -> None:
    """What they name without a host or a path is looked for there; the page is fetched once."""
    report, titles = site.visit(tmp_path, browser=True, path="/moved")
    assert (report.state, report.reason, report.new) == (State.OK, "", 3)
    assert titles == {f"A headline about event {number}" for number in (4, 5, 6)}
    paths = [request.path for request in site.seen]
    assert (paths.count("/moved"), paths.count("/new/list")) == (1, 1)


@needs_browser
def test_a_script_that_never_ends_costs_its_own_page_only(site: Site, tmp_path: Path) -> None:
    """The browser is ended, the report says what failed, and the next page has a new one."""
    site.endless = "/news/story-2"
    report, titles = site.visit(tmp_path, browser=True, seconds=4)
    drawn = {f"A headline about event {number}" for number in (1, 3)}
    assert titles == drawn | {"A headline about event number 2"}
    assert (report.state, report.new, report.failed) == (State.OK, 3, 1)
    assert "gave no complete answer in time" in report.reason


@needs_browser
def test_a_browser_that_dies_costs_one_page_only(site: Site, tmp_path: Path) -> None:
    """The page it died over says so, the next one has a new browser."""
    site.deadly = "/news/story-2"
    report, titles = site.visit(tmp_path, browser=True)
    drawn = {f"A headline about event {number}" for number in (1, 3)}
    assert titles == drawn | {"A headline about event number 2"}
    assert (report.state, report.new, report.read, report.failed) == (State.OK, 3, 2, 1)
    assert "1 of 3 article pages could not be had: the browser could not draw it" in report.reason
    paths = [request.path for request in site.seen]
    assert [paths.count(f"/news/story-{number}") for number in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.skipif(find_spec("scrapy_playwright") is None, reason="needs the extra [browser]")
def test_a_missing_browser_is_named(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source fails with what to install, and the round goes on."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    report, _ = site.visit(tmp_path, browser=True)
    assert (report.state, site.seen[1:]) == (State.ERRORING, [])
    assert "apt-get install chromium" in report.reason


def test_without_a_browser_such_a_page_shows_nothing(site: Site, tmp_path: Path) -> None:
    """What a script draws is not in the page."""
    report, titles = site.visit(tmp_path, browser=False)
    assert (report.state, titles) == (State.EMPTY, set())
