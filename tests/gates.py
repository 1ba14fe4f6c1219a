"""What the gates of the Makefile are told: `whole` prints, `sweep` tidies up. Needs no test.

`whole` prints which files must be covered to the last branch, as `coverage --include` wants them.
`sweep` removes the measurements that a process left half written when a test killed it, or had it
run out of memory or disk: combining them would make the gate depend on when it died.
"""

from __future__ import annotations

import sqlite3
import sys
import tomllib
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent


def pure_modules() -> frozenset[str]:
    """Return the modules that the import contract calls pure."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (pure,) = [one for one in contracts if one["name"].startswith("pure modules")]
    return frozenset(pure["source_modules"])


def whole() -> str:
    """Return the files that must be covered whole."""
    files = (f"{module.replace('.', '/')}.py" for module in sorted(pure_modules()))
    return ",".join(("db/*", *(file for file in files if not file.startswith("db/"))))


def sweep(folder: Path) -> None:
    """Remove the measurements that cannot be read to their end."""
    for path in folder.glob(".coverage.*"):
        if not _is_whole(path):
            path.unlink()


def _is_whole(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return sound and database.execute("SELECT count(*) FROM meta").fetchone() > (0,)
    except sqlite3.DatabaseError:
        return False


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["whole"]:
            sys.stdout.write(whole())
        case ["sweep"]:
            sweep(Path.cwd())
        case _:
            sys.exit("gates.py: say whole or sweep")
