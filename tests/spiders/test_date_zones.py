"""Zones behind clocks: names in capitals, offsets, and what leaves the moment open."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.model import Basis, Precision
from spiders import dates

PARIS = "Europe/Paris"
SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Publié le 5 avril 2024 à 10:30 cet article est gratuit",
        "5 avril 2024, 10:30 Est-ce vrai ?",
        "5 avril 2024 10:30 (est. 2 min)",
        "5 april 2024 10:30 eet smakelijk",
        "5 April 2024 10:30 BBC NEWS",
        "5 April 2024 10:30 US-Präsident",
        "5. APRIL 2024 10:30 UHR",
        "5 April 2024 10:30 | CNN",
    ],
)
def test_words_behind_a_clock_are_no_zone(text) -> None:
    """The clock is the source's own."""
    found = dates.printed(text, PARIS)
    assert (found.when, found.precision, found.zone_stated) == (
        datetime(2024, 4, 5, 8, 30, tzinfo=UTC), Precision.MINUTE, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "hour", "zone"),
    [
        ("5 July 2024 10:00 EST", 15, "-05:00"),
        ("5 July 2024 10:00 AM ET", 14, "-04:00"),
        ("5 December 2024 10:00 a.m. ET", 15, "-05:00"),
        ("5 July 2024 10:00 AM (PT)", 17, "-07:00"),
        ("5 July 2024 10:00 CEST", 8, "+02:00"),
        ("5 июля 2024, 10:00 мск", 7, "+03:00"),
        ("5 July 2024 10:00 (JST)", 1, "+09:00"),
        ("5 July 2024 10:00 UTC+6", 4, "+06:00"),
    ],
)
def test_a_known_name_behind_a_clock_states_the_zone(text, hour, zone) -> None:
    """Americans write the same letters in summer and in winter, behind half a day."""
    found = dates.printed(text, PARIS)
    assert (found.when.hour, found.zone, found.zone_stated) == (hour, zone, True)


@pytest.mark.parametrize("zone", ["IST", "ACST", "GST", "ET", "XYZ", "WIT"])
def test_a_clock_in_an_unknown_zone_tells_the_day(zone) -> None:
    """IST is three zones; of two letters none is one without half a day before it."""
    for found in (
        dates.printed(f"5 April 2024, 10:00 {zone}", PARIS),
        dates.stated(f"Fri, 5 Apr 2024 10:00:00 {zone}", PARIS, Basis.FEED),
        dates.yearless(f"April 5, 10:00 {zone}", PARIS, Basis.LEAD, seen=SEEN, year=2024),
        dates.abbreviated(f"05.04.24, 10:00 {zone}", PARIS),
    ):
        assert (found.when, found.precision) == (
            datetime(2024, 4, 4, 22, tzinfo=UTC), Precision.DAY,
        )  # fmt: skip
        assert (found.zone, found.zone_stated) == (PARIS, False)


def test_an_unknown_zone_may_stand_in_brackets() -> None:
    """As known ones do."""
    assert dates.printed("5 April 2024, 10:00 (IST)", PARIS).precision is Precision.DAY


@given(st.dates(date(2001, 1, 1), date(2026, 12, 31)), st.sampled_from(["-", "/"]))
def test_a_day_with_its_year_first_is_never_swapped(day, mark) -> None:
    """A zone's name may stand behind its clock."""
    found = dates.stated(f"{day:%Y{mark}%m{mark}%d} 10:00:00 CEST", PARIS, Basis.FEED)
    assert found.when == datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    raw = f"{day:%Y{mark}%d{mark}%m} 10:00 GMT"
    swapped = dates.stated(raw, PARIS, Basis.FEED)
    assert (
        swapped is None or swapped.raw == f"{dates.local_day(swapped):%Y{mark}%m{mark}%d} 10:00 GMT"
    )


def test_a_machine_may_write_as_americans_do() -> None:
    """The name counts behind half a day alone, which is not taken for it."""
    found = dates.stated("Apr 5, 2024 10:00 AM ET", PARIS, Basis.META)
    assert (found.when.hour, found.zone, found.precision) == (14, "-04:00", Precision.MINUTE)
    found = dates.stated("Apr 5, 2024 10:00 AM", PARIS, Basis.META)
    assert (found.when.hour, found.zone, found.precision) == (8, PARIS, Precision.MINUTE)


@pytest.mark.parametrize(
    ("raw", "when", "zone"),
    [
        ("2024-04-05+03:00", "2024-04-04T21:00", "+03:00"),
        ("2024-04-05-05:00", "2024-04-05T05:00", "-05:00"),
        ("2024-04-05Z", "2024-04-05T00:00", "UTC"),
        ("2024-04-05-22:30", "2024-04-04T22:00", PARIS),
        ("2024-04-05 10", "2024-04-04T22:00", PARIS),
        ("20240405 1030", "2024-04-04T22:00", PARIS),
        ("20240405 2330+0000", "2024-04-05T00:00", "UTC"),
    ],
)
def test_a_day_is_a_day(raw, when, zone) -> None:
    """An offset behind it is no clock, and no clock stays in a moment that tells the day."""
    found = dates.stated(raw, PARIS, Basis.STRUCTURED)
    assert found.when == datetime.fromisoformat(when).replace(tzinfo=UTC)
    assert (found.precision, found.zone) == (Precision.DAY, zone)
    assert dates.local_day(found).isoformat() == "2024-04-05"


@pytest.mark.parametrize(
    ("raw", "when"),
    [
        ("2026-05-04 10:30:00 MSK+2", "2026-05-04T05:30"),
        ("Mon, 4 May 2026 10:30 MSK-1", "2026-05-04T08:30"),
        ("4 May 2026 10:30 UTC+3", "2026-05-04T07:30"),
        ("Mon May 04 2026 10:30:00 GMT+0300 (Moscow Standard Time)", "2026-05-04T07:30"),
        ("2026-05-04T10:30 мск", "2026-05-04T07:30"),
        ("2026-05-04T10:30:00 PDT", "2026-05-04T17:30"),
    ],
)
def test_a_machine_s_zone_is_read_as_a_printed_one(raw: str, when: str) -> None:
    """Hours added to Moscow's lie east of it; a name may stand behind ISO's clock, too."""
    for found in (dates.stated(raw, "Asia/Almaty", Basis.META), dates.printed(raw, "Asia/Almaty")):
        assert found.when.isoformat()[:16] == when
        assert found.zone_stated


@pytest.mark.parametrize("behind", ["Z UTC", "Z GMT", "Z (UTC)", "Z BBC", "+00:00 MSK"])
def test_an_offset_behind_a_clock_is_told_enough(behind: str) -> None:
    """What name follows it is one more word."""
    found = dates.printed(f"Published 2026-05-04T10:30:00{behind}", "Asia/Almaty")
    assert (found.when.isoformat()[:16], found.zone) == ("2026-05-04T10:30", "UTC")


@pytest.mark.parametrize("raw", ["2026-05-04T10:30:00 IST", "4 May 2026 10:30 EST+1"])
def test_what_no_zone_is_called_leaves_a_machine_s_date_its_day(raw: str) -> None:
    """Which moment the clock tells is not known."""
    found = dates.stated(raw, "Asia/Almaty", Basis.META)
    assert (found.precision, dates.local_day(found).isoformat()) == (Precision.DAY, "2026-05-04")
