"""Recording: what a source shows becomes an article, its versions, and changes to be told."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING

from db import changes, rows
from db.connection import Part
from db.model import Article, Change, ChangeKind, TextBasis
from db.name_index import learn_article
from db.store_absence import welcome_back
from db.store_dates import keep_lost
from db.store_identity import (
    article_row,
    is_anothers,
    leave,
    note_clash,
    resembling,
    sharing_guid,
    standing_at,
)
from db.store_index import make_room
from db.store_sightings import (
    Sighting,
    add_sighting,
    in_baseline,
    is_old,
    is_recent,
    keep_change,
    sight,
    sightings_of,
    source_row,
    tell_late,
)
from db.store_visits import Seen, address_of, redirected, see
from db.store_web import put_validator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from sqlite3 import Connection, Row

    from db.model import Candidate
    from db.visiting import Validator

_UPDATE = """
UPDATE article SET url = :url, guid = :guid, title = :title, title_basis = :title_basis,
  summary = :summary, text = :text, text_basis = :text_basis, section = :section,
  authors = :authors, language = :language, tags = :tags, attachments = :attachments,
  dated = :dated, date_precision = :date_precision, date_basis = :date_basis,
  date_zone = :date_zone, date_zone_stated = :date_zone_stated, place = :place,
  date_raw = :date_raw, fingerprint = :fingerprint, evidence = :evidence,
  changed_at = :changed_at, edits = :edits, edited_fields = :edited_fields, made_by = :made_by
WHERE id = :id
"""

_KEEP_VERSION = """
INSERT INTO version (article_id, number, title, text, dateline, fields, seen_at, made_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
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
        renamed: bool = False,
        lost: tuple[Candidate, ...] | None = None,
    ) -> Change | None:
        """Store a reading of an article and return what changed, None if nothing did.

        The article is known by its address or an alias of it, then by its guid if that is unique
        within the source, then by its words. `asked` is the address that led here if it is not
        the article's own, by a redirect for instance: it leads to the article from now on, and
        the card stood at it. If it is another stored article's own, that one is missing there.
        One transaction holds the article, its version, the change, the validator and the next
        visit; the index follows (`db.store_index`).

        Nobody is told of a change that is `quiet`. What belongs to the baseline of its source is
        no news there, nor is its completion: an address that stood in a list at its first reading
        (see `listed`), and what is recorded with `baseline`; None: as long as the source has
        lists without one. What is dated within the source's `first_round` is news all the same, as
        soon as its date is known.
        An article new to this source that others have is queued as news too. An item that was
        gone and whose page is read is back; if its words changed too, that is the change returned.

        `renamed` says that its source seems to have changed all its addresses: then an item is
        also known by its heading and date, keeps its permanent id, lives at the new address from
        now on, and what differs in its words is not told.

        `lost` is the dates that were weighed and not taken; None leaves those that are kept. One
        that stood, or that was read now, and gives way to a better one is kept with them.
        """
        with self._session.writing(lasting=False) as connection:
            change = self._record(
                connection,
                article,
                now,
                card=card,
                asked=asked,
                quiet=quiet,
                baseline=baseline,
                renamed=renamed,
                lost=lost,
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
        lost: Iterable[tuple[Candidate, ...] | None] = (),
    ) -> tuple[Change | None, ...]:
        """Store readings, each with the digest of its card or None: all of them or none.

        `lost` is the dates that were not taken of each, in their order; what is missing there
        leaves those that are kept. They are on the disk when this returns.
        """
        weighed = chain(lost, repeat(None))
        with self._session.writing() as connection:
            return tuple(
                self._record(connection, article, now, card=card, quiet=quiet, lost=dates)
                for (article, card), dates in zip(readings, weighed, strict=False)
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
        renamed: bool = False,
        lost: tuple[Candidate, ...] | None = None,
    ) -> Change | None:
        addresses = {
            url: address_of(connection, url) for url in (article.url, asked) if url is not None
        }
        source = source_row(connection, article.source)
        standing = standing_at(connection, addresses.values())
        renamed = renamed and standing is None
        sharing = [] if standing else sharing_guid(connection, article)
        standing = standing or resembling(connection, article, source, sharing, renamed=renamed)
        quiet = quiet or (renamed and standing is not None)
        if baseline is None:
            baseline = in_baseline(source)
        had = standing["id"] if standing else None
        old = baseline or is_old(connection, article.source, addresses, had)
        old = old and not is_recent(source, article.dateline, now)
        here = Sighting(article.source, quiet or old)
        change: Change | None
        other: Candidate | None = None
        if standing is None:
            article_id, change = self._insert(connection, article, here, now, clash=bool(sharing))
        else:
            article_id = standing["id"]
            change, other = _update(connection, standing, article, here, now, quiet=quiet)
            if renamed and article.url is not None:
                leave(connection, article_id, article.url)
            stands = article_row(connection, article_id)
            sight(connection, stands, here, now)
            if change is not None and change.kind is ChangeKind.COMPLETED and not quiet:
                tell_late(connection, stands, now)
        keep_lost(connection, article_id, lost, other)
        for url, address in addresses.items():
            if address is not None and is_anothers(connection, address, article_id, article):
                redirected(connection, address, now)
                continue
            stood = card if url == (asked or article.url) else None
            is_file = url in article.attachments
            seen = Seen(url, article_id, article.source, stood, article.text_basis, is_file)
            see(connection, address, seen, now)
        if article.text_basis is TextBasis.PAGE and standing is not None:
            back = welcome_back(connection, standing, now, quiet=quiet)
            change = change or back
        return change

    def _insert(
        self,
        connection: Connection,
        article: Article,
        here: Sighting,
        now: datetime,
        *,
        clash: bool,
    ) -> tuple[int, Change]:
        change = changes.compare(None, article, now)
        change = replace(change, sources=() if here.quiet else (here.source,))
        columns = {
            **rows.article_columns(article),
            "feed_id": f"{FEED_IDS}{self._token()}",
            "fingerprint": change.fingerprint,
            "evidence": changes.evidence(article),
            "first_seen": rows.moment(now),
            "changed_at": rows.moment(now),
        }
        inserted = connection.execute(_insert(tuple(columns)), tuple(columns.values()))
        article_id = inserted.lastrowid or 0
        make_room(connection, article_id)
        add_sighting(connection, article_id, here, now)
        keep_change(connection, article_id, change, version=1)
        if clash:
            note_clash(connection, article.source)
        return article_id, change


