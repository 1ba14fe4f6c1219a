"""Pages nobody wrote rules for: their date, from what they state and what a reader sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.model import Basis, Dateline, Precision
from spiders import candidates, generic
from spiders.blocks import Page
from spiders.site import Card
from tests.spiders.generic_pages import (
    FIRST,
    LAST,
    SECOND,
    SEEN,
    STRUCTURED,
    URL,
    page,
    read,
)


def verdict(given: Page, card: Card | None = None) -> tuple[str | None, Basis, Precision]:
    """Return moment, basis and precision of what is chosen."""
    dateline = generic.read(given, "Europe/London", card, SEEN)[1].dateline
    when = dateline.when.strftime("%Y-%m-%dT%H:%M") if dateline.when else None
    return when, dateline.basis, dateline.precision


PRINTED = "<div class='date'>19 November 2026, 08:30</div>"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (page(STRUCTURED), ("2026-11-19T08:30", Basis.STRUCTURED, Precision.SECOND)),
        (
            page(STRUCTURED.replace('"2026-11-19T08:30:00+00:00"', '["2026-11-19T08:30:00Z"]')),
            ("2026-11-19T08:30", Basis.STRUCTURED, Precision.SECOND),
        ),
        (
            page(STRUCTURED.replace('"2026-11-19T08:30:00+00:00"', "[]")),
            (None, Basis.UNKNOWN, Precision.NONE),
        ),
        (
            page('<meta property="article:published_time" content="2026-11-19T08:30:00Z">'),
            ("2026-11-19T08:30", Basis.META, Precision.SECOND),
        ),
        (
            page(middle="<time datetime='2026-11-19T08:30Z'>today</time>"),
            ("2026-11-19T08:30", Basis.TIME_ELEMENT, Precision.MINUTE),
        ),
        (
            page(middle="<span itemprop='datePublished' content='2026-11-19'>x</span>"),
            ("2026-11-19T00:00", Basis.STRUCTURED, Precision.DAY),
        ),
        (page(middle=PRINTED), ("2026-11-19T08:30", Basis.PRINTED, Precision.MINUTE)),
        (
            page(middle="<p>Thursday, 19 November 2026</p>"),
            ("2026-11-19T00:00", Basis.PRINTED, Precision.DAY),
        ),
        (page(middle="<p>2 hours ago</p>"), ("2026-11-21T00:00", Basis.PRINTED, Precision.DAY)),
        (page(), (None, Basis.UNKNOWN, Precision.NONE)),
    ],
)
def test_a_date_is_found_where_pages_state_it(
    given: Page, expected: tuple[str | None, Basis, Precision]
) -> None:
    """Structured, meta, time element, printed beside the title; without evidence it is unknown."""
    assert verdict(given) == expected


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (page(above="<div id=top>Saturday, 21 November 2026</div>"), "today's date"),
        (page(middle="<p>Updated 20 November 2026</p>"), "changed"),
        (
            page(middle="<figure><figcaption>Seen on 3 March 2020</figcaption></figure>"),
            "another item",
        ),
        (page(middle="<p><a href='/old'>Old story of 5 May 2019</a></p>"), "another item"),
        (page(below="<p>x</p>" * 9 + "<div>5 May 2019</div>"), "far from the title"),
        (page(), "copyright"),
        (page(middle="<div>19 November 2027</div>"), "ahead"),
    ],
)
def test_a_date_of_something_else_is_rejected_with_the_reason(given: Page, reason: str) -> None:
    """Today's date, updates, captions, other stories, the copyright line and the future are no dates."""
    found, judged = generic.read(given, "Europe/London", None, SEEN)
    assert found.dateline.basis is Basis.UNKNOWN
    assert [c for c in judged.candidates if reason in c.rejected]


def test_two_that_agree_outvote_one_that_is_better_known() -> None:
    """A page that stamps itself with the moment of its making is found out."""
    made_now = STRUCTURED.replace("2026-11-19T08:30:00+00:00", "2026-11-21T08:59:00+00:00")
    dated = Page("https://e.test/2026/11/19/council", page(made_now, middle=PRINTED).body)
    assert verdict(dated) == ("2026-11-19T08:30", Basis.PRINTED, Precision.MINUTE)
    assert verdict(page(made_now, middle=PRINTED))[1] is Basis.STRUCTURED


def test_among_those_that_agree_the_most_precise_is_taken() -> None:
    """A day in the address and a clock beside the title are one date."""
    day = STRUCTURED.replace("2026-11-19T08:30:00+00:00", "2026-11-19")
    assert verdict(page(day, middle=PRINTED)) == (
        "2026-11-19T08:30",
        Basis.PRINTED,
        Precision.MINUTE,
    )


def test_a_wrong_offset_yields_to_the_printed_clock() -> None:
    """The same clock under +00:00 and in print means the source's own zone."""
    minsk = page(STRUCTURED, middle=PRINTED)
    dateline = generic.read(minsk, "Europe/Minsk", None, SEEN)[1].dateline
    assert (dateline.when, dateline.basis) == (
        datetime(2026, 11, 19, 5, 30, tzinfo=UTC),
        Basis.PRINTED,
    )


