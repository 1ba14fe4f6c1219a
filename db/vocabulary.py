"""What some queries look for, found in texts; how words belong together is `db.evaluate`'s.

Few of a text's words are looked for by anybody. So every piece of text between white space is
read once; after that it is known to be silent, or what it tells is known. One set operation then
leaves of a text what matters. Most words that are met for the first time begin like nothing that
is looked for: they are silent without being stemmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from db import names
from db.openings import LETTERS, Openings, opening
from db.stems import normal
from db.tree import And, Days, Fact, Name, Near, Not, Or, Regex, Term, field_and_form
from db.words import AROUND, LONGEST, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from db.tree import Node, Words

_KEPT_PIECES: Final = 100_000
"""Silent pieces in one generation, and telling ones: two of both full are some 90 MB."""

_YOUNG_PIECES: Final = 30_000
_YOUNG_FORMS: Final = 1_000
"""Forms that may be added before what was remembered is forgotten, which takes some 20 ms."""


class Spot(NamedTuple):
    """A word within its piece of text (characters, `end` exclusive)."""

    piece: str
    start: int
    end: int


Told = dict[str, Spot]
"""The forms in a piece of text, each with the first place of it."""

_NOTHING: Final[Told] = {}


class Vocabulary:
    """The forms that the terms of some trees look for.

    What pieces of text tell is remembered for as long as the forms stay the same. So forms that
    are added later are looked for by a young vocabulary of their own, whose memory is small, and
    join the others once they are many.
    """

    def __init__(self, trees: Iterable[Node], kept: int = _KEPT_PIECES) -> None:
        self.fields: tuple[str, ...] = ()
        """Fields that some term names."""
        # Each form under what is looked up: a normal form, a surface, the beginning of one, a
        # name's key.
        self._stems: dict[str, str] = {}
        self._surfaces: dict[str, str] = {}
        self._beginnings: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._name_forms: set[str] = set()
        self._name_letters: frozenset[str] = frozenset()
        self._openings = Openings()
        self._kept = kept
        self._young: Vocabulary | None = None
        self._young_forms: set[str] = set()
        self._forget()
        self._learn(self._new_forms(trees))

    def add(self, tree: Node) -> None:
        """Look for the forms of one more tree as well, without forgetting much."""
        forms = self._new_forms([tree])
        if not forms:
            return
        self._young_forms |= forms
        if len(self._young_forms) <= _YOUNG_FORMS:
            self._young = Vocabulary((), _YOUNG_PIECES)
            self._young._learn(self._young_forms)  # noqa: SLF001 - one of its own kind
            return
        self._forget()
        self._learn(self._young_forms)
        self._young, self._young_forms = None, set()

    def _new_forms(self, trees: Iterable[Node]) -> set[str]:
        """Return the forms of some trees that are not looked for yet, and note their fields."""
        keys = {key for tree in trees for words in words_of(tree) for key in words.keys}
        split = [field_and_form(key) for key in keys]
        fields = {field for field, _ in split if field}
        if not fields.issubset(self.fields):
            self.fields = tuple(sorted(fields.union(self.fields)))
        return {form for _, form in split if not self._knows(form)}

    def _knows(self, form: str) -> bool:
        if form.startswith("~"):
            return form in self._name_forms
        if form.startswith('"'):
            return form[1:] in self._surfaces
        if form.endswith("*"):
            return form[:-1] in self._beginnings
        return form in self._stems

    def _learn(self, forms: Iterable[str]) -> None:
        openings = set()
        for form in forms:
            if form.startswith("~"):
                self._name_forms.add(form)
                for key in form[1:].split("|"):
                    self._names[key] = (*self._names.get(key, ()), form)
            elif form.startswith('"'):
                self._surfaces[form[1:]] = form
                openings.add(form[1 : 1 + LETTERS])
            elif form.endswith("*"):
                self._beginnings[form[:-1]] = form
                openings.add(form[:-1][:LETTERS])
            else:
                self._stems[form] = form
                openings.add(opening(form))
        self._name_letters = names.openings(self._names)
        self._openings.learn(openings, self._name_letters)
        self._sizes = sorted(set(map(len, self._beginnings)))
        # What no beginning begins with need not be cut to the size of each.
        self._least = min(self._sizes, default=0)
        self._heads = {beginning[: self._least] for beginning in self._beginnings}

    def _forget(self) -> None:
        # Of both the older generation: what is met again is taken back, so frequent pieces stay
        # when the younger one is full, and rare ones go.
        self._telling: dict[str, Told] = {}
        self._told_before: dict[str, Told] = {}
        self._silent: set[str] = set()
        self._silent_before: set[str] = set()

    def told(self, text: str) -> list[Told]:
        """Return what the pieces of a text tell, in no order."""
        pieces = self._openings.pieces(text)
        silent = self._silent
        unknown = {p for p in (text.split() if pieces is None else pieces) if p not in silent}
        if not unknown.isdisjoint(self._silent_before):
            again = unknown & self._silent_before
            unknown -= again
            self._silent |= again
        telling = self._telling
        told = [telling[piece] for piece in unknown if piece in telling]
        if len(told) < len(unknown):
            strange = [piece for piece in unknown if piece not in telling]
            told += map(self._read, self._not_silent(strange))
        return told + self._young.told(text) if self._young else told

    def _not_silent(self, strange: list[str]) -> set[str]:
        """Return which of some pieces have to be read, and remember that the others are silent."""
        found = self._openings.worth_reading(strange)
        self._hush([piece for piece in strange if piece not in found])
        return found

    def _read(self, piece: str) -> Told:
        """Read a piece and remember what it tells; the longest are too rare to remember."""
        told = self._told_before.get(piece)
        if told is None:
            word = piece.strip(AROUND)
            # What is silent without the marks around it need not be read once more with them.
            told = _NOTHING if word in self._silent else self._tell(piece)
        self._remember(piece, told)
        return told

    def _tell(self, piece: str) -> Told:
        spots: dict[str, Spot] = {}
        for surface, start, end in tokens(piece):
            for form in self._forms_of(surface):
                spots.setdefault(form, Spot(piece, start, end))
        return spots or _NOTHING

    def _remember(self, piece: str, told: Told) -> None:
        if not told:
            self._hush([piece])
        elif len(piece) <= LONGEST:
            if len(self._telling) >= self._kept:
                self._telling, self._told_before = {}, self._telling
            self._telling[piece] = told

    def _hush(self, pieces: list[str]) -> None:
        """Remember that pieces tell nothing, but for the longest."""
        if len(self._silent) >= self._kept:
            self._silent, self._silent_before = set(), self._silent
        self._silent.update([piece for piece in pieces if len(piece) <= LONGEST])

    def _forms_of(self, surface: str) -> list[str]:
        found = []
        if form := self._stems.get(normal(surface)):
            found.append(form)
        if form := self._surfaces.get(surface):
            found.append(form)
        if surface[: self._least] in self._heads:
            cuts = [self._beginnings.get(surface[:size]) for size in self._sizes]
            found.extend([form for form in cuts if form])
        if surface[:1] in self._name_letters:
            for key in names.keys(surface):
                found.extend(self._names.get(key, ()))
        return found


def forms(told: Iterable[Told]) -> set[str]:
    """Return the forms that pieces tell of."""
    return set[str]().union(*told)


def spots(told: Iterable[Told]) -> dict[str, list[Spot]]:
    """Return the forms that pieces tell of, each with its places in them."""
    found: dict[str, list[Spot]] = {}
    for piece in told:
        for form, spot in piece.items():
            found.setdefault(form, []).append(spot)
    return found


def words_of(node: Node) -> Iterator[Words]:
    """Give the leaves of a tree that have keys."""
    match node:
        case Term() | Name() | Near():
            yield node
        case And() | Or():
            for part in node.parts:
                yield from words_of(part)
        case Not():
            yield from words_of(node.part)
        case Regex() | Fact() | Days():
            return
        case _:
            assert_never(node)
