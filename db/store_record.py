"""Recording: what a source shows becomes an article, its versions, and changes to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import changes, rows
from db.connection import Part
from db.model import Article, Change, ChangeKind, TextBasis, Validator
from db.store_absence import welcome_back
from db.store_changes import article_row, keep_change
from db.store_identity import (
    by_evidence,
    by_guid,
    by_resemblance,
    is_first_round,
    leave,
    note_clash,
)
from db.store_index import BACKLOG, catch_up, indexed
from db.store_visits import Seen, address_of, see
from db.store_web import put_validator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from sqlite3 import Connection, Row

_INSERT = """
INSERT INTO article (feed_id, url, source, guid, title, title_basis, summary, text, text_basis,
  section, authors, language, tags, attachments, dated, date_precision, date_basis, date_zone,
  date_zone_stated, place, date_raw, fingerprint, evidence, first_seen, changed_at, silent)
VALUES (:feed_id, :url, :source, :guid, :title, :title_basis, :summary, :text, :text_basis,
  :section, :authors, :language, :tags, :attachments, :dated, :date_precision, :date_basis,
  :date_zone, :date_zone_stated, :place, :date_raw, :fingerprint, :evidence, :now, :now, :silent)
"""

_UPDATE = """
UPDATE article SET url = :url, guid = :guid, title = :title, title_basis = :title_basis,
  summary = :summary, text = :text, text_basis = :text_basis, section = :section,
  authors = :authors, language = :language, tags = :tags, attachments = :attachments,
  dated = :dated, date_precision = :date_precision, date_basis = :date_basis,
  date_zone = :date_zone, date_zone_stated = :date_zone_stated, place = :place,
  date_raw = :date_raw, fingerprint = :fingerprint, evidence = :evidence,
  changed_at = :changed_at, edits = :edits, edited_fields = :edited_fields
