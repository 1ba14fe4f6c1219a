"""TASS: tass.com (English), tass.ru (Russian). Pure.

Section pages are drawn by a script, so lists come from the feed, the sitemaps and the JSON that
the script asks for. Articles open with `CITY, Month D. /TASS/.`, which names no year; the article's
number does, because numbers grow over the whole site. Times are Moscow's.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from db.model import Basis, Dateline
from db.words import clean_line
from spiders import agency, dates, extract
from spiders.extract import Found
from spiders.feed import read_feed
from spiders.parsing import absolute
from spiders.site import Card, Fetch, Listing, Reading
from spiders.sitemap import read_sitemap

if TYPE_CHECKING:
    from db.visiting import Source
    from spiders.blocks import Block, Page

_HOSTS = frozenset(("tass.com", "www.tass.com", "tass.ru", "www.tass.ru"))
_ARTICLE = re.compile(r"/([a-z][\w-]*)/(\d{4,9})(?:/amp)?/?$")
_NAMES = re.compile(r"\b(?:ITAR-)?TASS\b|ТАСС")
_FEED = "/rss/v2.xml"
_ASK = "/userApi/categoryNewsList"
_PAGE_SIZE = 20
_SECTION_IDS = {
    "politics": 4954, "world": 4844, "economy": 4845, "defense": 4953, "science": 4957,
    "emergencies": 4992, "society": 4956, "pressreview": 4981, "sports": 4869,
}  # fmt: skip
_SECTION_ID = re.compile(r"\bsectionId\s*=\s*(\d+)")
# Numbers of articles whose day is known; between two of them a number settles the year.
_NUMBERED = (
    (794713, date(2015, 5, 14)), (1031561, date(2018, 11, 19)), (1116119, date(2020, 2, 4)),
    (1337843, date(2021, 9, 15)), (1388499, date(2022, 1, 14)), (1751287, date(2024, 2, 25)),
    (1894093, date(2024, 12, 26)), (1994599, date(2025, 7, 26)), (2019909, date(2025, 9, 23)),
    (2058773, date(2025, 12, 15)), (2085703, date(2026, 2, 12)),
)  # fmt: skip
_SUFFIX = re.compile(r"\s+[-–—]\s+(?:[^-–—]+\s+[-–—]\s+)?(?:TASS|ТАСС)$")
_CAPTION = re.compile(r"©.{0,200}")
_END = re.compile(
    r"(?:- )?(?:Related (?:stories|news|articles)|Tags|In other media|Теги)\s*:?", re.IGNORECASE
)
# A card inserted between paragraphs: its label, and on the same line perhaps another story's title.
_INSERTED = re.compile(
    r"(?:- )?(?:Read also|Read more|Читайте также)\b\s*:?\s*(?P<title>.*)", re.IGNORECASE
)
# Tag names run together: "RussiaCSTO", "Foreign policyTajikistan".
_GLUED = re.compile(r"[a-zа-яё)][A-ZА-ЯЁ][a-zа-яё]|[a-zа-яё][A-ZА-ЯЁ]{2,}")
_SENTENCE = re.compile(r""".*[.!?…:;]["'”’»)]*$""")
_SHORTEST_TAIL = 3
_TITLE_WORDS = 4
_LONGEST_LEAD = 400


