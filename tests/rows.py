"""What a scenario of robustness.md reports, and the tables that end a run.

A scenario has no drawn cases but a size, and figures of its own: what was lost, how often a host
was asked, how much memory it took. The figures of all its parameters become one line.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = 2.0  # seconds a case of a sweep may take without being noted


@dataclass(slots=True)
class Row:
    """What one run of a scenario is to be like (`size`, `seed`), and what it found."""

    size: int = 1
    seed: int = 0
    figures: dict[str, tuple[str, float, float]] = field(default_factory=dict)

    def count(self, name: str, number: float = 1) -> None:
        """Add to a figure; a figure of zero is told too."""
        self._note("sum", name, number)

    def most(self, name: str, value: float) -> None:
        """Keep the largest value."""
        self._note("most", name, value)

    def span(self, name: str, *values: float) -> None:
        """Keep the least and the largest value."""
        for value in values:
            self._note("span", name, value)

    def merge(self, figures: dict[str, tuple[str, float, float]]) -> None:
        """Take in what another run found."""
        for name, (how, least, most) in figures.items():
            self._note(how, name, least)
            if how == "span":
                self._note(how, name, most)

    def told(self) -> str:
        """Return the figures as one line."""
        parts = []
        for name, (how, least, most) in self.figures.items():
            value = f"{least:g}" if how == "sum" else f"{most:.4g}"
            parts.append(f"{name} {f'{least:.4g}…{value}' if how == 'span' else value}")
        return "; ".join(parts)

    def _note(self, how: str, name: str, value: float) -> None:
        _, least, most = self.figures.get(name, (how, None, None))
        if how == "sum":
            self.figures[name] = (how, (least or 0) + value, 0)
        else:
            low = value if least is None else min(least, value)
            high = value if most is None else max(most, value)
            self.figures[name] = (how, low, high)


def reports_of(stats: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Give the name of each test that ran with such facts (`sweep`, `scenario`), and the facts."""
    for report in chain(stats.get("passed", ()), stats.get("failed", ())):
        facts = dict(report.user_properties).get(kind)
        if report.when == "call" and facts:
            name = report.nodeid.partition("[")[0].rpartition("::")[2].removeprefix("test_")
            yield f"{facts['row']:5} {name}", facts, report


def sweep_table(stats: dict[str, Any], seed: str) -> Iterator[str]:
    """Give a line for each sweep: cases, failures, time, memory."""
    sweeps: dict[str, list[tuple[dict[str, Any], Any]]] = defaultdict(list)
    for name, facts, report in reports_of(stats, "sweep"):
        sweeps[name].append((facts, report))
    if not sweeps:
        return
    width = max(map(len, sweeps))
    yield f"{'sweep':{width}}  {'n':>7} failures  seconds  slowest s  over {SLOW:g} s  peak MB"
    for name, runs in sorted(sweeps.items()):
        facts = [fact for fact, _ in runs]
        yield (
            f"{name:{width}}  {sum(f['n'] for f in facts):>7}"
            f" {sum(report.failed for _, report in runs):>8}"
            f" {sum(report.duration for _, report in runs):>8.1f}"
            f" {max(f['most'] for f in facts):>10.3f} {sum(f['slow'] for f in facts):>9}"
            f" {max(f['peak'] for f in facts):>8}"
        )
    total = sum(fact["n"] for runs in sweeps.values() for fact, _ in runs)
    yield f"{total} cases, seed {seed}"


def scenario_table(stats: dict[str, Any]) -> Iterator[str]:
    """Give two lines for each scenario: runs, failures and time, and what it found."""
    scenarios: dict[str, list[tuple[dict[str, Any], Any]]] = defaultdict(list)
    for name, facts, report in reports_of(stats, "scenario"):
        scenarios[name].append((facts, report))
    if not scenarios:
        return
    width = max(map(len, scenarios))
    yield f"{'scenario':{width}}  runs failures  seconds"
    for name, runs in sorted(scenarios.items()):
        row = Row()
        for facts, _ in runs:
            row.merge(facts["figures"])
        yield (
            f"{name:{width}}  {len(runs):>4} {sum(report.failed for _, report in runs):>8}"
            f" {sum(report.duration for _, report in runs):>8.1f}"
        )
        if row.figures:
            yield f"{'':6}{row.told()}"
