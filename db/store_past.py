"""What is asked of the past: which articles fit a query best, and how many met it, when, where."""

from __future__ import annotations

from collections import Counter
from heapq import nsmallest
from math import log
from typing import TYPE_CHECKING

from db import rows
from db.connection import Part
from db.model import Entry, Glimpse, Precision, Stored
from db.store_conditions import where
from db.store_index import Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection

    from db.compile import Condition, Wanted

_PRECISIONS = {precision.value: precision for precision in Precision}
_FEW = 10_000
"""Up to so many articles are looked up one by one, each somewhere in the file. Of more it is
cheaper to read the index that has the times of all, and to leave out those that do not match."""


class Past(Part):
    """The part of the store that searches the past as a whole."""

    def ranked(
        self,
        condition: Condition,
        wanted: Sequence[Wanted],
        *,
        source: str | None = None,
        limit: int = 50,
    ) -> tuple[Stored[Entry], ...]:
        """Return the articles that meet a condition, those first that fit best.

        The more of what is `wanted` stands in an article, in its title before all, and the rarer
        that is, the better it fits. How often it stands there does not count. What fits alike is
        in the order of `search`.
        """
        with self._session.reading() as connection, Waiting(connection) as waiting:
            met, values = where(condition, waiting)
            chosen = connection.execute(
                f"SELECT id FROM article WHERE {met} AND {_OF_SOURCES}",  # noqa: S608 - our own words
                (*values, *_named(() if source is None else (source,))),
            )
            ids = [number for (number,) in chosen]
            scores = _scores(connection, waiting, wanted) if ids else {}
            best = nsmallest(limit, ids, key=lambda number: (-scores.get(number, 0), -number))
            found = connection.execute(
                "SELECT * FROM article WHERE id IN (SELECT value FROM json_each(?))",
                (rows.array(best),),
            )
            entries = {row["id"]: rows.entry_of(row) for row in found}
        return tuple(Stored(number, entries[number]) for number in best)

    def glimpses(
        self, condition: Condition | None, *, since: datetime, sources: Sequence[str] = ()
    ) -> tuple[Glimpse, ...]:
        """Return all articles first seen since a moment that meet a condition, in no order.

        Of some sources, those that any of them was seen to have.
        """
        with self._session.reading() as connection, Waiting(connection) as waiting:
            met, values = where(condition, waiting)
            met = f"first_seen >= ? AND {met} AND {_OF_SOURCES}"
            values = (rows.moment(since), *values, *_named(sources))
            found = _times(connection, f"WHERE {met} LIMIT {_FEW + 1}", values)
            if len(found) > _FEW:
                found = _times(connection, f"INDEXED BY article_by_age WHERE {met}", values)
        return tuple(
            Glimpse(number, rows.at(seen), rows.when_of(dated), _PRECISIONS[precision], zone)
            for number, seen, dated, precision, zone in found
        )

    def sources_of(self, articles: Sequence[int]) -> dict[str, int]:
        """Return how many of some articles each source has, the most first."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT source, count(*) AS held FROM article_source"
                " WHERE article_id IN (SELECT value FROM json_each(?))"
                " GROUP BY source ORDER BY held DESC, source",
                (rows.array(articles),),
            )
            return dict(found.fetchall())

    def beginning(self, since: datetime) -> datetime | None:
        """Return from when on there are articles, by publication or first sight; None: never.

        A day without a time begins at midnight UTC, whichever zone it is of, or when it was seen
        if that was earlier: `Trial` counts no item of it before. Dates before `since` do not
        count, nor do those of articles that were not among the first 10,000: what first rounds
        brought is the oldest, and all dates of a large store take long.
        """
        with self._session.reading() as connection:
            (first,) = connection.execute(_BEGINNING, (rows.moment(since),)).fetchone()
        return rows.when_of(first)


def _times(
    connection: Connection, which: str, values: Sequence[str]
) -> list[tuple[int, str, str | None, str, str | None]]:
    found = connection.execute(
        f"SELECT id, first_seen, dated, date_precision, date_zone FROM article {which}",  # noqa: S608 - our own words
        values,
    )
    found.row_factory = None  # plain tuples: rows that know their names take twice as long
    return found.fetchall()


def _named(sources: Sequence[str]) -> tuple[str, str]:
    return rows.array(sources), rows.array(sources)


def _scores(connection: Connection, waiting: Waiting, wanted: Sequence[Wanted]) -> dict[int, float]:
    """Return by id how well articles fit, those with nothing wanted left out.

    FTS5's own bm25() asks for the length of each row, which an index without column sizes finds
    by reading the article again: 0.2 ms each.
    """
    (articles,) = connection.execute("SELECT count(*) FROM article").fetchone()
    scores: dict[int, float] = {}
    for places in wanted:
        own: Counter[int] = Counter()
        for weight, place in places:
            sql, values = where(place, waiting)
            for (number,) in connection.execute(f"SELECT id FROM article WHERE {sql}", values):  # noqa: S608 - our own words
                own[number] += weight
        rarity = log(1 + (articles - len(own) + 0.5) / (len(own) + 0.5))
        for number, weight in own.items():
            scores[number] = scores.get(number, 0) + weight * rarity
    return scores


# No day of whichever zone begins two days before `since` and ends after it.
_BEGINNING = """
WITH item AS MATERIALIZED (
  SELECT first_seen, CASE
    WHEN dated IS NULL OR dated > first_seen OR dated < date(?1, '-1 day') THEN first_seen
    WHEN date_precision = 'day'
      THEN min(first_seen, own_day_text(dated, date_zone) || 'T00:00:00.000000+00:00')
    ELSE dated END AS begun
  FROM (SELECT dated, first_seen, date_precision, date_zone FROM article
        ORDER BY first_seen LIMIT 10000))
SELECT min(iif(begun < ?1, first_seen, begun)) FROM item
"""
_OF_SOURCES = (
    "(? = '[]' OR EXISTS (SELECT 1 FROM article_source WHERE article_id = article.id"
    " AND source IN (SELECT value FROM json_each(?))))"
)
