"""Pure: the parts of an article that go into feeds and mails: title, address, text as HTML.

Whatever a stranger wrote is escaped here and then goes through nh3 with a short list of tags, so
that a mistake in the first step is caught by the second.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import nh3

from db.model import TextBasis
from db.words import clean, clean_line
from feeds.wording import absence_words, dateline_words, shorten, utc_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Article, Entry

TITLE_LIMIT: Final = 300
# libxml2 refuses a text node over 10 MB, and every reader downloads every entry again and again.
TEXT_LIMIT: Final = 100_000
_BEFORE_LEAD: Final = 60  # letters and digits
_NO_LETTERS: Final = re.compile(r"\W+")
_ADDRESS_LIMIT: Final = 2_000
_NOT_IN_ADDRESS: Final = re.compile(r"[\s\x00-\x20\x7f<>\"{}|\\^`]")
_TEXT_BASIS: Final = {
    TextBasis.PAGE: "",
    TextBasis.FEED: "from the source's feed, not from the article's own page",
    TextBasis.LISTING: "from the source's list, not from the article's own page",
}
_CLEANER: Final = nh3.Cleaner(
    tags={"p", "a", "strong", "small", "mark", "br", "del", "ins"},
    clean_content_tags={"script", "style"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https"},
    url_relative="deny",
)


def web_address(url: str | None) -> str | None:
    """Return the address if it is an absolute http(s) one that may stand in a link, else None.

    >>> web_address("https://odkb-csto.org/news/1/")
    'https://odkb-csto.org/news/1/'
    >>> web_address("javascript:alert(1)"), web_address("/logout"), web_address("//host/x")
    (None, None, None)
    """
    if not url or len(url) > _ADDRESS_LIMIT or _NOT_IN_ADDRESS.search(url) or clean(url) != url:
        return None
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if fine else None


def display_title(title: str) -> str:
    """Return a title fit for one line of a list: never empty, never endless."""
    return shorten(clean_line(title), TITLE_LIMIT) or "(no title)"


def paragraphs(article: Article) -> tuple[str, ...]:
    """Return the lead and the text as plain paragraphs, what both say once only."""
    text = shorten(clean(article.text), TEXT_LIMIT)
    lead = clean_line(article.summary)
    folded = (" ".join(line.split()) for line in text.splitlines())
    found = tuple(line for line in folded if line)
    said, told = _letters(lead), _letters(" ".join(found))
    # An agency's text may begin with a town, a day and its name, which its lead leaves out.
    if not said or said in told[: len(said) + _BEFORE_LEAD]:
        return found
    return (lead,) if said.startswith(told) else (lead, *found)


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()


def entry_html(entry: Entry) -> str:
    """Return an entry as safe HTML: its paragraphs, its attachments, and how all this is known."""
    article = entry.article
    parts = [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs(article)]
    parts += [
        f'<p>Attachment: <a href="{escape(address)}">{escape(address)}</a></p>'
        for address in map(web_address, article.attachments)
        if address
    ]
    parts.append(f"<p><small>{'<br>'.join(map(escape, _colophon(entry)))}</small></p>")
    return sanitise("\n".join(parts))


def sanitise(html: str) -> str:
    """Return HTML without anything but short text tags and absolute http(s) links."""
    return _CLEANER.clean(html)


def _colophon(entry: Entry) -> Iterator[str]:
    """Yield the lines that say where the entry comes from and what is not known of it."""
    article = entry.article
    published = dateline_words(article.dateline, first_seen=entry.first_seen)
    yield f"Published: {published}"
    if place := clean_line(article.dateline.place or ""):
        yield f"Place: {place}"
    yield f"Source: {clean_line(article.source)}"
    if basis := _TEXT_BASIS[article.text_basis]:
        yield f"Text: {basis}"
    if entry.edits:
        times = "once" if entry.edits == 1 else f"{entry.edits} times"
        yield f"Edited: {times}, last seen {utc_words(entry.changed_at)}"
    if entry.absence:
        yield absence_words(entry.absence)
