"""The full-text index: it follows the articles a few at a time, and the rest is read beside it.

Indexing an article alone costs three times what it costs among others, because FTS5 writes what
it holds at each commit. So new articles wait until there are `BACKLOG` of them or their visit
ends; a search reads those that wait from an index of its own, in memory, and misses none.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from functools import cached_property
from typing import TYPE_CHECKING, Self

from db import name_index, rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

BACKLOG = 256
"""How many articles may wait for the index, give or take `_LOOK`."""
_LOOK = 16
"""Only each so many articles it is looked whether they are too many."""

_COLUMNS = "title, summary, text, title_stem, summary_stem, text_stem, section, author, place"
_WAITING = f"SELECT id, {_COLUMNS} FROM article_words WHERE id > ?"  # noqa: S608 - our own words
_INDEX = f"INSERT INTO article_fts (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own words
_BESIDE = f"CREATE VIRTUAL TABLE waiting USING fts5({_COLUMNS}, content = '', tokenize = 'ascii')"
_KEEP = f"INSERT INTO waiting (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own words

# Each name is looked up behind the one before, so that what they have shown need not be read.
_SOURCES = """
WITH RECURSIVE name (value) AS (
  SELECT min(source) FROM article_source
  UNION ALL
  SELECT (SELECT min(source) FROM article_source WHERE source > value) FROM name
  WHERE value IS NOT NULL
)
SELECT value FROM name WHERE value IS NOT NULL
"""


def indexed(connection: Connection) -> int:
    """Return the id up to which articles are in the index."""
    found = connection.execute("SELECT value FROM counter WHERE name = 'indexed'").fetchone()
    return int(found[0])


def make_room(connection: Connection, article_id: int) -> None:
    """Index all that waits if this new article is one too many, and its names if they are."""
    if article_id % _LOOK == 0 and article_id - indexed(connection) >= BACKLOG:
        _index(connection)
        name_index.catch_up(connection, name_index.BACKLOG)


def catch_up(connection: Connection) -> None:
    """Index every article that waits, in the transaction that the caller has open."""
    _index(connection)
    name_index.catch_up(connection)


def _index(connection: Connection) -> None:
    found = connection.execute(_WAITING, (indexed(connection),)).fetchall()
    connection.executemany(_INDEX, found)
    connection.execute(
        "UPDATE counter SET value = (SELECT coalesce(max(id), 0) FROM article)"
        " WHERE name = 'indexed'"
    )


class Waiting:
    """What a condition asks of the store beside the index, as one reading transaction sees it.

    That is the articles that wait for the index, and the names of the sources.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._fresh = name_index.Fresh(connection)
        self._end = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end.close()

    def named(self, keys: Sequence[str]) -> list[str]:
        """Return the words, of these articles and of those in the index, that have such a key."""
        return sorted(self._fresh.named(keys))

    def matching(self, fts: str) -> str:
        """Return the ids that an FTS5 MATCH string finds among them, as a JSON array."""
        if self._beside is None:
            return "[]"
        found = self._beside.execute("SELECT rowid FROM waiting WHERE waiting MATCH ?", (fts,))
        return rows.array([row[0] for row in found])

    @cached_property
    def sources(self) -> list[str]:
        """The names of all sources that have shown something."""
        return [name for (name,) in self._connection.execute(_SOURCES)]

    @cached_property
    def _beside(self) -> sqlite3.Connection | None:
        """An index of them in memory, made when words are first asked for; None: none wait."""
        waiting = self._connection.execute(_WAITING, (indexed(self._connection),)).fetchall()
        if not waiting:
            return None
        beside = self._end.enter_context(closing(sqlite3.connect(":memory:")))
        beside.execute(_BESIDE)
        beside.executemany(_KEEP, [tuple(row) for row in waiting])
        return beside
