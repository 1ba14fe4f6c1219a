"""`dateline watch match`: which lines of a file meet which queries. Stores nothing."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor import show
from monitor.commands.configs import for_reading
from monitor.commands.queries import Asking, read_query
from monitor.match_lines import Unread, match_lines

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from db.query import Query
    from monitor.cli import Invocation
    from monitor.match_lines import Line


@click.command("match", cls=Asking)
@click.argument("queries", metavar="QUERY...", nargs=-1)
@click.option(
    "--from",
    "name",
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="A text, in UTF-8; each of its lines is looked at by itself.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each line of the file.")
@click.pass_obj
def command(invocation: Invocation, queries: tuple[str, ...], name: str, *, as_json: bool) -> int:
    """Say for each line of FILE which queries it meets, and on which words; - reads from stdin.

    Without a QUERY those of the config's watches are taken. A line is held to be an article's
    text with nothing else known of it: no title, source or date. Stores nothing. A line that is
    no UTF-8 is told with its number; the others are read all the same, and the exit code is 2.
    """
    asked = _asked(invocation, queries)
    unread = met = 0
    with _opened(name) as file:
        for line in match_lines(asked, file):
            if isinstance(line, Unread):
                unread += 1
                click.echo(show.printable(f"{name}: line {line.number}: not UTF-8"), err=True)
                continue
            met += bool(line.meetings)
            if as_json:
                show.line(_object(line))
            else:
                _print(line)
    if not met and not as_json:
        click.echo("No line meets any of it.", err=True)
    return 2 if unread else 0


def _asked(invocation: Invocation, queries: tuple[str, ...]) -> dict[str, Query]:
    if queries:
        return {text: read_query(text) for text in queries}
    watches = for_reading(invocation).watches
    if not watches:
        raise click.UsageError("name a QUERY: the config has no watch")
    return {watch.name: read_query(watch.query) for watch in watches}


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")


def _object(line: Line) -> dict[str, Any]:
    return {
        "line": line.number,
        "text": line.text,
        "matches": [
            {
                "query": met.query,
                "words": [line.text[start:end] for start, end in met.places],
                "places": [list(place) for place in met.places],
            }
            for met in line.meetings
        ],
    }


def _print(line: Line) -> None:
    for met in line.meetings:
        told = show.marked(line.text, met.places)
        click.echo(show.printable(f"{line.number}  {met.query}  {told}"))
