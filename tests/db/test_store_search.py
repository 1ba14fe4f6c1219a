"""Search and watch are one: the store finds the articles that the evaluator says meet a query."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import names
from db.compile import to_condition
from db.errors import StoreError
from db.evaluate import evaluate
from db.model import (
    Article,
    Basis,
    ChangeKind,
    Dateline,
    FeedSpec,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.query import parse
from db.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS = [
    "Казахстан", "Казахстаном", "Токаев", "Токаева", "Tokayev", "мост", "Ёж", "border", "borders",
    "guard", "news-room", "room", "Касым-Жомарт", "Kassym-Jomart", "Лукашэнка", "don’t", "2,500", "a",
]  # fmt: skip
TERMS = [
    "Казахстан", "border", "bor*", '"border guard"', "~Токаев", "~Lukashenko", "~Касым-Жомарт",
    '~"Kassym-Jomart Tokayev"', "title:~Tokayev", "author:~Ежов", 'author:~"Anna Lee"',
    "border NEAR/2 guard", 'Токаев NEAR/3 "border guard"', "~Токаев NEAR/2 border", "к* NEAR a",
    "/bor.er/", "title:/^.{1,9}$/", "text:/токае?в/", "source:tass", "source:bel*",
    "source:~Tass", 'source:"bel ta"', 'source:"tass bel"', "source:bel NEAR/4 tass",
    "source:ta NOT source:tass", "place:Минск", "section:мир",
    "lang:ru", "lang:en", "lang:(ru OR unknown)", "published:unknown", "published:2025",
    "published:2025-12-20", "published:>2025-12-20", "published:<=2025-12-19", "published:<2026-01",
    "published:(>=2025-12-20 <2026)", "seen:2025-12-20", "seen:>2025-12-20", "seen:<2025-12-21",
    "precision:day", "precision:none", "precision:minute",
]  # fmt: skip
ZONES = [None, "UTC", "Europe/Moscow", "+05:00", "Pacific/Kiritimati", "-11:00", "Nowhere/Land"]
START = datetime(2025, 12, 20, tzinfo=UTC)


def dateline(chance: random.Random) -> Dateline:
    """Make a dateline at the edge of a day or of a year in its zone, or none."""
    place = chance.choice([None, "Минск"])
    if chance.random() < 0.2:
        return Dateline(place=place)
    when = chance.choice(
        [START, datetime(2026, 1, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)]
    )
    return Dateline(
        when=when + timedelta(minutes=chance.choice([-1500, -840, -180, -1, 0, 1, 300, 720, 1440])),
        precision=chance.choice([Precision.DAY, Precision.MINUTE]),
        basis=Basis.META,
        zone=chance.choice(ZONES),
        place=place,
    )


def article(chance: random.Random, number: int) -> Article:
    """Make an article of a few words that queries are likely to meet."""

    def some(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    return Article(
        url=f"https://e.org/{number}",
        source=chance.choice(["tass", "bel ta", "tass-2"]),
        title=some(3),
        title_basis=TitleBasis.PAGE,
        summary=some(3),
        text=some(8),
        text_basis=TextBasis.PAGE,
        section=chance.choice([None, "Мир"]),
        authors=tuple(chance.sample(["А. Ежов", "Anna Lee", "A B"], k=chance.randint(0, 2))),
        language=chance.choice([None, "ru", "ru-KZ", "en"]),
        dateline=dateline(chance),
    )


def query(chance: random.Random, depth: int = 2) -> str:
    """Make a query of any shape."""
    kind = chance.randrange(5) if depth else 0
    if kind <= 1:
        return chance.choice(TERMS)
    if kind == 2:
        return f"NOT ({query(chance, depth - 1)})"
    joint = chance.choice([" ", " OR ", " NOT "])
    return f"({joint.join(query(chance, depth - 1) for _ in range(2))})"


def found(store: Store, text: str) -> set[int]:
    """Return the ids that a search finds."""
    return {stored.id for stored in store.search(to_condition(parse(text)), limit=1_000)}


@pytest.mark.torture("§7", short=6, long=100, part=25)
@given(seed=st.integers(0, 2**32))
def test_search_finds_what_watches_are_told(seed: int) -> None:
    """On 600 pairs a case, of articles indexed, waiting and edited, with all their facts."""
    chance = random.Random(seed)  # noqa: S311 - documents, not secrets
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "dateline.db") as store:
        shown: dict[int, list[str]] = {}
        for number in range(12):
            item = article(chance, number)
            shown[number + 1] = [item.source]
            store.record(item, START + timedelta(hours=3 * number))
            if number == 6:
                store.verify()  # which indexes what waits
        for number in chance.sample(range(12), 6):
            item = article(chance, number)
            if item.source not in shown[number + 1]:
                shown[number + 1].append(item.source)
            store.record(item, START + timedelta(days=3))
        told = {row.value.article.url: row.value.shown_by for row in store.unmatched(99)}
        assert told == {f"https://e.org/{n - 1}": tuple(names) for n, names in shown.items()}
        stored = {one.id: one.value for one in store.search(None)}
        for _ in range(50):
            text = query(chance)
            met = {
                number
                for number, entry in stored.items()
                if evaluate(
                    parse(text),
                    entry.article,
                    first_seen=entry.first_seen,
                    shown_by=tuple(shown[number]),
                )
                is not None
            }
            assert found(store, text) == met, text


@pytest.fixture
def three(store: Store, article: Article, now: datetime) -> Store:
    """Return the store with three articles in the index."""
    for number, text in enumerate(["Токаева ждут", "Tokayev, guards", "a guarded border"]):
        store.record(replace(article, url=f"https://e.org/{number}", guid=None, text=text), now)
    store.verify()
    return store


def test_kinds_of_change_are_searched(three: Store, article: Article, now: datetime) -> None:
    """`on:` finds the articles that have had such a change."""
    three.record(replace(article, url="https://e.org/1", guid=None, text="Токаев, edited"), now)
    assert found(three, "on:edited") == {2}
    assert found(three, "on:new") == {1, 2, 3}
    assert found(three, "on:(gone OR back OR completed)") == set()
    assert found(three, "NOT on:edited ~Токаев") == {1}


def test_feeds_take_every_condition(three: Store) -> None:
    """What can be searched for can be published as a feed, of some sources as of all."""
    for query_text in (
        "~Tokayev lang:en",
        "/tok|ток/ precision:minute",
        "on:new seen:>=2025 ~Tokayev",
    ):
        condition = to_condition(parse(query_text))
        for sources in ((), ("secretariat",)):
            spec = FeedSpec(name="f", title="F", sources=sources)
            assert len(three.newest(spec, condition)) == 2, query_text


def test_a_name_that_nobody_has_finds_nothing(three: Store) -> None:
    """A name of which the index has no word is met by nothing, its absence by all."""
    assert found(three, "~Жапаров") == set()
    assert found(three, "NOT ~Жапаров") == {1, 2, 3}


def test_an_edit_brings_new_names(three: Store, article: Article, now: datetime) -> None:
    """An article that is in the index already is found by a name that its edit brings."""
    three.record(replace(article, url="https://e.org/2", guid=None, text="у Жапарова"), now)
    assert found(three, "~Japarov") == {3}


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    """Do something behind the store's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return list(connection.execute(statement))


