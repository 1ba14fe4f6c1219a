"""The list of a section page: found by selectors, or by the links that repeat."""

from __future__ import annotations

import pytest

from db.model import Basis
from db.visiting import Selectors
from spiders.registry import site
from spiders.site import Listing
from tests.spiders.lists import listed, moment


def section(cards: str, more: str = "") -> str:
    return (
        "<html><body><nav><ul>"
        + "".join(
            f"<li><a href='/menu/{n}'>A menu entry with many words {n}</a></li>" for n in range(9)
        )
        + f"</ul></nav><div class='list'>{cards}</div>{more}<footer><a href='/x/1'>Terms and conditions of use here</a></footer></body></html>"
    )


CARDS = "".join(
    f"<div class='item'><a href='/story-{n}'><img></a><h3><a href='/story-{n}?utm_source=l'>A headline about event number {n}</a></h3>"
    f"<span class='when'>{19 - n} November 2026, 10:00</span><p>What the event number {n} was about, in a sentence.</p><a href='/story-{n}'>More</a></div>"
    for n in range(4)
)


def test_a_list_is_found_by_its_repeated_links() -> None:
    """Menus repeat too; headlines with dates beside them are the list."""
    cards = listed("listing", section(CARDS)).cards
    assert [card.url for card in cards] == [f"https://e.test/story-{n}" for n in range(4)]
    assert cards[1].title == "A headline about event number 1"
    assert cards[1].summary == "What the event number 1 was about, in a sentence."
    assert [moment(card) for card in cards][:2] == ["2026-11-19T07:00", "2026-11-18T07:00"]
    assert cards[0].dateline.basis is Basis.LISTING


@pytest.mark.parametrize(
    "markup",
    [
        "<ul>{}</ul>|<li><time datetime='2026-11-{d}T10:00+03:00'></time><a href='/n/{n}'>A headline about event number {n}</a></li>",
        "<table>{}</table>|<tr><td>{d}.11.2026 10:00</td><td><a href='/n/{n}'>A headline about event number {n}</a></td></tr>",
        "<main>{}</main>|<article><a href='/n/{n}'><h2>A headline about event number {n}</h2><div>{d} November 2026, 10:00</div></a></article>",
        "<div>{}</div>|<p>10:00, {d} ноября 2026 г.<br><a href='/n/{n}'>A headline about event number {n}</a></p>",
    ],
)
def test_lists_of_many_shapes_are_found(markup: str) -> None:
    """Items, rows, articles and paragraphs: link, headline and date come out of each."""
    around, card = markup.split("|")
    inner = "".join(card.format(n=n, d=19 - n) for n in range(5))
    cards = listed("listing", section(around.format(inner))).cards
    assert [(card.url, moment(card)) for card in cards] == [
        (f"https://e.test/n/{n}", f"2026-11-{19 - n}T07:00") for n in range(5)
    ]
    assert all("A headline about event number" in card.title for card in cards)


@pytest.mark.parametrize("selectors", [None, Selectors(card=".item")])
@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("The exhibition tells how the bridge was opened on 3 May 2026 by an engineer.", None),
        ("Opened on 3 May 2026.", None),
        ("Открыт с 3 мая 2026 года", None),
        ("The talks that began yesterday, 09:00 in the old town hall go on without a break.", None),
        ("Posted on 3 May 2026, 10:00", "2026-05-03T07:00"),
        ("3 May 2026, 10:00 | World | 12 comments", "2026-05-03T07:00"),
        ("By Jo Doe, yesterday, 09:00", "2026-11-20T06:00"),
    ],
)
def test_a_date_that_a_lead_tells_of_does_not_date_its_card(
    printed: str, told: str | None, selectors: Selectors | None
) -> None:
    """A list's own date stands by itself; what stands in a sentence belongs to an event."""
    body = "".join(
        f"<div class='item'><h3><a href='/story-{n}'>How the year of 2 May 2026 came to us, {n}</a></h3>"
        f"<p>{printed}</p></div>"
        for n in range(4)
    )
    cards = listed("listing", section(body), selectors=selectors).cards
    assert [moment(card) for card in cards] == [told] * 4


