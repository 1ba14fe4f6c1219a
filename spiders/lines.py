"""What a line of a page says itself of its date: a stamp, a byline, another thing's day. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from spiders.date_words import WEEKDAY, WORDED, is_dated, may_tell_otherwise
from spiders.prose import around

if TYPE_CHECKING:
    from spiders.blocks import Block

SHORT = 90
"""Characters of a line that may date an article; a longer one tells a story of its own."""

CHANGED = "says when the page was changed"
OTHERWISE = "says that it tells of something else"

# Words in class names and ids of a line that says who wrote an article, and when.
_BYLINE = re.compile(
    r"(?:^|[-_ .#])(?:meta|info|byline|date|time|posted|publish\w*|publication|timestamp|datum"
    r"|fecha|submitted)(?:$|[-_ ])",
    re.IGNORECASE,
)
_NAMED_WITHIN = 3  # elements around a line whose names tell of the line
_BARE = re.compile(r"[\d.]+")
# A bare day before a small letter begins a sentence.
_STAMP = re.compile(
    r"(?:\(\d\d?[.]\d\d?[.]\d{4}(?:,?\s+\d\d?:\d\d)?\)|\d\d?[.]\d\d?[.]\d{4},?\s+\d\d?:\d\d"
    r"|\d\d?[.]\d\d?[.]\d{4}(?=\s+(?:[-–—|„“”\"«]|[^\W\d_])))(?=\s)"
)
# What stands before the last day of several.
_SPAN = re.compile(r"(?:\d\.?\s*[-–—]|\b(?:bis|until|till|through|до|по))\s*$", re.IGNORECASE)
_SENTENCE = 6  # words
# What is told beside a date, in words that have so many small letters: names and `by` have fewer.
_TOLD = 4
_FEW_TOLD, _MANY_TOLD = 2, 3
_SUBTITLES = ("h2", "h3", "h4", "h5", "h6")
_LITTLE = 12  # characters: "Published: "
_PARTING = "|·•/–—-,()"
_FIELD = re.compile(r"[|·•/]|\s[–—-]\s")
# How journals end a post: "This entry was posted on Monday, 3 December 2011 at 10:00 and is …".
_OF_POST = re.compile(
    r"(?:th(?:is|e) (?:entry|post|article|story|page)|diese[rs]? (?:artikel|beitrag|eintrag|text)"
    r"|cet(?:te)? (?:article|entrée|billet)|est[ea] (?:artículo|entrada|artigo|noticia)"
    r"|quest[oa] (?:articolo|voce)|эта (?:запись|статья|публикация)|цей (?:запис|матеріал)"
    r"|posted|published|written|veröffentlicht|geschrieben|publié|publicado|pubblicato"
    r"|опубликован[оа])\b",
    re.IGNORECASE,
)
# `Karlsruhe, (12.3.2026). Text`, `NEW YORK, March 12, 2026 – Text`, `Minsk, 12 March 2026 /Wire/`.
_LEAD = re.compile(
    r"(?P<place>[^\W\d_][^\d,;:()!?\"„“«]{1,40}),?\s+\(?(?:den\s|le\s)?"
    r"(?P<date>(?:\d|[^\W\d_]{3,12}\.?\s\d)[^()–—:/|]{4,28}?)\)?[.,]?\s*(?:[–—:/|(]|-\s|(?<=[).]\s))"
)
_NO_PLACE = re.compile(
    rf"{WEEKDAY.pattern}|^(?:on|in|at|by|since|from|until|am|im|vom|seit|bis|le|au|en|el|il|al|on)\b",
    re.IGNORECASE,
)
_LONG = 400
_BEFORE, _BEHIND = 110, 60  # characters between a word of publication and its date


class Said(NamedTuple):
    """What of a block may date an article: words with a date, and what `<time>` states.

    `otherwise` is why they tell of something else, '' if they do not; `is_of_post` is true of a
    sentence that says when the post above it was published, `is_lead` of a place and day that open
    a text.
    """

    words: str
    times: tuple[str, ...] = ()
    otherwise: str = ""
    is_of_post: bool = False
    is_lead: bool = False


def said(block: Block, *, is_near: bool) -> Said:
    """Return what of a block may date an article; of long ones only what opens one near the title.

    `is_near` is whether the block stands there.
    """
    text = block.text
    if len(text) <= SHORT:
        if not block.times and not is_dated(text):
            return _NOTHING
        part, times, otherwise = of_publication(text, block.times)
        return Said(part if is_dated(part) else "", times, otherwise)
    if part := of_post(text):
        return Said(part, is_of_post=True)
    part = glued(text) if is_near else ""
    if is_near and not part and (part := of_lead(text)):
        return Said(part, is_lead=True)
    if not part and not block.times:
        return _NOTHING
    _, times, otherwise = of_publication(text[:SHORT], block.times)
    return Said(part, times, otherwise)


_NOTHING = Said("")


def of_publication(line: str, times: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
    """Return what of a line and of its times may tell of publication, and why if none of it does.

    A word holds for the dates behind it, up to the next word. Of two times one is the change's.
    """
    words = list(WORDED.finditer(line)) if may_tell_otherwise(line) else []
    if all(word["publication"] for word in words):
        return line, times, ""
    ends = [word.start() for word in words[1:]] + [len(line)]
    for word, end in zip(words, ends, strict=True):
        part = line[word.start() : end]
        if word["publication"] and (is_dated(part) or len(times) > 1):
            return part, times[-1:] if words[0]["change"] else times[:1], ""
    above = line[: words[0].start()]
    if is_dated(above):
        return above, times[:1], ""
    return line, times, CHANGED if any(word["change"] for word in words) else OTHERWISE


def of_post(text: str) -> str:
    """Return the part of a long line that says when what stands above was published, else ''."""
    if len(text) > _LONG or not _OF_POST.match(text):
        return ""
    word = WORDED.search(text)
    if word is None or not word["publication"]:
        return ""
    behind = text[word.start() : word.end() + _BEHIND]
    before = text[max(0, word.start() - _BEFORE) : word.end()]
    return next((part for part in (behind, before) if is_dated(part)), "")


def of_lead(text: str) -> str:
    """Return the day behind the place that opens a text, as news and releases begin, else ''.

    >>> of_lead("NEW YORK, March 12, 2026 – The harbour of the city gets a second crane.")
    'March 12, 2026'
    """
    found = _LEAD.match(text)
    if not found or not is_dated(found["date"]) or _NO_PLACE.search(found["place"]):
        return ""
    words = found["place"].split()
    return found["date"] if all(word[0].isupper() for word in words) else ""


def glued(text: str) -> str:
    """Return the stamp in digits that opens a long line, '' without one.

    A month's name there opens a sentence about the event.
    """
    found = _STAMP.match(text)
    if not found or (_BARE.fullmatch(found[0]) and text[found.end() :].lstrip()[:1].islower()):
        return ""
    return found[0]


def is_of_event(block: Block, raw: str) -> bool:
    """Tell whether a date ends a span of days, or stands in a sentence, ended or not."""
    before, _, behind = block.text.partition(raw)
    if len(block.text) > SHORT or is_byline(block):
        return False
    rest = f"{before} {behind}".split()
    if _SPAN.search(before) or (len(rest) >= _SENTENCE and rest[-1][-1] in ".!?…"):
        return True
    before, behind = before.rstrip(), behind.strip()
    # A title may name its day; what opens a line, or ends it behind a mark, is a stamp.
    if block.inside("h1") or not before or (not behind and before[-1] in _PARTING):
        return False
    return _is_told(f"{_FIELD.split(before)[-1]} {_FIELD.split(behind)[0]}", block)


def _is_told(words: str, block: Block) -> bool:
    """Tell what is said in words of its own from names of people, places and sections."""
    return is_sentence(words, _FEW_TOLD if block.inside(*_SUBTITLES) else _MANY_TOLD)


def is_sentence(words: str, enough: int = _MANY_TOLD) -> bool:
    """Tell words that tell something: enough of them are no names, nor little words beside names.

    >>> is_sentence("by Lee Moor in Politics"), is_sentence("the minister met his guests from")
    (False, True)
    """
    return sum(map(_is_small, words.split())) >= enough


def _is_small(word: str) -> bool:
    return word[0].islower() and len(word) >= _TOLD


def is_told_apart(block: Block, raw: str) -> bool:
    """Tell whether a line says when from the moment of reading, and not in a sentence.

    Little stands beside `3 days ago`, or names alone, or a mark parts it from the rest; in a
    heading little.
    """
    before, _, behind = block.text.partition(raw)
    before, behind = before.rstrip(), behind.strip(" .")
    if len(before) + len(behind) <= _LITTLE:
        return True
    if block.inside("h2", "h3", "h4", "h5", "h6"):
        return False
    if is_byline(block):
        return True
    beside = f"{_FIELD.split(before + ' ')[-1]} {_FIELD.split(' ' + behind)[0]}"
    is_end = not before or not behind or behind[0] in _PARTING
    return is_end and not any(map(_is_small, beside.split()))


def says_publication(line: str) -> bool:
    """Tell whether a line says itself that something was published."""
    return any(word["publication"] for word in WORDED.finditer(line[:SHORT]))


def is_byline(block: Block) -> bool:
    """Tell a line whose name, or a word in it, says that it tells when an article appeared."""
    if len(block.text) <= SHORT and says_publication(block.text):
        return True
    holders = islice(around(block.scope), _NAMED_WITHIN)
    return any(_is_of_byline(name) for scope in holders for name in scope.names)


@lru_cache(maxsize=8192)
def _is_of_byline(name: str) -> bool:
    # A site uses the same few hundred names on every page.
    return _BYLINE.search(name) is not None
