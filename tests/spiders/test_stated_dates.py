"""What machines state of a date: its offset, its many forms, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.model import Basis, Precision
from db.visiting import Source
from spiders import dates
from spiders.blocks import Page
from spiders.feed import SITE as FEED
from spiders.listing import SITE as LISTING
from spiders.site import Fetch
from tests.spiders.generic_pages import SEEN, page, read

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
        ("Mon, 15 Dec 2025 16:11:00 XYZ", "2025-12-14T21:00", Precision.DAY, MOSCOW, False),
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


ORDERED = ("05.04.2026 10:00 MSK", "Sun, 05.04.2026 10:00:00 +0300", "05.04.2026 10:00:00 GMT+3")
UNORDERED = ("Sun, 05/04/2026 - 10:00", "05-04-2026 10:30 MSK", "05/04/2026 10:00 GMT")


@pytest.mark.parametrize(
    "raw", [*ORDERED, *UNORDERED, "Mar, 05.04.2026 10:00:00 +0300", "Sun Apr 05.04.2026 10:00"]
)
def test_a_month_in_digits_is_not_taken_for_the_day(raw):
    """A weekday or a zone is no month's name, and does not say that months come first."""
    assert dates.stated(raw, MOSCOW, Basis.FEED) is None


@given(st.dates(date(2001, 1, 1), date(2026, 12, 31)), st.sampled_from(["MSK", "+0300", "GMT+3"]))
def test_no_weekday_or_zone_swaps_the_day_and_the_month(day, zone):
    """With full stops and either of them a date is the day that was written, or none."""
    raw = f"{day:%a, %d.%m.%Y} 10:00:00 {zone}"
    assert dates.stated(raw, MOSCOW, Basis.FEED) is None
    found = dates.printed(raw, "UTC", Basis.FEED)
    assert found.when == datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


@pytest.mark.parametrize("raw", ORDERED)
def test_every_reader_falls_back_on_how_people_write(raw):
    """A feed, the data and `<time>` of a page, and the `<time>` of a list have one day for it."""
    item = f"<item><title>Ferry</title><link>https://e.test/1</link><pubDate>{raw}</pubDate></item>"
    feed = f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>"
    source = Source(name="bay", kind="feed", urls=("https://e.test/",), timezone=MOSCOW)
    fetch = Fetch(url="https://e.test/")
    (card,) = FEED.read_list(Page("https://e.test/", feed, "xml"), fetch, source, SEEN).cards
    stamped = page(middle=f"<p><time datetime='{raw}'>a while ago</time></p>")
    stated = page(head=f"<meta name=pubdate content='{raw.removeprefix('Sun, ')}'>")
    listed = Page(
        "https://e.test/",
        "<ul>"
        + "".join(
            f"<li><a href=/n/{n}>A headline about event number {n}</a><time datetime='{raw}'></time></li>"
            for n in range(6)
        )
        + "</ul>",
    )
    cards = LISTING.read_list(listed, fetch, replace(source, kind="listing"), SEEN).cards
    datelines = [card.dateline, read(stamped).dateline, read(stated).dateline]
    for dateline in datelines + [one.dateline for one in cards[:1]]:
        assert dateline.when == datetime(2026, 4, 5, 7, tzinfo=UTC)


def test_the_language_of_a_page_orders_what_its_time_element_states():
    """With slashes days stand first in Britain; without a language the day stays unknown."""
    given_page = page(middle=f"<p><time datetime='{UNORDERED[0]}'>a while ago</time></p>")
    assert read(given_page).dateline.when == datetime(2026, 4, 5, 9, tzinfo=UTC)
    unknown = Page(given_page.url, given_page.body.replace(" lang='en-GB'", ""))
    assert read(unknown).dateline.when is None


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
