"""How long it takes to find near copies among 10,000 to 1 million sketches, and to join stories.

The table is what design.md §8 asks for: `(key, article)` WITHOUT ROWID, so that a look-up reads
the index alone, and a window of days is a least article, since ids grow with time. Most keys of a
sketch stand in no other article; every tenth article has one that boilerplate puts into some
thousandth of those. Rows come in the order of the keys, which is how a table grown over years
would lie after VACUUM. Half of the look-ups are for copies of a stored article with a third of
its shingles changed. Times are the process's own, which counts reading pages from the system's
cache and leaves out what other programs take.

The second table puts synthetic news on the shelf that `dateline stories` uses, and into the
stories of a store as rounds of 100 would, beside recording them: 2,000 a day.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from bench.extent import usually
from db.model import Article, Basis, Dateline, Precision, TextBasis, TitleBasis
from db.shelf import Shelf
from db.sketches import SIZE
from db.store import Store
from db.traits import traits
from db.weights import count
from monitor.placing import place_all

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = usually((10_000, 100_000, 1_000_000), small=(200, 400))
WINDOW = usually(6_000, small=100)  # articles: three days of a busy desk
LOOKUPS = usually(2_000, small=20)
ROUNDS = usually(5, small=1)
LINES = usually(4_000, small=80)
ROUND = usually(100, small=10)
_SEED = 20251220
_SPACE = 1 << 55  # sketches are the smallest hashes, so their keys lie close to zero
_BUCKETS = 64
_BOILERPLATE = 1_000
_WORDS = 180
_NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)

_SCHEMA = """
CREATE TABLE sketch (
    key INTEGER NOT NULL,      -- a hash of the article's sketch
    article INTEGER NOT NULL,  -- whose it is
    PRIMARY KEY (key, article)
) WITHOUT ROWID
"""
_NEAR = f"""
SELECT article, count(*) AS shared FROM sketch
WHERE key IN ({", ".join("?" * SIZE)}) AND article >= ?
GROUP BY article ORDER BY shared DESC, article LIMIT 20
"""  # noqa: S608 - question marks


def filled(path: Path, size: int) -> tuple[sqlite3.Connection, dict[int, list[int]]]:
    """Return a store of so many sketches, and those of the latest articles."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -16000")  # as the store has it
    connection.execute(_SCHEMA)
    latest: dict[int, list[int]] = {number: [] for number in range(size - WINDOW, size)}
    connection.execute("BEGIN IMMEDIATE")
    for bucket in range(_BUCKETS):
        rows = sorted(_rows(size, bucket))
        connection.executemany("INSERT INTO sketch VALUES (?, ?)", rows)
        for key, number in rows:
            if number in latest:
                latest[number].append(key)
    connection.execute("COMMIT")
    return connection, latest


def _rows(size: int, bucket: int) -> Iterator[tuple[int, int]]:
    """Give the rows whose keys lie in one part of the space: each article has 16 in all."""
    dice = random.Random(_SEED + bucket)
    width = _SPACE // _BUCKETS
    every = _BUCKETS // SIZE
    for number in range(bucket % every, size, every):
        yield bucket * width + int(dice.random() * width), number
    for number in range(10 * bucket, size, 10 * _BUCKETS):
        yield bucket * width + int(dice.random() * _BOILERPLATE / _BUCKETS), number


