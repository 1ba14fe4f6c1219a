"""The title of a page nobody wrote rules for: the heading that other evidence confirms. Pure.

A page states its title in several places, with the site's name before or behind it, or worded anew
for search engines and networks. The heading a reader sees is the title, where another place has the
same words or most of them; where none does, what is stated is believed without the site's name.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from db.words import clean_line
from spiders import extract
from spiders.blocks import LIST_MARK
from spiders.prose import around, is_linked, is_prose, letters

if TYPE_CHECKING:
    from spiders.blocks import Block, Page

_SEPARATOR = re.compile(r"\s+(?:[|–—·•»:]{1,2}|-{1,2})\s+")
_PART = 12
_HEADLINE = 20
_TITLED = re.compile(r"(?:^|[-_.])(?:h1|headline|title)$", re.IGNORECASE)
_SITE = re.compile(r"[.#](?:site|logo|brand|masthead)(?:$|[-_])", re.IGNORECASE)
# Words that carry meaning, and how many of a heading's must come again elsewhere.
_WORD = re.compile(r"\w{4,}")
_SHARED, _SHARE = 2, 0.3
# A name of a page has few parts; more are a list, or malice. So has a title few characters.
_PARTS = 8
_LONGEST = 1000
_NAME = 5  # words of a site's name
_HEADINGS = 20  # held against each article of the data


class Wording(NamedTuple):
    """What two wordings of a title are compared by: a page may have thousands of headings."""

    letters: str
    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Wording:
        """Fold a wording once."""
        return cls(letters(text), frozenset(_WORD.findall(text.casefold())))


def title_of(page: Page, headline: str) -> str:
    """Return the title, '' where nothing tells one; `headline` is what structured data states."""
    if page.media != "html":
        return page.blocks[0].text if page.blocks else ""
    stated = [
        _cut(headline),
        _cut(page.metas.get("og:title", "")),
        _cut(page.metas.get("twitter:title", "")),
    ]
    tag = _cut(page.tree.findtext(".//title") or "")
    if below := _below_masthead(page, tag, stated):
        return below
    lines = _lines(page, [name for name in (tag, *stated) if _SEPARATOR.search(name)])
    heads = [b for b in page.blocks if b.inside("h1")]
    headed = {letters(b.text) for b in heads}
    shown = _shown(tag, lines, headed)
    signs = _signs(tag, shown, page)
    headings = [b.text.removeprefix(LIST_MARK) for b in heads if not _is_sign(b, signs)]
    told_so = [Wording.of(text) for text in (*stated, tag)]
    worded = [(heading, Wording.of(heading)) for heading in headings]
    for agrees in (_agree, _are_kin):
        for heading, wording in worded:
            if any(agrees(wording, other) for other in told_so):
                return heading
    told = [_shown(text, lines, headed) or _bare(text, page) for text in stated if text]
    if told:
        return told[0]
    if len(headings) == 1:
        return headings[0]
    return shown or _named(page) or _bare(tag, page)


def wordings_of(page: Page) -> tuple[Wording, ...]:
    """Return how a page of markup words its title: first headings, its name, its `og:title`."""
    headings = islice((b.text for b in page.blocks if b.inside("h1")), _HEADINGS)
    named = (page.tree.findtext(".//title") or "", page.metas.get("og:title", ""))
    return tuple(Wording.of(_cut(text)) for text in (*headings, *named))


def is_kin(headline: str, wordings: tuple[Wording, ...]) -> bool:
    """Tell whether a headline that is stated names the same thing as one of the wordings."""
    stated = Wording.of(_cut(headline))
    return any(_agree(one, stated) or _are_kin(one, stated) for one in wordings)


def _cut(stated: str) -> str:
    return clean_line(unescape(stated))[:_LONGEST].rstrip()


def _lines(page: Page, names: list[str]) -> dict[str, str]:
    """Return the lines of the page in which a part of a name may stand, by their letters."""
    longest = 2 * max(map(len, names), default=0)
    blocks = [b for b in page.blocks if _PART <= len(b.text) < longest and not _leads_home(b)]
    return {letters(b.text): b.text.removeprefix(LIST_MARK) for b in reversed(blocks)}


def _below_masthead(page: Page, tag: str, stated: list[str]) -> str:
    """Return the heading below one that is the name of the site, '' without such a pair.

    The page's name (`tag`) begins with the one and ends with the other; and where the first heading
    stands, what it is called, or what else the page states says that it is the site's.
    """
    parts = [letters(part) for part in _SEPARATOR.split(tag)]
    host = letters(extract.parts_of(page.url or "").hostname or "")
    is_told = letters(page.metas.get("og:site_name", "")) == parts[-1] or parts[-1] in host
    is_told = is_told or parts[0] in map(letters, stated)
    mast: Block | None = None
    for block in page.blocks if len(parts) > 1 else ():
        if block.inside("h1"):
            mast = block if letters(block.text) == parts[-1] else mast
        elif mast and block.inside("h2", "h3", "h4") and letters(block.text) == parts[0]:
            return block.text if is_told or _is_masthead(mast, block) else ""
        elif mast and is_prose(block):
            break
    return ""


def _is_masthead(mast: Block, below: Block) -> bool:
    """Tell by its elements whether a heading is the site's: `below` is the one behind it."""
    shared = set(around(below.scope))
    own = [scope for scope in around(mast.scope) if scope not in shared]
    return any(s.tag == "header" or any(map(_SITE.search, s.names)) for s in own)


