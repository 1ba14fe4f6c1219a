"""Which watches does a change meet, and on which words? Pure.

A watch is looked at only when one of its keys stands in the article. Keys come from words without
which the query cannot hold; of several, the one that fewest watches share and that is longest is
taken, for it is likely the rarest in the news as well.

In the index a word is its normal form, a fact carries its field (`source:tass`), and a prefix is
cut to its beginning (`каза*`), as in `db.evaluate.Document.keys`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from db.errors import QueryError
from db.evaluate import BARE, Document, Hit, document, evaluate, hits
from db.lexemes import FACT_FIELDS
from db.model import ChangeKind, Passage, Watch
from db.query import And, Node, Not, Or, Query, Term, parse
from db.words import BEGINNING, beginning, normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.model import Change

MAX_PASSAGES: Final = 5
"""Passages given per match: enough to see why, short enough for a message."""

_EXCERPT: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A watch that a change meets, and the words it meets it on; none if it only has NOTs."""

    watch: Watch
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A compiled watch. `sure`: holding all of `needed` is all that the query asks."""

    place: int
    watch: Watch
    query: Query
    needed: frozenset[str]
    sure: bool


class Rules:
    """All watches, compiled; made by `compile`, never changed."""

    def __init__(self, rules: Iterable[_Rule]) -> None:
        rules = tuple(rules)
        shared = Counter(word for rule in rules for word in rule.needed)
        self._always: list[_Rule] = []
        self._index: dict[str, list[_Rule]] = {}
        for rule in rules:
            keys = _keys(rule.query.tree, lambda word: (shared[word], -len(word), word))
            for key in keys:
                self._index.setdefault(key, []).append(rule)
            if not keys:
                self._always.append(rule)
        sizes = {len(key) - 1 for key in self._index if key.endswith("*")}
        self._short = sorted(sizes - {BEGINNING})

    @classmethod
    def compile(cls, watches: Iterable[Watch]) -> Rules:
        """Compile watches. Raises `QueryError`, naming the watch, for the first bad query."""
        return cls(_compiled(place, watch) for place, watch in enumerate(watches))

    def match(self, change: Change, *, already: frozenset[str] = frozenset()) -> tuple[Match, ...]:
        """Return the watches that a change meets, in the order they were given.

        `already` names the watches that have told of this article: a `completed` or `corrected`
        item, which counts as new for the others, does not count for them.
        """
        asked = document(change.article)
        matches: list[Match] = []
        for rule in self._candidates(asked):
            if not _counts(rule.watch, change, already):
                continue
            found = hits(rule.query, asked) if rule.sure else evaluate(rule.query, asked)
            if found is not None:
                matches.append(Match(watch=rule.watch, passages=_passages(found, asked)))
        return tuple(matches)

    def _candidates(self, asked: Document) -> list[_Rule]:
        """Return the rules that may hold, in order: all that hold are among them."""
        keys = asked.keys
        for size in self._short:
            keys = keys | {f"{key[:size]}*" for key in asked.keys if key.endswith("*")}
        found = {rule.place: rule for rule in self._always}
        for key in keys & self._index.keys():
            for rule in self._index[key]:
                if rule.needed <= keys:
                    found[rule.place] = rule
        return [found[place] for place in sorted(found)]


def _compiled(place: int, watch: Watch) -> _Rule:
    try:
        query = parse(watch.query)
    except QueryError as error:
        raise QueryError(f'watch "{watch.name}": {error.reason}', column=error.column) from error
    needed, sure = _needed(query.tree), _is_sure(query.tree)
    return _Rule(place=place, watch=watch, query=query, needed=needed, sure=sure)


def _counts(watch: Watch, change: Change, already: frozenset[str]) -> bool:
    """Tell whether a watch wants this kind of change, from this source."""
    if watch.sources and change.article.source not in watch.sources:
        return False
    if change.kind in watch.on:
        return True
    return (
        change.kind in (ChangeKind.COMPLETED, ChangeKind.CORRECTED)
        and ChangeKind.NEW in watch.on
        and watch.name not in already
    )


def _needed(node: Node) -> frozenset[str]:
    """Return words all of which an article must hold for the tree to hold."""
    match node:
        case Term():
            return frozenset(_words_of(node))
        case And():
            return frozenset().union(*map(_needed, node.parts))
        case Or():
            return frozenset.intersection(*map(_needed, node.parts))
        case Not():
            return frozenset()
        case _:
            assert_never(node)


def _words_of(term: Term) -> Iterable[str]:
    whole = term.tokens[:-1] if term.prefix else term.tokens
    column = term.columns[0]
    if column in FACT_FIELDS:
        return (f"{column}:{token}" for token in whole)
    return whole if column in BARE else map(normal, whole)


def _is_sure(node: Node) -> bool:
    """Tell whether the words of `_needed`, wherever they stand, are all that a tree asks."""
    match node:
        case Term():
            return node.columns == BARE and len(node.tokens) == 1
        case And():
            return all(map(_is_sure, node.parts))
        case Or() | Not():
            return False
        case _:
            assert_never(node)


def _keys(node: Node, rarity: Callable[[str], tuple[int, int, str]]) -> frozenset[str]:
    """Return keys one of which an article must hold for the tree to hold; none: no such keys."""
    if needed := _needed(node):
        facts = {word for word in needed if ":" in word}
        return frozenset({min(needed - facts or facts, key=rarity)})
    match node:
        case Term():
            return frozenset({beginning(node.tokens[-1])})
        case And():
            choices = [_keys(part, rarity) for part in node.parts]
            return min(filter(None, choices), key=len, default=frozenset())
        case Or():
            choices = [_keys(part, rarity) for part in node.parts]
            return frozenset().union(*choices) if all(choices) else frozenset()
        case Not():
            return frozenset()
        case _:
            assert_never(node)


def _passages(found: tuple[Hit, ...], asked: Document) -> tuple[Passage, ...]:
    return tuple([_passage(hit, asked) for hit in found[:MAX_PASSAGES]])


def _passage(hit: Hit, asked: Document) -> Passage:
    """Cut the surroundings of a hit at word ends; line breaks and tabs become spaces."""
    text = asked.fields[hit.field]
    start, end = asked.place(hit)
    end = min(end, start + _EXCERPT)
    around = (_EXCERPT - (end - start)) // 2
    left, right = max(0, start - around), min(len(text), end + around)
    if left and (space := text.find(" ", left, start)) >= 0:
        left = space + 1
    if right < len(text) and (space := text.rfind(" ", end, right)) >= 0:
        right = space
    excerpt = text[left:right].replace("\n", " ").replace("\t", " ")
    return Passage(field=hit.field, excerpt=excerpt, start=start - left, end=end - left)
