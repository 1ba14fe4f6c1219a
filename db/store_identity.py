"""Which stored article a reading belongs to, within the transaction that the caller has open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import changes, moves, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection, Row

    from db.model import Article

_RECENT = 500

_HAS = """
EXISTS (SELECT 1 FROM article_source s WHERE s.article_id = article.id AND s.source = ?)
"""

_LATEST = f"""
SELECT a.id, a.title, substr(a.text, 1, {moves.HEAD}) FROM article_source s
JOIN article a ON a.id = s.article_id
WHERE s.source = ? ORDER BY s.first_seen DESC, a.id DESC LIMIT ?
"""  # noqa: S608 - our own words


def article_row(connection: Connection, article_id: int) -> Row:
    """Return the row of an article that is there."""
    row: Row = connection.execute("SELECT * FROM article WHERE id = ?", (article_id,)).fetchone()
    return row


def sharing_guid(connection: Connection, article: Article) -> list[int]:
    """Return the ids of articles of the reading's source that have its guid, two at most."""
    if article.guid is None:
        return []
    found = connection.execute(
        f"SELECT id FROM article WHERE guid = ? AND {_HAS} LIMIT 2",  # noqa: S608 - our own words
        (article.guid, article.source),
    )
    return [article_id for (article_id,) in found]


def standing_at(connection: Connection, addresses: Iterable[Row | None]) -> Row | None:
    """Find the article that stands at one of the addresses."""
    for address in addresses:
        if address is not None and address["article_id"] is not None:
            return article_row(connection, address["article_id"])
    return None


def is_anothers(connection: Connection, address: Row, article_id: int, article: Article) -> bool:
    """Tell whether an address that led to an article is the own one of another that is stored.

    If both have the same words, the other has moved there, and its address with it.
    """
    if address["article_id"] in (None, article_id):
        return False
    other = article_row(connection, address["article_id"])
    own = other["url"] == address["url"]
    return own and not changes.is_same(rows.article_of(other), article)


def resembling(
    connection: Connection,
    article: Article,
    source: Row | None,
    sharing: Sequence[int],
    *,
    renamed: bool,
) -> Row | None:
    """Find the article that a reading at an unknown address belongs to."""
    trusted = source is None or moves.trusts_guids(source["guid_clashes"])
    found = _by_guid(connection, sharing, article) if trusted else None
    found = found or _by_evidence(connection, article)
    return found or (_by_resemblance(connection, article) if renamed else None)


def leave(connection: Connection, article_id: int, url: str) -> None:
    """Let an article live at a new address alone: its old ones are not asked for any more."""
    connection.execute("UPDATE article SET url = ? WHERE id = ?", (url, article_id))
    connection.execute(
        "UPDATE address SET due_at = NULL WHERE article_id = ? AND url <> ?", (article_id, url)
    )


def note_clash(connection: Connection, source: str) -> None:
    """Count that a new article of a source has the guid of another one."""
    connection.execute(
        "UPDATE source SET guid_clashes = guid_clashes + 1 WHERE name = ?", (source,)
    )


def _by_guid(connection: Connection, sharing: Sequence[int], article: Article) -> Row | None:
    """Choose the article that has the reading's guid, of those that `sharing_guid` found."""
    if len(sharing) != 1:
        return None
    row = article_row(connection, sharing[0])
    moved = row["url"] is not None and article.url is not None
    if moved and not changes.is_same(rows.article_of(row), article):
        return None
    return row


def _by_evidence(connection: Connection, article: Article) -> Row | None:
    """Find the article that has the reading's very words."""
    evidence = changes.evidence(article)
    if evidence is None:
        return None
    found = connection.execute(
        f"SELECT id FROM article WHERE evidence = ? AND {_HAS} ORDER BY id LIMIT 1",  # noqa: S608 - our own words
        (evidence, article.source),
    ).fetchone()
    return None if found is None else article_row(connection, found["id"])


def _by_resemblance(connection: Connection, article: Article) -> Row | None:
    """Find the article that the reading is at a new address, among the latest of its source."""
    latest = connection.execute(_LATEST, (article.source, _RECENT)).fetchall()
    alike = moves.worth_reading(article, ((title, head) for _, title, head in latest))
    found = [article_row(connection, latest[place]["id"]) for place in alike]
    place = moves.moved_from(article, map(rows.article_of, found))
    return None if place is None else found[place]
