"""Registering: the config's sources become known; a renamed one keeps all it had."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db import revisits, rows
from db.connection import Part
from db.hosts import host_key
from db.visiting import Source, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection

_INSERT = """
INSERT INTO source (name, kind, every, urls, next_at) VALUES (?, ?, ?, ?, ?)
"""

# What it was first to have is written anew, some at a time, so that nobody waits for long.
_TO_RENAME = """
SELECT id FROM article
WHERE source = ?1 AND id IN (SELECT article_id FROM article_source WHERE source = ?1)
"""
_RENAME_ARTICLES = """
UPDATE article SET source = ?1
WHERE source = ?2 AND id IN (SELECT value FROM json_each(?3))
"""
# Pages that a schedule may ask for again, and those that wait by the one before; none at an
# address that its article has left.
_READ = """
SELECT url, read_at, missing_since FROM address
WHERE source = ?1 AND read_at IS NOT NULL
AND (due_at IS NOT NULL OR missing_since IS NOT NULL OR (
  read_at > ?2 AND url IS (SELECT url FROM article WHERE id = address.article_id)))
"""
_AT_ONCE = 500
# What waits for the watches waits for those of the new name. Alerts keep the entry they were made
# for.
_RENAME_WAITING = """
UPDATE change SET sources =
  (SELECT json_group_array(iif(value = ?2, ?1, value)) FROM json_each(sources))
WHERE matched_at IS NULL
"""
_RENAME = (
    _RENAME_WAITING,
    "UPDATE source SET name = ?1 WHERE name = ?2",
    "UPDATE report SET source = ?1 WHERE source = ?2",
    "UPDATE list SET source = ?1 WHERE source = ?2",
    "UPDATE OR IGNORE old_address SET source = ?1 WHERE source = ?2",
    "UPDATE OR IGNORE article_source SET source = ?1 WHERE source = ?2",
    "UPDATE address SET source = ?1 WHERE source = ?2",
    "UPDATE validator SET source = ?1 WHERE source = ?2",
    "UPDATE OR IGNORE standing SET source = ?1 WHERE source = ?2",
    "UPDATE notice SET source = ?1 WHERE source = ?2",
    "UPDATE page SET source = ?1 WHERE source = ?2",
)


class Registering(Part):
    """The part of the store that knows what the config watches."""

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
        if whole:
            self._rename_articles(sources)
        renamed = []
        with self._session.writing() as connection:
            for source in sources:
                before = _before(connection, source, sources) if whole else None
                if before is not None:
                    _rename_articles(
                        connection, source.name, before, _to_rename(connection, before)
                    )
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

    def _rename_articles(self, sources: Sequence[Source]) -> None:
        """Give the articles of renamed sources their new name, a few in each transaction.

        All else keeps the old name until the last transaction, which `register` does: one that is
        cut short is found again, and goes on.
        """
        with self._session.reading() as connection:
            found = [(source.name, _before(connection, source, sources)) for source in sources]
            waiting = {
                name: (before, _to_rename(connection, before)) for name, before in found if before
            }
        for name, (before, ids) in waiting.items():
            for first in range(0, len(ids), _AT_ONCE):
                with self._session.writing(lasting=False) as connection:
                    _rename_articles(connection, name, before, ids[first : first + _AT_ONCE])


def _to_rename(connection: Connection, source: str) -> list[int]:
    return [row[0] for row in connection.execute(_TO_RENAME, (source,))]


def _rename_articles(connection: Connection, name: str, before: str, ids: Sequence[int]) -> None:
    connection.execute(_RENAME_ARTICLES, (name, before, rows.array(ids)))


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
    _keep_schedule(connection, source, now)
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


def _keep_schedule(connection: Connection, source: Source, now: datetime) -> None:
    """Keep how long it is left alone at most, how far its first round looks back, its rechecks."""
    back = None if source.first_round is None else source.first_round.total_seconds()
    connection.execute(
        "UPDATE source SET slowest = ?1, first_round = ?2"
        " WHERE name = ?3 AND (slowest, first_round) IS NOT (?1, ?2)",
        (source.slowest.total_seconds(), back, source.name),
    )
    recheck = rows.array(gap.total_seconds() for gap in source.recheck)
    changed = connection.execute(
        "UPDATE source SET recheck = ?1 WHERE name = ?2 AND recheck IS NOT ?1",
        (recheck, source.name),
    ).rowcount
    if changed:
        _replan(connection, source, now)


def _replan(connection: Connection, source: Source, now: datetime) -> None:
    """Let a new schedule hold for pages that were read before."""
    oldest = now - max(source.recheck, default=timedelta(0))
    planned = []
    for url, read_at, missing in connection.execute(_READ, (source.name, rows.moment(oldest))):
        since = rows.when_of(missing)
        due = (
            revisits.next_look(since, now, source.recheck)
            if since
            else revisits.next_visit(rows.at(read_at), now, source.recheck)
        )
        planned.append((rows.moment_or_none(due), url))
    connection.executemany("UPDATE address SET due_at = ? WHERE url = ?", planned)


def _keeps_time(state: State) -> bool:
    """Tell whether the next visit was set by `every` and not by a fault or a server's wish."""
    return state.is_fine and state is not State.LATER
