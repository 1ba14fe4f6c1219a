"""May this address be spoken to? Pure.

Crawls ask at connect time (`spiders.courtesy_resolver`), webhooks in their resolver: the same
function, so that a name that resolves to the inside of the network is refused in both.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from db.hosts import endpoint, endpoint_of, port_of

Address = IPv4Address | IPv6Address

# Written out because `ipaddress` disagrees with itself across versions: `is_private` misses
# 100.64.0.0/10, and `is_global` is True for multicast and for IPv4 wrapped by NAT64 or 6to4.
_BLOCKED_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network (RFC 791)
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # carrier NAT (RFC 6598)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's own services, reached from inside it (Azure)
        "169.254.0.0/16",  # link local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112: answered by whoever is near (RFC 7535)
        "192.52.193.0/24",  # multicast tunnels (RFC 7450)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112 (RFC 7534)
        "198.18.0.0/15",  # benchmarks (RFC 2544)
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# All that is assigned to hosts (RFC 4291, IANA). What lies outside is local, or reserved, or goes
# through a gateway: ::/8, NAT64, unique local, link local, multicast, and what comes in future.
_HOSTS_6 = IPv6Network("2000::/3")
_BLOCKED_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/32",  # Teredo
        "2001:2::/48",  # benchmarks
        "2001:10::/28",  # ORCHID, withdrawn
        "2001:20::/28",  # ORCHIDv2: identities, not hosts
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation (RFC 9637)
    )
)


def is_blocked(address: Address) -> bool:
    """Tell whether an address leads, or may lead, anywhere but to a public host.

    IPv4 wrapped as `::ffff:a.b.c.d` is judged as that IPv4 address, since that is where the
    system connects to; the other wrappings go through somebody's gateway and are always blocked.

    >>> is_blocked(ip_address("100.64.0.1")), is_blocked(ip_address("::ffff:93.184.215.14"))
    (True, False)
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return any(address in block for block in _BLOCKED_4) or not address.is_global
    bare = IPv6Address(int(address))  # without a zone, which would fail every comparison
    special = bare not in _HOSTS_6 or any(bare in block for block in _BLOCKED_6)
    return special or not bare.is_global


def refusal(host: str, port: int, address: Address, allow: frozenset[str]) -> str | None:
    """Return why `host`, which resolved to `address`, must not be spoken to; None if it may.

    `host` is the name as the URL writes it. An entry of `allow` is `host:port` (IPv6 in
    brackets) and opens exactly that spelling and port: `127.0.0.1:8000` opens neither
    `localhost:8000` nor `127.0.0.1:8001`.

    >>> refusal("127.0.0.1", 8000, ip_address("127.0.0.1"), frozenset({"127.0.0.1:8000"}))
    >>> refusal("intranet", 80, ip_address("10.0.0.7"), frozenset())
    'intranet:80 leads to 10.0.0.7, which is not a public address'
    """
    name = endpoint(host, port)
    if name in allow or not is_blocked(address):
        return None
    where = "" if host.strip("[]") == str(address) else f" leads to {address}, which"
    return f"{name}{where} is not a public address"


def posting_refusal(url: str, allow: frozenset[str]) -> str | None:
    """Return why nothing may be posted to an address, with the remedy; None if it may be tried.

    The config and delivery ask this same question. It looks at the address only as it is
    written: where a name leads is asked by `refusal` at the moment of each connection.

    >>> print(posting_refusal("http://a.org/in", frozenset()))
    plain http to a.org:80 is refused; use https, or add "a.org:80" to allow in [fetch]
    >>> posting_refusal("http://127.0.0.1:8000/", frozenset({"127.0.0.1:8000"}))
    """
    name = endpoint_of(url)
    if name in allow:
        return None
    host = urlsplit(url).hostname or ""
    address = literal(host)
    reason = refusal(host, port_of(url), address, allow) if address else None
    if reason:
        return f'{reason}; add "{name}" to allow in [fetch]'
    if urlsplit(url).scheme != "https":
        return f'plain http to {name} is refused; use https, or add "{name}" to allow in [fetch]'
    return None


def literal(host: str) -> Address | None:
    """Return the address that `host` spells in the usual way, None if it is a name.

    Unusual spellings (`2130706433`, `0x7f.1`) are names here: only the system's resolver, whose
    answers are judged like any other, knows what it makes of them.
    """
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
