"""A plain HTTP client, so that the press room is judged by something that is not ours."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from monitor.newsroom.room import Newsroom

Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Return a function that makes one request; underscores in header names mean hyphens."""

    def once(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, parts.path or "/", headers=named)
            answer = connection.getresponse()
            received = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, received, answer.read()
        finally:
            connection.close()

    return once


@pytest.fixture
def listing(newsroom: Newsroom) -> str:
    """Return the address of BelTA's list."""
    return newsroom.addresses["belta"] + "/all_news/"
