"""Reading a page that nobody wrote rules for: title, date, text, each from its own evidence. Pure.

A field that is not found stays empty. Structured data is believed where the page carries it, then
what a reader sees; trafilatura and htmldate are asked last, and are imported only then.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

from db.model import Basis, Candidate, Dateline, Precision
from db.words import clean, clean_line
from spiders import bylines, candidates, dates, extract, lines, shown, signed, stated
from spiders.body import body
from spiders.counters import is_counter
from spiders.extract import Found
from spiders.marks import elsewhere
from spiders.prose import letters
from spiders.titles import shown_as, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from spiders.blocks import Page
    from spiders.candidates import Verdict
    from spiders.site import Card

# Less is a teaser, a cookie notice or a login form.
_ENOUGH = 140
# A shorter line is no sentence of a text, in characters.
_SENTENCE = 60
_TAGS = re.compile(r"<[^<>]+>")
_TODAY = timedelta(hours=48)


def read(page: Page, zone: str, card: Card | None, seen: datetime) -> tuple[Found, Verdict]:
    """Read the article of a page; `zone` (IANA) holds for times that state none.

    The verdict on the date tells every candidate, the lost ones too.
    """
    news = stated.news_object(page)
    title = title_of(page, _text(news.get("headline")))
    if card and page.media == "html":
        title = shown_as(page, card.title, title)
    outside = elsewhere(page.blocks, title)
    offered = tuple(candidates.of_page(page, zone, seen, title, outside))
    paragraphs = _paragraphs(page, news, title, outside)
    host = extract.parts_of(page.url or "").hostname
    sites = bylines.names_of_site(page.metas.get("og:site_name", ""), host) | _publisher(news)
    language = extract.language_of(" ".join(paragraphs), page.language)
    verdict = candidates.judge(tuple(_candidates(page, zone, card, seen, offered)), seen)
    return (
        Found(
            title=title,
            summary=_summary(page, news),
            paragraphs=_without_stamp(paragraphs, verdict.dateline, zone),
            dateline=verdict.dateline,
            section=bylines.section(_text(news.get("articleSection")), title, sites)
            or bylines.section(page.metas.get("article:section", ""), title, sites),
            authors=_authors(page, news, sites, language)
            or signed.people(page, title, outside, sites, language),
            tags=_tags(page, news),
            language=language,
        ),
        verdict,
    )


def _candidates(
    page: Page, zone: str, card: Card | None, seen: datetime, found: tuple[Candidate, ...]
) -> Iterator[Candidate]:
    if card and card.dateline.when:
        # A list's own word is better than the printed line, and worse than a machine's.
        strong = [c for c in found if c.dateline.basis in (Basis.STRUCTURED, Basis.META)]
        yield from strong
        yield Candidate(dateline=card.dateline)
        yield from (c for c in found if c not in strong)
    else:
        yield from found
    if page.media == "html" and all(c.rejected for c in found):
        guess = _guess(page, zone)
        if guess:
            yield from _confirmed(guess, found, seen)


def _confirmed(
    guess: Dateline, found: tuple[Candidate, ...], seen: datetime
) -> Iterator[Candidate]:
    """Yield the first date on the page if a guess is the same, then the guess, which dates nothing.

    Where a date stands may speak against it; if htmldate takes it for the article's nevertheless,
    two ways of looking agree. What the page says of the date itself is not outvoted.
    """
    if guess.when is None or seen - guess.when < _TODAY:
        yield Candidate(dateline=guess, rejected="may be the day of the visit")
        return
    day = dates.local_day(guess)
    placed = [one for one in found if one.rejected in (shown.ELSEWHERE, shown.FAR)]
    if placed and dates.local_day(placed[0].dateline) == day:
        yield replace(placed[0], rejected="")
    yield Candidate(dateline=guess, rejected="is a guess")


def _guess(page: Page, zone: str) -> Dateline | None:
    """Ask htmldate, whose answer is a day at best and says nothing of where it stood."""
    from htmldate import find_date  # noqa: PLC0415 - half a second that most pages never need

    try:
        found = find_date(
            page.tree, original_date=True, extensive_search=False, outputformat="%Y-%m-%d"
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    day = dates.stated(found, zone, Basis.GUESS) if found else None
    return day if day and day.precision is Precision.DAY else None


def _summary(page: Page, news: dict[str, object]) -> str:
    metas = page.metas
    return (
        _text(news.get("description"))
        or metas.get("og:description")
        or metas.get("description", "")
    )


def _paragraphs(
    page: Page, news: dict[str, object], title: str, outside: tuple[bool, ...]
) -> tuple[str, ...]:
    if page.media != "html":
        return extract.paragraphs(page.blocks[1:])
    named = letters(title)
    told = (b.text for b in body(page.blocks, outside, title))
    found = tuple(text for text in told if letters(text) != named)
    if _length(found) >= _ENOUGH:
        return found
    stated = _paragraphs_of(news.get("articleBody"))
    if _length(stated) >= _ENOUGH:
        return stated
    asked = tuple(text for text in _asked(page) if letters(text) != named)
    best = max(found, stated, key=_length)
    # A little more is the title and the byline, run together with the text.
    return asked if _length(asked) >= 2 * _length(best) else best


def _without_stamp(paragraphs: tuple[str, ...], chosen: Dateline, zone: str) -> tuple[str, ...]:
    """Leave out the stamp in digits that opens a text, where it is the date that was chosen."""
    stamp = lines.glued(paragraphs[0]) if paragraphs and chosen.when else ""
    told = dates.printed(stamp, zone) if stamp else None
    if told is None or dates.local_day(told) != dates.local_day(chosen):
        return paragraphs
    return (paragraphs[0].removeprefix(stamp).lstrip(), *paragraphs[1:])


def _length(texts: tuple[str, ...]) -> int:
    return sum(map(len, texts))


def _paragraphs_of(value: object) -> tuple[str, ...]:
    text = unescape(_TAGS.sub("\n", value)) if isinstance(value, str) else ""
    return tuple(line for part in clean(text).split("\n") if (line := clean_line(part)))


def _asked(page: Page) -> tuple[str, ...]:
    """Ask trafilatura where the text is."""
    from trafilatura import extract as trafilatura  # noqa: PLC0415 - a second that most pages never need

    found = trafilatura(page.body, include_comments=False, include_tables=False, fast=True)
    told = _paragraphs_of(found)
    prose = [place for place, line in enumerate(told) if len(line) >= _SENTENCE]
    midst = range(prose[0], prose[-1]) if prose else ()
    # Between its sentences a text may count itself: nothing says here in what element a line stood.
    return tuple(t for place, t in enumerate(told) if place in midst or not is_counter(t))


def _authors(
    page: Page, news: dict[str, object], sites: frozenset[str], language: str | None
) -> tuple[str, ...]:
    given = news.get("author")
    names = [_name(one) for one in (given if isinstance(given, list) else [given])]
    stated = ([page.metas.get(name, "")] for name in ("author", "article:author"))
    told = (bylines.people(one, sites, language) for one in (names, *stated))
    return next((people for people in told if people), ())


def _name(author: object) -> str:
    if not isinstance(author, dict):
        return _text(author)
    parts = (_text(author.get(key)) for key in ("givenName", "familyName"))
    return _text(author.get("name")) or " ".join(filter(None, parts))


def _publisher(news: dict[str, object]) -> frozenset[str]:
    """Return the letters of the name of who publishes, unless that is a person: a writer."""
    given = news.get("publisher")
    if not isinstance(given, dict) or "Person" in str(given.get("@type")):
        return frozenset()
    return frozenset(filter(None, [letters(_text(given.get("name")))]))


def _tags(page: Page, news: dict[str, object]) -> tuple[str, ...]:
    given: Any = news.get("keywords") or page.metas.get("keywords") or ()
    words = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else ()
    return tuple(dict.fromkeys(word for one in words if (word := _text(one))))[:20]


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return clean_line(unescape(value)) if isinstance(value, str) else ""
