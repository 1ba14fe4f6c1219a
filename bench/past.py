"""How fast a query is tried on a year of 200,000 items, and searched for the best.

Run as `python -m bench.past`. The year is made first, which takes minutes: articles of 700
characters in words of which few occur often, from 20 sources, 548 a day. SQLite's own count of the
same MATCH stands beside it: what the index alone takes.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench import record
from bench.extent import usually
from db.compile import Match, to_condition, to_ranking
from db.query import parse
from db.store import Store
from monitor.trying import span_of, tried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Article

ITEMS = usually(200_000, small=500)
CHARACTERS = 700
SOURCES = 20
ROUNDS = usually(5, small=1)
YEAR = timedelta(days=365)
START = datetime(2025, 1, 1, tzinfo=UTC)
_BATCH = 500


def fill(path: Path) -> None:
    """Store a year of items."""
    step = YEAR / ITEMS
    with Store.open(path) as store:
        for first in range(0, ITEMS, _BATCH):
            batch = [(article, "digest") for article in _articles(first)]
            store.record_many(batch, START + step * (first + _BATCH))


def _articles(first: int) -> Iterator[Article]:
    step = YEAR / ITEMS
    made = record.articles(_BATCH, seed=first, characters=CHARACTERS)
    for number, article in enumerate(made, first):
        when = START + step * number
        yield replace(
            article,
            url=f"https://news.example/{number}",
            guid=None,
            source=f"source{number % SOURCES}",
            dateline=replace(article.dateline, when=when),
        )


def rows(store: Store) -> Iterator[tuple[str, int, float, float, float]]:
    """Measure, and give query, hits, and seconds for trying, for the best 20, for the index."""
    known = record.vocabulary()
    now = START + YEAR
    for text in (
        known[2000],
        known[200],
        known[20],
        known[0],
        f"{known[30]} NEAR/5 {known[40]}",
        f"~{known[300]} NOT {known[1]}",
    ):
        query = parse(text)
        condition = to_condition(query)
        trying, ranking, alone, hits = [], [], [], 0
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            own = tried(store, query, span_of(store, now, YEAR))
            store.sources_of(own.items)
            trying.append(time.perf_counter() - begun)
            hits = len(own.items)
            begun = time.perf_counter()
            store.ranked(condition, to_ranking(query), limit=20)
            ranking.append(time.perf_counter() - begun)
            if isinstance(condition, Match):
                alone.append(_alone(store, condition.fts))
        yield text, hits, median(trying), median(ranking), median(alone) if alone else 0


def _alone(store: Store, fts: str) -> float:
    begun = time.perf_counter()
    with store._session.reading() as connection:  # noqa: SLF001 - the bare library beside ours
        connection.execute(
            "SELECT count(*) FROM article_fts WHERE article_fts MATCH ?", (fts,)
        ).fetchone()
    return time.perf_counter() - begun


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        begun = time.perf_counter()
        fill(path)
        print(f"{ITEMS:,} items of {CHARACTERS} characters over a year from {SOURCES} sources,")
        print(f"stored in {time.perf_counter() - begun:,.0f} s; seconds, median of {ROUNDS} rounds")
        print(f"{'query':<28}{'items':>9}{'try':>9}{'best 20':>9}{'FTS5 alone':>12}")
        with Store.open_readonly(path) as store:
            for text, hits, trying, ranking, alone in rows(store):
                shown = f"{alone:>12.3f}" if alone else f"{'-':>12}"
                print(f"{text:<28}{hits:>9,}{trying:>9.3f}{ranking:>9.3f}{shown}", flush=True)


if __name__ == "__main__":
    main()
