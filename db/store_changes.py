"""Changes on their way into the store, within the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import rows

if TYPE_CHECKING:
    from sqlite3 import Connection, Row

    from db.model import Change

_INSERT = """
INSERT INTO change (article_id, kind, version, fingerprint, known, fields, seen_at, matched_at,
  absence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def article_row(connection: Connection, article_id: int) -> Row:
    """Return the row of an article that is there."""
    row: Row = connection.execute("SELECT * FROM article WHERE id = ?", (article_id,)).fetchone()
    return row


def in_baseline(connection: Connection, source: str) -> bool:
    """Tell whether the source's first round still goes on; one never registered has none."""
    row = connection.execute(
        "SELECT 1 FROM source WHERE name = ? AND baseline_at IS NULL", (source,)
    ).fetchone()
    return row is not None


def keep_change(
    connection: Connection, article_id: int, change: Change, *, version: int, quiet: bool
) -> None:
    """Keep what happened to an article; a `quiet` change counts as matched.

    `version` is that of the article after the change.
    """
    seen_at = rows.moment(change.seen_at)
    connection.execute(
        _INSERT,
        (
            article_id,
            change.kind,
            version,
            change.fingerprint,
            rows.known_text(change.known),
            rows.array(change.fields),
            seen_at,
            seen_at if quiet else None,
            rows.absence_text(change.absence),
        ),
    )