def test_an_address_dates_a_page_that_prints_nothing() -> None:
    """A day in the path is evidence, the weakest but one."""
    assert verdict(Page("https://e.test/2026/11/19/council", page().body))[:2] == (
        "2026-11-19T00:00",
        Basis.URL,
    )


def test_a_card_s_date_is_believed_before_the_printed_line() -> None:
    """A list's own word stands between a machine's and a printed one."""
    listed = Dateline(
        when=datetime(2026, 11, 18, 7, tzinfo=UTC),
        precision=Precision.MINUTE,
        basis=Basis.LISTING,
        zone="UTC",
    )
    card = Card(url=URL, dateline=listed)
    assert verdict(page(), card)[1] is Basis.LISTING
    assert verdict(page(STRUCTURED), card)[1] is Basis.STRUCTURED


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        ("Wednesday, 18 November 2026\n\n17 November 2026, 16:11", "2026-11-17T16:11:00+00:00"),
        ("Wednesday, 18 November 2026", "2026-11-18T00:00:00+00:00"),
        ("Wednesday, 18 November 2026\n\n19 November 2026, 10:20", "2026-11-18T00:00:00+00:00"),
        ("Wednesday, 18 November 2026\n\n17 November 2026", "2026-11-18T00:00:00+00:00"),
        (
            "Flag Wednesday, 18 November 2026\nAll news\nSociety\n17 November 2026, 16:11\n\nA title",
            "2026-11-17T16:11:00+00:00",
        ),
        (
            "Wednesday, 18 November 2026\nSociety\nPhoto of 17 November 2026, 16:11\n\nA title",
            "2026-11-18T00:00:00+00:00",
        ),
    ],
)
def test_the_day_above_a_plain_text_is_today_s_where_a_moment_stands_below(
    lines: str, when: str
) -> None:
    """A weekday alone rejects nothing; a moment that is later may be a reader's comment."""
    found = read(Page(None, f"Projects\n\n{lines}\n\n{FIRST}\n\n{SECOND}", "text"))
    assert found.dateline.when is not None
    assert found.dateline.when.isoformat() == when


def test_a_short_text_keeps_the_day_that_is_not_its_owner_s() -> None:
    """Without a paragraph below, a day with its weekday dates it; a line on rights does not."""
    note = "A title\n\nWednesday, 18 November 2026\n\nIn short.\n\n© The Daily, 17 November 2026"
    found, judged = generic.read(Page(None, note, "text"), "Europe/London", None, SEEN)
    assert found.dateline.raw == "18 November 2026"
    assert [c.rejected for c in judged.candidates] == ["", "belongs to the copyright line"]


def test_a_text_of_several_dated_items_has_the_date_of_none() -> None:
    """It begins with a day, and others stand on lines of their own; one day alone dates the text."""
    several = f"18.11.2026\n\n{FIRST}\n\n16.11.2026\n\n{SECOND}\n\n16.11.2026\n\n{LAST}"
    assert verdict(Page(None, several, "text")) == (None, Basis.UNKNOWN, Precision.NONE)
    one = f"18.11.2026\n\n{FIRST}\n\n{SECOND}\n\n18.11.2026\n\n{LAST}"
    assert verdict(Page(None, one, "text"))[:2] == ("2026-11-18T00:00", Basis.PRINTED)


@pytest.mark.parametrize(
    "below", ["Read also\n\n17.11.2026 10:15", "Photo 17.11.2026 12:40", "Made 17.11.2026 23:59"]
)
def test_a_moment_below_a_plain_text_is_anothers(below: str) -> None:
    """The day under the title is the text's own, whatever stands at its foot."""
    found = read(
        Page(None, f"A title\n\nWednesday, 18 November 2026\n\n{FIRST}\n\n{below}\n\nMore", "text")
    )
    assert found.dateline.when is not None
    assert found.dateline.when.isoformat() == "2026-11-18T00:00:00+00:00"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # A machine's own zone is believed; a word where a moment should be is passed over.
        (
            page(STRUCTURED.replace("08:30:00+00:00", "10:30:00+02:00"), middle=PRINTED),
            ("2026-11-19T08:30", Basis.STRUCTURED, Precision.SECOND),
        ),
        (
            page('<meta name="pubdate" content="soon"><meta name="date" content="2026-11-19">'),
            ("2026-11-19T00:00", Basis.META, Precision.DAY),
        ),
        (
            page(
                middle="<i itemprop='datePublished'>soon</i>"
                "<i itemprop='datePublished' content='2026-11-19'>x</i>"
            ),
            ("2026-11-19T00:00", Basis.STRUCTURED, Precision.DAY),
        ),
        # Of several articles in the structured data, the one that names this page counts.
        (
            page(
                STRUCTURED.replace("-19T", "-12T")
                + STRUCTURED.replace('"headline"', f'"url":"{URL}/","headline"')
            ),
            ("2026-11-19T08:30", Basis.STRUCTURED, Precision.SECOND),
        ),
        # A weekday right above the title is the article's own unless it is today's.
        (
            Page(URL, page().body.replace("<h1>", "<p>Thursday, 12 November 2026</p><h1>")),
            ("2026-11-12T00:00", Basis.PRINTED, Precision.DAY),
        ),
        # What looks like a day in an address may be none.
        (
            Page("https://e.test/2026/02/31/council", page().body),
            (None, Basis.UNKNOWN, Precision.NONE),
        ),
        # A guess that is the day of the visit is none.
        (
            page('<meta name="revision-of" content="x"><meta name="created" content="2026-11-21">'),
            (None, Basis.UNKNOWN, Precision.NONE),
        ),
    ],
)
def test_weak_evidence_is_weighed_and_not_completed(
    given: Page, expected: tuple[str | None, Basis, Precision]
) -> None:
    """Zones, words for dates, headers, addresses and guesses: each says what it can and no more."""
    assert verdict(given) == expected


