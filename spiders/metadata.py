"""What a page states of itself for machines: JSON-LD, `<meta>`, address and language. Pure.

It reads what is written; what of that is believed is the business of those who ask.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from db.words import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

# What templates leave in JSON: the wrapping of old scripts, a comma behind the last of a list.
_AROUND = re.compile(r"(?://|/\*)?\s{0,9}(?:<!\[CDATA\[|\]\]>|<!--|-->)\s{0,9}(?:\*/)?|;\s{0,9}$")
_TRAILING = re.compile(r",(\s{0,99}[}\]])")


class Script(NamedTuple):
    """A script of JSON-LD: its text as written, and its data, None where it cannot be parsed."""

    text: str
    data: Any

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield every object of it in reading order, what stands in lists and `@graph` as well."""
        # The last of these is read next.
        waiting: list[Any] = [self.data]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting.extend(reversed(value))
            elif isinstance(value, dict):
                graph = value.get("@graph")
                waiting.extend(reversed(graph) if isinstance(graph, list) else ())
                yield value


def json_ld(tree: etree._Element) -> Iterator[Script]:
    """Yield the scripts of JSON-LD in a page."""
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json":
            text = script.text or ""
            data = _parsed(text) or _parsed(_AROUND.sub("", _TRAILING.sub(r"\1", text)))
            yield Script(text, data)


def metas(tree: etree._Element) -> dict[str, str]:
    """Return `<meta name|property|itemprop> -> content`, the first of each name lower-cased."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = clean_line(meta.get("content") or "")
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def canonical(tree: etree._Element) -> str | None:
    """Return the address a page calls its own (`rel=canonical`), as it is written."""
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            return link.get("href")
    return None


def locale(tree: etree._Element) -> str:
    """Return the language a page states (BCP 47), lower-cased, '' without one."""
    stated = tree.get("lang") or tree.get("xml:lang") or ""
    return stated.strip().lower().replace("_", "-")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
