"""What is said of a story, to people and to machines alike. Pure."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from db.model import Precision
from db.words import clean_line
from feeds.body import display_title, web_address
from feeds.wording import in_own_zone, shorten, utc_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from db.model import Dateline
    from db.telling import Member, Story

KINDS: Final = {
    "same_text": "the same text as",
    "same_story": "the same story as",
    "translation": "the same in another edition as",
}
_SHOWN: Final = 200
_MINUTE: Final = timedelta(minutes=1)
_MINUTES_SHOWN: Final = 90
_HOURS_SHOWN: Final = 48


def length(time: timedelta) -> str:
    """Say how long a time is, to the minute, or where it is long to the hour or day.

    >>> length(timedelta(seconds=40)), length(timedelta(minutes=15)), length(timedelta(hours=6))
    ('less than a minute', '15 minutes', '6 hours')
    >>> length(timedelta(minutes=1)), length(timedelta(days=3))
    ('1 minute', '3 days')
    """
    minutes = round(time / _MINUTE)
    if time < _MINUTE:
        return "less than a minute"
    if minutes <= _MINUTES_SHOWN:
        return f"{minutes} minute{'s' * (minutes > 1)}"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours <= _HOURS_SHOWN else f"{round(hours / 24)} days"


def firsts(story: Story) -> Iterator[str]:
    """Say who published first and who was seen first, as far as that can be known."""
    if story.published_first:
        yield f"Published first: {_sources(story, story.published_first)}"
    seen = _sources(story, story.seen_first)
    if story.uncertainty is None and len(story.seen_first) > 1:
        yield f"Seen first: {seen}; no visit went before, which leaves that open"
    elif not story.uncertainty:
        yield f"Seen first: {seen}"
    elif len(story.seen_first) > 1:
        yield f"Seen first: {seen}; visits up to {length(story.uncertainty)} apart leave that open"
    else:
        yield f"Seen first: {seen}; the visit before was {length(story.uncertainty)} earlier"


def member_lines(story: Story, member: Member, this: int | None = None) -> Iterator[str]:
    """Give the lines that tell of a member: who and when, its title, its link, why it joined.

    Title and link of the item called `this` stand elsewhere.
    """
    edits = f", edited {member.edits}×" if member.edits else ""
    here = " (this item)" if member.id == this else ""
    seen = utc_words(member.first_seen)
    yield (
        f"{clean_line(member.source)}, {_published(member.dateline)}, first seen {seen}"
        f"{edits}{here}"
    )
    if member.id != this:
        yield _short(display_title(member.title))
        yield from filter(None, (web_address(member.url),))
    if member.kind:
        near = next((one for one in story.members if one.id == member.nearest), None)
        to = f"{clean_line(near.source)}'s" if near else "an earlier one"
        yield f"{KINDS[member.kind]} {to}: {_short(member.why)}"


def story_object(story: Story) -> dict[str, Any]:
    """Return a story as JSON values; see docs/alerts.md."""
    tags = {member.id: member.feed_id for member in story.members}
    return {
        "id": story.id,
        "size": story.size,
        "published_first": _tags(story.published_first, tags),
        "published_first_size": len(story.published_first),
        "seen_first": _tags(story.seen_first, tags),
        "seen_first_size": len(story.seen_first),
        "uncertainty_seconds": _seconds(story.uncertainty),
        "members": [
            {
                "id": member.feed_id,
                "item": member.id,
                "url": web_address(member.url),
                "source": clean_line(member.source),
                "title": _short(display_title(member.title)),
                "published": _stamp(member.dateline.when) if member.dateline.when else None,
                "precision": member.dateline.precision.value,
                "first_seen": _stamp(member.first_seen),
                "unobserved_seconds": _seconds(member.every or None),
                "edits": member.edits,
                "joined_at": _stamp(member.joined_at),
                "nearest": tags.get(member.nearest or 0),
                "kind": member.kind,
                "score": None if member.score is None else round(member.score, 2),
                "why": _short(member.why),
            }
            for member in story.members
        ],
    }


def _sources(story: Story, ids: Iterable[int]) -> str:
    """Name those who may have been first; of members that a message leaves out, how many."""
    named = {member.id: clean_line(member.source) for member in story.members}
    ids = tuple(ids)
    shown = dict.fromkeys(named[number] for number in ids if number in named)
    left_out = sum(number not in named for number in ids)
    return " or ".join((*shown, *([f"{left_out} more"] if left_out else [])))


def _tags(ids: Iterable[int], tags: dict[int, str]) -> list[str]:
    """Return the ids of those that are among the members."""
    return [tags[number] for number in ids if number in tags]


def _published(dateline: Dateline) -> str:
    when = in_own_zone(dateline)
    if when is None:
        return "date not stated"
    if dateline.precision is Precision.DAY:
        return f"{when:%Y-%m-%d}"
    zone = clean_line(dateline.zone or "") if when.tzinfo is not UTC else "UTC"
    return f"{when:%Y-%m-%d %H:%M} {zone}"


def _short(text: str) -> str:
    return shorten(clean_line(text), _SHOWN)


def _seconds(time: timedelta | None) -> int | None:
    return None if time is None else round(time.total_seconds())


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
