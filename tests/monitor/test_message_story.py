"""What a message says beyond the item: its story, why it was told, and what machines may rely on."""

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

from db.model import (
    UNKNOWN_DATELINE,
    Absence,
    Article,
    Basis,
    Change,
    ChangeKind,
    Dateline,
    Edit,
    Entry,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.stories import assemble, shortened
from db.telling import Alert, Letter, Member, Passage, Story, Watch
from monitor import letter
from monitor.grounds import grounds
from monitor.message import render
from monitor.story_words import firsts, length, story_object

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "alert.schema.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
VALID = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
SEEN = datetime(2025, 12, 20, 9, 5, tzinfo=UTC)
MINUTE = Dateline(
    when=SEEN - timedelta(hours=1),
    precision=Precision.MINUTE,
    basis=Basis.META,
    zone="Europe/Minsk",
    raw="20.12.2025 11:05",
)


def member(number: int, **changes: Any) -> Member:
    """Return a member of a story."""
    plain = Member(
        id=number,
        feed_id=f"tag:dateline.invalid,2026-01-01:{number}",
        url=f"https://news.example/{number}",
        source=f"source{number}",
        title=f"Ministers met, says {number}",
        dateline=MINUTE,
        first_seen=SEEN,
        every=timedelta(minutes=15),
        edits=0,
        joined_at=SEEN,
    )
    return replace(plain, **changes)


JOINED = member(
    2,
    dateline=UNKNOWN_DATELINE,
    first_seen=SEEN + timedelta(minutes=5),
    edits=2,
    nearest=1,
    kind="same_story",
    score=0.716,
    why="names: Minsk; numbers: 1200",
)
STORY = assemble(1, [JOINED, member(1)], 2)


def alert(**own: Any) -> Alert:
    """Return an alert of the second member of a story."""
    article = Article(
        url=JOINED.url,
        source=JOINED.source,
        title=JOINED.title,
        title_basis=TitleBasis.PAGE,
        text="Ministers met in Minsk.",
        text_basis=TextBasis.PAGE,
    )
    entry = Entry(
        article=article,
        feed_id=JOINED.feed_id,
        first_seen=JOINED.first_seen,
        changed_at=SEEN,
        edits=2,
    )
    plain = Alert(
        key="alert_2",
        watch="minsk",
        channel="desk",
        query="minsk",
        kind=ChangeKind.NEW,
        entry=entry,
        fields=(),
        passages=(Passage(field="text", excerpt="met in Minsk.", start=7, end=12),),
        created_at=SEEN,
        grounds=("The watch takes every source.",),
        story=STORY,
        thread="alert_1",
    )
    return replace(plain, **own)


def test_the_story_is_told_with_its_order_and_its_uncertainty() -> None:
    """Who was first, each member with when it was seen, its link, and why it belongs."""
    told = render(alert())
    assert told.thread == "alert_1"
    lines = told.text.splitlines()
    for line in (
        "First seen: 20 December 2025, 09:10 UTC; the visit before was 15 minutes earlier",
        "Edits so far: 2",
        "Same story: 2 items",
        "Published first: source1",
        "Seen first: source1 or source2; visits up to 15 minutes apart leave that open",
        ("  source1, 2025-12-20 11:05 Europe/Minsk, first seen 20 December 2025, 09:05 UTC"),
        (
            "  source2, date not stated, first seen 20 December 2025, 09:10 UTC, edited 2×"
            " (this item)"
        ),
        "  https://news.example/1",
        "  the same story as source1's: names: Minsk; numbers: 1200",
        "Why it was told:",
        "  The watch takes every source.",
    ):
        assert line in lines
    for words in ("Same story: 2 items", "Why it was told", "source2, date not stated"):
        assert words in told.html
    assert 'href="https://news.example/1"' in told.html


def test_an_item_that_is_alone_tells_of_no_story() -> None:
    """A story of one says nothing; nor does an alert made before stories were known."""
    alone = assemble(2, [member(2, every=timedelta(0))], 1)
    for story in (alone, None):
        told = render(alert(story=story))
        assert "Same story" not in told.text + told.html
        assert "First seen: 20 December 2025, 09:10 UTC\n" in told.text


@pytest.mark.parametrize(
    ("story", "line"),
    [
        (assemble(1, [member(1, every=timedelta(0))], 1), "Seen first: source1"),
        (
            assemble(1, [member(1), member(2, first_seen=SEEN + timedelta(hours=9))], 2),
            "Seen first: source1; the visit before was 15 minutes earlier",
        ),
    ],
)
def test_who_was_seen_first_is_said_as_surely_as_it_is_known(story: Story, line: str) -> None:
    """Without polling there is no doubt; with it the interval is stated."""
    other = replace(story, size=2)
    assert line in render(alert(story=other)).text.splitlines()


def test_who_may_have_been_first_is_counted_though_a_message_shows_few() -> None:
    """Of a first round all may have been: those without a place in the message are a number."""
    whole = assemble(1, [member(number) for number in range(1, 6)], 5)
    short = shortened(replace(whole, seen_first=(1, 2, 3, 4, 5)), 1, 2)
    assert next(line for line in firsts(short) if line.startswith("Seen")).startswith(
        "Seen first: source1 or source2 or 3 more"
    )
    assert len(story_object(short)["seen_first"]) == 2


def test_what_the_nearest_member_is_may_be_out_of_sight() -> None:
    """Of a long story an alert lists the first members; another may be the nearest one."""
    shown = assemble(1, [replace(JOINED, nearest=77), member(1)], 30)
    told = render(alert(story=shown))
    assert "  the same story as an earlier one: names: Minsk; numbers: 1200" in told.text
    found = {one["item"]: one for one in story_object(shown)["members"]}
    assert (found[2]["nearest"], found[2]["score"], found[1]["score"]) == (None, 0.72, None)


def test_a_day_is_a_day() -> None:
    """A member dated by a day has no time of day."""
    day = replace(MINUTE, precision=Precision.DAY, when=datetime(2025, 12, 19, 21, tzinfo=UTC))
    told = render(alert(story=assemble(1, [JOINED, member(1, dateline=day)], 2)))
    assert "  source1, 2025-12-20, first seen 20 December 2025, 09:05 UTC" in told.text


def test_a_moment_in_utc_says_so() -> None:
    """A member whose zone is not known is told in UTC; one without an address has no link."""
    plain = member(1, dateline=replace(MINUTE, zone=None), url=None)
    told = render(alert(story=assemble(1, [JOINED, plain], 2)))
    assert "  source1, 2025-12-20 08:05 UTC, first seen" in told.text
    assert "news.example/1" not in told.text


@pytest.mark.parametrize(
    ("change", "watch", "said"),
    [
        (
            {},
            {},
            "news at tass: not part of a silent first reading; no source had this item before",
        ),
        ({"again": True}, {"sources": ("tass",)}, "another source had this item before"),
        ({"again": True}, {"sources": ("tass", "belta")}, "The watch names tass."),
        ({}, {}, "The watch takes every source."),
        ({}, {}, "tells of each item of a story"),
        ({}, {"once_per_story": True}, "had not told this channel of this one"),
        ({"kind": ChangeKind.GONE}, {"once_per_story": True}, "tells of each item"),
        ({"kind": ChangeKind.EDITED}, {}, "It was edited, and the watch asks for that."),
        ({"kind": ChangeKind.COMPLETED}, {}, "Its page was read only now"),
        ({"kind": ChangeKind.CORRECTED}, {}, "Better rules read it anew"),
    ],
)
def test_the_grounds_name_every_gate(
    change: dict[str, Any], watch: dict[str, Any], said: str
) -> None:
    """Kind of change, sources, story: each gate that let it through has a sentence."""
    plain = Change(
        kind=ChangeKind.NEW,
        article=alert().entry.article,
        fingerprint="f",
        known=None,
        fields=(),
        seen_at=SEEN,
        sources=("tass",),
    )
    asked = Watch(name="w", query="q", channels=())
    assert said in " ".join(grounds(replace(plain, **change), replace(asked, **watch)))


@pytest.mark.parametrize("change", [{}, {"sources": ()}])
def test_the_grounds_name_a_source_always(change: dict[str, Any]) -> None:
    """A change that lists no sources is that of its article's."""
    article = alert().entry.article
    plain = Change(
        kind=ChangeKind.NEW, article=article, fingerprint="f", known=None, fields=(), seen_at=SEEN
    )
    watch = Watch(name="w", query="q", channels=(), sources=("source2",))
    assert "The watch names source2." in grounds(replace(plain, **change), watch)


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


def test_without_dates_nobody_published_first() -> None:
    """What no source states is not said."""
    undated = assemble(1, [JOINED, member(1, dateline=UNKNOWN_DATELINE)], 2)
    told = render(alert(story=undated)).text
    assert "Published first" not in told
    assert "Seen first: source1 or source2" in told


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


def test_a_long_story_makes_no_long_message() -> None:
    """Titles and reasons of members are cut: a webhook's body stays below 64 KiB."""
    long = [
        member(number, title="Long " * 99, why="word, " * 9_999, kind="same_text", nearest=1)
        for number in range(1, 13)
    ]
    told = render(alert(story=assemble(1, long, 400)))
    assert len(told.text) < 10_000
    assert len(json.dumps(told.data)) < 32 * 1024
    assert "Same story: 400 items" in told.text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(90, "90 minutes"), (91, "2 hours"), (48 * 60, "48 hours"), (49 * 60, "2 days")],
)
def test_long_times_are_said_roughly(minutes: int, said: str) -> None:
    """Minutes up to an hour and a half, hours up to two days."""
    assert length(timedelta(minutes=minutes)) == said
