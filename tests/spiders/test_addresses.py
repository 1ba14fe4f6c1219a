"""Which addresses may be spoken to: pure, and then against real connections."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.hosts import endpoint, endpoint_of
from db.visiting import State
from monitor.newsroom.wire import Answer
from spiders.addresses import is_blocked, literal, posting_refusal, refusal

if TYPE_CHECKING:
    from db.visiting import Source
    from tests.spiders.conftest import Script, Visitor

INSIDE = (
    "0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 "
    "169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 "
    "198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 "
    ":: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::8.8.8.8 "
    "64:ff9b:1::7f00:1 100::1 2001::1 2001:2::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 "
    "3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 "
    "168.63.129.16 192.31.196.1 192.52.193.1 192.175.48.255 1000::1 1fff:ffff::1 4000::1 6000::1 "
    "8000::1 c000::1 e000::1 f000::1"
)
OUTSIDE = (
    "1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.1 172.32.0.1 192.88.98.1 198.20.0.1 "
    "168.63.129.15 168.63.129.17 192.31.195.1 192.52.194.1 192.175.49.1 2000::1 "
    "223.255.255.255 ::ffff:8.8.8.8 2001:4860:4860::8888 2606:4700::1111 2a02:6b8::2:242"
)


@pytest.mark.parametrize("address", INSIDE.split())
def test_inner_addresses_are_blocked(address: str) -> None:
    """Private, special and wrapped addresses are refused."""
    assert is_blocked(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE.split())
def test_public_addresses_are_not_blocked(address: str) -> None:
    """Ordinary hosts are not refused."""
    assert not is_blocked(ip_address(address))


@given(st.ip_addresses())
def test_whatever_python_calls_inner_is_blocked(address: IPv4Address | IPv6Address) -> None:
    """The written list is never weaker than the library's own judgement."""
    inner = address.is_private or address.is_multicast or address.is_link_local
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        inner = not address.ipv4_mapped.is_global
    assert is_blocked(address) or not inner


@given(st.ip_addresses(v=6))
def test_only_one_eighth_of_the_addresses_of_ipv6_are_hosts(address: IPv6Address) -> None:
    """Outside 2000::/3 nothing is spoken to, but for IPv4 that is only written so."""
    if int(address) >> 125 != 1 and address.ipv4_mapped is None:
        assert is_blocked(address)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_what_it_maps(address: IPv4Address) -> None:
    """::ffff:a.b.c.d is refused exactly if a.b.c.d is."""
    assert is_blocked(IPv6Address(f"::ffff:{address}")) == is_blocked(address)


def test_an_entry_opens_one_spelling_and_one_port() -> None:
    """127.0.0.1:8000 opens neither another port nor another name for it."""
    allow = frozenset({"127.0.0.1:8000", "[::1]:8000"})
    here = ip_address("127.0.0.1")
    assert refusal("127.0.0.1", 8000, here, allow) is None
    assert refusal("::1", 8000, ip_address("::1"), allow) is None
    assert refusal("127.0.0.1", 8001, here, allow) == "127.0.0.1:8001 is not a public address"
    for spelling in ("localhost", "127.1", "2130706433", "127.0.0.2"):
        assert refusal(spelling, 8000, here, allow) is not None


def test_a_name_is_refused_with_where_it_leads() -> None:
    """The reason names the address behind a name, and an entry is spelled in one way."""
    told = refusal("intranet.example", 80, ip_address("10.0.0.7"), frozenset())
    assert told == "intranet.example:80 leads to 10.0.0.7, which is not a public address"
    assert endpoint("Intranet.Example.", 80) == "intranet.example:80"
    assert literal("2130706433") is None
    assert literal("[::1]") == ip_address("::1")


@pytest.mark.parametrize(
    ("url", "allowed", "reason"),
    [
        ("https://hooks.example/in", "", None),
        ("https://127.0.0.1:8443/", "", "127.0.0.1:8443 is not a public address; add "),
        ("http://10.0.0.7/", "", "10.0.0.7:80 is not a public address; add "),
        ("http://localhost:9/", "", "plain http to localhost:9 is refused; use https, or add "),
        ("http://Hooks.Example.:9/", "hooks.example:9", None),
        ("http://[::1]:9/", "[::1]:9", None),
        ("http://127.0.0.1:9/", "localhost:9", "127.0.0.1:9 is not a public address; add "),
    ],
)
def test_posting_needs_https_or_an_entry(url: str, allowed: str, reason: str | None) -> None:
    """Plain http and private addresses are refused with the entry that would open them."""
    told = posting_refusal(url, frozenset({allowed}))
    assert told == (reason and f'{reason}"{endpoint_of(url)}" to allow in [fetch]')


DISGUISES = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "localhost",
    "0",
    "[::1]",
    "[::ffff:127.0.0.1]",
)


@pytest.mark.parametrize("host", DISGUISES)
def test_no_spelling_of_loopback_is_reached(
    host: str, script: Script, visitor: Visitor, source: Source
) -> None:
    """As a source's own address, every spelling of 127.0.0.1 is refused before connecting."""
    report = visitor.visit(
        replace(source, urls=(f"http://{host}:{script.port}/list",)), frozenset()
    )
    assert report.state is State.BLOCKED_ADDRESS, report.reason
    assert not script.seen


@pytest.mark.parametrize("host", DISGUISES[1:])
def test_no_redirect_reaches_another_spelling(
    host: str, script: Script, visitor: Visitor, source: Source
) -> None:
    """A redirect to another spelling of an allowed host is refused, robots.txt and all."""
    where = f"http://{host}:{script.port}/secret"
    script.reply("/list", Answer(status=302, headers=(("Location", where),)))
    report = visitor.visit(source, script.allow)
    assert report.state is State.BLOCKED_ADDRESS, report.reason
    assert [seen.path for seen in script.seen] == ["/robots.txt", "/list"]
