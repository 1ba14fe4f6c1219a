"""What every way of telling promises. A new way is a new small file beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.message import Message


class Channel(Protocol):
    """A way of telling one address, or one small group of them.

    A channel keeps nothing between two calls: what it must know of the past it finds in the
    answers it gave, because the process may be another one by then.
    """

    @property
    def name(self) -> str:
        """The name watches use."""
        ...

    async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
        """Hand the message over and return what the other side answered, in one short line.

        `key` travels with the message, the same in each repeat. `earlier` is the answers of the
        tries before, oldest first. Raises DeliveryError if the message was not taken, or not by
        everybody: `permanent` only if the other side has judged this very message or its
        addressee. What stands between us and that judgement (no connection, no TLS, a wrong
        password) says nothing about the message, and is tried again.
        """
        ...
