"""Pages are nested as browsers nest them, whatever tags they leave out or forget to end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from lxml.html import HtmlElement

from spiders import generic
from spiders.blocks import Page
from spiders.parsing import parse_html

if TYPE_CHECKING:
    from db.model import Dateline

SEEN = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEXT = "".join(
    f"<p>Crew number {n} signed the list of the harbour on Monday, and the others follow.</p>"
    for n in range(6)
)
STORY = f"<h1>Crews sign the list</h1><p class=date>20 November 2026</p>{TEXT}"
META = "<!doctype html><html lang=en><meta charset=utf-8><title>Crews sign the list</title>"


def _read(body: str) -> tuple[int, int, Dateline]:
    page = Page("https://bay.example/n/1", body)
    found = generic.read(page, "UTC", None, SEEN)[0]
    return len(page.blocks), len(found.paragraphs), found.dateline


@pytest.mark.parametrize(
    "body",
    [
        f"{META}<article>{STORY}</article>",
        f"{META}<main>{STORY}</main>",
        f"{META}<section>{STORY}</section>",
        f"{META}<app-root>{STORY}</app-root>",
        f"{META}<div>{STORY}</div>",
        f"<head><title>Crews sign the list</title></head><article>{STORY}</article>",
        f"<head><title>Crews sign the list</title><body><article>{STORY}</article>",
        f"<head><title>Crews sign the list</title><main>{STORY}</main></head><body></body>",
    ],
)
def test_a_page_may_leave_out_the_tags_of_head_and_body(body: str) -> None:
    """HTML lets it, and what makes pages small does it: title, date and text are read."""
    blocks, paragraphs, when = _read(body)
    assert (blocks, paragraphs) == (8, 6)
    assert when.when == datetime(2026, 11, 20, tzinfo=UTC)


def test_what_a_head_was_left_with_keeps_its_order_and_its_words() -> None:
    """What stands between the moved and behind them stays there; metadata stays in the head."""
    tree = parse_html(
        "<title>T</title><nav>one</nav><script>s</script><main>two</main><meta name=a content=b>"
        "<body class=k>three<p>four</p></body>"
    )
    (head, body) = tree
    assert [node.tag for node in head] == ["title", "meta"]
    assert [node.tag for node in body] == ["nav", "script", "main", "p"]
    assert [block.text for block in Page(None, "<nav>one</nav> <main>two").blocks] == ["one", "two"]
    assert " ".join(body.itertext()).split() == ["one", "s", "two", "three", "four"]


@pytest.mark.parametrize("rest", ["<script>track()</script>", "<i></i>" * 60])
def test_what_noscript_swallowed_is_let_out(rest: str) -> None:
    """An element in it that nobody ended holds the rest of the page to a parser of HTML 4."""
    swallowed = f"<noscript><div></noscript>{rest}<article>{STORY}</article>"
    assert _read(f"<body>{swallowed}")[1:] == _read(f"<body><article>{STORY}</article>")[1:]


def test_what_is_meant_for_browsers_without_scripts_is_not_read() -> None:
    """It stands where it belongs, and no reader sees it."""
    page = Page(None, "<body><noscript><p>Allow scripts.</p></noscript><p>Words</p>")
    assert [block.text for block in page.blocks] == ["Words"]


def test_all_elements_are_of_the_one_class_that_htmldate_takes() -> None:
    """Forms and fields have classes of their own in lxml, which nothing here asks for."""
    tree = parse_html("<form><label>Name</label><input name=q><select></select></form><x-y></x-y>")
    assert {type(node) for node in tree.iter()} == {HtmlElement}
