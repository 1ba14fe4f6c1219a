"""Whatever the rates, the clock and the kills: every alert is told once, or again as the same."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import DeliveryError
from db.model import Article, TextBasis, TitleBasis
from db.store import Store
from db.telling import AlertState, Flood, Watch
from monitor.deliver import Courier, Receiver
from monitor.message import Message
from monitor.rates import Terms, quiet_until
from monitor.rules import Rules
from monitor.watch import match_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.telling import Letter

NOW = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)  # the evening before the clocks change in Berlin
WATCHES = (
    Watch(name="now", query="talks", channels=("a", "b")),
    Watch(name="twice", query="border", channels=("a",), digest=(time(8), time(18))),
    Watch(name="rest", query="water", channels=("a", "b"), cooldown=timedelta(hours=3)),
)
WORDS = ("talks", "border", "water")
CLOCKS = st.sampled_from([time(0), time(2, 30), time(6), time(12), time(23, 30)])
TERMS = st.builds(
    Terms,
    zone=st.just("Europe/Berlin"),
    quiet=st.none() | st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1]),
    flood=st.none() | st.builds(Flood, most=st.integers(1, 3), within=st.just(timedelta(hours=1))),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("news"), st.sets(st.sampled_from(WORDS), min_size=1)),
        st.tuples(st.just("wait"), st.integers(-120, 900)),
        st.tuples(st.just("kill"), st.sampled_from(["packed", "claimed", "sent", "settled"])),
        st.tuples(st.just("down"), st.booleans()),
    ),
    max_size=25,
)


class Killed(BaseException):
    """The process is gone."""


@dataclass
class World:
    """Clock, channels, kills, and a ledger of what was sent."""

    terms: Terms
    path: Path
    now: datetime = NOW
    dying: str = ""
    down: bool = False
    kills: int = 0
    made: int = 0
    sent: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    broken_quiet: int = 0

    def die_at(self, here: str) -> None:
        """Die if it is time to."""
        if self.dying == here:
            self.dying = ""
            self.kills += 1
            raise Killed

    def news(self, words: set[str]) -> None:
        """Store an item with these words and match it."""
        self.made += 1
        article = Article(
            url=f"https://news.example.org/{self.made}",
            source="belta",
            title=f"Item {self.made}",
            title_basis=TitleBasis.PAGE,
            text=f"{' '.join(sorted(words))} number {self.made}",
            text_basis=TextBasis.PAGE,
        )
        with Store.open(self.path) as store:
            store.record(article, self.now)
            match_all(store, Rules.compile(WATCHES), self.now, {"a": self.terms})

    def later(self) -> None:
        """Run a pass an hour later, or at the end of the quiet hours that lie there."""
        self.now += timedelta(minutes=61)
        self.now = quiet_until(self.terms, self.now) or self.now
        self.deliver()

    def waits(self) -> bool:
        """Tell whether anything is still to be sent."""
        with Store.open(self.path) as store:
            return any(store.alerts(state=AlertState.DUE, limit=1))

    def deliver(self) -> None:
        """Run one pass; a kill ends it."""
        with Mortal.open(self.path) as store:
            store.world = self
            courier = Courier(
                store=store,
                channels={name: Line(self, name) for name in "ab"},
                receivers={"a": Receiver(terms=self.terms)},
                clock=lambda: self.now,
                owner=f"courier-{self.kills}",
                spread=lambda: 0.0,
                render=keys_of,
            )
            try:
                asyncio.run(courier.deliver_due())
            except Killed:
                self.down = False


class Mortal(Store):
    """A store after whose calls the process may die."""

    world: World

    def pack(self, *args: Any) -> int:
        """Make letters, perhaps as the last thing."""
        made = super().pack(*args)
        self.world.die_at("packed")
        return made

    def settle(self, *args: Any, **how: Any) -> bool:
        """Settle a letter, perhaps as the last thing."""
        kept = super().settle(*args, **how)
        self.world.die_at("settled")
        return kept


@dataclass
class Line:
    """A channel that keeps what it is sent."""

    world: World
    name: str

    async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
        """Take the message, fail, or die before or after it."""
        del earlier
        world = self.world
        world.die_at("claimed")
        if world.down:
            raise DeliveryError("503", permanent=False)
        world.sent.append((self.name, key, tuple(message.data["keys"])))
        if self.name == "a" and quiet_until(world.terms, world.now):
            world.broken_quiet += 1
        world.die_at("sent")
        return "200 OK"


def keys_of(letter: Letter) -> Message:
    """Render a letter as the keys of its alerts."""
    keys = [alert.key for alert in letter.alerts]
    return Message(subject="s", text="t", html="h", data={"keys": keys})


@pytest.mark.torture("R-02", short=40, long=3000, part=300)
@given(terms=TERMS, steps=STEPS)
def test_every_alert_is_told_once_whatever_happens(
    terms: Terms, steps: list[tuple[str, Any]]
) -> None:
    """No loss; a repeat only after a kill, with the id and the alerts it had; nights are quiet."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(terms, Path(folder) / "dateline.db")
        for what, how in steps:
            match what:
                case "news":
                    world.news(how)
                case "wait":
                    world.now += timedelta(minutes=how)
                case "kill":
                    world.dying = how
                case "down":
                    world.down = how
            world.deliver()
        world.down, world.dying = False, ""
        for _ in range(8):
            for _ in range(10):
                world.later()
            if not world.waits():
                break  # and ten passes more would find as little as these
        with Store.open(world.path) as store:
            store.resend_dead(world.now)
        world.later()
        with Store.open(world.path) as store:
            alerts = [stored.value for stored in store.alerts(limit=10_000)]
            store.verify()
    assert {record.state for record in alerts} <= {AlertState.SENT}
    told = Counter((name, alert) for name, _, keys in dict.fromkeys(world.sent) for alert in keys)
    assert told == Counter((record.alert.channel, record.alert.key) for record in alerts)
    assert len({(name, key) for name, key, _ in world.sent}) == len(set(world.sent))
    assert len(world.sent) - len(set(world.sent)) <= world.kills
    assert world.broken_quiet == 0
