"""Which watches does a change meet, and on which words? Pure.

A watch is looked at only when one of its keys stands in the article. Keys come from words without
which the query cannot hold; of several, the one that fewest watches share and that is longest is
taken, for it is likely the rarest in the news as well. A query that only asks for facts, for the
absence of words or for a regular expression has no key, and is looked at each time.

Keys are those of `db.tree`; `db.vocabulary` finds them in the article.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, assert_never

from db.errors import QueryError
from db.evaluate import Document, Hit, document, hits, holds
from db.facts import Facts
from db.model import ChangeKind
from db.query import parse
from db.telling import Passage, Watch
from db.tree import FACT_FIELDS, And, Days, Fact, Name, Near, Node, Not, Or, Regex, Term
from db.vocabulary import Vocabulary, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.model import Article, Change

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
    """A compiled watch: keys that an article must hold, and what else must hold then, if any.

    `on` is the kinds of change that count.
    """

    place: int
    watch: Watch
    tree: Node
    needed: tuple[str, ...]
    rest: Node | None
    on: frozenset[ChangeKind]


class Rules:
    """All watches, compiled, in the order they were given. Belongs to one thread."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        """Compile watches whose names differ. Raises `QueryError`, as `add`."""
        trees = [(watch, _tree(watch)) for watch in watches]
        shared = Counter(key for _, tree in trees for key in _needed(tree))
        self._vocabulary = Vocabulary(tree for _, tree in trees)
        self._always: dict[int, _Rule] = {}
        self._index: dict[str, list[_Rule]] = {}
        self._rules: dict[str, _Rule] = {}
        self._places = 0
        for watch, tree in trees:
            self._put(watch, tree, shared.__getitem__)

    @classmethod
    def compile(cls, watches: Iterable[Watch]) -> Rules:
        """Compile watches. Raises `QueryError`, naming the watch, for the first bad query."""
        return cls(watches)

    def add(self, watch: Watch) -> None:
        """Look out for one more watch, as the last one; one of the same name is replaced.

        Takes no longer among many. Raises `QueryError`, naming the watch; nothing is changed then.
        """
        tree = _tree(watch)
        if watch.name in self._rules:
            self.remove(watch.name)
        self._vocabulary.add(tree)
        self._put(watch, tree, lambda key: len(self._index.get(key, ())))

    def remove(self, name: str) -> None:
        """Forget a watch. Raises KeyError if there is none of this name."""
        rule = self._rules.pop(name)
        self._always.pop(rule.place, None)
        for key in {key for words in words_of(rule.tree) for key in words.keys}:
            found = self._index.get(key, [])
            if rule in found:
                found.remove(rule)
            if not found:
                self._index.pop(key, None)

    def match(self, change: Change, *, already: frozenset[str] = frozenset()) -> tuple[Match, ...]:
        """Return the watches that a change meets, in the order they were given.

        `already` names the watches that have told of this article: neither a `completed` or
        `corrected` item, which counts as new for the others, nor its being new to another source
        counts for them. What was told of through another source counts for watches that name one
        of its sources now, and for those whose query is met only since it is shown there, too.
        """
        first_seen = change.known.first_seen if change.known else change.seen_at
        facts = Facts(change.article, change.kind, first_seen)
        asked = document(change.article, self._vocabulary, facts, change.shown_by)
        shown: dict[Hit, Passage] = {}
        met = [
            rule
            for rule in self._candidates(asked)
            if (rule.rest is None or holds(rule.rest, asked)) and _counts(rule, change, already)
        ]
        if change.again:
            before = tuple(name for name in change.shown_by if name not in change.sources)
            old = document(change.article, self._vocabulary, facts, before)
            met = [rule for rule in met if rule.watch.sources or not holds(rule.tree, old)]
        return tuple(
            [
                Match(watch=rule.watch, passages=_passages(hits(rule.tree, asked), asked, shown))
                for rule in met
            ]
        )

    def _put(self, watch: Watch, tree: Node, shared: Callable[[str], int]) -> None:
        keys = _keys(tree, lambda key: _rarity(key, shared(key)))
        rule = _Rule(
            place=self._places,
            watch=watch,
            tree=tree,
            needed=tuple(_needed(tree)),
            rest=_rest(tree),
            on=_on(watch, tree),
        )
        self._places += 1
        self._rules[watch.name] = rule
        for key in keys:
            self._index.setdefault(key, []).append(rule)
        if not keys:
            self._always[rule.place] = rule

    def _candidates(self, asked: Document) -> list[_Rule]:
        """Return the rules that may hold, in order: all that hold are among them."""
        keys = asked.keys
        found = {rule.place: rule for rule in self._always.values()}
        for key in keys & self._index.keys():
            for rule in self._index[key]:
                if keys.issuperset(rule.needed):
                    found[rule.place] = rule
        return [found[place] for place in sorted(found)]


def _tree(watch: Watch) -> Node:
    try:
        return parse(watch.query).tree
    except QueryError as error:
        raise QueryError(f'watch "{watch.name}": {error.reason}', column=error.column) from error


def _counts(rule: _Rule, change: Change, already: frozenset[str]) -> bool:
    """Tell whether a watch wants this kind of change, from these sources."""
    watch, sources = rule.watch, change.sources or (change.article.source,)
    if watch.sources and not set(watch.sources) & set(sources):
        return False
    if change.kind in rule.on:
        return change.kind is not ChangeKind.NEW or watch.name not in already
    return (
        change.kind in (ChangeKind.COMPLETED, ChangeKind.CORRECTED)
        and ChangeKind.NEW in rule.on
        and watch.name not in already
    )


_NO_KINDS: Final[frozenset[ChangeKind]] = frozenset()
_ALL_KINDS: Final = frozenset(ChangeKind)


def _on(watch: Watch, tree: Node) -> frozenset[ChangeKind]:
    """Return the kinds of change that count: the query's own if it names some."""
    return _kinds(tree)[0] if _names_kinds(tree) else _of(watch.on)


