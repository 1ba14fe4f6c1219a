"""Where a browser is on this machine, and how to get one; what it is used for is told elsewhere."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from spiders import extras

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def on_path() -> str | None:
    """Return a browser of the system, None if there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def missing() -> str:
    """Say what is missing to draw pages, with the commands that bring it; empty if nothing is."""
    if find_spec("scrapy_playwright") is None:
        return f"{extras.missing('browser', 'scrapy-playwright')}, and {_chromium()}"
    return "" if on_path() or _has_own() else f"no browser was found: {_chromium()}"


def _has_own() -> bool:
    """Tell whether playwright has brought a browser of its own."""
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folder = Path(kept) if kept else Path.home() / ".cache" / "ms-playwright"
    return any(folder.glob("chromium*"))


def _chromium() -> str:
    own = f"{shlex.quote(sys.executable)} -m playwright install chromium"
    return f"apt-get install chromium (or {own})"
