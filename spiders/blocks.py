"""HTML or plain text -> blocks in reading order. Pure.

A block is what a reader sees as one paragraph, heading, list item or line. Site rules work on
blocks, so the same rule reads a page and a text copied from it; a class name helps where it is
known. This module knows no site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from lxml import etree

from db.languages import primary
from db.words import clean_line
from spiders import metadata, selectors
from spiders.parsing import absolute, parse_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

# Text inside these is never read by a person on the page.
_SILENT = frozenset((
    "script", "style", "noscript", "template", "head", "select", "option", "textarea", "svg",
    "math", "iframe", "object",
))  # fmt: skip
# Text of these runs on in the line; every other element begins and ends a block.
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dateformat", "del",
    "dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_NAMELESS: frozenset[str] = frozenset()
LIST_MARK = "- "
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none", re.IGNORECASE)
# Tags that every block of a page is asked for, one bit each.
_BITS = {
    tag: 1 << place
    for place, tag in enumerate(
        ("h1", "h2", "h3", "h4", "h5", "h6", "li", "table", "article", "header")
    )
}
_PUBLISHED = re.compile(r"(?:^|\s)(?:dt-)?published(?:$|\s)")
# A class or an id in characters; a longer one is made by a machine, or malice, and says nothing.
_LONGEST_NAME = 100
_MOST_NAMES = 50  # classes of an element that are read
# A page nests a few dozen elements; deeper is damage or malice, and costs time in every walk.
_DEEPEST = 200


# Not frozen: a page has thousands, and freezing triples what making one costs.
@dataclass(slots=True, eq=False)
class Scope:
    """An element around a block, and what stands around that: `parent` is None at the root.

    Two elements are never equal, however alike they look. Nobody changes one. `bits` says which
    of the tags asked for most it has, or those around it.
    """

    tag: str
    names: frozenset[str]
    parent: Scope | None
    depth: int
    bits: int


class Link(NamedTuple):
    """A link inside a block: its words, and its address as written on a page at `base`."""

    text: str
    href: str
    base: str | None = None

    @property
    def url(self) -> str:
        """The absolute address."""
        return absolute(self.base, self.href)


@lru_cache(maxsize=256)
def _bits(names: tuple[str, ...]) -> int:
    """Return the bits of tags, 0 if one of the names has none."""
    return sum(_BITS[name] for name in set(names)) if _BITS.keys() >= set(names) else 0


# Not frozen for the same reason.
@dataclass(slots=True, unsafe_hash=True)
class Block:
    """One paragraph, heading, list item or line: clean text without line breaks, never empty.

    An item of a list begins with `- `, in HTML as in text. `scope` is None for plain text.
    `times` is what `<time datetime=…>` elements in it state, and what they did before there were
    such elements, `<abbr class="published" title=…>` (hAtom). Nobody changes one.
    """

    text: str
    scope: Scope | None = None
    links: tuple[Link, ...] = ()
    times: tuple[str, ...] = ()

    def inside(self, *names: str) -> bool:
        """Tell whether an element around the block has one of the tags, `.classes` or `#ids`."""
        scope = self.scope
        bits = _bits(names)
        if bits:
            return scope is not None and scope.bits & bits != 0
        while scope is not None:
            if scope.tag in names or not scope.names.isdisjoint(names):
                return True
            scope = scope.parent
        return False


_OF_ADDRESS = frozenset(("url", "blocks"))  # what of a page differs where it stands elsewhere


@dataclass(frozen=True)
class Page:
    """What was fetched: its final address, its decoded body, and what kind of text that is."""

    url: str | None
    body: str
    media: Literal["html", "text", "json", "xml"] = "html"

    @cached_property
    def tree(self) -> lxml.html.HtmlElement:
        """The parsed page; an empty document where nothing can be parsed."""
        return parse_html(self.body)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order."""
        if self.media == "text":
            return tuple(text_blocks(self.body))
        return tuple(html_blocks(self.tree, self.url))

    @cached_property
    def structured(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD object of the page, `@graph` unfolded; broken ones are left out."""
        return tuple(one for script in self._scripts for one in script.objects())

    @property
    def broken(self) -> tuple[str, ...]:
        """The JSON-LD of the page that cannot be parsed, as it is written."""
        return tuple(script.text for script in self._scripts if script.data is None)

    @cached_property
    def _scripts(self) -> tuple[metadata.Script, ...]:
        return tuple(metadata.json_ld(self.tree)) if self.media == "html" else ()

    @cached_property
    def metas(self) -> dict[str, str]:
        """`<meta name|property|itemprop> -> content`, the first of each name, names lower-cased."""
        return metadata.metas(self.tree) if self.media == "html" else {}

    @property
    def canonical(self) -> str | None:
        """The address the page calls its own (`rel=canonical`), absolute."""
        href = metadata.canonical(self.tree) if self.media == "html" else None
        return absolute(self.url, href) if href else None

    def at(self, url: str) -> Page:
        """Return the page as one that stands at an address; all but its links is read only once."""
        page = replace(self, url=url)
        known = {name: value for name, value in vars(self).items() if name not in _OF_ADDRESS}
        vars(page).update(known)
        return page

    @property
    def locale(self) -> str:
        """The page's stated language (BCP 47), lower-cased, '' without one."""
        return metadata.locale(self.tree) if self.media == "html" else ""

    @property
    def language(self) -> str | None:
        """The primary subtag of the page's stated language (BCP 47), lower-cased."""
        return primary(self.locale) if self.locale else None

    def select(self, css: str) -> list[lxml.html.HtmlElement]:
        """Return the elements a CSS selector finds, in document order."""
        return selectors.select(self.tree, css)

    def line(self, css: str) -> str:
        """Return the words of the first element a CSS selector finds that has any, else ''."""
        return next((words for node in self.select(css) if (words := words_of(node))), "")


def text_blocks(text: str) -> Iterator[Block]:
    """Yield a block for each line of a plain text that has words."""
    for line in text.splitlines():
        words = clean_line(line)
        if words:
            yield Block(words)


def html_blocks(tree: lxml.html.HtmlElement, base: str | None) -> list[Block]:
    """Return the blocks of a tree. `base` makes links absolute; without it they stay as written.

    No link holds another: where the next begins a link ends, and a tree that is one.
    """
    flow = _Flow(base)
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, node in walk:
        if event == "start":
            if node.tag in _SILENT or flow.depth >= _DEEPEST:
                walk.skip_subtree()
                flow.skipping = True
            elif node.tag == "a" == tree.tag and node is not tree:
                break
            else:
                flow.enter(node)
        else:
            # What stands behind the tree is no part of it.
            flow.leave(node, None if node is tree else node.tail)
    flow.flush()
    return flow.blocks


class _Flow:
    """Gathers running text until a block ends. `depth` counts the open elements."""

    def __init__(self, base: str | None) -> None:
        self.base = base
        self.blocks: list[Block] = []
        self.depth = 0
        self.skipping = False
        self._scope: Scope | None = None
        # The innermost element around all words of the block so far.
        self._around: Scope | None = None
        self._words: list[str] = []
        self._links: list[Link] = []
        self._times: list[str] = []
        # The open link: its address, where its words begin, whether they began in this block.
        self._href, self._start, self._is_whole = "", 0, False

    def enter(self, node: etree._Element) -> None:
        self.depth += 1
        tag = node.tag
        if tag not in _INLINE:
            self.flush()
        outer = self._scope
        bits = _BITS.get(tag, 0) | (outer.bits if outer else 0)
        self._scope = Scope(tag, _names(node), outer, self.depth, bits)
        if tag == "a":
            self._end_link()
            self._href, self._start, self._is_whole = node.get("href") or "", len(self._words), True
        elif tag == "li":
            self._words.append(LIST_MARK)
        elif tag in _HEADINGS and self._words[:1] == [LIST_MARK]:
            # Layouts hold their parts in lists; a heading is no item of one.
            del self._words[0]
        elif tag == "time" and node.get("datetime"):
            self._times.append(node.get("datetime", ""))
        elif tag == "abbr" and node.get("title") and _PUBLISHED.search(node.get("class") or ""):
            self._times.append(node.get("title", ""))
        self.add(node.text)

    def leave(self, node: etree._Element, behind: str | None) -> None:
        if self.skipping:
            # A silent element was never entered; only the text behind it counts.
            self.skipping = False
            self.add(behind)
            return
        if node.tag == "a":
            self._end_link()
        if node.tag not in _INLINE:
            self.flush()
        self.depth -= 1
        self._scope = self._scope.parent if self._scope else None
        self.add(behind)

    def _end_link(self) -> None:
        words = clean_line("".join(self._words[self._start :])) if self._href else ""
        # A link that ended with an earlier block has been given to that block already.
        if self._href and (self._is_whole or words):
            self._links.append(Link(words, self._href, self.base))
        self._href = ""

    def add(self, text: str | None) -> None:
        if text:
            self._words.append(text)
            if self._around is not self._scope and not text.isspace():
                self._around = _common(self._around, self._scope) if self._around else self._scope

    def flush(self) -> None:
        if not self._words:
            return
        marked = self._words[0] is LIST_MARK
        # Most of what stands between elements is white space, with nothing around it and no mark.
        has_words = self._around is not None or self._words.count(LIST_MARK) > marked
        words = clean_line("".join(self._words[marked:])) if has_words else ""
        if words:
            # A link around several blocks belongs to each of them.
            if self._href:
                self._links.append(Link(words, self._href, self.base))
            line = LIST_MARK + words if marked else words
            self.blocks.append(Block(line, self._around, tuple(self._links), tuple(self._times)))
            self._words, self._links, self._times, self._around = [], [], [], None
            self._start, self._is_whole = 0, False
        elif not marked:
            self._words, self._start = [], 0


def _names(node: etree._Element) -> frozenset[str]:
    """Return an element's classes as `.name`, its id as `#name`, `.hidden` if it is not shown."""
    if not node.keys():
        return _NAMELESS  # as most elements
    classes, own, style = node.get("class"), node.get("id"), node.get("style")
    is_hidden = node.get("hidden") is not None or (style and _HIDDEN.search(style))
    if not classes and not own and not is_hidden:
        return _NAMELESS
    given = (n for n in (classes or "").split() if len(n) <= _LONGEST_NAME)
    names = [f".{name}" for name in islice(given, _MOST_NAMES)]
    if own and len(own) <= _LONGEST_NAME:
        names.append(f"#{own}")
    if is_hidden:
        names.append(".hidden")
    return frozenset(names)


def _common(one: Scope, other: Scope | None) -> Scope | None:
    """Return the innermost element that is around both."""
    left: Scope | None = one
    right = other
    while left is not right and left and right:
        if left.depth >= right.depth:
            left = left.parent
        else:
            right = right.parent
    return left if left is right else None


def words_of(node: etree._Element) -> str:
    """Return the words of an element on one line, as its blocks would give them.

    >>> from lxml.html import fragment_fromstring
    >>> words_of(fragment_fromstring("<p><a>In <b>the</b> link</a> and behind it</p>")[0])
    'In the link'
    """
    if not len(node) and (node.tag in _INLINE or node.tag in _HEADINGS):
        return clean_line(node.text or "")  # as most links of a page
    return " ".join(block.text for block in html_blocks(node, None))
