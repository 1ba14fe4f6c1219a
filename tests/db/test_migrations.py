"""A database of each earlier schema is brought up to date with all that is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from db.connection import SCHEMA
from db.schema import migrations
from db.spelling import stems, surfaces, surfaces_of_list
from db.store import Store

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from db.model import Article

_REPORT = """
INSERT INTO report (source, started, finished, state, reason, requests, bytes, unchanged, listed,
  read, new, edited, failed, coverage, list_read)
VALUES ('s', :at, :at, 'ok', '', 1, 2, 3, 4, 5, 6, 7, 8, '[["title", 5]]', 1)
"""


def old_database(path: Path, steps: int, at: str) -> None:
    """Make a database as the first steps of the schema left it, with a source and a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for function in (surfaces, stems, surfaces_of_list):
            connection.create_function(function.__name__, 1, function, deterministic=True)
        connection.execute("PRAGMA journal_mode = WAL")
        later = [step.name for step in migrations._migrations[steps:]]  # noqa: SLF001 - no other way
        migrations.apply(Database(connection, execute_plugins=False), stop_before=later)
        assert connection.execute("PRAGMA user_version").fetchone() == (steps,)
        connection.execute(
            "INSERT INTO source (name, kind, every, next_at) VALUES ('s', 'tass', 900, ?)", (at,)
        )
        connection.execute(_REPORT, {"at": at})


@pytest.mark.parametrize("steps", range(1, SCHEMA + 1))
def test_an_older_database_keeps_what_it_holds(
    path: Path, article: Article, now: datetime, steps: int
) -> None:
    """Sources and reports are all there; old reports call for no notice; new ones can be kept."""
    old_database(path, steps, now.isoformat(timespec="microseconds"))
    with Store.open(path) as store:
        (status,) = store.statuses()
        assert status.report is not None
        assert (status.name, status.report.requests, status.report.lists) == ("s", 1, ())
        assert (store.untold(9) == ()) is (steps == 1)  # from before there were notices
        store.record(article, now)
        store.finish(status.report, next_at=now)
        assert len(store.reports("s", 9)) == 2
        store.verify()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
