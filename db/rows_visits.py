"""Between what visits came to and the columns it is kept in. Pure: no SQL, no connection."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from db.rows import array, at, encoded, moment, moment_or_none, when_of
from db.telling import Notice, NoticeKind, Standing
from db.visiting import Gap, ListSeen, Report, State, Validator

if TYPE_CHECKING:
    from sqlite3 import Row


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
    return encoded(
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
        state=State(row["state"]) if row["state"] else None,
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
