"""One meaning: the evaluator answers as FTS5 does, on random documents and queries."""

from __future__ import annotations

import random
import sqlite3
from typing import TYPE_CHECKING

import pytest

from db.compile import All, Any, Condition, Match, Not, to_condition
from db.evaluate import document, evaluate, hits, holds
from db.model import Article, Dateline, TextBasis, TitleBasis
from db.query import parse
from db.vocabulary import Vocabulary
from db.words import Reading, stems, surfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = [
    "title",
    "summary",
    "text",
    "title_stem",
    "summary_stem",
    "text_stem",
    "source",
    "section",
    "author",
    "place",
]
WORDS = [
    "Казахстан",
    "Казахстаном",
    "Токаев",
    "Токаева",
    "ток",
    "мост",
    "Ёж",
    "ежа",
    "border",
    "borders",
    "CSTO's",
    "it's",
    "C++",
    "news-room",
    "news",
    "room",
    "café",
    "U.S.",
    "2,500",
    "ңөү",
    "Их-x",
    "\ue000мир",
    "don’t",
    "a",
    "A",
    "б",
    "й",
    "и",
    "½",
    "x_y",
    "東京",
]
PHRASE_WORDS = ["Токаева", "border", "news", "room", "a", "б", "it's", "2,500", "Ёж"]
PREFIXES = ["ка", "казах", "то", "bor", "c", "n", "news-r", "2", "ңө", "й", "a"]
FACTS = {
    "source": ["tass", "bel-ta"],
    "section": ["World News", "Мир"],
    "author": ["Т. Ежа", "A B"],
    "place": ["Минск", "New York"],
}


def article(chance: random.Random) -> Article:
    """Make an article of a few words that queries are likely to meet."""

    def some(most: int) -> str:
        return chance.choice(["", "«"]) + " ".join(chance.choices(WORDS, k=chance.randint(0, most)))

    return Article(
        url=None,
        source=chance.choice(FACTS["source"]),
        title=some(4),
        title_basis=TitleBasis.PAGE,
        summary=some(4),
        text=some(9).replace(" ", chance.choice([" ", "\n", " — "])),
        text_basis=TextBasis.PAGE,
        section=chance.choice([None, *FACTS["section"]]),
        authors=tuple(chance.sample(FACTS["author"], k=chance.randint(0, 2))),
        dateline=Dateline(place=chance.choice([None, *FACTS["place"]])),
    )


def term(chance: random.Random, *, in_field: bool) -> str:
    """Make a word, phrase or prefix, sometimes with a field."""
    kind = chance.randrange(8)
    if kind == 0 and not in_field:
        field = chance.choice(list(FACTS))
        word = chance.choice(FACTS[field])
        return f"{field}:" + chance.choice([f'"{word}"', f"({word})", f"{word[:1]}*"])
    if kind == 1 and not in_field:
        return f"{chance.choice(['title', 'summary', 'text'])}:{leaf(chance)}"
    return leaf(chance)


def leaf(chance: random.Random) -> str:
    """Make a word, phrase or prefix."""
    kind = chance.randrange(5)
    if kind == 0:
        return '"' + " ".join(chance.choices(PHRASE_WORDS, k=chance.randint(1, 3))) + '"'
    if kind == 1:
        return chance.choice(PREFIXES) + "*"
    if kind == 2:
        return f'"{chance.choice(PHRASE_WORDS)} {chance.choice(PREFIXES)}"*'
    return chance.choice(WORDS)


