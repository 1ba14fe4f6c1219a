"""Digests and merged messages: what stands in them, in which order, and why."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    ChangeKind,
    Dateline,
    Entry,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.packing import MOST_TOGETHER
from db.telling import Alert, Letter, Notice, NoticeKind, Passage, Story
from monitor import message
from monitor.letter import render

DOCS = Path(__file__).parents[2] / "docs"
NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)


def alert(number: int, watch: str = "border", **changes: object) -> Alert:
    """Return an alert of an item of its own."""
    at = NOW + timedelta(minutes=number)
    title = f"Talks <b>{number}</b>"
    article = Article(
        url=f"https://news.example.org/{number}",
        source="belta",
        title=title,
        title_basis=TitleBasis.PAGE,
        text="Long text. " * 100,
        text_basis=TextBasis.PAGE,
    )
    made = Alert(
        key=f"alert_{watch}_{number}",
        watch=watch,
        channel="desk",
        query=f"{watch} query",
        kind=ChangeKind.NEW,
        entry=Entry(
            article=article, feed_id=f"tag:x,2025:{number}", first_seen=at, changed_at=at, edits=0
        ),
        fields=(),
        passages=(Passage(field="title", excerpt=title, start=0, end=5),),
        created_at=at,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def letter(*alerts: Alert, is_flood: bool = False) -> Letter:
    """Return a letter of alerts."""
    return Letter(key="digest_k", channel="desk", alerts=alerts, is_flood=is_flood)


THREE = (alert(1), alert(2), alert(2, "water"), alert(3, "water", kind=ChangeKind.EDITED))


def test_an_alert_by_itself_is_told_as_ever() -> None:
    """A letter of one alert is that alert's message."""
    assert render(letter(alert(1))) == message.render(alert(1))


def test_watches_that_met_the_same_change_are_named_in_one_message() -> None:
    """Both names, both queries, each with its words; the id is the letter's."""
    told = render(letter(alert(2), alert(2, "water", passages=())))
    assert told.subject == "[border, water] Talks <b>2</b>"
    assert "\nWatch: border (border query)\nWatch: water (water query)\n" in told.text
    data = told.data["data"]
    assert told.data["type"] == "article.matched"
    assert data["key"] == "digest_k"
    assert data["watch"] == {"name": "border", "query": "border query"}
    assert [(watch["name"], len(watch["passages"])) for watch in data["watches"]] == [
        ("border", 1),
        ("water", 0),
    ]


def test_a_message_for_several_watches_says_which_met_what() -> None:
    """A passage names who met it, each watch has one, and what holds for one says so."""
    shared, own, last = (
        Passage(field="text", excerpt=word, start=0, end=len(word)) for word in ("a", "b", "last")
    )
    many = tuple(Passage(field="text", excerpt=f"w{n}", start=0, end=2) for n in range(12))
    told = render(
        letter(
            alert(2, passages=(shared, *many), grounds=("All.", "Border's.")),
            alert(2, "water", passages=(shared, own), grounds=("All.", "Water's.")),
            alert(2, "<salt>", passages=(last,), grounds=("All.",)),
        )
    )
    lines = told.text.splitlines()
    assert "  text (border, water): **a**" in lines
    assert "  text (water): **b**" in lines
    assert "  text (<salt>): **last**" in lines
    assert sum(line.startswith("  text (") for line in lines) == 12
    assert [line for line in lines if line.endswith(("All.", "'s."))] == [
        "  All.", "  border: Border's.", "  water: Water's.",
    ]  # fmt: skip
    assert "<small>text (&lt;salt&gt;):</small> <mark>last</mark>" in told.html
    assert "text: " in render(letter(alert(2, passages=(shared,)))).text


def test_a_digest_counts_and_lists_all_the_newest_first() -> None:
    """Each item once, with every watch that met it; the machine reads the same."""
    told = render(letter(*THREE))
    assert told.subject == "[Dateline] 3 items for watches border 2, water 2"
    data = told.data["data"]
    assert (told.data["type"], told.data["version"]) == ("digest", 1)
    assert told.data["timestamp"] == "2025-12-20T09:03:00Z"
    assert (data["key"], data["count"], data["flood"]) == ("digest_k", 3, False)
    assert data["watches"] == [
        {"name": "border", "query": "border query", "count": 2},
        {"name": "water", "query": "water query", "count": 2},
    ]
    assert [item["keys"] for item in data["items"]] == [
        ["alert_water_3"],
        ["alert_border_2", "alert_water_2"],
        ["alert_border_1"],
    ]
    assert [watch["name"] for watch in data["items"][1]["watches"]] == ["border", "water"]
    article = data["items"][0]["article"]
    assert (len(article["text"]) <= 300, article["text_cut"]) == (True, True)


def test_the_newest_is_what_was_published_last() -> None:
    """Not what was made last; without a date, or with one to come, first sight counts."""
    told = render(letter(*(dated(*of) for of in ((1, -2), (2, -1), (3, None), (4, 9), (5, -3)))))
    items = told.data["data"]["items"]
    assert [item["keys"] for item in items] == [
        [f"alert_border_{number}"] for number in (4, 3, 2, 1, 5)
    ]
    assert told.subject == "[Dateline] 5 items for watch border"


def dated(number: int, hours: int | None) -> Alert:
    """Return an alert of an item that was published so many hours after the start, if ever."""
    made = alert(number)
    when = None if hours is None else NOW + timedelta(hours=hours)
    dateline = Dateline(when=when, precision=Precision.MINUTE, basis=Basis.META) if when else None
    article = replace(made.entry.article, dateline=dateline or UNKNOWN_DATELINE)
    return replace(made, entry=replace(made.entry, article=article))


