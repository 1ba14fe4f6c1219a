"""What an edit changed, word by word. Pure.

Words and punctuation marks are compared, white space is no difference. The time is bounded: it
grows with the length of the texts and not with its square. What that leaves undecided is shown as
replaced as a whole, which is true, only longer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN: Final = re.compile(r"(?:\w+(?:['’-]\w+)*|[^\w\s])\s*")
_PRODUCT: Final = 10_000
"""Two stretches are compared word with word while the product of their lengths is within this."""
_DEPTH: Final = 12
"""How often a stretch is cut at words that stand once on both sides."""
_ISLAND: Final = 2
"""So many equal words between two changes are chance, if what changed around them is longer."""

_REMEMBERED: Final = 200
"""Pairs of texts: titles and texts of as many edits as a feed shows, and some more."""
READ: Final = 20_000
"""So many characters of a text whoever tells of edits compares: the work grows with them."""


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row with one fate. Removed words come before those added in their place."""

    mark: Mark
    text: str


class _Span(NamedTuple):
    """Words `a` to `b` of the one text stand against `c` to `d` of the other."""

    a: int
    b: int
    c: int
    d: int


class _Marked(NamedTuple):
    """A word and the white space behind it, as either text has them; empty where it has not."""

    mark: Mark
    old: str
    new: str


@lru_cache(_REMEMBERED)
def diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return the words of both texts in order; equal ones once, as the later text has them.

    The latest pairs are remembered: one edit is told by many watches, channels and feeds.

    >>> [(piece.mark.value, piece.text) for piece in diff("Talks in Minsk", "Talks in Moscow")]
    [('same', 'Talks in '), ('removed', 'Minsk'), ('added', 'Moscow')]
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    a, b = [token.rstrip() for token in old], [token.rstrip() for token in new]
    pairs = [(-1, -1), *_pairs(a, b, _Span(0, len(a), 0, len(b)), 0), (len(a), len(b))]
    marked: list[_Marked] = []
    for (i, j), (next_i, next_j) in pairwise(pairs):
        if j >= 0:
            marked.append(_Marked(Mark.SAME, old[i], new[j]))
        marked += (_Marked(Mark.REMOVED, token, "") for token in old[i + 1 : next_i])
        marked += (_Marked(Mark.ADDED, "", token) for token in new[j + 1 : next_j])
    return tuple(_pieces(marked))


def excerpt(pieces: Sequence[Piece], around: int = 60) -> tuple[Piece, ...]:
    """Return the changes with so many characters of what stands around them, at whole words.

    >>> [piece.text for piece in excerpt(diff("a b c d e f", "a b c d e g"), around=4)]
    ['… e ', 'f', 'g']
    """
    last = len(pieces) - 1
    return tuple(
        Piece(piece.mark, _middle(piece.text, around, first=place == 0, last=place == last))
        if piece.mark is Mark.SAME
        else piece
        for place, piece in enumerate(pieces)
    )


def as_text(pieces: Iterable[Piece]) -> str:
    """Return the pieces as one text, removed words in `[- -]`, added ones in `{+ +}`.

    >>> as_text(diff("Talks in Minsk today", "Talks in Moscow today"))
    'Talks in [-Minsk-] {+Moscow+} today'
    """
    return _joined(pieces, {Mark.REMOVED: ("[-", "-]"), Mark.ADDED: ("{+", "+}")})


def as_html(pieces: Iterable[Piece]) -> str:
    """Return the pieces as HTML, removed words in `del`, added ones in `ins`; all is escaped."""
    escaped = (Piece(piece.mark, escape(piece.text)) for piece in pieces)
    return _joined(escaped, {Mark.REMOVED: ("<del>", "</del>"), Mark.ADDED: ("<ins>", "</ins>")})


def _joined(pieces: Iterable[Piece], marks: dict[Mark, tuple[str, str]]) -> str:
    parts: list[str] = []
    for piece in pieces:
        start, end = marks.get(piece.mark, ("", ""))
        words = piece.text.rstrip()
        gap = piece.text[len(words) :] or (" " if piece.mark is Mark.REMOVED else "")
        parts.append(f"{start}{words}{end}{gap}")
    return "".join(parts).rstrip()


def _middle(text: str, around: int, *, first: bool, last: bool) -> str:
    """Cut what is far from the changes before and behind a piece that stayed the same."""
    head = "" if first else text[:around].rpartition(" ")[0]
    tail = "" if last else text[len(text) - around :].partition(" ")[2]
    if len(text) <= len(head) + len(tail) or (len(text) <= around and (first or last)):
        return text
    if first and last:
        return ""
    return f"{head}{' ' if head else ''}…{' ' if tail else ''}{tail}"


