"""The outbox: letters are made once, claimed by one, settled by whoever holds the lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.telling import (
    AlertState,
    Attempt,
    AttemptOutcome,
    Closed,
    Flood,
    Notice,
    NoticeKind,
    Passage,
    Standing,
)
from db.visiting import Report, Source, State

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store
    from db.telling import Alert

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=2)


@pytest.fixture
def packed(queued: Store, now: datetime) -> Store:
    """Return the store with one letter in the outbox."""
    assert queued.pack("mail", now) == 1
    return queued


@pytest.fixture
def notice(now: datetime) -> Notice:
    """Return a notice of a channel."""
    return Notice(
        key="notice_1",
        source="channel mail",
        kind=NoticeKind.CLOSED,
        state=None,
        reason="410 Gone",
        since=now,
        created_at=now,
    )


def test_an_alert_that_waits_may_fall_due_sooner_never_later(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """It is listed with what holds it back; once it is in a letter nothing moves it."""
    held = replace(alert, due_at=now + 8 * HOUR, gathered=True, grounds=("It is news.", "Quiet."))
    store.record(article, now)
    store.queue(1, [held], now)
    (waiting,) = store.waiting(now)
    said = (waiting.value.watch, waiting.value.channel, waiting.value.held)
    assert said == (alert.watch, alert.channel, "Quiet.")
    assert (waiting.value.made, waiting.value.until) == (alert.created_at, now + 8 * HOUR)
    assert not store.hasten(waiting.id, now + 9 * HOUR, "Later.")
    assert store.hasten(waiting.id, now + HOUR, "Sooner.")
    (record,) = store.alerts()
    assert record.value.next_at == now + HOUR
    assert record.value.alert.grounds == ("It is news.", "Sooner.")
    assert store.waiting(now + HOUR) == ()
    assert store.pack(alert.channel, now + HOUR) == 1
    assert not store.hasten(waiting.id, now, "Now.")


def test_an_alert_without_grounds_waits_without_a_reason(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """One that was made before grounds were kept has none."""
    store.record(article, now)
    store.queue(1, [replace(alert, due_at=now + HOUR, gathered=True, grounds=())], now)
    (waiting,) = store.waiting(now)
    assert waiting.value.held == ""


def more(store: Store, article: Article, alert: Alert, now: datetime, count: int) -> None:
    """Queue alerts of so many further changes."""
    for number in range(count):
        url = f"https://odkb.example/more/{number}/"
        other = replace(article, url=url, guid=url, title=f"More {number}", text=f"w{number} " * 40)
        store.record(other, now)
        (change,) = store.unmatched(1)
        entry = store.entry_of(change.id)
        store.queue(change.id, [replace(alert, key=f"more-{number}", entry=entry)], now)


def settle(store: Store, letter: int, now: datetime, outcome: str = "sent", **how: object) -> bool:
    """Settle a letter of ours."""
    attempt = Attempt(at=now, outcome=AttemptOutcome(outcome), answer="ok", **how)  # type: ignore[arg-type]
    return store.settle(letter, attempt, owner="me")


def test_a_letter_has_its_alert_as_it_was(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """Every field of an alert survives, its entry as it stood when it was made."""
    store.record(article, now)
    full = replace(
        alert,
        passages=(Passage(field="title", excerpt="in Minsk", start=3, end=8),),
        due_at=now - HOUR,
        gathered=True,
        grounds=("The watch is on new items.",),
    )
    store.queue(1, [full], now)
    story = store.story_of(1)
    assert story is not None
    assert [member.feed_id for member in story.members] == [alert.entry.feed_id]
    assert store.pack("mail", now) == 1
    assert store.pack("mail", now) == 0
    (claimed,) = store.claim_letters(now, owner="me", lease=LEASE)
    assert claimed.value.alerts == (replace(full, story=story),)
    assert (claimed.value.key, claimed.value.channel, claimed.value.about) == (
        "key-1",
        "mail",
        "minsk",
    )
    assert (claimed.value.notice, claimed.value.is_flood) == (None, False)


def test_what_is_not_due_is_in_no_letter(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """An alert waits for its time; one that a clock that ran ahead has made does not."""
    store.record(article, now)
    store.queue(1, [replace(alert, due_at=now + HOUR)], now)
    assert store.due_channels(now) == ()
    assert store.pack("mail", now) == 0
    assert store.due_channels(now + HOUR) == ("mail",)
    assert store.due_channels(now - LEASE) == ()  # another process read its clock before
    assert store.pack("mail", now - LEASE) == 0
    assert store.due_channels(now - HOUR) == ("mail",)
    assert store.pack("mail", now - HOUR) == 1


def test_a_flood_is_one_letter_with_all_of_it(
    queued: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """More than the channel takes in a while; what comes after waits until that while is over."""
    flood = Flood(most=2, within=HOUR)
    more(queued, article, alert, now, 3)
    assert queued.pack("mail", now, flood) == 1
    (claimed,) = queued.claim_letters(now, owner="me", lease=LEASE)
    assert claimed.value.is_flood
    assert len(claimed.value.alerts) == 4
    assert queued.alert_of(claimed.value.key) == 1
    for number in (8, 9, 10):
        queued.record(replace(article, title=f"Edit {number}"), now)
        (change,) = queued.unmatched(1)
        queued.queue(change.id, [replace(alert, key=f"edit-{number}")], now)
    assert queued.pack("mail", now + HOUR - LEASE, flood) == 0
    assert queued.pack("mail", now + HOUR, flood) == 1


def test_when_a_flood_is_over_is_known_before(
    queued: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """It is the moment from which on a letter is made of what waits, and not before."""
    flood = Flood(most=2, within=HOUR)
    assert queued.flood_over("hook", now, flood) is None  # nothing is due
    assert queued.flood_over("mail", now, flood) is None  # what is due goes out
    more(queued, article, alert, now, 3)
    assert queued.pack("mail", now, flood) == 1
    later = now + HOUR / 2
    for number in (8, 9, 10):
        queued.record(replace(article, title=f"Edit {number}"), later)
        (change,) = queued.unmatched(1)
        queued.queue(change.id, [replace(alert, key=f"edit-{number}")], later)
    assert queued.flood_over("mail", later, flood) == now + HOUR
    assert queued.pack("mail", now + HOUR - timedelta(seconds=1), flood) == 0
    assert queued.pack("mail", now + HOUR, flood) == 1


def test_what_waits_is_released_with_what_met_the_same_change(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """It is a letter of its own, due now, whatever it waited for; nothing twice."""
    held = replace(alert, key="b", due_at=now + HOUR, gathered=True, grounds=("Later.",))
    store.record(article, now)
    store.queue(1, [alert, replace(held, watch="other")], now)
    more(store, article, alert, now, 1)
    assert not store.release(99, now, "Asked for.")
    assert store.release(2, now, "Asked for.")
    assert not store.release(1, now, "Asked for.")
    (claimed,) = store.claim_letters(now, owner="me", lease=LEASE)
    assert {told.key for told in claimed.value.alerts} == {alert.key, "b"}
    assert {told.grounds for told in claimed.value.alerts} == {alert.grounds, ("Asked for.",)}
    assert [record.value.sent_as for record in store.alerts() if record.id == 3] == [None]


def test_a_claimed_letter_is_nobody_elses(packed: Store, now: datetime) -> None:
    """While a lease lasts nobody else gets the letter; when it lapses, somebody does."""
    (claimed,) = packed.claim_letters(now, owner="me", lease=LEASE)
    assert packed.claim_letters(now, owner="you", lease=LEASE) == ()
    assert packed.due_channels(now) == ()
    assert packed.due_channels(now + LEASE - timedelta(seconds=1)) == ()
    assert packed.due_channels(now + LEASE) == ("mail",)
    assert packed.claim_letters(now + LEASE, owner="you", lease=LEASE) == (claimed,)


def test_letters_come_by_age_channel_and_limit(queued: Store, alert: Alert, now: datetime) -> None:
    """The longest due comes first; a claim may be narrowed to one channel and a number."""
    early = now - LEASE
    queued.queue(1, [replace(alert, key="hook-1", channel="hook")], early)
    assert queued.due_channels(now) == ("hook", "mail")
    assert (queued.pack("mail", now), queued.pack("hook", early)) == (1, 1)
    (first,) = queued.claim_letters(now, owner="me", lease=LEASE, limit=1)
    (mail,) = queued.claim_letters(now, owner="me", lease=LEASE, channel="mail")
    assert (first.value.key, mail.value.key) == ("hook-1", "key-1")


def test_a_sent_letter_is_done(packed: Store, now: datetime) -> None:
    """After it was sent it is never due again, and says what the other side said."""
    packed.claim_letters(now, owner="me", lease=LEASE)
    assert settle(packed, 1, now)
    assert packed.due_channels(now + 20 * HOUR) == ()
    (record,) = packed.alerts(state=AlertState.SENT)
    assert record.value.next_at is None
    assert [attempt.answer for attempt in record.value.attempts] == ["ok"]
    assert packed.counts().sent == 1


def test_a_retry_waits_for_its_time(packed: Store, now: datetime) -> None:
    """A letter that was not taken is due again when its attempt says so."""
    packed.claim_letters(now, owner="me", lease=LEASE)
    assert settle(packed, 1, now, "retry", next_at=now + HOUR)
    assert packed.due_channels(now) == ()
    assert packed.claim_letters(now, owner="me", lease=LEASE) == ()
    assert len(packed.claim_letters(now + HOUR, owner="me", lease=LEASE)) == 1
    assert settle(packed, 1, now + HOUR, "dead")
    assert [attempt.outcome.value for attempt in packed.attempts(1)] == ["retry", "dead"]


def test_only_the_owner_settles(packed: Store, notice: Notice, now: datetime) -> None:
    """Who has lost the lease changes nothing and is told so."""
    assert not settle(packed, 1, now)
    packed.claim_letters(now + LEASE, owner="you", lease=LEASE)
    gone = Attempt(at=now, outcome=AttemptOutcome.DEAD, answer="410 Gone")
    shut = Closed(channel="mail", target="t", since=now, reason="410 Gone")
    assert not packed.settle(1, gone, owner="me", notices=[(notice, ["desk"])], closed=shut)
    assert (packed.notices(), packed.closed_channels()) == ((), ())


def test_a_channel_is_closed_and_its_owner_told_in_one_transaction(
    packed: Store, notice: Notice, now: datetime
) -> None:
    """With the attempt go the notice, once for its key, and the mark; somebody may lift that."""
    before = packed.revision()
    gone = Attempt(at=now, outcome=AttemptOutcome.DEAD, answer="410 Gone")
    shut = Closed(channel="mail", target="t", since=now, reason="410 Gone")
    for _ in range(2):
        packed.resend(1, now)
        packed.claim_letters(now, owner="me", lease=LEASE, channel="mail")
        assert packed.settle(1, gone, owner="me", notices=[(notice, ["desk"])], closed=shut)
    assert packed.closed_channels() == (shut,)
    assert packed.revision() == before + 1
    (told,) = packed.claim_letters(now, owner="me", lease=LEASE)
    assert (told.value.notice, told.value.alerts) == (notice, ())
    assert (told.value.key, told.value.channel, told.value.about) == (
        "notice_1",
        "desk",
        "channel mail",
    )
    assert packed.open_channel("mail")
    assert not packed.open_channel("mail")


def test_a_notice_s_letter_goes_its_way(
    store: Store, source: Source, notice: Notice, now: datetime
) -> None:
    """It is claimed, found again after the lease, tried again at its time, then settled."""
    store.register([source], now)
    report = Report(source=source.name, started=now, finished=now, state=State.BLOCKED)
    store.finish(report, next_at=now)
    down = replace(notice, source=source.name, kind=NoticeKind.DOWN, state=State.BLOCKED)
    store.tell(1, Standing(), [down], ["a"], now)
    assert store.due_channels(now) == ("a",)
    (claimed,) = store.claim_letters(now, owner="me", lease=LEASE, channel="a")
    assert claimed.value.notice == down
    assert store.claim_letters(now, owner="you", lease=LEASE) == ()
    (again,) = store.claim_letters(now + LEASE, owner="me", lease=LEASE)
    assert settle(store, again.id, now, "retry", next_at=now + HOUR)
    assert store.letters(1) == (("a", AlertState.DUE),)
    store.claim_letters(now + HOUR, owner="me", lease=LEASE)
    assert settle(store, again.id, now + HOUR)
    assert store.letters(1) == (("a", AlertState.SENT),)
    assert store.due_channels(now + 99 * HOUR) == ()


def test_a_clock_that_ran_ahead_holds_no_letter_back(packed: Store, now: datetime) -> None:
    """What was put off, or leased, by a clock 300 days ahead is due when it is set right."""
    ahead = now + timedelta(days=300)
    packed.claim_letters(ahead, owner="me", lease=LEASE)
    assert packed.due_channels(now) == ("mail",)
    assert settle(packed, 1, ahead, "retry", next_at=ahead + HOUR)
    assert packed.due_channels(now) == ("mail",)
    assert len(packed.claim_letters(now, owner="me", lease=LEASE)) == 1
    longest = now + timedelta(hours=26)  # the longest wait there is
    assert settle(packed, 1, now, "retry", next_at=longest)
    assert packed.due_channels(now) == ()
