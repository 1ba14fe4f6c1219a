"""How long a feed takes to render, beside feedgen alone given ready-made fields.

Run as `python -m bench.feeds`. Both sides get entries of 4 KB in the same run, in turns; the median
of several rounds counts, in CPU time. What Dateline adds: cleaning and cutting every field,
paragraphs, nh3, the lines on how a date is known. JSON Feed has no peer here.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median
from typing import TYPE_CHECKING, Final

from feedgen.feed import FeedGenerator

from bench.extent import usually
from db.model import Article, Basis, Dateline, Entry, Precision, TextBasis, TitleBasis
from feeds.render import Head, atom, json_feed, rss

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES: Final = usually((50, 500), small=(2, 4))
ROUNDS: Final = usually(7, small=1)
NOW: Final = datetime(2025, 12, 20, 9, tzinfo=UTC)
HEAD: Final = Head(
    id="urn:uuid:6c84fb90-12c4-11e1-840d-7b25c5ee775a",
    title="Bench",
    description="Entries of 4 KB",
    address="https://news.example/all.xml",
    home="https://news.example/",
)
_SENTENCE: Final = "Foreign ministers met in Minsk & spoke of Совет коллективной безопасности. "


def entries(size: int, edition: int) -> tuple[Entry, ...]:
    """Return entries of ten paragraphs, 4,000 characters, each with its own words."""
    return tuple(
        Entry(
            article=Article(
                url=f"https://news.example/{number}",
                source="bench",
                title=f"Item {number}: {_SENTENCE}",
                title_basis=TitleBasis.PAGE,
                text="\n\n".join(
                    f"{edition}/{number}/{part} {_SENTENCE * 5}" for part in range(10)
                ),
                text_basis=TextBasis.PAGE,
                dateline=Dateline(
                    when=NOW - timedelta(minutes=number),
                    precision=Precision.MINUTE,
                    basis=Basis.PRINTED,
                    zone="Europe/Minsk",
                    raw="12:00, 20 December 2025",
                ),
                authors=("A. Writer",),
                tags=("minsk", "csto"),
            ),
            feed_id=f"tag:dateline.invalid,2026-01-01:{number}",
            first_seen=NOW,
            changed_at=NOW - timedelta(minutes=number),
            edits=0,
        )
        for number in range(size)
    )


def rows() -> list[tuple[str, list[float]]]:
    """Return per way of rendering the milliseconds for each of the sizes."""
    ways: dict[str, Callable[[tuple[Entry, ...]], object]] = {
        "RSS, ours": lambda made: rss(HEAD, made),
        "RSS, feedgen alone": lambda made: _alone(made).rss_str(),
        "Atom, ours": lambda made: atom(HEAD, made),
        "Atom, feedgen alone": lambda made: _alone(made).atom_str(),
        "JSON, ours": lambda made: json_feed(HEAD, made),
        "all three, ours": lambda made: (
            rss(HEAD, made),
            atom(HEAD, made),
            json_feed(HEAD, made),
        ),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for size in SIZES:
        editions = count()
        found: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, render in ways.items():
                made = entries(size, next(editions))  # never seen before by any cache
                start = time.process_time()
                render(made)
                found[way].append((time.process_time() - start) * 1000)
        for way in ways:
            times[way].append(round(median(found[way]), 1))
    return list(times.items())


def _alone(made: tuple[Entry, ...]) -> FeedGenerator:
    feed = FeedGenerator()
    feed.id(HEAD.id)
    feed.title(HEAD.title)
    feed.description(HEAD.description)
    feed.updated(NOW)
    feed.link(href=HEAD.home, rel="alternate")
    for entry in made:
        item = feed.add_entry(order="append")
        item.id(entry.feed_id)
        item.title(entry.article.title)
        item.updated(entry.changed_at)
        item.published(entry.article.dateline.when)
        item.link(href=entry.article.url, rel="alternate")
        item.content(entry.article.text, type="html")
    return feed


def main() -> None:
    """Print the table."""
    print(f"entries of 4 KB, median of {ROUNDS} rounds, milliseconds of CPU")
    print(f"{'':<24}" + "".join(f"{size:>8}" for size in SIZES))
    for way, figures in rows():
        print(f"{way:<24}" + "".join(f"{figure:>8}" for figure in figures))


if __name__ == "__main__":
    main()
