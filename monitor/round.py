"""One round: claim the due sources, have a child visit them, see to it that each is accounted for.

The parent knows no Scrapy. It holds the lock, keeps the time, and writes the report of every
source whose visit did not live to write its own. Kill either process at any moment: the lock is
the kernel's, the leases are freed by the next round, and what was stored stays stored.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from db.model import Report, State
from monitor.order import Errand, Order, Progress, read_progress, write_order
from spiders.addresses import host_key
from spiders.judge import held_until
from spiders.rhythm import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from db.model import Source, SourceStatus
    from db.store import Store
    from monitor.config import Config

log = logging.getLogger("dateline.round")

_ENDING = 3.0  # seconds before the deadline at which the child is to give up what is left
_LAST_WORDS = 5.0  # seconds a child has to end by itself once it is asked to
_OUT_OF_MEMORY = 12
# What the child may know of our environment: how to find Python, certificates and the clock.
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)
_PASSED_ON_PREFIXES = ("LC_", "PYTHON", "COVERAGE")


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round came to. `busy` is true if another round is running; nothing was done then."""

    reports: tuple[Report, ...] = ()
    busy: bool = False

    @property
    def is_fine(self) -> bool:
        """True if every source that was visited is fine."""
        return all(report.state.is_fine for report in self.reports)


