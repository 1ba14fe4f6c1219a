"""Items that are gone from their source, and items that are back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import Absence, ChangeKind
from db.revisits import SURELY, is_gone, next_look
from db.visiting import Report, State

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store
    from db.telling import Alert
    from db.visiting import Source

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
URL = "https://odkb.example/news/council/"
OTHER = "https://odkb.example/moved/"


def waiting(store: Store) -> list[ChangeKind]:
    """Return the kinds of the changes that watches have to look at."""
    return [stored.value.kind for stored in store.unmatched(99)]


def due(store: Store, url: str, at: datetime) -> bool:
    """Tell whether a page is to be asked for."""
    return store.visits("secretariat", [url], at)[url].due


def test_two_answers_an_hour_apart_are_needed(
    store: Store, article: Article, now: datetime
) -> None:
    """A page that is missing twice, an hour apart, is gone; what is told was observed."""
    store.record(article, now)
    seen = now + HOUR
    store.unchanged(URL, seen)
    assert store.absent(URL, now + DAY) is None
    assert due(store, URL, now + DAY + HOUR)
    assert store.absent(URL, now + DAY + timedelta(minutes=59)) is None
    gone = store.absent(URL, now + DAY + HOUR)
    assert gone is not None
    assert (gone.kind, gone.article, gone.fields) == (ChangeKind.GONE, article, ())
    assert gone.absence == Absence(last_seen=seen, first_missing=now + DAY)
    entry = store.entry(1)
    assert entry is not None
    assert entry.absence == gone.absence
    assert (entry.changed_at, entry.edits) == (now, 0)
    assert waiting(store) == [ChangeKind.NEW, ChangeKind.GONE]
    (told,) = (stored.value for stored in store.changes(1, ChangeKind.GONE))
    assert told == gone


def test_it_is_told_once(store: Store, article: Article, now: datetime) -> None:
    """A page that stays missing is asked for more rarely and told of no more."""
    store.record(article, now)
    asked = []
    at = now
    for _ in range(24 * 20):
        at += HOUR
        if due(store, URL, at):
            asked.append(at - now)
            store.absent(URL, at)
    assert waiting(store) == [ChangeKind.NEW, ChangeKind.GONE]
    # first missing after an hour; from there the schedule begins anew
    hours = [1, 2, 5, 25, 73, 169]
    assert [gap // HOUR for gap in asked] == hours


@pytest.mark.parametrize("in_between", ["unchanged", "record"])
def test_a_page_that_answers_in_between_was_never_gone(
    store: Store, article: Article, now: datetime, in_between: str
) -> None:
    """Two misses with an answer between them are two beginnings."""
    store.record(article, now)
    store.absent(URL, now + HOUR)
    if in_between == "unchanged":
        store.unchanged(URL, now + 2 * HOUR)
    else:
        store.record(article, now + 2 * HOUR)
    assert store.absent(URL, now + 4 * HOUR) is None
    assert store.absent(URL, now + 5 * HOUR) is not None


def test_other_failures_prove_nothing(store: Store, article: Article, now: datetime) -> None:
    """A page that cannot be had (5xx, a block page) is neither missing nor there."""
    store.record(article, now)
    for hours in range(1, 200):
        store.missed(URL, now + hours * HOUR)
    assert waiting(store) == [ChangeKind.NEW]
    store.absent(URL, now + 200 * HOUR)
    store.missed(URL, now + 201 * HOUR)
    assert due(store, URL, now + 204 * HOUR)
    assert store.absent(URL, now + 204 * HOUR) is not None


def test_a_page_never_read_cannot_be_gone(store: Store, card: Article, now: datetime) -> None:
    """An item known from a list only was never seen at its address."""
    store.record(card, now)
    for hours in range(9):
        assert store.absent(URL, now + hours * HOUR) is None
        assert store.absent("https://odkb.example/never", now + hours * HOUR) is None
    assert not due(store, URL, now + DAY)


def test_what_went_and_came_back_is_counted_from_a_change_on(
    store: Store, article: Article, now: datetime
) -> None:
    """What is new or edited is counted by the visit itself."""
    assert (store.last_change(), store.turns(0)) == (0, {})
    store.record(article, now)
    first = store.last_change()
    store.absent(URL, now + HOUR)
    assert store.turns(first) == {}
    store.absent(URL, now + 2 * HOUR)
    second = store.last_change()
    assert store.turns(first) == {article.source: (1, 0)}
    store.unchanged(URL, now + 5 * HOUR)
    assert store.turns(first) == {article.source: (1, 1)}
    assert store.turns(second) == {article.source: (0, 1)}
    assert store.turns(store.last_change()) == {}


@pytest.mark.parametrize("how", ["unchanged", "record", "edited"])
def test_back_is_told_with_the_absence(
    store: Store, article: Article, now: datetime, how: str
) -> None:
    """A gone item whose page answers again is back, even with other words."""
    store.record(article, now)
    store.absent(URL, now + HOUR)
    store.absent(URL, now + 2 * HOUR)
    at = now + 5 * HOUR
    if how == "unchanged":
        store.unchanged(URL, at)
    else:
        words = article.text if how == "record" else "Nobody met anywhere. " * 12
        change = store.record(replace(article, text=words), at)
        assert change is not None
        assert change.kind is (ChangeKind.BACK if how == "record" else ChangeKind.EDITED)
    kinds = waiting(store)
    assert kinds[:2] == [ChangeKind.NEW, ChangeKind.GONE]
    assert kinds[-1] is ChangeKind.BACK
    (back,) = (stored.value for stored in store.changes(1, ChangeKind.BACK))
    assert back.absence == Absence(last_seen=now, first_missing=now + HOUR)
    entry = store.entry(1)
    assert entry is not None
    assert entry.absence is None


def test_each_absence_is_told_for_itself(
    store: Store, article: Article, alert: Alert, now: datetime
) -> None:
    """An item that goes twice is told of twice, and of neither twice."""
    store.record(article, now)
    for day in (1, 3):
        store.absent(URL, now + day * DAY)
        store.absent(URL, now + day * DAY + HOUR)
        store.record(article, now + (day + 1) * DAY)
    for number, stored in enumerate(store.unmatched(99)):
        change = stored.value
        told_of = replace(alert, key=f"k{number}", kind=change.kind, absence=change.absence)
        store.queue(stored.id, [told_of], now)
        store.queue(stored.id, [told_of], now)
    told = [stored.value.alert for stored in store.alerts()][::-1]
    assert [one.kind for one in told] == ["new", "gone", "back", "gone", "back"]
    first = [one.absence.first_missing for one in told if one.absence]
    assert first == [now + DAY, now + DAY, now + 3 * DAY, now + 3 * DAY]


def test_an_item_with_two_addresses_is_gone_from_both(
    store: Store, article: Article, now: datetime
) -> None:
    """As long as one address answers, the item is there; all are asked before it is gone."""
    store.record(article, now)
    store.record(replace(article, url=OTHER), now)
    store.absent(URL, now + 2 * HOUR)
    assert due(store, OTHER, now + 3 * HOUR)
    assert store.absent(URL, now + 3 * HOUR) is None
    assert store.absent(OTHER, now + 3 * HOUR) is None
    gone = store.absent(OTHER, now + 4 * HOUR)
    assert gone is not None
    assert gone.absence == Absence(last_seen=now, first_missing=now + 3 * HOUR)


def test_what_goes_is_told_wherever_it_was(store: Store, article: Article, now: datetime) -> None:
    """An item of a baseline was no news; that it goes is, to the watches of each source."""
    store.record(article, now, baseline=True)
    store.record(replace(article, source="other"), now, baseline=True)
    store.absent(URL, now + HOUR)
    assert store.absent(URL, now + 2 * HOUR) is not None
    store.unchanged(URL, now + 3 * HOUR)
    assert waiting(store) == ["gone", "back"]
    assert {stored.value.sources for stored in store.unmatched(9)} == {("other", "secretariat")}


def test_the_schedule_is_the_sources_own(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """Pages are asked for again when the config says so; a missing one once more to be sure."""
    store.register([replace(source, recheck=(2 * HOUR, 30 * HOUR))], now)
    report = Report(source=source.name, started=now, finished=now, state=State.OK)
    store.finish(report, next_at=now)
    store.record(article, now)
    assert [due(store, URL, now + hours * HOUR) for hours in (1, 2)] == [False, True]
    store.unchanged(URL, now + 2 * HOUR)
    assert [due(store, URL, now + hours * HOUR) for hours in (29, 30)] == [False, True]
    store.missed(URL, now + 30 * HOUR)
    assert not due(store, URL, now + 99 * DAY)
    store.absent(URL, now + 30 * HOUR)
    assert due(store, URL, now + 31 * HOUR)


def test_never_means_never(store: Store, article: Article, source: Source, now: datetime) -> None:
    """Without a schedule no page is asked for again, not even those planned before."""
    store.register([source], now)
    store.record(article, now)
    store.register([replace(source, recheck=())], now)
    assert not due(store, URL, now + 99 * DAY)
    store.record(article, now + HOUR)
    store.absent(URL, now + 2 * HOUR)
    assert not due(store, URL, now + 99 * DAY)


def test_another_schedule_holds_for_pages_that_were_read_before(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """Those that wait, those that no longer did, and those that are missing."""
    store.register([replace(source, recheck=())], now)
    report = Report(source=source.name, started=now, finished=now, state=State.OK)
    store.finish(report, next_at=now)
    store.record(article, now)
    store.record(replace(article, url=OTHER, guid="n-2", title="Other", text="Else. " * 50), now)
    store.absent(OTHER, now + HOUR)
    assert not due(store, URL, now + 99 * DAY)
    store.register([replace(source, recheck=(4 * HOUR, 9 * HOUR))], now + 2 * HOUR)
    assert [due(store, URL, now + hours * HOUR) for hours in (3, 4)] == [False, True]
    assert [due(store, OTHER, now + hours * HOUR) for hours in (4, 5)] == [False, True]
    store.register([replace(source, recheck=(7 * HOUR,))], now + 3 * HOUR)
    assert [due(store, URL, now + hours * HOUR) for hours in (6, 7)] == [False, True]
    store.register([replace(source, recheck=(HOUR,))], now + 3 * HOUR)
    assert not due(store, URL, now + 99 * DAY)


def test_a_page_that_was_never_read_keeps_its_next_try(
    store: Store, source: Source, now: datetime
) -> None:
    """It waits for what failed to pass, whatever the schedule of those that were read."""
    store.register([source], now)
    store.missed(URL, now, source=source.name)
    for recheck in ((), (9 * HOUR,)):
        store.register([replace(source, recheck=recheck)], now)
        assert [due(store, URL, now + quarters * HOUR / 4) for quarters in (0, 1)] == [False, True]


def test_another_schedule_asks_for_no_address_that_was_left(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """An article that lives elsewhere now is asked for there alone."""
    store.register([source], now)
    store.record(article, now)
    store.record(replace(article, url=OTHER), now + HOUR, renamed=True)
    entry = store.entry(1)
    assert entry is not None
    assert entry.article.url == OTHER
    assert not due(store, URL, now + 99 * DAY)
    store.register([replace(source, recheck=(30 * DAY,))], now + 2 * HOUR)
    assert due(store, OTHER, now + 31 * DAY)
    assert not due(store, URL, now + 31 * DAY)


def test_the_decisions_alone(now: datetime) -> None:
    """No address is no absence; one that answers is enough; the schedule begins at the loss."""
    assert not is_gone([])
    assert not is_gone([None, (now, now + DAY)])
    assert is_gone([(now, now + SURELY), (now, now + DAY)])
    assert next_look(now, now, ()) is None
    assert next_look(now, now, (DAY,)) == now + SURELY
    assert next_look(now, now + SURELY, (DAY,)) == now + DAY
    assert next_look(now, now + DAY, (DAY,)) is None


def test_a_long_schedule_is_no_clock_that_ran_ahead(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """A page asked for again after a month is not due before."""
    store.register([replace(source, recheck=(30 * DAY,))], now)
    store.record(article, now)
    assert store.due_visits(source.name, now + DAY, 9) == ()
    assert not store.visits(source.name, [URL], now + DAY)[URL].due
    assert store.due_visits(source.name, now + 30 * DAY, 9) == (URL,)


def redirected(article: Article, **differing: str) -> Article:
    """Return another stored article, to which the first one's address leads."""
    other = replace(article, url=OTHER, guid="n-2", title="Another item", text="Other words. " * 20)
    return replace(other, **differing)  # type: ignore[arg-type]


