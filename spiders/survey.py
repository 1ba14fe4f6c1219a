"""What is at an address, and how would a source read it? The questions of `dateline probe URL`.

`survey` asks for the page, the feeds it names or is likely to have, and the sitemaps; each that
lists items becomes an offer. The best one's first articles are read, so that what is shown is
what a source would take. It fetches through `Asking` only, so that it behaves as any visit does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from db.errors import ExtractError
from spiders import api_keys, discover, extract, registry, stated
from spiders.judge import Problem
from spiders.site import Fetch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from datetime import datetime

    from db.model import Article, Candidate
    from db.visiting import Source
    from spiders.blocks import Page
    from spiders.site import Card, Listing

FIELDS: Final = ("title", "date", "summary", "text", "section", "authors")
"""What coverage is told of."""

_FEEDS: Final = 4
_GUESSES: Final = 8
_SITEMAPS: Final = 2
_PARTS: Final = 5  # of an index: some cannot be had, some list nothing
_FEWEST: Final = 3
_MOST_DATED: Final = 0.8
_SAME: Final = 0.3
# Where an offer of a kind stands, and why.
_SURE: Final = {
    "api": (2, "a JSON list; its keys are known by their names only, so look at the items below"),
    "sitemap": (4, "tells addresses, and dates only where it is one of news"),
}


class Asking(Protocol):
    """How the survey reaches the site. Both methods are as polite as a visit."""

    async def page(self, url: str) -> Page | Problem:
        """Return what stands at an address, or why it cannot be had."""
        ...

    async def robots(self, url: str) -> Robots:
        """Return what the robots.txt of an address's host says."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a host allows: `text` of its robots.txt, `delay` in seconds, `problem` if all is off."""

    text: str = ""
    delay: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One way in which the address could be watched: a source, and the items it lists now."""

    source: Source
    cards: tuple[Card, ...]
    why: str = ""

    @property
    def dated(self) -> float:
        """The share of items whose date the list itself tells."""
        return _share(bool(card.dateline.when) for card in self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An item of the best offer as a source would take it.

    `problem` says why its page gave nothing; then the article is what its card tells, if anything.
    """

    url: str | None
    article: Article | None
    candidates: tuple[Candidate, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found. `offers` are in order, the best first; `tried` tells what held nothing."""

    url: str
    final: str
    problem: str = ""
    is_article: bool = False
    is_json: bool = False
    robots: Robots = Robots()
    offers: tuple[Offer, ...] = ()
    samples: tuple[Sample, ...] = ()
    tried: tuple[tuple[str, str], ...] = ()

    @property
    def coverage(self) -> dict[str, float]:
        """The share of samples that have each field, {} without samples."""
        if not self.samples:
            return {}
        return {
            name: _share(_has(sample.article, name) for sample in self.samples) for name in FIELDS
        }


async def survey(
    url: str, asking: Asking, clock: Callable[[], datetime], *, samples: int = 3
) -> Survey:
    """Look at an address; `samples` is how many articles of the best offer are read."""
    return await _Surveyor(asking, clock, samples).look(url)


class _Surveyor:
    """One survey: what was asked for, and what came of it."""

    def __init__(self, asking: Asking, clock: Callable[[], datetime], samples: int) -> None:
        self._asking = asking
        self._clock = clock
        self._samples = samples
        self._tried: dict[str, str] = {}

    async def look(self, url: str) -> Survey:
        robots = await self._asking.robots(url)
        page = await self._ask(self._address(url))
        if isinstance(page, Problem):
            return Survey(url=url, final=url, problem=page.reason, robots=robots)
        final = page.url or url
        offers = [offer async for offer in self._offers(page, final, robots)]
        is_article = self._is_article(page, final)
        if is_article:
            # The page itself is an item: its section is what can be watched.
            offers = [offer for offer in offers if final not in offer.source.urls]
            parent = discover.parent_of(final)
            if parent and not offers and not isinstance(above := await self._ask(parent), Problem):
                offers.extend(self._itself(above, parent))
        offers = _ranked(offers, final)
        samples = [
            await self._sample(card, offer.source)
            for offer in offers[:1]
            for card in offer.cards[: self._samples]
        ]
        return Survey(
            url=url,
            final=final,
            robots=robots,
            is_article=is_article,
            is_json=_is_json(page),
            offers=tuple(offers),
            samples=tuple(samples),
            tried=tuple(self._tried.items()),
        )

    def _address(self, url: str) -> str:
        """Return where a source at this address would look: some kinds know a better one."""
        kind = registry.kind_of(url)
        fetches = registry.site(kind).lists(source_at(kind, url), self._clock())
        return next((fetch.url for fetch in fetches if fetch.method == "GET"), url)

    async def _ask(self, url: str) -> Page | Problem:
        answer = await self._asking.page(url)
        if isinstance(answer, Problem):
            self._tried[url] = answer.reason
        return answer

    async def _offers(self, page: Page, url: str, robots: Robots) -> AsyncIterator[Offer]:
        own = self._itself(page, url)
        if not own and page.media in ("xml", "text") and (index := await self._behind(page, url)):
            own = [index]
        for offer in own:
            yield offer
        if any(offer.source.kind not in ("listing", "feed") for offer in own):
            return  # rules were written for this site; nothing found by chance is better
        found = [feed async for feed in self._feeds(page, url)] if page.media == "html" else []
        for offer in found:
            yield offer
        if not found and not own:
            for address in discover.sitemaps_of(robots.text, url)[:_SITEMAPS]:
                if sitemap := await self._listed("sitemap", address):
                    yield sitemap

    async def _feeds(self, page: Page, url: str) -> AsyncIterator[Offer]:
        """Yield the feeds a page names; if none of them is one, the first of the usual places."""
        found = False
        for address in discover.feeds_of(page)[:_FEEDS]:
            if feed := await self._listed("feed", address):
                found = True
                yield feed
        for address in () if found else discover.usual_feeds(url)[:_GUESSES]:
            if feed := await self._listed("feed", address):
                yield feed
                return

    def _itself(self, page: Page, url: str) -> list[Offer]:
        """Return how the page itself could be a source's list."""
        kind = registry.kind_of(url)
        if kind != "listing":
            # What its lists show may be asked for elsewhere, as TASS's are.
            cards = [listing.cards for _, listing in self._readings(page, url, [kind])]
            return [Offer(source=source_at(kind, url), cards=next(iter(cards), ()))]
        found = [
            Offer(source=source, cards=listing.cards)
            for source, listing in self._readings(page, url, _kinds_for(page))
            if len(listing.cards) >= (1 if source.kind != "listing" else _FEWEST)
        ]
        return found or self._by_keys(page, url)

    def _by_keys(self, page: Page, url: str) -> list[Offer]:
        """Return how a JSON answer that is no feed could be a list, by what its keys are called."""
        keys = api_keys.keys_of(page.body, url) if _is_json(page) else None
        if keys is None:
            return []
        source = replace(source_at("api", url), api=keys)
        listing = registry.site("api").read_list(page, Fetch(url=url), source, self._clock())
        return [Offer(source=source, cards=listing.cards)]

    def _readings(
        self, page: Page, url: str, kinds: Iterable[str]
    ) -> Iterator[tuple[Source, Listing]]:
        for kind in kinds:
            source = source_at(kind, url)
            try:
                listing = registry.site(kind).read_list(page, Fetch(url=url), source, self._clock())
            except ExtractError:
                continue
            yield source, listing

    async def _listed(self, kind: str, url: str) -> Offer | None:
        """Ask for an address and read it as a list of this kind; a sitemap's index is followed."""
        if url in self._tried:
            return None
        page = await self._ask(url)
        if isinstance(page, Problem):
            return None
        for source, listing in self._readings(page, url, [kind]):
            if listing.cards:
                return Offer(source=source, cards=listing.cards)
        if kind == "sitemap" and (index := await self._behind(page, url)):
            return index
        self._tried[url] = f"lists nothing as a {kind}"
        return None

    async def _behind(self, page: Page, url: str) -> Offer | None:
        """Return what the first sitemap lists that can be had of those an index names."""
        for source, index in self._readings(page, url, ["sitemap"]):
            for part in index.more[:_PARTS]:
                inner = await self._ask(part.url) if part.url not in self._tried else None
                if inner is None or isinstance(inner, Problem):
                    continue
                rules = registry.site("sitemap")
                if cards := rules.read_list(inner, part, source, self._clock()).cards:
                    return Offer(source=source, cards=cards)
                self._tried[part.url] = "lists nothing as a sitemap"
        return None

    def _is_article(self, page: Page, url: str) -> bool:
        if page.media != "html" or not registry.site(registry.kind_of(url)).is_article(url):
            return False
        return stated.is_article(page)

    async def _sample(self, card: Card, source: Source) -> Sample:
        """Read an item as a visit would: from its page, else from its card."""
        rules = registry.site(source.kind)
        try:
            kept = extract.from_card(card, source)
        except ExtractError:
            kept = None
        if card.url is None or not rules.is_article(card.url):
            return Sample(url=card.url, article=kept)
        page = await self._ask(card.url)
        if isinstance(page, Problem):
            return Sample(url=card.url, article=kept, problem=page.reason)
        try:
            reading = rules.read(page, source, card, self._clock())
        except ExtractError as error:
            return Sample(url=card.url, article=kept, problem=str(error))
        return Sample(
            url=card.url,
            article=reading.article or kept,
            candidates=reading.candidates,
            problem="" if reading.article else "no article on the page",
        )


def source_at(kind: str, url: str) -> Source:
    """Return a source of a kind that watches one address."""
    return replace(registry.default_source(kind), urls=(url,))


def _is_json(page: Page) -> bool:
    # Some call it a text.
    return page.media in ("json", "text") and page.body.lstrip()[:1] in ("{", "[")


def _kinds_for(page: Page) -> list[str]:
    if page.media == "html":
        return ["listing"]
    return ["feed"] if page.media == "json" else ["feed", "sitemap"]


def _ranked(offers: list[Offer], url: str) -> list[Offer]:
    """Put offers in order and say why each stands where it does.

    A feed states its dates, so it comes before the page that shows the same items. One that shows
    others (the whole site's, where a section was asked for) comes after that page.
    """
    page = next((offer for offer in offers if offer.source.urls == (url,)), None)
    ranked = []
    for place, offer in enumerate(offers):
        rank, why = _rank(offer, page)
        ranked.append((rank, -offer.dated, place, replace(offer, why=why)))
    return [offer for *_, offer in sorted(ranked, key=lambda row: row[:3])]


def _rank(offer: Offer, page: Offer | None) -> tuple[int, str]:
    kind = offer.source.kind
    if kind in _SURE:
        return _SURE[kind]
    if kind not in ("feed", "listing"):
        return 0, "its rules were written for this site"
    if offer is page:
        return 2, "the page as you gave it"
    shown = {card.url for card in page.cards if card.url} if page else set()
    shared = _share(card in shown for card in (c.url for c in offer.cards)) if shown else 1.0
    if shared < _SAME:
        return 3, "a feed of the site that shows other items than this page"
    if offer.dated < _MOST_DATED:
        return 3, "a feed that leaves most items undated"
    return 1, "a feed of these items that states their dates"


def _has(article: Article | None, name: str) -> bool:
    return bool(article and (article.dateline.when if name == "date" else getattr(article, name)))


def _share(flags: Iterable[bool]) -> float:
    told = list(flags)
    return sum(told) / len(told) if told else 0.0
