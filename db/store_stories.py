"""Stories: which articles tell the same, how that came, and who was first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.connection import Part
from db.firsts import assemble
from db.rows_stories import member_of
from db.store_place import place, waiting

if TYPE_CHECKING:
    from datetime import datetime
    from sqlite3 import Connection

    from db.telling import Story, Unplaced
    from db.traits import Traits

_MEMBERS = """
SELECT m.article_id, m.nearest, m.kind, m.score, m.why, m.every, m.joined_at, a.feed_id, a.url,
  a.source, a.title, a.first_seen, a.edits, a.place, a.dated, a.date_precision, a.date_basis,
  a.date_zone, a.date_zone_stated, a.date_raw
FROM story_member m JOIN article a ON a.id = m.article_id
WHERE m.story_id = ? ORDER BY m.number LIMIT ?
"""

# Read from the newest until there are enough: a story of so many has a member of that number.
_LATEST = "SELECT story_id FROM story_member WHERE number >= ? ORDER BY article_id DESC"

MEMBERS = 200
"""Members of a story that are read at most, the first ones."""


class Stories(Part):
    """The part of the store that knows stories."""

    def unplaced(self, limit: int) -> Unplaced | None:
        """Return articles that wait to be put into a story, None if none does."""
        with self._session.reading() as connection:
            return waiting(connection, limit)

    def place(self, batch: Unplaced, read: dict[int, Traits], now: datetime) -> int:
        """Put what waits into stories; return how many articles joined one of others.

        `read` holds what was read of each article by its id; one that is missing there is put
        into a story of its own, and what of others had to be read is there afterwards. If another
        process was faster, nothing is done.
        """
        with self._session.writing(lasting=False) as connection:
            return place(connection, batch, read, now) or 0

    def story_of(self, article_id: int) -> Story | None:
        """Return the story of an article; None if it was not placed, or is not known."""
        with self._session.reading() as connection:
            return story_of(connection, article_id)

    def stories(self, *, least: int = 2, limit: int = 20) -> tuple[Story, ...]:
        """Return stories of at least so many members, those that grew last first."""
        with self._session.reading() as connection:
            found: dict[int, None] = {}
            for row in connection.execute(_LATEST, (least,)):
                found[row["story_id"]] = None
                if len(found) == limit:
                    break
            return tuple(_story(connection, story) for story in found)


def story_of(connection: Connection, article_id: int) -> Story | None:
    """Return the story of an article."""
    row = connection.execute(
        "SELECT story_id FROM story_member WHERE article_id = ?", (article_id,)
    ).fetchone()
    return None if row is None else _story(connection, row["story_id"])


def _story(connection: Connection, story: int) -> Story:
    (size,) = connection.execute(
        "SELECT count(*) FROM story_member WHERE story_id = ?", (story,)
    ).fetchone()
    found = connection.execute(_MEMBERS, (story, MEMBERS)).fetchall()
    return assemble(story, [member_of(row) for row in found], size)