def counted(path: Path) -> Iterable[tuple[object, ...]]:
    """Return the words that are known by name, with their keys."""
    return rows(path, "SELECT token, key FROM name_token ORDER BY token, key")


@pytest.mark.parametrize(
    "statements",
    [
        [
            "UPDATE counter SET value = -1 WHERE name = 'names'",
            "DELETE FROM name_token",
            "INSERT INTO name_token VALUES ('tokaev', 'other')",
        ],
        [
            "DROP TABLE name_token",
            "DROP TABLE named_token",
            "DELETE FROM counter WHERE name = 'names'",
            "DELETE FROM _sqlite_migrations WHERE name = 'names_of_tokens'",
            "PRAGMA user_version = 2",
        ],
    ],
    ids=["other rules", "schema 2"],
)
def test_an_older_file_learns_the_names_of_its_words(
    three: Store, path: Path, statements: list[str]
) -> None:
    """A file without them, or with those of other rules, has all of them once it was opened."""
    before = counted(path)
    three.close()
    for statement in statements:
        rows(path, statement)
    with pytest.raises(StoreError, match=rf"older Dateline .*names {names.VERSION}\): run a round"):
        Store.open_readonly(path)
    with Store.open(path) as store:
        assert found(store, "~Токаев") == {1, 2}
        assert counted(path) == before


