"""Whose is a date that stands far below the title: the article's own, or another story's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders import dates, generic
from spiders.blocks import Page

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
TITLE = "Harbour gets a second crane"
TEXT = "".join(
    f"<p>Paragraph {n} tells in a sentence of usual length what the harbour wants the crane for.</p>"
    for n in range(12)
)
LINK = "<h3><a href=/o>Another story of the day</a></h3>"
TEASERS = [
    f"<div class=item>{LINK}<p class=date>12 March 2026</p></div>",
    f"<div class=item>{LINK}<p>Published 12 March 2026</p></div>",
    f"<div class=item>{LINK}<div class=info><time datetime=2026-03-12>x</time></div></div>",
    f"<div class=item><div class=top>{LINK}</div><div class=low><p class=date>12 March 2026</p></div></div>",
    "<ul><li class=item><a href=/o>Another story of the day</a><div class=date>12 March 2026</div></ul>",
    f"{LINK}<p class=date>12 March 2026</p>",
]
TALK = "<div class=one><b>Ivan</b><div class=meta>Posted 12 March 2026</div><p>Well said.</p></div>"


def day_of(body: str) -> str | None:
    page = f"<html lang=en><head><title>{TITLE}</title></head><body>{body}</body></html>"
    dateline = generic.read(Page("https://e.test/news/harbour", page), "UTC", None, SEEN)[
        1
    ].dateline
    return None if dateline.when is None else dates.local_day(dateline).isoformat()


@pytest.mark.parametrize("below", [*TEASERS, TALK])
@pytest.mark.parametrize("times", [1, 3])
def test_what_stands_behind_the_article_does_not_date_it(below: str, times: int) -> None:
    """Stories of the same day agree, and so does a reader with himself."""
    assert day_of(f"<div><h1>{TITLE}</h1>{TEXT}</div><div>{below * times}</div>") is None


SHORT = "".join(TEXT.partition("</p>")[:2]) * 2


@pytest.mark.parametrize("below", [*TEASERS, TALK])
def test_what_stands_close_behind_a_short_article_does_not_date_it(below: str) -> None:
    """Few lines of text, and another story's date is close to the title."""
    assert day_of(f"<div><h1>{TITLE}</h1>{SHORT}</div><div>{below}</div>") is None


def test_a_lead_may_stand_above_the_date_of_its_article() -> None:
    """What counts is the end of the text, not its beginning."""
    lead = SHORT.partition("</p>")[0]
    line = "<div class=info><span class=date>12 March 2026</span></div>"
    assert day_of(f"<div><h1>{TITLE}</h1>{lead}</p>{line}{LINK}{TEXT}</div>") == "2026-03-12"


@pytest.mark.parametrize("teaser", TEASERS)
@pytest.mark.parametrize("around", ["<div>{}</div>", "{}"])
def test_a_teaser_in_the_article_s_own_element_does_not_date_it(teaser: str, around: str) -> None:
    """Where a page is flat, the headline beside the date tells whose it is."""
    assert day_of(around.format(f"<h1>{TITLE}</h1>{TEXT}{teaser}")) is None


@pytest.mark.parametrize(
    "line",
    [
        "<p class=date>12 March 2026</p>",
        "<div class=foot><div class=date>12 March 2026</div></div>",
        "<div class=foot><p>Published 12 March 2026</p><a href=/t>Ports</a></div>",
        f"<p class=date>12 March 2026</p>{LINK}",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "<div><h1>{0}</h1>{1}{2}</div>",
        "<article><h1>{0}</h1><div>{1}</div>{2}</article>",
        "<h1>{0}</h1><div>{1}</div>{2}",
        "<h1>{0}</h1>{1}{2}",
    ],
)
def test_a_line_that_ends_the_article_dates_it(line: str, around: str) -> None:
    """In the element that holds title and text it says when the article appeared."""
    assert day_of(around.format(TITLE, TEXT, line)) == "2026-03-12"
