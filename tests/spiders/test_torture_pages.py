"""R-12 in small: pages as the four sites serve them, broken in every way we could think of.

Whatever stands in a page, the rules give an article, cards, or `ExtractError`: nothing else is
raised, and what they give is clean. A case over two seconds is counted in the table.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import ExtractError
from db.words import clean
from monitor.newsroom.room import Newsroom
from spiders.blocks import Page
from spiders.decoding import decoded
from spiders.registry import READERS, default_source, site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.model import Article
    from spiders.site import Fetch

DOCUMENTS = Path(__file__).parent.parent / "documents"
SEEN = datetime(2025, 12, 20, 9, tzinfo=UTC)
OF_DOCUMENT = {"000": "tass", "001": "secretariat", "002": "belta", "003": "secretariat"}
MEDIA = {"json": "json", "xml": "xml", "plain": "text"}
JUNK = (
    "<", ">", "</div>", "</body></html>", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "&#0;",
    "&#xD800;", "&#99999999999;", "&nbsp", "\x00", "\ufffe", "\u202e", "\u2028", "\ufeff", "<?xml?>",
    "<table><tr>", "<svg><math>", '<a href="https://[::1">', '<a href="//x:99999/">', "javascript:",
    "31.02.2025", "00.00.0000", "29:61", "December 99", "0000-00-00T99:99:99+99:99", "1e999", "null",
    "99999999999999999999", "-1", "NaN", "{}", "[[[[", '\\"', "\\ud800", "\\u0000", "true",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A page or a list as a site serves it; a list knows how it was asked for.

    `number` makes the same accidents again.
    """

    kind: str
    page: Page = field(repr=False)
    fetch: Fetch | None = None
    number: int | None = None


@cache
def samples() -> tuple[Sample, ...]:
    """Return every list and page of the press room, and the supplied documents as they are."""
    with Newsroom(SEEN) as room:
        found = [sample for kind in sorted(room.addresses) for sample in _served(room, kind)]
    for start, kind in (*OF_DOCUMENT.items(), ("004", "openkg")):
        text = next(DOCUMENTS.glob(f"{start}*")).read_text(encoding="utf-8")
        found.append(Sample(kind, Page(None, text, "text")))
    own = {sample.kind for sample in found}
    # The rules for any site read what others were made for: each list, and each page once.
    anybody = [
        replace(sample, kind=kind)
        for sample in found
        for kind in (READERS if sample.fetch else ("listing",))
        if kind not in own
    ]
    return (*found, *anybody)


def _served(room: Newsroom, kind: str) -> Iterator[Sample]:
    rules, source = site(kind), default_source(kind)
    base = room.addresses[kind]
    urls = (
        *source.urls,
        *(f"{base}{path}" for path in ("/rss/v2.xml", "/sitemap/sitemap_news0.xml")),
    )
    source = replace(source, urls=tuple(base + urlsplit(url).path for url in urls))
    for fetch in rules.lists(source, SEEN):
        if page := _asked(fetch.url, fetch.method, fetch.body):
            yield Sample(kind, page, fetch)
    for row in room.published(kind):
        if page := _asked(row.url):
            yield Sample(kind, page)


def _asked(url: str, method: str = "GET", body: str = "") -> Page | None:
    try:
        with urlopen(Request(url, data=body.encode() or None, method=method)) as answer:
            label = answer.headers.get_content_type()
            media = next((name for part, name in MEDIA.items() if part in label), "html")
            return Page(url, answer.read().decode(), media)
    except OSError:
        return None  # a path that this site does not have


def _cut(text: str, dice: random.Random) -> str:
    return text[: dice.randrange(len(text) + 1)]


