"""The pages of a visit: asked for when they are new, changed or due, read, and handed on.

What leads to a page, and what a visit came to, is `spiders.base`'s business. Every item is kept
from its card if its page fails; a page that is gone is a change like any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from db.visiting import Past, State
from spiders import extract
from spiders.courtesy import headers_of, is_confirmation, problem_of
from spiders.courtesy_validators import conditions, offered
from spiders.judge import Problem, Tally
from spiders.kept import kept
from spiders.lists import Errand, Lists, digest, has_words
from spiders.pipeline import Found
from spiders.reading import identified, is_absent, read_page
from spiders.site import Card
from spiders.weighed import lost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from db.model import Article
    from db.visiting import Source, Visit
    from spiders.desk import Desk
    from spiders.lists import ListVisit
    from spiders.site import Reading, Site

_BESIDE = 10  # items found beside an article that are visited too
FIRST, NEXT, LAST = 20, 10, 0  # lists, then what they show, then what is only due again


class PageSpider(Spider):
    """The half of a visit that asks for pages: made with `source`, `site` and `desk`.

    `read_before` is the pages of lists that have a baseline.
    """

    def __init__(self, *, source: Source, site: Site, desk: Desk, **rest: Any) -> None:
        super().__init__(**rest)
        self.source = source
        self.site = site
        self.desk = desk
        self.tally = Tally()
        self.lists = Lists(desk.memory, source.name, desk.clock)
        self.past = Past()
        self.read_before: frozenset[tuple[str, int]] = frozenset()
        self._asked: set[str] = set()
        self._pending: set[str] = set()
        self._shown: dict[str, Card] = {}
        self._beside = _BESIDE

    def visit(self, errand: Errand) -> Request:
        """Return the request for one page."""
        return self._page_request(errand, NEXT)

    def drawn(self, method: str = "GET") -> dict[str, bool]:
        """Return what asks for a page to be drawn by a browser, if the source wants that."""
        return {"drawn": True} if self.source.browser and method == "GET" else {}

    def _wanted(
        self,
        card: Card,
        seen: Visit | None,
        visit: ListVisit | None,
        *,
        old: bool,
        renamed: bool = False,
    ) -> Iterator[Request]:
        """Ask for a card's page if it is new, its card's words changed, or it is due."""
        url = card.url
        if url is None:
            return
        if url in self._asked:
            self._shown.setdefault(url, card)
            if visit and url in self._pending:
                visit.waiting.add(url)
            return
        changed = seen is not None and seen.card is not None and seen.card != digest(card)
        if seen is None or changed or seen.due:
            if visit:
                visit.waiting.add(url)
            known = seen is not None and seen.complete
            # What only another source of the site has asked for is new to this one.
            again = seen is not None and not known and seen.sighted
            errand = Errand(url=url, card=card, known=known, old=old, renamed=renamed, again=again)
            # A changed card is better evidence than a server's "not modified".
            yield self._page_request(errand, NEXT, conditional=not changed)
        elif visit and not seen.complete and not has_words(card):
            visit.waiting.add(url)  # nothing of it is stored yet: the list must show it again

    def _page_request(self, errand: Errand, priority: int, *, conditional: bool = True) -> Request:
        self._asked.add(errand.url)
        self._pending.add(errand.url)
        validator = self.desk.memory.validator(errand.url) if conditional and errand.known else None
        return Request(
            errand.url,
            headers=conditions(validator),
            callback=self._page,
            errback=self._page_failed,
            meta={"errand": errand, **self.drawn()},
            priority=priority,
            dont_filter=True,
        )

    def _page(self, response: Response) -> Iterator[Any]:
        errand: Errand = response.meta["errand"]
        now = self.desk.clock()
        if is_confirmation(response):
            self.tally.unchanged += 1
            card = digest(errand.card) if errand.card else None
            self.desk.memory.unchanged(errand.url, now, card=card)
            self._arrived(errand.url)
            return
        told = self._as_listed(errand)
        page = kept(response, told, self.source, now)
        if page:
            self.desk.memory.keep_page(page)
        reading = read_page(self.site, response, told, self.source, now)
        if isinstance(reading, Problem):
            if errand.known and is_absent(response, reading):
                # Not a fault of the source: what it takes away is a change like any other.
                self.desk.memory.absent(errand.url, now, source=self.source.name)
                self._arrived(errand.url)
                return
            yield from self._missed(errand, reading)
            return
        if reading.article is None:
            yield from self._missed(errand, Problem(State.ERRORING, "no article on the page"))
            return
        yield from self._found(response, errand, reading.article, reading)

    def _as_listed(self, errand: Errand) -> Errand:
        """Return an errand whose card has what is known of the item: its title, a list's date.

        That is evidence as long as the item is: a page that is read again without it may be dated,
        or called, by what the list had proved wrong.
        """
        card = errand.card or self._shown.get(errand.url) or Card(url=errand.url)
        if (errand.known or errand.again) and not (card.title and card.dateline.when):
            title, dateline = self.desk.memory.told_at(errand.url)
            dateline = card.dateline if card.dateline.when else dateline
            card = replace(card, title=card.title or title, dateline=dateline)
        has_said = has_words(card) or card.dateline.when is not None
        return replace(errand, card=card) if has_said else errand

    def _page_failed(self, failure: Failure) -> Iterator[Any]:
        errand: Errand = failure.request.meta["errand"]  # type: ignore[attr-defined]
        yield from self._missed(errand, problem_of(failure.value, errand.url))

    def _found(
        self, response: Response, errand: Errand, article: Article, reading: Reading
    ) -> Iterator[Any]:
        self.tally.read += 1
        article = identified(self.site, article, response.url)
        yield Found(
            article=article,
            card=digest(errand.card) if errand.card else None,
            validator=offered(headers_of(response), errand.url, self.desk.clock()),
            asked=errand.url if errand.url != article.url else None,
            key=errand.url,
            renamed=errand.renamed,
            lost=lost(reading.candidates, article.dateline),
        )
        yield from self._visit_beside(reading.cards, errand)

    def _visit_beside(self, found: tuple[Card, ...], errand: Errand) -> Iterator[Request]:
        """Visit items that stand beside an article and that nobody has seen, a few a round."""
        cards = [card for card in found if card.url and self.site.is_article(card.url)]
        urls = [card.url for card in cards if card.url]
        now = self.desk.clock()
        known = self.desk.memory.visits(self.source.name, urls, now)
        if urls and errand.old:
            on = errand.url if self.read_before else ""
            self.desk.memory.listed(self.source.name, urls, now, on=on, quiet=True)
        for card in cards:
            if self._beside and card.url not in known and card.url not in self._asked:
                self._beside -= 1
                yield from self._wanted(card, None, None, old=errand.old)

    def _missed(self, errand: Errand, problem: Problem) -> Iterator[Found]:
        """Keep the item from its card until its page can be had."""
        self.tally.failed += 1
        self.tally.page_problems.append(problem)
        self.tally.retried += errand.again
        card = errand.card
        if card and not errand.known and has_words(card):
            found = self._from_card(card, errand.url)
            yield replace(found, missed=True, renamed=errand.renamed)
            return
        self.desk.memory.missed(errand.url, self.desk.clock(), source=self.source.name)
        if errand.known:
            self._arrived(errand.url)

    def _from_card(self, card: Card, key: str) -> Found:
        article = extract.from_card(card, self.source)
        return Found(article=article, card=digest(card), key=key)

    def _arrived(self, key: str) -> None:
        self._pending.discard(key)
        self.lists.stored(key)
