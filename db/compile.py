"""A query's tree becomes conditions for the store. Pure: no SQL sentence is made here.

FTS5's own NOT stands only between two expressions, so a query such as `NOT minsk` cannot be one
MATCH string. What can be is put into as few strings as possible; All, Any and Not join them.
Tokens are always quoted: raw text in MATCH is a language of its own.

What FTS5 cannot say is a condition of its own. Sources are few, and asked one by one. A name is
looked up among the tokens that the store has met. Words of two forms near each other, and names of
several words, are candidates from the index and a `Check` that reads them. A regular expression is
a `Check` alone: what it matches need not begin or end where a word does, so the index can give no
candidates that miss none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

from db import near, tree
from db.stems import normal
from db.tree import STEM, Days, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from db.query import Query


@dataclass(frozen=True, slots=True)
class Match:
    """Articles that the full-text index finds with this MATCH string."""

    fts: str


@dataclass(frozen=True, slots=True)
class Named:
    """Articles with a token in one of these columns that has one of these keys (`db.names`)."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Articles of which one of these fields passes a function with this argument."""

    function: Literal["matches", "stands"]
    argument: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Articles that a source has shown whose name meets this leaf of the tree."""

    by: tree.Words


@dataclass(frozen=True, slots=True)
class All:
    """Articles that meet every part; two parts at least."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Articles that meet one part or more; two parts at least."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not meet the part."""

    part: Condition


Condition = Match | Named | Check | Shown | Fact | Days | All | Any | Not


Wanted = tuple[tuple[int, Match | Named], ...]
"""A word, phrase or name that is asked for: in each field, how much it counts to stand there."""

_WEIGHTS = {"title": 4, "summary": 2}


def to_condition(query: Query) -> Condition:
    """Compile a query. The same articles meet it as `db.evaluate` says."""
    return _condition(_compiled(query.tree))


def to_ranking(query: Query) -> tuple[Wanted, ...]:
    """Return what makes an article fit better the more of it stands there: all that is wanted."""
    return tuple(dict.fromkeys(_wanted(query.tree)))


def _wanted(node: tree.Node) -> Iterator[Wanted]:
    match node:
        case tree.Term() | tree.Name() | tree.Near() if tree.is_of_sources(node):
            return
        case tree.Term():
            quoted = _quoted(node)
            yield tuple(
                (weight, Match(f"{{{' '.join(columns)}}} : {quoted}"))
                for weight, columns in _weighed(node.columns)
            )
        case tree.Name():
            for spelling in node.parts:
                yield tuple(
                    (weight, Named(columns, spelling)) for weight, columns in _weighed(node.columns)
                )
        case tree.Near():
            for operand in node.operands:
                yield from _wanted(operand)
        case tree.And() | tree.Or():
            for part in node.parts:
                yield from _wanted(part)
        case tree.Not() | tree.Regex() | tree.Fact() | tree.Days():
            return
        case _:
            assert_never(node)


def _weighed(columns: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the columns with the weight of their field, those of one field together."""
    fields = dict.fromkeys(column.removesuffix(STEM) for column in columns)
    for field in fields:
        own = tuple(column for column in columns if column.removesuffix(STEM) == field)
        yield _WEIGHTS.get(field, 1), own


def _compiled(node: tree.Node) -> str | Condition:  # noqa: PLR0911 - one for each kind of node
    """Compile to a MATCH expression where FTS5 can say it, else to a condition."""
    match node:
        case tree.Term() | tree.Name() | tree.Near() if tree.is_of_sources(node):
            return Shown(node)
        case tree.Term():
            return f"{{{' '.join(node.columns)}}} : {_quoted(node)}"
        case tree.Name():
            return _name(node)
        case tree.Near():
            return _near(node)
        case tree.Regex():
            return Check("matches", node.pattern.text, node.fields)
        case tree.Fact() | tree.Days():
            return node
        case tree.And():
            return _all(node.parts)
        case tree.Or():
            return _any(_compiled(part) for part in node.parts)
        case tree.Not():
            return Not(_condition(_compiled(node.part)))
        case _:
            assert_never(node)


