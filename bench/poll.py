"""What a poll of 200 unchanged pages costs, beside Scrapy's own RFC 2616 cache in the same run.

Run as `python -m bench.poll`. Both sides visit the same 200 pages of 100 KB on loopback: once to
fill what they keep, then again and again while nothing changes; the median of the later polls
counts. Each side runs in a process of its own, so that neither the server nor the other is
measured. CPU is user and system time of the whole poll, without the start of the process; stored
bytes are what is kept for the sake of the next poll, not the articles.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.extent import usually
from db.store import Store
from db.visiting import Source
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import Answer, Request, conditional, text_answer
from spiders.site import Card, Fetch, Listing, Reading

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from spiders.blocks import Page

PAGES = usually(200, small=4)
POLLS = usually(5, small=1)
CHANGED = datetime(2026, 1, 2, tzinfo=UTC)
_FILLER = "<p>" + "Words of a news page, many of them, and all the same each time. " * 1500 + "</p>"


def rows() -> list[tuple[str, str, str, str]]:
    """Measure, and return who polled, requests, bytes kept a page, CPU ms a page."""
    found = []
    loopback = Loopback("bench")
    loopback.start()
    try:
        for side, name in (("ours", "Dateline"), ("scrapy", "Scrapy, RFC2616 policy")):
            asked = [0]
            port = loopback.listen_http(side, _pages(asked))
            result = _side(side, f"http://127.0.0.1:{port}")
            polls = POLLS + 1
            found.append(
                (
                    name,
                    f"{asked[0] / polls:,.0f}",
                    f"{result['stored'] / PAGES:,.0f}",
                    f"{median(result['cpu'][1:]) * 1000 / PAGES:.2f}",
                )
            )
    finally:
        loopback.stop()
    return found


def main() -> None:
    """Print the table."""
    print(f"{PAGES} unchanged pages of {len(_body(0)) // 1000} KB, median of {POLLS} polls")
    print(f"{'':26}{'requests a poll':>18}{'bytes a page':>15}{'CPU ms a page':>16}")
    for name, requests, stored, cpu in rows():
        print(f"{name:26}{requests:>18}{stored:>15}{cpu:>16}")


def _body(number: int) -> str:
    return f"<!DOCTYPE html><html><title>Page {number}</title><body>{_FILLER}</body></html>"


def _pages(asked: list[int]) -> Callable[[Request], Answer]:
    def respond(request: Request) -> Answer:
        asked[0] += 1
        if request.path == "/robots.txt":
            return text_answer("User-agent: *\nAllow: /\n")
        number = int(request.path.rpartition("/")[2])
        # As news sites send it: a cache must ask each time.
        fresh = replace(text_answer(_body(number)), headers=(("Cache-Control", "max-age=0"),))
        return conditional(request, fresh, CHANGED)

    return respond


def _side(side: str, base: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(
            [sys.executable, "-m", "bench.poll", side, base, folder],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


class ListSite:
    """Rules that find one item with words of its own on each page."""

    kind = "bench"
    zone = "UTC"
    language = "en"
    sections: tuple[str, ...] = ()
    has_pages = False

    def canonical(self, url: str) -> str:
        """Leave an address as it is."""
        return url

    def is_article(self, url: str) -> bool:
        """Take no page for an article: all are lists."""
        return url == ""

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Ask for every page."""
        del now
        return tuple(Fetch(url=url) for url in source.urls)

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Find the page's title."""
        del fetch, source, seen
        return Listing(cards=(Card(url=None, title=page.line("title") or f"Item of {page.url}"),))

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Find nothing: no page is an article's."""
        del page, source, card, seen
        return Reading(article=None)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _run(crawl: Callable[[Any], Any], settings: dict[str, Any], module: str) -> list[float]:
    """Crawl once to fill and `POLLS` times more, in one process; return the CPU of each."""
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415 - only in the measured process
    from scrapy.settings import Settings  # noqa: PLC0415

    given = Settings()
    given.setmodule(module, priority="project")
    given.setdict({"LOG_ENABLED": False, **settings}, priority="cmdline")
    process = AsyncCrawlerProcess(given)
    times = []

    async def polls() -> None:
        for _ in range(POLLS + 1):
            begun = _cpu()
            await crawl(process)
            times.append(_cpu() - begun)

    loop = asyncio.get_event_loop()
    task = loop.create_task(polls())

    def done(ended: asyncio.Task[None]) -> None:
        process._stop_reactor()  # noqa: SLF001 - Scrapy stops by itself only after one crawl
        ended.result()

    task.add_done_callback(done)
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    return times


def _ours(base: str, folder: Path) -> dict[str, Any]:
    from spiders.base import SourceSpider  # noqa: PLC0415 - only in the measured process
    from spiders.crawlers import new_desk  # noqa: PLC0415

    urls = tuple(f"{base}/{number}" for number in range(PAGES))
    source = Source(name="bench", kind="bench", urls=urls)

    class Bench(SourceSpider):
        name = "bench"

    with Store.open(folder / "bench.db") as store:
        store.register((source,), datetime.now(UTC))
        desk = new_desk(store, 0.0, lambda: datetime.now(UTC))

        def crawl(process: Any) -> Any:
            return process.crawl(Bench, source=source, site=ListSite(), desk=desk)

        allow = [base.removeprefix("http://")]
        times = _run(crawl, {"DATELINE_ALLOW": allow}, "spiders.settings")
        states = [report.state for report in store.reports("bench", POLLS)]
    assert set(states) == {"unchanged"}, states
    return {"cpu": times, "stored": _validator_bytes(folder / "bench.db")}


def _validator_bytes(database: Path) -> int:
    """Return what the table that serves the next poll takes, without the pages' free space."""
    with sqlite3.connect(database) as connection:
        (size,) = connection.execute(
            "SELECT sum(pgsize - unused) FROM dbstat WHERE name = 'validator'"
        ).fetchone()
    connection.close()
    return int(size)


def _scrapy(base: str, folder: Path) -> dict[str, Any]:
    import scrapy  # noqa: PLC0415 - only in the measured process

    class Plain(scrapy.Spider):
        name = "plain"

        async def start(self) -> AsyncIterator[scrapy.Request]:
            for number in range(PAGES):
                yield scrapy.Request(f"{base}/{number}")

        def parse(self, response: Any) -> Iterator[dict[str, str]]:
            yield {"title": response.css("title::text").get()}

    settings = {
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "ROBOTSTXT_OBEY": True,
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
        "HTTPCACHE_DIR": str(folder / "cache"),
    }
    times = _run(lambda process: process.crawl(Plain), settings, "scrapy.settings.default_settings")
    files = [path for path in (folder / "cache").rglob("*") if path.is_file()]
    return {"cpu": times, "stored": sum(path.stat().st_size for path in files)}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one_side = _ours if sys.argv[1] == "ours" else _scrapy
        print(json.dumps(one_side(sys.argv[2], Path(sys.argv[3]))))
    else:
        main()
