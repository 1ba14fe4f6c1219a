"""Opening a database: new, old, newer, strange, damaged, busy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from db import words
from db.compile import to_condition
from db.connection import APPLICATION_ID, SCHEMA
from db.errors import StoreBusy, StoreError
from db.query import parse
from db.schema import migrations
from db.store import Store

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Article


def change(path: Path, *statements: str) -> None:
    """Change the file behind the store's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_schema_number_counts_the_steps(path: Path) -> None:
    """A new file says which schema it has and whose it is, and runs in WAL mode."""
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        done = connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()
    assert done == (SCHEMA,) == (len(migrations._migrations),)  # noqa: SLF001 - no other way to count


def test_every_table_is_strict(path: Path) -> None:
    """No column takes a value of another type than it says."""
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        loose = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND NOT strict AND name NOT LIKE '%sqlite%'"
        ).fetchall()
    assert loose == []


def test_opening_again_finds_what_was_there(path: Path, article: Article, now: datetime) -> None:
    """A database outlives the store that wrote it; closing twice does no harm."""
    with Store.open(path) as store:
        store.record(article, now)
        store.close()
    with Store.open(path) as store:
        assert store.counts().articles == 1
        store.verify()


def test_ids_are_random_by_default(path: Path, article: Article, now: datetime) -> None:
    """Without a source of tokens an id ends in 32 random hexadecimal digits."""
    with Store.open(path) as store:
        store.record(article, now)
        (found,) = store.search(None)
    assert len(found.value.feed_id.rpartition(":")[2]) == 32


def test_a_reader_needs_a_database(path: Path) -> None:
    """Reading makes no file."""
    with pytest.raises(StoreError, match="does not exist"):
        Store.open_readonly(path)
    assert not path.exists()


def test_a_reader_cannot_write(path: Path, store: Store, article: Article, now: datetime) -> None:
    """A store opened for reading sees what others write and refuses to write itself."""
    with Store.open_readonly(path) as reader:
        store.record(article, now)
        assert reader.counts().articles == 1
        with pytest.raises(StoreError, match="reading only"):
            reader.record(article, now)


@pytest.mark.parametrize("opened", [Store.open, Store.open_readonly])
def test_a_newer_schema_is_refused(path: Path, opened: type[Store]) -> None:
    """A file of a later program is left alone, and the message names both numbers."""
    Store.open(path).close()
    change(path, "PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=f"schema 99.* up to {SCHEMA}"):
        opened(path)


@pytest.mark.parametrize("opened", [Store.open, Store.open_readonly])
def test_a_strange_database_is_refused(path: Path, opened: type[Store]) -> None:
    """Somebody else's SQLite file is left alone."""
    path.parent.mkdir()
    change(path, "CREATE TABLE t (x)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not one of Dateline's"):
        opened(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b"no database at all\n" * 99, "is damaged or is no")],
)
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes, message: str) -> None:
    """What is no database is never replaced by an empty one."""
    path.parent.mkdir()
    path.write_bytes(content)
    for opened in (Store.open, Store.open_readonly):
        with pytest.raises(StoreError, match=message):
            opened(path)
    assert path.read_bytes() == content


def test_a_truncated_database_is_refused(path: Path, article: Article, now: datetime) -> None:
    """A file that has lost its end is recognised when it is opened."""
    with Store.open(path) as store:
        store.record(article, now)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreError, match="put the last backup"):
        Store.open(path)


