"""A probe of a live address, as its parent sees it: an order to a child, one answer, a deadline."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from itertools import count
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from db.errors import DatelineError
from monitor import config_values as values
from monitor.child import child_environment
from monitor.confined import OUT_OF_MEMORY
from monitor.order import Manners, ProbeOrder, write_order

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from monitor.config import FetchSettings

_ENDING = 5.0  # seconds between the child's own deadline and ours
_NAME = re.compile(r"[^a-z0-9]+")
_GENERAL = frozenset(("www", "com", "org", "net", "co", "gov", "news", "en", "eng", "ru", "m"))


# A host as people write it; what ends like a page is a file that is not there.
_HOST = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.(?!(?:x?html?|txt|xml|json|mht|rss)$)[^\W\d_]{2,}(?::\d+)?(?:[/?].*)?"
)


# A machine by its number, or this one: often a server without TLS, so no scheme is tried.
_NUMBER = re.compile(
    r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-fA-F:.]+\])(?::\d+)?(?:[/?].*)?", re.IGNORECASE
)


class ProbeError(DatelineError):
    """A probe that came to no answer; the message says why."""


def probe(
    url: str, fetch: FetchSettings, user_agent: str, *, samples: int, save: Path | None = None
) -> dict[str, Any]:
    """Look at an address in a child process; return what `monitor.scouting` writes.

    Raises ProbeError if the child dies or does not end within the deadline of a round.
    """
    seconds = fetch.deadline.total_seconds()
    ends_at = time.time() + seconds
    order = ProbeOrder(
        manners=Manners.of(fetch, user_agent, ends_at=ends_at, log_level="ERROR"),
        url=url,
        samples=samples,
        save=save.absolute() if save else None,
    )
    code, line = _run(write_order(order).encode() + b"\n", seconds + _ENDING)
    if line.endswith(b"\n"):
        return dict(json.loads(line))
    if code == OUT_OF_MEMORY:
        raise ProbeError(f"{url}: looking at it took more than {fetch.memory_mb} MB of memory")
    if time.time() >= ends_at:
        raise ProbeError(f"{url}: no answer within {seconds:.0f} s ([fetch] deadline)")
    raise ProbeError(f"{url}: the process that looked at it ended with code {code} and no answer")


def _run(order: bytes, seconds: float) -> tuple[int, bytes]:
    """Give a child its order; return its exit code and the line it answered with, if any."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "monitor.scouting"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(os.environ),
        start_new_session=True,
    )
    timer = threading.Timer(seconds, child.kill)
    timer.start()
    try:
        with child, contextlib.suppress(BrokenPipeError):
            stdin, stdout = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
            # Not `communicate`: it would close stdin, by which the child knows that we are there.
            stdin.write(order)
            stdin.flush()
            line = stdout.readline()
            return child.wait(), line
    finally:
        timer.cancel()
        # Also after Ctrl-C, which the child, in a session of its own, has not heard.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    return child.wait(), b""


def web_address(text: str) -> str | None:
    """Return the address that a person means, None if it is none; without a scheme https is tried.

    Raises ValueError for one that cannot be used, or holds a login.

    >>> web_address("example.org/news"), web_address("page.html")
    ('https://example.org/news', None)
    """
    if "://" in text:
        return values.web_address(text)
    if _NUMBER.fullmatch(text):
        raise ValueError(f'"{text}" does not say how to speak to it; write http://{text}')
    return values.web_address(f"https://{text}") if _HOST.fullmatch(text) else None


def source_name(url: str, taken: Collection[str]) -> str:
    """Return a name for a source at an address: its host without what all hosts have.

    >>> source_name("https://www.paper.example/world/", ())
    'paper'
    >>> source_name("https://news.paper.co.uk/", ["paper"])
    'paper-2'
    >>> source_name("http://192.0.2.7/", ()), source_name("https://t.me/s/channel", ())
    ('192-0-2-7', 'channel')
    >>> source_name("http://localhost:8000/news", ())
    'localhost-8000'
    """
    parts = (urlsplit(url).hostname or "source").lower().split(".")
    if parts == ["t", "me"]:
        parts = [part for part in urlsplit(url).path.lower().split("/") if part not in ("", "s")]
    if all(part.isdigit() for part in parts):
        parts = ["-".join(parts)]
    telling = [part for part in parts[:-1] or parts if part not in _GENERAL] or parts
    port = f"-{stated}" if (stated := urlsplit(url).port) else ""
    name = _NAME.sub("-", telling[-1] + port).strip("-") or "source"
    return next(
        found
        for number in count(1)
        if (found := name if number == 1 else f"{name}-{number}") not in taken
    )
