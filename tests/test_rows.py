"""The figures of scenarios: kept by kind, merged over parameters, told in one line each."""

from __future__ import annotations

from dataclasses import dataclass

from tests.rows import Row, scenario_table, sweep_table


@dataclass
class Ran:
    """A test's report, as far as the table reads it."""

    nodeid: str
    user_properties: list[tuple[str, dict[str, object]]]
    failed: bool = False
    when: str = "call"
    duration: float = 1.0


def _ran(name: str, row: Row, *, failed: bool = False) -> Ran:
    facts = {"row": "R-99", "figures": row.figures}
    return Ran(f"tests/test_it.py::test_{name}", [("scenario", facts)], failed)


def test_a_scenario_is_one_line_with_the_figures_of_all_its_parameters() -> None:
    """Counts are added up, spans widen, the most is kept; a failed run is counted with its own."""
    one, other = Row(), Row()
    one.count("missed", 0)
    one.span("cut at s", 2.5, 2.0)
    one.most("peak MB", 80)
    other.count("missed", 3)
    other.span("cut at s", 3.0)
    other.most("peak MB", 70)
    stats = {"passed": [_ran("slow[a]", one)], "failed": [_ran("slow[b]", other, failed=True)]}
    lines = [line.split() for line in scenario_table(stats)]
    assert lines[1] == ["R-99", "slow", "2", "1", "2.0"]
    assert " ".join(lines[2]) == "missed 3; cut at s 2…3; peak MB 80"


def test_without_scenarios_and_sweeps_there_is_no_table() -> None:
    """A run of other tests ends as it always did."""
    stats = {"passed": [Ran("tests/test_it.py::test_x", [])]}
    assert not [*scenario_table(stats), *sweep_table(stats, "1")]
