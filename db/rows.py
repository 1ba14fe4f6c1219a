"""Between the frozen values and the columns they are kept in. Pure: no SQL, no connection."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from db.model import (
    Absence,
    Article,
    Basis,
    Change,
    ChangeKind,
    Dateline,
    Edit,
    Entry,
    Known,
    Precision,
    TextBasis,
    TitleBasis,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from sqlite3 import Row


encoded = json.JSONEncoder(ensure_ascii=False).encode
"""Write a JSON value."""
# What an entry says that was written down before absences were known.
_THERE: dict[str, object] = {"last_seen": None, "first_missing": None}


def moment(when: datetime) -> str:
    """Write an aware moment in the one form that is stored.

    >>> moment(datetime(2025, 12, 20, 9, tzinfo=UTC))
    '2025-12-20T09:00:00.000000+00:00'
    """
    if when.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be stored: {when}")
    # In zones that set their clocks back, two moments can be equal to Python, and to the cache.
    return _written(when if when.tzinfo is UTC else when.astimezone(UTC))


@lru_cache(maxsize=64)
def _written(when: datetime) -> str:
    return when.isoformat(timespec="microseconds")


def moment_or_none(when: datetime | None) -> str | None:
    """Write a moment that may be missing."""
    return None if when is None else moment(when)


def at(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text)


def when_of(text: str | None) -> datetime | None:
    """Read a moment that may be missing."""
    return None if text is None else datetime.fromisoformat(text)


def array(values: Iterable[object]) -> str:
    """Write a list of JSON values."""
    return encoded(list(values)) if values else "[]"


def strings(text: str) -> tuple[str, ...]:
    """Read a list of strings.

    >>> strings('["a", "b"]')
    ('a', 'b')
    """
    return () if text == "[]" else tuple(json.loads(text))


def article_columns(article: Article) -> dict[str, object]:
    """Return the columns that hold what a source says of an article."""
    dateline = article.dateline
    return {
        "url": article.url,
        "source": article.source,
        "guid": article.guid,
        "title": article.title,
        "title_basis": article.title_basis,
        "summary": article.summary,
        "text": article.text,
        "text_basis": article.text_basis,
        "section": article.section,
        "authors": array(article.authors),
        "language": article.language,
        "tags": array(article.tags),
        "attachments": array(article.attachments),
        "dated": moment_or_none(dateline.when),
        "date_precision": dateline.precision,
        "date_basis": dateline.basis,
        "date_zone": dateline.zone,
        "date_zone_stated": int(dateline.zone_stated),
        "place": dateline.place,
        "date_raw": dateline.raw,
    }


def article_of(row: Row | Mapping[str, Any]) -> Article:
    """Read an article back."""
    return Article(
        url=row["url"],
        source=row["source"],
        guid=row["guid"],
        title=row["title"],
        title_basis=TitleBasis(row["title_basis"]),
        summary=row["summary"],
        text=row["text"],
        text_basis=TextBasis(row["text_basis"]),
        section=row["section"],
        authors=strings(row["authors"]),
        language=row["language"],
        tags=strings(row["tags"]),
        attachments=strings(row["attachments"]),
        dateline=own_dateline(row),
    )


def own_dateline(row: Row | Mapping[str, Any]) -> Dateline:
    """Read the dateline of an article from its columns."""
    return Dateline(
        when=when_of(row["dated"]),
        precision=Precision(row["date_precision"]),
        basis=Basis(row["date_basis"]),
        zone=row["date_zone"],
        zone_stated=bool(row["date_zone_stated"]),
        place=row["place"],
        raw=row["date_raw"],
    )


def entry_of(row: Row | Mapping[str, Any]) -> Entry:
    """Read an article back as readers see it."""
    return Entry(
        article=article_of(row),
        feed_id=row["feed_id"],
        first_seen=at(row["first_seen"]),
        changed_at=at(row["changed_at"]),
        edits=row["edits"],
        absence=_absence_in(row),
    )


def entry_text(entry: Entry) -> str:
    """Write an article as readers see it now, as a JSON object of its columns."""
    columns = {
        **article_columns(entry.article),
        "feed_id": entry.feed_id,
        "first_seen": moment(entry.first_seen),
        "changed_at": moment(entry.changed_at),
        "edits": entry.edits,
        **_absence_columns(entry.absence),
    }
    return encoded(columns)


def entry_from(text: str) -> Entry:
    """Read an article back from the JSON object of its columns."""
    return entry_of({**_THERE, **json.loads(text)})


def known_of(row: Row) -> Known:
    """Read from an article's row what a comparison may know of it."""
    article = article_of(row)
    return Known(
        url=article.url,
        fingerprint=row["fingerprint"],
        title=article.title,
        title_basis=article.title_basis,
        text=article.text,
        text_basis=article.text_basis,
        dateline=article.dateline,
        first_seen=at(row["first_seen"]),
        changed_at=at(row["changed_at"]),
    )


