"""The title of a page: the heading a reader sees, or the one under which its list tells of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders import generic
from spiders.blocks import Page
from spiders.site import Card
from spiders.titles import title_of

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


def own_title(head: str, body: str) -> str:
    """Return the title of a page with such a head and body, without structured data."""
    return title_of(
        Page("https://e.test/n/1", f"<html><head>{head}</head><body>{body}</body></html>"), ""
    )


def og(words: str, site: str = "") -> str:
    named = f"<meta property='og:site_name' content='{site}'>" if site else ""
    return f"<meta property='og:title' content='{words}'>{named}"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        # Worded anew for networks: the heading a reader sees is the title.
        (og("Lower bay gets its ferry back in March"), "<h1>Ferry returns to the lower bay</h1>",
         "Ferry returns to the lower bay"),
        (og("Ferry returns to the lower bay"), "<h1>Bay News</h1>", "Ferry returns to the lower bay"),
        # A site's name with a dash of its own, and a title with one.
        (og("Ferry returns | Bay News - The Daily", "Bay News - The Daily"), "", "Ferry returns"),
        (og("Ferry returns — and it is full - Bay"), "<h2>Ferry returns — and it is full</h2>",
         "Ferry returns — and it is full"),
        (og("Bay News | Ferry returns to the bay", "Bay News"), "", "Ferry returns to the bay"),
        (og("Ferry returns | and is full", "Bay News"), "", "Ferry returns | and is full"),
        # A section before the title is none of the site's names.
        ("<title>Opinion | Ferries are for all - Bay News</title>" + og("Opinion | Ferries are for all"),
         "<p>Opinion|Ferries are for all</p><h1>Ferries are for all</h1>", "Ferries are for all"),
        # The heading of a site is no title, nor is a line below a title that names the site.
        ("<title>A ferry for the bay again - The Valley Journal</title>",
         "<header><h1>The Valley Journal</h1></header><h2>A ferry for the bay again</h2>", "A ferry for the bay again"),
        ("<title>A ferry again - The Valley and Highland Journal</title>",
         "<h1 class=site-title>The Valley and Highland Journal</h1><h3>A ferry again</h3>", "A ferry again"),
        ("<title>A ferry again - The Valley Journal</title>" + og("", "The Valley Journal"),
         "<h1>The Valley Journal</h1><h2>A ferry again</h2>", "A ferry again"),
        ("<title>A ferry again - The Valley Journal</title>" + og("A ferry again"),
         "<h1>The Valley Journal</h1><h2>A ferry again</h2>", "A ferry again"),
        ("<title>A ferry runs again - Ferry of the bay</title>",
         "<h1>Ferry of the bay</h1><h2>A ferry runs again</h2>", "Ferry of the bay"),
        ("<title>The Valley Journal - A ferry for the bay again</title>",
         "<h1>A ferry for the bay again</h1><p>The Valley Journal</p>", "A ferry for the bay again"),
        ("<title>A ferry for all again - The Valley Journal</title>",
         f"<h1>The Valley Journal</h1>{TEXT}<h2>A ferry for all again</h2>", "The Valley Journal"),
        # The site's sign stands on the page, too, and leads home.
        ("<title>A ferry for the bay again - Bay News, all the news of the bay</title>",
         "<a href='/'>Bay News, all the news of the bay</a><h2>A ferry for the bay again</h2>", "A ferry for the bay again"),
    ],
)  # fmt: skip
def test_a_title_is_what_readers_see_without_the_site_s_name(
    head: str, body: str, expected: str
) -> None:
    """The heading that shares its words with what is stated; else what is stated, cut to size."""
    assert own_title(head, body) == expected


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
    ("body", "card", "kept"),
    [
        ("<h1>Crews sign</h1>", TITLE, "Crews sign"),
        (f"<h1>{TITLE}</h1>", "Crews sign the list at last", TITLE),
        (
            f"<h1>{TITLE}</h1><p><a href=/s>News of the harbour</a></p>",
            "News of the harbour",
            TITLE,
        ),
        (f"<h1>{TITLE}</h1><p>News</p>", "News", TITLE),
        (f"<h1>{TITLE}</h1>", "", TITLE),
        (
            f"<h1>{TITLE}</h1><h2>Workers hurt as port machine falls</h2>",
            "Workers hurt as port machine falls",
            TITLE,
        ),
    ],
)
def test_a_page_keeps_its_own_title_otherwise(body: str, card: str, kept: str) -> None:
    """A list shortens titles, words them anew, or names the section; the old one may stay below."""
    assert title(body, card, name=f"{kept} - The Bay") == kept


def test_what_stands_below_the_text_is_another_story() -> None:
    """The page itself is believed there."""
    assert title(f"<h1>Harbour opens its gates again</h1>{TEXT}<h3>{TITLE}</h3>") != TITLE


def test_a_title_in_a_list_has_no_mark() -> None:
    """Some themes set the heading as an item of a list, and most the path that leads to it."""
    path = "<ul><li>Ferry returns to the lower bay</li></ul>"
    heading = "<ul><li><h1>Ferry returns to the lower bay</h1></li></ul>"
    tag = "<title>Ferry returns to the lower bay - Bay News</title>"
    assert own_title(tag, path) == own_title(tag, heading) == "Ferry returns to the lower bay"
