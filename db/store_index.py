"""The full-text index: it follows the articles a few at a time, and the rest is read beside it.

Indexing an article alone costs three times what it costs among others, because FTS5 writes what
it holds at each commit. So new articles wait until there are `BACKLOG` of them or their visit
ends; a search reads those that wait from an index of its own, in memory, and misses none.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from db import name_index, names, rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

BACKLOG = 256
"""How many articles may wait for the index."""

_COLUMNS = (
    "title, summary, text, title_stem, summary_stem, text_stem, source, section, author, place"
)
_WAITING = f"SELECT id, {_COLUMNS} FROM article_words WHERE id > ?"  # noqa: S608 - our own words
_INDEX = f"INSERT INTO article_fts (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own words
_BESIDE = f"CREATE VIRTUAL TABLE waiting USING fts5({_COLUMNS}, content = '', tokenize = 'ascii')"
_KEEP = f"INSERT INTO waiting (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own words


def indexed(connection: Connection) -> int:
    """Return the id up to which articles are in the index."""
    found = connection.execute("SELECT value FROM counter WHERE name = 'indexed'").fetchone()
    return int(found[0])


def catch_up(connection: Connection) -> None:
    """Index every article that waits, in the transaction that the caller has open."""
    found = connection.execute(_WAITING, (indexed(connection),)).fetchall()
    connection.executemany(_INDEX, found)
    name_index.learn(connection, [text for row in found for text in _surfaces(row)])
    connection.execute(
        "UPDATE counter SET value = (SELECT coalesce(max(id), 0) FROM article)"
        " WHERE name = 'indexed'"
    )


def _surfaces(row: sqlite3.Row) -> tuple[str, ...]:
    """Return what the columns of surfaces hold: all but the id and the normal forms."""
    return (*row[1:4], *row[7:])


class Waiting:
    """The articles that wait for the index, as one reading transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[sqlite3.Row] = connection.execute(
            _WAITING, (indexed(connection),)
        ).fetchall()

    def named(self, keys: Sequence[str]) -> list[str]:
        """Return the words, of these articles and of those in the index, that have such a key."""
        wanted = set(keys)
        met = {word for row in self._rows for text in _surfaces(row) for word in text.split()}
        called = {word for word in met if not wanted.isdisjoint(names.keys(word))}
        return sorted(called | name_index.named(self._connection, keys))

    def matching(self, fts: str) -> str:
        """Return the ids that an FTS5 MATCH string finds among them, as a JSON array."""
        if not self._rows:
            return "[]"
        with closing(sqlite3.connect(":memory:")) as beside:
            beside.execute(_BESIDE)
            beside.executemany(_KEEP, [tuple(row) for row in self._rows])
            found = beside.execute("SELECT rowid FROM waiting WHERE waiting MATCH ?", (fts,))
            return rows.array([row[0] for row in found])
