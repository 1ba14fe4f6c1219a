"""From the config's channels to the channels that can send."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from monitor.channels.apprise import Apprise
from monitor.channels.mail import Mail
from monitor.channels.webhook import Webhook
from monitor.config import AppriseChannel, MailChannel, WebhookChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from monitor.channels.protocol import Channel
    from monitor.config import Channel as Settings


def target(settings: Settings) -> str:
    """Return a digest of where a channel leads, so that another address is known as another."""
    match settings:
        case AppriseChannel(url=secret):
            where = secret.reveal()
        case WebhookChannel(url=url):
            where = url
        case MailChannel(host=host, port=port):
            where = f"{host}:{port}"
    return hashlib.sha256(where.encode()).hexdigest()[:16]


def build(
    settings: Iterable[Settings],
    *,
    clock: Callable[[], datetime],
    allow: frozenset[str] = frozenset(),
    user_agent: str = "Dateline",
) -> dict[str, Channel]:
    """Return the channels by name. `allow` is the `host:port` pairs that may be private.

    Raises ValueError if an address or a signing secret cannot be used.
    """

    def made(each: Settings) -> Channel:
        match each:
            case MailChannel():
                return Mail(each, clock=clock)
            case WebhookChannel():
                return Webhook(each, clock=clock, allow=allow, user_agent=user_agent)
            case AppriseChannel():
                return Apprise(each, allow=allow)

    return {each.name: made(each) for each in settings}
