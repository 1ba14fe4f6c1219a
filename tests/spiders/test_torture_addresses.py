"""R-22: a private place, every way we know to name it, and every way to be sent there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from db.errors import DeliveryError
from db.model import Article, ChangeKind, Entry, TextBasis, TitleBasis
from db.telling import Alert
from db.visiting import Source, State
from monitor.channels.webhook import Webhook
from monitor.config import WebhookChannel
from monitor.message import render
from monitor.newsroom.wire import PLAIN, Answer, text_answer
from spiders.courtesy_resolver import GuardedResolver
from tests.sinks import Sink
from tests.spiders.test_addresses import DISGUISES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.visiting import Report
    from monitor.newsroom.server import Loopback
    from tests.rows import Row
    from tests.spiders.conftest import Script, Visitor

OTHERS = (
    "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "100.64.0.1", "169.254.169.254",
    "224.0.0.1", "0.0.0.0", "[ff02::1]", "[fe80::1]",
)  # fmt: skip
HOSTS = (*DISGUISES, *OTHERS)
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Open a private place."""
    with Sink() as opened:
        yield opened


def _nobody_came(sink: Sink, row: Row) -> None:
    came = sink.came()
    row.count("spellings", len(HOSTS))
    row.count("connections to the private sink", came)
    assert came == 0


@pytest.mark.torture("R-22")
def test_the_sink_would_see_a_visitor(row: Row) -> None:
    """What counts the connections counts one that is made."""
    with Sink() as sink:
        asyncio.run(_knock(sink.port))
        row.count("connections made to prove it", sink.came())
    assert row.figures["connections made to prove it"][1] == 1


async def _knock(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await writer.wait_closed()


@pytest.mark.torture("R-22")
def test_no_source_is_a_private_address(visitor: Visitor, sink: Sink, row: Row) -> None:
    """As a source's own address, every spelling is refused before anybody connects."""
    sources = [
        Source(name=f"s{n}", kind="plain", urls=(f"http://{host}:{sink.port}/list",))
        for n, host in enumerate(HOSTS)
    ]
    _all_refused(visitor.visit_all(sources, frozenset()))
    _nobody_came(sink, row)


@pytest.mark.torture("R-22")
def test_no_redirect_leads_to_a_private_address(
    script: Script, visitor: Visitor, sink: Sink, row: Row
) -> None:
    """A public source that sends us there is refused there."""
    sources = []
    for number, host in enumerate(HOSTS):
        where = f"http://{host}:{sink.port}/secret"
        script.reply(f"/list{number}", Answer(status=302, headers=(("Location", where),)))
        url = f"{script.base}/list{number}"
        sources.append(Source(name=f"s{number}", kind="plain", urls=(url,)))
    _all_refused(visitor.visit_all(sources, script.allow))
    _nobody_came(sink, row)


@pytest.mark.torture("R-22")
def test_no_robots_txt_leads_to_a_private_address(
    loopback: Loopback, visitor: Visitor, sink: Sink, row: Row
) -> None:
    """A robots.txt that redirects there is not followed, however its host is judged for that."""
    sources = []
    for number, host in enumerate(HOSTS):
        where = f"http://{host}:{sink.port}/robots.txt"
        away = Answer(status=301, headers=(("Location", where),))
        port = loopback.listen_http("astray", lambda _, answer=away: answer)
        url = f"http://127.0.0.1:{port}/list"
        sources.append(Source(name=f"s{number}", kind="plain", urls=(url,)))
    allow = frozenset(source.urls[0].split("/")[2] for source in sources)
    for report in visitor.visit_all(sources, allow):
        assert not report.state.is_fine
    _nobody_came(sink, row)


@pytest.mark.torture("R-22")
def test_no_sitemap_leads_to_a_private_address(
    script: Script, visitor: Visitor, sink: Sink, row: Row
) -> None:
    """Neither the maps nor the pages it names are asked for, nor the `Sitemap:` of a robots.txt."""
    script.reply(
        "/robots.txt", text_answer(f"Sitemap: http://127.0.0.1:{sink.port}/map.xml\n", PLAIN)
    )
    sources = []
    for number, host in enumerate(HOSTS):
        there = f"http://{host}:{sink.port}"
        maps = f"<sitemapindex><sitemap><loc>{there}/map.xml</loc></sitemap></sitemapindex>"
        urls = f"<urlset><url><loc>{there}/news/a-page-of-news</loc></url></urlset>"
        for name, body in (("index", maps), ("pages", urls)):
            script.reply(f"/{name}{number}.xml", text_answer(body, "application/xml"))
            url = f"{script.base}/{name}{number}.xml"
            sources.append(Source(name=f"{name}{number}", kind="sitemap", urls=(url,)))
    for report in visitor.visit_all(sources, script.allow):
        assert report.new == report.read == 0
    _nobody_came(sink, row)


@pytest.mark.torture("R-22")
def test_no_webhook_is_a_private_address(sink: Sink, row: Row) -> None:
    """By https or not: a channel that would post there fails with a reason, and posts nothing."""
    for host in HOSTS:
        for scheme in ("http", "https"):
            settings = WebhookChannel(name="hook", url=f"{scheme}://{host}:{sink.port}/in")
            channel = Webhook(settings, clock=lambda: NOW, allow=frozenset())
            with pytest.raises(DeliveryError):
                asyncio.run(channel.send(render(_alert()), "alert_1"))
    _nobody_came(sink, row)


@pytest.mark.torture("R-22")
def test_a_webhook_that_redirects_is_not_followed(loopback: Loopback, sink: Sink, row: Row) -> None:
    """An allowed receiver cannot send us on."""
    for host in HOSTS:
        where = (("Location", f"http://{host}:{sink.port}/in"),)
        port = loopback.listen_http(
            "hook", lambda _, where=where: Answer(status=307, headers=where)
        )
        settings = WebhookChannel(name="hook", url=f"http://127.0.0.1:{port}/in")
        channel = Webhook(settings, clock=lambda: NOW, allow=frozenset({f"127.0.0.1:{port}"}))
        with suppress(DeliveryError):
            asyncio.run(channel.send(render(_alert()), "alert_1"))
    _nobody_came(sink, row)


@pytest.mark.torture("R-22")
def test_a_name_is_judged_again_whenever_it_is_resolved(row: Row, visitor: Visitor) -> None:
    """DNS rebinding: what a name led to before says nothing for where it leads now."""
    guard = GuardedResolver(visitor.reactor.reactor, frozenset())
    answers = ("93.184.215.14", "127.0.0.1", "93.184.215.14", "::1", "10.0.0.7")
    judged = [guard.judge("rebind.example", 80, address) for address in answers]
    row.count("rebound names let through", sum(judged) - 2)
    assert judged == [True, False, True, False, False]


def _all_refused(reports: tuple[Report, ...]) -> None:
    assert {report.state for report in reports} == {State.BLOCKED_ADDRESS}


def _alert() -> Alert:
    article = Article(
        url="https://e.test/a",
        source="s",
        title="Title",
        title_basis=TitleBasis.PAGE,
        text="Words.",
        text_basis=TextBasis.PAGE,
    )
    entry = Entry(
        article=article, feed_id="tag:e.test,2026:1", first_seen=NOW, changed_at=NOW, edits=0
    )
    return Alert(
        key="alert_1",
        watch="w",
        channel="hook",
        query="title",
        kind=ChangeKind.NEW,
        entry=entry,
        fields=(),
        passages=(),
        created_at=NOW,
    )
