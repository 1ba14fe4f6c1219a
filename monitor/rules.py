"""Which watches does a change meet, and on which words? Pure.

A query can hold in one or more ways: what stands between its ORs. A way is looked at only when
one of its keys stands in the article. Keys come from words without which the way cannot hold; of
several, the one that fewest watches share and that is longest is taken, for it is likely the rarest
in the news as well. A way that only asks for facts, for the absence of words or for a regular
expression has no key, and is looked at each time; one that asks for nothing but its key is met
where that stands, and is not looked at at all.

Keys are those of `db.tree`; `db.vocabulary` finds them in the article.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Final, assert_never

from db.errors import QueryError
from db.evaluate import Document, document, holds
from db.facts import Facts
from db.model import ChangeKind
from db.query import parse
from db.tree import FACT_FIELDS, And, Days, Fact, Name, Near, Node, Not, Or, Regex, Term
from db.vocabulary import Vocabulary, words_of
from monitor.passages import Passages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.model import Change
    from db.telling import Passage, Watch

_FACTS: Final = tuple(f"{field}:" for field in FACT_FIELDS)


class Match:
    """A watch that a change meets. Belongs to the thread of its rules, as they do."""

    __slots__ = ("_passages", "_rule", "_shown")

    def __init__(self, rule: _Rule, passages: Passages) -> None:
        self._rule = rule
        self._passages = passages
        self._shown: tuple[Passage, ...] | None = None

    @property
    def watch(self) -> Watch:
        """The watch that is met."""
        return self._rule.watch

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The words it is met on, cut when first asked for; none if it only has NOTs."""
        if self._shown is None:
            self._shown = self._passages.of(self._rule.tree)
        return self._shown


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rule:
    """A compiled watch. `on` is the kinds of change that count.

    Plain: it counts what is new, whatever the source, and nothing else.
    """

    place: int
    watch: Watch
    tree: Node
    on: frozenset[ChangeKind]
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Way:
    """A way in which a query can hold, once the key stands in the article that it is found by.

    All keys `needed` must then stand there as well, none of those `refused`, and `rest` must hold,
    if there is any.
    """

    rule: _Rule
    needed: tuple[str, ...]  # a set takes four times the memory
    refused: tuple[str, ...]
    rest: Node | None


_PLACE: Final = attrgetter("place")


