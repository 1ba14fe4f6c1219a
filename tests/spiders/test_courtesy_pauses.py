"""A host that asks for a pause gets it: Retry-After, for all sources, over visits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.visiting import State
from monitor.newsroom.wire import Answer, text_answer
from spiders.courtesy_wishes import LONGEST_WISH, retry_after

if TYPE_CHECKING:
    from db.store import Store
    from db.visiting import Report, Source
    from tests.rows import Row
    from tests.spiders.conftest import Script, Visitor

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Unfinished:
    """A store that no visit lives to write its report to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def finish(self, report: Report, *, next_at: datetime) -> None:  # noqa: ARG002
        """Die."""
        raise OSError("killed")


@pytest.mark.torture("R-25")
@pytest.mark.parametrize(
    ("status", "wish", "pause"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, "Mon, 05 Jan 2026 10:00:00 GMT", 3600),
        (429, "soon", 600),
        (429, None, 600),
        (429, "-5", 600),
        (503, "1000000000", 86400),
        (503, "Mon, 05 Jan 2099 10:00:00 GMT", 86400),
        (429, "9" * 400, 86400),
    ],
)
def test_retry_after_is_kept_and_capped(  # noqa: PLR0913 - a table and four fixtures
    *,
    status: int,
    wish: str | None,
    pause: int,
    script: Script,
    visitor: Visitor,
    source: Source,
    row: Row,
) -> None:
    """A host that asks for a pause gets it: no retry, and no visit before the time."""
    headers = (("Retry-After", wish),) if wish else ()
    script.reply("/list", Answer(status=status, headers=headers))
    report = visitor.visit(source, script.allow)
    assert report.state is State.LATER
    assert len(script.asked("/list")) == 1
    with visitor.store() as store:
        (status_now,) = store.statuses()
    assert status_now.next_at >= visitor.now + timedelta(seconds=pause)
    assert status_now.next_at <= visitor.now + timedelta(seconds=max(pause, 900))
    asked = len(script.seen)
    for part in (0.5, 0.99):
        early = visitor.now
        visitor.now += timedelta(seconds=pause * part)
        visitor.visit(source, script.allow)
        visitor.now = early
    row.count("requests before the time", len(script.seen) - asked)
    assert len(script.seen) == asked
    visitor.now += timedelta(seconds=pause)
    visitor.visit(source, script.allow)
    row.count("requests after it", len(script.seen) - asked)
    assert len(script.seen) > asked


@pytest.mark.torture("R-25")
def test_no_request_reaches_a_host_that_asked_for_a_pause(
    script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """The other sources of that host are told to come back later as well, unasked."""
    sources = []
    for number in range(6):
        script.reply(f"/list{number}", Answer(status=429, headers=(("Retry-After", "3600"),)))
        urls = (f"{script.base}/list{number}",)
        sources.append(replace(source, name=f"source{number}", urls=urls))
    reports = visitor.visit_all(sources, script.allow)
    happened = [what for what, _, _ in visitor.gate.log]
    after = happened[happened.index("hold") :]
    row.count("requests of other sources before the time", after.count("start"))
    assert "start" not in after
    assert len(script.seen) <= 3  # robots.txt, and two at once
    assert {report.state for report in reports} == {State.LATER}
    assert {report.reason for report in reports} == {
        "asked to come back after 2026-01-05T10:00:00Z"
    }


@pytest.mark.torture("R-25")
def test_a_pause_is_remembered_whatever_the_report_says(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A page that asks for a pause closes its host to every later visit, though the list broke."""
    twin = replace(source, name="twin", urls=(f"{script.base}/other",))
    script.show("/other", "one")
    script.reply("/list", text_answer("no", status=500))
    script.show("/first", "busy")
    script.reply("/a/busy", Answer(status=429, headers=(("Retry-After", "7200"),)))
    broken = replace(source, urls=(f"{script.base}/first", f"{script.base}/list"))
    report = visitor.visit(broken, script.allow)
    assert report.state in (State.LATER, State.ERRORING)
    script.seen.clear()
    visitor.now += timedelta(hours=1)
    for late in visitor.visit_all((twin, broken), script.allow):
        assert (late.state, late.requests) == (State.LATER, 0)
        assert late.reason == "asked to come back after 2026-01-05T11:00:00Z"
    assert not script.seen
    visitor.now += timedelta(hours=1)
    assert visitor.visit(twin, script.allow).list_read


@pytest.mark.torture("R-25")
def test_a_pause_outlives_a_visit_that_left_no_report(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """The store learns of it when it is asked for, not when the visit ends."""
    script.show("/list", "busy")
    script.reply("/a/busy", Answer(status=503, headers=(("Retry-After", "7200"),)))
    visitor.memory = Unfinished
    with pytest.raises(KeyError):
        visitor.visit(source, script.allow)
    visitor.memory = lambda store: store
    script.seen.clear()
    assert visitor.visit(source, script.allow).state is State.LATER
    assert not script.seen


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0000000000000120", 120),
        ("0", None),
        ("-5", None),
        ("1000000000", 86400),
        ("9" * 5000, 86400),
        ("Mon, 05 Jan 2026 09:10:00 GMT", 600),
        ("Mon, 05 Jan 2026 09:10:00 -0000", 600),
        ("Mon, 05 Jan 2026 08:00:00 GMT", None),
        ("Mon, 05 Jan 9999 08:00:00 GMT", 86400),
        ("Mon, 05 Jan 99999999999999999999 08:00:00 GMT", None),
        ("soon", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_wish_within_reason(header: str | None, seconds: int | None) -> None:
    """Seconds and dates are kept up to 24 hours; junk and the past are no wish."""
    wish = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(header, NOW) == wish


@given(st.text(max_size=40) | st.datetimes().map(format_datetime))
def test_any_retry_after_is_a_pause_of_at_most_a_day_or_none(value: str) -> None:
    """Whatever a server writes there, a pause is positive and bounded."""
    pause = retry_after(value, NOW)
    assert pause is None or timedelta(0) < pause <= LONGEST_WISH
