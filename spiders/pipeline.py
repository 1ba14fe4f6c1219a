"""Record: what a spider found goes into the store, one transaction an item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.crawler import Crawler

    from db.model import Article, Candidate
    from db.visiting import Validator
    from spiders.base import SourceSpider
    from spiders.desk import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article with what must be stored in the same transaction.

    `key` is what lists wait for: the address that was asked for, or a list's own name for an
    item without one. `asked` is the address that led here if it is not the article's own. `card`
    is the digest of the card that led here, `validator` that of the page. `missed` is true if the
    page could not be had and is to be tried again. `old` is true for an item without an address
    in a list that was read for the first time: it is no news. `renamed` is true if it may be a
    known item at a new address. `lost` is the dates that its page offered and that were not taken;
    None if no page was read.
    """

    article: Article
    key: str
    card: str | None = None
    validator: Validator | None = None
    asked: str | None = None
    missed: bool = False
    old: bool = False
    renamed: bool = False
    lost: tuple[Candidate, ...] | None = None


class Record:
    """Item pipeline: stores an article and hands it on, so that feed exports see it too."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Record:
        """Build as Scrapy wants it."""
        return cls(crawler)

    def process_item(self, item: Found) -> Article:
        """Store the article, tell the spider, return the article alone."""
        spider = cast("SourceSpider", self._crawler.spider)
        now = spider.desk.clock()
        memory = spider.desk.memory
        if item.renamed:
            item = _at_its_own_address(item, memory, now)
        change = memory.record(
            item.article,
            now,
            card=item.card,
            validator=item.validator,
            asked=item.asked,
            baseline=item.old,
            renamed=item.renamed,
            lost=item.lost,
        )
        if item.missed and item.article.url:
            memory.missed(item.article.url, now, source=item.article.source)
        spider.recorded(item, change)
        return item.article


def _at_its_own_address(item: Found, memory: Memory, now: datetime) -> Found:
    """Take back that an item has moved if another source of its site has brought it meanwhile."""
    urls = [url for url in (item.article.url, item.asked) if url]
    known = memory.visits(item.article.source, urls, now)
    return replace(item, renamed=False) if known else item
