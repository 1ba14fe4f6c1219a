"""Reports and changes that are too old to be kept, and those that stay."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from db.visiting import Report, State

if TYPE_CHECKING:
    from pathlib import Path

    from db.model import Article
    from db.store import Store
    from db.visiting import Source


def report(now: datetime) -> Report:
    """Return a report on a visit that ended well."""
    return Report(source="secretariat", started=now, finished=now, state=State.OK)


def test_old_reports_and_changes_are_forgotten(
    store: Store, article: Article, source: Source, now: datetime
) -> None:
    """Reports of 90 days and 500 at most are kept, and changes unless they wait for the watches.

    What a source brought last is what it is held against, and stays.
    """
    store.register([source], now)
    brought = replace(report(now - timedelta(days=1)), items=3, read=3)
    store.finish(brought, next_at=now)
    store.record(article, now, baseline=True)
    store.record(replace(article, text="Edited."), now, baseline=False)
    for number, day in enumerate((*(0 for _ in range(510)), 60, 100), 1):
        then = now + timedelta(days=day)
        store.finish(report(then), next_at=then)
        if number >= 500:
            assert len(store.reports("secretariat", 999)) <= 501
    kept = [kept.finished - now for kept in store.reports("secretariat", 999)]
    assert kept == [timedelta(days=100), timedelta(days=60), timedelta(days=-1)]
    assert [past.items for past in store.past("secretariat").reports] == [0, 0, 3]
    assert [stored.value.kind for stored in store.changes(9)] == ["edited"]
    assert len(store.versions(1)) == 2


def test_changes_that_wait_for_good_keep_no_others(
    store: Store, path: Path, article: Article, source: Source, now: datetime
) -> None:
    """However many of the oldest the watches cannot look at, what they have seen is forgotten."""
    store.register([source], now)
    store.record(article, now, baseline=False)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
            " INSERT INTO change (id, article_id, kind, version, fingerprint, fields, seen_at,"
            " sources, again) SELECT i, article_id, kind, version, fingerprint, fields, seen_at,"
            " sources, again FROM change, n"
        )
    store.record(replace(article, text="Edited."), now, baseline=False)
    store.queue(store.changes(1)[0].id, (), now)
    then = now + timedelta(days=100)
    store.finish(report(then), next_at=then)
    counts = store.counts()
    assert (counts.changes, counts.unmatched) == (1500, 1500)
