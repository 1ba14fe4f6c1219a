"""The four jobs, in their order: visit what is due, match, deliver, publish.

`dateline run` does each once, `dateline serve` again and again. A job opens a store of its own,
so it may run on any thread; a crash between two jobs loses nothing, because the next pass finds
what is unfinished.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from db.model import ChangeKind
from db.store import Store
from feeds import edits
from feeds.publish import publish
from monitor import letter, notice
from monitor.channels.registry import build, target
from monitor.deliver import Courier, Receiver
from monitor.freeing import free
from monitor.health import tell_all
from monitor.placing import placed
from monitor.round import run_round
from monitor.rules import Rules
from monitor.watch import match_all

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from db.model import Change, Entry, Stored
    from feeds.publish import Published
    from monitor.config import Config
    from monitor.deliver import Delivered
    from monitor.order import Progress
    from monitor.round import RoundResult
    from monitor.watch import Matched


def _silent(_event: Progress) -> None:
    """Tell nobody of progress."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """The work on one config. Setting `stop` ends every job early, without loss."""

    config: Config
    clock: Callable[[], datetime]
    stop: threading.Event
    rules: Rules
    owner: str

    @classmethod
    def of(cls, config: Config, clock: Callable[[], datetime], stop: threading.Event) -> Jobs:
        """Prepare the work. The owner's name is unique among all processes."""
        owner = f"dateline-{os.getpid()}-{secrets.token_hex(4)}"
        return cls(config, clock, stop, Rules.compile(config.watches), owner)

    def visit(
        self,
        *,
        names: Sequence[str] | None = None,
        force: bool = False,
        progress: Callable[[Progress], None] = _silent,
    ) -> RoundResult:
        """Do a round: visit the sources that are due; forget kept pages that are too old."""
        with Store.open(self.config.database) as store:
            result = run_round(
                self.config,
                store,
                clock=self.clock,
                names=names,
                force=force,
                progress=progress,
                stop=self.stop,
            )
            pages = self.config.pages
            if result.reports:
                store.forget_pages(before=self.clock() - pages.keep, max_bytes=pages.max_bytes)
            return result

    def tell(self) -> int:
        """Make notices of what the last visits say of their sources; return how many."""
        with Store.open(self.config.database) as store:
            return tell_all(store, self.config.notices, self.clock())

    def match(self) -> Matched:
        """Put what is new into stories, and queue alerts for what no watch has looked at.

        Alerts that wait for quiet hours which the config no longer has fall due.
        """
        with Store.open(self.config.database) as store:
            is_placed = placed(store, self.clock())
            terms = {channel.name: channel.terms for channel in self.config.channels}
            matched = match_all(store, self.rules, self.clock(), terms)
            free(store, self.config.watches, terms, self.clock())
            return replace(matched, is_unplaced=not is_placed)

    def deliver(self) -> Delivered:
        """Send the alerts and notices that are due. Needs a thread without an event loop."""
        channels = build(
            self.config.channels,
            clock=self.clock,
            allow=self.config.fetch.allow,
            user_agent=self.config.user_agent,
        )
        with Store.open(self.config.database) as store:
            courier = Courier(
                store=store,
                render=letter.render,
                channels=channels,
                receivers=self._receivers(),
                owners=self._owners(),
                clock=self.clock,
                owner=self.owner,
                spread=random.random,
                stopping=self.stop.is_set,
            )
            return asyncio.run(courier.deliver_due())

    def _owners(self) -> tuple[str, ...]:
        """Return the channels that hear of a channel which the config has no more."""
        names = tuple(channel.name for channel in self.config.channels)
        return tuple(self.config.notices.channels) or names[:1]

    def _receivers(self) -> dict[str, Receiver]:
        """Return what a courier must know of each channel.

        Its owner is told of its failure through the channels of the notices, else the first other.
        """
        names = [channel.name for channel in self.config.channels]
        found = {}
        for channel in self.config.channels:
            told = [name for name in self.config.notices.channels if name != channel.name]
            others = told or [name for name in names if name != channel.name][:1]
            found[channel.name] = Receiver(
                terms=channel.terms, target=target(channel), others=tuple(others)
            )
        return found

    def publish(self) -> Published:
        """Bring the feed files up to date."""
        limit = self.config.feeds.limit
        with Store.open_readonly(self.config.database) as store:
            return publish(
                store,
                self.config.feed_specs(),
                self.config.feed_folder,
                now=self.clock(),
                base_url=self.config.feeds.base_url,
                homes=self.config.feed_homes(),
                boards=(
                    edits.board(lambda: _edits(store, limit)),
                    notice.board(lambda: store.notices(limit=limit)),
                ),
                served_at=f"http://{self.config.serve.host}:{self.config.serve.port}/feeds",
            )

    def revision(self) -> int:
        """Return a number that has grown if any feed could have changed."""
        with Store.open_readonly(self.config.database) as store:
            return store.revision()


def _edits(store: Store, limit: int) -> Iterator[tuple[Stored[Change], Entry]]:
    for edit in store.changes(limit, ChangeKind.EDITED):
        yield edit, store.entry_of(edit.id)
