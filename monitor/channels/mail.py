"""Tells by mail through an SMTP server (RFC 5321). The owner of smtplib.

Each recipient is answered for by itself. Who has taken the message, or refused it for good, is
written at the head of every answer in words of ours; a later try reads it there and leaves these
recipients alone, even in another process.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from db.errors import DeliveryError
from db.words import clean_line
from feeds.wording import shorten
from monitor.channels.reasons import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from monitor.config import MailChannel
    from monitor.message import Message

_ANSWER_LIMIT: Final = 200
_AFTER_ABORT: Final = 5.0
_LINE: Final = 78  # characters (RFC 5322 §2.1.1)
_END: Final = "\r\n"
_BEGUN: Final = re.compile(r"(?:[!-~]{1,40} ){0,3}")
_TAKEN: Final = range(200, 300)
_REFUSED: Final = range(500, 600)
_HEAD: Final = re.compile(r"(?:taken by ([^;]*); )?(?:refused by ([^;]*); )?")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]")


class _Policy(EmailPolicy):
    """Folds what `email` folds wrongly: first lines that are empty, spaces that get lost.

    Filters look for `Subject: [` at the beginning of a line.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the header as lines; one long word behind its name has a line of its own."""
        if name == "Subject" and not value.isascii():
            return _encoded(name, value)
        folded = super().fold_binary(name, value)
        first = f"{name}:".encode()
        if not folded.startswith(first + b"\r\n "):
            return folded
        whole = folded.replace(b"\r\n ", b" ", 1)
        space = whole.rfind(b" ", len(first) + 1, _LINE + 1)
        return folded if space < 0 else whole[:space] + b"\r\n" + whole[space:]


def _encoded(name: str, text: str) -> bytes:
    """Return a header whose words are not all ASCII; those before the first such stay readable."""
    begun = _BEGUN.match(text)[0]  # type: ignore[index]  # it matches nothing, too
    header = Header(maxlinelen=_LINE - 2, header_name=name)
    if begun:  # an empty piece would leave its space
        header.append(begun.rstrip(), "us-ascii")
    header.append(text[len(begun) :], "utf-8")
    return f"{name}: {header.encode(linesep=_END)}{_END}".encode("ascii")


# Not every relay speaks 8BITMIME; base64 and quoted-printable pass everywhere.
_POLICY: Final = _Policy(linesep=_END, cte_type="7bit")


class Mail:
    """A mail channel. Required TLS is never given up: without it nothing is sent.

    `timeout` is for each step of the dialogue, `deadline` for all of it, in seconds. `tls` is for
    servers whose certificate only a private authority vouches for.
    """

    def __init__(
        self,
        settings: MailChannel,
        *,
        clock: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
        timeout: float = 30.0,
        deadline: float = 120.0,
    ) -> None:
        self.name: Final = settings.name
        self._settings = settings
        self._sender = _mailbox(settings.sender)
        self._to = tuple(map(_mailbox, settings.to))
        self._clock = clock
        self._tls = tls
        self._timeout = timeout
        self._deadline = deadline

    async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
        """Hand the mail to the server for all who have not answered for it yet."""
        record = _Record.read(earlier)
        open_to = [box.addr_spec for box in self._to if box.addr_spec not in record.settled]
        dialogue = _Dialogue(self._settings, self._sender, self._tls, self._timeout)
        mail = self.compose(message, key).as_bytes()
        job = asyncio.create_task(asyncio.to_thread(dialogue.run, mail, open_to))
        try:
            await asyncio.wait({job}, timeout=self._deadline)
        finally:
            # After the deadline, or when the program ends: the thread must not talk on.
            if not job.done():
                dialogue.abort()
        await asyncio.wait({job}, timeout=_AFTER_ABORT)
        if not job.done():
            place = f"{self._settings.host}:{self._settings.port}"
            said = f"not sent: {place} came to no end within {self._deadline:g} s"
            raise DeliveryError(said, permanent=False)
        return record.add(job.result()).verdict()

    def compose(self, message: Message, key: str) -> EmailMessage:
        """Return the mail for an alert: the same Message-ID for the same key, always."""
        domain = self._sender.domain
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = self._sender
        mail["To"] = self._to
        mail["Subject"] = _subject(message.subject)
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = _message_id(key, domain)
        if message.thread:  # RFC 5322 §3.6.4: the first of its story, be that long gone
            mail["In-Reply-To"] = mail["References"] = _message_id(message.thread, domain)
        # RFC 3834 §5: vacation programs keep silent; RFC 2919: filters have something to hold on.
        mail["Auto-Submitted"] = "auto-generated"
        mail["List-Id"] = f"<{_UNSAFE.sub('-', self.name)}.dateline.{domain}>"
        # RFC 2369: who keeps the config reads what comes to the sender, and nobody else could act.
        wish = quote(f"unsubscribe from {self.name}")
        mail["List-Unsubscribe"] = f"<mailto:{self._sender.addr_spec}?subject={wish}>"
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        return mail


@dataclass(slots=True)
class _Record:
    """Who has answered what. Without an answer for good, an address stays `put_off`."""

    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    put_off: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def settled(self) -> frozenset[str]:
        return frozenset((*self.taken, *self.refused))

    @classmethod
    def read(cls, answers: Sequence[str]) -> _Record:
        """Read the heads of answers. They hold addresses only; servers' words come after them."""
        record = cls()
        for answer in answers:
            taken, refused = _HEAD.match(answer).groups(default="")  # type: ignore[union-attr]
            record.taken += [box for box in taken.split(", ") if box not in ("", *record.taken)]
            record.refused += [
                box for box in refused.split(", ") if box not in ("", *record.refused)
            ]
        return record

    def note(self, boxes: Sequence[str], code: int, answer: bytes | str) -> None:
        """Note what the server said of these addresses."""
        group = self.taken if code in _TAKEN else self.put_off
        group = self.refused if code in _REFUSED else group
        group += boxes
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        self.words.append(shorten(clean_line(f"{code} {text}").rstrip("."), _ANSWER_LIMIT))

    def add(self, later: _Record) -> _Record:
        """Return both in one; what was put off before is in `later`, settled or put off again."""
        return _Record(
            taken=self.taken + later.taken,
            refused=self.refused + later.refused,
            put_off=later.put_off,
            words=later.words,
        )

    def verdict(self) -> str:
        """Return the answer if everybody took it, else raise."""
        groups = (
            ("taken by", self.taken),
            ("refused by", self.refused),
            ("put off by", self.put_off),
        )
        parts = [f"{verb} {', '.join(boxes)}" for verb, boxes in groups if boxes]
        answer = "; ".join((*parts, *dict.fromkeys(self.words)))
        if self.put_off or self.refused or not self.taken:
            is_over = not self.put_off
            raise DeliveryError(answer, permanent=is_over, partly=is_over and bool(self.taken))
        return answer


