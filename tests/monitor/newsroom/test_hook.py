"""The webhook receiver, spoken to in the words of the standard's own library."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import standardwebhooks

from monitor.newsroom.faults import Hang, Reset, Status
from monitor.newsroom.hook import TOLERANCE, Hook, sign

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)


@pytest.fixture
def hook(hook_secret: str) -> Iterator[Hook]:
    """Open a receiver whose time stands still."""
    with Hook(hook_secret, clock=NOW.timestamp) as receiver:
        yield receiver


def post(hook: Hook, headers: dict[str, str], body: bytes = b'{"type":"x"}') -> int:
    """Post a body; return the status."""
    parts = urlsplit(hook.url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("POST", parts.path, body=body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def signed(secret: str, body: str = '{"type":"x"}', at: datetime = NOW) -> dict[str, str]:
    """Sign as the standard's library does."""
    return {
        "webhook-id": "key-1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": standardwebhooks.Webhook(secret).sign("key-1", at, body),
    }


def test_good_signature_is_taken(hook: Hook, hook_secret: str) -> None:
    """A delivery signed by the standard's library is verified and kept."""
    assert post(hook, signed(hook_secret)) == 204
    assert hook.wait_for(1)
    (one,) = hook.taken
    assert (one.id, one.timestamp, one.data) == ("key-1", "1766221200", {"type": "x"})
    assert one.is_verified
    assert "signature good, answered 204" in str(one)


def test_second_signature_may_be_the_good_one(hook: Hook, hook_secret: str) -> None:
    """While a secret is changed, several signatures travel together."""
    headers = signed(hook_secret)
    headers["webhook-signature"] = "v1,b3RoZXI= " + headers["webhook-signature"]
    assert post(hook, headers) == 204


def test_our_signature_is_the_library_s(hook_secret: str) -> None:
    """Two implementations of the standard agree on a body that is not ASCII."""
    body = json.dumps({"title": "Граница"}, ensure_ascii=False)
    theirs = signed(hook_secret, body)
    stamp = theirs["webhook-timestamp"]
    assert sign(hook_secret, "key-1", stamp, body.encode()) == theirs["webhook-signature"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"webhook-signature": "v1,AAAA"}, "wrong signature"),
        ({"webhook-id": "key-2"}, "wrong signature"),
        ({"webhook-id": ""}, "no webhook-id or webhook-timestamp"),
        ({"webhook-timestamp": "soon"}, "no webhook-id or webhook-timestamp"),
        (
            {"webhook-timestamp": str(int(NOW.timestamp()) - TOLERANCE - 1)},
            "timestamp too far from now",
        ),
    ],
)
def test_bad_delivery_is_kept_but_not_taken(
    hook: Hook, hook_secret: str, change: dict[str, str], problem: str
) -> None:
    """What cannot be verified is answered 401, and remembered with the reason."""
    assert post(hook, signed(hook_secret) | change) == 401
    assert hook.taken == ()
    assert [one.problem for one in hook.received] == [problem]


def test_body_is_signed_byte_for_byte(hook: Hook, hook_secret: str) -> None:
    """The same JSON with another space is another body."""
    assert post(hook, signed(hook_secret), b'{"type": "x"}') == 401


def test_scripted_answers_come_one_each(hook: Hook, hook_secret: str) -> None:
    """Failures are scripted per delivery; the same id is seen each time."""
    hook.script(Status(500), None, Status(429, retry_after="7"))
    statuses = [post(hook, signed(hook_secret)) for _ in range(4)]
    assert statuses == [500, 204, 429, 204]
    assert {one.id for one in hook.received} == {"key-1"}
    assert len(hook.taken) == 2


@pytest.mark.parametrize("fault", [Reset(), Hang()])
def test_delivery_without_an_answer_is_remembered(
    hook: Hook, hook_secret: str, fault: Reset | Hang
) -> None:
    """A delivery that got no answer came all the same."""
    hook.script(fault)
    parts = urlsplit(hook.url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("POST", parts.path, body=b'{"type":"x"}', headers=signed(hook_secret))
    assert hook.wait_for(1)
    hook.release()
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()
    assert [one.status for one in hook.received] == [0]
    assert hook.taken == ()


def test_receiver_without_a_secret_takes_everything() -> None:
    """An unsigned hook verifies nothing."""
    with Hook() as hook:
        assert post(hook, {}) == 204
        assert [one.id for one in hook.taken] == [""]


def test_only_post_is_received(hook: Hook) -> None:
    """A webhook is a POST."""
    parts = urlsplit(hook.url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    assert connection.getresponse().status == 405
    connection.close()
    assert hook.received == ()
