"""The user's config is changed in one step or not at all: read, edited, checked, replaced."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from db.errors import ConfigError
from monitor.config_file import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def rewrite(path: Path, edit: Callable[[str], str], *, dry_run: bool = False) -> None:
    """Put an edited text in the file's place; with `dry_run` only look whether it could be.

    Raises ConfigError if `edit` raises ValueError, or if what would be written has mistakes; the
    file is untouched then.
    """
    try:
        # Its own line ends stay; a byte order mark is part of it.
        text = edit(path.read_bytes().decode("utf-8"))
    except ValueError as error:
        raise ConfigError((f"{path}: {error}",)) from None
    try:
        check(text, path, secrets=False)
    except ConfigError as error:
        told = (f"{path} stays as it is: what would be written is not right", *error.mistakes)
        raise ConfigError(told) from None
    if not dry_run:
        _replace(path.resolve(), text)


def _replace(path: Path, text: str) -> None:
    """Put the text in the file's place in one step, with the file's own permissions."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    mode = path.stat().st_mode & 0o7777
    number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(number, "wb") as opened:
        opened.write(text.encode("utf-8"))
        opened.flush()
        os.fsync(number)
    fresh.chmod(mode)
    fresh.replace(path)
