"""Which date stands: the same one, whatever was seen first and however often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import belief as order
from db.belief import LISTED, belief, better, is_another_day, is_edit, is_told_from_now
from db.changes import compare, merge, not_taken
from db.model import UNKNOWN_DATELINE, Article, Basis, Dateline, Precision, TextBasis
from tests.db.test_changes import known

NOON = datetime(2026, 11, 21, 12, 36, 20, tzinfo=UTC)
OF_PAGES = tuple(basis for basis in Basis if basis not in LISTED and basis is not Basis.UNKNOWN)


def at(
    when: datetime = NOON,
    precision: Precision = Precision.MINUTE,
    basis: Basis = Basis.PRINTED,
    *,
    stated: bool = False,
    raw: str = "21.11.2026",
) -> Dateline:
    """Return a dateline; its moment is cut to its precision."""
    if precision is not Precision.SECOND:
        when = when.replace(second=0)
    if precision is Precision.DAY:
        when = when.replace(hour=0, minute=0)
    return Dateline(
        when=when, precision=precision, basis=basis, zone="UTC", zone_stated=stated, raw=raw
    )


EVIDENCE = st.builds(
    at,
    st.sampled_from([NOON + timedelta(hours=6 * step) for step in range(-5, 6)]),
    st.sampled_from([Precision.SECOND, Precision.MINUTE, Precision.DAY]),
    st.sampled_from([basis for basis in Basis if basis is not Basis.UNKNOWN]),
    stated=st.booleans(),
    raw=st.sampled_from(["21.11.2026", "yesterday, 12:36", "2 hours ago"]),
)


def ended(dates: list[Dateline], *, again: bool = True) -> Dateline:
    """Return what stands after these were seen one after the other."""
    stands = UNKNOWN_DATELINE
    for one in dates:
        stands = better(stands, one, again=again, same_source=True)
    return stands


def place_of(one: Dateline) -> tuple[object, ...]:
    """Return what must differ in evidence of which no piece corrects another."""
    exact = one.precision if one.basis in LISTED or is_told_from_now(one) else None
    return (one.basis, one.zone_stated, is_told_from_now(one), exact)


@st.composite
def evidence(draw: st.DrawFn) -> list[Dateline]:
    """Return dates of one item of which none corrects another, stated and assumed zones mixed."""
    seen: list[Dateline] = []
    for one in draw(st.lists(EVIDENCE, unique_by=place_of, min_size=1, max_size=7)):
        if one.basis in LISTED or not any(is_edit(one, other) for other in seen):
            seen.append(one)
    return seen


@given(st.data(), evidence())
def test_any_order_of_seeing_ends_with_the_same_date(
    data: st.DataObject, seen: list[Dateline]
) -> None:
    """What is seen first, and what is seen how often, does not matter; the last round is calm."""
    other = data.draw(st.permutations(seen))
    stands = ended([*other, *data.draw(st.lists(st.sampled_from(seen), max_size=5)), *other])
    assert stands == ended(seen) == max(seen, key=belief)
    assert all(better(stands, one, again=True, same_source=True) == stands for one in seen)


@given(st.data(), evidence())
def test_evidence_of_many_sources_comes_to_rest(data: st.DataObject, seen: list[Dateline]) -> None:
    """Whichever of it other sources tell: it may matter what was first, but nothing goes round."""
    told = [(one, data.draw(st.booleans())) for one in seen]
    stands = UNKNOWN_DATELINE
    for one, mine in told * len(told):
        stands = better(stands, one, again=True, same_source=mine)
    assert all(better(stands, one, again=True, same_source=mine) == stands for one, mine in told)


@given(
    EVIDENCE,
    EVIDENCE,
    st.sampled_from([basis for basis in OF_PAGES if basis is not Basis.GUESS]),
    st.sampled_from(sorted(LISTED)),
)
def test_a_list_of_another_source_keeps_the_day_of_the_page(
    page: Dateline, other: Dateline, of_page: Basis, of_list: Basis
) -> None:
    """However well it is known, it makes the page's date better only within what zones explain."""
    page, other = replace(page, basis=of_page), replace(other, basis=of_list)
    stands = better(page, other, again=True, same_source=False)
    assert not is_another_day(page, stands)
    apart = is_another_day(page, other)
    assert apart or stands == better(page, other, again=True, same_source=True)


