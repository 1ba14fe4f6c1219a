"""What tests of several rooms share: the press room, the two sinks, and how sweeps are scaled.

A sweep is a property marked `torture(row, short=…, long=…)`: its row of robustness.md, and how
many cases it draws in `make test` and in `make torture` (DATELINE_TORTURE=long). The long version
is cut into parts of at most `part` cases: each has a seed and a memory of its own, and xdist deals
them out. `make torture` ends with a table; DATELINE_TORTURE_SEED repeats one of its runs.

A sweep that draws its cases itself asks for the fixture `sweep`, which says how many and by which
seed, and takes the figures that shall stand in the table.
"""

from __future__ import annotations

import functools
import os
import random
import resource
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, seed, settings

from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox
from monitor.newsroom.room import Newsroom

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

LONG = os.environ.get("DATELINE_TORTURE") == "long"
PART = 2000  # cases that one process may remember
SLOW = 2.0  # seconds a case may take without being noted

# No verdict of a test may depend on how fast the machine is.
settings.register_profile("dateline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("torture", settings.get_profile("dateline"), database=None)
settings.load_profile("torture" if LONG else "dateline")
if LONG:
    os.environ.setdefault("DATELINE_TORTURE_SEED", str(random.SystemRandom().randrange(10**9)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Cut the long version of a sweep into parts."""
    mark = metafunc.definition.get_closest_marker("torture")
    if mark and LONG:
        count = -(-mark.kwargs["long"] // mark.kwargs.get("part", PART))
        metafunc.fixturenames.append("sweep_part")
        metafunc.parametrize("sweep_part", range(count), indirect=True, scope="session")


@dataclass(slots=True)
class Sweep:
    """A sweep that draws its cases itself: how many, by which seed, and what they came to."""

    cases: int
    seed: int
    figures: dict[str, int] = field(default_factory=dict)

    def tell(self, **figures: int) -> None:
        """Give figures of its own for the table."""
        self.figures.update(figures)


@pytest.fixture
def sweep(request: pytest.FixtureRequest) -> Sweep:
    """Return the scale of the sweep that asks."""
    mark = request.node.get_closest_marker("torture")
    part = request.node.callspec.params["sweep_part"] if LONG else 0
    cases = (
        min(mark.kwargs["long"], mark.kwargs.get("part", PART)) if LONG else mark.kwargs["short"]
    )
    return Sweep(cases, int(os.environ.get("DATELINE_TORTURE_SEED", "1")) + part)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.fixture(scope="session")
def sweep_part(request: pytest.FixtureRequest) -> int:
    """Return which part of a sweep this is."""
    return int(request.param)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Say how many cases a sweep draws. Hypothesis itself refuses a second word on that."""
    mark = item.get_closest_marker("torture")
    if not (mark and isinstance(item, pytest.Function)) or hasattr(item.function, "is_sweep"):
        return
    if not hasattr(item.function, "hypothesis"):
        return
    item.function.is_sweep = True
    part = min(mark.kwargs["long"], mark.kwargs.get("part", PART))
    settings(max_examples=part if LONG else mark.kwargs["short"])(item.function)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Count and time the cases of a sweep; in its long version, give each part its seed."""
    mark = item.get_closest_marker("torture")
    if not (mark and isinstance(item, pytest.Function)):
        return (yield)
    if not hasattr(item.function, "hypothesis"):
        return (yield from _run_of_its_own(item, mark.args[0]))
    handle = item.function.hypothesis
    inner = handle.inner_test
    took: list[float] = []

    @functools.wraps(inner)
    def counted(*args: Any, **kwargs: Any) -> Any:
        begun = perf_counter()
        try:
            return inner(*args, **kwargs)
        finally:
            took.append(perf_counter() - begun)

    part = item.callspec.params["sweep_part"] if LONG else 0
    if LONG:
        seed(int(os.environ["DATELINE_TORTURE_SEED"]) + part)(item.function)
    handle.inner_test = counted
    try:
        return (yield)
    finally:
        handle.inner_test = inner
        fact = {"n": len(took), "slow": sum(t > SLOW for t in took), "most": max(took, default=0)}
        item.user_properties.append(("sweep", {**fact, "row": mark.args[0], "peak": _peak()}))


def _run_of_its_own(item: pytest.Function, row: str) -> Generator[None, Any, Any]:
    """Time a sweep that draws its cases itself, and note what it says of itself."""
    sweep: Sweep = item.funcargs["sweep"]
    begun = perf_counter()
    try:
        return (yield)
    finally:
        most = (perf_counter() - begun) / sweep.cases
        fact = {"n": sweep.cases, "slow": 0, "most": most, "figures": sweep.figures}
        item.user_properties.append(("sweep", {**fact, "row": row, "peak": _peak()}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """End the long version with a table, one line for each sweep."""
    if not LONG:
        return
    sweeps: dict[str, list[tuple[dict[str, Any], Any]]] = defaultdict(list)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            facts = dict(report.user_properties)
            if report.when == "call" and "sweep" in facts:
                name = report.nodeid.partition("[")[0].rpartition("::")[2].removeprefix("test_")
                sweeps[f"{facts['sweep']['row']:5} {name}"].append((facts["sweep"], report))
    say = terminalreporter.write_line
    width = max(map(len, sweeps), default=0)
    say(f"{'sweep':{width}}  {'n':>7} failures  seconds  slowest s  over {SLOW:g} s  peak MB")
    for name, runs in sorted(sweeps.items()):
        facts = [fact for fact, _ in runs]
        say(
            f"{name:{width}}  {sum(f['n'] for f in facts):>7}"
            f" {sum(report.failed for _, report in runs):>8}"
            f" {sum(report.duration for _, report in runs):>8.1f}"
            f" {max(f['most'] for f in facts):>10.3f} {sum(f['slow'] for f in facts):>9}"
            f" {max(f['peak'] for f in facts):>8}"
        )
        figures = sum((Counter(f.get("figures", {})) for f in facts), Counter())
        told = {figure for f in facts for figure in f.get("figures", {})}
        if told:
            say(f"{'':{width}}  " + ", ".join(f"{figures[name]} {name}" for name in sorted(told)))
    total = sum(fact["n"] for runs in sweeps.values() for fact, _ in runs)
    say(f"{total} cases, seed {os.environ['DATELINE_TORTURE_SEED']}")


@pytest.fixture(scope="session")
def press_now() -> datetime:
    """Return the moment the press room's own stories are dated from."""
    return datetime(2025, 12, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def hook_secret() -> str:
    """Return the secret that the webhook receiver knows."""
    return "whsec_ZGF0ZWxpbmUtdGVzdC1zZWNyZXQtMzItYnl0ZXMh"


@pytest.fixture
def newsroom(press_now: datetime) -> Iterator[Newsroom]:
    """Open four sites with the first wave out, on the morning of 20 December 2025."""
    with Newsroom(press_now) as room:
        yield room


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Open a mailbox that takes everything until it is scripted."""
    with Mailbox() as box:
        yield box


@pytest.fixture
def hook(hook_secret: str) -> Iterator[Hook]:
    """Open a webhook receiver that shares a secret and lives in the real time."""
    with Hook(hook_secret) as receiver:
        yield receiver
