"""Sentences of later steps of the schema, as they were released. Imports nothing of ours."""

from __future__ import annotations

# The words of `source` go: what a query asks of sources is asked of `article_source`.
INDEX = (
    "DROP TRIGGER article_delete_drops",
    "DROP TRIGGER article_update_drops",
    "DROP TRIGGER article_update_adds",
    "DROP TABLE article_fts",
    "DROP VIEW article_words",
    """
    CREATE VIEW article_words AS SELECT id,
      surfaces(title) AS title, surfaces(summary) AS summary, surfaces(text) AS text,
      stems(title) AS title_stem, stems(summary) AS summary_stem, stems(text) AS text_stem,
      surfaces(section) AS section, surfaces_of_list(authors) AS author, surfaces(place) AS place
    FROM article
    """,
    """
    CREATE VIRTUAL TABLE article_fts USING fts5(
      title, summary, text, title_stem, summary_stem, text_stem, section, author, place,
      content = 'article_words', content_rowid = 'id', tokenize = 'ascii', columnsize = 0
    )
    """,
    "INSERT INTO article_fts (article_fts, rank) VALUES ('automerge', 16)",
    "INSERT INTO article_fts (article_fts, rank) VALUES ('crisismerge', 64)",
    # The index is empty now. It is built as after a change of the rules for words.
    "UPDATE counter SET value = 0 WHERE name = 'normaliser'",
)
INDEX_ADD = """
CREATE TRIGGER article_update_adds
AFTER UPDATE OF title, summary, text, section, authors, place ON article
WHEN new.id <= (SELECT value FROM counter WHERE name = 'indexed') BEGIN
  INSERT INTO article_fts (rowid, title, summary, text, title_stem, summary_stem, text_stem,
    section, author, place)
  VALUES (new.id, surfaces(new.title), surfaces(new.summary), surfaces(new.text),
    stems(new.title), stems(new.summary), stems(new.text), surfaces(new.section),
    surfaces_of_list(new.authors), surfaces(new.place));
END
"""
INDEX_DROP = """
CREATE TRIGGER article_{event}_drops BEFORE {what} ON article
WHEN old.id <= (SELECT value FROM counter WHERE name = 'indexed') BEGIN
  INSERT INTO article_fts (article_fts, rowid, title, summary, text, title_stem, summary_stem,
    text_stem, section, author, place)
  VALUES ('delete', old.id, surfaces(old.title), surfaces(old.summary), surfaces(old.text),
    stems(old.title), stems(old.summary), stems(old.text), surfaces(old.section),
    surfaces_of_list(old.authors), surfaces(old.place));
END
"""

# Stories, and what an alert says of them. Of the past only the last week's items are put into
# stories: what comes next can belong to no older one.
STORIES = """
CREATE TABLE story_member (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  story_id INTEGER NOT NULL,        -- the id of the article that began it, be that gone or not
  number INTEGER NOT NULL,          -- counts from 1 in the order they were placed
  nearest INTEGER,                  -- the article it is closest to; NULL: it began the story
  kind TEXT,                        -- db.stories.Kind; NULL with nearest
  score REAL,                       -- how much speaks for it, to 1; NULL with nearest
  why TEXT NOT NULL,                -- the same in words; '' with nearest
  every REAL NOT NULL,              -- seconds from the visit before to its first sight; 0: no visit
  joined_at TEXT NOT NULL,          -- moment it was placed
  dated INTEGER NOT NULL,           -- moment of its keys: seconds since 1970
  keys BLOB,                        -- all it has in story_key, 8 bytes each; NULL: forgotten
  UNIQUE (story_id, number)
) STRICT;
CREATE INDEX story_member_by_age ON story_member (joined_at) WHERE keys IS NOT NULL;
CREATE TABLE story_key (
  key INTEGER NOT NULL,             -- db.shelf.code of what an article can be looked up under
  dated INTEGER NOT NULL,           -- moment of publication, else of first sight
  article_id INTEGER NOT NULL,
  PRIMARY KEY (key, dated, article_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE word_count (
  word TEXT PRIMARY KEY,            -- a stem or key of db.traits
  articles INTEGER NOT NULL         -- in how many it occurs
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value)
  SELECT 'placed', coalesce(max(id), 0) FROM change
  WHERE seen_at < strftime('%Y-%m-%dT%H:%M:%S', (SELECT max(seen_at) FROM change), '-7 days');
-- counted: how many articles word_count is of; story_keys: the version of the rules they are of
INSERT INTO counter (name, value) VALUES ('counted', 0), ('story_keys', 0);
-- JSON object: the story as it was when the alerts of the change were made; NULL: not known
ALTER TABLE told ADD COLUMN story TEXT;
-- the key of the first alert of this story through this channel; NULL: this is the first
ALTER TABLE alert ADD COLUMN thread TEXT;
-- JSON array of sentences: why it was told and not held back
ALTER TABLE alert ADD COLUMN grounds TEXT NOT NULL DEFAULT '[]'
"""