def milliseconds(connection: sqlite3.Connection, latest: dict[int, list[int]], size: int) -> float:
    """Return how long one look-up takes in the median round; copies must be found."""
    dice = random.Random(_SEED)
    sought: list[tuple[int, list[int]]] = []  # the article to be found, -1 for none
    for number in dice.sample(sorted(latest), LOOKUPS):
        keys = latest[number][:SIZE]
        copy = dice.random() < 0.5
        kept = keys[: SIZE * 2 // 3] if copy else []
        fresh = [dice.randrange(_SPACE) for _ in range(SIZE - len(kept))]
        sought.append((number if copy else -1, [*kept, *fresh]))
    took = []
    for _ in range(ROUNDS):
        begun = process_time()
        found = [connection.execute(_NEAR, (*keys, size - WINDOW)).fetchall() for _, keys in sought]
        took.append(process_time() - begun)
    for (copied, _), rows in zip(sought, found, strict=True):
        assert copied < 0 or rows[0][0] == copied
    return median(took) / LOOKUPS * 1000


def news(number: int) -> Iterator[Article]:
    """Give synthetic news, 2,000 a day; one in ten tells what the one before told."""
    dice = random.Random(_SEED)
    words = ["".join(dice.choices("bdgklmnprstaeiou", k=dice.randint(4, 9))) for _ in range(30_000)]
    shares = [1 / rank for rank in range(1, len(words) + 1)]
    text: list[str] = []
    for at in range(number):
        if at % 10:
            text = dice.choices(words, shares, k=_WORDS)
        else:
            text = [*text[20:], *dice.choices(words, shares, k=20)]
        when = _NOW + timedelta(days=at / 2000)
        yield Article(
            url=None,
            source=dice.choice(("tass", "belta", "openkg")),
            title=" ".join(text[:9]),
            title_basis=TitleBasis.PAGE,
            text=" ".join(text),
            text_basis=TextBasis.PAGE,
            language="en",
            dateline=Dateline(when=when, precision=Precision.SECOND, basis=Basis.API),
        )


def shelved(number: int) -> tuple[float, float, int]:
    """Return milliseconds to read an article, to put it into its story, and how many joined."""
    articles = list(news(number))
    begun = process_time()
    read = [traits(article) for article in articles]
    between = process_time()
    shelf: Shelf[int] = Shelf(count(read))
    joined = sum(shelf.put(at, article) is not None for at, article in enumerate(read))
    ended = process_time()
    return (between - begun) / number * 1000, (ended - between) / number * 1000, joined


def stored(number: int) -> tuple[float, float, int]:
    """Return milliseconds to record an article, to place it, and how many joined, in a store."""
    recording = placing = 0.0
    joined = 0
    articles = [replace(one, url=f"https://e.org/{at}") for at, one in enumerate(news(number))]
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "x.db") as store:
        for first in range(0, number, ROUND):
            begun = process_time()
            for article in articles[first : first + ROUND]:
                now = article.dateline.when or _NOW
                store.record(article, now)
            between = process_time()
            joined += place_all(store, now)
            recording += between - begun
            placing += process_time() - between
    return recording / number * 1000, placing / number * 1000, joined


def main() -> None:
    """Print the tables."""
    print(f"near copies by {SIZE} keys, window of {WINDOW} articles, median of {ROUNDS} rounds")
    print(f"{'sketches':>10}{'rows':>12}{'MB':>6}{'ms a look-up':>14}")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.db"
            connection, latest = filled(path, size)
            took = milliseconds(connection, latest, size)
            ((rows,),) = connection.execute("SELECT count(*) FROM sketch")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            print(f"{size:>10}{rows:>12}{path.stat().st_size / 1e6:>6.0f}{took:>14.3f}")
            path.unlink()
    print(f"\nstories of {_WORDS} words each, 2,000 a day")
    print(f"{'articles':>10}{'ms to read':>12}{'ms to join':>12}{'joined':>8}")
    for number in (LINES // 4, LINES):
        reading, joining, joined = shelved(number)
        print(f"{number:>10}{reading:>12.2f}{joining:>12.2f}{joined:>8}")
    print(f"\n{'stored':>10}{'ms to record':>14}{'ms to place':>12}{'joined':>8}")
    for number in (LINES // 4, LINES):
        recording, placing, joined = stored(number)
        print(f"{number:>10}{recording:>14.2f}{placing:>12.2f}{joined:>8}")


if __name__ == "__main__":
    main()
