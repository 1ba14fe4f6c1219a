"""When alerts fall due: times of day, rests and quiet hours, in nights that have no or two hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.telling import Watch
from monitor.grounds import held, why_held
from monitor.rates import QUIET, RESTED, Due, Terms, due, freed, quiet_until

HOUR = timedelta(hours=1)
# Where the clocks change by an hour, at midnight's other side, and by half an hour.
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
NIGHTS = {
    ("Europe/Berlin", "spring"): datetime(2026, 3, 29, 1, tzinfo=UTC),
    ("Europe/Berlin", "autumn"): datetime(2026, 10, 25, 1, tzinfo=UTC),
    ("America/New_York", "spring"): datetime(2026, 3, 8, 7, tzinfo=UTC),
    ("America/New_York", "autumn"): datetime(2026, 11, 1, 6, tzinfo=UTC),
    ("Australia/Lord_Howe", "spring"): datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    ("Australia/Lord_Howe", "autumn"): datetime(2026, 4, 4, 15, tzinfo=UTC),
}
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def watch(*digest: time, cooldown: timedelta | None = None) -> Watch:
    """Return a watch with a rate."""
    return Watch(name="w", query="q", channels=("desk",), digest=digest, cooldown=cooldown)


def at(clock: str, zone: str = "Europe/Moscow", day: int = 20) -> datetime:
    """Return a moment of December 2025 by a zone's clock."""
    shown = datetime.combine(date(2025, 12, day), time.fromisoformat(clock), ZoneInfo(zone))
    return shown.astimezone(UTC)


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("clock", ["00:30", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00"])
def test_a_digest_comes_once_in_the_nights_when_the_clocks_change(
    night: tuple[str, str], clock: str
) -> None:
    """R-40: neither the hour that is missing nor the one that comes twice loses or adds one."""
    zone = night[0]
    changes = NIGHTS[night]
    terms = Terms(zone=zone, digest=(time.fromisoformat(clock),))
    moment = changes - timedelta(days=2)
    times = []
    while moment < changes + timedelta(days=2):
        moment = due(watch(), terms, moment).at
        times.append(moment)
    days = [told.astimezone(ZoneInfo(zone)).date() for told in times]
    assert len(set(days)) == len(days)
    assert all(later - sooner <= timedelta(hours=25) for sooner, later in pairwise(times))
    shown = {told.astimezone(ZoneInfo(zone)).strftime("%H:%M") for told in times}
    assert clock in shown
    assert len(shown) <= 2


@pytest.mark.parametrize("night", NIGHTS)
def test_quiet_hours_end_in_the_nights_when_the_clocks_change(night: tuple[str, str]) -> None:
    """R-40: whenever one looks, they are over within their length and the hour of the change."""
    terms = Terms(zone=night[0], quiet=(time(22), time(2, 30)))
    start = NIGHTS[night] - timedelta(hours=12)
    quiet = 0
    for minutes in range(0, 24 * 60, 5):
        now = start + timedelta(minutes=minutes)
        over = quiet_until(terms, now)
        if over is not None:
            quiet += 1
            assert now < over <= now + timedelta(hours=5.5)
            assert quiet_until(terms, over) is None
    assert 3.5 * 12 <= quiet <= 5.5 * 12


@given(
    now=MOMENTS,
    zone=st.sampled_from(ZONES),
    digest=st.lists(CLOCKS, max_size=3),
    quiet=st.none() | st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1]),
    cooldown=st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=7)),
    ago=st.none() | st.timedeltas(-timedelta(days=9), timedelta(days=9)),
)
def test_everything_falls_due_and_nothing_before_it_is_made(  # noqa: PLR0913, PLR0917 - all that decides it
    now: datetime,
    zone: str,
    digest: list[time],
    quiet: tuple[time, time] | None,
    cooldown: timedelta | None,
    ago: timedelta | None,
) -> None:
    """Whatever the settings and the clocks: soon, outside of quiet hours, never in the past."""
    terms = Terms(zone=zone, digest=tuple(digest), quiet=quiet)
    last = None if ago is None else now - ago
    found = due(watch(cooldown=cooldown), terms, now, last=last)
    longest = timedelta(hours=26) if digest else cooldown or timedelta()
    assert now <= found.at <= now + longest + timedelta(hours=26)
    assert quiet_until(terms, found.at) is None
    assert found.gathered or found.at == now


