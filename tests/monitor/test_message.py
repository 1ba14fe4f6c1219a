"""Messages: everything a person needs on one screen, everything a machine needs in one object."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from db.model import (
    UNKNOWN_DATELINE,
    Absence,
    Article,
    Basis,
    ChangeKind,
    Dateline,
    Edit,
    Entry,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.telling import Alert, Passage
from monitor.message import render

SEEN = datetime(2025, 12, 20, 9, 5, tzinfo=UTC)
MINUTE = Dateline(
    when=datetime(2025, 12, 19, 11, 30, tzinfo=UTC),
    precision=Precision.MINUTE,
    basis=Basis.PRINTED,
    zone="Europe/Moscow",
    place="Moscow",
    raw="14:30, 19.12.2025",
)
TEXT = "Foreign ministers of the CSTO met in Minsk.\n\nThey spoke."


def alert(
    *, dateline: Dateline = MINUTE, article: dict[str, Any] | None = None, **own: Any
) -> Alert:
    """Return an alert with some fields of its own, or of its article, changed."""
    plain = Article(
        url="https://odkb-csto.org/news/1/",
        source="secretariat",
        title="Ministers met",
        title_basis=TitleBasis.PAGE,
        text=TEXT,
        text_basis=TextBasis.PAGE,
        dateline=dateline,
    )
    entry = Entry(
        article=replace(plain, **(article or {})),
        feed_id="tag:dateline.invalid,2026-01-01:1",
        first_seen=SEEN,
        changed_at=SEEN,
        edits=0,
    )
    fields: dict[str, Any] = {
        "key": "alert_00ff",
        "watch": "csto",
        "channel": "desk",
        "query": 'CSTO OR "collective security"',
        "kind": ChangeKind.NEW,
        "entry": entry,
        "fields": (),
        "passages": (Passage(field="text", excerpt="of the CSTO met", start=7, end=11),),
        "created_at": SEEN,
    }
    return Alert(**(fields | own))


def test_the_text_says_what_where_when_and_why() -> None:
    """Title, source, link, dateline with its evidence, watch, query and the words met."""
    message = render(alert())
    assert message.subject == "[csto] Ministers met"
    for line in (
        "Ministers met",
        "Source: secretariat",
        "Link: https://odkb-csto.org/news/1/",
        (
            "Published: 19 December 2025, 14:30 Europe/Moscow (printed on the page; "
            "read from “14:30, 19.12.2025”; zone assumed)"
        ),
        "Place: Moscow",
        "Change: New",
        'Watch: csto (CSTO OR "collective security")',
        "  text: of the **CSTO** met",
    ):
        assert line in message.text.splitlines()
    assert "<mark>CSTO</mark>" in message.html


@pytest.mark.parametrize(
    ("dateline", "words"),
    [
        (
            UNKNOWN_DATELINE,
            "not stated by the source; first seen 20 December 2025, 09:05 UTC",
        ),
        (
            Dateline(
                when=datetime(2025, 12, 18, 21, tzinfo=UTC),
                precision=Precision.DAY,
                basis=Basis.LEAD,
                zone="Europe/Moscow",
                raw="December 19",
            ),
            (
                "19 December 2025 (a day, no time; from the article's opening line; "
                "read from “December 19”; year inferred)"
            ),
        ),
        (
            Dateline(
                when=datetime(2025, 12, 19, 9, 0, 7, tzinfo=UTC),
                precision=Precision.SECOND,
                basis=Basis.API,
                zone="+05:30",
                zone_stated=True,
                raw="1766134807",
            ),
            (
                "19 December 2025, 14:30:07 +05:30 (from the source's own data; "
                "read from “1766134807”)"
            ),
        ),
        (
            Dateline(
                when=datetime(2025, 12, 19, 9, tzinfo=UTC),
                precision=Precision.DAY,
                basis=Basis.URL,
                zone="-03:00",
            ),
            "19 December 2025 (a day, no time; from the article's address)",
        ),
        (
            Dateline(
                when=datetime(2025, 12, 19, 9, tzinfo=UTC),
                precision=Precision.MINUTE,
                basis=Basis.FEED,
                zone="Nowhere/Atall",
            ),
            "19 December 2025, 09:00 UTC (from the source's feed)",
        ),
        (
            Dateline(
                when=datetime(2025, 12, 19, 9, tzinfo=UTC),
                precision=Precision.MINUTE,
                basis=Basis.GUESS,
                zone="+99:00",
            ),
            "19 December 2025, 09:00 UTC (a guess)",
        ),
        (
            Dateline(
                when=datetime(2025, 12, 19, 9, tzinfo=UTC),
                precision=Precision.MINUTE,
                basis=Basis.META,
            ),
            "19 December 2025, 09:00 UTC (from the page's meta data)",
        ),
    ],
)
def test_a_dateline_is_said_with_its_precision_and_basis(dateline: Dateline, words: str) -> None:
    """Every kind of dateline is put into words, in text and data alike."""
    message = render(alert(dateline=dateline))
    assert f"Published: {words}" in message.text
    assert message.data["data"]["dateline"]["words"] == words


def test_an_edit_names_the_edited_fields() -> None:
    """An edit says so in the subject and names what differs."""
    message = render(alert(kind=ChangeKind.EDITED, fields=("title", "text")))
    assert message.subject == "[csto] edited: Ministers met"
    assert "Change: Edited: title, text" in message.text
    assert message.data["data"]["fields"] == ["title", "text"]


def test_the_data_keeps_its_documented_shape() -> None:
    """Version 1 of the webhook's body: the keys its receivers rely on."""
    data = render(alert()).data
    assert (data["type"], data["version"]) == ("article.matched", 1)
    assert data["timestamp"] == "2025-12-20T09:05:00Z"
    inner = data["data"]
    known = {"key", "kind", "fields", "watch", "passages", "article", "dateline", "grounds"}
    assert set(inner) == known | {"edit", "absence", "story", "thread"}
    assert {inner[name] for name in ("edit", "absence", "story", "thread")} == {None}
    assert inner["key"] == "alert_00ff"
    assert inner["passages"] == [
        {"field": "text", "excerpt": "of the CSTO met", "start": 7, "end": 11}
    ]
    assert inner["dateline"]["when"] == "2025-12-19T11:30:00Z"
    assert inner["dateline"]["zone_stated"] is False
    assert inner["article"]["text"] == TEXT
    assert inner["article"]["text_cut"] is False
    unknown = render(alert(dateline=UNKNOWN_DATELINE)).data["data"]["dateline"]
    assert (unknown["when"], unknown["precision"], unknown["basis"]) == (None, "none", "unknown")
    assert unknown["day"] is None


