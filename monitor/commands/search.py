"""`dateline search`: what meets a query, and the words it met."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any

import click

from db.compile import to_condition, to_ranking
from db.evaluate import evaluate
from db.model import ChangeKind
from db.store import Store
from feeds.wording import shorten
from monitor import show
from monitor.commands.configs import for_reading
from monitor.commands.items import entry_object, nothing
from monitor.commands.queries import read_query
from monitor.rules import passages

if TYPE_CHECKING:
    from collections.abc import Iterable

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


@click.command("search")
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
    found: tuple[Stored[Entry], ...] = ()
    stored = 0
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            condition = to_condition(asked)
            if rank:
                found = store.ranked(condition, to_ranking(asked), source=source, limit=limit)
            else:
                found = store.search(condition, source=source, limit=limit)
            stored = store.counts().articles
    if not found:
        click.echo(show.printable(nothing(config, stored, source, text)), err=True)
    if as_json:
        for each in found:
            show.line(_object(each, asked))
    elif as_csv:
        _write_csv(found, asked)
    else:
        _print(found, asked)
    return 0


def _print(found: Iterable[Stored[Entry]], asked: Query) -> None:
    for number, each in enumerate(found):
        entry = each.value
        article = entry.article
        published = show.dateline_cell(article.dateline)
        if number:
            click.echo()
        title = shorten(article.title, _TITLE)
        click.echo(show.printable(f"{each.id}  {published}  {article.source}  {title}"))
        if article.url:
            click.echo(f"    {show.printable(article.url)}")
        for passage in _passages(entry, asked)[:_PASSAGES]:
            said = show.marked(passage.excerpt, [(passage.start, passage.end)])
            click.echo(f"    {passage.field}: {show.printable(said)}")


def _passages(entry: Entry, asked: Query) -> tuple[Passage, ...]:
    # It may have been found for any change it ever had: `on:edited` is met by an edit of the past.
    meetings = (
        evaluate(asked, entry.article, kind=kind, first_seen=entry.first_seen)
        for kind in ChangeKind
    )
    found = passages(entry.article, next(filter(None, meetings), ()))
    # A lead is often the text's beginning, and the title's too.
    return tuple({passage.excerpt: passage for passage in reversed(found)}.values())[::-1]


def _object(stored: Stored[Entry], asked: Query) -> dict[str, Any]:
    told = [
        {
            "field": passage.field,
            "excerpt": passage.excerpt,
            "start": passage.start,
            "end": passage.end,
        }
        for passage in _passages(stored.value, asked)
    ]
    return {**entry_object(stored.id, stored.value), "passages": told}


def _write_csv(found: Iterable[Stored[Entry]], asked: Query) -> None:
    """Write RFC 4180, with a head line; dates are as the source has them, `first_seen` is UTC."""
    writer = csv.writer(sys.stdout)
    writer.writerow(_CSV)
    for each in found:
        article = each.value.article
        said = [
            show.marked(passage.excerpt, [(passage.start, passage.end)])
            for passage in _passages(each.value, asked)
        ]
        row = (
            each.id,
            article.source,
            show.dateline_cell(article.dateline),
            article.dateline.precision.value,
            article.dateline.basis.value,
            show.moment(each.value.first_seen),
            article.title,
            article.url,
            article.section,
            "; ".join(article.authors),
            article.language,
            " | ".join(said),
        )
        writer.writerow(_cell(value) for value in row)


def _cell(value: object) -> str:
    """Return what a cell holds: a stranger's words are no formula in a spreadsheet."""
    text = show.printable("" if value is None else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
