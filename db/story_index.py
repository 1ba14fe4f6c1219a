"""Under what each article's story is looked up, and how often each word was met.

Keys are kept for a month after an article was placed: nothing that comes later can be joined with
it, but for old news that is found late, which then stands alone. All of this can be made anew from
the articles, and is, when the rules that make it change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from struct import pack, unpack
from typing import TYPE_CHECKING, Final

from db import rows, sketches, words
from db.shelf import LATEST, REACH, code, nearest, posted, sought
from db.stories import WINDOW
from db.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from sqlite3 import Connection

    from db.traits import Traits

VERSION: Final = words.VERSION * 10_000 + sketches.VERSION * 100 + 4
"""Of all rules that keys and counts come from; the last part is that of `db.traits`."""

KEPT: Final = timedelta(days=30)
"""How long after it was placed an article can be found."""

_SPAN: Final = int((timedelta(days=WINDOW) + REACH).total_seconds())

_LOOK_UP = """
SELECT article_id FROM story_key WHERE key = ? AND dated BETWEEN ? AND ?
ORDER BY dated DESC, article_id DESC LIMIT ?
"""

_COUNT = """
INSERT INTO word_count (word, articles) VALUES (?, ?)
ON CONFLICT DO UPDATE SET articles = articles + excluded.articles
"""

# One step back over the week in which something could still be joined.
_REWIND = """
UPDATE counter SET value = (
  SELECT coalesce(max(id), 0) FROM change
  WHERE seen_at < strftime('%Y-%m-%dT%H:%M:%S', (SELECT max(seen_at) FROM change), '-7 days'))
WHERE name = 'placed'
"""


class Seen(Mapping[str, int]):
    """Word -> in how many articles it was met, read when it is asked for, or some at once."""

    def __init__(self, connection: Connection, expected: Iterable[str] = ()) -> None:
        self._connection = connection
        found = connection.execute(
            "SELECT word, articles FROM json_each(?) JOIN word_count ON word = value",
            (rows.array(expected),),
        )
        self._expected = {row["word"]: row["articles"] for row in found}

    def __getitem__(self, word: str) -> int:
        if word in self._expected:
            return int(self._expected[word])
        row = self._connection.execute(
            "SELECT articles FROM word_count WHERE word = ?", (word,)
        ).fetchone()
        if row is None:
            raise KeyError(word)
        return int(row["articles"])

    def __iter__(self) -> Iterator[str]:
        return (row["word"] for row in self._connection.execute("SELECT word FROM word_count"))

    def __len__(self) -> int:
        (found,) = self._connection.execute("SELECT count(*) FROM word_count").fetchone()
        return int(found)


def counter(connection: Connection, name: str) -> int:
    """Return one of the store's counters."""
    row = connection.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()
    return int(row["value"])


def set_counter(connection: Connection, name: str, value: int) -> None:
    """Set one of the store's counters."""
    connection.execute("UPDATE counter SET value = ? WHERE name = ?", (value, name))


def keep_up(connection: Connection) -> None:
    """Forget keys and counts that other rules made, and have the last week placed once more."""
    if counter(connection, "story_keys") == VERSION:
        return
    if counter(connection, "counted"):
        connection.execute("DELETE FROM story_key")
        connection.execute("DELETE FROM word_count")
        connection.execute("UPDATE story_member SET keys = NULL WHERE keys IS NOT NULL")
        set_counter(connection, "counted", 0)
        connection.execute(_REWIND)
    set_counter(connection, "story_keys", VERSION)


def count(connection: Connection, articles: Iterable[Traits]) -> Weights:
    """Count the words of more articles; return what all words weigh then."""
    met: Counter[str] = Counter()
    total = 0
    for article in articles:
        total += 1
        met.update({*article.body, *article.all_keys})
    connection.executemany(_COUNT, sorted(met.items()))
    total += counter(connection, "counted")
    set_counter(connection, "counted", total)
    return Weights(total, Seen(connection, met))


def dated(article: Traits) -> int:
    """Return when an article is looked for: seconds since 1970. It must have a moment."""
    if article.when is None:
        raise ValueError("an article that was seen has a moment")
    return int(article.when.timestamp())


def near(connection: Connection, article: Traits, weights: Weights) -> list[int]:
    """Return the articles that are to be judged, those with most in common first."""
    middle = dated(article)
    common: defaultdict[int, float] = defaultdict(float)
    for key, weight in sought(article, weights):
        span = (code(key), middle - _SPAN, middle + _SPAN, LATEST)
        for (article_id,) in connection.execute(_LOOK_UP, span):
            common[article_id] += weight
    return nearest(common)


def add(connection: Connection, article_id: int, article: Traits) -> bytes:
    """Make an article be found; return its keys as they are kept for `drop`."""
    moment = dated(article)
    keys = sorted(map(code, posted(article)))
    connection.executemany(
        "INSERT INTO story_key (key, dated, article_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ((key, moment, article_id) for key in keys),
    )
    return pack(f"<{len(keys)}q", *keys)


def drop(connection: Connection, article_id: int, moment: int, keys: bytes) -> None:
    """Make an article be found no more under these keys."""
    held = unpack(f"<{len(keys) // 8}q", keys)
    connection.executemany(
        "DELETE FROM story_key WHERE key = ? AND dated = ? AND article_id = ?",
        ((key, moment, article_id) for key in held),
    )


def forget(connection: Connection, now: datetime, limit: int) -> None:
    """Forget the keys of some articles that were placed too long ago to be joined with."""
    for row in connection.execute(
        "SELECT article_id, dated, keys FROM story_member"
        " WHERE keys IS NOT NULL AND joined_at < ? ORDER BY joined_at LIMIT ?",
        (rows.moment(now - KEPT), limit),
    ).fetchall():
        drop(connection, row["article_id"], row["dated"], row["keys"])
        connection.execute(
            "UPDATE story_member SET keys = NULL WHERE article_id = ?", (row["article_id"],)
        )
