"""How what is left out of an installation is brought into it; the same words for every extra."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def missing(extra: str, package: str) -> str:
    """Say that an extra is missing, with the command that puts it into what runs now."""
    install = f"{shlex.quote(sys.executable)} -m pip install {package}"
    if "pipx" in Path(sys.prefix).parts:
        install = f"pipx inject dateline {package}"
    return f"the extra [{extra}] is not installed: {install}"
