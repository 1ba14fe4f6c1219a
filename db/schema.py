"""The tables, as a chain of frozen steps. A step never changes once it was released.

A step imports nothing of ours: a database of any age must reach today's shape through the very
sentences it was released with. Each step ends by counting up SQLite's `user_version`, so that an
older program can refuse a newer file without knowing what is in it.

Moments are text in one fixed form, `2025-12-20T09:00:00.000000+00:00`, always UTC: it sorts as
time does and a person can read it. Lists are JSON arrays. Every table is STRICT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

if TYPE_CHECKING:
    import sqlite3

_ARTICLES = """
CREATE TABLE article (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- ours, never used twice
  feed_id TEXT NOT NULL UNIQUE,     -- ours, minted at insert, never changed: readers know it
  url TEXT,                         -- the site's rules; canonical; NULL: it has no address
  source TEXT NOT NULL,             -- the config's name for where it was seen first
  guid TEXT,                        -- the source's own id; NULL: it gives none
  title TEXT NOT NULL,              -- the source
  title_basis TEXT NOT NULL,        -- ours: where the title stood
  summary TEXT NOT NULL,            -- the source; '' if it printed none apart from the text
  text TEXT NOT NULL,               -- the source; the best text known
  text_basis TEXT NOT NULL,         -- ours: where the text stood
  section TEXT,                     -- the source; NULL: not said
  authors TEXT NOT NULL,            -- the source; JSON array
  language TEXT,                    -- the source or the config; NULL: not known
  tags TEXT NOT NULL,               -- the source; JSON array
  attachments TEXT NOT NULL,        -- the source; JSON array of addresses
  dated TEXT,                       -- moment of publication; NULL: unknown, never filled in
  date_precision TEXT NOT NULL,     -- ours: how exact `dated` is
  date_basis TEXT NOT NULL,         -- ours: how we know
  date_zone TEXT,                   -- zone it was read in; NULL: none applies
  date_zone_stated INTEGER NOT NULL,-- 1: the source printed the zone, 0: its zone was assumed
  place TEXT,                       -- the source; NULL: not said
  date_raw TEXT,                    -- the characters the date was read from; NULL: none
  fingerprint TEXT NOT NULL,        -- ours: db.changes.fingerprint of this row
  evidence TEXT,                    -- ours: db.changes.evidence; NULL: too short to prove anything
  first_seen TEXT NOT NULL,         -- ours: moment of insert
  changed_at TEXT NOT NULL,         -- ours: moment of the last change that was told
  edits INTEGER NOT NULL DEFAULT 0, -- ours: versions after the first
  edited_fields TEXT NOT NULL DEFAULT '[]'  -- ours: what the last edit touched; JSON array
) STRICT;
CREATE INDEX article_by_guid ON article (guid) WHERE guid IS NOT NULL;
CREATE INDEX article_by_evidence ON article (evidence) WHERE evidence IS NOT NULL;
CREATE INDEX article_by_age ON article (first_seen, id);
CREATE TABLE article_source (
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  source TEXT NOT NULL,             -- the config's name for where it was seen
  first_seen TEXT NOT NULL,         -- moment this source was first seen to have it
  quiet INTEGER NOT NULL,           -- 1: no news there, it was in the source's baseline
  PRIMARY KEY (article_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_source_by_age ON article_source (source, first_seen, article_id);
CREATE TABLE address (
  url TEXT PRIMARY KEY,             -- canonical by the site's rules; an article may have several
  article_id INTEGER REFERENCES article (id) ON DELETE CASCADE,  -- NULL: its page never came
  source TEXT,                      -- whose visit asks for the page; NULL: nobody's yet
  card TEXT,                        -- the spider's digest of the list card; NULL: on no list
  read_at TEXT,                     -- moment its page was first read; NULL: never
  tries INTEGER NOT NULL DEFAULT 0, -- failed asks in a row while the page was never read
  due_at TEXT                       -- moment to ask for the page again; NULL: not any more
) STRICT, WITHOUT ROWID;
CREATE INDEX address_due ON address (source, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX address_missed ON address (source, due_at) WHERE read_at IS NULL AND tries > 0;
CREATE INDEX address_of ON address (article_id);
CREATE TABLE version (
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,          -- counts from 1; the newest stands in `article` only
  title TEXT NOT NULL,              -- as the source had it then
  text TEXT NOT NULL,               -- as the source had it then
  dateline TEXT NOT NULL,           -- as believed then; JSON object
  fields TEXT NOT NULL,             -- what this version changed; JSON array, [] for the first
  seen_at TEXT NOT NULL,            -- moment this version was stored
  PRIMARY KEY (article_id, number)
) STRICT;
CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,         -- of the article, after the change
  fingerprint TEXT NOT NULL,        -- of the article, after the change
  known TEXT,                       -- what stood before; JSON object; NULL: nothing did
  fields TEXT NOT NULL,             -- JSON array
  seen_at TEXT NOT NULL,
  sources TEXT NOT NULL,            -- to whose watches it is news; JSON array, [] for nobody's
  again INTEGER NOT NULL,           -- 1: told before, so only watches that name a source look
  matched_at TEXT                   -- moment the watches had looked; NULL: they still have to
) STRICT;
CREATE INDEX change_waiting ON change (id) WHERE matched_at IS NULL;
CREATE INDEX change_of ON change (article_id);
"""

_ALERTS = """
CREATE TABLE told (
  change_id INTEGER PRIMARY KEY,    -- the change may be forgotten before its alerts are
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  entry TEXT NOT NULL               -- the article as it was matched; JSON object
) STRICT;
CREATE INDEX told_of ON told (article_id);
CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,         -- the watch room; travels as Message-ID and webhook-id
  watch TEXT NOT NULL,              -- the config's name
  channel TEXT NOT NULL,            -- the config's name
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  change_id INTEGER NOT NULL REFERENCES told (change_id),  -- what was matched
  query TEXT NOT NULL,              -- the watch's query when it matched
  kind TEXT NOT NULL,
  fields TEXT NOT NULL,             -- JSON array
  passages TEXT NOT NULL,           -- JSON array of objects
  created_at TEXT NOT NULL,
  state TEXT NOT NULL,              -- due, sent or dead
  next_at TEXT,                     -- moment of the next try; NULL unless due
  lease_owner TEXT,                 -- who is sending it now; NULL: nobody
  lease_until TEXT,                 -- moment the lease lapses; NULL with lease_owner
  UNIQUE (watch, channel, change_id)
) STRICT;
CREATE INDEX alert_due ON alert (channel, next_at, id) WHERE state = 'due';
CREATE INDEX alert_of ON alert (article_id);
CREATE INDEX alert_told ON alert (change_id);
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  outcome TEXT NOT NULL,
  answer TEXT NOT NULL,             -- what the other side said, shortened by the channel
  next_at TEXT                      -- moment of the next try; NULL unless outcome is retry
) STRICT;
CREATE INDEX attempt_of ON attempt (alert_id);
"""

_SOURCES = """
CREATE TABLE source (
  name TEXT PRIMARY KEY,            -- the config
  kind TEXT NOT NULL,               -- the config
  every REAL NOT NULL,              -- the config; seconds
  urls TEXT NOT NULL,               -- the config; JSON array
  next_at TEXT NOT NULL,            -- ours: moment of the next visit
  baseline_at TEXT,                 -- ours: moment all lists had been read; NULL: not yet
  strikes INTEGER NOT NULL DEFAULT 0,  -- ours: visits in a row that were not fine
  since TEXT,                       -- ours: moment the present state began; NULL: never visited
  lease_owner TEXT,                 -- the round that visits it now; NULL: nobody
  lease_until TEXT                  -- moment the lease lapses; NULL with lease_owner
) STRICT, WITHOUT ROWID;
CREATE TABLE source_host (
  source TEXT NOT NULL REFERENCES source (name) ON DELETE CASCADE ON UPDATE CASCADE,
  host TEXT NOT NULL,               -- from the config's urls: host, with the port if unusual
  PRIMARY KEY (source, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_by_host ON source_host (host);
CREATE TABLE list (
  source TEXT NOT NULL,             -- the config's name
  url TEXT NOT NULL,                -- the config's address of the list
  page INTEGER NOT NULL,            -- 0 for the list itself, then the pages that follow it
  baseline_at TEXT,                 -- moment it was first read to its end; NULL: not yet
  PRIMARY KEY (source, url, page)
) STRICT, WITHOUT ROWID;
CREATE TABLE old_address (          -- stood in a list at its first reading: no news when it comes
  source TEXT NOT NULL,
  url TEXT NOT NULL,
  list TEXT NOT NULL,               -- that list, if the source had others by then; else empty
  PRIMARY KEY (source, url, list)
) STRICT, WITHOUT ROWID;
CREATE TABLE report (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,             -- the config's name; may be unknown to `source` by now
  started TEXT NOT NULL,
  finished TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  requests INTEGER NOT NULL,
  bytes INTEGER NOT NULL,           -- bodies as received
  unchanged INTEGER NOT NULL,       -- 304 answers
  listed INTEGER NOT NULL,
  read INTEGER NOT NULL,
  new INTEGER NOT NULL,
  edited INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  coverage TEXT NOT NULL,           -- JSON array of [field, count]
  list_read INTEGER NOT NULL        -- 1: at least one list was read or confirmed
) STRICT;
CREATE INDEX report_of ON report (source, id);
CREATE TABLE validator (
  url TEXT PRIMARY KEY,
  source TEXT,                      -- whose visit read the list; NULL: it is a page
  etag TEXT,                        -- the server, as given; NULL: none
  last_modified TEXT,               -- the server, as given; NULL: none
  stored_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE robots (
  origin TEXT PRIMARY KEY,          -- scheme://host:port
  access TEXT NOT NULL,             -- allow_all, deny_all or rules
  body TEXT NOT NULL,               -- the server; '' unless access is rules
  fetched_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counter (
  name TEXT PRIMARY KEY,            -- revision: grows with every write to article
  value INTEGER NOT NULL            -- normaliser: db.words.VERSION the index was built with
                                    -- indexed: the article id up to which the index has all
                                    -- identity: the store's own number, never changed
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value)
  VALUES ('revision', 0), ('normaliser', 0), ('indexed', 0), ('identity', abs(random() / 2));
"""

# Tokens come ready-made and joined by spaces, so the `ascii` tokenizer takes them as they are;
# unicode61 would cut them again at letters newer than its tables. No ranking, so no columnsize.
_INDEX = """
CREATE VIEW article_words AS SELECT id,
  surfaces(title) AS title, surfaces(summary) AS summary, surfaces(text) AS text,
  stems(title) AS title_stem, stems(summary) AS summary_stem, stems(text) AS text_stem,
  surfaces(source) AS source, surfaces(section) AS section,
  surfaces_of_list(authors) AS author, surfaces(place) AS place
FROM article;
CREATE VIRTUAL TABLE article_fts USING fts5(
  title, summary, text, title_stem, summary_stem, text_stem, source, section, author, place,
  content = 'article_words', content_rowid = 'id', tokenize = 'ascii', columnsize = 0
);
INSERT INTO article_fts (article_fts, rank) VALUES ('automerge', 16);
INSERT INTO article_fts (article_fts, rank) VALUES ('crisismerge', 64);
"""

# An insert has no trigger: `db.store_index` takes new articles in, some at a time. A statement that
# fires a trigger opens a savepoint, and at each savepoint FTS5 writes out all it holds in memory.
# An article that still waits for the index is neither dropped from it nor added to it here.
_INDEX_ADD = """
CREATE TRIGGER article_update_adds AFTER {moment} ON article
WHEN new.id <= (SELECT value FROM counter WHERE name = 'indexed') BEGIN
  INSERT INTO article_fts (rowid, title, summary, text, title_stem, summary_stem, text_stem,
    source, section, author, place)
  VALUES (new.id, surfaces(new.title), surfaces(new.summary), surfaces(new.text),
    stems(new.title), stems(new.summary), stems(new.text), surfaces(new.source),
    surfaces(new.section), surfaces_of_list(new.authors), surfaces(new.place));
END;
"""

# An external-content index forgets a row only if it is told the words it was given: the old ones.
_INDEX_DROP = """
CREATE TRIGGER article_{event}_drops {moment} ON article
WHEN old.id <= (SELECT value FROM counter WHERE name = 'indexed') BEGIN
  INSERT INTO article_fts (article_fts, rowid, title, summary, text, title_stem, summary_stem,
    text_stem, source, section, author, place)
  VALUES ('delete', old.id, surfaces(old.title), surfaces(old.summary), surfaces(old.text),
    stems(old.title), stems(old.summary), stems(old.text), surfaces(old.source),
    surfaces(old.section), surfaces_of_list(old.authors), surfaces(old.place));
END;
"""

_INDEXED = "UPDATE OF title, summary, text, source, section, authors, place"

_REVISION = """
CREATE TRIGGER article_{event}_counts AFTER {event} ON article BEGIN
  UPDATE counter SET value = value + 1 WHERE name = 'revision';
END;
"""

_HOLDS = """
CREATE TABLE host_hold (
  host TEXT PRIMARY KEY,            -- the spiders' key: host, with the port if unusual
  until TEXT NOT NULL               -- moment before which nothing is to be asked there
) STRICT, WITHOUT ROWID;
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

migrations = Migrations("dateline")


@migrations()
def first(db: Database) -> None:
    """Lay out articles, alerts, sources, what servers told us, and the full-text index."""
    for script in (_ARTICLES, _ALERTS, _SOURCES, _INDEX):
        for statement in script.split(";\n"):
            if statement.strip():
                db.execute(statement)
    db.execute(_INDEX_DROP.format(event="delete", moment="BEFORE DELETE"))
    db.execute(_INDEX_DROP.format(event="update", moment=f"BEFORE {_INDEXED}"))
    db.execute(_INDEX_ADD.format(moment=_INDEXED))
    for event in ("update", "delete"):
        db.execute(_REVISION.format(event=event))
    db.execute("PRAGMA application_id = 0x446C6E65")
    db.execute("PRAGMA user_version = 1")


@migrations()
def host_holds(db: Database) -> None:
    """Remember which hosts asked for a pause."""
    db.execute(_HOLDS)
    _count_up(db)


@migrations()
def names_of_tokens(db: Database) -> None:
    """Keep under which names each word of the index may be meant."""
    for statement in _NAMES.split(";"):
        db.execute(statement)
    _count_up(db)


def _count_up(db: Database) -> None:
    # Counted, not set, so that steps may be written side by side.
    (number,) = db.execute("PRAGMA user_version").fetchone()
    db.execute(f"PRAGMA user_version = {number + 1}")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database to today's shape, in the transaction that the caller has open.

    The functions `surfaces`, `stems` and `surfaces_of_list` must be known to the connection.
    """
    migrations.apply(Database(connection, execute_plugins=False))