def test_a_day_is_the_one_its_source_wrote() -> None:
    """Its moment, the start of the day in Minsk, is the day before in UTC: `day` says which."""
    start = datetime(2025, 12, 18, 21, tzinfo=UTC)
    day = Dateline(when=start, precision=Precision.DAY, basis=Basis.PRINTED, zone="Europe/Minsk")
    told = render(alert(dateline=day)).data["data"]["dateline"]
    assert (told["when"], told["day"]) == ("2025-12-18T21:00:00Z", "2025-12-19")


def test_long_fields_are_cut_and_the_cut_is_told() -> None:
    """A megabyte of title or text does not make a megabyte of message."""
    message = render(alert(article={"title": "Long " * 200_000, "text": "Word " * 400_000}))
    assert len(message.subject) <= 200
    assert len(message.text) < 10_000
    assert message.data["data"]["article"]["text_cut"] is True
    assert len(json.dumps(message.data)) < 64 * 1024


def test_html_holds_no_markup_of_strangers_and_nothing_remote() -> None:
    """R-15: what a stranger wrote is text, and nothing is loaded from anywhere."""
    evil = "<script>alert(1)</script><img src=https://spy.example/x><svg/onload=alert(1)>"
    message = render(
        alert(
            article={"title": evil, "text": evil, "summary": evil, "url": "javascript:alert(1)"},
            passages=(Passage(field=evil, excerpt=evil, start=3, end=9),),
            watch=evil,
        )
    )
    body = etree.HTML(message.html)
    tags = {each.tag for each in body.iter()}
    assert tags <= {"html", "body", "p", "strong", "small", "br", "mark", "a"}
    assert body.xpath("//@href | //@src | //@onload") == []


