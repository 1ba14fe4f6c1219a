"""What is the same item, and what counts as a change. Pure.

Three rules run through this page. A reading is believed according to where it stood: an
article's own page before a feed entry, a feed entry before the card of a list; dates have an order
of their own (`db.belief`). Known is never replaced by unknown. White space is no difference.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, overload

from db import belief
from db.model import (
    Absence,
    Article,
    Basis,
    Candidate,
    Change,
    ChangeKind,
    Known,
    TextBasis,
    TitleBasis,
)

if TYPE_CHECKING:
    from datetime import datetime

ENOUGH = 200
"""Characters of folded text from which on two equal texts are the same item."""

_TEXT_BELIEF = {basis: -rank for rank, basis in enumerate(TextBasis)}
_TITLE_BELIEF = {basis: -rank for rank, basis in enumerate(TitleBasis)}
# What a kept page cannot have said, so what it does not say is no evidence against it.
_ELSEWHERE = belief.LISTED | {Basis.UNKNOWN}
# White space but for the space and the line feed.
_RARE_SPACE = (
    "\t\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def fingerprint(article: Article) -> str:
    """Return what tells one state of an article from another: title, text and date.

    >>> from db.model import TextBasis, TitleBasis
    >>> def say(text: str) -> Article:
    ...     return Article(url=None, source="s", title="T", title_basis=TitleBasis.PAGE,
    ...                    text=text, text_basis=TextBasis.PAGE)
    >>> fingerprint(say("two  words")) == fingerprint(say("two words"))
    True
    >>> fingerprint(say("two words")) == fingerprint(say("Two words"))
    False
    """
    when = article.dateline.when
    parts = (_folded(article.title), _folded(article.text), when.isoformat() if when else "")
    return _digest(parts)


def evidence(article: Article) -> str | None:
    """Return a digest that two readings share only if they are the same item.

    None if the text is too short to prove it. An item without an address has nothing else to be
    known by, so there any text will do. Case and compatibility forms make no difference here.
    """
    text = _normal(article.text)
    if article.url is not None and len(text) < ENOUGH:
        return None
    return _proof(article.title, article.text)


def is_same(standing: Article, reading: Article) -> bool:
    """Tell whether two readings that share a guid at two addresses are one item.

    If not, the source uses the guid for two things and it is no evidence of anything.
    """
    if standing.text_basis is reading.text_basis:
        return _normal(standing.text) == _normal(reading.text)
    return _normal(standing.title) == _normal(reading.title)


def merge(standing: Article, reading: Article) -> Article:
    """Return what shall stand after a new reading of an article: of each fact the better.

    The address and the source stay those of the first reading. A page read again replaces what
    it says anew; a card or feed entry only fills what is missing.
    """
    again = reading.text_basis is standing.text_basis is TextBasis.PAGE
    prevails = again or _TEXT_BELIEF[reading.text_basis] > _TEXT_BELIEF[standing.text_basis]
    newer, older = (reading, standing) if prevails else (standing, reading)
    words = standing if again and _folded(standing.text) == _folded(reading.text) else newer
    title = _better_title(standing, reading, prevails=prevails)
    return Article(
        url=standing.url or reading.url,
        source=standing.source,
        guid=newer.guid or older.guid,
        title=title.title,
        title_basis=title.title_basis,
        summary=newer.summary or older.summary,
        text=words.text,
        text_basis=words.text_basis,
        section=newer.section or older.section,
        authors=newer.authors or older.authors,
        language=newer.language or older.language,
        tags=newer.tags or older.tags,
        attachments=newer.attachments or older.attachments,
        dateline=belief.better(
            standing.dateline,
            reading.dateline,
            again=prevails,
            same_source=reading.source == standing.source,
        ),
    )


@overload
def compare(known: None, article: Article, now: datetime) -> Change: ...
@overload
def compare(known: Known, article: Article, now: datetime) -> Change | None: ...
def compare(known: Known | None, article: Article, now: datetime) -> Change | None:
    """Return what changed, or None. `article` is a reading, or better what `merge` made of it.

    Stronger words than those known complete the item; weaker ones change nothing. Only a page
    read again can be an edit: of its title (unless it now stands elsewhere), its text, or its date
    (`belief.is_edit`).
    """
    if known is None:
        return _change(ChangeKind.NEW, article, None, (), now)
    strength = _TEXT_BELIEF[article.text_basis] - _TEXT_BELIEF[known.text_basis]
    fields = _differences(known, article)
    if strength > 0:
        return _change(ChangeKind.COMPLETED, article, known, fields, now)
    if fields and strength == 0 and article.text_basis is TextBasis.PAGE:
        return _change(ChangeKind.EDITED, article, known, fields, now)
    return None


def not_taken(
    standing: Article, reading: Article, merged: Article, change: Change | None
) -> Candidate | None:
    """Return the date that `merge` did not take and that no version keeps, None without one."""
    replaced = belief.said(standing.dateline) != belief.said(merged.dateline)
    if replaced and change is not None and change.kind is ChangeKind.EDITED:
        return None
    other = standing.dateline if replaced else reading.dateline
    if other.when is None or belief.said(other) == belief.said(merged.dateline):
        return None
    if replaced:
        return Candidate(dateline=other, rejected=belief.STOOD)
    # Better known and not taken for all that: only a list of another source is.
    strange = belief.belief(other) > belief.belief(merged.dateline)
    return Candidate(dateline=other, rejected=belief.STRANGE if strange else belief.AGAIN)


def absent(
    kind: ChangeKind, known: Known, article: Article, absence: Absence, now: datetime
) -> Change:
    """Return the change of an item that is `gone`, or `back` after that absence."""
    return replace(_change(kind, article, known, (), now), absence=absence)


def correct(standing: Article, reading: Article) -> Article:
    """Return what shall stand after better rules read an article's own page, once kept, anew.

    What they read replaces what stood, for it was read from the same bytes. What they do not find
    stays, but for a date that had stood on the page: that was a mistake. A date known from
    elsewhere is replaced by a better one only. Words of a feed or list have no say over those of
    a page.
    """
    if _TEXT_BELIEF[reading.text_basis] < _TEXT_BELIEF[standing.text_basis]:
        return merge(standing, reading)
    dateline = reading.dateline
    if standing.dateline.basis in _ELSEWHERE:
        dateline = belief.better(standing.dateline, dateline, again=True, same_source=True)
    elif not dateline.place:
        dateline = replace(dateline, place=standing.dateline.place)
    titled = reading if reading.title else standing
    return Article(
        url=standing.url or reading.url,
        source=standing.source,
        guid=standing.guid or reading.guid,
        title=titled.title,
        title_basis=titled.title_basis,
        summary=reading.summary or standing.summary,
        text=reading.text or standing.text,
        text_basis=reading.text_basis,
        section=reading.section or standing.section,
        authors=reading.authors or standing.authors,
        language=reading.language or standing.language,
        tags=reading.tags or standing.tags,
        attachments=reading.attachments or standing.attachments,
        dateline=dateline,
    )


def compare_correction(known: Known, article: Article, now: datetime) -> Change | None:
    """Return what a correction changed of the words or the date, None if nothing of them.

    A page that could not be read before completes its item, as ever.
    """
    change = compare(known, article, now)
    if change is not None and change.kind is ChangeKind.COMPLETED:
        return change
    differs = {
        "title": _folded(article.title) != _folded(known.title),
        "text": _folded(article.text) != _folded(known.text),
        "dateline": article.dateline.when != known.dateline.when,
    }
    fields = tuple(name for name, does in differs.items() if does)
    return _change(ChangeKind.CORRECTED, article, known, fields, now) if fields else None


def differing(one: Article, other: Article) -> tuple[str, ...]:
    """Return the names of all fields in which two articles differ, white space aside."""
    return tuple(
        name
        for name in Article.__slots__
        if _plain(getattr(one, name)) != _plain(getattr(other, name))
    )


def _better_title(standing: Article, reading: Article, *, prevails: bool) -> Article:
    """Choose whose title stands: where it stood decides, then whose words prevail."""
    gain = _TITLE_BELIEF[reading.title_basis] - _TITLE_BELIEF[standing.title_basis]
    other = _folded(reading.title) != _folded(standing.title)
    replaces = reading.title and (gain > 0 or (gain == 0 and prevails and other))
    return reading if replaces else standing


def _differences(known: Known, article: Article) -> tuple[str, ...]:
    fields = []
    told = article.title_basis is known.title_basis and known.title_basis is not TitleBasis.DERIVED
    if told and _folded(article.title) != _folded(known.title):
        fields.append("title")
    if _folded(article.text) != _folded(known.text):
        fields.append("text")
    if belief.is_edit(known.dateline, article.dateline):
        fields.append("dateline")
    return tuple(fields)


def _change(
    kind: ChangeKind,
    article: Article,
    known: Known | None,
    fields: tuple[str, ...],
    now: datetime,
) -> Change:
    return Change(
        kind=kind,
        article=article,
        fingerprint=fingerprint(article),
        known=known,
        fields=fields,
        seen_at=now,
    )


def _plain(value: object) -> object:
    return _folded(value) if isinstance(value, str) else value


# One reading is folded by several questions in a row; the store asks about one at a time.
@lru_cache(maxsize=32)
def _folded(text: str) -> str:
    plain = text.replace("\n", " ")
    # Most texts hold single spaces only; to look for each other kind is quicker than to split.
    if "  " in plain or any(map(plain.__contains__, _RARE_SPACE)):
        return " ".join(text.split())
    return plain.strip(" ")


@lru_cache(maxsize=32)
def _normal(text: str) -> str:
    # Case has no part in white space, so it may come last, after what most texts share.
    return _folded(unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=32)
def _proof(title: str, text: str) -> str:
    return _digest((_normal(title), _normal(text)))


def _digest(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
