"""The child of a round: visits the sources it is told of, all at once, in one Scrapy process.

`python -m monitor.crawl` reads one order from stdin, writes progress to stdout and its log to
stderr. It runs in a process of its own because a hostile server can make any HTTP client grow:
here that meets a memory cap and ends this process, not the daemon. It ends when its stdin does,
which is when its parent is gone, however that ended.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from db.store import Store
from monitor.confined import OUT_OF_MEMORY, confine
from monitor.order import Manners, Order, Progress, read_order, write_progress
from spiders.crawlers import SPIDERS, new_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.visiting import Report
    from spiders.base import SourceSpider

log = logging.getLogger("dateline.crawl")

_PROGRESS_GAP = 0.2  # seconds between two lines about one source


def main() -> int:
    """Do what the order on stdin says; return an exit code."""
    order = read_order(sys.stdin.buffer.readline())
    confine(order.manners.memory_mb, order.manners.log_level, browser=_has_drawn(order))
    try:
        with Store.open(order.database) as store:
            visit_all(order, store, _say)
    except MemoryError:
        log.error("event=out_of_memory cap_mb=%d", order.manners.memory_mb)  # noqa: TRY400 - no room left
        return OUT_OF_MEMORY
    return 0


def visit_all(order: Order, store: Store, say: Callable[[Progress], None]) -> None:
    """Visit all sources of the order and return when every visit has ended.

    Each visit writes its own report into the store. One that is not over in time is given up,
    and says so in its report.
    """
    given = settings(order.manners)
    if _has_drawn(order):
        from spiders.courtesy_browser import SETTINGS  # noqa: PLC0415 - an extra, and slow

        given.setdict(SETTINGS, priority="cmdline")
    process = AsyncCrawlerProcess(given)
    ends_at = datetime.fromtimestamp(order.manners.ends_at, UTC)
    desk = new_desk(store, order.manners.delay, lambda: datetime.now(UTC), ends_at)
    crawlers = []
    for errand in order.errands:
        crawler = Crawler(SPIDERS[errand.source.kind], process.settings)
        process.crawl(
            crawler,
            source=errand.source,
            desk=desk,
            tell=_Teller(say),
            told=partial(_told, say),
        )
        crawlers.append(crawler)
    loop = asyncio.get_event_loop()
    left = max(0.0, order.manners.ends_at - time.time())
    loop.call_later(left, _give_up, crawlers, "not over when the round had to end")
    stop = partial(_give_up, crawlers, "the round was stopped", stopped=True)
    loop.add_signal_handler(signal.SIGTERM, stop)
    process.start(install_signal_handlers=False)


def settings(manners: Manners) -> Settings:
    """Return Scrapy's settings with what the config says of manners and limits."""
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    settings.setdict(
        {
            "USER_AGENT": manners.user_agent,
            "DOWNLOAD_TIMEOUT": manners.timeout,
            "DOWNLOAD_MAXSIZE": manners.max_bytes,
            "DATELINE_ALLOW": sorted(manners.allow),
            "LOG_INSTALL_ROOT_HANDLER": False,
            "EXTENSIONS": {},
        },
        priority="cmdline",
    )
    return settings


def _has_drawn(order: Order) -> bool:
    return any(errand.source.browser for errand in order.errands)


def _give_up(crawlers: list[Crawler], reason: str, *, stopped: bool = False) -> None:
    level = logging.INFO if stopped else logging.WARNING
    for crawler in crawlers:
        if crawler.crawling:
            log.log(level, "event=given_up source=%s reason=%r", _name(crawler), reason)
            # First no further requests, then an end to those under way.
            stopping = asyncio.ensure_future(crawler.stop_async())
            stopping.add_done_callback(_stopped)
            spider: SourceSpider | None = crawler.spider  # type: ignore[assignment]
            if spider is not None:
                abandon = partial(spider.abandon, reason, stopped=stopped)
                asyncio.get_running_loop().call_soon(abandon)


def _stopped(stopping: asyncio.Future[None]) -> None:
    if not stopping.cancelled() and (error := stopping.exception()) is not None:
        log.warning("event=stop_failed error=%r", error)


def _name(crawler: Crawler) -> str:
    spider = crawler.spider
    return str(spider.source.name) if spider is not None else "?"  # type: ignore[attr-defined]


class _Teller:
    """Tells how far a visit has got, a few times a second at most."""

    def __init__(self, say: Callable[[Progress], None]) -> None:
        self._say = say
        self._last = 0.0

    def __call__(self, spider: SourceSpider) -> None:
        now = time.monotonic()
        if now - self._last >= _PROGRESS_GAP:
            self._last = now
            tally = spider.tally
            self._say(
                Progress(
                    source=spider.source.name,
                    requests=tally.requests,
                    listed=tally.listed,
                    read=tally.read,
                    new=tally.new,
                )
            )


def _told(say: Callable[[Progress], None], report: Report) -> None:
    say(
        Progress(
            source=report.source,
            requests=report.requests,
            listed=report.listed,
            read=report.read,
            new=report.new,
            report=report,
        )
    )


def _say(progress: Progress) -> None:
    sys.stdout.write(write_progress(progress) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
