"""Alerts: queued once, claimed by one, settled by whoever holds the lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.errors import StoreError
from db.model import ChangeKind
from db.telling import AlertState, Attempt, AttemptOutcome, Passage

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store
    from db.telling import Alert

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=2)


@pytest.fixture
def queued(store: Store, article: Article, alert: Alert, now: datetime) -> Store:
    """Return the store with one alert in the queue."""
    store.record(article, now)
    store.queue(1, [alert], now)
    return store


def test_queueing_marks_the_change(store: Store, article: Article, now: datetime) -> None:
    """A change that no watch met is done with all the same."""
    store.record(article, now)
    (change,) = store.unmatched(10)
    assert store.entry_of(change.id).article == article
    assert store.queue(change.id, [], now) == 0
    assert store.unmatched(10) == ()


def test_queueing_twice_is_queueing_once(queued: Store, alert: Alert, now: datetime) -> None:
    """A repeat after a crash adds nothing, also if its key was minted anew."""
    assert queued.queue(1, [alert, replace(alert, key="key-2")], now) == 0
    assert queued.queue(1, [replace(alert, key="key-3", channel="hook")], now) == 1
    assert queued.counts().due == 2
    assert queued.alerted(1) == {"minsk"}


def test_an_edit_alerts_anew(queued: Store, article: Article, alert: Alert, now: datetime) -> None:
    """Another state of the article is another thing to tell."""
    queued.record(replace(article, title="Edited"), now)
    (change,) = queued.unmatched(10)
    assert queued.alerted(change.id) == {"minsk"}
    edited = replace(alert, key="key-2", kind=ChangeKind.EDITED, fields=("title",))
    assert queued.queue(change.id, [edited], now) == 1


def test_a_change_that_is_not_there_is_refused(store: Store, alert: Alert, now: datetime) -> None:
    """Asking about a change that never was is a mistake, told as such."""
    with pytest.raises(StoreError, match="no change 7"):
        store.queue(7, [alert], now)
    with pytest.raises(StoreError, match="no change 7"):
        store.entry_of(7)
    assert store.alerted(7) == frozenset()


def test_an_alert_comes_back_as_it_was(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """Every field of an alert survives, its entry as it stands now; the story comes with it."""
    store.record(article, now)
    full = replace(
        alert,
        passages=(Passage(field="title", excerpt="in Minsk", start=3, end=8),),
        grounds=("The watch is on new items.",),
    )
    store.queue(1, [full], now)
    (claimed,) = store.claim_alerts(now, owner="me", lease=LEASE)
    story = store.story_of(1)
    assert story is not None
    assert [member.feed_id for member in story.members] == [alert.entry.feed_id]
    assert claimed.value == replace(full, story=story)


def test_a_claimed_alert_is_nobody_elses(queued: Store, now: datetime) -> None:
    """While a lease lasts nobody else gets the alert; when it lapses, somebody does."""
    (claimed,) = queued.claim_alerts(now, owner="me", lease=LEASE)
    assert queued.claim_alerts(now, owner="you", lease=LEASE) == ()
    assert queued.due_channels(now) == ()
    assert queued.due_channels(now + LEASE - timedelta(seconds=1)) == ()
    assert queued.due_channels(now + LEASE) == ("mail",)
    assert queued.claim_alerts(now + LEASE, owner="you", lease=LEASE) == (claimed,)


def test_alerts_come_by_age_channel_and_limit(queued: Store, alert: Alert, now: datetime) -> None:
    """The longest due comes first; a claim may be narrowed to one channel and a number."""
    for number, channel in enumerate(["hook", "mail", "mail"]):
        extra = replace(alert, key=f"more-{number}", watch=f"w{number}", channel=channel)
        queued.queue(1, [extra], now - number * LEASE)
    assert queued.due_channels(now) == ("hook", "mail")
    first = queued.claim_alerts(now, owner="me", lease=LEASE, limit=1)
    mail = queued.claim_alerts(now, owner="me", lease=LEASE, channel="mail")
    assert [stored.value.key for stored in first + mail] == ["more-2", "more-1", "key-1"]


def test_a_sent_alert_is_done(queued: Store, now: datetime) -> None:
    """After it was sent an alert is never due again, and says what the other side said."""
    queued.claim_alerts(now, owner="me", lease=LEASE)
    attempt = Attempt(at=now, outcome=AttemptOutcome.SENT, answer="250 ok")
    assert queued.settle(1, attempt, owner="me")
    assert queued.due_channels(now + 20 * HOUR) == ()
    (record,) = queued.alerts(state=AlertState.SENT)
    assert (record.value.attempts, record.value.next_at) == ((attempt,), None)
    assert queued.alerts(state=AlertState.DUE) == ()
    assert queued.alerts(watch="other") == ()


def test_a_retry_waits_for_its_time(queued: Store, now: datetime) -> None:
    """An alert that was not taken is due again when its attempt says so."""
    queued.claim_alerts(now, owner="me", lease=LEASE)
    retry = Attempt(at=now, outcome=AttemptOutcome.RETRY, answer="busy", next_at=now + HOUR)
    assert queued.settle(1, retry, owner="me")
    assert queued.due_channels(now) == ()
    assert queued.claim_alerts(now, owner="me", lease=LEASE) == ()
    assert len(queued.claim_alerts(now + HOUR, owner="me", lease=LEASE)) == 1
    dead = Attempt(at=now + HOUR, outcome=AttemptOutcome.DEAD, answer="gone")
    assert queued.settle(1, dead, owner="me")
    (record,) = queued.alerts(watch="minsk", state=AlertState.DEAD)
    assert record.value.attempts == queued.attempts(1) == (retry, dead)
    assert queued.counts().dead == 1


def test_only_the_owner_settles(queued: Store, now: datetime) -> None:
    """Who has lost the lease changes nothing and is told so."""
    attempt = Attempt(at=now, outcome=AttemptOutcome.SENT, answer="ok")
    assert not queued.settle(1, attempt, owner="me")
    queued.claim_alerts(now, owner="me", lease=LEASE)
    queued.claim_alerts(now + LEASE, owner="you", lease=LEASE)
    assert not queued.settle(1, attempt, owner="me")
    assert queued.settle(1, attempt, owner="you")
    assert not queued.settle(1, attempt, owner="you")
    (record,) = queued.alerts()
    assert record.value.attempts == (attempt,)


def test_an_alert_can_be_sent_again_under_its_key(queued: Store, now: datetime) -> None:
    """A sent or dead alert that somebody wants again is due, with the same key; a due one is."""
    assert not queued.resend(1, now)
    queued.claim_alerts(now, owner="me", lease=LEASE)
    queued.settle(1, Attempt(at=now, outcome=AttemptOutcome.DEAD, answer="no"), owner="me")
    assert queued.resend(1, now + HOUR)
    assert not queued.resend(99, now)
    (again,) = queued.claim_alerts(now + HOUR, owner="me", lease=LEASE)
    assert again.value.key == "key-1"


def test_an_alert_s_state_is_known_by_its_id(queued: Store, now: datetime) -> None:
    """Who wants to send one again is told why not: it waits, or there is none."""
    assert queued.alert_state(1) is AlertState.DUE
    assert queued.alert_state(99) is None
    queued.claim_alerts(now, owner="me", lease=LEASE)
    queued.settle(1, Attempt(at=now, outcome=AttemptOutcome.SENT, answer="ok"), owner="me")
    assert queued.alert_state(1) is AlertState.SENT


def test_a_clock_that_ran_ahead_holds_no_alert_back(queued: Store, now: datetime) -> None:
    """What was put off, or leased, by a clock 300 days ahead is due when it is set right."""
    ahead = now + timedelta(days=300)
    queued.claim_alerts(ahead, owner="me", lease=LEASE)
    assert queued.due_channels(now) == ("mail",)
    retry = Attempt(at=ahead, outcome=AttemptOutcome.RETRY, answer="busy", next_at=ahead + HOUR)
    assert queued.settle(1, retry, owner="me")
    assert queued.due_channels(now) == ("mail",)
    assert len(queued.claim_alerts(now, owner="you", lease=LEASE)) == 1
    day = replace(retry, next_at=now + timedelta(hours=26))  # the longest wait there is
    assert queued.settle(1, day, owner="you")
    assert queued.due_channels(now) == ()
