"""Work over one article of many: what raises there is logged, and costs that article alone."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

LOG: Final = logging.getLogger("dateline.store")

Result = TypeVar("Result")


def alone(article_id: int, work: Callable[[], Result]) -> Result | None:
    """Return what a piece of work over an article gives, None if it raises.

    Raises sqlite3.Error: that is the store's fault, and every other article would fail with it.
    """
    try:
        return work()
    except sqlite3.Error:
        raise
    except Exception:  # the job border of one article
        LOG.exception("article=%d outcome=failed", article_id)
        return None
