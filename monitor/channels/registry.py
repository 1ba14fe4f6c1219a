"""From the config's channels to the channels that can send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.channels.mail import Mail
from monitor.channels.webhook import Webhook
from monitor.config import MailChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from monitor.channels.protocol import Channel
    from monitor.config import WebhookChannel


def build(
    settings: Iterable[MailChannel | WebhookChannel],
    *,
    clock: Callable[[], datetime],
    allow: frozenset[str] = frozenset(),
    user_agent: str = "Dateline",
) -> dict[str, Channel]:
    """Return the channels by name. `allow` is the `host:port` pairs that may be private.

    Raises ValueError if an address or a signing secret cannot be used.
    """
    return {
        each.name: Mail(each, clock=clock)
        if isinstance(each, MailChannel)
        else Webhook(each, clock=clock, allow=allow, user_agent=user_agent)
        for each in settings
    }
