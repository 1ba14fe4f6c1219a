"""The CSTO secretariat: en.odkb-csto.org (English), odkb-csto.org (Russian); Bitrix. Pure.

A page opens with a strip of the newest items of the whole site, each a date and a preview, so the
first date of a page is never the article's own. Its own date stands between title and body, or
nowhere. Only days are printed, and they are Moscow's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.errors import ExtractError
from db.model import Basis, Dateline
from spiders import cards, dates, extract
from spiders.blocks import Block
from spiders.extract import Found
from spiders.site import Card, Fetch, Listing, Reading

if TYPE_CHECKING:
    from datetime import datetime

    from db.visiting import Source
    from spiders.blocks import Page

_HOSTS = frozenset(("en.odkb-csto.org", "odkb-csto.org", "www.odkb-csto.org"))
_DROP = frozenset(("bxajaxid", "clear_cache", "sphrase_id"))
_ARTICLE = re.compile(r"/(?:news|documents|international_org)/[^/?]+/[^/?]+/?$", re.IGNORECASE)
_PAGER = re.compile(r"[?&]PAGEN_1=(\d+)")
_DAY = re.compile(r"\d\d\.\d\d\.\d{4}")
_DAY_FIRST = re.compile(r"(\d\d\.\d\d\.\d{4})\s+(\S.*)")
_DAY_LAST = re.compile(r"(.*\S)\s+(\d\d\.\d\d\.\d{4})")
_DOWNLOAD = re.compile(
    r"(?:Download document|Скачать документ)\s+([0-9a-f]{32}\.\w{2,5})", re.IGNORECASE
)
_FOOTER = re.compile(
    r"(?:- )?(?:Go back|Back to the section|Back to the all news"
    r"|Вернуться назад|Вернуться в раздел|Вернуться ко всем новостям)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r""".*[.…]["'”’»)]*$""")
_LONGEST_TITLE = 300
_LONGEST_PREVIEW = 2


class Secretariat:
    """The rules of the secretariat's pages."""

    kind = "secretariat"
    hosts = _HOSTS
    has_pages = True
    zone = "Europe/Moscow"
    language = "en"
    sections: tuple[str, ...] = ("https://en.odkb-csto.org/news/",)

    def canonical(self, url: str) -> str:
        """Return the address without session parameters; a final hyphen of the slug stays.

        The slug is cut at 100 characters, and two articles may differ by that hyphen alone.
        """
        return extract.tidy_url(url, _DROP, _HOSTS)

    def is_article(self, url: str) -> bool:
        """Tell an article's address from a list's."""
        parts = extract.parts_of(url)
        return bool(_ARTICLE.search(parts.path)) or "ELEMENT_ID=" in parts.query

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return the sections as configured."""
        return tuple(Fetch(url=url) for url in source.urls)

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read `/news/` or a section of it; the pager tells the next page."""
        found = tuple(_listed(spot, source.timezone, seen) for spot in cards.spots(page, self))
        return Listing(cards=found, more=_next_page(page, fetch))

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Read a page: the items of the strip as cards, and the article below them.

        Raises ExtractError if it holds neither.
        """
        blocks = extract.until(page.blocks, _FOOTER)
        strip, body = _split(blocks)
        beside = tuple(self._beside(item, source.timezone, seen) for item in strip)
        if not body and beside:
            return Reading(article=None, cards=beside)
        if not body:
            raise ExtractError("the page holds no text", url=page.url, field="text")
        url = self.canonical(page.canonical or page.url) if page.url else None
        found = _article(body, source.timezone, card, seen)
        return Reading(article=extract.from_page(found, source, card, url), cards=beside)

    def _beside(self, item: _Item, zone: str, seen: datetime) -> Card:
        links = (link.url for block in item.preview for link in block.links)
        url = next((self.canonical(link) for link in links if self.is_article(link)), None)
        summary = "\n\n".join(extract.paragraphs(item.preview))
        return Card(url=url, summary=summary, dateline=_day(item.day, zone, Basis.LISTING, seen))


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the strip: its day as printed, and its preview."""

    day: str
    preview: tuple[Block, ...]


def _day(raw: str, zone: str, basis: Basis, seen: datetime) -> Dateline:
    return dates.choose(dates.printed(raw, zone, basis), seen=seen)


def _split(blocks: tuple[Block, ...]) -> tuple[tuple[_Item, ...], tuple[Block, ...]]:
    """Divide a page into the strip's items and the article's blocks, title first."""
    start = _heading(blocks)
    strip, rest = _strip(blocks if start is None else blocks[:start])
    if start is not None:
        return strip, _detail(blocks, start)
    return strip, rest


def _heading(blocks: tuple[Block, ...]) -> int | None:
    """Find the page's own title by its markup: the last `h1`, else the detail's first block."""
    headings = [place for place, block in enumerate(blocks) if block.inside("h1")]
    if headings:
        return headings[-1]
    return next((p for p, block in enumerate(blocks) if block.inside(".news-detail")), None)


def _detail(blocks: tuple[Block, ...], start: int) -> tuple[Block, ...]:
    """Leave out what stands behind the article, where the template's class tells."""
    inner = [place for place, block in enumerate(blocks) if block.inside(".news-detail")]
    return blocks[start : inner[-1] + 1] if inner and inner[-1] > start else blocks[start:]


