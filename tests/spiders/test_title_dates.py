"""A day that the title tells of is what the article is about, not when it appeared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.model import Basis
from spiders import dates, generic
from spiders.blocks import Page

SEEN = datetime(2026, 11, 22, 9, tzinfo=UTC)
URL = "https://e.test/news/1"
TEXT = "".join(
    f"<p>Paragraph {n} tells in a sentence of usual length what became of the harbour's list.</p>"
    for n in range(5)
)
SEPTEMBER = "What happened on 11 September 2001"
DECREE = "Указ от 5 марта 2019 года отменен"


def verdict(title: str, below: str = "", head: str = "", url: str = URL, above: str = ""):
    page = f"<html lang=en><head>{head}</head><body><article>{above}<h1>{title}</h1>{below}{TEXT}</article></body></html>"
    return generic.read(Page(url, page), "UTC", None, SEEN)[1]


def day_of(title: str, below: str = "", head: str = "", url: str = URL, above: str = ""):
    dateline = verdict(title, below, head, url, above).dateline
    return None if dateline.when is None else dates.local_day(dateline).isoformat()


@pytest.mark.parametrize("title", [SEPTEMBER, DECREE, "5 March 2019: the storm"])
@pytest.mark.parametrize(
    "known",
    [
        {"below": "<p class=date>Published 5 March 2024, 10:30</p>"},
        {"below": "<p>05.03.2024 10:30</p>"},
        {"above": "<p>05.03.2024 10:30</p>"},
        {"below": "<time datetime=2024-03-05T10:30Z>5 March 2024</time>"},
        {"head": "<meta name=date content=2024-03-05>"},
        {"url": "https://e.test/2024/03/05/news"},
    ],
)
def test_the_day_in_a_title_yields_to_all_that_dates_the_page(title, known) -> None:
    """The line beside it, a weak meta and the address know better when the article appeared."""
    assert day_of(title, **known) == "2024-03-05"


@pytest.mark.parametrize(
    ("title", "day"),
    [
        (SEPTEMBER, "2001-09-11"),
        ("5 March 2019: the storm", "2019-03-05"),
        ("Report of the harbour (5 March 2019)", "2019-03-05"),
        ("Report of 05.03.2019 – what the harbour wants", "2019-03-05"),
        ("Report of 5 March 2019 – what the harbour wants", None),
        (DECREE, None),
        ("The bay on 5 March 2019, in pictures", None),
        ("Man who vanished 5 days ago found alive", None),
        ("Ferry that sank yesterday at 09:00 is found", None),
        ("Ferry sank yesterday at 09:00", None),
        ("Что случилось 2 дня назад в порту", None),
    ],
)
def test_alone_the_day_in_a_title_is_believed_at_its_ends_only(title, day) -> None:
    """Reports are named by their day; what happened so long ago tells of the event."""
    assert day_of(title) == day


def test_a_title_need_not_be_the_first_heading() -> None:
    """The line that repeats it in another element is the title as well."""
    head = f"<title>{DECREE}</title><meta property='og:title' content='{DECREE}'><meta name=date content=2024-03-05>"
    page = f"<html lang=ru><head>{head}</head><body><article><h2>{DECREE}</h2>{TEXT}</article></body></html>"
    assert generic.read(Page(URL, page), "UTC", None, SEEN)[1].dateline.basis is Basis.META


def test_why_a_title_dates_nothing_is_kept() -> None:
    """The reason stands with the date."""
    assert [one.rejected for one in verdict(DECREE).candidates][:1] == ["is told in the title"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<h2>The ship sank 3 days ago in the bay</h2>", None),
        ("<p>The ship sank 3 days ago in the bay</p>", None),
        ("<p>3 days ago</p>", "2026-11-19"),
        ("<h5>3 days ago</h5>", "2026-11-19"),
        ("<p>Jo Writer, 3 days ago</p>", "2026-11-19"),
        ("<p>Jo Writer 3 days ago | 4 comments</p>", "2026-11-19"),
        ("<p>Published 3 days ago in Politics</p>", "2026-11-19"),
        ("<div class=meta>Jo Writer 3 days ago in Politics</div>", "2026-11-19"),
        ("<p>Photo taken 5 March 2019</p>", None),
        ("<p>Picture taken on 5 March 2019</p>", None),
        ("<p>Снято 5 марта 2019</p>", None),
        ("<p>Event date: 5 March 2025, 10:00</p>", None),
    ],
)
def test_a_line_below_the_title_may_tell_of_the_event_as_well(line, day) -> None:
    """Told from now in the midst of words, or with what was done then."""
    assert day_of("Ferry found", line) == day
