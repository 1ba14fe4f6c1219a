"""What speaks against two articles telling one story, however alike their words are. Pure.

Weather, exchange rates, daily counts: the agencies' templates stay the same from day to day, and
only a number, a date or a name tells one day's news from another's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from db.story_keys import alike, is_year
from db.thesaurus import MEANINGS, stem
from db.words import Reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from db.story_keys import Number
    from db.traits import Traits

TEMPLATE: Final = 0.2
"""Share of common shingles from which on two texts are made from one pattern, or copied."""

OTHER_NAMES: Final = "different names in the titles"
"""What `conflict` says of names. A common slug outweighs it: editions name things differently."""

_AGREEING: Final = 0.7
_OPPOSITE: Final = tuple(
    (stem(next(iter(Reading(one).stems()))), stem(next(iter(Reading(other).stems()))))
    for one, other in (("arrive", "depart"), ("begin", "end"), ("open", "close"))
)
_PATTERN: Final = 4  # words of a title from which on it can be a pattern
_TELLING_DIGITS: Final = 2
_ENOUGH_NAMES: Final = 3


def conflict(one: Traits, other: Traits, resemblance: float) -> str:
    """Say what speaks against one story, "" if nothing does.

    `resemblance` is the share of shingles both texts have: the more they are alike, the more a
    difference says.
    """
    return (
        _days(one, other)
        or _numbers(one, other, resemblance)
        or _names(one, other, resemblance)
        or _words(one, other, resemblance)
        or _opposites(one, other)
        or (_months(one, other) if resemblance >= TEMPLATE else "")
    )


def shared(values: Iterable[str], among: Collection[str]) -> tuple[str, ...]:
    """Return the telling values, those of two digits and more, that are among others."""
    return tuple(v for v in values if is_telling(v) and any(alike(v, other) for other in among))


def is_telling(value: str) -> bool:
    """Tell whether a number is rare enough to be evidence: no small count, no round hundred.

    >>> [value for value in ("7", "100", "64", "7.1", "1200") if is_telling(value)]
    ['64', '7.1', '1200']
    """
    return exactness(value) >= _TELLING_DIGITS


def telling(figures: Iterable[Number]) -> tuple[str, ...]:
    """Return the values of the telling numbers that are no years, each once."""
    return tuple({n.value: None for n in figures if is_telling(n.value) and not is_year(n)})


def exactness(value: str) -> int:
    """Return how many digits of a value are told, leading and trailing zeros aside."""
    return len(value.strip("-").replace(".", "").replace(":", "").strip("0"))


def _days(one: Traits, other: Traits) -> str:
    apart = one.days.isdisjoint(other.all_days) and other.days.isdisjoint(one.all_days)
    return "different days" if one.days and other.days and apart else ""


def _months(one: Traits, other: Traits) -> str:
    within = one.months <= other.months or other.months <= one.months
    return "" if within else "different months"


def _numbers(one: Traits, other: Traits, resemblance: float) -> str:
    if resemblance >= TEMPLATE:
        return _in_one_template(one, other)
    if one.language == other.language and _differing(one, other, in_titles=True):
        return "different numbers in the titles"
    mine, theirs = telling(one.figures), telling(other.figures)
    agreeing = len(shared(mine, other.values)) + len(shared(theirs, one.values))
    if mine and theirs and not agreeing and min(len(mine), len(theirs)) > 1:
        return "no number in common"
    if one.language != other.language:
        return ""
    differing = _differing(one, other)
    return f"different numbers of {differing[0]}" if 2 * len(differing) > agreeing else ""


def _in_one_template(one: Traits, other: Traits) -> str:
    mine = {n.value for n in one.figures}
    theirs = {n.value for n in other.figures}
    fewer, more = sorted((mine, theirs), key=len)
    agreeing = sum(any(alike(value, o) for o in more) for value in fewer)
    return "the same words with different numbers" if agreeing < _AGREEING * len(fewer) else ""


def _differing(one: Traits, other: Traits, *, in_titles: bool = False) -> tuple[str, ...]:
    """Return the units that both count, but with no number in common.

    Of seven votes of nine one may tell the seven and the other the nine: if each has the other's
    number somewhere, they agree. So do "at least 8 dead" and 13 some hours later.
    """
    some = one.title_figures if in_titles else one.figures
    others = other.title_figures if in_titles else other.figures
    mine, theirs = _by_unit(some), _by_unit(others)
    return tuple(
        unit
        for unit, values in mine.items()
        if unit in theirs and not _agree(one, other, unit, values, theirs[unit])
    )


def _agree(one: Traits, other: Traits, unit: str, mine: set[str], theirs: set[str]) -> bool:
    if mine <= {n.value for n in other.figures} and theirs <= {n.value for n in one.figures}:
        return True
    return any(
        alike(v, o) or _later(one, unit, v, o) or _later(other, unit, o, v)
        for v in mine
        for o in theirs
    )


def _later(article: Traits, unit: str, value: str, other: str) -> bool:
    """Tell whether another number may be what this one was before, or has become since."""
    if ":" in value + other:
        return False
    return (_is_among(article.at_least, unit, value) and float(other) > float(value)) or (
        _is_among(article.reached, unit, value) and float(other) < float(value)
    )


def _is_among(bounds: Iterable[Number], unit: str, value: str) -> bool:
    """Tell whether a number of a unit is one of those; what has no unit may be of each."""
    return any(
        bound.value == value and (bound.unit in ("", unit) or is_year(bound)) for bound in bounds
    )


def _by_unit(figures: Iterable[Number]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for number in figures:
        if is_year(number):
            found["years"].add(number.value)
        elif number.unit:
            found[number.unit].add(number.value)
    return found


def _names(one: Traits, other: Traits, resemblance: float) -> str:
    """Compare the names of the titles with all that the other article says.

    Across languages a name may be translated, so there some names and numbers in common outweigh
    it. Within one, a telling number or another day than those of publication does, if no template
    is told by both.
    """
    if one.language == other.language:
        mine = set(one.names).difference(other.body)
        theirs = set(other.names).difference(one.body)
    else:
        mine = set(one.name_keys).difference(other.all_keys)
        theirs = set(other.name_keys).difference(one.all_keys)
        common = set(one.all_keys).intersection(other.all_keys)
        if sum(key[0] in "~#" for key in common) >= _ENOUGH_NAMES:
            return ""
    numbers = set(telling(one.figures)).intersection(telling(other.figures))
    known = resemblance < TEMPLATE and (numbers or common_days(one, other))
    return OTHER_NAMES if mine and theirs and not known else ""


def common_days(one: Traits, other: Traits) -> frozenset[tuple[int, int]]:
    """Return the days that the beginnings of both tell, other than those of publication."""
    printed = {(a.when.month, a.when.day) for a in (one, other) if a.when}
    return (one.days & other.days) - printed


def _words(one: Traits, other: Traits, resemblance: float) -> str:
    """Find the one word by which two titles of one pattern differ, if no text tells the other's.

    Of words that are in no list nobody knows whether they mean the same, so there the texts must
    be of one pattern too.
    """
    if len(one.title) != len(other.title) or len(one.title) < _PATTERN:
        return ""
    changed = [pair for pair in zip(one.title, other.title, strict=True) if pair[0] != pair[1]]
    if len(changed) != 1 or one.language != other.language:
        return ""
    mine, theirs = changed[0]
    if mine in other.body or theirs in one.body:
        return ""
    known = mine in MEANINGS and theirs in MEANINGS
    return "titles that differ in one word" if known or resemblance >= TEMPLATE else ""


def _opposites(one: Traits, other: Traits) -> str:
    """Find what one of them begins with and the other ends with, a title saying so.

    The guest arrives and departs among the same people and words, on one day.
    """
    for some, others in ((one, other), (other, one)):
        for began, ended in _OPPOSITE:
            told = began in some.lead and ended in others.lead
            titled = began in some.title or ended in others.title
            if told and titled and began not in others.body and ended not in some.body:
                return "opposite things"
    return ""
