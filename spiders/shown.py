"""The dates a reader sees on a page, and why one may not be the article's own. Pure.

An article's date stands beside its title or where its text begins, on a line of few words. What
surrounds the title belongs to the article, however a theme may have called it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.model import Basis, Candidate
from spiders import dates, lines, plain
from spiders.below import Below
from spiders.date_words import WEEKDAY, tells_rights
from spiders.day_order import is_day_first
from spiders.marks import elsewhere
from spiders.near import CLOSE, WHOLE, Near, article_of, heads_page, heaviest, is_apart, near_title
from spiders.prose import around, container, is_linked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from db.model import Dateline
    from spiders.blocks import Block, Page, Scope

_MARKS = ("", "|", "·", "•", "/", "–", "—", "-", ",")
_PARENTHESES = " ()[].,:!?"
_BESIDE_STAMP = 10  # characters: "Posted on "
_AROUND_CLOCK = 40  # characters: " Uhr • Lesezeit: 5 Minuten"
_FOREIGN = "belongs to another article"
ELSEWHERE = "belongs to another item or to the page around"
_AROUND = "belongs to the page around, far from the title"
FAR = "stands far from the title"
TITLED = "stands in the title"
_IN_TITLE = "is told in the title"
# Dates of the page around, far from the title, that are told as lost: nothing else asks for them.
_MOST_AROUND = 12
_WORDED = "its own words name another day"
_DAY_LONG = timedelta(hours=48)


def of_blocks(
    page: Page, zone: str, seen: datetime, title: str, outside: tuple[bool, ...]
) -> Iterator[Candidate]:
    """Yield what `<time>` elements state, then what is printed, the rejected ones too.

    What stands in the title is rejected with `TITLED` if it may date the article nevertheless.
    `title` is the article's, `outside` what `marks.elsewhere` says of the page's blocks. Words like
    "2 hours ago" are told from `seen`; times without a zone are taken to be in `zone`.
    """
    found = list(_lines(page, zone, seen, title, outside))
    beside = list(_without_today([line for line in found if not line.is_told]))
    for line in beside:
        yield from line.timed
    printed = [(line.place, line.printed) for line in beside if line.printed]
    if page.media == "text":
        yield from plain.of_text(printed, page)
    else:
        # What a text begins with may be the day of what it tells of.
        printed.sort(key=lambda one: _is_lead(one[1]))
        yield from (one for _, one in printed)
    yield from _agreeing([one for line in found if line.is_told for one in line.candidates])


def _without_today(found: list[_Line]) -> Iterator[_Line]:
    """Reject what may be today's date above the title where the article's own stands below it."""
    own = {
        dates.local_day(line.printed.dateline)
        for line in found
        if line.printed and not (line.printed.rejected or line.may_be_today)
        if not _is_lead(line.printed)
    }
    for line in found:
        one = line.printed
        if one and not one.rejected and line.may_be_today and own:
            is_own = dates.local_day(one.dateline) in own
            yield line if is_own else replace(line, printed=replace(one, rejected=plain.TODAY))
        else:
            yield line


def _is_lead(one: Candidate) -> bool:
    return one.dateline.basis is Basis.LEAD


@dataclass(frozen=True, slots=True)
class _Line:
    """The dates of a block.

    `is_told`: it stands far from the title and says what it tells; `may_be_today`: its day is that
    of the visit, above the title.
    """

    place: int
    timed: tuple[Candidate, ...]
    printed: Candidate | None
    is_told: bool
    may_be_today: bool

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return (*self.timed, self.printed) if self.printed else self.timed


def _lines(
    page: Page, zone: str, seen: datetime, title: str, outside: tuple[bool, ...]
) -> Iterator[_Line]:
    near = near_title(page, title, outside)
    if page.blocks and outside[near.title]:
        outside = elsewhere(page.blocks, title, near.around)
    own = _own_articles(page.blocks, near.title)
    reader = _Reader(zone, seen, page.language, is_day_first(page))
    marked = page.media != "text"
    below = Below(page.blocks, outside, near.around)
    end = below.end
    left = _MOST_AROUND
    for place, block in enumerate(page.blocks):
        is_near = near.first <= place <= near.last
        is_around = outside[place] and not is_near
        if is_around and not left:
            continue
        said = lines.said(block, is_near=is_near)
        if not said.words and not said.times:
            continue
        left -= is_around
        stated = [reader.stated(raw) for raw in said.times]
        is_title = marked and (block.inside("h1") or block.text == title)
        read = reader.read(said, block, is_title=is_title)
        first = read or next(iter(stated), None)
        why = said.otherwise or _why_not(block, place, near, first, seen)
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
            tuple(
                Candidate(dateline=one, rejected=why or _overruled(said, one, read))
                for one in stated
                if one
            ),
            Candidate(
                dateline=read,
                rejected=why or (_of_title(block.text, read.raw or "") if is_title else ""),
            )
            if read
            else None,
            is_told=why == FAR
            and place > near.title
            and not (outside[place] or is_linked(block))
            and (said.is_of_post or lines.is_byline(block)),
            may_be_today=place < near.title and _is_of_visit(read, seen),
        )


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the dates that a page prints are read."""

    zone: str
    seen: datetime
    language: str | None
    day_first: bool

    def stated(self, raw: str) -> Dateline | None:
        """Return what a `<time>` states, which some fill as they would a line."""
        return dates.stated(raw, self.zone, Basis.TIME_ELEMENT) or dates.printed(
            raw,
            self.zone,
            Basis.TIME_ELEMENT,
            day_first=self.day_first,
            language=self.language,
        )

    def read(self, said: lines.Said, block: Block, *, is_title: bool) -> Dateline | None:
        """Return the date among what a block says; no title is worded from the moment of reading.

        Other headings may be, if they say little else: they name editions and sizes as well.
        """
        words = said.words
        if not words:
            return None
        if said.is_lead:
            return dates.printed(words, self.zone, Basis.LEAD, alone=True, language=self.language)
        read = dates.printed(words, self.zone, day_first=self.day_first, language=self.language)
        if read or is_title:
            return read
        told = dates.relative(words, self.zone, self.seen)
        if told and lines.is_told_apart(block, told.raw or ""):
            return told
        return (
            None
            if block.inside("h2", "h3", "h4", "h5", "h6")
            else dates.abbreviated(words, self.zone)
        )


