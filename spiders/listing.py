"""Discovering items on a section page: by selectors, or by the links that repeat. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db.model import Basis
from db.words import clean_line
from spiders import dates
from spiders.anysite import AnySite
from spiders.blocks import html_blocks, words_of
from spiders.day_order import is_day_first
from spiders.extract import is_http, tidy_url
from spiders.filed import is_file, name_of
from spiders.lines import is_sentence
from spiders.parsing import absolute
from spiders.repeated import headlines
from spiders.selectors import find
from spiders.site import Card, Fetch, Listing
from spiders.teasers import teaser

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import etree

    from db.model import Dateline
    from db.visiting import Selectors, Source
    from spiders.blocks import Page
    from spiders.cards import Spot

_BESIDE = 40  # characters that may stand beside a date on its own line: an author, a section
_LINE = 160  # characters of a line with date, author and section
_WORD = re.compile(r"[^\W\d_]+")
_ENDED = re.compile(r"[.!?…][\])\"”»]*\s*$")
# A date behind such a word is part of a sentence: "opened on 3 May 2026".
_IN_SENTENCE = re.compile(
    r"(?<!\w)(?:on|of|from|since|until|till|by|before|after|in|to|с|со|от|до|к|по|на|в|во|за|после|з|ад|да)"
    r"\s*$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"publish|posted|added|опублик|добавл|размещ|апублік", re.IGNORECASE)
# How a list says that there is nothing in it; one that says nothing may have lost its layout.
_EMPTY = re.compile(
    r"(?:There (?:are|is) )?no (?:news|items|results|articles|posts|entries|publications)"
    r"(?: (?:found|yet|available|to show|here|today|at the moment))?[.!]?"
    r"|Nothing (?:found|here yet|to show)[.!]?"
    r"|(?:Ничего|Новостей|Материалов|Записей|Публикаций) (?:пока )?(?:не найдено|нет)[.!]?"
    r"|Нет (?:новостей|материалов|записей|публикаций)[.!]?|Список пуст[.!]?",
    re.IGNORECASE,
)
_NEXT_WORDS = re.compile(
    r"\W*(?:(?:next|older|след(?:ующ(?:ая|ие)|\.)?|наступн(?:а|ая)|nächste|suivante?s?|siguientes?"
    r"|próxim[oa]s?|volgende)(?:\s+(?:page|posts?|entries|news|articles|stories|results|страница"
    r"|записи|новости|seite))?"
    r"|more|дал(?:ее|ьше|ей)|ещ[её]|впер[её]д|weiter|下一[页頁]|次の?ページ|次へ|»|›|→)\W*",
    re.IGNORECASE,
)
_NEXT_LONGEST = 60  # characters of such words, with the marks around them
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Told:
    """How the dates of a list are read; one order of day and month holds for all its cards."""

    zone: str
    seen: datetime
    language: str | None
    day_first: bool

    def printed(self, line: str) -> Dateline | None:
        """Read a date that is printed with its year."""
        return dates.printed(
            line, self.zone, Basis.LISTING, day_first=self.day_first, language=self.language
        )

    def from_now(self, line: str) -> Dateline | None:
        """Read a date that is told from the moment of reading."""
        return dates.relative(line, self.zone, self.seen, Basis.LISTING, bare=True)

    def yearless(self, line: str) -> Dateline | None:
        """Read a line that is nothing but a day without its year."""
        return dates.yearless_alone(line, self.zone, Basis.LISTING, seen=self.seen)


class SectionPage(AnySite):
    """Any page that lists articles."""

    kind = "listing"

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read the cards, by the source's selectors if it has some; a next page follows."""
        told = _Told(source.timezone, seen, page.language, is_day_first(page))
        if source.selectors:
            found = tuple(self._selected(page, source.selectors, told))
        else:
            found = headlines(page, self, lambda spot, title: _card(spot, title, told))
        if not found:
            return Listing(found=any(_EMPTY.fullmatch(block.text) for block in page.blocks))
        return Listing(cards=found, more=_more(page, fetch, found), found=True)

    def _selected(self, page: Page, select: Selectors, told: _Told) -> list[Card]:
        found = []
        for node in find(page.tree, select.card):
            links = find(node, select.link) if select.link else [node, *node.iter("a")]
            href = next((link.get("href") for link in links if link.get("href")), None)
            url = self.canonical(absolute(page.url, href)) if href else None
            headline = max((words_of(link) for link in node.iter("a")), key=len, default="")
            title = _words(node, select.title) if select.title else headline
            lines = [block.text for block in html_blocks(node, page.url)]
            when = (
                _printed(_times(node), [_words(node, select.date)], told)
                if select.date
                else _dated(_times(node), lines, title, told)
            )
            leads_to_file = url is not None and is_file(url)
            found.append(
                Card(
                    url=url,
                    title=title or (name_of(url) if url and leads_to_file else ""),
                    summary=_words(node, select.summary) if select.summary else "",
                    dateline=when,
                    is_file=leads_to_file,
                )
            )
        return found


