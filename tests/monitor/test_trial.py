"""What a query would have told of: when items count, by week, at their busiest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from db.model import Glimpse, Precision
from monitor.trial import MANY, PAUSE, Burst, Span, moment, trial

START = datetime(2025, 12, 1, tzinfo=UTC)  # a Monday
SPAN = Span(START, START + timedelta(days=28))


def glimpse(number: int, seen: float, dated: float | None = None, **fields: Precision) -> Glimpse:
    """Return an item seen, and published, so many hours after the start."""
    when = None if dated is None else START + timedelta(hours=dated)
    precision = fields.get("precision", Precision.MINUTE if when else Precision.NONE)
    return Glimpse(number, START + timedelta(hours=seen), when, precision)


def test_an_item_counts_when_it_was_published_if_that_is_known() -> None:
    """Else when it was seen; so does a date in the future, and a day that was the day it was seen."""
    hours = timedelta(hours=1)
    assert moment(glimpse(1, 50, 3)) == START + 3 * hours
    assert moment(glimpse(1, 50)) == START + 50 * hours
    assert moment(glimpse(1, 50, 51)) == START + 50 * hours
    assert moment(glimpse(1, 50, 48, precision=Precision.DAY)) == START + 50 * hours
    assert moment(glimpse(1, 50, 24, precision=Precision.DAY)) == START + 24 * hours


def test_items_are_counted_by_week() -> None:
    """Every week of the span has its number, none too; what lies outside is left out."""
    found = trial(
        [glimpse(3, 200), glimpse(1, 1), glimpse(2, 400, 5), glimpse(9, 900), glimpse(8, 999, -1)],
        SPAN,
    )
    assert found.items == (1, 3, 2)
    assert (found.undated, found.earlier) == (2, 1)
    assert found.weeks == (
        (date(2025, 12, 1), 2),
        (date(2025, 12, 8), 1),
        (date(2025, 12, 15), 0),
        (date(2025, 12, 22), 0),
    )
    assert (found.weekly, found.is_many) == (0.75, False)
    assert trial([glimpse(n, 1) for n in range(4 * MANY + 1)], SPAN).is_many
    assert not trial([glimpse(n, 1) for n in range(4 * MANY)], SPAN).is_many


def test_a_day_is_the_one_that_its_source_wrote() -> None:
    """Monday in Moscow begins on Sunday in UTC, and ends a day later in New York."""
    seen = START + timedelta(days=20)
    monday = START + timedelta(days=7)
    for zone, begins in (("Europe/Moscow", -3), ("America/New_York", 5), (None, 0)):
        dated = monday + timedelta(hours=begins)
        day = Glimpse(1, seen, dated, Precision.DAY, zone)
        assert moment(day) == monday
        for last_minute in (timedelta(), timedelta(hours=23, minutes=59)):
            exact = Glimpse(2, seen, dated + last_minute, Precision.MINUTE, zone)
            assert moment(exact) == dated + last_minute
            weeks = dict(trial([day, exact], SPAN).weeks)
            assert {week: items for week, items in weeks.items() if items} == {monday.date(): 2}


def test_a_day_of_a_far_zone_may_lie_outside_the_weeks_of_a_span() -> None:
    """It has its own week then: what is counted is shown."""
    early = Glimpse(1, START + timedelta(days=20), START, Precision.MINUTE, "America/New_York")
    late = Glimpse(2, SPAN.end, SPAN.end - PAUSE, Precision.MINUTE, "Asia/Bishkek")
    weeks = trial([early, late], SPAN).weeks
    assert (weeks[0], weeks[-1]) == ((date(2025, 11, 24), 1), (date(2025, 12, 29), 1))
    assert len(weeks) == 6


def test_less_than_one_a_week_is_told_in_weeks() -> None:
    """A twentieth of an item a week is nothing one could picture."""
    assert trial([], SPAN).often == "none a week"
    assert trial([glimpse(1, 1)], SPAN).often == "one in 4 weeks"
    assert trial([glimpse(1, 1), glimpse(2, 1), glimpse(3, 1)], SPAN).often == "one in 1.3 weeks"
    years = Span(START, START + timedelta(weeks=100))
    assert trial([glimpse(1, 1)], years).often == "one in 100 weeks"
    assert trial([glimpse(n, 1) for n in range(6)], SPAN).often == "1.5 a week"


def test_what_bears_no_date_stands_behind_what_does() -> None:
    """It counts when it was seen, but is not news of that day: the latest are the last ones."""
    found = trial([glimpse(1, 600), glimpse(2, 590, 580), glimpse(3, 5), glimpse(4, 600, 20)], SPAN)
    assert found.items == (3, 1, 4, 2)


def test_a_burst_is_items_one_soon_after_the_other() -> None:
    """The largest, of equals the latest; days without a time make none."""
    days = [glimpse(n, 500, 24, precision=Precision.DAY) for n in range(9)]
    assert trial(days, SPAN).burst is None
    two = [glimpse(1, 1), glimpse(2, 2)]
    assert trial([*days, *two], SPAN).burst == Burst(
        2, START + timedelta(hours=1), START + timedelta(hours=2)
    )
    later = [glimpse(4, 10), glimpse(5, 10.5), glimpse(6, 12)]
    assert trial([*two, *later], SPAN).burst == Burst(
        2, START + timedelta(hours=10), START + timedelta(hours=10.5)
    )
    assert trial([glimpse(1, 1), glimpse(2, 2.1)], SPAN).burst is None


def test_a_span_of_moments_is_a_week() -> None:
    """What was begun an hour ago says nothing of a week's thousands."""
    assert Span(START, START + timedelta(hours=1)).weeks == 1


@given(
    st.lists(
        st.builds(
            glimpse,
            st.integers(0, 999),
            st.floats(0, 700),
            st.none() | st.floats(-50, 750),
            precision=st.sampled_from(list(Precision)),
        ),
        unique_by=lambda each: each.id,
    )
)
def test_nothing_is_counted_twice_or_lost(glimpses: list[Glimpse]) -> None:
    """The weeks add up to the items; a burst is no longer than its items and pauses allow."""
    found = trial(glimpses, SPAN)
    inside = [each for each in glimpses if SPAN.start <= moment(each) < SPAN.end]
    assert sorted(found.items) == sorted(each.id for each in inside)
    assert sum(items for _, items in found.weeks) == len(found.items)
    assert len(found.weeks) == 4
    if found.burst:
        assert found.burst.last - found.burst.first <= (found.burst.items - 1) * PAUSE
