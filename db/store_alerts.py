"""Changes that watches have to look at, and alerts with what became of them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from db import rows
from db.alone import alone
from db.connection import Part
from db.errors import StoreError
from db.firsts import shortened
from db.model import Change, ChangeKind, Entry, Stored
from db.rows_alerts import alert_of, passages_text
from db.rows_stories import story_text
from db.store_outbox import attempts_of
from db.store_place import place_until
from db.store_stories import story_of
from db.telling import Alert, AlertRecord, AlertState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

_CHANGE = """
SELECT c.id AS change_id, c.kind, c.version, c.fingerprint AS change_fingerprint, c.known, c.fields,
  c.seen_at, c.sources, c.again, c.absence, v.title AS then_title, v.text AS then_text,
  v.dateline AS then_dateline, a.*, (
    SELECT json_group_array(source) FROM (
      SELECT source FROM article_source WHERE article_id = a.id ORDER BY first_seen, source)
  ) AS shown_by
FROM change c JOIN article a ON a.id = c.article_id
LEFT JOIN version v ON v.article_id = c.article_id AND v.number = c.version
"""

# Named twice over for the sake of the partial index: an OR would read the whole table.
_UNMATCHED = f"{_CHANGE} WHERE c.matched_at IS NULL ORDER BY c.id"
_CHANGES = f"{_CHANGE} WHERE ?1 IS NULL OR c.kind = ?1 ORDER BY c.id DESC LIMIT ?2"

_TELL = """
INSERT INTO told (change_id, article_id, entry, edit, absence, story) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""

_QUEUE = """
INSERT INTO alert (key, watch, channel, article_id, change_id, query, kind, fields, passages,
  created_at, due_at, gathered, grounds, thread)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""

# All that belongs to the story of an article, and the article if it has none.
_OF_STORY = """
article_id IN (SELECT ?1 UNION SELECT other.article_id FROM story_member one
  JOIN story_member other USING (story_id) WHERE one.article_id = ?1)
"""

_THREAD = f"""
SELECT key FROM alert WHERE {_OF_STORY} AND channel = ?2 ORDER BY id LIMIT 1
"""  # noqa: S608 - our own words

_TOLD_OF_STORY = f"""
SELECT 1 FROM alert WHERE {_OF_STORY} AND channel = ?2 AND watch = ?3
  AND change_id <> ?4 AND kind NOT IN ('gone', 'back')
"""  # noqa: S608 - our own words

_LISTED = """
SELECT l.id AS alert_id, l.*, t.entry, t.edit, t.absence, t.story, e.key AS sent_as, e.next_at,
  coalesce(e.state, 'due') AS stands, r.key AS replies_to,
  (SELECT count(*) FROM alert WHERE letter_id = l.letter_id) AS together
FROM alert l JOIN told t USING (change_id) LEFT JOIN letter e ON e.id = l.letter_id
LEFT JOIN alert f ON f.key = l.thread
LEFT JOIN letter r ON r.id = f.letter_id AND r.id < l.letter_id
"""
_LATEST = f"""
{_LISTED} WHERE (?1 IS NULL OR coalesce(e.state, 'due') = ?1) AND (?2 IS NULL OR l.watch = ?2)
  AND (?3 IS NULL OR l.channel = ?3) ORDER BY l.id DESC LIMIT ?4
"""

_RESEND = """
UPDATE letter SET state = 'due', next_at = ?
WHERE id = (SELECT letter_id FROM alert WHERE id = ?)
"""


# A letter of several changes has a key of its own; its first alert stands for it.
_OF_KEY = """
SELECT coalesce((SELECT id FROM alert WHERE key = ?1),
  (SELECT min(l.id) FROM letter e JOIN alert l ON l.letter_id = e.id WHERE e.key = ?1))