def test_a_day_is_the_sources_own(store: Store, article: Article, now: datetime) -> None:
    """An item dated 20 December in Moscow is of that day, though it begins on the 19th in UTC."""
    moscow = Dateline(
        when=datetime(2025, 12, 19, 21, tzinfo=UTC), precision=Precision.DAY, basis=Basis.META,
        zone="Europe/Moscow",
    )  # fmt: skip
    store.record(replace(article, dateline=moscow), now)
    assert found(store, "published:2025-12-20") == {1}
    assert found(store, "published:2025-12-19") == found(store, "published:unknown") == set()


def test_a_source_finds_what_it_has_shown_whoever_was_first(
    store: Store, article: Article, now: datetime
) -> None:
    """An item of two sources is found under both, in searches as in feeds, and once."""
    store.record(replace(article, source="first"), now)
    store.record(replace(article, source="second"), now)
    store.record(replace(article, source="third", url="https://e.org/3", guid=None), now)
    for text, ids in {
        "source:first": {1},
        "source:second": {1},
        "source:(second OR third)": {1, 2},
        "NOT source:second": {2},
        'source:"first second"': set(),
        "council source:second": {1},
        "source:nobody": set(),
    }.items():
        assert found(store, text) == ids, text
        spec = FeedSpec(name="f", title="F", query=text)
        assert len(store.newest(spec, to_condition(parse(text)))) == len(ids), text


def test_the_first_and_the_last_day_of_all_years_are_days() -> None:
    """A zone that would lead out of the calendar is left aside."""
    for when in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        for zone in ("+14:00", "-12:00"):
            item = replace(
                article(random.Random(1), 1),  # noqa: S311 - documents, not secrets
                dateline=Dateline(when=when, precision=Precision.DAY, basis=Basis.META, zone=zone),
            )
            assert evaluate(parse("published:<1900 OR published:>2199"), item) is not None


@pytest.mark.parametrize(
    ("kind", "met"),
    [
        (ChangeKind.NEW, {"new"}),
        (ChangeKind.COMPLETED, {"new", "completed"}),
        (ChangeKind.EDITED, {"edited"}),
        (ChangeKind.GONE, {"gone"}),
        (ChangeKind.BACK, {"back"}),
    ],
)
def test_kinds_of_change_are_evaluated(kind: ChangeKind, met: set[str]) -> None:
    """A watch asks for what has just happened; a completed item is new to who was not told."""
    item = article(random.Random(1), 1)  # noqa: S311 - documents, not secrets
    for one in ChangeKind:
        answer = evaluate(parse(f"on:{one.value}"), item, kind=kind)
        assert (answer is not None) is (one.value in met)


def test_first_sight_of_what_was_never_seen() -> None:
    """An article that is in no store meets no day of first sight."""
    item = article(random.Random(1), 1)  # noqa: S311 - documents, not secrets
    assert evaluate(parse("seen:>1900"), item) is None
    assert evaluate(parse("NOT seen:>1900"), item) == ()
