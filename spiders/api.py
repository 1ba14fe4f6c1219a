"""Discovering items through a JSON list, described in the config. Pure.

Paths are keys joined by dots; a number picks from an array. What is not there is not found, never
an error: a site that changes its answer shows as an empty list.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlunsplit

from db.model import Basis
from db.words import clean, clean_line
from spiders import dates, extract
from spiders.anysite import AnySite
from spiders.parsing import absolute
from spiders.site import Card, Fetch, Listing

if TYPE_CHECKING:
    from datetime import datetime

    from db.visiting import ApiList, Source
    from spiders.blocks import Page


# Parameters that count items, as `offset`, `rowStart` or `$skip`; all others count pages, as
# `startpage` and `from_page` do.
_BY_ITEMS = re.compile(
    r"(?:(?i:offset|skip)|(?:^|[\W_])(?i:start|from)|(?<=[a-z])(?:Start|From))(?![\W_]*(?i:page))"
)


class Api(AnySite):
    """A JSON list."""

    kind = "api"

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return the requests as configured, with the moment where the body asks for it."""
        api = source.api
        if api is None:
            return ()
        body = api.body.replace("{now}", str(int(now.timestamp())))
        headers = (("Content-Type", "application/json"),) if body else ()
        return tuple(
            Fetch(url=url, method=api.method, body=body, headers=headers) for url in source.urls
        )

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read the items, and the next request where the answer has a cursor that moves on."""
        api = source.api
        answer = _parsed(page.body)
        items = _at(answer, api.items) if api else None
        if api is None or not isinstance(items, list):
            return Listing()
        found = tuple(self._card(item, api, page, source, seen) for item in items)
        more = _more(answer, api, fetch, len(found)) if found else ()
        return Listing(cards=found, more=more, found=True)

    def _card(self, item: object, api: ApiList, page: Page, source: Source, seen: datetime) -> Card:
        link = absolute(page.url, _text(item, api.link))
        when = clean_line(_text(item, api.date))
        return Card(
            url=self.canonical(link) if extract.is_http(link) else None,
            title=clean_line(_text(item, api.title)),
            summary=clean(_text(item, api.summary)),
            dateline=dates.choose(
                dates.stated(when, source.timezone, Basis.API),
                dates.printed(when, source.timezone, Basis.API),
                seen=seen,
            ),
        )


def _more(answer: object, api: ApiList, fetch: Fetch, count: int) -> tuple[Fetch, ...]:
    """Return the request for older items, by a cursor of the answer or one counted up."""
    cursor = _at(answer, api.cursor) if api.cursor else None
    if isinstance(cursor, bool):
        cursor = None  # it says that there is more, not where
    follows = fetch.follows + 1
    if api.method == "GET":
        plain = cursor if isinstance(cursor, (str, int)) else None
        url = _next_url(plain, api, fetch.url, count)
        return (replace(fetch, url=url, follows=follows),) if url else ()
    # A body takes a cursor of any shape back as it came: an array of what is sorted by, say.
    asked = _parsed(fetch.body)
    if cursor in (None, "") or not isinstance(asked, dict) or asked.get(api.cursor_to) == cursor:
        return ()
    return (replace(fetch, body=json.dumps(asked | {api.cursor_to: cursor}), follows=follows),)


def _next_url(cursor: str | int | None, api: ApiList, url: str, count: int) -> str:
    """Return the address of the next page, '' if nothing leads there.

    A cursor that is an address of the same host is it; any other value goes into the parameter
    `cursor_to`, as does a page number or an offset where the answer names none.
    """
    parts = extract.parts_of(url)
    if isinstance(cursor, str) and cursor.startswith(("http://", "https://", "/", "?")):
        found = absolute(url, cursor)
        same = extract.parts_of(found).netloc == parts.netloc
        return found if same and found != url else ""
    if not api.cursor_to:
        return ""
    asked = parse_qsl(parts.query, keep_blank_values=True)
    now = dict(asked).get(api.cursor_to, "")
    if not api.cursor:
        by_items = _BY_ITEMS.search(api.cursor_to)
        first = 0 if by_items else 1
        cursor = (int(now) if now.isdecimal() else first) + (count if by_items else 1)
    if cursor is None or str(cursor) in ("", now) or _is_broken(str(cursor)):
        return ""
    others = [(name, value) for name, value in asked if name != api.cursor_to]
    query = urlencode([*others, (api.cursor_to, str(cursor))])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _is_broken(text: str) -> bool:
    """Tell whether half a character, which JSON can hold, keeps a text from being sent."""
    return text.encode(errors="ignore").decode() != text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _at(value: Any, path: str) -> Any:
    for key in filter(None, path.split(".")):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _text(item: object, path: str) -> str:
    value = _at(item, path) if path else None
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


SITE = Api()
