"""A guest behaves: robots.txt, spacing, Retry-After, validators."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.visiting import State, Validator
from monitor.newsroom.wire import PLAIN, Answer, Ending, Request, text_answer
from spiders import settings
from spiders.courtesy import Refused
from spiders.courtesy_gate import Gate
from spiders.courtesy_validators import conditions, offered, still_trusted
from spiders.courtesy_wishes import LONGEST_WISH, retry_after
from tests.spiders.conftest import WatchedGate

if TYPE_CHECKING:
    from db.store import Store
    from db.visiting import Report, Source
    from monitor.newsroom.server import Loopback
    from tests.spiders.conftest import Script, Visitor

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
HUGE = "User-agent: *\nDisallow: /nothing\n" + "# padding\n" * 60_000


def _robots(text: str) -> Answer:
    return text_answer(text, PLAIN)


class Unfinished:
    """A store that no visit lives to write its report to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def finish(self, report: Report, *, next_at: datetime) -> None:  # noqa: ARG002
        """Die."""
        raise OSError("killed")


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
def test_robots_txt_means_what_rfc_9309_says(
    answer: Answer, state: State, script: Script, visitor: Visitor, source: Source
) -> None:
    """4xx and redirect loops allow, 429, 5xx and silence forbid, rules are rules up to 500 KiB."""
    if answer.ending is Ending.HANG:
        visitor.settings = {"DOWNLOAD_TIMEOUT": 0.5}
    script.reply("/robots.txt", answer)
    script.show("/list", "one")
    script.article("one")
    report = visitor.visit(source, script.allow)
    assert report.state is state, report.reason
    assert bool(script.asked("/list")) is (state is State.OK)
    assert len(script.asked("/robots.txt")) <= 6


