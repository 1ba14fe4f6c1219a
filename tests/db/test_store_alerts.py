"""Alerts: queued once, claimed by one, settled by whoever holds the lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.errors import StoreError
from db.model import ChangeKind
from db.telling import AlertState, Attempt, AttemptOutcome

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store
    from db.telling import Alert

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=2)


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


def test_an_alert_s_record_is_known_by_its_id(queued: Store, alert: Alert, now: datetime) -> None:
    """Before it is in a letter it waits for its time; in one it stands as the letter does."""
    assert queued.alert(99) is None
    assert (queued.alert_of(alert.key), queued.alert_of("nobody's")) == (1, None)
    record = queued.alert(1)
    assert record is not None
    assert (record.state, record.next_at, record.sent_as) == (AlertState.DUE, now, None)
    assert record.alert == replace(alert, due_at=now, story=queued.story_of(1))
    queued.queue(1, [replace(alert, key="key-2", watch="other")], now)
    assert queued.pack("mail", now) == 1
    record = queued.alert(2)
    assert record is not None
    assert (record.sent_as, record.together, record.attempts) == ("key-1", 2, ())
    assert queued.alerts(watch="other", state=AlertState.DUE, channel="mail")[0].value == record
    assert queued.alerts(state=AlertState.SENT) == ()
    assert queued.alerts(watch="none") == ()
    assert queued.alerts(channel="none") == ()


def test_a_watch_knows_when_it_told_last(queued: Store, now: datetime) -> None:
    """The due time of its latest alert in a channel, told or not."""
    assert queued.last_due("minsk", "mail") == now
    assert queued.last_due("minsk", "hook") is None


def test_an_alert_can_be_sent_again_under_its_key(queued: Store, now: datetime) -> None:
    """Sent, given up or waiting for its next try: it is due now, with the same key."""
    assert not queued.resend(1, now)
    queued.pack("mail", now)
    queued.claim_letters(now, owner="me", lease=LEASE)
    later = Attempt(at=now, outcome=AttemptOutcome.RETRY, answer="busy", next_at=now + 9 * HOUR)
    queued.settle(1, later, owner="me")
    assert queued.claim_letters(now + HOUR, owner="me", lease=LEASE) == ()
    assert queued.resend(1, now)
    queued.claim_letters(now, owner="me", lease=LEASE)
    queued.settle(1, Attempt(at=now, outcome=AttemptOutcome.DEAD, answer="no"), owner="me")
    assert queued.counts().dead == 1
    assert queued.resend(1, now + HOUR)
    assert not queued.resend(99, now)
    (again,) = queued.claim_letters(now + HOUR, owner="me", lease=LEASE)
    assert again.value.key == "key-1"


def test_all_that_was_given_up_can_be_sent_again(queued: Store, now: datetime) -> None:
    """Of one channel or of all; what is sent or waits is left alone."""
    queued.pack("mail", now)
    assert queued.resend_dead(now) == 0
    queued.claim_letters(now, owner="me", lease=LEASE)
    queued.settle(1, Attempt(at=now, outcome=AttemptOutcome.DEAD, answer="no"), owner="me")
    assert queued.resend_dead(now, "hook") == 0
    assert queued.resend_dead(now, "mail") == 1
    assert queued.counts().due == 1
