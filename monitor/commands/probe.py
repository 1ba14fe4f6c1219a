"""`dateline probe`: what a page is, and what would be taken of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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

    from db.visiting import Source
    from monitor.cli import Invocation
    from monitor.saved import Read


@click.command("probe")
@click.argument("target", metavar="URL|FILE", required=False)
@click.option(
    "--as",
    "kind",
    metavar="KIND",
    help="Whose rules read a saved page: a kind, or a source of the config; by its address if not "
    "said. With --url, the page is read as a list of that kind if it is one.",
)
@click.option("--url", help="The address a saved page came from.")
@click.option(
    "--from",
    "listed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    metavar="LIST",
    help="Read many saved pages: URL, a tab, FILE on each line; of a list a tab and its KIND, too.",
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
    named = _named(invocation, kind) if kind else None
    is_told = named is not None and url is not None and (not named.urls or url in named.urls)
    given = _listed(listed) if listed else iter([_Saved(url, Path(target or ""), is_list=is_told)])
    failed = 0
    for page in given:
        source = named or saved.source_for(page.kind or registry.kind_of(page.url or ""), page.url)
        read = _read(page, source, seen or datetime.now(UTC))
        failed += read.article is None and not read.cards
        rules = registry.reader(source).kind
        if as_json:
            show.line(_object(read, rules, page.url, page.path))
        else:
            _print(read, rules if source.name == rules else f"{source.name}, {rules}", page.path)
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


class _Saved(NamedTuple):
    """A saved page: where it stood, its file, and whether it is said to be a list, of what kind."""

    url: str | None
    path: Path
    kind: str = ""
    is_list: bool = False


def _named(invocation: Invocation, name: str) -> Source:
    """Return the source of that name, else a kind's own."""
    config = (
        load(invocation.config, secrets=False, sourceless=True) if is_there(invocation) else None
    )
    sources = {source.name: source for source in config.sources} if config else {}
    if name in sources:
        return sources[name]
    if name not in registry.READERS:
        known = ", ".join((*registry.READERS, *sources))
        raise click.BadParameter(f'no rules are called "{name}"; known: {known}')
    return registry.default_source(name)


def _listed(path: Path) -> Iterator[_Saved]:
    """Yield the page of each line; relative files are beside the list."""
    lines = sys.stdin.buffer if str(path) == "-" else path.read_bytes().splitlines()
    for line in lines:
        try:
            told = line.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise click.UsageError(
                f"{path} is not UTF-8; write URL, a tab and FILE on each line"
            ) from None
        before, _, last = told.rpartition("\t")
        kind = last if "\t" in before and last in registry.READERS else ""
        address, _, name = (before if kind else told).rpartition("\t")
        if name:
            yield _Saved(address or None, path.parent / name, kind, is_list=bool(kind))


def _read(page: _Saved, source: Source, seen: datetime) -> Read:
    try:
        data = page.path.read_bytes()
    except OSError as error:
        return saved.Read(
            article=None, cards=(), candidates=(), problem=error.strerror or str(error), seconds=0
        )
    return saved.read(data, page.url, source, seen, told=page.is_list)


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
