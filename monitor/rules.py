"""Which watches does a change meet, and on which words? Pure.

A watch is looked at only when one of its keys stands in the article. Keys come from words without
which the query cannot hold; of several, the one that fewest watches share and that is longest is
taken, for it is likely the rarest in the news as well.

Keys are those of `db.query.Term`; `db.vocabulary` finds them in the article.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from db.errors import QueryError
from db.evaluate import Document, Hit, document, hits, holds
from db.lexemes import FACT_FIELDS
from db.model import ChangeKind
from db.query import And, Node, Not, Or, Term, parse
from db.telling import Passage, Watch
from db.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.model import Change

MAX_PASSAGES: Final = 5
"""Passages given per match: enough to see why, short enough for a message."""

_EXCERPT: Final = 160
_FACTS: Final = tuple(f"{field}:" for field in FACT_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A watch that a change meets, and the words it meets it on; none if it only has NOTs."""

    watch: Watch
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A compiled watch: keys that an article must hold, and what else must hold then, if any."""

    place: int
    watch: Watch
    tree: Node
    needed: tuple[str, ...]
    rest: Node | None


class Rules:
    """All watches, compiled; made by `compile`, never changed."""

    def __init__(self, rules: Iterable[_Rule]) -> None:
        rules = tuple(rules)
        shared = Counter(key for rule in rules for key in rule.needed)
        self._vocabulary = Vocabulary(rule.tree for rule in rules)
        self._always: list[_Rule] = []
        self._index: dict[str, list[_Rule]] = {}
        for rule in rules:
            keys = _keys(rule.tree, lambda key: _rarity(key, shared[key]))
            for key in keys:
                self._index.setdefault(key, []).append(rule)
            if not keys:
                self._always.append(rule)

    @classmethod
    def compile(cls, watches: Iterable[Watch]) -> Rules:
        """Compile watches. Raises `QueryError`, naming the watch, for the first bad query."""
        return cls(_compiled(place, watch) for place, watch in enumerate(watches))

    def match(self, change: Change, *, already: frozenset[str] = frozenset()) -> tuple[Match, ...]:
        """Return the watches that a change meets, in the order they were given.

        `already` names the watches that have told of this article: neither a `completed` or
        `corrected` item, which counts as new for the others, nor its being new to another source
        counts for them.
        """
        asked = document(change.article, self._vocabulary)
        shown: dict[Hit, Passage] = {}
        return tuple(
            [
                Match(watch=rule.watch, passages=_passages(hits(rule.tree, asked), asked, shown))
                for rule in self._candidates(asked)
                if (rule.rest is None or holds(rule.rest, asked))
                and _counts(rule.watch, change, already)
            ]
        )

    def _candidates(self, asked: Document) -> list[_Rule]:
        """Return the rules that may hold, in order: all that hold are among them."""
        keys = asked.keys
        found = {rule.place: rule for rule in self._always}
        for key in keys & self._index.keys():
            for rule in self._index[key]:
                if keys.issuperset(rule.needed):
                    found[rule.place] = rule
        return [found[place] for place in sorted(found)]


def _compiled(place: int, watch: Watch) -> _Rule:
    try:
        tree = parse(watch.query).tree
    except QueryError as error:
        raise QueryError(f'watch "{watch.name}": {error.reason}', column=error.column) from error
    return _Rule(place=place, watch=watch, tree=tree, needed=tuple(_needed(tree)), rest=_rest(tree))


def _counts(watch: Watch, change: Change, already: frozenset[str]) -> bool:
    """Tell whether a watch wants this kind of change, from these sources."""
    sources = change.sources or (change.article.source,)
    if not (set(watch.sources) & set(sources) if watch.sources else not change.again):
        return False
    if change.kind in watch.on:
        return change.kind is not ChangeKind.NEW or watch.name not in already
    return (
        change.kind in (ChangeKind.COMPLETED, ChangeKind.CORRECTED)
        and ChangeKind.NEW in watch.on
        and watch.name not in already
    )


def _needed(node: Node) -> frozenset[str]:
    """Return keys all of which an article must hold for the tree to hold."""
    match node:
        case Term():
            return frozenset(node.keys)
        case And():
            return frozenset().union(*map(_needed, node.parts))
        case Or():
            return frozenset.intersection(*map(_needed, node.parts))
        case Not():
            return frozenset()
        case _:
            assert_never(node)


def _rest(node: Node) -> Node | None:
    """Return what a tree asks of an article that holds all of `_needed`, None if nothing."""
    match node:
        case Term():
            return node if len(node.keys) > 1 else None
        case And():
            rests = [rest for rest in map(_rest, node.parts) if rest]
            return And(tuple(rests)) if len(rests) > 1 else next(iter(rests), None)
        case Or() | Not():
            return node
        case _:
            assert_never(node)


_Rarity = tuple[bool, bool, int, int, str]


def _rarity(key: str, shared: int) -> _Rarity:
    """Return what puts keys in order, those likely to be rare in the news first.

    Facts and beginnings stand in many articles, however few watches ask for them.
    """
    return key.startswith(_FACTS), key.endswith("*"), shared, -len(key), key


def _keys(node: Node, rarity: Callable[[str], _Rarity]) -> frozenset[str]:
    """Return keys one of which an article must hold for the tree to hold; none: no such keys."""
    if needed := _needed(node):
        return frozenset({min(needed, key=rarity)})
    match node:
        case And():
            choices = [_keys(part, rarity) for part in node.parts]
            return min(filter(None, choices), key=len, default=frozenset())
        case Or():
            choices = [_keys(part, rarity) for part in node.parts]
            return frozenset().union(*choices) if all(choices) else frozenset()
        case _:
            return frozenset()


def _passages(
    found: tuple[Hit, ...], asked: Document, shown: dict[Hit, Passage]
) -> tuple[Passage, ...]:
    """Return the passages of the first hits; `shown` keeps them, for watches share words."""
    for hit in found[:MAX_PASSAGES]:
        if hit not in shown:
            shown[hit] = _passage(hit, asked)
    return tuple([shown[hit] for hit in found[:MAX_PASSAGES]])


def _passage(hit: Hit, asked: Document) -> Passage:
    """Cut the surroundings of a hit at word ends; line breaks and tabs become spaces."""
    text = asked.fields[hit.field]
    start, end = hit.start, min(hit.end, hit.start + _EXCERPT)
    around = (_EXCERPT - (end - start)) // 2
    left, right = max(0, start - around), min(len(text), end + around)
    if left and (space := text.find(" ", left, start)) >= 0:
        left = space + 1
    if right < len(text) and (space := text.rfind(" ", end, right)) >= 0:
        right = space
    excerpt = text[left:right].replace("\n", " ").replace("\t", " ")
    return Passage(field=hit.field, excerpt=excerpt, start=start - left, end=end - left)
