"""Queries and watches as they are named on a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from db.errors import QueryError
from db.query import parse
from monitor.config_values import nearest

if TYPE_CHECKING:
    from db.query import Query
    from db.telling import Watch
    from monitor.config import Config


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
