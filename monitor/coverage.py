"""How complete a source's items are, over time, as they were when read for the first time. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from db.visiting import Report

FIELDS = ("title", "text", "date", "summary", "section", "authors", "place")
SPANS = (
    ("last 24 h", timedelta(days=1)),
    ("last 7 days", timedelta(days=7)),
    ("last 30 days", timedelta(days=30)),
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What share of a span's first readings had each of `FIELDS`; None without any."""

    span: str
    readings: int
    shares: tuple[float | None, ...]


def over_time(reports: Iterable[Report], now: datetime) -> tuple[Coverage, ...]:
    """Return the coverage of each span that ends now."""
    known = tuple(reports)
    return tuple(
        _coverage(name, [report for report in known if now - report.finished <= span])
        for name, span in SPANS
    )


def _coverage(span: str, reports: list[Report]) -> Coverage:
    readings = sum(report.items for report in reports)
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(dict(report.coverage))
    shares = tuple(counts[name] / readings if readings else None for name in FIELDS)
    return Coverage(span, readings, shares)
