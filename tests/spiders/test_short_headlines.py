"""Lists of journals whose titles are two or three words."""

from __future__ import annotations

import pytest

from tests.spiders.lists import listed, moment

SHORT = "".join(
    f"<article class='post post-{n}'><h2 class=entry-title><a href='/p/{n}'>River {n} falls</a></h2>"
    f"<time datetime='2026-11-1{n}T08:00+03:00'>November 1{n}</time></article>"
    for n in range(6)
)
LONGER = "".join(f"<li><a href='/t/{n}'>A longer headline of event {n}</a></li>" for n in range(9))


LONG = (
    "<article class=post><h2 class=entry-title><a href='/p/9'>A longer headline for once</a></h2>"
    "<time datetime=2026-11-10>x</time></article>"
)


def page(markup: str) -> str:
    return f"<html><body><nav><a href='/about'>About</a></nav><main>{markup}</main></body></html>"


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<ul class=sidebar>" + LONGER + "</ul>{}",
        "<article class=post><h2 class=entry-title><a href='/p/pin'>Welcome</a></h2></article>{}",
        "{}" + LONG,
    ],
)
def test_short_headings_are_headlines_where_they_are_dated(around: str) -> None:
    """A heading that is a link, with a day beside it, needs no four words; one may lack its day."""
    cards = listed("listing", page(around.format(SHORT))).cards
    assert [card.title for card in cards if card.title.startswith("River")] == [
        f"River {n} falls" for n in range(6)
    ]
    assert [moment(card) for card in cards if card.title == "River 2 falls"] == ["2026-11-12T05:00"]
    assert len(cards) == 6 + around.count("<h2 ")


@pytest.mark.parametrize(
    "markup",
    [
        SHORT.replace("datetime", "title").replace("November", "x"),
        SHORT.replace("h2", "p"),
        f"<aside>{SHORT}</aside>",
        SHORT.partition("<article class='post post-2'>")[0],
    ],
)
def test_short_links_without_dates_or_headings_are_no_list(markup: str) -> None:
    """Nor those at the side, nor two of them: so look the parts of any site."""
    assert listed("listing", page(markup)).cards == ()
