"""A receiver of webhooks on a free loopback port, which verifies and remembers them.

The signature is checked by hand after the text of the specification (standardwebhooks.com), not
with the library that the sender signs with: the two must agree by the standard alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.newsroom.server import HOST, Premises
from monitor.newsroom.wire import PLAIN, Answer, Request, text_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.newsroom.faults import Fault

TOLERANCE = 300
PREFIX = "whsec_"
TAKEN = text_answer("", PLAIN, 204)
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One delivery as it came, and what was answered.

    `problem` says why the signature is not good, empty if it is. `status` 0 means that no answer
    was given.
    """

    id: str
    timestamp: str
    body: bytes
    headers: Mapping[str, str]
    path: str
    problem: str
    status: int

    @property
    def is_verified(self) -> bool:
        """True if the signature is good."""
        return not self.problem

    @property
    def data(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    def __str__(self) -> str:
        state = self.problem or "signature good"
        return f"webhook-id: {self.id}\n{state}, answered {self.status}\n\n{self.body.decode()}"


class Hook(Premises):
    """A webhook receiver. Use it as a context manager.

    `secret` is the shared one (`whsec_` and base64); None takes everything. `clock` gives unix
    seconds, for the age of timestamps.
    """

    def __init__(
        self, secret: str | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._secret = secret
        self._clock = clock
        super().__init__("hook")
        self._received: list[Received] = []
        self._script: deque[Fault | None] = deque()
        self._news = threading.Condition()
        self.url = ""

    def start(self) -> str:
        """Open the receiver; return its address."""
        self._loopback.start()
        self.url = f"http://{HOST}:{self._loopback.listen_http('hook', self._respond)}/hook"
        return self.url

    @property
    def received(self) -> tuple[Received, ...]:
        """Everything that came, oldest first, whatever was answered."""
        return tuple(self._received)

    @property
    def taken(self) -> tuple[Received, ...]:
        """What was verified and answered with success."""
        return tuple(one for one in self._received if one.is_verified and one.status in SUCCESS)

    def script(self, *faults: Fault | None) -> None:
        """Say how the next deliveries are treated, one each; None is the usual way."""
        self._script.extend(faults)

    def wait_for(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until so many deliveries came; False if they did not in `timeout` seconds."""
        with self._news:
            return self._news.wait_for(lambda: len(self._received) >= count, timeout)

    def release(self) -> None:
        """Let go the senders that hang."""
        self._loopback.release()

    def _respond(self, request: Request) -> Answer:
        if request.method != "POST":
            return text_answer("POST only\n", PLAIN, 405)
        problem = self._problem(request)
        answer = text_answer(f"{problem}\n", PLAIN, 401) if problem else TAKEN
        fault = self._script.popleft() if self._script else None
        if fault is not None:
            answer = fault.spoil(answer)
        received = Received(
            id=request.headers.get("webhook-id", ""),
            timestamp=request.headers.get("webhook-timestamp", ""),
            body=request.body,
            headers=request.headers,
            path=request.path,
            problem=problem,
            status=answer.status,
        )
        with self._news:
            self._received.append(received)
            self._news.notify_all()
        return answer

    def _problem(self, request: Request) -> str:
        """Say what is wrong with the signature; empty if nothing is."""
        if self._secret is None:
            return ""
        name = request.headers.get("webhook-id", "")
        stamp = request.headers.get("webhook-timestamp", "")
        if not name or not stamp.isdecimal():
            return "no webhook-id or webhook-timestamp"
        if abs(self._clock() - int(stamp)) > TOLERANCE:
            return "timestamp too far from now"
        good = sign(self._secret, name, stamp, request.body)
        offered = request.headers.get("webhook-signature", "").split()
        if not any(hmac.compare_digest(good, one) for one in offered):
            return "wrong signature"
        return ""


def sign(secret: str, name: str, stamp: str, body: bytes) -> str:
    """Return the `v1` signature of a delivery: HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = b".".join((name.encode(), stamp.encode(), body))
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
