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
from db.telling import Attempt, AttemptOutcome, Standing, Unplaced
from db.visiting import KeptPage, Report, RobotsRules, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from db.model import Article
    from db.telling import Alert
    from db.visiting import Source

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
def calls(
    article: Article, alert: Alert, source: Source, now: datetime
) -> dict[str, Callable[[Store], object]]:
    """Return one call of every public method that needs the database."""
    attempt = Attempt(at=now, outcome=AttemptOutcome.SENT, answer="ok")
    report = Report(source=source.name, started=now, finished=now, state=State.OK)
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
    batch = Unplaced(after=0, last=1, articles=())
    return {
        "absent": lambda store: store.absent("u", now),
        "alert": lambda store: store.alert(1),
        "beginning": lambda store: store.beginning(now),
        "glimpses": lambda store: store.glimpses(None, since=now),
        "ranked": lambda store: store.ranked(to_condition(parse("a")), to_ranking(parse("a"))),
        "sources_of": lambda store: store.sources_of([1]),
        "alerted": lambda store: store.alerted(1),
        "alerts": lambda store: store.alerts(),
        "attempts": lambda store: store.attempts(1),
        "changes": lambda store: store.changes(1),
        "closed_channels": lambda store: store.closed_channels(),
        "claim_sources": lambda store: store.claim_sources(now, owner="o", lease=LEASE),
        "complete_list": lambda store: store.complete_list("s", "u", 0, now),
        "correct": lambda store: store.correct([(article, "u")], now),
        "counts": lambda store: store.counts(),
        "due_channels": lambda store: store.due_channels(now),
        "due_visits": lambda store: store.due_visits("s", now, 1),
        "entry": lambda store: store.entry(1),
        "entry_of": lambda store: store.entry_of(1),
        "finish": lambda store: store.finish(report, next_at=now),
        "forget_pages": lambda store: store.forget_pages(before=now, max_bytes=1),
        "excuse": lambda store: store.excuse(["s"], "offline"),
        "forget_validator": lambda store: store.forget_validator("u"),
        "hold_host": lambda store: store.hold_host("e.org", now, now),
        "hasten": lambda store: store.hasten(1, now, "Now."),
        "host_holds": lambda store: store.host_holds(now),
        "identity": lambda store: store.identity(),
        "keep_page": lambda store: store.keep_page(page),
        "keep_robots": lambda store: store.keep_robots(robots),
        "keep_validators": lambda store: store.keep_validators([]),
        "kept_pages": lambda store: list(store.kept_pages()),
        "keep_shown": lambda store: store.keep_shown("s", "u", ["u"]),
        "listed": lambda store: store.listed("s", ["u"], now, on="", quiet=True),
        "missed": lambda store: store.missed("u", now),
        "newest": lambda store: store.newest(FeedSpec(name="f", title="F"), None),
        "lost_dates": lambda store: store.lost_dates(1),
        "open_lists": lambda store: store.open_lists("s", ["u"]),
        "open_parts": lambda store: store.open_parts("s", "u", [9], since=None),
        "place": lambda store: store.place(batch, {}, now),
        "queue": lambda store: store.queue(1, [alert], now),
        "record": lambda store: store.record(article, now),
        "record_many": lambda store: store.record_many([(article, None)], now),
        "register": lambda store: store.register([source], now),
        "release_sources": lambda store: store.release_sources(),
        "remove": lambda store: store.remove(99),
        "reports": lambda store: store.reports("s", 1),
        "resend": lambda store: store.resend(1, now),
        "revision": lambda store: store.revision(),
        "robots": lambda store: store.robots("https://e.org"),
        "search": lambda store: store.search(None),
        "settle": lambda store: store.settle(1, attempt, owner="o"),
        "shelf": lambda store: store.shelf(),
        "shown": lambda store: store.shown("s", "u"),
        "statuses": lambda store: store.statuses(),
        "stories": lambda store: store.stories(),
        "story_of": lambda store: store.story_of(1),
        "unplaced": lambda store: store.unplaced(1),
        "stored": lambda store: store.stored(article, "u"),
        "unchanged": lambda store: store.unchanged("u", now),
        "unmatched": lambda store: store.unmatched(1),
        "validator": lambda store: store.validator("u"),
        "verify": lambda store: store.verify(),
        "claim_letters": lambda store: store.claim_letters(now, owner="o", lease=LEASE),
        "last_due": lambda store: store.last_due("w", "c"),
        "letters": lambda store: store.letters(1),
        "notices": lambda store: store.notices(),
        "resend_notice": lambda store: store.resend_notice(1, now),
        "past": lambda store: store.past("s"),
        "open_channel": lambda store: store.open_channel("c"),
        "pack": lambda store: store.pack("c", now),
        "resend_dead": lambda store: store.resend_dead(now),
        "standing": lambda store: store.standing("s"),
        "tell": lambda store: store.tell(1, Standing(), [], [], now),
        "untold": lambda store: store.untold(1),
        "versions": lambda store: store.versions(1),
        "visits": lambda store: store.visits("s", ["u"], now),
        "waiting": lambda store: store.waiting(now),
    }


READERS = {
    "alert", "alerted", "alerts", "attempts", "beginning", "changes", "closed_channels", "counts", "due_channels",
    "due_visits", "entry", "entry_of", "glimpses", "host_holds", "identity", "kept_pages", "last_due",
    "letters", "lost_dates", "newest", "notices", "past", "ranked", "reports", "revision", "robots", "search", "shelf",
    "shown", "sources_of", "standing", "statuses", "stored", "stories", "story_of", "unmatched",
    "unplaced", "untold", "validator", "versions", "visits", "waiting",
}  # fmt: skip


def test_every_public_method_is_walked(calls: dict[str, Callable[[Store], object]]) -> None:
    """A method added to the store is added here, or this fails."""
    public = {name for name, _ in inspect.getmembers(Store) if not name.startswith("_")}
    assert public == {*calls, "open", "open_readonly", "close"}
    assert set(calls) >= READERS


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
    path: Path,
    article: Article,
    now: datetime,
    calls: dict[str, Callable[[Store], object]],
) -> None:
    """While another writes, writers are told that it is busy, and readers read."""
    with Store.open(path, patience=0) as store:
        store.record(article, now)
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            for name, call in calls.items():
                if name in READERS:
                    call(store)
                else:
                    with pytest.raises(StoreBusy):
                        call(store)
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
