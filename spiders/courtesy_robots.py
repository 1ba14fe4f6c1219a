"""robots.txt as RFC 9309 has it: what an answer means, how long it holds, what it allows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from db.hosts import host_key
from db.visiting import RobotsRules, State
from spiders.courtesy import Refused, problem_of
from spiders.desk import guest
from spiders.judge import Problem
from spiders.rhythm import is_failing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from spiders.desk import Memory

AGENT = "Dateline"
FRESH = timedelta(hours=24)  # §2.4
STALE = timedelta(days=30)  # §2.3.1.4: "a reasonably long period of time"
PARSED = 500 * 1024  # §2.5
OWN = "robots"  # marks the request for a robots.txt itself


@dataclass(frozen=True, slots=True)
class Permission:
    """What a host allows. `problem` says why nothing is allowed, None if `rules` decide."""

    rules: Protego | None = None
    problem: Problem | None = None

    def refuses(self, url: str) -> Problem | None:
        """Return why an address is off limits, None if it may be asked for."""
        if self.problem:
            return self.problem
        if self.rules is None or self.rules.can_fetch(url, AGENT):
            return None
        return Problem(State.FORBIDDEN_BY_ROBOTS, f"robots.txt forbids {urlsplit(url).path}")

    @property
    def delay(self) -> float:
        """The seconds the host wants between two requests; 0 if it says nothing."""
        return float(self.rules.crawl_delay(AGENT) or 0) if self.rules else 0.0


def rules_from(outcome: Response | Exception, origin: str, now: datetime) -> RobotsRules | Problem:
    """Read the answer to a request for robots.txt (RFC 9309 §2.3.1).

    2xx: rules, of which the first 500 KiB count. 4xx, or more than five redirects: no
    restrictions. 429, 5xx, no answer at all: nothing may be asked for, and the problem says why.
    """
    if isinstance(outcome, Exception):
        # A redirect loop is the only way in which a request of our own is dropped unrefused.
        if type(outcome) is IgnoreRequest:
            return RobotsRules(origin=origin, access="allow_all", body="", fetched_at=now)
        problem = problem_of(outcome, origin)
        if problem.state is State.UNREACHABLE:
            return problem  # it names the host, and not only its robots.txt is out of reach
        return Problem(problem.state, f"robots.txt: {problem.reason}")
    status = outcome.status
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem(
            State.ERRORING, f"robots.txt answered {status}: all is off limits until it answers"
        )
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        body = outcome.body[:PARSED].decode("utf-8", "replace")
        return RobotsRules(origin=origin, access="rules", body=body, fetched_at=now)
    return RobotsRules(origin=origin, access="allow_all", body="", fetched_at=now)


def permission(rules: RobotsRules) -> Permission:
    """Turn stored rules into an answer."""
    if rules.access == "rules":
        return Permission(rules=Protego.parse(rules.body))
    if rules.access == "deny_all":
        return Permission(problem=Problem(State.FORBIDDEN_BY_ROBOTS, "robots.txt forbids all"))
    return Permission()


@dataclass(slots=True)
class Robots:
    """Asks each host once per process, and the store before that."""

    memory: Memory
    clock: Callable[[], datetime]
    _asked: dict[str, asyncio.Future[Permission]] = field(default_factory=dict)

    async def permission(
        self, origin: str, fetch: Callable[[str], Awaitable[Response]], *, failing: bool = False
    ) -> Permission:
        """Return what `origin` (`scheme://host:port`) allows; `fetch` gets its robots.txt.

        A host that is `failing` is not asked again as long as an old copy may serve. Whoever asks
        while another is fetching waits for the same answer.
        """
        if origin not in self._asked:
            answer = self._asked[origin] = asyncio.get_running_loop().create_future()
            try:
                answer.set_result(await self._find(origin, fetch, failing=failing))
            except BaseException:
                # Cancelled by its own deadline: the next one asks again.
                del self._asked[origin]
                answer.cancel()
                raise
        return await asyncio.shield(self._asked[origin])

    async def _find(
        self, origin: str, fetch: Callable[[str], Awaitable[Response]], *, failing: bool
    ) -> Permission:
        kept = self.memory.robots(origin)
        good = STALE if failing else FRESH
        if kept and timedelta(0) <= self.clock() - kept.fetched_at < good:
            return permission(kept)
        outcome: Response | Exception
        try:
            outcome = await fetch(f"{origin}/robots.txt")
        except Exception as error:  # noqa: BLE001 - whatever went wrong, RFC 9309 has a row for it
            outcome = error
        found = rules_from(outcome, origin, self.clock())
        if isinstance(found, RobotsRules):
            self.memory.keep_robots(found)
            return permission(found)
        if kept and self.clock() - kept.fetched_at < STALE:
            return permission(kept)  # §2.4: an old copy may serve while the host is unreachable
        return Permission(problem=found)


class ObeyRobots:
    """Downloader middleware: nothing leaves that robots.txt forbids; Crawl-delay is kept."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ObeyRobots:
        """Build as Scrapy wants it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise Refused for an address that is off limits."""
        if request.meta.get(OWN):
            return
        spider = guest(self._crawler)
        desk = spider.desk
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        failing = is_failing(spider.past)
        found = await desk.robots.permission(origin, self.fetch, failing=failing)
        problem = found.refuses(request.url)
        if problem:
            raise Refused(problem)
        if found.delay:
            desk.gate.slow_down(host_key(request.url), found.delay)

    async def fetch(self, url: str) -> Response:
        """Ask for a robots.txt, which no robots.txt forbids."""
        request = Request(
            url, meta={OWN: True, "dont_retry": True}, callback=NO_CALLBACK, priority=1000
        )
        return await self._crawler.engine.download_async(request)
