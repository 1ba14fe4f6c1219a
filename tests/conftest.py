"""What tests of several rooms share: the press room and the two sinks, all on loopback."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox
from monitor.newsroom.room import Newsroom

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def press_now() -> datetime:
    """Return the moment the press room's own stories are dated from."""
    return datetime(2025, 12, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def hook_secret() -> str:
    """Return the secret that the webhook receiver knows."""
    return "whsec_ZGF0ZWxpbmUtdGVzdC1zZWNyZXQtMzItYnl0ZXMh"


@pytest.fixture
def newsroom(press_now: datetime) -> Iterator[Newsroom]:
    """Open four sites with the first wave out, on the morning of 20 December 2025."""
    with Newsroom(press_now) as room:
        yield room


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Open a mailbox that takes everything until it is scripted."""
    with Mailbox() as box:
        yield box


@pytest.fixture
def hook(hook_secret: str) -> Iterator[Hook]:
    """Open a webhook receiver that shares a secret and lives in the real time."""
    with Hook(hook_secret) as receiver:
        yield receiver
