"""A TOML file -> Config, or all its mistakes at once, each with file, line and key."""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from db.errors import ConfigError
from db.model import ChangeKind
from db.telling import Watch
from db.visiting import ApiList, Selectors, Source
from db.words import clean_line
from monitor import config_channels as channels
from monitor import config_mistakes as mistakes
from monitor import config_tables as tables
from monitor import config_values as values
from monitor.config import (
    Config,
    FeedSettings,
    FetchSettings,
    NoticeSettings,
    PageSettings,
    ServeSettings,
)
from monitor.config_homes import HOMES
from monitor.config_sources import FolderTable, SourceTable
from monitor.toml_lines import KeyPath, key_lines
from spiders.registry import KINDS, site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AnyTable = TypeVar("AnyTable", bound=tables.Table)

_SINGLE = ("dateline", "fetch", "feeds", "notices", "serve", "pages")
_SLOWEST = timedelta(hours=6)
_NOTHING = "nothing to watch: add a [source.NAME] table, or say: dateline sources add URL"
_NAMED = ("source", "watch", "channel")


def load(
    path: Path,
    *,
    environ: Mapping[str, str] = os.environ,
    secrets: bool = True,
    sourceless: bool = False,
) -> Config:
    """Read a config file; relative paths in it start at its own folder.

    Secrets are read now, so that a missing one is found before anything starts; a caller that
    sends nothing does without `secrets`, which are then empty. A config without a source is a
    mistake but for a caller that is about to find the first one: `sourceless`. Raises
    ConfigError with every mistake; a text that is no TOML has one, where reading ended.
    """
    return check(_text(path), path, environ=environ, secrets=secrets, sourceless=sourceless)


def check(
    text: str,
    path: Path,
    *,
    environ: Mapping[str, str] = os.environ,
    secrets: bool = True,
    sourceless: bool = False,
) -> Config:
    """Read the text of a config as if it stood in a file at `path`; see `load`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, sentence = mistakes.of_syntax(error, text)
        raise ConfigError((f"{path}:{line}: {sentence}",)) from None
    folder = path.absolute().parent
    reader = _Reader(document, folder=folder, environ=environ, secrets=secrets)
    config = reader.read(sourceless=sourceless)
    if config is None:
        lines = key_lines(text)
        found = sorted(reader.mistakes, key=lambda one: mistakes.line_of(one.path, lines))
        raise ConfigError(tuple(mistakes.sentence(str(path), one, lines) for one in found))
    return config


def _text(path: Path) -> str:
    """Return the file's text; a byte order mark at its head is an editor's habit, no mistake."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise ConfigError(
            (f"{path}: {reason}; `dateline init` writes one, --config names another",)
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError((f"{path}:{line}: this is not UTF-8; save the file as UTF-8",)) from None


