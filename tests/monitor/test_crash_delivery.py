"""Kill -9 at each step of a delivery, and two couriers at once: nothing lost, repeats known."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.store import Store
from monitor.channels.registry import build
from monitor.config import WebhookChannel
from monitor.deliver import Courier, Delivered
from monitor.letter import render
from monitor.newsroom.faults import Hang
from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox
from monitor.secrets import Secret
from monitor.turn import LEASE
from tests.monitor.courier import NOW, mail_to, queue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.channels.protocol import Channel
    from tests.rows import Row

HOUSE = Path(__file__).parents[2]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

# A courier with the real channels, which kills itself with SIGKILL at a named step.
CHILD = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from db.store import Store
from monitor.channels.registry import build
from monitor.config import MailChannel, WebhookChannel
from monitor.deliver import Courier
from monitor.letter import render
from monitor.secrets import Secret

path, step, mail_port, url, secret = sys.argv[1:]
now = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)

passed = 0

def die_at(here):
    global passed
    passed += 1
    if step in (here, str(passed)):
        print(here, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

class Mortal:
    def __init__(self, inner):
        self.inner, self.name = inner, inner.name

    async def send(self, message, key, *, earlier=()):
        die_at("claimed")
        answer = await self.inner.send(message, key, earlier=earlier)
        die_at("sent")
        return answer

class MortalStore(Store):
    def pack(self, *args, **how):
        made = super().pack(*args, **how)
        die_at("packed")
        return made

    def claim_letters(self, *args, **how):
        claimed = super().claim_letters(*args, **how)
        die_at("leased")
        return claimed

    def settle(self, *args, **how):
        kept = super().settle(*args, **how)
        die_at("settled")
        return kept

channels = build(
    (
        MailChannel(name="desk", host="127.0.0.1", port=int(mail_port), security="none",
                    sender="dateline@news.example", to=("a@desk.example",)),
        WebhookChannel(name="hook", url=url, secret=Secret(secret)),
    ),
    clock=lambda: now,
    allow=frozenset({url.split("/")[2]}),
)
with MortalStore.open(Path(path)) as store:
    asyncio.run(Courier(
        store=store,
        channels={name: Mortal(channel) for name, channel in channels.items()},
        clock=lambda: now,
        owner="child",
        spread=lambda: 0.0,
        render=render,
    ).deliver_due())
"""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Open a mailbox."""
    with Mailbox() as opened:
        yield opened


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Open a webhook receiver whose clock is ours."""
    with Hook(SECRET, clock=NOW.timestamp) as opened:
        yield opened


def queued(path: Path, number_of: int, *channels: str) -> set[str]:
    """Queue so many alerts for each channel; return their keys."""
    with Store.open(path) as store:
        queue(store, number_of, *channels)
        return {stored.value.alert.key for stored in store.alerts(limit=1000)}


def command(path: Path, step: str, mailbox: Mailbox, hook: Hook) -> list[str]:
    """Return the command of a child that dies at a step."""
    return [sys.executable, "-c", CHILD, str(path), step, str(mailbox.port), hook.url, SECRET]


def environment() -> dict[str, str]:
    """Return the child's environment: ours, with the house on its path."""
    return {**os.environ, "PYTHONPATH": str(HOUSE)}


def real_channels(mailbox: Mailbox, hook: Hook) -> dict[str, Channel]:
    """Return both channels as the config would make them."""
    return build(
        (
            mail_to(mailbox.port),
            WebhookChannel(name="hook", url=hook.url, secret=Secret(SECRET)),
        ),
        clock=lambda: NOW,
        allow=frozenset({hook.url.split("/")[2]}),
    )


def deliver(
    path: Path, channels: dict[str, Channel], *, now: datetime = NOW, owner: str = "heir"
) -> Delivered:
    """Run one pass."""
    with Store.open(path) as store:
        courier = Courier(
            store=store,
            channels=channels,
            clock=lambda: now,
            owner=owner,
            spread=lambda: 0.0,
            render=render,
        )
        return asyncio.run(courier.deliver_due())


def arrived(mailbox: Mailbox, hook: Hook) -> Counter[str]:
    """Count what arrived, by the key of its alert."""
    mails = (letter.message_id.strip("<>").partition("@")[0] for letter in mailbox.letters)
    return Counter([*mails, *(received.id for received in hook.taken)])


