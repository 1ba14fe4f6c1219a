"""Recording: what a source shows becomes an article, its versions, and changes to be told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db import changes, rows
from db.connection import Part
from db.model import Article, Change, ChangeKind, Validator
from db.name_index import learn_article
from db.store_index import BACKLOG, catch_up, indexed
from db.store_sightings import (
    Sighting,
    add_sighting,
    is_old,
    keep_change,
    sight,
    sightings_of,
)
from db.store_visits import Seen, address_of, see
from db.store_web import put_validator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from sqlite3 import Connection, Row

_INSERT = """
INSERT INTO article (feed_id, url, source, guid, title, title_basis, summary, text, text_basis,
  section, authors, language, tags, attachments, dated, date_precision, date_basis, date_zone,
  date_zone_stated, place, date_raw, fingerprint, evidence, first_seen, changed_at)
VALUES (:feed_id, :url, :source, :guid, :title, :title_basis, :summary, :text, :text_basis,
  :section, :authors, :language, :tags, :attachments, :dated, :date_precision, :date_basis,
  :date_zone, :date_zone_stated, :place, :date_raw, :fingerprint, :evidence, :now, :now)
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

_HAS = """
EXISTS (SELECT 1 FROM article_source s WHERE s.article_id = article.id AND s.source = ?)
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
        baseline: bool | None = None,
    ) -> Change | None:
        """Store a reading of an article and return what changed, None if nothing did.

        The article is known by its address or an alias of it, then by its guid if that is unique
        within the source, then by its words. `asked` is the address that led here if it is not
        the article's own, by a redirect for instance: it leads to the article from now on, and
        the card stood at it. One transaction holds the article, its version, the change, the
        validator and the next visit; the index follows (`db.store_index`).

        Nobody is told of a change that is `quiet`. What belongs to the baseline of its source is
        no news there, nor is its completion: an address that stood in a list at its first reading
        (see `listed`), and what is recorded with `baseline`; None: as long as the source has
        lists without one. An article new to this source that others have is queued as news too.
        """
        with self._session.writing(lasting=False) as connection:
            change = self._record(
                connection, article, now, card=card, asked=asked, quiet=quiet, baseline=baseline
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
        baseline: bool | None = None,
    ) -> Change | None:
        addresses = {
            url: address_of(connection, url) for url in (article.url, asked) if url is not None
        }
        standing = _standing(connection, article, addresses.values())
        if baseline is None:
            baseline = _in_baseline(connection, article.source)
        old = is_old(connection, article.source, addresses, standing["id"] if standing else None)
        here = Sighting(article.source, quiet or baseline or old)
        change: Change | None
        if standing is None:
            article_id, change = self._insert(connection, article, here, now)
        else:
            article_id = standing["id"]
            change = _update(connection, standing, article, here, now, quiet=quiet)
            sight(connection, _article(connection, article_id), here, now)
        for url, address in addresses.items():
            stood = card if url == (asked or article.url) else None
            seen = Seen(url, article_id, article.source, stood, article.text_basis)
            see(connection, address, seen, now)
        return change

    def _insert(
        self, connection: Connection, article: Article, here: Sighting, now: datetime
    ) -> tuple[int, Change]:
        change = changes.compare(None, article, now)
        change = replace(change, sources=() if here.quiet else (here.source,))
        columns = {
            **rows.article_columns(article),
            "feed_id": f"{FEED_IDS}{self._token()}",
            "fingerprint": change.fingerprint,
            "evidence": changes.evidence(article),
            "now": rows.moment(now),
        }
        article_id = connection.execute(_INSERT, columns).lastrowid or 0
        if article_id - indexed(connection) >= BACKLOG:
            catch_up(connection)
        connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'revision'")
        add_sighting(connection, article_id, here, now)
        keep_change(connection, article_id, change, version=1)
        return article_id, change


def _standing(
    connection: Connection, article: Article, addresses: Iterable[Row | None]
) -> Row | None:
    """Find the article that a reading belongs to."""
    for address in addresses:
        if address is not None and address["article_id"] is not None:
            return _article(connection, address["article_id"])
    return _by_guid(connection, article) or _by_evidence(connection, article)


def _article(connection: Connection, article_id: int) -> Row:
    row: Row = connection.execute("SELECT * FROM article WHERE id = ?", (article_id,)).fetchone()
    return row


def _by_guid(connection: Connection, article: Article) -> Row | None:
    if article.guid is None:
        return None
    found = connection.execute(
        f"SELECT * FROM article WHERE guid = ? AND {_HAS} LIMIT 2",  # noqa: S608 - our own words
        (article.guid, article.source),
    ).fetchall()
    if len(found) != 1:
        return None
    (row,) = found
    moved = row["url"] is not None and article.url is not None
    if moved and not changes.is_same(rows.article_of(row), article):
        return None
    return row  # type: ignore[no-any-return]


def _by_evidence(connection: Connection, article: Article) -> Row | None:
    evidence = changes.evidence(article)
    if evidence is None:
        return None
    row: Row | None = connection.execute(
        f"SELECT * FROM article WHERE evidence = ? AND {_HAS} ORDER BY id LIMIT 1",  # noqa: S608 - our own words
        (evidence, article.source),
    ).fetchone()
    return row


def _in_baseline(connection: Connection, source: str) -> bool:
    """Tell whether the source still has lists to read; one never registered has none."""
    row = connection.execute(
        "SELECT 1 FROM source WHERE name = ? AND baseline_at IS NULL", (source,)
    ).fetchone()
    return row is not None


def _update(  # noqa: PLR0913 - the same
    connection: Connection,
    row: Row,
    article: Article,
    here: Sighting,
    now: datetime,
    *,
    quiet: bool,
) -> Change | None:
    standing = rows.article_of(row)
    merged = changes.merge(standing, article)
    if merged == standing:
        return None
    change = changes.compare(rows.known_of(row), merged, now)
    edits, changed_at, edited_fields = row["edits"], row["changed_at"], row["edited_fields"]
    if change is not None:
        changed_at = rows.moment(now)
        sightings = sightings_of(connection, row["id"])
        change = replace(change, sources=() if quiet else _concerned(change, here, sightings))
        if change.kind is ChangeKind.EDITED:
            _keep_version(connection, row, standing)
            edits, edited_fields = edits + 1, rows.array(change.fields)
        keep_change(connection, row["id"], change, version=edits + 1)
    connection.execute(
        _UPDATE,
        {
            **rows.article_columns(merged),
            "id": row["id"],
            "fingerprint": changes.fingerprint(merged),
            "evidence": changes.evidence(merged),
            "changed_at": changed_at,
            "edits": edits,
            "edited_fields": edited_fields,
        },
    )
    learn_article(connection, row["id"])
    return change


def _concerned(change: Change, here: Sighting, sightings: tuple[Sighting, ...]) -> tuple[str, ...]:
    """Return the sources to whose watches a change of a stored article is news.

    What nobody was told of is completed in silence. An edit is news wherever the article is,
    unless it is met within the only baseline that has it.
    """
    if change.kind is ChangeKind.COMPLETED:
        return tuple(other.source for other in sightings if not other.quiet)
    if here.quiet and all(other == here for other in sightings):
        return ()
    return tuple(other.source for other in sightings)


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
