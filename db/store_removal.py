"""Removing an article that should not have been stored, and all that hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.connection import Part
from db.story_index import drop

if TYPE_CHECKING:
    from sqlite3 import Connection


class Removal(Part):
    """The part of the store that forgets."""

    def remove(self, article_id: int) -> bool:
        """Remove an article with its versions, addresses, changes and its place in a story.

        False if somebody was told of it, or is about to be: then it stays. What its source shows
        again is new when it comes. An id is never given twice, and one that is not known is
        removed already.
        """
        with self._session.writing() as connection:
            told = connection.execute(
                "SELECT 1 FROM alert WHERE article_id = ? LIMIT 1", (article_id,)
            ).fetchone()
            if told:
                return False
            _leave_story(connection, article_id)
            # All else goes with it: the index by a trigger, the rest by its references.
            connection.execute("DELETE FROM article WHERE id = ?", (article_id,))
            return True


def _leave_story(connection: Connection, article_id: int) -> None:
    """Make it found no more; what joined a story by it stays there and keeps its reason."""
    row = connection.execute(
        "SELECT dated, keys FROM story_member WHERE article_id = ? AND keys IS NOT NULL",
        (article_id,),
    ).fetchone()
    if row is not None:
        drop(connection, article_id, row["dated"], row["keys"])
