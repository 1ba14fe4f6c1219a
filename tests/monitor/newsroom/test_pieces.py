"""Pieces of the press room that its usual stories do not need: odd texts, edits and answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from db.model import Precision
from monitor.newsroom.markup import blocks
from monitor.newsroom.press import Edit, Press
from monitor.newsroom.story import Block, Story
from monitor.newsroom.wire import Answer

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
STORY = Story(
    key="k",
    site="tass",
    path="/k",
    title="Before",
    body=(Block("paragraph", "one"), Block("item", "two")),
    at=NOW,
    precision=Precision.MINUTE,
    evidence=(),
)


def test_a_text_may_end_in_a_list() -> None:
    """The list is closed all the same."""
    assert blocks(STORY.body) == "<p>one</p>\n<ul>\n<li>two</li>\n</ul>\n"


def test_an_edit_changes_a_title_or_a_paragraph() -> None:
    """What an edit does not name stays."""
    press = Press(now=NOW, stories=(STORY,))
    titled = press.edit(Edit(key="k", wave=1, title="After")).desk("tass", "", "en")
    assert titled.at("/k") == replace(STORY, title="After")
    worded = press.edit(Edit(key="k", wave=1, paragraph=0, text="1")).desk("tass", "", "en")
    assert worded.at("/k") == replace(STORY, body=(Block("paragraph", "1"), STORY.body[1]))


def test_a_status_nobody_knows_is_sent_all_the_same() -> None:
    """The room can answer as oddly as the net does."""
    assert Answer(status=599).encoded("GET").startswith(b"HTTP/1.1 599 Unknown\r\n")
