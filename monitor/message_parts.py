"""Pure: one alert -> the parts that text, HTML and data are made of, clean and cut to size."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Final

from db.diff import READ, Mark, Piece, diff, excerpt
from db.model import ChangeKind
from db.telling import Passage
from db.words import clean, clean_line
from feeds.body import display_title, paragraphs, web_address
from feeds.wording import absence_words, dateline_words, shorten, utc_words
from monitor.story_words import firsts, length, member_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.model import Article, Edit
    from db.telling import Alert, Member

_TEXT_LIMIT: Final = 2_000
_EXCERPT_LIMIT: Final = 500
_PASSAGES_SHOWN: Final = 12
_PIECES_SHOWN: Final = 60
_PIECE_LIMIT: Final = 1_000
_KINDS: Final = {
    ChangeKind.NEW: "New",
    ChangeKind.EDITED: "Edited",
    ChangeKind.COMPLETED: "Now with its full text",
    ChangeKind.CORRECTED: "Read again by better rules",
    ChangeKind.GONE: "Gone from the source",
    ChangeKind.BACK: "Back at the source",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is told of an alert, in the order it is read; what there is nothing of is empty.

    `facts` are labelled lines. `met_by` names for each passage the watches that met it, and is
    empty where one watch is told of. `edits` holds the pieces of each field that an edit changed.
    `story` says who was first, `members` gives for each member of the story its lines.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    met_by: tuple[str, ...]
    edits: dict[str, tuple[Piece, ...]]
    story: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]
    grounds: tuple[str, ...]
    body: str
    footer: str


def parts_of(alert: Alert, *others: Alert, key: str) -> Parts:
    """Return what is told of an alert, and of others of the same change, in the message `key`."""
    article = alert.entry.article
    met = _met((alert, *others))
    return Parts(
        title=display_title(article.title),
        facts=_facts(alert, *others),
        passages=tuple(map(_tidy, met)),
        met_by=tuple(", ".join(map(clean_line, names)) for names in met.values()) * bool(others),
        edits=_edit(alert.edit),
        story=tuple(_story(alert)),
        members=tuple(_members(alert)),
        grounds=tuple(map(clean_line, _grounds((alert, *others)))),
        body=_excerpt(article, _TEXT_LIMIT),
        footer=f"Alert {clean_line(key)}, sent by Dateline.",
    )


def _met(alerts: Sequence[Alert]) -> dict[Passage, list[str]]:
    """Return the passages to show, and by whom each was met: of every watch as many as fit."""
    chosen: dict[Passage, None] = {}
    for same in zip_longest(*(alert.passages for alert in alerts)):
        chosen.update(dict.fromkeys(passage for passage in same if passage))
    shown = set(islice(chosen, _PASSAGES_SHOWN))
    met: dict[Passage, list[str]] = {}
    for alert in alerts:
        for passage in alert.passages:
            if passage in shown:
                met.setdefault(passage, []).append(alert.watch)
    return met


def _grounds(alerts: Sequence[Alert]) -> Iterator[str]:
    """Give why each alert was told; what holds for one watch of several names it."""
    yield from (said for said in alerts[0].grounds if all(said in one.grounds for one in alerts))
    for alert in alerts:
        for said in alert.grounds:
            if any(said not in one.grounds for one in alerts):
                yield f"{alert.watch}: {said}"


def _facts(alert: Alert, *others: Alert) -> tuple[tuple[str, str], ...]:
    """Return the labelled lines under the title, in the order they are read."""
    entry, article = alert.entry, alert.entry.article
    published = dateline_words(article.dateline, first_seen=entry.first_seen)
    fields = ", ".join(map(clean_line, alert.fields))
    named = (
        ("Source", clean_line(article.source)),
        ("Section", clean_line(article.section or "")),
        ("Link", web_address(article.url) or ""),
        ("Published", published),
        ("First seen", _seen(alert)),
        ("Place", clean_line(article.dateline.place or "")),
        ("Change", _KINDS[alert.kind] + (f": {fields}" if fields else "")),
        ("Edits so far", str(entry.edits) if entry.edits else ""),
        ("Observed", absence_words(alert.absence) if alert.absence else ""),
        *(
            ("Watch", f"{clean_line(one.watch)} ({clean_line(one.query)})")
            for one in (alert, *others)
        ),
    )
    return tuple((label, value) for label, value in named if value)


def _edit(edit: Edit | None) -> dict[str, tuple[Piece, ...]]:
    """Return what an edit changed of the title and of the text, by field."""
    if edit is None:
        return {}
    found = {
        "title": diff(clean_line(edit.old_title), clean_line(edit.title)),
        "text": excerpt(diff(clean(edit.old_text)[:READ], clean(edit.text)[:READ])),
    }
    return {
        name: tuple(
            Piece(piece.mark, shorten(piece.text, _PIECE_LIMIT)) for piece in pieces[:_PIECES_SHOWN]
        )
        for name, pieces in found.items()
        if any(piece.mark is not Mark.SAME for piece in pieces)
    }


def _this(alert: Alert) -> Member | None:
    """Return the item itself among the members of its story."""
    members = alert.story.members if alert.story else ()
    return next((one for one in members if one.feed_id == alert.entry.feed_id), None)


def _seen(alert: Alert) -> str:
    """Say when the item was first seen, and how long before that it may have been out."""
    said = utc_words(alert.entry.first_seen)
    this = _this(alert)
    if this is None or not this.every:
        return said
    return f"{said}; the visit before was {length(this.every)} earlier"


def _story(alert: Alert) -> Iterator[str]:
    if alert.story is not None and alert.story.size > 1:
        yield f"Same story: {alert.story.size} items"
        yield from firsts(alert.story)


def _members(alert: Alert) -> Iterator[tuple[str, ...]]:
    """Give the lines of each member of a story, the item itself among them."""
    this = _this(alert)
    if alert.story is not None and alert.story.size > 1:
        for member in alert.story.members:
            yield tuple(member_lines(alert.story, member, this.id if this else None))


def _tidy(passage: Passage) -> Passage:
    """Return the passage as one clean line, its marks moved with the words they delimit."""
    start, end = passage.start, passage.end
    pieces = (passage.excerpt[:start], passage.excerpt[start:end], passage.excerpt[end:])
    before, words, after = (clean_line(piece) for piece in pieces)
    # Cleaning trims each piece; the space between two words is put back.
    before += " " * bool(before and pieces[0][-1:].isspace())
    after = " " * bool(after and pieces[2][:1].isspace()) + after
    before, words = before[-_EXCERPT_LIMIT:], words[:_EXCERPT_LIMIT]
    return Passage(
        field=clean_line(passage.field),
        excerpt=f"{before}{words}{after[:_EXCERPT_LIMIT]}",
        start=len(before),
        end=len(before) + len(words),
    )


def _excerpt(article: Article, limit: int) -> str:
    return shorten("\n\n".join(paragraphs(article)), limit)
