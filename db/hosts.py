"""Hosts: how an address names the host it leads to, in the one spelling all rooms share. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

USUAL_PORTS = {"http": 80, "https": 443}


def endpoint(host: str, port: int) -> str:
    """Return `host:port` in the one spelling the allow-list uses.

    >>> endpoint("EXAMPLE.org.", 443), endpoint("::1", 80)
    ('example.org:443', '[::1]:80')
    """
    name = host.strip("[]").lower().removesuffix(".")
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def endpoint_of(url: str) -> str:
    """Return the `host:port` that an address leads to.

    >>> endpoint_of("https://Example.org/news"), endpoint_of("http://[::1]:8080/")
    ('example.org:443', '[::1]:8080')
    """
    return endpoint(urlsplit(url).hostname or "", port_of(url))


def host_key(url: str) -> str:
    """Return the host that an address makes us a guest of; the scheme makes no difference.

    It is the host's name, with the port if that is unusual.

    >>> host_key("https://Example.org/news"), host_key("http://example.org.:80/")
    ('example.org', 'example.org')
    >>> host_key("http://127.0.0.1:8080/")
    '127.0.0.1:8080'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".")
    usual = parts.port in (None, USUAL_PORTS.get(parts.scheme))
    return host if usual else endpoint(host, parts.port or 0)


def port_of(url: str) -> int:
    """Return the port an address leads to."""
    parts = urlsplit(url)
    return parts.port or USUAL_PORTS.get(parts.scheme, 0)
