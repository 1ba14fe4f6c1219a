"""SourceSpider: visits one source, yields its articles, reports what happened.

What to ask for and how to read it is the site's (`spiders.site`), how to behave the courtesy
modules', what it came to `spiders.judge`'s. Here is only the order of things: lists first, then
the pages that are new, changed or due, and every item kept from its card if its page fails.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals

from db.hosts import host_key
from db.model import ChangeKind, State
from spiders import extract
from spiders.courtesy import headers_of, is_confirmation, problem_of
from spiders.courtesy_validators import conditions, offered, still_trusted, vouches
from spiders.judge import Problem, Tally, next_visit
from spiders.lists import Errand, Lists, digest, has_words
from spiders.pipeline import Found
from spiders.reading import read_list, read_page

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from db.model import Article, Change, Report, Source, Visit
    from spiders.desk import Desk
    from spiders.lists import ListVisit
    from spiders.site import Card, Fetch, Listing, Site

log = logging.getLogger("dateline.spider")

_DUE_PAGES = 50  # pages asked for again in one visit, beyond those that lists show
_BESIDE = 10  # items found beside an article that are visited too
_FIRST, _NEXT, _LAST = 20, 10, 0  # lists, then what they show, then what is only due again


class SourceSpider(Spider):
    """A visit to one source. Made with `source`, `site`, `desk`; see `spiders.crawlers`.

    `strikes` is how many visits in a row were not fine before this one. `tell` hears of progress
    after each stored item, `told` of the report.
    """

    def __init__(  # noqa: PLR0913 - a spider's arguments come one by one from Scrapy
        self,
        *,
        source: Source,
        site: Site,
        desk: Desk,
        strikes: int = 0,
        tell: Callable[[SourceSpider], None] = lambda _spider: None,
        told: Callable[[Report], None] = lambda _report: None,
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.source = source
        self.site = site
        self.desk = desk
        self.strikes = strikes
        self.tell = tell
        self.told = told
        self.tally = Tally()
        self.started = desk.clock()
        self.lists = Lists(desk.memory, source.name, desk.clock)
        self.abandoned, self.stopped = "", False
        self.under_way: set[asyncio.Future[Response]] = set()
        self._read_before: frozenset[tuple[str, int]] = frozenset()
        self._news: set[str] = set()
        self._asked: set[str] = set()
        self._pending: set[str] = set()
        self._beside = _BESIDE
        self._conditional = 0
        self._unconditional: tuple[Fetch, ...] = ()
        self._covered: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build as Scrapy wants it, and listen to what goes wrong."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.stumbled, signals.spider_error)
        crawler.signals.connect(spider.stumbled, signals.item_error)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the conditional lists, or for the others if there are none, and for due pages."""
        now = self.desk.clock()
        fetches = self.site.lists(self.source, now)
        names = tuple(fetch.page[0] for fetch in fetches)
        self._read_before = self.desk.memory.open_lists(self.source.name, names)
        # What a list read before shows anew is news, even if a list read first shows it too.
        fetches = tuple(sorted(fetches, key=lambda fetch: fetch.page not in self._read_before))
        asked = [fetch for fetch in fetches if fetch.method == "GET"]
        self._unconditional = tuple(fetch for fetch in fetches if fetch.method != "GET")
        self._conditional = len(asked)
        for fetch in asked or self._unconditional:
            yield self._list_request(fetch, now)
        for url in self.desk.memory.due_visits(self.source.name, now, _DUE_PAGES):
            if url not in self._asked:
                yield self._page_request(Errand(url=url, known=True), _LAST)

    # -- lists

    def _list_request(self, fetch: Fetch, now: datetime) -> Request:
        validator = None
        if fetch.method == "GET" and fetch.page in self._read_before:
            kept = self.desk.memory.validator(fetch.url, source=self.source.name)
            validator = still_trusted(kept, now)
        return Request(
            fetch.url,
            method=fetch.method,
            body=fetch.body,
            headers={**conditions(validator), **dict(fetch.headers)},
            callback=self._list,
            errback=self._list_failed,
            meta={"errand": fetch},
            priority=_FIRST,
            dont_filter=True,
        )

    def _list(self, response: Response) -> Iterator[Any]:
        fetch: Fetch = response.meta["errand"]
        if is_confirmation(response):
            self.tally.lists_same += 1
            self.tally.unchanged += 1
            if fetch.covers and vouches(self.desk.memory.validator(fetch.url), self.desk.clock()):
                self._covered.add(host_key(fetch.url))
        else:
            listing = read_list(self.site, response, fetch, self.source, self.desk.clock())
            if isinstance(listing, Problem):
                self.tally.list_problems.append(listing.at(fetch.url))
                self.desk.memory.forget_validator(fetch.url)
            else:
                self.tally.lists_read += 1
                yield from self._cards(response, fetch, listing)
        yield from self._list_done(fetch)

    def _list_failed(self, failure: Failure) -> Iterator[Any]:
        fetch: Fetch = failure.request.meta["errand"]  # type: ignore[attr-defined]
        self.tally.list_problems.append(problem_of(failure.value, fetch.url))
        yield from self._list_done(fetch)

    def _list_done(self, fetch: Fetch) -> Iterator[Request]:
        # A POST is never answered 304, so it is spared where its site's feed said "nothing new".
        if fetch.method != "GET" or fetch.follows:
            return
        self._conditional -= 1
        if self._conditional == 0:
            now = self.desk.clock()
            for other in self._unconditional:
                if host_key(other.url) not in self._covered:
                    yield self._list_request(other, now)

    def _cards(self, response: Response, fetch: Fetch, listing: Listing) -> Iterator[Any]:
        now = self.desk.clock()
        # An empty list is not to be confirmed unchanged for ever: it is read again each time.
        keep = fetch.method == "GET" and listing.cards
        offer = offered(headers_of(response), fetch.url, now) if keep else None
        # A list that shows nothing has no baseline yet: what it shows first may be years old.
        old = fetch.page not in self._read_before
        visit = self.lists.begin(
            fetch.url, offer, first=fetch.page if old and listing.cards else None
        )
        self.tally.listed += len(listing.cards)
        urls = [card.url for card in listing.cards if card.url]
        on = fetch.page[0] if self._read_before else ""
        known = self.desk.memory.visits(self.source.name, urls, now, on=on)
        if not old:
            self._news.update(url for url in urls if url not in known)
        if old or not all(seen.sighted for seen in known.values()):
            mine = [url for url in urls if not old or url not in self._news]
            self.desk.memory.listed(self.source.name, mine, now, on=on, quiet=old)
        for place, card in enumerate(listing.cards):
            if card.url is None:
                yield from self._direct(card, f"{fetch.url}#{place}", visit, old=old)
            else:
                yield from self._wanted(card, known.get(card.url), visit, old=old)
        self.lists.handed_out(visit)
        follows = fetch.follows + 1
        # A page without cards only says where the list is; else older pages wait for news here.
        news = follows < self.source.pages and any(url not in known for url in urls)
        if news or (not listing.cards and follows <= self.source.pages):
            for more in listing.more:
                of = fetch.page[0]
                yield self._list_request(replace(more, follows=follows, of=of), now)

    def _direct(self, card: Card, key: str, visit: ListVisit, *, old: bool) -> Iterator[Found]:
        """Record an item that has no page of its own."""
        if has_words(card):
            visit.waiting.add(key)
            visit.direct.add(key)
            article = extract.from_card(card, self.source)
            yield Found(article=article, card=digest(card), key=key, old=old)

    def _wanted(
        self, card: Card, seen: Visit | None, visit: ListVisit | None, *, old: bool
    ) -> Iterator[Request]:
        """Ask for a card's page if it is new, its card's words changed, or it is due."""
        url = card.url
        if url is None:
            return
        if url in self._asked:
            if visit and url in self._pending:
                visit.waiting.add(url)
            return
        changed = seen is not None and seen.card is not None and seen.card != digest(card)
        if seen is None or changed or seen.due:
            if visit:
                visit.waiting.add(url)
            known = seen is not None and seen.complete
            errand = Errand(url=url, card=card, known=known, old=old)
            # A changed card is better evidence than a server's "not modified".
            yield self._page_request(errand, _NEXT, conditional=not changed)
        elif visit and not seen.complete and not has_words(card):
            visit.waiting.add(url)  # nothing of it is stored yet: the list must show it again

    # -- pages

    def visit(self, errand: Errand) -> Request:
        """Return the request for one page."""
        return self._page_request(errand, _NEXT)

    def _page_request(self, errand: Errand, priority: int, *, conditional: bool = True) -> Request:
        self._asked.add(errand.url)
        self._pending.add(errand.url)
        validator = self.desk.memory.validator(errand.url) if conditional and errand.known else None
        return Request(
            errand.url,
            headers=conditions(validator),
            callback=self._page,
            errback=self._page_failed,
            meta={"errand": errand},
            priority=priority,
            dont_filter=True,
        )

    def _page(self, response: Response) -> Iterator[Any]:
        errand: Errand = response.meta["errand"]
        if is_confirmation(response):
            self.tally.unchanged += 1
            card = digest(errand.card) if errand.card else None
            self.desk.memory.unchanged(errand.url, self.desk.clock(), card=card)
            self._arrived(errand.url)
            return
        reading = read_page(self.site, response, errand, self.source, self.desk.clock())
        if isinstance(reading, Problem):
            yield from self._missed(errand, reading)
            return
        if reading.article is None:
            yield from self._missed(errand, Problem(State.ERRORING, "no article on the page"))
            return
        yield from self._found(response, errand, reading.article, reading.cards)

    def _page_failed(self, failure: Failure) -> Iterator[Any]:
        errand: Errand = failure.request.meta["errand"]  # type: ignore[attr-defined]
        yield from self._missed(errand, problem_of(failure.value, errand.url))

    def _found(
        self, response: Response, errand: Errand, article: Article, beside: tuple[Card, ...]
    ) -> Iterator[Any]:
        self.tally.read += 1
        final = self.site.canonical(response.url)
        # A page may call itself anything; only an article's address on its own host is believed.
        own = article.url
        if own is None or host_key(own) != host_key(final) or not self.site.is_article(own):
            article = replace(article, url=final)
        yield Found(
            article=article,
            card=digest(errand.card) if errand.card else None,
            validator=offered(headers_of(response), errand.url, self.desk.clock()),
            asked=errand.url if errand.url != article.url else None,
            key=errand.url,
        )
        yield from self._visit_beside(beside, errand)

    def _visit_beside(self, found: tuple[Card, ...], errand: Errand) -> Iterator[Request]:
        """Visit items that stand beside an article and that nobody has seen, a few a round."""
        cards = [card for card in found if card.url and self.site.is_article(card.url)]
        urls = [card.url for card in cards if card.url]
        now = self.desk.clock()
        known = self.desk.memory.visits(self.source.name, urls, now)
        if urls and errand.old:
            on = errand.url if self._read_before else ""
            self.desk.memory.listed(self.source.name, urls, now, on=on, quiet=True)
        for card in cards:
            if self._beside and card.url not in known and card.url not in self._asked:
                self._beside -= 1
                yield from self._wanted(card, None, None, old=errand.old)

    def _missed(self, errand: Errand, problem: Problem) -> Iterator[Found]:
        """Keep the item from its card until its page can be had."""
        self.tally.failed += 1
        self.tally.page_problems.append(problem)
        card = errand.card
        if card and not errand.known and has_words(card):
            article = extract.from_card(card, self.source)
            yield Found(article=article, card=digest(card), key=errand.url, missed=True)
            return
        self.desk.memory.missed(errand.url, self.desk.clock(), source=self.source.name)
        if errand.known:
            self._arrived(errand.url)

    # -- what became of it

    def recorded(self, found: Found, change: Change | None) -> None:
        """Count an article that is in the store now; called by the pipeline."""
        article = found.article
        has = {
            "title": article.title,
            "text": article.text,
            "date": article.dateline.when,
            "summary": article.summary,
            "section": article.section,
            "authors": article.authors,
            "place": article.dateline.place,
        }
        self.tally.coverage.update(name for name, value in has.items() if value)
        if change is not None:
            self.tally.new += change.kind is ChangeKind.NEW
            self.tally.edited += change.kind is ChangeKind.EDITED
        self._arrived(found.key)
        self.tell(self)

    def _arrived(self, key: str) -> None:
        self._pending.discard(key)
        self.lists.stored(key)

    def stumbled(self, failure: Failure) -> None:
        """Count an exception that got as far as Scrapy, which has logged it."""
        self.tally.errors.append(f"{type(failure.value).__name__} while reading or storing")

    def abandon(self, reason: str, *, stopped: bool = False) -> None:
        """End the visit now; the reason is reported, but nothing bad if we `stopped` it."""
        self.abandoned = self.tally.cut = reason
        self.stopped = stopped
        for work in tuple(self.under_way):
            work.cancel()

    def closed(self, reason: str) -> None:
        """Write the report; called by Scrapy when all items are stored."""
        del reason
        self.lists.end()
        report = self.tally.report(self.source.name, self.started, self.desk.clock())
        if self.stopped and not report.state.is_fine:
            log.info(
                "event=stopped source=%s read=%d new=%d", report.source, report.read, report.new
            )
            return
        holds = [self.desk.gate.held(host_key(url)) for url in self.source.urls]
        next_at = next_visit(
            report,
            every=self.source.every,
            strikes=0 if report.state.is_fine else self.strikes + 1,
            hold=max((hold for hold in holds if hold), default=None),
        )
        self.desk.memory.finish(report, next_at=next_at)
        log.info(
            "event=visit source=%s state=%s requests=%d listed=%d read=%d new=%d edited=%d "
            "failed=%d",
            report.source,
            report.state,
            report.requests,
            report.listed,
            report.read,
            report.new,
            report.edited,
            report.failed,
        )
        self.told(report)
