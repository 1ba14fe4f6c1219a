"""A query's tree becomes conditions for the full-text index. Pure: no SQL sentence is made here.

FTS5's own NOT stands only between two expressions, so a query such as `NOT minsk` cannot be one
MATCH string. What can be is put into as few strings as possible; All, Any and Not join them.
Tokens are always quoted: raw text in MATCH is a language of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from db import query as tree

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Match:
    """Articles that the full-text index finds with this MATCH string."""

    fts: str


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


Condition = Match | All | Any | Not


def to_condition(query: tree.Query) -> Condition:
    """Compile a query; the condition holds for exactly the articles `db.evaluate` says it does."""
    return _condition(_compiled(query.tree))


def _compiled(node: tree.Node) -> str | Condition:
    """Compile to a MATCH expression where FTS5 can say it, else to a condition."""
    match node:
        case tree.Term():
            columns, tokens = " ".join(node.columns), " ".join(node.tokens)
            return f'{{{columns}}} : "{tokens}"{" *" if node.prefix else ""}'
        case tree.And():
            return _all(node.parts)
        case tree.Or():
            return _any(_compiled(part) for part in node.parts)
        case tree.Not():
            return Not(_condition(_compiled(node.part)))
        case _:
            assert_never(node)


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
    return _together(All, [Match(fts)] if wanted else [], others)


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
