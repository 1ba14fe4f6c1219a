"""Search and watch agree on every item of the press room, its supplied documents among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.changes import fingerprint
from db.compile import to_condition
from db.evaluate import evaluate
from db.model import Change, ChangeKind
from db.query import parse
from db.store import Store
from db.telling import Watch
from monitor.rules import Rules

if TYPE_CHECKING:
    from conftest import Desk

QUERIES = (
    "CSTO",
    "ОДКБ",
    "border",
    '"Tajik-Afghan border"',
    "Tajik NEAR/3 border",
    "~Tasmagambetov",
    "~Masadykov OR ~Токаев",
    "CSTO NOT (exercise* OR drill*)",
    "title:CSTO",
    "text:(security OR безопасность)",
    "source:tass",
    "source:belta minister*",
    "section:politics OR section:security",
    "place:Minsk",
    "author:unknown",
    "lang:en",
    "lang:ru NOT source:tass",
    "published:unknown",
    "published:2025",
    "published:>=2025-12-15",
    "precision:day",
    "/\\d{4}/",
    "/Secretary.General/ NOT title:interview*",
    "NOT CSTO",
    "Токаев* OR Казахстан",
    "meeting NEAR/5 council",
    "zebra",
)
# What the press room never writes of.
FOR_NOBODY = {
    "ОДКБ",
    "source:belta minister*",
    "author:unknown",
    "lang:ru NOT source:tass",
    "Токаев* OR Казахстан",
    "zebra",
}


def test_search_and_watch_agree_on_every_item_of_the_press_room(desk: Desk) -> None:
    """The store finds for each query just the items that a watch of it would have told of."""
    assert desk.dateline("run").returncode == 0
    desk.room.publish(2)
    assert desk.dateline("run", "--now").returncode == 0
    rules = Rules(Watch(name=text, query=text, channels=()) for text in QUERIES)
    with Store.open_readonly(desk.folder / "var" / "dateline.db") as store:
        items = store.search(None, limit=10_000)
        found = {
            text: {each.id for each in store.search(to_condition(parse(text)), limit=10_000)}
            for text in QUERIES
        }
    told: dict[str, set[int]] = {text: set() for text in QUERIES}
    for item in items:
        entry = item.value
        change = Change(
            kind=ChangeKind.NEW,
            article=entry.article,
            fingerprint=fingerprint(entry.article),
            known=None,
            fields=(),
            seen_at=entry.first_seen,
        )
        for match in rules.match(change):
            told[match.watch.name].add(item.id)
        for text in QUERIES:
            met = evaluate(parse(text), entry.article, first_seen=entry.first_seen) is not None
            assert met is (item.id in told[text]), (text, entry.article.url)
    assert told == found
    assert len(items) == 34
    # None of this is true because nothing is found, or everything: twenty queries part the items.
    assert {text for text in QUERIES if not told[text]} == FOR_NOBODY
    assert [text for text in QUERIES if len(told[text]) == len(items)] == ["lang:en"]
