"""What a card tells of its item: its teaser, and never the line of its date and author."""

from __future__ import annotations

import pytest

from tests.spiders.lists import listed

TEASER = "Officials said the work would start soon."
META = (
    "Posted on November 19, 2026 by Ann Brook",
    "November 20, 2026 at 4:36 pm by Tom Hill",
    "November 20, 2026 at 4:36 p.m.",
    "19 November 2026 - 07:36",
    "Thursday, 19 November 2026, 07:36 | World and Politics | Ann Brook, Ray Moor | 12 comments »",
    "Published by the press office of the region on 19 November 2026 at 07:36 in World and Politics",
    "Veröffentlicht am 19. November 2026 von Anna Bach",
    "19 ноября 2026, 07:36, Администрация района",
    "By Ann Brook and Raymond Moor-Hill",
    "Filed under Uncategorized, Politics and World",
    "1,244 views | 12 comments",
    "3 hours ago by Ann Brook and others",
)  # fmt: skip
TEASERS = (
    TEASER,
    "A headline about event number {n}: officials said the work would start soon.",
    "The bridge opens on 3 May 2027, officials say.",
    "3 May 2027 is the day on which the bridge opens, officials say.",
    "12.03.2026 The minister met his counterpart in Paris to talk about the bridge",
    "By the end of spring the bridge is to be open again.",
    "Posted letters will come a day later, the office says.",
    "19 November 2026 brought rain to all valleys; "
    + "the office says that the bridge stands, " * 5,
    "Views of the bridge from 1911 were shown to 244 guests.",
)


def summaries(inner: str) -> list[str]:
    """Return what a list of four tells beside its headlines; `inner` stands below each."""
    cards = "".join(
        f"<div class=c><h3><a href='/n/{n}'>A headline about event number {n}</a></h3>"
        f"{inner.replace('{n}', str(n))}</div>"
        for n in range(4)
    )
    found = listed("listing", f"<html><body><div class=list>{cards}</div></body></html>").cards
    return [card.summary for card in found]


@pytest.mark.parametrize("meta", META)
def test_a_line_of_date_and_author_is_no_summary(meta: str) -> None:
    """It may be longer than the teaser beside it, or alone."""
    assert summaries(f"<div class=m>{meta}</div><p>{TEASER}</p>") == [TEASER] * 4
    assert summaries(f"<p>{meta}</p>") == [""] * 4


@pytest.mark.parametrize("told", TEASERS)
def test_a_teaser_is_the_summary_whatever_it_opens_with(told: str) -> None:
    """With the headline, with a day, or with words that open a line of another kind."""
    expected = [told.replace("{n}", str(n)).strip() for n in range(4)]
    assert summaries(f"<small>November 20, 2026 at 4:36 pm</small><p>{told}</p>") == expected


def test_words_for_more_are_no_part_of_a_teaser() -> None:
    """A link on a word of its own stays."""
    more = "<a href='/n/{n}'>Continue reading →</a>"
    assert summaries(f"<p>{TEASER} {more}</p>") == [TEASER] * 4
    assert summaries(f"<p>{TEASER[:-5]}<a href='/x'>soon.</a></p>") == [TEASER] * 4
    assert summaries("<p><a href='/n/{n}'>A headline about event number {n} in full →</a></p>") == (
        [""] * 4
    )
    behind = "<a href='/n/{n}'>A headline about event number {n}</a> and what followed it in May"
    assert summaries(f"<p>{behind}</p>") == [""] * 4
