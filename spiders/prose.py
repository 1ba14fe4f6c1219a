"""What is prose on a page, and in which elements it stands: the words of judging a layout. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spiders.blocks import Block, Scope

# Elements that are no container: what belongs together stands beside them.
_LINES = frozenset(
    ("p", "span", "b", "strong", "em", "i", "li", "font", "a", "h1", "h2", "h3", "h4", "h5")
)
_NO_LETTERS = re.compile(r"\W+")
_PROSE = 60
_LINKED = 0.5


def is_linked(block: Block) -> bool:
    """Tell whether most of a block's words lead elsewhere: a teaser or a menu entry."""
    # Most blocks have no link or one, and are asked several times.
    if not block.links:
        return False
    if len(block.links) == 1:
        return len(block.links[0].text) > _LINKED * len(block.text)
    return sum(len(link.text) for link in block.links) > _LINKED * len(block.text)


def is_prose(block: Block) -> bool:
    """Tell whether a block is told in sentences: long, no headline and no link."""
    return len(block.text) >= _PROSE and not is_linked(block) and not block.inside("h1", "h2", "h3")


def letters(text: str) -> str:
    """Return a line's letters and digits alone, without case: what two lines are compared by."""
    return _NO_LETTERS.sub("", text).casefold()


def titled(blocks: Iterable[Block], title: str) -> list[Block]:
    """Return the lines that are the title, but for case and marks."""
    wanted, most = letters(title), 2 * len(title)
    near = (b for b in blocks if wanted and len(b.text) <= most and 2 * len(b.text) >= len(wanted))
    # The first character tells of most lines that their letters, which cost more, are others.
    return [
        b
        for b in near
        if (not b.text[0].isalnum() or wanted.startswith(b.text[0].casefold()))
        and letters(b.text) == wanted
    ]


def around(scope: Scope | None) -> Iterator[Scope]:
    """Yield an element and all around it, from the inside out."""
    while scope is not None:
        yield scope
        scope = scope.parent


def container(scope: Scope | None) -> Scope | None:
    """Return the innermost element around a line that may hold others beside it."""
    return next((one for one in around(scope) if one.tag not in _LINES), None)


def holds(holder: Scope, block: Block) -> bool:
    """Tell whether a block stands in an element."""
    return next((s for s in around(block.scope) if s.depth <= holder.depth), None) is holder


def held_by(holder: Scope, blocks: Iterable[Block]) -> list[bool]:
    """Tell of each block whether it stands in an element; each element is looked at once."""
    known = {holder: True}
    found = []
    for block in blocks:
        path, scope = [], block.scope
        while scope is not None and scope.depth > holder.depth and scope not in known:
            path.append(scope)
            scope = scope.parent
        is_held = scope is not None and known.get(scope, False)
        known.update(dict.fromkeys(path, is_held))
        found.append(is_held)
    return found


def all_around(blocks: Iterable[Block]) -> set[Scope]:
    """Return the elements around any of the blocks."""
    found: set[Scope] = set()
    for block in blocks:
        scope = block.scope
        while scope is not None and scope not in found:
            found.add(scope)
            scope = scope.parent
    return found


def alone(blocks: Iterable[Block]) -> set[Scope]:
    """Return the elements that hold one of the blocks and no other."""
    one: set[Scope] = set()
    several: set[Scope] = set()
    for block in blocks:
        scope = block.scope
        while scope is not None and scope not in several:
            (several if scope in one else one).add(scope)
            scope = scope.parent
    return one - several


def weights(blocks: Iterable[Block]) -> dict[Scope, int]:
    """Return how many characters of the blocks stand in each element."""
    found: defaultdict[Scope, int] = defaultdict(int)
    levels: defaultdict[int, set[Scope]] = defaultdict(set)
    for block in blocks:
        if block.scope is not None:
            found[block.scope] += len(block.text)
            levels[block.scope.depth].add(block.scope)
    # From the inside out, each element once: a page may nest thousands of lines in hundreds.
    for depth in range(max(levels, default=0), 0, -1):
        for scope in levels.pop(depth, ()):
            if scope.parent is not None:
                found[scope.parent] += found[scope]
                levels[scope.parent.depth].add(scope.parent)
    return found
