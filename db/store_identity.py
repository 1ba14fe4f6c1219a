"""Which stored article a reading belongs to, within the transaction that the caller has open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from db import changes, moves, rows
from db.model import Precision

if TYPE_CHECKING:
    from datetime import datetime
    from sqlite3 import Connection, Row

    from db.model import Article

_RECENT = 500
_DAY = timedelta(days=1)


def by_guid(connection: Connection, article: Article) -> Row | None:
    """Find the article that has the reading's guid, as long as the source's guids are unique."""
    if article.guid is None or not _trusted(connection, article.source):
        return None
    found = connection.execute(
        "SELECT * FROM article WHERE source = ? AND guid = ? LIMIT 2",
        (article.source, article.guid),
    ).fetchall()
    if len(found) != 1:
        return None
    (row,) = found
    moved = row["url"] is not None and article.url is not None
    if moved and not changes.is_same(rows.article_of(row), article):
        return None
    return row  # type: ignore[no-any-return]


def by_evidence(connection: Connection, article: Article) -> Row | None:
    """Find the article that has the reading's very words."""
    evidence = changes.evidence(article)
    if evidence is None:
        return None
    row: Row | None = connection.execute(
        "SELECT * FROM article WHERE source = ? AND evidence = ? ORDER BY id LIMIT 1",
        (article.source, evidence),
    ).fetchone()
    return row


def by_resemblance(connection: Connection, article: Article) -> Row | None:
    """Find the article that the reading is at a new address, among the latest of its source."""
    found = connection.execute(
        "SELECT * FROM article WHERE source = ? ORDER BY first_seen DESC, id DESC LIMIT ?",
        (article.source, _RECENT),
    ).fetchall()
    place = moves.moved_from(article, (rows.article_of(row) for row in found))
    return None if place is None else found[place]


def leave(connection: Connection, article_id: int, url: str) -> None:
    """Let an article live at a new address alone: its old ones are not asked for any more."""
    connection.execute("UPDATE article SET url = ? WHERE id = ?", (url, article_id))
    connection.execute(
        "UPDATE address SET due_at = NULL WHERE article_id = ? AND url <> ?", (article_id, url)
    )


def note_clash(connection: Connection, article: Article) -> None:
    """Count it if another article has the guid of one that was just inserted."""
    if article.guid is not None:
        connection.execute(
            "UPDATE source SET guid_clashes = guid_clashes + 1 WHERE name = ?1"
            " AND (SELECT count(*) FROM article WHERE source = ?1 AND guid = ?2) > 1",
            (article.source, article.guid),
        )


def is_first_round(connection: Connection, article: Article, now: datetime) -> bool:
    """Tell whether an item belongs to its source's first round and is not to be told of.

    A source never registered has no first round. One with `first_round` tells of the items dated
    within it; a day counts up to its end.
    """
    row = connection.execute(
        "SELECT first_round FROM source WHERE name = ? AND baseline_at IS NULL", (article.source,)
    ).fetchone()
    if row is None:
        return False
    when = article.dateline.when
    if row["first_round"] is None or when is None:
        return True
    end = when + _DAY if article.dateline.precision is Precision.DAY else when
    return not now - timedelta(seconds=row["first_round"]) <= end <= now + 2 * _DAY


def _trusted(connection: Connection, source: str) -> bool:
    row = connection.execute("SELECT guid_clashes FROM source WHERE name = ?", (source,)).fetchone()
    return row is None or moves.trusts_guids(row["guid_clashes"])
