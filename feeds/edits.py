"""Pure: edits as entries of a feed of their own, each with the words that it changed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from db.diff import READ, as_html, diff, excerpt
from db.words import clean, clean_line
from feeds.body import display_title, sanitise
from feeds.render import Board, Note
from feeds.wording import dateline_words, utc_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from db.model import Change, Entry, Stored

_NAMESPACE: Final = UUID("0f6b4f0e-3a55-5d0b-8a4e-3f5ad1a5b6c2")


def board(edits: Callable[[], Iterable[tuple[Stored[Change], Entry]]]) -> Board:
    """Return the feed of edits. An edit is told with the article as it left it.

    `edits` is asked, and words are compared, when the feed is rendered: what fails is that feed.
    """
    return Board(
        name="edits",
        title="Dateline: edits",
        description="What sources changed in items that were known already, word by word",
        notes=lambda: tuple(_note(edit, entry) for edit, entry in edits()),
    )


def _note(edit: Stored[Change], entry: Entry) -> Note:
    article = entry.article
    return Note(
        # An article may be edited often: an id for each time, as permanent as the article's own.
        id=uuid5(_NAMESPACE, f"{entry.feed_id}/{edit.id}").urn,
        title=f"Edited: {display_title(article.title)}",
        html=sanitise("\n".join(_paragraphs(edit.value, entry))),
        source=clean_line(article.source),
        at=edit.value.seen_at,
        address=article.url,
    )


def _paragraphs(edit: Change, entry: Entry) -> Iterator[str]:
    article, known = entry.article, edit.known
    if known and known.title != article.title:
        pieces = diff(clean_line(known.title), clean_line(article.title))
        yield f"<p>Title: {as_html(pieces)}</p>"
    if known and known.text != article.text:
        pieces = excerpt(diff(clean(known.text)[:READ], clean(article.text)[:READ]))
        yield f"<p>{as_html(pieces)}</p>"
    told = (
        f"Changed: {', '.join(edit.fields)}",
        f"Edit seen: {utc_words(edit.seen_at)}",
        f"Published: {dateline_words(article.dateline, first_seen=entry.first_seen)}",
        f"Source: {clean_line(article.source)}",
    )
    yield f"<p><small>{'<br>'.join(map(escape, told))}</small></p>"
