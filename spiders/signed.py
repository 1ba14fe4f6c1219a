"""Who signs an article on its page, where its data names nobody. Pure.

A name counts where it is printed close to the title and its line or its element says that it is
the writer's: everything else near a title is a place, a section, or the headline of another story.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiders import bylines
from spiders.blocks import LIST_MARK, words_of
from spiders.prose import is_prose, titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spiders.blocks import Block, Page

# How far from the title, in blocks, and how long a line is that names people.
_ABOVE, _BELOW, _LONGEST = 3, 8, 120
_PARTS = re.compile(r"\s*(?:[|·•]|\s[–—-]\s)\s*")
_MARKED = '[itemprop~="author"], [rel~="author"], [class*="uthor"], [class*="byline"]'
_MOST = 40  # elements; a list of all who write for a site has more


def people(
    page: Page,
    title: str,
    outside: tuple[bool, ...],
    sites: frozenset[str],
    language: str | None,
) -> tuple[str, ...]:
    """Return the full names that sign the article with this title, () where none is sure."""
    if page.media != "html":
        return ()
    near = list(_near(page.blocks, title, outside))
    worded = [name for line in near for name in _worded(line, language)]
    if not worded and any(_may_name(line) for line in near):
        marked = (words_of(node).removeprefix(LIST_MARK) for node in page.select(_MARKED)[:_MOST])
        named = (name for words in marked for name in bylines.full_names(words, language))
        worded = [name for name in named if any(name in line for line in near)]
    own = (name for name in dict.fromkeys(worded) if not bylines.names_site(name, sites))
    return bylines.people(own, sites, language)


def _near(blocks: tuple[Block, ...], title: str, outside: tuple[bool, ...]) -> Iterator[str]:
    """Yield the short lines close to the heading that is the title."""
    heads = {id(block) for block in titled(blocks, title) if block.inside("h1", "h2")}
    place = next((p for p, block in enumerate(blocks) if id(block) in heads), None)
    if place is None:
        return
    for p in range(max(0, place - _ABOVE), min(len(blocks), place + _BELOW + 1)):
        is_line = p != place and not outside[p] and len(blocks[p].text) <= _LONGEST
        if is_line and not is_prose(blocks[p]):
            yield blocks[p].text.removeprefix(LIST_MARK)


def _worded(line: str, language: str | None) -> list[str]:
    """Return the names behind a word that says whose they are: `By Lee Moor | 5 May`."""
    parts = (part for part in _PARTS.split(line) if bylines.is_signed(part, language))
    return [name for part in parts for name in bylines.full_names(part, language)]


def _may_name(line: str) -> bool:
    """Tell quickly whether two words with capitals stand in a line, as in a name."""
    return sum(word[0].isupper() for word in line.split()) > 1
