"""BelTA's site: day headings and cards, the header with today's date, the wrong offset. Pure."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.newsroom.markup import DAYS, blocks, frame, long_day
from monitor.newsroom.story import MINSK
from monitor.newsroom.wire import PLAIN, Answer, text_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.newsroom.press import Desk
    from monitor.newsroom.story import Story
    from monitor.newsroom.wire import Request

RUBRICS_RU = {
    "president": "Президент",
    "politics": "Политика",
    "society": "Общество",
    "economics": "Экономика",
    "sport": "Спорт",
}
HEADER = {
    "en": ("Projects", "Government Bodies", "Flag", "All news"),
    "ru": ("Проекты", "Органы власти", "Флаг", "Все новости"),
}
INVITATION = {"en": "Follow us on:", "ru": "Подписывайтесь на нас:"}
RECENT_TITLE = {"en": "Recent news from Belarus", "ru": "Свежие новости Беларуси"}
ON_A_PAGE = 6
RECENT = 3
ROBOTS = "User-agent: *\nDisallow: /printv*\nDisallow: /*getResults*\nDisallow: /*extendedSearch*\n"
LIST = re.compile(r"/(all_news|president|politics|society|economics|sport)(?:/page/(\d+))?/?")


def answer(request: Request, desk: Desk) -> Answer | None:
    """Return what the site answers, None where it has nothing. `/rss` is gone, as reported."""
    if request.path == "/robots.txt":
        return text_answer(ROBOTS, PLAIN)
    if request.path == "/":
        return _list(desk, "all_news", 1)
    if found := LIST.fullmatch(request.path):
        return _list(desk, found[1], int(found[2] or 1))
    story = desk.at(request.path)
    return text_answer(_page(story, desk)) if story else None


def _list(desk: Desk, rubric: str, page: int) -> Answer | None:
    """Answer a list; a rubric's further pages repeat its first, as the real site's do."""
    every = rubric == "all_news"
    stories = [story for story in desk.listed() if every or story.section == rubric]
    start = (page - 1) * ON_A_PAGE if every else 0
    shown = stories[start : start + ON_A_PAGE]
    if not shown and page > 1:
        return None
    days = "".join(
        _day(list(group), desk.language) for _, group in groupby(shown, lambda s: s.at.date())
    )
    more = _more(shown[-1], page + 1) if every and stories[start + ON_A_PAGE :] else ""
    title = HEADER[desk.language][-1] if every else label(rubric, desk.language)
    body = f'<div id="inner">\n{days}</div>\n{more}'
    return text_answer(_site(title, "", _header(desk), body, desk.language))


def label(rubric: str, language: str) -> str:
    """Return a rubric's printed name."""
    return RUBRICS_RU[rubric] if language == "ru" else rubric.title()


def _day(stories: Sequence[Story], language: str) -> str:
    at = stories[0].at
    heading = (
        f'<div class="new_date"><div class="day">{at:%d}</div>'
        f'<div class="month_year">.{at:%m.%y}</div></div>\n'
    )
    return heading + "".join(_card(story, language) for story in stories)


def _card(story: Story, language: str) -> str:
    """Return a card: its first link is the rubric, the article's comes after it."""
    return (
        '<div class="news_item lenta_item">\n'
        f'<div class="date">{story.at:%H:%M} '
        f'<a class="date_rubric" href="/{story.section}/">'
        f"{label(story.section, language)}</a></div>\n"
        f'<a href="{story.path}" title="{escape(story.title)}">'
        f'<span class="lenta_item_title">{escape(story.title, quote=False)}</span></a>\n'
        f'<span class="lenta_textsmall">{escape(story.preview, quote=False)}</span>\n</div>\n'
    )


def _more(last: Story, page: int) -> str:
    target = f"/all_news/page/{page}/?day={last.at:%d}&month={last.at:%m}&year={last.at:%y}/"
    return (
        f"<div class=\"load_more\" onclick=\"get_page('{escape(target)}','inner','1')\">"
        "More news</div>\n"
    )


def _header(desk: Desk) -> tuple[str, ...]:
    """Return the header's lines for today: the date in it belongs to no article."""
    today = desk.now.astimezone(MINSK).date()
    projects, bodies, flag, every = HEADER[desk.language]
    day = f"{DAYS[desk.language][today.weekday()]}, {long_day(today, desk.language)}"
    return (projects, bodies, f"{flag} {day}", every, every)


def _page(story: Story, desk: Desk) -> str:
    printed = f"{long_day(story.at, desk.language)},&nbsp;{story.at:%H:%M}"
    clock = f"{story.at:%Y-%m-%dT%H:%M}:00+00:00"
    head = (
        f'<meta property="og:title" content="{escape(story.title)}">\n'
        f'<meta property="og:url" content="{desk.base}{story.path}">\n'
        f'<meta name="mediator_published_time" content="{clock}">\n'
    )
    rubric = label(story.section, desk.language)
    invitation = INVITATION[desk.language]
    lead, *others = story.body
    body = (
        f'<a class="rubric" href="/{story.section}/">{rubric}</a>\n'
        f'<div class="date_full">{printed}</div>\n'
        f"<h1>{escape(story.title, quote=False)}</h1>\n"
        '<div class="inner_content">\n<div class="js-mediator-article">\n'
        f"{escape(lead.text, quote=False)}\n"
        + blocks(others).replace("<p>", "<div>").replace("</p>", "</div>")
        + _tags(story)
        + f'<div class="invite_in_messagers">{invitation}\n<a href="/x/">X</a></div>\n'
        '<div class="clear"></div>\n</div>\n</div>\n' + _recent(story, desk)
    )
    header = story.header or _header(desk)
    return _site(f"{story.title} | BelTA", head, header, body, desk.language)


def _tags(story: Story) -> str:
    if not story.tags:
        return ""
    links = "".join(
        f'<a href="/tags/{number}/" title="{escape(tag)}">{escape(tag)}</a>'
        for number, tag in enumerate(story.tags)
    )
    return f'<div class="news_tags_block">{links}</div>\n'


def _recent(story: Story, desk: Desk) -> str:
    """Return the block of other news under an article."""
    others = [other for other in desk.listed() if other.key != story.key][:RECENT]
    links = "".join(
        f'<a href="{other.path}">{escape(other.title, quote=False)}</a>\n' for other in others
    )
    title = f'<div class="fp_title">{RECENT_TITLE[desk.language]}</div>'
    return f'<div class="fp_block">{title}\n{links}</div>\n'


def _site(title: str, head: str, header: tuple[str, ...], body: str, language: str) -> str:
    projects, bodies, day, *every = header
    flag, _, day = day.partition(" ")
    top = (
        f'<div class="header"><a href="/projects/">{projects}</a>\n<a href="/gov/">{bodies}</a>\n'
        f'<div class="header_date"><img src="/flag.png" alt="{flag}"> {day}</div>\n'
        + "".join(f'<a href="/all_news/">{name}</a>\n' for name in every)
        + "</div>\n"
    )
    return frame(title, head, top + body, language)
