"""A mailbox that takes mail on a free loopback port and remembers it. The owner of aiosmtpd.

It can be scripted verb by verb: another reply, a dropped connection, silence.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from enum import Enum
from typing import TYPE_CHECKING, Any, AnyStr

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from monitor.newsroom.server import HOST, Premises

if TYPE_CHECKING:
    import ssl
    from email.message import EmailMessage

    from aiosmtpd.smtp import Envelope, Session

    from monitor.newsroom.server import Loopback

VERBS = frozenset({"CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "END", "QUIT"})


class Twist(Enum):
    """What can be scripted instead of a reply."""

    DROP = "drop"
    HANG = "hang"


Line = str | Twist | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that was taken: the envelope, the bytes, who had logged in, over TLS or not."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    login: str | None
    secured: bool

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def message_id(self) -> str:
        """The Message-ID, empty if there is none."""
        return str(self.message["Message-ID"] or "")

    def __str__(self) -> str:
        message = self.message
        body = message.get_body(preferencelist=("plain",))
        text = body.get_content().strip() if body else ""
        head = "\n".join(
            f"{name}: {message[name] or ''}" for name in ("From", "To", "Subject", "Message-ID")
        )
        return f"{head}\n\n{text}"


class Mailbox(Premises):
    """An SMTP server that keeps what it is given. Use it as a context manager.

    `login` is the one name and password it knows. With `tls` it offers STARTTLS.
    """

    def __init__(
        self, *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._login = login
        self._tls = tls
        super().__init__("mailbox")
        self._letters: list[Letter] = []
        self._script: dict[str, deque[Line]] = defaultdict(deque)
        self._heard: list[str] = []
        self._news = threading.Condition()
        self.host = HOST
        self.port = 0

    def start(self) -> int:
        """Open the mailbox; return its port."""
        self._loopback.start()
        self.port = self._loopback.listen(self._talk)
        return self.port

    @property
    def letters(self) -> tuple[Letter, ...]:
        """What was taken, oldest first."""
        return tuple(self._letters)

    @property
    def heard(self) -> tuple[str, ...]:
        """The verbs that came, oldest first; `CONNECT` and `END` count as verbs."""
        return tuple(self._heard)

    def script(self, verb: str, *lines: Line) -> None:
        """Say what the next uses of a verb get, one each: a reply, a `Twist`, None for the usual.

        `CONNECT` is the greeting and `END` the reply to the final dot: a reply there other than
        2xx means that the letter is not taken, a `Twist` that it is taken and nobody is told.
        """
        if verb not in VERBS:
            raise KeyError(verb)
        self._script[verb].extend(lines)

    def wait_for(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until so many letters are there; False if they were not in `timeout` seconds."""
        with self._news:
            return self._news.wait_for(lambda: len(self._letters) >= count, timeout)

    def wait_for_verb(self, verb: str, timeout: float = 10.0) -> bool:
        """Wait until this verb was heard; False if it was not in `timeout` seconds."""
        with self._news:
            return self._news.wait_for(lambda: verb in self._heard, timeout)

    def next_line(self, verb: str) -> Line:
        """Note that a verb was heard; take the next line of its script."""
        lines = self._script[verb]
        line = lines.popleft() if lines else None
        with self._news:
            self._heard.append(verb)
            self._news.notify_all()
        return line

    def take(self, letter: Letter) -> None:
        """Keep a letter."""
        with self._news:
            self._letters.append(letter)
            self._news.notify_all()

    def knows(self, offered: Any) -> AuthResult:
        """Judge a login."""
        known = isinstance(offered, LoginPassword) and self._login == (
            offered.login.decode(),
            offered.password.decode(),
        )
        name = offered.login.decode() if known else None
        return AuthResult(success=known, handled=False, auth_data=name)

    def _talk(self, loop: asyncio.AbstractEventLoop) -> asyncio.Protocol:
        return _Talk(self, loop, self._loopback, self._tls, offers_login=self._login is not None)


class _Talk(SMTP):
    """One conversation, which asks the script before each reply."""

    def __init__(
        self,
        mailbox: Mailbox,
        loop: asyncio.AbstractEventLoop,
        loopback: Loopback,
        tls: ssl.SSLContext | None,
        *,
        offers_login: bool,
    ) -> None:
        self._mailbox = mailbox
        self._loopback = loopback
        self._greeted = False
        self._wire: asyncio.Transport | None = None
        super().__init__(
            _Taker(mailbox),
            hostname="mail.example",
            enable_SMTPUTF8=True,
            tls_context=tls,
            auth_require_tls=tls is not None or not offers_login,
            auth_exclude_mechanism=() if offers_login else ("LOGIN", "PLAIN"),
            authenticator=lambda *given: mailbox.knows(given[-1]),
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection: it is dropped by a script or closed at the end."""
        if isinstance(transport, asyncio.Transport):
            self._wire = transport
        self._loopback.track(transport)
        super().connection_made(transport)

    async def cut(self) -> None:
        """Drop the connection; this conversation is cancelled by that."""
        if self._wire is not None:
            self._wire.abort()
        await silence()

    async def push(self, status: AnyStr) -> None:
        """Send a reply; the first of all is the greeting, which can be scripted."""
        if not self._greeted:
            self._greeted = True
            if await self._scripted("CONNECT"):
                return
        await super().push(status)

    async def smtp_EHLO(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self._scripted("EHLO"):
            await super().smtp_EHLO(arg)

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self._scripted("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self._scripted("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self._scripted("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self._scripted("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self._scripted("DATA"):
            await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not await self._scripted("QUIT"):
            await super().smtp_QUIT(arg)

    async def _scripted(self, verb: str) -> bool:
        """Do what the script says for this use of the verb; False if it says nothing."""
        match self._mailbox.next_line(verb):
            case None:
                return False
            case Twist.DROP:
                await self.cut()
            case Twist.HANG:
                await silence()
            case str(line):
                await super().push(line)
        return True


class _Taker:
    """What aiosmtpd calls with a whole letter."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: _Talk, session: Session, envelope: Envelope
    ) -> str:
        """Take the letter after its final dot, unless the script says otherwise."""
        line = self._mailbox.next_line("END")
        if isinstance(line, str) and not line.startswith("2"):
            return line
        self._mailbox.take(
            Letter(
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                raw=envelope.original_content or b"",
                login=session.auth_data,
                secured=session.ssl is not None,
            )
        )
        if line is Twist.DROP:
            await server.cut()
        if line is Twist.HANG:
            await silence()
        return line if isinstance(line, str) else "250 2.0.0 taken"


async def silence() -> None:
    """Wait until the connection ends, which cancels the conversation."""
    await asyncio.get_running_loop().create_future()
