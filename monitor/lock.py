"""One process at a time: a lock on a file, freed by the kernel however the holder ends."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from db.errors import DatelineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Hold the lock for the block; gives False at once, without waiting, if another holds it.

    The file holds the process id of the last holder and stays behind: removing it would let two
    processes lock two files of one name. Child processes do not inherit the lock. Raises
    DatelineError if there can be no such file.
    """
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield True


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="ascii")
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> DatelineError:
    """Return the error for a state folder that cannot be written."""
    return DatelineError(
        f"{error.filename or path}: {error.strerror or error}; set var in [dateline] to a folder "
        "that can be written"
    )


def holder(path: Path) -> str:
    """Return the process id that last held the lock, as text for a message."""
    try:
        return path.read_text(encoding="ascii").strip() or "unknown"
    except OSError:
        return "unknown"
