"""What an answer is read as: an article only where an article can stand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db.model import TextBasis
from db.visiting import State
from monitor.newsroom.wire import Answer, text_answer

if TYPE_CHECKING:
    import pytest

    from db.visiting import Source
    from tests.spiders.conftest import Script, Visitor

ITEMS = ("one", "two", "three", "four", "five")


def _all_lead_to(script: Script, where: str) -> None:
    for item in ITEMS:
        script.reply(f"/a/{item}", Answer(status=302, headers=(("Location", where),)))


def test_articles_that_lead_to_one_notice_stay_five_items(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A page at no article's address is nobody's: each item is kept from its card, unaliased."""
    script.show("/list", *ITEMS)
    _all_lead_to(script, "/notice/")
    script.reply("/notice/", text_answer("<h1>Notice</h1><p>We are moving.</p>"))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new, report.edited, report.failed) == (State.ERRORING, 5, 0, 5)
    assert "leads to /notice/, where no article stands" in report.reason
    with visitor.store() as store:
        kept = [change.value.article for change in store.changes(10)]
    assert {article.url for article in kept} == {f"{script.base}/a/{item}" for item in ITEMS}
    assert {article.text_basis for article in kept} == {TextBasis.LISTING}


def test_an_article_read_before_is_not_edited_into_a_notice(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """When known articles begin to lead to a notice, none changes; later they are read again."""
    script.show("/list", *ITEMS)
    for item in ITEMS:
        script.article(item)
    visitor.visit(source, script.allow)
    _all_lead_to(script, "/notice/")
    script.reply("/notice/", text_answer("<h1>Notice</h1><p>We are moving.</p>"))
    visitor.now += timedelta(hours=11)
    report = visitor.visit(source, script.allow)
    assert (report.failed, report.edited, report.new) == (5, 0, 0)
    with visitor.store() as store:
        assert store.counts().articles == 5
        assert len(store.changes(20)) == 5


def test_a_page_that_fills_the_memory_costs_one_record(
    script: Script, visitor: Visitor, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are read, and its frames are let go: no traceback is told."""
    script.show("/list", "huge", "good")
    script.reply("/a/huge", text_answer("<h1>HUGE</h1>"))
    script.article("good")
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new, report.read, report.failed) == (State.OK, 2, 1, 1)
    assert report.reason.endswith("not read: it takes more memory than a round may have")
    (told,) = [line for line in caplog.records if "page_too_large" in line.message]
    assert told.exc_info is None
