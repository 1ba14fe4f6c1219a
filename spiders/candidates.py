"""Every date a page offers, which of them may be the item's own, and which is chosen. Pure.

A page is full of dates: today's in its header, those of other stories, of photographs, of events
told in the text. Each candidate keeps where it stood. What belongs to the page and not the item is
rejected with the reason; the others are weighed by how they are known and by who agrees with them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from db.model import UNKNOWN_DATELINE, Basis, Candidate, Dateline, Precision
from spiders import dates
from spiders.prose import is_linked, is_prose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from spiders.blocks import Block, Page, Scope

_METAS = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "mediator_published_time", "parsely-pub-date", "sailthru.date", "publish-date", "publishdate",
    "publication_date", "pubdate", "cxenseparse:recs:publishtime", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dc.date", "dcterms.date", "date", "rnews:datepublished",
)  # fmt: skip
_ARTICLE_TYPES = re.compile(r"(?:Article|Posting)$")
_IN_PATH = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|$)")
_WEEKDAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|понедельник|вторник|среда|четверг|пятница|суббота"
    r"|воскресенье|панядзелак|аўторак|серада|чацвер|пятніца|субота|нядзеля",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"updated|modified|edited|обновлен|изменен|абноўлена", re.IGNORECASE)
# What every date has that can be read: a year, or a word of telling from now.
_DATED = re.compile(
    r"(?:19|20)\d\d|\b(?:ago|today|yesterday)\b|назад|таму|мурун|бұрын|сегодня|вчера|сёння|учора|ўчора"
    r"|бүгүн|бүгін|кечээ|кеше",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"publish|posted|опублик|апублік|жарыялан", re.IGNORECASE)
_COPYRIGHT = re.compile(r"copyright|©|\(c\)|all rights|права защищены", re.IGNORECASE)
# A longer line tells a story of its own and does not date the article.
_SHORT = 90
_NEAR_ABOVE, _NEAR_BELOW = 6, 8
_STAMP = re.compile(r"\d\d?[.]\d\d[.]\d{4}(?:,?\s+\d\d?:\d\d)?(?=\s)")
_BESIDE_STAMP = 10  # characters: "Posted on "
_ELSEWHERE = "belongs to another item or to the page around"
_TODAY = "is today's date in the page's header"
_CLOSE = 2
_WEIGHED = 50  # each date is held against each other
_SAME = timedelta(hours=30)
_DAY_LONG = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The dateline chosen, and all candidates, the chosen one included, in the order of belief."""

    dateline: Dateline
    candidates: tuple[Candidate, ...]


def judge(candidates: tuple[Candidate, ...], seen: datetime, place: str | None = None) -> Verdict:
    """Choose among candidates; without one that may be believed the date is unknown.

    The best-known date wins, unless two others that are known in different ways agree on another
    day. Among those that agree the most precise is taken. None lies later than `seen` plus a day.
    """
    weighed = tuple(_weighed(candidate, seen) for candidate in candidates)
    left = [candidate.dateline for candidate in weighed if not candidate.rejected]
    chosen = _agreed(_distinct(left))
    if chosen is None:
        return Verdict(replace(UNKNOWN_DATELINE, place=place), weighed)
    return Verdict(replace(chosen, place=place or chosen.place), weighed)


def _weighed(candidate: Candidate, seen: datetime) -> Candidate:
    if not candidate.rejected and dates.believable(candidate.dateline, seen) is None:
        return replace(candidate, rejected="lies ahead of the moment it was seen")
    return candidate


def _distinct(datelines: list[Dateline]) -> list[Dateline]:
    """Return the first of each that say the same in the same way, and of those not too many."""
    firsts: dict[object, Dateline] = {}
    for one in datelines:
        firsts.setdefault((one.when, one.precision, one.basis, one.zone, one.zone_stated), one)
    return list(firsts.values())[:_WEIGHED]


def _agreed(datelines: list[Dateline]) -> Dateline | None:
    if not datelines:
        return None
    groups = [[other for other in datelines if _is_same(other, one)] for one in datelines]
    first = groups[0]
    # One voice against two independent ones is outvoted; two voices are not.
    rivals = [g for g in groups[1:] if len(_bases(g)) > 1 and not _is_same(g[0], datelines[0])]
    group = first if len(_bases(first)) > 1 or not rivals else rivals[0]
    best = group[0]
    for other in group[1:]:
        # What is known in the same way and names another day is another date.
        if other.basis is best.basis and _day(other) != _day(best):
            continue
        if _is_offset_wrong(best, other) or (
            best.precision is Precision.DAY and other.precision is not Precision.DAY
        ):
            best = other
    return best


