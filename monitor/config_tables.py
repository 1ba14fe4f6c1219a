"""The shape of each table of a config, as pydantic checks it: keys, types, values.

Field names are the keys a user writes. A validator raises ValueError in words meant for the
user. What the tables become is `monitor.config`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeAlias, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from db.errors import QueryError
from db.model import ChangeKind
from db.query import parse
from monitor import config_values as values
from monitor.config import Security
from monitor.rates import Terms, quiet_until
from monitor.secrets import Secret, read_secret, signing_key, split_pointer
from spiders import extras
from spiders.addresses import posting_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OURS = (ChangeKind.COMPLETED, ChangeKind.CORRECTED)
_LONGEST_REST = timedelta(days=7)
_ANY_DAY = date(2025, 12, 20)
_SELECTABLE = tuple(kind.value for kind in ChangeKind if kind not in _OURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the tables may refer to: other tables' names, the file's folder, the environment.

    `allow` is in the one spelling of `config_values.pair`. Without `secrets` their pointers are
    checked but not followed.
    """

    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    channels: tuple[str, ...]
    allow: frozenset[str]
    folder: Path
    environ: Mapping[str, str]
    secrets: bool = True


def some(length: timedelta) -> timedelta:
    """Return a length of time that is longer than nothing."""
    if not length:
        raise ValueError("must be longer than nothing")
    return length


def around(info: ValidationInfo) -> Surroundings:
    """Return what the table being read may refer to."""
    return cast("Surroundings", info.context)


def _interval(text: Any) -> Any:
    return values.interval(text) if isinstance(text, str) else text


def in_quiet_hours(clocks: list[time], quiet: tuple[time, time] | None) -> list[time]:
    """Return the times of day that lie in quiet hours."""
    silent = Terms(quiet=quiet)
    return [c for c in clocks if quiet_until(silent, datetime.combine(_ANY_DAY, c, UTC))]


def _clock(text: Any) -> Any:
    return text if isinstance(text, time) else values.clock(str(text))


def _quiet(text: Any) -> Any:
    return values.quiet(text if isinstance(text, str) else "")


def _flood(text: Any) -> Any:
    return values.flood(text if isinstance(text, str) else "")


def _at_most_a_week(length: timedelta) -> timedelta:
    if length > _LONGEST_REST:
        raise ValueError('must be at most "7d"')
    return length


def _secret(text: Any, info: ValidationInfo) -> Secret:
    """Follow a pointer; whatever is wrong, the text itself is not repeated."""
    given = around(info)
    pointer = text if isinstance(text, str) else ""
    if not given.secrets:
        split_pointer(pointer)
        return Secret("")
    return read_secret(pointer, folder=given.folder, environ=given.environ)


def _a_channel(name: str, info: ValidationInfo) -> str:
    channels = around(info).channels
    if name not in channels and not channels:
        raise ValueError(
            f'there is no channel "{name}"; add [channel.{name}], or uncomment the example'
        )
    return values.one_of(name, channels, what="channel")


def _a_source(name: str, info: ValidationInfo) -> str:
    return values.one_of(name, around(info).sources, what="source")


def _a_change(name: str) -> str:
    return values.one_of(name, _SELECTABLE, what="kind of change")


Pause: TypeAlias = Annotated[timedelta, BeforeValidator(_interval)]
Interval: TypeAlias = Annotated[Pause, AfterValidator(some)]
Rest: TypeAlias = Annotated[Interval, AfterValidator(_at_most_a_week)]
Clock: TypeAlias = Annotated[time, BeforeValidator(_clock)]
Pointer: TypeAlias = Annotated[Any, BeforeValidator(_secret)]
WebAddress: TypeAlias = Annotated[str, AfterValidator(values.web_address)]
HostPort: TypeAlias = Annotated[str, AfterValidator(values.pair)]
Mailbox: TypeAlias = Annotated[str, AfterValidator(values.mailbox)]
Distinct = AfterValidator(values.distinct)
ChannelName: TypeAlias = Annotated[str, AfterValidator(_a_channel)]
SourceName: TypeAlias = Annotated[str, AfterValidator(_a_source)]
ChangeName: TypeAlias = Annotated[str, AfterValidator(_a_change)]