@given(EVIDENCE, EVIDENCE, st.lists(st.booleans(), min_size=4, max_size=12))
def test_two_sources_do_not_take_a_date_from_each_other(
    mine: Dateline, other: Dateline, turns: list[bool]
) -> None:
    """What lists say of an item, or its page in zones that both assume, changes twice at most."""
    if mine.basis not in LISTED:
        mine, other = replace(mine, zone="Asia/Bishkek"), replace(other, basis=mine.basis)
        other = replace(other, zone_stated=mine.zone_stated)
    if other.basis not in LISTED and (mine.zone_stated or mine.basis in LISTED):
        mine, other = (replace(one, basis=Basis.FEED) for one in (mine, other))
    first = turns[0]
    stands, told = UNKNOWN_DATELINE, []
    for is_mine in turns:
        one = mine if is_mine else other
        stands = better(stands, one, again=True, same_source=is_mine == first)
        told.append(stands)
    changed = [one for one, after in pairwise(told) if one != after]
    assert len(changed) <= 2


@given(EVIDENCE, EVIDENCE)
def test_what_a_better_date_never_does(standing: Dateline, reading: Dateline) -> None:
    """No moment becomes a day, no stated zone an assumed one, and no drift is an edit."""
    stands = better(standing, reading, again=True, same_source=True)
    day = Precision.DAY
    if stands is reading and not is_edit(standing, reading):
        assert (standing.precision is day) >= (reading.precision is day)
        if (standing.precision is day) == (reading.precision is day):
            assert standing.zone_stated <= reading.zone_stated
    if is_told_from_now(reading):
        assert not is_edit(standing, reading)


@pytest.mark.parametrize(
    ("worse", "better_one"),
    [
        (at(basis=Basis.PRINTED), at(basis=Basis.LISTING, stated=True)),
        (at(precision=Precision.DAY, basis=Basis.STRUCTURED), at(basis=Basis.LISTING)),
        (at(precision=Precision.DAY), at(raw="yesterday, 12:36")),
        (at(raw="5 minutes ago"), at(basis=Basis.LISTING)),
        (at(basis=Basis.LISTING), at(basis=Basis.PRINTED)),
        (at(), at(precision=Precision.SECOND)),
        (UNKNOWN_DATELINE, at(precision=Precision.DAY, raw="2 hours ago")),
    ],
)
def test_the_order_of_belief(worse: Dateline, better_one: Dateline) -> None:
    """Each line of the table holds in both orders, and no such step is an edit."""
    assert ended([worse, better_one]) == ended([better_one, worse]) == better_one
    assert not is_edit(worse, better_one)
    assert not is_edit(better_one, worse)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (at(), at(NOON + timedelta(minutes=1))),
        (at(precision=Precision.SECOND), at(NOON + timedelta(seconds=1), Precision.SECOND)),
        (at(stated=True), at(NOON - timedelta(hours=3), stated=True)),
        (at(precision=Precision.DAY), at(NOON + timedelta(days=1), Precision.DAY)),
        (at(), at(NOON + timedelta(days=3), Precision.DAY)),
        (at(precision=Precision.DAY), at(NOON + timedelta(days=3))),
        (at(stated=True), at(NOON + timedelta(days=3), Precision.DAY)),
        (at(stated=True), at(NOON + timedelta(days=3))),
        (at(), at(NOON + timedelta(days=3), stated=True)),
        (at(precision=Precision.DAY), at(NOON + timedelta(days=3), stated=True)),
        (at(precision=Precision.DAY), at(NOON - timedelta(days=2), stated=True)),
        (at(), replace(at(NOON - timedelta(days=3)), zone="Asia/Bishkek")),
    ],
)
def test_a_site_corrects_its_date(article: Article, before: Dateline, after: Dateline) -> None:
    """Another moment, known in the same way, is an edit of the page; the later one stands."""
    standing = replace(article, dateline=before)
    merged = merge(standing, replace(article, dateline=after))
    assert replace(merged.dateline, place=None) == after
    change = compare(known(standing, NOON), merged, NOON)
    assert change is not None
    assert change.fields == ("dateline",)


