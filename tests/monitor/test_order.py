"""What passes between a round and its child: orders, progress, and no secret."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.visiting import ApiList, Gap, ListSeen, Report, Selectors, Source, State
from monitor.child import child_environment
from monitor.config import FetchSettings
from monitor.order import (
    Errand,
    Manners,
    Order,
    ProbeOrder,
    Progress,
    read_order,
    read_probe_order,
    read_progress,
    write_order,
    write_progress,
)


def test_the_child_sees_none_of_our_secrets() -> None:
    """Only what Python, time and TLS need is passed on."""
    environ = {"PATH": "/bin", "SMTP_PASSWORD": "secret", "LC_ALL": "C", "PYTHONPATH": "x"}
    passed = child_environment(environ)
    assert "secret" not in str(passed)
    assert passed["PATH"] == "/bin"
    assert passed["PYTHONPATH"].endswith(":x")


def test_the_parent_never_loads_scrapy() -> None:
    """What a daemon holds in memory all day does not include a crawler."""
    code = "import monitor.round, sys; print({'scrapy', 'twisted', 'lxml'} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=child_environment(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "set()"


def test_orders_and_progress_survive_the_pipe() -> None:
    """What one side writes the other reads back equal; other lines are no events."""
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    source = Source(
        name="s",
        kind="api",
        urls=("http://x/",),
        tags=("a", "b"),
        selectors=Selectors(card="li"),
        api=ApiList(items="data", link="url"),
        first_round=timedelta(days=1),
    )
    fetch = FetchSettings(delay=timedelta(seconds=1.5), allow=frozenset({"127.0.0.1:1"}))
    manners = Manners.of(fetch, "Dateline", ends_at=60.5)
    assert (manners.delay, manners.timeout, manners.log_level) == (1.5, 30, "INFO")
    order = Order(
        database=Path("/var/x.db"),
        errands=(Errand(source=source),),
        manners=manners,
    )
    assert read_order(write_order(order)) == order
    probe = ProbeOrder(manners=manners, url="http://x/", samples=3, save=None)
    for one in (probe, replace(probe, save=Path("/var/pages"))):
        assert read_probe_order(write_order(one)) == one
    report = Report(
        source="s",
        started=now,
        finished=now,
        state=State.LATER,
        coverage=(("title", 3),),
        gap=Gap(after=now, before=None, pages=2),
        lists=(ListSeen(url="u", cards=3, new=1),),
    )
    event = Progress(source="s", requests=1, listed=2, read=3, new=4, report=report)
    assert read_progress(write_progress(event)) == event
    assert read_progress(write_progress(Progress(source="s"))) == Progress(source="s")
    for line in ("", "[]", "{}", "noise", '{"report": null, "what": 1}', "null"):
        assert read_progress(line) is None
