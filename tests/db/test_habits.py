"""When a source brings items, and how long its silence may last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from db.habits import HOUR, habit, is_quiet, missed

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def office_hours(weeks: int, each: int = 2) -> list[tuple[datetime, int]]:
    """Return a source that brings so many items an hour, Monday to Friday, 8 to 17."""
    return [
        (MONDAY + timedelta(days=day, hours=hour), each)
        for day in range(weeks * 7)
        if day % 7 < 5
        for hour in range(8, 17)
    ]


@pytest.mark.parametrize(
    "hours",
    [
        [],
        office_hours(1),
        [(MONDAY, 1), (MONDAY + timedelta(days=30), 1)],
    ],
)
def test_too_little_is_no_habit(hours: list[tuple[datetime, int]]) -> None:
    """Less than two weeks, or less than 20 items, teaches nothing, and nothing is quiet then."""
    assert habit(hours) is None
    assert not is_quiet(hours, MONDAY + timedelta(days=365))


def test_a_habit_knows_day_and_hour() -> None:
    """Much is expected on a weekday, hardly anything in the night, and little on a Sunday."""
    known = habit(office_hours(4))
    assert known is not None
    day = known.expected(MONDAY, MONDAY + timedelta(days=1))
    sunday = MONDAY + timedelta(days=6)
    assert 18 < day < 21
    assert known.expected(sunday, sunday + timedelta(days=1)) < 2
    assert known.expected(MONDAY, MONDAY) == 0


def test_the_next_item_is_awaited_when_it_is_to_be_expected() -> None:
    """In the evening the next one is due in the morning; by day it is due soon; never too late."""
    known = habit(office_hours(4))
    assert known is not None
    evening = MONDAY + timedelta(hours=22)
    assert evening + 8 * HOUR < known.until(evening, 2.0, evening + 24 * HOUR) < evening + 12 * HOUR
    noon = MONDAY + timedelta(hours=12, minutes=20)
    assert noon < known.until(noon, 0.5, noon + 6 * HOUR) < noon + 0.25 * HOUR
    assert known.until(noon, 1000, noon + 6 * HOUR) == noon + 6 * HOUR


def test_a_weekend_is_no_silence_and_a_dead_tuesday_is() -> None:
    """Silence is weighed by what should have come, and told within a working day."""
    hours = office_hours(4)
    last = hours[-1][0]  # a Friday, 16:00
    assert not is_quiet(hours, last + timedelta(days=2, hours=18))  # Monday, 10:00
    assert is_quiet(hours, last + timedelta(days=4))  # Tuesday, 16:00
    assert is_quiet(hours, last + timedelta(days=400))
    known = habit(hours)
    assert known is not None
    assert missed(known, hours, last) == 0


def test_a_source_that_was_silent_before_may_be_again() -> None:
    """A gap of a week in the past makes a few days nothing rare."""
    hours = [one for one in office_hours(4) if not 7 <= (one[0] - MONDAY).days < 14]
    last = hours[-1][0]
    assert not is_quiet(hours, last + timedelta(days=5))
    assert is_quiet(hours, last + timedelta(days=20))
