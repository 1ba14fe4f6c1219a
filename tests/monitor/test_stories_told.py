"""Stories and alerts: one per watch and story where that is asked, threads, nothing lost."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.model import Article, Basis, ChangeKind, Dateline, Precision, TextBasis, TitleBasis
from db.store import Store
from db.telling import Alert, Flood, Watch
from monitor.placing import place_all
from monitor.rules import Rules
from monitor.watch import match_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.telling import Unplaced
    from tests.rows import Row

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
EACH = Watch(name="each", query="dordoi", channels=("desk",))
ONCE = replace(EACH, name="once", once_per_story=True)
EDITS = (ChangeKind.NEW, ChangeKind.EDITED)


def wire(site: int, **changes: Any) -> Article:
    """Return the same wire story as one of many sites prints it, with its tracking parameters."""
    plain = Article(
        url=f"https://site{site}.example/news/dordoi?utm_source=feed&fbclid=x{site}",
        source=f"site{site}",
        title="Fire destroys Dordoi market in Bishkek",
        title_basis=TitleBasis.PAGE,
        text="A fire destroyed 340 containers at the Dordoi market in Bishkek overnight, the "
        "emergency ministry of Kyrgyzstan said. Rescuers put out the blaze at 07:42.",
        text_basis=TextBasis.PAGE,
        language="en",
        dateline=Dateline(
            when=NOW + timedelta(minutes=site), precision=Precision.MINUTE, basis=Basis.META
        ),
    )
    return replace(plain, **changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    with Store.open(tmp_path / "dateline.db") as opened:
        yield opened


def alerts(store: Store, watch: str | None = None) -> list[Alert]:
    """Return all alerts, oldest first."""
    return [stored.value.alert for stored in reversed(store.alerts(watch=watch, limit=1000))]


def passed(store: Store, *watches: Watch, now: datetime = NOW) -> None:
    """Place what is new, match, and make letters of what is due."""
    place_all(store, now)
    match_all(store, Rules.compile(watches), now)
    for channel in {name for watch in watches for name in watch.channels}:
        store.pack(channel, now)


@pytest.mark.torture("R-44", short=20, long=200)
def test_a_wire_story_on_many_sites_is_one_alert_where_asked(tmp_path: Path, row: Row) -> None:
    """R-44: the same story everywhere, a title edited five times: one alert; edits are counted."""
    watches = (
        EACH,
        replace(ONCE, channels=("desk", "hook")),
        replace(ONCE, name="edits", on=EDITS),
        replace(EACH, name="all", on=EDITS),
    )
    with Store.open(tmp_path / "dateline.db") as store:
        for site in range(row.size):
            now = NOW + site * timedelta(minutes=1)
            store.record(wire(site), now)
            passed(store, *watches, now=now)
        for edit in range(5):
            now = NOW + (edit + 4) * HOUR
            store.record(wire(0, title=f"Fire destroys Dordoi market in Bishkek: {edit}"), now)
            passed(store, *watches, now=now)
        told = {watch.name: len(alerts(store, watch.name)) for watch in watches}
        story = store.story_of(1)
        first, *replies = [one for one in alerts(store) if one.channel == "desk"]
    assert story is not None
    last = replies[-6].story
    assert last is not None
    assert (last.size, len(last.members)) == (row.size, min(row.size, 12))
    assert {1, row.size} <= {member.id for member in last.members}
    # All that was told of the first item went out in one letter, which every other one answers.
    together = [one for one in replies if one.occasion == first.occasion]
    later = [one for one in replies if one.occasion != first.occasion]
    assert {one.thread for one in (first, *together)} == {None}
    assert {one.thread for one in later} == {first.key}
    row.count("members of the story", story.size)
    row.count("alerts of a watch on each item", told["each"])
    row.count("alerts once per story", told["once"] // 2)
    row.count("edits counted", story.members[0].edits)
    assert story.size == row.size
    assert told == {"each": row.size, "once": 2, "edits": 1, "all": row.size + 5}
    assert story.members[0].edits == 5


def test_a_late_member_adds_to_the_story_without_an_alert(store: Store) -> None:
    """Told once, the story goes on; a watch on each item hears of the late one, in its thread."""
    store.record(wire(1), NOW)
    passed(store, ONCE, EACH)
    store.record(wire(2), NOW + HOUR)
    passed(store, ONCE, EACH, now=NOW + HOUR)
    (once,) = alerts(store, "once")
    first, late = alerts(store, "each")
    story = store.story_of(1)
    assert story is not None
    assert story.size == 2
    assert once.story is not None
    assert once.story.size == 1  # as it was when the alert was made
    assert late.story is not None
    assert [member.source for member in late.story.members] == ["site1", "site2"]
    # Both were told of the first in one letter; the late one is a reply to that.
    assert (once.thread, first.thread, late.thread) == (None, None, once.key)


def test_an_edit_of_what_a_digest_told_is_a_reply_to_the_digest(store: Store) -> None:
    """The message that a reader has is the one that is answered, not one that never went out."""
    edits = replace(EACH, on=EDITS)
    for site in (1, 2):
        store.record(wire(site), NOW)
    place_all(store, NOW)
    match_all(store, Rules.compile([edits]), NOW)
    assert [alert.thread for alert in alerts(store)] == [None, None]
    assert store.pack("desk", NOW, Flood(most=1, within=HOUR)) == 1
    (digest,) = store.claim_letters(NOW, owner="me", lease=HOUR)
    assert [alert.thread for alert in digest.value.alerts] == [None, None]
    store.record(wire(1, title="Fire destroys Dordoi market, ministry says"), NOW + 4 * HOUR)
    passed(store, edits, now=NOW + 4 * HOUR)
    assert alerts(store)[-1].thread == digest.value.key
    assert digest.value.key.startswith("digest_")


def test_another_story_is_another_alert_and_another_thread(store: Store) -> None:
    """Once per story is not once."""
    store.record(wire(1), NOW)
    far = {"when": NOW + 30 * 24 * HOUR, "precision": Precision.DAY, "basis": Basis.META}
    store.record(wire(2, dateline=Dateline(**far)), NOW)
    passed(store, ONCE)
    assert [alert.thread for alert in alerts(store)] == [None, None]


def test_what_goes_is_told_though_its_story_was(store: Store) -> None:
    """That an item was taken away is no repeat of its story."""
    watch = replace(ONCE, on=(ChangeKind.NEW, ChangeKind.GONE))
    store.record(wire(1), NOW)
    passed(store, watch)
    for hours in (24, 48):
        store.absent(wire(1).url or "", NOW + hours * HOUR)
    passed(store, watch, now=NOW + 48 * HOUR)
    new, gone = alerts(store)
    assert (new.kind, gone.kind) == (ChangeKind.NEW, ChangeKind.GONE)
    assert gone.thread == new.key


def test_what_was_not_placed_before_it_is_matched_is_placed_then(store: Store) -> None:
    """An item stored while the watches look is in its story before anybody is told of it."""
    store.record(wire(1), NOW)
    store.record(wire(2), NOW)
    match_all(store, Rules.compile((ONCE,)), NOW)
    (alert,) = alerts(store)
    assert alert.story is not None
    story = store.story_of(2)
    assert story is not None
    assert story.size == 2


class Killed(Store):
    """A store whose process dies as it queues."""

    def queue(self, *_: Any, **__: Any) -> int:
        """Die."""
        raise SystemExit


def test_killed_between_placing_and_alerting_nothing_is_lost(tmp_path: Path) -> None:
    """Placed and not yet told, the story is told once by the next process, for both members."""
    path = tmp_path / "dateline.db"
    with Killed.open(path) as dying:
        dying.record(wire(1), NOW)
        dying.record(wire(2), NOW)
        with pytest.raises(SystemExit):
            passed(dying, ONCE, EACH)
    with Store.open(path) as store:
        passed(store, ONCE, EACH)
        passed(store, ONCE, EACH)
        assert len(alerts(store, "once")) == 1
        assert len(alerts(store, "each")) == 2


def test_two_who_match_at_once_tell_of_a_story_once(store: Store, tmp_path: Path) -> None:
    """R-08: each has read another member before the other told of the first."""
    store.record(wire(1), NOW)
    store.record(wire(2), NOW)
    with Store.open(tmp_path / "dateline.db") as second:
        for number, desk in ((1, store), (2, second)):
            told = desk.queue(number, [alert_of(desk, number)], NOW, once=frozenset({"once"}))
            assert told == (number == 1)
    assert len(alerts(store)) == 1


def alert_of(store: Store, change: int) -> Alert:
    """Return an alert of a change, as the watch `once` makes it."""
    return Alert(
        key=f"key-{change}",
        watch="once",
        channel="desk",
        query="dordoi",
        kind=ChangeKind.NEW,
        entry=store.entry_of(change),
        fields=(),
        passages=(),
        created_at=NOW,
    )


OTHER = {
    "title": "Belarus and China sign a railway agreement at Dordoi",
    "text": "Petr Parkhomchik signed the agreement on 14 rail terminals in Beijing, the embassy "
    "of Belarus reports. Construction begins in spring near Orsha.",
}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("show"), st.integers(0, 7)),
        st.tuples(st.sampled_from(["place", "match", "dies"]), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_whatever_dies_each_story_is_told_once_and_each_item(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Items of two stories, edits, deaths in any order: once a story, and once an item."""
    path = tmp_path_factory.mktemp("told") / "dateline.db"
    rules = Rules.compile((replace(ONCE, on=EDITS), EACH))
    shown: Counter[int] = Counter()
    for step, site in [*steps, ("place", 0), ("match", 0)]:
        with (Killed if step == "dies" else Store).open(path) as store, suppress(SystemExit):
            if step == "show":
                changed: dict[str, Any] = OTHER if site % 2 else {}
                item = wire(site, **changed)
                store.record(replace(item, title=f"{item.title} {shown[site] * 'again '}"), NOW)
                shown[site] += 1
            elif step == "place":
                place_all(store, NOW)
            else:
                match_all(store, rules, NOW)
    with Store.open(path) as store:
        assert len(alerts(store, "each")) == len(shown)
        assert len(alerts(store, "once")) == len({site % 2 for site in shown})
        assert len(store.stories(least=1)) == len({site % 2 for site in shown})


class Torn(Store):
    """A store that hands out an article whose text cannot be read."""

    def unplaced(self, limit: int) -> Unplaced | None:
        """Return what waits, the first article torn."""
        batch = super().unplaced(limit)
        if batch is None:
            return None
        articles = tuple(
            replace(one, value=replace(one.value, article=replace(one.value.article, text=None)))
            if one.id == 1
            else one
            for one in batch.articles
        )
        return replace(batch, articles=articles)


def test_an_article_that_cannot_be_read_holds_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """R-07: it is told in the log, stands alone, and is alerted on like any other."""
    with Torn.open(tmp_path / "dateline.db") as store:
        for site in range(1, 4):
            store.record(wire(site), NOW)
        with caplog.at_level(logging.CRITICAL, logger="dateline.store"):
            assert place_all(store, NOW) == 1
        match_all(store, Rules.compile((ONCE,)), NOW)
        assert [alert.entry.article.source for alert in alerts(store)] == ["site1", "site2"]


def test_many_batches_need_no_more_memory(store: Store) -> None:
    """What was read of articles is forgotten from time to time; stories do not depend on it."""
    for site in range(150):
        store.record(wire(site), NOW)
    assert place_all(store, NOW, remembered=20) == 149
