"""Sources: whose turn it is, who visits, how visits ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.compile import to_condition
from db.errors import StoreError
from db.model import Holding
from db.query import parse
from db.store import Store
from db.visiting import Report, Source, State

if TYPE_CHECKING:
    from pathlib import Path

    from db.model import Article

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=10)


def at(name: str, *urls: str) -> Source:
    """Return a source of that name at those addresses."""
    return Source(name=name, kind="tass", urls=urls)


def report(now: datetime, state: State = State.OK, *, list_read: bool = True) -> Report:
    """Return a report on the source `a`."""
    return Report(
        source="a",
        started=now - timedelta(seconds=9),
        finished=now,
        state=state,
        reason="why",
        requests=3,
        bytes=4,
        unchanged=1,
        listed=20,
        read=2,
        new=1,
        edited=1,
        failed=1,
        coverage=(("title", 2), ("dateline", 1)),
        list_read=list_read,
    )


def next_at(store: Store, name: str) -> datetime:
    """Return when a source is due next."""
    return next(status.next_at for status in store.statuses() if status.name == name)


def test_a_new_source_is_due_at_once(store: Store, now: datetime) -> None:
    """A source just registered has no past and can be claimed."""
    store.register([at("a", "https://e.org/")], now)
    (status,) = store.statuses()
    assert (status.name, status.kind, status.next_at) == ("a", "tass", now)
    assert (status.baseline_at, status.strikes, status.since) == (None, 0, None)
    assert status.report is None
    assert store.held(["a", "nobody"]) == {"a": Holding(0, None), "nobody": Holding(0, None)}
    assert store.held([]) == {}
    assert store.claim_sources(now, owner="me", lease=LEASE) == ("a",)


def test_registering_again_changes_nothing(store: Store, now: datetime) -> None:
    """A source that is registered at every start keeps its place."""
    sources = [at("a", "https://e.org/")]
    store.register(sources, now)
    store.finish(report(now), next_at=now + HOUR)
    store.register(sources, now + 2 * HOUR)
    assert next_at(store, "a") == now + HOUR


def test_another_interval_counts_from_the_last_visit(store: Store, now: datetime) -> None:
    """A source whose `every` was changed is due that long after its last visit."""
    source = at("a", "https://e.org/")
    store.register([source], now)
    store.register([replace(source, every=HOUR)], now + LEASE)
    assert next_at(store, "a") == now
    store.finish(report(now), next_at=now + HOUR)
    store.register([replace(source, every=LEASE)], now + HOUR)
    assert next_at(store, "a") == now + LEASE


@pytest.mark.parametrize("state", [State.LATER, State.UNREACHABLE])
def test_another_interval_respects_a_fault(store: Store, now: datetime, state: State) -> None:
    """A time that a fault or the server's wish has set stands, whatever `every` says."""
    source = at("a", "https://e.org/")
    store.register([source], now)
    store.finish(report(now, state), next_at=now + 5 * HOUR)
    store.register([replace(source, every=LEASE)], now)
    assert next_at(store, "a") == now + 5 * HOUR


def test_another_kind_is_noted(store: Store, now: datetime) -> None:
    """A source whose kind was changed keeps its time."""
    store.register([at("a", "https://e.org/")], now)
    store.register([replace(at("a", "https://e.org/"), kind="belta")], now + HOUR)
    (status,) = store.statuses()
    assert (status.kind, status.next_at) == ("belta", now)


def test_a_claimed_source_is_nobody_elses(store: Store, now: datetime) -> None:
    """A source under lease cannot be claimed again until the lease lapses or is given back."""
    store.register([at("a", "https://e.org/")], now)
    store.claim_sources(now, owner="me", lease=LEASE)
    assert store.claim_sources(now, owner="you", lease=LEASE) == ()
    assert store.claim_sources(now, owner="me", lease=LEASE) == ()
    assert store.claim_sources(now + LEASE, owner="you", lease=LEASE) == ("a",)
    assert store.release_sources("me") == 0
    assert store.release_sources("you") == 1
    assert store.claim_sources(now, owner="me", lease=LEASE, force=True) == ("a",)
    assert store.release_sources() == 1


def test_sources_of_one_host_come_together(store: Store, now: datetime) -> None:
    """All due sources of a host are one claim; the scheme makes no other host."""
    store.register(
        [
            at("a", "https://e.org/a"),
            at("b", "http://E.org:80/b"),
            at("c", "https://e.org:8443/c"),
        ],
        now,
    )
    assert store.claim_sources(now, owner="me", lease=LEASE, names=["a"]) == ("a",)
    assert store.claim_sources(now, owner="you", lease=LEASE) == ("c",)
    assert store.claim_sources(now, owner="me", lease=LEASE) == ("b",)


