"""db.query and db.compile: what can be said, what cannot, and what a mistake is told."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.compile import All, Any, Check, Condition, Match, Named, Not, Shown, to_condition
from db.errors import QueryError
from db.lexemes import MAX_DISTANCE
from db.query import MAX_DEPTH, MAX_LENGTH, MAX_PATTERNS, MAX_TERMS, parse
from db.tree import Days, Fact, Term
from db.tree import Not as NotNode

STEMS = "{title_stem summary_stem text_stem}"
PLAIN = "{title summary text}"


def fts(query: str) -> Condition:
    """Compile a query's text."""
    return to_condition(parse(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Казахстаном", f'{STEMS} : "казахста"'),
        ("it's", f'{STEMS} : "it"'),
        ("c++", f'{STEMS} : "c"'),
        ("news-room", f'{STEMS} : "news room"'),
        ('"Exact  PHRASES!"', f'{PLAIN} : "exact phrases"'),
        ("«точная фраза»", f'{PLAIN} : "точная фраза"'),
        ("„eins zwei“", f'{PLAIN} : "eins zwei"'),
        ('"5* hotel"', f'{PLAIN} : "5 hotel"'),
        ("kaz*", f'{PLAIN} : "kaz" *'),
        ("news-roo*", f'{PLAIN} : "news roo" *'),
        ('"per cent of G"*', f'{PLAIN} : "per cent of g" *'),
        ("title:borders", '{title_stem} : "border"'),
        ('Title: "borders"', '{title} : "borders"'),
        ("author:Токаева", '{author} : "токаева"'),
        ("a b", f'({STEMS} : "a" AND {STEMS} : "b")'),
        ("a AND b", f'({STEMS} : "a" AND {STEMS} : "b")'),
        ("a OR b c", f'({STEMS} : "a" OR ({STEMS} : "b" AND {STEMS} : "c"))'),
        ("a (b (c d))", f'({STEMS} : "a" AND {STEMS} : "b" AND {STEMS} : "c" AND {STEMS} : "d")'),
        ("a NOT b", f'(({STEMS} : "a") NOT ({STEMS} : "b"))'),
        ("NOT b a NOT c", f'(({STEMS} : "a") NOT ({STEMS} : "b" OR {STEMS} : "c"))'),
        ("NOT NOT a", f'{STEMS} : "a"'),
        ('title:(a OR "b")', '({title_stem} : "a" OR {title} : "b")'),
        ("borders NEAR/8 guards", f'{STEMS} : NEAR("border" "guard", 8)'),
        ('"a b" NEAR c* NEAR "d"', f'{PLAIN} : NEAR("a b" "c" * "d", 10)'),
        (
            "title:a NEAR/0 b c",
            '({title_stem} : NEAR("a" "b", 0) AND {title_stem summary_stem text_stem} : "c")',
        ),
        ("author:(Anna NEAR Lee)", '{author} : NEAR("anna" "lee", 10)'),
        ("a NOT b NEAR/2 c", f'(({STEMS} : "a") NOT ({STEMS} : NEAR("b" "c", 2)))'),
        ("И.Тасмагамбетова", f'{STEMS} : "и тасмагамбет"'),
        ('"О\'Нил"', f'{PLAIN} : "онил"'),
        ("Жомарт-Ёлкин", f'{STEMS} : "жомарт елкин"'),
        ("a or and not", " AND ".join(f'{STEMS} : "{w}"' for w in ("a", "or", "and", "not"))),
    ],
)
def test_one_match_string(query: str, expected: str) -> None:
    """What FTS5 can say itself becomes one MATCH string with quoted tokens."""
    condition = fts(query)
    assert isinstance(condition, Match)
    assert condition.fts in {expected, f"({expected})"}


def test_sources_are_asked_one_by_one() -> None:
    """What is asked of sources is no word of the index, beside whatever it stands."""
    assert fts("source:openkg") == Shown(Term(("source",), ("openkg",)))
    both = fts("a source:~Tass NOT source:open NEAR b")
    assert isinstance(both, All)
    assert [type(part) for part in both.parts] == [Match, Shown, Not]


def test_conditions_beside_match() -> None:
    """A NOT that FTS5 cannot say becomes a condition around the biggest MATCH strings."""
    a, b, c = (Match(f'{STEMS} : "{word}"') for word in "abc")
    assert fts("NOT a") == Not(a)
    assert fts("NOT a NOT b") == Not(Match(f"{a.fts} OR {b.fts}"))
    assert fts("a OR NOT b") == Any((a, Not(b)))
    assert fts("a OR NOT b OR c") == Any((Match(f"{a.fts} OR {c.fts}"), Not(b)))
    assert fts("a (b OR NOT c)") == All((a, Any((b, Not(c)))))
    assert fts("(b OR NOT c) NOT a") == All((Any((b, Not(c))), Not(a)))
    assert fts("a NOT (b OR NOT c)") == All((a, Not(Any((b, Not(c))))))
    assert fts("NOT (b OR NOT c)") == Not(Any((b, Not(c))))
    assert fts("NOT (NOT a)") == a


