"""Notices: considered once, told once, and found again after a crash."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.telling import AlertState, Attempt, AttemptOutcome, Notice, NoticeKind, Standing
from db.visiting import Gap, ListSeen, Past, Report, Source, State

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article, Stored
    from db.store import Store

HOUR = timedelta(hours=1)


@pytest.fixture
def notice(now: datetime) -> Notice:
    """Return a notice."""
    return Notice(
        key="notice_1",
        source="secretariat",
        kind=NoticeKind.DOWN,
        state=State.BLOCKED,
        reason="why",
        since=now - HOUR,
        created_at=now,
    )


@pytest.fixture
def waiting(store: Store, source: Source, now: datetime) -> Stored[Report]:
    """Return the one report that waits."""
    store.register([source], now)
    report = Report(
        source=source.name,
        started=now,
        finished=now,
        state=State.BLOCKED,
        items=2,
        gap=Gap(after=now - HOUR, before=None, pages=2),
        lists=(ListSeen(url="u", cards=3, new=2, shared_guids=1, found=True),),
    )
    store.finish(report, next_at=now + HOUR, why="because")
    (stored,) = store.untold(9)
    assert stored.value == report
    return stored


def test_a_report_is_considered_once(
    store: Store, waiting: Stored[Report], notice: Notice, now: datetime
) -> None:
    """What was told is kept with the mark; doing it again does nothing."""
    standing = Standing(
        strikes=1, since=now, told=State.BLOCKED, told_at=now, recovered_at=now, gap_at=now
    )
    before = store.revision()
    assert store.standing("secretariat") == Standing()
    assert store.tell(waiting.id, standing, [notice], ["a", "b"], now) == 1
    assert store.tell(waiting.id, Standing(), [notice], ["a", "b"], now) == 0
    assert store.untold(9) == ()
    assert store.standing("secretariat") == standing
    assert store.revision() > before
    (stored,) = store.notices(source="secretariat")
    assert stored.value == notice
    assert store.letters(stored.id) == (("a", AlertState.DUE), ("b", AlertState.DUE))
    assert store.notices(source="other") == ()


def test_a_report_without_a_notice_is_put_away(
    store: Store, waiting: Stored[Report], source: Source, now: datetime
) -> None:
    """Feeds need not be written for it; the next report replaces what is known."""
    before = store.revision()
    assert store.tell(waiting.id, Standing(strikes=1), [], ["a"], now) == 0
    assert store.revision() == before
    store.finish(Report(source=source.name, started=now, finished=now, state=State.OK), next_at=now)
    (stored,) = store.untold(9)
    store.tell(stored.id, Standing(), [], ["a"], now)
    assert store.standing(source.name) == Standing()


def test_the_same_notice_is_told_once(
    store: Store, waiting: Stored[Report], source: Source, notice: Notice, now: datetime
) -> None:
    """A notice with a known key is the known one."""
    store.tell(waiting.id, Standing(), [notice], ["a"], now)
    store.finish(Report(source=source.name, started=now, finished=now, state=State.OK), next_at=now)
    (stored,) = store.untold(9)
    assert store.tell(stored.id, Standing(), [notice], ["a"], now) == 0
    assert len(store.notices()) == 1


def test_the_past_of_a_source(
    store: Store, source: Source, article: Article, now: datetime
) -> None:
    """Nothing of an unknown source; the last reports and the items of each hour of a known one."""
    assert store.past("nobody") == Past()
    store.register([source], now)
    assert store.past(source.name) == Past()
    first = Report(source=source.name, started=now, finished=now, state=State.OK, list_read=True)
    store.finish(first, next_at=now)
    assert store.past(source.name) == Past(baseline_at=now, reports=(first,))
    seen = now + timedelta(minutes=90)
    store.record(article, seen)
    past = store.past(source.name)
    assert (past.newest, past.hours) == (seen, ((now + HOUR, 1),))


def test_guids_and_reasons_are_shown(
    store: Store, waiting: Stored[Report], source: Source, now: datetime
) -> None:
    """The status tells why the next visit is when it is, and how many guids clashed."""
    del waiting
    (status,) = store.statuses()
    assert (status.next_why, status.guid_clashes) == ("because", 1)
    store.register([Source(name=source.name, kind=source.kind, urls=(), first_round=HOUR)], now)


def test_a_letter_goes_again_under_its_key(
    store: Store, waiting: Stored[Report], notice: Notice, now: datetime
) -> None:
    """What was sent, was given up or waits is due now, in all its channels."""
    store.tell(waiting.id, Standing(), [notice], ["a", "b"], now)
    (stored,) = store.notices()
    (first, _) = store.claim_letters(now, owner="me", lease=timedelta(minutes=2))
    sent = Attempt(at=now, outcome=AttemptOutcome.SENT, answer="ok")
    assert store.settle(first.id, sent, owner="me")
    assert store.resend_notice(stored.id, now + HOUR) == 2
    again = store.claim_letters(now + HOUR, owner="me", lease=timedelta(minutes=2))
    assert {letter.value.key for letter in again} == {notice.key}
    assert store.resend_notice(99, now) == 0


def test_a_clock_that_ran_ahead_delays_no_letter(
    store: Store, waiting: Stored[Report], notice: Notice, now: datetime
) -> None:
    """What was queued or leased days ahead is due at once when the clock is right again."""
    ahead = now + 99 * HOUR
    store.tell(waiting.id, Standing(), [notice], ["a"], ahead)
    assert store.due_channels(now) == ("a",)
    assert len(store.claim_letters(ahead, owner="me", lease=timedelta(minutes=2))) == 1
    assert len(store.claim_letters(now, owner="you", lease=timedelta(minutes=2))) == 1
