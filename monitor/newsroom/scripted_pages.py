"""The scripted publisher's site: section pages, a channel, articles, and where all stands. Pure.

Its pages carry what the pages of real sites carry beside an item: today's date, other items with
theirs, the moment of the last change, a copyright line. None of that dates the item.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

from db.model import Precision
from monitor.newsroom import scripted_lists as lists
from monitor.newsroom.markup import DAYS, frame, long_day
from monitor.newsroom.wire import HTML, JSON, PLAIN, RSS, XML, Answer, text_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.newsroom.scripted import Publication, Scripted
    from monitor.newsroom.wire import Request

    Paged = Callable[[Scripted, str, int], str]

CHANNEL = "scripted"
POSTS = 20
_MAP = re.compile(r"/sitemap-(\d+)\.xml")
_BESIDE = 4
ATOM_MEDIA = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json"


def answer(request: Request, site: Scripted, base: str) -> Answer | None:
    """Return what the site answers, None where it has nothing."""
    path, query = request.path, request.query
    if path in _LISTS:
        show, media = _LISTS[path]
        return text_answer(show(site, base, _number(query.get("page"))), media)
    if path == "/api/list":
        return _api(request, site, base)
    if path == f"/s/{CHANNEL}":
        return text_answer(channel(site, _number(query.get("before")) or None))
    if found := _MAP.fullmatch(path):
        return text_answer(lists.sitemap(site, base, _number(found[1])), XML)
    return _item(path, site)


def _item(path: str, site: Scripted) -> Answer | None:
    one = site.at(path)
    if one and one.deleted:
        return text_answer(frame("Gone", "", "<h1>This page was taken away</h1>\n"), status=410)
    return text_answer(article(one, site)) if one else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _api(request: Request, site: Scripted, base: str) -> Answer:
    try:
        after = json.loads(request.body).get("after") or 0
    except (ValueError, AttributeError):
        return text_answer('{"error": "bad request"}', JSON, 400)
    return text_answer(lists.api(site, base, int(after)), JSON)


def within(site: Scripted, kind: str, pages: int) -> frozenset[int]:
    """Return the numbers of what a visitor finds who reads so many pages of a list."""
    if kind == "telegram":
        return frozenset(one.number for one in site.newest(pages * POSTS))
    if kind == "sitemap":
        first = len(site.ledger) - 1 - (len(site.ledger) - 1) % lists.MAP_LENGTH
        newest = site.ledger[max(0, first - lists.MAP_LENGTH) :]
        return frozenset(one.number for one in newest if not one.deleted)
    return frozenset(one.number for page in range(pages) for one in site.page(page))


def shown(one: Publication, kind: str) -> frozenset[Precision]:
    """Return how precisely a visitor may know when an item was published; empty if not at all."""
    if kind == "telegram":
        told = {Precision.NONE if one.listed is Precision.NONE else Precision.SECOND}
    else:
        in_address = Precision.DAY if one.path.startswith("/20") else Precision.NONE
        told = {one.listed, one.page, in_address}
    return frozenset(told - {Precision.NONE})


def canonical(one: Publication, kind: str, base: str) -> str:
    """Return the address that an item is known by."""
    path = f"/{CHANNEL}/{_post_id(one)}" if kind == "telegram" else one.path
    return f"{base}{path}"


def _post_id(one: Publication) -> int:
    return one.number + 1


def printed(at: datetime, precision: Precision) -> str:
    """Return a moment as a page prints it, '' if it prints none."""
    clock = {Precision.DAY: "", Precision.MINUTE: f", {at:%H:%M}", Precision.SECOND: f", {at:%X}"}
    return "" if precision is Precision.NONE else long_day(at.date()) + clock[precision]


def section(site: Scripted, base: str, number: int) -> str:
    """Return a page of the section."""
    card = (_card, _row)[site.shape]
    tag = ("div", "ul")[site.shape]
    cards = "".join(card(one, base) for one in site.page(number))
    more = ""
    if site.has_page(number + 1):
        rel = ('rel="next" ', "")[site.shape]
        more = f'<p class="pages"><a {rel}href="/news/?page={number + 1}">Older</a></p>\n'
    popular = "".join(
        f'<li><a href="{one.path}">{escape(one.title)}</a></li>' for one in site.ledger[:_BESIDE]
    )
    body = (
        f'{_header(site)}<main><h1>All news</h1>\n<{tag} class="feed">\n{cards}</{tag}>\n{more}'
        f"</main>\n<aside><h4>Most read</h4><ul>{popular}</ul></aside>\n{_footer(site)}"
    )
    return frame("All news | The scripted news", "", body)


def _card(one: Publication, base: str) -> str:
    href, dated = escape(lists.link(one, base)), lists.iso(one.at, one.listed)
    when = f'<time datetime="{dated}">{printed(one.at, one.listed)}</time>' if dated else ""
    return (
        f'<article class="card"><a class="pic" href="{href}"><img src="/i/{one.number}.jpg" alt="">'
        f'</a><h3><a href="{href}">{escape(one.title)}</a></h3>{when}'
        f'<p class="lead">{escape(one.words[0])}</p></article>\n'
    )


def _row(one: Publication, base: str) -> str:
    when = printed(one.at, one.listed)
    dated = f'<span class="date">{when}</span> ' if when else ""
    return (
        f'<li class="row">{dated}<a href="{escape(lists.link(one, base))}">{escape(one.title)}</a>'
        f'<div class="lead">{escape(one.words[0])}</div></li>\n'
    )


def _header(site: Scripted) -> str:
    now = site.now
    return (
        f'<header><div class="today">{DAYS["en"][now.weekday()]}, {long_day(now.date())}</div>'
        '<nav><a href="/">Home</a> <a href="/news/">News</a> <a href="/about">About</a></nav>'
        "</header>\n"
    )


def _footer(site: Scripted) -> str:
    return f"<footer><p>Copyright © 2009-{site.now.year} The scripted news</p></footer>\n"


def channel(site: Scripted, before: int | None) -> str:
    """Return the channel's preview: posts newest last, those before a number if it is given."""
    out = [one for one in site.newest(len(site.ledger)) if before is None or _post_id(one) < before]
    posts = "".join(_post(one) for one in reversed(out[:POSTS]))
    body = (
        f'<main><section class="tgme_channel_history js-message_history">\n{posts}</section></main>'
    )
    return frame("The scripted news – Telegram", "", body)


