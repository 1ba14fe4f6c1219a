"""The dates a page states for machines: JSON-LD, microdata, `<meta>`, its own address. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db.model import Basis, Candidate
from spiders import dates, extract, titles
from spiders.parsing import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spiders.blocks import Page

_METAS = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "mediator_published_time", "parsely-pub-date", "sailthru.date", "publish-date", "publishdate",
    "publication_date", "pubdate", "bt:pubdate", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "article:published", "article:published_date", "dc.date.issued",
    "dcterms.issued", "rnews:datepublished",
)  # fmt: skip
# These may as well be the day when the page was made or changed.
_WEAK = ("dcterms.created", "dc.created", "dc.date", "dc.date.created", "dcterms.date", "date")
_ARTICLE_TYPES = re.compile(r"(?:Article|Posting)$")
_MOST = 200  # articles in the data of one page: each is held against its address and title
_PAGE_TYPES = re.compile(r"WebPage$")
_STATED = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{8,60})"')
_IN_PATH = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|$)")


def news_object(page: Page) -> dict[str, object]:
    """Return the JSON-LD object of the page's own article, {} without one.

    Its own address tells it, then its headline: teasers of other stories carry such objects, and
    articles move. One that has neither is believed if it is the only one.
    """
    main = _main(page)
    articles = (o for o in page.structured if _is_article(o.get("@type")))
    offered = [*islice(articles, _MOST), *([main] if main else [])]
    own = {_place(url) for url in (page.url, page.canonical) if url}
    placed = [(news, _places(page, news)) for news in offered]
    for news, places in placed:
        if own & places:
            return news
    wordings = titles.wordings_of(page) if offered else ()
    for news in offered:
        if titles.is_kin(str(news.get("headline") or news.get("name") or ""), wordings):
            return news
    left = [news for news, places in placed if not (own and places)]
    told = {(str(news.get("headline")), str(news.get("datePublished"))) for news in left}
    return left[0] if len(told) == 1 else {}


def _places(page: Page, news: dict[str, object]) -> set[tuple[str, str, str]]:
    """Return the places of the addresses an object calls its own; a front page is no article's."""
    main = news.get("mainEntityOfPage")
    names = (news.get("url"), main.get("@id") if isinstance(main, dict) else main)
    urls = (absolute(page.url, name) for name in names if isinstance(name, str))
    places = {_place(url) for url in urls if extract.is_http(url)}
    return {place for place in places if place[1:] != ("", "")}


def _place(url: str) -> tuple[str, str, str]:
    """Return what names a page in an address: host without `www.`, path and query."""
    parts = extract.parts_of(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query


def is_article(page: Page) -> bool:
    """Tell whether a page states that it is an article's."""
    return news_object(page) != {} or page.metas.get("og:type") == "article"


def _main(page: Page) -> dict[str, object]:
    """Return the article that the data of the page itself calls its main thing, {} without one."""
    main = _described(page).get("mainEntity")
    return main if isinstance(main, dict) and _is_article(main.get("@type")) else {}


def _described(page: Page) -> dict[str, object]:
    """Return the JSON-LD object of the page itself, {} without one."""
    return next((o for o in page.structured if _is_a(_PAGE_TYPES, o.get("@type"))), {})


def _is_article(types: object) -> bool:
    return _is_a(_ARTICLE_TYPES, types)


def _is_a(kinds: re.Pattern[str], types: object) -> bool:
    names = types if isinstance(types, list) else [types]
    return any(kinds.search(str(name)) for name in names)


def _only_one(page: Page) -> str:
    """Return the one moment of publication in JSON-LD that cannot be parsed, '' of none or several.

    A comma too many hides a whole article. What can be parsed says itself whose moment it tells.
    """
    moments = {unescape(raw) for text in page.broken for raw in _STATED.findall(text)}
    return moments.pop() if len(moments) == 1 else ""


def of_data(page: Page, zone: str) -> Iterator[Candidate]:
    """Yield what JSON-LD and microdata call the moment of publication."""
    raw = _published(news_object(page)) or _published(_described(page)) or _only_one(page)
    found = dates.stated(raw, zone, Basis.STRUCTURED) or dates.printed(
        raw, zone, Basis.STRUCTURED, alone=True
    )
    if found:
        yield Candidate(dateline=found)
    for node in page.select('[itemprop~="datePublished"]'):
        raw = node.get("content") or node.get("datetime") or node.text_content()
        found = dates.stated(raw, zone, Basis.STRUCTURED) or dates.printed(
            raw, zone, Basis.STRUCTURED
        )
        if found:
            yield Candidate(dateline=found)
            return


def _published(thing: dict[str, object]) -> str:
    """Return what a JSON-LD object calls its publication, the first where it lists several."""
    given = thing.get("datePublished")
    first = next(iter(given), "") if isinstance(given, list) else given
    return str(first or "")


def of_metas(page: Page, zone: str) -> Iterator[Candidate]:
    """Yield what `<meta>` elements call the moment of publication."""
    yield from _of_names(_METAS, page, zone)


def of_weak_metas(page: Page, zone: str) -> Iterator[Candidate]:
    """Yield what `<meta>` elements call just a date."""
    yield from _of_names(_WEAK, page, zone)


def _of_names(names: tuple[str, ...], page: Page, zone: str) -> Iterator[Candidate]:
    for name in names:
        raw = page.metas.get(name) or page.metas.get(name.replace(".", ":"))
        if not raw:
            continue
        found = dates.stated(raw, zone, Basis.META) or dates.printed(
            raw, zone, Basis.META, alone=True
        )
        if found:
            yield Candidate(dateline=found)


def of_address(page: Page, zone: str) -> Iterator[Candidate]:
    """Yield the day that the path of the page's address names."""
    found = _IN_PATH.search(urlsplit(page.url).path) if page.url else None
    if found:
        day = dates.printed("-".join(found.groups()), zone, Basis.URL)
        if day:
            yield Candidate(dateline=replace(day, raw=found[0].strip("/")))
