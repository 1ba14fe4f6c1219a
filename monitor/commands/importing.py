"""`dateline import`: saved pages and texts, read by the rules of their site."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.errors import ExtractError
from db.store import Store
from monitor import show
from monitor.config import Config
from monitor.config_file import load
from monitor.config_values import nearest
from spiders import registry
from spiders.blocks import Page
from spiders.decoding import decoded
from spiders.extract import from_card

if TYPE_CHECKING:
    from db.model import Article, Source
    from monitor.cli import Invocation

_TAGS = re.compile(r"<(?:!doctype|html|head|body|div|article|main|section|p|h1)\b", re.IGNORECASE)
_SNIFFED = 4096


class Moment(click.ParamType[datetime]):
    """A moment with its zone, as ISO 8601 writes it."""

    name = "moment"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment; one without a zone could be any of a day's."""
        if isinstance(value, datetime):
            return value
        try:
            when = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write it like 2025-12-20T09:00Z", param, ctx)
        if when.tzinfo is None:
            self.fail(
                f"{value!r} names no zone; write it like {value}Z or {value}+03:00", param, ctx
            )
        return when.astimezone(UTC)


@click.command("import")
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
@click.option("--as", "reader", required=True, metavar="KIND", help="Whose rules read the files.")
@click.option("--seen", type=Moment(), help="When the files were saved; now if not said.")
@click.option("--url", help="The address the page was saved from, for a single file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one per item.")
@click.option("--dry-run", is_flag=True, help="Show, but store nothing.")
@click.option("--alert", is_flag=True, help="Let the watches look at what is new.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    names: tuple[str, ...],
    reader: str,
    seen: datetime | None,
    url: str | None,
    *,
    as_json: bool,
    dry_run: bool,
    alert: bool,
) -> int:
    """Read saved pages and texts, show what they hold, and store it; - reads from stdin.

    KIND is a source of the config, or one of the known sites. Files are HTML or plain text, as
    they look. Without a config, items are stored in ./var.
    """
    if url and len(names) > 1:
        raise click.UsageError("--url is the address of one file; name only that file")
    config = _config(invocation)
    source = _source(reader, config)
    now = datetime.now(UTC)
    articles: list[Article] = []
    failed = 0
    for name in names:
        try:
            articles.extend(read(_bytes(name), source, url, seen or now))
        except (OSError, ValueError, ExtractError) as error:
            failed += 1
            said = error.strerror if isinstance(error, OSError) else error
            click.echo(f"{name}: {said}", err=True)
    if not dry_run and articles:
        with Store.open(config.database) as store:
            store.record_many(((article, None) for article in articles), now, quiet=not alert)
    _print(articles, as_json=as_json)
    return 1 if failed else 0


def read(data: bytes, source: Source, url: str | None, seen: datetime) -> tuple[Article, ...]:
    """Return the article of a saved page, then the items that stood beside it.

    Raises ExtractError or ValueError if there is none.
    """
    if not data.strip():
        raise ValueError("the file is empty")
    body = decoded(data)
    page = Page(url=url, body=body, media="html" if _TAGS.search(body[:_SNIFFED]) else "text")
    reading = registry.site(source.kind).read(page, source, None, seen)
    own = (reading.article,) if reading.article else ()
    found = (*own, *(from_card(card, source) for card in reading.cards))
    if not found:
        raise ValueError(f"no item was found; is it a page that {source.kind} reads?")
    return found


def _config(invocation: Invocation) -> Config:
    """Return the config if there is one; importing needs none."""
    if invocation.chosen or invocation.config.exists():
        return load(invocation.config)
    return Config(var=Path.cwd() / "var")


def _source(reader: str, config: Config) -> Source:
    """Return the source of that name, else the first of that kind, else the kind's own."""
    for source in config.sources:
        if source.name == reader:
            return source
    for source in config.sources:
        if source.kind == reader:
            return source
    if reader not in registry.KINDS:
        known = {*registry.KINDS, *(source.name for source in config.sources)}
        raise click.BadParameter(f"nobody reads {reader!r}; {nearest(reader, known)}")
    return registry.default_source(reader)


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _print(articles: list[Article], *, as_json: bool) -> None:
    if as_json:
        for article in articles:
            show.line(show.article_object(article))
    elif articles:
        rows = (show.article_row(article) for article in articles)
        show.results().print(show.table(show.ARTICLE_COLUMNS, rows))
