"""Every benchmark runs to its end and prints its table; how fast anything is, is not judged here."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The rows of each part's table, by how they begin.
ROWS = {
    "record": ("store.record, store.record_many", "SQLite alone", "the end of the visit"),
    "match": ("everyday        10", "everyday       100", "hard            10", "hard           100",
              "add", "remove"),
    "query": ("500 words  ", "500 words, OR", "10 brackets deep", "a phrase of 4,900 words",
              "10,000 words", "100,000 open brackets", "a backtracking expression",
              "5 large expressions", "an expression too large", "names of 64 ambiguous letters",
              "500 names", "500 words near each other", "500 days"),
    "reading": ("structured data", "printed date only", "no date, no text"),
    "poll": ("Dateline", "Scrapy, RFC2616 policy"),
    "round": ("a round, four sources, nothing new", "its process with nothing to visit",
              "Python that imports Scrapy"),
    "sources": ("wall s a round", "CPU s of the child", "peak MB of the child",
                "requests a source", "of them unconditional", "reports"),
    "feeds": ("RSS, ours", "RSS, feedgen alone", "Atom, ours", "Atom, feedgen alone", "JSON, ours",
              "all three, ours"),
    "past": ("eayttntbtw", "tte", "yath", "cotnomai", "wee NEAR/5 yuaw", "~enxseaaicv NOT"),
    "stories": ("200  ", "400  ", "20  ", "80  ", "20  ", "80  "),
}  # fmt: skip


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the benchmarks at its smallest."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATELINE_BENCH": "small", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize("part", ROWS)
def test_a_benchmark_prints_its_table(part: str) -> None:
    """Each row has its name and figures, in order, and nothing is complained of."""
    ran = run(f"bench.{part}")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = iter(line.strip() for line in ran.stdout.splitlines())
    for row in ROWS[part]:
        found = next((line for line in lines if line.startswith(row)), None)
        assert found is not None, f"no row {row!r} in its place:\n{ran.stdout}"
        assert re.search(r"\d", found.removeprefix(row))


def test_every_benchmark_is_tried() -> None:
    """`make bench` has no part that is not tried here."""
    tree = ast.parse((ROOT / "bench" / "__main__.py").read_text("utf-8"))
    (parts,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PARTS"
    )
    assert set(parts) == set(ROWS)


def test_some_benchmarks_can_be_chosen() -> None:
    """The chosen one is headed by what it is about; one that does not exist is an error."""
    ran = run("bench", "feeds")
    assert ran.returncode == 0
    assert ran.stdout.startswith("── Rendering feeds ──\n")
    assert ran.stdout.count("──") == 2
    ran = run("bench", "feeds", "speed")
    assert ran.returncode == 2
    assert ran.stderr.startswith("no benchmark speed; known: record, match, ")
