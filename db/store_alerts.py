"""Changes that watches have to look at, and alerts on their way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db import rows
from db.connection import Part
from db.errors import StoreError
from db.model import Change, ChangeKind, Entry, Stored
from db.rows_alerts import alert_of, attempt_of, passages_text
from db.rows_stories import story_text
from db.store_place import place_until
from db.store_stories import story_of
from db.stories import shortened
from db.telling import Alert, AlertRecord, AlertState, Attempt, AttemptOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

_CHANGE = """
SELECT c.id AS change_id, c.kind, c.version, c.fingerprint AS change_fingerprint, c.known, c.fields,
  c.seen_at, c.sources, c.again, c.absence, v.title AS then_title, v.text AS then_text,
  v.dateline AS then_dateline, a.*
FROM change c JOIN article a ON a.id = c.article_id
LEFT JOIN version v ON v.article_id = c.article_id AND v.number = c.version
"""

# Named twice over for the sake of the partial index: an OR would read the whole table.
_UNMATCHED = f"{_CHANGE} WHERE c.matched_at IS NULL ORDER BY c.id LIMIT ?"
_CHANGES = f"{_CHANGE} WHERE ?1 IS NULL OR c.kind = ?1 ORDER BY c.id DESC LIMIT ?2"

_TELL = """
INSERT INTO told (change_id, article_id, entry, edit, absence, story) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""

_QUEUE = """
INSERT INTO alert (key, watch, channel, article_id, change_id, query, kind, fields, passages,
  created_at, state, next_at, grounds, thread)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', ?, ?, ?) ON CONFLICT DO NOTHING
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

# What lies farther ahead than any wait was set by a clock that ran ahead: it is due.
_DUE = """
state = 'due' AND (next_at <= ?1 OR next_at > ?2)
  AND (lease_until IS NULL OR lease_until <= ?1 OR lease_until > ?2)
"""

_CLAIM = f"""
UPDATE alert SET lease_owner = ?3, lease_until = ?4 WHERE id IN (
  SELECT id FROM alert WHERE {_DUE} AND (?5 IS NULL OR channel = ?5) ORDER BY next_at, id LIMIT ?6)
