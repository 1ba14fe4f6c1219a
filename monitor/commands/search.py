"""`dateline search`: what meets a query, and the words it met."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from db.compile import to_condition, to_ranking
from db.evaluate import evaluate
from db.model import ChangeKind
from db.store import Store
from feeds.wording import shorten
from monitor import show
from monitor.commands.configs import for_reading
from monitor.commands.items import entry_object, nothing
from monitor.commands.queries import Asking, first_of, read_query
from monitor.passages import passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.model import Entry, Stored
    from db.query import Query
    from db.telling import Passage
    from monitor.cli import Invocation

_PASSAGES = 3
_TITLE = 120
_CSV = (
    "id",
    "source",
    "published",
    "precision",
    "basis",
    "first_seen",
    "title",
    "url",
    "section",
    "authors",
    "language",
    "passages",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command("search", cls=Asking)
@click.argument("query", nargs=-1, required=True)
@click.option("--rank", is_flag=True, help="Those first that fit best, not those seen last.")
@click.option("--source", metavar="NAME", help="Only items of this source.")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets, with a head line.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    query: tuple[str, ...],
    *,
    rank: bool,
    source: str | None,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> int:
    """Find stored items that meet QUERY, those first seen last on top, with the words they met.

    QUERY is the language of the watches; quote it so that the shell leaves it alone:
    dateline search '"Tajik-Afghan border" NOT title:exercise*'
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    text = " ".join(query)
    asked = read_query(text)
    config = for_reading(invocation)
    found: Sequence[Stored[Entry]] = ()
    hits: list[_Hit] = []
    stored = 0
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            condition = to_condition(asked)
            if rank:
                found = store.ranked(condition, to_ranking(asked), source=source, limit=limit + 1)
            else:
                found = store.search(condition, source=source, limit=limit + 1)
            stored = store.counts().articles
            found = first_of(found, limit)
            hits = [_hit(store, each, asked) for each in found]
    if not found:
        click.echo(show.printable(nothing(config, stored, source, text)), err=True)
    if as_json:
        for hit in hits:
            show.line(_object(hit))
    elif as_csv:
        _write_csv(hits)
    else:
        _print(hits)
    return 0


class _Hit(NamedTuple):
    """An item that was found, and the words that it was found by."""

    id: int
    entry: Entry
    passages: tuple[Passage, ...]


def _hit(store: Store, stored: Stored[Entry], asked: Query) -> _Hit:
    entry = stored.value
    # It may have been found for any change it ever had: `on:edited` is met by an edit of the past.
    meetings = (
        evaluate(
            asked,
            entry.article,
            kind=kind,
            first_seen=entry.first_seen,
            shown_by=tuple(store.sources_of([stored.id])),
        )
        for kind in ChangeKind
    )
    found = passages(entry.article, next(filter(None, meetings), ()))
    # A lead is often the text's beginning, and the title's too.
    distinct = {passage.excerpt: passage for passage in reversed(found)}
    return _Hit(stored.id, entry, tuple(distinct.values())[::-1])


def _print(hits: Iterable[_Hit]) -> None:
    for number, hit in enumerate(hits):
        article = hit.entry.article
        published = show.dateline_cell(article.dateline)
        if number:
            click.echo()
        title = shorten(article.title, _TITLE)
        click.echo(show.printable(f"{hit.id}  {published}  {article.source}  {title}"))
        if article.url:
            click.echo(f"    {show.printable(article.url)}")
        for passage in hit.passages[:_PASSAGES]:
            click.echo(f"    {passage.field}: {show.printable(_marked(passage))}")


def _marked(passage: Passage) -> str:
    return show.marked(passage.excerpt, [(passage.start, passage.end)])


def _object(hit: _Hit) -> dict[str, Any]:
    told = [
        {
            "field": passage.field,
            "excerpt": passage.excerpt,
            "start": passage.start,
            "end": passage.end,
        }
        for passage in hit.passages
    ]
    return {**entry_object(hit.id, hit.entry), "passages": told}


def _write_csv(hits: Iterable[_Hit]) -> None:
    """Write RFC 4180, with a head line; dates are as the source has them, `first_seen` is UTC."""
    writer = csv.writer(sys.stdout)
    writer.writerow(_CSV)
    for hit in hits:
        article = hit.entry.article
        row = (
            hit.id,
            article.source,
            show.dateline_cell(article.dateline),
            article.dateline.precision.value,
            article.dateline.basis.value,
            show.moment(hit.entry.first_seen),
            article.title,
            article.url,
            article.section,
            "; ".join(article.authors),
            article.language,
            " | ".join(map(_marked, hit.passages)),
        )
        writer.writerow(_cell(value) for value in row)


def _cell(value: object) -> str:
    """Return what a cell holds: a stranger's words are no formula in a spreadsheet."""
    text = show.printable("" if value is None else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
