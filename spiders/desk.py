"""What all spiders of a process share, given to each of them as one value.

Scrapy's settings are deep-copied and printed, so a store or a gate cannot travel in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from db.model import UNKNOWN_DATELINE
from db.visiting import Past

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from db.model import Article, Candidate, Change, Dateline
    from db.visiting import KeptPage, Report, RobotsRules, Validator, Visit
    from spiders.courtesy_gate import Gate
    from spiders.courtesy_robots import Robots
    from spiders.judge import Tally


class Memory(Protocol):
    """What a visit asks of the past and leaves behind; `db.store.Store` in all real rounds."""

    def visits(
        self, source: str, urls: Sequence[str], now: datetime, *, on: str = ""
    ) -> dict[str, Visit]:
        """Return what is known of addresses that a list shows; unknown ones are missing."""
        ...

    def due_visits(self, source: str, now: datetime, limit: int) -> tuple[str, ...]:
        """Return addresses whose page should be asked for again."""
        ...

    def open_lists(self, source: str, urls: Sequence[str]) -> frozenset[tuple[str, int]]:
        """Note which lists are about to be read; return the pages that have a baseline."""
        ...

    def open_parts(
        self, source: str, url: str, parts: Sequence[int], *, since: datetime | None
    ) -> frozenset[tuple[str, int]]:
        """Note which lists an index leads to; return those of them that have a baseline."""
        ...

    def listed(
        self, source: str, urls: Sequence[str], now: datetime, *, on: str, quiet: bool
    ) -> None:
        """Note that a list shows these addresses; if quiet, they are no news there."""
        ...

    def shown(self, source: str, url: str) -> tuple[str, ...]:
        """Return the addresses that a list showed the last time, from the top."""
        ...

    def keep_shown(self, source: str, url: str, urls: Sequence[str]) -> None:
        """Keep the addresses that a list shows, from the top."""
        ...

    def complete_list(self, source: str, url: str, page: int, now: datetime) -> None:
        """Note that a page of a list has its baseline."""
        ...

    def record(  # noqa: PLR0913 - the store's
        self,
        article: Article,
        now: datetime,
        *,
        card: str | None = None,
        validator: Validator | None = None,
        asked: str | None = None,
        baseline: bool | None = None,
        renamed: bool = False,
        lost: tuple[Candidate, ...] | None = None,
    ) -> Change | None:
        """Store an article with its validator in one transaction; None if nothing changed."""
        ...

    def unchanged(self, url: str, now: datetime, *, card: str | None = None) -> None:
        """Note that a page answered 304."""
        ...

    def missed(self, url: str, now: datetime, *, source: str | None = None) -> None:
        """Note that a page could not be had or read."""
        ...

    def absent(self, url: str, now: datetime, *, source: str | None = None) -> Change | None:
        """Note that a page answered 404 or 410; the change if its item is gone by that."""
        ...

    def told_at(self, url: str) -> tuple[str, Dateline]:
        """Return the title of the item at an address, and the best date that lists gave of it."""
        ...

    def keep_page(self, page: KeptPage) -> bool:
        """Keep the bytes of a page; False if they were kept already."""
        ...

    def validator(self, url: str, *, source: str | None = None) -> Validator | None:
        """Return what to ask "has it changed?" with."""
        ...

    def keep_validators(
        self, validators: Sequence[Validator], *, source: str | None = None
    ) -> None:
        """Keep the validators of lists whose items are all stored."""
        ...

    def forget_validator(self, url: str) -> None:
        """Make the next request for an address unconditional."""
        ...

    def robots(self, origin: str) -> RobotsRules | None:
        """Return a host's robots.txt as last read."""
        ...

    def keep_robots(self, rules: RobotsRules) -> None:
        """Keep a host's robots.txt."""
        ...

    def hold_host(self, host: str, until: datetime, now: datetime) -> None:
        """Keep that a host is to be left alone."""
        ...

    def host_holds(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that are to be left alone, and until when."""
        ...

    def past(self, source: str) -> Past:
        """Return what a visit may know of those before it."""
        ...

    def finish(self, report: Report, *, next_at: datetime, why: str = "") -> None:
        """Write the report of a visit and free its lease; `why` says why `next_at`."""
        ...


class Forgetful:
    """A memory that keeps nothing: `scrapy crawl NAME` without a database shows all it finds."""

    def visits(
        self,
        source: str,  # noqa: ARG002
        urls: Sequence[str],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
        *,
        on: str = "",  # noqa: ARG002
    ) -> dict[str, Visit]:
        """Know no address."""
        return {}

    def due_visits(self, source: str, now: datetime, limit: int) -> tuple[str, ...]:  # noqa: ARG002
        """Ask for nothing again."""
        return ()

    def open_lists(
        self,
        source: str,  # noqa: ARG002
        urls: Sequence[str],  # noqa: ARG002
    ) -> frozenset[tuple[str, int]]:
        """Know no list."""
        return frozenset()

    def open_parts(
        self,
        source: str,  # noqa: ARG002
        url: str,  # noqa: ARG002
        parts: Sequence[int],  # noqa: ARG002
        *,
        since: datetime | None,  # noqa: ARG002
    ) -> frozenset[tuple[str, int]]:
        """Know none either."""
        return frozenset()

    def listed(
        self, source: str, urls: Sequence[str], now: datetime, *, on: str, quiet: bool
    ) -> None:
        """Forget it."""

    def shown(self, source: str, url: str) -> tuple[str, ...]:  # noqa: ARG002
        """Have seen none."""
        return ()

    def keep_shown(self, source: str, url: str, urls: Sequence[str]) -> None:
        """Forget it."""

    def complete_list(self, source: str, url: str, page: int, now: datetime) -> None:
        """Forget it."""

    def record(  # noqa: PLR0913 - the same
        self,
        article: Article,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
        *,
        card: str | None = None,  # noqa: ARG002
        validator: Validator | None = None,  # noqa: ARG002
        asked: str | None = None,  # noqa: ARG002
        baseline: bool | None = None,  # noqa: ARG002
        renamed: bool = False,  # noqa: ARG002
        lost: tuple[Candidate, ...] | None = None,  # noqa: ARG002
    ) -> Change | None:
        """Keep nothing; the item goes on to Scrapy's feed export."""
        return None

    def unchanged(self, url: str, now: datetime, *, card: str | None = None) -> None:
        """Forget it."""

    def missed(self, url: str, now: datetime, *, source: str | None = None) -> None:
        """Forget it."""

    def absent(self, url: str, now: datetime, *, source: str | None = None) -> Change | None:  # noqa: ARG002
        """Forget it."""
        return None

    def told_at(self, url: str) -> tuple[str, Dateline]:  # noqa: ARG002
        """Know none."""
        return "", UNKNOWN_DATELINE

    def keep_page(self, page: KeptPage) -> bool:  # noqa: ARG002
        """Keep nothing."""
        return False

    def validator(self, url: str, *, source: str | None = None) -> Validator | None:  # noqa: ARG002
        """Have none."""
        return None

    def keep_validators(
        self, validators: Sequence[Validator], *, source: str | None = None
    ) -> None:
        """Forget them."""

    def forget_validator(self, url: str) -> None:
        """Have none anyway."""

    def robots(self, origin: str) -> RobotsRules | None:  # noqa: ARG002
        """Have none; it is fetched."""
        return None

    def keep_robots(self, rules: RobotsRules) -> None:
        """Forget them; the process keeps its own copy."""

    def hold_host(self, host: str, until: datetime, now: datetime) -> None:
        """Forget it; the process keeps its own copy."""

    def host_holds(self, now: datetime) -> dict[str, datetime]:  # noqa: ARG002
        """Know of none."""
        return {}

    def past(self, source: str) -> Past:  # noqa: ARG002
        """Have none."""
        return Past()

    def finish(self, report: Report, *, next_at: datetime, why: str = "") -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The shared things of one process. `clock` gives aware UTC."""

    memory: Memory
    gate: Gate
    robots: Robots
    clock: Callable[[], datetime]


class Guest(Protocol):
    """What the courtesy modules need of whoever asks a site for something: a visit, or a probe.

    `past` is what is known of earlier visits, `tally` counts what went over the wire, `abandoned`
    says why nothing more is asked for, `under_way` is the requests that such an end cancels.
    """

    desk: Desk
    past: Past
    tally: Tally
    abandoned: str
    under_way: set[asyncio.Future[Response]]


def guest(crawler: Crawler) -> Guest:
    """Return the crawler's spider; all of ours are guests."""
    return cast("Guest", crawler.spider)
