"""Items that are gone from their source, and items that are back, in a caller's transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db import changes, revisits, rows
from db.model import Absence, Change, ChangeKind
from db.store_identity import article_row
from db.store_sightings import keep_change, sightings_of

if TYPE_CHECKING:
    from datetime import datetime
    from sqlite3 import Connection, Row

_READ_AT = """
SELECT coalesce(seen_at, read_at) AS seen_at, missing_since, missing_at FROM address
WHERE article_id = ? AND read_at IS NOT NULL
"""


def farewell(connection: Connection, article_id: int, now: datetime) -> Change | None:
    """Keep that an item is gone if it is, and was not so before."""
    row = article_row(connection, article_id)
    addresses = connection.execute(_READ_AT, (article_id,)).fetchall()
    missing = [
        (rows.at(one["missing_since"]), rows.at(one["missing_at"])) if one["missing_at"] else None
        for one in addresses
    ]
    if row["first_missing"] is not None or not revisits.is_gone(missing):
        return None
    absence = Absence(
        last_seen=max(rows.at(one["seen_at"]) for one in addresses),
        first_missing=max(rows.at(one["missing_since"]) for one in addresses),
    )
    return _turn(connection, row, ChangeKind.GONE, absence, now)


def welcome_back(
    connection: Connection, row: Row, now: datetime, *, quiet: bool = False
) -> Change | None:
    """Keep that an item is back if it was gone; None if it never was.

    `row` is the article's, from before or after what else changed.
    """
    if row["first_missing"] is None:
        return None
    absence = Absence(
        last_seen=rows.at(row["last_seen"]), first_missing=rows.at(row["first_missing"])
    )
    row = article_row(connection, row["id"])
    return _turn(connection, row, ChangeKind.BACK, absence, now, quiet=quiet)


def _turn(  # noqa: PLR0913 - one change
    connection: Connection,
    row: Row,
    kind: ChangeKind,
    absence: Absence,
    now: datetime,
    *,
    quiet: bool = False,
) -> Change:
    """Keep that an item is gone or back: news wherever it is, unless `quiet`."""
    sources = () if quiet else tuple(one.source for one in sightings_of(connection, row["id"]))
    change = replace(
        changes.absent(kind, rows.known_of(row), rows.article_of(row), absence, now),
        sources=sources,
    )
    keep_change(connection, row["id"], change, version=row["edits"] + 1)
    gone = kind is ChangeKind.GONE
    connection.execute(
        "UPDATE article SET last_seen = ?, first_missing = ? WHERE id = ?",
        (
            rows.moment(absence.last_seen) if gone else None,
            rows.moment(absence.first_missing) if gone else None,
            row["id"],
        ),
    )
    return change
