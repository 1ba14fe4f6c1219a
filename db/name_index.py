"""Which words of the full-text index may be a name: each word it has, under the keys of `db.names`.

A search looks a name's keys up here and asks the index for the words found, so it answers exactly
as the evaluator does, which computes the keys of the article's words. A word is never removed:
one that stands in no article any more finds none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from db import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection

SURFACES = "title, summary, text, source, section, author, place"
"""The columns of the view `article_words` that hold surfaces."""

_UNKNOWN = """
SELECT value FROM json_each(?1)
WHERE NOT EXISTS (SELECT 1 FROM named_token WHERE token = value)
"""


def learn(connection: Connection, texts: Iterable[str]) -> None:
    """Take in the words of texts that are spelled as the index has them."""
    met = {token for text in texts for token in text.split()}
    unknown = connection.execute(_UNKNOWN, (json.dumps(list(met), ensure_ascii=False),))
    # In order, so that one page after the other is written.
    found = sorted((key, token) for (token,) in unknown.fetchall() for key in names.keys(token))
    connection.executemany("INSERT INTO name_token (key, token) VALUES (?, ?)", found)
    tokens = sorted({token for _, token in found})
    connection.executemany(
        "INSERT INTO named_token (token) VALUES (?)", [(token,) for token in tokens]
    )


def learn_article(connection: Connection, article_id: int) -> None:
    """Take in the words of an article."""
    row = connection.execute(
        f"SELECT {SURFACES} FROM article_words WHERE id = ?",  # noqa: S608 - our own words
        (article_id,),
    )
    learn(connection, row.fetchone())


def named(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Return the words that have one of these keys."""
    found = connection.execute(
        "SELECT token FROM name_token WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    )
    return {row[0] for row in found}


def rebuild(connection: Connection) -> None:
    """Take in the words of all articles anew, by the rules of today."""
    connection.execute("DELETE FROM name_token")
    connection.execute("DELETE FROM named_token")
    rows = connection.execute(f"SELECT {SURFACES} FROM article_words")  # noqa: S608 - our own words
    learn(connection, {token for row in rows for text in row for token in text.split()})
    connection.execute("UPDATE counter SET value = ? WHERE name = 'names'", (names.VERSION,))
