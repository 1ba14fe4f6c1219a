"""`dateline probe`: what a page is, and what would be taken of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor import offers, probe_lines, saved, show
from monitor.commands.configs import is_there
from monitor.commands.importing import Moment
from monitor.config import FetchSettings
from monitor.config_file import load
from monitor.probing import probe, source_name, web_address
from monitor.saved import LIST
from spiders import registry
from spiders.weighed import is_taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.cli import Invocation
    from monitor.saved import Read


@click.command("probe")
@click.argument("target", metavar="URL|FILE", required=False)
@click.option(
    "--as",
    "kind",
    metavar="KIND",
    help="Whose rules read a saved page; by its address if not said.",
)
@click.option("--url", help="The address a saved page came from.")
@click.option(
    "--from",
    "listed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    metavar="LIST",
    help="Read many saved pages: URL, a tab, FILE on each line.",
)
@click.option("--seen", type=Moment(), help="When the pages were saved; now if not said.")
@click.option(
    "--samples",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="How many articles of URL to read.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the pages of URL there, with a list for --from.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    *,
    target: str | None,
    kind: str | None,
    url: str | None,
    listed: Path | None,
    seen: datetime | None,
    samples: int,
    save: Path | None,
    as_json: bool,
) -> int:
    """Show what could be watched at an address, or what a saved page would give.

    URL is visited as politely as a source, and what it offers is tried: feeds, lists, sitemaps,
    and the first articles of the best of them. FILE is a saved page or text: every field, every
    date and why it was chosen or not; with --from, many are read in one process.
    """
    if (target is None) is (listed is None):
        raise click.UsageError("name an address, a saved page, or a list of them with --from")
    address = _address(target)
    if address:
        return _visit(invocation, address, samples, save, as_json=as_json)
    if kind and kind not in registry.READERS:
        raise click.BadParameter(
            f'no rules are called "{kind}"; known: {", ".join(registry.READERS)}'
        )
    pages = _listed(listed) if listed else iter([(url, Path(target or ""))])
    failed = 0
    for given, path in pages:
        rules = kind or registry.kind_of(given or "")
        read = _read(path, given, rules, seen or datetime.now(UTC))
        failed += read.article is None and not read.cards
        if as_json:
            show.line(_object(read, rules, given, path))
        else:
            _print(read, rules, path)
    return 1 if failed else 0


def _address(target: str | None) -> str | None:
    """Return the address to visit, None for a file; a file that is there is one."""
    if target is None or ("://" not in target and Path(target).exists()):
        return None
    try:
        return web_address(target)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _visit(
    invocation: Invocation, url: str, samples: int, save: Path | None, *, as_json: bool
) -> int:
    """Probe a live address by the manners of the config, if there is one."""
    known: tuple[str, ...] = ()
    fetch, agent = FetchSettings(), "Dateline"
    if is_there(invocation):
        config = load(invocation.config, secrets=False, sourceless=True)
        fetch, agent = config.fetch, config.user_agent
        known = tuple(source.name for source in config.sources)
    found = probe(url, fetch, agent, samples=samples, save=save)
    if as_json:
        show.line(found)
    else:
        for told in offers.lines(found, source_name(url, known)):
            click.echo(show.printable(told))
        if save:
            click.echo(f"pages kept: dateline probe --from {save / LIST}", err=True)
    return 0 if found["offers"] else 1


def _listed(path: Path) -> Iterator[tuple[str | None, Path]]:
    """Yield address and file of each line; relative files are beside the list."""
    lines = sys.stdin.buffer if str(path) == "-" else path.read_bytes().splitlines()
    for line in lines:
        try:
            address, _, name = line.decode().rstrip("\r\n").rpartition("\t")
        except UnicodeDecodeError:
            raise click.UsageError(
                f"{path} is not UTF-8; write URL, a tab and FILE on each line"
            ) from None
        if name:
            yield address or None, path.parent / name


def _read(path: Path, url: str | None, kind: str, seen: datetime) -> Read:
    source = saved.source_for(kind, url)
    try:
        data = path.read_bytes()
    except OSError as error:
        return saved.Read(
            article=None, cards=(), candidates=(), problem=error.strerror or str(error), seconds=0
        )
    return saved.read(data, url, source, seen)


def _object(read: Read, kind: str, url: str | None, path: Path) -> dict[str, Any]:
    article = read.article
    return {
        **(show.item_object(article) if article else {"url": url, "tags": [], "attachments": []}),
        "file": str(path),
        "kind": kind,
        "candidates": [
            {
                **show.dateline_object(one.dateline),
                "rejected": one.rejected,
                "taken": article is not None and is_taken(one, article.dateline),
            }
            for one in read.candidates
        ],
        "is_list": read.is_list,
        "cards": [show.card_object(card) for card in read.cards],
        "beside": 0 if read.is_list else len(read.cards),
        "problem": read.problem,
        "ms": round(read.seconds * 1000, 2),
    }


def _print(read: Read, kind: str, path: Path) -> None:
    for told in probe_lines.lines(read, kind, str(path)):
        show.results().print(show.printable(told), soft_wrap=True)
