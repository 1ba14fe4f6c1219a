"""Notices: what a source's health came to, and who is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import rows, rows_visits
from db.connection import Part
from db.model import Stored
from db.store_outbox import count_up, post
from db.telling import AlertState, Notice, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from db.visiting import Report

_STAND = """
INSERT INTO standing (source, strikes, since, told, told_at, recovered_at, gap_at)
VALUES (:source, :strikes, :since, :told, :told_at, :recovered_at, :gap_at)
ON CONFLICT (source) DO UPDATE SET strikes = excluded.strikes, since = excluded.since,
  told = excluded.told, told_at = excluded.told_at, recovered_at = excluded.recovered_at,
  gap_at = excluded.gap_at
"""


class Notices(Part):
    """The part of the store between a report and the letters of its notices."""

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
            made = sum(post(connection, notice, channels, now) for notice in notices)
            if made:
                count_up(connection)
            return made

    def notices(self, *, source: str | None = None, limit: int = 50) -> tuple[Stored[Notice], ...]:
        """Return notices, newest first."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT * FROM notice WHERE ?1 IS NULL OR source = ?1 ORDER BY id DESC LIMIT ?2",
                (source, limit),
            ).fetchall()
        return tuple(Stored(row["id"], rows_visits.notice_of(row)) for row in found)

    def resend_notice(self, notice_id: int, now: datetime) -> int:
        """Make a notice's letters due now, sent, given up or waiting; return how many.

        They keep their key.
        """
        with self._session.writing() as connection:
            changed = connection.execute(
                "UPDATE letter SET state = 'due', next_at = ? WHERE notice_id = ?",
                (rows.moment(now), notice_id),
            ).rowcount
        return int(changed)

    def letters(self, notice_id: int) -> tuple[tuple[str, AlertState], ...]:
        """Return through which channels a notice goes, and how far it has got in each."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT channel, state FROM letter WHERE notice_id = ? ORDER BY channel",
                (notice_id,),
            ).fetchall()
        return tuple((row["channel"], AlertState(row["state"])) for row in found)
