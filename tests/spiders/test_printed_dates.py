"""What a line's letters and signs beside a date mean, and when they make no date of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    """To a quarter of an hour, up to fourteen hours on both sides."""
    shift = timedelta(minutes=15 * quarters)
    hours, minutes = divmod(abs(15 * quarters), 60)
    sign = "-" if quarters < 0 else "+"
    found = dates.printed(f"15 December 2025, 10:00 {sign}{hours:02}:{minutes:02}", MOSCOW)
    assert found.when == datetime(2025, 12, 15, 10, tzinfo=UTC) - shift
