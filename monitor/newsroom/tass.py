"""TASS's site: empty section pages, the JSON list behind them, RSS, sitemap, articles. Pure."""

from __future__ import annotations

import json
import re
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from monitor.newsroom.markup import blocks, frame
from monitor.newsroom.wire import JSON, PLAIN, RSS, XML, Answer, text_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.newsroom.press import Desk
    from monitor.newsroom.story import Story
    from monitor.newsroom.wire import Request

SECTIONS = {
    "politics": 4954,
    "world": 4844,
    "economy": 4845,
    "defense": 4953,
    "science": 4957,
    "emergencies": 4992,
    "society": 4956,
    "pressreview": 4981,
    "sports": 4869,
}
LABELS = {"politics": "Russian Politics & Diplomacy", "defense": "Military & Defense"}
ROBOTS = "User-agent: *\nDisallow: /search\nSitemap: {base}/sitemap/sitemap_news0.xml\n"
UTM = "utm_source=tass.com&utm_medium=rss&utm_campaign=v2"
SITEMAP = re.compile(r"/sitemap/sitemap_news(\d)\.xml")
RELATED = 3
MOST = 100


def answer(request: Request, desk: Desk) -> Answer | None:
    """Return what the site answers, None where it has nothing."""
    path = request.path
    if path == "/robots.txt":
        return text_answer(ROBOTS.format(base=desk.base), PLAIN)
    if path == "/userApi/categoryNewsList":
        return _api(request, desk)
    if path == "/rss/v2.xml":
        return text_answer(feed(desk), RSS)
    if found := SITEMAP.fullmatch(path):
        return text_answer(_sitemap(desk if found[1] == "0" else None, desk.base), XML)
    if (section := path.strip("/")) in SECTIONS:
        return text_answer(_section(section))
    story = desk.at(path.removesuffix("/amp"))
    return text_answer(_page(story, desk)) if story else None


def _api(request: Request, desk: Desk) -> Answer:
    """Answer the list behind a section page: the stories before the cursor, newest first."""
    if request.method != "POST":
        return text_answer('{"error":"method not allowed"}', JSON, status=405)
    try:
        asked = json.loads(request.body)
        section, limit = int(asked["sectionId"]), min(int(asked["limit"]), MOST)
        before = int(asked.get("timestamp") or 0) or None
        excluded = set(str(asked.get("excludeNewsIds", "")).split(","))
    except (ValueError, KeyError, TypeError):
        return text_answer('{"error":"bad request"}', JSON, status=400)
    found = [
        story
        for story in desk.listed()
        if SECTIONS[story.section] == section
        and (before is None or _unix(story) < before)
        and _number(story) not in excluded
    ][:limit]
    news = [
        {
            "id": int(_number(story)),
            "title": story.title,
            "lead": story.preview,
            "link": story.path,
            "date": _unix(story),
        }
        for story in found
    ]
    last = _unix(found[-1]) if found else 0
    return text_answer(json.dumps({"newsList": news, "lastTime": last}), JSON)


def feed(desk: Desk) -> str:
    """Return the RSS feed of the listed stories."""
    items = "".join(
        f"<item><title>{escape(story.title)}</title>"
        f"<link>{desk.base}{story.path}?{escape(UTM)}</link>"
        f'<guid isPermaLink="false">{desk.base}{story.path}</guid>'
        f"<description>{escape(story.preview)}</description>"
        f"<category>{escape(label(story.section))}</category>"
        f"<pubDate>{format_datetime(story.at)}</pubDate></item>\n"
        for story in desk.listed()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>TASS</title><link>{desk.base}/</link><description>TASS</description>\n"
        f"<language>{desk.language}</language>\n{items}</channel></rss>\n"
    )