def test_a_source_of_two_hosts_waits_for_both(store: Store, now: datetime) -> None:
    """A source that visits a host somebody holds is not claimed, wherever else it goes."""
    both = at("both", "https://one.org/", "https://two.org/")
    store.register([at("one", "https://one.org/"), both], now)
    store.claim_sources(now, owner="me", lease=LEASE, names=["one"])
    assert store.claim_sources(now, owner="you", lease=LEASE) == ()
    store.register([replace(both, urls=("https://two.org/",))], now)
    assert store.claim_sources(now, owner="you", lease=LEASE) == ("both",)


def test_only_due_sources_are_claimed(store: Store, now: datetime) -> None:
    """A source is left alone before its time, unless that is overruled."""
    store.register([at("a", "https://e.org/")], now)
    store.finish(report(now), next_at=now + HOUR)
    assert store.claim_sources(now, owner="me", lease=LEASE) == ()
    assert store.claim_sources(now, owner="me", lease=LEASE, names=[], force=True) == ()
    assert store.claim_sources(now, owner="me", lease=LEASE, force=True) == ("a",)


def test_finishing_frees_the_source(store: Store, now: datetime) -> None:
    """The report of a visit is kept and its lease ends."""
    store.register([at("a", "https://e.org/")], now)
    store.claim_sources(now, owner="me", lease=LEASE)
    store.finish(report(now), next_at=now)
    assert store.claim_sources(now, owner="you", lease=LEASE) == ("a",)
    (status,) = store.statuses()
    assert status.report == report(now)
    assert status.baseline_at == now


def test_the_baseline_needs_a_list(store: Store, now: datetime) -> None:
    """A first round without a list is none; a later round does not move the baseline."""
    store.register([at("a", "https://e.org/")], now)
    store.finish(report(now, State.UNREACHABLE, list_read=False), next_at=now)
    assert store.statuses()[0].baseline_at is None
    store.finish(report(now + HOUR), next_at=now)
    store.finish(report(now + 2 * HOUR), next_at=now)
    assert store.statuses()[0].baseline_at == now + HOUR


def test_strikes_count_until_a_fine_visit(store: Store, now: datetime) -> None:
    """Visits that are not fine add up; `since` tells when the present state began."""
    store.register([at("a", "https://e.org/")], now)
    story = [
        (State.OK, 0, 0),
        (State.UNCHANGED, 0, 0),
        (State.ERRORING, 1, 2),
        (State.ERRORING, 2, 2),
        (State.BLOCKED, 3, 4),
        (State.OK, 0, 5),
    ]
    for hour, (state, strikes, since) in enumerate(story):
        store.finish(report(now + hour * HOUR, state), next_at=now)
        (status,) = store.statuses()
        assert (status.strikes, status.since) == (strikes, now + since * HOUR)
    assert [r.state for r in store.reports("a", 2)] == [State.OK, State.BLOCKED]
    assert store.reports("b", 2) == ()


def test_a_report_on_nothing_is_refused(store: Store, now: datetime) -> None:
    """A visit to a source that was never registered cannot have ended."""
    with pytest.raises(StoreError, match="no source a"):
        store.finish(report(now), next_at=now)


def test_a_clock_that_ran_ahead_holds_no_source_back(store: Store, now: datetime) -> None:
    """A visit set farther ahead than any wait is due; a source visited each week waits a week."""
    week = replace(at("week", "https://w.org/"), every=timedelta(days=7))
    store.register([at("a", "https://e.org/"), week], now)
    for name in ("a", "week"):
        ahead = replace(report(now), source=name)
        store.finish(ahead, next_at=now + timedelta(days=7))
    assert store.claim_sources(now, owner="me", lease=LEASE) == ("a",)
    store.finish(replace(report(now), source="a"), next_at=now + timedelta(hours=24))
    assert store.claim_sources(now, owner="me", lease=LEASE) == ()


