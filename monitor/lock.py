"""One process at a time: a lock on a file, freed by the kernel however the holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from db.errors import DatelineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@contextmanager
def only_one(path: Path, *, patience: Sequence[float] = ()) -> Iterator[int | None]:
    """Hold the lock for the block and give its descriptor; give None if another holds it.

    `patience` is how many seconds to wait before each further try. The file holds the process id
    of the last holder and stays behind: removing it would let two processes lock two files of one
    name. A child process holds the lock too if it is passed the descriptor, otherwise not. Raises
    DatelineError if there can be no such file.
    """
    handle = _opened(path)
    try:
        if not _taken(handle, patience):
            yield None
            return
        with suppress(OSError):  # a full disk: the number is for a message only
            os.truncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        yield handle
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unwritable(path, error) from error


def _taken(handle: int, patience: Sequence[float]) -> bool:
    for pause in (0.0, *patience):
        time.sleep(pause)
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


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