WHERE id = :id
"""

_KEEP_VERSION = """
INSERT INTO version (article_id, number, title, text, dateline, fields, seen_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""

FEED_IDS = "tag:dateline.invalid,2026-01-01:"
"""What every permanent id begins with (RFC 4151). Nobody can ever own a name under `.invalid`
(RFC 2606), so ours meet nobody else's, and they do not depend on where the feed is served."""


class Recording(Part):
    """The part of the store that takes articles in."""

    def record(  # noqa: PLR0913 - one transaction takes all that belongs to a reading
        self,
        article: Article,
        now: datetime,
        *,
        card: str | None = None,
        validator: Validator | None = None,
        asked: str | None = None,
        quiet: bool = False,
        renamed: bool = False,
    ) -> Change | None:
        """Store a reading of an article and return what changed, None if nothing did.

        The article is known by its address or an alias of it, then by its guid if that is unique
        within the source, then by its words. `asked` is the address that led here if it is not
        the article's own, by a redirect for instance: it leads to the article from now on, and
        the card stood at it. One transaction holds the article, its version, the change, the
        validator and the next visit; the index follows (`db.store_index`). Nobody is told of a
        change that is `quiet`, or that belongs to the first round of its source: it counts as
        matched, and so does the completion of an item first stored like that. An item that was gone
        and whose page is read is back; if its words changed too, that is the change returned.
        `renamed` says that its source seems to have changed all its addresses: then an item is
        also known by its heading and date, keeps its permanent id, lives at the new address from
        now on, and what differs in its words is not told.
        """
        with self._session.writing(lasting=False) as connection:
            change = self._record(
                connection, article, now, card=card, asked=asked, quiet=quiet, renamed=renamed
            )
            if validator is not None:
                put_validator(connection, validator)
            return change

    def record_many(
        self,
        readings: Iterable[tuple[Article, str | None]],
        now: datetime,
        *,
        quiet: bool = False,
    ) -> tuple[Change | None, ...]:
        """Store readings, each with the digest of its card or None: all of them or none.

        They are on the disk when this returns.
        """
        with self._session.writing() as connection:
            return tuple(
                self._record(connection, article, now, card=card, quiet=quiet)
                for article, card in readings
            )

    def _record(  # noqa: PLR0913 - the same
        self,
        connection: Connection,
        article: Article,
        now: datetime,
        *,
        card: str | None,
        asked: str | None = None,
        quiet: bool,
        renamed: bool = False,
    ) -> Change | None:
        addresses = {
            url: address_of(connection, url) for url in (article.url, asked) if url is not None
        }
        standing = _known(connection, addresses.values())
        if standing is None:
            standing = _resembling(connection, article, renamed=renamed)
            renamed = renamed and standing is not None
        else:
            renamed = False
        quiet = quiet or renamed or is_first_round(connection, article, now)
        change: Change | None
        if standing is None:
            source = article.source
            article_id, change = self._insert(connection, article, now, quiet=quiet)
        else:
            source, article_id = standing["source"], standing["id"]
            change = _update(connection, standing, article, now, quiet=quiet)
            if renamed and article.url is not None:
                leave(connection, article_id, article.url)
        for url, address in addresses.items():
            stood = card if url == (asked or article.url) else None
            seen = Seen(url, article_id, source, stood, article.text_basis)
            see(connection, address, seen, now)
        if article.text_basis is TextBasis.PAGE and standing is not None:
            change = welcome_back(connection, standing, now, quiet=quiet, unless=change)
        return change

    def _insert(
        self, connection: Connection, article: Article, now: datetime, *, quiet: bool
    ) -> tuple[int, Change]:
        change = changes.compare(None, article, now)
        columns = {
            **rows.article_columns(article),
            "feed_id": f"{FEED_IDS}{self._token()}",
            "fingerprint": change.fingerprint,
            "evidence": changes.evidence(article),
            "now": rows.moment(now),
            "silent": int(quiet),
        }
        article_id = connection.execute(_INSERT, columns).lastrowid or 0
        if article_id - indexed(connection) >= BACKLOG:
            catch_up(connection)
        connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'revision'")
        keep_change(connection, article_id, change, version=1, quiet=quiet)
        note_clash(connection, article)
        return article_id, change


def find(connection: Connection, article: Article, addresses: Iterable[Row | None]) -> Row | None:
    """Find the article that a reading belongs to, by its addresses, its guid or its words."""
    return _known(connection, addresses) or _resembling(connection, article, renamed=False)


def _known(connection: Connection, addresses: Iterable[Row | None]) -> Row | None:
    """Find the article that stands at one of the addresses."""
    for address in addresses:
        if address is not None and address["article_id"] is not None:
            return article_row(connection, address["article_id"])
    return None


def _resembling(connection: Connection, article: Article, *, renamed: bool) -> Row | None:
    """Find the article that a reading at an unknown address belongs to."""
    found = by_guid(connection, article) or by_evidence(connection, article)
    return found or (by_resemblance(connection, article) if renamed else None)


def _update(
    connection: Connection, row: Row, article: Article, now: datetime, *, quiet: bool
) -> Change | None:
    standing = rows.article_of(row)
    merged = changes.merge(standing, article)
    if merged == standing:
        return None
    change = changes.compare(rows.known_of(row), merged, now)
    put(connection, row, merged, change, quiet=quiet)
    return change


def put(
    connection: Connection, row: Row, article: Article, change: Change | None, *, quiet: bool
) -> None:
    """Put an article in the place of what stands; keep the change and the words before it."""
    edits, changed_at, edited_fields = row["edits"], row["changed_at"], row["edited_fields"]
    if change is not None:
        changed_at = rows.moment(change.seen_at)
        if change.kind in (ChangeKind.EDITED, ChangeKind.CORRECTED):
            _keep_version(connection, row, rows.article_of(row))
            edits, edited_fields = edits + 1, rows.array(change.fields)
        silent = quiet or (change.kind is ChangeKind.COMPLETED and bool(row["silent"]))
        keep_change(connection, row["id"], change, version=edits + 1, quiet=silent)
    connection.execute(
        _UPDATE,
        {
            **rows.article_columns(article),
            "id": row["id"],
            "fingerprint": changes.fingerprint(article),
            "evidence": changes.evidence(article),
            "changed_at": changed_at,
            "edits": edits,
            "edited_fields": edited_fields,
        },
    )


def _keep_version(connection: Connection, row: Row, standing: Article) -> None:
    """Put away the words that an edit is about to replace."""
    connection.execute(
        _KEEP_VERSION,
        (
            row["id"],
            row["edits"] + 1,
            standing.title,
            standing.text,
            rows.dateline_text(standing.dateline),
            row["edited_fields"],
            row["changed_at"],
        ),
    )
