"""What goes wrong between a request and a page, as values a visit can count.

The parts of courtesy live beside it: `courtesy_gate` (spacing, Retry-After), `courtesy_robots`,
`courtesy_resolver` (addresses), `courtesy_download` (the one place where requests leave),
`courtesy_answers` (sizes, truncation) and `courtesy_validators` (conditional requests).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from db.hosts import endpoint, port_of
from db.visiting import State
from spiders.blockpages import gate
from spiders.judge import GONE, NO_DNS, Problem

if TYPE_CHECKING:
    from scrapy.http import Response

_REFUSED = frozenset({401, 403, 451})
_MISSING = frozenset({404, 410})
_NO_HTTP = Problem(State.ERRORING, "an address that is not http or https")
_PROBLEMS: dict[type[Exception], Problem] = {
    CannotResolveHostError: Problem(State.UNREACHABLE, f"{NO_DNS} for {{host}}"),
    DownloadConnectionRefusedError: Problem(
        State.UNREACHABLE, "connection refused by {host}:{port}"
    ),
    DownloadTimeoutError: Problem(State.UNREACHABLE, "{host} gave no complete answer in time"),
    ResponseDataLossError: Problem(State.TRUNCATED, "the answer broke off before its stated end"),
    DownloadCancelledError: Problem(State.TOO_LARGE, "the answer is larger than allowed"),
    DownloadFailedError: Problem(State.UNREACHABLE, "the connection to {host} broke"),
    NotSupported: _NO_HTTP,
    UnsupportedURLSchemeError: _NO_HTTP,
    ValueError: Problem(State.ERRORING, "an address that cannot be used"),
}


class Refused(IgnoreRequest):
    """A request that was not sent, or an answer that is not taken. Carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def problem_of(error: BaseException | None, url: str) -> Problem:
    """Say what a failed request for an address means for the source.

    >>> problem_of(DownloadTimeoutError(), "https://example.org/news").reason
    'example.org gave no complete answer in time'
    """
    if isinstance(error, Refused):
        return error.problem
    for kind, problem in _PROBLEMS.items():
        if isinstance(error, kind):
            return Problem(problem.state, _placed(problem.reason, url) + _causes(error))
    words = f"{type(error).__name__}: {error}"[:200]
    return Problem(State.ERRORING if isinstance(error, IgnoreRequest) else State.UNREACHABLE, words)


def _placed(words: str, url: str) -> str:
    """Put the host into a sentence; an address that cannot be used has none."""
    try:
        host, _, port = endpoint(urlsplit(url).hostname or "the host", port_of(url)).rpartition(":")
    except ValueError:
        host, port = "the host", "?"
    return words.format(host=host, port=port)


def _causes(error: BaseException | None) -> str:
    """Return what Twisted says went wrong below, as an ending of the sentence."""
    reasons = getattr(getattr(error, "__cause__", None), "reasons", ())
    words = "; ".join(str(reason.value) or type(reason.value).__name__ for reason in reasons)
    return f" ({words[:200]})" if words else ""


def headers_of(response: Response) -> dict[str, str]:
    """Return the headers by their names in small letters."""
    found = response.headers.to_unicode_dict()
    return {str(name).lower(): value for name, value in found.items()}


def is_confirmation(response: Response) -> bool:
    """Tell whether the answer says that what we have is still current.

    A 304 to a request without conditions confirms nothing.
    """
    asked = response.request.headers if response.request else {}
    conditional = b"If-None-Match" in asked or b"If-Modified-Since" in asked
    return response.status == HTTPStatus.NOT_MODIFIED and conditional


def problem_in(response: Response) -> Problem | None:
    """Say what is wrong with an answer that did arrive, None for a 2xx that looks real."""
    found = gate(response.status, response.body)
    if found and found.kind == "blocked":
        return Problem(State.BLOCKED, f"HTTP {response.status}, a page that asks for {found.what}")
    if found:
        return Problem(State.ERRORING, f"HTTP {response.status}, but it says: {found.what}")
    if response.status in _REFUSED:
        return Problem(State.BLOCKED, _named(response.status))
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if response.status in _MISSING:
        return Problem(State.ERRORING, f"{GONE} ({response.status})")
    where = " to nowhere it may lead" if "Location" in response.headers else ""
    return Problem(State.ERRORING, _named(response.status) + where)


def _named(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"
