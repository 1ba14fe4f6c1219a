"""One meaning: the evaluator answers as FTS5 does, on random documents and queries."""

from __future__ import annotations

import itertools
import json
import random
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import names, near
from db.compile import All, Any, Check, Condition, Match, Named, Not, Shown, to_condition
from db.evaluate import document, evaluate, hits, holds
from db.model import Article, Dateline, TextBasis, TitleBasis
from db.query import MAX_PATTERNS, parse
from db.tree import SOURCE, Name, Near, Term
from db.vocabulary import Vocabulary
from db.words import Reading, stems, surfaces

if TYPE_CHECKING:
    from collections.abc import Sequence

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
NAMES = ["Tokayev", "Токаев", "Anna", "Ежа", "A", "border", "Казахстан", '"Tokayev border"']
PATTERNS = ["бор|bor", "тока.{0,3}в", "^a", "news.room", "ё|ң", "2,5+"]
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
    """Make a word, phrase, prefix or name, sometimes with a field, or words near each other."""
    kind = chance.randrange(9)
    if kind == 0 and not in_field:
        field = chance.choice(list(FACTS))
        word = chance.choice(FACTS[field])
        return f"{field}:" + chance.choice([f'"{word}"', f"({word})", f"{word[:1]}*"])
    if kind == 1 and not in_field:
        return f"{chance.choice(['title', 'summary', 'text'])}:{term(chance, in_field=True)}"
    if kind == 2:
        near = chance.choice(["NEAR", "NEAR/0", "NEAR/1", "NEAR/2", "NEAR/5"])
        return f" {near} ".join(leaf(chance) for _ in range(chance.choice([2, 2, 2, 3])))
    if kind == 3 and not in_field:
        return f"{chance.choice(['', 'title:', 'text:'])}/{chance.choice(PATTERNS)}/"
    return leaf(chance)


def leaf(chance: random.Random) -> str:
    """Make a word, phrase, prefix or name."""
    kind = chance.randrange(6)
    if kind == 0:
        return '"' + " ".join(chance.choices(PHRASE_WORDS, k=chance.randint(1, 3))) + '"'
    if kind == 1:
        return chance.choice(PREFIXES) + "*"
    if kind == 2:
        return f'"{chance.choice(PHRASE_WORDS)} {chance.choice(PREFIXES)}"*'
    if kind == 3:
        return f"~{chance.choice(NAMES)}"
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


def some_query(chance: random.Random) -> str:
    """Make a query that has no more patterns than one may have."""
    while True:
        text = query(chance)
        if sum(text.count(f"/{pattern}/") for pattern in PATTERNS) <= MAX_PATTERNS:
            return text


