"""Pure: the passages of an alert -> the lines that show them, what several show once only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from db.telling import Passage

_SHARED: Final = 20
"""Characters that the end of one excerpt and the beginning of another have in common, at least,
if they are the same stretch of a field: fewer may be so by chance."""
_TWINS: Final = frozenset({"summary", "text"})
"""The text mostly repeats its lead: what stands in both is one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of one field, or of a lead and its text, with all words met there.

    `marks` are (start, end) in `words`, in order and apart. `names` says who met them; empty where
    one watch did.
    """

    fields: tuple[str, ...]
    words: str
    marks: tuple[tuple[int, int], ...]
    names: str = ""

    @property
    def as_text(self) -> str:
        """The words, those met between stars."""
        return "".join(f"**{words}**" if met else words for words, met in self._pieces())

    @property
    def as_html(self) -> str:
        """The words, those met marked."""
        pieces = ((escape(words), met) for words, met in self._pieces())
        return "".join(f"<mark>{words}</mark>" if met else words for words, met in pieces)

    def _pieces(self) -> Iterator[tuple[str, bool]]:
        last = 0
        for start, end in self.marks:
            yield self.words[last:start], False
            yield self.words[start:end], True
            last = end
        yield self.words[last:], False


def lines(passages: Iterable[tuple[Passage, str]]) -> tuple[Line, ...]:
    """Return the lines for passages, each given with the names of who met it, in their order."""
    found: list[Line] = []
    for passage, names in passages:
        line = Line((passage.field,), passage.excerpt, ((passage.start, passage.end),), names)
        for number, known in enumerate(found):
            if joined := _joined(known, line):
                found[number] = joined
                break
        else:
            found.append(line)
    return tuple(found)


def _joined(known: Line, line: Line) -> Line | None:
    """Return two lines as one, None if they show different things."""
    fields = tuple(dict.fromkeys((*known.fields, *line.fields)))
    if known.names != line.names or (len(fields) > 1 and not _TWINS.issuperset(fields)):
        return None
    for first, second in ((known, line), (line, known)):
        at = _place(first.words, second.words)
        if at is not None:
            words = first.words[:at] + second.words
            words += first.words[len(words) :]
            marks = (*first.marks, *((start + at, end + at) for start, end in second.marks))
            return replace(known, fields=fields, words=words, marks=_apart(marks))
    return None


def _apart(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return marks in order, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif (start, end) not in found[-1:]:
            found.append((start, end))
    return tuple(found)


def _place(words: str, others: str) -> int | None:
    """Return where in some words others begin that stand there, at the end maybe not whole.

    A few characters stand there only as words of their own.
    """
    if len(others) < _SHARED:
        found = re.search(rf"(?<!\w){re.escape(others)}(?!\w)", words)
        return found.start() if found else None
    at = words.find(others)
    if at >= 0:
        return at
    for shared in range(min(len(words), len(others)) - 1, _SHARED - 1, -1):
        if words.endswith(others[:shared]):
            return len(words) - shared
    return None
