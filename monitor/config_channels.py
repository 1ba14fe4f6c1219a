"""From the tables of channels to their settings, and what is wrong with channels as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor import config_tables as tables
from monitor import config_values as values
from monitor.config import AppriseChannel, Channel, MailChannel, WebhookChannel
from monitor.config_mistakes import Mistake
from monitor.rates import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.config_tables import ChannelTable

_NO_PROGRAMS = (
    "is not offered: words of strangers would become arguments of a program on this machine; "
    'use kind = "webhook" and a receiver of your own'
)


def wrong_kind(kind: Any) -> str | None:
    """Return what is wrong with a kind of channel."""
    known = ", ".join(f'"{name}"' for name in tables.CHANNELS)
    if not isinstance(kind, str):
        return f"is missing or no text; write one of {known}"
    if kind in {"exec", "command", "script"}:
        return f'"{kind}" {_NO_PROGRAMS}'
    if kind not in tables.CHANNELS:
        return f'there is no kind of channel "{kind}"; {values.nearest(kind, tables.CHANNELS)}'
    return None


def wrong_login(name: str, table: ChannelTable) -> Iterator[Mistake]:
    """Give the mistake of a login of which one half is missing."""
    if isinstance(table, tables.MailTable) and bool(table.username) != (table.password is not None):
        yield Mistake(("channel", name), "username and password go together; give both")


def wrong_times(
    watches: Mapping[str, tables.WatchTable], channels: Mapping[str, ChannelTable]
) -> Iterator[Mistake]:
    """Give the times of day at which a watch cannot tell its channels anything."""
    for name, watch in watches.items():
        found = [(each, channels[each]) for each in watch.channels if each in channels]
        for channel, table in found:
            if watch.digest and table.timezone is None:
                said = f'by whose clock? give [channel.{channel}] a timezone: "Europe/Moscow"'
                yield Mistake(("watch", name, "digest"), said)
            for time in tables.in_quiet_hours(watch.digest, table.quiet):
                said = f"{time:%H:%M} lies in the quiet hours of channel {channel}"
                yield Mistake(("watch", name, "digest"), said)


def settings(name: str, table: ChannelTable) -> Channel:
    """Return the settings of a channel."""
    terms = Terms(
        zone=table.timezone or "UTC",
        digest=tuple(sorted(table.digest)),
        quiet=table.quiet,
        flood=table.flood,
    )
    match table:
        case tables.MailTable():
            return MailChannel(
                name=name,
                host=table.host,
                port=table.port,
                security=table.security,
                sender=table.sender,
                to=tuple(table.to),
                username=table.username,
                password=table.password,
                terms=terms,
            )
        case tables.WebhookTable():
            return WebhookChannel(name=name, url=table.url, secret=table.secret, terms=terms)
        case tables.AppriseTable():
            return AppriseChannel(name=name, url=table.url, terms=terms)
    raise AssertionError(table)
