"""Pure: (head, entries) -> the bytes of an RSS 2.0, Atom 1.0 or JSON feed. The owner of feedgen.

Every byte follows from the arguments: no clock, no version, no random id. feedgen puts "now" into
`updated` (of the feed and of each entry) and into `lastBuildDate` where nothing is set, so all
three are always set here, from the data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from feedgen.feed import FeedGenerator

from db.words import clean_line
from feeds.body import display_title, entry_html, web_address
from feeds.wording import day_of, in_own_zone, shorten, year_inferred

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.model import Article, Entry

GENERATOR: Final = "Dateline"
_NAME_LIMIT: Final = 100
# The `updated` of a feed that never held anything: Atom demands one, and "now" would change.
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a feed says of itself.

    `id` is a permanent URI that depends on neither host nor path. `address` is where this very
    file is read, `home` the page it belongs to; None where nobody knows.
    """

    id: str
    title: str
    description: str
    address: str | None = None
    home: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that we say ourselves, of a source. `html` is safe, `id` a permanent URI.

    `address` is a page that it is about, if any.
    """

    id: str
    title: str
    html: str
    source: str
    at: datetime
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A feed of notes: `notes` gives them, those on top that were made last."""

    name: str
    title: str
    description: str
    notes: Callable[[], tuple[Note, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """An entry with every field clean, as all formats need it; `entry` is None for a note."""

    entry: Entry | None
    id: str
    title: str
    address: str | None
    html: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published: datetime | None
    updated: datetime


def rss(head: Head, entries: tuple[Entry | Note, ...]) -> bytes:
    """Render RSS 2.0. An item without a known date has no `pubDate`: the format allows that.

    Authors stand in `dc:creator`, because RSS's own `author` is a mail address.
    """
    # RSS demands a link of the channel. Where nobody knows a page, the id is at least a URI.
    home = web_address(head.home) or head.id
    feed = _feed(head, entries, media_type="application/rss+xml", home=home)
    return bytes(feed.rss_str(pretty=True))


def atom(head: Head, entries: tuple[Entry | Note, ...]) -> bytes:
    """Render Atom 1.0 (RFC 4287). `updated` is when the entry last changed for us.

    `published` is left out where it is not known (§4.2.9 makes it optional).
    """
    home = web_address(head.home)
    feed = _feed(head, entries, media_type="application/atom+xml", home=home)
    return bytes(feed.atom_str(pretty=True))


def json_feed(head: Head, entries: tuple[Entry | Note, ...]) -> bytes:
    """Render JSON Feed 1.1, with the dateline's evidence in the extension `_dateline`."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": display_title(head.title),
        "home_page_url": web_address(head.home),
        "feed_url": web_address(head.address),
        "description": clean_line(head.description),
        "language": _line(head.language),
        "items": [_json_item(item) for item in _items(entries)],
    }
    text = json.dumps(_without_none(document), ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def _feed(
    head: Head, entries: tuple[Entry | Note, ...], *, media_type: str, home: str | None
) -> Any:
    feed = FeedGenerator()
    feed.load_extension("dc", atom=False, rss=True)
    feed.id(head.id)
    feed.title(display_title(head.title))
    feed.description(clean_line(head.description) or display_title(head.title))
    feed.subtitle(clean_line(head.description))
    # RFC 4287 §4.1.1 wants a feed author even if every entry has its own.
    feed.author(name=GENERATOR)
    feed.generator(GENERATOR)
    feed.updated(_newest(_items(entries)))
    if language := _line(head.language):
        feed.language(language)
    if address := web_address(head.address):
        feed.link(href=address, rel="self", type=media_type)
    if home:
        feed.link(href=home, rel="alternate")
    for item in _items(entries):
        _add(feed, item)
    return feed


def _add(feed: Any, item: _Item) -> None:
    added = feed.add_entry(order="append")
    added.id(item.id)
    added.title(item.title)
    added.updated(item.updated)
    if item.published:
        added.published(item.published)
    if item.address:
        added.link(href=item.address, rel="alternate")
    added.content(item.html, type="html")
    added.author([{"name": name} for name in item.authors])
    added.dc.dc_creator(list(item.authors))
    added.category([{"term": term} for term in item.categories])


def _json_item(item: _Item) -> dict[str, Any]:
    if item.entry is None:
        return _without_none(
            {
                "id": item.id,
                "url": item.address,
                "title": item.title,
                "content_html": item.html,
                "date_published": item.updated.isoformat(),
                "date_modified": item.updated.isoformat(),
                "authors": [{"name": name} for name in item.authors],
                "tags": list(item.categories),
            }
        )
    article, dateline = item.entry.article, item.entry.article.dateline
    return _without_none(
        {
            "id": item.id,
            "url": item.address,
            "title": item.title,
            "content_html": item.html,
            "summary": _line(article.summary),
            "date_published": item.published.isoformat() if item.published else None,
            "date_modified": item.updated.isoformat(),
            "authors": [{"name": name} for name in item.authors] or None,
            "tags": list(item.categories) or None,
            "language": _line(article.language),
            "_dateline": _without_none(
                {
                    "source": clean_line(article.source),
                    "day": day_of(dateline),
                    "precision": dateline.precision.value,
                    "basis": dateline.basis.value,
                    "zone": _line(dateline.zone),
                    "zone_stated": dateline.zone_stated,
                    "place": _line(dateline.place),
                    "raw": _line(dateline.raw),
                    "year_inferred": year_inferred(dateline),
                    "first_seen": _whole_seconds(item.entry.first_seen).isoformat(),
                    "text_basis": article.text_basis.value,
                }
            ),
        }
    )


# Most of the work is the same for all formats of a feed, which are asked for one after the other.
@lru_cache(maxsize=1)
def _items(entries: tuple[Entry | Note, ...]) -> tuple[_Item, ...]:
    return tuple(_note(each) if isinstance(each, Note) else _item(each) for each in entries)


def _note(note: Note) -> _Item:
    return _Item(
        entry=None,
        id=note.id,
        title=display_title(note.title),
        address=web_address(note.address),
        html=note.html,
        authors=(GENERATOR,),
        categories=_distinct((note.source,)),
        published=_whole_seconds(note.at),
        updated=_whole_seconds(note.at),
    )


def _item(entry: Entry) -> _Item:
    article = entry.article
    return _Item(
        entry=entry,
        id=entry.feed_id,
        title=display_title(article.title),
        address=web_address(article.url),
        html=entry_html(entry),
        authors=_authors(article),
        categories=_categories(article),
        published=in_own_zone(article.dateline),
        updated=_whole_seconds(entry.changed_at),
    )


def _newest(items: Iterable[_Item]) -> datetime:
    return max((item.updated for item in items), default=_NEVER)


def _whole_seconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _authors(article: Article) -> tuple[str, ...]:
    """Return who wrote it; an unsigned item is its source's, not the feed's."""
    return _distinct(article.authors) or _distinct((article.source,))


def _categories(article: Article) -> tuple[str, ...]:
    return _distinct((article.section or "", *article.tags))


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (shorten(clean_line(name), _NAME_LIMIT) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _line(text: str | None) -> str | None:
    return clean_line(text or "") or None


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
