"""How much a benchmark does: enough to measure by, or as little as shows that it runs.

`DATELINE_BENCH=small python -m bench` is for the tests: its figures mean nothing.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

_SMALL = os.environ.get("DATELINE_BENCH") == "small"


def usually(much: T, *, small: T) -> T:
    """Return how much is to be done."""
    return small if _SMALL else much
