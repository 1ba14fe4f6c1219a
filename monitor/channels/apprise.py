"""Tells through any service that Apprise knows. The owner of apprise, an extra: dateline[apprise].

Apprise speaks to its services in ways of its own, so each message is a child process of this very
module, which can be held to our rules from outside: it has a time limit and a memory limit, gets
no variables of the environment (so no proxies), may start no program, and may connect to no
address that is not public, whatever a name or a redirect leads to. What cannot be held: a redirect
to another public address is followed, and answers are read as Apprise reads them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import resource
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from db.errors import DeliveryError
from db.words import clean_line
from feeds.wording import shorten
from spiders import extras
from spiders.addresses import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.config import AppriseChannel
    from monitor.message import Message

_ANSWER_SHOWN: Final = 200
_MEMORY: Final = 768 * 1024 * 1024
_TAKEN: Final = "taken"
# Whatever runs a program or speaks to one of this machine; connections are judged by address.
_FORBIDDEN: Final = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "pty.",
    "syslog.",
)
_SERVICE: Final = re.compile(r"[a-z0-9]{1,30}")


class Apprise:
    """A channel of Apprise. `timeout` is for the whole of a message, in seconds.

    `allow` is the `host:port` pairs that may be spoken to although they are private addresses.
    """

    def __init__(
        self, settings: AppriseChannel, *, allow: frozenset[str] = frozenset(), timeout: float = 60
    ) -> None:
        self.name: Final = settings.name
        self._url = settings.url
        self._allow = allow
        self._timeout = timeout

    async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
        """Have a child hand the message over; the service does not learn the key."""
        del key, earlier  # Apprise has no place for an id, and one address is one addressee
        order = {
            "url": self._url.reveal(),
            "title": message.subject,
            "body": message.text,
            "allow": sorted(self._allow),
        }
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "monitor.channels.apprise",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            env=_environment(),
        )
        given = json.dumps(order).encode()
        try:
            said, _ = await asyncio.wait_for(child.communicate(given), self._timeout)
        except TimeoutError as error:
            reason = f"{self._service} came to no end within {self._timeout:g} s"
            raise DeliveryError(reason, permanent=False) from error
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return self._judge(said.decode("utf-8", "replace"))

    @property
    def _service(self) -> str:
        """The name of the service, which is all of its address that may be shown."""
        scheme = self._url.reveal().partition("://")[0].lower()
        return scheme if _SERVICE.fullmatch(scheme) else "apprise"

    def _judge(self, said: str) -> str:
        answer = said.strip()
        if answer == _TAKEN:
            return f"taken by {self._service}"
        reason = self._without_secrets(answer) or "Apprise ended without a word"
        raise DeliveryError(shorten(f"{self._service}: {reason}", _ANSWER_SHOWN), permanent=False)

    def _without_secrets(self, text: str) -> str:
        """Return a line in which no part of the address stands that could be a secret."""
        parts = re.split(r"[/:@?&=#]+", self._url.reveal().partition("://")[2])
        for part in sorted((part for part in parts if len(part) > 3), key=len, reverse=True):  # noqa: PLR2004 - shorter ones are words
            text = text.replace(part, "…")
        return clean_line(text)


def _environment() -> dict[str, str]:
    """Return what the child is told of this machine: where Python finds its modules."""
    kept = {"PATH", "PYTHONPATH", "LANG", "LC_ALL"}
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**{name: os.environ[name] for name in kept & set(os.environ)}, "PYTHONPATH": paths}


def _main() -> None:
    """Send the one message that stands on stdin; say `taken`, or why not, on stdout."""
    order = json.loads(sys.stdin.read())
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    heard = _Heard()
    try:
        from apprise import Apprise as Service  # noqa: PLC0415 - an extra, and slow to import
        from apprise.common import OverflowMode  # noqa: PLC0415 - likewise
    except ImportError:
        _say(extras.missing("apprise", "apprise"))
        return
    logging.getLogger("apprise").addHandler(heard)
    sys.addaudithook(guard(frozenset(order["allow"]), heard.lines.append))
    service = Service()
    try:
        added = service.add(order["url"])
        for server in service:
            # Its own default hands a long text on whole, to be refused by most services for ever.
            if "overflow_mode" not in vars(server):  # the address did not say otherwise
                server.overflow_mode = OverflowMode.SPLIT
        taken = added and service.notify(title=order["title"], body=order["body"])
    except Exception as error:  # noqa: BLE001 - the job border of one message
        heard.lines.append(f"{type(error).__name__}: {error}")
        taken = False
    _say(_TAKEN if taken else "; ".join(dict.fromkeys(heard.lines)))


def _say(line: str) -> None:
    sys.stdout.write(clean_line(line))


def guard(allow: frozenset[str], note: Callable[[str], None]) -> Any:
    """Return an audit hook (PEP 578) that refuses programs and addresses that are not public.

    What it refuses is noted as well: a service may keep it to itself.
    """

    def refuse(reason: str) -> NoReturn:
        note(reason)
        raise PermissionError(reason)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            refuse("programs of this machine are not spoken to")
        if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
            address = args[1]
            if not isinstance(address, tuple):
                refuse("only network addresses are spoken to")
            host, port = str(address[0]).partition("%")[0], int(address[1])
            if reason := refusal(host, port, ip_address(host), allow):
                refuse(reason)

    return hook


class _Heard(logging.Handler):
    """Keeps what Apprise logs: the only place where it says why it failed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


if __name__ == "__main__":
    _main()
