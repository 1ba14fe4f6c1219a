"""Which dates were weighed when a page was read, and which of them lost. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db.belief import OF_OTHER_VISITS
from db.model import Candidate
from spiders.candidates import of_page
from spiders.marks import elsewhere

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Dateline
    from db.visiting import Source
    from spiders.blocks import Page
    from spiders.site import Card, Reading


def with_dates(
    reading: Reading, page: Page, source: Source, card: Card | None, seen: datetime
) -> Reading:
    """Return a reading with every date that the page and its card offer.

    A site's own rules know where its date stands and weigh no others.
    """
    if reading.candidates:
        return reading
    title = reading.article.title if reading.article else ""
    offered = of_page(page, source.timezone, seen, title, elsewhere(page.blocks))
    carded = (Candidate(dateline=card.dateline),) if card and card.dateline.when else ()
    return replace(reading, candidates=(*carded, *offered))


def is_taken(one: Candidate, chosen: Dateline) -> bool:
    """Tell whether a date that was weighed is the one that was chosen."""
    if chosen.when is None or (one.rejected and one.rejected not in OF_OTHER_VISITS):
        return False
    return replace(one.dateline, place=None) == replace(chosen, place=None)


def lost(weighed: tuple[Candidate, ...], chosen: Dateline) -> tuple[Candidate, ...]:
    """Return the dates that were not taken, each once, in the order of belief."""
    return tuple(dict.fromkeys(one for one in weighed if not is_taken(one, chosen)))


def why_not(one: Candidate, chosen: Dateline) -> str:
    """Say in words for people why a date was not taken, '' of the one that was."""
    if one.rejected:
        return one.rejected
    if is_taken(one, chosen):
        return ""
    if chosen.when is None:
        return "these rules do not trust it"
    return "the one taken is better known"