def test_a_page_without_a_list_gives_no_cards() -> None:
    """Menus, a single article and an empty page are no lists."""
    for body in (
        "",
        section(""),
        section("<h1>T</h1><p>Text with <a href='/a'>one link inside it</a>.</p>"),
    ):
        assert listed("listing", body) == Listing()


def test_relative_dates_of_cards_are_read_from_the_moment_of_the_visit() -> None:
    """`yesterday, 09:00` is a listing's date like any other."""
    body = section(CARDS.replace("19 November 2026, 10:00", "yesterday, 09:00"))
    assert moment(listed("listing", body).cards[0]) == "2026-11-20T06:00"


@pytest.mark.parametrize(
    "more",
    [
        "<a rel='next' href='/news/?p=2'>&gt;&gt;</a>",
        "<a href='/news/?p=2'>Older »</a>",
        "<a href='/news/?p=2'>Следующая</a>",
        "<link rel='next' href='/news/?p=2'>",
    ],
)
def test_the_next_page_of_a_list_is_found(more: str) -> None:
    """Stated as next, or named so; a link to another host is none."""
    (fetch,) = listed("listing", section(CARDS, more)).more
    assert (fetch.url, fetch.follows) == ("https://e.test/news/?p=2", 1)
    assert (
        listed("listing", section(CARDS, more.replace("/news", "https://other.test/news"))).more
        == ()
    )


@pytest.mark.parametrize(
    "selectors",
    [
        Selectors(card="div.item", title="h3", link="h3 a", date=".when", summary="p"),
        Selectors(
            card="//div[@class='item']",
            title=".//h3",
            link=".//h3/a",
            date=".//span",
            summary=".//p",
        ),
        Selectors(card=".item"),
    ],
)
def test_selectors_say_where_the_parts_stand(selectors: Selectors) -> None:
    """CSS or XPath 1.0; what is not said is found by itself."""
    cards = listed("listing", section(CARDS), selectors=selectors).cards
    assert (cards[0].url, cards[0].title, moment(cards[0])) == (
        "https://e.test/story-0", "A headline about event number 0", "2026-11-19T07:00",
    )  # fmt: skip
    assert len(cards) == 4
    assert listed("listing", section(CARDS), selectors=Selectors(card=".gone")).cards == ()


@pytest.mark.parametrize(
    ("url", "is_article"),
    [("https://e.test/news/a-b-c", True), ("https://e.test/", False), ("https://e.test/photo.jpg", False), ("mailto:x", False),
     ("https://e.test/tag/flood", False), ("https://e.test/story.html", True), ("https://e.test/about", False)],
)  # fmt: skip
def test_an_article_s_address_is_told_from_the_site_s_own(url: str, is_article: bool) -> None:  # noqa: FBT001 - a table's column
    """Roots, files, tags and small print are no articles."""
    assert site("listing").is_article(url) is is_article


@pytest.mark.parametrize(
    ("told", "found"),
    [("No news found.", True), ("Новостей пока нет", True), ("Our news of the day", False)],
)
def test_a_section_page_without_items_is_empty_only_if_it_says_so(
    told: str, *, found: bool
) -> None:
    """Otherwise nobody can tell an empty list from one whose layout changed."""
    listing = listed("listing", f"<html><body><h1>News</h1><p>{told}</p></body></html>")
    assert (listing.cards, listing.found) == ((), found)


POST = """<div id="post-{n}" class="post-{n} post type-post status-publish category-{topic} hentry">
<h2 class="entry-title"><a href="/2026/11/{slug}/">{title}</a></h2>
<p class="meta">{day} November 2026 | <a href="/2026/11/{slug}/#comments">Leave a comment on it</a></p>
<p>What the correspondent saw there is told here, in a sentence or two of its own.
<a href="/2026/11/{slug}/#more">Read the rest of this entry</a></p></div>"""
NEWS = [
    ("Dam on the upper river is filled", "dam"),
    ("Talks end without a paper", "talks"),
    ("Fair opens", "fair"),
    ("Road over the pass is closed for the winter", "road"),
]
SIDE = "".join(
    f"<li><a href='/2026/10/read-{n}/'>What everybody read most in all of October, number {n}</a></li>"
    for n in range(9)
)


