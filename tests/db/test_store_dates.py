"""R-41: whatever dates a source gives, order is by first seen, nothing is pinned, all is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from db.model import UNKNOWN_DATELINE, Article, Dateline, FeedSpec, Precision

if TYPE_CHECKING:
    from db.store import Store

ODD = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2099, 12, 31, tzinfo=UTC),
    None,
    datetime(2025, 2, 12, tzinfo=UTC),  # day and month swapped
    datetime(2025, 12, 19, 19, tzinfo=UTC),
)


def test_r41_odd_dates_pin_nothing_and_hide_nothing(
    store: Store, article: Article, now: datetime
) -> None:
    """Each of them is on top when it is seen, and each waits for the watches."""
    for number, when in enumerate(ODD):
        dateline = Dateline(when=when, precision=Precision.MINUTE) if when else UNKNOWN_DATELINE
        odd = replace(
            article,
            url=f"https://odkb.example/{number}",
            guid=None,
            title=f"Odd {number}",
            text=f"Odd text {number}. " * 30,
            dateline=dateline,
        )
        store.record(odd, now + timedelta(minutes=number))
        entries = store.newest(FeedSpec(name="all", title="All"), None)
        assert [entry.article.title for entry in entries] == [
            f"Odd {n}" for n in range(number, -1, -1)
        ]
    assert len(store.unmatched(99)) == len(ODD)
