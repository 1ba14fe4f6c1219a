"""Which channels are closed, and what opens them: for every command that tells of deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.store import Store
from monitor import show
from monitor.channels.registry import target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from monitor.config import Config


def closed_channels(config: Config, names: Collection[str] | None = None) -> Iterator[str]:
    """Give a line for each channel of the config whose receiver wants nothing any more.

    `names` are the channels asked for; None: all.
    """
    if not config.database.exists():
        return
    leads = {
        channel.name: target(channel)
        for channel in config.channels
        if names is None or channel.name in names
    }
    with Store.open_readonly(config.database) as store:
        shut = store.closed_channels()
    for closed in shut:
        if leads.get(closed.channel) == closed.target:
            yield (
                f"channel {closed.channel} is closed since {show.minute(closed.since)} UTC: "
                f"{show.printable(closed.reason)}; correct its url, or say "
                f"dateline channels test {closed.channel}"
            )
