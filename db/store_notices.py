"""Notices: what a source's health came to, who is told of it, and how that went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import rows, rows_visits
from db.connection import Part
from db.model import Stored
from db.store_alerts import FARTHEST
from db.telling import AlertState, Attempt, AttemptOutcome, Letter, Notice, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from db.visiting import Report

_STAND = """
INSERT INTO standing (source, strikes, since, told, told_at, recovered_at, gap_at)
VALUES (:source, :strikes, :since, :told, :told_at, :recovered_at, :gap_at)
ON CONFLICT (source) DO UPDATE SET strikes = excluded.strikes, since = excluded.since,
  told = excluded.told, told_at = excluded.told_at, recovered_at = excluded.recovered_at,
  gap_at = excluded.gap_at
"""

_NOTICE = """
INSERT INTO notice (key, source, kind, state, reason, since, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
"""

# What is due, or leased, further ahead than any letter ever is comes of a clock that ran ahead.
_DUE = """
state = 'due' AND (next_at <= ?1 OR next_at > ?2)
  AND (lease_until IS NULL OR lease_until <= ?1 OR lease_until > ?2)
"""

_CLAIM = f"""
UPDATE letter SET lease_owner = ?3, lease_until = ?4 WHERE id IN (
  SELECT id FROM letter WHERE {_DUE} AND (?5 IS NULL OR channel = ?5)
  ORDER BY next_at, id LIMIT ?6)
RETURNING id
"""  # noqa: S608 - our own words

_CLAIMED = """
SELECT l.id AS letter_id, l.channel, n.* FROM letter l JOIN notice n ON n.id = l.notice_id
WHERE l.id IN (SELECT value FROM json_each(?)) ORDER BY l.next_at, l.id
"""

_STATES = {
    AttemptOutcome.SENT: AlertState.SENT,
    AttemptOutcome.RETRY: AlertState.DUE,
    AttemptOutcome.DEAD: AlertState.DEAD,
}


class Notices(Part):
    """The part of the store between a report and the last answer to its notices."""

    def untold(self, limit: int) -> tuple[Stored[Report], ...]:
        """Return reports whose meaning for their source's health was not considered, in order."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT * FROM report WHERE told = 0 ORDER BY id LIMIT ?", (limit,)
            ).fetchall()
        return tuple(Stored(row["id"], rows_visits.report_of(row)) for row in found)

    def standing(self, source: str) -> Standing:
        """Return what has been told of a source."""
        with self._session.reading() as connection:
            row = connection.execute(
                "SELECT * FROM standing WHERE source = ?", (source,)
            ).fetchone()
        return Standing() if row is None else rows_visits.standing_of(row)

    def tell(
        self,
        report_id: int,
        standing: Standing,
        notices: Sequence[Notice],
        channels: Sequence[str],
        now: datetime,
    ) -> int:
        """Keep what a report means, and queue its notices for the channels; return how many.

        Doing this again after a crash changes nothing: a report is considered once, and a notice
        with a known key is the known one.
        """
        with self._session.writing() as connection:
            report = connection.execute(
                "UPDATE report SET told = 1 WHERE id = ? AND told = 0 RETURNING source",
                (report_id,),
            ).fetchone()
            if report is None:
                return 0
            connection.execute(
                _STAND, {"source": report["source"], **rows_visits.standing_columns(standing)}
            )
            made = 0
            for notice in notices:
                row = connection.execute(_NOTICE, _columns(notice)).fetchone()
                if row is not None:
                    made += 1
                    connection.executemany(
                        "INSERT INTO letter (notice_id, channel, state, next_at)"
                        " VALUES (?, ?, 'due', ?)",
                        [(row["id"], channel, rows.moment(now)) for channel in channels],
                    )
            if made:
                connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'revision'")
            return made

    def notices(self, *, source: str | None = None, limit: int = 50) -> tuple[Stored[Notice], ...]:
        """Return notices, newest first."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT * FROM notice WHERE ?1 IS NULL OR source = ?1 ORDER BY id DESC LIMIT ?2",
                (source, limit),
            ).fetchall()
        return tuple(Stored(row["id"], rows_visits.notice_of(row)) for row in found)

    def due_letters(self, now: datetime) -> tuple[str, ...]:
        """Return the channels for which `claim_letters` would find something."""
        with self._session.reading() as connection:
            found = connection.execute(
                f"SELECT DISTINCT channel FROM letter WHERE {_DUE} ORDER BY channel",  # noqa: S608 - our own words
                (rows.moment(now), rows.moment(now + FARTHEST)),
            ).fetchall()
        return tuple(channel for (channel,) in found)

    def claim_letters(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        channel: str | None = None,
        limit: int = 20,
    ) -> tuple[Stored[Letter], ...]:
        """Take letters that are due, for as long as the lease; the longest due first.

        What a dead process had taken is found again once its lease has lapsed.
        """
        until = rows.moment(now + lease)
        with self._session.writing() as connection:
            window = (rows.moment(now), rows.moment(now + FARTHEST))
            claimed = connection.execute(_CLAIM, (*window, owner, until, channel, limit)).fetchall()
            ids = rows.array(letter_id for (letter_id,) in claimed)
            found = connection.execute(_CLAIMED, (ids,)).fetchall()
        return tuple(
            Stored(
                row["letter_id"], Letter(notice=rows_visits.notice_of(row), channel=row["channel"])
            )
            for row in found
        )

    def settle_letter(self, letter_id: int, attempt: Attempt, *, owner: str) -> bool:
        """Keep how a try ended and give the lease back.

        False, and nothing kept, if the letter is not leased to the owner (any more).
        """
        with self._session.writing() as connection:
            ours = connection.execute(
                "UPDATE letter SET state = ?, next_at = ?, lease_owner = NULL, lease_until = NULL"
                " WHERE id = ? AND lease_owner = ?",
                (
                    _STATES[attempt.outcome],
                    rows.moment_or_none(attempt.next_at),
                    letter_id,
                    owner,
                ),
            ).rowcount
            if ours:
                connection.execute(
                    "INSERT INTO letter_attempt (letter_id, at, outcome, answer, next_at)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (
                        letter_id,
                        rows.moment(attempt.at),
                        attempt.outcome,
                        attempt.answer,
                        rows.moment_or_none(attempt.next_at),
                    ),
                )
        return ours == 1

    def resend_notice(self, notice_id: int, now: datetime) -> int:
        """Make a notice's letters due again that were sent or given up; return how many.

        They keep their key.
        """
        with self._session.writing() as connection:
            changed = connection.execute(
                "UPDATE letter SET state = 'due', next_at = ?"
                " WHERE notice_id = ? AND state <> 'due'",
                (rows.moment(now), notice_id),
            ).rowcount
        return int(changed)

    def letter_attempts(self, letter_id: int) -> tuple[Attempt, ...]:
        """Return every try to deliver a letter, oldest first."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT * FROM letter_attempt WHERE letter_id = ? ORDER BY id", (letter_id,)
            ).fetchall()
        return tuple(rows.attempt_of(row) for row in found)

    def letters(self, notice_id: int) -> tuple[tuple[str, AlertState], ...]:
        """Return through which channels a notice goes, and how far it has got in each."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT channel, state FROM letter WHERE notice_id = ? ORDER BY channel",
                (notice_id,),
            ).fetchall()
        return tuple((row["channel"], AlertState(row["state"])) for row in found)


def _columns(notice: Notice) -> tuple[object, ...]:
    return (
        notice.key,
        notice.source,
        notice.kind,
        notice.state,
        notice.reason,
        rows.moment(notice.since),
        rows.moment(notice.created_at),
    )