def test_a_page_that_robots_forbids_is_kept_from_its_card(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A list that is allowed shows items whose pages are not asked for."""
    script.reply("/robots.txt", _robots("User-agent: *\nDisallow: /a/"))
    script.show("/list", "one")
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new, report.failed) == (State.FORBIDDEN_BY_ROBOTS, 1, 1)
    assert report.reason == "no article page could be had: robots.txt forbids /a/one"
    assert not script.asked("/a/one")


def test_robots_txt_is_asked_for_once_a_day(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """It is kept for 24 hours, over visits, and a change counts after that."""
    script.show("/list")
    visitor.visit(source, script.allow)
    script.reply("/robots.txt", _robots("User-agent: *\nDisallow: /"))
    visitor.now += timedelta(hours=23)
    assert visitor.visit(source, script.allow).state is State.EMPTY
    visitor.now += timedelta(hours=2)
    assert visitor.visit(source, script.allow).state is State.FORBIDDEN_BY_ROBOTS
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


def test_crawl_delay_is_kept(script: Script, visitor: Visitor, source: Source) -> None:
    """After a robots.txt with a Crawl-delay, requests keep that distance, by the gate's clock."""
    script.reply("/robots.txt", _robots("User-agent: *\nCrawl-delay: 30"))
    script.show("/list", "one", "two")
    script.article("one")
    script.article("two")
    visitor.visit(source, script.allow)
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


def test_who_would_wait_beyond_the_end_of_the_round_is_sent_away() -> None:
    """A turn that cannot come before the round ends is no reason to keep the round waiting."""

    async def scene() -> list[str]:
        gate = WatchedGate(delay=30, clock=lambda: NOW)
        gate.ends_at = NOW + timedelta(seconds=29)
        told = []
        for _ in range(2):
            try:
                async with gate.turn("host"):
                    told.append("in")
            except Refused as error:
                told.append(error.problem.reason)
        return told

    assert asyncio.run(scene()) == ["in", "asked to come back after 2026-01-05T09:00:30Z"]


def test_sources_on_one_host_share_its_spacing(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Twelve sources on a host, visited together, are one guest: requests keep their distance."""
    visitor.delay = 4
    sources = []
    for number in range(12):
        script.show(f"/list{number}", f"item{number}")
        script.article(f"item{number}")
        urls = (f"{script.base}/list{number}",)
        sources.append(replace(source, name=f"source{number}", urls=urls))
    visitor.visit_all(sources, script.allow)
    assert len(script.seen) == 25
    assert visitor.gate.gaps() == [4] * 24


@pytest.mark.parametrize(
    ("status", "wish", "pause"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, "Mon, 05 Jan 2026 10:00:00 GMT", 3600),
        (429, "soon", 600),
        (429, None, 600),
        (429, "-5", 600),
        (503, "1000000000", 86400),
        (503, "Mon, 05 Jan 2099 10:00:00 GMT", 86400),
        (429, "9" * 400, 86400),
    ],
)
def test_retry_after_is_kept_and_capped(  # noqa: PLR0913, PLR0917 - a table and three fixtures
    status: int, wish: str | None, pause: int, script: Script, visitor: Visitor, source: Source
) -> None:
    """A host that asks for a pause gets it: no retry, and no visit before the time."""
    headers = (("Retry-After", wish),) if wish else ()
    script.reply("/list", Answer(status=status, headers=headers))
    report = visitor.visit(source, script.allow)
    assert report.state is State.LATER
    assert len(script.asked("/list")) == 1
    with visitor.store() as store:
        (status_now,) = store.statuses()
    assert status_now.next_at >= visitor.now + timedelta(seconds=pause)
    assert status_now.next_at <= visitor.now + timedelta(seconds=max(pause, 900))


def test_no_request_reaches_a_host_that_asked_for_a_pause(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """The other sources of that host are told to come back later as well, unasked."""
    sources = []
    for number in range(6):
        script.reply(f"/list{number}", Answer(status=429, headers=(("Retry-After", "3600"),)))
        urls = (f"{script.base}/list{number}",)
        sources.append(replace(source, name=f"source{number}", urls=urls))
    reports = visitor.visit_all(sources, script.allow)
    happened = [what for what, _, _ in visitor.gate.log]
    assert "start" not in happened[happened.index("hold") :]
    assert len(script.seen) <= 3  # robots.txt, and two at once
    assert {report.state for report in reports} == {State.LATER}
    assert {report.reason for report in reports} == {
        "asked to come back after 2026-01-05T10:00:00Z"
    }


def test_a_pause_is_remembered_whatever_the_report_says(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A page that asks for a pause closes its host to every later visit, though the list broke."""
    twin = replace(source, name="twin", urls=(f"{script.base}/other",))
    script.show("/other", "one")
    script.reply("/list", text_answer("no", status=500))
    script.show("/first", "busy")
    script.reply("/a/busy", Answer(status=429, headers=(("Retry-After", "7200"),)))
    broken = replace(source, urls=(f"{script.base}/first", f"{script.base}/list"))
    report = visitor.visit(broken, script.allow)
    assert report.state in (State.LATER, State.ERRORING)
    script.seen.clear()
    visitor.now += timedelta(hours=1)
    for late in visitor.visit_all((twin, broken), script.allow):
        assert (late.state, late.requests) == (State.LATER, 0)
        assert late.reason == "asked to come back after 2026-01-05T11:00:00Z"
    assert not script.seen
    visitor.now += timedelta(hours=1)
    assert visitor.visit(twin, script.allow).list_read


def test_a_pause_outlives_a_visit_that_left_no_report(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """The store learns of it when it is asked for, not when the visit ends."""
    script.show("/list", "busy")
    script.reply("/a/busy", Answer(status=503, headers=(("Retry-After", "7200"),)))
    visitor.memory = Unfinished
    with pytest.raises(KeyError):
        visitor.visit(source, script.allow)
    visitor.memory = lambda store: store
    script.seen.clear()
    assert visitor.visit(source, script.allow).state is State.LATER
    assert not script.seen


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0000000000000120", 120),
        ("0", None),
        ("-5", None),
        ("1000000000", 86400),
        ("9" * 5000, 86400),
        ("Mon, 05 Jan 2026 09:10:00 GMT", 600),
        ("Mon, 05 Jan 2026 09:10:00 -0000", 600),
        ("Mon, 05 Jan 2026 08:00:00 GMT", None),
        ("Mon, 05 Jan 9999 08:00:00 GMT", 86400),
        ("Mon, 05 Jan 99999999999999999999 08:00:00 GMT", None),
        ("soon", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_wish_within_reason(header: str | None, seconds: int | None) -> None:
    """Seconds and dates are kept up to 24 hours; junk and the past are no wish."""
    wish = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(header, NOW) == wish


@given(st.text(max_size=40) | st.datetimes().map(format_datetime))
def test_any_retry_after_is_a_pause_of_at_most_a_day_or_none(value: str) -> None:
    """Whatever a server writes there, a pause is positive and bounded."""
    pause = retry_after(value, NOW)
    assert pause is None or timedelta(0) < pause <= LONGEST_WISH


def test_the_gate_lets_two_in_and_refuses_the_held() -> None:
    """Two at once per host; whoever waits while the host asks for a pause is turned away."""

    async def scene() -> list[str]:
        gate = Gate(delay=0.0, clock=lambda: NOW)
        log: list[str] = []
        leave = asyncio.Event()

        async def guest(name: str) -> None:
            try:
                async with gate.turn("host"):
                    log.append(f"{name} in")
                    await leave.wait()
            except Refused as error:
                log.append(f"{name} {error.problem.state}")

        guests = [asyncio.create_task(guest(name)) for name in "abc"]
        await asyncio.sleep(0)
        async with gate.turn("elsewhere"):
            log.append("elsewhere in")
        gate.hold("host", NOW + timedelta(seconds=1))
        gate.hold("host", NOW)
        leave.set()
        await asyncio.gather(*guests)
        return log

    assert asyncio.run(scene()) == ["a in", "b in", "elsewhere in", "c later"]


def test_scrapy_sends_as_many_to_a_host_as_its_gate_lets_in() -> None:
    """Two requests to one host at a time, started a delay apart."""
    gate = Gate(delay=0.0, clock=lambda: NOW)
    assert gate.places == settings.CONCURRENT_REQUESTS_PER_DOMAIN == 2


def test_the_gate_spaces_by_its_own_clock() -> None:
    """Starts keep their distance even if each turn ends at once; a Crawl-delay widens it."""

    async def scene() -> list[float]:
        gate = WatchedGate(delay=2, clock=lambda: NOW)
        for number in range(4):
            async with gate.turn("host"):
                pass
            if number == 1:
                gate.slow_down("host", 6)
                gate.slow_down("host", 1)
        return gate.gaps()

    assert asyncio.run(scene()) == [2, 6, 6]


def test_a_crawl_delay_holds_for_who_waits_already() -> None:
    """Whoever stood at the door when the delay grew waits for the longer one."""

    async def scene() -> list[float]:
        gate = WatchedGate(delay=2, clock=lambda: NOW)
        async with gate.turn("host"):
            waits = asyncio.create_task(gate.turn("host").__aenter__())
            await asyncio.sleep(0)
            assert gate.seconds == 1002
            gate.slow_down("host", 10)
        await waits
        return gate.gaps()

    assert asyncio.run(scene()) == [10]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 9), st.floats(0, 20)), max_size=20))
