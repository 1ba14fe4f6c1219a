"""Finding the cards of a list."""

from __future__ import annotations

from spiders.blocks import Page
from spiders.cards import MOST_LINKS, spots
from tests.spiders.conftest import PlainSite


def test_of_a_list_without_end_the_first_links_are_read() -> None:
    """Links to anything else do not count; after the limit nothing more is looked at."""
    menu = "".join(f"<li><a href='/topic/{n}'>Topic {n}</a></li>" for n in range(MOST_LINKS))
    items = "".join(f"<div><a href='/a/{n}'>Item {n}</a></div>" for n in range(MOST_LINKS + 500))
    page = Page(url="http://e.org/", body=f"<html><body>{menu}{items}</body></html>")
    found = spots(page, PlainSite())
    assert [spot.url for spot in found] == [f"http://e.org/a/{n}" for n in range(MOST_LINKS)]
