"""Sources: when each is due, who visits it, how its visits ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db import rows
from db.changes import LONGEST_GAP, TRIES
from db.connection import Part
from db.errors import StoreError
from db.hosts import host_key
from db.model import Report, Source, SourceStatus, State
from db.store_index import catch_up

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

_INSERT = "INSERT INTO source (name, kind, every, urls, next_at) VALUES (?, ?, ?, ?, ?)"

_FARTHEST = timedelta(hours=26)
"""Longer than any wait for the next visit, unless the source's own `every` is longer."""

_LEFT_THE_LISTS = timedelta(days=2)
"""A page tried daily that was not for so long, while lists were read, is on none of them."""

_REPORTS = 500
_AGE = timedelta(days=90)
_AT_ONCE = 1000
"""How much is kept of the past: the last reports of a source, and changes, for so long; and how
much of what is older goes with each visit."""

_INSERT_REPORT = """
INSERT INTO report (source, started, finished, state, reason, requests, bytes, unchanged, listed,
  read, new, edited, failed, coverage, list_read)
VALUES (:source, :started, :finished, :state, :reason, :requests, :bytes, :unchanged, :listed,
  :read, :new, :edited, :failed, :coverage, :list_read)
"""

# A visit set farther ahead than any wait was set by a clock that ran ahead: it is due.
# A host is taken while any of its sources is under somebody else's lease.
_CLAIM = """
UPDATE source SET lease_owner = ?1, lease_until = ?2
WHERE (next_at <= ?3 OR ?4
    OR (next_at > ?6 AND julianday(next_at) > julianday(?6) + every / 86400))
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
  (SELECT count(*) FROM article_source WHERE source = s.name) AS items,
  (SELECT max(first_seen) FROM article_source WHERE source = s.name) AS newest,
  (SELECT count(*) FROM address WHERE source = s.name AND read_at IS NULL AND tries > 0
    AND due_at IS NOT NULL) AS pending,
  (SELECT count(*) FROM address WHERE source = s.name AND read_at IS NULL AND tries > 0
    AND due_at IS NULL AND article_id IS NULL) AS lost
FROM source s
LEFT JOIN report r ON r.id = (SELECT max(id) FROM report WHERE source = s.name)
ORDER BY s.name
"""


_FORGET_REPORTS = """
DELETE FROM report WHERE id IN (
  SELECT id FROM report WHERE source = ?1
    AND (id < (SELECT id FROM report WHERE source = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
      OR (finished < ?3 AND id < (SELECT max(id) FROM report WHERE source = ?1)))
  ORDER BY id LIMIT ?4)
"""

# The oldest are looked at, not all: what still waits for the watches stays, however old.
_FORGET_CHANGES = """
DELETE FROM change WHERE matched_at IS NOT NULL AND seen_at < ?1
  AND id IN (SELECT id FROM change ORDER BY id LIMIT ?2)
"""

# What it was first to have is indexed again under the new name (0.8 ms an article); what waits for
# the watches waits for those of the new name. Alerts keep the entry they were made for.
_RENAME_ARTICLES = """
UPDATE article SET source = ?1
WHERE source = ?2 AND id IN (SELECT article_id FROM article_source WHERE source = ?2)
"""
_RENAME_WAITING = """
UPDATE change SET sources =
  (SELECT json_group_array(iif(value = ?2, ?1, value)) FROM json_each(sources))
WHERE matched_at IS NULL
"""
_RENAME = (
    _RENAME_ARTICLES,
    _RENAME_WAITING,
    "UPDATE source SET name = ?1 WHERE name = ?2",
    "UPDATE report SET source = ?1 WHERE source = ?2",
    "UPDATE list SET source = ?1 WHERE source = ?2",
    "UPDATE OR IGNORE old_address SET source = ?1 WHERE source = ?2",
    "UPDATE OR IGNORE article_source SET source = ?1 WHERE source = ?2",
    "UPDATE address SET source = ?1 WHERE source = ?2",
    "UPDATE validator SET source = ?1 WHERE source = ?2",
)