def test_an_item_whose_address_leads_to_another_is_gone_and_may_be_back(
    store: Store, article: Article, now: datetime
) -> None:
    """It is asked for again by the schedule; both answers an hour apart are needed, as ever."""
    other = redirected(article)
    store.record(article, now)
    store.record(other, now)
    assert store.record(other, now + DAY, asked=URL) is None
    assert waiting(store) == [ChangeKind.NEW] * 2
    assert due(store, URL, now + DAY + HOUR)
    store.record(other, now + DAY + HOUR, asked=URL)
    (gone,) = (stored.value for stored in store.changes(1, ChangeKind.GONE))
    assert gone.absence == Absence(last_seen=now, first_missing=now + DAY)
    store.record(replace(other, text="Other words, edited."), now + 2 * DAY, asked=URL)
    store.record(article, now + 3 * DAY)
    kinds = [ChangeKind.NEW, ChangeKind.NEW, ChangeKind.GONE, ChangeKind.EDITED, ChangeKind.BACK]
    assert waiting(store) == kinds
    entry = store.entry(2)
    assert entry is not None
    assert entry.absence is None


def test_a_card_whose_page_is_anothers_stays_to_be_read(
    store: Store, article: Article, card: Article, now: datetime
) -> None:
    """Nothing is gone that was never read; it is tried again like any page that cannot be had."""
    store.record(card, now)
    store.record(redirected(article), now)
    store.record(redirected(article), now, asked=URL)
    visit = store.visits("secretariat", [URL], now + DAY)[URL]
    assert (visit.complete, visit.due) == (False, True)
    assert waiting(store) == [ChangeKind.NEW] * 2
    store.record(article, now + DAY)
    entry = store.entry(1)
    assert entry is not None
    assert entry.article.text == article.text


@pytest.mark.parametrize("by", ["visit", "kept page"])
def test_an_address_goes_along_with_an_item_that_moved(
    store: Store, article: Article, now: datetime, by: str
) -> None:
    """Stored twice, with short words that prove nothing: then it is not gone."""
    first = replace(article, text="Short.", guid=None)
    moved = replace(first, url=OTHER)
    store.record(first, now)
    store.record(moved, now)
    for hours in (24, 26):
        if by == "visit":
            store.record(moved, now + hours * HOUR, asked=URL)
        else:
            store.correct([(moved, URL)], now + hours * HOUR)
    assert waiting(store) == [ChangeKind.NEW] * 2


def test_a_kept_page_takes_no_address_from_another_item(
    store: Store, article: Article, now: datetime
) -> None:
    """It is no visit: the item stays at its address, and is not missing there."""
    store.record(article, now)
    store.record(redirected(article), now)
    store.correct([(redirected(article), URL)], now + HOUR)
    assert store.absent(URL, now + DAY) is None
    assert store.absent(URL, now + DAY + HOUR) is not None
