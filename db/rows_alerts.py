"""Between alerts and the columns they are kept in. Pure: no SQL, no connection."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from db.model import ChangeKind, Edit
from db.rows import absence_of, array, at, entry_from, strings, when_of
from db.rows_stories import story_from
from db.telling import Alert, Attempt, AttemptOutcome, Passage, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Row


def passages_text(passages: Iterable[Passage]) -> str:
    """Write the passages of an alert as JSON objects."""
    return array(asdict(passage) for passage in passages)


def alert_of(row: Row) -> Alert:
    """Read an alert, joined with what is kept of its change: entry, words and absence of then."""
    return Alert(
        key=row["key"],
        watch=row["watch"],
        channel=row["channel"],
        query=row["query"],
        kind=ChangeKind(row["kind"]),
        entry=entry_from(row["entry"]),
        fields=strings(row["fields"]),
        passages=tuple(Passage(**fields) for fields in json.loads(row["passages"])),
        created_at=at(row["created_at"]),
        edit=_edit_of(row["edit"]),
        absence=absence_of(row["absence"]),
        grounds=strings(row["grounds"]),
        story=story_from(row["story"]),
        thread=row["replies_to"],
        due_at=at(row["due_at"]),
        gathered=bool(row["gathered"]),
    )


def waiting_of(row: Row) -> Waiting:
    """Read what an alert waits for."""
    return Waiting(
        watch=row["watch"],
        channel=row["channel"],
        made=at(row["created_at"]),
        until=at(row["due_at"]),
        held=(strings(row["grounds"]) or ("",))[-1],
    )


def _edit_of(text: str | None) -> Edit | None:
    return None if text is None else Edit(**json.loads(text))


def attempt_of(row: Row) -> Attempt:
    """Read one try to deliver a letter."""
    return Attempt(
        at=at(row["at"]),
        outcome=AttemptOutcome(row["outcome"]),
        answer=row["answer"],
        next_at=when_of(row["next_at"]),
    )
