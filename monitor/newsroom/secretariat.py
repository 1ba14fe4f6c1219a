"""The secretariat's site as its Bitrix serves it: strip, title twice, dates or none, pager. Pure.

The class names of the strip are ours: nobody has seen the real ones.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from monitor.newsroom.markup import blocks, dotted_day, frame
from monitor.newsroom.story import StripCard
from monitor.newsroom.wire import PLAIN, Answer, text_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.newsroom.press import Desk
    from monitor.newsroom.story import Story
    from monitor.newsroom.wire import Request

LISTS = ("/news/", "/news/news_odkb/")
ON_A_PAGE = 8
IN_THE_STRIP = 5
ROBOTS = "User-agent: *\nDisallow: /bitrix/\nDisallow: /search/\nDisallow: /*?sphrase_id=\n"
BACK = {
    "en": ("Go back", "Back to the section", "Back to the all news"),
    "ru": ("Вернуться назад", "Вернуться в раздел", "Вернуться ко всем новостям"),
}
NEWS = {"en": "News", "ru": "Новости"}
DOWNLOAD = {"en": "Download document", "ru": "Скачать документ"}


def answer(request: Request, desk: Desk) -> Answer | None:
    """Return what the site answers, None where it has nothing."""
    if request.path == "/robots.txt":
        return text_answer(ROBOTS, PLAIN)
    if request.path in {"/", *LISTS}:
        return _list(request, desk)
    if request.path.startswith("/upload/"):
        return Answer(body=b"PK\x03\x04", media="application/octet-stream")
    story = desk.at(request.path)
    return text_answer(_page(story, desk)) if story else None


def _list(request: Request, desk: Desk) -> Answer:
    """Answer a page of the list; Bitrix shows its last page for numbers beyond it."""
    stories = desk.listed()
    pages = max(1, -(-len(stories) // ON_A_PAGE))
    asked = request.query.get("PAGEN_1", "1")
    page = min(int(asked) if asked.isdigit() and int(asked) else 1, pages)
    shown = stories[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    cards = "\n".join(_card(number, story) for number, story in enumerate(shown))
    path = "/news/" if request.path == "/" else request.path
    news = NEWS[desk.language]
    body = f'<h1 id="pagetitle">{news}</h1>\n<div class="news-list">\n{cards}\n'
    return text_answer(_site(news, body + _pager(path, page, pages) + "</div>\n", desk.language))


def _card(number: int, story: Story) -> str:
    date = f'<span class="news-date-time">{dotted_day(story.at)}</span>\n'
    picture = (
        f'<a href="{story.path}"><img class="preview_picture" src="/upload/iblock/p.jpg"'
        f' alt="{escape(story.title)}" title="{escape(story.title)}"></a>\n'
    )
    return (
        f'<p class="news-item" id="bx_3218110189_{number}">\n'
        f"{picture if story.shape.picture else ''}{date if story.shape.card_dated else ''}"
        f'<a href="{story.path}"><b>{escape(story.title)}</b></a><br />\n'
        f"{escape(story.preview, quote=False)}\n</p>"
    )


def _pager(path: str, page: int, pages: int) -> str:
    links = [
        f"<b>{number}</b>" if number == page else f'<a href="{path}?PAGEN_1={number}">{number}</a>'
        for number in range(1, pages + 1)
    ]
    if page < pages:
        links.append(f'<a href="{path}?PAGEN_1={page + 1}">Next</a>')
    return f'<div class="bx-pagination"><font class="text">{" ".join(links)}</font></div>\n'


def _page(story: Story, desk: Desk) -> str:
    """Return an article's page: the strip, the title, the title again with the date, the text."""
    title = escape(story.title, quote=False)
    parts = [
        f'<h1 id="pagetitle">{title}</h1>\n<div class="news-detail">\n',
        _heading(story, title),
        _attachment(story, desk.language),
        _body(story),
        "</div>\n",
        *(f'<p><a href="/news/">{label}</a></p>\n' for label in BACK[desk.language]),
    ]
    strip = _strip(story.strip or newest(desk))
    return _site(story.title, strip + "".join(parts), desk.language)


def newest(desk: Desk) -> tuple[StripCard, ...]:
    """Return the strip of the whole site as it stands now."""
    dated = [story for story in desk.listed() if story.shape.card_dated]
    dated.sort(key=lambda story: story.at, reverse=True)
    return tuple(
        StripCard(dotted_day(story.at), story.preview, story.path) for story in dated[:IN_THE_STRIP]
    )


def _strip(cards: Sequence[StripCard]) -> str:
    items = "".join(
        f'<div class="last-item">\n<div class="last-date">{card.day}</div>\n'
        f'<a href="{card.path}"><p>{escape(card.preview, quote=False)}</p></a>\n</div>\n'
        for card in cards
    )
    return f'<div class="last-news">\n{items}</div>\n'


def _heading(story: Story, title: str) -> str:
    """Return what stands between the title and the text: picture, title again, date, or nothing."""
    date = f'<span class="news-date-time">{dotted_day(story.at)}</span>'
    picture = f'<img class="detail_picture" src="/upload/iblock/d.jpg" alt="{escape(story.title)}">'
    match story.shape.page_date:
        case "beside" if story.shape.picture:
            return f"<div>{picture} {date}</div>\n"
        case "beside":
            return f"<div>{title} {date}</div>\n"
        case "alone":
            return f"{picture if story.shape.picture else ''}\n<div>{date}</div>\n"
        case _:
            return f"{picture}\n" if story.shape.picture else ""


def _attachment(story: Story, language: str) -> str:
    name = story.shape.attachment
    if name is None:
        return ""
    return f'<p><a href="/upload/iblock/{name[:3]}/{name}">{DOWNLOAD[language]} {name}</a></p>\n'


def _body(story: Story) -> str:
    if story.shape.breaks:
        return "<br />\n<br />\n".join(escape(part.text, quote=False) for part in story.body) + "\n"
    return blocks(story.body, heading="<p><b>{}</b></p>")


def _site(title: str, body: str, language: str) -> str:
    menu = f'<ul class="menu"><li><a href="/news/">{NEWS[language]}</a></li></ul>\n'
    return frame(title, '<meta name="generator" content="Bitrix">\n', menu + body, language)