@pytest.mark.parametrize(
    "other",
    [
        at(NOON + timedelta(hours=25)),
        at(NOON - timedelta(hours=25)),
        at(NOON + timedelta(days=1), Precision.DAY),
        at(NOON - timedelta(days=1), Precision.DAY),
    ],
)
def test_what_a_zone_explains_is_no_edit(article: Article, other: Dateline) -> None:
    """A clock without its zone may be 26 hours off, and a day the one before or behind."""
    stated = at(stated=True)
    for before, after in ((stated, other), (other, stated)):
        standing = replace(article, dateline=before)
        merged = merge(standing, replace(article, dateline=after))
        assert replace(merged.dateline, place=None) == stated
        assert compare(known(standing, NOON), merged, NOON) is None


@pytest.mark.parametrize(
    "page", [at(precision=Precision.DAY), at(), at(basis=Basis.LEAD, stated=True)]
)
@pytest.mark.parametrize("basis", sorted(LISTED))
def test_a_list_takes_a_page_to_another_day_only_within_its_source(
    article: Article, page: Dateline, basis: Basis
) -> None:
    """Another source's feed three days later is no better evidence; nor is its date an edit."""
    feed = at(NOON + timedelta(days=3), basis=basis, stated=True)
    standing = replace(article, dateline=page)
    card = replace(article, dateline=feed, text="", text_basis=TextBasis.LISTING)
    strange = replace(card, source="other")
    merged = merge(standing, strange)
    assert replace(merged.dateline, place=None) == page
    told = not_taken(standing, strange, merged, None)
    assert told is not None
    assert told.rejected == order.STRANGE
    assert replace(merge(standing, card).dateline, place=None) == feed
    assert compare(known(standing, NOON), merge(standing, card), NOON) is None
    near = replace(strange, dateline=replace(feed, when=NOON + timedelta(hours=20)))
    assert merge(standing, near).dateline.when == near.dateline.when


def test_a_page_does_not_take_turns_with_a_list_that_was_first(article: Article) -> None:
    """The other source's date stood first, as its own: the page's day is less known than that."""
    feed = at(NOON + timedelta(days=3), basis=Basis.FEED, stated=True)
    card = replace(article, source="other", dateline=feed, text_basis=TextBasis.LISTING)
    page = replace(article, dateline=at(precision=Precision.DAY))
    merged = merge(card, page)
    assert merged.text_basis is TextBasis.PAGE
    assert replace(merged.dateline, place=None) == feed
    assert merge(merge(merged, card), page) == merged


def test_a_page_in_another_assumed_zone_takes_no_turns_either(article: Article) -> None:
    """Read for two sources, its clock stands and its day three days later does not come back."""
    day = replace(at(precision=Precision.DAY), zone="Asia/Bishkek")
    standing = replace(article, dateline=day)
    clock = at(NOON + timedelta(days=3))
    merged = merge(standing, replace(article, source="other", dateline=clock))
    assert replace(merged.dateline, place=None) == clock
    assert merge(merged, standing) == merged


def test_a_guess_is_no_day_that_a_page_tells() -> None:
    """A list of any source knows better."""
    feed = at(NOON + timedelta(days=3), basis=Basis.FEED)
    assert better(at(basis=Basis.GUESS), feed, again=False, same_source=False) == feed


