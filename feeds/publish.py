"""Writes the feed files: reads the store, renders, and replaces a file if its bytes changed.

A reader sees the old file or the new one, never a part: each is written beside its place, synced,
and moved over it.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID, uuid5

from db.compile import to_condition
from db.errors import DatelineError
from db.model import FeedSpec
from db.query import parse
from feeds import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from db.compile import Condition
    from db.model import Entry

LOG: Final = logging.getLogger("dateline.feeds")
_NOTICES: Final = FeedSpec(name="notices", title="Dateline: notices")
_FORMATS: Final[dict[str, Callable[[render.Head, tuple[Entry | render.Note, ...]], bytes]]] = {
    ".xml": render.rss,
    ".atom": render.atom,
    ".json": render.json_feed,
}
_NAMESPACE: Final = UUID("7b1c0a2e-6c0f-5d6e-9d6b-6a1f6f0d1c52")
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_NOT_PLAIN: Final = re.compile(r"[^a-z0-9_-]+")
_SLUG_LIMIT: Final = 40
_TEMPORARY: Final = ".tmp"
# Another process may be publishing at this moment; nobody needs this long for one file.
_STRAY_AFTER: Final = timedelta(minutes=10)


class Shelf(Protocol):
    """What is needed of the store."""

    def newest(self, spec: FeedSpec, condition: Condition | None) -> tuple[Entry, ...]:
        """Return the entries of a feed, newest first."""
        ...

    def identity(self) -> int:
        """Return this store's own number, made with it and never changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of each file. `failed` pairs the name of a feed with the reason."""

    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


def publish(  # noqa: PLR0913 - what a caller may decide about the files
    store: Shelf,
    specs: Iterable[FeedSpec],
    folder: Path,
    *,
    now: datetime,
    base_url: str | None = None,
    homes: Mapping[str, str] | None = None,
    notices: tuple[render.Note, ...] | None = None,
) -> Published:
    """Bring the feed files of `folder` up to date, each feed by itself.

    A file whose bytes would be the same is not touched. A feed that fails keeps its old files and
    stops no other. `base_url` is where readers find the folder, without a final slash; `homes` are
    the pages that some feeds belong to, by their names. `notices`, if given, have a feed of their
    own. `now` only tells how old the leftovers of a crash are. Raises DatelineError if there can
    be no folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, now)
    except OSError as error:
        raise DatelineError(_refused(folder, error)) from error
    written: list[Path] = []
    kept: list[Path] = []
    failed: list[tuple[str, str]] = []
    for spec in (*specs, *(() if notices is None else (_NOTICES,))):
        try:
            own = notices if spec is _NOTICES else None
            entries = _entries(store, spec) if own is None else own
            home = (homes or {}).get(spec.name) or (f"{base_url}/" if base_url else None)
            head = _head(store, spec, home)
            for path, content in _files(head, entries, spec.name, folder, base_url):
                (written if _put(path, content) else kept).append(path)
        except OSError as error:
            reason = _refused(folder, error)
            LOG.debug("feed=%s outcome=failed reason=%r", spec.name, reason)  # the caller tells it
            failed.append((spec.name, reason))
        except Exception as error:  # the job border of one feed
            LOG.exception("feed=%s outcome=failed", spec.name)
            failed.append((spec.name, f"{type(error).__name__}: {error}"))
    if written:
        LOG.info("written=%d kept=%d failed=%d", len(written), len(kept), len(failed))
    return Published(written=tuple(written), kept=tuple(kept), failed=tuple(failed))


def _refused(folder: Path, error: OSError) -> str:
    """Say what the system refused; of all feeds alike, so that a full disk is told once."""
    why = os.strerror(error.errno) if error.errno else str(error)
    return f"{folder} cannot be written: {why}; make room, or make it a folder of your own"


def file_name(name: str) -> str:
    """Return the file name of a feed, without its ending: safe, stable, one for each name.

    >>> file_name("source-belta"), file_name("../x"), file_name("ОДКБ")
    ('source-belta', 'x-d6b96a97', 'feed-5cfb568c')
    """
    if _PLAIN.fullmatch(name):
        return name
    slug = _NOT_PLAIN.sub("-", name.lower()).strip("-_")[:_SLUG_LIMIT] or "feed"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{slug}-{digest[:8]}"


def _entries(store: Shelf, spec: FeedSpec) -> tuple[Entry, ...]:
    return store.newest(spec, to_condition(parse(spec.query)) if spec.query is not None else None)


def _head(store: Shelf, spec: FeedSpec, home: str | None) -> render.Head:
    return render.Head(
        id=uuid5(_NAMESPACE, f"{store.identity()}/{file_name(spec.name)}").urn,
        title=spec.title,
        description=_description(spec),
        home=home,
    )


def _files(
    head: render.Head,
    entries: tuple[Entry | render.Note, ...],
    name: str,
    folder: Path,
    base_url: str | None,
) -> list[tuple[Path, bytes]]:
    """Render all files of a feed before any of them is replaced."""
    files = []
    for ending, form in _FORMATS.items():
        path = folder / f"{file_name(name)}{ending}"
        address = f"{base_url}/{path.name}" if base_url else None
        files.append((path, form(replace(head, address=address), entries)))
    return files


def _description(spec: FeedSpec) -> str:
    if spec is _NOTICES:
        return "What is wrong with the sources, and what is well again"
    if spec.query is not None:
        return f"Items that meet: {spec.query}"
    return f"Items from {spec.source}" if spec.source else "All items"


def _put(path: Path, content: bytes) -> bool:
    """Replace a file in one step if its bytes differ; return whether it was replaced."""
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TEMPORARY}")
    try:
        # Not `tempfile`: its files are for the owner alone, and these are for readers.
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    """Make the move itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what a killed writer left."""
    for stray in folder.glob(f".*{_TEMPORARY}"):
        with contextlib.suppress(OSError):
            if now - datetime.fromtimestamp(stray.stat().st_mtime, UTC) > _STRAY_AFTER:
                stray.unlink()
