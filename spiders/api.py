"""Discovering items through a JSON list, described in the config. Pure.

Paths are keys joined by dots; a number picks from an array. What is not there is not found, never
an error: a site that changes its answer shows as an empty list.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.model import Basis
from db.words import clean, clean_line
from spiders import dates
from spiders.anysite import AnySite
from spiders.blocks import absolute
from spiders.site import Card, Fetch, Listing

if TYPE_CHECKING:
    from datetime import datetime

    from db.visiting import ApiList, Source
    from spiders.blocks import Page


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
        return Listing(cards=found, more=_more(answer, api, fetch) if found else (), found=True)

    def _card(self, item: object, api: ApiList, page: Page, source: Source, seen: datetime) -> Card:
        link = _text(item, api.link)
        when = _text(item, api.date)
        return Card(
            url=self.canonical(absolute(page.url, link)) if link else None,
            title=clean_line(_text(item, api.title)),
            summary=clean(_text(item, api.summary)),
            dateline=dates.choose(
                dates.stated(when, source.timezone, Basis.API),
                dates.printed(when, source.timezone, Basis.API),
                seen=seen,
            ),
        )


def _more(answer: object, api: ApiList, fetch: Fetch) -> tuple[Fetch, ...]:
    cursor = _at(answer, api.cursor) if api.cursor else None
    asked = _parsed(fetch.body)
    if cursor is None or not isinstance(asked, dict) or asked.get(api.cursor_to) == cursor:
        return ()
    body = json.dumps(asked | {api.cursor_to: cursor})
    more = Fetch(
        url=fetch.url,
        method=fetch.method,
        body=body,
        headers=fetch.headers,
        follows=fetch.follows + 1,
    )
    return (more,)


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
