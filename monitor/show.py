"""How results look: tables for people, one JSON object a line for machines."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from db.model import Precision
from feeds.wording import YEAR_INFERRED, day_of, in_own_zone, shorten, year_inferred
from monitor import terminal
from monitor.terminal import json_escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from db.model import Article, Dateline
    from spiders.site import Card

_WIDTH_WITHOUT_TERMINAL = 160
_TITLE_SHOWN = 100
_TITLE_LEAST = 28
_GAP = 2
_UNITS = ((86_400, "days"), (3_600, "h"), (60, "min"))

printable = terminal.printable


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Where the width is short, the highest `rank` goes first, 0 never.

    The `elastic` one gives way before any other goes, down to a few words and an ellipsis.
    """

    name: str
    rank: int = 0
    elastic: bool = False


def results() -> Console:
    """Return the console for results: stdout, wide enough where there is no terminal."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_WITHOUT_TERMINAL
    return console


def table(console: Console, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """Print a table of plain text, whatever characters a stranger put into it.

    Names and times are never cut or broken: a line too long for the console stays one line.
    """
    cells = [[printable(str(cell)) for cell in row] for row in rows]
    widths = [
        max(map(cell_len, (column.name, *(row[place] for row in cells))))
        for place, column in enumerate(columns)
    ]
    shown = _fitting(columns, widths, console.width)
    for number, row in enumerate(([column.name for column in columns], *cells)):
        text = (" " * _GAP).join(_sized(row[place], width) for place, width in shown.items())
        console.print(Text(text.rstrip(), "" if number else "bold"), soft_wrap=True)


def _sized(text: str, width: int) -> str:
    """Return the text in so many columns of a terminal, cut with an ellipsis if it is longer."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def _fitting(columns: Sequence[Column], widths: Sequence[int], limit: int) -> dict[int, int]:
    """Return the places of the columns that fit into the limit, with their widths."""
    shown = {
        place: min(width, _TITLE_LEAST) if columns[place].elastic else width
        for place, width in enumerate(widths)
    }
    for place in sorted(shown, key=lambda place: -columns[place].rank):
        if sum(shown.values()) + _GAP * (len(shown) - 1) <= limit or not columns[place].rank:
            break
        del shown[place]
    spare = max(0, limit - sum(shown.values()) - _GAP * (len(shown) - 1))
    return {
        place: min(widths[place], width + spare) if columns[place].elastic else width
        for place, width in shown.items()
    }


def line(value: dict[str, Any]) -> None:
    """Print one JSON object on a line of its own."""
    sys.stdout.write(json_escaped(json.dumps(value, ensure_ascii=False)) + "\n")


def marked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return the text with the words at these places, in order, in square brackets.

    >>> marked("Talks with Tokayev ended", [(11, 18)])
    'Talks with [Tokayev] ended'
    """
    pieces: list[str] = []
    behind = 0
    for start, end in places:
        if start >= behind:
            pieces.extend((text[behind:start], "[", text[start:end], "]"))
            behind = end
    return "".join((*pieces, text[behind:]))


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


def item_object(article: Article) -> dict[str, Any]:
    """Return an article with all that lists of items say of it, as a JSON object."""
    return {
        **article_object(article),
        "tags": list(article.tags),
        "attachments": list(article.attachments),
        "year_inferred": year_inferred(article.dateline),
    }


def card_object(card: Card) -> dict[str, Any]:
    """Return an item as a list shows it, as a JSON object."""
    return {
        "url": card.url,
        "title": card.title,
        "summary": card.summary,
        "section": card.section,
        "dateline": dateline_object(card.dateline),
    }


def dateline_object(dateline: Dateline) -> dict[str, Any]:
    """Return a dateline as a JSON object."""
    return {
        "when": moment(dateline.when),
        "day": day_of(dateline),
        "precision": dateline.precision.value,
        "basis": dateline.basis.value,
        "zone": dateline.zone,
        "zone_stated": dateline.zone_stated,
        "place": dateline.place,
        "raw": dateline.raw,
    }


ARTICLE_COLUMNS = (
    Column("published"),
    Column("known", rank=3),
    Column("source", rank=1),
    Column("title", elastic=True),
)


def article_row(article: Article) -> tuple[str, ...]:
    """Return an article as a row under `ARTICLE_COLUMNS`."""
    dateline = article.dateline
    year = f", {YEAR_INFERRED}" if year_inferred(dateline) else ""
    known = f"{dateline.precision.value}, {dateline.basis.value.replace('_', ' ')}{year}"
    return (
        dateline_cell(dateline),
        "-" if dateline.when is None else known,
        article.source,
        shorten(article.title, _TITLE_SHOWN),
    )