def _lose(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + text[at + dice.choice((1, 5, 50, 500)) :]


def _repeat(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + text[at : at + dice.randrange(300)] * dice.choice((2, 3, 30)) + text[at:]


def _swap(text: str, dice: random.Random) -> str:
    one, other = sorted(dice.randrange(len(text) + 1) for _ in "ab")
    return text[other:] + text[one:other] + text[:one]


def _litter(text: str, dice: random.Random) -> str:
    for _ in range(dice.choice((1, 3, 10))):
        at = dice.randrange(len(text) + 1)
        text = text[:at] + dice.choice(JUNK) + text[at:]
    return text


def _blunt(text: str, dice: random.Random) -> str:
    mark = dice.choice("<>\"'/=&;{}[],:0123456789")
    return "".join(char for char in text if char != mark or dice.random() < 0.8)


def _count(text: str, dice: random.Random) -> str:
    return "".join(
        dice.choice("0123456789") if char.isdecimal() and dice.random() < 0.1 else char
        for char in text
    )


def _nest(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    deep = 200_000 if dice.random() < 0.01 else dice.choice((10, 300, 3000))
    return text[:at] + dice.choice(("<div>", "<b>", "<table>", "[", "<ul><li>")) * deep + text[at:]


def _swell(text: str, dice: random.Random) -> str:
    at = text.find(">", dice.randrange(len(text) + 1))
    size = 10_000_000 if dice.random() < 0.005 else dice.choice((1000, 100_000))
    return f'{text[:at]} x="{dice.choice("a <1&.") * size}"{text[at:]}'


def _recode(text: str, dice: random.Random) -> str:
    charset = dice.choice(("utf-8", "windows-1251", "koi8-r", "utf-16", "latin-1"))
    body = bytearray(text.encode(charset, "replace"))
    for _ in range(dice.choice((0, 1, 20))):
        if body:
            body[dice.randrange(len(body))] = dice.randrange(256)
    label = dice.choice(("", "text/html; charset=utf-8", "text/html; charset=windows-1251"))
    try:
        return decoded(bytes(body), label)
    except ValueError:
        return body.decode("utf-8", "replace")


def _noise(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.randbytes(dice.choice((4, 400, 40_000))).decode("latin-1") + text[at:]


WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    _cut, _lose, _repeat, _swap, _litter, _litter, _blunt, _count, _nest, _swell, _recode, _noise,
)  # fmt: skip


def mutated(number: int) -> Sample:
    """Return one of the samples after one to four accidents."""
    dice = random.Random(number)  # noqa: S311 - accidents, not secrets
    sample = dice.choice(samples())
    body = sample.page.body
    for _ in range(dice.choice((1, 1, 2, 4))):
        body = dice.choice(WAYS)(body, dice)
    return replace(sample, page=Page(sample.page.url, body, sample.page.media), number=number)


@pytest.mark.torture("R-12", short=60, long=20_000, part=1000)
@given(sample=st.integers(0, 2**64).map(mutated))
def test_no_page_makes_a_site_fail(sample: Sample) -> None:
    """A mutated page is read, or refused with `ExtractError`; what is read is clean."""
    rules, source = site(sample.kind), default_source(sample.kind)
    try:
        if sample.fetch is None:
            reading = rules.read(sample.page, source, None, SEEN)
            texts = _texts(reading.article) if reading.article else []
            cards = reading.cards
        else:
            texts, cards = [], rules.read_list(sample.page, sample.fetch, source, SEEN).cards
    except ExtractError:
        return
    texts += [text for card in cards for text in (card.title, card.summary)]
    assert all(clean(text) == text for text in texts)


def _texts(article: Article) -> list[str]:
    return [article.title, article.summary, article.text, *article.authors, *article.tags]


def test_the_samples_are_lists_and_pages_of_every_site() -> None:
    """What is mutated covers all rules, in HTML, XML, JSON and text."""
    found = samples()
    assert {sample.kind for sample in found if sample.fetch} == set(READERS)
    assert len({sample.kind for sample in found if not sample.fetch}) == 5
    assert {sample.page.media for sample in found} == {"html", "json", "xml", "text"}
