"""R-10, R-11, R-20, R-26: whole rounds among strangers, by what they weigh and what servers saw."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard

from db.store import Store
from db.visiting import Report, Source, State
from monitor.config import Config, FetchSettings
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import RSS, Answer, Ending
from tests.hostile import (
    Stranger,
    answering,
    dripping_body,
    dripping_headers,
    flooding,
    hanging,
    site,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.rows import Row

pytestmark = pytest.mark.timeout(600)
NOW = datetime.now(UTC)
SCRIPT = Path(__file__).with_name("weighed.py")
GROWTH = 20  # MB
MILLION = 1_000_000


@dataclass(slots=True)
class Outing:
    """What a round among strangers came to."""

    reports: dict[str, Report]
    titles: list[str]
    grown: float
    child: float

    def weigh(self, row: Row, config: Config) -> None:
        """Leave what it weighed, and check it."""
        row.most("parent grew MB", self.grown)
        row.most("child's peak MB", self.child)
        row.count(f"children over their cap of {config.fetch.memory_mb} MB", 0)
        assert self.grown < GROWTH
        assert self.child < config.fetch.memory_mb


@dataclass(frozen=True, slots=True)
class Town:
    """Strangers on a loopback, and rounds among them."""

    folder: Path
    loopback: Loopback

    def good(self, count: int) -> list[Stranger]:
        """Open servers with a feed of one item each."""
        return [
            Stranger(answering(site(f"good{n}", NOW))).open(self.loopback) for n in range(count)
        ]

    def config(self, name: str, places: Sequence[tuple[str, str]], **fetch: object) -> Config:
        """Return a config whose sources are feeds at these addresses (name, URL)."""
        sources = tuple(Source(name=name, kind="feed", urls=(url,)) for name, url in places)
        allow = frozenset(url.split("/")[2] for _, url in places)
        settings = FetchSettings(delay=timedelta(0), allow=allow, deadline=timedelta(minutes=5))
        return Config(var=self.folder / name, sources=sources, fetch=replace(settings, **fetch))

    def round(self, config: Config) -> Outing:
        """Run one round in a process of its own."""
        config.var.mkdir()
        ran = subprocess.run(
            [sys.executable, SCRIPT],
            input=pickle.dumps(config),
            capture_output=True,
            check=True,
            timeout=500,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        weighed = json.loads(ran.stdout)
        with Store.open(config.database) as store:
            names = [source.name for source in config.sources]
            reports = {name: store.reports(name, 1)[0] for name in names}
            titles = [change.value.article.title for change in store.changes(10_000)]
        return Outing(reports, titles, **weighed)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Open an empty town."""
    loopback = Loopback("strangers")
    loopback.start()
    yield Town(tmp_path, loopback)
    loopback.stop()


def _places(strangers: Sequence[Stranger], name: str) -> list[tuple[str, str]]:
    return [(f"{name}{n}", f"http://{one.place}/{name}{n}") for n, one in enumerate(strangers)]


@pytest.mark.torture("R-10", short=20, long=20)
def test_endless_headers_harm_neither_the_process_nor_the_others(row: Row, town: Town) -> None:
    """Servers that never stop sending headers are given up, and the good sources are read."""
    good = town.good(5)
    bad = [Stranger(flooding).open(town.loopback) for _ in range(row.size)]
    config = town.config("round", [*_places(good, "good"), *_places(bad, "bad")])
    outing = town.round(config)
    states = [outing.reports[f"bad{n}"].state for n in range(row.size)]
    row.count("endless heads", len(states))
    row.count("good sources lost", len(good) - len(outing.titles))
    outing.weigh(row, config)
    assert set(states) <= {State.TOO_LARGE, State.KILLED}
    assert {outing.reports[f"good{n}"].state for n in range(len(good))} == {State.OK}
    assert len(outing.titles) == len(good)


def _swollen(millions: int) -> dict[str, Answer]:
    """Return bombs of so many million zeros in three packings."""
    zeros = bytes(MILLION)
    br, zstd = brotli.Compressor(quality=5), zstandard.ZstdCompressor(level=3).compressobj()
    packed = {
        "br": b"".join([*(br.process(zeros) for _ in range(millions)), br.finish()]),
        "zstd": b"".join([*(zstd.compress(zeros) for _ in range(millions)), zstd.flush()]),
        "gzip": gzip.compress(bytes(8 * MILLION)),
    }
    packed["gzip, gzip"] = gzip.compress(gzip.compress(bytes(40 * MILLION)))
    return {
        name: Answer(body=body, media=RSS, headers=(("Content-Encoding", name),))
        for name, body in packed.items()
    }


