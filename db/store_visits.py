"""Addresses: what the store knows of each, and when its page should be asked for again."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from db import revisits, rows
from db.connection import Part
from db.model import Change, TextBasis
from db.store_absence import farewell, welcome_back
from db.store_identity import article_row
from db.store_web import put_validator
from db.visiting import Validator, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

_INSERT = """
INSERT INTO address (article_id, source, card, read_at, tries, due_at, seen_at, missing_since,
  missing_at, url)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_UPDATE = """
UPDATE address SET article_id = ?, source = ?, card = ?, read_at = ?, tries = ?, due_at = ?,
  seen_at = ?, missing_since = ?, missing_at = ?
WHERE url = ?
"""

_UNCHANGED = """
UPDATE address SET read_at = ?, due_at = ?, seen_at = ?, missing_since = NULL, missing_at = NULL,
  card = coalesce(?, card)
WHERE url = ?
"""

# Whether an item is gone can only be said when none of its addresses answers.
_ASK_THE_OTHERS = """
UPDATE address SET due_at = min(coalesce(due_at, ?1), ?1)
WHERE article_id = ?2 AND url <> ?3 AND read_at IS NOT NULL AND missing_since IS NULL
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
    """An address at which an article was just seen, where its words stood, if it is its file's."""

    url: str
    article_id: int
    source: str
    card: str | None
    text_basis: TextBasis
    is_file: bool = False


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
            longest = revisits.longest_gap(_schedule(connection, source))
            found = connection.execute(_VISITS, (rows.array(urls), source, on)).fetchall()
        return {row["url"]: _visit(row, now, longest) for row in found}

    def due_visits(self, source: str, now: datetime, limit: int) -> tuple[str, ...]:
        """Return addresses whose page should be asked for again, the longest due first."""
        with self._session.reading() as connection:
            found = connection.execute(
                _DUE,
                (
                    source,
                    rows.moment(now),
                    rows.moment(now + revisits.longest_gap(_schedule(connection, source))),
                    revisits.TRIES,
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

        Nothing is noted of a page that was never read: it stays due. An item that was gone is back.
        """
        with self._session.writing(lasting=False) as connection:
            address = address_of(connection, url)
            if address is not None and address["read_at"] is not None:
                read_at, due_at = _planned(connection, address["source"], address["read_at"], now)
                connection.execute(_UNCHANGED, (read_at, due_at, rows.moment(now), card, url))
                row = article_row(connection, address["article_id"])
                welcome_back(connection, row, now)
            if validator is not None:
                put_validator(connection, validator)

    def missed(
        self, url: str, now: datetime, *, card: str | None = None, source: str | None = None
    ) -> None:
        """Note that the page could not be had by a source's visit, and when to try again.

        A page that was never read is tried at growing gaps, and after `revisits.TRIES` times once
        a day for as long as a list shows it; one that was read before waits for its next visit.
        """
        with self._session.writing(lasting=False) as connection:
            _miss(connection, address_of(connection, url), url, now, card=card, source=source)

    def absent(self, url: str, now: datetime, *, source: str | None = None) -> Change | None:
        """Note that the page answered 404 or 410; return the change if its item is gone by that.

        It is gone once every address at which it was ever read has answered so twice, an hour
        apart at least, and not otherwise in between (`revisits.is_gone`). A page that was never
        read is one that could not be had.
        """
        with self._session.writing(lasting=False) as connection:
            address = address_of(connection, url)
            if address is None or address["read_at"] is None:
                _miss(connection, address, url, now, card=None, source=source)
                return None
            return _go_missing(connection, address, now)


def _miss(  # noqa: PLR0913 - one row
    connection: Connection,
    address: Row | None,
    url: str,
    now: datetime,
    *,
    card: str | None,
    source: str | None,
) -> None:
    tries = 1 if address is None else address["tries"] + 1
    read_at = due_at = None
    if address is None or address["read_at"] is None:
        due_at = rows.moment(revisits.next_try(tries, now))
    else:
        tries, asked_by = 0, address["source"]
        read_at, due_at = _planned(connection, asked_by, address["read_at"], now)
        missing = rows.when_of(address["missing_since"])
        if missing:
            due = revisits.next_look(missing, now, _schedule(connection, asked_by))
            due_at = rows.moment_or_none(due)
    connection.execute(_MISSED, (url, source, card, read_at, tries, due_at))


def redirected(connection: Connection, address: Row, now: datetime) -> Change | None:
    """Note that an article's own address leads to another article, as if it did not answer."""
    if address["read_at"] is None:
        _miss(connection, address, address["url"], now, card=None, source=None)
        return None
    return _go_missing(connection, address, now)


def _go_missing(connection: Connection, address: Row, now: datetime) -> Change | None:
    since = min(rows.when_of(address["missing_since"]) or now, now)
    due = revisits.next_look(since, now, _schedule(connection, address["source"]))
    connection.execute(
        "UPDATE address SET missing_since = ?, missing_at = ?, due_at = ? WHERE url = ?",
        (rows.moment(since), rows.moment(now), rows.moment_or_none(due), address["url"]),
    )
    if due is not None:
        soon = rows.moment(now + revisits.SURELY)
        connection.execute(_ASK_THE_OTHERS, (soon, address["article_id"], address["url"]))
    return farewell(connection, address["article_id"], now)


def _schedule(connection: Connection, source: str | None) -> tuple[timedelta, ...]:
    """Return when pages of a source are asked for again."""
    row = connection.execute("SELECT recheck FROM source WHERE name = ?", (source,)).fetchone()
    if row is None or row["recheck"] is None:
        return revisits.VISITS
    return _intervals(row["recheck"])


@lru_cache
def _intervals(array: str) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=seconds) for seconds in json.loads(array))


