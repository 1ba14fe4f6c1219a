"""`dateline demo`: the main job, from nothing, on a press room of our own."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import click

from monitor import demo, show


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help="Where feeds, mails and the store are left; a new folder for temporary files if not said.",
)
def command(keep: Path | None) -> int:
    """Show the main job on a local press room: rounds, alerts by mail and webhook, feeds.

    Nothing leaves this machine, and no config is needed.
    """
    if keep and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise click.ClickException(f"{keep} is not an empty folder; name a new one")
    return demo.run(keep or Path(mkdtemp(prefix="dateline-demo-")), show.results())