"""


MEMBERS_TOLD = 12
"""Members of a story that an alert keeps."""


def _readable(row: Row) -> Change | None:
    return alone(row["id"], partial(rows.change_of, row))


class Alerts(Part):
    """The part of the store between a change and the last answer to its alerts."""

    def unmatched(self, limit: int) -> tuple[Stored[Change], ...]:
        """Return changes that no watch has looked at, oldest first; fewer only if no more wait.

        One whose row is damaged is logged and left waiting: it holds up no other.
        """
        with (
            self._session.reading() as connection,
            closing(connection.execute(_UNMATCHED)) as waiting,
        ):
            read = ((row, _readable(row)) for row in waiting)
            found = (Stored(row["change_id"], change) for row, change in read if change)
            return tuple(islice(found, limit))

    def changes(self, limit: int, kind: ChangeKind | None = None) -> tuple[Stored[Change], ...]:
        """Return what changed last, newest first."""
        with self._session.reading() as connection:
            found = connection.execute(_CHANGES, (kind, limit)).fetchall()
        return tuple(Stored(row["change_id"], rows.change_of(row)) for row in found)

    def entry_of(self, change_id: int) -> Entry:
        """Return the article that a change happened to, as the change left it (see `unmatched`)."""
        with self._session.reading() as connection:
            row = connection.execute(f"{_CHANGE} WHERE c.id = ?", (change_id,)).fetchone()
        if row is None:
            raise StoreError(f"there is no change {change_id} in {self._session.path}")
        change = rows.change_of(row)
        return replace(
            rows.entry_of(row),
            article=change.article,
            changed_at=change.seen_at,
            edits=row["version"] - 1,
            absence=change.absence if change.kind is ChangeKind.GONE else None,
        )

    def alerted(self, change_id: int) -> frozenset[str]:
        """Return the watches that already have an alert for the article of a change."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT DISTINCT l.watch FROM change c JOIN alert l USING (article_id)"
                " WHERE c.id = ?",
                (change_id,),
            ).fetchall()
        return frozenset(watch for (watch,) in found)

    def queue(
        self,
        change_id: int,
        alerts: Sequence[Alert],
        now: datetime,
        *,
        once: frozenset[str] = frozenset(),
    ) -> int:
        """Queue the alerts of a change and mark it as matched; return how many were new.

        A watch tells a channel of a change once: repeats are ignored, so doing this again after a
        crash changes nothing. Entry, edit and absence of the first alert are kept for all alerts
        of the change, so that they say the same however often and late they are sent. So is the
        story as it is now, into which the change's article is put here if it waits for that.
        The watches named in `once` tell a channel of a story once, but for what is gone or back.
        """
        with self._session.writing() as connection:
            change = connection.execute(
                "UPDATE change SET matched_at = coalesce(matched_at, ?) WHERE id = ?"
                " RETURNING id, article_id",
                (rows.moment(now), change_id),
            ).fetchone()
            if change is None:
                raise StoreError(f"there is no change {change_id} in {self._session.path}")
            if alerts:
                place_until(connection, change_id, now)
            alerts = [one for one in alerts if not _is_repeat(connection, change, one, once)]
            for alert in alerts[:1]:
                story = story_of(connection, change["article_id"])
                if story is not None:
                    story = shortened(story, change["article_id"], MEMBERS_TOLD)
                told = (
                    rows.entry_text(alert.entry),
                    rows.edit_text(alert.edit),
                    rows.absence_text(alert.absence),
                    story_text(story),
                )
                connection.execute(_TELL, (change_id, change["article_id"], *told))
            return sum(_queue(connection, change, alert, now) for alert in alerts)

    def last_due(self, watch: str, channel: str) -> datetime | None:
        """Return when the latest alert of a watch fell due, or falls, in a channel."""
        with self._session.reading() as connection:
            row = connection.execute(
                "SELECT due_at FROM alert WHERE watch = ? AND channel = ?"
                " ORDER BY change_id DESC LIMIT 1",
                (watch, channel),
            ).fetchone()
        return None if row is None else rows.at(row["due_at"])

    def alerts(
        self,
        *,
        state: AlertState | None = None,
        watch: str | None = None,
        channel: str | None = None,
        limit: int = 50,
    ) -> tuple[Stored[AlertRecord], ...]:
        """Return alerts with all that became of them, newest first."""
        with self._session.reading() as connection:
            return tuple(
                Stored(row["alert_id"], _record_of(connection, row))
                for row in connection.execute(_LATEST, (state, watch, channel, limit)).fetchall()
            )

    def alert(self, alert_id: int) -> AlertRecord | None:
        """Return an alert with all that became of it; None if there is no such one."""
        with self._session.reading() as connection:
            row = connection.execute(f"{_LISTED} WHERE l.id = ?", (alert_id,)).fetchone()
            return None if row is None else _record_of(connection, row)

    def alert_of(self, key: str) -> int | None:
        """Return the id of the alert with this key, or of the first in the letter with it."""
        with self._session.reading() as connection:
            found: int | None = connection.execute(_OF_KEY, (key,)).fetchone()[0]
        return found

    def resend(self, alert_id: int, now: datetime) -> bool:
        """Make the letter of an alert due now, sent, given up or waiting, under the same key.

        False if there is none yet: see `release`.
        """
        with self._session.writing() as connection:
            changed = connection.execute(_RESEND, (rows.moment(now), alert_id)).rowcount
        return changed == 1

    def resend_dead(self, now: datetime, channel: str | None = None) -> int:
        """Make all letters of alerts due again that were given up; return how many."""
        with self._session.writing() as connection:
            return connection.execute(
                "UPDATE letter SET state = 'due', next_at = ?1 WHERE state = 'dead'"
                " AND notice_id IS NULL AND (?2 IS NULL OR channel = ?2)",
                (rows.moment(now), channel),
            ).rowcount


def _is_repeat(connection: Connection, change: Row, alert: Alert, once: frozenset[str]) -> bool:
    """Tell whether a watch that tells of a story once has told of this one by another change."""
    if alert.watch not in once or alert.kind in (ChangeKind.GONE, ChangeKind.BACK):
        return False
    told = (change["article_id"], alert.channel, alert.watch, change["id"])
    return connection.execute(_TOLD_OF_STORY, told).fetchone() is not None


def _queue(connection: Connection, change: Row, alert: Alert, now: datetime) -> int:
    thread = connection.execute(_THREAD, (change["article_id"], alert.channel)).fetchone()
    return connection.execute(
        _QUEUE,
        (
            alert.key,
            alert.watch,
            alert.channel,
            change["article_id"],
            change["id"],
            alert.query,
            alert.kind,
            rows.array(alert.fields),
            passages_text(alert.passages),
            rows.moment(alert.created_at),
            rows.moment(alert.due_at or now),
            alert.gathered,
            rows.array(alert.grounds),
            thread["key"] if thread else None,
        ),
    ).rowcount


def _record_of(connection: Connection, row: Row) -> AlertRecord:
    loose = row["sent_as"] is None
    return AlertRecord(
        alert=alert_of(row),
        state=AlertState(row["stands"]),
        next_at=rows.at(row["due_at"]) if loose else rows.when_of(row["next_at"]),
        attempts=attempts_of(connection, row["letter_id"]),
        sent_as=row["sent_as"],
        together=1 if loose else row["together"],
    )