@pytest.mark.parametrize(
    ("excerpt", "start", "end", "marked"),
    [
        ("of the\u202e CSTO\nmet", 8, 12, "of the **CSTO** met"),
        ("CSTO", 0, 4, "**CSTO**"),
        ("short", 40, 50, "short****"),
        ("x" * 2000 + " CSTO", 2001, 2005, "x" * 499 + " **CSTO**"),
    ],
)
def test_marks_stay_on_their_words(excerpt: str, start: int, end: int, marked: str) -> None:
    """Cleaning and cutting an excerpt moves the marks with the words."""
    passage = Passage(field="text", excerpt=excerpt, start=start, end=end)
    assert f"  text: {marked}" in render(alert(passages=(passage,))).text.splitlines()


anything = st.text(st.characters(), max_size=60)


@pytest.mark.torture("R-14", short=100, long=10_000)
@given(title=anything, text=anything, watch=anything, excerpt=anything, raw=anything)
def test_any_text_makes_a_message_that_can_travel(
    title: str, text: str, watch: str, excerpt: str, raw: str
) -> None:
    """R-14, R-16: the subject is one clean line, and text, html and data encode as UTF-8."""
    message = render(
        alert(
            dateline=replace(MINUTE, raw=raw),
            article={"title": title, "text": text, "summary": title, "authors": (raw,)},
            watch=watch,
            passages=(Passage(field="text", excerpt=excerpt, start=2, end=5),),
        )
    )
    assert message.subject.splitlines() == [message.subject]
    assert not {"Cc", "Cs"} & set(map(unicodedata.category, message.subject))
    assert len(message.subject) <= 200
    assert message.text.encode()
    assert message.html.encode()
    assert json.loads(json.dumps(message.data, ensure_ascii=False).encode())


def test_an_edit_is_shown_word_by_word() -> None:
    """Mail shows what was removed and what was added, a webhook gets the pieces."""
    edit = Edit(
        old_title="Ministers <met>",
        title="Ministers <meet>",
        old_text=f"{'Long before. ' * 90}They spoke in Minsk. {'Long after. ' * 90}",
        text=f"{'Long before. ' * 90}They spoke in Moscow. {'Long after. ' * 90}",
    )
    told = render(alert(kind=ChangeKind.EDITED, fields=("title", "text"), edit=edit))
    assert "title: Ministers <[-met-] {+meet+}>" in told.text
    assert "They spoke in [-Minsk-] {+Moscow+}." in told.text
    assert "<del>Minsk</del> <ins>Moscow</ins>" in told.html
    assert "Ministers &lt;<del>met</del>" in told.html
    assert len(told.text) < 1_500
    pieces = told.data["data"]["edit"]["text"]
    assert [piece["mark"] for piece in pieces] == ["same", "removed", "added", "same"]
    assert pieces[0]["text"].startswith("… ")


def test_what_an_edit_left_alone_is_not_shown() -> None:
    """A field that did not change has no pieces; a rewritten text is not sent whole."""
    edit = Edit(old_title="Same", title="Same", old_text="a " * 50_000, text="b " * 50_000)
    told = render(alert(kind=ChangeKind.CORRECTED, edit=edit))
    assert told.data["data"]["edit"]["title"] == []
    assert "title:" not in told.text
    assert len(told.text) < 6_000
    assert "Read again by better rules" in told.text


@pytest.mark.parametrize("kind", [ChangeKind.GONE, ChangeKind.BACK])
def test_an_absence_is_told_as_it_was_observed(kind: ChangeKind) -> None:
    """When the item was last seen and first missing, and no guess at when it was taken away."""
    absence = Absence(last_seen=SEEN, first_missing=datetime(2025, 12, 21, 9, 5, tzinfo=UTC))
    told = render(alert(kind=kind, absence=absence))
    assert told.subject == f"[csto] {kind.value}: Ministers met"
    line = "Last seen 20 December 2025, 09:05 UTC; first missing 21 December 2025, 09:05 UTC"
    assert f"Observed: {line}" in told.text
    assert line in told.html
    assert told.data["data"]["absence"] == {
        "last_seen": "2025-12-20T09:05:00Z",
        "first_missing": "2025-12-21T09:05:00Z",
    }
