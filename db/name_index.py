"""Which words of the full-text index may be a name: each word it has, under the keys of `db.names`.

A search looks a name's keys up here and asks the index for the words found, so it answers exactly
as the evaluator does, which computes the keys of the article's words. A word is never removed:
one that stands in no article any more finds none.

Taking in an article's words costs as much as storing it. So articles wait until their visit ends
or there are `BACKLOG` of them, and many share most of their words; `Fresh` has those that wait.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from db import names, spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from sqlite3 import Connection

BACKLOG = 1024
"""How many articles may wait. A search for a name reads them all: some 0.3 s for so many."""

_SURFACES = "title, summary, text, section, author, place"
"""The columns of the view `article_words` that hold surfaces."""

_UNKNOWN = """
SELECT value FROM json_each(?1)
WHERE NOT EXISTS (SELECT 1 FROM named_token WHERE token = value)
"""


_WAITING = """
SELECT title, summary, text, section, authors, place FROM article
WHERE id > (SELECT value FROM counter WHERE name = 'named')
"""

_CAUGHT_UP = """
UPDATE counter SET value = (SELECT coalesce(max(id), 0) FROM article) WHERE name = 'named'
"""


def learn(connection: Connection, words: Iterable[str]) -> None:
    """Take in words that are spelled as the index has them."""
    # In order, so that one page after the other is written.
    found = sorted((key, token) for token, keys in _unknown(connection, words) for key in keys)
    connection.executemany("INSERT INTO name_token (key, token) VALUES (?, ?)", found)
    tokens = sorted({token for _, token in found})
    connection.executemany(
        "INSERT INTO named_token (token) VALUES (?)", [(token,) for token in tokens]
    )


def learn_article(connection: Connection, article_id: int) -> None:
    """Take in the new words of an article, unless it waits anyway."""
    row = connection.execute(
        f"SELECT {_SURFACES} FROM article_words WHERE id = ?"  # noqa: S608 - our own words
        " AND id <= (SELECT value FROM counter WHERE name = 'named')",
        (article_id,),
    ).fetchone()
    learn(connection, {word for text in row or () for word in text.split()})


def catch_up(connection: Connection, backlog: int = 1) -> None:
    """Take in the words of all articles that wait, if there are as many as `backlog`."""
    (waiting,) = connection.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM article) - value FROM counter"
        " WHERE name = 'named'"
    ).fetchone()
    if waiting >= backlog:
        learn(connection, _waiting(connection))
        connection.execute(_CAUGHT_UP)


class Fresh:
    """The words of the articles that wait, as one reading transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self, keys: Sequence[str]) -> set[str]:
        """Return the words, of these articles and of all others, that have one of these keys."""
        found = self._connection.execute(
            "SELECT token FROM name_token WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(keys),),
        )
        # Of the words that wait few begin so that they need be read as names.
        wanted = set(keys)
        return {row[0] for row in found}.union(
            token
            for letter in names.openings(keys)
            for token in self._by_letter.get(letter, ())
            if not wanted.isdisjoint(names.keys(token))
        )

    @cached_property
    def _by_letter(self) -> dict[str, list[str]]:
        by_letter: dict[str, list[str]] = {}
        for token in _waiting(self._connection):
            by_letter.setdefault(token[0], []).append(token)
        return by_letter


def rebuild(connection: Connection) -> None:
    """Take in the words of all articles anew, by the rules of today."""
    connection.execute("DELETE FROM name_token")
    connection.execute("DELETE FROM named_token")
    connection.execute("UPDATE counter SET value = 0 WHERE name = 'named'")
    catch_up(connection)
    connection.execute("UPDATE counter SET value = ? WHERE name = 'names'", (names.VERSION,))


def _waiting(connection: Connection) -> set[str]:
    """Return the words of the articles that wait."""
    texts: list[str] = []
    for *plain, authors, place in connection.execute(_WAITING):
        texts += filter(None, (*plain, *json.loads(authors), place))
    return spelling.distinct(texts)


def _unknown(connection: Connection, words: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give those words that were not taken in, with their keys."""
    asked = (json.dumps(list(words), ensure_ascii=False),)
    for (token,) in connection.execute(_UNKNOWN, asked).fetchall():
        yield token, names.keys(token)
