"""How every process of the program logs: to stderr, one event a line, times in UTC."""

from __future__ import annotations

import logging
import time

_FORMAT = "%(asctime)sZ level=%(levelname)s logger=%(name)s %(message)s"


def start(level: int | str) -> None:
    """Log what our own loggers say from this level on; of others' only warnings.

    Called again, it only sets the level.
    """
    formatter = logging.Formatter(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler])
    logging.getLogger("dateline").setLevel(level)
