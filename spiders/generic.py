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
from spiders import candidates, dates, extract, shown, stated
from spiders.body import body, elsewhere, is_linked, is_prose
from spiders.extract import Found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from spiders.blocks import Block, Page
    from spiders.candidates import Verdict
    from spiders.site import Card

_SEPARATOR = re.compile(r"\s+(?:[|–—·•»:]{1,2}|-{1,2})\s+")
_PART = 12
_HEADLINE = 20
_TITLED = re.compile(r"(?:^|[-_.])(?:h1|headline|title)$", re.IGNORECASE)
# Less is a teaser, a cookie notice or a login form.
_ENOUGH = 140
_TAGS = re.compile(r"<[^>]+>")
_TODAY = timedelta(hours=48)


def read(page: Page, zone: str, card: Card | None, seen: datetime) -> tuple[Found, Verdict]:
    """Read the article of a page; `zone` (IANA) holds for times that state none.

    The verdict on the date tells every candidate, the lost ones too.
    """
    news = stated.news_object(page)
    title = _title(page, news)
    outside = elsewhere(page.blocks)
    offered = tuple(candidates.of_page(page, zone, seen, title, outside))
    verdict = candidates.judge(tuple(_candidates(page, zone, card, seen, offered)), seen)
    return (
        Found(
            title=title,
            summary=_summary(page, news),
            paragraphs=_paragraphs(page, news, title, outside),
            dateline=verdict.dateline,
            section=_text(news.get("articleSection")) or page.metas.get("article:section") or None,
            authors=_authors(page, news),
            tags=_tags(page, news),
            language=page.language,
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


def _title(page: Page, news: dict[str, object]) -> str:
    """Return the title: the heading that other evidence confirms, else the best evidence alone."""
    if page.media != "html":
        return page.blocks[0].text if page.blocks else ""
    stated = [
        _text(news.get("headline")),
        unescape(page.metas.get("og:title", "")),
        unescape(page.metas.get("twitter:title", "")),
    ]
    tag = clean_line(unescape(page.tree.findtext(".//title") or ""))
    shown = _shown(tag, page)
    signs = (
        {_letters(part) for part in _SEPARATOR.split(tag)} - {_letters(shown)} if shown else set()
    )
    signs.add(_letters(page.metas.get("og:site_name", "")))
    headings = [b.text for b in page.blocks if b.inside("h1") and not _is_sign(b, signs)]
    for heading in headings:
        if any(_agree(heading, other) for other in (*stated, tag)):
            return heading
    told = [_bare(text, page) for text in stated if text]
    if told:
        return told[0]
    if len(headings) == 1:
        return headings[0]
    return shown or _named(page) or _bare(tag, page)


def _is_sign(block: Block, signs: set[str]) -> bool:
    """Tell a heading that is the site's name: it leads to the front page or is one of `signs`."""
    if _letters(block.text) in signs:
        return True
    return any(_is_front(link.url) for link in block.links if link.text == block.text)


def _named(page: Page) -> str:
    """Return the one line above the text whose class says that it is the headline, else ''."""
    found: list[str] = []
    for block in page.blocks:
        if is_prose(block) or len(found) > 1:
            break
        names = block.scope.names if block.scope else frozenset()
        if (
            len(block.text) >= _HEADLINE
            and any(map(_TITLED.search, names))
            and not is_linked(block)
        ):
            found.append(block.text)
    return found[0] if len(found) == 1 else ""


def _is_front(url: str) -> bool:
    parts = extract.parts_of(url)
    at_root = parts.path == "/" or (bool(parts.netloc) and not parts.path)
    return at_root and not parts.query


def _shown(tag: str, page: Page) -> str:
    """Return the longest part of the page's name that stands on it as a line, '' if none does."""
    parts = _SEPARATOR.split(tag)
    longest = max(parts, key=len) if len(parts) > 1 else ""
    wanted = _letters(longest)
    if len(wanted) < _PART:
        return ""
    lines = (b.text for b in page.blocks if len(b.text) < 2 * len(longest))
    return next((line for line in lines if _letters(line) == wanted), "")


def _agree(heading: str, other: str) -> bool:
    left, right = _letters(heading), _letters(other)
    return bool(left) and (
        left == right
        or (len(left) >= _PART and (left in right or (len(right) >= _PART and right in left)))
    )


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _bare(title: str, page: Page) -> str:
    """Return a title without the name of the site behind or before it."""
    site = _letters(page.metas.get("og:site_name", ""))
    parts = _SEPARATOR.split(title)
    if site and len(parts) > 1:
        kept = [part for part in parts if _letters(part) != site]
        return title if len(kept) == len(parts) else max(kept, key=len, default=title)
    count = len(parts)
    while count > 1 and len(parts[0]) >= 2 * len(parts[count - 1]):
        count -= 1
    if count == len(parts):
        return title
    cut = list(_SEPARATOR.finditer(title))[count - 1].start()
    return title[:cut].rstrip(" |–—·•»:-")


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
    told = [
        b.text for b in body(page.blocks, outside, title) if _letters(b.text) != _letters(title)
    ]
    found = (shown.without_stamp(told[0]), *told[1:]) if told else ()
    if sum(map(len, found)) >= _ENOUGH:
        return found
    stated = _paragraphs_of(news.get("articleBody"))
    if sum(map(len, stated)) >= _ENOUGH:
        return stated
    asked = tuple(text for text in _asked(page) if _letters(text) != _letters(title))
    return max(found, stated, asked, key=lambda texts: sum(map(len, texts)))


def _paragraphs_of(value: object) -> tuple[str, ...]:
    text = unescape(_TAGS.sub("\n", value)) if isinstance(value, str) else ""
    return tuple(line for part in clean(text).split("\n") if (line := clean_line(part)))


def _asked(page: Page) -> tuple[str, ...]:
    """Ask trafilatura where the text is."""
    from trafilatura import extract as trafilatura  # noqa: PLC0415 - a second that most pages never need

    found = trafilatura(page.body, include_comments=False, include_tables=False, fast=True)
    return _paragraphs_of(found)


def _authors(page: Page, news: dict[str, object]) -> tuple[str, ...]:
    given = news.get("author")
    names = [_name(one) for one in (given if isinstance(given, list) else [given])]
    names = (
        names
        if any(names)
        else [page.metas.get("author", "") or page.metas.get("article:author", "")]
    )
    return tuple(dict.fromkeys(n for n in names if n and not n.startswith("http")))


def _name(author: object) -> str:
    return _text(author.get("name")) if isinstance(author, dict) else _text(author)


def _tags(page: Page, news: dict[str, object]) -> tuple[str, ...]:
    given: Any = news.get("keywords") or page.metas.get("keywords") or ()
    words = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else ()
    return tuple(dict.fromkeys(word for one in words if (word := _text(one))))[:20]


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return clean_line(unescape(value)) if isinstance(value, str) else ""
