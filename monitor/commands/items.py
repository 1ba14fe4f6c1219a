"""`dateline items`: what is stored, or what of it meets a query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from db.compile import to_condition
from db.errors import QueryError
from db.query import parse
from db.store import Store
from monitor import show
from monitor.commands.configs import for_reading
from monitor.config_values import nearest

if TYPE_CHECKING:
    from db.model import Entry, Stored
    from monitor.cli import Invocation
    from monitor.config import Config

_SEEN = show.Column("first seen (UTC)", rank=2)
_TITLES = (show.Column("id"), _SEEN, *show.ARTICLE_COLUMNS)
_LINKS = (*_TITLES[:-1], show.Column("link"))
_SMALL = re.compile(r"\b(?:or|and|not)\b")
_QUOTED = re.compile(r'"[^"]*"')


@click.command("items")
@click.argument("query", nargs=-1)
@click.option("--source", metavar="NAME", help="Only items of this source.")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most."
)
@click.option("--links", is_flag=True, help="Show each item's address instead of its title.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    query: tuple[str, ...],
    source: str | None,
    limit: int,
    *,
    links: bool,
    as_json: bool,
) -> int:
    """List stored items, those first seen last on top, or only those that meet QUERY.

    QUERY is the language of the watches; quote it so that the shell leaves it alone:
    dateline items '"Tajik-Afghan border" NOT title:exercise*'
    """
    text = " ".join(query)
    try:
        condition = to_condition(parse(text)) if text else None
    except QueryError as error:
        raise click.UsageError(f"{error}: {text}") from None
    config = for_reading(invocation)
    found: tuple[Stored[Entry], ...] = ()
    stored = 0
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            found = store.search(condition, source=source, limit=limit)
            stored = store.counts().articles
    if not found:
        click.echo(show.printable(_nothing(config, stored, source, text)), err=True)
    elif as_json:
        for each in found:
            show.line(_object(each))
    else:
        rows = (_row(each, links=links) for each in found)
        show.table(show.results(), _LINKS if links else _TITLES, rows)
    return 0


def _nothing(config: Config, stored: int, source: str | None, query: str) -> str:
    """Say why nothing was found. Raises BadParameter for a source that nobody knows."""
    known = [source.name for source in config.sources]
    if source is not None and known and source not in known:
        raise click.BadParameter(f"there is no source {source!r}; {nearest(source, known)}")
    if not stored:
        return "No items yet. Rounds bring them: dateline run, then dateline status."
    if not query:
        return f"No items of {source} yet."
    small = _SMALL.search(_QUOTED.sub("", query))
    hint = f' "{small[0]}" is a word like others; write {small[0].upper()}.' if small else ""
    return f"Nothing meets this query.{hint}"


def _row(stored: Stored[Entry], *, links: bool) -> tuple[object, ...]:
    entry = stored.value
    row = show.article_row(entry.article)
    last = entry.article.url or "-" if links else row[-1]
    return (stored.id, show.minute(entry.first_seen), *row[:-1], last)


def _object(stored: Stored[Entry]) -> dict[str, object]:
    entry = stored.value
    return {
        "id": stored.id,
        "feed_id": entry.feed_id,
        **show.article_object(entry.article),
        "first_seen": show.moment(entry.first_seen),
        "changed_at": show.moment(entry.changed_at),
        "edits": entry.edits,
    }
