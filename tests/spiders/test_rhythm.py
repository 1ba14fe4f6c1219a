"""How far a list is read, and when a source is due again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.model import Dateline, Precision
from db.visiting import Gap, ListSeen, Past, Report, Source, State
from spiders.following import Chain, with_own_guids
from spiders.rhythm import is_all_new, is_failing, meets_past, pace, plan, was_interrupted
from spiders.site import Card

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
SLACK = timedelta(seconds=30)
SOURCE = Source(name="s", kind="feed", urls=("https://e.org/",), every=QUARTER)
# Every hour of four weeks brings two items: with 0.05 expected, a visit is due after 1.5 minutes.
BUSY = tuple((NOW - timedelta(hours=h), 2) for h in range(28 * 24, 0, -1))
# One item a day at noon.
SLOW = tuple((NOW - timedelta(days=d), 1) for d in range(28, 0, -1))


def report(at: datetime = NOW, *, new: int = 0, state: State = State.OK, **given: object) -> Report:
    """Return a report on a list of 20 of which so many are new."""
    lists = (ListSeen(url="u", cards=20, new=new),)
    made = Report(
        source="s", started=at, finished=at, state=state, new=new, list_read=True, lists=lists
    )
    return replace(made, **given)  # type: ignore[arg-type]


def past(
    before: timedelta = QUARTER, hours: tuple[tuple[datetime, int], ...] = (), visits: int = 14
) -> Past:
    """Return a settled past whose last visit was so long ago."""
    reports = tuple(report(NOW - before * n) for n in range(1, visits + 1))
    return Past(baseline_at=NOW - timedelta(days=40), reports=reports, hours=hours)


# One item a day, three hours ago.
EARLIER = tuple((hour - timedelta(hours=3), count) for hour, count in SLOW)


# -- how far


def chain(*, pages: int = 3, old: bool = False, interrupted: bool = False) -> Chain:
    """Return a list about to be read."""
    return Chain(Past(baseline_at=NOW, newest=NOW), pages, interrupted, old)


def page(*names: str) -> list[Card]:
    """Return the cards of a page."""
    return [Card(url=f"https://e.org/{name}", title=name) for name in names]


def numbers(first: int, count: int = 20) -> list[Card]:
    """Return a page of numbered cards, the highest number on top."""
    return page(*(str(first - n) for n in range(count)))


def known(up_to: int) -> set[str]:
    """Return the addresses of the cards up to a number."""
    return {f"https://e.org/{n}" for n in range(up_to + 1)}


def test_pages_are_followed_until_they_meet_the_past() -> None:
    """45 new items on pages of 20 need three pages and leave no gap."""
    reading = chain(pages=9)
    for start in (1000, 980, 960):
        assert reading.goes_on()
        reading.read(numbers(start), known(955))
    assert not reading.goes_on()
    assert (reading.pages, reading.gap(more=True)) == (3, None)


@pytest.mark.parametrize("new", range(11))
def test_a_few_new_items_need_no_second_page(new: int) -> None:
    """Half of a first page known is overlap enough."""
    reading = chain()
    assert reading.read(numbers(1000), known(1000 - new)) == new
    assert not reading.goes_on()


def test_a_list_in_a_new_order_is_read_as_far_as_allowed() -> None:
    """An editor has moved items: among them news may stand below what is known."""
    stood = tuple(f"https://e.org/{n}" for n in range(30, 0, -1))
    front = page("31", "28", "30", "29", "25", "27", "26", "24", "23", "22")
    reading = Chain(Past(), 3, stood=stood)
    reading.read(front, known(30))
    assert (reading.reordered, reading.goes_on()) == (True, True)
    settled = Chain(Past(), 3, stood=reading.order())
    settled.read(front, known(31))
    assert not settled.goes_on()
    assert settled.order() == reading.order()
    assert len(settled.order()) == 31


def test_news_in_a_new_order_at_the_last_page_allowed_are_a_gap() -> None:
    """More of them may stand on the next page, if there is one."""
    stood = tuple(f"https://e.org/{n}" for n in range(30, 0, -1))
    reading = Chain(Past(newest=NOW), 2, stood=stood)
    reading.read(numbers(60, 12), known(30))
    reading.read(page("32", "28", "30", "31", "29", "25", "27", "26"), known(30))
    assert not reading.goes_on()
    assert reading.gap(more=True) == Gap(after=NOW, before=None, pages=2)
    assert reading.gap(more=False) is None
    single = Chain(Past(newest=NOW), 1, stood=stood)
    single.read(page("32", "28", "30", "31", "29", "25", "27", "26"), known(30))
    assert single.gap(more=True) is None


def test_pins_are_no_new_order() -> None:
    """The first two cards may have come from anywhere, on each page if the site likes."""
    stood = tuple(f"https://e.org/{n}" for n in range(30, 0, -1))
    reading = Chain(Past(), 3, stood=stood)
    reading.read([*page("3", "9"), *numbers(31, 6)], known(25))
    reading.read([*page("3", "9"), *numbers(25, 6)], known(25))
    assert not reading.reordered
    assert not reading.goes_on()


def test_a_page_never_read_before_shows_old_items_behind_what_is_known() -> None:
    """Known pins do not make it one, a known end does, unless the order is new."""
    pushed = chain(pages=4)
    pushed.read([*page("5", "4"), *numbers(1000, 10)], known(985))
    pushed.read(numbers(990, 10), known(985))
    assert not pushed.shows_old
    pushed.read(numbers(980, 10), set())
    assert pushed.shows_old
    stood = tuple(f"https://e.org/{n}" for n in range(30, 0, -1))
    mixed = Chain(Past(), 3, stood=stood)
    mixed.read(page("31", "28", "30", "29", "25", "27", "26"), known(30))
    mixed.read(page("32", "24"), known(30))
    assert not mixed.shows_old
    mixed.read(page("8", "7"), set())
    assert mixed.shows_old


def test_pins_and_promotions_do_not_hide_a_gap() -> None:
    """Known items that stand on every page are part of the page, not of the list's past."""
    pinned, beside = page("5"), page("4")
    reading = chain(pages=2)
    reading.read([*pinned, *numbers(1000, 18), *beside], known(10))
    assert reading.goes_on()
    reading.read([*pinned, *numbers(982, 18), *beside], known(10))
    assert not reading.goes_on()
    assert reading.gap(more=True) == Gap(after=NOW, before=None, pages=2)


