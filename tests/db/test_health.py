"""Reports become states, states become notices: enough strikes, a reminder, one all-clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.health import consider, diagnose
from db.telling import Notice, NoticeKind, Standing
from db.visiting import PAGES_LOST, Gap, ListSeen, Past, Report, State

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
LIST = "https://e.org/news"


def report(state: State = State.OK, at: datetime = NOW, **given: object) -> Report:
    """Return a report on a visit that ended at a moment."""
    return replace(
        Report(source="s", started=at, finished=at, state=state, list_read=True),
        **given,  # type: ignore[arg-type]
    )


def cards(number: int, *, found: bool = False) -> tuple[ListSeen, ...]:
    """Return a list that showed so many cards."""
    return (ListSeen(url=LIST, cards=number, found=found),)


def covered(items: int, **fields: int) -> Report:
    """Return a report on so many items, with so many of each field."""
    return report(items=items, new=1, coverage=tuple(fields.items()))


def told(states: list[State], every: timedelta = QUARTER) -> list[tuple[int, NoticeKind, State]]:
    """Return the notices of a row of visits, each with the number of its visit."""
    standing, found = Standing(), []
    for number, state in enumerate(states):
        standing, notices = consider(standing, report(state, NOW + number * every, reason="why"))
        found += [(number, notice.kind, notice.state) for notice in notices]
    return found


# -- diagnose


def test_pages_that_fail_stay_a_fault_until_one_is_had() -> None:
    """A visit that asks for none changes nothing; what an earlier fault says stands in its words."""
    why = f"1 of 1 {PAGES_LOST}: bad bytes"
    ill = report(State.UNDECODABLE, items=1, failed=1, new=1, reason=why)
    # The list was ill, and one page failed beside it.
    list_ill = replace(ill, reason="HTTP 500")
    away = report(State.UNREACHABLE, list_read=False)
    still = diagnose(report(), Past(reports=(ill,)))
    assert (still.state, still.reason) == (
        State.UNDECODABLE,
        f"no article page could be had since 2026-01-05 09:00 UTC: {why}",
    )
    assert diagnose(report(), Past(reports=(still, ill))) == still
    assert diagnose(report(), Past(reports=(report(State.LATER), ill))) == still
    assert diagnose(report(), Past(reports=(away, ill))) == still
    for visit, before in (
        (report(read=1, items=1), (ill,)),
        (report(items=1), (ill,)),
        (report(failed=1), (ill,)),
        (report(), (report(), ill)),
        (report(), (away, report(failed=1))),
        (report(), (list_ill,)),
        (report(), ()),
    ):
        assert diagnose(visit, Past(reports=before)) == visit


def test_a_list_without_cards_is_held_against_what_it_showed() -> None:
    """Its container gone is a changed layout, its container empty an empty list, never seen none."""
    past = Past(reports=(report(), report(lists=cards(20))))
    empty = report(State.EMPTY, reason="no list showed any item")
    gone = diagnose(replace(empty, lists=cards(0)), past)
    assert (gone.state, LIST in gone.reason) == (State.LAYOUT_CHANGED, True)
    assert diagnose(replace(empty, lists=cards(0, found=True)), past).state is State.EMPTY
    assert diagnose(replace(empty, lists=cards(0)), Past()).state is State.EMPTY


def test_one_section_of_two_that_is_gone_shows() -> None:
    """What the other section brought does not hide it."""
    other = ListSeen(url="https://e.org/other", cards=9)
    past = Past(reports=(report(lists=(*cards(20), other)),))
    assert diagnose(report(lists=(*cards(0), other)), past).state is State.LAYOUT_CHANGED


def test_a_field_that_fell_to_half_of_its_past_is_missing() -> None:
    """The latest five items are held against twenty before; the reason gives both shares."""
    past = Past(reports=tuple(covered(10, title=10, date=9, text=10) for _ in range(3)))
    found = diagnose(covered(6, title=6, date=2, text=6), past)
    assert found.state is State.FIELDS_MISSING
    assert found.reason == "date in 33% of the latest items, 90% before"
    assert diagnose(covered(6, title=6, date=5, text=6), past).state is State.OK


def test_missing_fields_need_items_to_be_seen() -> None:
    """Four items prove nothing, nor does a past of ten, nor a field that never was there."""
    rich = Past(reports=tuple(covered(10, title=10, date=10) for _ in range(3)))
    assert diagnose(covered(4, title=4), Past(reports=(covered(30, title=30),))).state is State.OK
    assert diagnose(covered(6, title=6), Past(reports=(covered(10, title=10),))).state is State.OK
    assert diagnose(covered(6, title=6), Past(reports=(covered(30, title=30),))).state is State.OK
    assert diagnose(covered(6, title=6), rich).state is State.FIELDS_MISSING


def test_missing_fields_stay_missing_until_they_come_back() -> None:
    """A visit without items changes nothing, and ill reports are no measure for later ones."""
    ill = replace(covered(6, title=6), state=State.FIELDS_MISSING)
    well = tuple(covered(10, title=10, date=10) for _ in range(3))
    assert diagnose(report(State.UNCHANGED), Past(reports=(ill, *well))).state is (
        State.FIELDS_MISSING
    )
    later = Past(reports=(*([ill] * 9), *well))
    assert diagnose(covered(6, title=6, date=6), later).state is State.OK
    assert diagnose(covered(6, title=6), later).state is State.FIELDS_MISSING


def test_known_items_at_new_addresses_are_a_changed_source() -> None:
    """Three are enough; what looks like a gap then is none."""
    gap = Gap(after=NOW, before=NOW, pages=1)
    found = diagnose(report(gap=gap), Past(), moved=3)
    assert (found.state, found.gap) == (State.SOURCE_CHANGED, None)
    assert diagnose(report(gap=gap), Past(), moved=2).gap == gap


def test_silence_beyond_its_habit_is_quiet() -> None:
    """A source of two items an hour that has brought none for a week is; new items end it."""
    hours = tuple((NOW - timedelta(days=28) + timedelta(hours=h), 2) for h in range(21 * 24))
    past = Past(hours=hours)
    assert diagnose(report(State.UNCHANGED), past).state is State.QUIET
    assert diagnose(report(State.OK, new=1), past).state is State.OK


@pytest.mark.parametrize("state", [State.UNREACHABLE, State.LATER, State.BLOCKED])
def test_what_did_not_go_well_is_not_judged_further(state: State) -> None:
    """A visit that could not read says nothing of layout and fields."""
    past = Past(reports=(report(lists=cards(20)),))
    assert diagnose(report(state, lists=cards(0)), past, moved=9).state is state


# -- consider


@pytest.mark.parametrize(
    ("state", "visit"),
    [
        (State.BLOCKED, 0),
        (State.FORBIDDEN_BY_ROBOTS, 0),
        (State.QUIET, 0),
        (State.LAYOUT_CHANGED, 1),
        (State.FIELDS_MISSING, 1),
        (State.UNREACHABLE, 2),
        (State.ERRORING, 2),
        (State.EMPTY, 2),
    ],
)
def test_a_trouble_is_told_once_after_enough_strikes(state: State, visit: int) -> None:
    """What no repetition makes surer at once, the rest after two or three visits, then silence."""
    assert told([state] * 9) == [(visit, NoticeKind.DOWN, state)]


def test_a_visit_that_failed_once_is_nothing() -> None:
    """Two in a row are nothing either, whatever they were."""
    fine = [State.OK, State.UNCHANGED]
    assert told([State.UNREACHABLE, *fine, State.ERRORING, State.UNREACHABLE, *fine]) == []


def test_strikes_of_different_kinds_add_up() -> None:
    """A host that fails in another way each time is down."""
    states = [State.UNREACHABLE, State.ERRORING, State.TRUNCATED, State.ERRORING]
    assert told(states) == [(2, NoticeKind.DOWN, State.TRUNCATED)]


def test_all_clear_is_given_once() -> None:
    """Recovery is told if the trouble was, and says since when it was what."""
    found = told([State.BLOCKED, State.OK, State.OK])
    assert found == [(0, NoticeKind.DOWN, State.BLOCKED), (1, NoticeKind.RECOVERED, State.OK)]


def test_a_pause_is_neither_well_nor_ill() -> None:
    """`later` neither clears a trouble nor makes one."""
    states = [State.BLOCKED, State.LATER, State.LATER, State.OK]
    assert [kind for _, kind, _ in told(states)] == [NoticeKind.DOWN, NoticeKind.RECOVERED]


def test_a_trouble_that_lasts_is_recalled_every_week() -> None:
    """30 days of silence are one notice and four reminders, then one all-clear."""
    found = told([State.UNREACHABLE] * 32 + [State.OK], timedelta(days=1))
    kinds = [kind for _, kind, _ in found]
    assert kinds == [NoticeKind.DOWN, *[NoticeKind.REMINDER] * 4, NoticeKind.RECOVERED]
    assert [number for number, _, _ in found[1:5]] == [9, 16, 23, 30]


def test_a_source_that_flutters_is_told_of_calmly() -> None:
    """Ill and well in turns: one notice, one all-clear, and then only if it stays ill."""
    flutter = [State.BLOCKED, State.OK] * 20
    assert len(told(flutter)) == 2
    assert told([State.BLOCKED, State.OK, *[State.BLOCKED] * 6])[-1] == (
        7,
        NoticeKind.DOWN,
        State.BLOCKED,
    )


def test_a_changed_source_is_told_and_is_not_ill() -> None:
    """It needs no all-clear, and earlier strikes are forgotten."""
    states = [State.UNREACHABLE, State.SOURCE_CHANGED, State.OK]
    assert told(states) == [(1, NoticeKind.CHANGED, State.SOURCE_CHANGED)]


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (
            Gap(after=NOW, before=NOW + QUARTER, pages=3),
            (
                "3 list pages were all new: items between 2026-01-05 09:00 UTC and "
                "2026-01-05 09:15 UTC may be missing"
            ),
        ),
        (
            Gap(after=None, before=None, pages=1),
            "one list page was all new: items between the beginning and now may be missing",
        ),
    ],
)
def test_a_gap_is_told_with_its_bounds_once_a_day(gap: Gap, words: str) -> None:
    """However many there are, they are all in the reports."""
    standing = Standing()
    found: list[Notice] = []
    for hour in range(26):
        standing, notices = consider(standing, report(at=NOW + timedelta(hours=hour), gap=gap))
        found += notices
    assert [notice.created_at - NOW for notice in found] == [timedelta(0), timedelta(days=1)]
    assert (found[0].kind, found[0].reason) == (NoticeKind.GAP, words)


@given(st.lists(st.sampled_from(State), max_size=40))
@example(
    [
        State.EMPTY,
        State.LAYOUT_CHANGED,
        State.SOURCE_CHANGED,
        State.OK,
        State.EMPTY,
        State.LAYOUT_CHANGED,
    ]
)
def test_no_two_notices_share_a_key_and_all_clears_follow_troubles(states: list[State]) -> None:
    """Whatever happens, keys are unique and each all-clear belongs to one trouble before it."""
    standing, found = Standing(), []
    for number, state in enumerate(states):
        standing, notices = consider(standing, report(state, NOW + number * QUARTER))
        found += notices
    assert len({notice.key for notice in found}) == len(found)
    open_trouble = False
    for notice in found:
        if notice.kind is NoticeKind.DOWN:
            assert not open_trouble
            open_trouble = True
        elif notice.kind is NoticeKind.RECOVERED:
            assert open_trouble
            open_trouble = False
