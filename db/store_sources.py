"""Sources: when each is due, who visits it, how its visits ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db import rows, rows_visits
from db.connection import Part
from db.errors import StoreError
from db.revisits import LONGEST_GAP, TRIES
from db.store_index import catch_up
from db.visiting import Past, Report, SourceStatus, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row


_FARTHEST = timedelta(hours=26)
"""Longer than any wait for the next visit, unless the source's own intervals are longer, or its
host asked for more."""

_LEFT_THE_LISTS = timedelta(days=2)
"""A page tried daily that was not for so long, while lists were read, is on none of them."""

_PATIENCE = 4
"""Visits that read some list, after which lists that were never read are not waited for."""

_REPORTS = 500
_AGE = timedelta(days=90)
_AT_ONCE = 1000
"""How much is kept of the past: the last reports of a source, and changes, for so long; and how
much of what is older goes with each visit."""

_INSERT_REPORT = """
INSERT INTO report (source, started, finished, state, reason, requests, bytes, unchanged, listed,
  read, new, edited, failed, coverage, list_read, gap, items, lists)
VALUES (:source, :started, :finished, :state, :reason, :requests, :bytes, :unchanged, :listed,
  :read, :new, :edited, :failed, :coverage, :list_read, :gap, :items, :lists)
"""

# A visit set farther ahead than any wait was set by a clock that ran ahead: it is due.
# A host is taken while any of its sources is under somebody else's lease.
_CLAIM = """
UPDATE source SET lease_owner = ?1, lease_until = ?2
WHERE (next_at <= ?3 OR ?4
    OR (next_at > ?6
      AND julianday(next_at) > julianday(?6) + max(every, coalesce(slowest, 0)) / 86400
      AND NOT EXISTS (
        SELECT 1 FROM source_host mine JOIN host_hold h ON h.host = mine.host
        WHERE mine.source = source.name AND h.until >= source.next_at)))
  AND (lease_until IS NULL OR lease_until <= ?3)
  AND (?5 IS NULL OR name IN (SELECT value FROM json_each(?5)))
  AND NOT EXISTS (
    SELECT 1 FROM source_host mine JOIN source_host theirs ON theirs.host = mine.host
    JOIN source other ON other.name = theirs.source
    WHERE mine.source = source.name AND other.lease_until > ?3 AND other.lease_owner <> ?1)
RETURNING name
"""

_STATUSES = """
SELECT s.*, r.*, s.name AS name,
  (SELECT count(*) FROM address WHERE source = s.name AND read_at IS NULL AND tries > 0
    AND due_at IS NOT NULL) AS pending,
  (SELECT count(*) FROM address WHERE source = s.name AND read_at IS NULL AND tries > 0
    AND due_at IS NULL AND article_id IS NULL) AS lost
FROM source s
LEFT JOIN report r ON r.id = (SELECT max(id) FROM report WHERE source = s.name)
ORDER BY s.name
"""

# Counted back from the newest item, so that a long silence does not wipe out the habit. What was
# in a baseline came before anybody looked.
_HOURS = """
SELECT substr(first_seen, 1, 13) || ':00:00+00:00' AS hour, count(*)
FROM article_source INDEXED BY article_source_by_age
WHERE source = ? AND first_seen > ? AND NOT quiet GROUP BY hour ORDER BY hour
"""
_WEEKS = timedelta(weeks=4)
# The last visits tell how it goes, those that brought items what to expect of lists and fields.
_PAST = """
SELECT * FROM report WHERE id IN (
  SELECT id FROM (SELECT id FROM report WHERE source = ?1 ORDER BY id DESC LIMIT 14)
  UNION
  SELECT id FROM (SELECT id FROM report WHERE source = ?1 AND items > 0 ORDER BY id DESC LIMIT 40))
ORDER BY id DESC
"""


_EXCUSE = """
UPDATE report SET state = ?, reason = ? WHERE id IN (
  SELECT max(id) FROM report WHERE source IN (SELECT value FROM json_each(?)) GROUP BY source)
"""

_READ_AND_DEAD = """
SELECT count(*) FILTER (WHERE read), count(*) FILTER (WHERE NOT read) FROM (
  SELECT max(baseline_at) IS NOT NULL AS read FROM list WHERE source = ? GROUP BY url)
