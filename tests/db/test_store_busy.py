"""Several processes at one file: everyone gets a turn, or is told that there was none."""

from __future__ import annotations

import inspect
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.compile import to_condition, to_ranking
from db.errors import StoreBusy
from db.model import FeedSpec
from db.query import parse
from db.store import Store
from db.telling import Attempt, AttemptOutcome, Flood, Standing, Unplaced
from db.visiting import KeptPage, Report, RobotsRules, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from db.model import Article
    from db.telling import Alert
    from db.visiting import Source

    Calls = dict[str, Callable[[Store], object]]

ROOT = Path(__file__).parents[2]
LEASE = timedelta(minutes=1)

_WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from db.model import Article, TextBasis, TitleBasis
from db.store import Store

name, number = sys.argv[2], int(sys.argv[3])
now = datetime(2025, 12, 20, 9, tzinfo=UTC)
article = Article(url=None, source="s", title="T", title_basis=TitleBasis.PAGE,
                  text="words " * 50, text_basis=TextBasis.PAGE)
with Store.open(Path(sys.argv[1])) as store:
    for n in range(number):
        store.record(replace(article, url=f"https://e.org/{name}/{n}", title=f"{name} {n}"), now)
        store.validator("https://e.org/")
"""


@pytest.fixture
def reads(article: Article, now: datetime) -> Calls:
    """Return one call of every public method that only reads."""
    return reads_of_items(article, now) | reads_of_telling(now) | reads_of_visits(now)


def reads_of_items(article: Article, now: datetime) -> Calls:
    """Return the calls that ask for items, their past and their stories."""
    ranking = to_condition(parse("a")), to_ranking(parse("a"))
    return {
        "beginning": lambda store: store.beginning(now),
        "changes": lambda store: store.changes(1),
        "counts": lambda store: store.counts(),
        "entry": lambda store: store.entry(1),
        "entry_of": lambda store: store.entry_of(1),
        "glimpses": lambda store: store.glimpses(None, since=now),
        "held": lambda store: store.held(["s"]),
        "identity": lambda store: store.identity(),
        "told_at": lambda store: store.told_at("u"),
        "last_change": lambda store: store.last_change(),
        "turns": lambda store: store.turns(0),
        "lost_dates": lambda store: store.lost_dates(1),
        "newest": lambda store: store.newest(FeedSpec(name="f", title="F"), None),
        "ranked": lambda store: store.ranked(*ranking),
        "revision": lambda store: store.revision(),
        "search": lambda store: store.search(None),
        "sources_of": lambda store: store.sources_of([1]),
        "stored": lambda store: store.stored(article, "u"),
        "stories": lambda store: store.stories(),
        "story_of": lambda store: store.story_of(1),
        "unplaced": lambda store: store.unplaced(1),
        "versions": lambda store: store.versions(1),
    }


def reads_of_telling(now: datetime) -> Calls:
    """Return the calls that ask for alerts, notices and letters."""
    return {
        "alert": lambda store: store.alert(1),
        "alert_of": lambda store: store.alert_of("alert_1"),
        "alerted": lambda store: store.alerted(1),
        "alerts": lambda store: store.alerts(),
        "attempts": lambda store: store.attempts(1),
        "closed_channels": lambda store: store.closed_channels(),
        "due_channels": lambda store: store.due_channels(now),
        "flood_over": lambda store: store.flood_over("c", now, Flood(most=1, within=LEASE)),
        "last_due": lambda store: store.last_due("w", "c"),
        "letters": lambda store: store.letters(1),
        "notices": lambda store: store.notices(),
        "standing": lambda store: store.standing("s"),
        "unmatched": lambda store: store.unmatched(1),
        "untold": lambda store: store.untold(1),
        "waiting": lambda store: store.waiting(now),
    }


def reads_of_visits(now: datetime) -> Calls:
    """Return the calls that ask what visits are due, what they found and what was kept."""
    return {
        "due_visits": lambda store: store.due_visits("s", now, 1),
        "host_holds": lambda store: store.host_holds(now),
        "kept_pages": lambda store: list(store.kept_pages()),
        "past": lambda store: store.past("s"),
        "reports": lambda store: store.reports("s", 1),
        "robots": lambda store: store.robots("https://e.org"),
        "shelf": lambda store: store.shelf(),
        "shown": lambda store: store.shown("s", "u"),
        "statuses": lambda store: store.statuses(),
        "validator": lambda store: store.validator("u"),
        "visits": lambda store: store.visits("s", ["u"], now),
    }


@pytest.fixture
def writes(article: Article, alert: Alert, source: Source, now: datetime) -> Calls:
    """Return one call of every public method that writes."""
    return (
        writes_of_items(article, now)
        | writes_of_telling(alert, now)
        | writes_of_visits(source, now)
        | writes_of_pages(now)
    )


def writes_of_items(article: Article, now: datetime) -> Calls:
    """Return the calls that keep or correct items."""
    batch = Unplaced(after=0, last=1, articles=())
    return {
        "absent": lambda store: store.absent("u", now),
        "correct": lambda store: store.correct([(article, "u")], now),
        "missed": lambda store: store.missed("u", now),
        "place": lambda store: store.place(batch, {}, now),
        "record": lambda store: store.record(article, now),
        "record_many": lambda store: store.record_many([(article, None)], now),
        "remove": lambda store: store.remove(99),
        "unchanged": lambda store: store.unchanged("u", now),
        "verify": lambda store: store.verify(),
    }


def writes_of_telling(alert: Alert, now: datetime) -> Calls:
    """Return the calls that queue, send and settle."""
    attempt = Attempt(at=now, outcome=AttemptOutcome.SENT, answer="ok")
    return {
        "hasten": lambda store: store.hasten(1, now, "Now."),
        "claim_letters": lambda store: store.claim_letters(now, owner="o", lease=LEASE),
        "open_channel": lambda store: store.open_channel("c"),
        "pack": lambda store: store.pack("c", now),
        "queue": lambda store: store.queue(1, [alert], now),
        "release": lambda store: store.release(1, now, "Now."),
        "resend": lambda store: store.resend(1, now),
        "resend_dead": lambda store: store.resend_dead(now),
        "resend_notice": lambda store: store.resend_notice(1, now),
        "settle": lambda store: store.settle(1, attempt, owner="o"),
        "tell": lambda store: store.tell(1, Standing(), [], [], now),
    }


def writes_of_visits(source: Source, now: datetime) -> Calls:
    """Return the calls that begin, follow and end a visit."""
    report = Report(source=source.name, started=now, finished=now, state=State.OK)
    return {
        "claim_sources": lambda store: store.claim_sources(now, owner="o", lease=LEASE),
        "complete_list": lambda store: store.complete_list("s", "u", 0, now),
        "excuse": lambda store: store.excuse(["s"], "offline"),
        "finish": lambda store: store.finish(report, next_at=now),
        "hold_host": lambda store: store.hold_host("e.org", now, now),
        "listed": lambda store: store.listed("s", ["u"], now, on="", quiet=True),
        "open_lists": lambda store: store.open_lists("s", ["u"]),
        "open_parts": lambda store: store.open_parts("s", "u", [9], since=None),
        "register": lambda store: store.register([source], now),
        "release_sources": lambda store: store.release_sources(),
    }


def writes_of_pages(now: datetime) -> Calls:
    """Return the calls that keep or forget what a server sent."""
    robots = RobotsRules(origin="https://e.org", access="allow_all", body="", fetched_at=now)
    page = KeptPage(
        source="s",
        url="u",
        asked="u",
        status=200,
        headers=(),
        body=b"",
        fetched_at=now,
        again_at=now,
    )
    return {
        "forget_pages": lambda store: store.forget_pages(before=now, max_bytes=1),
        "forget_validator": lambda store: store.forget_validator("u"),
        "keep_page": lambda store: store.keep_page(page),
        "keep_robots": lambda store: store.keep_robots(robots),
        "keep_shown": lambda store: store.keep_shown("s", "u", ["u"]),
        "keep_validators": lambda store: store.keep_validators([]),
    }


def test_every_public_method_is_walked(reads: Calls, writes: Calls) -> None:
    """A method added to the store is added here, to the one or the other, or this fails."""
    public = {name for name, _ in inspect.getmembers(Store) if not name.startswith("_")}
    assert public == {*reads, *writes, "open", "open_readonly", "close"}
    assert reads.keys().isdisjoint(writes)


def test_a_file_somebody_has_to_himself_is_busy(path: Path) -> None:
    """A database that another program holds alone cannot be opened, and is said to be busy."""
    Store.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        for opened in (Store.open, Store.open_readonly):
            with pytest.raises(StoreBusy):
                opened(path, patience=0)


def test_a_writer_elsewhere_stops_writers_only(
    path: Path, article: Article, now: datetime, reads: Calls, writes: Calls
) -> None:
    """While another writes, writers are told that it is busy, and readers read."""
    with Store.open(path, patience=0) as store:
        store.record(article, now)
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            for read in reads.values():
                read(store)
            for write in writes.values():
                with pytest.raises(StoreBusy):
                    write(store)
            holder.execute("ROLLBACK")
        store.verify()
        assert store.counts().articles == 1


def test_a_turn_elsewhere_stops_writers(path: Path, article: Article, now: datetime) -> None:
    """While another store is inside a write, a second one waits and is told it is busy."""
    refused: list[str] = []
    with Store.open(path, patience=0.02) as second:

        def try_now(statement: str) -> None:
            if statement == "COMMIT":
                try:
                    second.record(article, now)
                except StoreBusy as busy:
                    refused.append(str(busy))

        with Store.open(path, patience=0, trace=try_now) as first:
            first.record(article, now)
            first.close()
    assert len(refused) == 1


def test_two_processes_write_at_once(path: Path) -> None:
    """Two processes that write as fast as they can both get through, and nothing is damaged."""
    Store.open(path).close()
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name, "150"], cwd=ROOT)
        for name in ("a", "b")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    with Store.open(path) as store:
        assert store.counts().articles == 300
        store.verify()