def test_pins_do_not_hide_the_gap_of_a_single_page() -> None:
    """Two of fourteen cards are known and stand on top: the rest is all new."""
    reading = chain(pages=1)
    reading.read([*page("5", "4"), *numbers(1000, 12)], known(10))
    assert reading.gap(more=True) == Gap(after=NOW, before=None, pages=1)
    assert not reading.renamed


def test_a_list_read_to_its_end_has_no_gap() -> None:
    """If the last page leads to no older one, all there is was seen; a lone page cannot tell."""
    reading = chain()
    reading.read(numbers(1000), set())
    assert reading.gap(more=False) is not None
    reading.read(numbers(980), set())
    assert reading.gap(more=False) is None


def test_a_first_round_has_no_gap_and_no_moves() -> None:
    """Everything is new then."""
    reading = chain(old=True)
    reading.read(numbers(1000), set())
    assert (reading.gap(more=True), reading.renamed) == (None, False)


def test_a_gap_ends_at_the_oldest_date_seen() -> None:
    """Its bounds are the newest item known before and the oldest one seen now."""
    reading = chain(pages=1)
    dated = [
        replace(card, dateline=Dateline(when=NOW + n * QUARTER, precision=Precision.MINUTE))
        for n, card in enumerate(numbers(1000))
    ]
    reading.read(dated, set())
    reading.read(numbers(980), set())
    assert reading.gap(more=True) == Gap(after=NOW, before=NOW, pages=2)


