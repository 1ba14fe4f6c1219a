"""What the tests of visits share: a scripted site, simple rules to read it, a running reactor."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from twisted.internet import asyncioreactor

from db.errors import ExtractError
from db.model import Article, TextBasis, TitleBasis
from db.store import Store
from db.visiting import Report, Source
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import JSON, PLAIN, Answer, Request, conditional, text_answer
from spiders.base import SourceSpider
from spiders.courtesy_gate import Gate
from spiders.courtesy_resolver import GuardedResolver
from spiders.courtesy_robots import Robots
from spiders.desk import Desk, Forgetful
from spiders.registry import site
from spiders.site import Card, Fetch, Listing, Reading

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from spiders.blocks import Page
    from spiders.desk import Memory

    Reply = Answer | Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the scripted site saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Script:
    """A site that answers each path as it is told, byte by byte if need be, and remembers."""

    loopback: Loopback
    changed: datetime
    port: int = 0
    replies: dict[str, Reply] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def open(self) -> None:
        """Listen on a free port."""
        self.port = self.loopback.listen_http("script", self._respond)

    @property
    def base(self) -> str:
        """The site's origin."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def allow(self) -> frozenset[str]:
        """The entry of an allow-list that opens this site and no other."""
        return frozenset({f"127.0.0.1:{self.port}"})

    def reply(self, path: str, reply: Reply) -> None:
        """Answer a path from now on."""
        self.replies[path] = reply

    def show(self, path: str, *items: str, more: Sequence[str] = ()) -> None:
        """Answer a path with a list of articles; an article "x" stands at /a/x."""
        cards = [
            {"url": f"{self.base}/a/{item}", "title": f"Title {item}", "summary": f"Lead {item}"}
            for item in items
        ]
        listing = {"cards": cards, "more": [self.base + other for other in more]}
        self.replies[path] = self.validated(text_answer(json.dumps(listing), JSON))

    def article(self, item: str, words: str = "Words of the article.") -> None:
        """Answer /a/ITEM with an article."""
        page = (
            f"<!DOCTYPE html><html><body><h1>Title {item}</h1><p>{words} {item}</p></body></html>"
        )
        self.replies[f"/a/{item}"] = self.validated(text_answer(page))

    def validated(self, answer: Answer) -> Reply:
        """Give an answer validators, and answer 304 to who has it."""
        return lambda request: conditional(request, answer, self.changed)

    def asked(self, path: str) -> list[Seen]:
        """Return the requests for a path."""
        return [seen for seen in self.seen if seen.path == path]

    def _respond(self, request: Request) -> Answer:
        self.seen.append(Seen(request.method, request.path, dict(request.headers), request.body))
        reply = self.replies.get(request.path)
        if reply is None and request.path == "/robots.txt":
            reply = text_answer("User-agent: *\nAllow: /\n", PLAIN)
        if reply is None:
            reply = text_answer("gone", PLAIN, 404)
        return reply if isinstance(reply, Answer) else reply(request)


class PlainSite:
    """The simplest rules: lists are JSON, an article is what stands in h1 and p."""

    kind = "plain"
    hosts: frozenset[str] = frozenset()
    has_pages = True
    zone = "UTC"
    language = "en"
    sections: tuple[str, ...] = ()

    def canonical(self, url: str) -> str:
        """Drop the fragment."""
        return url.partition("#")[0]

    def is_article(self, url: str) -> bool:
        """Know an article by its path."""
        return "/a/" in url

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Ask for every address of the source; the list at /whole shows all the site has."""
        del now
        return tuple(
            Fetch(
                url=url,
                method="POST" if "/post" in url else "GET",
                covers=url.endswith("/whole"),
            )
            for url in source.urls
        )

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read JSON, or fail in one of two ways."""
        del fetch, source, seen
        if "BUG" in page.body:
            raise ZeroDivisionError
        try:
            given = json.loads(page.body)
        except ValueError as error:
            raise ExtractError("not JSON", url=page.url, field="list") from error
        cards = tuple(Card(**card) for card in given["cards"])
        return Listing(cards=cards, more=tuple(Fetch(url=url) for url in given.get("more", ())))

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Read a page, or fail in one of three ways."""
        del card, seen
        if "HUGE" in page.body:
            raise MemoryError
        if "BUG" in page.body:
            raise ZeroDivisionError
        words = re.findall(r"<p>(.*?)</p>", page.body)
        title = re.search(r"<h1>(.*?)</h1>", page.body)
        if not (words and title):
            raise ExtractError("no words", url=page.url, field="text")
        own = re.search(r'rel="canonical" href="(.*?)"', page.body)
        beside = re.findall(r'<a href="(.*?)">', page.body)
        article = Article(
            url=own[1] if own else self.canonical(page.url or ""),
            source=source.name,
            title=title[1],
            title_basis=TitleBasis.PAGE,
            text="\n\n".join(words),
            text_basis=TextBasis.PAGE,
        )
        return Reading(article=article, cards=tuple(Card(url=url) for url in beside))


class Reactor:
    """Twisted's reactor in a thread of its own, since a process can run it only once."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reactor", daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        asyncioreactor.install(self.loop)
        from twisted.internet import reactor  # noqa: PLC0415 - it exists only now

        self.reactor: Any = reactor
        self.loop.call_soon(self._ready.set)
        self.reactor.run(installSignalHandlers=False)

    def run(self, job: Callable[[], Any]) -> Any:
        """Await `job()` on the reactor's thread and return what it returns."""
        done: Future[Any] = asyncio.run_coroutine_threadsafe(job(), self.loop)
        return done.result(timeout=60)

    def stop(self) -> None:
        """Stop the reactor and wait for its thread."""
        self.reactor.callFromThread(self.reactor.stop)
        self._thread.join()
        self.loop.close()