"""

# What a source is held against stays, however old: what it brought last (see `_PAST`).
_FORGET_REPORTS = """
DELETE FROM report WHERE id IN (
  SELECT id FROM report WHERE source = ?1
    AND id NOT IN (
      SELECT id FROM report WHERE source = ?1 AND items > 0 ORDER BY id DESC LIMIT 40)
    AND (id < (SELECT id FROM report WHERE source = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
      OR (finished < ?3 AND id < (SELECT max(id) FROM report WHERE source = ?1)))
  ORDER BY id LIMIT ?4)
"""

# What still waits for the watches stays, however old and however much it is; of what stands behind
# the first change they have looked at, the oldest are looked at here, not all.
_FORGET_CHANGES = """
DELETE FROM change WHERE matched_at IS NOT NULL AND seen_at < ?1
  AND id IN (
    SELECT id FROM change
    WHERE id >= (SELECT id FROM change WHERE matched_at IS NOT NULL ORDER BY id LIMIT 1)
    ORDER BY id LIMIT ?2)
"""


class Sources(Part):
    """The part of the store that knows whose turn it is."""

    def claim_sources(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        names: Sequence[str] | None = None,
        force: bool = False,
    ) -> tuple[str, ...]:
        """Take the due sources for as long as the lease, whole hosts at a time; return names.

        All due sources of a host come together, and none of a host that somebody else holds, so
        one process can keep the distance between requests. `names` narrows the choice; `force`
        takes sources that are not due as well.
        """
        wanted = None if names is None else rows.array(names)
        with self._session.writing() as connection:
            claimed = connection.execute(
                _CLAIM,
                (
                    owner,
                    rows.moment(now + lease),
                    rows.moment(now),
                    force,
                    wanted,
                    rows.moment(now + _FARTHEST),
                ),
            ).fetchall()
        return tuple(sorted(name for (name,) in claimed))

    def release_sources(self, owner: str | None = None) -> int:
        """Free the leases of one owner, or of all if the caller knows that none is alive."""
        with self._session.writing() as connection:
            return connection.execute(
                "UPDATE source SET lease_owner = NULL, lease_until = NULL"
                " WHERE lease_owner IS NOT NULL AND (?1 IS NULL OR lease_owner = ?1)",
                (owner,),
            ).rowcount

    def past(self, source: str) -> Past:
        """Return what a visit may know of those before it; of an unknown source, nothing."""
        with self._session.reading() as connection:
            row = connection.execute(
                "SELECT baseline_at FROM source WHERE name = ?", (source,)
            ).fetchone()
            if row is None:
                return Past()
            found = connection.execute(_PAST, (source,)).fetchall()
            baseline_at = rows.when_of(row["baseline_at"])
            (newest,) = connection.execute(
                "SELECT max(first_seen) FROM article_source WHERE source = ?", (source,)
            ).fetchone()
            hours = []
            if baseline_at is not None and newest is not None:
                since = rows.moment(max(baseline_at, rows.at(newest) - _WEEKS))
                hours = connection.execute(_HOURS, (source, since)).fetchall()
        return Past(
            baseline_at=baseline_at,
            newest=rows.when_of(newest),
            reports=tuple(rows_visits.report_of(row) for row in found),
            hours=tuple((rows.at(hour), count) for hour, count in hours),
        )

    def finish(self, report: Report, *, next_at: datetime, why: str = "") -> None:
        """Keep how a visit ended, free the source, and set when it is due next and `why`.

        The baseline is complete when every list has one (see `open_lists`). `strikes` grows with
        each visit that was not fine; all fine states count as one state for `since`. The index
        takes in what the visit found, and some of what is too old to be kept is forgotten.
        """
        with self._session.writing() as connection:
            row = connection.execute(
                "SELECT * FROM source WHERE name = ?", (report.source,)
            ).fetchone()
            if row is None:
                raise StoreError(f"there is no source {report.source} in {self._session.path}")
            finished = rows.moment(report.finished)
            baseline_at = row["baseline_at"]
            if report.list_read:
                baseline_at = baseline_at or _baseline_at(connection, report)
                _give_up(connection, report)
            strikes = 0 if report.state.is_fine else row["strikes"] + 1
            before = _last_state(connection, report.source)
            since = row["since"] if before is not None and _alike(before, report.state) else None
            connection.execute(
                "UPDATE source SET next_at = ?, next_why = ?, baseline_at = ?, strikes = ?,"
                " since = ?, guid_clashes = guid_clashes + ?,"
                " lease_owner = NULL, lease_until = NULL WHERE name = ?",
                (
                    rows.moment(next_at),
                    why,
                    baseline_at,
                    strikes,
                    since or finished,
                    sum(seen.shared_guids for seen in report.lists),
                    report.source,
                ),
            )
            connection.execute(_INSERT_REPORT, rows_visits.report_columns(report))
            catch_up(connection)
            _forget(connection, report)

    def excuse(self, sources: Sequence[str], reason: str) -> None:
        """Turn the last reports of sources into `offline`: they failed for no fault of theirs.

        The strike that `finish` counted is taken back.
        """
        with self._session.writing() as connection:
            connection.execute(_EXCUSE, (State.OFFLINE, reason, rows.array(sources)))
            connection.execute(
                "UPDATE source SET strikes = max(strikes - 1, 0)"
                " WHERE name IN (SELECT value FROM json_each(?))",
                (rows.array(sources),),
            )

    def statuses(self) -> tuple[SourceStatus, ...]:
        """Return where every source stands, by name, also those the config no longer has."""
        with self._session.reading() as connection:
            found = connection.execute(_STATUSES).fetchall()
        return tuple(_status(row) for row in found)

    def reports(self, source: str, limit: int) -> tuple[Report, ...]:
        """Return how the last visits to a source ended, newest first."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT * FROM report WHERE source = ? ORDER BY id DESC LIMIT ?", (source, limit)
            ).fetchall()
        return tuple(rows_visits.report_of(row) for row in found)


