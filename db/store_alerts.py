"""Changes that watches have to look at, and alerts on their way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import rows
from db.connection import Part
from db.errors import StoreError
from db.model import (
    Alert,
    AlertRecord,
    AlertState,
    Attempt,
    AttemptOutcome,
    Change,
    ChangeKind,
    Entry,
    Stored,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta
    from sqlite3 import Connection, Row

# Named twice over for the sake of the partial index: an OR would read the whole table.
_UNMATCHED = """
SELECT c.id AS change_id, c.kind, c.fingerprint AS change_fingerprint, c.known, c.fields,
  c.absence, c.seen_at, v.title AS then_title, v.text AS then_text, v.dateline AS then_dateline, a.*
FROM change c JOIN article a ON a.id = c.article_id
LEFT JOIN version v ON v.article_id = c.article_id AND v.number = c.version
WHERE c.matched_at IS NULL ORDER BY c.id LIMIT ?
"""

_CHANGES = """
SELECT c.id AS change_id, c.kind, c.fingerprint AS change_fingerprint, c.known, c.fields,
  c.absence, c.seen_at, v.title AS then_title, v.text AS then_text, v.dateline AS then_dateline, a.*
FROM change c JOIN article a ON a.id = c.article_id
LEFT JOIN version v ON v.article_id = c.article_id AND v.number = c.version
WHERE ?1 IS NULL OR c.kind = ?1 ORDER BY c.id DESC LIMIT ?2
"""

_QUEUE = """
INSERT INTO alert (key, watch, channel, article_id, fingerprint, query, kind, fields, passages,
  created_at, state, next_at, change_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', ?, ?) ON CONFLICT DO NOTHING
"""

_CLAIM = """
UPDATE alert SET lease_owner = ?1, lease_until = ?2 WHERE id IN (
  SELECT id FROM alert WHERE state = 'due' AND next_at <= ?3
    AND (lease_until IS NULL OR lease_until <= ?3) AND (?4 IS NULL OR channel = ?4)
  ORDER BY next_at, id LIMIT ?5)
RETURNING id
"""

_CLAIMED = """
SELECT l.id AS alert_id, l.key, l.watch, l.channel, l.query, l.kind, l.fields, l.passages,
  l.created_at, l.state, l.next_at, c.known, c.absence, v.title AS then_title,
  v.text AS then_text, a.*
FROM alert l JOIN article a ON a.id = l.article_id LEFT JOIN change c ON c.id = l.change_id
LEFT JOIN version v ON v.article_id = c.article_id AND v.number = c.version
WHERE l.id IN (SELECT value FROM json_each(?)) ORDER BY l.next_at, l.id
"""

_LISTED = """
SELECT l.id AS alert_id, l.key, l.watch, l.channel, l.query, l.kind, l.fields, l.passages,
  l.created_at, l.state, l.next_at, c.known, c.absence, v.title AS then_title,
  v.text AS then_text, a.*
FROM alert l JOIN article a ON a.id = l.article_id LEFT JOIN change c ON c.id = l.change_id
LEFT JOIN version v ON v.article_id = c.article_id AND v.number = c.version
WHERE (?1 IS NULL OR l.state = ?1) AND (?2 IS NULL OR l.watch = ?2) ORDER BY l.id DESC LIMIT ?3
"""

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
        """Return the article that a change happened to, as it stands now."""
        with self._session.reading() as connection:
            row = connection.execute(
                "SELECT a.* FROM change c JOIN article a ON a.id = c.article_id WHERE c.id = ?",
                (change_id,),
            ).fetchone()
        if row is None:
            raise StoreError(f"there is no change {change_id} in {self._session.path}")
        return rows.entry_of(row)

    def alerted(self, change_id: int) -> frozenset[str]:
        """Return the watches that already have an alert for the article of a change."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT DISTINCT l.watch FROM change c JOIN alert l USING (article_id)"
                " WHERE c.id = ?",
                (change_id,),
            ).fetchall()
        return frozenset(watch for (watch,) in found)

    def queue(self, change_id: int, alerts: Sequence[Alert], now: datetime) -> int:
        """Queue the alerts of a change and mark it as matched; return how many were new.

        A watch tells a channel of one state of an article once: repeats are ignored, so doing
        this again after a crash changes nothing.
        """
        with self._session.writing() as connection:
            change = connection.execute(
                "UPDATE change SET matched_at = coalesce(matched_at, ?) WHERE id = ?"
                " RETURNING id, article_id, fingerprint",
                (rows.moment(now), change_id),
            ).fetchone()
            if change is None:
                raise StoreError(f"there is no change {change_id} in {self._session.path}")
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
                _CLAIM, (owner, until, rows.moment(now), channel, limit)
            ).fetchall()
            ids = rows.array(alert_id for (alert_id,) in claimed)
            found = connection.execute(_CLAIMED, (ids,)).fetchall()
        return tuple(Stored(row["alert_id"], rows.alert_of(row)) for row in found)

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
                "SELECT DISTINCT channel FROM alert WHERE state = 'due' AND next_at <= ?1"
                " AND (lease_until IS NULL OR lease_until <= ?1) ORDER BY channel",
                (rows.moment(now),),
            ).fetchall()
        return tuple(channel for (channel,) in found)

    def next_due(self) -> datetime | None:
        """Return the first moment at which `claim_alerts` would find something."""
        with self._session.reading() as connection:
            (first,) = connection.execute(
                "SELECT min(max(next_at, coalesce(lease_until, next_at))) FROM alert"
                " WHERE state = 'due'"
            ).fetchone()
        return rows.when_of(first)

    def alerts(
        self, *, state: AlertState | None = None, watch: str | None = None, limit: int = 50
    ) -> tuple[Stored[AlertRecord], ...]:
        """Return alerts with all that became of them, newest first."""
        with self._session.reading() as connection:
            return tuple(
                Stored(row["alert_id"], _record_of(connection, row))
                for row in connection.execute(_LISTED, (state, watch, limit)).fetchall()
            )

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


def _queue(connection: Connection, change: Row, alert: Alert, now: datetime) -> int:
    return connection.execute(
        _QUEUE,
        (
            alert.key,
            alert.watch,
            alert.channel,
            change["article_id"],
            change["fingerprint"],
            alert.query,
            alert.kind,
            rows.array(alert.fields),
            rows.passages_text(alert.passages),
            rows.moment(alert.created_at),
            rows.moment(now),
            change["id"],
        ),
    ).rowcount


def _record_of(connection: Connection, row: Row) -> AlertRecord:
    return AlertRecord(
        alert=rows.alert_of(row),
        state=AlertState(row["state"]),
        next_at=rows.when_of(row["next_at"]),
        attempts=_attempts_of(connection, row["alert_id"]),
    )


def _attempts_of(connection: Connection, alert_id: int) -> tuple[Attempt, ...]:
    found = connection.execute(
        "SELECT * FROM attempt WHERE alert_id = ? ORDER BY id", (alert_id,)
    ).fetchall()
    return tuple(rows.attempt_of(row) for row in found)
