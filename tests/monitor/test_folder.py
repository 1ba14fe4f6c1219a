"""A folder as a source: what is dropped into it is read once, told, and read again if changed."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from monitor.cli import run

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
[source.inbox]
kind = "documents"
folder = "inbox"
reads_as = "secretariat"
timezone = "Europe/Moscow"

[watch.all]
query = "CSTO"
channels = []
"""


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a config with a folder that has one file, and stand beside it."""
    (tmp_path / "dateline.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "inbox"
    folder.mkdir()
    drop(folder, "old.txt", "An old item of the CSTO", "June 30, 2025")
    return folder


def drop(folder: Path, name: str, title: str, date: str, at: int = 1_766_000_000) -> None:
    """Save a page of the secretariat's, changed at a Unix time."""
    path = folder / name
    path.write_text(
        f"<html><body><h1>{title}</h1><div>{date}</div><p>{title}: the words of the page, quite "
        f"enough of them to be an item of its own, and no other.</p></body></html>",
        encoding="utf-8",
    )
    os.utime(path, (at, at))


def items(capsys: pytest.CaptureFixture[str], *query: str) -> list[str]:
    """Return the titles of stored items."""
    capsys.readouterr()
    assert run(["items", *query, "--json"]) == 0
    return sorted(json.loads(line)["title"] for line in capsys.readouterr().out.splitlines())


def feed(inbox: Path) -> str:
    """Return the feed of the watch."""
    path = inbox.parent / "var" / "feeds" / "watch-all.json"
    return path.read_text(encoding="utf-8")