def test_a_page_that_htmldate_cannot_read_has_no_guess() -> None:
    """Whatever it raises, the page is read without it."""
    odd = SimpleNamespace(tree=5)
    assert generic._guess(odd, "UTC") is None  # noqa: SLF001 - no page of ours gets it to raise


def test_two_days_known_in_the_same_way_are_two_dates() -> None:
    """A better-known clock of the next day, from the same kind of evidence, replaces no day."""
    day = Dateline(
        when=datetime(2026, 11, 18, tzinfo=UTC),
        precision=Precision.DAY,
        basis=Basis.TIME_ELEMENT,
        zone="UTC",
    )
    other = Dateline(
        when=datetime(2026, 11, 19, 3, tzinfo=UTC),
        precision=Precision.MINUTE,
        basis=Basis.TIME_ELEMENT,
        zone="UTC",
    )
    offered = tuple(candidates.Candidate(dateline=one) for one in (day, other))
    assert candidates.judge(offered, SEEN).dateline == day


def test_a_page_of_thousands_of_dates_costs_no_more_than_its_length() -> None:
    """What says the same in the same way is weighed once, and what is left not without end."""
    begun = process_time()
    same = "<time datetime='2026-11-18T10:00Z'>x</time>" * 6000
    assert verdict(page(middle=f"<p>{same}</p>")) == (
        "2026-11-18T10:00",
        Basis.TIME_ELEMENT,
        Precision.MINUTE,
    )
    first = datetime(2026, 11, 18, tzinfo=UTC)
    others = "".join(
        f"<time datetime='{first - timedelta(minutes=n):%Y-%m-%dT%H:%MZ}'>x</time>"
        for n in range(3000)
    )
    assert verdict(page(middle=f"<p>{others}</p>"))[0] == "2026-11-18T00:00"
    assert process_time() - begun < 8


DATELINES = st.builds(
    Dateline,
    when=st.datetimes(datetime(2026, 11, 10), datetime(2026, 11, 19), timezones=st.just(UTC)),  # noqa: DTZ001 - its zone is the third argument
    precision=st.sampled_from([Precision.DAY, Precision.MINUTE]),
    basis=st.sampled_from([Basis.META, Basis.TIME_ELEMENT, Basis.PRINTED]),
    zone=st.just("UTC"),
)


@given(st.lists(DATELINES, min_size=1, max_size=8), st.integers(1, 4))
def test_a_date_said_again_changes_no_verdict(datelines: list[Dateline], times: int) -> None:
    """How often a page repeats the same evidence is no evidence."""
    once = tuple(candidates.Candidate(dateline=one) for one in datelines)
    assert candidates.judge(once * times, SEEN).dateline == candidates.judge(once, SEEN).dateline


@pytest.mark.parametrize(
    ("stated", "hour"),
    [
        ("2026-11-17T09:30+01:00", 8),
        ("2026-11-17T09:30:12+01:00", 8),
        ("2026-11-17T09:30Z", 9),
        ("2026-11-17T10:30+01:00", 9),
        ("2026-11-17", 9),
    ],
)
def test_a_machine_that_shows_the_printed_clock_tells_its_zone(stated: str, hour: int) -> None:
    """A meta that is little believed may know what the line beside the title leaves out."""
    given = page(
        f'<meta name="dcterms.date" content="{stated}">', middle="<p>17 November 2026, 09:30</p>"
    )
    assert verdict(given)[0] == f"2026-11-17T{hour:02}:30"


def test_a_machine_s_clock_behind_a_printed_day_is_the_article_s() -> None:
    """A day shows no clock that could tell a zone; the finer of two that agree is taken."""
    given = page(
        '<meta name="dcterms.date" content="2026-11-17T09:30+01:00">',
        middle="<p>17 November 2026</p>",
    )
    assert verdict(given) == ("2026-11-17T08:30", Basis.META, Precision.MINUTE)
