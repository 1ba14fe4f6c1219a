"""How fast articles are stored, beside SQLite alone doing the least that could be called storing.

Run as `python -m bench.record`. All sides write 4 KB articles with a full-text index to the same
disk in the same run, one commit per article or one per batch; the median of several rounds counts.
Batches wait for the disk (synchronous=FULL), single articles do not (NORMAL), on both sides.
The end of a visit indexes what still waits for it and keeps the names of all its words, none of
which the store had before: the last line says what that takes.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.extent import usually
from db.model import Article, Basis, Dateline, Precision, TextBasis, TitleBasis
from db.store import Store
from db.visiting import Report, Source, State

if TYPE_CHECKING:
    from collections.abc import Callable

ARTICLES = usually(600, small=20)
BATCH = usually(100, small=10)
ROUNDS = usually(5, small=1)
CHARACTERS = 4000
NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)

_RAW = """
CREATE TABLE article (id INTEGER PRIMARY KEY, url TEXT UNIQUE, title TEXT, text TEXT);
CREATE VIRTUAL TABLE article_fts USING fts5(title, text, content = 'article', content_rowid = 'id');
CREATE TRIGGER adds AFTER INSERT ON article BEGIN
  INSERT INTO article_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
"""


@cache
def vocabulary() -> list[str]:
    """Return the words that all articles are made of, the frequent ones first."""
    chance = random.Random(0)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    weights = [1 / (rank + 2) for rank in range(len(letters))]
    return [
        "".join(chance.choices(letters, weights, k=chance.randint(2, 11))) for _ in range(20_000)
    ]


def articles(count: int, seed: int, characters: int = CHARACTERS) -> list[Article]:
    """Return articles of news-like words: few occur often, most are rare."""
    chance = random.Random(seed)
    known = vocabulary()
    ranks = list(accumulate(1 / (rank + 3) for rank in range(len(known))))
    made = []
    for number in range(count):
        text = " ".join(chance.choices(known, cum_weights=ranks, k=characters // 6))
        text = (text + " ")[:characters].ljust(characters, "x")
        made.append(
            Article(
                url=f"https://news.example/{seed}/{number}",
                source="bench",
                guid=f"{seed}-{number}",
                title=" ".join(chance.choices(known, cum_weights=ranks, k=9)).capitalize(),
                title_basis=TitleBasis.PAGE,
                text=text,
                text_basis=TextBasis.PAGE,
                authors=("A. Writer",),
                section="World",
                dateline=Dateline(
                    when=NOW - timedelta(minutes=number),
                    precision=Precision.MINUTE,
                    basis=Basis.META,
                    zone="+03:00",
                    zone_stated=True,
                    place="Minsk",
                    raw="20 December 2025, 12:00",
                ),
            )
        )
    return made


def rows() -> list[tuple[str, str, str]]:
    """Measure, and return what was done, articles per second one by one, and in batches."""
    ends: list[float] = []
    sides: dict[str, Callable[[Path, list[Article], int], float]] = {
        "store.record, store.record_many": partial(_ours, ends),
        "SQLite alone, each word indexed once": _raw,
    }
    speeds: dict[tuple[str, int], list[float]] = {}
    for seed in range(ROUNDS + 1):
        for name, side in sides.items():
            for size in (1, BATCH):
                speeds.setdefault((name, size), []).append(_measured(side, size, seed))
    # The first round only warms the caches: a running service has met most words before.
    middle = {key: f"{median(figures[1:]):,.0f}" for key, figures in speeds.items()}
    single, batched = (f"{1_000 * median(ends[first::2]) / ARTICLES:.2f}" for first in (2, 3))
    return [
        *((name, middle[name, 1], middle[name, BATCH]) for name in sides),
        ("the end of the visit, ms an article", single, batched),
    ]


def _measured(side: Callable[[Path, list[Article], int], float], size: int, seed: int) -> float:
    made = articles(ARTICLES, seed)
    with tempfile.TemporaryDirectory() as folder:
        return ARTICLES / side(Path(folder) / "bench.db", made, size)


def _ours(ends: list[float], path: Path, made: list[Article], size: int) -> float:
    """Return how long storing took; how long the visit's end took goes into `ends`."""
    with Store.open(path) as store:
        store.register([Source(name="bench", kind="feed", urls=("https://news.example/",))], NOW)
        start = time.perf_counter()
        if size == 1:
            for article in made:
                store.record(article, NOW, card="digest")
        else:
            for first in range(0, len(made), size):
                batch = made[first : first + size]
                store.record_many([(article, "digest") for article in batch], NOW)
        stored = time.perf_counter()
        report = Report(source="bench", started=NOW, finished=NOW, state=State.OK)
        store.finish(report, next_at=NOW)
        ends.append(time.perf_counter() - stored)
        return stored - start


def _raw(path: Path, made: list[Article], size: int) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if size == 1 else 'FULL'}")
    connection.executescript(_RAW)
    start = time.perf_counter()
    for first in range(0, len(made), size):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO article (url, title, text) VALUES (?, ?, ?)",
            [(article.url, article.title, article.text) for article in made[first : first + size]],
        )
        connection.execute("COMMIT")
    elapsed = time.perf_counter() - start
    connection.close()
    return elapsed


def main() -> None:
    """Print the table."""
    print(f"{ARTICLES} articles of {CHARACTERS} characters, median of {ROUNDS} rounds, articles/s")
    print(f"{'':<40}{'one by one':>12}{f'by {BATCH}':>12}")
    for name, single, batched in rows():
        print(f"{name:<40}{single:>12}{batched:>12}")


if __name__ == "__main__":
    main()
