"""The command `dateline`: its options, how it logs, and what its errors and exit codes are.

Exit codes: 0 fine, 1 some work failed, 2 usage or config. Results go to stdout, everything else
to stderr. A command's module is imported when the command is called, so `--help` stays quick.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import NoArgsIsHelpError

from db.errors import ConfigError, DatelineError
from monitor import log
from monitor.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMANDS = {
    "init": "Write a commented config to start from.",
    "check": "Tell every mistake in the config.",
    "run": "Do one round: visit what is due, tell, publish. Fit for cron.",
    "serve": "Stay: rounds as they fall due, deliveries, the feeds over HTTP.",
    "probe": "Look at an address or a saved page: what could be watched and taken.",
    "import": "Read saved pages and texts, show what they hold, store it.",
    "items": "List stored items, or those that meet a query, the last seen on top.",
    "search": "Find stored items by a query, with the words it met.",
    "watch": "Try a query on the past, save it as a watch, see what a watch is.",
    "stories": "Show which items tell the same story, and why; or judge a file.",
    "status": "Say how each source is, and what to do about those that fail.",
    "sources": "List what is watched, add a site, tell all about one source.",
    "reparse": "Read kept pages by today's rules; show, then correct.",
    "export": "Write kept pages as a web archive.",
    "alerts": "List alerts and what became of them; show one, send one again.",
    "notices": "List what was told of the sources' health; send it again.",
    "channels": "Send a test message through a channel.",
    "demo": "Show the main job on a local press room.",
}
_FILES = {"import": "importing"}  # the others' files are called like the commands
_FILE = "dateline.toml"


@dataclass(frozen=True, slots=True)
class Invocation:
    """What was said before the command. `chosen` tells whether the config was named by the user."""

    config: Path
    chosen: bool


class Commands(click.Group):
    """Knows its commands by name, and their code only once one is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"monitor.commands.{_FILES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is told together with the known ones."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from monitor.config_values import near  # noqa: PLC0415 - for a mistake only

            close = near(args[0], COMMANDS)
            guess = f'did you mean "{close}"? ' if close else ""
            ctx.fail(f'there is no command "{args[0]}"; {guess}known: {", ".join(COMMANDS)}')
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "chosen",
    type=click.Path(path_type=Path),
    metavar="PATH",
    envvar="DATELINE_CONFIG",
    show_envvar=True,
    help="The config file; else ./dateline.toml, then ~/.config/dateline/dateline.toml.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log what is done, to stderr.")
@click.version_option(version("dateline"), prog_name="dateline")
@click.pass_context
def cli(ctx: click.Context, chosen: Path | None, *, verbose: bool) -> None:
    """Watch the news sections you name, and be told what is new."""
    log.start(logging.INFO if verbose else logging.WARNING)
    ctx.obj = Invocation(chosen or default_config(os.environ), chosen is not None)


def default_config(environ: Mapping[str, str]) -> Path:
    """Return the config that is meant when none is named: here, else the user's own."""
    here = Path(_FILE)
    home = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "dateline" / _FILE
    return home if home.exists() and not here.exists() else here


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code; a user's mistake is no traceback."""
    try:
        code = cli.main(arguments, prog_name="dateline", standalone_mode=False)
        sys.stdout.flush()
    except (click.ClickException, click.Abort, DatelineError, OSError) as error:
        return _complain(error)
    return code if isinstance(code, int) else 0


def _complain(error: Exception) -> int:
    """Say what went wrong on stderr and return the exit code for it."""
    match error:
        case NoArgsIsHelpError():  # the help of a group that was called without a command
            click.echo(error.format_message(), err=True)
            return error.exit_code
        case click.ClickException():
            click.echo(_said(error), err=True)
            return error.exit_code
        case ConfigError():
            for mistake in error.mistakes:
                click.echo(printable(mistake), err=True)
            return 2
        case click.Abort():
            return 130
        case OSError():
            return _complain_of_system(error)
    click.echo(printable(f"dateline: {error}"), err=True)
    return 1


def _said(error: click.ClickException) -> str:
    """Return what click says, with the message on one line: it may repeat what was typed."""
    said = io.StringIO()
    error.show(said)
    message = error.format_message()
    told = said.getvalue().rstrip("\n").replace(message.rstrip("\n"), printable(message).rstrip())
    return "\n".join(map(printable, told.split("\n")))


def _complain_of_system(error: OSError) -> int:
    """Say what the system refused: a folder that is read-only, a disk that is full."""
    if error.errno == errno.EPIPE:
        return 1  # whoever read our output has seen enough
    where = error.filename or "the output"
    said = f"{where}: {os.strerror(error.errno or 0)}"
    if error.errno != errno.ENOENT:
        said += "; make room, or choose a place that can be written"
    click.echo(printable(f"dateline: {said}"), err=True)
    return 1


def main() -> None:
    """Be the installed command."""
    code = run()
    try:
        sys.stdout.flush()
    except OSError:  # already told; Python would tell it again on its way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