def test_a_digest_reads_as_a_numbered_list() -> None:
    """Title, what and when, address, and why; in HTML no tag of a stranger's."""
    told = render(letter(*THREE))
    assert "1. Talks <b>3</b>\n   edited, belta, " in told.text
    assert "\n   https://news.example.org/3\n   water: **Talks**" in told.text
    assert told.html.count("<strong>") == 3
    assert "&lt;b&gt;3" in told.html
    assert "<mark>Talks</mark>" in told.html
    ET.fromstring(f"<div>{told.html.replace('<br>', '<br/>')}</div>")  # noqa: S314 - our own


def test_the_page_on_delivery_shows_a_digest_as_it_is() -> None:
    """Every key of its example is a key of the real thing."""
    page = (DOCS / "delivery.md").read_text(encoding="utf-8")
    example = json.loads(page.split("```json\n")[1].split("```")[0])
    told = render(letter(*THREE)).data
    assert example.keys() == told.keys()
    assert example["data"].keys() == told["data"].keys()
    (shown,), made = example["data"]["items"], told["data"]["items"][0]
    assert shown.keys() == made.keys()
    assert shown["article"].keys() <= made["article"].keys()
    assert shown["dateline"].keys() <= made["dateline"].keys()
    assert shown["watches"][0].keys() == made["watches"][0].keys()


def test_digests_and_merged_messages_are_what_their_schemas_say() -> None:
    """Whatever of an item is missing; a digest that says otherwise is none of ours."""
    of_alert, of_digest = (
        json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("alert", "digest")
    )
    known = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in (of_alert, of_digest)
    )
    merged = Draft202012Validator(of_alert, registry=known)
    digest = Draft202012Validator(of_digest, registry=known)
    merged.validate(render(letter(alert(2), alert(2, "water", passages=()))).data)
    told = json.loads(json.dumps(render(letter(*THREE, alert(4, passages=()))).data))
    digest.validate(told)
    assert not merged.is_valid(told)
    told["data"]["items"][0]["article"]["title"] = 7
    assert not digest.is_valid(told)


def test_a_digest_says_that_items_are_of_one_story() -> None:
    """To people in the line of facts, to machines as an alert has it; with why it was told."""
    story = Story(
        id=12,
        size=3,
        members=(),
        published_first=(),
        seen_first=(),
        uncertainty=timedelta(),
    )
    told = render(letter(alert(1), alert(2, story=story, grounds=("It is news.",))))
    assert "; one of 3 items of story 12" in told.text
    assert told.text.count("of story") == 1
    first, second = told.data["data"]["items"]
    assert (first["story"]["id"], second["story"]) == (12, None)
    assert first["watches"][0]["grounds"] == ["It is news."]


def test_a_flood_says_so() -> None:
    """With the true count; an item without words or address is still there."""
    bare = alert(4, passages=())
    bare = replace(bare, entry=replace(bare.entry, article=replace(bare.entry.article, url=None)))
    told = render(letter(*THREE, bare, is_flood=True))
    assert told.subject == "[Dateline] 4 items at once for watches border 3, water 2"
    assert "too many to be told one by one" in told.text
    assert told.data["data"]["flood"] is True
    assert "1. Talks <b>4</b>" in told.text


def test_the_largest_digest_is_taken_by_receivers_that_take_little() -> None:
    """64 KiB are what some take at most; a letter cannot be split once they have refused it."""
    title = "Лидеры Таджикистана и Казахстана подписали 14 соглашений"
    text = "Лидеры Таджикистана и Казахстана встретились в Душанбе. " * 20
    passage = Passage(field="text", excerpt=text[:160], start=0, end=6)
    many = [alert(number, "Душанбе", passages=(passage,) * 2) for number in range(MOST_TOGETHER)]
    russian = [
        replace(
            one,
            entry=replace(one.entry, article=replace(one.entry.article, title=title, text=text)),
        )
        for one in many
    ]
    body = json.dumps(render(letter(*russian, is_flood=True)).data, ensure_ascii=False)
    assert len(body.encode()) < 64 * 1024


def test_many_watches_do_not_fill_the_subject() -> None:
    """Four are named, the others counted in the text."""
    told = render(letter(*(alert(number, f"w{number}") for number in range(6))))
    assert told.subject == "[Dateline] 6 items for watches w0 1, w1 1, w2 1, w3 1, …"
    assert "w5: 1 (w5 query)" in told.text


@pytest.mark.parametrize("kind", [NoticeKind.CLOSED, NoticeKind.UNDELIVERED, NoticeKind.REFUSED])
def test_a_notice_of_a_channel_says_what_to_do(kind: NoticeKind) -> None:
    """It names the channel, the answer, and the command that mends it."""
    told = Notice(
        key="notice_1",
        source="channel hook",
        kind=kind,
        state=None,
        reason="410 Gone",
        since=NOW,
        created_at=NOW,
    )
    made = render(Letter(key="notice_1", channel="desk", notice=told))
    assert made.subject.startswith("[Dateline] channel hook: ")
    assert "410 Gone" in made.text
    mends = "channels test" if kind is NoticeKind.REFUSED else "alerts resend --dead --channel"
    assert f"dateline {mends} hook" in made.text
    assert made.data["data"]["state"] is None
