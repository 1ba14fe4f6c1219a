"""A database of each earlier schema is brought up to date with all that is in it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from db import rows
from db.connection import SCHEMA
from db.model import Absence, ChangeKind
from db.schema import migrations
from db.spelling import stems, surfaces, surfaces_of_list
from db.store import Store
from db.telling import AlertState

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from db.model import Article
    from db.telling import Alert

# The steps that brought notices, absences, stories, one outbox, and an index of times.
HEALTH, ABSENCES, STORIES, OUTBOX, TIMES = 3, 4, 9, 10, 12
FILL = (
    "INSERT INTO source (name, kind, every, urls, next_at) VALUES ('s', 'tass', 900, '[]', :at)",
    """INSERT INTO report (source, started, finished, state, reason, requests, bytes, unchanged,
      listed, read, new, edited, failed, coverage, list_read)
    VALUES ('s', :at, :at, 'ok', '', 1, 2, 3, 4, 5, 6, 7, 8, '[["title", 5]]', 1)""",
    """INSERT INTO article (feed_id, url, source, title, title_basis, summary, text, text_basis,
      authors, tags, attachments, date_precision, date_basis, date_zone_stated, fingerprint,
      first_seen, changed_at, edits)
    VALUES ('tag:1', :url, 's', 'Council', 'page', '', 'words', 'page', '[]', '[]', '[]', 'none',
      'unknown', 0, 'f', :at, :at, 1)""",
    "INSERT INTO article_source (article_id, source, first_seen, quiet) VALUES (1, 's', :at, 0)",
    "INSERT INTO address (url, article_id, source, read_at) VALUES (:url, 1, 's', :at)",
    """INSERT INTO version (article_id, number, title, text, dateline, fields, seen_at)
    VALUES (1, 1, 'Old', 'old', :dateline, '[]', :at)""",
    """INSERT INTO change (article_id, kind, version, fingerprint, fields, seen_at, sources, again)
    VALUES (1, 'edited', 2, 'f', '["text"]', :at, '["s"]', 0)""",
    "INSERT INTO told (change_id, article_id, entry) VALUES (1, 1, :entry)",
)
ALERT = """INSERT INTO alert (key, watch, channel, article_id, change_id, query, kind, fields,
  passages, created_at, {more}) VALUES ('k', 'w', 'c', 1, 1, 'q', 'edited', '["text"]', '[]', :at,
  {values})"""
TOLD = (
    ALERT.format(more="state", values="'sent'"),
    "INSERT INTO attempt (alert_id, at, outcome, answer) VALUES (1, :at, 'sent', '250 ok')",
)
NOTICED = (
    """INSERT INTO notice (key, source, kind, state, reason, since, created_at)
    VALUES ('n', 's', 'down', 'blocked', 'why', :at, :at)""",
    "INSERT INTO letter (notice_id, channel, state, next_at) VALUES (1, 'c', 'due', :at)",
    """INSERT INTO letter_attempt (letter_id, at, outcome, answer, next_at)
    VALUES (1, :at, 'retry', '451 no', :at)""",
)
LETTERS = (
    "INSERT INTO letter (key, channel, made_at, flood, state) VALUES ('k', 'c', :at, 0, 'sent')",
    ALERT.format(more="due_at, letter_id", values=":at, 1"),
    "INSERT INTO attempt (letter_id, at, outcome, answer) VALUES (1, :at, 'sent', '250 ok')",
)


def old_database(path: Path, steps: int, article: Article, now: datetime) -> None:
    """Make a database as the first steps of the schema left it, with an item edited and told."""
    at = rows.moment(now)
    entry = {
        **rows.article_columns(article),
        "feed_id": "tag:1",
        "first_seen": at,
        "changed_at": at,
        "edits": 1,
    }
    given = {
        "at": at,
        "url": article.url,
        "dateline": rows.dateline_text(article.dateline),
        "entry": json.dumps(entry),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for function in (surfaces, stems, surfaces_of_list):
            connection.create_function(function.__name__, 1, function, deterministic=True)
        connection.execute("PRAGMA journal_mode = WAL")
        later = [step.name for step in migrations._migrations[steps:]]  # noqa: SLF001 - no other way
        migrations.apply(Database(connection, execute_plugins=False), stop_before=later)
        assert connection.execute("PRAGMA user_version").fetchone() == (steps,)
        told = TOLD if steps < OUTBOX else LETTERS
        noticed = NOTICED if HEALTH <= steps < OUTBOX else ()
        for sentence in (*FILL, *told, *noticed):
            connection.execute(sentence, given)


@pytest.mark.parametrize("steps", range(1, SCHEMA + 1))
def test_an_older_database_keeps_what_it_holds(
    path: Path, article: Article, now: datetime, steps: int
) -> None:
    """Old reports call for no notice, old pages were seen when read; all that is new works."""
    old_database(path, steps, article, now)
    hour = timedelta(hours=1)
    with Store.open(path) as store:
        (status,) = store.statuses()
        assert status.report is not None
        assert (status.name, status.report.requests, status.report.lists) == ("s", 1, ())
        assert (store.untold(9) == ()) is (steps < HEALTH)  # from before there were notices
        (told,) = store.alerts()
        assert (told.value.alert.edit, told.value.alert.entry.absence) == (None, None)
        assert (told.value.state, told.value.sent_as) == (AlertState.SENT, "k")
        assert [attempt.answer for attempt in told.value.attempts] == ["250 ok"]
        if HEALTH <= steps < OUTBOX:
            (letter,) = store.claim_letters(now, owner="me", lease=hour)
            assert (letter.value.notice, letter.value.key) == (store.notices()[0].value, "n")
            assert [attempt.answer for attempt in store.attempts(letter.id)] == ["451 no"]
        if steps < ABSENCES:
            assert [one.kind for one in store.versions(1)] == [ChangeKind.NEW, ChangeKind.EDITED]
            assert store.absent(article.url or "", now + hour) is None
            gone = store.absent(article.url or "", now + 2 * hour)
            assert gone is not None
            assert gone.absence == Absence(last_seen=now, first_missing=now + hour)
        store.hold_host("e.org", now + hour, now)
        store.record(article, now)
        store.finish(status.report, next_at=now)
        assert (len(store.reports("s", 9)), len(store.host_holds(now))) == (2, 1)
        store.verify()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)


def test_of_the_past_the_last_week_is_put_into_stories(
    path: Path, article: Article, alert: Alert, now: datetime
) -> None:
    """What nothing can join any more stays without a story, and is told; what is newer waits."""
    old_database(path, STORIES - 1, article, now)
    given = {"at": rows.moment(now + timedelta(days=8)), "url": "https://odkb.example/new/"}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for function in (surfaces, stems, surfaces_of_list):
            connection.create_function(function.__name__, 1, function, deterministic=True)
        connection.execute(FILL[2].replace("'tag:1'", "'tag:2'"), given)
        connection.execute(
            """INSERT INTO change (article_id, kind, version, fingerprint, fields, seen_at, sources,
              again) VALUES (2, 'new', 1, 'f', '[]', :at, '[]', 0)""",
            given,
        )
    with Store.open(path) as store:
        batch = store.unplaced(9)
        assert batch is not None
        assert [(stored.id, stored.value.feed_id) for stored in batch.articles] == [(2, "tag:2")]
        assert store.place(batch, {}, now) == 0
        assert store.story_of(1) is None
        assert store.story_of(2) is not None
        assert store.queue(1, [replace(alert, channel="c")], now) == 1
        assert store.pack("c", now) == 1
        told = store.alert(2)
        assert told is not None
        assert (told.alert.story, told.alert.thread) == (None, "k")


@pytest.mark.parametrize("zone", ["", ", date_zone"])
def test_the_index_of_times_has_their_zones(
    path: Path, article: Article, now: datetime, zone: str
) -> None:
    """It had none at first, and files of the same number exist with and without."""
    old_database(path, TIMES, article, now)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP INDEX article_by_age")
        connection.execute(
            f"CREATE INDEX article_by_age ON article (first_seen, id, dated, date_precision{zone})"
        )
    with Store.open(path) as store:
        assert len(store.glimpses(None, since=now)) == 1
    with closing(sqlite3.connect(path)) as connection:
        columns = connection.execute("SELECT name FROM pragma_index_info('article_by_age')")
        assert [name for (name,) in columns] == [
            "first_seen", "id", "dated", "date_precision", "date_zone",
        ]  # fmt: skip
