"""Whose is a date that stands far below the title: the article's own, or another story's. Pure.

What ends an article stands in the element that holds its title and its text, or right in one around
that; a teaser has its headline beside its date.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from spiders.prose import all_around, around, container, holds, is_linked, is_prose, weights

if TYPE_CHECKING:
    from spiders.blocks import Block, Scope

_HEADLINE = 20  # characters
_MOST = 0.5


class Below:
    """What is known of the lines behind the text; `titled` is the elements that hold the title."""

    def __init__(
        self, blocks: tuple[Block, ...], outside: tuple[bool, ...], titled: frozenset[Scope]
    ) -> None:
        self._blocks = blocks
        self._outside = outside
        self._titled = titled

    def is_own(self, place: int) -> bool:
        """Tell whether a line may say when the article appeared."""
        block = self._blocks[place]
        box = container(block.scope)
        while box is not None and box not in self._titled and self._lines[box] <= len(block.text):
            box = box.parent  # it holds the line alone
        holder = self._holder
        if holder is not None and not (holds(holder, block) or box in set(around(holder))):
            return False
        if box is None or box in self._titled:
            return not _is_headline(self._blocks[place - 1])
        return box not in self._leading

    @cached_property
    def end(self) -> int:
        """The place of the last line of the text: a lead may stand above the article's date."""
        told = (p for p, b in enumerate(self._blocks) if is_prose(b) and not self._outside[p])
        return max(told, default=len(self._blocks))

    @cached_property
    def _holder(self) -> Scope | None:
        """The innermost element that holds the title and most of the text."""
        told = [
            b for b, o in zip(self._blocks, self._outside, strict=True) if is_prose(b) and not o
        ]
        held, total = weights(told), sum(len(b.text) for b in told)
        fit = (s for s in self._titled if held.get(s, 0) > _MOST * total)
        return max(fit, key=lambda scope: scope.depth, default=None)

    @cached_property
    def _lines(self) -> dict[Scope, int]:
        return weights(self._blocks)

    @cached_property
    def _leading(self) -> set[Scope]:
        """The elements that hold the headline of another story."""
        return all_around(b for b in self._blocks if _is_headline(b))


def _is_headline(block: Block) -> bool:
    is_named = block.inside("h2", "h3", "h4", "h5", "h6")
    return is_linked(block) and (is_named or len(block.text) >= _HEADLINE)
