"""Between the frozen values and the columns they are kept in. Pure: no SQL, no connection."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from db.model import (
    Absence,
    Alert,
    Article,
    Attempt,
    AttemptOutcome,
    Basis,
    Change,
    ChangeKind,
    Dateline,
    Edit,
    Entry,
    Gap,
    Known,
    ListSeen,
    Notice,
    NoticeKind,
    Passage,
    Precision,
    Report,
    Standing,
    State,
    TextBasis,
    TitleBasis,
    Validator,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from sqlite3 import Row


_encode = json.JSONEncoder(ensure_ascii=False).encode


def moment(when: datetime) -> str:
    """Write an aware moment in the one form that is stored.

    >>> moment(datetime(2025, 12, 20, 9, tzinfo=UTC))
    '2025-12-20T09:00:00.000000+00:00'
    """
    if when.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be stored: {when}")
    return when.astimezone(UTC).isoformat(timespec="microseconds")


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
    return _encode(list(values)) if values else "[]"


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


def article_of(row: Row) -> Article:
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
        dateline=Dateline(
            when=when_of(row["dated"]),
            precision=Precision(row["date_precision"]),
            basis=Basis(row["date_basis"]),
            zone=row["date_zone"],
            zone_stated=bool(row["date_zone_stated"]),
            place=row["place"],
            raw=row["date_raw"],
        ),
    )


def entry_of(row: Row) -> Entry:
    """Read an article back as readers see it."""
    return Entry(
        article=article_of(row),
        feed_id=row["feed_id"],
        first_seen=at(row["first_seen"]),
        changed_at=at(row["changed_at"]),
        edits=row["edits"],
        absence=_absence_in(row),
    )


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
    dateline away.
    """
    article = article_of(row)
    if row["then_title"] is not None:
        article = replace(
            article,
            title=row["then_title"],
            text=row["then_text"],
            dateline=dateline_of(row["then_dateline"]),
        )
    return Change(
        kind=ChangeKind(row["kind"]),
        article=article,
        fingerprint=row["change_fingerprint"],
        known=known_from(row["known"]),
        fields=strings(row["fields"]),
        seen_at=at(row["seen_at"]),
        absence=absence_of(row["absence"]),
    )


def dateline_text(dateline: Dateline) -> str:
    """Write a dateline as a JSON object."""
    return _encode(_dateline_object(dateline))


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
    return _encode(fields)


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
    return _encode({name: moment(when) for name, when in asdict(absence).items()})


def absence_of(text: str | None) -> Absence | None:
    """Read what was observed of a missing item."""
    if text is None:
        return None
    return Absence(**{name: at(when) for name, when in json.loads(text).items()})


def _absence_in(row: Row) -> Absence | None:
    if row["first_missing"] is None:
        return None
    return Absence(last_seen=at(row["last_seen"]), first_missing=at(row["first_missing"]))


def passages_text(passages: Iterable[Passage]) -> str:
    """Write the passages of an alert as JSON objects."""
    return array(asdict(passage) for passage in passages)


def alert_of(row: Row) -> Alert:
    """Read an alert, joined with its article, whose columns it shares a row with.

    So it does with what it needs of its change: `known`, `absence` and the words of then.
    """
    return Alert(
        key=row["key"],
        watch=row["watch"],
        channel=row["channel"],
        query=row["query"],
        kind=ChangeKind(row["kind"]),
        entry=entry_of(row),
        fields=strings(row["fields"]),
        passages=tuple(Passage(**fields) for fields in json.loads(row["passages"])),
        created_at=at(row["created_at"]),
        edit=_edit_in(row),
        absence=absence_of(row["absence"]),
    )


def _edit_in(row: Row) -> Edit | None:
    """Read the words that an edit replaced, and its own, unless later edits have put them away."""
    known = known_from(row["known"])
    if known is None or row["kind"] not in (ChangeKind.EDITED, ChangeKind.CORRECTED):
        return None
    later = row["then_title"] is not None
    return Edit(
        old_title=known.title,
        title=row["then_title" if later else "title"],
        old_text=known.text,
        text=row["then_text" if later else "text"],
    )


