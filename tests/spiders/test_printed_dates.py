"""What a line's letters and signs beside a date mean, and when they make no date of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.model import Basis
from spiders import dates

MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("behind", "zone"),
    [
        (" +05:30", "+05:30"),
        ("+0545", "+05:45"),
        (" -03:00", "-03:00"),
        (" (UTC+6)", "+06:00"),
        (" UTC-3", "-03:00"),
        (" GMT-03:30", "-03:30"),
        ("-11:30", MOSCOW),
        (" - 18:00", MOSCOW),
        ("-0300", MOSCOW),
        (" +5 people", MOSCOW),
        (" +12", MOSCOW),
        (" -5", MOSCOW),
        (" +5000", MOSCOW),
        (" +05:10", MOSCOW),
        (" +15:00", MOSCOW),
        (" -14:15", MOSCOW),
        (" -11:30", MOSCOW),
        (" -11:00", MOSCOW),
        (" -1100", "-11:00"),
        (":00 -11:00", "-11:00"),
        (" GMT+99", MOSCOW),
        (" +05:30:10", MOSCOW),
    ],
)
def test_a_sign_behind_a_clock_is_an_offset_only_where_it_looks_like_one(
    behind: str, zone: str
) -> None:
    """Spans of hours and counts have signs, too; of zones there are 14 hours in quarters."""
    found = dates.printed(f"15 December 2025, 10:00{behind}", MOSCOW)
    assert (found.zone, found.zone_stated) == (zone, zone != MOSCOW)


@given(st.integers(-14 * 4, 14 * 4))
def test_every_offset_in_use_is_read(quarters: int) -> None:
    """To a quarter of an hour, up to fourteen hours on both sides; a span of hours ends later."""
    shift = timedelta(minutes=15 * quarters)
    hours, minutes = divmod(abs(15 * quarters), 60)
    sign = "-" if quarters < 0 else "+"
    found = dates.printed(f"15 December 2025, 18:00 {sign}{hours:02}:{minutes:02}", MOSCOW)
    assert found.when == datetime(2025, 12, 15, 18, tzinfo=UTC) - shift


@pytest.mark.parametrize(
    "text",
    [
        "Sold out 10, 2024",
        "Sold out 10 2024",
        "Лист 10, 2024",
        "5 set 2024 tickets",
        "Lot 5 mag 2024",
        "MiG29 March 2024 crash",
        "COVID-19 March 2020 figures",
        "COVID-19.03.2020",
    ],
)
@pytest.mark.parametrize("language", [None, "en", "ru"])
def test_words_and_types_beside_a_year_are_no_date(text: str, language: str | None) -> None:
    """Short names of months are words elsewhere; a number behind capitals or a hyphen is a type."""
    assert dates.printed(text, MOSCOW, language=language) is None


@pytest.mark.parametrize(
    ("text", "language", "month"),
    [
        ("Redação, 5 out 2024", "pt", 10),
        ("5 set 2024", None, 9),
        ("5 set 2024, 10:00", None, 9),
        ("Redazione, 5 set 2024", "it", 9),
        ("Redaktion, 5. Mai 2024", "en", 5),
        ("Redaktion, 5. Okt. 2024", "de", 10),
        ("Dezember 5, 2024 von Jo", "en", 12),
        ("Mayo 5, 2024 por Jo", None, 5),
        ("Янв 5, 2024, редакция", "ru", 1),
        ("Oct 5, 2024 by Jo", "en", 10),
        ("Jo Writer5 October 2024", "en", 10),
        ("Minsk - 5 October 2024", "en", 10),
        ("10:00-05.10.2024", "ru", 10),
    ],
)
def test_what_only_a_date_can_be_is_read(text: str, language: str | None, month: int) -> None:
    """Short names in their own language or alone, whole names, and dates that run into a word."""
    found = dates.printed(text, "UTC", language=language)
    assert (found.when.year, found.when.month, found.when.day) == (2024, month, 5)


def test_a_type_of_plane_or_virus_is_no_day_of_a_year_not_written() -> None:
    """An opening line leaves the year out, not the blank before the day."""
    seen = datetime(2026, 11, 21, tzinfo=UTC)
    assert dates.yearless("COVID-19 March figures", "UTC", Basis.LEAD, seen=seen) is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("5 de mayo de 2026 a las 5:30 p. m.", 17),
        ("5 de mayo de 2026 a las 5:30 a. m.", 5),
        ("5 May 2026, 5:30 pm", 17),
        ("5 May 2026, 10:30 CST", 16),
        ("5 May 2026, 10:30 CDT", 15),
        ("5 May 2026, 10:30 MST", 17),
        ("5 May 2026, 10:30 MDT", 16),
    ],
)
def test_halves_of_a_day_and_zones_are_read_as_they_are_printed(text: str, hour: int) -> None:
    """Spanish parts the letters of its halves; America has more than two zones."""
    assert dates.printed(text, "UTC").when == datetime(2026, 5, 5, hour, 30, tzinfo=UTC)
