"""(page | entry | card, source) -> Article: what the rules of all sites share. Pure.

Nothing here knows a site. A field that is not found stays empty; only a title may be derived
from the text, and then says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from db.errors import ExtractError
from db.hosts import USUAL_PORTS
from db.model import UNKNOWN_DATELINE, Article, Dateline, TextBasis, TitleBasis
from db.words import clean, clean_line
from spiders.tongues import knows, tongue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.visiting import Source
    from spiders.blocks import Block
    from spiders.site import Card

_LONGEST_TITLE = 300
_LONGEST_WORD = 40
# A longer text in a Latin script has words that tell its language, if we know it at all.
_SHORT = 400

# A full stop behind these does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|St|No|vs|etc|Inc|Ltd|Co|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept?|Oct|Nov|Dec|им|ул|гг?|тыс|млн|млрд|руб|св)|\b[^\W\d_]|\b(?:[^\W\d_]\.)+[^\W\d_])\.$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(
    r"""(?<![.!?…])[.!?…]{1,9}["'”’»)\]]{0,3}(?=\s+["'“‘«(\[—–-]*\s*[^\W_])"""
)


# Parameters that name the reader or the way he came, never the article.
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|yclid|ysclid|mc_[ce]id|_openstat|from|ref)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page's rule found; empty strings and tuples where it found nothing."""

    title: str = ""
    title_basis: TitleBasis = TitleBasis.PAGE
    summary: str = ""
    paragraphs: tuple[str, ...] = ()
    dateline: Dateline = UNKNOWN_DATELINE
    section: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    language: str | None = None
    lead: str = ""


def from_page(found: Found, source: Source, card: Card | None, url: str | None) -> Article:
    """Build the article of a page; what the page lacks is taken from the card that led to it.

    `found.lead` is the dateline words before the first sentence ("MOSCOW, December 19. /TASS/."),
    which a derived title leaves out. Raises ExtractError if the page has no text.
    """
    text = clean("\n\n".join(found.paragraphs))
    if not text:
        raise ExtractError("the page holds no text of an article", url=url, field="text")
    title, title_basis = clean_line(found.title), found.title_basis
    if not title and card and card.title:
        title, title_basis = card.title, _title_basis(card)
    if not title:
        title, title_basis = first_sentence(text.removeprefix(found.lead)), TitleBasis.DERIVED
    return Article(
        url=url,
        source=source.name,
        guid=card.guid if card else None,
        title=title,
        title_basis=title_basis,
        summary=clean_line(found.summary) or (card.summary if card else ""),
        text=text,
        text_basis=TextBasis.PAGE,
        section=found.section or (card.section if card else None),
        authors=found.authors or (card.authors if card else ()),
        language=found.language or language_of(text) or source.language,
        tags=found.tags or (card.tags if card else ()),
        attachments=found.attachments,
        dateline=found.dateline,
    )


def from_card(card: Card, source: Source) -> Article:
    """Build the article of a list's card, for as long as its page cannot be had.

    A file has no page: it is attached, and what it says is not known. Raises ExtractError if the
    card has neither title nor summary.
    """
    text = clean(card.text) or clean(card.summary) or card.title
    if not text:
        raise ExtractError("the card has no words", url=card.url, field="title")
    derived = not card.title
    return Article(
        url=card.url,
        source=source.name,
        guid=card.guid,
        title=first_sentence(text) if derived else card.title,
        title_basis=TitleBasis.DERIVED if derived else _title_basis(card),
        summary=clean_line(card.summary),
        text="" if card.is_file else text,
        text_basis=card.basis,
        section=card.section,
        authors=card.authors,
        language=language_of(text) or source.language,
        tags=card.tags,
        attachments=(card.url,) if card.is_file and card.url else (),
        dateline=card.dateline,
    )


def _title_basis(card: Card) -> TitleBasis:
    return TitleBasis.FEED if card.basis is TextBasis.FEED else TitleBasis.LISTING


def first_sentence(text: str) -> str:
    """Return the first sentence of a text as a title: without its full stop, cut at a word.

    >>> first_sentence("Gen. I.N. Petrov met the U.S. envoy. They talked.")
    'Gen. I.N. Petrov met the U.S. envoy'
    """
    # No further than a title may reach: what a stranger writes must not cost more than it says.
    line = clean_line(text[: 4 * _LONGEST_TITLE].lstrip().split("\n", 1)[0])
    for end in _SENTENCE_END.finditer(line):
        if not _ABBREVIATION.search(line, max(0, end.start() - _LONGEST_WORD), end.end()):
            line = line[: end.end()]
            break
    if len(line) > _LONGEST_TITLE:
        line = line[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
    return line.removesuffix(".").rstrip() if not _ABBREVIATION.search(line) else line


def paragraphs(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the words of blocks, one paragraph each."""
    return tuple(block.text for block in blocks)


def until(blocks: tuple[Block, ...], ends: re.Pattern[str]) -> tuple[Block, ...]:
    """Return the blocks before the first one that the pattern matches in full."""
    for place, block in enumerate(blocks):
        if ends.fullmatch(block.text):
            return blocks[:place]
    return blocks


def place_of(blocks: tuple[Block, ...], pattern: re.Pattern[str], start: int = 0) -> int | None:
    """Return the index of the first block that the pattern matches in full, None without one."""
    for place in range(start, len(blocks)):
        if pattern.fullmatch(blocks[place].text):
            return place
    return None


def language_of(text: str, stated: str | None = None) -> str | None:
    """Return the language (BCP 47, primary) of a text whose page states one, or none.

    A template's language is not always its text's, so the commonest words overrule what is stated,
    where they are known of both. Without words enough to tell, letters do: Cyrillic with ў is
    Belarusian, with ң ө ү Kyrgyz, and a short Latin text English; None where nothing tells.
    """
    told = tongue(text)
    if stated:
        return told if told and knows(stated) else stated
    return told or _language_by_letters(text[:4000].lower())


def _language_by_letters(sample: str) -> str | None:
    cyrillic = sum("а" <= letter <= "я" or letter in "ёўіңөү" for letter in sample)
    latin = sum("a" <= letter <= "z" for letter in sample)
    others = sum(map(str.isalpha, sample)) - cyrillic - latin
    if cyrillic > latin:
        if "ў" in sample:
            return "be"
        return "ky" if sum(letter in "ңөү" for letter in sample) * 100 > cyrillic else "ru"
    return "en" if latin > others and len(sample) < _SHORT else None


def tidy_url(
    url: str, drop: frozenset[str] = frozenset(), hosts: frozenset[str] = frozenset()
) -> str:
    """Return an address without fragment and without parameters that do not name the article.

    `drop` adds names peculiar to a site. For `hosts` http and https are one, written https. Path
    and the order of the other parameters stay as they are. What is no address is returned as is.
    """
    if not is_http(url):
        return url
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return url
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in drop and not _TRACKING.match(name)
    ]
    scheme = "https" if host in hosts else parts.scheme.lower()
    where = f"[{host}]" if ":" in host else host
    usual = port in (None, USUAL_PORTS.get(parts.scheme.lower()))
    netloc = where if usual else f"{where}:{port}"
    return urlunsplit((scheme, netloc, parts.path or "/", urlencode(query), ""))


def parts_of(url: str) -> SplitResult:
    """Return the parts of an address; they are empty if it cannot be parsed or written down."""
    try:
        url.encode()  # JSON can hold half a character, which no request and no store can
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def is_http(url: str) -> bool:
    """Tell whether an address is one a crawler may be sent to at all."""
    parts = parts_of(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
