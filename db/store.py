"""The store: the only door to the data.

One method is one transaction. The sentences themselves stand in the `store_…` modules, one for
each subject; nobody but this module imports those.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from db.connection import open_reading, open_writing
from db.errors import StoreError
from db.store_alerts import Alerts
from db.store_correct import Correcting
from db.store_dates import Dates
from db.store_index import catch_up
from db.store_notices import Notices
from db.store_outbox import Outbox
from db.store_pages import Pages
from db.store_past import Past
from db.store_readers import Readers
from db.store_register import Registering
from db.store_removal import Removal
from db.store_sightings import Sightings
from db.store_sources import Sources
from db.store_stories import Stories
from db.store_visits import Visits
from db.store_web import Web

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType


def _random_token() -> str:
    return secrets.token_hex(16)


class Store(
    Correcting,
    Sightings,
    Visits,
    Dates,
    Removal,
    Pages,
    Alerts,
    Notices,
    Outbox,
    Registering,
    Sources,
    Stories,
    Web,
    Readers,
    Past,
):
    """All that Dateline knows, in one SQLite file.

    A store belongs to the thread that opened it: each process and each thread opens its own, and
    any number of them may write, in turns. What a method has done survives a killed process;
    `record`, `listed`, `unchanged` and their like do not wait for the disk. Every method
    raises `StoreBusy` if its turn does not come within the patience, and `StoreError` if
    the file cannot be read or written. Moments are aware; a naive one is a `ValueError`.
    """

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        patience: float = 30.0,
        token: Callable[[], str] = _random_token,
        trace: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the database for reading and writing; make it, or bring it up to date, if need be.

        `patience` is in seconds. `token` gives the random end of permanent ids, unique each time.
        `trace` is told every SQL sentence before it runs. Refuses a newer schema, a file that is
        damaged, empty or not ours, and leaves it as it is.
        """
        return cls(open_writing(path, patience, trace), token)

    @classmethod
    def open_readonly(cls, path: Path, *, patience: float = 30.0) -> Self:
        """Open an up-to-date database for reading; every method that writes is refused."""
        return cls(open_reading(path, patience), _random_token)

    def verify(self) -> None:
        """Read every page of the file, and hold the index against the articles.

        Raises `StoreError` with what is wrong. Takes seconds per gigabyte, so it is not done at
        each start.
        """
        with self._session.reading() as connection:
            found = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        if found != ["ok"] or strays:
            what = "; ".join(found) if found != ["ok"] else f"{len(strays)} rows refer to nothing"
            raise StoreError(f"{self._session.path} is damaged: {what}")
        with self._session.writing() as connection:
            catch_up(connection)
            connection.execute(
                "INSERT INTO article_fts (article_fts, rank) VALUES ('integrity-check', 1)"
            )

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
