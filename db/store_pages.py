"""Kept pages: what servers sent, packed, and what better rules make of it later.

The only module that knows how bytes are packed.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

import zstandard

from db import rows
from db.connection import Part
from db.errors import StoreError
from db.model import Stored
from db.visiting import KeptPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from sqlite3 import Connection, Row

_LEVEL = 9  # half a millisecond a page; beyond it time grows ninefold and pages shrink by 2 %

_INSERT = """
INSERT INTO page (source, url, asked, status, headers, card, fetched_at, again_at, hash, size,
  packed, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_NEWEST = "SELECT id, hash FROM page WHERE source = ? AND asked = ? ORDER BY id DESC LIMIT 1"

_IDS = """
SELECT id FROM page p
WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR again_at >= ?2)
  AND (NOT ?3 OR id = (SELECT max(id) FROM page WHERE source = p.source AND asked = p.asked))
ORDER BY id
"""

# From the newest back to where the sum of their sizes passes the limit; the rest goes.
_OVERFLOW = """
DELETE FROM page WHERE id IN (
  SELECT id FROM (
    SELECT id, sum(packed) OVER (ORDER BY again_at DESC, id DESC) AS total FROM page)
  WHERE total > ?)
"""


class Shelf(NamedTuple):
    """How much is kept: pages, bytes as fetched, bytes as packed."""

    pages: int
    size: int
    packed: int


class Pages(Part):
    """The part of the store that keeps the bytes of pages."""

    def keep_page(self, page: KeptPage) -> bool:
        """Keep a page; False if the same bytes were the last that came for it.

        Then only the moment is noted, and the card if there is one.
        """
        digest = hashlib.sha256(page.body).hexdigest()
        with self._session.writing(lasting=False) as connection:
            last = connection.execute(_NEWEST, (page.source, page.asked)).fetchone()
            if last is not None and last["hash"] == digest:
                connection.execute(
                    "UPDATE page SET again_at = ?, card = coalesce(?, card) WHERE id = ?",
                    (rows.moment(page.again_at), page.card, last["id"]),
                )
                return False
            _insert(connection, page, digest)
        return True

    def kept_pages(
        self,
        source: str | None = None,
        *,
        since: datetime | None = None,
        newest: bool = False,
    ) -> Iterator[Stored[KeptPage]]:
        """Give kept pages one by one, oldest first: of all sources if none is named.

        `since` leaves out what came last before it; `newest` gives for each address only the page
        that came last. What is forgotten meanwhile is not given. Raises StoreError for a page
        whose bytes are damaged.
        """
        with self._session.reading() as connection:
            ids = connection.execute(_IDS, (source, rows.moment_or_none(since), newest)).fetchall()
        for (page_id,) in ids:
            with self._session.reading() as connection:
                row = connection.execute("SELECT * FROM page WHERE id = ?", (page_id,)).fetchone()
            if row is not None:
                yield Stored(page_id, _page_of(row))

    def forget_pages(self, *, before: datetime, max_bytes: int) -> int:
        """Forget pages that came last before a moment, and the oldest beyond a size as packed.

        Returns how many.
        """
        with self._session.writing() as connection:
            old = connection.execute(
                "DELETE FROM page WHERE again_at < ?", (rows.moment(before),)
            ).rowcount
            return old + connection.execute(_OVERFLOW, (max_bytes,)).rowcount

    def shelf(self) -> Shelf:
        """Return how much is kept."""
        with self._session.reading() as connection:
            found = connection.execute(
                "SELECT count(*), coalesce(sum(size), 0), coalesce(sum(packed), 0) FROM page"
            ).fetchone()
        return Shelf(*found)


def _insert(connection: Connection, page: KeptPage, digest: str) -> None:
    packed = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(page.body)
    connection.execute(
        _INSERT,
        (
            page.source,
            page.url,
            page.asked,
            page.status,
            rows.array(page.headers),
            page.card,
            rows.moment(page.fetched_at),
            rows.moment(page.again_at),
            digest,
            len(page.body),
            len(packed),
            packed,
        ),
    )


def _page_of(row: Row) -> KeptPage:
    return KeptPage(
        source=row["source"],
        url=row["url"],
        asked=row["asked"],
        status=row["status"],
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        body=_unpacked(row),
        fetched_at=rows.at(row["fetched_at"]),
        again_at=rows.at(row["again_at"]),
        card=row["card"],
    )


def _unpacked(row: Row) -> bytes:
    try:
        body: bytes = zstandard.ZstdDecompressor().decompress(row["body"], row["size"])
    except zstandard.ZstdError as error:
        raise StoreError(
            f"the kept page {row['id']} of {row['url']} is damaged: {error}"
        ) from error
    if hashlib.sha256(body).hexdigest() != row["hash"]:
        raise StoreError(f"the kept page {row['id']} of {row['url']} is not what was kept")
    return body
