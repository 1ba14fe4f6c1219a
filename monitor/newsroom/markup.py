"""Pieces of HTML that all sites share: the frame of a page, blocks of text, dates. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from monitor.newsroom.story import Block

# Russian dates put the month in the genitive.
MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
        "октября", "ноября", "декабря",
    ),
}  # fmt: skip
DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ru": ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"),
}


def frame(title: str, head: str, body: str, language: str = "en") -> str:
    """Return a whole page; `head` and `body` are HTML already, `title` is text."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n{head}</head>\n<body>\n{body}</body>\n</html>\n"
    )


def blocks(body: Sequence[Block], heading: str = "<h2>{}</h2>") -> str:
    """Return a text as paragraphs, headings and lists; neighbouring items share one list."""
    lines: list[str] = []
    inside = False
    for block in body:
        item = block.kind == "item"
        if item != inside:
            lines.append("<ul>" if item else "</ul>")
            inside = item
        form = {"item": "<li>{}</li>", "heading": heading, "paragraph": "<p>{}</p>"}[block.kind]
        lines.append(form.format(escape(block.text, quote=False)))
    if inside:
        lines.append("</ul>")
    return "\n".join(lines) + "\n"


def long_day(day: date, language: str = "en") -> str:
    """Return a day as `15 December 2025`."""
    return f"{day.day:02d} {MONTHS[language][day.month - 1]} {day.year}"


def dotted_day(day: date) -> str:
    """Return a day as `15.12.2025`."""
    return f"{day:%d.%m.%Y}"
