"""What a query means: a tree of terms and conditions. Pure; knows neither its text nor an answer.

A leaf says where to look and for what, so `db.compile` (search) and `db.evaluate` (watches) have
nothing left to decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from sys import intern
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from db.patterns import Pattern

READ_FIELDS: Final = ("title", "summary", "text")
"""Fields a bare word looks in. They have a column of surfaces and one of normal forms."""

STEM: Final = "_stem"
"""What ends the name of a column of normal forms."""

FACT_FIELDS: Final = ("source", "section", "author", "place")
"""Fields that must be named; they have surfaces only: names are not to be bent."""

SOURCE: Final = "source"
"""The field of the names of all sources that have shown an item; each is a text of its own."""

CONDITION_FIELDS: Final = ("lang", "published", "seen", "precision", "on")
"""Fields that hold no words: they are compared, and stand in no index of words."""


@dataclass(frozen=True, slots=True)
class Term:
    """These tokens side by side in one of these columns; `prefix`: the last one may go on.

    `keys` are names for the tokens by which documents are told apart before anything is searched:
    a normal form as it is, a surface `"казахстаном`, the beginning of one `каза*`, all of them
    with the field if one is named: `source:"tass`. A term of one key holds where its key stands.
    """

    columns: tuple[str, ...]
    tokens: tuple[str, ...]
    prefix: bool = False
    keys: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = f"{self.columns[0].removesuffix(STEM)}:" if len(self.columns) == 1 else ""
        mark = "" if self.is_normal else '"'
        keys = [f"{named}{mark}{token}" for token in self.tokens]
        if self.prefix:
            keys[-1] = f"{named}{self.tokens[-1]}*"
        # Thousands of watches share words; one string for all is smaller, and sooner compared.
        shared = tuple(map(intern, keys))
        object.__setattr__(self, "keys", self.tokens if shared == self.tokens else shared)

    @property
    def is_normal(self) -> bool:
        """True if the tokens are normal forms, false if they are surfaces."""
        return self.columns[0].endswith(STEM)


@dataclass(frozen=True, slots=True)
class Name:
    """Words side by side in one of these columns, each under one of the keys of its part.

    The keys of a part are those of `db.names`. `keys` are as in `Term`: `~tokaev|tokaiev`.
    """

    columns: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = f"{self.columns[0]}:" if len(self.columns) == 1 else ""
        keys = tuple(intern(f"{named}~{'|'.join(part)}") for part in self.parts)
        object.__setattr__(self, "keys", keys)


@dataclass(frozen=True, slots=True)
class Near:
    """All of these in one field, in any order, and not far from each other. Two at least.

    As in FTS5, at most `distance` words stand between the end of any of them and the start of
    the last one. All name the same fields.
    """

    operands: tuple[Term | Name, ...]
    distance: int
    keys: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = tuple(key for operand in self.operands for key in operand.keys)
        object.__setattr__(self, "keys", keys)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression that finds something in one of these fields as they are printed."""

    fields: tuple[str, ...]
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the article: `lang`, `precision`, kind of change (`on`), `published` unknown."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Days:
    """The day of publication or of first sight: from `since` on, before `before`; None: open."""

    field: str
    since: date | None
    before: date | None


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts, anywhere in the article. Two parts at least, none of them an `And`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts or more. Two parts at least, none of them an `Or`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not the part, which is no `Not` itself."""

    part: Node


Words = Term | Name | Near
Node = Words | Regex | Fact | Days | And | Or | Not


def is_of_sources(node: Words) -> bool:
    """Tell whether a leaf asks of the sources that have shown an item."""
    leaf = node.operands[0] if isinstance(node, Near) else node
    return leaf.columns == (SOURCE,)


def field_and_form(key: str) -> tuple[str, str]:
    """Return the field that a key names, empty if none, and the key without it."""
    named, _, form = key.rpartition(":")
    return named, form
