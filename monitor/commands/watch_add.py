"""`dateline watch add`: a query becomes a watch in the config, once it is known what it brings."""

from __future__ import annotations

import sys
import tomllib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from db.store import Store
from monitor import show
from monitor.commands.queries import Asking, read_query, remark
from monitor.config_edit import table, with_table
from monitor.config_file import load
from monitor.config_write import rewrite
from monitor.trying import span_of, tried, warning

if TYPE_CHECKING:
    from db.query import Query
    from monitor.cli import Invocation
    from monitor.config import Config
    from monitor.config_edit import Value
    from monitor.trial import Trial

_DAYS = 90
_OWN = {
    "query": "an argument of its own",
    "channels": "an option of its own: --channel",
    "sources": "an option of its own: --source",
    "on": "an option of its own: --on",
}


@click.command("add", cls=Asking)
@click.argument("name", metavar="NAME")
@click.argument("query", nargs=-1, required=True)
@click.option("--channel", "channels", metavar="NAME", multiple=True, help="Where it tells.")
@click.option("--source", "sources", metavar="NAME", multiple=True, help="Only of this source.")
@click.option("--on", "kinds", metavar="KIND", multiple=True, help="new, edited, gone or back.")
@click.option(
    "--set",
    "others",
    metavar="KEY=VALUE",
    multiple=True,
    help="Any other key of a watch, its value as in the config.",
)
@click.option("--yes", is_flag=True, help="Save it even if it would fire too often.")
@click.option("--dry-run", is_flag=True, help="Print the block and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the name and its settings.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    *,
    name: str,
    query: tuple[str, ...],
    channels: tuple[str, ...],
    sources: tuple[str, ...],
    kinds: tuple[str, ...],
    others: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Save QUERY as the watch NAME in the config; every other byte of the file stays as it is.

    Without --channel it tells nobody, and is a feed to subscribe to. What it would have told of
    in the last 90 days is said first; if that is too often, it is saved only if you agree.
    """
    path = invocation.config
    config = load(path, secrets=False)
    text = " ".join(query)
    asked = read_query(text)
    values: dict[str, Value] = {"query": text}
    for key, given in (("channels", channels), ("sources", sources), ("on", kinds)):
        if given:
            values[key] = list(given)
    for key, value in map(_setting, others):
        if key in _OWN:
            raise click.BadParameter(f"{key} has {_OWN[key]}", param_hint="--set")
        values[key] = value
    if any(watch.name == name for watch in config.watches):
        raise click.UsageError(
            f"there is a watch called {name} already; dateline watch show {name} shows it, "
            f"dateline watch remove {name} takes it out"
        )
    rewrite(path, lambda old: with_table(old, "watch", name, values), dry_run=True)
    remark(text)
    past = _past(config, asked, sources)
    said = warning(past) if past and channels else None
    if said and not (yes or dry_run):
        _ask(said)
    rewrite(path, lambda old: with_table(old, "watch", name, values), dry_run=dry_run)
    if as_json:
        weekly = round(past.weekly, 2) if past else None
        show.line({"name": name, "written": not dry_run, "weekly": weekly, **values})
        return 0
    click.echo("\n".join(map(show.printable, table("watch", name, values).split("\n"))), nl=False)
    click.echo(_about(config, past, name, channels), err=True)
    if said:
        click.echo(said, err=True)
    if not dry_run:
        click.echo(show.printable(f"written to {path}"), err=True)
    return 0


def _setting(given: str) -> tuple[str, Any]:
    """Read KEY=VALUE; a value that TOML does not know is taken for a text."""
    key, sign, value = given.partition("=")
    if not sign or not key.strip():
        raise click.BadParameter(f'"{given}": KEY=VALUE is meant here', param_hint="--set")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()


def _past(config: Config, query: Query, sources: tuple[str, ...]) -> Trial | None:
    """Return what a query would have told of; None where nothing is stored yet."""
    if not config.database.exists():
        return None
    with Store.open_readonly(config.database) as store:
        span = span_of(store, datetime.now(UTC), timedelta(days=_DAYS))
        return tried(store, query, span, sources)


def _ask(said: str) -> None:
    """Ask whether a query is saved all the same. Raises ClickException where nobody can answer."""
    if not sys.stdin.isatty():
        raise click.ClickException(f"not saved: {said}; --yes saves it all the same")
    click.echo(f"{said[0].upper()}{said[1:]}.", err=True)
    if not click.confirm("Save it all the same?", err=True):
        raise click.Abort


def _about(config: Config, past: Trial | None, name: str, channels: tuple[str, ...]) -> str:
    """Say what a watch will do, judged by the past."""
    where = f"tells {', '.join(channels)}" if channels else "tells nobody (no --channel)"
    feed = config.feed_folder / f"watch-{name}.xml"
    told = (
        f"it {where}; its feed is {feed}, from the next dateline run on, or now if serve is running"
    )
    if past is None:
        return show.printable(f"nothing is stored yet; {told}")
    if not past.items:
        return show.printable(f"nothing of the last {_DAYS} days meets it; {told}")
    since = f"since {past.span.start:%Y-%m-%d}"
    items = f"{len(past.items):,} stored item{'' if len(past.items) == 1 else 's'}"
    return show.printable(f"{items} {since} would have met it, {past.often}; {told}")
