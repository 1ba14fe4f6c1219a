"""What a visit came to, and when to come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.visiting import Report, State
from db.words import clean_line
from spiders.judge import Problem, Tally, judge, later, next_visit, unfound

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def _report(state: State = State.OK, reason: str = "") -> Report:
    return Report(source="s", started=NOW, finished=NOW, state=state, reason=reason)


def _tally(**counts: object) -> Tally:
    tally = Tally()
    for name, value in counts.items():
        setattr(tally, name, value)
    return tally


GONE = Problem(State.ERRORING, "HTTP 404 Not Found")
INNER = Problem(State.BLOCKED_ADDRESS, "not a public address")


@pytest.mark.parametrize(
    ("tally", "state", "reason"),
    [
        (_tally(lists_read=1, listed=3, read=3), State.OK, ""),
        (_tally(lists_same=1, unchanged=1), State.UNCHANGED, ""),
        (_tally(lists_same=1, read=1), State.OK, ""),
        (_tally(lists_read=1), State.EMPTY, "no list showed any item"),
        (_tally(), State.EMPTY, "no list showed any item"),
        (_tally(list_problems=[GONE]), State.ERRORING, "HTTP 404 Not Found"),
        (_tally(lists_read=1, listed=3, list_problems=[GONE]), State.ERRORING, GONE.reason),
        (
            _tally(list_problems=[GONE, INNER, GONE]),
            State.BLOCKED_ADDRESS,
            "not a public address; HTTP 404 Not Found",
        ),
        (
            _tally(lists_read=1, listed=2, page_problems=[GONE, GONE]),
            State.ERRORING,
            "2 of 2 article pages could not be had: HTTP 404 Not Found (2 times)",
        ),
        (
            _tally(lists_read=1, listed=4, read=1, unchanged=1, page_problems=[GONE, GONE]),
            State.OK,
            "2 of 4 article pages could not be had: HTTP 404 Not Found (2 times)",
        ),
        (
            _tally(lists_same=1, unchanged=1, read=1, page_problems=[GONE, INNER]),
            State.BLOCKED_ADDRESS,
            "2 of 3 article pages could not be had: HTTP 404 Not Found; not a public address",
        ),
        (
            _tally(lists_read=1, listed=1, page_problems=[GONE]),
            State.OK,
            "1 of 1 article pages could not be had: HTTP 404 Not Found",
        ),
        (
            _tally(lists_read=1, listed=9, page_problems=[GONE, GONE, GONE], retried=2),
            State.OK,
            "3 of 3 article pages could not be had: HTTP 404 Not Found (3 times)",
        ),
        (
            _tally(lists_read=1, listed=1, items=1, page_problems=[GONE], barren=True),
            State.ERRORING,
            "1 of 1 article pages could not be had: HTTP 404 Not Found",
        ),
        (
            _tally(lists_same=1, unchanged=1, page_problems=[GONE], retried=1, barren=True),
            State.ERRORING,
            "1 of 1 article pages could not be had: HTTP 404 Not Found",
        ),
        (
            _tally(lists_read=1, listed=9, items=9, page_problems=[GONE], barren=True),
            State.OK,
            "1 of 1 article pages could not be had: HTTP 404 Not Found",
        ),
        (
            _tally(lists_same=1, listed=1, page_problems=[GONE], of_files=True, barren=True),
            State.OK,
            "1 of 1 files could not be read: HTTP 404 Not Found",
        ),
        (
            _tally(lists_same=1, listed=4, read=2, page_problems=[GONE, GONE], of_files=True),
            State.OK,
            "2 of 4 files could not be read: HTTP 404 Not Found (2 times)",
        ),
        (
            _tally(lists_same=1, listed=2, unchanged=8, page_problems=[GONE, GONE], of_files=True),
            State.OK,
            "2 of 10 files could not be read: HTTP 404 Not Found (2 times)",
        ),
        (
            _tally(lists_same=1, listed=2, page_problems=[GONE, GONE], of_files=True),
            State.ERRORING,
            "2 of 2 files could not be read: HTTP 404 Not Found (2 times)",
        ),
        (
            _tally(listed=3, read=1, page_problems=[GONE, later(NOW)]),
            State.LATER,
            "asked to come back after 2026-01-05T09:00:00Z",
        ),
        (
            _tally(listed=3, errors=["StoreBusy", "StoreBusy"]),
            State.ERRORING,
            "StoreBusy (2 times)",
        ),
        (_tally(listed=3, read=1, cut="not over after 60 s"), State.KILLED, "not over after 60 s"),
    ],
)
def test_a_state_is_the_most_telling_thing_that_happened(
    tally: Tally, state: State, reason: str
) -> None:
    """A failed list outweighs what was read; pages that fail anew count if they are the more."""
    assert judge(tally) == Problem(state, reason)
    report = tally.report("s", NOW, NOW)
    assert (report.state, report.reason) == (state, reason)
    assert report.list_read is bool(tally.lists_read or tally.lists_same)


def test_a_fine_source_is_due_after_its_period() -> None:
    """Counted from the start, a little early, so that cron of the same period meets it."""
    at = next_visit(_report(), every=QUARTER, strikes=0)
    assert at == NOW + timedelta(minutes=14, seconds=30)
    assert next_visit(_report(), every=timedelta(seconds=10), strikes=0) == NOW + timedelta(
        seconds=9.5
    )


def test_a_failing_source_is_asked_less_and_less_often() -> None:
    """The first failure keeps the rhythm, each further one doubles it, up to a day."""
    waits = [
        next_visit(_report(), every=QUARTER, strikes=strikes) - NOW + timedelta(seconds=30)
        for strikes in (1, 2, 3, 4, 8, 30)
    ]
    hours = [wait / timedelta(hours=1) for wait in waits]
    assert hours == [0.25, 0.5, 1, 2, 24, 24]


@given(
    every=st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=30)),
    strikes=st.integers(0, 10_000),
    pause=st.none() | st.timedeltas(timedelta(0), timedelta(days=1)),
)
def test_the_next_visit_never_undercuts_a_hosts_wish(
    every: timedelta, strikes: int, pause: timedelta | None
) -> None:
    """Nor the source's own period, and a failing source still comes back within a day of it."""
    hold = NOW + pause if pause is not None else None
    at = next_visit(_report(), every=every, strikes=strikes, hold=hold)
    assert hold is None or at >= hold
    assert NOW + every * 0.94 <= at <= NOW + max(every, timedelta(days=1))