class Oracle:
    """FTS5 in memory, with the columns and the tokenizer of the store's, and nothing of ours.

    What is no MATCH string is answered by other means than the program's: the words that a name
    may be are read from FTS5's own vocabulary; words of several forms near each other become
    words of one form, which FTS5 can compare; patterns are for `re`.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._index = sqlite3.connect(":memory:")
        columns = ", ".join(COLUMNS)
        self._index.execute(f"CREATE VIRTUAL TABLE f USING fts5({columns}, tokenize='ascii')")
        self._index.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, row)")
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        for number, item in enumerate(articles):
            read = [item.title, item.summary, item.text]
            facts = [item.source, item.section, "\n".join(item.authors), item.dateline.place]
            row = [*map(surfaces, read), *map(stems, read), *(surfaces(one or "") for one in facts)]
            self._index.execute(f"INSERT INTO f(rowid, {columns}) VALUES ({marks})", [number, *row])  # noqa: S608 - our own names

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def found(self, condition: Condition) -> set[int]:  # noqa: PLR0911 - one for each kind
        """Answer a condition."""
        match condition:
            case Match():
                return self.matching(condition.fts)
            case Named(columns, keys):
                words = [w for (w,) in self._index.execute("SELECT term FROM v")]
                called = [w for w in words if set(keys) & set(names.keys(w))]
                found = (self.matching(f'{{{" ".join(columns)}}} : "{word}"') for word in called)
                return set().union(*found)
            case Check("matches", pattern, fields):
                asked = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
                return {
                    number
                    for number, item in enumerate(self._articles)
                    if any(asked.search(getattr(item, field)) for field in fields)
                }
            case Check("stands", spelled, fields):
                return self._near(spelled, fields)
            case Shown(by):
                return self._near(
                    near.spelled(by if isinstance(by, Name) else _as_near(by)), [SOURCE]
                )
            case Not():
                return set(range(len(self._articles))) - self.found(condition.part)
            case All():
                return set.intersection(*map(self.found, condition.parts))
            case Any():
                return set.union(*map(self.found, condition.parts))
        raise AssertionError(condition)

    def matching(self, fts: str) -> set[int]:
        """Ask FTS5."""
        return {
            row[0] for row in self._index.execute("SELECT rowid FROM f WHERE f MATCH ?", (fts,))
        }

    def _near(self, spelled: str, fields: Sequence[str]) -> set[int]:
        """Give each word a mark for each word asked for that it is, and ask FTS5 for the marks."""
        distance, operands = json.loads(spelled)
        asked = [
            (form, part, prefix and place == len(parts) - 1)
            for form, parts, prefix in operands
            for place, part in enumerate(parts)
        ]
        marked = {
            (number, field): [
                "m" + "".join(str(int(_is(word, one))) for one in asked)
                for word in zip(*_read(item, field), strict=True)
            ]
            for number, item in enumerate(self._articles)
            for field in fields
        }
        marks = sorted({mark for words in marked.values() for mark in words})
        fitting = iter([[m for m in marks if m[1 + place] == "1"] for place in range(len(asked))])
        phrases = [
            [" ".join(words) for words in itertools.product(*itertools.islice(fitting, len(parts)))]
            for _, parts, _ in operands
        ]
        found: set[int] = set()
        with closing(sqlite3.connect(":memory:")) as index:
            index.execute("CREATE VIRTUAL TABLE m USING fts5(words, tokenize='ascii')")
            rows = [(number, " ".join(words)) for (number, _), words in marked.items()]
            for number, words in rows:
                index.execute("DELETE FROM m")
                index.execute("INSERT INTO m VALUES (?)", (words,))
                for chosen in itertools.product(*phrases):
                    if number in found:
                        break
                    run = f"NEAR({' '.join(f'{chr(34)}{one}{chr(34)}' for one in chosen)}, {distance})"
                    if index.execute("SELECT 1 FROM m WHERE m MATCH ?", (run,)).fetchone():
                        found.add(number)
        return found


def _as_near(asked: Term | Near) -> Near:
    return asked if isinstance(asked, Near) else Near((asked,), 0)


def _read(item: Article, field: str) -> tuple[list[str], list[str]]:
    text = {"author": "\n".join(item.authors), "place": item.dateline.place or ""}.get(field)
    reading = Reading(getattr(item, field) if text is None else text)
    return reading.surfaces(), reading.stems()


def _is(word: tuple[str, str], asked: tuple[str, str | list[str], bool]) -> bool:
    """Tell whether a word is what is asked for."""
    form, wanted, prefix = asked
    if form == "name":
        return bool(set(wanted) & set(names.keys(word[0])))
    if form == "stem":
        return word[1] == wanted
    return word[0].startswith(str(wanted)) if prefix else word[0] == wanted


@pytest.mark.torture("§7", short=30, long=200, part=50)
@given(seed=st.integers(0, 2**32))
def test_evaluator_answers_as_fts5(seed: int) -> None:
    """On 800 pairs a case the evaluator finds exactly the documents that FTS5 finds."""
    chance = random.Random(seed)  # noqa: S311 - documents, not secrets
    articles = [article(chance) for _ in range(20)]
    with closing(Oracle(articles)) as oracle:
        for _ in range(40):
            text = some_query(chance)
            asked = parse(text)
            answered = {
                number for number, item in enumerate(articles) if evaluate(asked, item) is not None
            }
            assert answered == oracle.found(to_condition(asked)), text


def test_the_random_queries_are_neither_met_by_all_nor_by_none() -> None:
    """The property above is worth something: a fair part of the pairs meet, of every kind."""
    chance = random.Random(1)  # noqa: S311 - documents, not secrets
    articles = [article(chance) for _ in range(20)]
    texts = [some_query(chance) for _ in range(400)]
    met = {
        text: sum(evaluate(parse(text), item) is not None for item in articles) for text in texts
    }
    assert 0.2 < sum(met.values()) / (20 * 400) < 0.8
    for kind in ("NEAR", "~", "*", ":", "NOT", "OR", '"', "/"):
        assert sum(bool(met[text]) for text in texts if kind in text) > 20, kind


def test_many_questions_to_one_document() -> None:
    """A document asked a hundred times answers as one asked for the first time."""
    chance = random.Random(99)  # noqa: S311 - documents, not secrets
    item = article(chance)
    texts = [some_query(chance) for _ in range(300)]
    trees = [parse(text).tree for text in texts]
    asked_before = document(item, Vocabulary(trees))
    with closing(Oracle([item])) as oracle:
        for text, tree in zip(texts, trees, strict=True):
            asked = parse(text)
            expected = bool(oracle.found(to_condition(asked)))
            assert holds(tree, asked_before) == expected, text
            if expected:
                assert hits(tree, asked_before) == evaluate(asked, item)


def test_fts5_splits_our_tokens_at_spaces_only() -> None:
    """Digits, Cyrillic, Kyrgyz, private letters and other scripts survive FTS5's tokenizer."""
    text = " ".join(WORDS) + " 12 ¾ ﾞ 𝒳y ﷺ Ǆ ß ı " + "ж" * 9_000
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute("CREATE VIRTUAL TABLE f USING fts5(text, tokenize='ascii')")
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
