"""`dateline watch`: queries to be told about: tried on the past, saved, shown, removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from db.query import parse
from db.store import Store
from feeds.publish import file_name
from monitor import show
from monitor.commands import watch_add, watch_match, watch_try
from monitor.commands.configs import for_reading
from monitor.commands.items import entry_object
from monitor.commands.queries import watch_named
from monitor.config_edit import without_table
from monitor.config_file import load
from monitor.config_write import rewrite
from monitor.rates import quiet_hours
from monitor.story_words import length
from monitor.trying import latest, span_of, tried

if TYPE_CHECKING:
    from db.model import Entry, Stored
    from db.telling import AlertRecord, Watch
    from monitor.cli import Invocation
    from monitor.config import Config
    from monitor.trial import Trial

_LISTED = (
    show.Column("watch"),
    show.Column("channels", rank=1),
    show.Column("sources", rank=3),
    show.Column("on", rank=2),
    show.Column("query", elastic=True),
)
_FOUND = (show.Column("id"), *show.ARTICLE_COLUMNS)
_LATEST = 5
_PERIOD = timedelta(days=90)


@click.group("watch")
def command() -> None:
    """Try a query on the past, save it as a watch, see what a watch is."""


command.add_command(watch_try.command)
command.add_command(watch_add.command)
command.add_command(watch_match.command)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one per watch.")
@click.pass_obj
def list_watches(invocation: Invocation, *, as_json: bool) -> int:
    """List the watches of the config: what each asks for, where, and whom it tells."""
    config = for_reading(invocation)
    if as_json:
        for watch in config.watches:
            show.line(_settings(watch))
    elif config.watches:
        show.table(show.results(), _LISTED, (_row(watch) for watch in config.watches))
    else:
        click.echo("No watches yet. dateline watch add NAME QUERY makes one.", err=True)
    return 0


@command.command("show")
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show_watch(invocation: Invocation, name: str, *, as_json: bool) -> int:
    """Show the watch NAME: its settings, its feed, what it last told, what meets it now."""
    config = for_reading(invocation)
    watch = watch_named(config, name)
    past: Trial | None = None
    found: list[tuple[int, Entry]] = []
    alerts: tuple[Stored[AlertRecord], ...] = ()
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            span = span_of(store, datetime.now(UTC), _PERIOD)
            past = tried(store, parse(watch.query), span, watch.sources)
            found = latest(store, past.items, _LATEST)
            alerts = store.alerts(watch=name, limit=_LATEST)
    if as_json:
        show.line(
            {
                **_settings(watch),
                "quiet": _quiet(config, watch),
                "feed": str(_feed(config, watch)),
                "alerts": [_alert_object(each) for each in alerts],
                "items": len(past.items) if past else 0,
                "weekly": round(past.weekly, 2) if past else None,
                "latest": [entry_object(number, entry) for number, entry in found],
            }
        )
        return 0
    for key, value in (
        ("name", watch.name),
        ("query", watch.query),
        ("channels", ", ".join(watch.channels) or "none: it tells nobody, and is a feed"),
        ("sources", ", ".join(watch.sources) or "all"),
        ("on", ", ".join(watch.on)),
        ("rate", _rate(watch)),
        *((("quiet", _quiet_words(config, watch)),) if _quiet(config, watch) else ()),
    ):
        click.echo(f"{key + ':':<10}{show.printable(value)}")
    click.echo(f"{'feed:':<10}{show.printable(str(_feed(config, watch)))}")
    _print_alerts(alerts)
    _print_found(past, found)
    return 0


@command.command("remove")
@click.argument("name", metavar="NAME")
@click.option("--dry-run", is_flag=True, help="Only look whether it can be done.")
@click.pass_obj
def remove(invocation: Invocation, name: str, *, dry_run: bool) -> int:
    """Take the watch NAME out of the config; what it told stays in dateline alerts list.

    Comments inside its table go with it, every other byte of the file stays as it is.
    """
    path = invocation.config
    watch_named(load(path, secrets=False), name)
    rewrite(path, lambda text: without_table(text, "watch", name), dry_run=dry_run)
    done = "would be taken" if dry_run else "taken"
    click.echo(show.printable(f"watch {name} {done} out of {path}"), err=True)
    return 0


def _rate(watch: Watch) -> str:
    """Say how often a watch tells, as far as it decides that itself."""
    told = [f"at {', '.join(clock.isoformat('minutes') for clock in watch.digest)}"]
    if not watch.digest:
        told = ["at once"]
    if watch.cooldown:
        told.append(f"then at rest for {length(watch.cooldown)}")
    if watch.once_per_story:
        told.append("of a story once")
    return ", ".join(told)


def _quiet(config: Config, watch: Watch) -> dict[str, str]:
    """Return the quiet hours of the channels it tells, of those that have some."""
    hours = {one.name: quiet_hours(one.terms) for one in config.channels}
    return {name: hours[name] for name in watch.channels if hours.get(name)}


def _quiet_words(config: Config, watch: Watch) -> str:
    return ", ".join(f"{name} {hours}" for name, hours in _quiet(config, watch).items())


def _print_alerts(alerts: tuple[Stored[AlertRecord], ...]) -> None:
    if alerts:
        click.echo("\nIt last told:")
    for each in alerts:
        alert = each.value.alert
        when, state = show.minute(alert.created_at), each.value.state.value
        told = f"{when} UTC  {alert.channel}  {state}  {alert.entry.article.title}"
        click.echo(f"  {show.printable(told)}")


def _print_found(past: Trial | None, found: list[tuple[int, Entry]]) -> None:
    if not past or not found:
        click.echo("\nNothing of the last 90 days meets it.")
        return
    count = "1 item meets it" if len(past.items) == 1 else f"{len(past.items):,} items meet it"
    since = f"since {past.span.start:%Y-%m-%d}"
    click.echo(f"\n{count} {since}, {past.often}; the latest:")
    rows = ((number, *show.article_row(entry.article)) for number, entry in found)
    show.table(show.results(), _FOUND, rows)


def _feed(config: Config, watch: Watch) -> object:
    return config.feed_folder / f"{file_name(f'watch-{watch.name}')}.xml"


def _row(watch: Watch) -> tuple[object, ...]:
    kinds = ", ".join(watch.on)
    return (
        watch.name,
        ", ".join(watch.channels) or "-",
        ", ".join(watch.sources) or "all",
        kinds,
        watch.query,
    )


def _settings(watch: Watch) -> dict[str, Any]:
    return {
        "name": watch.name,
        "query": watch.query,
        "channels": list(watch.channels),
        "sources": list(watch.sources),
        "on": [kind.value for kind in watch.on],
        "once_per_story": watch.once_per_story,
        "digest": [clock.isoformat("minutes") for clock in watch.digest],
        "cooldown": watch.cooldown.total_seconds() if watch.cooldown else None,
    }


def _alert_object(stored: Stored[AlertRecord]) -> dict[str, Any]:
    alert = stored.value.alert
    return {
        "id": stored.id,
        "channel": alert.channel,
        "kind": alert.kind.value,
        "state": stored.value.state.value,
        "created_at": show.moment(alert.created_at),
        "title": alert.entry.article.title,
        "url": alert.entry.article.url,
    }