def _quoted(term: tree.Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.prefix else ""}'


def _name(name: tree.Name) -> Condition:
    parts = tuple(Named(name.columns, part) for part in name.parts)
    if len(parts) == 1:
        return parts[0]
    return All((*parts, Check("stands", near.spelled(name), name.columns)))


def _near(node: tree.Near) -> str | Condition:
    terms = [operand for operand in node.operands if isinstance(operand, tree.Term)]
    found = [operand for operand in node.operands if isinstance(operand, tree.Name)]
    if not found and len({term.columns for term in terms}) == 1:
        return _together_in_fts(terms, node.distance)
    named = [Named(name.columns, part) for name in found for part in name.parts]
    fields = tuple(column.removesuffix(STEM) for column in node.operands[0].columns)
    candidates = [Match(_candidates(terms, node.distance))] if terms else []
    return All((*candidates, *named, Check("stands", near.spelled(node), fields)))


def _together_in_fts(terms: Sequence[tree.Term], distance: int) -> str:
    if len(terms) == 1:
        return f"{{{' '.join(terms[0].columns)}}} : {_quoted(terms[0])}"
    quoted = " ".join(map(_quoted, terms))
    return f"{{{' '.join(terms[0].columns)}}} : NEAR({quoted}, {distance})"


def _candidates(terms: Sequence[tree.Term], distance: int) -> str:
    """Return a MATCH string for terms of any form that misses no article in which they are near.

    Where two surfaces are alike, so are their normal forms: of those FTS5 can compare all.
    """
    if any(term.prefix for term in terms) or len({term.columns for term in terms}) == 1:
        return " AND ".join(_together_in_fts([term], distance) for term in terms)
    columns = next(term.columns for term in terms if term.is_normal)
    return _together_in_fts(
        [
            tree.Term(columns, term.tokens if term.is_normal else tuple(map(normal, term.tokens)))
            for term in terms
        ],
        distance,
    )


def _all(parts: tuple[tree.Node, ...]) -> str | Condition:
    wanted: list[str] = []
    unwanted: list[str | Condition] = []
    others: list[Condition] = []
    for part in parts:
        if isinstance(part, tree.Not):
            unwanted.append(_compiled(part.part))
            continue
        compiled = _compiled(part)
        if isinstance(compiled, str):
            wanted.append(compiled)
        else:
            others.append(compiled)
    fts = " AND ".join(wanted)
    spoilers = [part for part in unwanted if isinstance(part, str)]
    if wanted and spoilers:
        fts = f"({fts}) NOT ({' OR '.join(spoilers)})"
    elif spoilers:
        others.append(Not(Match(" OR ".join(spoilers))))
    others.extend(Not(part) for part in unwanted if not isinstance(part, str))
    if not others:
        return f"({fts})"
    # What must be read of every article left comes last.
    others.sort(key=_is_slow)
    return _together(All, [Match(fts)] if wanted else [], others)


def _is_slow(condition: Condition) -> bool:
    match condition:
        case Check():
            return True
        case Not(part):
            return _is_slow(part)
        case All(parts) | Any(parts):
            return any(map(_is_slow, parts))
        case _:
            return False


def _any(parts: Iterable[str | Condition]) -> str | Condition:
    strings: list[str] = []
    others: list[Condition] = []
    for part in parts:
        if isinstance(part, str):
            strings.append(part)
        else:
            others.append(part)
    fts = " OR ".join(strings)
    if not others:
        return f"({fts})"
    return _together(Any, [Match(fts)] if strings else [], others)


def _together(kind: type[All | Any], first: list[Match], rest: list[Condition]) -> Condition:
    parts = (*first, *rest)
    return parts[0] if len(parts) == 1 else kind(parts)


def _condition(compiled: str | Condition) -> Condition:
    return Match(compiled) if isinstance(compiled, str) else compiled
