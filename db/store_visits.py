"""Addresses: what the store knows of each, and when its page should be asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db import changes, rows
from db.connection import Part
from db.model import TextBasis, Validator, Visit
from db.store_web import put_validator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

_INSERT = """
INSERT INTO address (article_id, source, card, read_at, tries, due_at, url)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""

_UPDATE = """
UPDATE address SET article_id = ?, source = ?, card = ?, read_at = ?, tries = ?, due_at = ?
WHERE url = ?
"""

_MISSED = """
INSERT INTO address (url, source, card, read_at, tries, due_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (url) DO UPDATE SET card = coalesce(excluded.card, card), read_at = excluded.read_at,
  tries = excluded.tries, source = coalesce(source, excluded.source), due_at = excluded.due_at
"""

# What other lists than this one have silenced is noted again as well.
_VISITS = """
SELECT asked.value AS url, a.card, a.read_at, a.due_at,
  (a.article_id IS NULL OR s.article_id IS NOT NULL) AND NOT (
    s.quiet IS NOT 0
    AND EXISTS (SELECT 1 FROM old_address WHERE source = ?2 AND url = asked.value)
    AND NOT EXISTS (SELECT 1 FROM old_address
      WHERE source = ?2 AND url = asked.value AND list IN ('', ?3))
  ) AS sighted
FROM json_each(?1) asked LEFT JOIN address a ON a.url = asked.value
LEFT JOIN article_source s ON s.article_id = a.article_id AND s.source = ?2
WHERE a.url IS NOT NULL
  OR EXISTS (SELECT 1 FROM old_address WHERE source = ?2 AND url = asked.value)
"""

# Pages that were tried too often are asked for only while a list shows them.
_DUE = """
SELECT url FROM address WHERE source = ?1 AND (due_at <= ?2 OR due_at > ?3)
  AND article_id IS NOT NULL AND tries < ?4
ORDER BY due_at, url LIMIT ?5
"""


class Seen(NamedTuple):
    """An address at which an article was just seen, and where its words stood."""

    url: str
    article_id: int
    source: str
    card: str | None
    text_basis: TextBasis


class Visits(Part):
    """The part of the store that remembers addresses."""

    def visits(
        self, source: str, urls: Sequence[str], now: datetime, *, on: str = ""
    ) -> dict[str, Visit]:
        """Return what is known of the addresses that a list shows; unknown ones are left out.

        `source` is who asks, `on` names the list. A baseline that is still to be read is known,
        and due.
        """
        with self._session.reading() as connection:
            found = connection.execute(_VISITS, (rows.array(urls), source, on)).fetchall()
        return {row["url"]: _visit(row, now) for row in found}

    def due_visits(self, source: str, now: datetime, limit: int) -> tuple[str, ...]:
        """Return addresses whose page should be asked for again, the longest due first."""
        with self._session.reading() as connection:
            found = connection.execute(
                _DUE,
                (
                    source,
                    rows.moment(now),
                    rows.moment(now + changes.LONGEST_GAP),
                    changes.TRIES,
                    limit,
                ),
            ).fetchall()
        return tuple(url for (url,) in found)

    def unchanged(
        self,
        url: str,
        now: datetime,
        *,
        card: str | None = None,
        validator: Validator | None = None,
    ) -> None:
        """Note that the page is as it was (304), and when to ask next.

        Nothing is noted of a page that was never read: it stays due.
        """
        with self._session.writing(lasting=False) as connection:
            address = address_of(connection, url)
            if address is not None and address["read_at"] is not None:
                read_at, due_at = _schedule(address["read_at"], now)
                connection.execute(
                    "UPDATE address SET read_at = ?, due_at = ?, card = coalesce(?, card)"
                    " WHERE url = ?",
                    (read_at, due_at, card, url),
                )
            if validator is not None:
                put_validator(connection, validator)

    def missed(
        self, url: str, now: datetime, *, card: str | None = None, source: str | None = None
    ) -> None:
        """Note that the page could not be had by a source's visit, and when to try again.

        A page that was never read is tried at growing gaps, and after `changes.TRIES` times once
        a day for as long as a list shows it; one that was read before waits for its next visit.
        """
        with self._session.writing(lasting=False) as connection:
            address = address_of(connection, url)
            tries = 1 if address is None else address["tries"] + 1
            read_at = due_at = None
            if address is not None and address["read_at"] is not None:
                tries = 0
                read_at, due_at = _schedule(address["read_at"], now)
            else:
                due_at = rows.moment(changes.next_try(tries, now))
            connection.execute(_MISSED, (url, source, card, read_at, tries, due_at))


def address_of(connection: Connection, url: str) -> Row | None:
    """Return what is kept of an address."""
    row: Row | None = connection.execute("SELECT * FROM address WHERE url = ?", (url,)).fetchone()
    return row


def see(connection: Connection, address: Row | None, seen: Seen, now: datetime) -> None:
    """Keep where an article was seen, within the caller's transaction.

    `address` is what `address_of` said before. A page that was read is due again by the schedule
    of its first reading; one that is known from lists only is due at once, unless it was tried.
    """
    card = seen.card
    read_at = due_at = None
    tries = 0
    if address is not None:
        card = card or address["card"]
        read_at, tries, due_at = address["read_at"], address["tries"], address["due_at"]
    if seen.text_basis is TextBasis.PAGE:
        tries = 0
        read_at, due_at = _schedule(read_at or rows.moment(now), now)
    elif address is None:
        due_at = rows.moment(now)
    values = (seen.article_id, seen.source, card, read_at, tries, due_at)
    if address is None:
        connection.execute(_INSERT, (*values, seen.url))
    elif tuple(address)[1:] != values:
        connection.execute(_UPDATE, (*values, seen.url))


def _schedule(read_at: str, now: datetime) -> tuple[str, str | None]:
    """Return when a page was first read, as it shall be kept, and when it is due again."""
    first = changes.first_read(rows.at(read_at), now)
    return rows.moment(first), rows.moment_or_none(changes.next_visit(first, now))


def _visit(row: Row, now: datetime) -> Visit:
    complete = row["read_at"] is not None
    due_at = rows.when_of(row["due_at"])
    due = not complete if due_at is None else changes.is_due(due_at, now)
    return Visit(
        url=row["url"],
        card=row["card"],
        complete=complete,
        due=due,
        sighted=bool(row["sighted"]),
    )
