"""What tests of several rooms share: the press room, the two sinks, and how sweeps are scaled.

A sweep is a property marked `torture(row, short=…, long=…)`: its row of robustness.md, and how
many cases it draws in `make test` and in `make torture` (DATELINE_TORTURE=long). The long version
is cut into parts of at most `part` cases: each has a seed and a memory of its own, and xdist deals
them out. A run ends with a table; DATELINE_TORTURE_SEED repeats one of `make torture`.

A scenario is any other test with that mark. It runs once; its fixture `row` says how large it is
to be (`short` or `long`) and takes its figures, which stand in a table of their own (`tests.rows`).
"""

from __future__ import annotations

import functools
import os
import random
import resource
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, seed, settings

from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox
from monitor.newsroom.room import Newsroom
from tests.rows import SLOW, Row, scenario_table, sweep_table

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

LONG = os.environ.get("DATELINE_TORTURE") == "long"
PART = 2000  # cases that one process may remember

# No verdict of a test may depend on how fast the machine is.
settings.register_profile("dateline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("torture", settings.get_profile("dateline"), database=None)
settings.load_profile("torture" if LONG else "dateline")
if LONG:
    os.environ.setdefault("DATELINE_TORTURE_SEED", str(random.SystemRandom().randrange(10**9)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Cut the long version of a sweep into parts."""
    mark = metafunc.definition.get_closest_marker("torture")
    if mark and LONG and is_hypothesis_test(metafunc.function):
        count = -(-mark.kwargs["long"] // mark.kwargs.get("part", PART))
        metafunc.fixturenames.append("sweep_part")
        metafunc.parametrize("sweep_part", range(count), indirect=True, scope="session")


@pytest.fixture(scope="session")
def sweep_part(request: pytest.FixtureRequest) -> int:
    """Return which part of a sweep this is."""
    return int(request.param)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Say how many cases a sweep draws. Hypothesis itself refuses a second word on that."""
    mark = item.get_closest_marker("torture")
    if not (mark and _is_sweep(item)) or hasattr(item.function, "is_sweep"):
        return
    item.function.is_sweep = True
    part = min(mark.kwargs["long"], mark.kwargs.get("part", PART))
    settings(max_examples=part if LONG else mark.kwargs["short"])(item.function)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Count and time the cases of a sweep; in its long version, give each part its seed."""
    mark = item.get_closest_marker("torture")
    if mark and not _is_sweep(item):
        return (yield from _scenario(item, mark.args[0]))
    if not mark:
        return (yield)
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
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        fact = {"n": len(took), "slow": sum(t > SLOW for t in took), "most": max(took, default=0)}
        item.user_properties.append(("sweep", {**fact, "row": mark.args[0], "peak": peak}))


def _is_sweep(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and is_hypothesis_test(item.function)


def _scenario(item: pytest.Item, name: str) -> Generator[None, Any, Any]:
    """Run a scenario and keep what it found, failed or not."""
    try:
        return (yield)
    finally:
        row = getattr(item, "funcargs", {}).get("row", Row())
        item.user_properties.append(("scenario", {"row": name, "figures": row.figures}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """End with a line for each scenario and each sweep that ran."""
    stats = terminalreporter.stats
    seed_of_run = os.environ.get("DATELINE_TORTURE_SEED", "of hypothesis's choice")
    for line in (*scenario_table(stats), *sweep_table(stats, seed_of_run)):
        terminalreporter.write_line(line)


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Row:
    """Return where a scenario reads its size and seed and leaves its figures."""
    mark = request.node.get_closest_marker("torture")
    seed_of_run = int(os.environ.get("DATELINE_TORTURE_SEED", "0"))
    return Row(size=mark.kwargs.get("long" if LONG else "short", 1), seed=seed_of_run)


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
