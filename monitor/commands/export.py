"""`dateline export`: kept pages as a web archive."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.store import Store
from feeds.wording import counted
from monitor import warc
from monitor.commands.configs import for_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.visiting import KeptPage
    from monitor.cli import Invocation


@click.command("export")
@click.option(
    "--warc",
    "path",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the WARC 1.1 file goes, by custom NAME.warc.gz.",
)
@click.option("--source", "name", help="Only pages of this source.")
@click.pass_obj
def command(invocation: Invocation, path: Path, name: str | None) -> int:
    """Write kept pages as a web archive (WARC 1.1), for every tool that reads those.

    The file appears when it is whole; one that was there is replaced. Sources keep pages if their
    config says keep_pages.
    """
    config = for_reading(invocation)
    if not config.database.exists():
        raise click.ClickException("nothing is stored yet; dateline run visits the sources")
    pages = 0

    def told(store: Store) -> Iterator[KeptPage]:
        nonlocal pages
        for stored in store.kept_pages(name):
            pages += 1
            yield stored.value

    replaced = ", in place of what was there" if path.exists() else ""
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with Store.open_readonly(config.database) as store, fresh.open("xb") as file:
            software = f"Dateline/{version('dateline')}"
            for piece in warc.archive(told(store), software=software, now=datetime.now(UTC)):
                file.write(piece)
        fresh.replace(path)
    except OSError as error:
        raise click.ClickException(
            f"{path}: {error.strerror}: name a folder that can be written"
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    click.echo(f"{counted(pages, 'page')} in {path}{replaced}")
    if not pages:
        click.echo("No page is kept: a source keeps them with keep_pages = true.", err=True)
    return 0
