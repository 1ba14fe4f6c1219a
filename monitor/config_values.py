"""Reading single values of a config: text in, the value or a ValueError in plain words out. Pure.

Every message says what is wrong and what to do; where it stands is the caller's to add.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import time, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from db.hosts import endpoint, endpoint_of
from db.languages import names_language
from db.telling import Flood

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERY = "15m"
"""The shortest time between two visits to a source whose config says none."""

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_INTERVAL = re.compile(r"(\d{1,9})\s*(ms|[smhd])")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_MAILBOX = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
_WEB_OR_MAIL = re.compile(r"https?://[^\s/]+|[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
# Names such as MST or Etc/GMT+3 also exist; nobody who mistyped a city means those.
_CONTINENTS = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip
_LONGEST = timedelta(days=366)
_LONGEST_WHILE = timedelta(days=1)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_LAST_PORT = 65535
_SHOWN = 12


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one is likely to mean: most of its letters are there.

    >>> near("shwo", ["list", "show"])
    'show'
    >>> near("nope", ["openkg"])
    """
    folded = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.67)
    return folded[close[0]] if close else None


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown word: the likeliest known ones.

    >>> nearest("evry", ["every", "urls"])
    'did you mean "every"?'
    """
    names = sorted(known)
    if close := near(word, names):
        return f'did you mean "{close}"?'
    if not names:
        return "there is none yet"
    more = ", …" if len(names) > _SHOWN else ""
    return f"known: {', '.join(names[:_SHOWN])}{more}"


def one_of(word: str, known: Iterable[str], *, what: str) -> str:
    """Return the word if it is known."""
    names = tuple(known)
    if word not in names:
        raise ValueError(f'there is no {what} "{word}"; {nearest(word, names)}')
    return word


def language(text: str) -> str:
    """Return the name of a language."""
    if not names_language(text):
        raise ValueError('is no language; write it like "en" or "ru"')
    return text


def interval(text: str) -> timedelta:
    """Read a length of time: `500ms`, `90s`, `15m`, `2h` or `1d`.

    >>> interval("15m")
    datetime.timedelta(seconds=900)
    """
    found = _INTERVAL.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"{text}" is no length of time; write a number and s, m, h or d: "15m"')
    number, unit = int(found[1]), _UNITS[found[2]]
    seconds = number * timedelta(**{unit: 1}).total_seconds()
    if not 0 <= seconds <= _LONGEST.total_seconds():
        raise ValueError(f'"{text}" is out of range; write at most "366d"')
    return timedelta(seconds=seconds)


def between(text: str) -> tuple[timedelta, timedelta]:
    """Read the shortest and the longest of a length of time.

    >>> between("15m..6h")
    (datetime.timedelta(seconds=900), datetime.timedelta(seconds=21600))
    """
    shortest, dots, longest = text.partition("..")
    if not dots:
        raise ValueError(f'"{text}" is no range; write the shortest and the longest: "15m..6h"')
    least, most = interval(shortest), interval(longest)
    if most < least:
        raise ValueError(f'"{text}" ends before it begins; write "{longest}..{shortest}"')
    return least, most


def first_round(text: str) -> timedelta | None:
    """Read how far back a first round tells of items; None if it tells of none.

    >>> first_round("last 24h"), first_round("quiet")
    (datetime.timedelta(days=1), None)
    """
    words = text.split()
    if words == ["quiet"]:
        return None
    if len(words) != 2 or words[0] != "last":  # noqa: PLR2004 - "last" and a length
        raise ValueError(f'"{text}" is not known; write "quiet", or for example "last 24h"')
    return interval(words[1])


def rising(lengths: list[timedelta]) -> list[timedelta]:
    """Return lengths of time, each longer than the one before."""
    for shorter, longer in pairwise(lengths):
        if longer <= shorter:
            raise ValueError("the times count from the first reading; write them in rising order")
    return lengths


def clock(text: str) -> time:
    """Read a time of day.

    >>> clock("08:30")
    datetime.time(8, 30)
    """
    if not _CLOCK.fullmatch(text):
        raise ValueError(f'"{text}" is no time of day; write hours and minutes: "08:00"')
    return time.fromisoformat(text)


def quiet(text: str) -> tuple[time, time]:
    """Read hours of the day, from and until.

    >>> quiet("22:00..07:00")
    (datetime.time(22, 0), datetime.time(7, 0))
    """
    start, dots, end = (part.strip() for part in text.partition(".."))
    if not dots:
        raise ValueError(f'"{text}" is no range of hours; write from and until: "22:00..07:00"')
    begins, ends = clock(start), clock(end)
    if begins == ends:
        raise ValueError(f'"{text}" is the whole day; take the channel from the watches instead')
    return begins, ends


def flood(text: str) -> Flood:
    """Read how many letters a channel takes in a while.

    >>> flood("20 in 1h")
    Flood(most=20, within=datetime.timedelta(seconds=3600))
    """
    most, _, within = text.partition(" in ")
    if not (most.isascii() and most.isdigit() and int(most[:9]) > 0):
        raise ValueError(f'"{text}" is no limit; write for example "20 in 1h"')
    length = interval(within)
    if not timedelta() < length <= _LONGEST_WHILE:
        raise ValueError(f'"{text}": the while must be between a second and a day')
    return Flood(most=int(most[:9]), within=length)


def zone(text: str) -> str:
    """Return the name of a time zone that this machine knows."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        places = sorted(name for name in available_timezones() if name.startswith(_CONTINENTS))
        # By the town alone: all of a continent have half of their letters in common.
        towns = {name.rpartition("/")[2]: name for name in reversed(places)}
        town = None if text.isupper() else near(text.rpartition("/")[2], towns)  # "MSK" is no Omsk
        likely = f'did you mean "{towns[town]}"?' if town else ""
        end = likely or 'write continent and town in English, like "Europe/Moscow"'
        raise ValueError(f'there is no time zone "{text}"; {end}') from None
    return text


