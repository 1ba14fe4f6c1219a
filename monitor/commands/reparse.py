"""`dateline reparse`: today's rules over kept pages, shown first and done when asked for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from db.diff import as_text, diff, excerpt
from db.model import Dateline
from db.store import Store
from feeds.wording import counted
from monitor import reparse, show
from monitor.commands.importing import Moment
from monitor.config_file import load
from monitor.config_values import nearest

if TYPE_CHECKING:
    from db.visiting import Source
    from monitor.cli import Invocation
    from monitor.config import Config
    from monitor.reparse import Rereading, Summary

_SHOWN = 20


@click.command("reparse")
@click.argument("name", metavar="SOURCE")
@click.option("--since", type=Moment(), help="Only pages that came since then.")
@click.option("--apply", is_flag=True, help="Store what changes; the old words are kept.")
@click.option("--alert", is_flag=True, help="With --apply: let the watches look at it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, all fields.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    name: str,
    since: datetime | None,
    *,
    apply: bool,
    alert: bool,
    as_json: bool,
) -> int:
    """Read the kept pages of SOURCE by today's rules and show what would change, field by field.

    Nothing is stored without --apply; with it, all of it is one correction: every version is kept
    and nobody is told unless --alert is given. A source keeps pages if its config says keep_pages.
    """
    if alert and not apply:
        raise click.UsageError("--alert tells of what --apply stores; give both")
    config = load(invocation.config, secrets=False)
    source = _source(config, name)
    if not config.database.exists():
        raise click.ClickException("nothing is stored yet; dateline run visits the sources")
    with Store.open(config.database) if apply else Store.open_readonly(config.database) as store:
        found = tuple(reparse.reread(store, source, since=since))
        counts = reparse.summary(found)
        _show(found, counts, as_json=as_json)
        if apply:
            readings = [
                (one.reading, one.page.asked) for one in found if one.reading and one.changes
            ]
            store.correct(readings, datetime.now(UTC), quiet=not alert)
    if not found:
        click.echo(f"No kept pages of {name}: set keep_pages = true in [source.{name}].", err=True)
    elif not apply and any(one.changes for one in found):
        click.echo("Nothing is stored yet; --apply does it.", err=True)
    return 0


def _source(config: Config, name: str) -> Source:
    for source in config.sources:
        if source.name == name:
            return source
    known = [source.name for source in config.sources]
    raise click.BadParameter(f'there is no source "{name}"; {nearest(name, known)}')


def _show(found: tuple[Rereading, ...], counts: Summary, *, as_json: bool) -> None:
    if as_json:
        for one in found:
            show.line(_object(one))
        show.line({"summary": asdict(counts) | {"fields": dict(counts.fields)}})
        return
    shown = [one for one in found if one.changes or one.problem]
    for one in shown[:_SHOWN]:
        _echo(one)
    if len(shown) > _SHOWN:
        click.echo(f"… and {len(shown) - _SHOWN} more; --json shows all")
    fields = ", ".join(f"{name} {count}" for name, count in counts.fields)
    click.echo(
        f"{counted(counts.pages, 'page')}: {counts.same} as they stand, {counts.changed} differ"
        f"{f' ({fields})' if fields else ''}, {counts.new} new, {counts.unread} not read"
    )


def _echo(one: Rereading) -> None:
    click.echo(show.printable(one.page.asked))
    if one.problem:
        click.echo(f"  not read: {show.printable(one.problem)}")
    elif one.standing is None and one.after:
        click.echo(f"  new: {show.printable(one.after.title)}")
    for name in one.fields:
        before = _value(getattr(one.standing.value, name)) if one.standing else ""
        told = as_text(excerpt(diff(before, _value(getattr(one.after, name)))))
        click.echo(f"  {name}: {show.printable(' '.join(told.split()))}")


def _value(value: Any) -> str:
    """Return a field of an article as one text."""
    if isinstance(value, Dateline):
        place = f", {value.place}" if value.place else ""
        return f"{show.dateline_cell(value)} ({value.basis.value}{place})"
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def _object(one: Rereading) -> dict[str, Any]:
    before = one.standing.value if one.standing else None
    return {
        "url": one.page.asked,
        "fetched_at": show.moment(one.page.fetched_at),
        "item": one.standing.id if one.standing else None,
        "problem": one.problem,
        "new": one.reading is not None and one.standing is None,
        "fields": {
            name: {"before": _plain(before, name), "after": _plain(one.after, name)}
            for name in one.fields
        },
        "after": show.article_object(one.after) if one.after else None,
    }


def _plain(article: Any, name: str) -> Any:
    value = getattr(article, name)
    if isinstance(value, Dateline):
        return show.dateline_object(value)
    return list(value) if isinstance(value, tuple) else value