def run_round(  # noqa: PLR0913 - what a caller may decide about a round
    config: Config,
    store: Store,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    names: Sequence[str] | None = None,
    force: bool = False,
    progress: Callable[[Progress], None] = lambda _event: None,
    stop: threading.Event | None = None,
) -> RoundResult:
    """Visit the sources that are due, and return one report for each.

    `names` narrows to some sources, `force` takes them whether they are due or not. `progress`
    is called on this thread. Setting `stop` from another thread ends the round within seconds;
    what was found until then is kept.
    """
    with _lock(config.var / "round.lock") as lock:
        if lock is None:
            return RoundResult(busy=True)
        # Whoever held a lease held this lock, and is gone.
        store.release_sources()
        store.register(config.sources, clock())
        known = tuple(source.name for source in config.sources)
        owner = f"round-{os.getpid()}-{secrets.token_hex(4)}"
        claimed = store.claim_sources(
            clock(),
            owner=owner,
            lease=config.fetch.deadline * 2,
            names=[name for name in known if names is None or name in names],
            force=force,
        )
        if not claimed:
            return RoundResult()
        visits = _Round(config, store, clock, progress, stop or threading.Event(), lock)
        try:
            return RoundResult(reports=visits.run(claimed))
        finally:
            store.release_sources(owner)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[int | None]:
    """Hold the round's lock; None if another round holds it.

    The child inherits the open file, so that a child that outlives its parent still counts as a
    round. It needs a moment to notice, hence a short patience.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        for pause in (0.02, 0.05, 0.1, 0.2, 0.3, None):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if pause is None:
                    yield None
                    return
                time.sleep(pause)
            else:
                break
        yield handle
    finally:
        os.close(handle)


@dataclass(slots=True)
class _Round:
    """The run of one round."""

    config: Config
    store: Store
    clock: Callable[[], datetime]
    progress: Callable[[Progress], None]
    stop: threading.Event
    lock: int

    def run(self, names: Sequence[str]) -> tuple[Report, ...]:
        """Visit the sources; a source whose visit kills the child is found by visiting alone."""
        started = self.clock()
        end = time.monotonic() + self.config.fetch.deadline.total_seconds()
        statuses = {status.name: status for status in self.store.statuses()}
        order = self._order(names, statuses, started, end)
        before = {name: self.store.reports(name, 1) for name in names}
        why = self._child(order, end)
        left = self._unreported(names, before)
        if why.died and len(left) > 1:
            log.warning("event=child_died reason=%r left=%d", why.reason, len(left))
            for name in left:
                if not self.stop.is_set() and time.monotonic() < end:
                    alone = self._child(self._order((name,), statuses, started, end), end)
                    dead = self._unreported((name,), before)
                    self._account(dead, started, alone)
            left = self._unreported(left, before)
        self._account(left, started, why)
        return tuple(report for name in names for report in self.store.reports(name, 1))

    def _order(
        self,
        names: Sequence[str],
        statuses: Mapping[str, SourceStatus],
        now: datetime,
        end: float,
    ) -> Order:
        fetch = self.config.fetch
        sources = {source.name: source for source in self.config.sources}
        level = logging.getLogger("dateline").getEffectiveLevel()
        return Order(
            database=self.config.database,
            errands=tuple(Errand(source=sources[name]) for name in names),
            user_agent=self.config.user_agent,
            delay=fetch.delay.total_seconds(),
            timeout=fetch.timeout.total_seconds(),
            ends_at=time.time() + end - time.monotonic() - _ENDING,
            max_bytes=fetch.max_bytes,
            memory_mb=fetch.memory_mb,
            allow=fetch.allow,
            holds=tuple(_holds(sources, statuses.values(), now).items()),
            log_level=logging.getLevelName(level),
        )

    def _child(self, order: Order, end: float) -> _Ending:
        with _started(order, self.lock) as child:
            asked = False
            while True:
                try:
                    event = child.events.get(timeout=0.1)
                except queue.Empty:
                    event = None
                else:
                    if event is None:
                        return child.ending(order.memory_mb)
                    self.progress(event)
                if time.monotonic() > end:
                    return _Ending("the round's deadline passed", died=False)
                if self.stop.is_set() and not asked:
                    asked = True
                    end = min(end, time.monotonic() + _LAST_WORDS)
                    child.ask_to_end()

    def _unreported(
        self, names: Sequence[str], before: Mapping[str, tuple[Report, ...]]
    ) -> tuple[str, ...]:
        """Return the sources whose last report is still that of an earlier round."""
        return tuple(name for name in names if self.store.reports(name, 1) == before[name])

    def _account(
        self,
        names: Sequence[str],
        started: datetime,
        why: _Ending,
    ) -> None:
        """Write a report for each source that has none."""
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


@dataclass(frozen=True, slots=True)
class _Ending:
    """Why a child ended. `died` is true if it did so by itself, before its work was done."""

    reason: str
    died: bool


class _Child:
    """A running child and its events; None is the last event."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._stdin = cast("IO[bytes]", process.stdin)
        self._stdout = cast("IO[bytes]", process.stdout)
        self.events: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._listen, name="round-child", daemon=True)
        self._reader.start()

    def tell(self, order: Order) -> None:
        """Give the child its order. A child that is dead already is found out by its ending."""
        with contextlib.suppress(BrokenPipeError):
            self._stdin.write(write_order(order).encode() + b"\n")
            self._stdin.flush()

    def _listen(self) -> None:
        for line in self._stdout:
            event = read_progress(line)
            if event:
                self.events.put(event)
        self.events.put(None)

    def ask_to_end(self) -> None:
        """Have the child give up its visits and report what it has."""
        self._process.terminate()

    def ending(self, memory_mb: int) -> _Ending:
        """Say how the child ended."""
        code = self._process.wait()
        if code == 0:
            return _Ending("the visit could not be begun; the log says why", died=False)
        if code == _OUT_OF_MEMORY:
            return _Ending(f"it took more than {memory_mb} MB of memory", died=True)
        if code < 0:
            return _Ending(f"ended by signal {signal.Signals(-code).name}", died=True)
        return _Ending(f"the round's process failed with code {code}; the log says why", died=True)

    def end(self) -> None:
        """Kill the child with all it started, if it still runs."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        self._reader.join()
        self._stdout.close()


@contextlib.contextmanager
def _started(order: Order, lock: int) -> Iterator[_Child]:
    """Run a child for the block; it does not outlive it.

    Its stdin stays open after the order: the end of that pipe is how it learns that we are gone.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "monitor.crawl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(os.environ),
        pass_fds=(lock,),
        start_new_session=True,
    )
    child = _Child(process)
    try:
        child.tell(order)
        yield child
    finally:
        child.end()


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the part of the environment a child may see: none of the user's secrets."""
    kept = {
        name: value
        for name, value in environ.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES)
    }
    # The same program as ours, wherever it was started from.
    here = str(Path(__file__).resolve().parents[1])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (here, kept.get("PYTHONPATH"))))
    kept["MALLOC_ARENA_MAX"] = "2"  # each thread's arena reserves 64 MB of the address space
    return kept


def _holds(
    sources: Mapping[str, Source], statuses: Iterable[SourceStatus], now: datetime
) -> dict[str, datetime]:
    """Return the hosts that asked for a pause which is not over, learned in earlier rounds."""
    holds: dict[str, datetime] = {}
    for status in statuses:
        until = held_until(status.report) if status.report else None
        source = sources.get(status.name)
        if until and until > now and source:
            for host in {host_key(url) for url in source.urls}:
                holds[host] = max(until, holds.get(host, until))
    return holds
