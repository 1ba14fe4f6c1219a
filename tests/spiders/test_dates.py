"""Dates are evidence: what is read, how precisely, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.model import UNKNOWN_DATELINE, Basis, Precision
from spiders import dates
from spiders.date_forms import FULL, HINTS
from spiders.date_words import WORDED, is_dated, may_tell_otherwise

MOSCOW = "Europe/Moscow"


def day_in(zone: str, found: object) -> str:
    return found.when.astimezone(ZoneInfo(zone)).date().isoformat()


@pytest.mark.parametrize(
    ("text", "day", "precision", "raw"),
    [
        ("07.07.2025", "2025-07-07", Precision.DAY, "07.07.2025"),
        ("T title 04.12.2024", "2024-12-04", Precision.DAY, "04.12.2024"),
        ("15 December 2025, 16:11", "2025-12-15", Precision.MINUTE, "15 December 2025, 16:11"),
        ("09.01.2026, 15:53", "2026-01-09", Precision.MINUTE, "09.01.2026, 15:53"),
        ("2025-12-15 16:11:09", "2025-12-15", Precision.SECOND, "2025-12-15 16:11:09"),
        ("2 октября 2026, 11:54", "2026-10-02", Precision.MINUTE, "2 октября 2026, 11:54"),
        ("16 августа 2024 года", "2024-08-16", Precision.DAY, "16 августа 2024 года"),
        ("July 4th, 2025", "2025-07-04", Precision.DAY, "July 4th, 2025"),
        ("the 1st of May 2023", "2023-05-01", Precision.DAY, "1st of May 2023"),
        ("19 Dec 2025, 10:54", "2025-12-19", Precision.MINUTE, "19 Dec 2025, 10:54"),
        ("Sept 9, 2021 at 9:05", "2021-09-09", Precision.MINUTE, "Sept 9, 2021 at 9:05"),
    ],
)
def test_a_printed_date_is_read_with_its_precision_and_its_characters(text, day, precision, raw):
    """A full date in a line gives the day in the zone, the precision and what it was read from."""
    found = dates.printed(text, MOSCOW)
    assert (day_in(MOSCOW, found), found.precision, found.raw) == (day, precision, raw)
    assert (found.basis, found.zone, found.zone_stated) == (Basis.PRINTED, MOSCOW, False)


@pytest.mark.parametrize(
    "text",
    ["", "5", "2025", "May 2023", "December 19", "12.13.2025", "31.02.2025", "32 May 2025",
     "version 1.2.2025.3", "00.00.0000", "29 February 2023", "A-2025-12-15-77", "10:54"],
)  # fmt: skip
def test_what_is_no_full_date_is_not_read(text):
    """Numbers, impossible days and dates without a year are never completed or swapped."""
    assert dates.printed(text, MOSCOW) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("15 снежня 2025 г., 16:11", "2025-12-15T13:11"),
        ("2025-жылдын 15-декабры, 16:11", "2025-12-15T13:11"),
        ("15-декабрь, 2025", "2025-12-14T21:00"),
        ("2025 жылғы 15 желтоқсан", "2025-12-14T21:00"),
        ("16:11, 15 December 2025", "2025-12-15T13:11"),
        ("16:11 | 15.12.2025", "2025-12-15T13:11"),
        ("Dec. 15, 2025, 4:11 pm", "2025-12-15T13:11"),
        ("Dec. 15, 2025 12:05 a.m.", "2025-12-14T21:05"),
        ("15 December 2025 at 16:11 GMT", "2025-12-15T16:11"),
        ("15 December 2025, 16:11 (UTC+6)", "2025-12-15T10:11"),
        ("2025/12/15 16:11 +05:30", "2025-12-15T10:41"),
        ("15 December 2025, 16:11 МСК", "2025-12-15T13:11"),
    ],
)
def test_other_languages_and_orders_are_read(text, moment):
    """Belarusian, Kyrgyz and Kazakh months, the clock first, halves of a day, printed offsets."""
    found = dates.printed(text, MOSCOW)
    assert found.when == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert found.zone_stated is any(mark in text for mark in ("GMT", "UTC", "+05", "МСК"))


@pytest.mark.parametrize(
    "text",
    ["15. Dezember 2025", "15 déc. 2025", "15 de diciembre de 2025", "15 dicembre 2025",
     "15 de dezembro de 2025", "15 december 2025", "15 grudnia 2025", "15 decembrie 2025",
     "15 грудня 2025 року", "15 aralık 2025", "15 dekabr 2025", "2025-yil 15-dekabr",
     "15-dekabr, 2025", "15 декабри соли 2025", "15 Դեկտեմբեր, 2025", "Դեկտեմբերի 15, 2025",
     "2025年12月15日", "2025년 12월 15일", "15.12.2025", "15. 12. 2025", "15/12/2025",
     "15.Dezember 2025", "Dezember 15, 2025 | x"],
)  # fmt: skip
def test_months_of_further_languages_are_read_beside_a_year(text: str) -> None:
    """However the letters are written, capital or small, with the dots of Turkish or without."""
    for written in (text, text.upper(), text.lower(), text.replace("i", "ı")):
        assert day_in(MOSCOW, dates.printed(written, MOSCOW)) == "2025-12-15"


def test_a_month_of_a_further_language_needs_its_year() -> None:
    """By itself it is a word of other languages: `5 out`, `10 lip`, `3 set`."""
    for text in ("5 out", "3 set", "12 mai", "10 ago", "15 Dezember"):
        assert (
            dates.yearless(text, MOSCOW, Basis.LEAD, seen=datetime(2026, 1, 1, tzinfo=UTC)) is None
        )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jo Writer15.12.2025", "2025-12-15"),
        ("Published on December 15, 2025December 15, 2025", "2025-12-15"),
        ("15.12.2025Harbour opens", "2025-12-15"),
        ("15.12.202515. Dezember 2025", "2025-12-15"),
        ("15. Dezember 202516. Dezember 2025", "2025-12-15"),
        ("15 December 202515 December 2025", "2025-12-15"),
        ("name15.12.2019:44", None),
        ("v1.2.2025", None),
        ("1.2.2025.3", None),
        ("10.10.10.2019", None),
    ],
)
def test_a_date_may_run_into_words_but_not_into_numbers(text: str, day: str | None) -> None:
    """Pages part by style what their text does not; a letter or a number more makes a version."""
    found = dates.printed(text, MOSCOW)
    assert (found and day_in(MOSCOW, found)) == day


def test_where_days_come_first_slashes_are_read() -> None:
    """The language of a page may say what a line does not."""
    assert dates.printed("05/12/2025", MOSCOW) is None
    found = dates.printed("05/12/2025", MOSCOW, day_first=True)
    assert day_in(MOSCOW, found) == "2025-12-05"


def test_a_machine_s_date_is_read_in_print_too() -> None:
    """ISO 8601 with its T and its offset, alone or in a line."""
    found = dates.printed("Posted 2025-12-15T16:11:00+06:00.", MOSCOW)
    assert (found.when, found.zone, found.zone_stated) == (
        datetime(2025, 12, 15, 10, 11, tzinfo=UTC),
        "+06:00",
        True,
    )
    assert dates.printed("2025-12-15T16:11", MOSCOW, alone=True).when == datetime(
        2025, 12, 15, 13, 11, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05/12/2025", None),
        ("25/12/2025", "2025-12-25"),
        ("05/05/2025", "2025-05-05"),
        ("12/25/2025", "2025-12-25"),
        ("06-17-2025 10:15 pm", "2025-06-17"),
        ("1/13-2025", None),
        ("13/13/2025", None),
    ],
)
def test_slashes_date_only_what_they_cannot_mean_otherwise(text, day):
    """Day and month, or month and day: where both may be, neither is read."""
    found = dates.printed(text, MOSCOW)
    assert (found and day_in(MOSCOW, found)) == day


def test_a_date_deep_in_an_endless_line_is_not_looked_for() -> None:
    """A line without end costs no more than its beginning."""
    assert dates.printed("x " * 5_000 + "15 December 2025", MOSCOW) is None


def test_an_unbelievable_date_speaks_against_a_guessed_year():
    """A printed year ahead of its time does not make way for the year before."""
    seen = datetime(2025, 12, 20, tzinfo=UTC)
    ahead = dates.printed("31 December 2025, 23:30", MOSCOW)
    lead = dates.yearless("31 December", MOSCOW, Basis.LEAD, seen=seen)
    assert dates.choose(ahead, lead, seen=seen).basis is Basis.UNKNOWN
    assert dates.choose(None, lead, seen=seen).basis is Basis.LEAD


def test_a_line_wanted_alone_holds_nothing_else():
    """With `alone`, a date inside a sentence is no date line."""
    assert dates.printed("15 December 2025, 16:11", MOSCOW, alone=True)
    assert dates.printed("Flag Wednesday, 17 December 2025", MOSCOW, alone=True) is None


@pytest.mark.parametrize(
    ("seen", "day"),
    [
        ("2025-12-20T09:00", "2025-12-19"),
        ("2026-12-01T00:00", "2025-12-19"),
        ("2026-12-19T09:00", "2026-12-19"),
        ("2026-12-18T21:30", "2026-12-19"),  # half past midnight in Moscow
        ("2026-12-18T20:30", "2025-12-19"),
    ],
)
def test_a_missing_year_is_that_of_the_latest_such_day_not_after_it_was_seen(seen, day):
    """`December 19` lies in the last year in which that day had begun in the zone."""
    moment = datetime.fromisoformat(seen).replace(tzinfo=UTC)
    found = dates.yearless("MOSCOW, December 19. /TASS/.", MOSCOW, Basis.LEAD, seen=moment)
    assert (day_in(MOSCOW, found), found.precision, found.raw) == (
        day,
        Precision.DAY,
        "December 19",
    )


def test_a_known_year_settles_a_date_unless_it_lies_ahead():
    """A year from other evidence wins, but never puts a date behind the moment it was seen."""
    seen = datetime(2026, 12, 20, tzinfo=UTC)
    assert (
        day_in(MOSCOW, dates.yearless("December 19", MOSCOW, Basis.LEAD, seen=seen, year=2024))
        == "2024-12-19"
    )
    assert (
        day_in(MOSCOW, dates.yearless("December 24", MOSCOW, Basis.LEAD, seen=seen, year=2026))
        == "2025-12-24"
    )


def test_a_leap_day_without_a_year_finds_its_leap_year():
    """The 29th of February goes back to the last leap year, even over a skipped one."""
    for seen, day in [("2027-03-01", "2024-02-29"), ("2103-03-01", "2096-02-29")]:
        moment = datetime.fromisoformat(seen).replace(tzinfo=UTC)
        assert day_in("UTC", dates.yearless("29 February", "UTC", Basis.LEAD, seen=moment)) == day


def test_no_day_and_month_is_no_date():
    """A line without a day and a month gives nothing."""
    assert (
        dates.yearless("Monday", MOSCOW, Basis.LEAD, seen=datetime(2026, 1, 1, tzinfo=UTC)) is None
    )
    assert (
        dates.yearless("31 June", MOSCOW, Basis.LEAD, seen=datetime(2026, 1, 1, tzinfo=UTC)) is None
    )


def test_the_ends_of_the_calendar_are_not_believed_in_print_either():
    """A printed year outside of living memory is no publication date."""
    assert dates.printed("01.01.2099", MOSCOW) is not None
    assert dates.stated("1800-01-01", MOSCOW, Basis.FEED) is None


def test_the_first_believable_candidate_is_chosen_and_none_is_unknown():
    """A date more than a day ahead is passed over; without another the date stays unknown."""
    seen = datetime(2025, 12, 20, tzinfo=UTC)
    ahead = dates.printed("22.12.2025", MOSCOW)
    soon = dates.printed("20.12.2025, 23:00", MOSCOW)
    past = dates.printed("19.12.2025", MOSCOW)
    assert dates.choose(None, ahead, past, seen=seen).raw == "19.12.2025"
    assert dates.choose(soon, past, seen=seen) == soon
    unknown = dates.choose(ahead, UNKNOWN_DATELINE, seen=seen, place="MINSK")
    assert (unknown.when, unknown.basis, unknown.place) == (None, Basis.UNKNOWN, "MINSK")


@given(st.text(max_size=60))
def test_no_text_makes_the_readers_fail(text):
    """Whatever a stranger prints is a date or nothing."""
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    for found in (
        dates.printed(text, MOSCOW),
        dates.stated(text, MOSCOW, Basis.META),
        dates.yearless(text, MOSCOW, Basis.LEAD, seen=seen),
        dates.relative(text, MOSCOW, seen),
    ):
        assert found is None or found.when is not None


@given(
    st.dates(date(1901, 1, 1), date(2099, 12, 30)), st.sampled_from(["UTC", MOSCOW, "Asia/Bishkek"])
)
def test_every_day_comes_back_from_its_printed_form(day, zone):
    """Printing a day and reading it gives that day's start in its zone."""
    for text in (f"{day:%d.%m.%Y}", f"{day:%-d %B %Y}", f"{day:%B %-d, %Y}", day.isoformat()):
        found = dates.printed(text, zone)
        local = found.when.astimezone(ZoneInfo(zone))
        assert local.date() == day
        # A zone may have skipped the hour after midnight once.
        assert local - datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) <= timedelta(
            hours=1
        )