def test_a_list_that_is_all_new_at_once_may_have_moved() -> None:
    """One known address, or a handful of cards, speaks against it."""
    moved, partly, small = chain(), chain(), chain()
    moved.read(numbers(1000), set())
    partly.read(numbers(1000), known(981))
    small.read(numbers(1000, 4), set())
    assert [one.renamed for one in (moved, partly, small)] == [True, False, False]


def test_after_an_interruption_known_pages_are_passed() -> None:
    """Unread pages may lie behind them, so the list is followed as far as allowed."""
    reading = chain(pages=2, interrupted=True)
    reading.read(numbers(1000), known(1000))
    assert reading.goes_on()
    reading.read(numbers(980), known(1000))
    assert not reading.goes_on()
    last = report(state=State.KILLED, listed=20)
    assert was_interrupted(Past(reports=(last,)))
    assert not was_interrupted(Past(reports=(replace(last, listed=0),)))
    assert not was_interrupted(Past(reports=(report(listed=20),)))
    assert not was_interrupted(Past())


def test_a_host_that_did_not_serve_us_is_failing() -> None:
    """As long as the last visit says so, and read nothing."""
    dead = report(state=State.UNREACHABLE, list_read=False)
    assert is_failing(Past(reports=(dead, report())))
    assert not is_failing(Past(reports=(replace(dead, list_read=True),)))
    assert not is_failing(Past(reports=(report(), dead)))
    assert not is_failing(Past())


def test_a_page_of_the_same_again_is_an_end() -> None:
    """A next page that shows the first once more leads nowhere."""
    reading = chain(pages=9)
    reading.read(numbers(1000), set())
    reading.read(numbers(1000), set())
    assert not reading.goes_on()


def test_guids_on_two_cards_are_taken_away() -> None:
    """What stands on two different items of a list says nothing; the same card twice is one."""
    one, two = Card(url="a", title="A", guid="g"), Card(url="b", title="B", guid="g")
    own, twice = Card(url="c", title="C", guid="c"), Card(url="d", title="D", guid="d")
    cards, shared = with_own_guids((one, two, own, twice, twice, Card(url="e")))
    assert [card.guid for card in cards] == [None, None, "c", "d", "d", None]
    assert shared == 1


@given(st.lists(st.booleans(), max_size=40))
def test_a_page_meets_the_past_or_has_news_at_its_end(news: list[bool]) -> None:
    """Whatever a page looks like: no news is an end, all news never is."""
    if not any(news):
        assert meets_past(news)
    elif all(news):
        assert not meets_past(news)
    if is_all_new(news):
        assert not meets_past([new for new in news if new])


# -- how soon


@pytest.mark.parametrize(
    ("visit", "before", "wait", "words"),
    [
        (report(), past(visits=9), 15, "not known yet"),
        (report(list_read=False), past(), 15, "not known yet"),
        (report(), Past(reports=past().reports), 15, "not known yet"),
        (report(new=20, gap=Gap(after=NOW, before=NOW, pages=3)), past(), 15, "all new"),
        (report(new=2), past(timedelta(hours=2)), 15, "something was new"),
        (report(new=10), past(timedelta(hours=2)), 60, "50% of a list was new"),
        (report(new=20), past(timedelta(minutes=40)), 15, "100% of a list was new"),
        (report(), past(QUARTER), 22.5, "a little longer each time"),
        (report(), past(timedelta(hours=5)), 360, "nothing new lately"),
        (report(), past(timedelta(hours=5), BUSY), 15, "rhythm"),
        (report(), past(timedelta(hours=5), SLOW), 15, "rhythm"),
        (report(), past(timedelta(hours=5), EARLIER), 360, "rhythm"),
        (report(lists=()), past(timedelta(hours=6)), 360, "nothing new lately"),
    ],
)
def test_the_wait_follows_what_the_list_does(
    visit: Report, before: Past, wait: float, words: str
) -> None:
    """Much new brings the next visit forward, nothing expected puts it off, step by step."""
    found, why = pace(visit, SOURCE, before)
    assert found / timedelta(minutes=1) == pytest.approx(wait, abs=6)
    assert words in why


