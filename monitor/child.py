"""The process that makes the visits of a round: how it is started, heard, and ended.

What it does is `monitor.crawl`; why it is another process is told there.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from monitor.confined import OUT_OF_MEMORY
from monitor.order import Progress, read_progress, write_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.order import Order


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
class Ending:
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

    def ending(self, memory_mb: int) -> Ending:
        """Say how the child ended."""
        code = self._process.wait()
        if code == 0:
            return Ending("the visit could not be begun; the log says why", died=False)
        if code == OUT_OF_MEMORY:
            return Ending(f"it took more than {memory_mb} MB of memory", died=True)
        if code < 0:
            return Ending(f"ended by signal {signal.Signals(-code).name}", died=True)
        return Ending(f"the round's process failed with code {code}; the log says why", died=True)

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
def started_child(order: Order, lock: int) -> Iterator[_Child]:
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