def query(chance: random.Random, depth: int = 3, *, in_field: bool = False) -> str:
    """Make a query of any shape the language allows."""
    kind = chance.randrange(6) if depth else 0
    if kind <= 1:
        return term(chance, in_field=in_field)
    if kind == 2:
        return f"NOT ({query(chance, depth - 1, in_field=in_field)})"
    if kind == 3 and not in_field:
        field = chance.choice(["title", "summary", "text", "author"])
        return f"{field}:({query(chance, depth - 1, in_field=True)})"
    joint = chance.choice([" ", " AND ", " OR ", " OR ", " NOT "])
    parts = [query(chance, depth - 1, in_field=in_field) for _ in range(chance.randint(2, 3))]
    return "(" + joint.join(parts) + ")"


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    """Open an index with the columns and the tokenizer of the store's."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE f USING fts5({', '.join(COLUMNS)}, tokenize='ascii')")
    yield connection
    connection.close()


def put(index: sqlite3.Connection, number: int, item: Article) -> None:
    """Index an article as the store does."""
    read = [item.title, item.summary, item.text]
    facts = [item.source, item.section or "", "\n".join(item.authors), item.dateline.place or ""]
    row = [*map(surfaces, read), *map(stems, read), *map(surfaces, facts)]
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    index.execute(f"INSERT INTO f(rowid, {', '.join(COLUMNS)}) VALUES ({marks})", [number, *row])  # noqa: S608 - our own names


def found(index: sqlite3.Connection, condition: Condition) -> set[int]:
    """Answer a condition from the index."""
    match condition:
        case Match():
            rows = index.execute("SELECT rowid FROM f WHERE f MATCH ?", (condition.fts,))
            return {row[0] for row in rows}
        case Not():
            everything = {row[0] for row in index.execute("SELECT rowid FROM f")}
            return everything - found(index, condition.part)
        case All():
            return set.intersection(*(found(index, part) for part in condition.parts))
        case Any():
            return set.union(*(found(index, part) for part in condition.parts))


@pytest.mark.parametrize("seed", range(4))
def test_evaluator_answers_as_fts5(index: sqlite3.Connection, seed: int) -> None:
    """On 6,000 pairs a seed the evaluator finds exactly the documents that FTS5 finds."""
    chance = random.Random(seed)  # noqa: S311 - documents, not secrets
    articles = [article(chance) for _ in range(30)]
    for number, item in enumerate(articles):
        put(index, number, item)
    hits = 0
    for _ in range(200):
        text = query(chance)
        asked = parse(text)
        expected = found(index, to_condition(asked))
        answered = {
            number for number, item in enumerate(articles) if evaluate(asked, item) is not None
        }
        assert answered == expected, text
        hits += len(expected)
    assert 600 < hits < 5_400


def test_many_questions_to_one_document(index: sqlite3.Connection) -> None:
    """A document asked a hundred times answers as one asked for the first time."""
    chance = random.Random(99)  # noqa: S311 - documents, not secrets
    item = article(chance)
    put(index, 0, item)
    texts = [query(chance) for _ in range(300)]
    trees = [parse(text).tree for text in texts]
    asked_before = document(item, Vocabulary(trees))
    for text, tree in zip(texts, trees, strict=True):
        asked = parse(text)
        expected = bool(found(index, to_condition(asked)))
        assert holds(tree, asked_before) == expected, text
        if expected:
            assert hits(tree, asked_before) == evaluate(asked, item)


def test_fts5_splits_our_tokens_at_spaces_only(index: sqlite3.Connection) -> None:
    """Digits, Cyrillic, Kyrgyz, private letters and other scripts survive FTS5's tokenizer."""
    text = " ".join(WORDS) + " 12 ¾ ﾞ 𝒳y ﷺ Ǆ ß ı " + "ж" * 9_000
    index.execute("INSERT INTO f(text) VALUES (?)", [surfaces(text)])
    index.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, row)")
    known = {row[0] for row in index.execute("SELECT term FROM v")}
    assert known == set(Reading(text).surfaces())


def test_hits_name_fields_and_words() -> None:
    """An answer holds the first place of each term in each field, none from under a NOT."""
    item = Article(
        url=None, source="tass", title="Токаев в Минске", title_basis=TitleBasis.PAGE,
        summary="", text="Сегодня Токаева встретил Минск. Токаев рад.", text_basis=TextBasis.PAGE,
    )  # fmt: skip
    words = evaluate(parse('Токаев ("в минске" OR нет) source:tass NOT Ереван'), item)
    assert words == (("title", 0, 6), ("title", 7, 15), ("text", 8, 15), ("source", 0, 4))
    assert [getattr(item, field)[start:end] for field, start, end in words] == [
        "Токаев", "в Минске", "Токаева", "tass",
    ]  # fmt: skip
    assert evaluate(parse("NOT Ереван"), item) == ()
    assert evaluate(parse("Ереван"), item) is None


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\u2003", " \n\t "])
def test_hits_stand_between_any_white_space(space: str) -> None:
    """Places are right whatever white space stands between words, and in the middle of pieces."""
    text = space.join(["Пограничник", "граница", "«Токаевым-Токаев»", "конец", "граница"])
    item = Article(
        url=None, source="tass", title="", title_basis=TitleBasis.PAGE, summary="",
        text=text, text_basis=TextBasis.PAGE,
    )  # fmt: skip
    for words, met in [
        ("границы", "граница"),
        ("Токаев", "Токаевым"),
        ('"токаев"', "Токаев»"[:-1]),
        ("коне*", "конец"),
        ('"конец граница"', f"конец{space}граница"),
        ("text:конец", "конец"),
        ("пограничник", "Пограничник"),
    ]:
        answer = evaluate(parse(words), item)
        assert answer is not None
        assert [text[start:end] for _, start, end in answer] == [met]


def test_the_first_hit_is_the_first_after_any_white_space() -> None:
    """A word after rare white space is found before the same word after a space."""
    text = "Первым\tмост\u2003мост мост\nмост "
    item = Article(
        url=None, source="tass", title="", title_basis=TitleBasis.PAGE, summary="",
        text=text, text_basis=TextBasis.PAGE,
    )  # fmt: skip
    assert evaluate(parse("мосты"), item) == (("text", 7, 11),)
