"""The gates are as wide as they say: what is pure is listed, and lists are complete."""

from __future__ import annotations

import ast
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from coverage import CoverageData

ROOT = Path(__file__).parent.parent
ROOMS = ("db", "spiders", "feeds", "monitor")


def gates(*arguments: str, folder: Path = ROOT) -> str:
    """Run what the Makefile runs."""
    ran = subprocess.run(
        [sys.executable, ROOT / "tests" / "gates.py", *arguments],
        cwd=folder,
        capture_output=True,
        check=True,
        timeout=60,
        text=True,
    )
    return ran.stdout


def test_what_calls_itself_pure_is_held_to_it() -> None:
    """A module whose docstring says Pure is in the import contract, and covered whole."""
    said = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            if re.search(r"\bPure\b", docstring):
                said.add(path.relative_to(ROOT).as_posix())
    listed = gates("whole").split(",")
    assert listed[0] == "db/*"
    assert {path for path in said if not path.startswith("db/")} <= set(listed)
    assert all((ROOT / path).exists() for path in listed[1:])
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for path in said:
        assert f'"{path.removesuffix(".py").replace("/", ".")}"' in contract


def test_what_a_killed_process_left_is_not_combined(tmp_path: Path) -> None:
    """Cut off, empty or without a table: removed; a whole measurement stays."""
    whole = CoverageData(str(tmp_path / ".coverage.whole"))
    whole.add_lines({f"/module{number}.py": range(1, 3000, 2) for number in range(50)})
    whole.write()
    whole.close()
    content = (tmp_path / ".coverage.whole").read_bytes()
    (tmp_path / ".coverage.cut").write_bytes(content[: len(content) // 2])
    (tmp_path / ".coverage.odd").write_bytes(content[:4096] + bytes(len(content) - 4096))
    (tmp_path / ".coverage.empty").touch()
    sqlite3.connect(tmp_path / ".coverage.bare").close()
    shutil.copy(tmp_path / ".coverage.whole", tmp_path / ".coverage.other")
    gates("sweep", folder=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {".coverage.whole", ".coverage.other"}
