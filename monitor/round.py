"""One round: claim the due sources, have a child visit them, see to it that each is accounted for.

The parent knows no Scrapy. It holds the lock, keeps the time, and writes the report of every
source whose visit did not live to write its own. Kill either process at any moment: the lock is
the kernel's, the leases are freed by the next round, and what was stored stays stored.
"""

from __future__ import annotations

import logging
import os
import queue
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db.visiting import Report, State
from monitor.child import Ending, started_child
from monitor.lock import only_one
from monitor.network import Network
from monitor.order import Errand, Manners, Order, Progress
from spiders.judge import unfound
from spiders.rhythm import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from db.store import Store
    from db.visiting import Source
    from monitor.config import Config

log = logging.getLogger("dateline.round")

_ENDING = 3.0  # seconds before the deadline at which the child is to give up what is left
_OTHERS = 5  # hosts of the config whose names are looked up when those of a round are not found
_LAST_WORDS = 5.0  # seconds a child has to end by itself once it is asked to
# The child inherits the lock, so that one that outlives its parent still counts as a round. It
# needs a moment to notice that it does.
_PATIENCE = (0.02, 0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round came to. `busy` is true if another round is running; nothing was done then.

    `stopped` names the sources whose visit we ended ourselves: they have no report, and stay due.
    `next_at` is when each source that was asked for is due next.
    """

    reports: tuple[Report, ...] = ()
    busy: bool = False
    stopped: tuple[str, ...] = ()
    next_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def is_fine(self) -> bool:
        """True if every source that was visited is fine."""
        return all(report.state.is_fine for report in self.reports)


def run_round(  # noqa: PLR0913 - what a caller may decide about a round
    config: Config,
    store: Store,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    tick: Callable[[], float] = time.monotonic,
    names: Sequence[str] | None = None,
    force: bool = False,
    progress: Callable[[Progress], None] = lambda _event: None,
    stop: threading.Event | None = None,
    network: Network | None = None,
) -> RoundResult:
    """Visit the sources that are due, and return one report for each that was visited.

    `names` narrows to some sources, `force` takes them whether they are due or not. `progress`
    is called on this thread. Setting `stop` from another thread ends the round within seconds;
    what was found until then is kept. `tick` gives the seconds its deadline is measured in,
    `network` says whether this machine is offline.
    """
    with only_one(config.var / "round.lock", patience=_PATIENCE) as lock:
        if lock is None:
            return RoundResult(busy=True)
        # Whoever held a lease held this lock, and is gone.
        store.release_sources()
        for name, before in store.register(config.sources, clock()):
            log.info("event=renamed source=%s before=%s", name, before)
        known = (source.name for source in config.sources)
        wanted = [name for name in known if names is None or name in names]
        owner = f"round-{os.getpid()}-{secrets.token_hex(4)}"
        claimed = store.claim_sources(
            clock(),
            owner=owner,
            lease=config.fetch.deadline * 2,
            names=wanted,
            force=force,
        )
        visits = _Round(
            config,
            store,
            clock,
            tick,
            progress,
            stop or threading.Event(),
            lock,
            network or Network(),
        )
        try:
            result = visits.run(claimed) if claimed else RoundResult()
        finally:
            store.release_sources(owner)
        due = {status.name: status.next_at for status in store.statuses() if status.name in wanted}
        return replace(result, next_at=due)


@dataclass(slots=True)
class _Round:
    """The run of one round."""

    config: Config
    store: Store
    clock: Callable[[], datetime]
    tick: Callable[[], float]
    progress: Callable[[Progress], None]
    stop: threading.Event
    lock: int
    network: Network

    def run(self, names: Sequence[str]) -> RoundResult:
        """Visit the sources; a source whose visit kills the child is found by visiting alone."""
        started = self.clock()
        end = self.tick() + self.config.fetch.deadline.total_seconds()
        order = self._order(names, end)
        before = {name: self.store.reports(name, 1) for name in names}
        why = self._child(order, end)
        left = self._unreported(names, before)
        if why.died and len(left) > 1 and not self.stop.is_set():
            log.warning("event=child_died reason=%r left=%d", why.reason, len(left))
            for name in left:
                if not self.stop.is_set() and self.tick() < end:
                    alone = self._child(self._order((name,), end), end)
                    dead = self._unreported((name,), before)
                    self._account(dead, started, alone)
            left = self._unreported(left, before)
        self._account(left, started, why)
        left = self._unreported(names, before)
        done = (name for name in names if name not in left)
        reports = tuple(report for name in done for report in self.store.reports(name, 1))
        return RoundResult(reports=self._excused(reports), stopped=left)

    def _excused(self, reports: tuple[Report, ...]) -> tuple[Report, ...]:
        """Blame no source if this machine reached none: that is told once, and of the machine."""
        hosts = {s.name: _hosts(s) for s in self.config.sources}
        reason = self._offline(unfound(reports, hosts), frozenset().union(*hosts.values()))
        if not reason:
            return reports
        log.info("event=offline reason=%r", reason)
        names = [report.source for report in reports if hosts[report.source]]
        self.store.excuse(names, reason)
        return tuple(found for one in reports for found in self.store.reports(one.source, 1))

    def _offline(self, lost: frozenset[str], known: frozenset[str]) -> str:
        """Say that this machine is offline, given the hosts not found and all of the config.

        A name that is not found may be gone, so others of the config are looked up: one that is
        found, in a network without a way out too, says that the machine is not to blame. If none
        is, it is offline without a way out, or if they are several.
        """
        others = sorted(host for host in known - lost if not _is_number(host))[:_OTHERS]
        if not lost or (others and self.network.finds_any(others)):
            return ""
        if not self.network.has_route():
            return "this machine is offline: it is connected to no network"
        count = len(lost) + len(others)
        if count == 1:
            return ""
        return f"this machine seems to be offline: none of {count} hosts could be found"

    def _order(self, names: Sequence[str], end: float) -> Order:
        sources = {source.name: source for source in self.config.sources}
        level = logging.getLogger("dateline").getEffectiveLevel()
        manners = Manners.of(
            self.config.fetch,
            self.config.user_agent,
            ends_at=time.time() + end - self.tick() - _ENDING,
            log_level=logging.getLevelName(level),
        )
        return Order(
            manners=manners,
            database=self.config.database,
            errands=tuple(Errand(source=sources[name]) for name in names),
        )

    def _child(self, order: Order, end: float) -> Ending:
        with started_child(order, self.lock) as child:
            asked = ""
            while True:
                try:
                    event = child.events.get(timeout=0.1)
                except queue.Empty:
                    event = None
                else:
                    if event is None:
                        return child.ending(order.manners.memory_mb)
                    self.progress(event)
                if self.tick() > end:
                    return Ending(asked or "the round's deadline passed", died=False)
                if self.stop.is_set() and not asked:
                    asked = "the round was stopped"
                    end = min(end, self.tick() + _LAST_WORDS)
                    child.ask_to_end()

    def _unreported(
        self, names: Sequence[str], before: Mapping[str, tuple[Report, ...]]
    ) -> tuple[str, ...]:
        """Return the sources whose last report is still that of an earlier round."""
        return tuple(name for name in names if self.store.reports(name, 1) == before[name])

    def _account(self, names: Sequence[str], started: datetime, why: Ending) -> None:
        """Write a report for each source that has none, unless it was we who ended its visit."""
        if self.stop.is_set():
            return
        sources = {source.name: source for source in self.config.sources}
        for name in names:
            report = Report(
                source=name,
                started=started,
                finished=self.clock(),
                state=State.KILLED,
                reason=why.reason,
            )
            due = plan(report, sources[name], self.store.past(name))
            self.store.finish(report, next_at=due.at, why=due.why)
            log.warning("event=visit source=%s state=killed reason=%r", name, why.reason)
            self.progress(Progress(source=name, report=report))


def _is_number(host: str) -> bool:
    """Tell whether a host is an address, which needs no finding."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _hosts(source: Source) -> frozenset[str]:
    return frozenset(name for url in source.urls if (name := urlsplit(url).hostname))
