"""The title under which a list tells of a page that calls itself by the name of its site."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders import generic
from spiders.blocks import Page
from spiders.site import Card

SEEN = datetime(2026, 11, 22, 9, tzinfo=UTC)
SITE = "Ministry of Inland Waters"
TITLE = "Crews sign the list of the harbour"
TEXT = "".join(
    f"<p>Crew number {n} signed the list on Monday, and the others are to follow within a week.</p>"
    for n in range(6)
)


def title(body: str, card: str = TITLE, name: str = SITE) -> str:
    page = f"<html lang=en><head><title>{name}</title></head><body>{body}{TEXT}</body></html>"
    listed = Card(url="https://e.test/n/1", title=card)
    return generic.read(Page("https://e.test/n/1", page), "UTC", listed, SEEN)[0].title


@pytest.mark.parametrize(
    "body",
    [
        f"<a href=/>{SITE}</a><h3>{TITLE}</h3>",
        f"<a href=/>{SITE}</a><h3>{TITLE.upper()}</h3>",
        f"<h1>{SITE}</h1><div class=head>{TITLE}</div>",
    ],
)
def test_the_list_s_title_is_the_page_s_where_the_page_shows_it(body: str) -> None:
    """In the list's own letters."""
    assert title(body) == TITLE


@pytest.mark.parametrize(
    ("body", "card"),
    [
        ("<h1>Crews sign</h1>", TITLE),
        (f"<h1>{TITLE}</h1>", "Crews sign the list at last"),
        (f"<h1>{TITLE}</h1><p><a href=/s>News of the harbour</a></p>", "News of the harbour"),
        (f"<h1>{TITLE}</h1><p>News</p>", "News"),
        (f"<h1>{TITLE}</h1>", ""),
    ],
)
def test_a_page_keeps_its_own_title_otherwise(body: str, card: str) -> None:
    """A list shortens titles, words them anew, or names the section."""
    shown = TITLE if TITLE in body else SITE
    assert title(body, card, name=shown) == shown if TITLE in body else title(body, card) != card


def test_what_stands_below_the_text_is_another_story() -> None:
    """The page itself is believed there."""
    assert title(f"<h1>Harbour opens its gates again</h1>{TEXT}<h3>{TITLE}</h3>") != TITLE
