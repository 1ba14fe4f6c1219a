"""One connection to the database file: opening it, taking turns, and telling its errors.

The only place where an error of `sqlite3` is caught. Knows no table except the counter that
holds the normaliser's version.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from db import name_index, names, words
from db.errors import StoreBusy, StoreError
from db.facts import own_day_text
from db.near import stands
from db.patterns import matches
from db.spelling import lines_of_list, stems, surfaces, surfaces_of_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

APPLICATION_ID = 0x446C6E65
"""Marks the file as ours in SQLite's header: the four letters `Dlne`."""

SCHEMA = 13
"""What `PRAGMA user_version` says of an up-to-date file: the number of steps in `db.schema`."""

_CURRENT = (SCHEMA, words.VERSION, names.VERSION)
_POLL = 0.001
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Session:
    """An open database and the rules for using it. Belongs to the thread that opened it.

    Readers see one moment of the data for as long as `reading` lasts. Writers take turns through
    a lock file beside the database as well as through SQLite's own lock: up to 3.51.2 SQLite
    can damage a file when one process resets the log while another moves it into the database,
    and both happen at the end of a write.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, turns: _Turns | None) -> None:
        self.connection = connection
        self.path = path
        self._turns = turns
        self._lasting: bool | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that sees one moment of the data."""
        with translated(self.path):
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self.connection.rollback()

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[sqlite3.Connection]:
        """Open a transaction that is committed at the end, or undone if anything is raised.

        It is immediate: one that first reads and then writes would fail at once if another had
        written in between, whatever the patience. A `lasting` one waits for the disk, which also
        takes in everything committed before it; the others survive a killed process but may be
        undone, the last first, when the machine loses power.
        """
        with translated(self.path):
            if self._turns is None:
                raise StoreError(f"{self.path} was opened for reading only")
            with self._turns.taken():
                self._wait_for_disk(lasting=lasting)
                self.connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self.connection
                    self.connection.execute("COMMIT")
                except BaseException:
                    self.connection.rollback()
                    raise

    def _wait_for_disk(self, *, lasting: bool) -> None:
        if lasting is not self._lasting:
            self.connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
            self._lasting = lasting

    def last(self) -> None:
        """Wait until all that this connection can read is on the disk."""
        with translated(self.path), suppress(FileNotFoundError):
            log = os.open(self.path.with_name(self.path.name + "-wal"), os.O_RDONLY)
            try:
                os.fsync(log)
            finally:
                os.close(log)

    def close(self) -> None:
        """Close the connection; the last one to close moves the log into the database.

        If another process is at work for too long, moving the log is left to it.
        """
        turns, self._turns = self._turns, None
        with translated(self.path):
            if turns is None:
                self.connection.close()
                return
            try:
                with suppress(StoreBusy), turns.taken():
                    self.connection.close()
            finally:
                self.connection.close()
                turns.close()


class Part:
    """What every part of the store shares: the session, and where random tokens come from."""

    def __init__(self, session: Session, token: Callable[[], str]) -> None:
        self._session = session
        self._token = token


