"""A guest behaves: robots.txt and Crawl-delay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.visiting import State
from monitor.newsroom.wire import PLAIN, Answer, Ending, Request, text_answer

if TYPE_CHECKING:
    from db.visiting import Source
    from monitor.newsroom.server import Loopback
    from tests.rows import Row
    from tests.spiders.conftest import Script, Visitor

HUGE = "User-agent: *\nDisallow: /nothing\n" + "# padding\n" * 60_000


def _robots(text: str) -> Answer:
    return text_answer(text, PLAIN)


@pytest.mark.torture("R-23")
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (text_answer("no", PLAIN, 404), State.OK),
        (text_answer("no", PLAIN, 401), State.OK),
        (text_answer("no", PLAIN, 403), State.OK),
        (text_answer("User-agent: *\nAllow: /", PLAIN, 500), State.ERRORING),
        (text_answer("User-agent: *\nAllow: /", PLAIN, 503), State.ERRORING),
        (text_answer("slow down", PLAIN, 429), State.LATER),
        (Answer(status=0, raw=b"", ending=Ending.HANG), State.UNREACHABLE),
        (Answer(status=0, raw=b"", ending=Ending.RESET), State.UNREACHABLE),
        (text_answer("<html><p>Disallow: /</p></html>"), State.OK),
        (_robots(HUGE), State.OK),
        (_robots(HUGE + "Disallow: /list\n"), State.OK),
        (_robots("User-agent: *\nDisallow: /"), State.FORBIDDEN_BY_ROBOTS),
        (_robots("User-agent: dateline\nDisallow: /li*\n\nUser-agent: *\nAllow: /"),
         State.FORBIDDEN_BY_ROBOTS),
        (_robots("User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /x"), State.OK),
        (_robots("Disallow: /\nUser-agent: *\nAllow: /list\nDisallow: /l\nAllow: /a"), State.OK),
        (Answer(status=301, headers=(("Location", "/robots.txt"),)), State.OK),
    ],
)  # fmt: skip
def test_robots_txt_means_what_rfc_9309_says(  # noqa: PLR0913, PLR0917 - a table and four fixtures
    answer: Answer, state: State, script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """4xx and redirect loops allow, 429, 5xx and silence forbid, rules are rules up to 500 KiB."""
    if answer.ending is Ending.HANG:
        visitor.settings = {"DOWNLOAD_TIMEOUT": 0.5}
    script.reply("/robots.txt", answer)
    script.show("/list", "one")
    script.article("one")
    report = visitor.visit(source, script.allow)
    pages = len(script.asked("/list")) + len(script.asked("/a/one"))
    row.count("pages asked for where allowed", pages if state is State.OK else 0)
    row.count("pages asked for where denied", 0 if state is State.OK else pages)
    assert report.state is state, report.reason
    assert bool(pages) is (state is State.OK)
    assert len(script.asked("/robots.txt")) <= 6


@pytest.mark.torture("R-23")
def test_a_page_that_robots_forbids_is_kept_from_its_card(
    script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """A list that is allowed shows items whose pages are not asked for."""
    script.reply("/robots.txt", _robots("User-agent: *\nDisallow: /a/"))
    script.show("/list", "one")
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new, report.failed) == (State.FORBIDDEN_BY_ROBOTS, 1, 1)
    told = "1 of 1 article pages could not be had: robots.txt forbids /a/one"
    assert report.reason == told
    row.count("pages asked for where denied", len(script.asked("/a/one")))
    assert not script.asked("/a/one")


@pytest.mark.torture("R-23")
def test_robots_txt_is_asked_for_once_a_day(
    script: Script, visitor: Visitor, source: Source, row: Row
) -> None:
    """It is kept for 24 hours, over visits, and a change counts after that."""
    script.show("/list")
    visitor.visit(source, script.allow)
    script.reply("/robots.txt", _robots("User-agent: *\nDisallow: /"))
    visitor.now += timedelta(hours=23)
    assert visitor.visit(source, script.allow).state is State.EMPTY
    visitor.now += timedelta(hours=2)
    assert visitor.visit(source, script.allow).state is State.FORBIDDEN_BY_ROBOTS
    row.count("requests for robots.txt in 25 hours", len(script.asked("/robots.txt")))
    row.count("lists asked for after it changed", len(script.asked("/list")) - 2)
    assert len(script.asked("/robots.txt")) == 2


def test_an_old_copy_serves_while_robots_txt_cannot_be_had(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """RFC 9309 §2.4: a copy may be used beyond its day if the host gives no other."""
    script.show("/list")
    visitor.visit(source, script.allow)
    script.reply("/robots.txt", text_answer("oops", PLAIN, 500))
    visitor.now += timedelta(days=3)
    assert visitor.visit(source, script.allow).state is State.EMPTY
    visitor.now += timedelta(days=60)
    assert visitor.visit(source, script.allow).state is State.ERRORING


def test_the_host_a_redirect_leads_to_is_asked_for_its_own_rules(
    script: Script, visitor: Visitor, source: Source, loopback: Loopback
) -> None:
    """Permission on one host is none on another."""
    asked = []

    def other(request: Request) -> Answer:
        asked.append(request.path)
        return _robots("User-agent: *\nDisallow: /")

    port = loopback.listen_http("other", other)
    where = f"http://127.0.0.1:{port}/list"
    script.reply("/list", Answer(status=302, headers=(("Location", where),)))
    report = visitor.visit(source, script.allow | {f"127.0.0.1:{port}"})
    assert (report.state, asked) == (State.FORBIDDEN_BY_ROBOTS, ["/robots.txt"])


@pytest.mark.torture("R-23")
def test_crawl_delay_is_kept(script: Script, visitor: Visitor, source: Source, row: Row) -> None:
    """After a robots.txt with a Crawl-delay, requests keep that distance, by the gate's clock."""
    script.reply("/robots.txt", _robots("User-agent: *\nCrawl-delay: 30"))
    script.show("/list", "one", "two")
    script.article("one")
    script.article("two")
    visitor.visit(source, script.allow)
    row.span("s between requests, Crawl-delay 30", *visitor.gate.gaps())
    assert len(script.seen) == 4
    assert visitor.gate.gaps() == [30, 30, 30]


@pytest.mark.parametrize("delay", ["61", "100000", "1e300"])
def test_a_crawl_delay_beyond_a_round_ends_the_visit_and_not_the_round(
    delay: str, script: Script, visitor: Visitor, source: Source
) -> None:
    """One request a visit is made, nobody waits, and the host is left alone for that long."""
    script.reply("/robots.txt", _robots(f"User-agent: *\nCrawl-delay: {delay}"))
    script.show("/list", "one", "two")
    script.article("one")
    script.article("two")
    report = visitor.visit(source, script.allow)
    assert [seen.path for seen in script.seen] == ["/robots.txt", "/list"]
    assert visitor.gate.gaps() == [0]
    assert (report.state, report.new) == (State.LATER, 2)
    wish = min(float(delay), timedelta(days=7).total_seconds())
    with visitor.store() as store:
        (status,) = store.statuses()
    assert status.next_at >= visitor.now + timedelta(seconds=wish)
    early = visitor.visit(source, script.allow)
    assert (early.state, early.requests) == (State.LATER, 0)
    visitor.now += timedelta(seconds=wish)
    script.show("/list", "three")
    assert visitor.visit(source, script.allow).new == 1