def _overruled(said: lines.Said, stated: Dateline, read: Dateline | None) -> str:
    """Say that a line's words tell when it was published, and its `<time>` another day."""
    if read is None or not lines.says_publication(said.words):
        return ""
    apart = dates.local_day(stated) - dates.local_day(read)
    return _WORDED if abs(apart.days) > 1 else ""


def _of_title(title: str, raw: str) -> str:
    """Say why a date in a title yields to all others: it tells of what the title tells of.

    One that neither opens nor closes the title dates nothing; in digits a part of it is enough.
    """
    before, _, behind = title.partition(raw)
    before, behind = before.strip(_PARENTHESES), behind.strip(_PARENTHESES)
    in_digits = not any(map(str.isalpha, raw))
    is_part = in_digits and behind[:1] in _MARKS
    return TITLED if not before or not behind or is_part else _IN_TITLE


def _agreeing(told: list[Candidate]) -> Iterator[Candidate]:
    """Yield the dates of lines far below the title that say themselves when an article appeared.

    They are believed if they tell of one day: those of a list of other articles do not.
    """
    is_one = len({dates.local_day(one.dateline) for one in told}) == 1
    yield from (replace(one, rejected="") if is_one else one for one in told)


def _own_articles(blocks: tuple[Block, ...], title: int) -> set[Scope]:
    """Return the `article` elements that are the item's: around its title, or with most prose."""
    told = heaviest(blocks)
    titled = blocks[title].scope if blocks else None
    return {one for scope in (titled, told) for one in around(scope)}


def _is_foreign(block: Block, own: set[Scope]) -> bool:
    scope = article_of(block)
    return scope is not None and scope not in own


def _why_not(block: Block, place: int, near: Near, read: Dateline | None, seen: datetime) -> str:
    """Say why a date in this block is not the article's, '' if it may be."""
    if tells_rights(block.text) and not lines.says_publication(block.text):
        return "belongs to the copyright line"
    if not near.first <= place <= near.last:
        return FAR
    if read is not None and not block.times and lines.is_of_event(block, read.raw or ""):
        return "tells of an event"
    is_beside = near.title - CLOSE <= place <= near.title + CLOSE
    is_close = near.title - 2 * CLOSE <= place <= near.title + 2 * CLOSE
    # A date beside the title may lead to its day in the archive; with more words it is a teaser.
    is_stamp = read is not None and len(block.text) - len(read.raw or "") <= _BESIDE_STAMP
    is_own = is_beside and (is_stamp or _heads_line(block, near, read))
    if is_linked(block) and not is_own and not (is_close and lines.is_byline(block)):
        return ELSEWHERE
    if place < near.title:
        # A header says what day it is today; an article names its weekday only beside its title.
        is_today = _is_of_visit(read, seen)
        names_day = WEEKDAY.search(block.text)
        is_loose = not block.times and not is_apart(block, near)
        is_header_s = names_day or heads_page(block, near) or is_loose
        if (is_today and is_header_s) or (names_day and place < near.title - CLOSE):
            return plain.TODAY
    return ""


def _is_of_visit(read: Dateline | None, seen: datetime) -> bool:
    return read is not None and read.when is not None and seen - read.when < _DAY_LONG


def _is_clock(block: Block, place: int, near: Near, read: Dateline | None) -> bool:
    """Tell a `<time>` close to the title with few words around it: captions have none.

    Right beside the title a line that a date opens is one as well.
    """
    distance = abs(place - near.title)
    rest = len(block.text) - len((read and read.raw) or "")
    if distance > 2 * CLOSE or rest > _AROUND_CLOCK:
        return False
    if distance <= CLOSE and _heads_line(block, near, read):
        return True
    return bool(block.times) and not is_linked(block)


def _heads_line(block: Block, near: Near, read: Dateline | None) -> bool:
    """Tell a line in the title's own element that begins with its date, apart from its words."""
    raw = (read and read.raw) or ""
    if not raw or not block.text.startswith(raw) or len(block.text) - len(raw) > _AROUND_CLOCK:
        return False
    holder = container(block.scope)
    behind = block.text[len(raw) :].lstrip()
    return holder in near.around and holder.tag not in WHOLE and behind[:1] in _MARKS
