"""What machines state of a date: its offset, its many forms, and what is refused."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.model import Basis, Precision
from spiders import dates

MOSCOW = "Europe/Moscow"


def test_an_offset_that_cannot_be_is_not_stated():
    """Nonsense behind a clock leaves the zone assumed."""
    assert dates.printed("15 December 2025, 16:11 GMT+99", MOSCOW).zone_stated is False


@pytest.mark.parametrize(
    ("raw", "moment", "precision", "zone", "is_stated"),
    [
        ("2026-10-02T11:54:00+03:00", "2026-10-02T08:54", Precision.SECOND, "+03:00", True),
        ("2026-10-02T11:54Z", "2026-10-02T11:54", Precision.MINUTE, "UTC", True),
        ("Mon, 15 Dec 2025 16:11:00 +0300", "2025-12-15T13:11", Precision.SECOND, "+03:00", True),
        ("Mon, 15 Dec 2025 16:11 MSK", "2025-12-15T13:11", Precision.MINUTE, "+03:00", True),
        ("15 Dec 2025 16:11:00", "2025-12-15T13:11", Precision.SECOND, MOSCOW, False),
        ("2025-12-15T16:11", "2025-12-15T13:11", Precision.MINUTE, MOSCOW, False),
        ("20251215T161100", "2025-12-15T13:11", Precision.SECOND, MOSCOW, False),
        ("2025-W51-1", "2025-12-14T21:00", Precision.DAY, MOSCOW, False),
        ("Mon, 15 Dec 2025 16:11:00 XYZ", "2025-12-15T13:11", Precision.SECOND, MOSCOW, False),
        ("1765804260", "2025-12-15T13:11", Precision.SECOND, "UTC", True),
        ("2025-12-15", "2025-12-14T21:00", Precision.DAY, MOSCOW, False),
    ],
)
def test_a_stated_date_keeps_its_offset_or_assumes_the_zone(
    raw, moment, precision, zone, is_stated
):
    """A machine's date is exact where it has an offset; else the source's zone is assumed."""
    found = dates.stated(raw, MOSCOW, Basis.FEED)
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert (found.when, found.precision, found.zone, found.zone_stated) == (
        expected, precision, zone, is_stated,
    )  # fmt: skip


def test_an_offset_known_to_be_wrong_is_ignored():
    """BelTA's machine time says +00:00 and means Minsk."""
    found = dates.stated(
        "2026-10-02T11:54:00+00:00", "Europe/Minsk", Basis.META, ignore_offset=True
    )
    assert found.when == datetime(2026, 10, 2, 8, 54, tzinfo=UTC)
    assert (found.zone, found.zone_stated) == ("Europe/Minsk", False)


@pytest.mark.parametrize(
    "raw",
    ["", "garbage", "16:11", "5", "0000-00-00", "9999-12-31T23:59:59+00:00", "2025", "Dec 2025",
     "Mon, 35 Dec 2025 16:11:00 GMT", "05.12.2025 10:30", "05/12/2025 10:30", "10:30 2025", "Dec 2025 10:30", "0001-01-01T00:00:00+14:00", "99999999999999999999 2025 10:10",
     "Fri, 19 Dec 2025 12:30:00 +9930"],
)  # fmt: skip
def test_a_stated_date_that_cannot_be_is_nothing(raw):
    """Garbage and dates at the ends of the calendar give no date and no exception."""
    assert dates.stated(raw, MOSCOW, Basis.FEED) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed Nov 18 2026 17:20:31 GMT+0300 (MSK)", "2026-11-18T14:20:31"),
        ("Wed, 18 Nov 2026 17:20:31 UTC+3", "2026-11-18T14:20:31"),
        ("1795011631000", "2026-11-18T14:20:31"),
        ("1795011631", "2026-11-18T14:20:31"),
    ],
)
def test_machines_write_moments_in_many_ways(text, moment):
    """JavaScript's own form means what it says, and milliseconds are no seconds."""
    found = dates.stated(text, MOSCOW, Basis.STRUCTURED)
    assert (found.when, found.precision) == (
        datetime.fromisoformat(moment).replace(tzinfo=UTC),
        Precision.SECOND,
    )


@pytest.mark.parametrize(
    "text",
    ["2025121909", "202512190930", "2025121909300", "20251219093000", "20251219093000123",
     "1912123100", "2025121911230", "20251219112", "202512191123456", "176613660000",
     "17661366000000", "2025121909.5"],
)  # fmt: skip
def test_digits_that_are_no_count_of_seconds_date_nothing(text):
    """A stamp of year, month, day and clock is not taken for seconds, nor its digits for a mark."""
    assert dates.stated(text, MOSCOW, Basis.META) is None


@given(st.integers(1_000_000_000, 1_893_455_999))
def test_seconds_and_milliseconds_count_up_to_the_year_2030(seconds):
    """Ten digits and thirteen mean the moment they count, whatever date they look like."""
    for raw in (str(seconds), f"{seconds}000"):
        assert dates.stated(raw, MOSCOW, Basis.META).when == datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    "raw",
    ["0", "123456789", "200000000", "999999999", "999999999.5", "0000000001", "0012345678901"],
)
def test_a_number_of_fewer_than_ten_digits_is_no_moment(raw):
    """Unix time has had ten digits since 2001; a shorter number is an id or a count."""
    assert dates.stated(raw, MOSCOW, Basis.API) is None
    assert dates.printed(raw, MOSCOW, Basis.API) is None


PARTS = ("Mon", "5", "Jan", "2026", "10:1", "0" * 30, "9" * 30, "h", "m", ".5", " ", ":", "GMT+25")


@given(st.lists(st.sampled_from(PARTS)))
@example(["Mon", " ", "5", " ", "Jan", " ", "2026", " ", "10:1", "0" * 30])
@example(["Mon", " ", "10:1", " ", "9" * 30, "h", " ", "Jan"])
def test_whatever_is_written_for_a_date_reads_as_one_or_as_none(parts: list[str]) -> None:
    """No number is so large that reading a feed ends at it; one of a page's length is no date."""
    found = dates.stated("".join(parts), MOSCOW, Basis.FEED)
    assert found is None or found.when is not None
    assert dates.stated(f"Mon, 5 Jan 2026 10:00{'0' * 99}", MOSCOW, Basis.FEED) is None
