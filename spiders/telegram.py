"""Discovering posts of a public Telegram channel: `https://t.me/s/<channel>`. Pure.

About twenty posts a page, newest last; `?before=<id>` leads to older ones. A post is its own
article: there is no page behind it worth asking for, so it is recorded as the list shows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from db.model import Basis, TextBasis
from db.words import clean
from spiders import dates
from spiders.anysite import AnySite
from spiders.blocks import html_blocks
from spiders.extract import first_sentence, parts_of
from spiders.site import Card, Fetch, Listing

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import etree

    from db.visiting import Source
    from spiders.blocks import Page

_POST = re.compile(r"^[\w-]+/\d+$")
_CHANNEL = re.compile(r"^/(?:s/)?([\w-]+)/?$")


class Telegram(AnySite):
    """Public previews of channels."""

    kind = "telegram"
    hosts = frozenset(("t.me",))
    has_pages = False

    def is_article(self, url: str) -> bool:
        """Tell nothing to be an article's page: posts are read from the list."""
        del url
        return False

    def lists(self, source: Source, now: datetime) -> tuple[Fetch, ...]:
        """Return the preview of each channel, however its address was written."""
        del now
        return tuple(Fetch(url=_preview(url)) for url in source.urls)

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read the posts, newest first as in other lists; older ones follow."""
        posts = page.select("div.tgme_widget_message[data-post]")
        found = [_card(node, page, source, seen) for node in posts]
        numbers = [int(node.get("data-post", "").split("/")[1]) for node in posts if _is_post(node)]
        bare = fetch.url.split("?")[0]
        more = (
            (Fetch(url=f"{bare}?before={min(numbers)}", follows=fetch.follows + 1),)
            if numbers
            else ()
        )
        return Listing(cards=tuple(card for card in reversed(found) if card), more=more)


def _preview(url: str) -> str:
    parts = parts_of(url)
    channel = _CHANNEL.match(parts.path)
    return f"{parts.scheme}://{parts.netloc}/s/{channel[1]}" if channel else url


def _is_post(node: etree._Element) -> bool:
    return bool(_POST.match(node.get("data-post") or ""))


def _card(node: etree._Element, page: Page, source: Source, seen: datetime) -> Card | None:
    if not _is_post(node):
        return None
    text = _text(node, page)
    # A video's length is a `<time>` too, but only a post's moment has `datetime`.
    times = [t.get("datetime") for t in node.iter("time") if t.get("datetime")]
    parts = parts_of(page.url or "https://t.me/")
    post = node.get("data-post", "")
    return Card(
        url=f"{parts.scheme}://{parts.netloc}/{post}",
        guid=post,
        title=first_sentence(text) if text else "",
        text=text,
        dateline=dates.choose(
            dates.stated(times[-1] or "", source.timezone, Basis.LISTING) if times else None,
            seen=seen,
        ),
        basis=TextBasis.FEED,
    )


def _text(node: etree._Element, page: Page) -> str:
    """Return a post's own words, not those of the post it answers."""
    for holder in node.find_class("tgme_widget_message_text"):  # type: ignore[attr-defined]
        if not any(
            "tgme_widget_message_reply" in (h.get("class") or "") for h in holder.iterancestors()
        ):
            return clean("\n\n".join(block.text for block in html_blocks(holder, page.url)))
    return ""


SITE = Telegram()