class WatchedGate(Gate):
    """A gate whose time passes only by waiting at it, and which notes what it does.

    `log` holds `(what, host, at)` with `at` by the gate's own clock: a "start" for each request
    let through, a "hold" for each pause a host asked for. How fast the machine is shows nowhere.
    """

    def __init__(
        self, delay: float, clock: Callable[[], datetime], memory: Memory | None = None
    ) -> None:
        self.seconds = 1000.0
        self.log: list[tuple[str, str, float]] = []
        super().__init__(
            delay,
            clock,
            memory or Forgetful(),
            tick=lambda: self.seconds,
            wait=self._pass,
        )

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Note the start, which is the moment the turn began."""
        async with super().turn(host):
            self.log.append(("start", host, self.seconds))
            yield

    def hold(self, host: str, until: datetime) -> None:
        """Note the hold."""
        self.log.append(("hold", host, self.seconds))
        super().hold(host, until)

    def gaps(self) -> list[float]:
        """Return the seconds from each start to the next."""
        starts = [at for what, _, at in self.log if what == "start"]
        return [later - earlier for earlier, later in pairwise(starts)]

    async def _pass(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass(slots=True)
class Visitor:
    """Makes visits with a real store, at a time that stands still until it is moved.

    `gate` is that of the last visit, `ended` names the sources in the order their reports came.
    """

    reactor: Reactor
    database: Path
    now: datetime
    delay: float = 0.0
    settings: dict[str, Any] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    memory: Callable[[Store], Any] = lambda store: store
    told: Callable[[Report], None] = lambda _report: None
    gate: WatchedGate = field(init=False)
    _crawlers: list[Any] = field(default_factory=list)

    def visit(self, source: Source, allow: frozenset[str]) -> Report:
        """Visit one source and return its report."""
        return self.visit_all((source,), allow)[0]

    def visit_all(self, sources: Sequence[Source], allow: frozenset[str]) -> tuple[Report, ...]:
        """Visit sources at the same time and return their reports in the same order."""

        async def job() -> dict[str, Report]:
            return await self._crawl(sources, allow)

        reports: dict[str, Report] = self.reactor.run(job)
        return tuple(reports[source.name] for source in sources)

    def give_up(self) -> None:
        """Have all visits under way given up. May be called from a server's thread."""
        self.reactor.loop.call_soon_threadsafe(_give_up, self._crawlers)

    def store(self) -> Store:
        """Open the store of the visits on the caller's thread."""
        return Store.open(self.database)

    async def _crawl(self, sources: Sequence[Source], allow: frozenset[str]) -> dict[str, Report]:
        settings = Settings()
        settings.setmodule("spiders.settings", priority="project")
        settings.setdict(
            {"LOG_INSTALL_ROOT_HANDLER": False, "DOWNLOAD_TIMEOUT": 50, **self.settings},
            priority="cmdline",
        )
        GuardedResolver(self.reactor.reactor, allow).install_on_reactor()
        runner = AsyncCrawlerRunner(settings)
        reports: dict[str, Report] = {}

        def told(report: Report) -> None:
            reports[report.source] = report
            self.ended.append(report.source)
            self.told(report)

        self._crawlers = []
        with Store.open(self.database) as store:
            store.register(sources, self.now, whole=False)
            memory = self.memory(store)
            self.gate = WatchedGate(self.delay, lambda: self.now, memory)
            robots = Robots(memory, lambda: self.now)
            desk = Desk(memory=memory, gate=self.gate, robots=robots, clock=lambda: self.now)
            for source in sources:
                crawler = runner.create_crawler(PlainSpider)
                runner.crawl(
                    crawler,
                    source=source,
                    site=PlainSite() if source.kind == "plain" else site(source.kind),
                    desk=desk,
                    told=told,
                )
                self._crawlers.append(crawler)
            await runner.join()
        return reports


class PlainSpider(SourceSpider):
    """A visit to a scripted site."""

    name = "plain"


def _give_up(crawlers: Sequence[Any]) -> None:
    for crawler in crawlers:
        if crawler.crawling:
            task = asyncio.ensure_future(crawler.stop_async())
            task.add_done_callback(lambda done: done.exception())
            crawler.spider.abandon("not over in time")


@pytest.fixture(scope="session")
def reactor() -> Iterator[Reactor]:
    """Run the reactor for all tests."""
    running = Reactor()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def loopback() -> Iterator[Loopback]:
    """Run the servers' loop for all tests."""
    running = Loopback("scripts")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def script(loopback: Loopback) -> Script:
    """Open a scripted site."""
    scripted = Script(loopback, datetime(2026, 1, 2, tzinfo=UTC))
    scripted.open()
    return scripted


@pytest.fixture
def visitor(reactor: Reactor, tmp_path: Path) -> Visitor:
    """Return a visitor with an empty store."""
    return Visitor(reactor, tmp_path / "dateline.db", datetime(2026, 1, 5, 9, tzinfo=UTC))


@pytest.fixture
def rules() -> PlainSite:
    """Return the rules of the scripted site."""
    return PlainSite()


@pytest.fixture
def source(script: Script) -> Source:
    """Return a source whose one list stands at /list of the scripted site."""
    return Source(name="plain", kind="plain", urls=(f"{script.base}/list",))