def test_what_fts5_cannot_say_stands_beside_it() -> None:
    """Names, words of two forms near each other and patterns are conditions for the store."""
    fields = ("title", "summary", "text")
    tokaev = Named(fields, ("tokaev",))
    assert fts("~Токаев") == fts("~Tokayev") == tokaev
    assert fts("author:~Tokayev") == Named(("author",), ("tokaev",))
    assert fts("NOT ~Tokayev a") == All((Match(f'{STEMS} : "a"'), Not(tokaev)))
    assert fts('~"Anna Lee"') == All(
        (
            Named(fields, ("an+",)),
            Named(fields, ("lee",)),
            Check("stands", '[0, [["name", [["an+"], ["lee"]], false]]]', fields),
        )
    )
    assert fts('a NEAR/3 "Borders B"') == All(
        (
            Match(f'{STEMS} : NEAR("a" "border b", 3)'),
            Check(
                "stands",
                '[3, [["stem", ["a"], false], ["word", ["borders", "b"], false]]]',
                fields,
            ),
        )
    )
    (candidates, _) = parts(fts("a NEAR b*"))
    assert candidates == Match(f'{STEMS} : "a" AND {PLAIN} : "b" *')
    (candidates, named, _) = parts(fts("a NEAR b NEAR ~Токаев"))
    assert candidates == Match(f'{STEMS} : "a" AND {STEMS} : "b"')
    assert named == tokaev
    assert parts(fts("~Tokayev NEAR ~Токаев"))[:2] == (tokaev, tokaev)
    assert fts("/a b/") == Check("matches", "a b", fields)
    assert fts(r"title:/a\/b/") == Check("matches", r"a\/b", ("title",))
    assert fts("lang:RU") == Fact("lang", "ru")
    assert fts("seen:2025-02") == Days("seen", date(2025, 2, 1), date(2025, 3, 1))


def test_what_is_slow_is_asked_last() -> None:
    """A pattern is looked for in the articles that meet all other conditions."""
    pattern, slow = Check("matches", "x", ("title", "summary", "text")), fts("a OR /x/")
    assert fts("/x/ a lang:ru") == All((fts("a"), Fact("lang", "ru"), pattern))
    assert fts("NOT /x/ lang:ru") == All((Fact("lang", "ru"), Not(pattern)))
    assert fts("(a OR /x/) lang:ru") == All((Fact("lang", "ru"), slow))


def parts(condition: Condition) -> tuple[Condition, ...]:
    """Return the parts of a condition that has some."""
    assert isinstance(condition, All)
    return condition.parts