def _planned(
    connection: Connection, source: str | None, read_at: str, now: datetime
) -> tuple[str, str | None]:
    """Return when a page was first read, as it shall be kept, and when it is due again."""
    first = revisits.first_read(rows.at(read_at), now)
    due = revisits.next_visit(first, now, _schedule(connection, source))
    return rows.moment(first), rows.moment_or_none(due)


def address_of(connection: Connection, url: str) -> Row | None:
    """Return what is kept of an address."""
    row: Row | None = connection.execute("SELECT * FROM address WHERE url = ?", (url,)).fetchone()
    return row


def see(connection: Connection, address: Row | None, seen: Seen, now: datetime) -> None:
    """Keep where an article was seen, within the caller's transaction.

    `address` is what `address_of` said before. A page that was read is due again by the schedule
    of its first reading; one that is known from lists only is due at once, unless it was tried.
    A file is never due.
    """
    card = seen.card
    read_at = due_at = None
    tries = 0
    answers: tuple[str | None, ...] = (None, None, None)
    if address is not None:
        card = card or address["card"]
        read_at, tries, due_at = address["read_at"], address["tries"], address["due_at"]
        answers = (address["seen_at"], address["missing_since"], address["missing_at"])
    if seen.text_basis is TextBasis.PAGE:
        tries = 0
        read_at, due_at = _planned(connection, seen.source, read_at or rows.moment(now), now)
        answers = (rows.moment(now), None, None)
    elif seen.is_file:
        tries, due_at = 0, None
    elif address is None:
        due_at = rows.moment(now)
    values = (seen.article_id, seen.source, card, read_at, tries, due_at, *answers)
    if address is None:
        connection.execute(_INSERT, (*values, seen.url))
    elif tuple(address)[1:] != values:
        connection.execute(_UPDATE, (*values, seen.url))


def _visit(row: Row, now: datetime, longest: timedelta) -> Visit:
    complete = row["read_at"] is not None
    due_at = rows.when_of(row["due_at"])
    due = not complete if due_at is None else revisits.is_due(due_at, now, longest)
    return Visit(
        url=row["url"],
        card=row["card"],
        complete=complete,
        due=due,
        sighted=bool(row["sighted"]),
    )
