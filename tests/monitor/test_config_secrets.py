"""Secrets stand elsewhere, are read with the config, and show themselves to nobody."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING

import pytest

from db.errors import ConfigError
from monitor.config import MailChannel
from monitor.config_file import load
from monitor.secrets import Secret

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Paper

CANARY = "whsec_Y2FuYXJ5N2YzYTlj"
SOURCE = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'
MAIL = '[channel.desk]\nkind = "mail"\nhost = "mx"\nfrom = "a@b.org"\nto = ["c@d.org"]\n'


@pytest.mark.parametrize(
    "given",
    [
        f'password = "{CANARY}"',
        f'password = "env:NONE"\n# {CANARY}',
        f"password = ['{CANARY}']",
        'password = "file:open"',
        'password = "file:folder"',
        'password = "file:empty"',
        'password = "file:binary"',
    ],
)
def test_no_mistake_repeats_a_secret(tmp_path: Path, paper: Paper, given: str) -> None:
    """A secret typed where a pointer belongs, or in a file others can read, is not shown."""
    (tmp_path / "open").write_text(CANARY)
    (tmp_path / "open").chmod(0o644)
    (tmp_path / "folder").mkdir(mode=0o700)
    for name, data in (("empty", b"\n"), ("binary", b"\xff" + CANARY.encode())):
        (tmp_path / name).write_bytes(data)
        (tmp_path / name).chmod(0o600)
    with pytest.raises(ConfigError) as caught:
        paper.read(SOURCE + MAIL + 'username = "u"\n' + given)
    assert "[channel.desk] password: " in str(caught.value)
    assert CANARY not in repr(caught.value)
    assert CANARY not in repr(caught.value.__cause__)


def test_a_secret_shows_itself_only_when_asked() -> None:
    """Printing, formatting, joining and pickling do not give it away; equality works."""
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == CANARY
    assert secret == Secret(CANARY) != Secret("other")
    assert secret != CANARY
    assert len({secret, Secret(CANARY)}) == 1
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(secret)


def test_the_environment_is_the_default_place_for_secrets(tmp_path: Path) -> None:
    """Without a word about it, `env:` means this process's own environment."""
    name = next(name for name, value in os.environ.items() if value and name.isidentifier())
    path = tmp_path / "dateline.toml"
    path.write_text(SOURCE + MAIL + f'username = "u"\npassword = "env:{name}"')
    (channel,) = load(path).channels
    assert isinstance(channel, MailChannel)
    assert channel.password == Secret(os.environ[name])
