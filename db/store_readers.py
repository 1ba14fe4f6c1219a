"""What feeds, searches and tables read: entries, versions, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import rows
from db.connection import Part
from db.model import ChangeKind, Counts, Entry, Holding, Stored, Version
from db.store_conditions import where
from db.store_index import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection, Row

    from db.compile import Condition
    from db.model import FeedSpec

_COUNTS = """
SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM change),
  (SELECT count(*) FROM change WHERE matched_at IS NULL),
  count(*) FILTER (WHERE coalesce(state, 'due') = 'due'), count(*) FILTER (WHERE state = 'sent'),
  count(*) FILTER (WHERE state = 'dead')
  FROM alert l LEFT JOIN letter e ON e.id = l.letter_id
"""

# A new article raises it by its very number, which is never given twice; all else is counted.
_REVISION = """
SELECT value + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'article'), 0)
FROM counter WHERE name = 'revision'
"""

_HELD = """
SELECT value, count(s.article_id), max(s.first_seen) FROM json_each(?)
LEFT JOIN article_source s ON s.source = value GROUP BY value
"""


_TURNS = """
SELECT a.source, count(*) FILTER (WHERE c.kind = 'gone'), count(*) FILTER (WHERE c.kind = 'back')
FROM change c JOIN article a ON a.id = c.article_id
WHERE c.id > ? AND c.kind IN ('gone', 'back') GROUP BY a.source ORDER BY a.source
"""


class Readers(Part):
    """The part of the store that only reads articles."""

    def last_change(self) -> int:
        """Return the number of the last change that was kept, 0 before the first."""
        with self._session.reading() as connection:
            (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM change").fetchone()
        return int(last)

    def turns(self, after: int) -> dict[str, tuple[int, int]]:
        """Return of each source how many items went, and came back, since a numbered change."""
        with self._session.reading() as connection:
            found = connection.execute(_TURNS, (after,)).fetchall()
        return {source: (gone, back) for source, gone, back in found}

    def newest(self, spec: FeedSpec, condition: Condition | None) -> tuple[Entry, ...]:
        """Return the entries of a feed, the one first seen last on top.

        Of some sources, all that any of them was seen to have, first through whichever source.

        `condition` is the spec's query, compiled by the caller; None for a spec without one.
        All that is returned is on the disk: an id that readers have seen is never forgotten.
        """
        sources = spec.sources if spec.source is None else (spec.source,)
        place, named = (_OF_SOURCES, (rows.array(sources),)) if sources else (_OF_ALL, ())
        with self._session.reading() as connection, Waiting(connection) as waiting:
            met, values = where(condition, waiting)
            found = connection.execute(
                f"SELECT a.* FROM (SELECT id AS chosen, met FROM {place} WHERE {met}"  # noqa: S608 - our own words
                " ORDER BY met DESC, id DESC LIMIT ?)"
                " JOIN article a ON a.id = chosen ORDER BY met DESC, chosen DESC",
                (*named, *values, spec.limit),
            ).fetchall()
        self._session.last()
        return tuple(rows.entry_of(row) for row in found)

    def search(
        self,
        condition: Condition | None,
        *,
        source: str | None = None,
        limit: int = 50,
        before: int | None = None,
    ) -> tuple[Stored[Entry], ...]:
        """Return the articles that meet a condition, newest first; None is met by all.

        `before` is the id of the last one of the page before.
        """
        with self._session.reading() as connection, Waiting(connection) as waiting:
            met, values = where(condition, waiting)
            found = connection.execute(
                f"SELECT * FROM article WHERE {met} AND {_OF_SOURCE}"  # noqa: S608 - our own words
                " AND id < coalesce(?, 9223372036854775807) ORDER BY id DESC LIMIT ?",
                (*values, source, source, before, limit),
            ).fetchall()
        return tuple(Stored(row["id"], rows.entry_of(row)) for row in found)

    def versions(self, article_id: int) -> tuple[Version, ...]:
        """Return all versions of an article's words, oldest first; none if there is no such one.

        A list card that its page completed is no version.
        """
        with self._session.reading() as connection:
            row = _article(connection, article_id)
            if row is None:
                return ()
            older = connection.execute(
                "SELECT * FROM version WHERE article_id = ? ORDER BY number", (article_id,)
            ).fetchall()
        newest = Version(
            number=row["edits"] + 1,
            title=row["title"],
            text=row["text"],
            fields=rows.strings(row["edited_fields"]),
            seen_at=rows.at(row["changed_at"]),
            dateline=rows.article_of(row).dateline,
            kind=ChangeKind(row["made_by"]),
        )
        return (*(rows.version_of(row) for row in older), newest)

    def entry(self, article_id: int) -> Entry | None:
        """Return an article as it stands now, None if there is no such one."""
        with self._session.reading() as connection:
            row = _article(connection, article_id)
        return None if row is None else rows.entry_of(row)

    def counts(self) -> Counts:
        """Return how much the store holds."""
        with self._session.reading() as connection:
            articles, changes, unmatched, due, sent, dead = connection.execute(_COUNTS).fetchone()
        return Counts(
            articles=articles,
            changes=changes,
            unmatched=unmatched,
            due=due,
            sent=sent,
            dead=dead,
        )

    def held(self, sources: Iterable[str]) -> dict[str, Holding]:
        """Return what is stored of sources, visited or not: of an unknown one, nothing."""
        with self._session.reading() as connection:
            found = connection.execute(_HELD, (rows.array(sources),)).fetchall()
        return {name: Holding(items, rows.when_of(newest)) for name, items, newest in found}

    def revision(self) -> int:
        """Return a number that has grown if anything a feed could show has changed."""
        with self._session.reading() as connection:
            (value,) = connection.execute(_REVISION).fetchone()
        return int(value)

    def identity(self) -> int:
        """Return the number this store was made with; the ids of its feeds grow from it."""
        with self._session.reading() as connection:
            (value,) = connection.execute(
                "SELECT value FROM counter WHERE name = 'identity'"
            ).fetchone()
        return int(value)


def _article(connection: Connection, article_id: int) -> Row | None:
    row: Row | None = connection.execute(
        "SELECT * FROM article WHERE id = ?", (article_id,)
    ).fetchone()
    return row


_OF_SOURCE = (
    "(? IS NULL OR EXISTS (SELECT 1 FROM article_source"
    " WHERE article_id = article.id AND source = ?))"
)
# `met` is when one of the sources asked for was first seen to have an article.
_OF_SOURCES = (
    "article JOIN (SELECT article_id, min(first_seen) AS met FROM article_source"
    " WHERE source IN (SELECT value FROM json_each(?)) GROUP BY article_id) ON article_id = id"
)
_OF_ALL = "(SELECT *, first_seen AS met FROM article)"