@lru_cache
def _insert(columns: tuple[str, ...]) -> str:
    """Return the sentence that takes these columns by their places: by name takes twice as long."""
    values = ", ".join("?" * len(columns))
    return f"INSERT INTO article ({', '.join(columns)}) VALUES ({values})"  # noqa: S608 - our own words


def find(connection: Connection, article: Article, addresses: Iterable[Row | None]) -> Row | None:
    """Find the article that a reading belongs to, by its addresses, its guid or its words."""
    source, sharing = source_row(connection, article.source), sharing_guid(connection, article)
    found = standing_at(connection, addresses)
    return found or resembling(connection, article, source, sharing, renamed=False)


def _update(  # noqa: PLR0913 - the same
    connection: Connection,
    row: Row,
    article: Article,
    here: Sighting,
    now: datetime,
    *,
    quiet: bool,
) -> tuple[Change | None, Candidate | None]:
    standing = rows.article_of(row)
    merged = changes.merge(standing, article)
    if merged == standing:
        return None, changes.not_taken(standing, article, merged, None)
    change = changes.compare(rows.known_of(row), merged, now)
    if change is not None and not quiet:
        sightings = sightings_of(connection, row["id"])
        change = replace(change, sources=_concerned(change, here, sightings))
    put(connection, row, merged, change)
    return change, changes.not_taken(standing, article, merged, change)


def put(connection: Connection, row: Row, article: Article, change: Change | None) -> None:
    """Put an article in the place of what stands; keep the change and the words before it."""
    edits, changed_at = row["edits"], row["changed_at"]
    edited_fields, made_by = row["edited_fields"], row["made_by"]
    if change is not None:
        changed_at = rows.moment(change.seen_at)
        if change.kind in (ChangeKind.EDITED, ChangeKind.CORRECTED):
            _keep_version(connection, row, rows.article_of(row))
            edits, edited_fields, made_by = edits + 1, rows.array(change.fields), change.kind
        keep_change(connection, row["id"], change, version=edits + 1)
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
            "made_by": made_by,
        },
    )
    learn_article(connection, row["id"])


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
            row["made_by"],
        ),
    )
