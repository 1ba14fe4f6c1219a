"""Pure: one alert -> what a person reads (subject, text, html) and what a machine reads (data).

`data` is the body of a webhook and a contract with its receivers. Version 1::

    {"type": "article.matched", "version": 1, "timestamp": when the alert was made,
     "data": {
       "key": the alert's permanent key, the same in each repeat,
       "kind": "new" | "edited" | "completed" | "corrected" | "gone" | "back",
       "fields": [names of the fields an edit changed],
       "watch": {"name", "query"},
       "passages": [{"field", "excerpt", "start", "end"}],
       "edit": null, or {"title", "text"}: each a list of {"mark": "same" | "removed" | "added",
               "text"}, empty if it did not change; long stretches that did not are cut with "…",
       "absence": null, or {"last_seen", "first_missing"} of an item that is gone or back,
       "article": {"id", "url", "source", "title", "title_basis", "summary", "text", "text_cut",
                   "text_basis", "section", "authors", "language", "tags", "attachments",
                   "first_seen", "changed_at", "edits"},
       "dateline": {"when", "precision", "basis", "zone", "zone_stated", "place", "raw", "words"}}}

Times are ISO 8601 in UTC. `dateline.when` is null exactly if `precision` is "none". `start` and
`end` delimit the words met inside `excerpt`. Keys may be added within a version, never taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING, Any, Final

from db.diff import Mark, Piece, as_html, as_text, diff, excerpt
from db.model import ChangeKind
from db.telling import Passage
from db.words import clean, clean_line
from feeds.body import display_title, paragraphs, sanitise, web_address
from feeds.wording import absence_words, dateline_words, shorten, utc_words

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Absence, Article, Edit
    from db.telling import Alert

VERSION: Final = 1
SUBJECT_LIMIT: Final = 200
_WATCH_LIMIT: Final = 60
_MAIL_TEXT_LIMIT: Final = 2_000
# Receivers of webhooks often refuse bodies over 64 KiB; one character is up to four bytes.
_DATA_TEXT_LIMIT: Final = 12_000
_EXCERPT_LIMIT: Final = 500
_PASSAGES_SHOWN: Final = 12
_DIFF_READ: Final = 100_000  # characters of each text
_PIECES_SHOWN: Final = 60
_PIECE_LIMIT: Final = 1_000
_KINDS: Final = {
    ChangeKind.NEW: "New",
    ChangeKind.EDITED: "Edited",
    ChangeKind.COMPLETED: "Now with its full text",
    ChangeKind.CORRECTED: "Read again by better rules",
    ChangeKind.GONE: "Gone from the source",
    ChangeKind.BACK: "Back at the source",
}
_SUBJECTS: Final = {
    ChangeKind.EDITED: "edited: ",
    ChangeKind.GONE: "gone: ",
    ChangeKind.BACK: "back: ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An alert put into words. `subject` is one clean line; `data` holds JSON values only."""

    subject: str
    text: str
    html: str
    data: dict[str, Any]


def render(alert: Alert) -> Message:
    """Put an alert into words. The same alert gives the same message, however often it is sent."""
    passages = tuple(_tidy(passage) for passage in alert.passages[:_PASSAGES_SHOWN])
    facts = _facts(alert)
    edit = _edit(alert.edit)
    return Message(
        subject=_subject(alert),
        text=_text(alert, facts, passages, edit),
        html=_html(alert, facts, passages, edit),
        data=_data(alert, passages, edit),
    )


def data(alert: Alert) -> dict[str, Any]:
    """Return what a machine reads of an alert."""
    passages = tuple(_tidy(passage) for passage in alert.passages[:_PASSAGES_SHOWN])
    return _data(alert, passages, _edit(alert.edit))


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
            "timestamp": _stamp(now),
            "data": {"channel": channel},
        },
    )


def _subject(alert: Alert) -> str:
    watch = shorten(clean_line(alert.watch), _WATCH_LIMIT)
    title = display_title(alert.entry.article.title)
    return shorten(f"[{watch}] {_SUBJECTS.get(alert.kind, '')}{title}", SUBJECT_LIMIT)