class Tass:
    """The rules of TASS's feed, sitemaps, JSON lists and pages."""

    kind = "tass"
    hosts = _HOSTS
    has_pages = True
    zone = "Europe/Moscow"
    language = "en"
    sections: tuple[str, ...] = (
        "https://tass.com/rss/v2.xml",
        "https://tass.com/politics",
        "https://tass.com/world",
    )

    def canonical(self, url: str) -> str:
        """Return the address without tracking and without the `/amp` of a page's twin."""
        tidy = extract.tidy_url(url, hosts=_HOSTS)
        return re.sub(r"(/\d+)(?:/amp)?/?$", r"\1", tidy) if self.is_article(tidy) else tidy

    def is_article(self, url: str) -> bool:
        """Tell an article's address: a section and a number."""
        return bool(_ARTICLE.search(extract.parts_of(url).path))

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return feeds and sitemaps as configured, and the JSON request of each section page."""
        found = []
        for url in source.urls:
            path = urlsplit(url).path.lower()
            known = _SECTION_IDS.get(path.strip("/"))
            list_of_all = Fetch(url=url, covers=path == _FEED)
            found.append(_ask(url, known, int(now.timestamp())) if known else list_of_all)
        return tuple(sorted(found, key=lambda fetch: fetch.method != "GET"))

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read whichever list came: JSON, feed, sitemap, or a section page naming its number."""
        if fetch.method == "POST" or page.media == "json":
            return self._read_answer(page, fetch, seen)
        if page.media == "html":
            number = _SECTION_ID.search(page.body)
            ask = _ask(fetch.url, int(number[1]), int(seen.timestamp())) if number else None
            return Listing(more=(ask,) if ask else ())
        if re.search(r"<urlset[\s>]", page.body):
            return read_sitemap(page, self, source, seen)
        return Listing(cards=read_feed(page, self, source, seen))

    def read(self, page: Page, source: Source, card: Card | None, seen: datetime) -> Reading:
        """Read an article's page, or a text copied from one.

        Raises ExtractError if no text is found.
        """
        url = self.canonical(page.url) if page.url else None
        found = _article(page, source, card, seen)
        return Reading(article=extract.from_page(found, source, card, url))

    def _read_answer(self, page: Page, fetch: Fetch, seen: datetime) -> Listing:
        try:
            answer = json.loads(page.body)
            rows = [row for row in answer["newsList"] if isinstance(row, dict)]
        except (ValueError, KeyError, TypeError, RecursionError):
            return Listing()
        found = tuple(self._answered(row, page.url or fetch.url, seen) for row in rows)
        asked = json.loads(fetch.body) if fetch.body else {}
        before = answer.get("lastTime")
        if not asked or not rows or not isinstance(before, int) or before >= asked["timestamp"]:
            return Listing(cards=found)
        body = json.dumps(asked | {"timestamp": before})
        more = Fetch(
            url=fetch.url,
            method="POST",
            body=body,
            headers=fetch.headers,
            follows=fetch.follows + 1,
        )
        return Listing(cards=found, more=(more,))

    def _answered(self, row: dict[str, Any], base: str, seen: datetime) -> Card:
        link = row.get("link")
        url = self.canonical(absolute(base, link)) if isinstance(link, str) and link else None
        moment = str(row.get("date") or "")
        return Card(
            url=url,
            title=clean_line(str(row.get("title") or "")),
            summary=clean_line(str(row.get("lead") or "")),
            section=_section(url),
            dateline=dates.choose(dates.stated(moment, "UTC", Basis.API), seen=seen),
        )


def _ask(section: str, number: int, timestamp: int) -> Fetch:
    body = {
        "sectionId": number, "limit": _PAGE_SIZE, "type": "all", "excludeNewsIds": "",
        "imageSize": 434, "timestamp": timestamp,
    }  # fmt: skip
    headers = (("Content-Type", "application/json"), ("Referer", section))
    url = urljoin(section, _ASK)
    return Fetch(url=url, method="POST", body=json.dumps(body), headers=headers, of=section)


def _article(page: Page, source: Source, card: Card | None, seen: datetime) -> Found:
    news = next((o for o in page.structured if "NewsArticle" in str(o.get("@type"))), {})
    above, body = _body(page)
    lead = next((found for b in body if (found := agency.lead(b.text, _NAMES))), None)
    title = (
        clean_line(str(news.get("headline") or "")) or _page_title(page) or (above[:1] or ("",))[0]
    )
    return Found(
        title=title,
        summary=(page.line(".news-header__lead") if page.media == "html" else "")
        or "".join(above[1:2]),
        paragraphs=extract.paragraphs(body),
        dateline=dates.choose(
            dates.stated(str(news.get("datePublished") or ""), source.timezone, Basis.STRUCTURED),
            card.dateline if card else None,
            _clock(page, source.timezone),
            _stamp(page, source.timezone),
            lead.dateline(source.timezone, seen, _year(page.url, lead.date)) if lead else None,
            seen=seen,
            place=lead.place if lead else None,
        ),
        section=_section(page.url),
        authors=(lead.correspondent,) if lead and lead.correspondent else (),
        lead=lead.words if lead else "",
        language=page.language,
    )


def _page_title(page: Page) -> str:
    """Return a page's title from its header or its `og:title`, without section and agency."""
    if page.media != "html":
        return ""
    return page.line(".news-header__title") or _SUFFIX.sub("", page.metas.get("og:title", ""))


