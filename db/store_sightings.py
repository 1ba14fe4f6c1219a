"""Sightings: which source has which article, and which of them are no news there.

What a list shows when a source reads it for the first time is its baseline: recorded, not told.
Lists have their baselines one by one, so that one that failed, or was added later, cannot make
old items news, nor one source's baseline silence another source.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from db import rows
from db.connection import Part
from db.model import Change, ChangeKind, Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

    from db.model import Dateline

_DAY = timedelta(days=1)

_INSERT_CHANGE = """
INSERT INTO change (article_id, kind, version, fingerprint, known, fields, seen_at, sources, again,
  matched_at, absence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_UNSIGHTED = """
SELECT * FROM article WHERE id IN (
  SELECT article_id FROM address WHERE url IN (SELECT value FROM json_each(?1)))
AND NOT EXISTS (SELECT 1 FROM article_source WHERE source = ?2 AND article_id = article.id)
ORDER BY id
"""

_KEEP_OLD = """
INSERT INTO old_address (source, url, list) SELECT ?2, value, ?3 FROM json_each(?1)
WHERE true ON CONFLICT DO NOTHING
"""

_OLD = """
SELECT 1 FROM old_address WHERE source = ?1 AND url = ?2
AND NOT EXISTS (SELECT 1 FROM article_source WHERE article_id = ?3 AND source = ?1)
"""

# Addresses are compared by article: a site that renames its pages must not make its past news.
_ELSEWHERE_ONLY = """
SELECT asked.value AS url, a.article_id FROM json_each(?1) asked
LEFT JOIN address a ON a.url = asked.value
WHERE EXISTS (SELECT 1 FROM old_address o WHERE o.source = ?2 AND o.url = asked.value)
AND NOT EXISTS (
  SELECT 1 FROM old_address o WHERE o.source = ?2 AND o.list IN ('', ?3)
  AND o.url IN (SELECT asked.value UNION SELECT url FROM address WHERE article_id = a.article_id)
)
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

    def open_parts(
        self, source: str, url: str, parts: Sequence[int], *, since: datetime | None
    ) -> frozenset[tuple[str, int]]:
        """Make the lists known that the list `url` leads to; return those with a baseline.

        Each has a number, used like that of a page. One that was not known has its baseline
        `since` then: what it shows is news. If that is None, it has none before it is read.
        """
        with self._session.writing(lasting=False) as connection:
            connection.execute(
                "INSERT INTO list (source, url, page, baseline_at) SELECT ?, ?, value, ?"
                " FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
                (source, url, rows.moment_or_none(since), rows.array(parts)),
            )
            found = connection.execute(
                "SELECT page FROM list WHERE source = ? AND url = ? AND baseline_at IS NOT NULL"
                " AND page IN (SELECT value FROM json_each(?))",
                (source, url, rows.array(parts)),
            ).fetchall()
        return frozenset((url, row["page"]) for row in found)

    def listed(
        self, source: str, urls: Sequence[str], now: datetime, *, on: str, quiet: bool
    ) -> None:
        """Note that a list of a source shows these addresses; `on` names the list.

        If `quiet`, they are its baseline, and those recorded later belong to it as well, but for
        what the source's `first_round` makes news. If not, what another list's baseline has
        silenced is news after all: a list tells the same whether others were added or not. Only a
        source's first lists, whose `on` is empty, silence all.
        """
        addresses = rows.array(urls)
        with self._session.writing(lasting=False) as connection:
            kept = source_row(connection, source)
            for row in connection.execute(_UNSIGHTED, (addresses, source)).fetchall():
                dateline = rows.article_of(row).dateline
                old = quiet and not is_recent(kept, dateline, now)
                sight(connection, row, Sighting(source, old), now)
            if quiet:
                connection.execute(_KEEP_OLD, (addresses, source, on))
                return
            for url, article_id in connection.execute(
                _ELSEWHERE_ONLY, (addresses, source, on)
            ).fetchall():
                connection.execute(
                    "DELETE FROM old_address WHERE source = ? AND url = ?", (source, url)
                )
                if article_id is not None:
                    _unsilence(connection, article_id, source, now)

    def shown(self, source: str, url: str) -> tuple[str, ...]:
        """Return the addresses a list showed, from the top, when it was last followed to an end."""
        with self._session.reading() as connection:
            row = connection.execute(
                "SELECT shown FROM list WHERE source = ? AND url = ? AND page = 0", (source, url)
            ).fetchone()
        return tuple(json.loads(row["shown"])) if row and row["shown"] else ()

    def keep_shown(self, source: str, url: str, urls: Sequence[str]) -> None:
        """Keep the addresses a list shows, from the top; it must be known (`open_lists`)."""
        with self._session.writing(lasting=False) as connection:
            connection.execute(
                "UPDATE list SET shown = ? WHERE source = ? AND url = ? AND page = 0",
                (rows.array(urls), source, url),
            )

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
        _queue_as_new(connection, article, sighting.source, before, now)


def tell_late(connection: Connection, article: Row, now: datetime) -> None:
    """Queue an article as news to the sources whose first round could not tell that it is recent.

    Their list gave it no date, or none so recent, and its page came later; when does not matter.
    """
    dateline = rows.article_of(article).dateline
    silenced = connection.execute(
        "SELECT source, first_seen FROM article_source WHERE article_id = ? AND quiet"
        " ORDER BY source",
        (article["id"],),
    ).fetchall()
    for source, first_seen in silenced:
        if is_recent(source_row(connection, source), dateline, rows.at(first_seen)):
            _unsilence(connection, article["id"], source, now)


def _unsilence(connection: Connection, article_id: int, source: str, now: datetime) -> None:
    """Queue an article as news that a source's baseline has silenced, unless it is news already."""
    silenced = connection.execute(
        "UPDATE article_source SET quiet = 0 WHERE article_id = ? AND source = ? AND quiet",
        (article_id, source),
    )
    if silenced.rowcount:
        article = connection.execute("SELECT * FROM article WHERE id = ?", (article_id,)).fetchone()
        others = [o for o in sightings_of(connection, article_id) if o.source != source]
        _queue_as_new(connection, article, source, others, now)


def _queue_as_new(
    connection: Connection, article: Row, source: str, others: Iterable[Sighting], now: datetime
) -> None:
    change = Change(
        kind=ChangeKind.NEW,
        article=rows.article_of(article),
        fingerprint=article["fingerprint"],
        known=None,
        fields=(),
        seen_at=now,
        sources=(source,),
        again=not all(other.quiet for other in others),
    )
    keep_change(connection, article["id"], change, version=article["edits"] + 1)


def source_row(connection: Connection, name: str) -> Row | None:
    """Return what decides how a source's readings are taken; None if it was never registered."""
    row: Row | None = connection.execute(
        "SELECT baseline_at, first_round, guid_clashes, recheck FROM source WHERE name = ?", (name,)
    ).fetchone()
    return row


def in_baseline(source: Row | None) -> bool:
    """Tell whether the source still has lists to read; one never registered has none."""
    return source is not None and source["baseline_at"] is None


def is_recent(source: Row | None, dateline: Dateline, now: datetime) -> bool:
    """Tell whether an item of a baseline is news all the same, dated within `first_round`.

    A day counts up to its end. What is dated more than two days ahead is no news.
    """
    if source is None or source["first_round"] is None or dateline.when is None:
        return False
    end = dateline.when + _DAY if dateline.precision is Precision.DAY else dateline.when
    return now - timedelta(seconds=source["first_round"]) <= end <= now + 2 * _DAY


def add_sighting(
    connection: Connection, article_id: int, sighting: Sighting, now: datetime
) -> None:
    """Keep that a source has an article, within the caller's transaction."""
    connection.execute(
        "INSERT INTO article_source (article_id, source, first_seen, quiet) VALUES (?, ?, ?, ?)",
        (article_id, sighting.source, rows.moment(now), int(sighting.quiet)),
    )


def is_old(
    connection: Connection, source: str, urls: Iterable[str], article_id: int | None
) -> bool:
    """Tell whether what a source shows for the first time stood in its baseline.

    `article_id` names the article if there is one; what the source has had before is not old but
    known, and its edits are news.
    """
    return any(connection.execute(_OLD, (source, url, article_id)).fetchone() for url in urls)


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
            rows.absence_text(change.absence),
        ),
    )
