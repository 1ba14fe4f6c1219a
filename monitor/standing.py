"""The config of a running daemon: its file is read again when it has changed."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from db.errors import DatelineError
from monitor.config_file import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.config import Config

LOG = logging.getLogger("dateline.serve")
_STILL = 1.0
"""Seconds a file must have been left alone: an editor may write it in several steps."""
_AGAIN = 10.0
"""Seconds from a refusal to the next try: what was wrong may have been another file's, as where
a secret is kept, or its permissions. A large config takes too long to be read at every look."""

_Stamp = tuple[int, int, int]


class Standing:
    """What a config file said when it was last whole; looked at from the jobs' threads.

    Raises DatelineError where the file cannot be read at first, or has mistakes.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._stamp = self._stamped()
        self.config: Config = load(path)
        self._refused: tuple[float, str] | None = None  # when last, and why
        self.is_unsettled = False
        """Whether the file has changed and is not read yet: what is decided now may be too soon."""

    def look(self) -> bool:
        """Read the file if it has changed since the last look; tell whether `config` is new.

        One with mistakes, or none, changes nothing: they are logged, once, and it is tried again
        until it is whole. Where the daemon stands (`var`, `[serve]`) stays as it was, which is
        logged as well.
        """
        with self._lock:
            stamp = self._stamped()
            is_changed = stamp not in (None, self._stamp)
            self.is_unsettled = is_changed and not self._is_still(stamp)
            if self.is_unsettled or not (is_changed or self._is_to_try()):
                return False
            if is_changed:
                self._stamp, self._refused = stamp, None
            try:
                found = load(self._path)
            except DatelineError as error:
                self._refuse(str(error))
                return False
            self._refused = None
            kept = replace(found, var=self.config.var, serve=self.config.serve)
            if kept != found:
                LOG.warning("event=restart_needed settings=var,[serve]")
            is_new, self.config = kept != self.config, kept
            return is_new

    def _refuse(self, reason: str) -> None:
        """Say what is wrong with this state of the file, once while it stays the same."""
        if self._refused is None or reason != self._refused[1]:
            LOG.error("event=config_refused reason=%r", reason)
        self._refused = self._clock(), reason

    def _is_to_try(self) -> bool:
        """Tell whether the file was refused, and a while ago by a clock that may be set back."""
        return self._refused is not None and not 0 <= self._clock() - self._refused[0] < _AGAIN

    def _stamped(self) -> _Stamp | None:
        """Return what tells one state of the file from another, None while there is no file."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _is_still(self, stamp: _Stamp | None) -> bool:
        """Tell whether the last change lies back; one ahead of the clock says nothing of that."""
        since = self._clock() - (stamp[0] / 1e9 if stamp else 0)
        return not 0 <= since < _STILL
