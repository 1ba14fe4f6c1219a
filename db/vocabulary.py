"""What some queries look for, found in texts; how words belong together is `db.evaluate`'s.

Few of a text's words are looked for by anybody. So every piece of text between white space is
read once; after that it is known to be silent, or what it tells is known. One set operation then
leaves of a text what matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, assert_never

from db.query import And, Node, Not, Or, Term, field_and_form
from db.words import AROUND, LONGEST, normal, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEPT_PIECES: Final = 100_000
"""Silent pieces kept, and telling ones: some 10 and 35 MB when both are full."""


class Spot(NamedTuple):
    """A word within its piece of text (characters, `end` exclusive)."""

    piece: str
    start: int
    end: int


_Told = tuple[tuple[str, Spot], ...]


class Vocabulary:
    """The forms that the terms of some trees look for."""

    def __init__(self, trees: Iterable[Node], kept: int = _KEPT_PIECES) -> None:
        keys = {key for tree in trees for term in _terms(tree) for key in term.keys}
        split = [field_and_form(key) for key in keys]
        self.fields: Final = tuple(sorted({field for field, _ in split if field}))
        """Fields that some term names."""
        # Each form under what is looked up: a normal form, a surface, the beginning of one.
        self._stems: dict[str, str] = {}
        self._surfaces: dict[str, str] = {}
        self._beginnings: dict[str, str] = {}
        for _, form in split:
            if form.startswith('"'):
                self._surfaces[form[1:]] = form
            elif form.endswith("*"):
                self._beginnings[form[:-1]] = form
            else:
                self._stems[form] = form
        self._sizes = sorted(set(map(len, self._beginnings)))
        self._kept = kept
        self._telling: dict[str, _Told] = {}
        self._silent: set[str] = set()

    def forms(self, text: str) -> dict[str, list[Spot]]:
        """Return the forms that stand in a text, with the pieces they were seen in."""
        found: dict[str, list[Spot]] = {}
        for piece in set(text.split()) - self._silent:
            told = self._telling.get(piece)
            for form, spot in self._read(piece) if told is None else told:
                found.setdefault(form, []).append(spot)
        return found

    def _read(self, piece: str) -> _Told:
        """Read a piece and remember what it tells; the longest are too rare to remember."""
        # What is silent without the marks around it need not be read once more with them.
        told = () if piece.strip(AROUND) in self._silent else self._tell(piece)
        if len(piece) <= LONGEST:
            self._remember(piece, told)
        return told

    def _tell(self, piece: str) -> _Told:
        spots: dict[str, Spot] = {}
        for surface, start, end in tokens(piece):
            for form in self._forms_of(surface):
                spots.setdefault(form, Spot(piece, start, end))
        return tuple(spots.items())

    def _remember(self, piece: str, told: _Told) -> None:
        full: set[str] | dict[str, _Told] = self._telling if told else self._silent
        if len(full) >= self._kept:
            full.clear()
        if told:
            self._telling[piece] = told
        else:
            self._silent.add(piece)

    def _forms_of(self, surface: str) -> list[str]:
        found = [self._stems.get(normal(surface)), self._surfaces.get(surface)]
        found.extend([self._beginnings.get(surface[:size]) for size in self._sizes])
        return [form for form in found if form]


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case And() | Or():
            for part in node.parts:
                yield from _terms(part)
        case Not():
            yield from _terms(node.part)
        case _:
            assert_never(node)
