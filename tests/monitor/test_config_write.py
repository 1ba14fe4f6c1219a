"""The config is changed in one step or not at all, and stays its owner's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from db.errors import ConfigError
from monitor.config_write import rewrite

if TYPE_CHECKING:
    from pathlib import Path

TEXT = '[source.paper]\r\nkind = "feed"  # ours\r\nurls = ["https://e.example/rss"]\r\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a config that only its owner reads."""
    path = tmp_path / "dateline.toml"
    path.write_bytes(TEXT.encode())
    path.chmod(0o640)
    return path


def test_the_file_keeps_its_owner_its_rights_and_its_line_ends(path: Path) -> None:
    """A daemon of another user can still read what root has edited."""
    if os.geteuid() == 0:
        os.chown(path, 1234, 1234)
    before = path.stat()
    rewrite(path, lambda text: text.replace("# ours", "# all ours"))
    after = path.stat()
    assert path.read_bytes() == TEXT.replace("# ours", "# all ours").encode()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_an_edit_of_somebody_else_is_not_lost(path: Path) -> None:
    """Whoever comes second is told, and the first one's words stand."""

    def edit(text: str) -> str:
        path.write_text(text + "# somebody else\n")
        return text + "# ours too\n"

    with pytest.raises(ConfigError, match="changed by somebody else"):
        rewrite(path, edit)
    assert path.read_text().endswith("# somebody else\n")
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_mistake_and_a_dry_run_write_nothing(path: Path) -> None:
    """What would be written is checked before anything is."""
    with pytest.raises(ConfigError, match="stays as it is") as caught:
        rewrite(path, lambda text: text + "[watch.x]\nquery = 7\n")
    assert caught.value.mistakes[1].startswith("[watch.x] query")
    with pytest.raises(ConfigError, match="no such table"):
        rewrite(path, _refuse)
    rewrite(path, lambda text: text + "# more\n", dry_run=True)
    assert path.read_bytes() == TEXT.encode()


def _refuse(_text: str) -> str:
    raise ValueError("no such table")
