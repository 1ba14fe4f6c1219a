"""Correcting: what better rules read from kept pages takes the place of what stood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db import changes, rows
from db.model import Stored, TextBasis
from db.store_identity import is_anothers, sharing_guid
from db.store_record import Recording, find, put
from db.store_sightings import Sighting, in_baseline, sightings_of, source_row
from db.store_visits import Seen, address_of, see

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from sqlite3 import Connection, Row

    from db.model import Article, Change


class Correcting(Recording):
    """The part of the store that takes kept pages in again."""

    def stored(self, article: Article, asked: str | None = None) -> Stored[Article] | None:
        """Return the article that a reading belongs to, as it stands; see `record` for `asked`."""
        with self._session.reading() as connection:
            row = find(connection, article, _addresses(connection, article, asked).values())
        return None if row is None else Stored(row["id"], rows.article_of(row))

    def correct(
        self, readings: Iterable[tuple[Article, str]], now: datetime, *, quiet: bool = True
    ) -> tuple[Change | None, ...]:
        """Store what better rules read from kept pages: all of it or nothing.

        Each reading comes with the address that was asked for. What they change of an article's
        words or date makes a version of it (`changes.correct`); an item that no rules had found
        before is new. A kept page is no visit: nothing is seen, back or due by it, but the pages
        of new items. Nobody is told of what is `quiet`.
        """
        with self._session.writing() as connection:
            return tuple(
                self._correct(connection, article, asked, now, quiet=quiet)
                for article, asked in readings
            )

    def _correct(
        self, connection: Connection, article: Article, asked: str, now: datetime, *, quiet: bool
    ) -> Change | None:
        addresses = _addresses(connection, article, asked)
        standing = find(connection, article, addresses.values())
        change: Change | None
        if standing is None:
            old = in_baseline(source_row(connection, article.source))
            here = Sighting(article.source, quiet or old)
            clash = bool(sharing_guid(connection, article))
            article_id, change = self._insert(connection, article, here, now, clash=clash)
        else:
            article_id = standing["id"]
            before = rows.article_of(standing)
            after = changes.correct(before, article)
            change = changes.compare_correction(rows.known_of(standing), after, now)
            if change is not None and not quiet:
                everybody = sightings_of(connection, article_id)
                change = replace(change, sources=tuple(one.source for one in everybody))
            if after != before:
                put(connection, standing, after, change)
        for url, address in addresses.items():
            if address is not None and is_anothers(connection, address, article_id, article):
                continue
            seen = Seen(url, article_id, article.source, None, TextBasis.LISTING)
            see(connection, address, seen, now)
        return change


def _addresses(
    connection: Connection, article: Article, asked: str | None
) -> dict[str, Row | None]:
    return {url: address_of(connection, url) for url in (article.url, asked) if url is not None}
