"""JSON from strangers: one odd item costs itself, a cursor is a text or a number."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from db.visiting import ApiList, Source, State
from monitor.newsroom.wire import JSON, text_answer
from spiders.blocks import Page
from spiders.registry import site
from spiders.site import Fetch, Listing

if TYPE_CHECKING:
    from tests.spiders.conftest import Script, Visitor

SEEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
URL = "https://e.test/list"


def _feed(feed: object) -> Listing:
    """Read a JSON Feed."""
    source = Source(name="s", kind="feed", urls=(URL,))
    return site("feed").read_list(Page(URL, json.dumps(feed), "json"), Fetch(url=URL), source, SEEN)


def test_what_is_no_item_of_a_json_feed_costs_itself() -> None:
    """The items around it are read, and it is counted."""
    good = {"url": "/a/1", "title": "One"}
    found = _feed({"items": [good, "two", None, 3, ["four"], {"url": "/a/5", "title": "Five"}]})
    assert [card.title for card in found.cards] == ["One", "Five"]
    assert found.broken == 4


@pytest.mark.parametrize(
    ("fields", "authors", "tags"),
    [
        ({"authors": "Jo", "tags": "t"}, (), ()),
        (
            {"authors": ["Jo", {"name": "Al"}, 5, {"name": 6}, {}], "tags": ["t", 7, None]},
            ("Jo", "Al"),
            ("t",),
        ),
        ({"author": "Jo"}, ("Jo",), ()),
        ({"authors": {"name": "Jo"}, "author": {"name": "Al"}, "tags": {"t": 1}}, ("Al",), ()),
        ({"authors": None, "author": 5, "tags": 5}, (), ()),
    ],
)
def test_an_odd_field_costs_itself(
    fields: dict[str, object], authors: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    """Whatever stands where names and tags should, the item is read."""
    (card,) = _feed({"items": [{"url": "/a/1", "title": "One", **fields}]}).cards
    assert (card.title, card.authors, card.tags) == ("One", authors, tags)


@pytest.mark.parametrize("feed", [{}, {"items": None}, {"items": {"0": {"title": "x"}}}])
def test_a_json_feed_without_items_is_none(feed: object) -> None:
    """What is no list of items shows no list."""
    assert _feed(feed) == Listing()


def test_a_broken_item_is_a_remark_of_its_visit(script: Script, visitor: Visitor) -> None:
    """The source is fine, the rest is stored, and the report says how many were not read."""
    items = [{"id": "1", "title": "One", "content_text": "Words."}, "two"]
    script.reply("/feed", text_answer(json.dumps({"items": items}), JSON))
    source = Source(name="feed", kind="feed", urls=(f"{script.base}/feed",))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.listed, report.new) == (State.OK, 1, 1)
    assert report.reason == "1 of the lists' items could not be read"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("cursor", "sent"),
    [(9, "9"), ("abc", "abc"), (0, "0"), (True, None), (False, None), ("", None), (None, None),
     (1.5, ""), ({"after": 9}, ""), ([9, "id"], "")],
)  # fmt: skip
def test_a_cursor_says_where_to_go_on(method: str, cursor: object, sent: str | None) -> None:
    """That there is more does not; what is no text and no integer fits into a body only."""
    body = '{"n": 1}' if method == "POST" else ""
    api = ApiList(
        items="rows", link="u", method=method, body=body, cursor="next", cursor_to="after"
    )
    source = Source(name="s", kind="api", urls=(URL,), api=api)
    fetch = Fetch(url=URL, method=method, body=body)
    page = Page(URL, json.dumps({"rows": [{"u": "/a/1"}], "next": cursor}), "json")
    more = site("api").read_list(page, fetch, source, SEEN).more
    asked = [json.loads(one.body)["after"] if method == "POST" else one.url for one in more]
    if method == "POST":
        assert asked == ([] if sent is None else [cursor])
    else:
        assert asked == ([f"{URL}?after={sent}"] if sent else [])