@pytest.mark.parametrize(
    "text",
    [
        "18. November 2026",
        "2026.11.18",
        "18-ноябрь 2026-ж.",
        "2026-ж., 18-ноябрь",
        "18 қараша 2026 жыл",
        "18-11-2026",
        "10-11-2026 | Автор: редакция",
    ],
)
def test_days_are_printed_in_many_ways(text):
    """As the languages of the region print them; with hyphens only where the order is certain."""
    found = dates.printed(text, "UTC")
    assert found.when.day in (18, 10)
    assert (found.when.month, found.precision) == (11, Precision.DAY)
    assert dates.printed("10-11-2026", "UTC") is None


@settings(max_examples=30)
@given(
    st.one_of(
        st.tuples(st.just(hint), st.from_regex(form, fullmatch=True))
        for form, hint in zip(FULL, HINTS, strict=True)
    )
)
def test_every_date_has_the_hint_of_its_form(one):
    """A form is tried only where its hint is found."""
    hint, line = one
    assert hint.search(line)
    assert is_dated(line)


@settings(max_examples=30)
@given(st.from_regex(WORDED))
def test_a_line_without_a_quick_sign_has_no_word_against_its_date(line):
    """The slow pattern is tried only where the quick one finds something."""
    if any(word["change"] or word["other"] for word in WORDED.finditer(line)):
        assert may_tell_otherwise(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2 hours AGO", True), ("Yesterday, 09:00", True), ("Вчера, 09:00", True), ("1999", True),
        ("Chicago", False), ("agony", False), ("room 2119", False), ("", False),
    ],
)  # fmt: skip
def test_a_line_is_dated_by_a_year_or_a_word_of_telling_from_now(line, expected):
    """Parts of other words and numbers are none."""
    assert is_dated(line) is expected