def journal(side: str) -> str:
    """Return a page as the most common program for journals lays it out."""
    posts = "".join(
        POST.format(n=40 + n, topic=slug, slug=slug, title=title, day=19 - n)
        for n, (title, slug) in enumerate(NEWS)
    )
    return f"<html><body><div id='page'><div id='main'>{posts}</div>{side}</div></body></html>"


@pytest.mark.parametrize(
    "side",
    [
        f"<div id='sidebar'><ul>{SIDE}</ul></div>",
        f"<aside><ul>{SIDE}</ul></aside>",
        f"<div class='widget widget_recent_entries'><ul>{SIDE}</ul></div>",
        f"<div class='mainmenu2'><ul>{SIDE}</ul></div>",
        f"<div class='box'><ul>{SIDE}</ul></div>",
    ],
)
def test_the_list_is_what_says_most_of_its_items_and_not_the_box_beside_it(side: str) -> None:
    """Each post has a class of its own, and the box has more and longer headlines."""
    cards = listed("listing", journal(side)).cards
    assert [card.title for card in cards] == [title for title, _ in NEWS]
    assert [moment(card) for card in cards] == [f"2026-11-{18 - n}T21:00" for n in range(4)]
    assert all(card.summary.startswith("What the correspondent saw") for card in cards)


def test_a_box_is_the_list_where_there_is_no_other() -> None:
    """A name alone takes nothing from a page."""
    body = f"<html><body><div class='widget'><ul>{SIDE}</ul></div></body></html>"
    assert len(listed("listing", body).cards) == 9


def test_a_headline_ends_where_its_link_ends() -> None:
    """What stands behind a link, or behind a card, is no part of it."""
    items = "".join(
        f"<li><a href='/n/{n}'>A headline about event number {n}</a> and what stands behind</li>, "
        for n in range(4)
    )
    cards = listed("listing", section(f"<ul>{items}</ul>")).cards
    assert [card.title for card in cards] == [
        f"A headline about event number {n}" for n in range(4)
    ]


def test_a_link_that_holds_more_than_its_heading_is_called_by_it() -> None:
    """A whole card may be one link."""
    items = "".join(
        f"<a href='/n/{n}'><span>12:0{n}</span><h3>Event number {n} is over</h3>"
        "<p>Much more is told of it in these words than its heading has.</p></a>"
        for n in range(4)
    )
    cards = listed("listing", section(items)).cards
    assert [card.title for card in cards] == [f"Event number {n} is over" for n in range(4)]


def test_an_item_whose_only_words_lead_on_has_no_title() -> None:
    """It is read from its page."""
    items = "".join(
        f"<li><a href='/n/{n}'>{words}</a></li>"
        for n, words in enumerate(
            ["A headline about the first event", "Another about the second event"] * 2
            + ["Continue reading this story"]
        )
    )
    cards = listed("listing", section(f"<ul>{items}</ul>")).cards
    assert [bool(card.title) for card in cards] == [True] * 4 + [False]


def test_headlines_in_chinese_writing_are_short() -> None:
    """Seven signs are as good as twenty letters."""
    titles = ("总统访问邻国首都", "两国签署边境协议", "山区道路恢复通车")
    items = "".join(f"<li><a href='/n/{n}'>{title}</a></li>" for n, title in enumerate(titles))
    cards = listed("listing", f"<html><body><ul>{items}</ul></body></html>").cards
    assert tuple(card.title for card in cards) == titles


def test_items_may_be_named_by_their_number_alone() -> None:
    """At the site's own address; its categories and pages are named like that, too."""
    items = "".join(
        f"<h2><a href='/?p={n}'>A headline about event number {n}</a></h2>" for n in range(100, 104)
    )
    links = "<a href='/?cat=2'>All that was written about the world</a><a href='/?paged=2'>2</a>"
    found = listed("listing", f"<html><body>{items}{links}</body></html>", url="https://e.test/")
    assert [card.url for card in found.cards] == [f"https://e.test/?p={n}" for n in range(100, 104)]
    assert [fetch.url for fetch in found.more] == ["https://e.test/?paged=2"]