class _Dialogue:
    """One connection, one message. Blocking: it lives in a thread."""

    def __init__(
        self,
        settings: MailChannel,
        sender: Address,
        tls: ssl.SSLContext | None,
        timeout: float,
    ) -> None:
        self._settings = settings
        self._sender = sender
        self._tls = tls
        self._timeout = timeout
        self.smtp: smtplib.SMTP | None = None

    def run(self, mail: bytes, to: Sequence[str]) -> _Record:
        """Send to these addresses and return who answered what.

        Raises DeliveryError if no recipient could be asked: then nobody has the message.
        """
        if not to:
            return _Record()
        try:
            smtp = self._connect()
            try:
                self._introduce(smtp)
                return self._transact(smtp, mail, to)
            finally:
                self._leave(smtp)
        except smtplib.SMTPResponseException as error:
            words = error.smtp_error
            text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
            said = f"{self._settings.host}:{self._settings.port}: {error.smtp_code} {text}"
            raise _untold(said) from error
        except (smtplib.SMTPException, OSError) as error:
            said = plain(error, self._settings.host, self._settings.port)
            raise _untold(said) from error

    def abort(self) -> None:
        """Cut the connection from another thread: whatever waits on it fails at once."""
        sock = self.smtp.sock if self.smtp else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> smtplib.SMTP:
        host, port, own = self._settings.host, self._settings.port, self._sender.domain
        if self._settings.security == "tls":
            return _TlsSmtp(
                self, host, port, local_hostname=own, timeout=self._timeout, context=self._context()
            )
        # Without a name smtplib asks the DNS for this machine's own, which may take a minute.
        return _Smtp(self, host, port, local_hostname=own, timeout=self._timeout)

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._settings.security == "starttls":
            # Raises if the server does not offer it: then nothing is sent, ever.
            smtp.starttls(context=self._context())
            smtp.ehlo_or_helo_if_needed()
        if self._settings.username is not None and self._settings.password is not None:
            smtp.login(self._settings.username, self._settings.password.reveal())

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _transact(self, smtp: smtplib.SMTP, mail: bytes, to: Sequence[str]) -> _Record:
        record = _Record()
        size = [f"size={len(mail)}"] if smtp.has_extn("size") else []
        code, answer = smtp.mail(self._sender.addr_spec, size)
        if code not in _TAKEN:
            record.note(to, code, answer)
            return record
        ready = []
        for box in to:
            code, answer = smtp.rcpt(box)
            if code in _TAKEN:
                ready.append(box)
            else:
                record.note([box], code, answer)
        if ready:
            record.note(ready, *_data(smtp, mail))
        return record

    @staticmethod
    def _leave(smtp: smtplib.SMTP) -> None:
        # The message is the server's since its answer to the final dot: a QUIT that fails (which
        # smtplib's context manager raises) would turn a delivery into a repeat.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


