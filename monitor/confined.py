"""What every process has that speaks to strangers: a memory cap, a log, an end with its parent."""

from __future__ import annotations

import logging
import os
import resource
import sys
import threading

from db.errors import StoreError
from monitor.log import start as start_log

OUT_OF_MEMORY = 12  # exit code, as ENOMEM
ORPHANED = 13


def confine(memory_mb: int, log_level: str, *, browser: bool = False) -> None:
    """Cap this process's memory, log to stderr, and end when stdin does: the parent is gone then.

    With `browser` the cap is one that may be lifted for the moment in which a browser starts.

    Called once, after the order was read from stdin and before anything is fetched.
    """
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    size = memory_mb * 1024 * 1024
    most = resource.getrlimit(resource.RLIMIT_AS)[1] if browser else size
    resource.setrlimit(resource.RLIMIT_AS, (size, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    start_log(log_level)
    logging.getLogger().handlers[0].addFilter(WorthALine())


def _end_with_parent() -> None:
    # Not through sys.stdin: its lock would be held while the interpreter shuts down.
    os.read(sys.stdin.fileno(), 1)
    # Nothing to tidy: what is committed is kept, what is not was never there.
    os._exit(ORPHANED)


class WorthALine(logging.Filter):
    """Passes our events and others' warnings; what the store refuses once, without tracebacks.

    A full disk refuses every item of a visit alike, and Scrapy would print each with its text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is written, and make it short."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, StoreError):
            reason = str(error)
            if reason in self._said:
                return False
            self._said.add(reason)
            record.msg, record.args = "event=not_stored reason=%r", (reason,)
            record.exc_info = record.exc_text = None
        # Scrapy sets its own loggers to DEBUG, whatever LOG_LEVEL says, so the handler decides.
        return record.name.startswith("dateline") or record.levelno >= logging.WARNING
