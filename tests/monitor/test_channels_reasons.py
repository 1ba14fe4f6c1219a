"""Why a connection failed, in plain words that name the host."""

from __future__ import annotations

import socket
import ssl

import pytest

from monitor.channels.reasons import plain

UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed")
UNTRUSTED.verify_message = "self-signed certificate"
HELD = OSError(113, "No route to host")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(), "connection refused by mx.example.org:25"),
        (socket.gaierror(-2, "Name or service not known"), "no DNS answer for mx.example.org"),
        (TimeoutError(), "mx.example.org:25 gave no answer in time"),
        (UNTRUSTED, "mx.example.org:25: its certificate is not trusted: self-signed certificate"),
        (ssl.SSLError(1, "odd"), "mx.example.org:25 does not speak TLS as asked: "),
        (HELD, "mx.example.org:25: No route to host"),
        (OSError(), "mx.example.org:25: OSError"),
        (ValueError("odd"), "mx.example.org:25: odd"),
        (ValueError(), "mx.example.org:25: ValueError"),
    ],
)
def test_each_error_is_a_sentence_with_the_host(error: BaseException, said: str) -> None:
    """Whoever reads it need not know what raised it."""
    assert plain(error, "mx.example.org", 25).startswith(said)
