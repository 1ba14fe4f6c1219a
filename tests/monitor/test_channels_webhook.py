"""Webhooks against real receivers on loopback: one that verifies, one that misbehaves in bytes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from db.errors import DeliveryError
from monitor.channels.registry import build
from monitor.channels.webhook import Webhook
from monitor.config import WebhookChannel
from monitor.message import Message
from monitor.newsroom.hook import Hook
from monitor.secrets import Secret
from tests.monitor.courier import mail_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
KEY = "alert_00ff"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DATA = {"type": "article.matched", "version": 1, "data": {"title": "Министры ]]> \u2028 </script>"}}
MESSAGE = Message(subject="s", text="t", html="h", data=DATA)
ENDLESS = "endless"
RESET = "reset"
HANG = "hang"


@dataclass
class Raw:
    """A receiver that answers with bytes of our choice, whatever they are worth as HTTP.

    `listens` false means that it speaks first.
    """

    reply: bytes
    then: str = ""
    listens: bool = True
    heads: list[bytes] = field(default_factory=list)
    _open: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    def ask(self, *, timeout: float = 60.0, scheme: str = "http") -> str:
        """Run the receiver, send one message to it, and return the answer."""

        async def talk() -> str:
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            url = f"{scheme}://127.0.0.1:{port}/hook"
            try:
                return await channel(url, timeout=timeout).send(MESSAGE, KEY)
            finally:
                server.close()
                for writer in self._open.values():
                    writer.transport.abort()
                await asyncio.gather(*self._open)

        return asyncio.run(talk())

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[asyncio.get_running_loop().create_task(self._meet(reader, writer))] = writer

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if self.listens:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(self.reply)
            await writer.drain()
            if self.then == HANG:
                await reader.read()
            while self.then == ENDLESS:
                writer.write(b"x" * 65536)
                await writer.drain()
            if self.then == RESET:
                linger = struct.pack("ii", 1, 0)
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    def refused(self, **how: Any) -> DeliveryError:
        """Do the same where the message must not count as taken."""
        with pytest.raises(DeliveryError) as caught:
            self.ask(**how)
        return caught.value


def channel(
    url: str,
    *,
    secret: str | None = SECRET,
    allow: frozenset[str] | None = None,
    timeout: float = 60.0,
    clock: Callable[[], datetime] = lambda: NOW,
) -> Webhook:
    """Return a webhook channel that may speak to this very address."""
    own = frozenset({url.split("/")[2]})
    return Webhook(
        WebhookChannel(name="hook", url=url, secret=Secret(secret) if secret else None),
        clock=clock,
        allow=own if allow is None else allow,
        timeout=timeout,
    )


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Open a receiver that checks signatures by the text of the standard."""
    with Hook(SECRET) as opened:
        yield opened


def test_the_body_is_signed_byte_for_byte(hook: Hook) -> None:
    """A receiver that knows the secret verifies id, timestamp and body, whatever is in it."""
    now = datetime.fromtimestamp(int(time.time()), UTC)
    answer = asyncio.run(channel(hook.url, clock=lambda: now).send(MESSAGE, KEY))
    assert answer == "204 No Content"
    (received,) = hook.taken
    assert received.id == KEY
    assert received.timestamp == str(int(now.timestamp()))
    assert received.data == DATA
    assert "Министры".encode() in received.body
    assert received.headers["content-type"] == "application/json"


def test_a_repeat_has_the_same_id_and_a_new_timestamp(hook: Hook) -> None:
    """Standard Webhooks: the id stays, the timestamp is that of the try."""
    now = datetime.now(UTC)
    for late in (0, 90):
        moment = now + timedelta(seconds=late)
        asyncio.run(channel(hook.url, clock=lambda moment=moment: moment).send(MESSAGE, KEY))
    first, second = hook.taken
    assert first.id == second.id
    assert int(second.timestamp) - int(first.timestamp) == 90


def test_the_wrong_secret_is_noticed_by_the_receiver(hook: Hook) -> None:
    """A signature with another key is not taken, and tried again."""
    other = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(
            channel(hook.url, secret=other, clock=lambda: datetime.now(UTC)).send(MESSAGE, KEY)
        )
    assert not caught.value.permanent
    assert "401" in caught.value.answer


def test_without_a_secret_nothing_is_signed() -> None:
    """A channel without a secret sends id and timestamp, and no signature."""
    with Hook() as open_hook:
        asyncio.run(channel(open_hook.url, secret=None).send(MESSAGE, KEY))
        (received,) = open_hook.received
    assert received.id == KEY
    assert "webhook-signature" not in received.headers


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64!", "Ж"])
def test_a_secret_that_is_no_key_is_refused_at_once(secret: str) -> None:
    """A channel cannot be made with a secret that signs nothing, and the error does not say it."""
    with pytest.raises(ValueError, match="whsec_ followed by base64") as caught:
        channel("https://hook.example/", secret=secret)
    assert "not base64" not in str(caught.value)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_2xx_is_success(status: int) -> None:
    """Any 2xx answer means taken."""
    raw = Raw(f"HTTP/1.1 {status} Fine\r\nContent-Length: 0\r\n\r\n".encode())
    assert raw.ask() == f"{status} Fine"