def web_address(text: str) -> str:
    """Return an http or https address with a host and without a password."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f'"{text}" is no address ({error}); correct it') from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError(f'"{text}" is no web address; it must begin with http:// or https://')
    if not text.isprintable() or " " in text:
        raise ValueError(f'"{text}" holds white space; an address has none')
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"the address at {host} holds a login; addresses are shown: remove it")
    return text


def host_port(text: str) -> tuple[str, int]:
    """Read `host:port`; an IPv6 address stands in brackets.

    >>> host_port("[::1]:8642")
    ('::1', 8642)
    """
    host, _, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError(f'"{text}": an IPv6 address stands in brackets: "[::1]:8642"')
    if not host or not host.isprintable() or " " in host or "/" in host:
        raise ValueError(f'"{text}" is no host:port; write for example "127.0.0.1:8642"')
    if not (port.isascii() and port.isdigit() and int(port) <= _LAST_PORT):
        raise ValueError(f'"{text}": the port after the colon must be a number up to 65535')
    return host.lower(), int(port)


def pair(text: str) -> str:
    """Return a `host:port` in its one spelling."""
    return endpoint(*host_port(text))


def is_loopback(host: str) -> bool:
    """Tell whether a host name or literal address is this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_be_private(url: str, allow: frozenset[str]) -> bool:
    """Tell whether an address is this machine, or one that the user allowed by `host:port`."""
    return is_loopback(urlsplit(url).hostname or "") or endpoint_of(url) in allow


def name(text: str) -> str:
    """Return the name of a source, watch or channel: it becomes part of file names."""
    if not _NAME.fullmatch(text):
        raise ValueError(
            f'"{text}" cannot be a name; use up to 50 small letters, digits, - and _, '
            "beginning with a letter or digit"
        )
    return text


def mailbox(text: str) -> str:
    """Return a bare mail address."""
    if not _MAILBOX.fullmatch(text) or not text.isprintable():
        raise ValueError(f'"{text}" is no mail address; write it bare: "desk@example.org"')
    return text


def header_text(text: str) -> str:
    """Return text that may stand in an HTTP header."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("only plain ASCII letters on one line may stand in a User-Agent")
    return text.strip()


def contact(text: str) -> str:
    """Return how a site's keeper reaches the user: a mail or web address; nothing is allowed too.

    >>> contact("desk@example.org")
    'desk@example.org'
    """
    said = header_text(text)
    if said and not _WEB_OR_MAIL.search(said):
        raise ValueError(
            f'"{said}" reaches nobody; write a mail or web address: "desk@example.org"'
        )
    return said


def distinct(words: list[str]) -> list[str]:
    """Return a list in which nothing stands twice."""
    for position, word in enumerate(words):
        if word in words[:position]:
            raise ValueError(f'"{word}" stands twice; remove one')
    return words
