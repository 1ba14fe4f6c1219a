"""SourceSpider: visits one source, yields its articles, reports what happened.

What to ask for and how to read it is the site's (`spiders.site`), how to behave the courtesy
modules', what it came to `spiders.judge`'s. Here is only the order of things: lists first, older
pages of them until they meet the past, then what they show and what is due (`spiders.pages`).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals

from db.health import diagnose
from db.hosts import host_key
from db.visiting import ListSeen
from spiders.courtesy import headers_of, is_confirmation, problem_of
from spiders.courtesy_validators import conditions, offered, still_trusted, vouches
from spiders.following import Chain, with_own_guids
from spiders.judge import Problem, unread_since
from spiders.lists import Errand, digest, has_words
from spiders.pages import FIRST, LAST, PageSpider
from spiders.reading import read_list
from spiders.rhythm import is_failing, plan, was_interrupted
from spiders.site import Card

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from db.model import Change
    from db.visiting import Report, Visit
    from spiders.lists import ListVisit
    from spiders.pipeline import Found
    from spiders.site import Fetch, Listing

log = logging.getLogger("dateline.spider")

_BEYOND = 100  # addresses taken in one visit of those a list names beyond its cards
_DUE_PAGES = 50  # pages asked for again in one visit, beyond those that lists show


class SourceSpider(PageSpider):
    """A visit to one source. Made with `source`, `site`, `desk`; see `spiders.crawlers`.

    `tell` hears of progress after each stored item, `told` of the report.
    """

    def __init__(
        self,
        *,
        tell: Callable[[SourceSpider], None] = lambda _spider: None,
        told: Callable[[Report], None] = lambda _report: None,
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.tell = tell
        self.told = told
        self.started = self.desk.clock()
        self.abandoned, self.stopped = "", False
        self.under_way: set[asyncio.Future[Response]] = set()
        self._news: set[str] = set()
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
        self.past = self.desk.memory.past(self.source.name)
        self.tally.unread = unread_since(self.past.reports)
        self.tally.barren = all(report.is_fruitless for report in self.past.reports)
        fetches = self.site.lists(self.source, now)
        names = tuple(fetch.page[0] for fetch in fetches)
        self.read_before = self.desk.memory.open_lists(self.source.name, names)
        # What a list read before shows anew is news, even if a list read first shows it too.
        fetches = tuple(sorted(fetches, key=lambda fetch: fetch.page not in self.read_before))
        asked = [fetch for fetch in fetches if fetch.method == "GET"]
        self._unconditional = tuple(fetch for fetch in fetches if fetch.method != "GET")
        self._conditional = len(asked)
        for fetch in asked or self._unconditional:
            yield self._list_request(fetch, now)
        limit = _DUE_PAGES if self.site.has_pages and not is_failing(self.past) else 0
        due = self.desk.memory.due_visits(self.source.name, now, limit)
        seen = self.desk.memory.visits(self.source.name, due, now)
        for url in due:
            if url not in self._asked:
                again = url in seen and not seen[url].complete
                yield self._page_request(Errand(url=url, known=True, again=again), LAST)

    # -- lists

    def _list_request(self, fetch: Fetch, now: datetime, chain: Chain | None = None) -> Request:
        old = fetch.page not in self.read_before
        chain = chain or self._chain(fetch, old=old)
        validator = None
        if fetch.method == "GET" and not old and not chain.interrupted:
            kept = self.desk.memory.validator(fetch.url, source=self.source.name)
            validator = still_trusted(kept, now)
        return Request(
            fetch.url,
            method=fetch.method,
            body=fetch.body,
            headers={**conditions(validator), **dict(fetch.headers)},
            callback=self._list,
            errback=self._list_failed,
            meta={
                "errand": fetch,
                "chain": chain,
                "dont_retry": is_failing(self.past),
                **self.drawn(fetch.method),
            },
            priority=FIRST,
            dont_filter=True,
        )

    def _chain(self, fetch: Fetch, *, old: bool) -> Chain:
        return Chain(
            self.past,
            self.source.pages,
            was_interrupted(self.past),
            old=old,
            stood=self.desk.memory.shown(self.source.name, fetch.page[0]),
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
        # A POST is never answered 304, so it is spared where its site's feed said "nothing new",
        # unless it was never read: nobody knows what it shows.
        if fetch.method != "GET" or fetch.follows:
            return
        self._conditional -= 1
        if self._conditional == 0:
            now = self.desk.clock()
            for other in self._unconditional:
                spared = host_key(other.url) in self._covered and other.page in self.read_before
                if not spared:
                    yield self._list_request(other, now)

    def _cards(self, response: Response, fetch: Fetch, listing: Listing) -> Iterator[Any]:
        now = self.desk.clock()
        first = fetch.page not in self.read_before
        on = fetch.page[0] if self.read_before else ""
        unseen, is_rest = self._unseen(listing, on, first=first)
        # An empty list is not to be confirmed unchanged for ever: it is read again each time. So
        # is one that showed more than one visit takes.
        keep = fetch.method == "GET" and listing.cards and not is_rest
        offer = offered(headers_of(response), fetch.url, now) if keep else None
        chain: Chain = response.meta["chain"]
        # A list that shows nothing has no baseline yet: what it shows first may be years old. So
        # may an older page, unless it was pushed there by news that fill the pages before it.
        visit = self.lists.begin(
            fetch.url, offer, first=fetch.page if first and listing.cards else None
        )
        cards, shared = with_own_guids((*unseen, *listing.cards))
        self.tally.listed += len(cards)
        self.tally.broken += listing.broken
        urls = [card.url for card in cards if card.url]
        known = self.desk.memory.visits(self.source.name, urls, now, on=on)
        # What only other sources of the site have shown is no sign of where this one's past begins.
        new = chain.read(cards, _sighted(known))
        old = first and chain.shows_old
        self._note(urls, known, on, old=old)
        if chain.pages == 1 and (cards or not listing.more):
            seen = ListSeen(
                # The lists of several sections may be asked for at one address.
                url=fetch.url if fetch.method == "GET" else fetch.page[0],
                cards=len(cards),
                new=new,
                shared_guids=shared,
                found=listing.found,
            )
            self.tally.lists.append(seen)
        for place, card in enumerate(cards):
            before = known.get(card.url) if card.url else None
            if card.url and self.site.has_pages and not card.is_file:
                yield from self._wanted(card, before, visit, old=old, renamed=chain.renamed)
            else:
                key = card.url or f"{fetch.url}#{place}"
                found = self._direct(card, key, before, visit)
                yield from (replace(one, old=old, renamed=chain.renamed) for one in found)
        self.lists.handed_out(visit)
        yield from self._older(fetch, listing, chain)

    def _unseen(self, listing: Listing, on: str, *, first: bool) -> tuple[tuple[Card, ...], bool]:
        """Return what nobody has seen of what a list names beyond its cards, and if some is left.

        At the first visit, and where hundreds are unknown and none is known, all of it is old.
        """
        if not listing.beyond:
            return (), False
        now = self.desk.clock()
        known = self.desk.memory.visits(self.source.name, listing.beyond, now, on=on)
        mine = _sighted(known)
        unseen = [url for url in listing.beyond if url not in mine]
        if first or (not mine and len(unseen) > _BEYOND):
            self.desk.memory.listed(self.source.name, unseen, now, on=on, quiet=True)
            return (), False
        return tuple(Card(url=url) for url in unseen[:_BEYOND]), len(unseen) > _BEYOND

    def _note(self, urls: list[str], known: dict[str, Visit], on: str, *, old: bool) -> None:
        """Note that the source has what a list shows; `known` is what is known of it."""
        now = self.desk.clock()
        if not old:
            self._news.update(url for url in urls if url not in known)
        if old or not all(seen.sighted for seen in known.values()):
            mine = [url for url in urls if not old or url not in self._news]
            self.desk.memory.listed(self.source.name, mine, now, on=on, quiet=old)

    def _older(self, fetch: Fetch, listing: Listing, chain: Chain) -> Iterator[Request]:
        """Ask for older pages until one meets the past; a page without cards leads to lists."""
        now = self.desk.clock()
        follows = fetch.follows + 1
        more = [replace(each, follows=follows, of=fetch.page[0]) for each in listing.more]
        parts = [each.part for each in more if each.part]
        if parts:
            self._open_parts(fetch.page[0], parts)
        if not listing.cards:
            if follows <= self.source.pages:
                for each in more:
                    yield self._list_request(each, now)
        elif chain.goes_on() and more:
            for each in more:
                yield self._list_request(each, now, chain)
        else:
            self.tally.gap = chain.gap(more=bool(more)) or self.tally.gap
            if chain.order() != chain.stood:
                self.desk.memory.keep_shown(self.source.name, fetch.page[0], chain.order())

    def _open_parts(self, name: str, parts: list[int]) -> None:
        """Make the lists known that an index leads to: after its first reading, new ones are news.

        One that it named then and that could not be had has its baseline when it comes.
        """
        is_first = all(name != other for other, _ in self.read_before)
        since = None if is_first else self.desk.clock()
        self.read_before |= self.desk.memory.open_parts(self.source.name, name, parts, since=since)

    def _direct(
        self, card: Card, key: str, seen: Visit | None, visit: ListVisit
    ) -> Iterator[Found]:
        """Record an item that has no page, or is a file, unless it stands as the list shows it."""
        stands = seen is not None and seen.sighted and seen.card == digest(card)
        if stands or not has_words(card):
            return
        visit.waiting.add(key)
        if card.url is None:
            visit.direct.add(key)
        yield self._from_card(card, key)

    # -- what became of it

    def recorded(self, found: Found, change: Change | None) -> None:
        """Count an article that is in the store now; called by the pipeline."""
        self.tally.take(change, renamed=found.renamed)
        self._arrived(found.key)
        self.tell(self)

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


def _sighted(known: dict[str, Visit]) -> frozenset[str]:
    """Return the addresses that this source has shown before."""
    return frozenset(url for url, seen in known.items() if seen.sighted)
