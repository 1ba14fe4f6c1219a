"""Same text, same story: whether two articles tell one event, and which story one joins. Pure.

Precision goes before recall: a wrong join hides news, a missed one only repeats it. So whatever
speaks against a join (`db.conflicts`) outweighs all that speaks for it, an article must agree
with most of a story and not only with its last member, and two stories are never made one.
Every decision is a value that says what it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from db.conflicts import OTHER_NAMES, conflict, exactness, shared, telling
from db.model import Precision
from db.sketches import compare
from db.telling import Story
from db.thesaurus import NAMED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from db.telling import Member
    from db.traits import Traits
    from db.weights import Weights

T = TypeVar("T")

WINDOW: Final = 3.0
"""Days between two articles of one story, if nothing else is said."""

COPY: Final = 0.5
"""Share of the shorter text's shingles from which on it is a copy of the longer one."""

_COPY_OF_OWN: Final = 0.8  # the same for two articles of one source
_ENOUGH: Final = 0.47  # score that makes a story, of two agencies, on one day
_ENOUGH_IN_OTHER: Final = 0.48  # the same across languages
_NEXT_DAY: Final = 0.15  # asked for in addition from one day on: what came of it is told then
_SAME_DAY: Final = 0.5  # days for which nothing is asked in addition
_EACH_DAY: Final = 0.06  # asked for in addition, for each day but the first
_UNDATED: Final = 0.08
_OWN: Final = 0.25  # two articles of one source are most likely two stories
_DIGIT: Final = 0.02  # for each digit of the telling numbers in common
_MOST_DIGITS: Final = 8
_ALL_NUMBERS: Final = 0.06  # for each of them, if the other tells every one that an article has
_MOST_NUMBERS: Final = 3
_TITLE: Final = 0.4
_MUCH: Final = 35.0  # weights of all that is shared, from which on brevity makes no doubt
_MUCH_IN_OTHER: Final = 20.0  # the same across languages
_LITTLE: Final = 15.0  # below this nothing is decided
_LITTLE_IN_OTHER: Final = 10.0  # the same across languages
_EACH_LESS: Final = 0.01  # asked for in addition, for each point below much
_PLAIN: Final = 0.6  # score across languages that needs no name or number
_SLUG_SCORE: Final = 0.95
_SHOWN: Final = 8
_DAY: Final = timedelta(days=1)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_MOST_COMPARED: Final = 8
_AGREEING: Final = 0.5