class _Smtp(smtplib.SMTP):
    """Known to its dialogue before it connects, so that even a greeting can be cut short."""

    def __init__(self, dialogue: _Dialogue, *args: Any, **how: Any) -> None:
        dialogue.smtp = self
        super().__init__(*args, **how)


class _TlsSmtp(smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""

    def __init__(self, dialogue: _Dialogue, *args: Any, **how: Any) -> None:
        dialogue.smtp = self
        super().__init__(*args, **how)


def _data(smtp: smtplib.SMTP, mail: bytes) -> tuple[int, bytes | str]:
    """Send the message; a connection lost here leaves open whether it was taken: try again."""
    try:
        return smtp.data(mail)
    except smtplib.SMTPDataError as error:
        return error.smtp_code, error.smtp_error
    except (smtplib.SMTPException, OSError) as error:
        return 0, f"lost during DATA: {error}"


def _untold(reason: str) -> DeliveryError:
    return DeliveryError(shorten(clean_line(f"not sent: {reason}"), _ANSWER_LIMIT), permanent=False)


def _subject(text: str) -> str:
    """Return text that stays the one header it is put into.

    `email` decodes encoded words (RFC 2047) in what it is given, and folds what was inside them,
    line breaks and all: `=?utf-8?q?x=0D=0ABcc:...?=` would become a header of its own.
    """
    return clean_line(text).replace("=?", "= ?") or "(no subject)"


def _message_id(key: str, domain: str) -> str:
    return f"<{_UNSAFE.sub('-', key)}@{domain}>"


def _mailbox(text: str) -> Address:
    """Read `who@example.org` or `Name <who@example.org>`; ValueError if it is neither."""
    shown, spec = parseaddr(clean_line(text))
    local, at, domain = spec.rpartition("@")
    if not (local and at and domain and local.isascii()) or re.search(r"[\s,;<>]", spec):
        raise ValueError(f'not a mail address: "{text}"')
    return Address(shown, local, domain.encode("idna").decode("ascii"))
