"""How results look: tables for people, one JSON object a line for machines."""

from __future__ import annotations

import json
import sys
from datetime import UTC
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from db.model import Precision
from feeds.wording import in_own_zone, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from db.model import Article, Dateline

_WIDTH_WITHOUT_TERMINAL = 160
_TITLE_SHOWN = 100
_UNITS = ((86_400, "days"), (3_600, "h"), (60, "min"))


def results() -> Console:
    """Return the console for results: stdout, wide enough where there is no terminal."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH_WITHOUT_TERMINAL
    return console


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table whose cells are plain text, whatever characters a stranger put into them."""
    drawn = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(printable(str(cell))) for cell in row))
    return drawn


def printable(text: str) -> str:
    r"""Return the text without characters that steer a terminal.

    >>> printable("a\x1b[2Jb\x9bc\n")
    'a [2Jb c '
    """
    return "".join(char if char.isprintable() else " " for char in text)


def line(value: dict[str, Any]) -> None:
    """Print one JSON object on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def moment(when: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC with a Z, None for None."""
    if when is None:
        return None
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def minute(when: datetime | None) -> str:
    """Return a moment of ours for a table, to the minute in UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if when else "-"


def away(when: datetime | None, now: datetime) -> str:
    """Return how far a moment is from now, as a person would say it.

    >>> from datetime import datetime, timedelta
    >>> now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> away(now - timedelta(minutes=3), now), away(now + timedelta(hours=30), now)
    ('3 min ago', 'in 30 h')
    """
    if when is None:
        return "-"
    seconds = (when - now).total_seconds()
    size, unit = next(
        ((size, unit) for size, unit in _UNITS if abs(seconds) >= 2 * size), _UNITS[-1]
    )
    count = round(abs(seconds) / size)
    if not count:
        return "now"
    return f"in {count} {unit}" if seconds > 0 else f"{count} {unit} ago"


def dateline_cell(dateline: Dateline) -> str:
    """Return when an item was published, as exactly as it is known, in the zone it was written in.

    >>> from db.model import UNKNOWN_DATELINE
    >>> dateline_cell(UNKNOWN_DATELINE)
    'unknown'
    """
    when = in_own_zone(dateline)
    if when is None:
        return "unknown"
    if dateline.precision is Precision.DAY:
        return when.strftime("%Y-%m-%d")
    seconds = dateline.precision is Precision.SECOND
    return when.isoformat(" ", timespec="seconds" if seconds else "minutes")


def article_object(article: Article) -> dict[str, Any]:
    """Return an article as a JSON object."""
    return {
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "title_basis": article.title_basis.value,
        "summary": article.summary,
        "text": article.text,
        "text_basis": article.text_basis.value,
        "section": article.section,
        "authors": list(article.authors),
        "language": article.language,
        "dateline": dateline_object(article.dateline),
    }


def dateline_object(dateline: Dateline) -> dict[str, Any]:
    """Return a dateline as a JSON object."""
    return {
        "when": moment(dateline.when),
        "precision": dateline.precision.value,
        "basis": dateline.basis.value,
        "zone": dateline.zone,
        "place": dateline.place,
        "raw": dateline.raw,
    }


ARTICLE_COLUMNS = ("published", "precision", "basis", "source", "title")


def article_row(article: Article) -> tuple[str, ...]:
    """Return an article as a row under `ARTICLE_COLUMNS`."""
    return (
        dateline_cell(article.dateline),
        article.dateline.precision.value,
        article.dateline.basis.value,
        article.source,
        shorten(article.title, _TITLE_SHOWN),
    )
