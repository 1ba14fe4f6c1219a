"""`dateline serve`: the jobs at their times, and the web beside them. The owner of APScheduler.

APScheduler only ticks; what is due stands in the store, so a tick that came late or twice does
neither harm nor loss. The jobs run on threads, the web on the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import uvicorn
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from db.errors import DatelineError
from db.store import Store
from monitor import advice
from monitor.jobs import Jobs
from monitor.lock import holder, only_one
from monitor.once import feed_complaints
from monitor.web.app import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from apscheduler.events import JobExecutionEvent

    from monitor.config import Config
    from monitor.standing import Standing

LOG = logging.getLogger("dateline.serve")
EVERY = {
    "round": timedelta(seconds=5),
    "match": timedelta(seconds=2),
    "tell": timedelta(seconds=5),
    "deliver": timedelta(seconds=2),
    "publish": timedelta(seconds=2),
}
_LEAP = 30.0
"""Seconds from which on a difference between two clocks, or a standstill, is worth a line."""
_LAST_WORDS = 7.0
"""Seconds the jobs have to end by themselves."""


def serve(standing: Standing) -> int:
    """Work until SIGTERM or SIGINT, by the config as its file changes; return the exit code.

    Raises DatelineError if another daemon works on the same folder, the store cannot be opened,
    or the address cannot be listened at.
    """
    config = standing.config
    lock = config.var / "serve.lock"
    with only_one(lock) as held:
        if held is None:
            raise DatelineError(
                f"another dateline serve (process {holder(lock)}) works on {config.var}; "
                "stop it first, or give this one a var of its own"
            )
        with Store.open(config.database):
            pass
        with _listening(config) as listener:
            daemon = Daemon(standing, Health())
            asyncio.run(daemon.run(listener))
            return daemon.farewell()


@contextlib.contextmanager
def _listening(config: Config) -> Iterator[socket.socket]:
    host, port = config.serve.host, config.serve.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise DatelineError(
            f"cannot listen at {host}:{port}: {os.strerror(error.errno or 0)}; "
            "stop what listens there, or set bind in [serve]"
        ) from error
    with listener:
        yield listener


class Health:
    """Which jobs run, and how each ended last. Written on the jobs' threads, read by `/healthz`."""

    def __init__(self) -> None:
        self._states = dict.fromkeys(EVERY, "ok")
        self._running: dict[str, float] = {}
        self._changed = threading.Condition()

    def begin(self, name: str, limit: float) -> None:
        """Note that a job runs, and for how many seconds from now it may."""
        with self._changed:
            self._running[name] = time.monotonic() + limit

    def end(self, name: str) -> None:
        """Note that it runs no more."""
        with self._changed:
            del self._running[name]
            self._changed.notify_all()

    def judge(self, name: str, state: str) -> None:
        """Note how its run ended."""
        with self._changed:
            self._states[name] = state

    def report(self) -> dict[str, str]:
        """Return each job's state: `ok`, `failing`, or `stuck` if it runs beyond its limit."""
        with self._changed:
            now = time.monotonic()
            stuck = {name for name, end in self._running.items() if end < now}
            return {name: "stuck" if name in stuck else how for name, how in self._states.items()}

    def left(self, patience: float) -> tuple[str, ...]:
        """Wait until no job runs, `patience` seconds at most; return those that still do."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running, patience)
            return tuple(self._running)


class Clocks:
    """Finds out when time did not simply pass, by holding the wall clock against a steady one."""

    def __init__(self, wall: Callable[[], float], steady: Callable[[], float]) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._last = steady()

    def look(self) -> str:
        """Return what happened since the last look, as an event for the log; mostly nothing.

        To be called every second or so. A machine that slept shows as a clock set forward.
        """
        stood = self._steady() - self._last
        self._last += stood
        moved = self._wall() - self._last - self._offset
        if abs(moved) > _LEAP:
            self._offset += moved
            return f"clock_set seconds={moved:.0f}"
        return f"stood_still seconds={stood:.0f}" if stood > _LEAP else ""


def _limit(jobs: Jobs) -> float:
    """Return how many seconds a job on this config may take: a round, and what is around it."""
    return jobs.config.fetch.deadline.total_seconds() + 60


def _now() -> datetime:
    return datetime.now(UTC)


class Daemon:
    """One run of the daemon."""

    def __init__(self, standing: Standing, health: Health) -> None:
        self._standing = standing
        self._stop = threading.Event()
        self._jobs = Jobs.of(standing.config, _now, self._stop)
        self._renewing = threading.Lock()
        self._health = health
        self._published: tuple[str, int] | None = None
        self._said: dict[str, str] = {}
        self._left: tuple[str, ...] = ()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(EVERY))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    async def run(self, listener: socket.socket) -> None:
        """Tick and serve until told to stop; the jobs under way get time to end."""
        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        self._start_ticking()
        web = _Web(_web_config(self._standing, self._health))
        serving = asyncio.create_task(web.serve(sockets=[listener]))
        watching = asyncio.create_task(self._watch_clock())
        address, port = listener.getsockname()[:2]
        var = self._standing.config.var
        LOG.info("event=started address=http://%s:%d var=%s", address, port, var)
        await asyncio.wait(
            {serving, watching, asyncio.create_task(told.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        LOG.info("event=stopping")
        self._stop.set()
        self._scheduler.remove_all_jobs()
        watching.cancel()
        web.should_exit = True
        self._left = await asyncio.to_thread(self._health.left, _LAST_WORDS)
        self._scheduler.shutdown(wait=False)
        await serving
        LOG.info("event=stopped")

    def farewell(self) -> int:
        """Return the exit code; if a job did not end in time, end the process without it.

        Its work is found unfinished at the next start, as after any crash.
        """
        if self._left:
            LOG.warning("event=left_behind jobs=%s", ",".join(self._left))
            logging.shutdown()
            os._exit(0)
        return 0

    def _start_ticking(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the listener says it better
        self._scheduler.add_listener(
            self._note, EVENT_JOB_ERROR | EVENT_JOB_EXECUTED | EVENT_JOB_MISSED
        )
        work: dict[str, Callable[[Jobs], object]] = {
            "round": Jobs.visit,
            "match": self._match,
            "tell": Jobs.tell,
            "deliver": Jobs.deliver,
            "publish": self._publish,
        }
        for name, job in work.items():
            self._scheduler.add_job(
                self._timed(name, job),
                "interval",
                seconds=EVERY[name].total_seconds(),
                id=name,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()

    def _timed(self, name: str, job: Callable[[Jobs], object]) -> Callable[[], None]:
        def run() -> None:
            self._health.begin(name, _limit(self._jobs))
            try:
                jobs = self._jobs_now()
                self._health.begin(name, _limit(jobs))
                job(jobs)
            finally:
                self._health.end(name)

        return run

    def _jobs_now(self) -> Jobs:
        """Return the work on what the config says now."""
        with self._renewing:
            if self._standing.look():
                config = self._standing.config
                self._jobs = Jobs.of(config, _now, self._stop)
                counts = (len(config.sources), len(config.watches), len(config.channels))
                LOG.info("event=config_read sources=%d watches=%d channels=%d", *counts)
            return self._jobs

    def _match(self, jobs: Jobs) -> None:
        """Let the watches look, but not while others may be written down: nobody looks again."""
        if not self._standing.is_unsettled:
            jobs.match()

    def _publish(self, jobs: Jobs) -> None:
        """Publish if a feed could have changed since the last time, or the config has."""
        revision = (jobs.owner, jobs.revision())
        if revision != self._published:
            outcome = jobs.publish()
            self._published = None if outcome.failed else revision
            if outcome.failed:
                raise DatelineError("; ".join(feed_complaints(outcome.failed)))

    def _note(self, event: JobExecutionEvent) -> None:
        """Keep how a job ended; its traceback goes to the log, the next tick comes all the same."""
        error = event.exception
        self._health.judge(event.job_id, "failing" if error else "ok")
        if event.code == EVENT_JOB_MISSED:
            LOG.warning("event=missed job=%s at=%s", event.job_id, event.scheduled_run_time)
        elif isinstance(error, DatelineError):
            self._tell(event.job_id, str(error))
        elif error:
            LOG.error("event=failed job=%s", event.job_id, exc_info=error)
        elif self._said.pop(event.job_id, None):
            LOG.info("event=mended job=%s", event.job_id)

    def _tell(self, job: str, reason: str) -> None:
        """Say why a job failed, once, and not at each of its ticks."""
        if reason != self._said.get(job):
            LOG.error("event=failed job=%s reason=%r", job, reason)
        self._said[job] = reason

    async def _watch_clock(self) -> None:
        """Record what kept the ticks from coming, and see to it that they come again.

        After a clock was set back, the next ones would lie hours ahead.
        """
        clocks = Clocks(time.time, time.monotonic)
        while True:
            await asyncio.sleep(1)
            if happened := clocks.look():
                LOG.warning("event=%s", happened)
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))


class _Web(uvicorn.Server):
    """The web server, which leaves the signals to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _states(config: Config) -> dict[str, str]:
    """Return how each source of the config is, in the words of `dateline status`."""
    known = {source.name: advice.UNSEEN for source in config.sources}
    with contextlib.suppress(DatelineError), Store.open_readonly(config.database) as store:
        for status in store.statuses():
            if status.name in known and status.report:
                known[status.name] = advice.words(status.report.state)
    return known


def _web_config(standing: Standing, health: Health) -> uvicorn.Config:
    config = standing.config
    hosts = {config.serve.host, "localhost", "127.0.0.1", "::1", *config.serve.hosts}
    return uvicorn.Config(
        app(
            config.feed_folder,
            hosts=hosts,
            health=health.report,
            sources=lambda: _states(standing.config),
        ),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