RETURNING id
"""  # noqa: S608 - our own words

_CLAIMED = """
SELECT l.id AS alert_id, l.*, t.entry, t.edit, t.absence, t.story
FROM alert l JOIN told t USING (change_id)
WHERE l.id IN (SELECT value FROM json_each(?)) ORDER BY l.next_at, l.id
"""

_LISTED = """
SELECT l.id AS alert_id, l.*, t.entry, t.edit, t.absence, t.story
FROM alert l JOIN told t USING (change_id)
WHERE (?1 IS NULL OR l.state = ?1) AND (?2 IS NULL OR l.watch = ?2) ORDER BY l.id DESC LIMIT ?3
"""

_ONE = """
SELECT l.id AS alert_id, l.*, t.entry, t.edit, t.absence, t.story
FROM alert l JOIN told t USING (change_id) WHERE l.id = ?
"""

FARTHEST = timedelta(hours=30)
"""Longer than any wait for the next try, or any lease."""

MEMBERS_TOLD = 12
"""Members of a story that an alert keeps."""

_STATES = {
    AttemptOutcome.SENT: AlertState.SENT,
    AttemptOutcome.RETRY: AlertState.DUE,
    AttemptOutcome.DEAD: AlertState.DEAD,
}


class Alerts(Part):
    """The part of the store between a change and the last answer to its alerts."""

    def unmatched(self, limit: int) -> tuple[Stored[Change], ...]:
        """Return changes that no watch has looked at, oldest first."""
        with self._session.reading() as connection:
            found = connection.execute(_UNMATCHED, (limit,)).fetchall()
        return tuple(Stored(row["change_id"], rows.change_of(row)) for row in found)

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

    def claim_alerts(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        channel: str | None = None,
        limit: int = 20,
    ) -> tuple[Stored[Alert], ...]:
        """Take alerts that are due, for as long as the lease; the longest due first.

        What a dead process had taken is found again once its lease has lapsed.
        """
        until = rows.moment(now + lease)
        with self._session.writing() as connection:
            claimed = connection.execute(
                _CLAIM, (*_window(now), owner, until, channel, limit)
            ).fetchall()
            ids = rows.array(alert_id for (alert_id,) in claimed)
            found = connection.execute(_CLAIMED, (ids,)).fetchall()
        return tuple(Stored(row["alert_id"], alert_of(row)) for row in found)

    def settle(self, alert_id: int, attempt: Attempt, *, owner: str) -> bool:
        """Keep how a try ended and give the lease back.

        False, and nothing kept, if the alert is not leased to the owner (any more).
        """
        with self._session.writing() as connection:
            ours = connection.execute(
                "UPDATE alert SET state = ?, next_at = ?, lease_owner = NULL, lease_until = NULL"
                " WHERE id = ? AND lease_owner = ?",
                (
                    _STATES[attempt.outcome],
                    rows.moment_or_none(attempt.next_at),
                    alert_id,
                    owner,
                ),
            ).rowcount
            if ours:
                connection.execute(
                    "INSERT INTO attempt (alert_id, at, outcome, answer, next_at)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (
                        alert_id,
                        rows.moment(attempt.at),
                        attempt.outcome,
                        attempt.answer,
                        rows.moment_or_none(attempt.next_at),
                    ),
                )
        return ours == 1

    def due_channels(self, now: datetime) -> tuple[str, ...]:
        """Return the channels for which `claim_alerts` would find something."""
        with self._session.reading() as connection:
            found = connection.execute(
                f"SELECT DISTINCT channel FROM alert WHERE {_DUE} ORDER BY channel",  # noqa: S608 - our own words
                _window(now),
            ).fetchall()
        return tuple(channel for (channel,) in found)

    def alerts(
        self, *, state: AlertState | None = None, watch: str | None = None, limit: int = 50
    ) -> tuple[Stored[AlertRecord], ...]:
        """Return alerts with all that became of them, newest first."""
        with self._session.reading() as connection:
            return tuple(
                Stored(row["alert_id"], _record_of(connection, row))
                for row in connection.execute(_LISTED, (state, watch, limit)).fetchall()
            )

    def alert(self, alert_id: int) -> AlertRecord | None:
        """Return an alert with all that became of it; None if there is no such one."""
        with self._session.reading() as connection:
            row = connection.execute(_ONE, (alert_id,)).fetchone()
            return None if row is None else _record_of(connection, row)

    def alert_state(self, alert_id: int) -> AlertState | None:
        """Return where an alert stands; None if there is no such one."""
        with self._session.reading() as connection:
            row = connection.execute("SELECT state FROM alert WHERE id = ?", (alert_id,)).fetchone()
        return None if row is None else AlertState(row["state"])

    def attempts(self, alert_id: int) -> tuple[Attempt, ...]:
        """Return every try to deliver an alert, oldest first."""
        with self._session.reading() as connection:
            return _attempts_of(connection, alert_id)

    def resend(self, alert_id: int, now: datetime) -> bool:
        """Make an alert due again that was sent or given up, under the same key.

        False if there is none, or if it is due anyway.
        """
        with self._session.writing() as connection:
            changed = connection.execute(
                "UPDATE alert SET state = 'due', next_at = ? WHERE id = ? AND state <> 'due'",
                (rows.moment(now), alert_id),
            ).rowcount
        return changed == 1


def _window(now: datetime) -> tuple[str, str]:
    return rows.moment(now), rows.moment(now + FARTHEST)


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
            rows.moment(now),
            rows.array(alert.grounds),
            thread["key"] if thread else None,
        ),
    ).rowcount


def _record_of(connection: Connection, row: Row) -> AlertRecord:
    return AlertRecord(
        alert=alert_of(row),
        state=AlertState(row["state"]),
        next_at=rows.when_of(row["next_at"]),
        attempts=_attempts_of(connection, row["alert_id"]),
    )


def _attempts_of(connection: Connection, alert_id: int) -> tuple[Attempt, ...]:
    found = connection.execute(
        "SELECT * FROM attempt WHERE alert_id = ? ORDER BY id", (alert_id,)
    ).fetchall()
    return tuple(attempt_of(row) for row in found)