def test_a_watch_s_own_times_count_before_the_channel_s() -> None:
    """The next of its times, by the channel's clock; never the one that is just now."""
    terms = Terms(zone="Europe/Moscow", digest=(time(12),))
    assert due(watch(time(8), time(18)), terms, at("08:00")) == Due(at("18:00"), gathered=True)
    assert due(watch(time(8), time(18)), terms, at("19:00")).at == at("08:00", day=21)
    assert due(watch(), terms, at("08:00")).at == at("12:00")


def test_after_telling_a_watch_gathers() -> None:
    """The first goes at once; the next ones wait together; after the rest all is as before."""
    resting = watch(cooldown=2 * HOUR)
    now = at("09:00")
    assert due(resting, Terms(), now) == Due(now, gathered=False)
    assert due(resting, Terms(), now, last=now) == Due(now + 2 * HOUR, gathered=True)
    assert due(resting, Terms(), now + HOUR, last=now + 2 * HOUR).at == now + 2 * HOUR
    assert due(resting, Terms(), now, last=now - 2 * HOUR) == Due(now, gathered=False)


def test_a_rest_of_a_clock_that_ran_ahead_is_none() -> None:
    """What was told in a future that never came holds nothing back."""
    now = at("09:00")
    found = due(watch(cooldown=HOUR), Terms(), now, last=now + timedelta(days=3))
    assert found == Due(now, gathered=False)


@given(
    start=MOMENTS,
    waits=st.lists(st.timedeltas(timedelta(), timedelta(hours=6)), min_size=2, max_size=12),
    cooldown=st.integers(1, 8).map(lambda hours: hours * HOUR),
    zone=st.sampled_from(ZONES),
    quiet=st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1]),
)
def test_a_watch_that_rests_tells_nothing_between(
    start: datetime,
    waits: list[timedelta],
    cooldown: timedelta,
    zone: str,
    quiet: tuple[time, time],
) -> None:
    """Quiet hours may make a rest longer, never shorter, and do not make it forgotten."""
    resting, terms = watch(cooldown=cooldown), Terms(zone=zone, quiet=quiet)
    now, last = start, None
    told = set()
    for wait in waits:
        now += wait
        last = due(resting, terms, now, last=last).at
        told.add(last)
    moments = sorted(told)
    assert all(later - sooner >= cooldown for sooner, later in pairwise(moments))


def test_what_waits_for_the_end_of_the_quiet_hours_does_not_end_the_rest() -> None:
    """Told at 22:00; what comes in the rest waits for 07:00, and so does what comes after it."""
    resting, terms = watch(cooldown=2 * HOUR), Terms(quiet=(time(23), time(7)))
    last = at("22:00", "UTC")
    for clock in ("22:10", "22:11", "22:40"):
        found = due(resting, terms, at(clock, "UTC"), last=last)
        assert found == Due(at("07:00", "UTC", day=21), gathered=True)
        last = found.at


@pytest.mark.parametrize(
    ("clock", "over"),
    [("21:59", None), ("22:00", 21), ("23:30", 21), ("03:00", 20), ("07:00", None)],
)
def test_the_night_is_one_message_at_its_end(clock: str, over: int | None) -> None:
    """From the first minute to the last, over midnight."""
    terms = Terms(zone="Europe/Moscow", quiet=(time(22), time(7)))
    now = at(clock)
    found = due(watch(), terms, now)
    assert found == (Due(now, False) if over is None else Due(at("07:00", day=over), True))  # noqa: FBT003 - a value