def shown_as(page: Page, title: str, name: str) -> str:
    """Return the title under which a list tells of a page, if the page shows it; else `name`.

    `name` is what the page itself seems to be called: pages may state their site's name alone.
    """
    wanted, own = Wording.of(_cut(title)), Wording.of(name)
    if len(wanted.letters) < _PART or _agree(wanted, own) or _are_kin(wanted, own):
        return name
    if len(name.split()) > _NAME and any(b.text == name for b in page.blocks if b.inside("h1")):
        return name  # no site is called so: a new headline, and the old one below it
    for block in page.blocks:
        if is_prose(block):
            break
        is_heading = block.inside("h1", "h2", "h3", "h4")
        if (is_heading or not block.links) and letters(block.text) == wanted.letters:
            return _cut(title)
    return name


def _signs(tag: str, shown: str, page: Page) -> set[str]:
    """Return what else the page's name says than its title: the names of the site."""
    parts = {letters(part) for part in _SEPARATOR.split(tag)} if shown else set()
    title = letters(shown)
    return {part for part in parts if part not in title} | {
        letters(page.metas.get("og:site_name", ""))
    }


def _is_sign(block: Block, signs: set[str]) -> bool:
    """Tell a heading that is the site's name: it leads to the front page or is one of `signs`."""
    return letters(block.text) in signs or _leads_home(block)


def _leads_home(block: Block) -> bool:
    return any(_is_front(link.url) for link in block.links if link.text == block.text)


def _named(page: Page) -> str:
    """Return the one line above the text whose class says that it is the headline, else ''."""
    found: list[str] = []
    for block in page.blocks:
        if is_prose(block) or len(found) > 1:
            break
        names = block.scope.names if block.scope else frozenset()
        if (
            len(block.text) >= _HEADLINE
            and any(map(_TITLED.search, names))
            and not is_linked(block)
        ):
            found.append(block.text)
    return found[0] if len(found) == 1 else ""


def _is_front(url: str) -> bool:
    parts = extract.parts_of(url)
    at_root = parts.path == "/" or (bool(parts.netloc) and not parts.path)
    return at_root and not parts.query


def _shown(name: str, lines: dict[str, str], headed: set[str]) -> str:
    """Return the longest run of a name's parts that stands on the page as a line, else ''.

    A run that is one of the headings, whose letters are `headed`, comes before a longer line.
    """
    ends = [(found.start(), found.end()) for found in _SEPARATOR.finditer(name)][: _PARTS - 1]
    if not ends:
        return ""
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(name)]
    runs = (name[start:stop] for n, start in enumerate(starts) for stop in stops[n:])
    long = sorted((run for run in runs if len(letters(run)) >= _PART), key=len, reverse=True)
    found = [letters(run) for run in long if letters(run) in lines]
    # The name of the site may be the longer one, and stand on the page as well.
    return next((lines[one] for one in found if one in headed), lines[found[0]] if found else "")


def _are_kin(heading: Wording, other: Wording) -> bool:
    """Tell whether a heading shares so many words with another wording that they name one thing."""
    shared = len(heading.words & other.words)
    return shared >= _SHARED and shared >= _SHARE * min(len(heading.words), len(other.words))


def _agree(heading: Wording, other: Wording) -> bool:
    left, right = heading.letters, other.letters
    return bool(left) and (
        left == right
        or (len(left) >= _PART and (left in right or (len(right) >= _PART and right in left)))
    )


def _bare(title: str, page: Page) -> str:
    """Return a title without the name of the site behind or before it."""
    site = letters(page.metas.get("og:site_name", ""))
    for found in list(_SEPARATOR.finditer(title))[-_PARTS:] if site else ():
        # The site's own name may have a dash in it, too.
        if letters(title[found.end() :]) == site:
            return title[: found.start()]
    parts = _SEPARATOR.split(title)
    if site and len(parts) > 1:
        kept = [part for part in parts if letters(part) != site]
        return title if len(kept) == len(parts) else max(kept, key=len, default=title)
    count = len(parts)
    while count > 1 and len(parts[0]) >= 2 * len(parts[count - 1]):
        count -= 1
    if count == len(parts):
        return title
    cut = list(_SEPARATOR.finditer(title))[count - 1].start()
    return title[:cut].rstrip(" |–—·•»:-")