def _more(page: Page, fetch: Fetch, found: tuple[Card, ...]) -> tuple[Fetch, ...]:
    """Find the next page of the list: stated, named so, or numbered, and no card's own link."""
    here = urlsplit(fetch.url)
    items = {card.url for card in found}
    stated = (n for n in page.tree.iter("a", "link") if "next" in (n.get("rel") or "").split())
    worded = (n for n in page.tree.iter("a") if _is_next(_words_on(n)))
    number = str(fetch.follows + 2)
    numbered = (
        n
        for n in page.tree.iter("a")
        if n.text == number and number in _DIGITS.findall(n.get("href") or "")
    )
    for node in chain(stated, worded, numbered):
        url = absolute(page.url, node.get("href") or "").split("#")[0]
        is_here = is_http(url) and urlsplit(url).hostname == here.hostname
        if is_here and url != fetch.url and tidy_url(url) not in items:
            return (Fetch(url=url, follows=fetch.follows + 1),)
    return ()


def _is_next(words: str) -> bool:
    return len(words) <= _NEXT_LONGEST and _NEXT_WORDS.fullmatch(words) is not None


def _words_on(link: etree._Element) -> str:
    return words_of(link) or link.get("aria-label") or link.get("title") or ""


def _card(spot: Spot, title: str, told: _Told) -> Card:
    times = [raw for block in spot.blocks for raw in block.times]
    lines = [b.text for b in spot.blocks if b.text != title]
    return Card(
        url=spot.url,
        title=title,
        summary=teaser(spot.blocks, title, lambda line: _is_dated(line, told)),
        dateline=_dated(times, lines, title, told),
        is_file=is_file(spot.url),
    )


def _dated(times: list[str], lines: list[str], title: str, told: _Told) -> Dateline:
    """Return the date a card states, or prints on a line of its own, beside the title at most."""
    beside = [line.replace(title, " ", 1) if title else line for line in lines]
    return _printed(times, beside, told, own=True)


def _printed(times: list[str], lines: list[str], told: _Told, *, own: bool = False) -> Dateline:
    """Return the date that is stated, or else printed; the shortest line with one is its own.

    `own` wants lines that are there for their dates.
    """
    short = sorted(lines, key=len)
    printed = [(line, told.printed(line)) for line in short]
    undated = (line for line, found in printed if found is None)
    from_now = [(line, told.from_now(line)) for line in undated]
    return dates.choose(
        *(dates.stated(raw, told.zone, Basis.LISTING) or told.printed(raw) for raw in times),
        *(
            found
            for line, found in (*printed, *from_now)
            if found and (not own or _is_own(line, found))
        ),
        *map(told.yearless, short),
        seen=told.seen,
    )


def _is_dated(line: str, told: _Told) -> bool:
    """Tell the line of a card that says when, and who wrote, from a sentence with a day in it."""
    if len(line) > _LINE:
        return False
    found = told.printed(line) or told.from_now(line)
    if found is None:
        return False
    before, _, behind = line.partition(found.raw or "")
    # A weekday may stand before it; what is told behind it is a sentence, ended or not.
    is_first = len(_WORD.findall(before)) <= 1 or _PUBLISHED.search(before) is not None
    is_first = is_first and not is_sentence(behind)
    if _ENDED.search(behind):
        return is_first and not _WORD.search(behind)
    return is_first or _is_own(line, found)


def _is_own(line: str, found: Dateline) -> bool:
    """Tell whether a line is there for its date, and not a sentence that tells of one."""
    before, _, behind = line.partition(found.raw or "")
    in_sentence = _IN_SENTENCE.search(before) and not _PUBLISHED.search(before)
    return not in_sentence and len(clean_line(before)) + len(clean_line(behind)) <= _BESIDE


def _words(node: etree._Element, selector: str) -> str:
    return next((words for one in find(node, selector) if (words := clean_line(words_of(one)))), "")


def _times(node: etree._Element) -> list[str]:
    return [raw for time in node.iter("time") if (raw := time.get("datetime"))]


SITE = SectionPage()