def test_a_place_that_cannot_be_is_told(tmp_path: Path) -> None:
    """A path through a file is an error of ours that names it."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="file"):
        Store.open(tmp_path / "file" / "dateline.db")


def test_flipped_bytes_are_found(path: Path, article: Article, now: datetime) -> None:
    """Damage that opening does not see is found by `verify`, or when it is met."""
    with Store.open(path) as store:
        store.record(article, now)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(2, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 64)
    with pytest.raises(StoreError, match="damaged"), Store.open(path) as store:
        store.verify()


def test_verify_finds_rows_that_refer_to_nothing(
    path: Path, article: Article, now: datetime
) -> None:
    """A change whose article is gone is damage."""
    with Store.open(path) as store:
        store.record(article, now)
        change(path, "UPDATE change SET article_id = 77")
        with pytest.raises(StoreError, match="1 rows refer to nothing"):
            store.verify()


def test_verify_holds_the_index_against_the_articles(
    path: Path, article: Article, now: datetime
) -> None:
    """An index that does not know what the articles say is damage."""
    with Store.open(path) as store:
        store.record(article, now)
        store.verify()  # which indexes what still waits
        change(path, "INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
        with pytest.raises(StoreError, match="damaged"):
            store.verify()


def test_other_words_rebuild_the_index(path: Path, article: Article, now: datetime) -> None:
    """An index built by other rules for words is built anew when the store is opened."""
    with Store.open(path) as store:
        store.record(article, now)
        store.verify()  # which indexes what still waits
    change(
        path,
        "INSERT INTO article_fts (article_fts) VALUES ('delete-all')",
        "UPDATE counter SET value = -1 WHERE name = 'normaliser'",
    )
    with pytest.raises(
        StoreError, match=f"words -1, .*; here schema {SCHEMA}, words {words.VERSION}"
    ):
        Store.open_readonly(path)
    with Store.open(path) as store:
        assert len(store.search(to_condition(parse("council")))) == 1
        store.verify()


def test_an_older_schema_with_the_same_words_keeps_its_index(
    path: Path, article: Article, now: datetime
) -> None:
    """Bringing the tables up to date does not rebuild an index whose words are the same."""
    with Store.open(path) as store:
        store.record(article, now)
        store.verify()  # which indexes what still waits
    change(
        path,
        "INSERT INTO article_fts (article_fts) VALUES ('delete-all')",
        "PRAGMA user_version = 0",
    )
    with Store.open(path) as store:
        assert store.search(to_condition(parse("council"))) == ()


def test_a_failed_rebuild_leaves_the_file_as_it_was(path: Path) -> None:
    """A file that cannot be brought up to date is refused and stays what it was."""
    Store.open(path).close()
    change(
        path,
        "UPDATE counter SET value = -1 WHERE name = 'normaliser'",
        "DROP VIEW article_words",
    )
    with pytest.raises(StoreError):
        Store.open(path)
    with closing(sqlite3.connect(path)) as connection:
        (value,) = connection.execute(
            "SELECT value FROM counter WHERE name = 'normaliser'"
        ).fetchone()
    assert value == -1


def test_a_database_without_its_log_opens(
    path: Path, tmp_path: Path, article: Article, now: datetime
) -> None:
    """A copy taken without the -wal file opens with what had reached the file by then."""
    Store.open(path).close()
    copy = tmp_path / "copy.db"
    with Store.open(path) as store:
        store.record(article, now)
        shutil.copy(path, copy)
    with Store.open(copy) as store:
        assert store.counts().articles == 0
        store.verify()
        store.record(article, now)


def test_a_half_made_file_is_made_anew(path: Path) -> None:
    """What a crash left of making a database is in nobody's way."""
    path.parent.mkdir()
    path.with_name(path.name + "-new").write_bytes(b"half")
    with Store.open(path) as store:
        assert store.counts().articles == 0
    assert sorted(p.name for p in path.parent.iterdir()) == ["dateline.db", "dateline.db-turn"]


def test_a_store_belongs_to_its_thread(path: Path, store: Store) -> None:
    """Use from another thread is refused and not left to chance."""
    told: list[Exception] = []

    def use() -> None:
        try:
            store.counts()
        except StoreError as error:
            told.append(error)

    thread = Thread(target=use)
    thread.start()
    thread.join()
    assert "thread" in str(told[0])
    assert path.exists()


def test_opening_while_another_makes_it(path: Path) -> None:
    """Who opens a database that another process holds for too long is told so."""
    with Store.open(path):
        holder = closing(sqlite3.connect(path, isolation_level=None))
        with holder as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE counter SET value = -1 WHERE name = 'normaliser'")
            connection.execute("COMMIT")
            connection.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="another process"):
                Store.open(path, patience=0)


def test_importing_the_store_does_not_import_sqlite_utils() -> None:
    """Programs that find the schema up to date do not pay for the tool that changes it."""
    code = "import sys, db.store; sys.exit('sqlite_utils' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
