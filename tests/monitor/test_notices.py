"""Notices: made once, sent at least once with the same key, shown in a feed of their own."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from db.errors import DeliveryError
from db.store import Store
from db.telling import Notice, NoticeKind
from db.visiting import Report, Source, State
from feeds.publish import publish
from monitor import letter, notice
from monitor.config import NoticeSettings
from monitor.deliver import Courier, Delivered
from monitor.health import tell_all
from monitor.turn import LEASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from monitor.message import Message

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
SETTINGS = NoticeSettings(channels=("desk",))


class Spy:
    """A channel that keeps what it is sent, and fails as told."""

    name = "desk"

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.failing: Exception | None = None

    async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
        """Keep it, or raise."""
        del earlier
        if self.failing:
            raise self.failing
        self.sent.append((key, message))
        return "200 OK"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a store with one source that was just refused."""
    with Store.open(tmp_path / "dateline.db") as opened:
        source = Source(name="tass", kind="tass", urls=("https://tass.example/",))
        opened.register((source,), NOW)
        finish(opened, State.BLOCKED, NOW, "HTTP 403, a page that asks for servicepipe")
        yield opened


def finish(store: Store, state: State, at: datetime, reason: str = "") -> None:
    """Keep the report of a visit."""
    report = Report(source="tass", started=at, finished=at, state=state, reason=reason)
    store.finish(report, next_at=at)


def deliver(store: Store, channel: Spy, now: datetime = NOW) -> Delivered:
    """Send what is due."""
    courier = Courier(
        store=store,
        render=letter.render,
        channels={channel.name: channel},
        clock=lambda: now,
        owner="test",
        spread=lambda: 0.0,
    )
    return asyncio.run(courier.deliver_due())


def test_a_notice_is_made_and_sent_once(store: Store) -> None:
    """Doing all of it again does nothing."""
    spy = Spy()
    assert tell_all(store, SETTINGS, NOW) == 1
    assert tell_all(store, SETTINGS, NOW) == 0
    assert deliver(store, spy) == Delivered(sent=1)
    assert deliver(store, spy) == Delivered()
    ((key, message),) = spy.sent
    assert key.startswith("notice_")
    assert message.subject == "[Dateline] tass: lets no programs in"
    assert "servicepipe" in message.text
    assert "What to do: visit less often" in message.text


def test_what_a_dead_process_held_is_sent_again_with_the_same_key(store: Store) -> None:
    """Claimed and never settled: found again after the lease, and not before."""
    spy = Spy()
    tell_all(store, SETTINGS, NOW)
    ((claimed),) = store.claim_letters(NOW, owner="dead", lease=LEASE)
    assert deliver(store, spy) == Delivered()
    assert deliver(store, spy, NOW + LEASE) == Delivered(sent=1)
    assert spy.sent[0][0] == claimed.value.key


def test_a_channel_that_fails_is_tried_again(store: Store) -> None:
    """By the schedule of the alerts."""
    spy = Spy()
    spy.failing = DeliveryError("busy", permanent=False)
    tell_all(store, SETTINGS, NOW)
    assert deliver(store, spy) == Delivered(retried=1)
    spy.failing = None
    assert deliver(store, spy, NOW + timedelta(seconds=5)) == Delivered(sent=1)


def test_without_channels_there_is_still_a_feed(store: Store, tmp_path: Path) -> None:
    """Notices stand in files of their own, in all three formats, and never among the items."""
    tell_all(store, NoticeSettings(), NOW)
    finish(store, State.OK, NOW + timedelta(hours=1))
    tell_all(store, NoticeSettings(), NOW)
    assert store.due_channels(NOW + timedelta(days=9)) == ()
    board = notice.board(store.notices)
    made = publish(store, (), tmp_path, now=NOW, boards=(board,))
    assert sorted(path.name for path in made.written) == [
        "feeds.opml",
        "notices.atom",
        "notices.json",
        "notices.xml",
    ]
    found = json.loads((tmp_path / "notices.json").read_text())
    assert [item["title"] for item in found["items"]] == [
        "tass: fine again",
        "tass: lets no programs in",
    ]
    assert found["items"][0]["id"] == f"urn:dateline:{store.notices()[0].value.key}"
    ET.fromstring((tmp_path / "notices.xml").read_bytes())  # noqa: S314 - our own file
    again = publish(store, (), tmp_path, now=NOW, boards=(board,))
    assert (len(again.written), len(again.kept)) == (0, 4)


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("state", State)
def test_every_notice_has_words(kind: NoticeKind, state: State) -> None:
    """Whatever is wrong, a person reads what, since when and what to do, and a machine its data."""
    told = Notice(
        key="notice_k",
        source="<b>tass</b>",
        kind=kind,
        state=state,
        reason="why <script>x</script>",
        since=NOW,
        created_at=NOW,
    )
    message = notice.render(told)
    assert message.subject.startswith("[Dateline] <b>tass</b>: ")
    assert "Since: 5 January 2026, 09:00 UTC" in message.text
    assert "<script" not in message.html
    data: dict[str, Any] = message.data["data"]
    assert (message.data["type"], data["kind"], data["state"]) == ("source.notice", kind, state)
    assert data["since"] == "2026-01-05T09:00:00Z"
    assert ("What to do" in message.text) is bool(data["advice"])


def test_a_source_s_notice_has_a_state() -> None:
    """One without is a mistake of ours, told as such."""
    told = Notice(
        key="k",
        source="tass",
        kind=NoticeKind.DOWN,
        state=None,
        reason="",
        since=NOW,
        created_at=NOW,
    )
    with pytest.raises(ValueError, match="without a state"):
        notice.headline(told)
