"""The dates printed in a plain text, which has no marks of what stood around it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db.model import Precision
from spiders import dates
from spiders.date_words import WEEKDAY
from spiders.prose import is_prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Candidate, Dateline
    from spiders.blocks import Page

TODAY = "is today's date in the page's header"
_SEVERAL = "belongs to one of several items"


def of_text(printed: list[tuple[int, Candidate]], page: Page) -> Iterator[Candidate]:
    """Yield the dates printed in a plain text, which has no marks of its header.

    A day with its weekday is today's in a header if a moment that is no later stands in the very
    next block, or on a line of its own before the text begins. Further below stand moments of
    other items, too. A text that begins with a day of its own line, and has other days on such
    lines, is several items.
    """
    moments = {
        place: one.dateline
        for place, one in printed
        if not one.rejected and one.dateline.precision is not Precision.DAY
    }
    several = _SEVERAL if _are_several(printed, page) else ""
    for place, one in printed:
        if one.rejected:
            yield one
        elif _is_today(place, one.dateline, moments, page):
            yield replace(one, rejected=TODAY)
        else:
            yield replace(one, rejected=several)


def _is_today(place: int, day: Dateline, moments: dict[int, Dateline], page: Page) -> bool:
    """Tell the day of a page's header by its weekday and the item's own moment below it."""
    if day.precision is not Precision.DAY or not WEEKDAY.search(page.blocks[place].text):
        return False
    own = _moment_below(place, moments, page)
    return own is not None and dates.local_day(own) <= dates.local_day(day)


def _moment_below(place: int, moments: dict[int, Dateline], page: Page) -> Dateline | None:
    """Return the moment in the next block, else the first on a line of its own above the text."""
    if place + 1 in moments:
        return moments[place + 1]
    for below, block in enumerate(page.blocks[place + 1 :], place + 1):
        if is_prose(block):
            return None
        if below in moments and moments[below].raw == block.text:
            return moments[below]
    return None


def _are_several(printed: list[tuple[int, Candidate]], page: Page) -> bool:
    """Tell a text of several items by the days on lines of their own, its first line one."""
    alone = [
        (place, dates.local_day(one.dateline))
        for place, one in printed
        if one.dateline.raw == page.blocks[place].text
    ]
    return bool(alone) and alone[0][0] == 0 and len({day for _, day in alone}) > 1
