"""Who was first of a story's members, and in which order they are told. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from db.model import Precision
from db.telling import Story

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from db.telling import Member

T = TypeVar("T")

_DAY: Final = timedelta(days=1)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling(Generic[T]):
    """When a member of a story was published and first seen, and how long nobody had looked.

    `every` is the time from the visit before to that sight, None if there was no visit before.
    """

    member: T
    published: datetime | None
    whole_day: bool
    seen: datetime
    every: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firsts(Generic[T]):
    """Who was first. More than one where the clocks or the polling cannot tell them apart.

    `published` are the members that may have been published first, () if no date is known.
    `seen` are those that may have been out first: each was out at some moment of the
    interval before we saw it, and `uncertainty` is the longest of their intervals, None if one of
    them has no beginning that is known.
    """

    published: tuple[T, ...]
    seen: tuple[T, ...]
    uncertainty: timedelta | None


def firsts(tellings: Collection[Telling[T]]) -> Firsts[T]:
    """Return who published first and who was seen first, as far as that can be known.

    A date without a time of day covers its whole day. What we saw at a visit may have been out
    since the visit before, one polling interval earlier: a member seen later may still have
    been the first, if its interval reaches back to before the first sight of any. Where there
    was no visit before, it reaches back without end.
    """
    published = [
        (t.published, t.published + (_DAY if t.whole_day else timedelta()), t.member)
        for t in tellings
        if t.published
    ]
    seen = [
        (_LONG_AGO if t.every is None else t.seen - t.every, t.seen, t.member) for t in tellings
    ]
    leading = _leading(seen)
    intervals = [t.every for t in tellings if t.member in leading]
    known = [every for every in intervals if every is not None]
    return Firsts(
        published=_leading(published),
        seen=leading,
        uncertainty=max(known, default=timedelta()) if len(known) == len(intervals) else None,
    )


def assemble(story: int, members: Collection[Member], size: int) -> Story:
    """Return a story with its members in the order they were published, and who was first."""
    tellings = [
        Telling(
            member=member.id,
            published=member.dateline.when,
            whole_day=member.dateline.precision is Precision.DAY,
            seen=member.first_seen,
            every=member.every or None,
        )
        for member in members
    ]
    first = firsts(tellings)
    seen = {member.id: member.first_seen for member in members}
    return Story(
        id=story,
        size=size,
        members=tuple(sorted(members, key=_published)),
        published_first=first.published,
        seen_first=tuple(sorted(first.seen, key=seen.__getitem__)),
        uncertainty=first.uncertainty,
    )


def shortened(story: Story, item: int, limit: int) -> Story:
    """Return a story with so many of its members: an item, what it is closest to, the first.

    Who may have been first stays told whole, so that how many they are and whether anything is
    known of it is as true as before.
    """
    if len(story.members) <= limit:
        return story
    nearest = {member.id: member.nearest for member in story.members}
    first = (*story.published_first[:1], *story.seen_first, *story.published_first)
    wanted = (item, nearest.get(item), *first, *nearest)
    kept = set(list(dict.fromkeys(one for one in wanted if one in nearest))[:limit])
    return replace(story, members=tuple(one for one in story.members if one.id in kept))


def _published(member: Member) -> tuple[bool, datetime, datetime, int]:
    when = member.dateline.when
    return when is None, when or member.first_seen, member.first_seen, member.id


def _leading(spans: Iterable[tuple[datetime, datetime, T]]) -> tuple[T, ...]:
    """Return those that may have begun first: who can be earlier than every latest moment."""
    known = list(spans)
    end = min((latest for _, latest, _ in known), default=None)
    return tuple(
        member for earliest, latest, member in known if end and (earliest < end or latest == end)
    )
