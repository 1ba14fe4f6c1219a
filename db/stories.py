"""Same text, same story: whether two articles tell one event, and which story one joins. Pure.

Precision goes before recall: a wrong join hides news, a missed one only repeats it. So whatever
speaks against a join (`db.conflicts`) outweighs all that speaks for it, an article must agree
with most of a story and not only with its last member, and two stories are never made one.
Every decision is a value that says what it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from db.conflicts import OTHER_NAMES, common_days, conflict, exactness, shared, telling
from db.sketches import compare
from db.thesaurus import NAMED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from db.traits import Traits
    from db.weights import Weights

T = TypeVar("T")

WINDOW: Final = 3.0
"""Days between two articles of one story, if nothing else is said."""

COPY: Final = 0.5
"""Share of the shorter text's shingles from which on it is a copy of the longer one."""

_COPY_OF_OWN: Final = 0.8  # the same for two articles of one source
_ENOUGH: Final = 0.44  # score that makes a story, of two agencies, within hours
_ENOUGH_IN_OTHER: Final = 0.45  # the same across languages
_LATER: Final = 0.03  # asked for in addition when the day is half over
_HOURS: Final = 0.25  # days for which that is not asked
_NEXT_DAY: Final = 0.15  # asked for in addition from one day on: what came of it is told then
_SAME_DAY: Final = 0.5  # days for which nothing is asked in addition
_EACH_DAY: Final = 0.06  # asked for in addition, for each day but the first
_UNDATED: Final = 0.11
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
_A_DAY: Final = 5.0  # what a day that both tell of says, as a rare word does
_PLAIN: Final = 0.6  # score across languages that needs no name or number
_SLUG_SCORE: Final = 0.95
_SHOWN: Final = 8
_DAY: Final = timedelta(days=1)
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
        later = min(1.0, max(0.0, apart - _HOURS) / (_SAME_DAY - _HOURS))
        next_day = min(1.0, max(0.0, apart - _SAME_DAY) / (1 - _SAME_DAY))
        late = _LATER * later + _NEXT_DAY * next_day + _EACH_DAY * max(0.0, apart - 1)
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
    days = common_days(one, other)
    facts = any(not key.startswith("=") for key in common) or len(common & NAMED) > 1
    said = weights.sum(common) + _A_DAY * len(days) if facts or days or both >= _PLAIN else 0.0
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