def _bases(group: list[Dateline]) -> set[Basis]:
    return {dateline.basis for dateline in group}


def _is_same(one: Dateline, other: Dateline) -> bool:
    near = abs(_when(one) - _when(other)) <= _SAME
    if Precision.DAY in (one.precision, other.precision):
        return near and abs((_day(one) - _day(other)).days) <= 1
    return near


def _when(dateline: Dateline) -> datetime:
    assert dateline.when is not None  # noqa: S101 - asked of dated candidates only
    return dateline.when


def _day(dateline: Dateline) -> date:
    return _when(dateline).astimezone(_zone(dateline)).date()


def _zone(dateline: Dateline) -> ZoneInfo:
    name = dateline.zone or "UTC"
    return ZoneInfo("UTC" if name[0] in "+-" else name)


def _is_offset_wrong(stated: Dateline, printed: Dateline) -> bool:
    """Tell a machine's time whose clock is the printed one under a wrong offset, as BelTA's."""
    if not stated.zone_stated or printed.zone_stated or printed.precision is Precision.DAY:
        return False
    if stated.zone != "UTC":
        return False
    clock = _when(printed).astimezone(_zone(printed)).strftime("%d%H:%M")
    return _when(stated).strftime("%d%H:%M") == clock != _when(printed).strftime("%d%H:%M")


def of_page(
    page: Page, zone: str, seen: datetime, title: str, outside: tuple[bool, ...]
) -> Iterator[Candidate]:
    """Yield the candidates of an article's page in the order of belief, the rejected ones too.

    `title` is the article's: dates printed near it may be its own. `outside` is what
    `marks.elsewhere` says of the page's blocks.
    """
    near = _near(page, title)
    own = _own_articles(page.blocks, near.title)
    printed: list[tuple[int, Candidate]] = []
    timed: list[Candidate] = []
    for place, block in enumerate(page.blocks):
        line = block.text
        if len(line) > _SHORT:
            line = _glued(line) if near.first <= place <= near.last else ""
        is_line = _DATED.search(line)
        if not is_line and not block.times:
            continue
        stated = [dates.stated(raw, zone, Basis.TIME_ELEMENT) for raw in block.times]
        read = None
        if is_line:
            read = dates.printed(line, zone) or dates.relative(line, zone, seen)
        why = _why_not(block, place, near, read or next(iter(stated), None), seen)
        if not why and (outside[place] or _is_foreign(block, own)):
            why = _ELSEWHERE
        timed.extend(Candidate(dateline=one, rejected=why) for one in stated if one)
        if read:
            printed.append((place, Candidate(dateline=read, rejected=why)))
    if page.media == "html":
        yield from _structured(page, zone)
        yield from _metas(page, zone)
    yield from timed
    yield from _of_text(printed, page) if page.media == "text" else (one for _, one in printed)
    yield from _in_address(page, zone)


def _of_text(printed: list[tuple[int, Candidate]], page: Page) -> Iterator[Candidate]:
    """Yield the dates printed in a plain text, which has no marks of its header.

    A day with its weekday is today's in a header if a moment that is no later stands in the very
    next block. Further below stand moments of other items, too.
    """
    moments = {
        place: _day(one.dateline)
        for place, one in printed
        if not one.rejected and one.dateline.precision is not Precision.DAY
    }
    for place, one in printed:
        own, line = moments.get(place + 1), page.blocks[place].text
        names_day = one.dateline.precision is Precision.DAY and _WEEKDAY.search(line)
        is_today = names_day and own is not None and own <= _day(one.dateline)
        yield replace(one, rejected=one.rejected or _TODAY) if is_today else one


def _glued(text: str) -> str:
    """Return the stamp in digits that opens a long line, '' without one.

    A month's name there opens a sentence about the event.
    """
    found = _STAMP.match(text)
    return found[0] if found else ""


def without_stamp(text: str) -> str:
    """Return a paragraph without the stamp in digits that opens it."""
    return text.removeprefix(_glued(text)).lstrip()


def _own_articles(blocks: tuple[Block, ...], title: int) -> set[Scope]:
    """Return the `article` elements that are the item's: around its title, or with most prose."""
    weights: defaultdict[Scope, int] = defaultdict(int)
    for block in blocks:
        scope = _article_of(block)
        if scope is not None and is_prose(block):
            weights[scope] += len(block.text)
    told = [max(weights, key=lambda scope: weights[scope])] if weights else []
    titled = blocks[title].scope if blocks else None
    return {one for scope in [titled, *told] for one in _with_all_around(scope)}


def _article_of(block: Block) -> Scope | None:
    return next((one for one in _with_all_around(block.scope) if one.tag == "article"), None)


