"""Why a connection failed, in plain words that name the host. Pure."""

from __future__ import annotations

import socket
import ssl


def plain(error: BaseException, host: str, port: int) -> str:
    """Return one sentence about an error of a connection.

    >>> plain(ConnectionRefusedError(), "mx.example.org", 587)
    'connection refused by mx.example.org:587'
    """
    place = f"{host}:{port}"
    match error:
        case ConnectionRefusedError():
            said = f"connection refused by {place}"
        case socket.gaierror():
            said = f"no DNS answer for {host}"
        case TimeoutError():
            said = f"{place} gave no answer in time"
        case ssl.SSLCertVerificationError():
            said = f"{place}: its certificate is not trusted: {error.verify_message}"
        case ssl.SSLError():
            said = f"{place} does not speak TLS as asked: {getattr(error, 'reason', '') or error}"
        case OSError():
            said = f"{place}: {error.strerror or str(error) or type(error).__name__}"
        case _:
            said = f"{place}: {str(error) or type(error).__name__}"
    return said
