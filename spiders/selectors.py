"""Selectors: the CSS of our own rules; of a config CSS, or XPath 1.0 if there is a `/`. Pure.

The only module that knows cssselect.
"""

from __future__ import annotations

from functools import lru_cache

from cssselect import GenericTranslator, SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.etree import ElementBase
from lxml.html import HtmlElement


def select(tree: HtmlElement, css: str) -> list[HtmlElement]:
    """Return the elements that CSS finds in a page, in document order."""
    # XPath may give other things than elements; a selector made of CSS never does.
    found = _selector(css)(tree)
    nodes = found if isinstance(found, list) else []
    return [node for node in nodes if isinstance(node, HtmlElement)]


@lru_cache(maxsize=256)
def _selector(css: str) -> CSSSelector:
    # Translating a selector costs more than finding what it selects.
    return CSSSelector(css, translator="html")


def checked(selector: str) -> str:
    """Return a selector that can be read; raise ValueError in plain words for another."""
    try:
        etree.XPath(_xpath(selector))
    except (etree.XPathSyntaxError, SelectorError) as error:
        raise ValueError(f'"{selector}" is neither CSS nor XPath 1.0: {error}') from None
    return selector


def find(node: etree._Element, selector: str) -> list[etree._Element]:
    """Return the elements that a selector finds below an element; text and numbers are none."""
    found = node.xpath(_xpath(selector))
    return [one for one in found if isinstance(one, ElementBase)] if isinstance(found, list) else []


def _xpath(selector: str) -> str:
    return selector if "/" in selector else GenericTranslator().css_to_xpath(selector)
