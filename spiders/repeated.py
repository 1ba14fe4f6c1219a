"""Which links of a page are its list? Pure.

On a list the same kind of link stands again and again in the same elements. So do menus and the
boxes at the side, but the links of a list are headings, or have a date and a few words beside
them. Names of classes only tell one kind from another: what they are called matters little.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from spiders import cards, filed
from spiders.blocks import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from spiders.blocks import Page
    from spiders.site import Card, Site

HEADLINE = 20
"""How long words are at least that are a headline; one of Chinese writing counts as three."""
_ENOUGH = 80
_FEWEST = 3
_TRIED = 5  # groups whose cards are looked at
_RICH = 200  # characters of a summary from which more says nothing more
_RICHEST = 3
_MOST_DATED = 0.7  # of the cards with short headings: one may be pinned above them without its day
# Stories above a list in a layout of their own, and the elements around a list that hold them, too.
_FEW_LEADS, _AROUND = 3, 2
_OUTSIDE = frozenset(("nav", "footer", "menu", "form"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Boxes beside the list. A wrapper may be named after what it holds, hence whole names only.
_BESIDE = re.compile(
    r"(?:sidebar|side|aside|widget|widget-?area|footer|nav|navbar|related|popular|recent|trending"
    r"|most-?(?:read|viewed|popular)|breadcrumbs?|comments?|ticker)"
    r"(?:[-_]?\d+|[-_](?:right|left|inner|list|posts|content|container|wrap(?:per)?))?"
    r"|widget_\w+|.*(?:menu|navi).*",
    re.IGNORECASE,
)
# What differs from card to card of one list: its number, what it is about, its place.
_OWN = re.compile(
    r".*\d.*|(?:category|tag|author|format|status|type|has)-.*"
    r"|odd|even|first|last|alt|active|current|sticky|new|hot",
    re.IGNORECASE,
)
# What the rows of one list are called in turn; the rest of their name is one.
_IN_TURN = re.compile(r"(?:(?<![-_])[-_]*(?:odd|even|left|right|first|last|alt)|(?<=[a-z])[AB])$")
# Words of a link that lead to an item and are no headline of it.
_NO_HEADLINE = re.compile(
    r"(?:read|see|view|show|learn|continue|more|full|leave|add|post|write|no|\d+)\b.{0,30}"
    r"(?:more|reading|story|article|entry|rest|comments?|replies|views?|reply)\b.{0,30}"
    r"|(?:читать|подробн|далее|показать|коммент|оставить|обсудить|без комментариев).{0,40}"
    r"|comments?\b.{0,20}|[^\w]*",
    re.IGNORECASE | re.DOTALL,
)
_WIDE = re.compile(r"[\u2e80-\ua4cf\uac00-\ud7af\uff00-\uff60]")


def said(words: str) -> int:
    """Return how much words say, in letters: a sign of Chinese writing is worth three.

    >>> said("Казахстан"), said("哈萨克")
    (9, 9)
    """
    return len(words) + 2 * len(_WIDE.findall(words))


@dataclass(frozen=True, slots=True)
class _Group:
    """Links of one kind: where they stand, whether at the side, and the headlines they hold."""

    nodes: tuple[etree._Element, ...]
    titles: dict[str, str]
    is_beside: bool

    @property
    def weight(self) -> float:
        """How many headlines there are, how much they say, and where; 0 if it is no list."""
        lengths = [said(title) for title in self.titles.values()]
        fewest = 1 if self.is_short else HEADLINE
        told = [min(length, _ENOUGH) for length in lengths if length >= fewest]
        if len(told) < _FEWEST or 2 * len(told) < len(lengths):
            return 0
        return sum(told) * (2 if self.are_headings else 1) * (0.25 if self.is_beside else 1)

    @property
    def is_short(self) -> bool:
        """Whether too few are as long as headlines; they may be some as headings, if dated."""
        long = sum(said(title) >= HEADLINE for title in self.titles.values())
        is_few = long < _FEWEST or 2 * long < len(self.titles)
        return is_few and self.are_headings and not self.is_beside

    @property
    def are_headings(self) -> bool:
        """Whether the links are headings, or hold them."""
        first = self.nodes[0]
        around = islice(first.iterancestors(), 3)
        return any(holder.tag in _HEADINGS for holder in around) or _heading(first) is not None

    @property
    def is_pair(self) -> bool:
        """Whether there are two headlines, which are no list but for what is beside them."""
        long = [said(title) >= HEADLINE for title in self.titles.values()]
        return long == [True, True] and self.are_headings and not self.is_beside


def headlines(
    page: Page, site: Site, to_card: Callable[[cards.Spot, str], Card]
) -> tuple[Card, ...]:
    """Return the cards of the list a page shows, () if none; `to_card` is given the headline.

    Rows that lead to files are items of it as well. A list of little else is known by its dates.
    """
    links = cards.article_links(page, site)
    files = filed.links(page, site)
    found = _listed(page, links, to_card)
    if not files:
        return found
    among = filed.together(page, links, files)
    others = files
    if not found:
        found, others = _listed(page, among, to_card), links
        if not found or not _are_dated(found, most=True):
            return ()
    titles = {card.url: card.title for card in found if card.url}
    fewest = min([HEADLINE, *(said(title) for title in titles.values() if title)])
    held = [link for link in among if link[1] in titles]
    rows = filed.titles(page, others, held, _name, lambda words: said(words) >= fewest)
    return _cards(page, titles | rows, among, to_card) if rows else found


def _listed(
    page: Page,
    links: list[tuple[etree._Element, str]],
    to_card: Callable[[cards.Spot, str], Card],
) -> tuple[Card, ...]:
    groups = _groups(links)
    weighed = sorted(((group.weight, group) for group in groups), key=_first, reverse=True)
    best: tuple[float, tuple[Card, ...], dict[str, str]] = (0, (), {})
    for weight, group in weighed[:_TRIED]:
        if weight * _RICHEST > best[0]:
            found = _cards(page, group.titles, links, to_card)
            if group.is_short and not _are_dated(found, most=True):
                continue
            best = max(best, (weight * _richness(found), found, group.titles), key=_first)
    _, listed, titles = best
    if not listed:
        return _pair(page, groups, links, to_card)
    leads = _leads(titles, groups, links)
    # A card ends where the next one begins, so that those of the list are made anew.
    led = _cards(page, leads | titles, links, to_card) if leads else ()
    bare = {card.url for card in led if card.url in leads and not _says_more(card)}
    return tuple(card for card in led if card.url not in bare) or listed


def _pair(
    page: Page,
    groups: list[_Group],
    links: list[tuple[etree._Element, str]],
    to_card: Callable[[cards.Spot, str], Card],
) -> tuple[Card, ...]:
    """Return the cards of a list of two, known by the dates that both have.

    Where nothing ends a card it may be half the page: the first few pairs are looked at.
    """
    for group in islice((group for group in groups if group.is_pair), _TRIED):
        found = _cards(page, group.titles, links, to_card)
        if _are_dated(found):
            return found
    return ()


def _are_dated(found: tuple[Card, ...], *, most: bool = False) -> bool:
    dated = sum(card.dateline.when is not None for card in found)
    return dated >= (_MOST_DATED * len(found) if most else len(found))


def _leads(
    titles: dict[str, str], groups: list[_Group], links: list[tuple[etree._Element, str]]
) -> dict[str, str]:
    """Return the headlines above a list that have a layout of their own, by their addresses.

    They are headings in the part of the page in which the list stands.
    """
    urls = dict(links)
    places = [place for place, (_, url) in enumerate(links) if url in titles]
    above = {node for node, _ in links[: places[0]]}
    part = _part_of([links[place][0] for place in places])
    found: dict[str, str] = {}
    for group in groups:
        if len(group.titles) <= _FEW_LEADS and not group.is_beside and group.are_headings:
            for node in group.nodes:
                title = group.titles[urls[node]]
                if node in above and said(title) >= HEADLINE and part in node.iterancestors():
                    found[urls[node]] = title
    return {} if len(found) > _FEW_LEADS else found


def _part_of(nodes: list[etree._Element]) -> etree._Element:
    """Return the element around some links, or one a little around that, within the body."""
    shared = list(nodes[0].iterancestors())
    for node in nodes[1:]:
        held = set(node.iterancestors())
        shared = [holder for holder in shared if holder in held]
    inner = [holder for holder in shared if holder.tag not in {"body", "html"}]
    return (inner or shared)[: _AROUND + 1][-1]


def _says_more(card: Card) -> bool:
    return bool(card.summary) or card.dateline.when is not None


def _first(one: tuple[float, *tuple[object, ...]]) -> float:
    return one[0]


def _groups(links: list[tuple[etree._Element, str]]) -> list[_Group]:
    """Put links together that stand in the same elements; those of menus are left out."""
    # What is around one link is around others: each element is asked once.
    beside: dict[etree._Element, bool] = {}
    named: dict[etree._Element, str] = {}
    nodes: defaultdict[tuple[Any, ...], list[etree._Element]] = defaultdict(list)
    titles: defaultdict[tuple[Any, ...], dict[str, str]] = defaultdict(dict)
    for node, url in links:
        around = list(node.iterancestors())
        tags = tuple(holder.tag for holder in around)
        if not _OUTSIDE.isdisjoint(tags):
            continue
        for holder in around:
            if holder not in beside:
                beside[holder] = _is_beside(holder)
        for holder in around[:3]:
            if holder not in named:
                named[holder] = _name(holder)
        at_side = any(beside[holder] for holder in around)
        shape = (tags, _name(node), *(named[one] for one in around[:3]), at_side)
        nodes[shape].append(node)
        titles[shape][url] = max(titles[shape].get(url, ""), _headline(node), key=len)
    return [_Group(tuple(nodes[shape]), titles[shape], shape[-1]) for shape in nodes]


def _name(node: etree._Element) -> str:
    """Return the first class of an element that is not its own alone."""
    names = (node.get("class") or "").split()
    return next((_IN_TURN.sub("", name) for name in names if not _OWN.fullmatch(name)), "")


def _is_beside(node: etree._Element) -> bool:
    if node.tag in {"body", "html"}:
        return False
    names = [*(node.get("class") or "").split(), node.get("id") or ""]
    return node.tag == "aside" or any(_BESIDE.fullmatch(name) for name in names)


def _heading(link: etree._Element) -> etree._Element | None:
    """Return the first heading in a link, None without one before the next link begins."""
    found = next((node for node in link.iter("a", *_HEADINGS) if node is not link), None)
    return None if found is None or next(found.iter("a"), None) is not None else found


def _headline(node: etree._Element) -> str:
    """Return the words of a link or of the heading in it, '' if they are no headline."""
    heading = _heading(node)
    words = words_of(node if heading is None else heading)
    return "" if _NO_HEADLINE.fullmatch(words) else words


def _cards(
    page: Page,
    titles: dict[str, str],
    links: list[tuple[etree._Element, str]],
    to_card: Callable[[cards.Spot, str], Card],
) -> tuple[Card, ...]:
    # A picture or a "more" link to the same article belongs to its card.
    spots = cards.around(page, [(node, url) for node, url in links if url in titles])
    return tuple(to_card(spot, titles[spot.url] or _others(spot)) for spot in spots)


def _others(spot: cards.Spot) -> str:
    """Return the words of the other links to an item, '' if none of them is a headline."""
    return "" if _NO_HEADLINE.fullmatch(spot.headline) else spot.headline


def _richness(found: tuple[Card, ...]) -> float:
    """Return how much stands beside the headlines of some cards: 1 for nothing, 3 at most."""
    dated = sum(card.dateline.when is not None for card in found)
    beside = sum(min(len(card.summary), _RICH) for card in found)
    return 1 + (dated + beside / _RICH) / len(found)
