"""`dateline check`: every mistake in the config, or what it comes to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import click

from db.errors import ConfigError
from monitor import show
from monitor.commands.queries import remark
from monitor.config_file import load
from spiders.browsers import missing

if TYPE_CHECKING:
    from monitor.cli import Invocation


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, also for mistakes.")
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> int:
    """Tell every mistake in the config, each with its line; exit 2 if there is one."""
    try:
        config = load(invocation.config)
    except ConfigError as error:
        if not as_json:
            raise
        show.line({"config": str(invocation.config), "mistakes": list(error.mistakes)})
        return 2
    if as_json:
        show.line(
            {
                "config": str(invocation.config),
                "mistakes": [],
                "var": str(config.var),
                "sources": [source.name for source in config.sources],
                "watches": [watch.name for watch in config.watches],
                "channels": [channel.name for channel in config.channels],
                "feeds": [spec.name for spec in config.feed_specs()],
            }
        )
        return 0
    click.echo(
        f"{invocation.config} is fine: {_count(len(config.sources), 'source')}, "
        f"{_count(len(config.watches), 'watch', 'watches')}, "
        f"{_count(len(config.channels), 'channel')}; state in {config.var}"
    )
    for source in config.sources:
        folder = Path(url2pathname(urlsplit(source.urls[0]).path))
        if source.kind == "documents" and not folder.is_dir():
            told = f"{source.name}: the folder {folder} is not there; make it or correct its name."
            click.echo(show.printable(told), err=True)
    drawn = [source.name for source in config.sources if source.browser]
    if drawn and (why := missing()):
        told = f"{', '.join(drawn)}: browser = true, but {why}."
        click.echo(show.printable(told), err=True)
    for watch in config.watches:
        remark(watch.query, f"watch {watch.name}: ")
    if not config.contact:
        click.echo(
            "Please set contact in [dateline]: a site's keeper should be able to reach you.",
            err=True,
        )
    return 0


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
