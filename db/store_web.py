"""What servers told us and want to be kept: validators, robots rules, pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import rows, rows_visits
from db.connection import Part
from db.visiting import RobotsRules, Validator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from sqlite3 import Connection


class Web(Part):
    """The part of the store that remembers servers."""

    def validator(self, url: str, *, source: str | None = None) -> Validator | None:
        """Return what to ask conditionally with, None if the address was never asked so.

        For a list, `source` must be who asks: what another source has read of it, this one has
        not.
        """
        with self._session.reading() as connection:
            row = connection.execute(
                "SELECT * FROM validator WHERE url = ?1 AND (?2 IS NULL OR source = ?2)",
                (url, source),
            ).fetchone()
        return None if row is None else rows_visits.validator_of(row)

    def keep_validators(
        self, validators: Sequence[Validator], *, source: str | None = None
    ) -> None:
        """Keep validators of answers whose content is already stored; lists are a source's."""
        with self._session.writing() as connection:
            for validator in validators:
                put_validator(connection, validator, source)

    def forget_validator(self, url: str) -> None:
        """Make the next request for the address an unconditional one."""
        with self._session.writing() as connection:
            connection.execute("DELETE FROM validator WHERE url = ?", (url,))

    def hold_host(self, host: str, until: datetime, now: datetime) -> None:
        """Keep that a host is to be left alone until then; forget the pauses that are over.

        A time that was kept before is never brought forward.
        """
        with self._session.writing() as connection:
            connection.execute("DELETE FROM host_hold WHERE until <= ?", (rows.moment(now),))
            connection.execute(
                "INSERT INTO host_hold (host, until) VALUES (?, ?)"
                " ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)",
                (host, rows.moment(until)),
            )

    def host_holds(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that are to be left alone, and until when."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT * FROM host_hold WHERE until > ?", (rows.moment(now),)
            ).fetchall()
        return {row["host"]: rows.at(row["until"]) for row in found}

    def robots(self, origin: str) -> RobotsRules | None:
        """Return a host's robots rules as last read, however old."""
        with self._session.reading() as connection:
            row = connection.execute("SELECT * FROM robots WHERE origin = ?", (origin,)).fetchone()
        if row is None:
            return None
        return RobotsRules(
            origin=row["origin"],
            access=row["access"],
            body=row["body"],
            fetched_at=rows.at(row["fetched_at"]),
        )

    def keep_robots(self, rules: RobotsRules) -> None:
        """Keep a host's robots rules in place of older ones."""
        with self._session.writing() as connection:
            connection.execute(
                "INSERT INTO robots (origin, access, body, fetched_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (origin) DO UPDATE SET access = excluded.access,"
                " body = excluded.body, fetched_at = excluded.fetched_at",
                (rules.origin, rules.access, rules.body, rows.moment(rules.fetched_at)),
            )


def put_validator(connection: Connection, validator: Validator, source: str | None = None) -> None:
    """Keep a validator in place of an older one, within the caller's transaction."""
    connection.execute(
        "INSERT INTO validator (url, source, etag, last_modified, stored_at)"
        " VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (url) DO UPDATE SET source = excluded.source, etag = excluded.etag,"
        " last_modified = excluded.last_modified, stored_at = excluded.stored_at",
        (
            validator.url,
            source,
            validator.etag,
            validator.last_modified,
            rows.moment(validator.stored_at),
        ),
    )
