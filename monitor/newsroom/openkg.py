"""open.kg as DataLife Engine serves it: cards with the title twice, share lines, no date. Pure."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from monitor.newsroom.markup import blocks, frame
from monitor.newsroom.wire import PLAIN, Answer, text_answer

if TYPE_CHECKING:
    from monitor.newsroom.press import Desk
    from monitor.newsroom.story import Story
    from monitor.newsroom.wire import Request

ON_A_PAGE = 5
LIST = re.compile(r"/en/news(/exclusive)?(?:/page/(\d+))?/?")
EXCLUSIVE = "/exclusive/"
CATEGORIES = (
    ("/en/news/", "News"),
    ("/en/politics/", "Politics"),
    ("/en/society/", "Society"),
    ("/en/economy/", "Economy"),
)
ROBOTS = "User-agent: *\nDisallow: /engine/\nDisallow: /*do=search*\nDisallow: /*print:page*\n"
SHARE = (
    '<div class="share"><a href="#vk">VK</a> <a href="#x">X</a> <a href="#ok">OK</a> '
    '<a href="#wa">WhatsApp</a> <a href="#tg">Telegram</a></div>\n'
)


def answer(request: Request, desk: Desk) -> Answer | None:
    """Return what the site answers, None where it has nothing."""
    if request.path == "/robots.txt":
        return text_answer(ROBOTS, PLAIN)
    if request.path == "/en/":
        return _list(desk, "", 1)
    if found := LIST.fullmatch(request.path):
        return _list(desk, found[1] or "", int(found[2] or 1))
    story = desk.at(request.path)
    return text_answer(_page(story)) if story else None


def _list(desk: Desk, exclusive: str, page: int) -> Answer | None:
    stories = [s for s in desk.listed() if not exclusive or EXCLUSIVE in s.path]
    shown = stories[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    if not shown and page > 1:
        return None
    cards = "".join(_card(story) for story in shown)
    pages = range(1, -(-len(stories) // ON_A_PAGE) + 1)
    links = " ".join(
        f"<span>{number}</span>"
        if number == page
        else f'<a href="{desk.base}/en/news{exclusive}/page/{number}/">{number}</a>'
        for number in pages
    )
    body = f'<div id="dle-content">\n{cards}<div class="navigation">{links}</div>\n</div>\n'
    return text_answer(_site("News", body))


def _card(story: Story) -> str:
    """Return a card; the title stands in the picture's link and again below it."""
    title = escape(story.title, quote=False)
    picture = (
        f'<a class="short-img" href="{story.path}"><img src="/uploads/posts/p.webp" alt="">'
        f"<span>{title}</span></a>\n"
    )
    category = escape(story.section) + (" / Exclusive" if EXCLUSIVE in story.path else "")
    date = f'<div class="short-date">{story.at:%d.%m.%Y, %H:%M}</div>\n'
    return (
        '<div class="short-item">\n'
        f"{picture if story.shape.picture else ''}"
        f'<a class="short-title" href="{story.path}">{title}</a>\n'
        f'<div class="short-cat">{category}</div>\n'
        f'<div class="short-text">{escape(story.preview, quote=False)}...</div>\n'
        f"{date if story.shape.card_dated else ''}</div>\n"
    )


def _page(story: Story) -> str:
    """Return an article's page; nothing on it tells when it was published."""
    body = (
        '<div id="dle-content">\n<article class="full">\n'
        f"<h1>{escape(story.title, quote=False)}</h1>\n"
        f'<div class="full-info"><span class="full-author">{escape(story.author or "")}</span> '
        f'<a href="{story.path.rpartition("/")[0]}/">{escape(story.section)}</a></div>\n'
        f'{SHARE}<div class="full-text">\n{blocks(story.body)}</div>\n{SHARE}'
        '<div class="related">Read also:</div>\n<div class="comments">Write a comment:</div>\n'
        "</article>\n</div>\n"
    )
    return _site(story.title, body)


def _site(title: str, body: str) -> str:
    """Return a page under the category menu, whose template forgot to fill `{title}` in."""
    menu = "".join(f'<li><a href="{path}">{{title}} {name}</a></li>\n' for path, name in CATEGORIES)
    head = '<meta name="generator" content="DataLife Engine (http://dle-news.ru)">\n'
    return frame(title, head, f'<ul class="menu">\n{menu}</ul>\n{body}')
