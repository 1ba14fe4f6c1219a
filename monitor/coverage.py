"""How complete a source's items are, over time. Pure."""

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
    """In what share of the items of a span each of `FIELDS` was found; None without items."""

    span: str
    items: int
    shares: tuple[float | None, ...]


def over_time(reports: Iterable[Report], now: datetime) -> tuple[Coverage, ...]:
    """Return the coverage of each span that ends now."""
    known = tuple(reports)
    return tuple(
        _coverage(name, [report for report in known if now - report.finished <= span])
        for name, span in SPANS
    )


def _coverage(span: str, reports: list[Report]) -> Coverage:
    items = sum(report.items for report in reports)
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(dict(report.coverage))
    shares = tuple(counts[name] / items if items else None for name in FIELDS)
    return Coverage(span, items, shares)