@pytest.mark.parametrize("basis", sorted(LISTED))
def test_a_list_corrects_only_what_its_own_source_had_first(article: Article, basis: Basis) -> None:
    """The date of another source's list is other evidence, and none that is better."""
    standing = replace(article, dateline=at(basis=basis, stated=True))
    moved = replace(article, dateline=at(NOON + timedelta(hours=1), basis=basis, stated=True))
    assert merge(standing, replace(moved, source="other")).dateline == replace(
        standing.dateline, place=None
    )
    assert merge(standing, moved).dateline.when == moved.dateline.when


def test_another_assumed_zone_is_no_edit(article: Article) -> None:
    """A source whose zone is set later has its clocks right at the next visit, and no edit."""
    standing = replace(article, dateline=at())
    there = replace(at(NOON - timedelta(hours=6)), zone="Asia/Bishkek")
    reading = replace(article, dateline=there)
    merged = merge(standing, reading)
    assert merged.dateline == there
    assert compare(known(standing, NOON), merged, NOON) is None
    assert merge(merged, replace(standing, source="other")) == merged


def test_a_moment_is_told_in_the_clock_of_its_readers() -> None:
    """Which day a reader saw depends on the zone; whoever states the moment in UTC loses it."""
    machine = at(stated=True)
    printed = replace(machine, zone="+06:00")
    for again in (True, False):
        assert ended([machine, printed], again=again) == printed
        assert ended([printed, machine, printed], again=again) == printed


def test_an_edit_is_told_of_dates_only() -> None:
    """Nothing known and something known are no edit of each other, nor are two bases."""
    assert not is_edit(UNKNOWN_DATELINE, at())
    assert not is_edit(at(), UNKNOWN_DATELINE)
    assert not is_edit(at(), at(NOON + timedelta(hours=9), basis=Basis.META))


@pytest.mark.parametrize(
    "raw",
    ["yesterday, 09:00", "вчера в 9:05", "кечээ, 07:36", "сёння 14:40", "today at 7:36 pm",
     "5 minutes ago", "2 часа назад", "3 күн мурун", "an hour ago", "10 мин. назад"],
)  # fmt: skip
def test_words_told_from_now_are_known_without_their_language(raw: str) -> None:
    """A clock without a number beside it, or a count and two words."""
    assert is_told_from_now(at(raw=raw))
    assert not is_told_from_now(at(raw=raw, stated=True))


@pytest.mark.parametrize(
    "raw",
    ["", "21-ноябрь", "21 ноября, 07:36", "November 21", "19 of November", "21.11.26 07:36",
     "2026-11-21", "1763730000", "20 de noviembre de 2026", "14:02", "9:15 PM"],
)  # fmt: skip
def test_a_date_is_not_told_from_now(raw: str) -> None:
    """Whatever names a day, and a clock alone, which a heading's day may belong to."""
    assert not is_told_from_now(at(raw=raw))


def test_an_older_page_says_less_only_with_its_lists(article: Article) -> None:
    """A card neither corrects a date nor drops it; text of a list never edits."""
    standing = replace(article, text_basis=TextBasis.LISTING, dateline=at(basis=Basis.LISTING))
    later = replace(standing, dateline=at(NOON + timedelta(days=1), basis=Basis.LISTING))
    assert merge(standing, later).dateline == standing.dateline


def test_each_basis_is_corrected_by_its_own_kind_only() -> None:
    """A later page whose date stands elsewhere replaces it exactly if that is better known."""
    for one, other in product(OF_PAGES, OF_PAGES):
        moved = at(NOON + timedelta(hours=1), basis=other)
        stands = better(at(basis=one), moved, again=True, same_source=False)
        assert (stands == moved) is (list(Basis).index(other) <= list(Basis).index(one))


def test_the_decisions_have_the_same_table() -> None:
    """Each line of the order asks one of what is compared, and stands in the docs as it is here."""
    table = [line for line in (order.__doc__ or "").splitlines() if line.startswith("|")]
    told = (Path(__file__).parents[2] / "docs/decisions.md").read_text("utf-8")
    assert len(table) == 2 + len(belief(UNKNOWN_DATELINE))
    assert "\n".join(table) in told
