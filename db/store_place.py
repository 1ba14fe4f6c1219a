"""Placing: each stored article is put into a story, within a transaction of the caller's.

What waits is read off the list of changes: every article that was stored or edited since the one
placed last. So recording pays nothing for it, and a crash in between loses nothing.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from db import rows, story_index
from db.alone import alone
from db.model import ChangeKind, Stored
from db.reasons import why
from db.stories import join
from db.telling import Unplaced
from db.traits import traits

if TYPE_CHECKING:
    from datetime import datetime
    from sqlite3 import Connection, Row

    from db.model import Entry
    from db.stories import Join
    from db.traits import Traits
    from db.weights import Weights

LOG: Final = logging.getLogger("dateline.stories")

_WAITING = """
SELECT id, article_id, kind FROM change
WHERE id > (SELECT value FROM counter WHERE name = 'placed') AND (?1 IS NULL OR id <= ?1)
ORDER BY id LIMIT ?2
"""

_PLACE = """
INSERT INTO story_member (article_id, story_id, number, nearest, kind, score, why, every,
  joined_at, dated, keys)
VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM story_member WHERE story_id = ?2),
  ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
"""

# A visit that is not over yet has no report, and holds the lease of its source.
_VISITED = """
SELECT EXISTS (SELECT 1 FROM source WHERE name = ?1 AND lease_owner IS NOT NULL) OR EXISTS (
  SELECT 1 FROM report WHERE source = ?1 AND started <= ?2 AND finished >= ?2 ORDER BY id DESC)
