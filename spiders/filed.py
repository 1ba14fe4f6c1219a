"""Rows of a list that lead to a file: a release that is a PDF is an item like any other. Pure.

The file is an item where it stands in a row of its own. Beside an item's page it belongs to that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from spiders.blocks import html_blocks, words_of
from spiders.extract import is_http, parts_of
from spiders.parsing import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml import etree

    from spiders.blocks import Page
    from spiders.site import Site

    Link = tuple[etree._Element, str]  # noqa: SLF001 - lxml's name for its elements

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|od[pst]|zip|rar|7z|mp[34]|avi)$", re.IGNORECASE)
_MOST = 500  # files that count, from the top
_NEAR = 3  # elements around a link whose names tell where it stands
# Words of a link to a file that say what to do with it, and no headline.
_NO_HEADLINE = re.compile(
    r"\W*(?:download|open|view|full text|attachment|file|pdf|docx?|скача|загруз|открыть|файл|прилож"
    r"|полный текст|спампава|жүктө|жүкте).{0,60}",
    re.IGNORECASE | re.DOTALL,
)


def is_file(url: str) -> bool:
    """Tell whether an address names a file that people open and that is no page.

    >>> is_file("https://example.org/docs/pr-5.PDF?v=2"), is_file("https://example.org/pdf")
    (True, False)
    """
    return is_http(url) and _FILE.search(parts_of(url).path) is not None


def name_of(url: str) -> str:
    """Return what a file is called, for want of other words."""
    return unquote(parts_of(url).path).rpartition("/")[2]


def links(page: Page, site: Site) -> list[Link]:
    """Return the links to files, on whatever host they lie, with their canonical addresses."""
    found = []
    for node in page.tree.iter("a"):
        url = absolute(page.url, node.get("href") or "")
        if is_file(url):
            found.append((node, site.canonical(url)))
            if len(found) == _MOST:
                break
    return found


def together(page: Page, *found: Iterable[Link]) -> list[Link]:
    """Return links in the order of the page."""
    urls = {node: url for some in found for node, url in some}
    return [(node, urls[node]) for node in page.tree.iter("a") if node in urls]


def titles(
    page: Page,
    others: list[Link],
    listed: list[Link],
    name: Callable[[etree._Element], str],
) -> dict[str, str]:
    """Return the titles of the files, or of other links, that are items of a list, by address.

    Such a one has a row among those of other items (`listed` links to them) that is like one of
    them, or its link stands in the same elements; `name` tells one kind of element from another.
    """
    of = _Rows(listed, name)
    found: dict[str, str] = {}
    for link, url in others:
        row = of.row(link)
        if row is not None:
            found[url] = max(found.get(url, ""), _title(link, row, page), key=len)
    return found


def _title(link: etree._Element, row: etree._Element, page: Page) -> str:
    """Return the words that lead to a file, or the longest of its row if they say what to do."""
    words = words_of(link)
    if words and not _NO_HEADLINE.fullmatch(words):
        return words
    told = (block.text.replace(words, "").strip() for block in html_blocks(row, page.url))
    return max(told, key=len, default="")


class _Rows:
    """The rows of a list, by the links to its items, of which there are some."""

    def __init__(self, listed: list[Link], name: Callable[[etree._Element], str]) -> None:
        self._name = name
        self._held: dict[etree._Element, set[str]] = {}
        for node, url in listed:
            for holder in (node, *node.iterancestors()):
                self._held.setdefault(holder, set()).add(url)
        self._places = {self._place(node) for node, _ in listed}
        self._kinds: dict[etree._Element, set[_Kind]] = {}

    def row(self, link: etree._Element) -> etree._Element | None:
        """Return the widest element around a link to a file that holds none to an item."""
        around = list(link.iterancestors())
        place = next(place for place, one in enumerate(around) if one in self._held)
        holder, row = around[place], around[place - 1] if place else link
        if len(self._held[holder]) == 1:
            return None  # it stands in that item's row
        is_like = self._kind(row) in self._rows_in(holder) or self._place(link) in self._places
        return row if is_like else None

    def _rows_in(self, holder: etree._Element) -> set[_Kind]:
        """Return of which kinds the rows in an element are: what holds one item each."""
        if holder not in self._kinds:
            rows = (row for row in holder if len(self._held.get(row, ())) == 1)
            self._kinds[holder] = {self._kind(row) for row in rows}
        return self._kinds[holder]

    def _kind(self, node: etree._Element) -> _Kind:
        # What a link is called may say that it leads to a file.
        return _Kind(node.tag, "" if node.tag == "a" else self._name(node))

    def _place(self, node: etree._Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
        around = list(node.iterancestors())
        return tuple(one.tag for one in around), tuple(map(self._name, around[:_NEAR]))


class _Kind(NamedTuple):
    """What an element is, and what it is called."""

    tag: str
    name: str