def _post(one: Publication) -> str:
    words = "<br/><br/>".join(escape(text) for text in (f"{one.title}.", *one.words))
    post, edited = f"{CHANNEL}/{_post_id(one)}", "edited " if one.edited else ""
    stamp = one.at.astimezone(UTC).isoformat(timespec="seconds")
    when = "" if one.listed is Precision.NONE else f'<time datetime="{stamp}">{one.at:%H:%M}</time>'
    return (
        '<div class="tgme_widget_message_wrap"><div class="tgme_widget_message text_not_supported_'
        f'wrap js-widget_message" data-post="{post}">'
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>'
        f'<div class="tgme_widget_message_footer"><span class="tgme_widget_message_meta">{edited}'
        f'<a class="tgme_widget_message_date" href="https://t.me/{post}">{when}</a>'
        "</span></div></div></div>\n"
    )


def article(one: Publication, site: Scripted) -> str:
    """Return an item's page, in one of three markups."""
    head, when = (_structured, _marked, _plain)[one.number % 3](one)
    updated = f"<p>Updated: {printed(one.edited, Precision.MINUTE)}</p>\n" if one.edited else ""
    text = "".join(f"<p>{escape(words)}</p>\n" for words in one.words)
    others = (other for other in site.newest(_BESIDE + 1) if other is not one)
    beside = "".join(
        f'<li><a href="{other.path}">{escape(other.title)}</a> '
        f'<time datetime="{other.at.isoformat()}">{printed(other.at, Precision.MINUTE)}</time></li>'
        for other in others
    )
    body = (
        f"{_header(site)}<main><article><h1>{escape(one.title)}</h1>\n{when}{updated}{text}"
        f'</article>\n<section class="related"><h3>Read also</h3><ul>{beside}</ul></section>'
        f"</main>\n{_footer(site)}"
    )
    return frame(f"{one.title} | The scripted news", head, body)


def _structured(one: Publication) -> tuple[str, str]:
    news = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": one.title}
    if dated := lists.iso(one.at, one.page):
        news["datePublished"] = dated
    if one.edited:
        news["dateModified"] = one.edited.isoformat(timespec="seconds")
    return f'<script type="application/ld+json">{json.dumps(news)}</script>\n', ""


def _marked(one: Publication) -> tuple[str, str]:
    dated = lists.iso(one.at, one.page)
    head = f'<meta property="og:title" content="{escape(one.title)}">\n'
    if one.edited:
        head += f'<meta property="article:modified_time" content="{one.edited.isoformat()}">\n'
    if not dated:
        return head, ""
    when = f'<time datetime="{dated}">{printed(one.at, one.page)}</time>\n'
    return f'{head}<meta property="article:published_time" content="{dated}">\n', when


def _plain(one: Publication) -> tuple[str, str]:
    when = printed(one.at, one.page)
    return "", f'<p class="date">{when}</p>\n' if when else ""


def _robots(_site: Scripted, base: str, _number: int) -> str:
    return f"User-agent: *\nDisallow: /search\nSitemap: {base}/sitemap.xml\n"


def _index(site: Scripted, base: str, _number: int) -> str:
    return lists.sitemap_index(site, base)


_LISTS: dict[str, tuple[Paged, str]] = {
    "/feed.rss": (lists.rss, RSS),
    "/feed.atom": (lists.atom, ATOM_MEDIA),
    "/feed.json": (lists.json_feed, JSON_FEED),
    "/news/": (section, HTML),
    "/robots.txt": (_robots, PLAIN),
    "/sitemap.xml": (_index, XML),
}