class Rules:
    """All watches, compiled, in the order they were given. Belongs to one thread."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        """Compile watches whose names differ. Raises `QueryError`, as `add`."""
        trees = [(watch, _tree(watch)) for watch in watches]
        shared = Counter(key for _, tree in trees for key in _needed(tree))
        self._vocabulary = Vocabulary(tree for _, tree in trees)
        self._always: list[_Way] = []
        self._index: dict[str, list[_Way]] = {}
        self._certain: dict[str, list[_Rule]] = {}
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
        self._put(
            watch, tree, lambda key: len(self._index.get(key, ())) + len(self._certain.get(key, ()))
        )

    def remove(self, name: str) -> None:
        """Forget a watch. Raises KeyError if there is none of this name."""
        rule = self._rules.pop(name)
        self._always = [way for way in self._always if way.rule is not rule]
        for key in {key for words in words_of(rule.tree) for key in words.keys}:
            self._index[key] = [way for way in self._index.get(key, ()) if way.rule is not rule]
            self._certain[key] = [one for one in self._certain.get(key, ()) if one is not rule]
            for index in (self._index, self._certain):
                if not index[key]:
                    del index[key]

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
        plain = _counts_as_new(change.kind)
        met = [
            rule
            for rule in self._holding(asked)
            if (plain if rule.plain and not already else _counts(rule, change, already))
        ]
        if change.again:
            before = tuple(name for name in change.shown_by if name not in change.sources)
            old = document(change.article, self._vocabulary, facts, before)
            met = [rule for rule in met if rule.watch.sources or not holds(rule.tree, old)]
        passages = Passages(asked)
        return tuple([Match(rule, passages) for rule in met])

    def _put(self, watch: Watch, tree: Node, shared: Callable[[str], int]) -> None:
        on = _on(watch, tree)
        plain = on == {ChangeKind.NEW} and not watch.sources
        rule = _Rule(place=self._places, watch=watch, tree=tree, on=on, plain=plain)
        self._places += 1
        self._rules[watch.name] = rule
        for part in tree.parts if isinstance(tree, Or) else (tree,):
            keys = _keys(part, lambda key: _rarity(key, shared(key)))
            refused, rest = _rest(part, keys)
            needed = tuple(_needed(part) - keys)
            way = _Way(rule=rule, needed=needed, refused=tuple(refused), rest=rest)
            if not keys:
                self._always.append(way)
            elif way.needed or refused or rest:
                for key in keys:
                    self._index.setdefault(key, []).append(way)
            else:
                for key in keys:
                    self._certain.setdefault(key, []).append(rule)

    def _holding(self, asked: Document) -> list[_Rule]:
        """Return the rules whose queries hold, in order."""
        keys = asked.keys
        certain, index = self._certain, self._index
        met: set[_Rule] = set().union(*[certain[key] for key in keys & certain.keys()])
        ways = [
            way
            for some in (self._always, *[index[key] for key in keys & index.keys()])
            for way in some
            if (not way.needed or keys.issuperset(way.needed))
            and (not way.refused or keys.isdisjoint(way.refused))
        ]
        met.update([way.rule for way in ways if way.rest is None or holds(way.rest, asked)])
        return sorted(met, key=_PLACE)


def _tree(watch: Watch) -> Node:
    try:
        return parse(watch.query).tree
    except QueryError as error:
        raise QueryError(f'watch "{watch.name}": {error.reason}', column=error.column) from error


def _counts(rule: _Rule, change: Change, already: frozenset[str]) -> bool:
    """Tell whether a watch wants this kind of change, from these sources."""
    watch, sources = rule.watch, change.sources or (change.article.source,)
    if watch.sources and not any(source in watch.sources for source in sources):
        return False
    if change.kind in rule.on and change.kind is not ChangeKind.NEW:
        return True
    return _counts_as_new(change.kind) and ChangeKind.NEW in rule.on and watch.name not in already


def _counts_as_new(kind: ChangeKind) -> bool:
    """Tell whether a change is news to a watch that has not told of the article."""
    return kind in (ChangeKind.NEW, ChangeKind.COMPLETED, ChangeKind.CORRECTED)


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


def _rest(node: Node, keys: frozenset[str]) -> tuple[frozenset[str], Node | None]:
    """Return what a tree asks of an article that holds all of `_needed` and one of `keys`.

    That is keys that must not stand in it, and a tree, None if there is nothing else.
    """
    parts = [
        rest for rest in map(_unanswered, node.parts if isinstance(node, And) else [node]) if rest
    ]
    refused = frozenset[str]().union(*map(_refused, parts))
    rests = [part for part in parts if not (_refused(part) or (keys and keys <= _offered(part)))]
    return refused, And(tuple(rests)) if len(rests) > 1 else next(iter(rests), None)


def _unanswered(node: Node) -> Node | None:
    """Return what a tree that is no `And` asks of an article that holds all of `_needed`."""
    return node if not isinstance(node, Term | Name) or len(node.keys) > 1 else None


def _offered(node: Node) -> frozenset[str]:
    """Return keys one of which is enough for a tree to hold, and must stand; none: no such keys."""
    match node:
        case Term() | Name():
            return frozenset(node.keys if len(node.keys) == 1 else ())
        case Or():
            offered = [_offered(part) for part in node.parts]
            return frozenset().union(*offered) if all(offered) else frozenset()
        case _:
            return frozenset()


def _refused(node: Node) -> frozenset[str]:
    """Return keys of which none may stand, if a tree asks for nothing else; none: no such keys."""
    return _offered(node.part) if isinstance(node, Not) else frozenset()


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