def _strip(blocks: tuple[Block, ...]) -> tuple[tuple[_Item, ...], tuple[Block, ...]]:
    """Read the strip by its rhythm: a day alone or before its preview, four or five times.

    What follows the last preview without a day of its own is the article. A single day is no
    strip: it is the article's date, and the line before it its title.
    """
    first = next((p for p, block in enumerate(blocks) if _opens(block)), None)
    if first is None:
        return (), blocks
    items: list[_Item] = []
    place = first
    while place < len(blocks) and _opens(blocks[place]):
        item, place = _item(blocks, place)
        if item.preview:
            items.append(item)
    if len(items) == 1 and (first > 0 or _is_title(items[0].preview[0])):
        return (), blocks[max(first - 1, 0) :]
    behind = _behind(blocks[place:]) if items else 0
    if behind:
        last = items.pop()
        items.append(_Item(last.day, (*last.preview, *blocks[place : place + behind])))
    return tuple(items), blocks[place + behind :]


def _behind(rest: tuple[Block, ...]) -> int:
    """Count whole sentences behind the strip that are still its last preview's.

    They are if the article's title follows them, and is known for one by its day or its repeat.
    """
    count = 0
    while count + 1 < len(rest) and count < _LONGEST_PREVIEW and not _is_title(rest[count]):
        count += 1
    if not count or count + 1 >= len(rest) or not _is_title(rest[count]):
        return 0
    title, after = rest[count].text, rest[count + 1].text
    dated = _DAY_LAST.fullmatch(after)
    is_headed = _DAY.fullmatch(after) or _same(after, title) or (dated and _same(dated[1], title))
    return count if is_headed else 0


def _opens(block: Block) -> bool:
    return bool(_DAY.fullmatch(block.text) or _DAY_FIRST.fullmatch(block.text))


def _item(blocks: tuple[Block, ...], place: int) -> tuple[_Item, int]:
    """Read one item of the strip; return it and the place behind it."""
    together = _DAY_FIRST.fullmatch(blocks[place].text)
    preview: list[Block] = []
    if together:
        preview.append(Block(together[2], blocks[place].scope, blocks[place].links))
    day = together[1] if together else blocks[place].text
    place += 1
    if not together and place < len(blocks) and not _opens(blocks[place]):
        preview.append(blocks[place])
        place += 1
    # A preview of two paragraphs: a whole sentence that the next item's day follows.
    while place + 1 < len(blocks) and _DAY.fullmatch(blocks[place + 1].text):
        if _opens(blocks[place]) or _is_title(blocks[place]):
            break
        preview.append(blocks[place])
        place += 1
    return _Item(day, tuple(preview)), place


def _is_title(block: Block) -> bool:
    return len(block.text) <= _LONGEST_TITLE and not _SENTENCE.fullmatch(block.text)


def _article(blocks: tuple[Block, ...], zone: str, card: Card | None, seen: datetime) -> Found:
    title, day, body = _head(blocks)
    files = [found[1] for block in body if (found := _DOWNLOAD.fullmatch(block.text))]
    body = tuple(block for block in body if not _DOWNLOAD.fullmatch(block.text))
    # A full date in the first paragraph tells of the event, not of the publication.
    dateline = dates.choose(
        dates.printed(day, zone) if day else None, card.dateline if card else None, seen=seen
    )
    return Found(
        title=title,
        paragraphs=extract.paragraphs(body),
        dateline=dateline,
        attachments=tuple(files),
    )


def _head(blocks: tuple[Block, ...]) -> tuple[str, str, tuple[Block, ...]]:
    """Return title, day ('' if none is printed) and the blocks of the body."""
    title = day = ""
    for place, block in enumerate(blocks):
        text = block.text
        behind = _DAY_LAST.fullmatch(text)
        if _DAY.fullmatch(text) and not day:
            day = text
        elif behind and not day and (not title or _same(behind[1], title)):
            title, day = title or behind[1], behind[2]
        elif not title and (_is_title(block) or block.inside("h1")):
            title = text
        elif not _same(text, title):
            return title, day, blocks[place:]
    return title, day, ()


def _same(text: str, title: str) -> bool:
    """Tell whether two lines are one title, whatever the quotation marks."""
    return re.sub(r"\W+", "", text).casefold() == re.sub(r"\W+", "", title).casefold()


def _listed(spot: cards.Spot, zone: str, seen: datetime) -> Card:
    printed = next((found[0] for b in spot.blocks if (found := _DAY.search(b.text))), "")
    title = spot.headline if len(spot.headline) <= _LONGEST_TITLE else ""
    words = [block.text.removeprefix(printed).strip() for block in spot.blocks]
    summary = " ".join(word for word in words if word and not _same(word, title))
    return Card(
        url=spot.url,
        title="" if _SENTENCE.fullmatch(title) and not summary else title,
        summary=summary or title,
        dateline=_day(printed, zone, Basis.LISTING, seen),
    )


def _next_page(page: Page, fetch: Fetch) -> tuple[Fetch, ...]:
    current = int(found[1]) if (found := _PAGER.search(fetch.url)) else 1
    wanted = f"PAGEN_1={current + 1}"
    for link in page.tree.iter("a"):
        href = link.get("href") or ""
        if re.search(rf"[?&]{wanted}(?!\d)", href):
            bare = re.sub(r"[?&]PAGEN_1=\d+", "", fetch.url)
            joint = "&" if "?" in bare else "?"
            return (Fetch(url=f"{bare}{joint}{wanted}", follows=fetch.follows + 1),)
    return ()


SITE = Secretariat()
