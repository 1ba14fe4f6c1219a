"""The places around a page's title, where an article's own date may stand. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spiders.prose import around, holds, is_linked, is_prose

if TYPE_CHECKING:
    from spiders.blocks import Block, Page, Scope

_ABOVE, _BELOW = 6, 8
CLOSE = 2
"""Blocks between the title and what stands beside it, at most."""

WHOLE = frozenset(("html", "body", "main"))
"""Elements that hold a page and not an article."""


@dataclass(frozen=True, slots=True)
class Near:
    """The places around the title at which an article's own date may be printed.

    `around` is the elements that hold the title, `apart` those of them that hold not all of the
    page, or call themselves an article; where nothing shows the title it is all of them.
    """

    first: int
    title: int
    last: int
    around: frozenset[Scope]
    apart: frozenset[Scope]


def near_title(page: Page, title: str, outside: tuple[bool, ...]) -> Near:
    """Return where the article's title stands, or its text begins where nothing shows a title.

    `outside` is what `marks.elsewhere` says of the page's blocks.
    """
    blocks = page.blocks
    own = [p for p, b in enumerate(blocks) if b.inside("h1") or (title and b.text == title)]
    if not own:
        # Nothing shows the title: what stands where the text begins may be its date.
        told = [p for p, b in enumerate(blocks) if is_prose(b) and not outside[p]]
        article = heaviest(blocks)
        within = (p for p in told if article is not None and holds(article, blocks[p]))
        place = next(within, next(iter(told), 0))
        held = frozenset(around(blocks[place].scope)) if blocks else frozenset()
        return Near(place - _ABOVE, place, place + CLOSE, held, held)
    headed = [p for p in own if title in blocks[p].text] or own
    # A path of links and a list of news may show the title again.
    inner = [p for p in headed if blocks[p].inside("h1")] or headed
    place = min(inner, key=lambda p: (outside[p], is_linked(blocks[p])))
    held = frozenset(around(blocks[place].scope))
    whole = set(around(blocks[0].scope)) & set(around(blocks[-1].scope))
    apart = {one for one in held - whole if one.tag not in WHOLE}
    apart |= {one for one in held if one.tag == "article"}
    return Near(place - _ABOVE, place, place + _BELOW, held, frozenset(apart))


def heaviest(blocks: tuple[Block, ...]) -> Scope | None:
    """Return the `article` element with most prose, None without one."""
    weights: defaultdict[Scope, int] = defaultdict(int)
    for block in blocks:
        if is_prose(block) and (scope := article_of(block)) is not None:
            weights[scope] += len(block.text)
    return max(weights, key=lambda scope: weights[scope], default=None)


def article_of(block: Block) -> Scope | None:
    """Return the innermost `article` element around a block."""
    if not block.inside("article"):
        return None
    return next((one for one in around(block.scope) if one.tag == "article"), None)


def heads_page(block: Block, near: Near) -> bool:
    """Tell whether a block stands in a header that is not the title's own."""
    header = next((one for one in around(block.scope) if one.tag == "header"), None)
    return header is not None and header not in near.around


def is_apart(block: Block, near: Near) -> bool:
    """Tell a line that shares more with the title than the page does."""
    return any(one in near.apart for one in around(block.scope))