def _pieces(marked: list[_Marked]) -> Iterator[Piece]:
    """Join words of one fate; between two changes the removed ones come first."""
    runs = [list(run) for _, run in groupby(marked, lambda one: one.mark)]
    changes: dict[Mark, list[str]] = {Mark.REMOVED: [], Mark.ADDED: []}
    for place, run in enumerate(runs):
        if run[0].mark is Mark.SAME and not _is_island(runs, place):
            yield from _flushed(changes)
            # The last word of a text has no space behind it, but what follows here needs one.
            spaced = (word.new if word.new[-1].isspace() else word.old for word in run)
            yield Piece(Mark.SAME, "".join(spaced))
        else:
            changes[Mark.REMOVED] += (word.old for word in run if word.old)
            changes[Mark.ADDED] += (word.new for word in run if word.new)
    yield from _flushed(changes)


def _flushed(changes: dict[Mark, list[str]]) -> Iterator[Piece]:
    for mark, words in changes.items():
        if words:
            yield Piece(mark, "".join(words))
            words.clear()


def _is_island(runs: list[list[_Marked]], place: int) -> bool:
    if not 0 < place < len(runs) - 1:
        return False
    size = len(runs[place])
    return size <= _ISLAND and all(len(runs[beside]) > size for beside in (place - 1, place + 1))


def _pairs(a: Sequence[str], b: Sequence[str], span: _Span, depth: int) -> list[tuple[int, int]]:
    """Return the places of words that stand in both texts, in an order that is both texts' own."""
    start, end, other, other_end = span
    head: list[tuple[int, int]] = []
    while start < end and other < other_end and a[start] == b[other]:
        head.append((start, other))
        start, other = start + 1, other + 1
    tail: list[tuple[int, int]] = []
    while start < end and other < other_end and a[end - 1] == b[other_end - 1]:
        end, other_end = end - 1, other_end - 1
        tail.append((end, other_end))
    inner = _Span(start, end, other, other_end)
    return head + _inner_pairs(a, b, inner, depth) + tail[::-1]


def _inner_pairs(
    a: Sequence[str], b: Sequence[str], span: _Span, depth: int
) -> list[tuple[int, int]]:
    if span.a == span.b or span.c == span.d:
        return []
    if (span.b - span.a) * (span.d - span.c) <= _PRODUCT:
        return _longest(a, b, span)
    if depth == _DEPTH:
        return []
    anchors = _anchors(a, b, span)
    if not anchors:
        return []
    found: list[tuple[int, int]] = []
    i, j = span.a, span.c
    for next_i, next_j in (*anchors, (span.b, span.d)):
        found += _pairs(a, b, _Span(i, next_i, j, next_j), depth + 1)
        if next_i < span.b:
            found.append((next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return found


def _anchors(a: Sequence[str], b: Sequence[str], span: _Span) -> list[tuple[int, int]]:
    """Return words that stand once on each side, as many as have one order (patience)."""
    here, there = Counter(a[span.a : span.b]), Counter(b[span.c : span.d])
    places = {b[j]: j for j in range(span.c, span.d) if there[b[j]] == 1}
    tops: list[int] = []
    piles: list[tuple[int, int]] = []  # the top card of each pile: its place in `chain`
    chain: list[tuple[int, int, int]] = []  # place in a, in b, and the card before it
    for i in range(span.a, span.b):
        if here[a[i]] == 1 and a[i] in places:
            j = places[a[i]]
            pile = bisect_left(tops, j)
            chain.append((i, j, piles[pile - 1][0] if pile else -1))
            tops[pile : pile + 1] = [j]
            piles[pile : pile + 1] = [(len(chain) - 1, j)]
    found: list[tuple[int, int]] = []
    card = piles[-1][0] if piles else -1
    while card >= 0:
        i, j, card = chain[card]
        found.append((i, j))
    return found[::-1]


def _longest(a: Sequence[str], b: Sequence[str], span: _Span) -> list[tuple[int, int]]:
    """Return the longest common run of words, not necessarily side by side."""
    width = span.d - span.c
    rows = [[0] * (width + 1)]
    for i in range(span.b - 1, span.a - 1, -1):
        below, row = rows[-1], [0] * (width + 1)
        for j in range(width - 1, -1, -1):
            same = a[i] == b[span.c + j]
            row[j] = below[j + 1] + 1 if same else max(below[j], row[j + 1])
        rows.append(row)
    rows.reverse()
    found: list[tuple[int, int]] = []
    i, j = 0, 0
    while i < span.b - span.a and j < width:
        if a[span.a + i] == b[span.c + j]:
            found.append((span.a + i, span.c + j))
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