def test_no_request_starts_before_its_time(guests: list[tuple[str, float, float]]) -> None:
    """Whoever comes when and stays how long: two starts at a host are a delay apart."""

    async def scene() -> dict[str, list[float]]:
        gate = WatchedGate(delay=5, clock=lambda: NOW)

        async def guest(host: str, after: float, stays: float) -> None:
            gate.seconds += after
            async with gate.turn(host):
                gate.seconds += stays
                await asyncio.sleep(0)

        await asyncio.gather(*(guest(*one) for one in guests))
        starts: dict[str, list[float]] = {}
        for _, host, at in gate.log:
            starts.setdefault(host, []).append(at)
        return starts

    for starts in asyncio.run(scene()).values():
        assert all(later >= earlier + 5 for earlier, later in pairwise(starts))


def test_the_gate_s_real_clock_keeps_the_distance() -> None:
    """Outside tests a second is a second: by the readings it took, no start comes early."""
    read: list[float] = []

    def tick() -> float:
        read.append(monotonic())
        return read[-1]

    async def scene() -> list[float]:
        gate = Gate(delay=0.02, clock=lambda: NOW, tick=tick)
        starts = []
        for _ in range(3):
            async with gate.turn("host"):
                starts.append(read[-1])
        return starts

    assert all(later >= earlier + 0.02 for earlier, later in pairwise(asyncio.run(scene())))