def _names_kinds(node: Node) -> bool:
    match node:
        case And() | Or():
            return any(map(_names_kinds, node.parts))
        case Not():
            return _names_kinds(node.part)
        case _:
            return isinstance(node, Fact) and node.field == "on"


@lru_cache
def _of(kinds: tuple[ChangeKind, ...]) -> frozenset[ChangeKind]:
    return frozenset(kinds)  # one for thousands of watches


def _kinds(node: Node) -> tuple[frozenset[ChangeKind], frozenset[ChangeKind]]:
    """Return for which kinds of change a tree can hold, and for which it is sure to."""
    match node:
        case Fact(field="on", value=value):
            return frozenset({ChangeKind(value)}), frozenset({ChangeKind(value)})
        case And():
            kinds = [_kinds(part) for part in node.parts]
            return (
                _ALL_KINDS.intersection(*[possible for possible, _ in kinds]),
                _ALL_KINDS.intersection(*[certain for _, certain in kinds]),
            )
        case Or():
            kinds = [_kinds(part) for part in node.parts]
            return (
                _NO_KINDS.union(*[possible for possible, _ in kinds]),
                _NO_KINDS.union(*[certain for _, certain in kinds]),
            )
        case Not():
            possible, certain = _kinds(node.part)
            return _ALL_KINDS - certain, _ALL_KINDS - possible
        case _:
            return _ALL_KINDS, _NO_KINDS


def _needed(node: Node) -> frozenset[str]:
    """Return keys all of which an article must hold for the tree to hold."""
    match node:
        case Term() | Name() | Near():
            return frozenset(node.keys)
        case And():
            return frozenset().union(*map(_needed, node.parts))
        case Or():
            return frozenset.intersection(*map(_needed, node.parts))
        case Regex() | Fact() | Days() | Not():
            return frozenset()
        case _:
            assert_never(node)


def _rest(node: Node) -> Node | None:
    """Return what a tree asks of an article that holds all of `_needed`, None if nothing."""
    match node:
        case Term() | Name():
            return node if len(node.keys) > 1 else None
        case And():
            rests = [rest for rest in map(_rest, node.parts) if rest]
            return And(tuple(rests)) if len(rests) > 1 else next(iter(rests), None)
        case Near() | Regex() | Fact() | Days() | Or() | Not():
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


def passages(article: Article, found: tuple[Hit, ...]) -> tuple[Passage, ...]:
    """Return the passages of an article's first hits, as a match has them."""
    asked = document(article, Vocabulary(()))
    return _passages(found, asked, {})


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
