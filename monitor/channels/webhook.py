"""Tells by HTTP, as Standard Webhooks say (standardwebhooks.com). The owner of aiohttp.

A receiver is a stranger: its answer is read up to a limit, its redirects are not followed, and
the address its name leads to is asked for at the moment of each connection.
"""

from __future__ import annotations

import json
import socket
from datetime import UTC
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import aiohttp
import standardwebhooks

from db.errors import DeliveryError
from db.hosts import endpoint_of, port_of
from db.words import clean_line
from feeds.wording import shorten
from monitor.channels.reasons import plain
from monitor.secrets import signing_key
from spiders.addresses import posting_refusal, refusal
from spiders.courtesy_wishes import retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from aiohttp.connector import AddrInfoType

    from monitor.config import WebhookChannel
    from monitor.message import Message
    from monitor.secrets import Secret

_ANSWER_BYTES: Final = 64 * 1024
_ANSWER_SHOWN: Final = 160
_TAKEN: Final = range(200, 300)
_REDIRECT: Final = range(300, 400)
_GONE: Final = 410


class Webhook:
    """A webhook channel. `timeout` is for the whole exchange, in seconds.

    `allow` is the `host:port` pairs that may be spoken to although they are private addresses,
    and in plain http. Raises ValueError if the secret cannot be a signing key.
    """

    def __init__(
        self,
        settings: WebhookChannel,
        *,
        clock: Callable[[], datetime],
        allow: frozenset[str] = frozenset(),
        user_agent: str = "Dateline",
        timeout: float = 20.0,
    ) -> None:
        self.name: Final = settings.name
        self._url = settings.url
        self._host = urlsplit(settings.url).hostname or ""
        self._signer = _signer(settings.secret) if settings.secret else None
        self._clock = clock
        self._allow = allow
        self._user_agent = user_agent
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def send(self, message: Message, key: str, *, earlier: Sequence[str] = ()) -> str:
        """Post the message's data, signed byte for byte; a 2xx answer alone means taken."""
        del earlier  # a webhook has one addressee: nothing to remember
        if reason := posting_refusal(self._url, self._allow):
            raise DeliveryError(reason, permanent=False)
        body = json.dumps(message.data, ensure_ascii=False, separators=(",", ":"))
        headers = self._headers(key, body)
        try:
            async with (
                self._session() as session,
                session.post(
                    self._url, data=body.encode(), headers=headers, allow_redirects=False
                ) as response,
            ):
                return await self._judge(response)
        except TimeoutError as error:
            limit = self._timeout.total
            said = f"{endpoint_of(self._url)} gave no answer within {limit:g} s"
            raise DeliveryError(said, permanent=False) from error
        except (aiohttp.ClientError, OSError) as error:
            # The path may hold a token: only the host and what the connection said are repeated.
            said = plain(getattr(error, "os_error", error), self._host, port_of(self._url))
            text = shorten(clean_line(f"no answer: {said}"), _ANSWER_SHOWN)
            raise DeliveryError(text, permanent=False) from error

    def _session(self) -> aiohttp.ClientSession:
        """Return a session that forgets everything: names, cookies, connections."""
        connector = aiohttp.TCPConnector(
            socket_factory=self._open, use_dns_cache=False, force_close=True
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=self._timeout,
            trust_env=False,
            auto_decompress=False,
        )

    def _open(self, info: AddrInfoType) -> socket.socket:
        """Open the socket for one address, or refuse it: no name can change after this check."""
        family, kind, protocol, _, address = info
        port = port_of(self._url)
        if reason := refusal(self._host, port, ip_address(address[0]), self._allow):
            raise OSError(reason)
        return socket.socket(family, kind, protocol)

    def _headers(self, key: str, body: str) -> dict[str, str]:
        now = self._clock().astimezone(UTC)
        headers = {
            "content-type": "application/json",
            "accept-encoding": "identity",
            "user-agent": self._user_agent,
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
        }
        if self._signer:
            headers["webhook-signature"] = self._signer.sign(key, now, body)
        return headers

    async def _judge(self, response: aiohttp.ClientResponse) -> str:
        status = response.status
        if status in _TAKEN:
            # The status is the answer; a body that never ends must not undo it.
            return f"{status} {clean_line(response.reason or '')}".strip()
        said = "redirects are not followed" if status in _REDIRECT else await _excerpt(response)
        wish = retry_after(response.headers.get("Retry-After"), self._clock())
        raise DeliveryError(
            shorten(f"{status} {said}".strip(), _ANSWER_SHOWN),
            permanent=status == _GONE,
            gone=status == _GONE,
            retry_after=wish.total_seconds() if wish else None,
        )


async def _excerpt(response: aiohttp.ClientResponse) -> str:
    """Return the beginning of the answer as one line; what breaks or stalls is left away."""
    body = b""
    try:
        while len(body) < _ANSWER_BYTES:
            piece = await response.content.read(_ANSWER_BYTES - len(body))
            if not piece:
                break
            body += piece
    except (aiohttp.ClientError, OSError, TimeoutError):
        body += b" (cut)"
    return shorten(clean_line(body.decode("utf-8", "replace")), _ANSWER_SHOWN)


def _signer(secret: Secret) -> standardwebhooks.Webhook:
    return standardwebhooks.Webhook(signing_key(secret))
