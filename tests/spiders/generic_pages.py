"""A page of a usual layout that nobody wrote rules for, for the tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from db.visiting import Source
from spiders import generic
from spiders.blocks import Page

if TYPE_CHECKING:
    from spiders.site import Card

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
SOURCE = Source(name="s", kind="listing", urls=("https://e.test/",), timezone="Europe/London")
URL = "https://e.test/news/council-approves"
FIRST = "The council has approved a plan to build new flood defences along the river after years of debate."
SECOND = "Work will begin in the spring and will take two years to finish, the leader of the council said."
LAST = "Residents welcomed the decision but asked for more trees to be planted along the wall."
STRUCTURED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council approves defences",'
    '"datePublished":"2026-11-19T08:30:00+00:00","dateModified":"2026-11-20T10:00:00Z",'
    '"author":[{"@type":"Person","name":"Jo Writer"}],"articleSection":["Local"],"keywords":"flood, river",'
    '"description":"A wall."}</script>'
)


def page(
    head: str = "", above: str = "", middle: str = "", below: str = "", title: str = ""
) -> Page:
    """Return a page of a usual layout, with what is given in its places."""
    return Page(
        URL,
        f"<html lang='en-GB'><head><title>{title or 'Council approves defences | The Daily'}</title>{head}</head><body>"
        f"{above}<nav><a href='/'>Home</a></nav><main><article><h1>Council approves defences</h1>{middle}"
        f"<p>{FIRST}</p><p>{SECOND}</p><h2>What happens next</h2><ul><li>First the north bank</li></ul>"
        f"<p>{LAST}</p></article>{below}</main><footer>Copyright © 2026 The Daily, 1 January 2026</footer></body></html>",
    )


def read(given: Page, card: Card | None = None) -> generic.Found:
    """Return what the rules for any page read of one."""
    return generic.read(given, "Europe/London", card, SEEN)[0]