class _Turns:
    """Who may write now, over all processes: a lock on a file beside the database.

    The kernel frees it when its holder dies.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._file = os.open(path.with_name(path.name + "-turn"), flags, 0o600)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn; raise `StoreBusy` if it does not come within the patience."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise _busy(self._path) from None
                time.sleep(_POLL)
            else:
                break
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)


def open_writing(path: Path, patience: float, trace: Callable[[str], None] | None) -> Session:
    """Open the database for reading and writing, making or migrating it if need be."""
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        turns = _Turns(path, patience)
        try:
            with turns.taken():
                if not path.exists():
                    _make(path)
                connection = _connect(path, "rw", patience, trace)
                try:
                    _upgrade(connection, path)
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            turns.close()
            raise
    return Session(connection, path, turns)


def open_reading(path: Path, patience: float) -> Session:
    """Open the database for reading only; it must exist and be up to date."""
    with translated(path):
        if not path.exists():
            raise StoreError(f"{path} does not exist: run a round first")
        connection = _connect(path, "ro", patience, None)
        try:
            _refuse_older(path, _check(connection, path))
        except BaseException:
            connection.close()
            raise
    return Session(connection, path, None)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into errors of ours."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _BUSY:
            raise _busy(path) from error
        if code in _DAMAGED:
            raise StoreError(
                f"{path} is damaged or is no Dateline database ({error}): put the last backup "
                f"in its place, or move it away to begin anew"
            ) from error
        remedy = ": make room" if code == sqlite3.SQLITE_FULL else ""
        raise StoreError(f"{path}: {error}{remedy}") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"text that is not clean cannot be stored: {error}") from error
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: {error.strerror or error}: make room, or name a folder "
            f"that can be written"
        ) from error


def _busy(path: Path) -> StoreBusy:
    return StoreBusy(f"{path} is in use by another process for too long: try again later")


def _connect(
    path: Path, mode: str, patience: float, trace: Callable[[str], None] | None
) -> sqlite3.Connection:
    """Connect with the settings every connection needs."""
    if path.exists() and path.stat().st_size == 0:
        raise StoreError(
            f"{path} is empty, which no Dateline database ever is: put the last backup in its "
            f"place, or remove it to begin anew"
        )
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        cached_statements=256,
    )
    try:
        connection.set_trace_callback(trace)
        connection.row_factory = sqlite3.Row
        _teach(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("PRAGMA cache_size = -16000")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
    except BaseException:
        connection.close()
        raise
    return connection


def _teach(connection: sqlite3.Connection) -> None:
    for function in (surfaces, stems, surfaces_of_list, lines_of_list):
        connection.create_function(function.__name__, 1, function, deterministic=True)
    for asking in (matches, stands, own_day_text):
        connection.create_function(asking.__name__, 2, asking, deterministic=True)


def _make(path: Path) -> None:
    """Make the file under another name first: a crash must not leave an empty one behind."""
    fresh = path.with_name(path.name + "-new")
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(fresh, isolation_level=None)
    try:
        _teach(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        _migrate(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Migrate an older file and rebuild an index of other words or names, in one transaction."""
    if _check(connection, path) == _CURRENT:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        _migrate(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _migrate(connection: sqlite3.Connection) -> None:
    # Importing sqlite-utils costs 0.15 s, which only a file that needs a step should pay.
    from db.schema import migrate  # noqa: PLC0415

    migrate(connection)
    built = _built(connection)
    if built["normaliser"] != words.VERSION:
        connection.execute("INSERT INTO article_fts (article_fts) VALUES ('rebuild')")
        connection.execute(
            "UPDATE counter SET value = (SELECT coalesce(max(id), 0) FROM article)"
            " WHERE name = 'indexed'"
        )
        connection.execute(
            "UPDATE counter SET value = ? WHERE name = 'normaliser'", (words.VERSION,)
        )
    if (built["normaliser"], built["names"]) != (words.VERSION, names.VERSION):
        name_index.rebuild(connection)


def _built(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the versions of the rules by which words and names were indexed, 0 for none."""
    found = connection.execute(
        "SELECT name, value FROM counter WHERE name IN ('normaliser', 'names')"
    )
    return {"names": 0, **dict(found.fetchall())}


def _refuse_older(path: Path, found: tuple[int, int, int]) -> None:
    if found != _CURRENT:
        was, here = (
            f"schema {schema}, words {words_of}, names {names_of}"
            for schema, words_of, names_of in (found, _CURRENT)
        )
        raise StoreError(
            f"{path} was written by an older Dateline ({was}; here {here}): "
            "run a round to bring it up to date"
        )


def _check(connection: sqlite3.Connection, path: Path) -> tuple[int, int, int]:
    """Return the file's schema number and the versions of the words and names it was indexed by.

    This reads the header and the schema, which finds a strange or truncated file. Reading every
    page at each start would cost more than a round does: `Store.verify` is for that.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != APPLICATION_ID:
        raise StoreError(f"{path} is a database, but not one of Dateline's: name another file")
    if found > SCHEMA:
        raise StoreError(
            f"{path} has schema {found}, this Dateline knows up to {SCHEMA}: install the newer one"
        )
    built = _built(connection)
    return found, built["normaliser"], built["names"]
