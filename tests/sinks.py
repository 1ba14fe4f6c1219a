"""A private place that nobody may come to, and that counts who does. Loopback only."""

from __future__ import annotations

import contextlib
import socket
from typing import Self


class Sink:
    """The same free port of 127.0.0.1 and, where there is one, of ::1.

    The kernel completes connections without our help and queues them, so counting may come later.
    """

    def __init__(self) -> None:
        self._doors = [socket.create_server(("127.0.0.1", 0), backlog=128)]
        self.port: int = self._doors[0].getsockname()[1]
        with contextlib.suppress(OSError):
            self._doors.append(
                socket.create_server(("::1", self.port), family=socket.AF_INET6, backlog=128)
            )
        for door in self._doors:
            door.settimeout(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for door in self._doors:
            door.close()

    def came(self) -> int:
        """Return how many connections have come since the last call."""
        count = 0
        for door in self._doors:
            with contextlib.suppress(BlockingIOError):
                while True:
                    door.accept()[0].close()
                    count += 1
        return count
