"""Sightings: which source has which article, and which of them are no news there.

What a list shows when a source reads it for the first time is its baseline: recorded, not told.
Lists have their baselines one by one, so that one that failed, or was added later, cannot make
old items news, nor one source's baseline silence another source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db import rows
from db.connection import Part
from db.model import Change, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

_INSERT_CHANGE = """
INSERT INTO change (article_id, kind, version, fingerprint, known, fields, seen_at, sources, again,
  matched_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_UNSIGHTED = """
SELECT * FROM article WHERE id IN (
  SELECT article_id FROM address WHERE url IN (SELECT value FROM json_each(?1)))
AND NOT EXISTS (SELECT 1 FROM article_source WHERE source = ?2 AND article_id = article.id)
ORDER BY id
"""

_KEEP_OLD = """
INSERT INTO old_address (source, url) SELECT ?2, value FROM json_each(?1)
WHERE value NOT IN (SELECT url FROM address WHERE article_id IS NOT NULL)
ON CONFLICT DO NOTHING
"""


class Sighting(NamedTuple):
    """A source has an article; `quiet` if it stood in the source's baseline."""

    source: str
    quiet: bool


class Sightings(Part):
    """The part of the store that knows what is new to whom."""

    def open_lists(self, source: str, urls: Sequence[str]) -> frozenset[tuple[str, int]]:
        """Make lists known that are about to be read; return those with a baseline, by page.

        A list is named by the config's address, its pages count from 0.
        """
        with self._session.writing(lasting=False) as connection:
            connection.execute(
                "INSERT INTO list (source, url, page) SELECT ?, value, 0 FROM json_each(?)"
                " WHERE true ON CONFLICT DO NOTHING",
                (source, rows.array(urls)),
            )
            found = connection.execute(
                "SELECT url, page FROM list WHERE source = ? AND baseline_at IS NOT NULL", (source,)
            ).fetchall()
        return frozenset((row["url"], row["page"]) for row in found)

    def listed(self, source: str, urls: Sequence[str], now: datetime, *, quiet: bool) -> None:
        """Note that a source has these addresses, as far as there are articles of them.

        If `quiet`, they are its baseline, and those recorded later belong to it as well.
        """
        addresses = rows.array(urls)
        with self._session.writing(lasting=False) as connection:
            for article in connection.execute(_UNSIGHTED, (addresses, source)).fetchall():
                sight(connection, article, Sighting(source, quiet), now)
            if quiet:
                connection.execute(_KEEP_OLD, (addresses, source))

    def complete_list(self, source: str, url: str, page: int, now: datetime) -> None:
        """Note that a page of a list was read to its end, and all its items are accounted for."""
        with self._session.writing(lasting=False) as connection:
            connection.execute(
                "INSERT INTO list (source, url, page, baseline_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET baseline_at = coalesce(baseline_at,"
                " excluded.baseline_at)",
                (source, url, page, rows.moment(now)),
            )


def sightings_of(connection: Connection, article_id: int) -> tuple[Sighting, ...]:
    """Return who has an article, the first one first."""
    found = connection.execute(
        "SELECT source, quiet FROM article_source WHERE article_id = ? ORDER BY first_seen, source",
        (article_id,),
    ).fetchall()
    return tuple(Sighting(row["source"], bool(row["quiet"])) for row in found)


def sight(connection: Connection, article: Row, sighting: Sighting, now: datetime) -> None:
    """Note that another source has a stored article, and queue it as news if it is to anybody.

    It is, unless it is quiet: to everybody if nobody was told so far, else to those whose watches
    name the source.
    """
    before = sightings_of(connection, article["id"])
    if any(sighting.source == other.source for other in before):
        return
    add_sighting(connection, article["id"], sighting, now)
    connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'revision'")
    if not sighting.quiet:
        change = Change(
            kind=ChangeKind.NEW,
            article=rows.article_of(article),
            fingerprint=article["fingerprint"],
            known=None,
            fields=(),
            seen_at=now,
            sources=(sighting.source,),
            again=not all(other.quiet for other in before),
        )
        keep_change(connection, article["id"], change, version=article["edits"] + 1)


def add_sighting(
    connection: Connection, article_id: int, sighting: Sighting, now: datetime
) -> None:
    """Keep that a source has an article, within the caller's transaction."""
    connection.execute(
        "INSERT INTO article_source (article_id, source, first_seen, quiet) VALUES (?, ?, ?, ?)",
        (article_id, sighting.source, rows.moment(now), int(sighting.quiet)),
    )


def take_old(connection: Connection, source: str, urls: Iterable[str]) -> bool:
    """Tell whether one of the addresses stood in the source's baseline, and forget it."""
    forgotten = connection.execute(
        "DELETE FROM old_address WHERE source = ? AND url IN (SELECT value FROM json_each(?))",
        (source, rows.array(urls)),
    )
    return forgotten.rowcount > 0


def keep_change(connection: Connection, article_id: int, change: Change, *, version: int) -> None:
    """Queue a change for the watches, within the caller's transaction; done if news to nobody."""
    seen_at = rows.moment(change.seen_at)
    connection.execute(
        _INSERT_CHANGE,
        (
            article_id,
            change.kind,
            version,
            change.fingerprint,
            rows.known_text(change.known),
            rows.array(change.fields),
            seen_at,
            rows.array(change.sources),
            int(change.again),
            None if change.sources else seen_at,
        ),
    )
