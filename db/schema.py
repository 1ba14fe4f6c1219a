"""The tables, as a chain of frozen steps. A step never changes once it was released.

A step imports nothing of ours but sentences (`db.schema_first`, `db.schema_later`): a database
of any age must reach today's shape through the very sentences it was released with. Each step
ends by counting up SQLite's `user_version`, so that an older program can refuse a newer file
without knowing what is in it.

Moments are text in one fixed form, `2025-12-20T09:00:00.000000+00:00`, always UTC: it sorts as
time does and a person can read it. Lists are JSON arrays. Every table is STRICT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from db.schema_first import lay_out
from db.schema_later import (
    INDEX,
    INDEX_ADD,
    INDEX_DROP,
    LOST_DATES,
    OUTBOX,
    STORIES,
    TIMES,
    TIMES_AND_ZONES,
)

if TYPE_CHECKING:
    import sqlite3

_HOLDS = """
CREATE TABLE host_hold (
  host TEXT PRIMARY KEY,            -- the spiders' key: host, with the port if unusual
  until TEXT NOT NULL               -- moment before which nothing is to be asked there
) STRICT, WITHOUT ROWID;
"""

# Comments stand before a sentence: SQLite keeps the words of ALTER TABLE as they are.
_HEALTH = """
-- JSON object; NULL: the visit saw all there was
ALTER TABLE report ADD COLUMN gap TEXT;
-- what `coverage` counts over
ALTER TABLE report ADD COLUMN items INTEGER NOT NULL DEFAULT 0;
-- JSON array of [url, cards, new, shared guids, found]
ALTER TABLE report ADD COLUMN lists TEXT NOT NULL DEFAULT '[]';
-- 1: whoever is to be told of the source's health was told what this report means
ALTER TABLE report ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE report SET told = 1;
CREATE INDEX report_untold ON report (id) WHERE told = 0;
CREATE INDEX report_with_items ON report (source, id) WHERE items > 0;
-- the config; seconds between two visits at most; NULL: as `every` says
ALTER TABLE source ADD COLUMN slowest REAL;
-- the config; seconds that the first round may look back; NULL: it tells of nothing
ALTER TABLE source ADD COLUMN first_round REAL;
-- ours: why the next visit is when it is; '' before the first
ALTER TABLE source ADD COLUMN next_why TEXT NOT NULL DEFAULT '';
-- ours: guids met on two different items; from db.changes.GUID_CLASHES on they prove nothing
ALTER TABLE source ADD COLUMN guid_clashes INTEGER NOT NULL DEFAULT 0;
CREATE TABLE standing (
  source TEXT PRIMARY KEY,          -- the config's name
  strikes INTEGER NOT NULL,         -- visits in a row that were not fine
  since TEXT,                       -- moment the first of them ended; NULL: there is none
  told TEXT,                        -- the state that was told; NULL: nothing is wrong, or not yet
  told_at TEXT,                     -- moment it was told last; NULL with told
  recovered_at TEXT,                -- moment a trouble was taken back; NULL: never
  gap_at TEXT                       -- moment a gap was told last; NULL: never
) STRICT, WITHOUT ROWID;
CREATE TABLE notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,         -- db.health; travels as Message-ID and webhook-id
  source TEXT NOT NULL,             -- the config's name
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  since TEXT NOT NULL,              -- moment the state began
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX notice_of ON notice (source, id);
CREATE TABLE letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  notice_id INTEGER NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
  channel TEXT NOT NULL,            -- the config's name
  state TEXT NOT NULL,              -- due, sent or dead
  next_at TEXT,                     -- moment of the next try; NULL unless due
  lease_owner TEXT,                 -- who is sending it now; NULL: nobody
  lease_until TEXT,                 -- moment the lease lapses; NULL with lease_owner
  UNIQUE (notice_id, channel)
) STRICT;
CREATE INDEX letter_due ON letter (channel, next_at, id) WHERE state = 'due';
CREATE TABLE letter_attempt (
  id INTEGER PRIMARY KEY,
  letter_id INTEGER NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  outcome TEXT NOT NULL,
  answer TEXT NOT NULL,             -- what the other side said, shortened by the channel
  next_at TEXT                      -- moment of the next try; NULL unless outcome is retry
) STRICT;
CREATE INDEX letter_attempt_of ON letter_attempt (letter_id);
"""

# Absences, schedules per source, who made a version, and the bytes of pages.
_ABSENCES = """
-- moment its page answered last; NULL: it is there
ALTER TABLE article ADD COLUMN last_seen TEXT;
-- moment of its first 404; NULL: it is there
ALTER TABLE article ADD COLUMN first_missing TEXT;
-- moment its page answered last; NULL: not noted
ALTER TABLE address ADD COLUMN seen_at TEXT;
-- first 404 or 410 in a row; NULL: it answers
ALTER TABLE address ADD COLUMN missing_since TEXT;
-- last 404 or 410 in a row; NULL: it answers
ALTER TABLE address ADD COLUMN missing_at TEXT;
UPDATE address SET seen_at = read_at;
-- the config; JSON array of seconds; NULL: as usual
ALTER TABLE source ADD COLUMN recheck TEXT;
-- JSON object; NULL unless kind is gone or back
ALTER TABLE change ADD COLUMN absence TEXT;
-- JSON object of the words before and after; NULL: no edit
ALTER TABLE told ADD COLUMN edit TEXT;
-- JSON object; NULL unless the change was gone or back
ALTER TABLE told ADD COLUMN absence TEXT;
-- ours: the kind of change that made its words: new, edited or corrected
ALTER TABLE article ADD COLUMN made_by TEXT NOT NULL DEFAULT 'new';
UPDATE article SET made_by = 'edited' WHERE edits > 0;
-- ours: the kind of change that made its words
ALTER TABLE version ADD COLUMN made_by TEXT NOT NULL DEFAULT 'edited';
UPDATE version SET made_by = 'new' WHERE number = 1;
CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,             -- the config's name
  url TEXT NOT NULL,                -- where the answer came from
  asked TEXT NOT NULL,              -- the canonical address that was asked for
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,            -- the server; JSON array of [name, value]
  card TEXT,                        -- the spiders' words for the list card; NULL: on no list
  fetched_at TEXT NOT NULL,         -- moment these bytes came first
  again_at TEXT NOT NULL,           -- moment these bytes came last
  hash TEXT NOT NULL,               -- SHA-256 of the body as it was before it was packed, hex
  size INTEGER NOT NULL,            -- bytes before packing
  packed INTEGER NOT NULL,          -- bytes of `body`
  body BLOB NOT NULL                -- Zstandard (RFC 8878), with its checksum
) STRICT;
CREATE INDEX page_of ON page (source, asked, id);
CREATE INDEX page_by_age ON page (again_at, id, packed);
"""

_NAMES = """
CREATE TABLE name_token (
  key TEXT NOT NULL,                -- ours: one of db.names.keys of the token
  token TEXT NOT NULL,              -- a word as the index has it
  PRIMARY KEY (key, token)
) STRICT, WITHOUT ROWID;
CREATE TABLE named_token (
  token TEXT PRIMARY KEY            -- all that have a key
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value)
  VALUES ('names', 0)               -- db.names.VERSION that the keys are of
