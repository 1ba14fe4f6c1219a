"""The child of a round: visits the sources it is told of, all at once, in one Scrapy process.

`python -m monitor.crawl` reads one order from stdin, writes progress to stdout and its log to
stderr. It runs in a process of its own because a hostile server can make any HTTP client grow:
here that meets a memory cap and ends this process, not the daemon. It ends when its stdin does,
which is when its parent is gone, however that ended.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from db.errors import StoreError
from db.store import Store
from monitor.log import start as start_log
from monitor.order import Order, Progress, read_order, write_progress
from spiders.crawlers import SPIDERS, new_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.visiting import Report
    from spiders.base import SourceSpider

log = logging.getLogger("dateline.crawl")

OUT_OF_MEMORY = 12  # exit code, as ENOMEM
ORPHANED = 13
_PROGRESS_GAP = 0.2  # seconds between two lines about one source


def main() -> int:
    """Do what the order on stdin says; return an exit code."""
    order = read_order(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    _confine(order.memory_mb)
    _log_to_stderr(order.log_level)
    try:
        with Store.open(order.database) as store:
            visit_all(order, store, _say)
    except MemoryError:
        log.error("event=out_of_memory cap_mb=%d", order.memory_mb)  # noqa: TRY400 - no room left
        return OUT_OF_MEMORY
    return 0


def visit_all(order: Order, store: Store, say: Callable[[Progress], None]) -> None:
    """Visit all sources of the order and return when every visit has ended.

    Each visit writes its own report into the store. One that is not over in time is given up,
    and says so in its report.
    """
    process = AsyncCrawlerProcess(_settings(order))
    ends_at = datetime.fromtimestamp(order.ends_at, UTC)
    desk = new_desk(store, order.delay, lambda: datetime.now(UTC), ends_at)
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
    left = max(0.0, order.ends_at - time.time())
    loop.call_later(left, _give_up, crawlers, "not over when the round had to end")
    stop = partial(_give_up, crawlers, "the round was stopped", stopped=True)
    loop.add_signal_handler(signal.SIGTERM, stop)
    process.start(install_signal_handlers=False)


def _settings(order: Order) -> Settings:
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    settings.setdict(
        {
            "USER_AGENT": order.user_agent,
            "DOWNLOAD_TIMEOUT": order.timeout,
            "DOWNLOAD_MAXSIZE": order.max_bytes,
            "DATELINE_ALLOW": sorted(order.allow),
            "LOG_INSTALL_ROOT_HANDLER": False,
            "EXTENSIONS": {},
        },
        priority="cmdline",
    )
    return settings


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


def _confine(memory_mb: int) -> None:
    size = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    # Not through sys.stdin: its lock would be held while the interpreter shuts down.
    os.read(sys.stdin.fileno(), 1)
    # Nothing to tidy: what is committed is kept, what is not was never there.
    os._exit(ORPHANED)


def _log_to_stderr(level: str) -> None:
    start_log(level)
    logging.getLogger().handlers[0].addFilter(WorthALine())


class WorthALine(logging.Filter):
    """Passes our events and others' warnings; what the store refuses once, without tracebacks.

    A full disk refuses every item of a visit alike, and Scrapy would print each with its text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is written, and make it short."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, StoreError):
            reason = str(error)
            if reason in self._said:
                return False
            self._said.add(reason)
            record.msg, record.args = "event=not_stored reason=%r", (reason,)
            record.exc_info = record.exc_text = None
        # Scrapy sets its own loggers to DEBUG, whatever LOG_LEVEL says, so the handler decides.
        return record.name.startswith("dateline") or record.levelno >= logging.WARNING


if __name__ == "__main__":
    sys.exit(main())
