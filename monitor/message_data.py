"""Pure: one alert -> what a machine reads of it, the body of a webhook.

It is a contract with its receivers: docs/alerts.md says what each key means, docs/alert.schema.json
what it may hold. Keys may be added within a version, never taken away.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from db.words import clean, clean_line
from feeds.body import display_title, web_address
from feeds.wording import dateline_words, day_of, shorten
from monitor.story_words import story_object

if TYPE_CHECKING:
    from datetime import datetime

    from db.diff import Piece
    from db.model import Absence
    from db.telling import Alert
    from monitor.message_parts import Parts

VERSION: Final = 1
_SUMMARY_LIMIT: Final = 2_000
# Receivers of webhooks often refuse bodies over 64 KiB; one character is up to four bytes.
_TEXT_LIMIT: Final = 12_000
_LINE_LIMIT: Final = 200


def data_of(alert: Alert, parts: Parts) -> dict[str, Any]:
    """Return what a machine reads of an alert: JSON values only."""
    return {
        "type": "article.matched",
        "version": VERSION,
        "timestamp": stamp(alert.created_at),
        "data": {
            "key": alert.key,
            "kind": alert.kind.value,
            "fields": _lines(alert.fields),
            "watch": {"name": clean_line(alert.watch), "query": clean_line(alert.query)},
            "passages": [
                {"field": p.field, "excerpt": p.excerpt, "start": p.start, "end": p.end}
                for p in parts.passages
            ],
            "grounds": _lines(alert.grounds),
            "edit": _edit(parts.edits) if alert.edit else None,
            "absence": _absence(alert.absence) if alert.absence else None,
            "story": story_object(alert.story) if alert.story else None,
            "thread": alert.thread,
            "article": _article(alert),
            "dateline": _dateline(alert),
        },
    }


def _edit(edit: dict[str, tuple[Piece, ...]]) -> dict[str, Any]:
    return {
        name: [{"mark": piece.mark.value, "text": piece.text} for piece in edit.get(name, ())]
        for name in ("title", "text")
    }


def _absence(absence: Absence) -> dict[str, str]:
    return {
        "last_seen": stamp(absence.last_seen),
        "first_missing": stamp(absence.first_missing),
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
        "summary": shorten(clean_line(article.summary), _SUMMARY_LIMIT),
        "text": shorten(text, _TEXT_LIMIT),
        "text_cut": len(text) > _TEXT_LIMIT,
        "text_basis": article.text_basis.value,
        "section": _line(article.section),
        "authors": _lines(article.authors),
        "language": _line(article.language),
        "tags": _lines(article.tags),
        "attachments": [url for url in map(web_address, article.attachments) if url],
        "first_seen": stamp(entry.first_seen),
        "changed_at": stamp(entry.changed_at),
        "edits": entry.edits,
    }


def _dateline(alert: Alert) -> dict[str, Any]:
    dateline = alert.entry.article.dateline
    return {
        "when": stamp(dateline.when) if dateline.when else None,
        "day": day_of(dateline),
        "precision": dateline.precision.value,
        "basis": dateline.basis.value,
        "zone": _line(dateline.zone),
        "zone_stated": dateline.zone_stated,
        "place": _line(dateline.place),
        "raw": _line(dateline.raw),
        "words": dateline_words(dateline, first_seen=alert.entry.first_seen),
    }


def stamp(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _line(text: str | None) -> str | None:
    return shorten(clean_line(text or ""), _LINE_LIMIT) or None


def _lines(texts: tuple[str, ...]) -> list[str]:
    return [line for line in map(_line, texts) if line]
