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
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias
from uuid import UUID, uuid5

from db.compile import to_condition
from db.errors import DatelineError
from db.query import parse
from feeds import render
from feeds.opml import Outline, opml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from db.compile import Condition
    from db.model import Entry, FeedSpec

Files: TypeAlias = "list[tuple[Path, bytes]]"

LOG: Final = logging.getLogger("dateline.feeds")
_FORMATS: Final[dict[str, Callable[[render.Head, tuple[Entry | render.Note, ...]], bytes]]] = {
    ".xml": render.rss,
    ".atom": render.atom,
    ".json": render.json_feed,
}
_NAMESPACE: Final = UUID("7b1c0a2e-6c0f-5d6e-9d6b-6a1f6f0d1c52")
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_NOT_PLAIN: Final = re.compile(r"[^a-z0-9_-]+")
_SLUG_LIMIT: Final = 40
_REMOVABLE: Final = re.compile(r"(?:source|watch)-[a-z0-9_-]{1,80}")
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
    """What became of each file. `failed` pairs the name of a feed with the reason.

    `removed` are those of feeds that there are no longer.
    """

    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


def publish(  # noqa: PLR0913 - what a caller may decide about the files
    store: Shelf,
    specs: Iterable[FeedSpec],
    folder: Path,
    *,
    now: datetime,
    base_url: str | None = None,
    homes: Mapping[str, str] | None = None,
    boards: Iterable[render.Board] = (),
    served_at: str = "",
) -> Published:
    """Bring the feed files of `folder` up to date, each feed by itself.

    A file whose bytes would be the same is not touched. A feed that fails keeps its old files and
    stops no other. `base_url` is where readers find the folder, without a final slash; `homes` are
    the pages that some feeds belong to, by their names. Files of sources and watches that are not
    among the specs any more go, if they are this store's beyond doubt. `boards` are published
    beside the specs, and the addresses of all as `feeds.opml`, below `served_at` where there is no
    `base_url`. `now` only tells how old the leftovers of a crash are. Raises DatelineError if there
    can be no folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, now)
    except OSError as error:
        raise DatelineError(_refused(folder, error)) from error
    press = _Press(store, folder, base_url, homes or {})
    specs, boards = tuple(specs), tuple(boards)
    work: dict[str, Callable[[], Files]] = {
        **{spec.name: partial(press.feed, spec) for spec in specs},
        **{board.name: partial(press.board, board) for board in boards},
        "feeds.opml": partial(press.opml, specs, boards, served_at),
    }
    written: list[Path] = []
    kept: list[Path] = []
    failed: list[tuple[str, str]] = []
    for name, files in work.items():
        try:
            for path, content in files():
                (written if _put(path, content) else kept).append(path)
        except OSError as error:
            reason = _refused(folder, error)
            LOG.debug("feed=%s outcome=failed reason=%r", name, reason)  # the caller tells it
            failed.append((name, reason))
        except Exception as error:  # the job border of one feed
            LOG.exception("feed=%s outcome=failed", name)
            failed.append((name, f"{type(error).__name__}: {error}"))
    removed = press.clear({file_name(name) for name in work})
    if written or removed:
        told = (len(written), len(kept), len(removed), len(failed))
        LOG.info("written=%d kept=%d removed=%d failed=%d", *told)
    return Published(
        written=tuple(written), kept=tuple(kept), removed=removed, failed=tuple(failed)
    )


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


class _Press:
    """Renders all files of a feed before any of them is replaced."""

    def __init__(
        self, store: Shelf, folder: Path, base_url: str | None, homes: Mapping[str, str]
    ) -> None:
        self._store = store
        self._folder = folder
        self._base_url = base_url
        self._homes = homes

    def feed(self, spec: FeedSpec) -> Files:
        """Render a feed of stored items."""
        query = to_condition(parse(spec.query)) if spec.query is not None else None
        entries = self._store.newest(spec, query)
        return self._files(spec.name, spec.title, _description(spec), entries)

    def board(self, board: render.Board) -> Files:
        """Render a feed of notes."""
        return self._files(board.name, board.title, board.description, board.notes())

    def opml(
        self, specs: Sequence[FeedSpec], boards: Sequence[render.Board], served_at: str
    ) -> Files:
        """Render the list of all feeds."""
        groups: dict[str, list[Outline]] = {"Items": [], "Watches": [], "Dateline": []}
        for spec in specs:
            groups["Items" if spec.query is None else "Watches"].append(
                self._outline(spec, served_at)
            )
        groups["Dateline"] += [self._outline(board, served_at) for board in boards]
        title = specs[0].title if specs else "Dateline"
        return [(self._folder / "feeds.opml", opml(title, groups))]

    def clear(self, published: Collection[str]) -> tuple[Path, ...]:
        """Remove the files of sources and watches that are not published any more.

        Ours is what has the name of such a feed and, as its Atom form, the id that this store
        gives that name; nothing else in the folder is touched.
        """
        removed: list[Path] = []
        for atom in sorted(self._folder.glob("*.atom")):
            if not _REMOVABLE.fullmatch(atom.stem) or atom.stem in published:
                continue
            with contextlib.suppress(OSError):  # it is seen again the next time
                if f"<id>{self._id(atom.stem)}</id>".encode() not in atom.read_bytes():
                    continue
                # The Atom form goes last: as long as it is there, the others are known for ours.
                for ending in sorted(_FORMATS, key=lambda ending: ending == ".atom"):
                    path = atom.with_suffix(ending)
                    path.unlink(missing_ok=True)
                    removed.append(path)
        return tuple(removed)

    def _id(self, stem: str) -> str:
        return uuid5(_NAMESPACE, f"{self._store.identity()}/{stem}").urn

    def _outline(self, feed: FeedSpec | render.Board, served_at: str) -> Outline:
        base = self._base_url or served_at
        address = f"{file_name(feed.name)}.xml"
        address = f"{base}/{address}" if base else address
        return Outline(feed.title, address, self._homes.get(feed.name))

    def _files(
        self,
        name: str,
        title: str,
        description: str,
        entries: tuple[Entry | render.Note, ...],
    ) -> Files:
        home = self._homes.get(name) or (f"{self._base_url}/" if self._base_url else None)
        head = render.Head(
            id=self._id(file_name(name)),
            title=title,
            description=description,
            home=home,
        )
        files = []
        for ending, form in _FORMATS.items():
            path = self._folder / f"{file_name(name)}{ending}"
            address = f"{self._base_url}/{path.name}" if self._base_url else None
            files.append((path, form(replace(head, address=address), entries)))
        return files


def _description(spec: FeedSpec) -> str:
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
