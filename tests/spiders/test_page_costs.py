"""A page made to hold up its reader costs no more than its length."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.visiting import Source
from spiders import generic
from spiders.blocks import Page
from spiders.feed import SITE as FEED
from spiders.listing import SITE
from spiders.prose import all_around, alone, around, held_by, holds, weights
from spiders.site import Fetch

SEEN = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEXT = "".join(
    f"<p>Crew number {n} signed the list of the harbour on Monday, and the others are to follow.</p>"
    for n in range(4)
)
HEAD = "<h1>Crews sign</h1>"
LESS = "< " * 30_000


@pytest.mark.parametrize(
    "page",
    [
        f"{HEAD}<div class='{'_' * 30_000}'>{TEXT}</div>",
        f"{HEAD}<div id='{'cookie.' * 5000}'>{TEXT}</div>",
        f"{HEAD}<div class='{'aB' * 15_000}'>{TEXT}</div>",
        f"<meta name='author' content='a{'@' * 30_000}'>{HEAD}{TEXT}",
        f"<meta name='author' content='a@{'.' * 30_000}'>{HEAD}{TEXT}",
        f"<meta name='author' content='{'von ' * 8000}'>{HEAD}{TEXT}",
        f"<meta property='og:title' content='{'boats wait ' * 6000}'>{'<h1>Crew</h1>' * 4000}{TEXT}",
        f"<title>{'The harbour - ' * 4000}</title>{TEXT}{'<p>The harbour of the bay</p>' * 2000}",
        (
            "<script type='application/ld+json'>"
            f'{{"@type": "NewsArticle", "articleBody": "{LESS}"}}</script>'
        ),
        f"<script type='application/ld+json'>[{'0,' * 400_000}0]</script>{HEAD}{TEXT}",
        f"{HEAD}{TEXT}{'<p>Share</p>' * 15_000}{TEXT.replace('Crew', 'Boat')}",
        f"{HEAD}{TEXT}{'<p>By Lee Moor</p>' * 10_000}{TEXT.replace('Crew', 'Boat')}",
        f"{'<noscript><div>' * 90}{'<noscript><i><script></script></i></noscript>' * 9000}{HEAD}{TEXT}",
        f"{HEAD}{'<div class=a>' * 190}{TEXT * 60}",
    ],
    ids=lambda page: page[15:60],
)
def test_a_hostile_page_costs_no_more_than_its_length(page: str) -> None:
    """Names, titles, authors and texts of 30,000 characters, and lists of data, each in time."""
    begun = process_time()
    found = generic.read(Page("https://bay.example/n/1", page), "UTC", None, SEEN)[0]
    assert process_time() - begun < 3
    assert found.paragraphs


@pytest.mark.parametrize(
    ("names", "more"),
    [
        (" ".join(f"c{n}" for n in range(15_000)), "Older"),
        ("menu-" * 24_000, "Older"),
        ("-" * 40_000, "Older"),
        ("list", f"{'»' * 60_000} x"),
    ],
    ids=["classes", "menu", "dashes", "guillemets"],
)
@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_the_names_around_a_list_are_read_once(names: str, more: str, ending: str) -> None:
    """Not once for each of its links, nor for each of their marks."""
    links = "".join(
        f"<li><a href='/n/{n}-boats{ending if n % 2 else ''}'>Boat number {n} waits</a></li>"
        for n in range(800)
    )
    page = Page("https://bay.example/", f"<ul class='{names}'>{links}</ul><a href='/2'>{more}</a>")
    source = Source(name="bay", kind="listing", urls=("https://bay.example/",))
    begun = process_time()
    found = SITE.read_list(page, Fetch(url="https://bay.example/"), source, SEEN)
    assert process_time() - begun < 3
    assert len(found.cards) == 800
    assert [fetch.url[-2:] for fetch in found.more] == ["/2"] * (more == "Older")


def test_the_markup_in_a_feed_is_looked_for_once() -> None:
    """Not once for each tag that nobody ended."""
    item = {"title": "Boats", "url": "https://bay.example/n/1", "content_html": "<a" * 60_000}
    body = json.dumps({"items": [item]})
    source = Source(name="bay", kind="feed", urls=("https://bay.example/",))
    begun = process_time()
    found = FEED.read_list(
        Page("https://bay.example/", body, "json"), Fetch(url="https://bay.example/"), source, SEEN
    )
    assert process_time() - begun < 3
    assert [card.title for card in found.cards] == ["Boats"]


def _columns(pairs: int) -> Page:
    """Return two columns, in each one heading of each class; the cards of a pair are columns."""
    names = [str(n).translate(str.maketrans("0123456789", "abcdefghij")) for n in range(pairs)]
    cards = (
        "".join(
            f"<div class={name}x><h3 class={name}><a href='/n/{name}-{column}'>The boats of pier "
            f"{name} wait for the tide</a></h3><p>Some words about them.</p></div>"
            for name in names
        )
        for column in (1, 2)
    )
    page = Page("https://bay.example/news/", "".join(f"<div>{column}</div>" for column in cards))
    assert len(page.blocks) == 4 * pairs
    return page


def test_pairs_of_headings_cost_no_more_than_the_length_of_their_page() -> None:
    """Not half the page for each of them: without dates they are no lists."""
    source = Source(name="bay", kind="listing", urls=("https://bay.example/news/",))
    spent = []
    for pairs in (100, 400):
        page = _columns(pairs)
        begun = process_time()
        assert (
            SITE.read_list(page, Fetch(url="https://bay.example/news/"), source, SEEN).cards == ()
        )
        spent.append(process_time() - begun)
    short, long = spent
    assert long < 8 * short + 1


def test_a_row_with_files_is_read_once() -> None:
    """Not once for each of its files."""
    items = "".join(
        f"<li><a href='/n/{n}-boats'>The boats of pier {n} wait for the tide</a></li>"
        for n in range(6)
    )
    source = Source(name="bay", kind="listing", urls=("https://bay.example/",))
    spent = []
    for files in (120, 480):
        row = "".join(f"<p>About it</p><a href='/f/{n}.pdf'>PDF</a>" for n in range(files))
        page = Page("https://bay.example/", f"<ul>{items}<li>{row}</li></ul>")
        begun = process_time()
        SITE.read_list(page, Fetch(url="https://bay.example/"), source, SEEN)
        spent.append(process_time() - begun)
    short, long = spent
    assert long < 8 * short + 0.2


@pytest.mark.parametrize("tag", ["div", "h3"])
def test_links_around_the_words_of_others_are_read_once(tag: str) -> None:
    """Not once for each of the hundred that no page has closed."""
    nested = "".join(f"<div><{tag}><a href='/n/{n}-boats'>Boat number {n} waits" for n in range(60))
    page = Page("https://bay.example/", nested + "<p>w</p>" * 20_000)
    source = Source(name="bay", kind="listing", urls=("https://bay.example/",))
    begun = process_time()
    SITE.read_list(page, Fetch(url="https://bay.example/"), source, SEEN)
    assert process_time() - begun < 6
    assert sum(len(block.links) for block in page.blocks) <= len(page.blocks)


def test_what_stands_in_an_element_is_summed_from_the_inside_out() -> None:
    """Each element is weighed once: its own lines, and those of all elements in it."""
    page = Page(None, f"<div><section><p>{'one ' * 20}</p><p>two</p></section>three</div>four")
    weighed = {scope.tag: weight for scope, weight in weights(page.blocks).items()}
    assert weighed == {"html": 91, "body": 91, "div": 87, "section": 82, "p": 3}


@given(st.lists(st.sampled_from(("<div>", "</div>", "<ul>", "</ul>", "<p>x</p>", "<li>x</li>"))))
def test_what_is_told_of_all_elements_at_once_is_told_of_each(tags: list[str]) -> None:
    """The quick ways and the plain ones say the same of any nesting."""
    blocks = Page(None, f"<body>{''.join(tags)}<p>end</p>").blocks
    chains = [list(around(block.scope)) for block in blocks]
    every = {scope for chain in chains for scope in chain}
    assert all_around(blocks) == every
    assert alone(blocks) == {s for s in every if sum(s in chain for chain in chains) == 1}
    for holder in every:
        assert held_by(holder, blocks) == [holds(holder, block) for block in blocks]
