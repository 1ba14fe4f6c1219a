"""The dates a reader sees on a page, and why one may not be the article's own. Pure.

An article's date stands beside its title or where its text begins, on a line of few words. What
surrounds the title belongs to the article, however a theme may have called it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from db.model import Basis, Candidate
from spiders import dates, plain
from spiders.below import Below
from spiders.date_words import WEEKDAY, WORDED, is_dated, may_tell_of_change, tells_rights
from spiders.marks import elsewhere
from spiders.prose import is_linked, is_prose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from db.model import Dateline
    from spiders.blocks import Block, Page, Scope

# Words in class names and ids of a line that says who wrote an article, and when.
_BYLINE = re.compile(
    r"(?:^|[-_ .#])(?:meta|info|byline|date|time|posted|publish\w*|publication|timestamp|datum"
    r"|fecha|submitted)(?:$|[-_ ])",
    re.IGNORECASE,
)
# A longer line tells a story of its own and does not date the article.
_SHORT = 90
_NEAR_ABOVE, _NEAR_BELOW = 6, 8
_BARE = re.compile(r"[\d.]+")
# A bare day before a small letter begins a sentence.
_STAMP = re.compile(
    r"(?:\(\d\d?[.]\d\d?[.]\d{4}(?:,?\s+\d\d?:\d\d)?\)|\d\d?[.]\d\d?[.]\d{4},?\s+\d\d?:\d\d"
    r"|\d\d?[.]\d\d?[.]\d{4}(?=\s+(?:[-–—|]|[^\W\d_])))(?=\s)"
)
_BESIDE_STAMP = 10  # characters: "Posted on "
_AROUND_CLOCK = 40  # characters: " Uhr • Lesezeit: 5 Minuten"
_FOREIGN = "belongs to another article"
ELSEWHERE = "belongs to another item or to the page around"
_AROUND = "belongs to the page around, far from the title"
FAR = "stands far from the title"
_CHANGED = "says when the page was changed"
_CLOSE = 2
_NAMED_WITHIN = 3  # elements around a line whose names tell of the line
_DAY_FIRST = frozenset(
    ("de", "fr", "es", "it", "pt", "nl", "pl", "ro", "tr", "uk", "be", "ru", "kk", "ky", "uz", "tg",
     "az", "hy", "en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za")
)  # fmt: skip
# What stands before the last day of several.
_SPAN = re.compile(r"(?:\d\.?\s*[-–—]|\b(?:bis|until|till|through|до|по))\s*$", re.IGNORECASE)
_SENTENCE = 6  # words
_MONTH_FIRST = frozenset(("es-us", "es-pr"))
_DAY_LONG = timedelta(hours=48)


def of_blocks(
    page: Page, zone: str, seen: datetime, title: str, outside: tuple[bool, ...]
) -> Iterator[Candidate]:
    """Yield what `<time>` elements state, then what is printed, the rejected ones too.

    `title` is the article's, `outside` what `marks.elsewhere` says of the page's blocks. Words like
    "2 hours ago" are told from `seen`; times without a zone are taken to be in `zone`.
    """
    lines = list(_lines(page, zone, seen, title, outside))
    beside = [line for line in lines if not line.is_told]
    for line in beside:
        yield from line.timed
    printed = [(line.place, line.printed) for line in beside if line.printed]
    yield from plain.of_text(printed, page) if page.media == "text" else (one for _, one in printed)
    yield from _agreeing([one for line in lines if line.is_told for one in line.candidates])


@dataclass(frozen=True, slots=True)
class _Line:
    """The dates of a block; `is_told` if it stands far from the title and says what it tells."""

    place: int
    timed: tuple[Candidate, ...]
    printed: Candidate | None
    is_told: bool

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return (*self.timed, self.printed) if self.printed else self.timed


def _lines(
    page: Page, zone: str, seen: datetime, title: str, outside: tuple[bool, ...]
) -> Iterator[_Line]:
    near = _near(page, title, outside)
    if page.blocks and outside[near.title]:
        outside = elsewhere(page.blocks, title, near.around)
    own = _own_articles(page.blocks, near.title)
    day_first = _is_day_first(page)
    below = Below(page.blocks, outside, near.around)
    end = below.end
    for place, block in enumerate(page.blocks):
        line = block.text
        if len(line) > _SHORT:
            line = _glued(line) if near.first <= place <= near.last else ""
        has_date = is_dated(line)
        if not has_date and not block.times:
            continue
        part, times, is_changed = _of_publication(block.text[:_SHORT], block.times)
        line = part if line is block.text else line
        stated = [dates.stated(raw, zone, Basis.TIME_ELEMENT) for raw in times]
        read = None
        if has_date:
            read = dates.printed(line, zone, day_first=day_first, language=page.language)
            read = read or dates.relative(line, zone, seen)
        first = read or next(iter(stated), None)
        why = _CHANGED if is_changed else _why_not(block, place, near, first, seen)
        if why in ("", FAR, ELSEWHERE) and _is_foreign(block, own):
            why = _FOREIGN
        elif why == FAR and outside[place]:
            why = _AROUND
        elif why in ("", FAR) and place > (end if not why else near.title):
            why = why if below.is_own(place) else _FOREIGN
        elif not why and outside[place] and not _is_clock(block, place, near, read):
            why = ELSEWHERE
        yield _Line(
            place,
            tuple(Candidate(dateline=one, rejected=why) for one in stated if one),
            Candidate(dateline=read, rejected=why) if read else None,
            is_told=why == FAR
            and place > near.title
            and not (outside[place] or is_linked(block))
            and _is_byline(block),
        )


def _agreeing(told: list[Candidate]) -> Iterator[Candidate]:
    """Yield the dates of lines far below the title that say themselves when an article appeared.

    They are believed if they tell of one day: those of a list of other articles do not.
    """
    is_one = len({dates.local_day(one.dateline) for one in told}) == 1
    yield from (replace(one, rejected="") if is_one else one for one in told)


def _of_publication(line: str, times: tuple[str, ...]) -> tuple[str, tuple[str, ...], bool]:
    """Return what of a line and of its times may tell of publication, and whether none of it does.

    A word holds for the dates behind it, up to the next word. Of two times one is the change's.
    """
    words = list(WORDED.finditer(line)) if may_tell_of_change(line) else []
    if not any(word["change"] for word in words):
        return line, times, False
    ends = [word.start() for word in words[1:]] + [len(line)]
    for word, end in zip(words, ends, strict=True):
        part = line[word.start() : end]
        if word["publication"] and (is_dated(part) or len(times) > 1):
            return part, times[-1:] if words[0]["change"] else times[:1], False
    above = line[: words[0].start()]
    return (above, times[:1], False) if is_dated(above) else (line, times, True)


def _glued(text: str) -> str:
    """Return the stamp in digits that opens a long line, '' without one.

    A month's name there opens a sentence about the event.
    """
    found = _STAMP.match(text)
    if not found or (_BARE.fullmatch(found[0]) and text[found.end() :].lstrip()[:1].islower()):
        return ""
    return found[0]


def without_stamp(text: str) -> str:
    """Return a paragraph without the stamp in digits that opens it."""
    return text.removeprefix(_glued(text)).lstrip()


def _own_articles(blocks: tuple[Block, ...], title: int) -> set[Scope]:
    """Return the `article` elements that are the item's: around its title, or with most prose."""
    weights: defaultdict[Scope, int] = defaultdict(int)
    for block in blocks:
        if is_prose(block) and (scope := _article_of(block)) is not None:
            weights[scope] += len(block.text)
    told = [max(weights, key=lambda scope: weights[scope])] if weights else []
    titled = blocks[title].scope if blocks else None
    return {one for scope in [titled, *told] for one in _with_all_around(scope)}


