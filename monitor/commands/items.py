"""`dateline items`: what is stored, or what of it meets a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from db.compile import to_condition
from db.errors import QueryError
from db.query import parse
from db.store import Store
from monitor import show
from monitor.config_file import load

if TYPE_CHECKING:
    from db.model import Entry, Stored
    from monitor.cli import Invocation


@click.command("items")
@click.argument("query", nargs=-1)
@click.option("--source", help="Only items of this source.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def command(
    invocation: Invocation, query: tuple[str, ...], source: str | None, limit: int, *, as_json: bool
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
    config = load(invocation.config)
    found: tuple[Stored[Entry], ...] = ()
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            found = store.search(condition, source=source, limit=limit)
    if as_json:
        for stored in found:
            show.line(_object(stored))
    elif found:
        rows = (show.article_row(stored.value.article) for stored in found)
        show.results().print(show.table(show.ARTICLE_COLUMNS, rows))
    else:
        click.echo("No items. Rounds bring them: dateline run, dateline status.", err=True)
    return 0


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