@pytest.mark.parametrize("channel", ["desk", "hook"])
@pytest.mark.parametrize("step", ["claimed", "sent", "settled"])
def test_killed_at_any_step_no_alert_is_lost(
    tmp_path: Path, mailbox: Mailbox, hook: Hook, channel: str, step: str
) -> None:
    """R-02: after SIGKILL all arrive; only what was sent and not settled comes twice, same id."""
    path = tmp_path / "dateline.db"
    keys = queued(path, 3, channel)
    child = subprocess.run(
        command(path, step, mailbox, hook), check=False, cwd=HOUSE, env=environment()
    )
    assert child.returncode == -signal.SIGKILL
    channels = real_channels(mailbox, hook)
    assert deliver(path, channels) == Delivered(sent=2)
    after = deliver(path, channels, now=NOW + LEASE)
    assert after == Delivered(sent=0 if step == "settled" else 1)
    counts = arrived(mailbox, hook)
    assert set(counts) == keys
    assert sum(counts.values()) == (4 if step == "sent" else 3)


@pytest.mark.torture("R-02", short=1, long=12)
@pytest.mark.parametrize("channel", ["desk", "hook"])
def test_killed_at_every_step_in_turn_until_one_pass_is_clean(
    row: Row, tmp_path: Path, mailbox: Mailbox, hook: Hook, channel: str
) -> None:
    """R-02: the n-th step is the last one, for each n; only between sent and settled comes twice."""
    steps: Counter[str] = Counter()
    again: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for number in count(1):
        path = tmp_path / f"{number}.db"
        keys = queued(path, row.size, channel)
        child = subprocess.run(
            command(path, str(number), mailbox, hook),
            check=False,
            cwd=HOUSE,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        died_at = child.stdout.strip()
        channels = real_channels(mailbox, hook)
        deliver(path, channels)
        deliver(path, channels, now=NOW + LEASE)
        got = arrived(mailbox, hook) - seen
        seen += got
        steps[died_at] += 1
        again[died_at] += sum(got.values()) - len(keys)
        row.count("lost", len(keys - set(got)))
        assert set(got) == keys
        assert sum(got.values()) - len(keys) == (died_at == "sent")
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL
    for name in ("packed", "leased", "claimed", "sent", "settled"):
        assert steps[name]
        row.count(f"killed when {name}", steps[name])
        row.count(f"then twice ({name})", again[name])


def test_killed_while_the_receiver_thinks_no_alert_is_lost(
    tmp_path: Path, mailbox: Mailbox, hook: Hook
) -> None:
    """R-02: killed with the body sent and the answer not read, it is sent again under its id."""
    path = tmp_path / "dateline.db"
    keys = queued(path, 1, "hook")
    hook.script(Hang())
    with subprocess.Popen(
        command(path, "never", mailbox, hook), cwd=HOUSE, env=environment()
    ) as child:
        assert hook.wait_for(1, timeout=30)
        child.kill()
    channels = real_channels(mailbox, hook)
    assert deliver(path, channels) == Delivered()
    assert deliver(path, channels, now=NOW + LEASE) == Delivered(sent=1)
    assert {received.id for received in hook.received} == keys
    assert len(hook.received) == 2


def test_the_heir_waits_for_the_lease_and_no_longer(
    tmp_path: Path, mailbox: Mailbox, hook: Hook
) -> None:
    """An alert in a dead courier's hands is due again exactly when its lease ends."""
    path = tmp_path / "dateline.db"
    queued(path, 1, "hook")
    with Store.open(path) as store:
        store.pack("hook", NOW)
        store.claim_letters(NOW, owner="dead", lease=LEASE)
    early = NOW + LEASE - timedelta(seconds=1)
    assert deliver(path, real_channels(mailbox, hook), now=early) == Delivered()
    assert deliver(path, real_channels(mailbox, hook), now=NOW + LEASE) == Delivered(sent=1)


def test_couriers_at_once_send_each_alert_once(
    tmp_path: Path, mailbox: Mailbox, hook: Hook
) -> None:
    """R-08: couriers of one database share the work; each alert arrives once."""
    path = tmp_path / "dateline.db"
    keys = queued(path, 60, "hook", "desk")
    outcomes: list[Delivered] = []

    def work(number: int) -> None:
        channels = real_channels(mailbox, hook)
        outcomes.append(deliver(path, channels, owner=f"courier-{number}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert arrived(mailbox, hook) == Counter(dict.fromkeys(keys, 1))
    assert sum(outcome.sent for outcome in outcomes) == 120
