"""What machines may rely on in a message, and that docs/alerts.md shows what is sent."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.firsts import assemble
from db.model import (
    Absence,
    Basis,
    Change,
    ChangeKind,
    Dateline,
    Edit,
    Entry,
    Precision,
)
from db.telling import Alert, Letter, Passage, Watch
from monitor import letter
from monitor.grounds import grounds
from monitor.message import render
from tests.monitor.test_message_story import JOINED, SEEN, alert, member

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "alert.schema.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
VALID = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"story": None, "thread": None, "passages": (), "grounds": ()},
        {"kind": ChangeKind.GONE, "absence": Absence(last_seen=SEEN, first_missing=SEEN)},
        {
            "kind": ChangeKind.EDITED,
            "fields": ("title",),
            "edit": Edit(old_title="Met", title="Meet", old_text="a", text="a"),
        },
    ],
)
def test_every_payload_is_what_the_schema_says(own: dict[str, Any]) -> None:
    """docs/alert.schema.json describes what is sent, whatever of it is missing."""
    data = json.loads(json.dumps(render(alert(**own)).data))
    VALID.validate(data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "kind"), "found"),
        (("version",), 2),
        (("timestamp",), "2025-12-20 09:05"),
        (("data", "story", "members", 0, "published"), "yesterday"),
        (("data", "article"), None),
    ],
)
def test_the_schema_refuses_what_is_none_of_ours(path: tuple[Any, ...], value: object) -> None:
    """The schema is no formality."""
    data = json.loads(json.dumps(render(alert()).data))
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    assert not VALID.is_valid(data)


def keys(schema: Any) -> set[str]:
    """Return all names of keys in a schema."""
    if isinstance(schema, list):
        return set().union(*map(keys, schema))
    if not isinstance(schema, dict):
        return set()
    own = set(schema.get("properties", ()))
    return own.union(*map(keys, schema.values()))


def test_the_schema_knows_every_key_that_is_sent() -> None:
    """No key is sent that receivers cannot look up; the page names each one at the top."""
    one = alert(
        edit=Edit(old_title="a", title="b", old_text="a", text="b"),
        absence=Absence(last_seen=SEEN, first_missing=SEEN),
    )
    merged = Letter(key="letter_1", channel="desk", alerts=(one, replace(one, watch="border")))
    full = letter.render(merged).data

    def names(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(names, value))
        return set(value).union(*map(names, value.values())) if isinstance(value, dict) else set()

    VALID.validate(json.loads(json.dumps(full)))
    assert names(full) == keys(SCHEMA)
    for name in full["data"]:
        assert f"`{name}`" in PAGE


DAY = datetime(2025, 12, 20, tzinfo=UTC)
IN_MINSK = Dateline(
    when=DAY.replace(hour=5, minute=50),
    precision=Precision.MINUTE,
    basis=Basis.PRINTED,
    zone="Europe/Minsk",
    place="Bishkek",
    raw="20.12.2025 08:50",
)
FIRE_AT_TASS = member(
    1,
    source="tass",
    title="Fire destroys Dordoi market in Bishkek",
    url="https://tass.com/emergencies/1",
    dateline=replace(IN_MINSK, when=DAY.replace(hour=5, minute=31), zone=None),
    first_seen=DAY.replace(hour=5, minute=40),
)
FIRE_AT_BELTA = member(
    2,
    source="belta",
    title="Blaze at Bishkek's Dordoi market destroys 340 containers",
    url="https://eng.belta.by/world/1",
    dateline=IN_MINSK,
    first_seen=DAY.replace(hour=6, minute=2),
    every=timedelta(minutes=30),
    nearest=1,
    kind="same_story",
    score=0.71,
    why="names: Dordoi, Bishkek; numbers: 340",
)


def fire() -> Entry:
    """Return the item of the alert that docs/alerts.md shows."""
    article = replace(
        alert().entry.article,
        url=FIRE_AT_BELTA.url,
        source="belta",
        title=FIRE_AT_BELTA.title,
        text="A fire destroyed 340 containers at the Dordoi market in Bishkek, the emergency "
        "ministry said.",
        language="en",
        section="World",
        dateline=IN_MINSK,
    )
    return Entry(
        article=article,
        feed_id=FIRE_AT_BELTA.feed_id,
        first_seen=FIRE_AT_BELTA.first_seen,
        changed_at=FIRE_AT_BELTA.first_seen,
        edits=0,
    )


def shown() -> Alert:
    """Return the alert that docs/alerts.md shows."""
    entry = fire()
    change = Change(
        kind=ChangeKind.NEW,
        article=entry.article,
        fingerprint="f",
        known=None,
        fields=(),
        seen_at=entry.first_seen,
        sources=("belta",),
    )
    excerpt = "A fire destroyed 340 containers at the Dordoi market in Bishkek"
    return alert(
        key="alert_9f86d081884c7d659a2feaa0c55ad015",
        watch="fires",
        query="fire NEAR/8 market",
        entry=entry,
        passages=(Passage(field="text", excerpt=excerpt, start=2, end=6),),
        created_at=entry.first_seen + timedelta(minutes=1),
        grounds=grounds(change, Watch(name="fires", query="q", channels=())),
        story=assemble(1, [FIRE_AT_TASS, FIRE_AT_BELTA], 2),
        thread="alert_3c9909afec25354d551dae21590bb26e",
    )


def test_the_page_shows_what_is_sent() -> None:
    """The mail and the payload of docs/alerts.md are those of one alert, to the letter."""
    told = render(shown())
    (text,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    (payload,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    assert text == told.text.strip()
    assert json.loads(payload) == told.data
    VALID.validate(told.data)


anything = st.text(st.characters(), max_size=60)


@given(title=anything, source=anything, why=anything, said=anything)
def test_whatever_strangers_wrote_of_a_story_can_travel(
    title: str, source: str, why: str, said: str
) -> None:
    """Text and HTML encode, no markup passes, and the data keeps to the schema."""
    strange = replace(JOINED, title=title, source=source, why=why, url=title)
    told = render(alert(story=assemble(1, [strange, member(1)], 2), grounds=(said,)))
    assert told.text.encode()
    assert not re.search(r"<(?!/?(p|a|br|strong|small|mark|ins|del)\b)", told.html)
    VALID.validate(json.loads(json.dumps(told.data, ensure_ascii=False).encode()))