def _article_of(block: Block) -> Scope | None:
    if not block.inside("article"):
        return None
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


@dataclass(frozen=True, slots=True)
class _Near:
    """The places around the title at which an article's own date may be printed.

    `around` is the elements that hold the title.
    """

    first: int
    title: int
    last: int
    around: frozenset[Scope]


def _near(page: Page, title: str, outside: tuple[bool, ...]) -> _Near:
    blocks = page.blocks
    own = [p for p, b in enumerate(blocks) if b.inside("h1") or (title and b.text == title)]
    if not own:
        # Nothing shows the title: what stands where the text begins may be its date.
        told = (p for p, b in enumerate(blocks) if is_prose(b) and not outside[p])
        place = next(told, 0)
        around = frozenset(_with_all_around(blocks[place].scope)) if blocks else frozenset()
        return _Near(place - _NEAR_ABOVE, place, place + _CLOSE, around)
    headed = [p for p in own if title in blocks[p].text] or own
    # A path of links and a list of news may show the title again.
    inner = [p for p in headed if blocks[p].inside("h1")] or headed
    place = min(inner, key=lambda p: (outside[p], is_linked(blocks[p])))
    around = frozenset(_with_all_around(blocks[place].scope))
    return _Near(place - _NEAR_ABOVE, place, place + _NEAR_BELOW, around)


