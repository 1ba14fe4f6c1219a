"""Whose article the data of a page tells of: the page's own, or another story's."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from spiders import dates, generic
from spiders.blocks import Page

SEEN = datetime(2026, 11, 22, 9, tzinfo=UTC)
URL = "https://e.test/n/1"
TITLE = "Crews sign the list"
OTHER = "Another story of old"
TEXT = "".join(
    f"<p>Crew number {n} signed the list of the harbour on Monday, and the others are to follow.</p>"
    for n in range(6)
)


def news(**facts: object) -> dict[str, object]:
    return {
        "@type": "NewsArticle",
        "author": "Ann Ray",
        "datePublished": "2019-01-02T10:00:00Z",
    } | facts


def found(
    *data: object, url: str | None = URL, head: str = ""
) -> tuple[str | None, tuple[str, ...]]:
    """Return the day and the authors that are read beside a line of 20 November 2026."""
    scripts = "".join(
        f"<script type='application/ld+json'>{json.dumps(one)}</script>" for one in data
    )
    page = (
        f"<html lang=en><head><title>{TITLE} | The Bay</title>{head}{scripts}</head><body>"
        f"<article><h1>{TITLE}</h1><p class=date>20 November 2026</p>{TEXT}</article></body></html>"
    )
    read = generic.read(Page(url, page), "UTC", None, SEEN)[0]
    return dates.local_day(read.dateline).isoformat(), read.authors


OWN, STRANGE = ("2019-01-02", ("Ann Ray",)), ("2026-11-20", ())


@pytest.mark.parametrize(
    "facts",
    [
        {"url": "https://e.test/n/7", "headline": OTHER},
        {"mainEntityOfPage": "https://e.test/n/7", "headline": OTHER},
        {"mainEntityOfPage": {"@id": "https://e.test/n/7"}, "headline": OTHER},
        {"url": "/n/7", "headline": OTHER},
        {"url": "https://e.test/n/7"},
        {"url": "https://e.test/n/1?page=7", "headline": OTHER},
    ],
)
def test_another_story_s_data_neither_dates_nor_signs_the_article(facts) -> None:
    """It names another address, and its headline is not the page's."""
    assert found(news(**facts)) == STRANGE
    assert found(news(**facts), url="https://e.test/") == STRANGE


@pytest.mark.parametrize(
    "facts",
    [
        {"url": "https://e.test/n/7", "headline": TITLE},
        {"url": "https://e.test/n/7", "name": "Crews in the harbour sign another list"},
        {"url": "http://www.e.test/n/1/", "headline": OTHER},
        {"url": "https://e.test/n/1#comments", "headline": OTHER},
        {"url": "https://e.test/", "headline": OTHER},
        {"url": ["https://e.test/n/7"], "headline": OTHER},
        {"url": "mailto:a@e.test", "headline": OTHER},
        {"headline": OTHER},
        {},
    ],
)
def test_data_with_the_page_s_address_or_headline_is_the_article_s(facts) -> None:
    """Both must be another's: addresses move, and headlines are worded anew."""
    assert found(news(**facts)) == OWN


def test_the_canonical_address_is_the_page_s_own() -> None:
    """A page may have been saved, or be asked for, at another one."""
    facts = news(url="https://e.test/n/7", headline=OTHER)
    assert found(facts, head="<link rel=canonical href=/n/7>") == OWN
    assert found(facts, url=None) == OWN


def test_of_several_articles_the_page_s_own_is_believed() -> None:
    """Wherever it stands among them; if none is, what the page prints."""
    others = [news(url=f"https://e.test/n/{n}", headline=f"{OTHER} {n}") for n in (7, 8)]
    own = news(url=URL, headline="Signed", datePublished="2019-01-02T10:00:00Z")
    moved = news(url="https://e.test/moved", headline=TITLE)
    assert found(*others, own) == OWN
    assert found(*others, moved) == OWN
    assert found(*others) == STRANGE
    page = {"@type": "WebPage", "mainEntity": others[0]}
    assert found(page) == STRANGE
    assert found({"@type": "WebPage", "mainEntity": own}) == OWN


@pytest.mark.parametrize("types", ["WebPage", ["WebPage", "ItemPage"], ["Thing", "AboutWebPage"]])
def test_the_data_of_the_page_itself_may_have_several_types(types) -> None:
    """Its date is the article's."""
    assert found({"@type": types, "datePublished": "2019-01-02T10:00:00Z"})[0] == "2019-01-02"


def test_hundreds_of_articles_in_the_data_are_a_list() -> None:
    """Each is held against the page's titles, so no more than the first 200 are looked at."""
    others = [news(url=f"/n/{n}", headline=f"{OTHER} {n}") for n in range(10, 400)]
    assert found([*others[:199], news(url=URL)]) == OWN
    assert found([*others, news(url=URL)]) == STRANGE


@pytest.mark.parametrize("address", [{}, {"url": "https://e.test/"}])
@pytest.mark.parametrize(
    "own",
    [
        {"url": "https://old.test/crews", "headline": TITLE},
        {"headline": TITLE},
    ],
)
def test_a_headline_tells_more_than_no_address(address, own) -> None:
    """A teaser's data without one stands first; the article has moved, or names none either."""
    other = news(headline=OTHER, author="Jo Strange", datePublished="2018-01-02", **address)
    assert found(other, news(**own)) == OWN
    assert found(news(**own), other) == OWN
    assert found(other, news(**own), url=None) == OWN


def test_of_several_teasers_without_an_address_none_is_the_article() -> None:
    """One alone would be believed, and the same one said twice."""
    others = [news(headline=f"{OTHER} {n}") for n in (7, 8)]
    assert found(*others) == STRANGE
    assert found(others[0], others[0]) == OWN
