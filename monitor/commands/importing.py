"""`dateline import`: saved pages and texts, read by the rules of their site."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from db.errors import ExtractError
from db.model import ChangeKind, Precision, TitleBasis
from db.store import Store
from monitor import show
from monitor.commands.configs import is_there, without_config
from monitor.config_file import load
from monitor.config_values import nearest, web_address
from monitor.placing import placed
from spiders import registry
from spiders.files import lacks_address, saved_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Article, Change
    from db.visiting import Source
    from monitor.cli import Invocation
    from monitor.config import Config
    from spiders.files import Item

_DATE = re.compile(r"[\d\s.,:/-]+")
_WHOSE: Final = (
    f"Whose rules read the files: {', '.join(registry.READERS)}, or a source of the config"
)
_A_LIST = "this looks like a list; is it one? Its items are read if --url says where it was saved."
_SKEW = timedelta(minutes=5)  # between this clock and that of whoever saved the page


class Moment(click.ParamType[datetime]):
    """A moment with its zone, as ISO 8601 writes it, or the day it began with in UTC."""

    name = "moment"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment; one without a zone could be any of a day's."""
        if isinstance(value, datetime):
            return value
        try:
            when = _moment(value)
        except ValueError:
            self.fail(f'"{value}" is no moment; write it like 2025-12-20T09:00Z', param, ctx)
        if when.tzinfo is None:
            plain = when.isoformat(timespec="minutes")
            self.fail(
                f'"{value}" names no zone; write it like {plain}Z or {plain}+03:00', param, ctx
            )
        if when > datetime.now(UTC) + _SKEW:
            self.fail(f'"{value}" is in the future; say when the files were saved', param, ctx)
        return when.astimezone(UTC)


