"""A desk of alerts in a real store, its courier, and a ledger of what became of each. No test.

The items, the settings and the channel that tests of delivery share stand here too.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from db.model import Article, TextBasis, TitleBasis
from db.store import Store
from db.telling import AlertState, Watch
from monitor.config import MailChannel
from monitor.deliver import Courier, Delivered
from monitor.letter import render
from monitor.rules import Rules
from monitor.watch import match_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from db.telling import AlertRecord
    from monitor.channels.protocol import Channel
    from monitor.message import Message

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)


def talks(number: int, **changes: Any) -> Article:
    """Return an item that differs from the others by its number."""
    plain = Article(
        url=f"https://news.example.org/{number}",
        source="belta",
        title=f"Talks {number}",
        title_basis=TitleBasis.PAGE,
        text=f"Text number {number}.",
        text_basis=TextBasis.PAGE,
    )
    return replace(plain, **changes)


def queue(store: Store, count: int, *channels: str, first: int = 0, now: datetime = NOW) -> None:
    """Queue so many alerts for each channel, by the real way."""
    numbers = range(first, first + count)
    store.record_many([(talks(number), None) for number in numbers], now)
    watch = Watch(name="talks", query="talks", channels=channels or ("desk",))
    match_all(store, Rules.compile((watch,)), now)


def mail_to(port: int, *to: str) -> MailChannel:
    """Return the settings of a mail channel to a port of loopback."""
    return MailChannel(
        name="desk",
        host="127.0.0.1",
        port=port,
        security="none",
        sender="Dateline <dateline@news.example>",
        to=to or ("a@desk.example",),
    )


@dataclass
class Spy:
    """A channel in memory that keeps what it is sent and when, and fails as told."""

    name: str = "desk"
    failing: Exception | None = None
    sent: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
        """Keep the key and the time, or raise."""
        del message, earlier
        self.tried.append(key)
        await asyncio.sleep(0)
        if self.failing is not None:
            raise self.failing
        self.sent.append(key)
        self.at.append(monotonic())
        return "200 OK"


@dataclass(slots=True)
class Desk:
    """Alerts on their way. The clock stands until it is moved."""

    path: Path
    now: datetime = NOW
    made: int = 0
    passes: list[Delivered] = field(default_factory=list)

    def clock(self) -> datetime:
        """Return the moment it stands at."""
        return self.now

    def unix(self) -> float:
        """Return it in Unix seconds."""
        return self.now.timestamp()

    def queue(self, count: int, *channels: str) -> None:
        """Queue so many alerts for each channel, by the real way."""
        with Store.open(self.path) as store:
            queue(store, count, *channels, first=self.made, now=self.now)
        self.made += count

    def deliver(self, channels: Mapping[str, Channel], **how: Any) -> Delivered:
        """Run one pass."""
        fields: dict[str, Any] = {
            "channels": channels,
            "clock": self.clock,
            "owner": "test",
            "spread": lambda: 0.0,
            "render": render,
        }
        with Store.open(self.path) as store:
            done = asyncio.run(Courier(store=store, **(fields | how)).deliver_due())
        self.passes.append(done)
        return done

    def until_settled(self, channels: Mapping[str, Channel], **how: Any) -> None:
        """Run passes, moving the clock to the next try each time, until nothing waits."""
        while True:
            self.deliver(channels, **how)
            waiting = [
                record.next_at
                for record in self.records()
                if record.state is AlertState.DUE and record.next_at
            ]
            if not waiting:
                return
            self.now = max(self.now, min(waiting))

    def records(self) -> list[AlertRecord]:
        """Return all alerts with their tries, oldest first."""
        with Store.open(self.path) as store:
            return [stored.value for stored in reversed(store.alerts(limit=100_000))]

    def notices(self) -> list[str]:
        """Return what was told of, oldest first."""
        with Store.open(self.path) as store:
            return [stored.value.kind.value for stored in reversed(store.notices())]