def _sitemap(desk: Desk | None, base: str) -> str:
    """Return the sitemap: numbers other than 0 are older years, which hold nothing here.

    A story that no list shows has no `lastmod` either: nothing but its own words date it.
    """
    stories = desk.stories if desk else ()
    rows = "".join(
        f"<url><loc>{base}{story.path}</loc>"
        + (f"<lastmod>{story.at.isoformat()}</lastmod>" if story.shape.listed else "")
        + "</url>\n"
        for story in stories
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


def _section(section: str) -> str:
    """Return a section page: its links are made by a script, only the template is in the HTML."""
    settings = f"sectionId = {SECTIONS[section]}; newsListLimit = 20; type = 'all'"
    body = (
        f'<div class="section-page" ng-controller="sectionPage" ng-init="{settings}">\n'
        f'<h1 class="section-page__title">{escape(label(section))}</h1>\n'
        '<div class="news-list" ng-repeat="newsPoint in newsList">\n'
        '<a ng-href="{{newsPoint.link}}" class="news-preview">\n'
        '<span class="news-preview__title">{{newsPoint.title}}</span>\n'
        '<dateformat time="{{newsPoint.date}}" mode="rel"></dateformat></a>\n</div>\n</div>\n'
    )
    return frame(f"{label(section)} - TASS", "", body)


def _page(story: Story, desk: Desk) -> str:
    if not story.title:
        return _copy(story)
    name = label(story.section)
    head = (
        f'<meta property="og:title" content="{escape(f"{story.title} - {name} - TASS")}">\n'
        f'<meta property="og:url" content="{desk.base}{story.path}">\n{_structured(story, desk)}'
    )
    body = (
        '<div class="news-header">\n'
        f'<span class="news-header__date-date"><dateformat time="{_unix(story)}" mode="abs">'
        "</dateformat></span>\n"
        f'<h1 class="news-header__title">{escape(story.title, quote=False)}</h1>\n'
        f'<div class="news-header__lead">{escape(story.preview, quote=False)}</div>\n</div>\n'
        f"{_text(story, desk)}{_tags(story)}{_related(story, desk)}"
    )
    return frame(f"{story.title} - {name} - TASS", head, body)


def _copy(story: Story) -> str:
    """Return a page that starts at the dateline: no title, no date, nothing structured."""
    text = f'<div class="text-block">\n{blocks(story.body)}</div>\n'
    return frame("TASS", "", f'<div class="text-content">\n{text}</div>\n')


def _structured(story: Story, desk: Desk) -> str:
    if not story.shape.structured:
        return ""
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.at.isoformat(),
        "dateModified": story.at.isoformat(),
        "articleSection": label(story.section),
        "mainEntityOfPage": desk.base + story.path,
    }
    safe = json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{safe}</script>\n'


def _text(story: Story, desk: Desk) -> str:
    """Return the text in two blocks with a "Read also" card and a caption between them."""
    middle = max(1, len(story.body) // 2)
    others = _others(story, desk)
    card = _read_also(others[0]) if others else ""
    caption = (
        '<div class="text-include-photo"><img src="/photo.jpg" alt="">'
        '<div class="text-include-photo__source">© Press service/TASS</div></div>\n'
        if story.shape.picture
        else ""
    )
    return (
        f'<div class="text-content">\n{caption}<div class="text-block">\n'
        f"{blocks(story.body[:middle])}</div>\n{card}"
        f'<div class="text-block">\n{blocks(story.body[middle:])}</div>\n</div>\n'
    )


def _read_also(story: Story) -> str:
    title = escape(story.title, quote=False)
    return (
        f'<div class="text-include"><a class="text-include-news" href="{story.path}">'
        '<span class="text-include-news__label">Read also</span>\n'
        f'<span class="text-include-news__title">{title}</span></a></div>\n'
    )


def _tags(story: Story) -> str:
    """Return the tags, which run into one word in a plain text."""
    links = "".join(f'<a class="tags__item" href="/tag/">{escape(tag)}</a>' for tag in story.tags)
    return f'<div class="tags">{links}</div>\n' if links else ""


def _related(story: Story, desk: Desk) -> str:
    items = "".join(
        f'<a class="news-preview" href="{other.path}">'
        f'<span class="news-preview__title">{escape(other.title, quote=False)}</span>\n'
        f'<span class="news-preview__lead">{escape(other.preview, quote=False)}</span></a>\n'
        for other in _others(story, desk)
    )
    return f'<div class="news-content__related">\n{items}</div>\n' if items else ""


def _others(story: Story, desk: Desk) -> Sequence[Story]:
    return [other for other in desk.listed() if other.key != story.key][:RELATED]


def label(section: str) -> str:
    """Return a section's printed name."""
    return LABELS.get(section, section.title())


def _unix(story: Story) -> int:
    return int(story.at.timestamp())


def _number(story: Story) -> str:
    return story.path.rpartition("/")[2]