def _why_not(block: Block, place: int, near: _Near, read: Dateline | None, seen: datetime) -> str:
    """Say why a date in this block is not the article's, '' if it may be."""
    if tells_rights(block.text) and not _says_publication(block):
        return "belongs to the copyright line"
    if not near.first <= place <= near.last:
        return FAR
    if read is not None and not block.times and _is_of_event(block, read.raw or ""):
        return "tells of an event"
    is_beside = near.title - _CLOSE <= place <= near.title + _CLOSE
    is_close = near.title - 2 * _CLOSE <= place <= near.title + 2 * _CLOSE
    # A date beside the title may lead to its day in the archive; with more words it is a teaser.
    is_stamp = read is not None and len(block.text) - len(read.raw or "") <= _BESIDE_STAMP
    if is_linked(block) and not (is_beside and is_stamp) and not (is_close and _is_byline(block)):
        return ELSEWHERE
    if place < near.title and (WEEKDAY.search(block.text) or _heads_page(block, near)):
        # A header says what day it is today; an article names its weekday only beside its title.
        is_today = read is not None and read.when is not None and seen - read.when < _DAY_LONG
        names_day = WEEKDAY.search(block.text) and place < near.title - _CLOSE
        if is_today or names_day:
            return plain.TODAY
    return ""


def _is_clock(block: Block, place: int, near: _Near, read: Dateline | None) -> bool:
    """Tell a `<time>` close to the title with few words around it: captions have none."""
    is_close = abs(place - near.title) <= 2 * _CLOSE
    rest = len(block.text) - len((read and read.raw) or "")
    return bool(block.times) and is_close and rest <= _AROUND_CLOCK and not is_linked(block)


def _is_of_event(block: Block, raw: str) -> bool:
    """Tell whether a date ends a span of days, or stands in a sentence."""
    before, _, behind = block.text.partition(raw)
    if len(block.text) > _SHORT or _is_byline(block):
        return False
    rest = f"{before} {behind}".split()
    return bool(_SPAN.search(before)) or (len(rest) >= _SENTENCE and rest[-1][-1] in ".!?…")


def _says_publication(block: Block) -> bool:
    return any(word["publication"] for word in WORDED.finditer(block.text[:_SHORT]))


def _is_byline(block: Block) -> bool:
    """Tell a line whose name, or a word in it, says that it tells when an article appeared."""
    if len(block.text) <= _SHORT and _says_publication(block):
        return True
    around = islice(_with_all_around(block.scope), _NAMED_WITHIN)
    return any(_is_of_byline(name) for scope in around for name in scope.names)


@lru_cache(maxsize=8192)
def _is_of_byline(name: str) -> bool:
    # A site uses the same few hundred names on every page.
    return _BYLINE.search(name) is not None


def _is_day_first(page: Page) -> bool:
    """Tell whether the page's language puts days before months where both are numbers."""
    stated = (page.tree.get("lang") or "").lower().replace("_", "-") if page.media == "html" else ""
    return stated not in _MONTH_FIRST and (stated in _DAY_FIRST or page.language in _DAY_FIRST)
