"""`dateline items`: what is stored, or what of it meets a query; one item with its history."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from db.compile import to_condition
from db.diff import as_text, diff, excerpt
from db.model import TitleBasis
from db.store import Store
from feeds.wording import absence_words, counted, year_inferred
from monitor import show
from monitor.commands.configs import for_reading
from monitor.commands.queries import first_of, read_query, small_word
from monitor.config_values import near, nearest
from monitor.probe_lines import dated
from spiders.weighed import lost as losers
from spiders.weighed import why_not

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.model import Absence, Candidate, Entry, Stored, Version
    from monitor.cli import Invocation
    from monitor.config import Config

_DIGITS = 18  # of the numbers that fit into the store
_SEEN = show.Column("first seen (UTC)", rank=2)
_TITLES = (show.Column("id"), _SEEN, *show.ARTICLE_COLUMNS)
_LINKS = (*_TITLES[:-1], show.Column("link"))
_GONE = show.Column("gone since (UTC)")


class _Items(click.Group):
    """A group whose first word, where it names no command of its own, begins a query."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `items WORDS` for `items list WORDS`."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("items", cls=_Items)
def command() -> None:
    """List stored items, or show one of them with its history.

    Without a command it lists: dateline items QUERY is dateline items list QUERY, and takes its
    options: --source, --limit, --links, --json; dateline items list --help explains them.
    """


@command.command("list", short_help="List stored items, or only those that meet a query.")
@click.argument("query", nargs=-1)
@click.option("--source", metavar="NAME", help="Only items of this source.")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most."
)
@click.option("--links", is_flag=True, help="Show each item's address instead of its title.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_items(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    query: tuple[str, ...],
    source: str | None,
    limit: int,
    *,
    links: bool,
    as_json: bool,
) -> int:
    """List stored items, those first seen last on top, or only those that meet QUERY.

    QUERY is the language of the watches; quote it so that the shell leaves it alone:
    dateline items '"Tajik-Afghan border" NOT title:exercise*'
    """
    text = " ".join(query)
    condition = to_condition(read_query(text)) if text else None
    config = for_reading(invocation)
    found: Sequence[Stored[Entry]] = ()
    stored, meant = 0, None
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            found = store.search(condition, source=source, limit=limit + 1)
            stored = store.counts().articles
            if number := _as_id(text):
                meant = text if store.entry(number) else None
    found = first_of(found, limit)
    if meant:
        click.echo(f"for the item: dateline items show {meant}", err=True)
    if not found:
        said = f"{nothing(config, stored, source, text)}{_slip(query)}"
        click.echo(show.printable(said), err=True)
    elif as_json:
        for each in found:
            show.line(entry_object(each.id, each.value))
    else:
        gone = any(each.value.absence for each in found)
        columns = _LINKS if links else _TITLES
        rows = (_row(each, links=links, gone=gone) for each in found)
        show.table(show.results(), (columns[0], _GONE, *columns[1:]) if gone else columns, rows)
    return 0


def _as_id(text: str) -> int:
    """Return the number of an item that a query may mean; 0 if it means none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


def _slip(query: tuple[str, ...]) -> str:
    """Say which command may have been meant by a query that nothing meets: `shwo 1`."""
    meant = near(query[0], command.commands) if query else None
    if meant is None or not all(map(_as_id, query[1:])):
        return ""
    return f" If a command was meant: dateline items {' '.join((meant, *query[1:]))}"


def nothing(config: Config, stored: int, source: str | None, query: str) -> str:
    """Say why nothing was found. Raises BadParameter for a source that nobody knows."""
    known = [source.name for source in config.sources]
    if source is not None and known and source not in known:
        raise click.BadParameter(f'there is no source "{source}"; {nearest(source, known)}')
    if not stored:
        return "No items yet. Rounds bring them: dateline run, then dateline status."
    if not query:
        return f"No items of {source} yet."
    return f"Nothing meets this query. {small_word(query)}".rstrip()


def _row(stored: Stored[Entry], *, links: bool, gone: bool) -> tuple[object, ...]:
    """Return an item as a row; `gone` adds when it was first missing, if it is."""
    entry = stored.value
    row = show.article_row(entry.article)
    last = entry.article.url or "-" if links else row[-1]
    since = show.minute(entry.absence.first_missing) if entry.absence else ""
    missing = (since,) if gone else ()
    return (stored.id, *missing, show.minute(entry.first_seen), *row[:-1], last)


@command.command("show", short_help="Show one item: facts, text, last edit.")
@click.argument("item", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with all versions.")
@click.pass_obj
def show_item(invocation: Invocation, item: int, *, as_json: bool) -> int:
    """Show the item ID: its facts, its text, what its last edit changed."""
    entry, versions, lost = _read(invocation, item)
    if as_json:
        told = {"versions": _version_objects(versions), "candidates": _candidates(entry, lost)}
        show.line(entry_object(item, entry) | told)
        return 0
    for name, value in (*_facts(entry), ("versions", str(len(versions))), *_losers(entry, lost)):
        if value:
            click.echo(f"{name + ':':<12}{show.printable(value)}")
    click.echo()
    _echo_text(entry.article.text)
    if len(versions) > 1:
        click.echo(f"\n{_heading(versions[-1])}")
        _echo_edit(versions[-2], versions[-1])
    return 0


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what is known of an item beside its text; what is not known is empty."""
    article, dateline = entry.article, entry.article.dateline
    yield "title", article.title
    is_derived = article.title_basis is TitleBasis.DERIVED
    yield "title from", "the first sentence: the text has none of its own" if is_derived else ""
    yield "source", article.source
    yield "link", article.url or "-"
    yield "published", dated(dateline)
    yield "precision", "" if dateline.when is None else dateline.precision.value
    yield "place", dateline.place or ""
    yield "section", article.section or ""
    yield "authors", ", ".join(article.authors)
    yield "language", article.language or ""
    yield "first seen", f"{show.minute(entry.first_seen)} UTC"
    yield "changed", f"{show.minute(entry.changed_at)} UTC"
    yield "observed", absence_words(entry.absence) if entry.absence else ""


