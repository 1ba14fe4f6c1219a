"""Which dates were weighed when a page was read, and which of them lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from db.model import UNKNOWN_DATELINE, Basis, Candidate, Dateline, Precision
from spiders.blocks import Page
from spiders.registry import default_source, site
from spiders.site import Card
from spiders.weighed import lost, why_not, with_dates

SEEN = datetime(2025, 12, 20, 9, tzinfo=UTC)
PAGE = """<html><head><meta property="article:published_time" content="2025-12-19T10:00:00Z"></head>
<body><p>© 2025 Desk, 1 January 2025</p><h1>Council meets in Minsk</h1><p>18 December 2025</p>
<p>{}</p></body></html>""".format(
    "The Council met in Minsk on Friday and told of it at length. " * 9
)


def dateline(day: int, basis: Basis = Basis.PRINTED) -> Dateline:
    """Return a day of December 2025."""
    when = datetime(2025, 12, day, tzinfo=UTC)
    return Dateline(when=when, precision=Precision.DAY, basis=basis, zone="UTC", raw=str(day))


def test_a_page_tells_what_lost_and_why() -> None:
    """The copyright's day was rejected, the printed one lost; the one taken is not among them."""
    page = Page("https://news.example/world/council-meets", PAGE)
    reading = site("listing").read(page, default_source("listing"), None, SEEN)
    assert reading.article is not None
    chosen = reading.article.dateline
    assert chosen.basis is Basis.META
    told = {one.dateline.raw: why_not(one, chosen) for one in lost(reading.candidates, chosen)}
    assert told["18 December 2025"] == "the one taken is better known"
    assert told["1 January 2025"] == "belongs to the copyright line"
    assert chosen.raw not in told


def test_what_a_sites_own_rules_do_not_weigh_is_weighed_all_the_same() -> None:
    """The card comes first; what was weighed already stays as it is."""
    page = Page("https://news.example/world/council-meets", PAGE)
    source = default_source("listing")
    reading = replace(site("listing").read(page, source, None, SEEN), candidates=())
    card = Card(url=page.url, dateline=dateline(17, Basis.LISTING))
    found = with_dates(reading, page, source, card, SEEN).candidates
    assert found[0] == Candidate(dateline=card.dateline)
    assert found[1:] == with_dates(reading, page, source, None, SEEN).candidates
    assert found[1:] == with_dates(reading, page, source, Card(url=page.url), SEEN).candidates
    done = replace(reading, candidates=found[:1])
    assert with_dates(done, page, source, card, SEEN) is done
    nothing = replace(reading, article=None)
    assert with_dates(nothing, page, source, None, SEEN).candidates


def test_each_date_that_lost_has_a_reason() -> None:
    """It was rejected, another is better known, or the rules trust none of them."""
    one = Candidate(dateline=dateline(18))
    assert why_not(replace(one, rejected="is today's"), one.dateline) == "is today's"
    assert why_not(one, replace(one.dateline, place="Minsk")) == ""
    assert why_not(one, dateline(19)) == "the one taken is better known"
    assert why_not(one, UNKNOWN_DATELINE) == "these rules do not trust it"
    assert lost((one, one, Candidate(dateline=dateline(19))), dateline(19)) == (one,)
