"""Queries and watches as they are named on a command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import click

from db.errors import QueryError
from db.query import parse
from monitor.config_values import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.query import Query
    from db.telling import Watch
    from monitor.config import Config

T = TypeVar("T")

_LEAST = len("-ab")
_SMALL = re.compile(r"\b(?:or|and|not)\b")
_AS_WRITTEN = re.compile(r'"[^"]*"|(?<![^\s(:])/(?:\\.|[^/\\])*/')


class Asking(click.Command):
    """A command that takes a query: a minus before a word of it is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Say what to write instead, where a word that is to be left out has a minus."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            for word in given:
                bare = word.startswith(error.option_name) and not word.startswith("--")
                if bare and len(word) >= _LEAST:
                    said = f"to leave a word out write NOT before it: NOT {word[1:]}, not {word}"
                    raise click.UsageError(said, ctx) from None
            raise


def small_word(query: str) -> str:
    """Say that a small "or", "and" or "not" is sought as a word; empty if there is none.

    >>> small_word("drill or exercise")
    '"or" is a word like others; write OR.'
    >>> small_word('"this or that" /and (not)/')
    ''
    """
    small = _SMALL.search(_AS_WRITTEN.sub("", query))
    return f'"{small[0]}" is a word like others; write {small[0].upper()}.' if small else ""


def remark(query: str, where: str = "") -> None:
    """Print to stderr what `small_word` says of a query, if it says anything."""
    if said := small_word(query):
        click.echo(f"{where}{said}", err=True)


def first_of(found: Sequence[T], limit: int) -> Sequence[T]:
    """Return the first ones of what was found; if that leaves any out, say so and how to see more.

    Whoever asks for one more than the limit knows.
    """
    if len(found) > limit:
        are = "is" if limit == 1 else "are"
        click.echo(f"Only {limit:,} {are} listed: --limit {10 * limit} lists more.", err=True)
    return found[:limit]


def read_query(text: str) -> Query:
    """Read a query. Raises UsageError with what is wrong and where, and the query below it."""
    try:
        return parse(text)
    except QueryError as error:
        raise click.UsageError(f"{error}: {text}") from None


def watch_named(config: Config, name: str) -> Watch:
    """Return a watch of the config. Raises BadParameter with the nearest name."""
    for watch in config.watches:
        if watch.name == name:
            return watch
    known = [watch.name for watch in config.watches]
    raise click.BadParameter(f'there is no watch "{name}"; {nearest(name, known)}')
