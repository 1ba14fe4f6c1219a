"""monitor.rules: which watches a change meets, and why."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import QueryError
from db.evaluate import evaluate
from db.model import ChangeKind, Dateline, Known, TextBasis, TitleBasis
from db.query import parse
from db.telling import Watch
from monitor.rules import Rules
from tests.monitor.watched import NOW, change, names, told, watch


def test_a_source_in_a_query_is_any_that_has_shown_the_item() -> None:
    """Whoever was first; each name is a text of its own, and passages lie within one."""
    shown = replace(change("border"), shown_by=("bel ta", "tass", "open kg"))
    watches = [
        watch(query, name=query)
        for query in (
            "source:tass border", "source:kg", 'source:"bel ta"', 'source:"ta tass"', "source:bel NEAR/9 tass", "source:open NEAR/9 kg", "NOT source:kg",
            "source:op*", "source:~Tass", "source:secretariat",
        )
    ]  # fmt: skip
    met = Rules(watches).match(shown)
    assert [match.watch.name for match in met] == [
        "source:tass border", "source:kg", 'source:"bel ta"',
        "source:open NEAR/9 kg", "source:op*", "source:~Tass",
    ]  # fmt: skip
    text = "bel ta\ntass\nopen kg".replace("\n", " ")
    words = {
        passage.excerpt[passage.start : passage.end]
        for match in met for passage in match.passages if passage.field == "source"
    }  # fmt: skip
    assert words == {"tass", "kg", "bel ta", "open kg", "open"}
    assert all(p.excerpt == text for m in met for p in m.passages if p.field == "source")


def test_what_another_source_shows_as_well_is_news_where_the_query_waits_for_it() -> None:
    """Told before, it is news to nobody else: neither to one whose query was met before."""
    again = replace(
        change("border", source="tass"), again=True, sources=("tass",), shown_by=("belta", "tass")
    )
    rules = Rules(
        watch(query, name=query)
        for query in (
            "source:tass", "border", "border source:tass", "border source:belta",
            "source:(belta OR tass)", "NOT source:openkg", "source:belta source:tass",
        )
    )  # fmt: skip
    assert names(rules, again) == ["source:tass", "border source:tass", "source:belta source:tass"]
    assert names(rules, again, frozenset({"source:tass", "border source:tass"})) == [
        "source:belta source:tass"
    ]


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
    "~Tokayev",
    "~Токаев NOT guard",
    "title:~Токаев OR mine",
    '~"Tokayev border"',
    "border NEAR/0 guard",
    'border NEAR/1 "guard the"',
    "~Tokayev NEAR/1 border",
    "/bor[de]/",
    "/bor[de]/ guard",
    "title:/^mine/ OR guard",
    "lang:ru",
    "lang:unknown border",
    "published:2025-12-20 border",
    "published:unknown",
    "precision:none NOT guard",
    "seen:2025-12-20 ~Tokayev",
    "on:new mine",
    "NOT on:edited mine",
]
TEXTS = [
    "border",
    "border guard",
    "guard the mine",
    "boring",
    "Казахстаном",
    "Tokayev",
    "Токаева border",
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
            expected = [
                q
                for q in QUERIES
                if evaluate(parse(q), met.article, first_seen=met.seen_at) is not None
            ]
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


_WORDS = ["border", "guard", "mine", "Казахстан"]
_LEAVES = st.sampled_from(
    [*_WORDS, '"border guard"', "bor*", "title:mine", "~Tokayev", "/mi/", "lang:unknown", "on:new",
     "border NEAR/1 mine", "source:tass"]
)  # fmt: skip
_MIXED = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
        inner.map(lambda part: f"(NOT {part})"),
    ),
    max_leaves=6,
)
_SOME_WORDS = st.lists(st.sampled_from([*_WORDS, "Токаева", "boring"]), max_size=4).map(" ".join)


@given(st.lists(_MIXED, min_size=1, max_size=12, unique=True), _SOME_WORDS, _SOME_WORDS)
def test_whatever_a_query_is_made_of_it_is_found_as_alone(
    queries: list[str], title: str, text: str
) -> None:
    """Each way in which a query can hold is found, whether watches came together or one by one."""
    rules = Rules.compile(watch(query, name=query) for query in queries)
    met = change(text, title=title)
    expected = [q for q in queries if evaluate(parse(q), met.article) is not None]
    assert names(rules, met) == expected
    added = Rules()
    for query in queries:
        added.add(watch(query, name=query))
    assert told(added, met) == told(rules, met)
    for query in queries[::2]:
        added.remove(query)
    assert names(added, met) == [q for q in queries[1::2] if q in expected]


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


def test_watches_come_and_go() -> None:
    """After every step the rules answer as rules that were compiled anew."""
    chance = random.Random(7)  # noqa: S311 - documents, not secrets
    rules, standing = Rules.compile([]), dict[str, Watch]()
    met = [change(text, title=title, place="Минск") for title in TEXTS for text in TEXTS]
    for step in range(150):
        if standing and chance.random() < 0.4:
            name = chance.choice(list(standing))
            rules.remove(name)
            del standing[name]
        else:
            one = watch(chance.choice(QUERIES), name=str(chance.randrange(20)))
            rules.add(one)
            standing.pop(one.name, None)
            standing[one.name] = one
        if step % 10 == 0:
            fresh = Rules.compile(standing.values())
            for one in chance.sample(met, 20):
                assert told(rules, one) == told(fresh, one)
    for name in standing:
        rules.remove(name)
    assert not any(rules.match(one) for one in met)
    with pytest.raises(KeyError):
        rules.remove("nobody")


def test_a_bad_query_changes_nothing() -> None:
    """A watch that cannot be read does not take the place of the one it should replace."""
    rules = Rules.compile([watch("border", "borders")])
    with pytest.raises(QueryError, match='watch "borders": AND needs'):
        rules.add(watch("border AND", "borders"))
    assert names(rules, change("border")) == ["borders"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ChangeKind.NEW, ["new", "not edited", "either"]),
        (ChangeKind.EDITED, ["edited", "either"]),
        (ChangeKind.COMPLETED, ["new", "not edited", "either", "completed"]),
        (ChangeKind.GONE, ["not edited", "either", "gone or"]),
        (ChangeKind.BACK, ["not edited", "either"]),
    ],
)
def test_a_query_that_names_kinds_of_change_decides_on_them(
    kind: ChangeKind, expected: list[str]
) -> None:
    """`on:` in the query counts, whatever the watch says beside it."""
    rules = Rules.compile(
        [
            watch("on:edited border", "edited"),
            watch("on:new border", "new", on=(ChangeKind.GONE,)),
            watch("border NOT on:edited", "not edited"),
            watch("border (on:edited OR NOT on:edited)", "either"),
            watch("on:gone border OR on:gone mine", "gone or"),
            watch("on:completed border", "completed"),
            watch("on:edited on:new", "never"),
        ]
    )
    assert sorted(names(rules, change("border", kind=kind))) == sorted(expected)
    told = frozenset({"new", "not edited", "either"})
    if kind is ChangeKind.COMPLETED:
        assert names(rules, change("border", kind=kind), told) == [
            "not edited",
            "either",
            "completed",
        ]


def test_first_sight_is_that_of_the_article() -> None:
    """An edit of an old article does not meet a watch for what was first seen since."""
    rules = Rules.compile([watch("seen:>=2025-12-20", on=(ChangeKind.NEW, ChangeKind.EDITED))])
    old = Known(
        url=None, fingerprint="f", title="", title_basis=TitleBasis.PAGE, text="",
        text_basis=TextBasis.PAGE, dateline=Dateline(), first_seen=NOW - timedelta(days=3),
        changed_at=NOW - timedelta(days=3),
    )  # fmt: skip
    assert names(rules, change("border")) == ["w"]
    assert names(rules, replace(change("border", kind=ChangeKind.EDITED), known=old)) == []
