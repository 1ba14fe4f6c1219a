"""Finding the cards of a list by the links they hold. Pure.

A card is the widest element around a link to an article that holds no link to another article.
So a list is read without knowing a class name, and keeps being read when the names change.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spiders.blocks import html_blocks, words_of
from spiders.extract import parts_of
from spiders.parsing import absolute

if TYPE_CHECKING:
    from lxml import etree

    from spiders.blocks import Block, Page
    from spiders.site import Site

# A list with a single card would otherwise swallow the whole page.
_WIDEST = frozenset(("body", "main", "html", "section"))
_HIGHEST = 6
MOST_LINKS = 2000
"""Links to articles that count, from the top. No list of news is longer; a page of 5 MB that is
nothing but links would cost a dozen seconds."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A card in a list: its canonical address, its elements, and their blocks in reading order.

    `link` is the first link to the article, the one place that is surely inside the card.
    """

    url: str
    link: etree._Element
    nodes: tuple[etree._Element, ...]
    blocks: tuple[Block, ...]

    def words(self, name: str) -> str:
        """Return the words of the first element of this class in the card, '' without one."""
        marked = (found for node in self.nodes for found in node.iter() if name in _classes(found))
        return next((words for found in marked if (words := words_of(found))), "")

    @property
    def headline(self) -> str:
        """The longest words that link to the article, '' where only pictures do."""
        texts = [link.text for block in self.blocks for link in block.links if link.text]
        return max(texts, key=len, default="")


def _classes(node: etree._Element) -> list[str]:
    return (node.get("class") or "").split()


def spots(page: Page, site: Site) -> tuple[Spot, ...]:
    """Return the cards of a list in document order, one for each article address of its host."""
    return around(page, article_links(page, site))


def around(page: Page, links: list[tuple[etree._Element, str]]) -> tuple[Spot, ...]:
    """Return the cards around links, given with their canonical addresses, in their order."""
    owners: dict[etree._Element, set[str]] = {}
    for node, url in links:
        for holder in (node, *node.iterancestors()):
            owners.setdefault(holder, set()).add(url)
    # A picture and a headline may link to one article from two elements side by side.
    found: dict[str, dict[etree._Element, None]] = {}
    first: dict[str, etree._Element] = {}
    for node, url in links:
        first.setdefault(url, node)
        found.setdefault(url, {})[_widest(node, owners)] = None
    return tuple(
        Spot(
            url,
            first[url],
            tuple(nodes),
            tuple(block for node in nodes for block in html_blocks(node, page.url)),
        )
        for url, nodes in found.items()
    )


def article_links(page: Page, site: Site) -> list[tuple[etree._Element, str]]:
    """Return the links to articles of the page's own host, with their canonical addresses."""
    host = parts_of(page.url or "").hostname
    links = []
    for node in page.tree.iter("a"):
        url = absolute(page.url, node.get("href") or "")
        try:
            same = urlsplit(url).hostname == host
        except ValueError:
            continue
        if same and site.is_article(url):
            links.append((node, site.canonical(url)))
            if len(links) == MOST_LINKS:
                break
    return links


def _widest(node: etree._Element, owners: dict[etree._Element, set[str]]) -> etree._Element:
    widest = node
    for holder in islice(node.iterancestors(), _HIGHEST):
        if len(owners[holder]) > 1 or holder.tag in _WIDEST:
            break
        widest = holder
    return widest
