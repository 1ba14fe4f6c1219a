"""Pure: the list of all feeds as OPML 2.0, which a feed reader subscribes to at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from feeds.body import display_title, web_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Outline(NamedTuple):
    """A feed: how it is called, where it is read, and the page it belongs to, if any."""

    title: str
    address: str
    home: str | None = None


def opml(title: str, groups: Mapping[str, Iterable[Outline]]) -> bytes:
    """Render OPML: a folder for each group that has feeds, in the order given.

    No date stands in it: the same feeds give the same bytes.
    """
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = display_title(title)
    body = ET.SubElement(root, "body")
    for name, outlines in groups.items():
        feeds = list(outlines)
        if not feeds:
            continue
        folder = ET.SubElement(body, "outline", text=name, title=name)
        for feed in feeds:
            called = display_title(feed.title)
            said = {"type": "rss", "text": called, "title": called, "xmlUrl": feed.address}
            if home := web_address(feed.home):
                said["htmlUrl"] = home
            ET.SubElement(folder, "outline", said)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