class _Reader:
    """Reads one document; `mistakes` grows, and `read` gives a Config only if it stayed empty."""

    def __init__(
        self,
        document: dict[str, Any],
        *,
        folder: Path,
        environ: Mapping[str, str],
        secrets: bool,
    ) -> None:
        self.mistakes: list[mistakes.Mistake] = []
        self._document = document
        self._folder = folder
        self._around = tables.Surroundings(
            kinds=KINDS,
            sources=self._names("source"),
            channels=self._names("channel"),
            allow=_allowed(self._table("fetch").get("allow")),
            folder=folder,
            environ=environ,
            secrets=secrets,
        )

    def read(self, *, sourceless: bool) -> Config | None:
        """Return the config, or None if there are mistakes."""
        self._check_headings()
        if not (sourceless or self._document.get("source")):
            self._say(("source",), _NOTHING)
        about = self._single("dateline", tables.DatelineTable)
        fetch = self._single("fetch", tables.FetchTable)
        feeds = self._single("feeds", tables.FeedsTable)
        notices = self._single("notices", tables.NoticesTable)
        serve = self._single("serve", tables.ServeTable)
        pages = self._single("pages", tables.PagesTable)
        sources = tuple(self._sources())
        watches = dict(self._named("watch", tables.WatchTable))
        told = self._channels()
        self.mistakes.extend(channels.wrong_times(watches, told))
        self._check_serve(serve)
        if self.mistakes or not (about and fetch and feeds and notices and serve and pages):
            return None
        return Config(
            var=self._folder / Path(about.var).expanduser(),
            title=clean_line(about.title),
            contact=about.contact,
            user_agent=_user_agent(about.contact),
            sources=sources,
            watches=tuple(_watch(name, table) for name, table in watches.items()),
            channels=tuple(channels.settings(name, table) for name, table in told.items()),
            fetch=_fetch(fetch),
            feeds=FeedSettings(
                limit=feeds.limit, base_url=feeds.base_url.rstrip("/") if feeds.base_url else None
            ),
            notices=NoticeSettings(channels=tuple(notices.channels), remind=notices.remind),
            serve=_serve(serve),
            pages=PageSettings(keep=pages.keep, max_bytes=pages.max_mb * 1024 * 1024),
        )

    def _table(self, name: str) -> dict[str, Any]:
        table = self._document.get(name)
        return table if isinstance(table, dict) else {}

    def _names(self, group: str) -> tuple[str, ...]:
        return tuple(self._table(group))

    def _say(self, path: KeyPath, text: str) -> None:
        self.mistakes.append(mistakes.Mistake(path, text))

    def _check_headings(self) -> None:
        known = (*_SINGLE, *_NAMED)
        for heading, value in self._document.items():
            if heading not in known:
                astray = mistakes.belongs(HOMES.get(heading, ()))
                unknown = f"unknown table; {values.nearest(heading, known)}"
                self._say((heading,), f"{heading} {astray}" if astray else unknown)
                continue
            shown = heading if heading in _SINGLE else f"{heading}.NAME"
            wrong = mistakes.wrong_table(value, shown)
            if wrong:
                self._say((heading,), wrong)

    def _single(self, name: str, shape: type[AnyTable]) -> AnyTable | None:
        return self._validate(shape, (name,), self._table(name))

    def _named(self, group: str, shape: type[AnyTable]) -> Iterator[tuple[str, AnyTable]]:
        for name, content in self._entries(group):
            table = self._validate(shape, (group, name), content)
            if table is not None:
                yield name, table

    def _entries(self, group: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the named tables of a group that are tables; check their names."""
        for name, content in self._table(group).items():
            wrong = mistakes.wrong_table(content, f"{group}.{name}")
            if wrong:
                self._say((group, name), wrong)
                continue
            try:
                values.name(name)
            except ValueError as error:
                self._say((group, name), str(error))
            yield name, content

    def _sources(self) -> Iterator[Source]:
        for name, content in self._entries("source"):
            if content.get("kind") == "documents":
                folder = self._validate(FolderTable, ("source", name), content)
                if folder is not None:
                    yield _folder(name, folder, self._folder)
            elif table := self._validate(SourceTable, ("source", name), content):
                yield _source(name, table)

    def _channels(self) -> dict[str, tables.ChannelTable]:
        found = {}
        for name, content in self._entries("channel"):
            kind = content.get("kind")
            if wrong := channels.wrong_kind(kind):
                self._say(("channel", name, "kind"), wrong)
            elif table := self._validate(tables.CHANNELS[str(kind)], ("channel", name), content):
                self.mistakes.extend(channels.wrong_login(name, table))
                found[name] = table
        return found

    def _check_serve(self, serve: tables.ServeTable | None) -> None:
        if serve and not serve.hosts and not values.is_loopback(values.host_port(serve.bind)[0]):
            self._say(
                ("serve", "bind"),
                "is reachable from elsewhere; name the host names it answers to in hosts",
            )

    def _validate(
        self, shape: type[AnyTable], path: KeyPath, content: dict[str, Any]
    ) -> AnyTable | None:
        try:
            return shape.model_validate(content, context=self._around)
        except ValidationError as error:
            known = (field.alias or name for name, field in shape.model_fields.items())
            self.mistakes.extend(mistakes.of_validation(error, path, known, HOMES))
            return None


def _allowed(value: Any) -> frozenset[str]:
    """Return the `host:port` pairs of a list that is not checked yet, in their one spelling."""
    pairs = set()
    for text in value if isinstance(value, list) else ():
        with suppress(ValueError):  # told when the table itself is checked
            pairs.add(values.pair(str(text)))
    return frozenset(pairs)


def _user_agent(contact: str) -> str:
    """Say who comes; a site's keeper must be able to reach somebody."""
    about = f"news monitor; {contact}" if contact else "news monitor"
    return f"Dateline/{version('dateline')} ({about})"


def _fetch(table: tables.FetchTable) -> FetchSettings:
    return FetchSettings(
        delay=table.delay,
        timeout=table.timeout,
        max_bytes=table.max_bytes,
        memory_mb=table.memory_mb,
        deadline=table.deadline,
        allow=frozenset(table.allow),
    )


def _serve(table: tables.ServeTable) -> ServeSettings:
    host, port = values.host_port(table.bind)
    return ServeSettings(host=host, port=port, hosts=tuple(table.hosts))


def _source(name: str, table: SourceTable) -> Source:
    every, slowest = table.between or (table.every, max(table.every, _SLOWEST))
    return Source(
        name=name,
        kind=table.kind,
        urls=tuple(table.urls),
        every=every,
        slowest=slowest,
        adaptive=table.adaptive,
        first_round=table.first_round,
        timezone=table.timezone or site(table.kind).zone,
        language=table.language,
        pages=table.pages,
        tags=tuple(table.tags),
        recheck=tuple(table.recheck),
        keep_pages=table.keep_pages,
        browser=table.browser,
        selectors=Selectors(**table.selectors.model_dump()) if table.selectors else None,
        api=ApiList(**table.api.model_dump()) if table.api else None,
    )


def _folder(name: str, table: FolderTable, beside: Path) -> Source:
    folder = beside / Path(table.folder).expanduser()
    return Source(
        name=name,
        kind=table.kind,
        urls=(folder.as_uri(),),
        every=table.every,
        slowest=table.every,
        adaptive=False,
        first_round=table.first_round,
        timezone=table.timezone or site(table.reads_as or table.kind).zone,
        language=table.language,
        tags=tuple(table.tags),
        recheck=(),
        reads_as=table.reads_as,
    )


def _watch(name: str, table: tables.WatchTable) -> Watch:
    return Watch(
        name=name,
        query=table.query,
        channels=tuple(table.channels),
        sources=tuple(table.sources),
        on=tuple(ChangeKind(kind) for kind in table.on),
        once_per_story=table.once_per_story,
        digest=tuple(sorted(table.digest)),
        cooldown=table.cooldown,
    )
