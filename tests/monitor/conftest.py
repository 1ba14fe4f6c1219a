"""A desk with a config and the command, called or as a process, in front of the press room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from db.errors import ConfigError
from monitor.config_file import load
from monitor.newsroom.room import Newsroom
from spiders.registry import default_source
from tests.monitor.command import called

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.config import Config


@dataclass(frozen=True)
class Desk:
    """A folder with a config that watches the press room, and `dateline` run in it."""

    folder: Path
    room: Newsroom

    def write(
        self,
        extra: str = "",
        *,
        every: str = "1h",
        timeout: str = "60s",
        allow: tuple[str, ...] = (),
    ) -> None:
        """Write the config: one source for each site, and whatever is added or allowed."""
        rooms = (urlsplit(url).netloc for url in self.room.addresses.values())
        hosts = ", ".join(f'"{host}"' for host in (*rooms, *allow))
        tables = [f'[fetch]\ndelay = "1ms"\ntimeout = "{timeout}"\nallow = [{hosts}]']
        for kind in sorted(self.room.addresses):
            source = default_source(kind)
            urls = [self.room.addresses[kind] + urlsplit(url).path for url in source.urls]
            tables.append(
                f'[source.{kind}]\nkind = "{kind}"\nurls = {json.dumps(urls)}\n'
                f'every = "{every}"\ntimezone = "{source.timezone}"'
            )
        (self.folder / "dateline.toml").write_text("\n".join((*tables, extra)))

    def command(self, *arguments: str) -> list[str]:
        """Return the command line for `dateline` with these arguments."""
        return [sys.executable, "-m", "monitor.cli", *arguments]

    def dateline(
        self, *arguments: str, given: bytes = b"", **environ: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Call `dateline` in the folder, in this process."""
        around = {**self.environ(), **environ}
        return called(arguments, folder=self.folder, environ=around, given=given)

    def process(
        self, *arguments: str, given: bytes = b"", **environ: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `dateline` in the folder as a process of its own until it ends."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            input=given,
            capture_output=True,
            timeout=100,
            check=False,
            env={**self.environ(), **environ},
        )

    def python(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run Python itself in the folder, not measured: measuring loads modules of its own."""
        environ = self.environ().items()
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            capture_output=True,
            timeout=100,
            check=True,
            env={name: value for name, value in environ if not name.startswith("COV")},
        )

    def environ(self) -> dict[str, str]:
        """Return an environment in which no other config is found."""
        ours = ("DATELINE", "COLUMNS")
        kept = {name: os.environ[name] for name in os.environ if not name.startswith(ours)}
        return {**kept, "XDG_CONFIG_HOME": str(self.folder / "nobody")}

    def objects(self, *arguments: str) -> list[dict[str, Any]]:
        """Call `dateline` with `--json` and return what it printed."""
        ran = self.dateline(*arguments, "--json")
        return [json.loads(line) for line in ran.stdout.decode().splitlines()]


@dataclass(frozen=True)
class Paper:
    """A config that is only read: its text goes in, what it says or its mistakes come out."""

    folder: Path

    def read(self, text: str | bytes, **environ: str) -> Config:
        """Load a config of this text, with nothing but `environ` in the environment."""
        path = self.folder / "dateline.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, environ=environ)

    def mistakes(self, text: str | bytes, **environ: str) -> tuple[str, ...]:
        """Return the mistakes of a config, without the folder's name."""
        with pytest.raises(ConfigError) as caught:
            self.read(text, **environ)
        return tuple(line.replace(f"{self.folder}/", "") for line in caught.value.mistakes)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """Give a place where configs are written and read."""
    return Paper(tmp_path)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk whose press room has published its first wave."""
    with Newsroom(datetime.now(UTC)) as room:
        made = Desk(tmp_path, room)
        made.write()
        yield made


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """Give a desk without a config, whose press room is closed."""
    return Desk(tmp_path, Newsroom(datetime.now(UTC)))