class Table(BaseModel):
    """Every table is strict: no unknown key, no conversion of types, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class DatelineTable(Table):
    """`[dateline]`: where state lies and how the program names itself."""

    var: str = Field("var", min_length=1)
    title: str = Field("Dateline", min_length=1)
    contact: Annotated[str, AfterValidator(values.contact)] = ""

    @field_validator("var")
    @classmethod
    def _is_a_path(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError(f'"{text}" cannot be a folder\'s name')
        return text


class FetchTable(Table):
    """`[fetch]`: how a guest behaves and what a round may cost."""

    delay: Pause = timedelta(seconds=2)
    timeout: Interval = timedelta(seconds=30)
    max_bytes: int = Field(5 * 1024 * 1024, ge=64 * 1024, le=512 * 1024 * 1024)
    memory_mb: int = Field(768, ge=256)
    deadline: Interval = timedelta(minutes=10)
    allow: list[HostPort] = Field(default_factory=list)


class FeedsTable(Table):
    """`[feeds]`: what the feed files hold."""

    limit: int = Field(50, ge=1, le=1000)
    base_url: WebAddress | None = None


class NoticesTable(Table):
    """`[notices]`: who is told of the health of sources."""

    channels: Annotated[list[ChannelName], Distinct] = Field(default_factory=list)
    remind: Interval = timedelta(days=7)


class ServeTable(Table):
    """`[serve]`: where the daemon listens."""

    bind: HostPort = "127.0.0.1:8642"
    hosts: list[str] = Field(default_factory=list)

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: list[str]) -> list[str]:
        for host in hosts:
            if ":" in host or "/" in host or not host:
                raise ValueError(f'"{host}": a host name without scheme and port is meant here')
        return hosts


class PagesTable(Table):
    """`[pages]`: how long the bytes of pages are kept, where a source keeps them."""

    keep: Interval = timedelta(days=30)
    max_mb: int = Field(500, ge=1, le=1_000_000)


class WatchTable(Table):
    """`[watch.NAME]`: a query to be told about."""

    query: str
    channels: Annotated[list[ChannelName], Distinct] = Field(default_factory=list)
    sources: Annotated[list[SourceName], Distinct] = Field(default_factory=list)
    on: Annotated[list[ChangeName], Distinct] = Field(default=["new"], min_length=1)
    once_per_story: bool = False
    digest: Annotated[list[Clock], Distinct] = Field(default_factory=list)
    cooldown: Rest | None = None

    @field_validator("query")
    @classmethod
    def _can_be_read(cls, query: str) -> str:
        try:
            parse(query)
        except QueryError as error:
            raise ValueError(f"{error}: {query[:200]}") from None
        return query

    @model_validator(mode="after")
    def _rests_or_gathers(self) -> Self:
        if self.digest and self.cooldown:
            raise ValueError("digest and cooldown exclude each other; keep one")
        return self


class ChannelTable(Table):
    """What every `[channel.NAME]` may say of when it wants to be told."""

    kind: str
    timezone: Annotated[str, AfterValidator(values.zone)] | None = None
    digest: Annotated[list[Clock], Distinct] = Field(default_factory=list)
    quiet: Annotated[Any, BeforeValidator(_quiet)] = None
    flood: Annotated[Any, BeforeValidator(_flood)] = None

    @model_validator(mode="after")
    def _knows_its_zone(self) -> Self:
        if (self.digest or self.quiet) and self.timezone is None:
            raise ValueError('digest and quiet need a timezone: "Europe/Moscow"')
        for clock in in_quiet_hours(self.digest, self.quiet):
            raise ValueError(f"the digest at {clock:%H:%M} lies in the quiet hours")
        return self


class MailTable(ChannelTable):
    """`[channel.NAME]` with `kind = "mail"`."""

    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Security = "starttls"
    sender: Mailbox = Field(alias="from")
    to: Annotated[list[Mailbox], Distinct] = Field(min_length=1)
    username: str | None = None
    password: Pointer = None

    @field_validator("username")
    @classmethod
    def _is_not_sent_in_clear(cls, username: str | None, info: ValidationInfo) -> str | None:
        host = info.data.get("host", "")
        if username and info.data.get("security") == "none" and not values.is_loopback(host):
            raise ValueError('a login would travel in clear; set security = "starttls" or "tls"')
        return username


class WebhookTable(ChannelTable):
    """`[channel.NAME]` with `kind = "webhook"`."""

    url: WebAddress
    secret: Pointer = None

    @field_validator("url")
    @classmethod
    def _may_be_posted_to(cls, url: str, info: ValidationInfo) -> str:
        if reason := posting_refusal(url, around(info).allow):
            raise ValueError(reason)
        return url

    @field_validator("secret")
    @classmethod
    def _can_sign(cls, secret: Secret, info: ValidationInfo) -> Secret:
        if around(info).secrets:
            signing_key(secret)
        return secret


class AppriseTable(ChannelTable):
    """`[channel.NAME]` with `kind = "apprise"`."""

    url: Pointer

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: Secret, info: ValidationInfo) -> Secret:
        if around(info).secrets and find_spec("apprise") is None:
            raise ValueError(extras.missing("apprise", "apprise"))
        if around(info).secrets and "://" not in url.reveal():
            raise ValueError("the secret is no address of Apprise; write it like ntfy://TOPIC")
        return url


CHANNELS: dict[str, type[ChannelTable]] = {
    "mail": MailTable,
    "webhook": WebhookTable,
    "apprise": AppriseTable,
}