class WebAddress(click.ParamType[str]):
    """An http or https address."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address."""
        try:
            return web_address(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _moment(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return datetime.fromisoformat(text)


@click.command("import")
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--as",
    "reader",
    metavar="KIND",
    help=f"{_WHOSE}.",
)
@click.option(
    "--seen",
    type=Moment(),
    metavar="TIME",
    help="When the files were saved, like 2025-12-20T09:00Z or 2025-12-20; now if not said.",
)
@click.option(
    "--url",
    type=WebAddress(),
    metavar="URL",
    help="The address the page was saved from, for a single file.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one per item.")
@click.option("--dry-run", is_flag=True, help="Show, but store nothing.")
@click.option("--alert", is_flag=True, help="Let the watches look at what is new.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    names: tuple[str, ...],
    reader: str | None,
    seen: datetime | None,
    url: str | None,
    *,
    as_json: bool,
    dry_run: bool,
    alert: bool,
) -> int:
    """Read saved pages and texts, show what they hold, and store it; - reads from stdin.

    Files are HTML or plain text, as they look. Without a config, items are stored in ./var.
    dateline items remove ID takes back what was read by the wrong rules.
    """
    if reader is None:
        raise click.UsageError(f"--as KIND is missing. {_WHOSE}")
    if url and len(names) > 1:
        raise click.UsageError("--url is the address of one file; name only that file")
    config = _config(invocation)
    source = _source(reader, config)
    now = datetime.now(UTC)
    files = [_read(name, reader, source, url, seen or now) for name in names]
    taken = _Taken(files)
    if not dry_run and taken.items:
        taken.store(config, now, alert=alert)
    taken.print(as_json=as_json)
    if dry_run:
        click.echo("Dry run: nothing stored.", err=True)
    elif taken.items:
        taken.conclude(config, alert=alert)
        if seen is not None:
            said = f'Dates such as "today" were read as of {show.minute(seen)} UTC'
            click.echo(f"{said}; first seen is now: {show.minute(now)} UTC.", err=True)
    return 0 if all(file.items for file in files) else 1


def _read(name: str, reader: str, source: Source, url: str | None, seen: datetime) -> _File:
    """Return what a file holds, read as `--as` says; say so if that is nothing."""
    rules = registry.reader(source)
    try:
        data = _bytes(name)
        items = saved_items(data, url, rules, source, seen)
    except (OSError, ValueError, ExtractError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        click.echo(show.printable(f"{name}: {said}"), err=True)
        return _File(name, ())
    found = doubts([item.article for item in items])
    if found and url is None and lacks_address(data, rules, source, seen):
        return _File(name, items, (_A_LIST,))
    return _File(name, items, tuple(f"{doubt}: is --as {reader} right?" for doubt in found))


class _File(NamedTuple):
    """A file, what it holds, and what looks wrong about that."""

    name: str
    items: tuple[Item, ...]
    doubts: tuple[str, ...] = ()


class _Taken:
    """What the files held, and what became of it: the id and the change of each item."""

    def __init__(self, files: Sequence[_File]) -> None:
        self._files = files
        self.items: Final = [item for file in files for item in file.items]
        self._ids: list[int | None] = [None] * len(self.items)
        self._seen: list[str | None] = [None] * len(self.items)
        self._changes: tuple[Change | None, ...] = ()
        self._waiting = 0

    def store(self, config: Config, now: datetime, *, alert: bool) -> None:
        """Store all of it."""
        readings = ((item.article, None) for item in self.items)
        lost = (item.lost for item in self.items)
        with Store.open(config.database) as store:
            before = store.counts().unmatched
            self._changes = store.record_many(readings, now, quiet=not alert, lost=lost)
            placed(store, now)
            self._waiting = store.counts().unmatched - before
            found = (store.stored(item.article) for item in self.items)
            self._ids = [one.id if one else None for one in found]
            self._seen = [_first_seen(store, number) for number in self._ids]

    def print(self, *, as_json: bool) -> None:
        """Print the items, with their ids if they were stored, and what looks wrong."""
        articles = [item.article for item in self.items]
        if as_json:
            for number, article, seen in zip(self._ids, articles, self._seen, strict=True):
                stored = {"id": number, "first_seen": seen} if self._changes else {}
                show.line(show.item_object(article) | stored)
        elif articles and self._changes:
            pairs = zip(self._ids, articles, strict=True)
            rows = ((number or "-", *show.article_row(article)) for number, article in pairs)
            show.table(show.results(), (show.Column("id"), *show.ARTICLE_COLUMNS), rows)
        elif articles:
            show.table(show.results(), show.ARTICLE_COLUMNS, map(show.article_row, articles))
        self._print_doubts()

    def _print_doubts(self) -> None:
        begin = 0
        for name, items, found in self._files:
            end = begin + len(items)
            new = [str(number) for number in self._new(begin, end)]
            back = f" If not, take it back: dateline items remove {' '.join(new)}" if new else ""
            for doubt in found:
                click.echo(show.printable(f"{name}: {doubt}{back}"), err=True)
            begin = end

    def _new(self, begin: int = 0, end: int | None = None) -> list[int]:
        """Return the ids of the items that are new, of all or of a file."""
        pairs = list(zip(self._ids, self._changes, strict=False))[begin:end]
        return [
            number
            for number, change in pairs
            if number is not None and change is not None and change.kind is ChangeKind.NEW
        ]

    def conclude(self, config: Config, *, alert: bool) -> None:
        """Say what was new, and what becomes of --alert."""
        kinds = [change.kind if change else None for change in self._changes]
        new, known = kinds.count(ChangeKind.NEW), kinds.count(None)
        updated = len(kinds) - new - known
        more = f", {updated} updated" if updated else ""
        click.echo(f"Stored {new} new, {known} already known{more}.", err=True)
        if alert:
            click.echo(self._outlook(config), err=True)

    def _outlook(self, config: Config) -> str:
        if not any(self._changes):
            return "--alert has no effect: nothing is new."
        if not any(watch.channels for watch in config.watches):
            return "--alert has no effect: no watch of a config names a channel."
        if self._waiting:
            return "The next dateline run lets the watches look."
        again = " ".join(map(str, self._new()))
        return (
            "--alert has no effect before the first round of the source is over: these items count "
            "as known from before it, and no watch tells of them. To be told all the same, do the "
            f"round (dateline run), then dateline items remove {again} and import them again."
        )


def _first_seen(store: Store, number: int | None) -> str | None:
    entry = None if number is None else store.entry(number)
    return show.moment(entry.first_seen) if entry else None


def doubts(found: Sequence[Article]) -> tuple[str, ...]:
    """Return what makes a reading look like that of another site's page."""
    first = found[0]
    if _DATE.fullmatch(first.title):
        return ("the title looks like a date",)
    bare = first.dateline.precision is Precision.NONE and not first.section
    if bare and len(found) == 1 and first.title_basis is not TitleBasis.LISTING:
        return ("neither date nor section was found",)
    return ()


def _config(invocation: Invocation) -> Config:
    """Return the config if there is one, with or without sources; importing needs neither."""
    if is_there(invocation):
        return load(invocation.config, secrets=False, sourceless=True)
    return without_config()


def _source(reader: str, config: Config) -> Source:
    """Return the source of that name, else the first of that kind, else the kind's own."""
    for source in config.sources:
        if source.name == reader:
            return source
    for source in config.sources:
        if source.kind == reader:
            return source
    if reader not in registry.READERS:
        known = {*registry.READERS, *(source.name for source in config.sources)}
        raise click.BadParameter(f'nobody reads "{reader}"; {nearest(reader, known)}')
    return registry.default_source(reader)


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