def _baseline_at(connection: Connection, report: Report) -> str | None:
    """Return when the visit ended if it left no list without a baseline.

    After `_PATIENCE` visits that read some list, those that were not read then are not waited for:
    a dead one would keep the source a newcomer for ever. They have their own baseline when they
    come.
    """
    read, dead = connection.execute(_READ_AND_DEAD, (report.source,)).fetchone()
    (visits,) = connection.execute(
        "SELECT count(*) FROM report WHERE source = ? AND list_read", (report.source,)
    ).fetchone()
    patient = not read or visits + 1 < _PATIENCE  # this one is not noted yet
    return None if dead and patient else rows.moment(report.finished)


def _give_up(connection: Connection, report: Report) -> None:
    """Stop asking for pages that could not be had and that no list shows any more.

    One whose next try was set by a clock that ran ahead is given its time from now.
    """
    connection.execute(
        "UPDATE address SET due_at = iif(due_at < ?3, NULL, ?4)"
        " WHERE source = ?1 AND read_at IS NULL AND tries >= ?2 AND (due_at < ?3 OR due_at > ?5)",
        (
            report.source,
            TRIES,
            rows.moment(report.started - _LEFT_THE_LISTS),
            rows.moment(report.started),
            rows.moment(report.started + LONGEST_GAP),
        ),
    )


def _forget(connection: Connection, report: Report) -> None:
    """Drop some of the reports and changes that are too old to be kept."""
    past = rows.moment(report.finished - _AGE)
    connection.execute(_FORGET_REPORTS, (report.source, _REPORTS - 1, past, _AT_ONCE))
    connection.execute(_FORGET_CHANGES, (past, _AT_ONCE))


def _last_state(connection: Connection, source: str) -> State | None:
    row = connection.execute(
        "SELECT state FROM report WHERE source = ? ORDER BY id DESC LIMIT 1", (source,)
    ).fetchone()
    return None if row is None else State(row["state"])


def _alike(before: State, after: State) -> bool:
    return before is after or (before.is_fine and after.is_fine)


def _status(row: Row) -> SourceStatus:
    return SourceStatus(
        name=row["name"],
        kind=row["kind"],
        next_at=rows.at(row["next_at"]),
        baseline_at=rows.when_of(row["baseline_at"]),
        strikes=row["strikes"],
        since=rows.when_of(row["since"]),
        report=None if row["started"] is None else rows_visits.report_of(row),
        pending=row["pending"],
        lost=row["lost"],
        next_why=row["next_why"],
        guid_clashes=row["guid_clashes"],
    )