def test_a_pause_is_told_in_whole_seconds_and_never_early() -> None:
    """Whatever zone and fraction the moment has."""
    until = datetime(2026, 1, 5, 12, 0, 0, 400_000, tzinfo=timezone(timedelta(hours=3)))
    assert later(until) == Problem(State.LATER, "asked to come back after 2026-01-05T09:00:01Z")


@given(st.text())
def test_any_reason_is_one_short_line(words: str) -> None:
    """Reasons are shown in terminals, mails and logs; strangers have a hand in them."""
    reason = Problem(State.ERRORING, words).reason
    assert len(reason) <= 300
    assert reason == clean_line(reason)


def test_hosts_are_unfound_only_if_no_name_of_a_round_was_found() -> None:
    """A folder says nothing of it; a host that answers or refuses speaks against it."""
    lost = _report(State.UNREACHABLE, "no DNS answer for a.example")
    one, two = replace(lost, source="one"), replace(lost, source="two")
    folder = replace(_report(), source="folder")
    hosts = {"one": {"a.example"}, "two": {"b.example"}, "folder": set()}
    assert unfound((one, two, folder), hosts) == {"a.example", "b.example"}
    assert unfound((one, folder), hosts) == {"a.example"}
    refused = replace(two, reason="connection refused by b.example:443")
    for other in (refused, replace(two, state=State.OK, reason=""), replace(two, bytes=9)):
        assert unfound((one, other), hosts) == frozenset()
    assert unfound((folder,), hosts) == frozenset()