def test_an_alert_says_why_it_waited() -> None:
    """At set times of the watch or the channel, in its rest, in quiet hours; or that it did not."""
    now = at("09:00", "UTC")
    quiet = Terms(quiet=(time(8), time(10)))
    assert (
        held(due(watch(), Terms(), now))
        == "It was due at once: no digest, rest or quiet hours held it back."
    )
    for found, reason in (
        (due(watch(time(18)), Terms(), now), "the watch tells at set times"),
        (due(watch(), Terms(digest=(time(18),)), now), "the channel tells at set times"),
        (due(watch(cooldown=HOUR), Terms(), now, last=now), "the watch rests after it has told"),
        (due(watch(cooldown=HOUR), Terms(), now, last=now + HOUR), "the watch rests after"),
        (due(watch(), quiet, now), "until then the channel was to be quiet"),
    ):
        said = held(found)
        assert said.startswith("It waited until 20 December 2025, ")
        assert reason in said
        assert why_held(said, found.at) == found.why
    assert not why_held("It was due at once: no digest, rest or quiet hours held it back.", now)


QUIETS = st.none() | st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1])


@given(
    made=MOMENTS,
    waited=st.timedeltas(timedelta(), timedelta(hours=30)),
    zone=st.sampled_from(ZONES),
    digest=st.lists(CLOCKS, max_size=1),
    before=QUIETS,
    after=QUIETS,
    cooldown=st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=2)),
)
def test_quiet_hours_that_are_gone_hold_nothing_back(  # noqa: PLR0913, PLR0917 - all that decides it
    made: datetime,
    waited: timedelta,
    zone: str,
    digest: list[time],
    before: tuple[time, time] | None,
    after: tuple[time, time] | None,
    cooldown: timedelta | None,
) -> None:
    """Sooner only, never in the past, never within the rest; unchanged hours change nothing."""
    resting = watch(*digest, cooldown=cooldown)
    waits = due(resting, Terms(zone=zone, quiet=before), made)
    now = min(made + waited, waits.at)
    assert freed(resting, Terms(zone=zone, quiet=before), waits, made=made, now=now) is None
    found = freed(resting, Terms(zone=zone, quiet=after), waits, made=made, now=now)
    if waits.why != QUIET:
        assert found is None
    elif after is None and not digest and cooldown is None and now < waits.at:
        assert found == Due(now, gathered=True)
    if found is not None:
        assert quiet_until(Terms(zone=zone, quiet=after), found.at) is None
        assert now <= found.at < waits.at
        assert found.why
        assert digest or not cooldown or found.at >= min(made + cooldown, waits.at)


def test_quiet_hours_that_begin_later_free_what_came_before_them() -> None:
    """Also while the channel is quiet neither by the clock now nor when the alert was made."""
    made, now = at("23:00", "UTC"), at("00:30", "UTC", day=21)
    waits = due(watch(), Terms(quiet=(time(22), time(7))), made)
    later = Terms(quiet=(time(1), time(7)))
    assert freed(watch(), later, waits, made=made, now=now) == Due(now, gathered=True)
    assert freed(watch(), later, waits, made=made, now=at("02:00", "UTC", day=21)) is None


def test_a_rest_outlives_the_quiet_hours_it_ended_in() -> None:
    """Taken away within the rest, the quiet hours leave the rest; after it, nothing."""
    resting = watch(cooldown=2 * HOUR)
    made = at("22:10", "UTC")
    waits = due(resting, Terms(quiet=(time(23), time(7))), made, last=at("22:00", "UTC"))
    assert waits == Due(at("07:00", "UTC", day=21), gathered=True)
    found = freed(resting, Terms(), waits, made=made, now=at("23:10", "UTC"))
    assert found is not None
    assert (found.at, found.why) == (at("00:10", "UTC", day=21), RESTED)
    now = at("03:00", "UTC", day=21)
    assert freed(resting, Terms(), waits, made=made, now=now) == Due(now, gathered=True)
