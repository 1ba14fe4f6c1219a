"""What starting a round costs: wall time, CPU and memory of its process.

Run as `python -m bench.round`. A round over the press room's four sites in which nothing is new:
what is left is the price of starting, asking four hosts and ending. Below it the same process
with nothing to visit, and a bare Python that imports Scrapy, in the same run, in turns.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bench.extent import usually
from db.store import Store
from monitor.child import child_environment
from monitor.config import Config, FetchSettings
from monitor.newsroom.room import Newsroom
from monitor.order import Manners, Order, write_order
from monitor.round import run_round
from spiders.registry import default_source

ROUNDS = usually(5, small=1)
_MEASURE = (
    "import json, resource, subprocess, sys\n"
    "given = sys.stdin.buffer.read()\n"
    "subprocess.run(sys.argv[1:], input=given, stdout=subprocess.DEVNULL)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))\n"
)


def rows() -> list[tuple[str, str, str, str]]:
    """Measure, and return what ran, wall seconds, CPU seconds, peak RSS in MB."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, Newsroom(datetime.now(UTC)) as room:
        config = _config(room, Path(folder))
        with Store.open(config.database) as store:
            run_round(config, store)
            for _ in range(ROUNDS):
                found.setdefault("a round, four sources, nothing new", []).append(
                    _round(config, store)
                )
                found.setdefault("its process with nothing to visit", []).append(
                    _process(["-P", "-m", "monitor.crawl"], _empty(config))
                )
                found.setdefault("Python that imports Scrapy", []).append(
                    _process(["-c", "import scrapy.crawler"], b"")
                )
    table = []
    for name, runs in found.items():
        wall, cpu, memory = (median(column) for column in zip(*runs, strict=True))
        table.append((name, f"{wall:.2f}", f"{cpu:.2f}", f"{memory:.0f}"))
    return table


def main() -> None:
    """Print the table."""
    print(f"median of {ROUNDS} rounds")
    print(f"{'':36}{'wall s':>9}{'CPU s':>9}{'peak MB':>10}")
    for name, wall, cpu, memory in rows():
        print(f"{name:36}{wall:>9}{cpu:>9}{memory:>10}")


def _config(room: Newsroom, folder: Path) -> Config:
    sources = []
    for kind, base in room.addresses.items():
        given = default_source(kind)
        urls = tuple(base + urlsplit(url).path for url in given.urls)
        sources.append(replace(given, urls=urls))
    hosts = frozenset(urlsplit(base).netloc for base in room.addresses.values())
    fetch = FetchSettings(delay=timedelta(0), allow=hosts)
    return Config(var=folder, sources=tuple(sources), fetch=fetch)


def _round(config: Config, store: Store) -> tuple[float, float, float]:
    """Measure one round; its child is the only process that ends meanwhile."""
    before = os.times()
    begun = time.monotonic()
    result = run_round(config, store, force=True)
    wall = time.monotonic() - begun
    after = os.times()
    assert {report.state for report in result.reports} == {"unchanged"}, result
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return wall, cpu, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _empty(config: Config) -> bytes:
    manners = Manners.of(config.fetch, config.user_agent, ends_at=time.time() + 60)
    order = Order(manners=manners, database=config.database, errands=())
    return write_order(order).encode() + b"\n"


def _process(arguments: list[str], given: bytes) -> tuple[float, float, float]:
    """Measure a Python process from start to end, through one that has no other child."""
    begun = time.monotonic()
    answer = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURE, sys.executable, *arguments],
        input=given,
        env=child_environment(os.environ),
        capture_output=True,
        check=True,
    )
    cpu, memory = json.loads(answer.stdout)
    return time.monotonic() - begun, cpu, memory


if __name__ == "__main__":
    main()
