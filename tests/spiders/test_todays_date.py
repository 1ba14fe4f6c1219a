"""The day of the visit in a page's header, and other dates that are nobody's."""

from __future__ import annotations

import pytest

from tests.spiders.test_page_dates import TEXT, TITLE, article, day_of, verdict

TODAYS = [
    "<div class=bar>21 November 2026 | USD 12.4</div>",
    "<p>21 November 2026 <a href=/in>Log in</a></p><ul><li><a href=/p>Here</a><li><a href=/e>All</a></ul>",
    "<div class=header-date>21.11.2026</div>",
    "<div>Today: 21 November 2026</div>",
    "<div>Sat 21 Nov 2026</div>",
    "<div>21 November 2026, 08:20</div>",
    "<div>21 ноября 2026 г.   USD 81,2</div>",
    "<div>21-ноябрь 2026-ж.</div>",
    "<div>21 қараша 2026 жыл</div>",
    "<div>21 лістапада 2026 г.</div>",
    "<header><span class=date>21.11.2026</span></header>",
]


@pytest.mark.parametrize("today", TODAYS)
@pytest.mark.parametrize(
    "around",
    ["{0}{1}", "<div id=all>{0}{1}</div>", "<div id=all>{0}{1}</div><footer>The Bay</footer>"],
)
def test_today_s_date_above_the_title_yields_to_the_article_s_own(today: str, around: str) -> None:
    """However the header writes it, and whatever holds both."""
    own = f"<h1>{TITLE}</h1><div class=dt>20.11.2026 13:36</div><div>{TEXT}</div>"
    assert day_of(around.format(today, own)) == "2026-11-20"


@pytest.mark.parametrize("today", TODAYS)
@pytest.mark.parametrize("around", ["{0}{1}", "<div id=all>{0}{1}</div>"])
def test_today_s_date_above_the_title_dates_nothing(today: str, around: str) -> None:
    """Without a date of its own an article has none; tomorrow the header would tell another."""
    assert day_of(around.format(today, f"<h1>{TITLE}</h1><div>{TEXT}</div>")) is None


@pytest.mark.parametrize(
    "given",
    [
        "<nav><a href=/>Home</a></nav><article>{0}</article>",
        "<article>{0}</article>",
        "<nav><a href=/>Home</a></nav><div class=news><div class=date>{0}</div></div>",
        "<ul><li><a href=/>Home</a></ul><div>{0}</div><footer>The Bay</footer>",
    ],
)
def test_what_stands_with_the_title_apart_from_the_page_is_the_article_s(given: str) -> None:
    """An article of today that prints its day above its title."""
    own = f"<p>21 November 2026</p><h1>{TITLE}</h1>{TEXT}"
    assert day_of(given.format(own)) == "2026-11-21"


def test_an_older_day_above_the_title_is_the_article_s_wherever_it_stands() -> None:
    """No header tells it."""
    assert day_of(f"<p>12 March 2026</p><h1>{TITLE}</h1>{TEXT}") == "2026-03-12"


@pytest.mark.parametrize(
    "zero", ["1970-01-01", "1970-01-01T00:00:00Z", "1970-01-01T03:00:00+03:00"]
)
def test_the_zero_of_clocks_is_no_date(zero: str) -> None:
    """A machine writes it that has none; the printed line has one."""
    head = f'<meta property="article:published_time" content="{zero}">'
    found = verdict(article("<p>12 March 2026</p>"), head)
    assert found.dateline.raw == "12 March 2026"
    assert found.candidates[0].rejected == "is the zero of clocks"
