"""`dateline demo`: the main job, from nothing, on a press room of our own."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from shutil import which
from tempfile import mkdtemp

import click

from monitor import demo, show


@click.command("demo")
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where feeds, mails and the store are left: a new folder; a temporary one if not said.",
)
def command(keep: Path | None) -> int:
    """Show the main job on a local press room: rounds, alerts by mail and webhook, feeds.

    Nothing leaves this machine, and no config is needed.
    """
    if keep and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise click.ClickException(f"{keep} is not an empty folder; name a new one")
    folder = keep or Path(mkdtemp(prefix="dateline-demo-"))
    return demo.run(folder, show.results(), program=_program(Path(sys.argv[0])))


def _program(called: Path) -> str:
    """Return what to type for the program that runs now, wherever one stands.

    After `make demo` it is not on the PATH.

    >>> _program(Path("/a clone/.venv/bin/dateline"))
    "'/a clone/.venv/bin/dateline'"
    >>> _program(Path("/nowhere/monitor/cli.py"))
    'dateline'
    """
    found = which("dateline")
    if called.name != "dateline" or (found and Path(found).resolve() == called.resolve()):
        return "dateline"
    return shlex.quote(str(called.absolute()))
