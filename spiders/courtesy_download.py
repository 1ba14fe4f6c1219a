"""The one place where requests leave: through the host's gate, within bounds, and revocable.

It is a download handler and not a middleware, because only around the download itself is there
a `try … finally`: a place in the gate cannot leak.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError
from twisted.web._newclient import HEADER, STATUS

from db.hosts import endpoint_of, host_key
from db.visiting import State
from spiders.courtesy import Refused
from spiders.courtesy_resolver import GuardedResolver
from spiders.courtesy_wishes import retry_after
from spiders.desk import guest
from spiders.judge import Problem, later

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request as WireRequest
    from twisted.web.iweb import IResponse

_LONGEST_HEAD = 256 * 1024
_TOLD_NOTHING = timedelta(minutes=10)
"""The pause of a host that asked for one without saying how long."""
_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler behind the gate of the spider's desk."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _CappedFactory  # noqa: SLF001 - see _CappedParser

    async def download_request(self, request: Request) -> Response:
        """Download when it is the host's turn; count what went over the wire."""
        spider = guest(self._crawler)
        if spider.abandoned:
            raise Refused(Problem(State.KILLED, spider.abandoned))
        work = asyncio.ensure_future(self._politely(request))
        spider.under_way.add(work)
        try:
            return await work
        except asyncio.CancelledError:
            if work.cancelled() and spider.abandoned:
                raise Refused(Problem(State.KILLED, spider.abandoned)) from None
            raise
        finally:
            spider.under_way.discard(work)

    async def _politely(self, request: Request) -> Response:
        spider = guest(self._crawler)
        host = host_key(request.url)
        async with spider.desk.gate.turn(host):
            spider.tally.requests += 1
            try:
                response = await super().download_request(request)
            except CannotResolveHostError as error:
                raise _address_refused(request.url) or error from error
            except DownloadFailedError as error:
                raise _endless(error) or error from error
        spider.tally.bytes += len(response.body)
        wish = response.headers.get("Retry-After")
        if response.status in _BUSY and (wish or response.status == HTTPStatus.TOO_MANY_REQUESTS):
            now = spider.desk.clock()
            asked = retry_after(wish.decode("latin-1") if wish else None, now)
            until = now + (asked or _TOLD_NOTHING)
            spider.desk.gate.hold(host, until)
            raise Refused(later(until))
        return response


def _address_refused(url: str) -> Refused | None:
    """Return the guard's own reason where the resolver could only say "not found"."""
    from twisted.internet import reactor  # noqa: PLC0415 - it must not be imported before its turn

    guard = reactor.nameResolver
    if isinstance(guard, GuardedResolver):
        reason = guard.refused.get(endpoint_of(url))
        if reason:
            return Refused(Problem(State.BLOCKED_ADDRESS, reason))
    return None


class _EndlessHeadError(Exception):
    """A server that does not stop sending headers."""


def _endless(error: DownloadFailedError) -> Refused | None:
    """Return a refusal if the connection was given up for the size of its head."""
    reasons = getattr(error.__cause__, "reasons", ())
    if any(reason.check(_EndlessHeadError) for reason in reasons):
        return Refused(Problem(State.TOO_LARGE, f"headers of more than {_LONGEST_HEAD} bytes"))
    return None


# Twisted bounds the length of a header line and the size of a body, but not the number of
# headers: one such server took a process to 803 MB in 8 s. Scrapy chooses its parser through
# these private names, and there is no public way in.
class _CappedParser(_LenientHTTPClientParser):
    head = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Count what comes before the body; informational answers (1xx) count on."""
        if self.state in (STATUS, HEADER):
            self.head += len(data)
            if self.head > _LONGEST_HEAD:
                raise _EndlessHeadError
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _CappedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: WireRequest) -> Deferred[IResponse]:
        """Send a request and read its answer with a bounded head."""
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _CappedParser
        return answer


class _CappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _CappedProtocol:  # noqa: ARG002, N802
        """Build the protocol of one connection."""
        return _CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
