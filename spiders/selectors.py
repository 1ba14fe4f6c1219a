"""Selectors of a config: CSS, or XPath 1.0 if there is a `/` in it. Pure.

The only module that knows cssselect.
"""

from __future__ import annotations

from cssselect import GenericTranslator, SelectorError
from lxml import etree
from lxml.etree import ElementBase


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