def attempt_of(row: Row) -> Attempt:
    """Read one try to deliver an alert."""
    return Attempt(
        at=at(row["at"]),
        outcome=AttemptOutcome(row["outcome"]),
        answer=row["answer"],
        next_at=when_of(row["next_at"]),
    )


def version_of(row: Row) -> Version:
    """Read a version that later ones replaced, with the kind of the change that made it."""
    return Version(
        number=row["number"],
        title=row["title"],
        text=row["text"],
        fields=strings(row["fields"]),
        seen_at=at(row["seen_at"]),
        dateline=dateline_of(row["dateline"]),
        kind=ChangeKind(row["kind"]),
    )


def report_of(row: Row) -> Report:
    """Read what a visit to a source came to."""
    return Report(
        source=row["source"],
        started=at(row["started"]),
        finished=at(row["finished"]),
        state=State(row["state"]),
        reason=row["reason"],
        requests=row["requests"],
        bytes=row["bytes"],
        unchanged=row["unchanged"],
        listed=row["listed"],
        read=row["read"],
        new=row["new"],
        edited=row["edited"],
        failed=row["failed"],
        coverage=tuple((name, count) for name, count in json.loads(row["coverage"])),
        list_read=bool(row["list_read"]),
        gap=_gap_of(row["gap"]),
        items=row["items"],
        lists=tuple(
            ListSeen(url=url, cards=cards, new=new, shared_guids=shared, found=found)
            for url, cards, new, shared, found in json.loads(row["lists"])
        ),
    )


def report_columns(report: Report) -> dict[str, object]:
    """Return the columns of a report."""
    return {
        **asdict(report),
        "started": moment(report.started),
        "finished": moment(report.finished),
        "coverage": array(report.coverage),
        "list_read": int(report.list_read),
        "gap": _gap_text(report.gap),
        "lists": array(
            (seen.url, seen.cards, seen.new, seen.shared_guids, seen.found) for seen in report.lists
        ),
    }


def _gap_text(gap: Gap | None) -> str | None:
    if gap is None:
        return None
    return _encode(
        {
            "after": moment_or_none(gap.after),
            "before": moment_or_none(gap.before),
            "pages": gap.pages,
        }
    )


def _gap_of(text: str | None) -> Gap | None:
    if text is None:
        return None
    fields = json.loads(text)
    return Gap(
        after=when_of(fields["after"]), before=when_of(fields["before"]), pages=fields["pages"]
    )


def standing_of(row: Row) -> Standing:
    """Read what has been told of a source's health."""
    return Standing(
        strikes=row["strikes"],
        since=when_of(row["since"]),
        told=State(row["told"]) if row["told"] else None,
        told_at=when_of(row["told_at"]),
        recovered_at=when_of(row["recovered_at"]),
        gap_at=when_of(row["gap_at"]),
    )


def standing_columns(standing: Standing) -> dict[str, object]:
    """Return the columns of what has been told of a source's health."""
    return {
        "strikes": standing.strikes,
        "since": moment_or_none(standing.since),
        "told": standing.told,
        "told_at": moment_or_none(standing.told_at),
        "recovered_at": moment_or_none(standing.recovered_at),
        "gap_at": moment_or_none(standing.gap_at),
    }


def notice_of(row: Row) -> Notice:
    """Read a notice."""
    return Notice(
        key=row["key"],
        source=row["source"],
        kind=NoticeKind(row["kind"]),
        state=State(row["state"]),
        reason=row["reason"],
        since=at(row["since"]),
        created_at=at(row["created_at"]),
    )


def validator_of(row: Row) -> Validator:
    """Read a server's validators."""
    return Validator(
        url=row["url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        stored_at=at(row["stored_at"]),
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
