"""Addresses: what the store knows of each, and when its page should be asked for again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from db import changes, rows
from db.connection import Part
from db.model import Change, TextBasis, Validator, Visit
from db.store_absence import farewell, welcome_back
from db.store_changes import article_row, in_baseline
from db.store_web import put_validator

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
UPDATE address SET due_at = ?, seen_at = ?, missing_since = NULL, missing_at = NULL,
  card = coalesce(?, card)
WHERE url = ?
"""

# Whether an item is gone can only be said when none of its addresses answers.
_ASK_THE_OTHERS = """
UPDATE address SET due_at = min(coalesce(due_at, ?1), ?1)
WHERE article_id = ?2 AND url <> ?3 AND read_at IS NOT NULL AND missing_since IS NULL
"""

_MISSED = """
INSERT INTO address (url, card, tries, due_at) VALUES (?, ?, ?, ?)
ON CONFLICT (url) DO UPDATE SET card = coalesce(excluded.card, card), tries = excluded.tries,
  due_at = excluded.due_at
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

    def visits(self, source: str, urls: Sequence[str], now: datetime) -> dict[str, Visit]:
        """Return what is known of the addresses that stand in a list; unknown ones are left out.

        An address means the same to every source, so `source`, who asks, narrows nothing.
        """
        del source
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT * FROM address WHERE url IN (SELECT value FROM json_each(?))",
                (rows.array(urls),),
            ).fetchall()
        return {row["url"]: _visit(row, now) for row in found}

    def due_visits(self, source: str, now: datetime, limit: int) -> tuple[str, ...]:
        """Return addresses whose page should be asked for again, the longest due first."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT url FROM address WHERE source = ? AND due_at <= ?"
                " ORDER BY due_at, url LIMIT ?",
                (source, rows.moment(now), limit),
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
                visits = _schedule(connection, address["source"])
                due = changes.next_visit(rows.at(address["read_at"]), now, visits)
                connection.execute(
                    _UNCHANGED, (rows.moment_or_none(due), rows.moment(now), card, url)
                )
                row = article_row(connection, address["article_id"])
                welcome_back(connection, row, now, quiet=in_baseline(connection, row["source"]))
            if validator is not None:
                put_validator(connection, validator)

    def missed(self, url: str, now: datetime, *, card: str | None = None) -> None:
        """Note that the page could not be had, and when to try again.

        A page that was never read is tried at growing gaps, `changes.TRIES` times in all; one
        that was read before waits for its next visit.
        """
        with self._session.writing(lasting=False) as connection:
            _miss(connection, address_of(connection, url), url, now, card)

    def absent(self, url: str, now: datetime) -> Change | None:
        """Note that the page answered 404 or 410; return the change if its item is gone by that.

        It is gone once every address at which it was ever read has answered so twice, an hour
        apart at least, and not otherwise in between (`changes.is_gone`). A page that was never
        read is one that could not be had.
        """
        with self._session.writing(lasting=False) as connection:
            address = address_of(connection, url)
            if address is None or address["read_at"] is None:
                _miss(connection, address, url, now, None)
                return None
            visits = _schedule(connection, address["source"])
            since = rows.when_of(address["missing_since"]) or now
            due = changes.next_look(since, now, visits)
            connection.execute(
                "UPDATE address SET missing_since = ?, missing_at = ?, due_at = ? WHERE url = ?",
                (rows.moment(since), rows.moment(now), rows.moment_or_none(due), url),
            )
            if due is not None:
                soon = rows.moment(now + changes.SURELY)
                connection.execute(_ASK_THE_OTHERS, (soon, address["article_id"], url))
            return farewell(connection, address["article_id"], now)


def _miss(
    connection: Connection, address: Row | None, url: str, now: datetime, card: str | None
) -> None:
    tries = 1 if address is None else address["tries"] + 1
    if address is None or address["read_at"] is None:
        due = changes.next_try(tries, now)
    else:
        tries, visits = 0, _schedule(connection, address["source"])
        missing = rows.when_of(address["missing_since"])
        due = (
            changes.next_look(missing, now, visits)
            if missing
            else changes.next_visit(rows.at(address["read_at"]), now, visits)
        )
    connection.execute(_MISSED, (url, card, tries, rows.moment_or_none(due)))


def _schedule(connection: Connection, source: str) -> tuple[timedelta, ...]:
    """Return when pages of a source are asked for again."""
    row = connection.execute("SELECT recheck FROM source WHERE name = ?", (source,)).fetchone()
    if row is None or row["recheck"] is None:
        return changes.VISITS
    return tuple(timedelta(seconds=seconds) for seconds in json.loads(row["recheck"]))


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
    answers: tuple[str | None, ...] = (None, None, None)
    if address is not None:
        card = card or address["card"]
        read_at, tries, due_at = address["read_at"], address["tries"], address["due_at"]
        answers = (address["seen_at"], address["missing_since"], address["missing_at"])
    if seen.text_basis is TextBasis.PAGE:
        read_at = read_at or rows.moment(now)
        tries = 0
        visits = _schedule(connection, seen.source)
        due_at = rows.moment_or_none(changes.next_visit(rows.at(read_at), now, visits))
        answers = (rows.moment(now), None, None)
    elif address is None:
        due_at = rows.moment(now)
    values = (seen.article_id, seen.source, card, read_at, tries, due_at, *answers)
    if address is None:
        connection.execute(_INSERT, (*values, seen.url))
    elif tuple(address)[1:] != values:
        connection.execute(_UPDATE, (*values, seen.url))


def _visit(row: Row, now: datetime) -> Visit:
    return Visit(
        url=row["url"],
        card=row["card"],
        complete=row["read_at"] is not None,
        due=row["due_at"] is not None and row["due_at"] <= rows.moment(now),
    )
