"""db.near and db.patterns: what the property tests do not say in words."""

from __future__ import annotations

import pytest

from db.errors import QueryError
from db.evaluate import evaluate
from db.model import Article, TextBasis, TitleBasis
from db.near import stands
from db.patterns import MAX_PROGRAM, compiled, matches
from db.query import parse


def article(text: str, title: str = "") -> Article:
    """Make an article with these words."""
    return Article(
        url=None, source="tass", title=title, title_basis=TitleBasis.PAGE, text=text,
        text_basis=TextBasis.PAGE,
    )  # fmt: skip


def shown(query: str, text: str) -> list[str] | None:
    """Return the words by which a text meets a query."""
    found = evaluate(parse(query), article(text))
    return None if found is None else [text[start:end] for _, start, end in found]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("guard NEAR/2 border", "The border, so the guards said", ["border, so the guards"]),
        ("guard NEAR/1 border", "The border, so the guards said", None),
        ("guard NEAR/0 border", "no border guard", ["border guard"]),
        ('Токаев NEAR/3 "встреча с"', "«Встреча с новым Токаевым»", ["Встреча с новым Токаевым"]),
        ('Токаев NEAR/3 "встреча с"', "Встречи с Токаевым", None),
        ("~Tokayev NEAR/1 Минск", "В Минске Тоқаев", ["Минске Тоқаев"]),
        ("a NEAR b NEAR c", "a x b x c", ["a x b x c"]),
        ("a NEAR/0 b NEAR/0 c", "a b x c", None),
        ("a NEAR/1 b", "a x x b x a", ["b x a"]),
        ("a NEAR/1 b NEAR/1 c", "a b", None),
        ("a NEAR/1 a", "a", ["a"]),
        ("title:a NEAR b", "a b", None),
        ('~"Касым-Жомарт Токаев"', "у Kassym-Jomart Tokayev,", ["Kassym-Jomart Tokayev"]),
        ('~"Касым-Жомарт Токаев"', "Kassym Tokayev-Jomart", None),
    ],
)
def test_words_near_each_other(query: str, text: str, expected: list[str] | None) -> None:
    """What is shown reaches from the first of the words to the last."""
    assert shown(query, text) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("/tok[ae]+yev/", "TOKAYEV said", ["TOKAYEV"]),
        ("/(?-i)tok/", "TOKAYEV said", None),
        ("/ТОКА.в/", "и токаев", ["токаев"]),
        ("/^said$/", "he\nsaid\nit", ["said"]),
        (r"/\d+ км/", "за 25 км", ["25 км"]),
        (r"/\w+-\w+/", "a news-room", ["news-room"]),
        (r"/a\/b/", "a/b", ["a/b"]),
        (r"/\b/", "word", []),
        (r"/.\C/", "да", ["д"]),
        ("/b+/", "a\ud800 bb", ["bb"]),
        ("/(a+)+$/", "a" * 3_000 + "b", None),
        ('/"quoted (words)?"/', 'the "quoted " word', ['"quoted "']),
    ],
)
def test_regular_expressions(query: str, text: str, expected: list[str] | None) -> None:
    """They read the text as it is printed, without regard to case, line by line."""
    assert shown(query, text) == expected
    pattern = query[1:-1]
    assert matches(pattern, text.encode("utf-8", "replace")) is (expected is not None)


def test_functions_of_the_store_take_nothing_for_nothing() -> None:
    """A column without a text is met by no pattern and by no words."""
    assert not matches("a", None)
    assert not stands("[0, []]", None)


def test_patterns_are_their_text() -> None:
    """Equal patterns are equal in a query, and are shown as they are written there."""
    assert parse("/ab/") == parse("/ab/")
    assert len({parse("/ab/"), parse("/ab/"), parse("/ac/")}) == 2
    assert repr(compiled("ab")) == "/ab/"
    assert compiled("ab") != "ab"


def test_a_pattern_may_be_as_large_as_is_said() -> None:
    """Five thousand steps are enough for long lists of words, not for nested repetition."""
    compiled("|".join(f"word{number:03}" for number in range(150)))
    compiled(r"граница.{0,40}\pL{2}")
    for pattern in (r"\pL{9}", "(?:.{0,30}x){30}", "a" * MAX_PROGRAM):
        with pytest.raises(QueryError, match="too large"):
            compiled(pattern)
