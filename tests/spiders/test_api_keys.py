"""A JSON answer that nobody described: which of its keys hold the items, and what in them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.visiting import ApiList
from spiders.api_keys import keys_of

URL = "https://e.test/api/v2/stories"


def keys(answer: object) -> ApiList | None:
    """Return what is found in an answer."""
    return keys_of(json.dumps(answer), URL)


def story(number: int) -> dict[str, Any]:
    """Return an item of a content server."""
    return {
        "id": number,
        "attributes": {
            "headline": f"A headline about event {number}",
            "teaser": "What it was about.",
            "publishedAt": 1763731000000 + number,
            "updatedAt": 1763739999999,
            "is.new": True,
            "authors": [{"name": "Lee Moor"}],
            "image": {"url": f"/img/{number}.jpg", "caption": "The bay"},
        },
        "links": {"self": f"/api/v2/stories/{number}", "web": f"/stories/{number}-s"},
    }


def wordpress(number: int) -> dict[str, Any]:
    """Return a post as WordPress tells it."""
    return {
        "id": number,
        "date": "2026-11-20T10:00:00",
        "date_gmt": "2026-11-20T07:00:00",
        "guid": {"rendered": f"https://e.test/?p={number}"},
        "modified": "2026-11-21T10:00:00",
        "link": f"https://e.test/2026/event-{number}/",
        "title": {"rendered": f"A headline about event {number}"},
        "excerpt": {"rendered": "<p>What it was about.</p>"},
    }


def test_keys_are_known_by_their_names_and_what_stands_there() -> None:
    """Not those of a picture, an author or a change, nor an address that answers in JSON."""
    answer = {"meta": {"total": 60}, "data": {"stories": [story(n) for n in range(20)]}}
    assert keys(answer) == ApiList(
        items="data.stories",
        link="links.web",
        title="attributes.headline",
        date="attributes.publishedAt",
        summary="attributes.teaser",
    )


def test_the_answer_itself_may_be_the_list() -> None:
    """The moment in UTC comes before that of a clock without a zone; marks of HTML are no words."""
    assert keys([wordpress(n) for n in range(3)]) == ApiList(
        items="", link="link", title="title.rendered", date="date_gmt"
    )


def test_dated_items_come_before_a_longer_menu() -> None:
    """A menu has addresses and names, too."""
    menu = [{"name": f"Section {n}", "url": f"/s/{n}"} for n in range(40)]
    found = keys({"menu": menu, "data": {"stories": [story(n) for n in range(3)]}})
    assert found is not None
    assert found.items == "data.stories"
    alone = keys({"menu": menu})
    assert alone == ApiList(items="menu", link="url", title="name")


@pytest.mark.parametrize(
    ("paging", "cursor"),
    [
        ({"next": "/api/v2/stories?page=2"}, "paging.next"),
        ({"next_page_url": "https://e.test/api/v2/stories?page=2"}, "paging.next_page_url"),
        ({"next": "https://other.test/2"}, ""),
        ({"next": None, "cursor": "c_10", "previous": "/1"}, ""),
    ],
)
def test_the_address_of_the_next_page_is_a_cursor(paging: dict[str, Any], cursor: str) -> None:
    """One on another host leads nowhere, and a bare mark says not where it goes."""
    found = keys({"paging": paging, "data": [story(n) for n in range(3)]})
    assert found is not None
    assert found.cursor == cursor


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        "words",
        {"answer": 42},
        {"data": [1, 2, 3]},
        [{"title": "No address"}, {"title": "Nor here"}],
        [{"url": "/one"}, {"url": "/two"}],
        [{"url": "/same", "title": "A"}, {"url": "/same", "title": "B"}],
        [{"url": "/a.jpg", "title": "A"}, {"url": "/b.jpg", "title": "B"}],
        [{"url": "/a", "date": "x" * 99}, {"url": "/b", "date": "soon"}],
        [{"link": "http://[", "title": "A"}, {"link": "mailto:x@e.test", "title": "B"}],
        {"a": {"b": {"c": {"d": {"e": [story(1), story(2)]}}}}},
        {"with.dot": [story(1), story(2)]},
        [{"a": {"b": {"c": {"d": {"url": f"/{n}"}}}}, "title": "T"} for n in range(3)],
    ],
)
def test_what_holds_no_items_is_no_list(answer: object) -> None:
    """Each lacks something that a list of items has."""
    assert keys(answer) is None


@pytest.mark.parametrize("body", ["", "<html></html>", "{", "[" * 100_000])
def test_what_is_no_json_is_no_list(body: str) -> None:
    """However it begins, and however deep it goes."""
    assert keys_of(body, URL) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["url", "title", "date", "data", "items", "next", ""]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(VALUES)
def test_any_answer_is_read(answer: object) -> None:
    """What is found has an address and a title or a date."""
    found = keys(answer)
    assert found is None or (found.link and (found.title or found.date))