"""

_ORDERS = """
-- JSON array: addresses from the top, where page = 0; NULL: never noted
ALTER TABLE list ADD COLUMN shown TEXT;
"""

# Until now the words of what is indexed were taken in at once.
_NAMES_LATER = """
INSERT INTO counter (name, value)   -- the article id up to which names have all
  SELECT 'named', value FROM counter WHERE name = 'indexed'
"""

migrations = Migrations("dateline")


@migrations()
def first(db: Database) -> None:
    """Lay out articles, alerts, sources, what servers told us, and the full-text index."""
    lay_out(db)


@migrations()
def host_holds(db: Database) -> None:
    """Remember which hosts asked for a pause."""
    db.execute(_HOLDS)
    _count_up(db)


@migrations()
def health(db: Database) -> None:
    """Add what the health of sources needs: gaps, lists, notices and their way out."""
    _run(db, _HEALTH)
    _count_up(db)


@migrations()
def absences(db: Database) -> None:
    """Add absences, revisits by source, who made a version, edits in alerts, and kept pages."""
    _run(db, _ABSENCES)
    _count_up(db)


@migrations()
def names_of_tokens(db: Database) -> None:
    """Keep under which names each word of the index may be meant."""
    _run(db, _NAMES)
    _count_up(db)


@migrations()
def orders(db: Database) -> None:
    """Remember in which order a list showed its items."""
    _run(db, _ORDERS)
    _count_up(db)


@migrations()
def names_later(db: Database) -> None:
    """Note up to which article the names of its words are kept."""
    _run(db, _NAMES_LATER)
    _count_up(db)


@migrations()
def sources_apart(db: Database) -> None:
    """Index no names of sources: an item may have several, and a rename changes them all."""
    for statement in (*INDEX, INDEX_ADD):
        db.execute(statement)
    indexed = "UPDATE OF title, summary, text, section, authors, place"
    for event, what in (("delete", "DELETE"), ("update", indexed)):
        db.execute(INDEX_DROP.format(event=event, what=what))
    _count_up(db)


@migrations()
def stories(db: Database) -> None:
    """Add stories, and what alerts say of them and of themselves."""
    _run(db, STORIES)
    _count_up(db)


@migrations()
def outbox(db: Database) -> None:
    """Put notices and alerts into one outbox, where alerts may go out together."""
    _run(db, OUTBOX)
    _count_up(db)


@migrations()
def lost_dates(db: Database) -> None:
    """Keep the dates of an article that were weighed and not taken."""
    _run(db, LOST_DATES)
    _count_up(db)


@migrations()
def times(db: Database) -> None:
    """Keep the times of all articles together, so that counting them reads no article."""
    _run(db, TIMES)
    _count_up(db)


@migrations()
def times_and_zones(db: Database) -> None:
    """Keep the zones of their dates beside them: counting by day reads no article either."""
    _run(db, TIMES_AND_ZONES)
    _count_up(db)


def _run(db: Database, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def _count_up(db: Database) -> None:
    # Counted, not set, so that steps may be written side by side.
    (number,) = db.execute("PRAGMA user_version").fetchone()
    db.execute(f"PRAGMA user_version = {number + 1}")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database to today's shape, in the transaction that the caller has open.

    The functions `surfaces`, `stems` and `surfaces_of_list` must be known to the connection.
    """
    migrations.apply(Database(connection, execute_plugins=False))
