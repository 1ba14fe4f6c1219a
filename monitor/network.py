"""What this machine itself knows of its network: whether a way leads out, whether names are found.

Nobody is spoken to: the kernel is asked for a route and the resolver for names of the config.
"""

from __future__ import annotations

import errno
import queue
import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_PATIENCE = 5.0  # seconds that a resolver may be silent
# Addresses for documentation (RFC 5737, RFC 3849): a way out leads to them, nobody is there.
_ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_NO_WAY = frozenset(
    (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
)


class Network:
    """The network as this machine sees it."""

    def has_route(self) -> bool:
        """Tell whether a way leads out of this machine, by IPv4 or by IPv6."""
        return any(self._is_open(family, address) for family, address in _ANYWHERE)

    def finds_any(self, hosts: Collection[str]) -> bool:
        """Tell whether the name of one of these hosts is found, within seconds."""
        answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
        for host in hosts:
            # A resolver that keeps silent cannot be called off; the thread ends with us.
            threading.Thread(
                target=lambda name=host: answers.put(_is_found(name)), daemon=True
            ).start()
        try:
            return any(answers.get(timeout=_PATIENCE) for _ in hosts)
        except queue.Empty:
            return False

    def _is_open(self, family: socket.AddressFamily, address: str) -> bool:
        try:
            self.connect(family, address)
        except OSError as error:
            return error.errno not in _NO_WAY
        return True

    def connect(self, family: socket.AddressFamily, address: str) -> None:
        """Have the kernel look for a route; UDP sends nothing by that. Raises OSError."""
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as door:
            door.connect((address, 9))


def _is_found(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False