# One outbox: what goes through a channel as one message is a letter, of a notice or of alerts.
OUTBOX = """
DROP INDEX alert_due;
DROP INDEX letter_due;
DROP INDEX letter_attempt_of;
DROP INDEX attempt_of;
ALTER TABLE letter RENAME TO notice_letter;
ALTER TABLE letter_attempt RENAME TO notice_attempt;
ALTER TABLE attempt RENAME TO alert_attempt;
CREATE TABLE letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL,                -- travels as Message-ID and webhook-id
  channel TEXT NOT NULL,            -- the config's name
  notice_id INTEGER REFERENCES notice (id) ON DELETE CASCADE,  -- NULL: it tells of alerts
  made_at TEXT NOT NULL,
  flood INTEGER NOT NULL,           -- 1: its alerts were more than the channel takes in a while
  state TEXT NOT NULL,              -- due, sent or dead
  next_at TEXT,                     -- moment of the next try; NULL unless due
  lease_owner TEXT,                 -- who is sending it now; NULL: nobody
  lease_until TEXT,                 -- moment the lease lapses; NULL with lease_owner
  UNIQUE (channel, key)
) STRICT;
CREATE INDEX letter_due ON letter (channel, next_at, id) WHERE state = 'due';
CREATE INDEX letter_by_age ON letter (channel, made_at);
CREATE INDEX letter_of ON letter (notice_id) WHERE notice_id IS NOT NULL;
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  letter_id INTEGER NOT NULL REFERENCES letter (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  outcome TEXT NOT NULL,
  answer TEXT NOT NULL,             -- what the other side said, shortened by the channel
  next_at TEXT                      -- moment of the next try; NULL unless outcome is retry
) STRICT;
CREATE INDEX attempt_of ON attempt (letter_id);
CREATE TABLE closed_channel (
  name TEXT PRIMARY KEY,            -- the config's name
  target TEXT NOT NULL,             -- a digest of where it led
  since TEXT NOT NULL,              -- moment its receiver said that it wants nothing any more
  reason TEXT NOT NULL              -- its words
) STRICT, WITHOUT ROWID;
-- what it goes out with; NULL: nothing yet
ALTER TABLE alert ADD COLUMN letter_id INTEGER REFERENCES letter (id);
-- ours: moment it falls due
ALTER TABLE alert ADD COLUMN due_at TEXT NOT NULL DEFAULT '';
-- 1: told with all others that are due and have a 1 here
ALTER TABLE alert ADD COLUMN gathered INTEGER NOT NULL DEFAULT 0;
INSERT INTO letter (key, channel, made_at, flood, state, next_at)
  SELECT key, channel, created_at, 0, state, next_at FROM alert ORDER BY id;
INSERT INTO letter (key, channel, notice_id, made_at, flood, state, next_at)
  SELECT n.key, l.channel, n.id, n.created_at, 0, l.state, l.next_at
  FROM notice_letter l JOIN notice n ON n.id = l.notice_id ORDER BY l.id;
UPDATE alert SET due_at = created_at, letter_id = (
  SELECT l.id FROM letter l WHERE l.channel = alert.channel AND l.key = alert.key);
INSERT INTO attempt (letter_id, at, outcome, answer, next_at)
  SELECT a.letter_id, t.at, t.outcome, t.answer, t.next_at
  FROM alert_attempt t JOIN alert a ON a.id = t.alert_id ORDER BY t.id;
INSERT INTO attempt (letter_id, at, outcome, answer, next_at)
  SELECT l.id, t.at, t.outcome, t.answer, t.next_at FROM notice_attempt t
  JOIN notice_letter o ON o.id = t.letter_id
  JOIN letter l ON l.notice_id = o.notice_id AND l.channel = o.channel ORDER BY t.id;
DROP TABLE alert_attempt;
DROP TABLE notice_attempt;
DROP TABLE notice_letter;
ALTER TABLE alert DROP COLUMN state;
ALTER TABLE alert DROP COLUMN next_at;
ALTER TABLE alert DROP COLUMN lease_owner;
ALTER TABLE alert DROP COLUMN lease_until;
CREATE INDEX alert_loose ON alert (channel, due_at, id) WHERE letter_id IS NULL;
CREATE INDEX alert_in ON alert (letter_id);
"""

# Dates that were weighed and not taken; apart from `article`, so that no list of items reads them.
LOST_DATES = """
CREATE TABLE lost_date (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  dates TEXT NOT NULL  -- JSON array of [when, precision, basis, zone, stated, raw, rejected]
) STRICT
"""

# An index that answers what is asked of times without the articles themselves.
TIMES = """
DROP INDEX article_by_age;
CREATE INDEX article_by_age ON article (first_seen, id, dated, date_precision)
"""

# A day is told in the zone it was written in. Some files have the index so already.
TIMES_AND_ZONES = """
DROP INDEX article_by_age;
CREATE INDEX article_by_age
  ON article (first_seen, id, dated, date_precision, date_zone)
"""
