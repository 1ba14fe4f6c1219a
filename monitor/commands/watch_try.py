"""`dateline watch try`: what a query would have told of, before anybody is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from db.query import parse
from db.store import Store
from feeds.wording import counted
from monitor import show
from monitor.commands.configs import for_reading
from monitor.commands.items import entry_object
from monitor.commands.queries import Asking, read_query, remark, watch_named
from monitor.config_values import nearest
from monitor.trying import is_older, latest, overlaps, span_of, tried, warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.query import Query
    from db.telling import Watch
    from monitor.cli import Invocation
    from monitor.config import Config
    from monitor.trial import Burst, Trial
    from monitor.trying import Overlap

_BAR = 40
_QUIET = 3  # weeks without an item that are shown one by one
_COLUMNS = (show.Column("id"), *show.ARTICLE_COLUMNS)


@click.command("try", cls=Asking)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=90,
    show_default=True,
    help="How far to look back.",
)
@click.option("--source", "sources", metavar="NAME", multiple=True, help="Only of this source.")
@click.option(
    "--instead-of", "other", metavar="WATCH", help="Say what is gained and lost beside this watch."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    query: tuple[str, ...],
    *,
    days: int,
    sources: tuple[str, ...],
    other: str | None,
    as_json: bool,
) -> int:
    """Try QUERY on the past: the items it would have told of, by week and by source.

    An item counts on the day it was published, if that is known, else when it was first seen.
    """
    text = " ".join(query)
    asked = read_query(text)
    config = for_reading(invocation)
    replaced = watch_named(config, other) if other else None
    _check_sources(config, sources)
    remark(text)
    if not config.database.exists():
        click.echo("No items yet. Rounds bring them: dateline run, then dateline status.", err=True)
        return 0
    with Store.open_readonly(config.database) as store:
        outcome = _Outcome(
            store, config, text, asked, days=days, sources=sources, replaced=replaced
        )
        if as_json:
            show.line(outcome.as_object())
        else:
            outcome.print()
    return 0


def _check_sources(config: Config, sources: Iterable[str]) -> None:
    known = [source.name for source in config.sources]
    for source in sources:
        if known and source not in known:
            raise click.BadParameter(f'there is no source "{source}"; {nearest(source, known)}')


class _Outcome:
    """All that the past says of a query."""

    def __init__(  # noqa: PLR0913 - what a user may say
        self,
        store: Store,
        config: Config,
        text: str,
        query: Query,
        *,
        days: int,
        sources: Sequence[str],
        replaced: Watch | None,
    ) -> None:
        self._store = store
        self._text = text
        self._days = days
        self._replaced = replaced
        now, length = datetime.now(UTC), timedelta(days=days)
        span = span_of(store, now, length)
        self._own = tried(store, query, span, sources or (replaced.sources if replaced else ()))
        self._is_more = bool(self._own.earlier) or is_older(store, now - length)
        self._sources = store.sources_of(self._own.items)
        others = (watch for watch in config.watches if watch != replaced)
        self._overlaps = overlaps(store, self._own, others)
        self._before = (
            tried(store, parse(replaced.query), span, replaced.sources) if replaced else None
        )

    def print(self) -> None:
        """Print it for people."""
        own = self._own
        click.echo(
            show.printable(
                f"{self._text}: {counted(len(own.items), 'item')} since {own.span.start:%Y-%m-%d}, "
                f"{own.often}"
            )
        )
        if own.undated:
            click.echo(f"{own.undated:,} of them undated, counted when first seen, shown last")
        if self._is_more:
            click.echo(f"What is older was left out: --days looks farther back ({self._days} now)")
        if own.items:
            self._print_spread()
            click.echo("\nThe latest:")
            self._print_items(own.items)
        if self._replaced and self._before:
            self._print_difference(self._replaced, self._before)
        if said := warning(own):
            click.echo(f"\nToo often: {said}.")

    def as_object(self) -> dict[str, Any]:
        """Return it for machines."""
        own = self._own
        told: dict[str, Any] = {
            "query": self._text,
            "since": show.moment(own.span.start),
            "until": show.moment(own.span.end),
            "items": len(own.items),
            "undated": own.undated,
            "older_left_out": self._is_more,
            "weekly": round(own.weekly, 2),
            "too_often": own.is_many,
            "weeks": [{"monday": day.isoformat(), "items": items} for day, items in own.weeks],
            "burst": _burst_object(own.burst),
            "sources": self._sources,
            "overlaps": [
                {"watch": one.watch, "shared": one.shared, "items": one.items}
                for one in self._overlaps
            ],
            "latest": self._objects(own.items),
        }
        if self._replaced and self._before:
            gained, lost = _difference(own, self._before)
            told["instead_of"] = {
                "watch": self._replaced.name,
                "query": self._replaced.query,
                "items": len(self._before.items),
                "gained": len(gained),
                "lost": len(lost),
                "latest_gained": self._objects(gained),
                "latest_lost": self._objects(lost),
            }
        return told

    def _print_spread(self) -> None:
        own = self._own
        most = max(items for _, items in own.weeks)
        click.echo("\nWeek of")
        for empty, weeks in groupby(own.weeks, lambda week: not week[1]):
            shown = list(weeks)
            if empty and len(shown) > _QUIET:
                click.echo(f"…           {'0':>5}  for {len(shown)} weeks")
                continue
            for monday, items in shown:
                bar = "█" * -(-items * min(_BAR, most) // most)
                click.echo(f"{monday.isoformat()}  {items:>6,}  {bar}".rstrip())
        if own.burst:
            click.echo(f"\nBusiest:  {_burst(own.burst)}")
        else:
            click.echo()
        shared = (f"{source} {items:,}" for source, items in self._sources.items())
        click.echo(f"Sources:  {show.printable(', '.join(shared))}")
        if self._overlaps:
            click.echo(f"Overlaps: {'; '.join(map(_overlap, self._overlaps))}")

    def _print_difference(self, replaced: Watch, before: Trial) -> None:
        gained, lost = _difference(self._own, before)
        click.echo(
            f"\nInstead of {replaced.name} ({counted(len(before.items), 'item')}): "
            f"{len(gained):,} gained, {len(lost):,} lost"
        )
        for name, items in (("Gained", gained), ("Lost", lost)):
            if items:
                click.echo(f"{name}:")
                self._print_items(items)

    def _print_items(self, items: Sequence[int]) -> None:
        found = latest(self._store, items)
        rows = ((number, *show.article_row(entry.article)) for number, entry in found)
        show.table(show.results(), _COLUMNS, rows)

    def _objects(self, items: Sequence[int]) -> list[dict[str, Any]]:
        return [entry_object(number, entry) for number, entry in latest(self._store, items)]


def _difference(own: Trial, before: Trial) -> tuple[list[int], list[int]]:
    """Return the items that only the one has and those that only the other has."""
    had, has = set(before.items), set(own.items)
    return (
        [number for number in own.items if number not in had],
        [number for number in before.items if number not in has],
    )


def _overlap(one: Overlap) -> str:
    return f"{one.watch} tells of {one.shared:,} of these ({one.items:,} in all)"


def _burst(burst: Burst) -> str:
    minutes = round((burst.last - burst.first).total_seconds() / 60)
    length = f"{minutes} min" if minutes else "a minute"
    if minutes >= 60:  # noqa: PLR2004 - minutes of an hour
        length = f"{minutes // 60} h {minutes % 60} min"
    return f"{counted(burst.items, 'item')} within {length}, from {show.minute(burst.first)} UTC"


def _burst_object(burst: Burst | None) -> dict[str, Any] | None:
    if burst is None:
        return None
    return {
        "items": burst.items,
        "first": show.moment(burst.first),
        "last": show.moment(burst.last),
    }