MISTAKES = [
    ("", 1, "empty"),
    ("   ", 1, "empty"),
    ('""', 1, "no letter or digit"),
    ("a ++", 3, 'no letter or digit to look for in "++"'),
    ("*", 1, "no letter or digit"),
    ("AND", 1, "AND needs something on its left"),
    ("OR b", 1, "OR needs something on its left"),
    ("(AND b)", 2, "AND needs something on its left"),
    ("a AND", 3, "AND needs something on its right"),
    ("a AND OR b", 3, "AND needs something on its right"),
    ("(a OR)", 4, "OR needs something on its right"),
    ("NOT", 1, "NOT needs something on its right"),
    ("a NOT )", 3, "NOT needs something on its right"),
    ("some (a b", 6, "a closing bracket is missing for the one opened here"),
    ("a (", 3, "a closing bracket is missing"),
    ("a (b))", 6, "this closing bracket was never opened"),
    (")", 1, "this closing bracket was never opened"),
    ("a ()", 3, "nothing between these brackets"),
    ('a "b c', 3, "a closing quotation mark is missing"),
    ("titel:x", 1, "did you mean title:?"),
    ("a auhtor:x", 3, "did you mean author:?"),
    ("http://x.y", 1, "fields are title:, summary:"),
    ("since:2025", 1, "write published:>=2025-12-01"),
    ("language:ru", 1, "did you mean lang:?"),
    ("title:", 1, 'title: needs a word, a "phrase" or a bracket'),
    ("title: NOT x", 1, "title: needs a word"),
    ("title:text:x", 7, "text: cannot stand inside title:"),
    ("title:(a text:x)", 10, "text: cannot stand inside title:"),
    ("a -b", 3, 'as in "NOT b"'),
    ("!b", 1, 'as in "NOT b"'),
    ("a && b", 3, '"&&" is written AND here'),
    ("a || b", 3, '"||" is written OR here'),
    ("! b", 1, '"!" is written NOT here'),
    ("k*z", 2, "at the end of a word"),
    ("k**", 2, "at the end of a word"),
    ("a /b", 3, "a closing / is missing"),
    ("/a/b", 3, "leave a space after it"),
    ("a //", 3, "nothing between these slashes"),
    ("/a*/", 2, "matches nothing at all, too"),
    ("a /b(c/", 4, "cannot be read: missing ): b(c"),
    ("a /bx**/", 6, "bad repetition operator: **"),
    ("/(?=a)b/", 2, "no look-around"),
    (r"/(a)\1/", 5, "no back-references"),
    (r"/да\b/", 4, r"\b knows Latin letters only"),
    (r"/\pL{500}/", 2, "too large"),
    ("/(?:a{900}){9}/", 12, "invalid repetition size"),
    ("/a\ud800/", 3, "no character"),
    ("author:/a/", 8, "a regular expression looks in title:, summary:, text: only"),
    ("/a/ " * (MAX_PATTERNS + 1), 4 * MAX_PATTERNS + 1, f"more than {MAX_PATTERNS} regular"),
    ("lang:english", 6, "lang: takes the letters of a language; write lang:en"),
    ("lang:rus", 6, "write lang:ru"),
    ("lang:elvish", 6, "lang: needs a language, as in lang:ru"),
    ("published:2025-12-01..2025-12-05", 11, "write published:(>=2025-12-01 <=2025-12-05)"),
    ("published:>=01.12.2025", 11, "write published:>=2025-12-01"),
    ("published:12.2025", 11, "write published:2025-12"),
    ("seen:>2025-12-01T10:00", 6, "write seen:>2025-12-01 (a day is the least)"),
    ("border near/3 guard", 8, "an operator stands in capitals: NEAR/3"),
    ("border~2", 7, '"~" means nothing behind a word here; a name in any spelling has the mark'),
    ("Токаев^4", 7, "no word weighs more than others"),
    ("border 'state visit'", 8, 'a phrase stands between double marks: "state visit"'),
    ("lang:/ru/", 6, "lang: needs a value"),
    ("a ~", 3, "no letter or digit"),
    ("~ a", 1, "no letter or digit"),
    ('~"', 2, "a closing quotation mark"),
    ("~Tok*", 1, "in its basic form"),
    ('a ~"Tok A"*', 3, "in its basic form"),
    ('a ~"Tok A*"', 3, "in its basic form"),
    ('"a 55* b"', 6, "only the last word"),
    ('a "b  c*"', 8, 'write "b c"*'),
    ("a «b* »", 5, 'write "b"*'),
    ('a "b* c"', 5, 'only the last word may go on: "b c"*'),
    ("~title:Tokayev", 1, "the field stands before the mark: title:~Tokayev"),
    ('a ~"' + "w " * 4_900 + '"', 3, "a name has 10 words at most"),
    ("~G20", 1, '"g20" is no name'),
    ("~北京", 1, '"北京" is no name'),
    ("NEAR b", 1, "NEAR needs a word on its left"),
    ("a NEAR", 3, "NEAR needs a word, a phrase or a name on its right"),
    ("a NEAR/8 (b c)", 3, "NEAR needs a word, a phrase or a name on its right"),
    ("title:a NEAR/8 title:b", 9, "a field stands before the whole"),
    ("(a OR b) NEAR c", 10, "of brackets write each pair"),
    ("/a/ NEAR c", 5, "of brackets write each pair"),
    ("a NEAR/x b", 3, "after NEAR/ stands how many words may be between"),
    ("a NEAR/ b", 3, "1,000 at most"),
    (f"a NEAR/{MAX_DISTANCE + 1} b", 3, "1,000 at most"),
    ("a NEAR/2 b NEAR/3 c", 12, "says 2, this one 3"),
    ("published:soon", 11, "needs a day, month or year, as in published:2025-12-20"),
    ("published:2025-02-30", 11, "no such day in the calendar"),
    ("published:2025-13", 11, "no such day in the calendar"),
    ("seen:0025", 6, "a year from 1900 to 2199"),
    ("seen:unknown", 6, "seen:<2025"),
    ("published:>=", 11, "needs a day"),
    ("precision:minutes", 11, "did you mean precision:minute?"),
    ("precision:exact", 11, "there are second, minute, day, none"),
    ("on:edit", 4, "did you mean on:edited?"),
    ("lang:r*", 6, "lang: needs a value"),
    ("lang:", 1, "lang: needs a value or a bracket"),
    ("lang:12", 6, "as in lang:ru"),
    ("lang:~ru", 6, "lang: needs a value"),
    ("on:(new OR title:x)", 12, "title: cannot stand inside on:"),
    ("x " * 10_000, MAX_LENGTH + 1, "20,000 characters"),
    ("x " * 4_000, 2 * MAX_TERMS + 1, f"more than {MAX_TERMS} words"),
    ("(" * 4_000 + "a" + ")" * 4_000, MAX_DEPTH + 1, "inside each other"),
    ("NOT " * 2_000 + "a", 4 * MAX_DEPTH + 1, "inside each other"),
    ("\ud800\x00", 1, "no letter or digit"),
    ("/" + "a" * 9_000, 1, "regular expression"),
    ("/" + "(" * 9_000 + "/", 2, "cannot be read"),
    ("a NEAR b " * 1_000, 9 * (MAX_TERMS // 2) + 1, f"more than {MAX_TERMS} words"),
    ("a" * 4_000 + ":b", 1, "there is no field"),
]


@pytest.mark.parametrize(("query", "column", "words"), MISTAKES, ids=range(len(MISTAKES)))
def test_mistakes(query: str, column: int, words: str) -> None:
    """A query that cannot be read is told where and what can be written, in one short line."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.column == column
    assert words in caught.value.reason
    assert str(caught.value) == f"{caught.value.reason} (column {column})"
    assert len(str(caught.value).encode()) < 300
    assert "\n" not in str(caught.value)


def test_double_negation_and_brackets_are_no_levels() -> None:
    """NOT NOT a is a; the same operator in brackets adds no level."""
    assert parse("NOT NOT a").tree == parse("((a))").tree
    assert parse("NOT NOT NOT a").tree == NotNode(
        Term(("title_stem", "summary_stem", "text_stem"), ("a",))
    )
    assert parse("(a b) c").tree == parse("a (b c)").tree
    assert parse("(a OR b) OR c").tree == parse("a OR (b OR c)").tree


ALPHABET = st.sampled_from(
    [
        "(",
        ")",
        '"',
        "*",
        " ",
        "AND",
        "OR",
        "NOT",
        "title:",
        "source:",
        "a",
        "б",
        "-",
        "/",
        "«",
        "»",
        "x:",
        "~",
        "NEAR",
        "NEAR/2",
        "NEAR/",
        "/a+/",
        "\\",
        "lang:",
        "published:",
        ">=",
        "2025-12",
        "on:edited",
        "precision:",
        "day",
        "'",
        "+",
        "\ud800",
        "\n",
    ]
)


@given(st.one_of(st.lists(ALPHABET, max_size=30).map("".join), st.text()))
@pytest.mark.torture("R-19", short=400, long=40_000)
def test_any_text_is_a_query_or_a_message(text: str) -> None:
    """Any text at all is either read, and FTS5 takes what it compiles to, or refused."""
    try:
        condition, column = fts(text), 1
    except QueryError as error:
        condition, column = Match('"x"'), error.column
    assert 1 <= column <= len(text) + 1
    for match in strings(condition):
        run(match)


def strings(condition: Condition) -> list[str]:
    """Return the MATCH strings of a condition."""
    match condition:
        case Match():
            return [condition.fts]
        case Not():
            return strings(condition.part)
        case Named() | Check() | Shown() | Fact() | Days():
            return []
        case All() | Any():
            return [fts for part in condition.parts for fts in strings(part)]


def run(match: str) -> None:
    """Ask an empty index."""
    index = sqlite3.connect(":memory:")
    index.execute(
        "CREATE VIRTUAL TABLE f USING fts5(title, summary, text, title_stem, summary_stem, "
        "text_stem, source, section, author, place, tokenize='ascii')"
    )
    index.execute("SELECT rowid FROM f WHERE f MATCH ?", (match,)).fetchall()
    index.close()


@pytest.mark.parametrize(
    "query",
    [
        " ".join(["word"] * MAX_TERMS),
        " OR ".join(["word"] * MAX_TERMS),
        "a " + "NOT b " * (MAX_TERMS - 1),
        "(a OR b " * MAX_DEPTH + ")" * MAX_DEPTH,
        "(a b OR " * (MAX_DEPTH - 1) + "c" + ")" * (MAX_DEPTH - 1),
        '"' + "w " * 4_900 + '"',
        " NEAR ".join(["word"] * MAX_TERMS),
        "(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH,
        "a OR b NOT (" * (MAX_DEPTH // 2) + "c" + ")" * (MAX_DEPTH // 2),
    ],
    ids=range(9),
)
def test_the_largest_queries(query: str) -> None:
    """The largest query that may be read can be read, and FTS5 takes it; `bench.query` times it."""
    condition = fts(query)
    assert isinstance(condition, Match)
    run(condition.fts)
