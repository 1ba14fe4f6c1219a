"""Dates that lists tell from the moment of reading, without their year, or in numbers alone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from db.model import Basis, Precision
from spiders import dates
from tests.spiders.lists import listed, moment

MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("yesterday, 09:00", "2025-12-19T06:00", Precision.MINUTE),
        ("Today at 10:30", "2025-12-20T07:30", Precision.MINUTE),
        ("вчера в 9:05", "2025-12-19T06:05", Precision.MINUTE),
        ("сёння, 10:30", "2025-12-20T07:30", Precision.MINUTE),
        ("кечээ, 23:59", "2025-12-19T20:59", Precision.MINUTE),
        ("5 minutes ago", "2025-12-20T08:55", Precision.MINUTE),
        ("2 часа назад", "2025-12-19T21:00", Precision.DAY),
        ("an hour ago", "2025-12-19T21:00", Precision.DAY),
        ("14 hours ago", "2025-12-18T21:00", Precision.DAY),
        ("3 дні таму", "2025-12-16T21:00", Precision.DAY),
        ("3h ago", "2025-12-19T21:00", Precision.DAY),
        ("5m ago", "2025-12-20T08:55", Precision.MINUTE),
        ("2d ago", "2025-12-17T21:00", Precision.DAY),
        ("час назад", "2025-12-19T21:00", Precision.DAY),
        ("позавчера, 10:15", "2025-12-18T07:15", Precision.MINUTE),
    ],
)
def test_a_date_told_from_now_is_read_from_the_moment_of_reading(text, moment, precision):
    """Minutes are exact; hours and days ago only tell the day."""
    found = dates.relative(text, MOSCOW, datetime(2025, 12, 20, 9, tzinfo=UTC))
    assert (found.when, found.precision) == (
        datetime.fromisoformat(moment).replace(tzinfo=UTC),
        precision,
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "since yesterday", "long ago", "2 hours", "ago 2 hours", "in 2 hours", "the day before",
        "120 days ago", "1,200 days ago", "2-3 days ago", "1.5 hours ago", "two days ago",
        "three hours ago", "несколько дней назад", "пять дней назад", "полтора часа назад",
        "не один час назад",
    ],
)  # fmt: skip
def test_what_tells_no_moment_is_no_relative_date(text):
    """Nor does `yesterday` in a line of other words, nor a number in words or of three digits."""
    seen = datetime(2025, 12, 20, 9, tzinfo=UTC)
    assert dates.relative(text, MOSCOW, seen) is None
    assert dates.relative(text, MOSCOW, seen, bare=True) is None


@pytest.mark.parametrize(
    ("text", "day"), [("Yesterday.", 19), ("сегодня", 20), ("позавчера", 18), ("Today", 20)]
)
def test_a_word_alone_is_a_day_in_a_list_only(text, day):
    """On a page it may lead to what is there today."""
    seen = datetime(2025, 12, 20, 9, tzinfo=UTC)
    found = dates.relative(text, MOSCOW, seen, bare=True)
    assert found.when.astimezone(ZoneInfo(MOSCOW)).day == day
    assert dates.relative(text, MOSCOW, seen) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Nov 21", "2025-11-21"),
        ("19 ноября", "2025-11-19"),
        ("19-ноябрь", "2025-11-19"),
        ("19 қараша", "2025-11-19"),
        ("19 лістапада, 10:15", "2025-11-19"),
        ("28 августа", "2025-08-28"),
        ("25 декабря", None),
        ("15 февраля", None),
        ("19 ноября на стадионе", None),
        ("Nov 21 1999", None),
    ],
)
def test_a_line_of_a_list_may_be_a_day_of_the_last_half_year(text, day):
    """What lies further back is more likely to come: an event, or a deadline."""
    seen = datetime(2025, 11, 22, 12, tzinfo=UTC)
    found = dates.yearless_alone(text, MOSCOW, Basis.LISTING, seen=seen)
    assert (found and found.when.astimezone(ZoneInfo(MOSCOW)).date().isoformat()) == day


@pytest.mark.parametrize(
    ("others", "lang", "day"),  # midnight in Moscow is nine in the evening before
    [
        (("13/11/2026", "21/10/2026", "19/10/2026"), "en", "2026-11-01"),
        (("02/10/2026", "21/10/2026", "10/21/2026"), "en", None),
        (("11/10/2026", "21/10/2026", "10/10/2026"), "en", None),
        (("13/11/2026", "21/10/2026", "19/10/2026"), "en-US", None),
        (("11/10/2026", "10/21/2026", "10/19/2026"), "en", None),
        (("11/10/2026", "03/10/2026", "05/10/2026"), "en", None),
        (("11/10/2026", "03/10/2026", "05/10/2026"), "fr", "2026-11-01"),
    ],
)
def test_the_other_dates_of_a_list_tell_which_number_is_the_day(others, lang, day):
    """Two that can be read in one order only prove it for all, unless another one disagrees."""
    rows = "".join(
        f"<li><h3><a href=/news/2026/story-{n}>Council reopens the bridge number {n}</a></h3>"
        f"<i>{date}</i></li>"
        for n, date in enumerate(("02/11/2026", *others))
    )
    cards = listed("listing", f"<html lang={lang}><body><ul>{rows}</ul></body></html>").cards
    assert len(cards) == 4
    assert moment(cards[0]) == (f"{day}T21:00" if day else None)
