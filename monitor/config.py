"""The config as the program sees it: frozen values, complete and checked.

How a file becomes one is `monitor.config_file`'s business, whose `load` is the only way to make
one from a file; nothing here knows TOML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urljoin

from db.model import FeedSpec
from monitor.rates import Terms

if TYPE_CHECKING:
    from pathlib import Path

    from db.telling import Watch
    from db.visiting import Source
    from monitor.secrets import Secret


Security: TypeAlias = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How a guest behaves, and what one round may cost.

    `delay` is the time between two requests to one host. `timeout` is for one answer in all.
    `max_bytes` is of a decoded body. `memory_mb` caps the round's process, `deadline` its time.
    `allow` is the `host:port` pairs that may be spoken to although they are private addresses.
    """

    delay: timedelta = timedelta(seconds=2)
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = 5 * 1024 * 1024
    memory_mb: int = 768
    deadline: timedelta = timedelta(minutes=10)
    allow: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """What the feed files hold. `base_url` is where readers find them, without a final slash."""

    limit: int = 50
    base_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """Who is told of the health of sources, and how often of a trouble that lasts."""

    channels: tuple[str, ...] = ()
    remind: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """Where the daemon listens. `hosts` is the Host names it answers to, beside its own."""

    host: str = "127.0.0.1"
    port: int = 8642
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """How long kept pages are kept, and how much they may take, as packed."""

    keep: timedelta = timedelta(days=30)
    max_bytes: int = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChannel:
    """A way of telling by mail, through somebody's SMTP server."""

    name: str
    host: str
    port: int
    security: Security
    sender: str
    to: tuple[str, ...]
    username: str | None = None
    password: Secret | None = None
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    """A way of telling by HTTP, signed as Standard Webhooks say if there is a secret."""

    name: str
    url: str
    secret: Secret | None = None
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """A way of telling through any service that Apprise knows; its address holds the secrets."""

    name: str
    url: Secret
    terms: Terms = field(default_factory=Terms)


Channel: TypeAlias = MailChannel | WebhookChannel | AppriseChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that a user decided. `var` is the absolute folder that holds all state.

    `user_agent` names the program and, if given, the contact.
    """

    var: Path
    title: str = "Dateline"
    contact: str = ""
    user_agent: str = "Dateline"
    sources: tuple[Source, ...] = ()
    watches: tuple[Watch, ...] = ()
    channels: tuple[Channel, ...] = ()
    fetch: FetchSettings = field(default_factory=FetchSettings)
    feeds: FeedSettings = field(default_factory=FeedSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    pages: PageSettings = field(default_factory=PageSettings)

    @property
    def database(self) -> Path:
        """The store's file."""
        return self.var / "dateline.db"

    @property
    def feed_folder(self) -> Path:
        """Where the feed files lie."""
        return self.var / "feeds"

    def feed_homes(self) -> dict[str, str]:
        """Return the page each source's feed belongs to: the front page of its site."""
        return {f"source-{source.name}": urljoin(source.urls[0], "/") for source in self.sources}

    def feed_specs(self) -> tuple[FeedSpec, ...]:
        """Return the feeds to publish: all items, then each source, then each watch."""
        limit = self.feeds.limit
        return (
            FeedSpec(name="all", title=self.title, limit=limit),
            *(
                FeedSpec(
                    name=f"source-{source.name}",
                    title=f"{self.title}: {source.name}",
                    source=source.name,
                    limit=limit,
                )
                for source in self.sources
            ),
            *(
                FeedSpec(
                    name=f"watch-{watch.name}",
                    title=f"{self.title}: {watch.name}",
                    query=watch.query,
                    sources=watch.sources,
                    limit=limit,
                )
                for watch in self.watches
            ),
        )
