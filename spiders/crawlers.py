"""The spiders by name, for `scrapy list` and `scrapy crawl NAME` and for rounds alike.

`scrapy crawl tass -O items.jsonl` visits the site's live sections and stores nothing;
`-a url=…` narrows it to one list or article, `-s DATELINE_DATABASE=var/dateline.db` records.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from db.store import Store
from spiders.base import SourceSpider
from spiders.courtesy_gate import Gate
from spiders.courtesy_robots import Robots
from spiders.desk import Desk, Forgetful
from spiders.folder import FolderSpider
from spiders.lists import Errand
from spiders.registry import default_source, site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy.crawler import Crawler

    from db.visiting import Source
    from spiders.desk import Memory


class _NamedSpider(SourceSpider):
    """A spider that makes for itself what a round would have given it."""

    def __init__(self, *, url: str | None = None, own: Store | None = None, **given: Any) -> None:
        super().__init__(**given)
        self._url = url
        self._own = own

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build from a round's arguments, or from Scrapy's settings where there are none."""
        if "source" not in kwargs:
            source = _narrowed(default_source(cls.name), kwargs.get("url"))
            own = _store(crawler.settings.get("DATELINE_DATABASE"), source)
            delay = crawler.settings.getfloat("DATELINE_DELAY")
            kwargs |= {"source": source, "own": own}
            kwargs["desk"] = new_desk(own or Forgetful(), delay, _utcnow)
        kwargs["site"] = site(kwargs["source"].kind)
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the article that was named, else for what the source lists."""
        if self._url and self.site.is_article(self._url):
            yield self.visit(Errand(url=self.site.canonical(self._url)))
            return
        async for request in super().start():
            yield request

    def closed(self, reason: str) -> None:
        """Write the report, and close the store if nobody else will."""
        super().closed(reason)
        if self._own:
            self._own.close()


class SecretariatSpider(_NamedSpider):
    """The CSTO secretariat."""

    name = "secretariat"


class BeltaSpider(_NamedSpider):
    """BelTA."""

    name = "belta"


class TassSpider(_NamedSpider):
    """TASS."""

    name = "tass"


class OpenKgSpider(_NamedSpider):
    """open.kg."""

    name = "openkg"


class FeedSpider(_NamedSpider):
    """A feed of any site."""

    name = "feed"


class SitemapSpider(_NamedSpider):
    """A sitemap of any site."""

    name = "sitemap"


class ListingSpider(_NamedSpider):
    """A section page of any site."""

    name = "listing"


class TelegramSpider(_NamedSpider):
    """A public channel."""

    name = "telegram"


class ApiSpider(_NamedSpider):
    """A JSON list."""

    name = "api"


class DocumentsSpider(_NamedSpider, FolderSpider):
    """A folder of saved pages and texts."""

    name = "documents"


SPIDERS: dict[str, type[SourceSpider]] = {
    spider.name: spider
    for spider in (
        SecretariatSpider,
        BeltaSpider,
        TassSpider,
        OpenKgSpider,
        FeedSpider,
        SitemapSpider,
        ListingSpider,
        TelegramSpider,
        ApiSpider,
        DocumentsSpider,
    )
}


def new_desk(
    memory: Memory,
    delay: float,
    clock: Callable[[], datetime],
    ends_at: datetime | None = None,
) -> Desk:
    """Make the things all spiders of a process share; `delay` is seconds between requests.

    `ends_at` is when visits that are not over are given up.
    """
    return Desk(
        memory=memory,
        gate=Gate(delay=delay, clock=clock, memory=memory, ends_at=ends_at),
        robots=Robots(memory, clock),
        clock=clock,
    )


def _store(database: str | None, source: Source) -> Store | None:
    if not database:
        return None
    store = Store.open(Path(database))
    store.register((source,), _utcnow(), whole=False)
    return store


def _narrowed(source: Source, url: str | None) -> Source:
    return replace(source, urls=(url,)) if url else source


def _utcnow() -> datetime:
    return datetime.now(UTC)
