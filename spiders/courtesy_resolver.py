"""The system's resolver, with every address it gives judged before anybody connects to it.

Twisted's HTTP/1.1 agent asks the installed resolver for each new connection, literal addresses
included, and tells it the port; it connects to the addresses it got, without asking again. So a
name cannot lead outside when it is judged and inside when it is used (DNS rebinding), and one
entry of the allow-list opens one `host:port`.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from twisted.internet._resolver import GAIResolver
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from db.hosts import endpoint
from spiders.addresses import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import CrawlerRunnerBase
    from twisted.internet.interfaces import IAddress


@implementer(IHostnameResolver)
class GuardedResolver:
    """Answers with the public addresses of a name, and with private ones the user allowed.

    `refused` tells why a `host:port` got no address; the downloader asks it, since a resolver
    can only say "not found".
    """

    # Twisted's interfaces are no classes to a type checker: what provides one is `Any` here.
    def __init__(self, reactor: Any, allow: frozenset[str]) -> None:
        self._reactor = reactor
        self._resolver = GAIResolver(reactor)
        self._allow = allow
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: CrawlerRunnerBase, reactor: Any) -> GuardedResolver:
        """Build the resolver as Scrapy's TWISTED_DNS_RESOLVER wants it."""
        return cls(reactor, frozenset(crawler.settings.getlist("DATELINE_ALLOW")))

    def install_on_reactor(self) -> None:
        """Make every connection of the process ask here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a name as Twisted wants it."""
        receiver: Any = _Judge(resolutionReceiver, hostName, portNumber, self)
        return self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )

    def judge(self, host: str, port: int, address: str) -> bool:
        """Tell whether an address may be used for `host:port`, and remember why not."""
        reason = refusal(host, port, ip_address(address), self._allow)
        if reason:
            self.refused[endpoint(host, port)] = reason
        return reason is None


@implementer(IResolutionReceiver)
class _Judge:
    """Passes on only the addresses that may be spoken to."""

    def __init__(self, receiver: Any, host: str, port: int, guard: GuardedResolver) -> None:
        self._receiver = receiver
        self._host = host
        self._port = port
        self._guard = guard

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._guard.judge(self._host, self._port, address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
