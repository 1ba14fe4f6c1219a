"""A daemon's config is followed as its file changes, and only when it is whole."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest

from db.errors import ConfigError
from monitor.standing import Standing

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = '[source.belta]\nkind = "belta"\nurls = ["https://eng.belta.by/all_news/"]\n'
HOOK = """[channel.hook]
kind = "webhook"
url = "https://hooks.example.org/x"
secret = "file:key"
"""
WATCH = '[watch.oil]\nquery = "oil"\n'


class File:
    """A config file whose changes have times of their own, and the clock it is looked at by."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = 1_000_000_000.0
        self.write(PLAIN)

    def write(self, text: str) -> None:
        """Write the file now."""
        self.path.write_text(text, "utf-8")
        os.utime(self.path, (self.now, self.now))

    def standing(self) -> Standing:
        """Return what follows the file."""
        return Standing(self.path, lambda: self.now)


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Return a config with a source."""
    return File(tmp_path / "dateline.toml")


def names(standing: Standing) -> tuple[str, ...]:
    """Return the watches."""
    return tuple(watch.name for watch in standing.config.watches)


def test_a_change_is_read_once_the_file_is_left_alone(file: File) -> None:
    """An editor may write in steps: until then nothing is decided by what may be half of it."""
    standing = file.standing()
    assert (standing.look(), standing.is_unsettled, names(standing)) == (False, False, ())
    file.now += 60
    file.write(PLAIN + WATCH)
    assert (standing.look(), standing.is_unsettled, names(standing)) == (False, True, ())
    file.now += 1
    assert (standing.look(), standing.is_unsettled, names(standing)) == (True, False, ("oil",))
    assert not standing.look()


def test_a_file_with_an_old_time_is_whole(file: File) -> None:
    """Who copies it with its time sets that last: each write has the time of its own."""
    standing = file.standing()
    with file.path.open("w", encoding="utf-8") as opened:
        opened.write(PLAIN)
        opened.flush()
        os.utime(file.path, (file.now - 60, file.now - 60))
        opened.write(WATCH)
        opened.flush()
        file.now = file.path.stat().st_mtime + 0.5
        assert (standing.look(), standing.is_unsettled) == (False, True)
    os.utime(file.path, (1, 1))
    assert (standing.look(), standing.is_unsettled) == (True, False)
    assert names(standing) == ("oil",)


def test_a_file_from_the_future_is_read(file: File) -> None:
    """A clock that was set back must not keep the config from being read for hours."""
    standing = file.standing()
    file.now += 7200
    file.write(PLAIN + WATCH)
    file.now -= 3600
    assert standing.look()
    assert names(standing) == ("oil",)


def test_a_config_with_mistakes_changes_nothing(
    file: File, caplog: pytest.LogCaptureFixture
) -> None:
    """The last whole one holds; the mistakes are told once, and the next good one is read."""
    standing = file.standing()
    file.now += 60
    file.write(PLAIN + "[watch.oil]\nquery = 5\n")
    file.now += 60
    assert not any((standing.look(), standing.look(), standing.is_unsettled))
    (refused,) = caplog.messages
    assert "event=config_refused" in refused
    assert "dateline.toml:5" in refused
    file.write(PLAIN + WATCH)
    file.now += 60
    assert standing.look()


def test_a_secret_that_comes_later_counts(file: File, caplog: pytest.LogCaptureFixture) -> None:
    """The log says to create its file: who does so need not touch the config as well."""
    standing = file.standing()
    file.now += 60
    file.write(f"{PLAIN}{HOOK}{WATCH}channels = ['hook']\n")
    file.now += 60
    assert not standing.look()
    key = file.path.with_name("key")
    key.write_text("")
    key.chmod(0o600)
    for _ in range(3):
        file.now += 60
        assert not standing.look()
    missing, empty = caplog.messages
    assert ("create it" in missing, "is empty" in empty) == (True, True)
    key.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    file.now += 60
    assert standing.look()
    assert names(standing) == ("oil",)
    assert not standing.look()
    assert len(caplog.messages) == 2


def test_a_file_that_could_not_be_read_is_tried_again(file: File) -> None:
    """Its permissions are mended without a change of the file; not every look reads it again."""
    standing = file.standing()
    good = f"{PLAIN}{WATCH}"
    file.now += 60
    file.write("?" * len(good))
    file.now += 60
    assert not standing.look()
    stamp = file.path.stat().st_mtime_ns
    with file.path.open("w") as opened:  # the same file, with the same time and size
        opened.write(good)
    os.utime(file.path, ns=(stamp, stamp))
    file.now += 5
    assert not standing.look()
    file.now += 5
    assert standing.look()
    assert names(standing) == ("oil",)


def test_each_state_of_a_file_is_refused_in_the_log(
    file: File, caplog: pytest.LogCaptureFixture
) -> None:
    """Who has changed it, and not mended it, is told so."""
    standing = file.standing()
    for more in ("", "# ?\n", "# ??\n"):
        file.now += 60
        file.write(f"{PLAIN}[watch.oil]\n{more}")
        file.now += 60
        assert not any((standing.look(), standing.look()))
    assert len(caplog.messages) == 3


def test_a_clock_that_was_set_back_keeps_no_file_refused(file: File) -> None:
    """The next try is not hours ahead then."""
    standing = file.standing()
    file.now += 7200
    file.write(f"{PLAIN}{HOOK}")
    file.now += 60
    assert not standing.look()
    key = file.path.with_name("key")
    key.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    key.chmod(0o600)
    file.now -= 3600
    assert standing.look()


def test_a_file_that_is_away_changes_nothing(file: File) -> None:
    """Editors put a new file in the place of the old one; in between there is none."""
    standing = file.standing()
    file.path.unlink()
    assert (standing.look(), standing.is_unsettled) == (False, False)
    assert [source.name for source in standing.config.sources] == ["belta"]


def test_a_comment_is_no_new_config(file: File) -> None:
    """Nothing is begun anew for it."""
    standing = file.standing()
    file.write(f"# mine\n{PLAIN}")
    file.now += 60
    assert not standing.look()


def test_where_the_daemon_stands_needs_a_restart(
    file: File, caplog: pytest.LogCaptureFixture
) -> None:
    """Its folder and its address stay; the rest is taken, and the log says what is not."""
    standing = file.standing()
    var = standing.config.var
    file.write(f'[dateline]\nvar = "elsewhere"\n{PLAIN}{WATCH}[serve]\nbind = "127.0.0.1:1"\n')
    file.now += 60
    with caplog.at_level(logging.WARNING):
        assert standing.look()
    assert (standing.config.var, standing.config.serve.port, names(standing)) == (
        var, 8642, ("oil",),
    )  # fmt: skip
    assert caplog.messages == ["event=restart_needed settings=var,[serve]"]


def test_a_config_with_mistakes_is_no_beginning(file: File) -> None:
    """What cannot be read at first is told to who starts the daemon."""
    file.write("[watch.oil]\n")
    with pytest.raises(ConfigError):
        file.standing()