@pytest.mark.parametrize("etag", ['W/"weak"', '"strong"', "unquoted", '"with, comma"'])
def test_an_etag_is_sent_back_as_it_came(
    etag: str, script: Script, visitor: Visitor, source: Source
) -> None:
    """Weak, strong and malformed tags are the server's own business."""
    script.show("/list", "one")
    script.article("one")
    page = script.replies["/list"]

    def tagged(request: Request) -> Answer:
        assert callable(page)
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304)
        plain = replace(request, headers={})
        return replace(page(plain), headers=(("ETag", etag),))

    script.reply("/list", tagged)
    visitor.visit(source, script.allow)
    assert visitor.visit(source, script.allow).state is State.UNCHANGED


def test_a_new_tag_on_the_same_words_stores_nothing(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A page whose tag changes while its words do not is no edit."""
    script.show("/list", "one")
    script.article("one")
    visitor.visit(source, script.allow)
    page = script.replies["/a/one"]
    script.reply(
        "/a/one",
        lambda request: replace(page(replace(request, headers={})), headers=(("ETag", '"2"'),)),
    )
    visitor.now += timedelta(hours=11)
    report = visitor.visit(source, script.allow)
    assert (report.read, report.edited, report.new) == (1, 0, 0)


def test_a_304_nobody_asked_for_is_no_confirmation(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A 304 to an unconditional request says nothing; the source is not fine for it."""
    script.reply("/list", Answer(status=304))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.list_read) == (State.ERRORING, False)


def test_a_list_is_read_in_full_every_twelve_hours(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A server whose validators lie is believed for half a day."""
    script.show("/list", "one")
    script.article("one")
    script.article("two")
    visitor.visit(source, script.allow)
    script.show("/list", "two", "one")
    honest = script.replies["/list"]

    def lying(request: Request) -> Answer:
        assert callable(honest)
        return Answer(status=304) if "if-none-match" in request.headers else honest(request)

    script.reply("/list", lying)
    visitor.now += timedelta(hours=6)
    assert visitor.visit(source, script.allow).new == 0
    visitor.now += timedelta(hours=6)
    assert visitor.visit(source, script.allow).new == 1


def test_validators_that_cannot_be_sent_back_are_not_kept() -> None:
    """Control characters and megabytes do not become request headers; the clock may be wrong."""
    assert offered({"etag": '"a\x01"', "last-modified": ""}, "u", NOW) is None
    assert offered({"etag": '"' + "a" * 2000 + '"'}, "u", NOW) is None
    kept = offered({"etag": ' "a" ', "last-modified": "yesterday"}, "u", NOW)
    assert kept == Validator(url="u", etag='"a"', last_modified="yesterday", stored_at=NOW)
    assert conditions(kept) == {"If-None-Match": '"a"', "If-Modified-Since": "yesterday"}
    assert conditions(None) == {}
    assert still_trusted(kept, NOW - timedelta(hours=1)) is None
