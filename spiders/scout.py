"""Scout: the spider behind `dateline probe URL`, as polite as a visit; it stores nothing.

What it asks for is decided by `spiders.survey`; here is only the asking.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http.request import NO_CALLBACK

from db.visiting import Past
from spiders.courtesy import Refused, problem_in, problem_of
from spiders.courtesy_answers import page_of
from spiders.courtesy_robots import ObeyRobots
from spiders.judge import Problem, Tally
from spiders.survey import Robots, survey

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable

    from scrapy.http import Response

    from spiders.blocks import Page
    from spiders.desk import Desk
    from spiders.survey import Survey

log = logging.getLogger("dateline.spider")


class Scout(Spider):
    """Surveys one address. `found` gets the result, `saw` each page that was read, as bytes.

    It is a `spiders.desk.Guest`: nothing is known of the past, and nobody ends it but the process.
    """

    name = "scout"

    def __init__(
        self,
        *,
        url: str,
        desk: Desk,
        samples: int,
        found: Callable[[Survey], None],
        saw: Callable[[str, bytes], None],
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.url = url
        self.desk = desk
        self.samples = samples
        self.found = found
        self.saw = saw
        self.past = Past()
        self.tally = Tally()
        self.abandoned = ""
        self.under_way: set[asyncio.Future[Response]] = set()

    async def start(self) -> AsyncIterator[Any]:
        """Survey, and hand the result over; nothing goes through Scrapy's scheduler."""
        self.found(await survey(self.url, self, self.desk.clock, samples=self.samples))
        return
        yield  # what makes this the generator that Scrapy wants

    async def page(self, url: str) -> Page | Problem:
        """Return what stands at an address, or why it cannot be had."""
        try:
            request = Request(url, callback=NO_CALLBACK, dont_filter=True)
            response = await self.crawler.engine.download_async(request)
            problem = problem_in(response)
            if problem:
                return problem
            self.saw(response.url, response.body)
            return page_of(response)
        except Refused as error:
            return error.problem
        except Exception as error:  # noqa: BLE001 - whatever went wrong, a visit has words for it
            return problem_of(error, url)

    async def robots(self, url: str) -> Robots:
        """Return what the robots.txt of an address's host says."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        obey = ObeyRobots(self.crawler)
        found = await self.desk.robots.permission(origin, obey.fetch)
        kept = self.desk.memory.robots(origin)
        return Robots(
            text=kept.body if kept else "",
            delay=found.delay,
            problem=found.problem.reason if found.problem else "",
        )
