"""Conditional requests: what is sent back, what a 304 confirms, how long it is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.visiting import State, Validator
from monitor.newsroom.wire import JSON, Answer, Request, text_answer
from spiders.courtesy_validators import conditions, offered, still_trusted

if TYPE_CHECKING:
    from db.visiting import Source
    from tests.rows import Row
    from tests.spiders.conftest import Script, Visitor

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.torture("R-24")
@pytest.mark.parametrize("etag", ['W/"weak"', '"strong"', "unquoted", '"with, comma"'])
def test_an_etag_is_sent_back_as_it_came(
    etag: str, script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """Weak, strong and malformed tags are the server's own business."""
    script.show("/list", "one")
    script.article("one")
    page = script.replies["/list"]

    def tagged(request: Request) -> Answer:
        assert callable(page)
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304)
        plain = replace(request, headers={})
        return replace(page(plain), headers=(("ETag", etag),))

    script.reply("/list", tagged)
    visitor.visit(source, script.allow)
    report = visitor.visit(source, script.allow)
    row.count("tags sent back", report.unchanged)
    assert report.state is State.UNCHANGED


@pytest.mark.torture("R-24")
def test_a_new_tag_on_the_same_words_stores_nothing(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A page whose tag changes while its words do not is no edit."""
    script.show("/list", "one")
    script.article("one")
    visitor.visit(source, script.allow)
    page = script.replies["/a/one"]
    script.reply(
        "/a/one",
        lambda request: replace(page(replace(request, headers={})), headers=(("ETag", '"2"'),)),
    )
    visitor.now += timedelta(hours=11)
    report = visitor.visit(source, script.allow)
    assert (report.read, report.edited, report.new) == (1, 0, 0)


@pytest.mark.torture("R-24")
def test_a_304_nobody_asked_for_is_no_confirmation(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A 304 to an unconditional request says nothing; the source is not fine for it."""
    script.reply("/list", Answer(status=304))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.list_read) == (State.ERRORING, False)


@pytest.mark.torture("R-24")
def test_a_list_that_could_not_be_read_is_asked_for_unconditionally(
    script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """What failed to parse left no validator, so a server that changes nothing sends it again."""
    script.show("/list", "one")
    script.article("one")
    honest = script.replies["/list"]
    script.reply("/list", script.validated(text_answer("<html>not a list", JSON)))
    assert visitor.visit(source, script.allow).state is State.ERRORING
    conditional = "if-none-match" in script.asked("/list")[-1].headers
    script.reply("/list", honest)
    report = visitor.visit(source, script.allow)
    conditional |= "if-none-match" in script.asked("/list")[-1].headers
    row.count("conditional requests after a failed reading", conditional)
    row.count("items missed", 1 - report.new)
    assert (report.new, conditional) == (1, False)


@pytest.mark.torture("R-24")
def test_a_list_is_read_in_full_every_twelve_hours(
    script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """A server whose validators lie is believed for half a day."""
    script.show("/list", "one")
    script.article("one")
    script.article("two")
    visitor.visit(source, script.allow)
    script.show("/list", "two", "one")
    honest = script.replies["/list"]

    def lying(request: Request) -> Answer:
        assert callable(honest)
        return Answer(status=304) if "if-none-match" in request.headers else honest(request)

    script.reply("/list", lying)
    visitor.now += timedelta(hours=6)
    assert visitor.visit(source, script.allow).new == 0
    visitor.now += timedelta(hours=6)
    found = visitor.visit(source, script.allow).new
    row.count("items missed behind validators that lie, after 12 hours", 1 - found)
    assert found == 1


def test_validators_that_cannot_be_sent_back_are_not_kept() -> None:
    """Control characters and megabytes do not become request headers; the clock may be wrong."""
    assert offered({"etag": '"a\x01"', "last-modified": ""}, "u", NOW) is None
    assert offered({"etag": '"' + "a" * 2000 + '"'}, "u", NOW) is None
    kept = offered({"etag": ' "a" ', "last-modified": "yesterday"}, "u", NOW)
    assert kept == Validator(url="u", etag='"a"', last_modified="yesterday", stored_at=NOW)
    assert conditions(kept) == {"If-None-Match": '"a"', "If-Modified-Since": "yesterday"}
    assert conditions(None) == {}
    assert still_trusted(kept, NOW - timedelta(hours=1)) is None