@pytest.mark.parametrize(
    "words",
    [
        "← Older posts",
        "Next entries »",
        "След.",
        "Вперёд",
        "Siguiente",
        "下一页",
        "次のページ",
        "2",
    ],
)
def test_the_next_page_is_named_in_many_ways(words: str) -> None:
    """Or by its number only."""
    more = f"<a href='/news/?page=1'>Newer posts →</a><a href='/news/?page=2'>{words}</a>"
    assert [fetch.url for fetch in listed("listing", section(CARDS, more)).more] == [
        "https://e.test/news/?page=2"
    ]


def test_a_link_without_words_may_be_labelled() -> None:
    """An arrow drawn as a picture says to those who cannot see it where it leads."""
    more = "<a aria-label='Next page' href='/news/?start=20'><i class='icon'></i></a>"
    assert [fetch.url for fetch in listed("listing", section(CARDS, more)).more] == [
        "https://e.test/news/?start=20"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("row-odd", "row-even"), ("item-left", "item-right"), ("rowA", "rowB"), ("odd", "even")],
)
def test_rows_that_differ_in_turn_are_one_list(one: str, other: str) -> None:
    """Half of it would never be seen."""
    rows = "".join(
        f"<div class='{other if n % 2 else one}'><h3><a href='/n/{n}'>A headline of event {n}</a></h3></div>"
        for n in range(10)
    )
    assert len(listed("listing", section(rows)).cards) == 10


LEAD = "<div class=hero><h2><a href='/lead-7'>The lead story of the day has a layout of its own</a></h2>{}</div>"
TOLD = "<p>It tells what the day was about.</p>"


@pytest.mark.parametrize("around", ["{0}{1}", "<main>{0}<div class=all>{1}</div></main>"])
def test_a_lead_story_above_a_list_is_its_first_card(around: str) -> None:
    """It stands in the same part of the page, and something is said beside its headline."""
    body = around.format(LEAD.format(TOLD), f"<div class=items>{CARDS}</div>")
    cards = listed("listing", section(body)).cards
    assert [card.url for card in cards] == [
        "https://e.test/lead-7",
        *(f"https://e.test/story-{n}" for n in range(4)),
    ]
    assert cards[0].summary == "It tells what the day was about."
    assert cards[1].summary == "What the event number 0 was about, in a sentence."
    assert moment(cards[0]) is None


@pytest.mark.parametrize(
    "above",
    [
        LEAD.format(""),
        f"<aside>{LEAD.format(TOLD)}</aside>",
        f"<div class=related>{LEAD.format(TOLD)}</div>",
        LEAD.format(TOLD).replace("h2", "div"),
        "<h2><a href='/lead-7'>Short</a></h2><p>It tells what the day was about.</p>",
        *(
            "".join(
                f"<{tag}><h2><a href='/lead-{n}'>A headline of some other story {n}</a></h2>{TOLD}</{tag}>"
                for n, tag in enumerate(("div", "section", "article", "p", "span"))
            ),
        ),
    ],
    ids=["bare", "aside", "related", "no heading", "short", "several"],
)
def test_what_else_stands_above_a_list_is_no_card(above: str) -> None:
    """Boxes, banners, and lists of another kind."""
    cards = listed("listing", section(f"{above}<div class=items>{CARDS}</div>")).cards
    assert [card.url for card in cards] == [f"https://e.test/story-{n}" for n in range(4)]


def test_what_stands_in_another_part_of_the_page_is_no_lead() -> None:
    """Few elements around the list hold what is above it."""
    deep = f"<div><div><div><div><div class=items>{CARDS}</div></div></div></div></div>"
    cards = listed("listing", section(f"{LEAD.format(TOLD)}{deep}")).cards
    assert len(cards) == 4


def test_a_list_of_two_is_known_by_its_dates() -> None:
    """Two headings that lead elsewhere stand on many a page."""
    two = CARDS.partition("<div class='item'><a href='/story-2'>")[0]
    cards = listed("listing", section(two)).cards
    assert [moment(card) for card in cards] == ["2026-11-19T07:00", "2026-11-18T07:00"]
    assert listed("listing", section(two.replace("November", "x"))).cards == ()
    assert listed("listing", section(two.replace("h3", "div"))).cards == ()
    assert listed("listing", section(f"<aside>{two}</aside>")).cards == ()
