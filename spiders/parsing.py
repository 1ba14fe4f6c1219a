"""HTML as servers send it -> a tree, nested as browsers nest it, and addresses made whole. Pure.

libxml2 knows HTML 4. What HTML 5 may leave out, or ends otherwise, is put right here.
"""

from __future__ import annotations

from urllib.parse import urljoin

import lxml.html
from lxml import etree

# What stands in a head. Anything else ends it, with or without a tag that says so.
_IN_HEAD = frozenset((
    "base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style",
    "template", "title",
))  # fmt: skip
# These belong there wherever they stand.
_OF_HEAD = frozenset(("base", "link", "meta", "title"))
_FEW = 50  # elements; a word to browsers without scripts takes less
# What trafilatura and htmldate take; lxml.html itself asks in Python for a class of each element.
_ELEMENTS = etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement)


def parse_html(body: str) -> lxml.html.HtmlElement:
    """Parse what a server calls HTML; whatever cannot be parsed is an empty document."""
    # Bytes, because lxml refuses a str that carries its own encoding declaration.
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ELEMENTS)
    data = body.replace("\0", "").encode("utf-8", "ignore")
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return lxml.html.document_fromstring("<html><body></body></html>")
    _open_up(tree)
    _end_head(tree)
    return tree


def _open_up(tree: lxml.html.HtmlElement) -> None:
    """Let out what `<noscript>` has swallowed.

    To libxml2 an element in it that nobody ends goes on behind it, to the end of the page. Nobody
    puts scripts there on purpose, or most of a page.
    """
    inside = [node for node in tree.iter("noscript") if len(node)]
    most = max(_FEW, tree.xpath("count(.//*)") / 2) if inside else 0
    for node in inside:
        if next(node.iter("script"), None) is not None or node.xpath("count(.//*)") > most:
            node.tag = "div"


def _end_head(tree: lxml.html.HtmlElement) -> None:
    """Put into the body what libxml2 leaves in a head, or in one that no tag began.

    Pages may leave out the tags of both. It knows that `<div>` and `<p>` begin a body, but not that
    `<article>`, `<main>` or an element of the page's own do.
    """
    head = tree.find("head")
    first = next((n for n in head if n.tag not in _IN_HEAD), None) if head is not None else None
    if first is None:
        return
    moved = [first, *(n for n in first.itersiblings() if n.tag not in _OF_HEAD)]
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    moved[-1].tail = (moved[-1].tail or "") + (body.text or "")
    body.text = None
    body[:0] = moved


def absolute(base: str | None, href: str) -> str:
    """Return an address made absolute; one that cannot be parsed stays as written."""
    href = href.strip()
    try:
        return urljoin(base, href) if base and href else href
    except ValueError:
        return href
