"""Article pages that cannot be had: a remark, and a state where most of them fail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.visiting import State
from monitor.newsroom.wire import text_answer

if TYPE_CHECKING:
    from db.visiting import Source
    from tests.spiders.conftest import Script, Visitor


def test_pages_that_fail_again_say_nothing_new_of_their_source(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Most pages of a round fail: the source is ill. That they fail once more is a remark."""
    script.show("/list", "one", "two", "three")
    script.article("one")
    for item in ("two", "three"):
        script.reply(f"/a/{item}", text_answer("<p>no title</p>"))
    first = visitor.visit(source, script.allow)
    assert (first.state, first.read, first.failed) == (State.ERRORING, 1, 2)
    visitor.now += timedelta(days=1)
    again = visitor.visit(source, script.allow)
    assert (again.state, again.failed) == (State.OK, 2)
    assert again.reason.startswith("2 of 3 article pages could not be had: no text found")
