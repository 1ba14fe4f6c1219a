"""The user's config is changed in one step or not at all: read, edited, checked, replaced."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
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
    before = path.read_bytes()
    try:
        # Its own line ends stay; a byte order mark is part of it.
        text = edit(before.decode("utf-8"))
    except ValueError as error:
        raise ConfigError((f"{path}: {error}",)) from None
    try:
        check(text, path, secrets=False)
    except ConfigError as error:
        # Without their lines, which are those of a text that nobody has seen.
        line = re.compile(rf"{re.escape(str(path))}:\d+: ")
        found = (line.sub("", mistake, count=1) for mistake in error.mistakes)
        told = (f"{path} stays as it is: what would be written is not right", *found)
        raise ConfigError(told) from None
    if not dry_run:
        _replace(path.resolve(), before, text.encode("utf-8"))


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put new bytes in the file's place in one step, with the file's own owner and permissions.

    Raises ConfigError if the file is not what it was: somebody else has edited it.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    state = path.stat()
    number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(after)
            opened.flush()
            os.fchmod(number, state.st_mode & 0o7777)
            with suppress(PermissionError):  # only root may give a file to somebody else
                os.fchown(number, state.st_uid, state.st_gid)
            os.fsync(number)
        if path.read_bytes() != before:
            raise ConfigError((f"{path} was changed by somebody else meanwhile: say it again",))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
