"""Which keys of a JSON answer hold a list of items, and in them the address, title and date? Pure.

A key is known by what it is called and by what stands there: nobody names a picture's address a
date. What is found is a proposal for the config, for a person to look at.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from db.model import Basis
from db.visiting import ApiList
from spiders import dates
from spiders.extract import is_http, parts_of
from spiders.parsing import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEEPEST: Final = 4  # keys from the answer to its list, and from an item to a value
_MOST: Final = 2000  # lists and values looked at; an answer of 5 MB may have any number
_LOOKED: Final = 12  # items of a list that are looked at
_FEWEST: Final = 2
_SHARE: Final = 0.7  # of the items that must have what a key is taken for
_LONGEST_DATE: Final = 60

# The best name first; what stands behind the last dot counts before what stands above it.
_LINK: Final = (
    "weburl", "web", "permalink", "canonicalurl", "canonical", "publicurl", "articleurl", "pageurl",
    "htmlurl", "url", "link", "href", "uri", "path", "self",
)  # fmt: skip
_TITLE: Final = ("headline", "title", "heading", "header", "subject", "name", "caption")
_DATE: Final = (
    "datepublished", "publisheddate", "publishdate", "publicationdate", "publishedon",
    "publishedat", "published", "pubdate", "dategmt", "firstpublished", "releasedate", "postedat",
    "date", "datetime", "created", "createdat", "createdon", "createddate", "time", "timestamp",
)  # fmt: skip
_SUMMARY: Final = (
    "summary", "teaser", "excerpt", "lead", "lede", "standfirst", "dek", "abstract", "description",
    "intro", "subtitle", "announce", "preview",
)  # fmt: skip
_NEXT: Final = frozenset(("next", "nexturl", "nextpage", "nextpageurl", "nextlink"))
# Words around a value that say no more than that it stands there: `title.rendered`, `head.text`.
_PLAIN: Final = frozenset(("rendered", "text", "value", "plain", "href", "en", "ru"))
# An address of something else: `image.url`, `author.link`.
_OTHERS: Final = re.compile(
    r"image|img|photo|picture|thumb|avatar|icon|logo|media|video|audio|file|author|user|category|tag"
    r"|section|topic|source|share|comment|api|edit|update|modif|chang|expire|guid|embed|amp",
    re.IGNORECASE,
)
_FILE: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|json|xml)(?:$|[?#])", re.IGNORECASE)
_MARKS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _List:
    """A list of objects: its path, and the values in its first items by their paths."""

    path: str
    items: tuple[dict[str, str], ...]

    def key(self, names: tuple[str, ...], fits: Callable[[str], bool]) -> str:
        """Return the path of the best of some names whose value fits in most items, else ''."""
        found = []
        for path in dict.fromkeys(path for item in self.items for path in item):
            rank = _rank(path, names)
            if rank is not None:
                told = sum(fits(item.get(path, "")) for item in self.items)
                if told >= _SHARE * len(self.items):
                    found.append((rank, path.count("."), path))
        return min(found, default=(0, 0, ""))[2]


def keys_of(body: str, url: str) -> ApiList | None:
    """Return how the JSON answer of an address could be read as a list, None if it holds none.

    Its items have addresses of their own, and a title or a date; dates and numbers tell it from
    a menu.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = [
        (bool(read.date), len(items), read)
        for path, items in _lists(answer)
        if (read := _read(_List(path, tuple(map(_values, items[:_LOOKED]))), url))
    ]
    best = max(found, key=lambda one: one[:2], default=None)
    return replace(best[2], cursor=_next(answer, url)) if best else None


def _read(found: _List, url: str) -> ApiList | None:
    links = found.key(_LINK, lambda text: _leads(text, url))
    apart = {item.get(links, "") for item in found.items}
    title = found.key(_TITLE, lambda text: bool(text.strip()) and not text.isdigit())
    date = found.key(_DATE, _is_date)
    if not links or len(apart) < _FEWEST or not (title or date):
        return None
    # With marks of HTML in it, it would be shown with them.
    summary = found.key(_SUMMARY, lambda text: bool(text.strip()) and "<" not in text)
    return ApiList(items=found.path, link=links, title=title, date=date, summary=summary)


def _lists(answer: object) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the lists of objects with their paths, those further out first."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), answer)]
    for place, value in waiting:
        if isinstance(value, list):
            items = [one for one in value if isinstance(one, dict)]
            if len(items) >= _FEWEST and 2 * len(items) > len(value):
                yield ".".join(place), items
        elif isinstance(value, dict) and len(place) < _DEEPEST and len(waiting) < _MOST:
            # A dot in a key would be read as two of them.
            waiting.extend(((*place, key), one) for key, one in value.items() if _is_plain(key))


def _values(item: dict[str, Any]) -> dict[str, str]:
    """Return the texts and numbers in an item by their paths."""
    found: dict[str, str] = {}
    waiting: list[tuple[tuple[str, ...], object]] = [((), item)]
    for place, value in waiting:
        if isinstance(value, dict):
            if len(place) < _DEEPEST and len(waiting) < _MOST:
                waiting.extend(((*place, key), one) for key, one in value.items() if _is_plain(key))
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            found[".".join(place)] = str(value)
    return found


def _is_plain(key: str) -> bool:
    return "." not in key and key.isprintable() and bool(key.strip()) and len(key) <= _LONGEST_DATE


def _rank(path: str, names: tuple[str, ...]) -> int | None:
    """Return the place of a path's name among some, None if it is another's."""
    keys = [_MARKS.sub("", key).casefold() for key in path.split(".")]
    name = next((key for key in reversed(keys) if key not in _PLAIN), keys[-1])
    if name not in names or any(map(_OTHERS.search, keys)):
        return None
    return names.index(name)


def _leads(text: str, url: str) -> bool:
    """Tell an address of a page of this site, whole or from its root."""
    if not text.startswith(("http://", "https://", "/")) or _FILE.search(text):
        return False
    found = absolute(url, text)
    return is_http(found) and "/api/" not in parts_of(found).path


def _is_date(text: str) -> bool:
    if not text or len(text) > _LONGEST_DATE:
        return False
    return bool(dates.stated(text, "UTC", Basis.API) or dates.printed(text, "UTC", Basis.API))


def _next(answer: object, url: str) -> str:
    """Return the path to the address of the next page, '' without one."""
    values = _values(answer) if isinstance(answer, dict) else {}
    return next(
        (
            path
            for path, text in values.items()
            if _MARKS.sub("", path.split(".")[-1]).casefold() in _NEXT
            and text.startswith(("http://", "https://", "/", "?"))
            and parts_of(absolute(url, text)).netloc == parts_of(url).netloc
        ),
        "",
    )