@pytest.mark.parametrize("status", [300, 301, 302, 400, 401, 403, 404, 408, 429, 500, 503])
def test_everything_else_is_tried_again(status: int) -> None:
    """R-05: no other status means taken, and none of these is for good."""
    raw = Raw(
        f"HTTP/1.1 {status} No\r\nLocation: http://127.0.0.1:9/\r\n"
        "Content-Length: 9\r\n\r\ntry later".encode()
    )
    error = raw.refused()
    assert not error.permanent
    assert str(status) in error.answer
    assert ("try later" in error.answer) is (status >= 400)
    assert len(raw.heads) == 1


def test_410_is_for_good() -> None:
    """410 is how a receiver says goodbye."""
    assert Raw(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n").refused().permanent


def test_retry_after_travels_with_the_error() -> None:
    """A 503 with Retry-After tells when the receiver wants to be asked again."""
    raw = Raw(b"HTTP/1.1 503 Later\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")
    assert raw.refused().retry_after == 3600.0


def test_a_body_that_never_ends_undoes_no_success() -> None:
    """The status is the answer: an endless 200 is taken, and left at once."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n"
    assert Raw(head, then=ENDLESS).ask() == "200 OK"
    assert Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", then=RESET).ask() == "200 OK"


@pytest.mark.parametrize("then", [ENDLESS, RESET, HANG, ""])
def test_a_body_of_an_error_is_read_up_to_a_limit(then: str) -> None:
    """An endless, reset, stalled or cut body of a 500 is still a 500, soon."""
    raw = Raw(b"HTTP/1.1 500 Oops\r\nContent-Length: 99999999\r\n\r\nbecause", then=then)
    error = raw.refused(timeout=2.0 if then == HANG else 60.0)
    assert error.answer.startswith("500")
    assert len(error.answer) <= 160


@pytest.mark.parametrize(
    ("reply", "then"),
    [
        (b"", HANG),
        (b"", RESET),
        (b"", ""),
        (b"HTTP/1.1 200 OK\r\nX: ", ENDLESS),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, HANG),
        (b"\x00\xff not http at all\r\n\r\n", ""),
        (b"HTTP/1.1 2", RESET),
    ],
)
def test_an_answer_that_is_none_is_tried_again(reply: bytes, then: str) -> None:
    """Silence, resets, endless headers and noise end in time, without a status."""
    error = Raw(reply, then=then).refused(timeout=0.5 if then == HANG else 60.0)
    assert not error.permanent
    assert "no answer" in error.answer


def test_tls_that_fails_is_tried_again() -> None:
    """A server that speaks no TLS where https is asked gets nothing of the message."""
    error = Raw(b"220 this is a mail server\r\n", listens=False).refused(scheme="https")
    assert not error.permanent
    assert "no answer" in error.answer


def test_plain_http_needs_an_entry_in_the_allow_list(hook: Hook) -> None:
    """Without the host:port in the list, plain http is refused before anything is opened."""
    with pytest.raises(DeliveryError, match="is not a public address; add") as caught:
        asyncio.run(channel(hook.url, allow=frozenset()).send(MESSAGE, KEY))
    assert not caught.value.permanent
    assert hook.received == ()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "2130706433",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "[64:ff9b::7f00:1]",
    ],
)
def test_no_private_address_is_spoken_to(host: str) -> None:
    """R-22: whatever the spelling, the private sink sees no connection."""
    with socket.create_server(("127.0.0.1", 0)) as sink:
        sink.settimeout(0)
        port = sink.getsockname()[1]
        hidden = channel(f"https://{host}:{port}/", allow=frozenset({f"elsewhere:{port}"}))
        with pytest.raises(DeliveryError) as caught:
            asyncio.run(hidden.send(MESSAGE, KEY))
        assert not caught.value.permanent
        with pytest.raises(BlockingIOError):
            sink.accept()


def test_proxies_from_the_environment_are_not_used(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy variable of the machine does not lead alerts elsewhere."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    webhook = channel(hook.url, clock=lambda: datetime.now(UTC))
    assert asyncio.run(webhook.send(MESSAGE, KEY)).startswith("204")


def test_an_answer_holds_neither_the_path_nor_the_secret() -> None:
    """A webhook's path is often a password: errors name host and port only."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(channel(f"http://127.0.0.1:{port}/T0P/s3cret").send(MESSAGE, KEY))
    assert "s3cret" not in caught.value.answer
    assert SECRET not in caught.value.answer


def test_the_registry_makes_each_kind_of_channel() -> None:
    """Settings become channels under their names."""
    mail = mail_to(25)
    web = WebhookChannel(name="hook", url="https://hook.example/", secret=Secret(SECRET))
    built = build((mail, web), clock=lambda: NOW)
    assert {name: (type(one).__name__, one.name) for name, one in built.items()} == {
        "desk": ("Mail", "desk"),
        "hook": ("Webhook", "hook"),
    }