def test_a_renamed_source_keeps_what_it_had(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """Under its new name it has its baseline, its items, its due pages, its reports."""
    store.register([source], now)
    store.open_lists("secretariat", source.urls)
    store.complete_list("secretariat", source.urls[0], 0, now)
    store.record(replace(article, guid="g", text="Short."), now)
    store.finish(replace(report(now), source="secretariat"), next_at=now + HOUR)
    other = replace(source, name="csto")
    assert store.register([other], now) == (("csto", "secretariat"),)
    assert store.register([other], now) == ()
    (status,) = store.statuses()
    assert (status.name, status.baseline_at) == ("csto", now)
    assert store.held(["csto", "secretariat"]) == {
        "csto": Holding(1, now),
        "secretariat": Holding(0, None),
    }
    assert status.report is not None
    assert store.open_lists("csto", source.urls) == {(source.urls[0], 0)}
    assert store.due_visits("csto", now + HOUR, 9) == (article.url,)
    moved = replace(article, source="csto", guid="g", text="Short.", url="https://odkb.example/x")
    assert store.record(moved, now + HOUR) is None
    assert store.counts().articles == 1


def test_queries_find_a_renamed_source_under_its_new_name(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """All it has shown, in the index or waiting for it, whoever had it first."""

    def found(name: str) -> set[str | None]:
        hits = store.search(to_condition(parse(f"source:{name} council")))
        return {hit.value.article.url for hit in hits}

    store.register([source], now)
    store.record(article, now)
    store.finish(replace(report(now), source="secretariat"), next_at=now + HOUR)
    waiting = replace(article, url="https://odkb.example/2", guid=None, text="Council.")
    foreign = replace(
        article, url="https://e.org/3", source="tass", guid=None, text="Council, too."
    )
    store.record(waiting, now)
    store.record(foreign, now)
    store.record(replace(foreign, source="secretariat"), now)
    store.register([replace(source, name="csto")], now)
    assert found("csto") == {article.url, waiting.url, foreign.url}
    assert found("secretariat") == set()
    assert [hit.value.article.source for hit in store.search(None)] == ["tass", "csto", "csto"]
    assert found("tass") == {foreign.url}
    store.finish(replace(report(now), source="csto"), next_at=now + HOUR)
    assert found("csto") == {article.url, waiting.url, foreign.url}
    store.verify()


def test_a_rename_that_was_cut_short_goes_on(
    path: Path, article: Article, source: Source, now: datetime
) -> None:
    """Many items are renamed some at a time, and whatever transaction is the last, none is lost."""
    many = [
        (replace(article, url=f"https://e.org/{n}", guid=None, text=f"Council {n}."), None)
        for n in range(1_200)
    ]
    with Store.open(path) as store:
        store.register([source], now)
        store.record_many(many, now)
    committed = 0

    def die(sentence: str) -> None:
        nonlocal committed
        committed += sentence == "COMMIT"
        if committed == 1 and "UPDATE article SET source" in sentence:
            store._session.connection.interrupt()  # noqa: SLF001 - as if the machine stopped

    renamed = [replace(source, name="csto")]
    with (
        Store.open(path, trace=die) as store,
        pytest.raises(StoreError, match="interrupted"),
    ):
        store.register(renamed, now)
    with Store.open(path) as store:
        before = {hit.value.article.source for hit in store.search(None, limit=2_000)}
        found = store.search(to_condition(parse("source:secretariat")), limit=2_000)
        assert store.register(renamed, now) == (("csto", "secretariat"),)
        after = {hit.value.article.source for hit in store.search(None, limit=2_000)}
        assert len(store.search(to_condition(parse("source:csto")), limit=2_000)) == 1_200
        assert store.search(to_condition(parse("source:secretariat"))) == ()
        store.verify()
    assert (before, len(found), after) == ({"csto", "secretariat"}, 1_200, {"csto"})


def test_what_waits_for_the_watches_waits_under_the_new_name(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """A rename between a visit and its alerts hides no change from the watches of that source."""
    store.register([source], now)
    store.record(article, now, baseline=False)
    store.record(replace(article, source="tass"), now, baseline=False)
    store.register([replace(source, name="csto")], now)
    waiting = store.unmatched(9)
    assert [stored.value.sources for stored in waiting] == [("csto",), ("tass",)]
    assert [stored.value.article.source for stored in waiting] == ["csto", "tass"]


def test_only_the_whole_config_tells_that_a_source_was_renamed(
    store: Store, source: Source, now: datetime
) -> None:
    """Not if the old name is there as well, nor if others may be; nor at other addresses."""
    store.register([source], now)
    other = replace(source, name="csto")
    assert store.register([replace(other, urls=("https://odkb.example/x",))], now) == ()
    assert store.register([source, replace(other, name="b")], now) == ()
    assert store.register([replace(other, name="c")], now, whole=False) == ()


def test_a_slow_source_is_no_clock_that_ran_ahead(
    store: Store, source: Source, now: datetime
) -> None:
    """Three days until the next visit are its own rhythm; beyond its bounds a clock was wrong."""
    day = timedelta(days=1)
    slow = replace(source, every=timedelta(hours=1), slowest=3 * day)
    store.register([slow], now)
    for days, due in ((3, ()), (5, (slow.name,))):
        report = Report(source=slow.name, started=now, finished=now, state=State.OK)
        store.finish(report, next_at=now + days * day, why="slow")
        assert store.claim_sources(now, owner="me", lease=day) == due


def test_a_host_that_asked_for_days_is_left_alone_for_days(
    store: Store, source: Source, now: datetime
) -> None:
    """A wait so long is no clock that ran ahead while the host's own wish stands behind it."""
    store.register([source], now)
    until = now + timedelta(days=3)
    store.finish(replace(report(now), source=source.name), next_at=until)
    lease = timedelta(minutes=1)
    store.hold_host("odkb.example", until, now)
    assert store.claim_sources(now, owner="me", lease=lease) == ()
    assert store.claim_sources(until, owner="me", lease=lease) == (source.name,)
    store.release_sources("me")
    store.finish(replace(report(now), source=source.name), next_at=until + timedelta(days=1))
    assert store.claim_sources(now, owner="me", lease=lease) == (source.name,)
