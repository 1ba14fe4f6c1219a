"""How every process of the program logs: to stderr, one event a line, times in UTC.

What strangers wrote is escaped, so that it can neither steer a terminal nor forge a line.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from monitor.terminal import escaped

if TYPE_CHECKING:
    from types import TracebackType

    _ExcInfo = (
        tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    )

_FORMAT = "%(asctime)sZ level=%(levelname)s logger=%(name)s %(message)s"


class Line(logging.Formatter):
    """Writes an event as one line; a traceback follows it, indented."""

    def __init__(self) -> None:
        super().__init__(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Write all but the traceback."""
        return escaped(super().formatMessage(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's name
        """Write a traceback."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"  {escaped(line)}" for line in lines)


def start(level: int | str) -> None:
    """Log what our own loggers say from this level on; of others' only warnings.

    Called again, it only sets the level.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler])
    logging.getLogger("dateline").setLevel(level)
    # Asked last, about pages that are none as well: what it finds nothing on is no event of ours.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
