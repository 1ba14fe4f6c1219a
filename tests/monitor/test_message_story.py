"""What a message says beyond the item: its story, and why it was told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.firsts import assemble, shortened
from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    Change,
    ChangeKind,
    Dateline,
    Entry,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.telling import Alert, Member, Passage, Story, Watch
from monitor.grounds import grounds
from monitor.message import render
from monitor.story_words import firsts, length, story_object

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
    told = story_object(short)
    assert (len(told["seen_first"]), told["seen_first_size"]) == (2, 5)
    assert told["published_first_size"] == len(whole.published_first)


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


def test_without_dates_nobody_published_first() -> None:
    """What no source states is not said."""
    undated = assemble(1, [JOINED, member(1, dateline=UNKNOWN_DATELINE)], 2)
    told = render(alert(story=undated)).text
    assert "Published first" not in told
    assert "Seen first: source1 or source2" in told


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
