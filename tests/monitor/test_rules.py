"""monitor.rules: which watches a change meets, and why."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from db.errors import QueryError
from db.evaluate import evaluate
from db.model import Article, Change, ChangeKind, Dateline, TextBasis, TitleBasis
from db.query import parse
from db.telling import Watch
from monitor.rules import MAX_PASSAGES, Rules

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)


def change(
    text: str = "",
    *,
    title: str = "",
    source: str = "tass",
    kind: ChangeKind = ChangeKind.NEW,
    place: str | None = None,
) -> Change:
    """Make a change of an article with these words."""
    article = Article(
        url=None,
        source=source,
        title=title,
        title_basis=TitleBasis.PAGE,
        summary="",
        text=text,
        text_basis=TextBasis.PAGE,
        dateline=Dateline(place=place),
    )
    return Change(kind=kind, article=article, fingerprint="f", known=None, fields=(), seen_at=NOW)


def watch(query: str, name: str = "w", **more: tuple[str, ...] | tuple[ChangeKind, ...]) -> Watch:
    """Make a watch for a query."""
    return Watch(name=name, query=query, channels=("mail",), **more)


def names(rules: Rules, met: Change, already: frozenset[str] = frozenset()) -> list[str]:
    """Return the names of the watches that a change meets."""
    return [match.watch.name for match in rules.match(met, already=already)]


QUERIES = [
    "Казахстан",
    "border NOT guard",
    '"border guard"',
    "title:border",
    "source:tass",
    "source:tass border",
    "source:t*",
    "source:(tass OR belta) mine",
    "bor*",
    "b*",
    "Tokayev OR bor*",
    "Tokayev OR NOT border",
    "(Tokayev OR mine) (guard OR bor*)",
    "(bor* OR min*) NOT guard",
    "NOT border",
    "NOT (border OR mine)",
    "guard bor*",
    "gua* bor*",
    '"border gu"*',
    "place:Минск",
    "(border guard) OR (border mine)",
    "source:tass OR source:belta",
]
TEXTS = [
    "border",
    "border guard",
    "guard the mine",
    "boring",
    "Казахстаном",
    "Tokayev",
    "",
    "mines",
]


@pytest.mark.parametrize("source", ["tass", "belta", "openkg"])
def test_rules_find_what_evaluation_finds(source: str) -> None:
    """The index leaves out no watch that holds and adds none, in the order of the watches."""
    rules = Rules.compile(watch(query, name=query) for query in QUERIES)
    for title in TEXTS:
        for text in TEXTS:
            met = change(text, title=title, source=source, place="Минск")
            expected = [q for q in QUERIES if evaluate(parse(q), met.article) is not None]
            assert names(rules, met) == expected


def test_many_watches_are_found_as_one_by_one() -> None:
    """With hundreds of watches of shared words every match is found, and only those."""
    chance = random.Random(4)  # noqa: S311 - documents, not secrets
    words = [f"w{number}x" for number in range(60)]
    joints = [" ", " OR ", " NOT "]
    queries = [
        chance.choice(joints).join(
            chance.choices([*words, "w1*", '"w1x w2x"'], k=chance.randint(1, 4))
        )
        for _ in range(400)
    ]
    rules = Rules.compile(watch(query, name=str(n)) for n, query in enumerate(queries))
    for _ in range(20):
        met = change(" ".join(chance.choices(words, k=40)))
        expected = [
            str(n) for n, q in enumerate(queries) if evaluate(parse(q), met.article) is not None
        ]
        assert names(rules, met) == expected


def test_no_watches_no_matches() -> None:
    """Without watches nothing is met."""
    assert Rules.compile([]).match(change("border")) == ()


def test_a_bad_query_names_its_watch() -> None:
    """A query that cannot be read says which watch it belongs to, and where."""
    with pytest.raises(QueryError, match=r'^watch "borders": AND needs .* \(column 8\)$') as caught:
        Rules.compile([watch("fine"), watch("border AND", name="borders")])
    assert caught.value.column == 8


def test_sources_limit_a_watch() -> None:
    """A watch with sources is met by their articles only; one without by all."""
    rules = Rules.compile(
        [watch("border", "all"), watch("border", "some", sources=("belta", "openkg"))]
    )
    assert names(rules, change("border", source="tass")) == ["all"]
    assert names(rules, change("border", source="openkg")) == ["all", "some"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ChangeKind.NEW, ["new", "both"]),
        (ChangeKind.EDITED, ["edited", "both"]),
        (ChangeKind.COMPLETED, ["new", "both", "completed"]),
        (ChangeKind.CORRECTED, ["new", "both"]),
        (ChangeKind.GONE, []),
        (ChangeKind.BACK, []),
    ],
)
def test_kinds_of_change(kind: ChangeKind, expected: list[str]) -> None:
    """Only the kinds a watch is on count; a completed item counts as new."""
    rules = Rules.compile(
        [
            watch("border", "new"),
            watch("border", "edited", on=(ChangeKind.EDITED,)),
            watch("border", "both", on=(ChangeKind.NEW, ChangeKind.EDITED)),
            watch("border", "completed", on=(ChangeKind.COMPLETED,)),
        ]
    )
    assert names(rules, change("border", kind=kind)) == expected


def test_completed_is_no_news_for_who_has_told() -> None:
    """A completed item is told by the watches that have not told of it, and by those alone."""
    rules = Rules.compile([watch("border", "a"), watch("border", "b")])
    met = change("border", kind=ChangeKind.COMPLETED)
    assert names(rules, met, already=frozenset({"a"})) == ["b"]
    assert names(rules, change("border"), already=frozenset({"a"})) == ["b"]
    assert names(rules, change("border")) == ["a", "b"]


def test_passages_show_the_words_that_matched() -> None:
    """Each passage cuts the field at words around the hit, and its marks delimit the hit."""
    before, after = "Раньше сказано много слов. " * 20, "Потом сказано ещё больше. " * 20
    text = f"{before}\n\nПрезидент\tТокаев встретил гостей.\n{after}"
    rules = Rules.compile([watch('Токаева OR "президент токаев" OR source:tass')])
    (match,) = rules.match(change(text, title="«Токаева» ждут"))
    assert [passage.field for passage in match.passages] == ["title", "text", "text", "source"]
    marked = [passage.excerpt[passage.start : passage.end] for passage in match.passages]
    assert marked == ["Токаева", "Президент Токаев", "Токаев", "tass"]
    assert match.passages[0].excerpt == "«Токаева» ждут"
    assert match.passages[1].excerpt.startswith(("сказано", "много", "слов.", "Раньше"))
    assert match.passages[1].excerpt.endswith(("сказано", "ещё", "больше.", "Потом"))
    for passage in match.passages:
        assert len(passage.excerpt) <= 160
        assert "\n" not in passage.excerpt


def test_passages_are_few() -> None:
    """However many words match, a match shows a few."""
    query = " ".join("abcdefgh")
    (match,) = Rules.compile([watch(query)]).match(change(query, title=query))
    assert len(match.passages) == MAX_PASSAGES


def test_a_match_by_absence_has_no_passages() -> None:
    """A watch of NOTs alone is met without words to show."""
    (match,) = Rules.compile([watch("NOT border")]).match(change("peace"))
    assert match.passages == ()


@pytest.mark.parametrize("text", ["x" * 500, "слово " * 100, "a" * 300 + " b " + "c" * 300])
def test_passages_of_long_words(text: str) -> None:
    """A hit longer than an excerpt, and one between words too long to show, stay in bounds."""
    query = '"' + " ".join(["слово"] * 60) + '" OR xxx* OR b'
    (match,) = Rules.compile([watch(query)]).match(change(text))
    passage = match.passages[0]
    assert 0 <= passage.start < passage.end <= len(passage.excerpt) <= 160
