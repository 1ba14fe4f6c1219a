"""What a round costs in which 200 sources have nothing new: each on a host of its own, asked once.

Run as `python -m bench.sources`. Feeds of 20 items on loopback, two of them with pages, with
validators, spaced as the config's defaults space them. The first round fills the store; those after
it are measured, each in a process of its own, so that the peak of memory is its child's.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.extent import usually
from db.store import Store
from db.visiting import Source
from monitor.child import child_environment
from monitor.config import Config, FetchSettings
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import Answer, Request, conditional, text_answer
from monitor.round import run_round

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = usually(200, small=3)
ITEMS = usually(20, small=2)
PAGES = 2
ROUNDS = usually(3, small=1)
CHANGED = datetime(2026, 1, 2, tzinfo=UTC)


def rows() -> list[tuple[str, str, str]]:
    """Measure, and return what was measured, how much, and what is aimed at."""
    asked: Counter[str] = Counter()
    unconditional: Counter[str] = Counter()
    loopback = Loopback("bench")
    loopback.start()
    try:
        ports = [
            loopback.listen_http(f"site-{number}", _site(number, asked, unconditional))
            for number in range(SOURCES)
        ]
        with tempfile.TemporaryDirectory() as folder:
            _run(folder, ports)
            asked.clear()
            unconditional.clear()
            runs = [_run(folder, ports) for _ in range(ROUNDS)]
    finally:
        loopback.stop()
    states = Counter(state for run in runs for state in run["states"])
    wall, cpu, memory = (median(run[name] for run in runs) for name in ("wall", "cpu", "memory"))
    requests = sum(asked.values()) / (SOURCES * ROUNDS)
    return [
        ("wall s a round", f"{wall:.2f}", "≤ 15"),
        ("CPU s of the child", f"{cpu:.2f}", ""),
        ("peak MB of the child", f"{memory:.0f}", "≤ 250"),
        ("requests a source", f"{requests:.2f}", "1"),
        ("of them unconditional", f"{sum(unconditional.values())}", "0"),
        ("reports", ", ".join(f"{count // ROUNDS} {state}" for state, count in states.items()), ""),
    ]


def main() -> None:
    """Print the table."""
    print(f"{SOURCES} sources on {SOURCES} hosts, median of {ROUNDS} rounds")
    for name, value, aim in rows():
        print(f"{name:26}{value:>16}{aim:>10}")


def _site(
    number: int, asked: Counter[str], unconditional: Counter[str]
) -> Callable[[Request], Answer]:
    words = "Words of a story, told in a sentence of usual length. " * 8
    items = "".join(
        f"<item><title>Story {item} of site {number}</title><guid>{number}-{item}</guid>"
        f"{f'<link>/story/{item}</link>' if item < PAGES else ''}<description>{words}"
        "</description><pubDate>Fri, 02 Jan 2026 08:00:00 GMT</pubDate></item>"
        for item in range(ITEMS)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    page = (
        f"<!DOCTYPE html><html><body><h1>A story of site {number}</h1><p>{words}</p></body></html>"
    )

    def respond(request: Request) -> Answer:
        asked[request.path] += 1
        if request.path == "/robots.txt":
            return text_answer("User-agent: *\nAllow: /\n")
        known = {name.lower() for name in request.headers}
        unconditional[request.path] += known.isdisjoint(("if-none-match", "if-modified-since"))
        given = text_answer(feed, "application/rss+xml") if "feed" in request.path else None
        return conditional(request, given or text_answer(page), CHANGED)

    return respond


def _run(folder: str, ports: list[int]) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, "-m", "bench.sources", folder, ",".join(map(str, ports))],
        env=child_environment(os.environ),
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


def _round(folder: Path, ports: list[int]) -> dict[str, Any]:
    """Do one round; its child is the only process that ends meanwhile."""
    sources = tuple(
        Source(name=f"site-{port}", kind="feed", urls=(f"http://127.0.0.1:{port}/feed.xml",))
        for port in ports
    )
    fetch = FetchSettings(
        allow=frozenset(f"127.0.0.1:{port}" for port in ports), deadline=timedelta(minutes=5)
    )
    config = Config(var=folder, sources=sources, fetch=fetch)
    with Store.open(config.database) as store:
        begun = time.monotonic()
        result = run_round(config, store, force=True)
        wall = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
        "states": [report.state.value for report in result.reports],
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_round(Path(sys.argv[1]), [int(port) for port in sys.argv[2].split(",")])))
    else:
        main()
