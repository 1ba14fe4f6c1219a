"""The gate: how often a host is asked, how many at once, and who is sent away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import settings
from spiders.courtesy import Refused
from spiders.courtesy_gate import Gate
from tests.spiders.conftest import WatchedGate

if TYPE_CHECKING:
    from db.visiting import Source
    from tests.rows import Row
    from tests.spiders.conftest import Script, Visitor

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_who_would_wait_beyond_the_end_of_the_round_is_sent_away() -> None:
    """A turn that cannot come before the round ends is no reason to keep the round waiting."""

    async def scene() -> list[str]:
        gate = WatchedGate(delay=30, clock=lambda: NOW)
        gate.ends_at = NOW + timedelta(seconds=29)
        told = []
        for _ in range(2):
            try:
                async with gate.turn("host"):
                    told.append("in")
            except Refused as error:
                told.append(error.problem.reason)
        return told

    assert asyncio.run(scene()) == ["in", "asked to come back after 2026-01-05T09:00:30Z"]


@pytest.mark.torture("R-26")
def test_sources_on_one_host_share_its_spacing(
    script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """Twelve sources on a host, visited together, are one guest: requests keep their distance."""
    visitor.delay = 4
    sources = []
    for number in range(12):
        script.show(f"/list{number}", f"item{number}")
        script.article(f"item{number}")
        urls = (f"{script.base}/list{number}",)
        sources.append(replace(source, name=f"source{number}", urls=urls))
    visitor.visit_all(sources, script.allow)
    row.span("s between requests by the gate's clock, delay 4", *visitor.gate.gaps())
    assert len(script.seen) == 25
    assert visitor.gate.gaps() == [4] * 24


def test_the_gate_lets_two_in_and_refuses_the_held() -> None:
    """Two at once per host; whoever waits while the host asks for a pause is turned away."""

    async def scene() -> list[str]:
        gate = Gate(delay=0.0, clock=lambda: NOW)
        log: list[str] = []
        leave = asyncio.Event()

        async def guest(name: str) -> None:
            try:
                async with gate.turn("host"):
                    log.append(f"{name} in")
                    await leave.wait()
            except Refused as error:
                log.append(f"{name} {error.problem.state}")

        guests = [asyncio.create_task(guest(name)) for name in "abc"]
        await asyncio.sleep(0)
        async with gate.turn("elsewhere"):
            log.append("elsewhere in")
        gate.hold("host", NOW + timedelta(seconds=1))
        gate.hold("host", NOW)
        leave.set()
        await asyncio.gather(*guests)
        return log

    assert asyncio.run(scene()) == ["a in", "b in", "elsewhere in", "c later"]


def test_scrapy_sends_as_many_to_a_host_as_its_gate_lets_in() -> None:
    """Two requests to one host at a time, started a delay apart."""
    gate = Gate(delay=0.0, clock=lambda: NOW)
    assert gate.places == settings.CONCURRENT_REQUESTS_PER_DOMAIN == 2


def test_the_gate_spaces_by_its_own_clock() -> None:
    """Starts keep their distance even if each turn ends at once; a Crawl-delay widens it."""

    async def scene() -> list[float]:
        gate = WatchedGate(delay=2, clock=lambda: NOW)
        for number in range(4):
            async with gate.turn("host"):
                pass
            if number == 1:
                gate.slow_down("host", 6)
                gate.slow_down("host", 1)
        return gate.gaps()

    assert asyncio.run(scene()) == [2, 6, 6]


def test_a_crawl_delay_holds_for_who_waits_already() -> None:
    """Whoever stood at the door when the delay grew waits for the longer one."""

    async def scene() -> list[float]:
        gate = WatchedGate(delay=2, clock=lambda: NOW)
        async with gate.turn("host"):
            waits = asyncio.create_task(gate.turn("host").__aenter__())
            await asyncio.sleep(0)
            assert gate.seconds == 1002
            gate.slow_down("host", 10)
        await waits
        return gate.gaps()

    assert asyncio.run(scene()) == [10]


@pytest.mark.torture("R-26", short=50, long=5000)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 9), st.floats(0, 20)), max_size=20))
def test_no_request_starts_before_its_time(guests: list[tuple[str, float, float]]) -> None:
    """Whoever comes when and stays how long: two starts at a host are a delay apart."""

    async def scene() -> dict[str, list[float]]:
        gate = WatchedGate(delay=5, clock=lambda: NOW)

        async def guest(host: str, after: float, stays: float) -> None:
            gate.seconds += after
            async with gate.turn(host):
                gate.seconds += stays
                await asyncio.sleep(0)

        await asyncio.gather(*(guest(*one) for one in guests))
        starts: dict[str, list[float]] = {}
        for _, host, at in gate.log:
            starts.setdefault(host, []).append(at)
        return starts

    for starts in asyncio.run(scene()).values():
        assert all(later >= earlier + 5 for earlier, later in pairwise(starts))


def test_the_gate_s_real_clock_keeps_the_distance() -> None:
    """Outside tests a second is a second: by the readings it took, no start comes early."""
    read: list[float] = []

    def tick() -> float:
        read.append(monotonic())
        return read[-1]

    async def scene() -> list[float]:
        gate = Gate(delay=0.02, clock=lambda: NOW, tick=tick)
        starts = []
        for _ in range(3):
            async with gate.turn("host"):
                starts.append(read[-1])
        return starts

    assert all(later >= earlier + 0.02 for earlier, later in pairwise(asyncio.run(scene())))