def _facts(alert: Alert) -> tuple[tuple[str, str], ...]:
    """Return the labelled lines under the title, in the order they are read."""
    entry, article = alert.entry, alert.entry.article
    published = dateline_words(article.dateline, first_seen=entry.first_seen)
    fields = ", ".join(map(clean_line, alert.fields))
    named = (
        ("Source", clean_line(article.source)),
        ("Section", clean_line(article.section or "")),
        ("Link", web_address(article.url) or ""),
        ("Published", published),
        ("Place", clean_line(article.dateline.place or "")),
        ("Change", _KINDS[alert.kind] + (f": {fields}" if fields else "")),
        ("Observed", absence_words(alert.absence) if alert.absence else ""),
        ("Watch", f"{clean_line(alert.watch)} ({clean_line(alert.query)})"),
    )
    return tuple((label, value) for label, value in named if value)


def _edit(edit: Edit | None) -> dict[str, tuple[Piece, ...]]:
    """Return what an edit changed of the title and of the text, by field."""
    if edit is None:
        return {}
    found = {
        "title": diff(clean_line(edit.old_title), clean_line(edit.title)),
        "text": excerpt(diff(clean(edit.old_text)[:_DIFF_READ], clean(edit.text)[:_DIFF_READ])),
    }
    return {
        name: tuple(
            Piece(piece.mark, shorten(piece.text, _PIECE_LIMIT)) for piece in pieces[:_PIECES_SHOWN]
        )
        for name, pieces in found.items()
        if any(piece.mark is not Mark.SAME for piece in pieces)
    }


