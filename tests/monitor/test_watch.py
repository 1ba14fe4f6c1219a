"""From changes to queued alerts: each once, none lost, one bad change in nobody's way."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from db.errors import StoreError
from db.model import ChangeKind, TextBasis
from db.store import Store
from db.telling import Watch
from monitor.rules import Match, Rules
from monitor.watch import Matched, match_all
from tests.monitor.courier import NOW, talks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.model import Change

TALKS = Watch(name="talks", query="talks", channels=("desk", "hook"))
MINSK = Watch(name="minsk", query="minsk", channels=("desk",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    with Store.open(tmp_path / "dateline.db") as opened:
        yield opened


class Moody(Rules):
    """Rules with a bug: they raise for some articles."""

    def match(self, change: Change, *, already: frozenset[str] = frozenset()) -> tuple[Match, ...]:
        """Match, unless the title says not to."""
        if "poison" in change.article.title:
            raise ZeroDivisionError("a bug in matching")
        return super().match(change, already=already)


class DyingDesk(Store):
    """A store whose process dies just before the alerts are committed."""

    def queue(self, *_: Any, **__: Any) -> int:
        """Die."""
        raise SystemExit


class FullDesk(Store):
    """A store on a full disk."""

    def queue(self, *_: Any, **__: Any) -> int:
        """Refuse."""
        raise StoreError("database or disk is full")


def keys(store: Store) -> list[str]:
    """Return the keys of all alerts, oldest first."""
    return [stored.value.alert.key for stored in reversed(store.alerts(limit=1000))]


def test_each_watch_and_channel_gets_an_alert_once(store: Store) -> None:
    """One change, two watches: an alert for each channel; looked at again, nothing more."""
    store.record(talks(1, text="In Minsk."), NOW)
    rules = Rules.compile((TALKS, MINSK))
    assert match_all(store, rules, NOW) == Matched(changes=1, alerts=3)
    found = {(s.value.alert.watch, s.value.alert.channel) for s in store.alerts()}
    assert found == {("talks", "desk"), ("talks", "hook"), ("minsk", "desk")}
    assert len(set(keys(store))) == 3
    assert match_all(store, rules, NOW) == Matched()


def test_an_alert_says_why_it_was_made(store: Store) -> None:
    """The watch's query, the change's kind and the words met travel with the alert."""
    store.record(talks(1), NOW)
    match_all(store, Rules.compile((MINSK, TALKS)), NOW)
    alert = store.alerts()[0].value.alert
    assert (alert.query, alert.kind, alert.created_at) == ("talks", ChangeKind.NEW, NOW)
    (passage,) = alert.passages
    assert passage.excerpt[passage.start : passage.end] == "Talks"


def test_a_change_nobody_waits_for_is_done_with(store: Store) -> None:
    """A change that no watch meets is looked at once."""
    store.record(talks(1, title="Weather"), NOW)
    assert match_all(store, Rules.compile((TALKS,)), NOW) == Matched(changes=1)
    assert match_all(store, Rules.compile((TALKS,)), NOW) == Matched()


def test_an_edit_is_told_to_those_who_ask_for_edits(store: Store) -> None:
    """A watch on edits gets an alert of its own key, naming the edited fields."""
    edits = replace(TALKS, channels=("desk",), on=(ChangeKind.NEW, ChangeKind.EDITED))
    rules = Rules.compile((edits,))
    store.record(talks(1), NOW)
    match_all(store, rules, NOW)
    store.record(talks(1, title="Talks resumed"), NOW + timedelta(hours=1))
    match_all(store, rules, NOW + timedelta(hours=1))
    edited = store.alerts()[0].value.alert
    assert (edited.kind, edited.fields) == (ChangeKind.EDITED, ("title",))
    assert len(set(keys(store))) == 2


def test_more_changes_than_a_batch_are_all_matched(store: Store) -> None:
    """Hundreds of changes are matched in one pass, oldest first."""
    store.record_many([(talks(n), None) for n in range(250)], NOW)
    single = replace(TALKS, channels=("desk",))
    assert match_all(store, Rules.compile((single,)), NOW) == Matched(changes=250, alerts=250)
    titles = [s.value.alert.entry.article.title for s in reversed(store.alerts(limit=500))]
    assert titles == [f"Talks {n}" for n in range(250)]


def test_a_change_that_raises_holds_up_no_other(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """R-07: even a whole batch of bad changes in front is passed by, told, and kept."""
    for number in range(120):
        store.record(talks(number, title=f"Talks poison {number}"), NOW)
    store.record(talks(500), NOW)
    single = (replace(TALKS, channels=("desk",)),)
    with caplog.at_level(logging.CRITICAL, logger="dateline.watch"):
        done = match_all(store, Moody.compile(single), NOW)
    assert (done.changes, done.alerts, len(done.failed)) == (121, 1, 120)
    assert match_all(store, Rules.compile(single), NOW).alerts == 120


def test_dying_before_the_commit_loses_nothing(tmp_path: Path) -> None:
    """Killed with the alerts made but not kept, the next pass makes the same ones."""
    path = tmp_path / "dateline.db"
    rules = Rules.compile((TALKS,))
    with DyingDesk.open(path) as dying:
        dying.record(talks(1), NOW)
        with pytest.raises(SystemExit):
            match_all(dying, rules, NOW)
    with Store.open(path) as store:
        assert keys(store) == []
        assert match_all(store, rules, NOW).alerts == 2


def test_a_key_depends_on_the_alert_alone(tmp_path: Path) -> None:
    """Matched twice from copies of one database, an alert has one key: a repeat is recognised."""
    found = []
    for copy in ("one.db", "two.db"):
        with Store.open(tmp_path / copy, token=lambda: "same") as store:
            store.record(talks(1), NOW)
            match_all(store, Rules.compile((TALKS,)), NOW + timedelta(hours=len(found)))
            found.append(keys(store))
    assert found[0] == found[1]


def test_a_store_that_fails_ends_the_pass(tmp_path: Path) -> None:
    """Nothing else could be kept either: the error goes up at once."""
    with FullDesk.open(tmp_path / "dateline.db") as full:
        full.record(talks(1), NOW)
        with pytest.raises(StoreError, match="full"):
            match_all(full, Rules.compile((TALKS,)), NOW)


def test_an_edit_that_reverts_is_told_each_time(store: Store) -> None:
    """A, B, A, B: four alerts of four keys; the edits need not differ from what was told before."""
    edits = replace(TALKS, channels=("desk",), on=(ChangeKind.NEW, ChangeKind.EDITED))
    rules = Rules.compile((edits,))
    for hour, title in enumerate(("Talks", "Talks off", "Talks", "Talks off")):
        store.record(talks(1, title=title), NOW + timedelta(hours=hour))
        assert match_all(store, rules, NOW).alerts == 1
    assert len(set(keys(store))) == 4


def test_an_alert_keeps_the_words_it_was_made_for(store: Store) -> None:
    """Edited before it is matched, or before it is sent, it says what met the watch."""
    watch = Watch(name="w", query="tajik", channels=("desk",))
    store.record(talks(1, text="The Tajik border."), NOW)
    store.record(talks(1, text="The border."), NOW + timedelta(hours=1))
    match_all(store, Rules.compile((watch,)), NOW)
    told = store.alerts()[0].value.alert
    store.record(talks(1, title="Other", text="Other words."), NOW + timedelta(hours=2))
    assert store.alerts()[0].value.alert == told
    store.pack("desk", NOW)
    (claimed,) = store.claim_letters(NOW, owner="me", lease=timedelta(minutes=1))
    assert claimed.value.alerts == (told,)
    assert (told.kind, told.entry.article.text) == (ChangeKind.NEW, "The Tajik border.")
    assert (told.entry.edits, told.entry.changed_at) == (0, NOW)


def test_a_card_told_of_is_not_told_as_its_page(store: Store) -> None:
    """What completes an item after its alert was made does not change the alert."""
    watch = Watch(name="w", query="talks", channels=("desk",))
    card = talks(1, text="Lead.", text_basis=TextBasis.LISTING)
    store.record(card, NOW)
    match_all(store, Rules.compile((watch,)), NOW)
    store.record(talks(1, text="The whole story."), NOW)
    assert match_all(store, Rules.compile((watch,)), NOW).alerts == 0
    assert store.alerts()[0].value.alert.entry.article.text == "Lead."


def test_watches_of_each_source_hear_of_an_item_that_two_have(store: Store) -> None:
    """Whoever names a source is told when that source has it, whoever names none once."""
    everybody, first, second, both = (
        Watch(name=name, query="talks", channels=("desk",), sources=sources)
        for name, sources in (
            ("all", ()),
            ("first", ("belta",)),
            ("second", ("tass",)),
            ("both", ("belta", "tass")),
        )
    )
    rules = Rules.compile((everybody, first, second, both))
    store.record(talks(1), NOW)
    match_all(store, rules, NOW)
    store.record(talks(1, source="tass"), NOW + timedelta(hours=1))
    store.record(talks(1, source="tass"), NOW + timedelta(hours=2))
    match_all(store, rules, NOW)
    told = [stored.value.alert for stored in reversed(store.alerts())]
    assert [alert.watch for alert in told] == ["all", "first", "both", "second"]
    assert told[-1].entry.article.source == "tass"


def test_what_a_baseline_kept_quiet_is_told_when_another_source_has_it(store: Store) -> None:
    """A new source never silences an old one: its watches and those of all sources are told."""
    everybody = Watch(name="all", query="talks", channels=("desk",))
    old = replace(everybody, name="old", sources=("tass",))
    new = replace(everybody, name="new", sources=("belta",))
    rules = Rules.compile((everybody, old, new))
    store.record(talks(1), NOW, baseline=True)
    assert match_all(store, rules, NOW) == Matched()
    store.record(talks(1, source="tass"), NOW)
    match_all(store, rules, NOW)
    assert [stored.value.alert.watch for stored in reversed(store.alerts())] == ["all", "old"]


def test_an_alert_carries_what_changed(store: Store) -> None:
    """What an edit replaced and what was observed of an absence come with the alert, also later."""
    hour = timedelta(hours=1)
    url = talks(1).url or ""
    watch = replace(TALKS, channels=("desk",), on=tuple(ChangeKind))
    store.record(talks(1), NOW)
    store.record(talks(1, text="Other text of number 1."), NOW + hour)
    store.absent(url, NOW + 2 * hour)
    store.absent(url, NOW + 3 * hour)
    match_all(store, Rules.compile([watch]), NOW + 3 * hour)
    store.record(talks(1, text="Third text."), NOW + 4 * hour)
    match_all(store, Rules.compile([watch]), NOW + 4 * hour)
    match_all(store, Rules.compile([watch]), NOW + 4 * hour)
    listed = [stored.value.alert for stored in store.alerts()][::-1]
    store.pack("desk", NOW + 5 * hour)
    letters = store.claim_letters(NOW + 5 * hour, owner="o", lease=hour)
    claimed = [alert for letter in letters for alert in letter.value.alerts]
    assert [one.kind for one in listed] == ["new", "edited", "gone", "edited", "back"]
    for told in (listed, sorted(claimed, key=lambda one: (one.created_at, one.key))):
        edits = [one.edit for one in told if one.edit]
        assert {(one.old_text, one.text) for one in edits} == {
            ("Text number 1.", "Other text of number 1."),
            ("Other text of number 1.", "Third text."),
        }
        seen = {(one.kind.value, one.absence.first_missing) for one in told if one.absence}
        assert seen == {("gone", NOW + 2 * hour), ("back", NOW + 2 * hour)}
