"""The config of a command that only reads: no secret is asked for, and a store alone will do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monitor.config import Config
from monitor.config_file import load

if TYPE_CHECKING:
    from monitor.cli import Invocation


def for_reading(invocation: Invocation) -> Config:
    """Return the config, with or without sources; where there is none, one of ./var.

    That only if items were imported there.

    Raises ConfigError if there is neither, or if the config has mistakes.
    """
    alone = without_config()
    if is_there(invocation) or not alone.database.exists():
        return load(invocation.config, secrets=False, sourceless=True)
    return alone


def is_there(invocation: Invocation) -> bool:
    """Tell whether there is a config, or one was named, which then must be there."""
    return invocation.chosen or invocation.config.exists()


def without_config() -> Config:
    """Return what holds where there is no config: all state in ./var."""
    return Config(var=Path.cwd() / "var")
