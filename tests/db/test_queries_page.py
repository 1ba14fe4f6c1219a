"""docs/queries.md: every example on the page does what the page says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from db.errors import QueryError
from db.evaluate import evaluate
from db.model import Article, Basis, ChangeKind, Dateline, Precision, TextBasis, TitleBasis
from db.patterns import MAX_PROGRAM
from db.query import MAX_DEPTH, MAX_LENGTH, MAX_NAME, MAX_PATTERNS, MAX_TERMS, parse

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text("utf-8")


def rows(columns: int) -> list[list[str]]:
    """Return the page's table rows of so many columns that start with a query."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    # A bar inside a cell is written \\|.
    return [
        [row[0].strip("`").replace(r"\|", "|"), *row[1:]] for row in cells if len(row) == columns
    ]


FACT = re.compile("(language|published|first seen|precision|change): (.+)")


def holds(query: str, words: str) -> bool:
    """Tell whether the page's article with these words, or this fact, meets a query."""
    fact, value = FACT.fullmatch(words).groups() if FACT.fullmatch(words) else ("", "")
    title, _, text = ("", "", "") if fact else words.rpartition(" / ")
    moment = datetime.strptime(value, "%Y-%m-%d %H:%M %z") if "-" in value else None
    dated = Dateline(when=moment, precision=Precision.MINUTE, basis=Basis.META, zone=value[-6:])
    article = Article(
        url=None,
        source="tass",
        title=title,
        title_basis=TitleBasis.PAGE,
        text=text,
        text_basis=TextBasis.PAGE,
        section="World",
        authors=("Anna Lee",),
        language=value if fact == "language" and value != "unknown" else None,
        dateline=dated if fact == "published" and moment else Dateline(place="Минск"),
    )
    if fact == "precision":
        article = replace(article, dateline=replace(dated, precision=Precision(value)))
    kind = ChangeKind(value) if fact == "change" else ChangeKind.NEW
    seen = moment if fact == "first seen" else None
    return evaluate(parse(query), article, kind=kind, first_seen=seen) is not None


@pytest.mark.parametrize(("query", "finds", "misses"), rows(3))
def test_examples(query: str, finds: str, misses: str) -> None:
    """An example finds what stands in its second column and not what stands in its third."""
    assert holds(query, finds)
    assert not misses or not holds(query, misses)


@pytest.mark.parametrize(("query", "message"), rows(2))
def test_refusals(query: str, message: str) -> None:
    """A query that cannot be read is refused in the words of the page."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert str(caught.value) == message


def test_the_page_is_read_whole() -> None:
    """All rows of the tables are examples of one of the two kinds, and the limits are right."""
    starts = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows(3)) + len(rows(2)) == len(starts) > 80
    limits = f"at most {MAX_LENGTH:,} characters, {MAX_TERMS} words and phrases, and {MAX_DEPTH} "
    assert limits in PAGE
    more = f"{MAX_PATTERNS} regular expressions, none larger than {MAX_PROGRAM:,} steps"
    assert more in PAGE
    assert f"{MAX_NAME} words in\none name" in PAGE