def change_of(row: Row) -> Change:
    """Read a change, joined with its article and with the version it made.

    The article is as it was then as far as it was kept: later edits put its words and its
    dateline away. Its source is the one to which it was new.
    """
    article = article_of(row)
    kind, sources = ChangeKind(row["kind"]), strings(row["sources"])
    if kind is ChangeKind.NEW and sources:
        article = replace(article, source=sources[0])
    if row["then_title"] is not None:
        article = replace(
            article,
            title=row["then_title"],
            text=row["then_text"],
            dateline=dateline_of(row["then_dateline"]),
        )
    return Change(
        kind=kind,
        article=article,
        fingerprint=row["change_fingerprint"],
        known=known_from(row["known"]),
        fields=strings(row["fields"]),
        seen_at=at(row["seen_at"]),
        sources=sources,
        again=bool(row["again"]),
        absence=absence_of(row["absence"]),
        shown_by=strings(row["shown_by"]),
    )


def dateline_text(dateline: Dateline) -> str:
    """Write a dateline as a JSON object."""
    return encoded(_dateline_object(dateline))


def dateline_of(text: str) -> Dateline:
    """Read a dateline from its JSON object."""
    return _dateline_from(json.loads(text))


def known_text(known: Known | None) -> str | None:
    """Write what stood before a change as a JSON object."""
    if known is None:
        return None
    fields = {
        **asdict(known),
        "dateline": _dateline_object(known.dateline),
        "first_seen": moment(known.first_seen),
        "changed_at": moment(known.changed_at),
    }
    return encoded(fields)


def known_from(text: str | None) -> Known | None:
    """Read what stood before a change."""
    if text is None:
        return None
    fields: dict[str, Any] = json.loads(text)
    return Known(
        url=fields["url"],
        fingerprint=fields["fingerprint"],
        title=fields["title"],
        title_basis=TitleBasis(fields["title_basis"]),
        text=fields["text"],
        text_basis=TextBasis(fields["text_basis"]),
        dateline=_dateline_from(fields["dateline"]),
        first_seen=at(fields["first_seen"]),
        changed_at=at(fields["changed_at"]),
    )


def absence_text(absence: Absence | None) -> str | None:
    """Write what was observed of a missing item as a JSON object."""
    if absence is None:
        return None
    return encoded({name: moment(when) for name, when in asdict(absence).items()})


def absence_of(text: str | None) -> Absence | None:
    """Read what was observed of a missing item."""
    if text is None:
        return None
    return Absence(**{name: at(when) for name, when in json.loads(text).items()})


def _absence_columns(absence: Absence | None) -> dict[str, object]:
    if absence is None:
        return _THERE
    return {
        "last_seen": moment(absence.last_seen),
        "first_missing": moment(absence.first_missing),
    }


def _absence_in(row: Row | Mapping[str, Any]) -> Absence | None:
    if row["first_missing"] is None:
        return None
    return Absence(last_seen=at(row["last_seen"]), first_missing=at(row["first_missing"]))


def edit_text(edit: Edit | None) -> str | None:
    """Write the words before and after an edit as a JSON object."""
    return None if edit is None else encoded(asdict(edit))


def version_of(row: Row) -> Version:
    """Read a version that later ones replaced."""
    return Version(
        number=row["number"],
        title=row["title"],
        text=row["text"],
        fields=strings(row["fields"]),
        seen_at=at(row["seen_at"]),
        dateline=dateline_of(row["dateline"]),
        kind=ChangeKind(row["made_by"]),
    )


def _dateline_object(dateline: Dateline) -> Mapping[str, object]:
    return {**asdict(dateline), "when": moment_or_none(dateline.when)}


def _dateline_from(fields: dict[str, Any]) -> Dateline:
    return Dateline(
        when=when_of(fields["when"]),
        precision=Precision(fields["precision"]),
        basis=Basis(fields["basis"]),
        zone=fields["zone"],
        zone_stated=fields["zone_stated"],
        place=fields["place"],
        raw=fields["raw"],
    )