"""

_BEFORE = """
SELECT finished FROM report WHERE source = ? AND list_read AND finished <= ?
ORDER BY id DESC LIMIT 1
"""

_COMPARED = """
SELECT article_id FROM story_member WHERE story_id = ? ORDER BY number LIMIT 8
"""  # as many as `db.stories.join` compares

_NO_WORDS = (ChangeKind.GONE, ChangeKind.BACK)
_AT_ONCE = 100


def waiting(connection: Connection, limit: int, until: int | None = None) -> Unplaced | None:
    """Return what waits to be placed, None if nothing does; `until` is a change.

    An article whose row is damaged is logged and left out: it gets no place.
    """
    found = connection.execute(_WAITING, (until, limit)).fetchall()
    if not found:
        return None
    ids = dict.fromkeys(row["article_id"] for row in found if row["kind"] not in _NO_WORDS)
    articles = connection.execute(
        "SELECT * FROM article WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (rows.array(ids),),
    )
    return Unplaced(
        after=story_index.counter(connection, "placed"),
        last=found[-1]["id"],
        articles=tuple(
            Stored(row["id"], entry)
            for row in articles
            if (entry := alone(row["id"], partial(rows.entry_of, row)))
        ),
    )


def place_until(connection: Connection, change_id: int, now: datetime) -> None:
    """Place all that changed up to a change, as far as it can be.

    What raises is logged and left waiting: an alert without its story is better than none.
    """
    connection.execute("SAVEPOINT placing")
    try:
        _place_until(connection, change_id, now)
    except sqlite3.Error:
        raise  # nothing else could be kept either
    except Exception:  # the job border of placing
        LOG.exception("change=%d outcome=failed", change_id)
        connection.execute("ROLLBACK TO placing")
    connection.execute("RELEASE placing")


def _place_until(connection: Connection, change_id: int, now: datetime) -> None:
    while batch := waiting(connection, _AT_ONCE, change_id):
        found = {
            stored.id: alone(
                stored.id, partial(traits, stored.value.article, stored.value.first_seen)
            )
            for stored in batch.articles
        }
        read = {article_id: one for article_id, one in found.items() if one is not None}
        place(connection, batch, read, now)


def place(
    connection: Connection, batch: Unplaced, read: dict[int, Traits], now: datetime
) -> int | None:
    """Place a batch; return how many joined a story of others, None if it was placed meanwhile.

    An article that could not be read is missing in `read`: it stays, or becomes, a story of its
    own that nothing joins. Others that had to be read are there afterwards. The words of all are
    counted first; then the new ones are placed by the order of their dates. One that has a place
    keeps it and is found by its new words. One that was removed meanwhile is passed over.
    """
    story_index.keep_up(connection)
    if story_index.counter(connection, "placed") != batch.after:
        return None
    there = _there(connection, [stored.id for stored in batch.articles])
    left = replace(batch, articles=tuple(s for s in batch.articles if s.id in there))
    placing = _Placing(connection, left, read, now)
    joined = placing.run()
    story_index.set_counter(connection, "placed", batch.last)
    story_index.forget(connection, now, 2 * len(batch.articles))
    return joined


def _there(connection: Connection, ids: list[int]) -> set[int]:
    """Return which of some articles are stored."""
    found = connection.execute(
        "SELECT id FROM article WHERE id IN (SELECT value FROM json_each(?))", (rows.array(ids),)
    )
    return {article_id for (article_id,) in found}


def _traits_in(row: Row) -> Traits:
    return traits(rows.article_of(row), rows.at(row["first_seen"]))


class _Placing:
    """One batch on its way into the stories; remembers what it has read."""

    def __init__(
        self, connection: Connection, batch: Unplaced, read: dict[int, Traits], now: datetime
    ) -> None:
        self._connection = connection
        self._entries = {stored.id: stored.value for stored in batch.articles}
        self._read = read
        # What the batch could not read once is not tried again.
        self._torn = self._entries.keys() - read.keys()
        self._now = now

    def run(self) -> int:
        known = {article_id: self._member(article_id) for article_id in self._entries}
        uncounted = (
            self._read[article_id]
            for article_id, member in known.items()
            if article_id in self._read and (member is None or member["keys"] is None)
        )
        weights = story_index.count(self._connection, uncounted)
        for article_id, member in known.items():
            if member is not None:
                self._replace(article_id, member)
        fresh = [article_id for article_id, member in known.items() if member is None]
        return sum(self._put(article_id, weights) for article_id in sorted(fresh, key=self._order))

    def _order(self, article_id: int) -> tuple[int, int]:
        article = self._read.get(article_id)
        return story_index.dated(article) if article else 0, article_id

    def _member(self, article_id: int) -> Row | None:
        row: Row | None = self._connection.execute(
            "SELECT * FROM story_member WHERE article_id = ?", (article_id,)
        ).fetchone()
        return row

    def _replace(self, article_id: int, member: Row) -> None:
        """Let an article that has a place be found by the words it has now."""
        if member["keys"] is not None:
            story_index.drop(self._connection, article_id, member["dated"], member["keys"])
        article = self._read.get(article_id)
        keys = story_index.add(self._connection, article_id, article) if article else None
        self._connection.execute(
            "UPDATE story_member SET dated = ?, keys = ? WHERE article_id = ?",
            (story_index.dated(article) if article else member["dated"], keys, article_id),
        )

    def _put(self, article_id: int, weights: Weights) -> bool:
        """Put an article into the story it joins, or into one of its own; tell whether it did.

        One over which this raises stands alone, as one that could not be read.
        """
        self._connection.execute("SAVEPOINT article")
        article = self._read.get(article_id)
        joins = alone(article_id, partial(self._settle, article_id, article, weights))
        if joins is None:
            self._connection.execute("ROLLBACK TO article")
            joins = self._settle(article_id, None, weights)
        self._connection.execute("RELEASE article")
        return joins

    def _settle(self, article_id: int, article: Traits | None, weights: Weights) -> bool:
        joined = self._joined(article, weights) if article else None
        keys = story_index.add(self._connection, article_id, article) if article else None
        nearest = self._compared(joined.story)[joined.member] if joined else None
        verdict = joined.verdict if joined else None
        entry = self._entries[article_id]
        self._connection.execute(
            _PLACE,
            (
                article_id,
                joined.story if joined else article_id,
                nearest,
                verdict.kind if verdict else None,
                verdict.score if verdict else None,
                why(verdict, entry.article) if verdict else "",
                self._interval(entry),
                rows.moment(self._now),
                story_index.dated(article) if article else 0,
                keys,
            ),
        )
        return joined is not None

    def _joined(self, article: Traits, weights: Weights) -> Join[int] | None:
        near = story_index.near(self._connection, article, weights)
        stories = dict.fromkeys(self._story_of(other) for other in near)
        members = {
            story: [self._read[other] for other in self._compared(story)] for story in stories
        }
        return join(article, members, weights)

    def _story_of(self, article_id: int) -> int:
        (story,) = self._connection.execute(
            "SELECT story_id FROM story_member WHERE article_id = ?", (article_id,)
        ).fetchone()
        return int(story)

    def _compared(self, story: int) -> list[int]:
        """Return the members that are compared: of the first ones, those that can be read."""
        found = self._connection.execute(_COMPARED, (story,))
        return [article_id for (article_id,) in found if self._traits(article_id)]

    def _traits(self, article_id: int) -> Traits | None:
        if article_id not in self._read and article_id not in self._torn:
            row = self._connection.execute(
                "SELECT * FROM article WHERE id = ?", (article_id,)
            ).fetchone()
            found = alone(article_id, partial(_traits_in, row))
            if found is None:
                self._torn.add(article_id)
            else:
                self._read[article_id] = found
        return self._read.get(article_id)

    def _interval(self, entry: Entry) -> float:
        """Return the seconds that passed from one visit of a source to the one that saw an item.

        0 where nothing is known of the time before: at its first visit, and of an item that no
        visit saw (it was imported).
        """
        asked = (entry.article.source, rows.moment(entry.first_seen))
        (visited,) = self._connection.execute(_VISITED, asked).fetchone()
        before = self._connection.execute(_BEFORE, asked).fetchone() if visited else None
        if before is None:
            return 0.0
        return (entry.first_seen - rows.at(before["finished"])).total_seconds()
