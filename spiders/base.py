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

from db.health import diagnose
from db.model import ListSeen, Past, State
from spiders import extract
from spiders.addresses import host_key
from spiders.courtesy import is_confirmation, problem_of
from spiders.courtesy_validators import conditions, offered, still_trusted
from spiders.following import Chain, with_own_guids
from spiders.judge import Problem, Tally
from spiders.kept import kept
from spiders.lists import Errand, Lists, digest, has_words
from spiders.pipeline import Found
from spiders.reading import identified, is_absent, read_list, read_page
from spiders.rhythm import is_failing, plan, was_interrupted

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

    `tell` hears of progress after each stored item, `told` of the report.
    """

    def __init__(
        self,
        *,
        source: Source,
        site: Site,
        desk: Desk,
        tell: Callable[[SourceSpider], None] = lambda _spider: None,
        told: Callable[[Report], None] = lambda _report: None,
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.source = source
        self.site = site
        self.desk = desk
        self.tell = tell
        self.told = told
        self.tally = Tally()
        self.started = desk.clock()
        self.lists = Lists(desk.memory)
        self.past = Past()
        self.abandoned = ""
        self.under_way: set[asyncio.Future[Response]] = set()
        self._asked: set[str] = set()
        self._pending: set[str] = set()
        self._beside = _BESIDE
        self._conditional = 0
        self._unconditional: tuple[Fetch, ...] = ()

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
        self.past = self.desk.memory.past(self.source.name)
        fetches = self.site.lists(self.source, now)
        asked = [fetch for fetch in fetches if fetch.method == "GET"]
        self._unconditional = tuple(fetch for fetch in fetches if fetch.method != "GET")
        self._conditional = len(asked)
        for fetch in asked or self._unconditional:
            yield self._list_request(fetch, now)
        limit = 0 if is_failing(self.past) else _DUE_PAGES
        for url in self.desk.memory.due_visits(self.source.name, now, limit):
            if url not in self._asked:
                yield self._page_request(Errand(url=url, known=True), _LAST)

    # -- lists

    def _list_request(self, fetch: Fetch, now: datetime, chain: Chain | None = None) -> Request:
        validator = None
        chain = chain or Chain(self.past, self.source.pages, was_interrupted(self.past))
        if fetch.method == "GET" and not chain.interrupted:
            validator = still_trusted(self.desk.memory.validator(fetch.url), now)
        return Request(
            fetch.url,
            method=fetch.method,
            body=fetch.body,
            headers={**conditions(validator), **dict(fetch.headers)},
            callback=self._list,
            errback=self._list_failed,
            meta={"errand": fetch, "chain": chain, "dont_retry": is_failing(self.past)},
            priority=_FIRST,
            dont_filter=True,
        )

    def _list(self, response: Response) -> Iterator[Any]:
        fetch: Fetch = response.meta["errand"]
        if is_confirmation(response):
            self.tally.lists_same += 1
            self.tally.unchanged += 1
        else:
            listing = read_list(self.site, response, fetch, self.source, self.desk.clock())
            if isinstance(listing, Problem):
                self.tally.list_problems.append(listing)
                self.desk.memory.forget_validator(fetch.url)
            else:
                self.tally.lists_read += 1
                yield from self._cards(response, fetch, listing)
        yield from self._list_done(fetch)

    def _list_failed(self, failure: Failure) -> Iterator[Any]:
        self.tally.list_problems.append(problem_of(failure.value))
        yield from self._list_done(failure.request.meta["errand"])  # type: ignore[attr-defined]

    def _list_done(self, fetch: Fetch) -> Iterator[Request]:
        # A POST is never answered 304, so it is spared where a feed just said "nothing new".
        if fetch.method != "GET" or fetch.follows:
            return
        self._conditional -= 1
        if self._conditional == 0 and not self.tally.lists_same:
            now = self.desk.clock()
            for other in self._unconditional:
                yield self._list_request(other, now)

    def _cards(self, response: Response, fetch: Fetch, listing: Listing) -> Iterator[Any]:
        now = self.desk.clock()
        # An empty list is not to be confirmed unchanged for ever: it is read again each time.
        keep = fetch.method == "GET" and listing.cards
        offer = offered(_lower(response), fetch.url, now) if keep else None
        visit = self.lists.begin(fetch.url, offer)
        cards, shared = with_own_guids(listing.cards)
        self.tally.listed += len(cards)
        urls = [card.url for card in cards if card.url]
        known = self.desk.memory.visits(self.source.name, urls, now)
        chain: Chain = response.meta["chain"]
        new = chain.read(cards, known)
        if chain.pages == 1 and (cards or not listing.more):
            seen = ListSeen(
                url=fetch.url,
                cards=len(cards),
                new=new,
                shared_guids=shared,
                found=listing.found,
            )
            self.tally.lists.append(seen)
        for place, card in enumerate(cards):
            if card.url is None:
                yield from self._direct(card, f"{fetch.url}#{place}", visit)
            else:
                yield from self._wanted(card, known.get(card.url), visit, renamed=chain.renamed)
        self.lists.handed_out(visit)
        yield from self._older(fetch, listing, chain)

    def _older(self, fetch: Fetch, listing: Listing, chain: Chain) -> Iterator[Request]:
        """Ask for older pages until one meets the past; a page without cards leads to lists."""
        now = self.desk.clock()
        follows = fetch.follows + 1
        if not listing.cards:
            more = listing.more if follows <= self.source.pages else ()
            for each in more:
                yield self._list_request(replace(each, follows=follows), now)
        elif chain.goes_on() and listing.more:
            for each in listing.more:
                yield self._list_request(replace(each, follows=follows), now, chain)
        else:
            self.tally.gap = chain.gap(more=bool(listing.more)) or self.tally.gap

    def _direct(self, card: Card, key: str, visit: ListVisit) -> Iterator[Found]:
        """Record an item that has no page of its own."""
        if has_words(card):
            visit.waiting.add(key)
            yield Found(article=extract.from_card(card, self.source), card=digest(card), key=key)

    def _wanted(
        self, card: Card, seen: Visit | None, visit: ListVisit | None, *, renamed: bool = False
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
            errand = Errand(url=url, card=card, known=known, renamed=renamed)
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
        now = self.desk.clock()
        page = kept(response, errand, self.source, now)
        if page:
            self.desk.memory.keep_page(page)
        reading = read_page(self.site, response, errand, self.source, now)
        if isinstance(reading, Problem):
            if errand.known and is_absent(response, reading):
                # Not a fault of the source: what it takes away is a change like any other.
                self.desk.memory.absent(errand.url, now)
                self._arrived(errand.url)
                return
            yield from self._missed(errand, reading)
            return
        if reading.article is None:
            yield from self._missed(errand, Problem(State.ERRORING, "no article on the page"))
            return
        yield from self._found(response, errand, reading.article, reading.cards)

    def _page_failed(self, failure: Failure) -> Iterator[Any]:
        yield from self._missed(failure.request.meta["errand"], problem_of(failure.value))  # type: ignore[attr-defined]

    def _found(
        self, response: Response, errand: Errand, article: Article, beside: tuple[Card, ...]
    ) -> Iterator[Any]:
        self.tally.read += 1
        article = identified(self.site, article, response.url)
        yield Found(
            article=article,
            card=digest(errand.card) if errand.card else None,
            validator=offered(_lower(response), errand.url, self.desk.clock()),
            asked=errand.url if errand.url != article.url else None,
            key=errand.url,
            renamed=errand.renamed,
        )
        yield from self._visit_beside(beside)

    def _visit_beside(self, found: tuple[Card, ...]) -> Iterator[Request]:
        """Visit items that stand beside an article and that nobody has seen, a few a round."""
        cards = [card for card in found if card.url and self.site.is_article(card.url)]
        urls = [card.url for card in cards if card.url]
        known = self.desk.memory.visits(self.source.name, urls, self.desk.clock())
        for card in cards:
            if self._beside and card.url not in known and card.url not in self._asked:
                self._beside -= 1
                yield from self._wanted(card, None, None)

    def _missed(self, errand: Errand, problem: Problem) -> Iterator[Found]:
        """Keep the item from its card until its page can be had."""
        self.tally.failed += 1
        self.tally.page_problems.append(problem)
        card = errand.card
        if card and not errand.known and has_words(card):
            article = extract.from_card(card, self.source)
            yield Found(
                article=article,
                card=digest(card),
                key=errand.url,
                missed=True,
                renamed=errand.renamed,
            )
            return
        self.desk.memory.missed(errand.url, self.desk.clock())
        if errand.known:
            self._arrived(errand.url)

    # -- what became of it

    def recorded(self, found: Found, change: Change | None) -> None:
        """Count an article that is in the store now; called by the pipeline."""
        self.tally.take(found.article, change, renamed=found.renamed)
        self._arrived(found.key)
        self.tell(self)

    def _arrived(self, key: str) -> None:
        self._pending.discard(key)
        self.lists.stored(key)

    def stumbled(self, failure: Failure) -> None:
        """Count an exception that got as far as Scrapy, which has logged it."""
        self.tally.errors.append(f"{type(failure.value).__name__} while reading or storing")

    def abandon(self, reason: str) -> None:
        """Give up what is under way, so that the visit can end now; the reason is reported."""
        self.abandoned = self.tally.cut = reason
        for work in tuple(self.under_way):
            work.cancel()

    def closed(self, reason: str) -> None:
        """Write the report; called by Scrapy when all items are stored."""
        del reason
        self.lists.end()
        report = self.tally.report(self.source.name, self.started, self.desk.clock())
        report = diagnose(report, self.past, moved=self.tally.moved)
        holds = [self.desk.gate.held(host_key(url)) for url in self.source.urls]
        hold = max((hold for hold in holds if hold), default=None)
        due = plan(report, self.source, self.past, hold=hold)
        self.desk.memory.finish(report, next_at=due.at, why=due.why)
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


def _lower(response: Response) -> dict[str, str]:
    found = response.headers.to_unicode_dict()
    return {str(name).lower(): value for name, value in found.items()}
