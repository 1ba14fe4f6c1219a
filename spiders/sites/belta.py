"""BelTA: eng.belta.by (English), belta.by (Russian). Pure.

The header of a page prints today's date; the article's own stands with a clock above the title.
The machine-readable time states a wrong offset: its clock is Minsk's. In a list the day stands in
a heading above its cards.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from db.model import Basis, Dateline
from db.words import clean_line
from spiders import agency, cards, dates, extract
from spiders.blocks import words_of
from spiders.extract import Found
from spiders.feed import read_feed
from spiders.site import Card, Fetch, Listing, Reading

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import etree

    from db.visiting import Source
    from spiders.blocks import Block, Page

_HOSTS = frozenset(("eng.belta.by", "belta.by", "www.belta.by"))
_ARTICLE = re.compile(r"/([a-z][\w-]*)/view/[^/]+-(\d{4})/?$", re.IGNORECASE)
_REJECT = re.compile(r"/in-head-before-date|/printv|getResults|extendedSearch")
_NAMES = re.compile(r"BelTA|БЕЛТА|БелТА", re.IGNORECASE)
_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")
_STAMP = re.compile(r"\d{1,2}\s+[^\W\d_]+\s+\d{4},?\s+\d{1,2}:\d\d")
_MORE = re.compile(r"get_page\('([^']+)'")
_END = re.compile(
    r"(?:- )?(?:Follow us on:?|Recent news from Belarus|Read also:?|Tags:?|Subscribe to .{2,80}"
    r"|Подписывайтесь на нас.{0,80}|Последние новости.{0,80}|Читайте также:?|Теги:?).{0,40}",
    re.IGNORECASE,
)
_BESIDE = (
    ".invite_in_messagers", ".news_tags", ".news_tags_block", ".clear", ".video_add", ".fp_block",
    ".news_accent_block",
)  # fmt: skip
_RUBRIC_WORDS = 4
_LONGEST_STAMP = 40
_HEADING_PARTS = 12
_MENU = frozenset(("all news", "все новости"))


class Belta:
    """The rules of BelTA's lists and pages."""

    kind = "belta"
    hosts = _HOSTS
    has_pages = True
    zone = "Europe/Minsk"
    language = "en"
    sections: tuple[str, ...] = ("https://eng.belta.by/all_news/",)

    def canonical(self, url: str) -> str:
        """Return the address with the final slash that is optional on this site."""
        tidy = extract.tidy_url(url, hosts=_HOSTS)
        return f"{tidy.rstrip('/')}/" if self.is_article(tidy) and "?" not in tidy else tidy

    def is_article(self, url: str) -> bool:
        """Tell an article's address: a rubric, `view`, and a slug that ends in the year."""
        return bool(_ARTICLE.search(extract.parts_of(url).path)) and not _REJECT.search(url)

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return the sections as configured."""
        return tuple(Fetch(url=url) for url in source.urls)

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read a list of days; the button for more names the next page. `/rss` is read too."""
        if page.media == "xml":
            return Listing(cards=read_feed(page, self, source, seen))
        days = _days(page)
        found = tuple(
            _card(spot, days[spot.link], source.timezone, seen) for spot in cards.spots(page, self)
        )
        return Listing(cards=found, more=_more(page, fetch))

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Read an article's page, or a text copied from one.

        Raises ExtractError if no text is found.
        """
        url = self.canonical(page.url) if page.url else None
        found = _article(page, source.timezone, card, seen)
        return Reading(article=extract.from_page(found, source, card, url))


def _days(page: Page) -> dict[etree._Element, str]:
    """Return for every element the day heading it stands under, as `DD.MM.YY`, '' before any."""
    day = ""
    under: dict[etree._Element, str] = {}
    for node in page.tree.iter():
        if "new_date" in (node.get("class") or "").split():
            # The parts are printed apart, "09" and ".01.26"; joined digits would be ambiguous.
            printed = " ".join(islice(node.itertext(), _HEADING_PARTS))
            found = re.search(r"(\d{1,2})\s*\.\s*(\d\d)\s*\.\s*(\d\d)(?!\d)", printed)
            day = f"{found[1]:0>2}.{found[2]}.20{found[3]}" if found else ""
        under[node] = day
    return under


def _card(spot: cards.Spot, day: str, zone: str, seen: datetime) -> Card:
    clock = next((found[0] for b in spot.blocks if (found := _CLOCK.match(b.text))), "")
    rubric = next(
        (link.text for b in spot.blocks for link in b.links if not _is_view(link.url)), ""
    )
    title = _headline(spot)
    return Card(
        url=spot.url,
        title=title,
        summary=spot.words("lenta_textsmall"),
        section=rubric or None,
        dateline=dates.choose(
            dates.printed(f"{day}, {clock}" if clock else day, zone, Basis.LISTING),
            _mobile(spot, title, zone, seen),
            seen=seen,
        ),
    )


def _mobile(spot: cards.Spot, title: str, zone: str, seen: datetime) -> Dateline | None:
    """Read `21 January, 11:59` before a title, as the mobile list prints it.

    The address has the year.
    """
    address = _ARTICLE.search(urlsplit(spot.url).path)
    year = int(address[2]) if address else None
    above = (block.text.partition(title)[0] if title else block.text for block in spot.blocks)
    lines = (line for line in above if len(line) <= _LONGEST_STAMP)
    read = (dates.yearless(line, zone, Basis.LISTING, seen=seen, year=year) for line in lines)
    return next((found for found in read if found), None)


def _is_view(url: str) -> bool:
    return bool(_ARTICLE.search(extract.parts_of(url).path))


def _headline(spot: cards.Spot) -> str:
    linked = (k.text for b in spot.blocks for k in b.links if _is_view(k.url))
    return spot.words("lenta_item_title") or max(linked, key=len, default="")


def _more(page: Page, fetch: Fetch) -> tuple[Fetch, ...]:
    for button in page.select("div.load_more[onclick]"):
        found = _MORE.search(button.get("onclick") or "")
        path = urlsplit(fetch.url).path
        # A rubric's second page repeats its first; only the list of all news can be leafed.
        if found and "/all_news/" in path:
            # The server ignores the day that the button adds to the address.
            url = urljoin(page.url or fetch.url, found[1]).split("?", 1)[0]
            return (Fetch(url=url, follows=fetch.follows + 1),)
    return ()


def _article(page: Page, zone: str, card: Card | None, seen: datetime) -> Found:
    blocks = page.blocks
    stamp = next((p for p, b in enumerate(blocks) if _is_stamp(b)), None)
    title, start = _title(blocks, stamp, card)
    body = _body(blocks, start)
    lead = next((found for b in body if (found := agency.lead(b.text, _NAMES))), None)
    address = _ARTICLE.search(urlsplit(page.url or "").path)
    year = int(address[2]) if address else None
    return Found(
        title=title,
        paragraphs=extract.paragraphs(body),
        dateline=dates.choose(
            dates.printed(blocks[stamp].text, zone) if stamp is not None else None,
            _meta(page, zone),
            card.dateline if card else None,
            lead.dateline(zone, seen, year) if lead else None,
            seen=seen,
            place=lead.place if lead else None,
        ),
        section=_rubric(page, stamp),
        authors=(lead.correspondent,) if lead and lead.correspondent else (),
        tags=_tags(page),
        lead=lead.words if lead else "",
        language=page.language,
    )


def _is_stamp(block: Block) -> bool:
    if block.inside(".header_date", ".lenta_item", ".new_date"):
        return False
    return block.inside(".date_full") or bool(_STAMP.fullmatch(block.text))


def _meta(page: Page, zone: str) -> Dateline | None:
    """Read the machine's time: its clock is Minsk's although its offset says +00:00."""
    raw = page.metas.get("mediator_published_time") or page.metas.get("article:published_time", "")
    return dates.stated(raw, zone, Basis.META, ignore_offset=True)


def _title(blocks: tuple[Block, ...], stamp: int | None, card: Card | None) -> tuple[str, int]:
    """Return the title and the place where the body may begin."""
    heading = next((p for p, b in enumerate(blocks) if b.inside("h1")), None)
    if heading is not None:
        return blocks[heading].text, max(heading, stamp or 0) + 1
    lead = next((p for p, b in enumerate(blocks) if agency.lead(b.text, _NAMES)), None)
    if stamp is not None:
        after = stamp + 1
        if lead is not None and lead <= after:
            # The title stands above the date, as on the mobile site.
            return (blocks[stamp - 1].text if stamp else ""), after
        return (blocks[after].text if after < len(blocks) else ""), after + 1
    if lead:
        return blocks[lead - 1].text, lead
    known = card.title if card else ""
    return (known, 0) if lead == 0 else (blocks[0].text if blocks else "", 1)


def _body(blocks: tuple[Block, ...], start: int) -> tuple[Block, ...]:
    inner = tuple(b for b in blocks if b.inside(".js-mediator-article"))
    found = inner or blocks[start:]
    return extract.until(tuple(b for b in found if not b.inside(*_BESIDE)), _END)


def _rubric(page: Page, stamp: int | None) -> str | None:
    # The link itself: beside it in the line may stand the header's date.
    links = page.select(".rubric") if page.media == "html" else []
    for link in links:
        if not any("lenta_item" in (h.get("class") or "") for h in link.iterancestors()):
            return words_of(link) or None
    above = page.blocks[stamp - 1].text if stamp else ""
    plausible = 0 < len(above.split()) <= _RUBRIC_WORDS and above.lower() not in _MENU
    return above if plausible and not re.search(r"\d", above) else None


def _tags(page: Page) -> tuple[str, ...]:
    links = page.select("div.news_tags_block a[title]") if page.media == "html" else []
    return tuple(dict.fromkeys(clean_line(link.get("title") or "") for link in links))


SITE = Belta()