def _losers(entry: Entry, lost: tuple[Candidate, ...]) -> Iterator[tuple[str, str]]:
    for one in lost:
        yield "not taken", f"{dated(one.dateline)}: {why_not(one, entry.article.dateline)}"


@command.command("versions", short_help="Show every version of an item.")
@click.argument("item", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a version.")
@click.pass_obj
def versions_of(invocation: Invocation, item: int, *, as_json: bool) -> int:
    """Show every version of the item ID, oldest first, and word by word what each changed.

    Removed words stand in [- -], added ones in {+ +}.
    """
    _entry, versions, _lost = _read(invocation, item)
    if as_json:
        for each in _version_objects(versions):
            show.line(each)
        return 0
    for place, version in enumerate(versions):
        click.echo(_heading(version))
        if place:
            _echo_edit(versions[place - 1], version)
        else:
            click.echo(f"  title: {show.printable(version.title)}")
    return 0


@command.command("remove", short_help="Remove items that should not have been stored.")
@click.argument("items", metavar="ID...", type=int, nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove_items(invocation: Invocation, items: tuple[int, ...], *, yes: bool) -> int:
    """Remove items that should not have been stored, as by a wrong import --as.

    Each is shown first, and goes for good if you agree: with its versions, from feeds, search and
    stories. One that an alert told of stays. One that its source still shows comes again as new.
    """
    found = {item: _read(invocation, item)[0] for item in items}
    for item, entry in found.items():
        source = f"{entry.article.source}, first seen {show.minute(entry.first_seen)} UTC"
        click.echo(show.printable(f"{item}: {entry.article.title} ({source})"))
    if not yes and not sys.stdin.isatty():
        raise click.ClickException("nothing was removed: nobody can be asked here, so say --yes")
    these = "this item" if len(found) == 1 else f"these {len(found)} items"
    if not yes and not click.confirm(f"Remove {these} and all versions for good?", err=True):
        click.echo("Nothing was removed.", err=True)
        return 1
    with Store.open(for_reading(invocation).database) as store:
        kept = [item for item in found if not store.remove(item)]
    for item in kept:
        said = f"Item {item} stays: an alert told of it, and shows it (dateline alerts list)"
        click.echo(said, err=True)
    click.echo(f"Removed {counted(len(found) - len(kept), 'item')}.", err=True)
    return 1 if kept else 0


def _read(
    invocation: Invocation, item: int
) -> tuple[Entry, tuple[Version, ...], tuple[Candidate, ...]]:
    config = for_reading(invocation)
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            entry = store.entry(item)
            if entry:
                # Better rules may have taken one since.
                found = store.lost_dates(item)
                return entry, store.versions(item), losers(found, entry.article.dateline)
    raise click.ClickException(f"there is no item {item}; dateline items list shows the ids")


def _heading(version: Version) -> str:
    fields = f": {', '.join(version.fields)}" if version.fields else ""
    when = show.minute(version.seen_at)
    return f"version {version.number}, {version.kind.value} {when} UTC{fields}"


def _echo_edit(before: Version, after: Version) -> None:
    """Say what an edit changed of the title, the text and the date."""
    if before.title != after.title:
        click.echo(f"  title: {show.printable(as_text(diff(before.title, after.title)))}")
    if before.dateline.when != after.dateline.when:
        old, new = show.dateline_cell(before.dateline), show.dateline_cell(after.dateline)
        click.echo(f"  published: [-{old}-] {{+{new}+}}")
    if before.text != after.text:
        told = as_text(excerpt(diff(before.text, after.text)))
        click.echo(f"  text: {show.printable(' '.join(told.split()))}")


def _echo_text(text: str) -> None:
    for line in text.splitlines():
        click.echo(show.printable(line) if line else "")


def entry_object(item: int, entry: Entry) -> dict[str, Any]:
    """Return a stored article as a JSON object."""
    return {
        "id": item,
        "feed_id": entry.feed_id,
        **show.item_object(entry.article),
        "first_seen": show.moment(entry.first_seen),
        "changed_at": show.moment(entry.changed_at),
        "edits": entry.edits,
        "absence": _absence(entry.absence),
    }


def _candidates(entry: Entry, lost: tuple[Candidate, ...]) -> list[dict[str, Any]]:
    """Return the dates that were weighed and not taken as JSON objects."""
    chosen = entry.article.dateline
    return [
        {
            **show.dateline_object(one.dateline),
            "year_inferred": year_inferred(one.dateline),
            "rejected": why_not(one, chosen),
        }
        for one in lost
    ]


def _absence(absence: Absence | None) -> dict[str, str | None] | None:
    if absence is None:
        return None
    return {
        "last_seen": show.moment(absence.last_seen),
        "first_missing": show.moment(absence.first_missing),
    }


def _version_objects(versions: tuple[Version, ...]) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = []
    before: Version | None = None
    for version in versions:
        edit = diff(before.text, version.text) if before else ()
        objects.append(
            {
                "number": version.number,
                "kind": version.kind.value,
                "seen_at": show.moment(version.seen_at),
                "fields": list(version.fields),
                "title": version.title,
                "text": version.text,
                "dateline": show.dateline_object(version.dateline),
                "diff": [{"mark": piece.mark.value, "text": piece.text} for piece in edit],
            }
        )
        before = version
    return objects
