"""Discovering items on a section page: by selectors, or by the links that repeat. Pure.

Without selectors the cards are found by themselves: on a list, the same kind of link stands again
and again at the same depth of the same elements, its words are those of a headline, and often a
date stands beside it. Menus repeat too, but say little.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db.model import Basis
from db.words import clean_line
from spiders import cards, dates
from spiders.anysite import AnySite
from spiders.blocks import absolute, html_blocks, words_of
from spiders.extract import is_http, tidy_url
from spiders.marks import elsewhere
from spiders.selectors import find
from spiders.site import Card, Fetch, Listing

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import etree

    from db.model import Dateline
    from db.visiting import Selectors, Source
    from spiders.blocks import Page

_FEWEST = 3
_HEADLINE = 20
_ENOUGH = 80
_BESIDE = 40  # characters that may stand beside a date on its own line: an author, a section
# A date behind such a word is part of a sentence: "opened on 3 May 2026".
_IN_SENTENCE = re.compile(
    r"(?<!\w)(?:on|of|from|since|until|till|by|before|after|in|to|с|со|от|до|к|по|на|в|во|за|после|з|ад|да)"
    r"\s*$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"publish|posted|added|опублик|добавл|размещ|апублік", re.IGNORECASE)
_OUTSIDE = frozenset(("nav", "footer", "aside", "menu", "form"))
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
    r"(?:next|older|more|следующая|дал(?:ее|ьше)|далей|ещё|»|›|→)\W*", re.IGNORECASE
)


class SectionPage(AnySite):
    """Any page that lists articles."""

    kind = "listing"

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read the cards, by the source's selectors if it has some; a next page follows."""
        zone = source.timezone
        if source.selectors:
            found = tuple(self._selected(page, source.selectors, zone, seen))
        else:
            spots = cards.around(page, self.repeated(page))
            found = tuple(_card(spot, zone, seen) for spot in spots)
        if not found:
            return Listing(found=any(_EMPTY.fullmatch(block.text) for block in page.blocks))
        return Listing(cards=found, more=_more(page, fetch, found), found=True)

    def repeated(self, page: Page) -> list[tuple[etree._Element, str]]:
        """Return the links of the list: the group of like links that says most."""
        groups: defaultdict[tuple[object, ...], list[tuple[etree._Element, str]]]
        groups = defaultdict(list)
        for node, url in cards.article_links(page, self):
            if not _OUTSIDE.isdisjoint(holder.tag for holder in node.iterancestors()):
                continue
            groups[_shape(node)].append((node, url))
        best = max(groups.values(), key=_weight, default=[])
        if _weight(best) == 0:
            return []
        chosen = {url for _, url in best}
        # A picture or a "more" link to the same article belongs to its card.
        return [(n, u) for n, u in cards.article_links(page, self) if u in chosen]

    def _selected(self, page: Page, select: Selectors, zone: str, seen: datetime) -> list[Card]:
        found = []
        for node in find(page.tree, select.card):
            links = find(node, select.link) if select.link else [node, *node.iter("a")]
            href = next((link.get("href") for link in links if link.get("href")), None)
            url = self.canonical(absolute(page.url, href)) if href else None
            headline = max((words_of(link) for link in node.iter("a")), key=len, default="")
            title = _words(node, select.title) if select.title else headline
            lines = [block.text for block in html_blocks(node, page.url)]
            when = (
                _printed(_times(node), [_words(node, select.date)], zone, seen)
                if select.date
                else _dated(_times(node), lines, title, zone, seen)
            )
            found.append(
                Card(
                    url=url,
                    title=title,
                    summary=_words(node, select.summary) if select.summary else "",
                    dateline=when,
                )
            )
        return found


def _more(page: Page, fetch: Fetch, found: tuple[Card, ...]) -> tuple[Fetch, ...]:
    """Find the next page of the list: stated as such, or named so and no card's own link."""
    here = urlsplit(fetch.url)
    items = {card.url for card in found}
    stated = [n for n in page.tree.iter("a", "link") if "next" in (n.get("rel") or "").split()]
    worded = [n for n in page.tree.iter("a") if _NEXT_WORDS.fullmatch(words_of(n) or "-")]
    for node in (*stated, *worded):
        url = absolute(page.url, node.get("href") or "").split("#")[0]
        is_here = is_http(url) and urlsplit(url).hostname == here.hostname
        if is_here and url != fetch.url and tidy_url(url) not in items:
            return (Fetch(url=url, follows=fetch.follows + 1),)
    return ()


def _shape(node: etree._Element) -> tuple[object, ...]:
    """Return what links of one list have in common: the elements around, nearest first."""
    around = [(h.tag, h.get("class") or "") for h in node.iterancestors()][:4]
    return (node.tag, node.get("class") or "", len(list(node.iterancestors())), *around)


def _weight(links: list[tuple[etree._Element, str]]) -> float:
    """Weigh a group of links: how many headlines it holds, and how much they say."""
    said: dict[str, int] = {}
    for node, url in links:
        said[url] = max(said.get(url, 0), len(words_of(node)))
    headlines = [min(length, _ENOUGH) for length in said.values() if length >= _HEADLINE]
    if len(headlines) < _FEWEST or 2 * len(headlines) < len(said):
        return 0
    return sum(headlines)


def _card(spot: cards.Spot, zone: str, seen: datetime) -> Card:
    title = spot.headline
    times = [raw for block in spot.blocks for raw in block.times]
    lines = [b.text for b in spot.blocks if b.text != title]
    outside = elsewhere(spot.blocks)
    rest = [
        b.text
        for b, out in zip(spot.blocks, outside, strict=True)
        if title not in b.text and len(b.text) >= _HEADLINE and not out
    ]
    return Card(
        url=spot.url,
        title=title,
        summary=max(rest, key=len, default=""),
        dateline=_dated(times, lines, title, zone, seen),
    )


def _dated(times: list[str], lines: list[str], title: str, zone: str, seen: datetime) -> Dateline:
    """Return the date a card states, or prints on a line of its own, beside the title at most."""
    beside = [line.replace(title, " ", 1) if title else line for line in lines]
    return _printed(times, [line for line in beside if _is_own(line, zone, seen)], zone, seen)


def _printed(times: list[str], lines: list[str], zone: str, seen: datetime) -> Dateline:
    """Return the date that is stated, or else printed; the shortest line with one is its own."""
    short = sorted(lines, key=len)
    return dates.choose(
        *(dates.stated(raw, zone, Basis.LISTING) for raw in times),
        *(dates.printed(line, zone, Basis.LISTING) for line in short),
        *(dates.relative(line, zone, seen, Basis.LISTING) for line in short),
        seen=seen,
    )


def _is_own(line: str, zone: str, seen: datetime) -> bool:
    """Tell whether a line is there for its date, and not a sentence that tells of one."""
    found = dates.printed(line, zone) or dates.relative(line, zone, seen)
    if found is None:
        return False
    before, _, behind = line.partition(found.raw or "")
    in_sentence = _IN_SENTENCE.search(before) and not _PUBLISHED.search(before)
    return not in_sentence and len(clean_line(before)) + len(clean_line(behind)) <= _BESIDE


def _words(node: etree._Element, selector: str) -> str:
    return next((words for one in find(node, selector) if (words := clean_line(words_of(one)))), "")


def _times(node: etree._Element) -> list[str]:
    return [raw for time in node.iter("time") if (raw := time.get("datetime"))]


SITE = SectionPage()
