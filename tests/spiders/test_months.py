"""Months of many languages, and the clocks and orders that go with them."""

from datetime import UTC, datetime

import pytest

from db.model import Basis
from spiders import dates, months

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


def read(text: str, language: str | None = None) -> str | None:
    """Return the moment read as `2026-11-21 10:15`, the day alone where no clock is read."""
    found = dates.printed(text, "UTC", language=language)
    if found is None or found.when is None:
        return None
    return found.when.strftime("%Y-%m-%d" if found.precision == "day" else "%Y-%m-%d %H:%M")


def test_a_name_is_one_month_in_all_languages_but_where_it_is_said() -> None:
    """A page seldom says its language; a name with two months would date by chance."""
    found: dict[str, set[int]] = {}
    for language in months.FURTHER.values():
        named = language.split(",")
        assert len(named) == 12
        for number, names in enumerate(named, 1):
            for name in names.split():
                found.setdefault(name, set()).add(number)
                assert months.NUMBERS.get(name, number) == number
    twice = {name for name, numbers in found.items() if len(numbers) > 1}
    assert twice == {name for names in months.OWN.values() for name in names}


@pytest.mark.parametrize(
    "text",
    [
        "21. listopadu 2026",
        "21. novembra 2026",
        "21. novembar 2026.",
        "21. новембар 2026.",
        "21. studenoga 2026.",
        "21 ноември 2026 г.",
        "2026. november 21.",
        "21 november 2026",
        "21. marraskuuta 2026",
        "21. november 2026",
        "2026. gada 21. novembris",
        "2026 m. lapkričio 21 d.",
        "21 ნოემბერი, 2026",
        "21 Νοεμβρίου 2026",
        "21 tháng 11 năm 2026",
        "21 tháng 11, 2026",
        "21-Nov-2026",
        "21-Kasım-2026",
        "21.Kasım.2026",
        "11/21/2026",
    ],
)
def test_the_same_day_is_read_as_many_countries_print_it(text: str) -> None:
    """Names in the case that a date asks for; in some the year stands first."""
    assert read(text) == "2026-11-21"
    assert read(f"Agency, {text}") == "2026-11-21"


@pytest.mark.parametrize(("language", "month"), [("hr", 10), ("pl", 11), ("cs", 11), (None, 11)])
def test_leaves_fall_earlier_in_croatia(language: str | None, month: int) -> None:
    """`listopad` is October there, November to its neighbours in the north."""
    assert read("21. listopada 2026", language) == f"2026-{month}-21"


@pytest.mark.parametrize(
    "text",
    [
        "21 novembre 2026 à 14h40",
        "21 novembre 2026, 14 h 40",
        "2026年11月21日 14時40分",
        "2026年11月21日(土)14時40分",
        "2026년 11월 21일 14시 40분",
        "21.11.2026 klo 14.40",
        "21. november 2026 kl. 14.40",
        "21 november 2026 kl 14:40",
        "21 novembre 2026 alle 14.40",
        "21.11.2026 um 14.40 Uhr",
        "21.11.2026. u 14:40",
        "21. 11. 2026 v 14:40",
        "21 November 2026, 2.40 pm",
        "2026. gada 21. novembris, plkst. 14:40",
        "Sat Nov 21 14:40:00 2026",
        "Sat Nov 21 14:40:00 UTC 2026",
        "Sat Nov 21 14:40:00 +0000 2026",
        "Sat Nov 21 17:40:00 MSK 2026",
    ],
)
def test_clocks_are_read_as_many_countries_print_them(text: str) -> None:
    """With an `h`, with words for hours and minutes, with a full stop where a word says so."""
    assert read(text) == "2026-11-21 14:40"


@pytest.mark.parametrize(
    "text",
    [
        "21.11.2026 14.40",
        "21 November 2026 10.30 per cent",
        "21 November 2026. 14:40 is when it began",
        "21 November 2026, 14h",
        "21 November 2026, 14h405",
        "21 novembre 2026 | 1h52 | Drame",
        "21 novembre 2026 • 2 h 30 de lecture",
        "21 novembre 2026, 1h30 min",
        "21 November 2026 - 1 h 05 min",
    ],
)
def test_numbers_behind_a_day_that_may_be_anything_are_no_clock(text: str) -> None:
    """Versions, shares and the next sentence begin with such numbers, too."""
    assert read(text) == "2026-11-21"


@pytest.mark.parametrize(
    "text",
    [
        "Aug 05 12:00:00 2015",
        "Aug 05 12:00:00 MSK 2015",
        "Aug 05 12:00:00 +0300 2015",
        "5 August 10:00, 2015",
        "2 декабря 95 11:15",
        "Dec 2 95 11:15",
    ],
)
def test_a_date_whose_year_stands_apart_is_not_given_another(text: str) -> None:
    """Without its year it would be a day of this one."""
    assert dates.yearless(text, "UTC", Basis.PRINTED, seen=SEEN) is None


@pytest.mark.parametrize("text", ["the 2026 Mars 5 mission", "in 2019 May 5 voters", "2024 Mai 5"])
def test_a_year_before_a_name_and_a_number_is_no_date(text: str) -> None:
    """Where the year stands first a mark or a word follows it."""
    assert read(text) is None
