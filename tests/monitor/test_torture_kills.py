"""R-01: the daemon, killed at random moments while items come; what was lost is computed."""

from __future__ import annotations

import random
import subprocess
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from db.model import FeedSpec
from db.store import Store
from monitor.config_file import load
from monitor.jobs import Jobs
from monitor.newsroom.hook import Hook
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import text_answer
from monitor.turn import LEASE
from tests.hostile import Stranger, answering, feed
from tests.monitor.daemon import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Desk as Folder

    from monitor.newsroom.wire import Answer
    from tests.rows import Row

pytestmark = pytest.mark.timeout(3600)
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]
CONFIG = """
[fetch]
delay = "1ms"
allow = [{allow}]
[serve]
bind = "127.0.0.1:0"
[watch.minsk]
query = "Minsk"
channels = ["hook"]
[channel.hook]
kind = "webhook"
url = "{hook}"
"""
SOURCE = '[source.{name}]\nkind = "feed"\nurls = ["{url}"]\nevery = "1s"\nadaptive = false\nrecheck = []\n'


@dataclass(slots=True)
class Wire:
    """Feeds that grow, and all that they ever published: address and whether the watch meets it."""

    loopback: Loopback
    chance: random.Random
    count: int
    replies: list[dict[str, Answer]] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)
    titles: list[dict[str, str]] = field(default_factory=list)
    published: dict[str, bool] = field(default_factory=dict)

    def open(self) -> None:
        """Open the servers, each with one item of old."""
        for number in range(self.count):
            self.replies.append({})
            self.titles.append({})
            self.strangers.append(Stranger(answering(self.replies[number])).open(self.loopback))
            self.publish(number, met=False)

    def publish(self, number: int, *, met: bool) -> None:
        """Put one more item on top of a feed: its page first, then the list."""
        title = f"{'Minsk' if met else 'Osh'} {' '.join(self._words(5))}"
        path = f"/{len(self.published)}"
        url = f"http://{self.strangers[number].place}{path}"
        self.replies[number][path] = text_answer(
            f"<!DOCTYPE html><html><head><title>{title}</title></head><body><article>"
            f"<h1>{title}</h1><p>{' '.join(self._words(60))}.</p></article></body></html>"
        )
        self.titles[number] = {url: title, **self.titles[number]}
        self.replies[number]["/feed"] = feed(self.titles[number], datetime.now(UTC))
        self.published[url] = met

    def _words(self, count: int) -> list[str]:
        return ["".join(self.chance.choices(SYLLABLES, k=3)) for _ in range(count)]

    def config(self, hook: Hook) -> str:
        """Return a config that watches all of it."""
        places = [stranger.place for stranger in self.strangers]
        allow = ", ".join(f'"{place}"' for place in (*places, hook.url.split("/")[2]))
        tables = [CONFIG.format(allow=allow, hook=hook.url)]
        for number, place in enumerate(places):
            tables.append(SOURCE.format(name=f"s{number}", url=f"http://{place}/feed"))
        return "\n".join(tables)


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """Open a place for the feeds."""
    opened = Loopback("feeds")
    opened.start()
    yield opened
    opened.stop()


def stored(path: Path) -> Counter[str]:
    """Count the stored items by address, and read every page of the database."""
    with Store.open(path) as store:
        store.verify()
        found = store.newest(FeedSpec(name="all", title="", limit=100_000), None)
    return Counter(entry.article.url or "" for entry in found)


def outlives(process: subprocess.Popen[Any], seconds: float) -> bool:
    """Wait for a process to end; True if it did not."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    return process.returncode is None


@pytest.mark.torture("R-01", short=3, long=200)
def test_killed_again_and_again_the_daemon_loses_nothing(
    row: Row, bare: Folder, loopback: Loopback
) -> None:
    """Every item stored once, every alert told; a repeat has the id it had, one a kill at most."""
    chance = random.Random(row.seed)  # noqa: S311 - moments and words, no secrets
    wire = Wire(loopback, chance, count=2 if row.size < 100 else 20)
    wire.open()
    with Hook() as hook:
        (bare.folder / "dateline.toml").write_text(wire.config(hook))
        path = bare.folder / "var" / "dateline.db"
        assert bare.dateline("run").returncode == 0
        old = set(wire.published)
        sound = 0
        for _ in range(row.size):
            for number in range(25 if row.size >= 100 else 6):
                wire.publish(number % wire.count, met=chance.random() < 0.08 or number == 0)
            process = subprocess.Popen(
                bare.command("serve"),
                cwd=bare.folder,
                stderr=subprocess.DEVNULL,
                env=bare.environ(),
            )
            assert outlives(process, chance.uniform(0.3, 5.0))
            process.kill()
            process.wait(10)
            stored(path)
            sound += 1
        with serving(bare) as daemon:
            end = monotonic() + 600
            while len(stored(path)) < len(wire.published):
                assert outlives(daemon.process, 0.5)
                assert monotonic() < end
            code = daemon.end()
        config = load(bare.folder / "dateline.toml")
        # At a time when the leases of the killed have lapsed.
        jobs = Jobs.of(config, lambda: datetime.now(UTC) + LEASE, threading.Event())
        jobs.match()
        jobs.deliver()
        kept = stored(path)
        received = [(one.data["data"]["article"]["url"], one.id) for one in hook.received]
    due = {url for url, met in wire.published.items() if met} - old
    told = Counter(received)
    row.count("kills", row.size)
    row.count("items", len(wire.published))
    row.count("items lost", len(set(wire.published) - set(kept)))
    row.count("items stored twice", sum(kept.values()) - len(kept))
    row.count("alerts due", len(due))
    row.count("alerts lost", len(due - {url for url, _ in told}))
    row.count("alerts not due", len({url for url, _ in told} - due))
    row.count("duplicates with the same id", sum(told.values()) - len(told))
    row.count("duplicates with another id", len(told) - len({url for url, _ in told}))
    row.count("integrity ok", sound)
    assert code == 0
    assert kept == Counter(wire.published.keys())
    assert {url for url, _ in told} == due
    assert len(told) == len(due)
    assert sum(told.values()) - len(told) <= row.size