def _text(
    alert: Alert,
    facts: tuple[tuple[str, str], ...],
    passages: tuple[Passage, ...],
    edit: dict[str, tuple[Piece, ...]],
) -> str:
    edited = [f"  {name}: {' '.join(as_text(pieces).split())}" for name, pieces in edit.items()]
    matched = [f"  {p.field}: {'**'.join(_split(p))}" for p in passages]
    body = _excerpt(alert.entry.article, _MAIL_TEXT_LIMIT)
    blocks = (
        display_title(alert.entry.article.title),
        "\n".join(f"{label}: {value}" for label, value in facts),
        "\n".join(("Edited ([-removed-] {+added+}):", *edited)) if edited else "",
        "\n".join(("Matched:", *matched)) if matched else "",
        body,
        f"-- \n{_footer(alert)}",
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def _html(
    alert: Alert,
    facts: tuple[tuple[str, str], ...],
    passages: tuple[Passage, ...],
    edit: dict[str, tuple[Piece, ...]],
) -> str:
    rows = "<br>".join(f"{label}: {_linked(label, value)}" for label, value in facts)
    title = escape(display_title(alert.entry.article.title))
    parts = [f"<p><strong>{title}</strong></p>", f"<p>{rows}</p>"]
    parts += [f"<p>Edited {name}: {as_html(pieces)}</p>" for name, pieces in edit.items()]
    for passage in passages:
        before, words, after = map(escape, _split(passage))
        parts.append(f"<p>{escape(passage.field)}: {before}<mark>{words}</mark>{after}</p>")
    body = _excerpt(alert.entry.article, _MAIL_TEXT_LIMIT)
    parts += [f"<p>{escape(paragraph)}</p>" for paragraph in body.split("\n\n") if paragraph]
    parts.append(f"<p><small>{escape(_footer(alert))}</small></p>")
    return sanitise("\n".join(parts))


def _linked(label: str, value: str) -> str:
    shown = escape(value)
    return f'<a href="{shown}">{shown}</a>' if label == "Link" else shown


def _footer(alert: Alert) -> str:
    seen = utc_words(alert.entry.first_seen)
    return f"First seen {seen}. Alert {clean_line(alert.key)}, sent by Dateline."


def _data(
    alert: Alert, passages: tuple[Passage, ...], edit: dict[str, tuple[Piece, ...]]
) -> dict[str, Any]:
    return {
        "type": "article.matched",
        "version": VERSION,
        "timestamp": _stamp(alert.created_at),
        "data": {
            "key": alert.key,
            "kind": alert.kind.value,
            "fields": _lines(alert.fields),
            "watch": {"name": clean_line(alert.watch), "query": clean_line(alert.query)},
            "passages": [
                {"field": p.field, "excerpt": p.excerpt, "start": p.start, "end": p.end}
                for p in passages
            ],
            "edit": _edit_data(edit) if alert.edit else None,
            "absence": _absence(alert.absence) if alert.absence else None,
            "article": _article(alert),
            "dateline": _dateline(alert),
        },
    }


def _edit_data(edit: dict[str, tuple[Piece, ...]]) -> dict[str, Any]:
    return {
        name: [{"mark": piece.mark.value, "text": piece.text} for piece in edit.get(name, ())]
        for name in ("title", "text")
    }


def _absence(absence: Absence) -> dict[str, str]:
    return {
        "last_seen": _stamp(absence.last_seen),
        "first_missing": _stamp(absence.first_missing),
    }


def _article(alert: Alert) -> dict[str, Any]:
    entry, article = alert.entry, alert.entry.article
    text = clean(article.text)
    return {
        "id": entry.feed_id,
        "url": web_address(article.url),
        "source": clean_line(article.source),
        "title": display_title(article.title),
        "title_basis": article.title_basis.value,
        "summary": shorten(clean_line(article.summary), _MAIL_TEXT_LIMIT),
        "text": shorten(text, _DATA_TEXT_LIMIT),
        "text_cut": len(text) > _DATA_TEXT_LIMIT,
        "text_basis": article.text_basis.value,
        "section": _line(article.section),
        "authors": _lines(article.authors),
        "language": _line(article.language),
        "tags": _lines(article.tags),
        "attachments": [url for url in map(web_address, article.attachments) if url],
        "first_seen": _stamp(entry.first_seen),
        "changed_at": _stamp(entry.changed_at),
        "edits": entry.edits,
    }


def _dateline(alert: Alert) -> dict[str, Any]:
    dateline = alert.entry.article.dateline
    return {
        "when": _stamp(dateline.when) if dateline.when else None,
        "precision": dateline.precision.value,
        "basis": dateline.basis.value,
        "zone": _line(dateline.zone),
        "zone_stated": dateline.zone_stated,
        "place": _line(dateline.place),
        "raw": _line(dateline.raw),
        "words": dateline_words(dateline, first_seen=alert.entry.first_seen),
    }


def _tidy(passage: Passage) -> Passage:
    """Return the passage as one clean line, its marks moved with the words they delimit."""
    start, end = passage.start, passage.end
    pieces = (passage.excerpt[:start], passage.excerpt[start:end], passage.excerpt[end:])
    before, words, after = (clean_line(piece) for piece in pieces)
    # Cleaning trims each piece; the space between two words is put back.
    before += " " * bool(before and pieces[0][-1:].isspace())
    after = " " * bool(after and pieces[2][:1].isspace()) + after
    before, words = before[-_EXCERPT_LIMIT:], words[:_EXCERPT_LIMIT]
    return Passage(
        field=clean_line(passage.field),
        excerpt=f"{before}{words}{after[:_EXCERPT_LIMIT]}",
        start=len(before),
        end=len(before) + len(words),
    )


def _split(passage: Passage) -> tuple[str, str, str]:
    start, end = passage.start, passage.end
    return passage.excerpt[:start], passage.excerpt[start:end], passage.excerpt[end:]


def _excerpt(article: Article, limit: int) -> str:
    return shorten("\n\n".join(paragraphs(article)), limit)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _line(text: str | None) -> str | None:
    return shorten(clean_line(text or ""), SUBJECT_LIMIT) or None


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [line for line in map(_line, texts) if line]