def test_what_is_dropped_later_is_news(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first round is the baseline; a file that stays as it is, is not read again."""
    assert run(["run", "--now"]) == 0
    assert items(capsys) == ["An old item of the CSTO"]
    drop(inbox, "new.txt", "A new item of the CSTO", "July 2, 2025")
    assert run(["run", "--now"]) == 0
    assert len(items(capsys)) == 2
    capsys.readouterr()
    assert run(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "ok"
    assert run(["alerts", "list", "--json"]) == 0
    capsys.readouterr()
    entries = json.loads(feed(inbox))["items"]
    assert sorted(entry["title"] for entry in entries) == items(capsys)
    assert run(["run", "--now"]) == 0
    capsys.readouterr()
    run(["status", "--json"])
    assert json.loads(capsys.readouterr().out)["state"] == "unchanged"


def test_a_changed_file_is_an_edit(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is known by its file, whatever became of its words."""
    run(["run", "--now"])
    drop(inbox, "old.txt", "An old item of the CSTO, corrected", "June 30, 2025", 1_766_100_000)
    assert run(["run", "--now"]) == 0
    assert items(capsys) == ["An old item of the CSTO, corrected"]


def test_a_file_that_cannot_be_read_is_told_until_it_can(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The others are read; hidden files and links are left alone."""
    (inbox / "broken.txt").write_bytes(b"")
    (inbox / ".hidden").write_text("x", encoding="utf-8")
    (inbox / "link.txt").symlink_to(inbox.parent / "dateline.toml")
    for _ in range(2):
        run(["run", "--now"])
        capsys.readouterr()
        run(["status", "--json"])
        status = json.loads(capsys.readouterr().out)
        assert "broken.txt: the file is empty" in status["reason"]
    assert items(capsys) == ["An old item of the CSTO"]
    (inbox / "broken.txt").unlink()
    assert run(["run", "--now"]) == 0


def test_a_file_that_was_not_taken_is_named_in_the_words_of_a_folder(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its reason and what to do: in the status, though all is well else, and in the rest."""
    (inbox / "broken.txt").write_bytes(b"")
    run(["run", "--now"])
    reason = "1 of 2 files could not be read: broken.txt: the file is empty"
    for _ in range(2):  # the other file is read once, and stays as it was
        capsys.readouterr()
        assert run(["status"]) == 0
        assert f"inbox: {reason}\n" in capsys.readouterr().out
        assert run(["sources", "show", "inbox"]) == 0
        out = capsys.readouterr().out
        assert f"why           {reason}\n" in out
        assert "what to do    put right what is said of each file, or take it out" in out
        assert "files         1 could not be read\n" in out
        assert "pages   " not in out
        run(["run", "--now"])
    (inbox / "worse.txt").write_bytes(b"")
    run(["run", "--now"])
    capsys.readouterr()
    assert run(["status"]) == 1
    out = capsys.readouterr().out
    assert "files could not be read" in out.splitlines()[2]
    assert "inbox: 2 of 3 files could not be read: broken.txt: the file is empty; worse.txt" in out
    assert "put right what is said of each file" in out
    assert "browser" not in out
    for path in inbox.glob("*.txt"):
        path.unlink()
    run(["run", "--now"])
    capsys.readouterr()
    assert run(["sources", "show", "inbox"]) == 0
    assert "files         all could be read\n" in capsys.readouterr().out


def test_files_that_stay_as_they_were_read_count_for_their_folder(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two that cannot be read beside three that can say nothing of it, at whichever visit."""
    for number in (1, 2):
        drop(inbox, f"good{number}.txt", f"Item {number} of the CSTO", f"July {number}, 2025")
        (inbox / f"broken{number}.txt").write_bytes(b"")
    for files in (5, 5, 6, 6):
        if files == 6:
            drop(inbox, "new.txt", "A new item of the CSTO", "July 4, 2025")
        run(["run", "--now"])
        capsys.readouterr()
        assert run(["status", "--json"]) == 0
        status = json.loads(capsys.readouterr().out)
        assert (status["state"], status["reason"][:6]) == ("ok", f"2 of {files}")


def test_a_folder_that_is_not_there_is_said(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its name."""
    (inbox / "old.txt").unlink()
    inbox.rmdir()
    assert run(["run", "--now"]) == 1
    capsys.readouterr()
    run(["status", "--json"])
    status = json.loads(capsys.readouterr().out)
    assert status["state"] == "erroring"
    assert status["reason"] == f"there is no folder: {inbox}"
    assert status["words"] == "there is no folder"
    told = "make the folder, or correct folder in [source.inbox]; then dateline run --now --source"
    assert f"{told} inbox visits it at once" in status["advice"]
    inbox.mkdir()
    assert run(["run", "--now", "--source", "inbox"]) == 0
    capsys.readouterr()
    assert run(["status"]) == 0


def test_a_file_in_the_place_of_the_folder_is_said(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is as good as no folder, and what to do is the same."""
    (inbox / "old.txt").unlink()
    inbox.rmdir()
    inbox.write_text("no folder", encoding="utf-8")
    assert run(["run", "--now"]) == 1
    capsys.readouterr()
    assert run(["status"]) == 1
    out = capsys.readouterr().out
    assert f"inbox: there is no folder: {inbox}; retried at" in out
    assert "make the folder, or correct folder in [source.inbox]" in out


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('reads_as = "secretariate"', 'reads_as: there is no kind of page "secretariate"'),
        ('urls = ["https://e.org/"]', "urls"),
        ("", "folder"),
    ],
)
def test_mistakes_in_a_folder_are_told(
    inbox: Path, capsys: pytest.CaptureFixture[str], wrong: str, told: str
) -> None:
    """Before anything starts."""
    text = CONFIG.replace('reads_as = "secretariat"', wrong)
    if not wrong:
        text = text.replace('folder = "inbox"\n', "")
    (inbox.parent / "dateline.toml").write_text(text, encoding="utf-8")
    assert run(["check"]) == 2
    assert told in capsys.readouterr().err


def test_what_lay_there_at_first_is_old_however_late_it_is_read(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that could not be read in the first round is no news when it can."""
    (inbox / "late.txt").write_bytes(b"")
    run(["run", "--now"])
    drop(inbox, "late.txt", "A late item of the CSTO", "June 2, 2025", 1_766_200_000)
    assert run(["run", "--now"]) == 0
    assert len(items(capsys)) == 2
    assert news(inbox) == []
    drop(inbox, "new.txt", "A new item of the CSTO", "July 2, 2025", 1_766_300_000)
    assert run(["run", "--now"]) == 0
    assert news(inbox) == ["A new item of the CSTO"]


def test_the_first_file_in_an_empty_folder_is_news(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty folder was read as well: all that comes later came later."""
    (inbox / "old.txt").unlink()
    assert run(["run", "--now"]) == 0
    drop(inbox, "new.txt", "A new item of the CSTO", "July 2, 2025")
    assert run(["run", "--now"]) == 0
    assert items(capsys) == ["A new item of the CSTO"]
    assert news(inbox) == ["A new item of the CSTO"]


def news(inbox: Path) -> list[str]:
    """Return the titles of what anybody could be told of; the watch tells its feed only."""
    with closing(sqlite3.connect(inbox.parent / "var" / "dateline.db")) as connection:
        found = connection.execute(
            "SELECT a.title FROM change c JOIN article a ON a.id = c.article_id"
            " WHERE c.sources <> '[]' ORDER BY c.id"
        )
        return [title for (title,) in found]


def test_a_folder_that_is_not_there_is_told_by_check(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The config is right all the same; a misspelt folder would be silent otherwise."""
    assert run(["check"]) == 0
    assert "is not there" not in capsys.readouterr().err
    (inbox / "old.txt").unlink()
    inbox.rmdir()
    assert run(["check"]) == 0
    assert f"inbox: the folder {inbox} is not there" in capsys.readouterr().err
    run(["run", "--now"])
    capsys.readouterr()
    assert run(["status"]) == 1
    out = capsys.readouterr().out
    assert f"inbox: there is no folder: {inbox}; retried at" in out
    assert "make the folder, or correct folder in [source.inbox]" in out


def test_a_file_that_still_grows_is_left_to_the_next_round(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A half-copied page is no item; once it rests it is read whole."""
    assert run(["run", "--now"]) == 0
    drop(inbox, "new.txt", "A new item of the CSTO", "July 2, 2025")
    whole = (inbox / "new.txt").read_bytes()
    stop = threading.Event()

    def copy() -> None:
        """Write a little more each time, as a slow copy does."""
        with (inbox / "new.txt").open("wb") as file:
            file.write(whole[: len(whole) // 2])
            file.flush()
            while not stop.wait(0.02):
                file.write(b" ")
                file.flush()

    writer = threading.Thread(target=copy)
    writer.start()
    try:
        assert run(["run", "--now"]) == 0
    finally:
        stop.set()
        writer.join()
    assert items(capsys) == ["An old item of the CSTO"]
    drop(inbox, "new.txt", "A new item of the CSTO", "July 2, 2025")
    assert run(["run", "--now"]) == 0
    assert items(capsys) == ["A new item of the CSTO", "An old item of the CSTO"]