def test_a_silent_source_is_asked_less_often() -> None:
    """The longer it is silent beyond its habit, the less the habit is believed."""
    silent = tuple((hour - timedelta(days=10), count) for hour, count in BUSY)
    wait, _ = pace(report(), SOURCE, past(timedelta(hours=5), silent))
    assert wait > timedelta(hours=1)


def test_an_interval_may_be_fixed() -> None:
    """Without `adaptive` it is `every`, whatever the list does."""
    fixed = replace(SOURCE, adaptive=False)
    due = plan(report(), fixed, past(timedelta(hours=5)))
    assert (due.at, due.why) == (NOW + QUARTER - SLACK, "the interval is fixed")


def test_a_host_that_fails_is_asked_less_and_less_often() -> None:
    """First at the shortest interval, then twice as long each time, once a day in the end."""
    failed = report(state=State.UNREACHABLE, list_read=False)
    waits = [
        plan(failed, SOURCE, Past(reports=(failed,) * before)).at - NOW + SLACK
        for before in (0, 1, 2, 6, 7, 13)
    ]
    hours = [wait / timedelta(hours=1) for wait in waits]
    assert hours == [0.25, 0.5, 1, 16, 24, 24]
    assert plan(failed, SOURCE, past(timedelta(hours=5))).at == NOW + QUARTER - SLACK


def test_news_do_not_wait_for_pages_or_lists_that_fail_beside_a_list_that_is_served() -> None:
    """The interval stays, unless the host shows that it wants no visits."""
    failed = report(state=State.ERRORING, listed=3)
    due = plan(failed, SOURCE, Past(reports=(failed,) * 9))
    assert (due.at, due.why) == (
        NOW + QUARTER - SLACK,
        "a list is served and something else fails",
    )
    blocked = replace(failed, state=State.BLOCKED)
    assert plan(blocked, SOURCE, Past(reports=(blocked,) * 9)).at == NOW + timedelta(days=1) - SLACK


def test_what_was_read_is_no_failure() -> None:
    """A source that is quiet, empty or changed keeps its rhythm: its host served us."""
    before = past(timedelta(hours=2))
    for state in (State.QUIET, State.EMPTY, State.LAYOUT_CHANGED, State.FIELDS_MISSING):
        ill = replace(before, reports=(report(state=state),) * 14)
        assert plan(report(state=state), SOURCE, ill).at <= NOW + timedelta(hours=6)


def test_a_hosts_wish_is_the_reason() -> None:
    """What the host asked for is kept, and told."""
    hold = NOW + timedelta(hours=3)
    due = plan(report(state=State.LATER), SOURCE, Past(), hold=hold)
    assert (due.at, due.why) == (hold, "the host asked for a pause until then")


@given(
    every=st.timedeltas(timedelta(seconds=10), timedelta(days=2)),
    slowest=st.timedeltas(timedelta(seconds=10), timedelta(days=2)),
    before=st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
    new=st.integers(0, 20),
    state=st.sampled_from(State),
    hours=st.sampled_from([(), BUSY, SLOW]),
)
def test_the_next_visit_lies_between_the_bounds(  # noqa: PLR0913 - hypothesis gives them one by one
    *,
    every: timedelta,
    slowest: timedelta,
    before: timedelta,
    new: int,
    state: State,
    hours: tuple[tuple[datetime, int], ...],
) -> None:
    """Never more often than `every`, never later than `slowest`, or a day for a host that fails."""
    source = replace(SOURCE, every=every, slowest=slowest)
    due = plan(report(new=new, state=state), source, past(before, hours)).at
    assert NOW + every * 0.94 <= due <= NOW + max(every, slowest, timedelta(days=1))