def _is_foreign(block: Block, own: set[Scope]) -> bool:
    scope = _article_of(block)
    return scope is not None and scope not in own


def _heads_page(block: Block, near: _Near) -> bool:
    """Tell whether a block stands in a header that is not the title's own."""
    header = next((one for one in _with_all_around(block.scope) if one.tag == "header"), None)
    return header is not None and header not in near.around


def _with_all_around(scope: Scope | None) -> Iterator[Scope]:
    while scope is not None:
        yield scope
        scope = scope.parent


def news_object(page: Page) -> dict[str, object]:
    """Return the JSON-LD object of the page's own article, {} without one."""
    found = [o for o in page.structured if _is_article(o.get("@type"))]
    here = (page.url or "").split("#")[0].rstrip("/")
    for news in found:
        main = news.get("mainEntityOfPage")
        names = [news.get("url"), main.get("@id") if isinstance(main, dict) else main]
        if here and here in [str(name).rstrip("/") for name in names]:
            return news
    return found[0] if found else {}


def _page_object(page: Page) -> dict[str, object]:
    """Return the JSON-LD object of the page itself, {} without one."""
    return next((o for o in page.structured if str(o.get("@type")) == "WebPage"), {})


def _is_article(types: object) -> bool:
    names = types if isinstance(types, list) else [types]
    return any(_ARTICLE_TYPES.search(str(name)) for name in names)


def _structured(page: Page, zone: str) -> Iterator[Candidate]:
    raw = str(news_object(page).get("datePublished") or _page_object(page).get("datePublished", ""))
    found = dates.stated(raw, zone, Basis.STRUCTURED) or dates.printed(
        raw, zone, Basis.STRUCTURED, alone=True
    )
    if found:
        yield Candidate(dateline=found)
    for node in page.select('[itemprop~="datePublished"]'):
        raw = node.get("content") or node.get("datetime") or node.text_content()
        found = dates.stated(raw, zone, Basis.STRUCTURED) or dates.printed(
            raw, zone, Basis.STRUCTURED
        )
        if found:
            yield Candidate(dateline=found)
            return


def _metas(page: Page, zone: str) -> Iterator[Candidate]:
    for name in _METAS:
        raw = page.metas.get(name, "")
        found = dates.stated(raw, zone, Basis.META) or dates.printed(
            raw, zone, Basis.META, alone=True
        )
        if found:
            yield Candidate(dateline=found)


@dataclass(frozen=True, slots=True)
class _Near:
    """The places around the title at which an article's own date may be printed.

    `around` is the elements that hold the title.
    """

    first: int
    title: int
    last: int
    around: frozenset[Scope]


def _near(page: Page, title: str) -> _Near:
    blocks = page.blocks
    own = [p for p, b in enumerate(blocks) if b.inside("h1") or (title and b.text == title)]
    headed = [p for p in own if blocks[p].text == title] or own
    if not headed:
        return _Near(0, 0, _NEAR_BELOW, frozenset())
    around = frozenset(_with_all_around(blocks[headed[0]].scope))
    return _Near(headed[0] - _NEAR_ABOVE, headed[0], headed[-1] + _NEAR_BELOW, around)


def _why_not(block: Block, place: int, near: _Near, read: Dateline | None, seen: datetime) -> str:
    """Say why a date in this block is not the article's, '' if it may be."""
    if _COPYRIGHT.search(block.text):
        return "belongs to the copyright line"
    if _CHANGED.search(block.text) and not _PUBLISHED.search(block.text):
        return "says when the page was changed"
    if not near.first <= place <= near.last:
        return "stands far from the title"
    is_beside = near.title - _CLOSE <= place <= near.title + _CLOSE
    # A date beside the title may lead to its day in the archive; with more words it is a teaser.
    is_stamp = read is not None and len(block.text) - len(read.raw or "") <= _BESIDE_STAMP
    if is_linked(block) and not (is_beside and is_stamp):
        return _ELSEWHERE
    if place < near.title and (_WEEKDAY.search(block.text) or _heads_page(block, near)):
        # A header says what day it is today; an article names its weekday only beside its title.
        is_today = read is not None and read.when is not None and seen - read.when < _DAY_LONG
        names_day = _WEEKDAY.search(block.text) and place < near.title - _CLOSE
        if is_today or names_day:
            return _TODAY
    return ""


def _in_address(page: Page, zone: str) -> Iterator[Candidate]:
    found = _IN_PATH.search(urlsplit(page.url).path) if page.url else None
    if found:
        day = dates.printed("-".join(found.groups()), zone, Basis.URL)
        if day:
            yield Candidate(dateline=replace(day, raw=found[0].strip("/")))
