"""Sources: when each is due, who visits it, how its visits ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db import rows
from db.connection import Part
from db.errors import StoreError
from db.model import Past, Report, Source, SourceStatus, State
from db.store_index import catch_up

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

_USUAL_PORTS = {"http": 80, "https": 443}

_INSERT = "INSERT INTO source (name, kind, every, next_at, first_round) VALUES (?, ?, ?, ?, ?)"

_INSERT_REPORT = """
INSERT INTO report (source, started, finished, state, reason, requests, bytes, unchanged, listed,
  read, new, edited, failed, coverage, list_read, gap, items, lists)
VALUES (:source, :started, :finished, :state, :reason, :requests, :bytes, :unchanged, :listed,
  :read, :new, :edited, :failed, :coverage, :list_read, :gap, :items, :lists)
"""

# A host is taken while any of its sources is under somebody else's lease.
_CLAIM = """
UPDATE source SET lease_owner = ?1, lease_until = ?2
WHERE (next_at <= ?3 OR ?4) AND (lease_until IS NULL OR lease_until <= ?3)
  AND (?5 IS NULL OR name IN (SELECT value FROM json_each(?5)))
  AND NOT EXISTS (
    SELECT 1 FROM source_host mine JOIN source_host theirs ON theirs.host = mine.host
    JOIN source other ON other.name = theirs.source
    WHERE mine.source = source.name AND other.lease_until > ?3 AND other.lease_owner <> ?1)
RETURNING name
"""

_STATUSES = """
SELECT s.*, r.*, s.name AS name,
  (SELECT count(*) FROM article a WHERE a.source = s.name) AS stored,
  (SELECT max(first_seen) FROM article a WHERE a.source = s.name) AS newest
FROM source s
LEFT JOIN report r ON r.id = (SELECT max(id) FROM report WHERE source = s.name)
ORDER BY s.name
"""

# Counted back from the newest item, so that a long silence does not wipe out the habit.
_HOURS = """
SELECT substr(first_seen, 1, 13) || ':00:00+00:00' AS hour, count(*)
FROM article INDEXED BY article_by_source
WHERE source = ? AND first_seen > ? GROUP BY hour ORDER BY hour
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


class Sources(Part):
    """The part of the store that knows whose turn it is."""

    def register(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the config's sources known. A new one is due now; others keep their place.

        Another `every` counts from the last visit, unless something was wrong with it: then the
        time that was set for the next one stands.
        """
        with self._session.writing() as connection:
            for source in sources:
                _register(connection, source, now)

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
                _CLAIM, (owner, rows.moment(now + lease), rows.moment(now), force, wanted)
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
                "SELECT max(first_seen) FROM article WHERE source = ?", (source,)
            ).fetchone()
            hours = []
            if baseline_at is not None and newest is not None:
                since = rows.moment(max(baseline_at, rows.at(newest) - _WEEKS))
                hours = connection.execute(_HOURS, (source, since)).fetchall()
        return Past(
            baseline_at=baseline_at,
            newest=rows.when_of(newest),
            reports=tuple(rows.report_of(row) for row in found),
            hours=tuple((rows.at(hour), count) for hour, count in hours),
        )

    def finish(self, report: Report, *, next_at: datetime, why: str = "") -> None:
        """Keep how a visit ended, free the source, and set when it is due next and `why`.

        The baseline is complete with the first visit that read a list. `strikes` grows with each
        visit that was not fine; all fine states count as one state for `since`. The index takes in
        what the visit found.
        """
        with self._session.writing() as connection:
            row = connection.execute(
                "SELECT * FROM source WHERE name = ?", (report.source,)
            ).fetchone()
            if row is None:
                raise StoreError(f"there is no source {report.source} in {self._session.path}")
            finished = rows.moment(report.finished)
            baseline_at = row["baseline_at"] or (finished if report.list_read else None)
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
            connection.execute(_INSERT_REPORT, rows.report_columns(report))
            catch_up(connection)

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
        return tuple(rows.report_of(row) for row in found)


def host_key(url: str) -> str:
    """Return the host that an address makes us a guest of; the scheme makes no difference.

    >>> host_key("https://Example.org/news"), host_key("http://example.org:80/")
    ('example.org', 'example.org')
    >>> host_key("http://127.0.0.1:8080/")
    '127.0.0.1:8080'
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.port is None or parts.port == _USUAL_PORTS.get(parts.scheme):
        return host
    return f"{host}:{parts.port}"


def _register(connection: Connection, source: Source, now: datetime) -> None:
    every = source.every.total_seconds()
    back = None if source.first_round is None else source.first_round.total_seconds()
    row = connection.execute("SELECT * FROM source WHERE name = ?", (source.name,)).fetchone()
    if row is None:
        connection.execute(_INSERT, (source.name, source.kind, every, rows.moment(now), back))
    elif row["every"] != every or row["kind"] != source.kind:
        next_at = row["next_at"]
        last = connection.execute(
            "SELECT * FROM report WHERE source = ? ORDER BY id DESC LIMIT 1", (source.name,)
        ).fetchone()
        if row["every"] != every and last is not None and _keeps_time(State(last["state"])):
            next_at = rows.moment(rows.at(last["finished"]) + source.every)
        connection.execute(
            "UPDATE source SET kind = ?, every = ?, next_at = ? WHERE name = ?",
            (source.kind, every, next_at, source.name),
        )
    if row is not None and row["first_round"] != back:
        connection.execute("UPDATE source SET first_round = ? WHERE name = ?", (back, source.name))
    _keep_schedule(connection, source)
    hosts = sorted({host_key(url) for url in source.urls})
    connection.execute(
        "DELETE FROM source_host WHERE source = ?1"
        " AND host NOT IN (SELECT value FROM json_each(?2))",
        (source.name, rows.array(hosts)),
    )
    connection.execute(
        "INSERT INTO source_host (source, host) SELECT ?1, value FROM json_each(?2)"
        " WHERE true ON CONFLICT DO NOTHING",
        (source.name, rows.array(hosts)),
    )


def _keep_schedule(connection: Connection, source: Source) -> None:
    """Keep when pages are asked for again; "never" also undoes what was planned before."""
    recheck = rows.array(gap.total_seconds() for gap in source.recheck)
    changed = connection.execute(
        "UPDATE source SET recheck = ?1 WHERE name = ?2 AND recheck IS NOT ?1",
        (recheck, source.name),
    ).rowcount
    if changed and not source.recheck:
        connection.execute(
            "UPDATE address SET due_at = NULL WHERE source = ? AND read_at IS NOT NULL",
            (source.name,),
        )


def _keeps_time(state: State) -> bool:
    """Tell whether the next visit was set by `every` and not by a fault or a server's wish."""
    return state.is_fine and state is not State.LATER


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
        report=None if row["started"] is None else rows.report_of(row),
        items=row["stored"],
        newest=rows.when_of(row["newest"]),
        next_why=row["next_why"],
        guid_clashes=row["guid_clashes"],
    )