def _clock(page: Page, zone: str) -> Dateline | None:
    """Read the Unix seconds of the older page's `<dateformat time=…>`."""
    for node in page.select(".news-header__date-date dateformat") if page.media == "html" else ():
        return dates.stated(node.get("time") or "", zone, Basis.TIME_ELEMENT)
    return None


def _stamp(page: Page, zone: str) -> Dateline | None:
    """Read a full date that stands alone in a line above the text."""
    for block in page.blocks:
        if agency.lead(block.text, _NAMES):
            return None
        if found := dates.printed(block.text, zone, alone=True):
            return found
    return None


def _section(url: str | None) -> str | None:
    found = _ARTICLE.search(extract.parts_of(url).path) if url else None
    return found[1].capitalize() if found else None


def _year(url: str | None, day: str) -> int | None:
    """Return the year in which an article of this number can have borne this day."""
    found = _ARTICLE.search(extract.parts_of(url).path) if url else None
    number = int(found[2]) if found else 0
    place = bisect_left([known for known, _ in _NUMBERED], number)
    if not 0 < place < len(_NUMBERED):
        return None
    (low, earlier), (high, later) = _NUMBERED[place - 1], _NUMBERED[place]
    share = (number - low) / (high - low)
    middle = date.fromordinal(round(earlier.toordinal() + share * (later - earlier).days))
    return min(
        (middle.year - 1, middle.year, middle.year + 1),
        key=lambda year: _distance(day, year, middle),
    )


def _distance(day: str, year: int, middle: date) -> int:
    end = datetime(year, 12, 31, 23, tzinfo=UTC)
    found = dates.yearless(day, "UTC", Basis.LEAD, seen=end, year=year)
    return abs((found.when.date() - middle).days) if found and found.when else 10**6


def _body(page: Page) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """Return the lines above the text, title first, and the blocks of the text."""
    if page.media == "html":
        inner = tuple(b for b in page.blocks if b.inside(".text-content") and not _is_beside(b))
        if inner:
            return (), _without_cards(inner)
    blocks = _without_cards(page.blocks)
    start = next((p for p, b in enumerate(blocks) if agency.lead(b.text, _NAMES)), None)
    if start is None:
        # Galleries and "IN BRIEF" pages have no opening line: the first line is the title.
        start = 1 if len(blocks) > 1 and not _SENTENCE.fullmatch(blocks[0].text) else 0
    above = tuple(b.text for b in blocks[:start] if not _CAPTION.fullmatch(b.text))
    # Menu words and bylines are short; a title or a lead has more to say.
    told = tuple(
        t
        for t in above
        if len(t.split()) >= _TITLE_WORDS and not dates.printed(t, "UTC", alone=True)
    )
    return told or above[-1:], _without_tail(blocks[start:])


def _is_beside(block: Block) -> bool:
    return block.inside(".tags") or bool(_CAPTION.fullmatch(block.text))


def _without_cards(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Leave out inserted cards: the label, and the title of the other story on it or behind it."""
    kept: list[Block] = []
    is_title_next = False
    for block in blocks:
        label = _INSERTED.fullmatch(block.text)
        if label and not _SENTENCE.fullmatch(label["title"]):
            is_title_next = not label["title"]
        else:
            if not is_title_next or _SENTENCE.fullmatch(block.text):
                kept.append(block)
            is_title_next = False
    return tuple(kept)


def _without_tail(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Cut what follows the text: tags run together, then other stories by title and lead."""
    for place, block in enumerate(blocks):
        ends = _END.fullmatch(block.text) or (
            place and _GLUED.search(block.text) and not _SENTENCE.fullmatch(block.text)
        )
        if ends:
            return blocks[:place]
    return blocks[: len(blocks) - _stories(blocks)]


def _stories(blocks: tuple[Block, ...]) -> int:
    """Count the blocks at the end that are other stories: title and one-paragraph lead in turn.

    Headings inside a text are short or have several paragraphs; three pairs of a whole title and
    a short lead in strict turn at the very end are a list.
    """
    count = 0
    while count + 2 < len(blocks):
        title, story = blocks[-count - 2], blocks[-count - 1]
        if _SENTENCE.fullmatch(title.text) or not _SENTENCE.fullmatch(story.text):
            break
        if len(story.text) > _LONGEST_LEAD or len(title.text.split()) < _TITLE_WORDS:
            break
        count += 2
    return count if count >= 2 * _SHORTEST_TAIL else 0


SITE = Tass()
