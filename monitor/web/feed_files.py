"""One feed file as an HTTP answer: its bytes, validators, and whether the reader has it already.

A name that is not that of a feed file is unknown, whatever the file system would make of it.
"""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "xml": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}\.(rss|xml|atom|json|opml)", re.ASCII)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A feed as it lies on disk now. `etag` is of the bytes, `modified` in whole seconds."""

    body: bytes
    media: str
    etag: str
    modified: datetime

    def headers(self) -> dict[str, str]:
        """Return the headers that a full answer and a 304 have in common (RFC 9110 §15.4.5)."""
        return {
            "etag": self.etag,
            "last-modified": format_datetime(self.modified, usegmt=True),
            "cache-control": "no-cache",
        }

    def is_known_to(self, asked: Mapping[str, str]) -> bool:
        """Tell whether the reader has these bytes: If-None-Match first (RFC 9110 §13.2.2)."""
        tags = asked.get("if-none-match")
        if tags is not None:
            return tags.strip() == "*" or self.etag in _TAG.findall(tags)
        since = asked.get("if-modified-since")
        if since is None:
            return False
        try:
            return self.modified <= _aware(parsedate_to_datetime(since))
        except (ValueError, OverflowError):
            return False


class FeedFolder:
    """The published feeds. Files are replaced whole, so a read never sees half of one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[tuple[int, int, int], FeedFile]] = {}

    def names(self) -> tuple[str, ...]:
        """Return the names of the feeds that `read` would give, in order."""
        try:
            entries = [entry for entry in self._folder.iterdir() if _NAME.fullmatch(entry.name)]
            return tuple(sorted(e.name for e in entries if stat.S_ISREG(e.lstat().st_mode)))
        except OSError:
            return ()

    def read(self, name: str) -> FeedFile | None:
        """Return the feed file of this name, or None; unchanged files are read once."""
        found = _NAME.fullmatch(name)
        if not found:
            return None
        path = self._folder / name
        try:
            entry = path.lstat()
            if not stat.S_ISREG(entry.st_mode):
                return None
            state = (entry.st_ino, entry.st_mtime_ns, entry.st_size)
            kept = self._kept.get(name)
            if kept and kept[0] == state:
                return kept[1]
            body = path.read_bytes()
        except OSError:
            self._kept.pop(name, None)
            return None
        file = FeedFile(
            body=body,
            media=TYPES[found[1]],
            etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
            modified=datetime.fromtimestamp(int(entry.st_mtime), UTC),
        )
        self._kept[name] = (state, file)
        return file


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