class Sources(Part):
    """The part of the store that knows whose turn it is."""

    def register(
        self, sources: Sequence[Source], now: datetime, *, whole: bool = True
    ) -> tuple[tuple[str, str], ...]:
        """Make the config's sources known. A new one is due now; others keep their place.

        Another `every` counts from the last visit, unless something was wrong with it: then the
        time that was set for the next one stands. A new one with kind and addresses of one that
        is not among them is that one under another name: it keeps all it had, and its articles
        bear the new name. The pairs of new and old names are returned. If the sources are not the
        `whole` config, nobody is renamed, and no list is forgotten.
        """
        renamed = []
        with self._session.writing() as connection:
            for source in sources:
                before = _before(connection, source, sources) if whole else None
                if before is not None:
                    for sentence in _RENAME:
                        connection.execute(sentence, (source.name, before))
                    renamed.append((source.name, before))
                _register(connection, source, now)
                if whole:
                    connection.execute(
                        "DELETE FROM list WHERE source = ?"
                        " AND url NOT IN (SELECT value FROM json_each(?))",
                        (source.name, rows.array(source.urls)),
                    )
        return tuple(renamed)

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

    def finish(self, report: Report, *, next_at: datetime) -> None:
        """Keep how a visit ended, free the source, and set when it is due next.

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
                "UPDATE source SET next_at = ?, baseline_at = ?, strikes = ?, since = ?,"
                " lease_owner = NULL, lease_until = NULL WHERE name = ?",
                (rows.moment(next_at), baseline_at, strikes, since or finished, report.source),
            )
            connection.execute(_INSERT_REPORT, rows.report_columns(report))
            catch_up(connection)
            _forget(connection, report)

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


def _before(connection: Connection, source: Source, given: Sequence[Source]) -> str | None:
    """Return the name under which a new source is known, None if it is known or really new."""
    names = rows.array(each.name for each in given)
    found = connection.execute(
        "SELECT name FROM source WHERE kind = ?1 AND urls = ?2"
        " AND name NOT IN (SELECT value FROM json_each(?3))"
        " AND NOT EXISTS (SELECT 1 FROM source WHERE name = ?4) ORDER BY name LIMIT 1",
        (source.kind, _urls(source), names, source.name),
    ).fetchone()
    return None if found is None else str(found["name"])


def _urls(source: Source) -> str:
    return rows.array(sorted(set(source.urls)))


def _baseline_at(connection: Connection, report: Report) -> str | None:
    """Return when the visit ended if it left no list without a baseline."""
    waiting = connection.execute(
        "SELECT 1 FROM list WHERE source = ? GROUP BY url HAVING max(baseline_at) IS NULL",
        (report.source,),
    ).fetchone()
    return rows.moment(report.finished) if waiting is None else None


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


def _register(connection: Connection, source: Source, now: datetime) -> None:
    every = source.every.total_seconds()
    row = connection.execute("SELECT * FROM source WHERE name = ?", (source.name,)).fetchone()
    if row is None:
        values = (source.name, source.kind, every, _urls(source), rows.moment(now))
        connection.execute(_INSERT, values)
    elif (row["every"], row["kind"], row["urls"]) != (every, source.kind, _urls(source)):
        next_at = row["next_at"]
        last = connection.execute(
            "SELECT * FROM report WHERE source = ? ORDER BY id DESC LIMIT 1", (source.name,)
        ).fetchone()
        if row["every"] != every and last is not None and _keeps_time(State(last["state"])):
            next_at = rows.moment(rows.at(last["finished"]) + source.every)
        connection.execute(
            "UPDATE source SET kind = ?, every = ?, urls = ?, next_at = ? WHERE name = ?",
            (source.kind, every, _urls(source), next_at, source.name),
        )
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
        items=row["items"],
        newest=rows.when_of(row["newest"]),
        pending=row["pending"],
        lost=row["lost"],
    )
