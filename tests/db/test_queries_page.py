"""docs/queries.md: every example on the page does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import QueryError
from db.evaluate import evaluate
from db.model import Article, Dateline, TextBasis, TitleBasis
from db.query import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, parse

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text("utf-8")


def rows(columns: int) -> list[list[str]]:
    """Return the page's table rows of so many columns that start with a query."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [[row[0].strip("`"), *row[1:]] for row in cells if len(row) == columns]


def holds(query: str, words: str) -> bool:
    """Tell whether the page's article with these words meets a query."""
    title, _, text = words.rpartition(" / ")
    article = Article(
        url=None,
        source="tass",
        title=title,
        title_basis=TitleBasis.PAGE,
        text=text,
        text_basis=TextBasis.PAGE,
        section="World",
        authors=("Anna Lee",),
        dateline=Dateline(place="Минск"),
    )
    return evaluate(parse(query), article) is not None


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
    assert len(rows(3)) + len(rows(2)) == len(starts) > 30
    limits = f"at most {MAX_LENGTH:,} characters, {MAX_TERMS} words and phrases, and {MAX_DEPTH} "
    assert limits in PAGE
