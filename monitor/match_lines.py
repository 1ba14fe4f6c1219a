"""Which lines of a text meet which queries, and on which words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.evaluate import document, hits, holds
from db.model import Article, Dateline, TextBasis, TitleBasis
from db.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from db.query import Query

_BOM = b"\xef\xbb\xbf"


class Meeting(NamedTuple):
    """A query that a line meets, by its name; the words, as characters from and to, may be none."""

    query: str
    places: tuple[tuple[int, int], ...]


class Line(NamedTuple):
    """A line as it was read, counted from 1, and the queries it meets, in the order given."""

    number: int
    text: str
    meetings: tuple[Meeting, ...]


class Unread(NamedTuple):
    """A line that is no UTF-8."""

    number: int


def match_lines(queries: Mapping[str, Query], lines: Iterable[bytes]) -> Iterator[Line | Unread]:
    """Hold each line against each query as if it were an article's text, and had nothing else.

    `queries` are by what they are called in the answer. One line that cannot be read costs
    itself only.
    """
    vocabulary = Vocabulary(query.tree for query in queries.values())
    for number, line in enumerate(lines, 1):
        try:
            text = line.removeprefix(_BOM if number == 1 else b"").rstrip(b"\r\n").decode()
        except UnicodeDecodeError:
            yield Unread(number)
            continue
        asked = document(_article(text), vocabulary)
        met = tuple(
            Meeting(name, tuple((hit.start, hit.end) for hit in hits(query.tree, asked)))
            for name, query in queries.items()
            if holds(query.tree, asked)
        )
        yield Line(number, text, met)


def _article(text: str) -> Article:
    return Article(
        url=None,
        source="",
        title="",
        title_basis=TitleBasis.PAGE,
        text=text,
        text_basis=TextBasis.PAGE,
        dateline=Dateline(),
    )
