"""The scripted publisher's ledger as machines read it: feeds, sitemaps, a JSON list. Pure.

Pages of all of them are those of the ledger's order, but for the sitemap, which goes by number.
"""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from db.model import Precision

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.newsroom.scripted import Publication, Scripted

MAP_LENGTH = 100
_ATOM = "http://www.w3.org/2005/Atom"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def iso(at: datetime, precision: Precision) -> str:
    """Return a moment as ISO 8601, as exactly as it is told; '' if it is not."""
    match precision:
        case Precision.NONE:
            return ""
        case Precision.DAY:
            return f"{at:%Y-%m-%d}"
        case Precision.MINUTE:
            return at.isoformat(timespec="minutes")
        case _:
            return at.isoformat(timespec="seconds")


def link(one: Publication, base: str) -> str:
    """Return the address by which lists lead to an item."""
    return f"{base}{one.path}?{one.tail}" if one.tail else f"{base}{one.path}"


def rss(site: Scripted, base: str, number: int) -> str:
    """Return a page of the feed as RSS 2.0."""
    items = "".join(_rss_item(one, base) for one in site.page(number))
    more = _next_link(site, f"{base}/feed.rss", number, "atom:link")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="{_ATOM}">\n'
        f"<channel><title>The scripted news</title><link>{base}/</link>"
        f"<lastBuildDate>{format_datetime(site.now)}</lastBuildDate>{more}\n{items}</channel></rss>"
    )


def _rss_item(one: Publication, base: str) -> str:
    dated = {
        Precision.NONE: "",
        Precision.DAY: iso(one.at, Precision.DAY),
        Precision.MINUTE: f"{one.at:%a, %d %b %Y %H:%M %z}",
        Precision.SECOND: format_datetime(one.at),
    }[one.listed]
    when = f"<pubDate>{dated}</pubDate>" if dated else ""
    return (
        f"<item><title>{escape(one.title)}</title><link>{escape(link(one, base))}</link>"
        f'<guid isPermaLink="false">item-{one.number}</guid>{when}'
        f"<description>{escape(f'<p>{one.words[0]}</p>')}</description></item>\n"
    )


def atom(site: Scripted, base: str, number: int) -> str:
    """Return a page of the feed as Atom 1.0, which must tell when each entry was updated."""
    entries = "".join(_atom_entry(one, base) for one in site.page(number))
    more = _next_link(site, f"{base}/feed.atom", number, "link")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="{_ATOM}">\n'
        f"<title>The scripted news</title><id>{base}/feed.atom</id>"
        f"<updated>{site.now.isoformat()}</updated>{more}\n{entries}</feed>"
    )


def _atom_entry(one: Publication, base: str) -> str:
    dated = iso(one.at, one.listed)
    when = f"<published>{dated}</published>" if dated else ""
    return (
        f"<entry><title>{escape(one.title)}</title><id>{base}/item-{one.number}</id>"
        f'<link rel="alternate" href="{escape(link(one, base))}"/>{when}'
        f"<updated>{(one.edited or one.at).isoformat()}</updated>"
        f"<summary>{escape(one.words[0])}</summary></entry>\n"
    )


def _next_link(site: Scripted, address: str, number: int, tag: str) -> str:
    if not site.has_page(number + 1):
        return ""
    return f'<{tag} rel="next" href="{address}?page={number + 1}"/>'


def json_feed(site: Scripted, base: str, number: int) -> str:
    """Return a page of the feed as JSON Feed 1.1."""
    items = [
        {
            "id": f"item-{one.number}",
            "url": link(one, base),
            "title": one.title,
            "summary": one.words[0],
            "date_modified": (one.edited or one.at).isoformat(),
            **({"date_published": iso(one.at, one.listed)} if iso(one.at, one.listed) else {}),
        }
        for one in site.page(number)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The scripted news"}
    more = {"next_url": f"{base}/feed.json?page={number + 1}"} if site.has_page(number + 1) else {}
    return json.dumps({**feed, **more, "items": items})


def api(site: Scripted, base: str, number: int) -> str:
    """Return a page of the JSON list; its cursor is the number of the next page."""
    rows = [
        {
            "href": link(one, base).removeprefix(base),
            "headline": one.title,
            "lead": one.words[0],
            "published": int(one.at.timestamp())
            if one.listed is Precision.SECOND
            else iso(one.at, one.listed) or None,
            "updated": int((one.edited or one.at).timestamp()),
        }
        for one in site.page(number)
    ]
    following = number + 1 if site.has_page(number + 1) else None
    return json.dumps({"meta": {"next": following, "now": int(site.now.timestamp())}, "rows": rows})


def sitemap_index(site: Scripted, base: str) -> str:
    """Return the index of the sitemaps, oldest first."""
    maps = [site.ledger[n : n + MAP_LENGTH] for n in range(0, len(site.ledger), MAP_LENGTH)]
    rows = "".join(
        f"<sitemap><loc>{base}/sitemap-{place}.xml</loc>"
        f"<lastmod>{max(one.edited or one.at for one in rows).isoformat()}</lastmod></sitemap>\n"
        for place, rows in enumerate(maps)
    )
    return f'<sitemapindex xmlns="{_SITEMAPS}">\n{rows}</sitemapindex>'


def sitemap(site: Scripted, base: str, number: int) -> str:
    """Return a sitemap: a hundred items by number, oldest first, each with its last change."""
    rows = site.ledger[number * MAP_LENGTH : (number + 1) * MAP_LENGTH]
    urls = "".join(_map_entry(one, base) for one in rows if not one.deleted)
    return f'<urlset xmlns="{_SITEMAPS}" xmlns:news="{_NEWS}">\n{urls}</urlset>'


def _map_entry(one: Publication, base: str) -> str:
    dated = iso(one.at, one.listed)
    when = f"<news:publication_date>{dated}</news:publication_date>" if dated else ""
    changed = (one.edited or one.at).astimezone(UTC).isoformat()
    return (
        f"<url><loc>{escape(link(one, base))}</loc><lastmod>{changed}</lastmod>"
        f"<news:news>{when}<news:title>{escape(one.title)}</news:title></news:news></url>\n"
    )
