"""The visit to a folder: each file that is new or has changed is read by the rules of some site.

What lies there at the first visit is old, as with any list; what comes later is news. Nothing is
moved or removed. A file that is still being written is left to the next visit. One that cannot be
read is tried, and told of, at every visit until it can be.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from db.errors import ExtractError
from db.visiting import State, Validator
from spiders.base import SourceSpider
from spiders.files import items_of
from spiders.judge import NO_FOLDER, Problem
from spiders.pipeline import Found
from spiders.registry import reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from spiders.lists import ListVisit

log = logging.getLogger("dateline.spider")

SETTLED = timedelta(seconds=1)
"""How long a file that is being copied into the folder may rest between two pieces."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it stood when the folder was read; `changed` is aware."""

    path: Path
    size: int
    changed: datetime
    mark: str

    @property
    def url(self) -> str:
        """The file's address."""
        return self.path.as_uri()

    @property
    def validator(self) -> Validator:
        """What tells this state of the file from another."""
        return Validator(url=self.url, etag=self.mark, last_modified=None, stored_at=self.changed)


class FolderSpider(SourceSpider):
    """A visit to a folder; its address is the source's only one."""

    async def start(self) -> AsyncIterator[Any]:
        """Read what is new in the folder; nothing is asked of anybody."""
        (folder,) = self.source.urls
        self.tally.of_files = True
        self.past = self.desk.memory.past(self.source.name)
        old = (folder, 0) not in self.desk.memory.open_lists(self.source.name, (folder,))
        path = Path(unquote(urlsplit(folder).path))
        try:
            files = _files(path)
            growing = await self._growing(path, files)
        except OSError as error:
            missing = isinstance(error, FileNotFoundError | NotADirectoryError)
            reason = f"{NO_FOLDER}: {path}" if missing else f"{error.filename}: {error.strerror}"
            self.tally.list_problems.append(Problem(State.ERRORING, reason))
            return
        self.tally.lists_same += 1
        visit = self.lists.begin(folder, None, first=(folder, 0) if old else None)
        if old:
            # Also those that cannot be read yet: when they can, they are old all the same.
            urls = [file.url for file in files]
            now = self.desk.clock()
            self.desk.memory.listed(self.source.name, urls, now, on="", quiet=True)
        for file in files:
            if file.url in growing:
                continue
            before = self.desk.memory.validator(file.url)
            if before is not None and before.etag == file.mark:
                self.tally.unchanged += 1
                continue
            for found in self._read(file, visit, old=old):
                yield found
        self.lists.handed_out(visit)

    async def _growing(self, folder: Path, files: list[_File]) -> frozenset[str]:
        """Return the addresses of files that are still being written: the next visit reads them.

        Only where some were touched a moment ago is there a wait and a second look.
        """
        now = self.desk.clock()
        fresh = [file for file in files if abs(now - file.changed) < 2 * SETTLED]
        if not fresh:
            return frozenset()
        await asyncio.sleep(SETTLED.total_seconds())
        marks = {file.url: file.mark for file in _files(folder)}
        return frozenset(file.url for file in fresh if marks.get(file.url) != file.mark)

    def _failed(self, file: _File, said: str | None) -> None:
        self.tally.failed += 1
        self.tally.page_problems.append(Problem(State.ERRORING, f"{file.path.name}: {said}"))

    def _read(self, file: _File, visit: ListVisit, *, old: bool) -> Iterator[Found]:
        """Yield the items of a file; its mark is kept with the last of them."""
        self.tally.listed += 1
        seen = min(file.changed, self.desk.clock())
        try:
            data = _bytes(file, self.settings.getint("DOWNLOAD_MAXSIZE"))
            items = items_of(data, None, reader(self.source), self.source, seen)
        except (OSError, ValueError, ExtractError) as error:
            self._failed(file, error.strerror if isinstance(error, OSError) else str(error))
            return
        except Exception as error:
            # The border behind which a page may do its worst: it costs one record, not the visit.
            log.exception("event=page_broke source=%s url=%s", self.source.name, file.url)
            self._failed(file, f"not read: {type(error).__name__}")
            return
        self.tally.read += 1
        self.tally.bytes += file.size
        keys = [f"{file.url}#{number}" for number in range(len(items))]
        visit.waiting.update(keys)
        visit.direct.update(keys)
        for key, item in zip(keys, items, strict=True):
            # The page's own item is known by its file; those beside it may be elsewhere later.
            yield Found(
                article=item.article,
                lost=item.lost,
                key=key,
                asked=file.url if key == keys[0] else None,
                validator=file.validator if key == keys[-1] else None,
                old=old,
            )


def _bytes(file: _File, limit: int) -> bytes:
    if file.size > limit:
        raise ValueError(f"larger than {limit} bytes ([fetch] max_bytes)")
    with file.path.open("rb") as opened:
        return opened.read(limit)


def _files(folder: Path) -> list[_File]:
    """Return the files of a folder, the oldest first; hidden ones and links are left alone.

    Raises OSError if the folder cannot be read.
    """
    found: list[_File] = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # taken away while the folder was read
            found.extend(_file(path))
    return sorted(found, key=lambda file: (file.changed, file.path.name))


def _file(path: Path) -> Iterator[_File]:
    state = path.lstat()
    if stat.S_ISREG(state.st_mode) and not path.name.startswith("."):
        changed = datetime.fromtimestamp(state.st_mtime, UTC).replace(microsecond=0)
        mark = f"{state.st_mtime_ns}-{state.st_size}"
        yield _File(path, state.st_size, changed, mark)
