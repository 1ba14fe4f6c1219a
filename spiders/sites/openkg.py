"""open.kg and its sister sites (gazeta.kg, mts.kg): DataLife Engine. Pure.

An article's page prints no date, and the many dates in its text are not its own: it is dated by
the card that led there. The text stands between two equal lines of sharing buttons. Cards print
Bishkek time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from db.model import Basis, Dateline
from spiders import cards, dates, extract
from spiders.extract import Found
from spiders.site import Card, Fetch, Listing, Reading

if TYPE_CHECKING:
    from datetime import datetime

    from db.visiting import Source
    from spiders.blocks import Block, Page

_HOSTS = frozenset(
    f"{www}{name}" for name in ("open.kg", "gazeta.kg", "mts.kg") for www in ("", "www.")
)
_ARTICLE = re.compile(r"/(\d+)-[^/]+\.html$")
_VARIANT = re.compile(r"/(?:print:page|page,\d+)(?:,\d+)*,")
_SHARE = re.compile(
    r"(?:- )?VK(?:\s+(?:X|OK|WhatsApp|Telegram|Facebook|Viber|Twitter))+", re.IGNORECASE
)
_END = re.compile(
    r"(?:- )?(?:Read also:?|Write a comment:?|Читайте также:?|Оставить комментарий:?"
    r"|Написать комментарий:?)",
    re.IGNORECASE,
)
_STAMP = re.compile(r"\d\d\.\d\d\.\d{4},?\s+\d{1,2}:\d\d")
# "Арестова Татьяна Politics": who wrote it, in Cyrillic, then the category.
_BYLINE = re.compile(
    r"(?P<author>[А-ЯЁ][\w-]+(?:\s+[А-ЯЁ][\w.-]+){1,2})\s+(?P<section>[A-Z].{2,40})"
)
_BYLINE_RU = re.compile(r"(?P<author>[А-ЯЁ][\w-]+\s+[А-ЯЁ][\w.-]+)\s+(?P<section>[А-ЯЁ].{2,40})")
_CATEGORY = re.compile(r"[^\W\d_][^\d/.!?]{2,40}(?:\s*/\s*[^\W\d_][^\d/.!?]{2,40})?")
_CATEGORY_WORDS = 2
_LITERAL = "{title}"
_PAGE = re.compile(r"/page/(\d+)/?$")


class OpenKg:
    """The rules of the DataLife Engine sites."""

    kind = "openkg"
    hosts = _HOSTS
    has_pages = True
    zone = "Asia/Bishkek"
    language = "en"
    sections: tuple[str, ...] = ("https://open.kg/en/news/",)

    def canonical(self, url: str) -> str:
        """Return the address of the article itself, not of its print or page variants."""
        return _VARIANT.sub("/", extract.tidy_url(url, hosts=_HOSTS))

    def is_article(self, url: str) -> bool:
        """Tell an article's address: a number, a slug and `.html`; print variants are none."""
        path = extract.parts_of(url).path
        return bool(_ARTICLE.search(path)) and not _VARIANT.search(path)

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return the sections as configured."""
        return tuple(Fetch(url=url) for url in source.urls)

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read a list of cards; page numbers count up behind `/page/`."""
        found = tuple(_card(spot, source.timezone, seen) for spot in cards.spots(page, self))
        return Listing(cards=found, more=_more(page, fetch))

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Read an article's page, or a text copied from one.

        Raises ExtractError if no text is found.
        """
        url = self.canonical(page.url) if page.url else None
        found = _article(page, source.timezone, card, seen)
        return Reading(article=extract.from_page(found, source, card, url))


def _card(spot: cards.Spot, zone: str, seen: datetime) -> Card:
    texts = [b.text for b in spot.blocks if _LITERAL not in b.text]
    stamp = next((found[0] for text in texts if (found := _STAMP.search(text))), "")
    title = spot.headline if _LITERAL not in spot.headline else ""
    # Beside a picture the title stands twice, sometimes in one line.
    bare = (text.replace(title, "").strip() if title else text for text in texts)
    rest = [text for text in bare if text and not text.isdigit() and not _STAMP.fullmatch(text)]
    category = next((t for t in rest if "/" in t or len(t.split()) <= _CATEGORY_WORDS), "")
    section = category.split("/")[0].strip() if _CATEGORY.fullmatch(category) else ""
    return Card(
        url=spot.url,
        title=title,
        summary=" ".join(text for text in rest if text != category),
        section=section or None,
        dateline=dates.choose(dates.printed(stamp, zone, Basis.LISTING), seen=seen),
    )


def _more(page: Page, fetch: Fetch) -> tuple[Fetch, ...]:
    found = _PAGE.search(urlsplit(fetch.url).path)
    number = int(found[1]) + 1 if found else 2
    base = _PAGE.sub("/", fetch.url)
    url = urljoin(f"{base.rstrip('/')}/", f"page/{number}/")
    wanted = urlsplit(url).path.rstrip("/")
    for link in page.tree.iter("a"):
        if (link.get("href") or "").split("?")[0].rstrip("/").endswith(wanted):
            return (Fetch(url=url, follows=fetch.follows + 1),)
    return ()


def _article(page: Page, zone: str, card: Card | None, seen: datetime) -> Found:
    blocks = tuple(b for b in page.blocks if _LITERAL not in b.text)
    share = extract.place_of(blocks, _SHARE)
    title, author, section, start = _head(blocks, share, card)
    body = extract.until(extract.until(blocks[start:], _SHARE), _END)
    return Found(
        title=title,
        paragraphs=extract.paragraphs(body),
        dateline=dates.choose(
            card.dateline if card else None,
            _structured(page, zone),
            dates.stated(page.metas.get("article:published_time", ""), zone, Basis.META),
            seen=seen,
        ),
        section=section,
        authors=(author,) if author else (),
        language=page.language,
    )


def _structured(page: Page, zone: str) -> Dateline | None:
    raw = next((o["datePublished"] for o in page.structured if o.get("datePublished")), "")
    return dates.stated(str(raw), zone, Basis.STRUCTURED)


def _head(
    blocks: tuple[Block, ...], share: int | None, card: Card | None
) -> tuple[str, str, str | None, int]:
    """Return title, author, section and the place where the text begins.

    Above the sharing buttons stand the title and a line of author and category; either part of
    that line may be missing.
    """
    heading = next((p for p, b in enumerate(blocks) if b.inside("h1")), None)
    if share is None:
        place = heading if heading is not None else 0
        return (blocks[place].text if blocks else ""), "", None, place + 1
    lines = [b.text for b in blocks[:share]]
    author, section = _byline(lines[-1]) if len(lines) > 1 else ("", None)
    if heading is not None and heading < share:
        return lines[heading], author, section, share + 1
    above = lines[:-1] if author or section else lines
    return (above[-1] if above else card.title if card else ""), author, section, share + 1


def _byline(line: str) -> tuple[str, str | None]:
    found = _BYLINE.fullmatch(line) or _BYLINE_RU.fullmatch(line)
    if found:
        return found["author"], found["section"]
    return (
        ("", line)
        if len(line.split()) <= _CATEGORY_WORDS and _CATEGORY.fullmatch(line)
        else ("", None)
    )


SITE = OpenKg()
