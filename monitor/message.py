"""Pure: one alert -> what a person reads (subject, text, html) and what a machine reads (data).

What is told stands in `monitor.message_parts`, the data in `monitor.message_data`; docs/alerts.md
shows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from db.diff import as_html, as_text
from db.model import ChangeKind
from db.words import clean_line
from feeds.body import display_title, sanitise, web_address
from feeds.wording import shorten
from monitor.matched import lines
from monitor.message_data import VERSION, data_of, stamp
from monitor.message_parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from db.telling import Alert
    from monitor.matched import Line
    from monitor.message_parts import Parts

SUBJECT_LIMIT: Final = 200
_WATCH_LIMIT: Final = 60
_SUBJECTS: Final = {
    ChangeKind.EDITED: "edited: ",
    ChangeKind.GONE: "gone: ",
    ChangeKind.BACK: "back: ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An alert put into words. `subject` is one clean line; `data` holds JSON values only.

    `thread` is the key of the message that this one is a reply to, None if it is none.
    """

    subject: str
    text: str
    html: str
    data: dict[str, Any]
    thread: str | None = None


def render(alert: Alert, *others: Alert, key: str | None = None) -> Message:
    """Put an alert into words. The same alert gives the same message, however often it is sent.

    `others` are those of other watches of the same change; `key` names the message of all, which
    else is the alert's own. `data` is that of the first.
    """
    parts = parts_of(alert, *others, key=key or alert.key)
    return Message(
        subject=_subject(alert, *others),
        text=_text(parts),
        html=_html(parts),
        data=data(alert),
        thread=alert.thread,
    )


def data(alert: Alert) -> dict[str, Any]:
    """Return what a machine reads of an alert."""
    return data_of(alert, parts_of(alert, key=alert.key))


def trial(channel: str, now: datetime) -> Message:
    """Return the message that shows whether a channel works; its data is of a type of its own."""
    said = f"This is a test of the channel {channel}. It works: alerts will arrive here."
    return Message(
        subject=f"[dateline] test of the channel {channel}",
        text=f"{said}\n\n-- \nSent by dateline channels test.\n",
        html=sanitise(f"<p>{escape(said)}</p>"),
        data={
            "type": "channel.test",
            "version": VERSION,
            "timestamp": stamp(now),
            "data": {"channel": channel},
        },
    )


def _subject(alert: Alert, *others: Alert) -> str:
    watches = ", ".join(clean_line(one.watch) for one in (alert, *others))
    watch = shorten(watches, _WATCH_LIMIT)
    title = display_title(alert.entry.article.title)
    return shorten(f"[{watch}] {_SUBJECTS.get(alert.kind, '')}{title}", SUBJECT_LIMIT)


def _text(parts: Parts) -> str:
    edited = [
        f"  {name}: {' '.join(as_text(pieces).split())}" for name, pieces in parts.edits.items()
    ]
    matched = [f"  {field}: {line.as_text}" for field, line in _matched(parts)]
    blocks = (
        parts.title,
        "\n".join(f"{label}: {value}" for label, value in parts.facts),
        _block("Edited ([-removed-] {+added+}):", edited),
        _block("Matched:", matched),
        parts.body,
        "\n".join(parts.story),
        *("\n".join(f"  {line}" for line in lines) for lines in parts.members),
        _block("Why it was told:", [f"  {said}" for said in parts.grounds]),
        f"-- \n{parts.footer}",
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def _matched(parts: Parts) -> Iterator[tuple[str, Line]]:
    """Give each line with its field and, where several watches met, those that met it."""
    names = parts.met_by or ("",) * len(parts.passages)
    for line in lines(zip(parts.passages, names, strict=True)):
        field = ", ".join(line.fields)
        yield f"{field} ({line.names})" if line.names else field, line


def _block(heading: str, lines: list[str]) -> str:
    return "\n".join((heading, *lines)) if lines else ""


def _html(parts: Parts) -> str:
    return sanitise("\n".join(f"<p>{paragraph}</p>" for paragraph in _paragraphs(parts)))


def _paragraphs(parts: Parts) -> Iterator[str]:
    """Give the paragraphs of the HTML: all that strangers wrote is escaped."""
    yield f"<strong>{escape(parts.title)}</strong>"
    yield "<br>".join(f"<small>{label}:</small> {_linked(value)}" for label, value in parts.facts)
    for name, pieces in parts.edits.items():
        yield f"<strong>Edited {escape(name)}</strong><br>{as_html(pieces)}"
    for number, (field, line) in enumerate(_matched(parts)):
        heading = "" if number else "<strong>Matched</strong><br>"
        yield f"{heading}<small>{escape(field)}:</small> {line.as_html}"
    yield from (escape(paragraph) for paragraph in parts.body.split("\n\n") if paragraph)
    if parts.story:
        count, *first = map(escape, parts.story)
        yield "<br>".join((f"<strong>{count}</strong>", *first))
    for who, *said in parts.members:
        yield "<br>".join((f"<small>{escape(who)}</small>", *map(_linked, said)))
    if parts.grounds:
        yield "<br>".join(("<strong>Why it was told</strong>", *map(escape, parts.grounds)))
    yield f"<small>{escape(parts.footer)}</small>"


def _linked(value: str) -> str:
    shown = escape(value)
    return f'<a href="{shown}">{shown}</a>' if web_address(value) == value else shown