class Kind(StrEnum):
    """How two articles belong together."""

    SAME_TEXT = "same_text"
    SAME_STORY = "same_story"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether two articles tell one story, and what that rests on.

    `kind` is None if they do not; `conflict` then says what spoke against it, "" if just too
    little spoke for it. `score` is from 0 to 1. `resemblance` is the share of the shorter text's
    shingles that the longer one has. `words` are stems, and across languages keys of meanings;
    `names` are keys of names.
    """

    kind: Kind | None
    score: float
    conflict: str = ""
    resemblance: float = 0.0
    slug: str = ""
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    days: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Generic[T]):
    """An article joins a story: which one, the member it is closest to, and why."""

    story: T
    member: int
    verdict: Verdict


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


def judge(one: Traits, other: Traits, weights: Weights, window: float = WINDOW) -> Verdict:
    """Decide whether two articles tell one story; the order of the two makes no difference."""
    apart = _days_apart(one, other)
    if apart is not None and apart > window:
        return Verdict(kind=None, score=0.0, conflict=f"more than {window:g} days apart")
    alike, near = compare(one.sketch, other.sketch)
    against = conflict(one, other, alike)
    own = one.source == other.source and one.language == other.language
    if one.slug and one.slug == other.slug and not own and against in {"", OTHER_NAMES}:
        return _verdict(one, other, weights, Kind.TRANSLATION, _SLUG_SCORE, near, one.slug)
    if near >= (_COPY_OF_OWN if own else COPY) and not against:
        return _verdict(one, other, weights, Kind.SAME_TEXT, near, near)
    if one.language == other.language:
        kind, enough, much, little = Kind.SAME_STORY, _ENOUGH, _MUCH, _LITTLE
        score, said = _score(one, other, weights)
    else:
        kind, enough, much = Kind.TRANSLATION, _ENOUGH_IN_OTHER, _MUCH_IN_OTHER
        little = _LITTLE_IN_OTHER
        score, said = _across(one, other, weights)
    if apart is None or apart <= _SAME_DAY:
        score = min(1.0, score + _all_numbers(one, other))
    late = own if apart is None else (own or said < much) and apart >= 1
    enough += _doubt(apart, much - said, own=own)
    if against or late or said < little or score < enough:
        return Verdict(kind=None, score=score, conflict=against, resemblance=near)
    return _verdict(one, other, weights, kind, score, near)


def join(
    article: Traits,
    stories: Mapping[T, Sequence[Traits]],
    weights: Weights,
    window: float = WINDOW,
) -> Join[T] | None:
    """Return which of several stories an article joins, None if it begins one.

    It must agree with half of a story's members in its language (or with half of all, if none
    is), contradict none, and lie within the window of the first; the best agreement wins.
    """
    found: list[tuple[float, Join[T]]] = []
    for story, members in stories.items():
        verdicts = [judge(article, member, weights, window) for member in members[:_MOST_COMPARED]]
        if any(verdict.conflict for verdict in verdicts):
            continue
        akin = [
            verdict
            for verdict, member in zip(verdicts, members, strict=False)
            if member.language == article.language or verdict.slug
        ] or verdicts
        agreeing = [verdict for verdict in akin if verdict.kind]
        if not agreeing or len(agreeing) < _AGREEING * len(akin):
            continue
        best = max(agreeing, key=lambda verdict: verdict.score)
        mean = sum(verdict.score for verdict in akin) / len(akin)
        found.append((mean, Join(story=story, member=verdicts.index(best), verdict=best)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


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


def _days_apart(one: Traits, other: Traits) -> float | None:
    if one.when is None or other.when is None:
        return None
    apart = abs(one.when - other.when) / _DAY
    return max(0.0, apart - 1) if one.whole_day or other.whole_day else apart


def _doubt(apart: float | None, missing: float, *, own: bool) -> float:
    """Return what a score needs more: time, brevity and a common source make doubt."""
    if apart is None:
        late = _UNDATED
    else:
        next_day = min(1.0, max(0.0, apart - _SAME_DAY) / (1 - _SAME_DAY))
        late = _NEXT_DAY * next_day + _EACH_DAY * max(0.0, apart - 1)
    return late + _EACH_LESS * max(0.0, missing) + (_OWN if own else 0)


def _score(one: Traits, other: Traits, weights: Weights) -> tuple[float, float]:
    """Weigh how much of each article's title and beginning the other one tells, and all of it."""
    mine, theirs = frozenset(one.body), frozenset(other.body)
    titles = sqrt(_covered(one.title, theirs, weights) * _covered(other.title, mine, weights))
    leads = sqrt(_covered(one.lead, theirs, weights) * _covered(other.lead, mine, weights))
    said = weights.sum(frozenset(one.lead).intersection(other.lead))
    said += weights.sum(f"#{value}" for value in shared(one.values, other.values))
    score = _TITLE * titles + (1 - _TITLE) * leads + _for_numbers(one, other)
    return min(1.0, score), said


def _across(one: Traits, other: Traits, weights: Weights) -> tuple[float, float]:
    """Weigh what is the same in every language; little of it must not be without a name."""
    mine, theirs = frozenset(one.all_keys), frozenset(other.all_keys)
    both = sqrt(_covered(one.keys, theirs, weights) * _covered(other.keys, mine, weights))
    common = mine & theirs
    facts = any(not key.startswith("=") for key in common) or len(common & NAMED) > 1
    said = weights.sum(common) if facts or both >= _PLAIN else 0.0
    return min(1.0, both + _for_numbers(one, other)), said


def _for_numbers(one: Traits, other: Traits) -> float:
    digits = sum(map(exactness, shared(one.values, other.values)))
    return _DIGIT * min(_MOST_DIGITS, digits)


def _all_numbers(one: Traits, other: Traits) -> float:
    """Weigh that one article has no telling number in its beginning but what the other tells."""
    mine, theirs = telling(one.figures), telling(other.figures)
    agreeing = max(
        len(some) if some and len(shared(some, among)) == len(some) else 0
        for some, among in ((mine, other.values), (theirs, one.values))
    )
    return _ALL_NUMBERS * min(_MOST_NUMBERS, agreeing)


def _covered(words: Sequence[str], among: Collection[str], weights: Weights) -> float:
    said = weights.sum(words)
    return weights.sum(filter(among.__contains__, words)) / said if said else 0.0


def _verdict(  # noqa: PLR0913, PLR0917 - what one value holds
    one: Traits,
    other: Traits,
    weights: Weights,
    kind: Kind,
    score: float,
    near: float,
    slug: str = "",
) -> Verdict:
    """Return a join with what speaks for it, the rarest first."""

    def rarest(words: Iterable[str]) -> tuple[str, ...]:
        ordered = sorted(words, key=lambda word: (-weights[word], word))
        return tuple(ordered[:_SHOWN])

    keys = {*one.all_keys}.intersection(other.all_keys)
    return Verdict(
        kind=kind,
        score=score,
        resemblance=near,
        slug=slug,
        words=rarest({*one.lead}.intersection(other.lead)),
        names=rarest(key for key in keys if key.startswith("~")),
        numbers=shared(one.values, other.values)[:_SHOWN],
        days=tuple(sorted(one.all_days & other.all_days))[:_SHOWN],
    )
