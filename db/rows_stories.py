"""Between stories and the columns they are kept in. Pure: no SQL, no connection."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from db.rows import at, dateline_of, dateline_text, encoded, moment, own_dateline
from db.telling import Member, Story

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Row


def member_of(row: Row) -> Member:
    """Read a member of a story, joined with its article."""
    return Member(
        id=row["article_id"],
        feed_id=row["feed_id"],
        url=row["url"],
        source=row["source"],
        title=row["title"],
        dateline=own_dateline(row),
        first_seen=at(row["first_seen"]),
        every=timedelta(seconds=row["every"]),
        edits=row["edits"],
        joined_at=at(row["joined_at"]),
        nearest=row["nearest"],
        kind=row["kind"],
        score=row["score"],
        why=row["why"],
    )


def story_text(story: Story | None) -> str | None:
    """Write a story as a JSON object."""
    if story is None:
        return None
    return encoded(
        {
            "id": story.id,
            "size": story.size,
            "members": [_member_object(member) for member in story.members],
            "published_first": story.published_first,
            "seen_first": story.seen_first,
            "uncertainty": story.uncertainty and story.uncertainty.total_seconds(),
        }
    )


def story_from(text: str | None) -> Story | None:
    """Read a story from its JSON object."""
    if text is None:
        return None
    fields: dict[str, Any] = json.loads(text)
    return Story(
        id=fields["id"],
        size=fields["size"],
        members=tuple(map(_member_from, fields["members"])),
        published_first=tuple(fields["published_first"]),
        seen_first=tuple(fields["seen_first"]),
        uncertainty=_time_of(fields["uncertainty"]),
    )


def _time_of(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _member_object(member: Member) -> Mapping[str, object]:
    return {
        **asdict(member),
        "dateline": dateline_text(member.dateline),
        "first_seen": moment(member.first_seen),
        "every": member.every.total_seconds(),
        "joined_at": moment(member.joined_at),
    }


def _member_from(fields: dict[str, Any]) -> Member:
    read = {
        "dateline": dateline_of(fields["dateline"]),
        "first_seen": at(fields["first_seen"]),
        "every": timedelta(seconds=fields["every"]),
        "joined_at": at(fields["joined_at"]),
    }
    return Member(**{**fields, **read})