def _cut() -> dict[str, Answer]:
    """Return a good feed, cut or mislabelled in four ways."""
    whole = site("cut", NOW)["/cut"]
    half = whole.body[: len(whole.body) // 2]
    packed = gzip.compress(whole.body)
    chunked = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    return {
        "declared more": replace(whole, body=half, declared=len(whole.body), ending=Ending.CLOSE),
        "declared less": replace(whole, declared=len(half)),
        "cut gzip": replace(
            whole, body=packed[: len(packed) // 2], headers=(("Content-Encoding", "gzip"),)
        ),
        "cut chunks": Answer(raw=chunked + b"%x\r\n" % len(half) + half, ending=Ending.CLOSE),
    }


@pytest.mark.torture("R-11", short=60, long=600)
def test_bombs_and_cut_bodies_weigh_little_and_give_nothing(row: Row, town: Town) -> None:
    """Each is a state of its source; no item comes from a partial body."""
    answers = {**_swollen(row.size), **_cut()}
    good, bad = town.good(3), []
    for number, (name, answer) in enumerate(answers.items()):
        if name == "br":
            row.most("largest bomb 1 to", row.size * MILLION / len(answer.body))
        bad.append(Stranger(answering({f"/bad{number}": answer})).open(town.loopback))
    config = town.config("round", [*_places(good, "good"), *_places(bad, "bad")])
    outing = town.round(config)
    states = {name: outing.reports[f"bad{n}"].state for n, name in enumerate(answers)}
    row.count("bodies", len(answers))
    row.count("items from them", len(outing.titles) - len(good))
    outing.weigh(row, config)
    assert states == {
        "br": State.TOO_LARGE,
        "zstd": State.TOO_LARGE,
        "gzip": State.TOO_LARGE,
        "gzip, gzip": State.TOO_LARGE,
        **dict.fromkeys(_cut(), State.TRUNCATED),
    }
    assert len(outing.titles) == len(good)


@pytest.mark.torture("R-20", short=6, long=200)
def test_slow_servers_are_cut_and_delay_nobody(row: Row, town: Town) -> None:
    """However a server is slow it is cut at its deadline; the good end as if it were quick.

    What is usual is a round of as many sources of which all answer at once.
    """
    deadline = timedelta(seconds=4 if row.size < 50 else 10)
    good, quick = town.good(max(3, row.size // 4)), town.good(row.size)
    ways = (dripping_headers, dripping_body, hanging)
    slow = [Stranger(ways[n % 3]).open(town.loopback) for n in range(row.size)]
    usual = town.round(
        town.config("usual", [*_places(good, "good"), *_places_of(quick, "good", "quick")])
    )
    config = town.config("slow", [*_places(good, "good"), *_places(slow, "slow")], timeout=deadline)
    outing = town.round(config)
    took = [talk.until - talk.at for one in slow for talk in one.ended()[-1:]]
    row.count("slow servers", len(slow))
    row.count("good servers", len(good))
    row.span(f"cut at s, deadline {deadline.seconds}", *took)
    row.most("good ended, times the usual", _ended(outing, "good") / _ended(usual, "good"))
    row.most("child's peak MB", outing.child)
    assert len(outing.titles) == len(good)
    for number in range(len(slow)):
        report = outing.reports[f"slow{number}"]
        assert report.state is State.UNREACHABLE
        assert report.reason.endswith("gave no complete answer in time")
    assert max(took) < deadline.total_seconds() + 30


def _places_of(strangers: Sequence[Stranger], path: str, name: str) -> list[tuple[str, str]]:
    return [(f"{name}{n}", f"http://{one.place}/{path}{n}") for n, one in enumerate(strangers)]


def _ended(outing: Outing, name: str) -> float:
    """Return the seconds from the first visit to the end of the last of these sources."""
    begun = min(report.started for report in outing.reports.values())
    ends = [report.finished for key, report in outing.reports.items() if key.startswith(name)]
    return (max(ends) - begun).total_seconds()


@pytest.mark.torture("R-26", short=20, long=200)
def test_many_sources_on_few_hosts_are_one_guest(row: Row, town: Town) -> None:
    """Spacing and concurrency hold for a host over all its sources, by what the server saw.

    A request may be on its way for long on a busy machine, but only two are at a time: when one
    starts, all before the last two have come. So from any arrival to one that is so many later,
    at least so many delays have passed but two. The gate's own clock is looked at elsewhere.
    """
    hosts, delay = 5, timedelta(seconds=0.1 if row.size < 50 else 0.25)
    replies = [
        {
            path: answer
            for n in range(at, row.size, hosts)
            for path, answer in site(f"s{n}", NOW).items()
        }
        for at in range(hosts)
    ]
    servers = [Stranger(answering(one, after=0.05)).open(town.loopback) for one in replies]
    places = [(f"s{n}", f"http://{servers[n % hosts].place}/s{n}") for n in range(row.size)]
    outing = town.round(town.config("round", places, delay=delay))
    for server in servers:
        starts = [talk.at for talk in server.ended()]
        gaps = [later - earlier for earlier, later in pairwise(starts)]
        row.span(f"s between requests to a host, delay {delay.total_seconds()}", *gaps)
        row.most("at once at a host", server.most_at_once())
        assert server.most_at_once() <= 2
        for steps in range(3, len(starts)):
            spans = zip(starts, starts[steps:], strict=False)
            least = min(later - earlier for earlier, later in spans)
            assert least >= (steps - 2) * delay.total_seconds()
    row.count("sources", row.size)
    row.count("hosts", hosts)
    row.count("requests", sum(len(server.talks) for server in servers))
    assert len(outing.titles) == row.size
