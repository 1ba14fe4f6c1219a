"""`dateline sources add URL`: look at an address, and write a source for it into the config."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor import offers, show
from monitor.config_edit import with_table
from monitor.config_file import load
from monitor.config_write import rewrite
from monitor.probing import probe, source_name, web_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli import Invocation
    from monitor.config import Config


@click.command("add")
@click.argument("url", metavar="URL")
@click.option("--name", help="What the source is called; from the address if not said.")
@click.option("--as", "kind", metavar="KIND", help="Take the offer of this kind, not the best one.")
@click.option("--every", help="The shortest time between two visits, such as 30m.")
@click.option("--timezone", help="The zone of times that state none, such as Europe/Minsk.")
@click.option("--language", help="The language of its items, such as en.")
@click.option("--dry-run", is_flag=True, help="Print the block and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the name and its settings.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    *,
    url: str,
    name: str | None,
    kind: str | None,
    every: str | None,
    timezone: str | None,
    language: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Look at URL as `dateline probe` does, and write the best way to watch it into the config.

    Every other byte of the file stays as it is. A mistake in what would be written changes
    nothing. What a source watches already is added again only under a --name of its own.
    """
    path = invocation.config
    config = load(path, secrets=False, sourceless=True)
    try:
        address = web_address(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if address is None:
        raise click.UsageError(f'"{url}" is no web address; write one as example.org/news')
    url = address
    if name is None:
        _refuse_watched(config, [url])
    found = probe(url, config.fetch, config.user_agent, samples=1)
    fitting = [offer for offer in found["offers"] if kind in (None, offer["kind"])]
    if not fitting:
        name = name or source_name(url, ())
        click.echo("\n".join(map(show.printable, offers.lines(found, name))), err=True)
        return 1
    taken = [source.name for source in config.sources]
    if name is None:
        _refuse_watched(config, fitting[0]["urls"])
        name = source_name(url, taken)
    values = offers.settings_of(
        found, fitting[0], every=every, timezone=timezone, language=language
    )
    if "timezone" not in values and (said := offers.zone_warning(found)):
        click.echo(f"{said}, or --timezone here", err=True)
    rewrite(path, lambda text: with_table(text, "source", name, values), dry_run=dry_run)
    if as_json:
        show.line({"name": name, "written": not dry_run, **values})
        return 0
    click.echo("\n".join(map(show.printable, offers.block(name, values).split("\n"))), nl=False)
    if not dry_run:
        click.echo(f"written to {path}; its first round only records what is there", err=True)
    return 0


def _refuse_watched(config: Config, urls: Sequence[str]) -> None:
    """Raise ClickException if a source of the config has one of some addresses."""
    wanted = {url.rstrip("/") for url in urls}
    for source in config.sources:
        for url in source.urls:
            if url.rstrip("/") in wanted:
                raise click.ClickException(
                    f"{url} is watched already, by the source {source.name}; nothing was written "
                    "(--name NAME adds it once more)"
                )
