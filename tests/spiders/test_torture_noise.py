"""R-41, R-42, R-44: dates that cannot be, first rounds, and one story on many sites."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import ChangeKind, FeedSpec
from db.visiting import Source, State
from monitor.newsroom.wire import RSS, text_answer
from tests.hostile import WORDS, feed, page
from tests.spiders.conftest import Script

if TYPE_CHECKING:
    from monitor.newsroom.server import Loopback
    from tests.rows import Row
    from tests.spiders.conftest import Visitor

pytestmark = pytest.mark.timeout(900)
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DATES = (
    "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 2099 09:00:00 GMT", "9999-12-31T23:59:59Z",
    "Mon, 05 Jan 2026 09:00:00 +1400", "Mon, 05 Jan 2026 09:00:00", "yesterday-ish", "",
    "2026-13-45T99:99:99Z", "02/01/2026", "31.02.2026", "1767603600", "-1", "0",
    "Mon, 05 Jan 2026 08:59:60 GMT", "Mon, 05 Jan 0000 09:00:00 GMT", "١٢ يناير",
)  # fmt: skip


def _item(url: str, title: str, date: str) -> str:
    return (
        f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
        f"<description>{WORDS}</description><pubDate>{date}</pubDate></item>"
    )


def _told(visitor: Visitor) -> list[str]:
    """Return the titles that watches would look at, and take them."""
    with visitor.store() as store:
        waiting = store.unmatched(10_000)
        for stored in waiting:
            store.queue(stored.id, (), visitor.now)
        return [stored.value.article.title for stored in waiting]


@pytest.mark.torture("R-41")
def test_items_are_ordered_by_when_they_were_seen(
    row: Row, script: Script, visitor: Visitor
) -> None:
    """Whatever date an item bears, it stands where it came, is told, and none is in the future."""
    source = Source(name="s", kind="feed", urls=(f"{script.base}/feed",))
    items: list[str] = []
    titles: list[str] = []
    for number, date in enumerate(("Mon, 05 Jan 2026 08:00:00 GMT", *DATES)):
        path, title = f"/news/item-{number}", f"Ministers meet for the {number} time"
        items.insert(0, _item(script.base + path, title, date))
        titles.insert(0, title)
        script.reply(path, page(title))
        body = f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'
        script.reply("/feed", text_answer(body, RSS))
        assert visitor.visit(source, script.allow).state in {State.OK, State.FIELDS_MISSING}
        visitor.now += HOUR
    with visitor.store() as store:
        entries = [stored.value for stored in store.search(None, limit=99)]
        newest = store.newest(FeedSpec(name="all", title="All", limit=99), None)
    ahead = [
        e for e in entries if (e.article.dateline.when or e.first_seen) > e.first_seen + 24 * HOUR
    ]
    missed = set(titles[:-1]) - set(_told(visitor))
    row.count("odd dates", len(DATES))
    row.count(
        "items out of order",
        sum(a != e.article.title for a, e in zip(titles, entries, strict=True)),
    )
    row.count("dates ahead of their reading", len(ahead))
    row.count("alerts missed", len(missed))
    assert [entry.article.title for entry in entries] == titles
    assert [entry.article.title for entry in newest] == titles
    assert not ahead
    assert not missed


@pytest.mark.torture("R-42", short=4, long=50)
def test_the_first_round_of_many_sources_alerts_nobody(
    row: Row, script: Script, visitor: Visitor
) -> None:
    """All that stands in their lists is stored as a baseline; what comes next is news."""
    each = 20 if row.size < 50 else 200
    sources = []
    for number in range(row.size):
        path, names = f"/list{number}", [f"s{number}-{n}" for n in range(each)]
        script.show(path, *names)
        for name in names:
            script.article(name)
        urls = (f"{script.base}{path}",)
        sources.append(Source(name=f"s{number}", kind="plain", urls=urls))
    for first in range(0, len(sources), 10):
        visitor.visit_all(sources[first : first + 10], script.allow)
    with visitor.store() as store:
        stored = store.counts().articles
    told = _told(visitor)
    row.count("sources", row.size)
    row.count("items stored", stored)
    row.count("items told of", len(told))
    assert (stored, told) == (row.size * each, [])
    script.show("/list0", "fresh")
    script.article("fresh")
    visitor.now += HOUR
    visitor.visit(sources[0], script.allow)
    assert _told(visitor) == ["Title fresh"]


EDITS = 5


@pytest.mark.torture("R-44", short=3, long=20)
def test_edits_of_a_wire_story_are_counted_on_every_site(
    row: Row, loopback: Loopback, visitor: Visitor
) -> None:
    """Five new titles under changing tracking parameters are one item and five edits a site.

    That a watch tells a story once for all sites is not looked at here: it comes with stories.
    """
    sites = [Script(loopback, NOW) for _ in range(row.size)]
    for one in sites:
        one.open()
    sources = [
        Source(name=f"site{n}", kind="feed", urls=(f"{one.base}/feed",))
        for n, one in enumerate(sites)
    ]
    allow = frozenset[str]().union(*(one.allow for one in sites))
    for poll in range(EDITS + 2):
        title = f"Ministers sign the treaty, update {poll}"
        for one in sites:
            tracked = f"{one.base}/news/treaty?utm_source=feed{poll}&amp;utm_medium=rss"
            items = {f"{one.base}/news/old": "Ministers meet"}
            one.reply("/feed", feed(items if poll == 0 else {tracked: title, **items}, NOW))
            one.reply("/news/treaty", page(title))
            one.reply("/news/old", page("Ministers meet"))
        visitor.visit_all(sources, allow)
        visitor.now += HOUR
    with visitor.store() as store:
        changes = [stored.value for stored in store.changes(10_000)]
        entries = [stored.value for stored in store.search(None, limit=999)]
    edits = [e.edits for e in entries if e.article.title != "Ministers meet"]
    row.count("sites", row.size)
    row.count("new items", sum(change.kind is ChangeKind.NEW for change in changes))
    row.count("edits counted", sum(edits))
    row.count("items made by tracking parameters", len(entries) - 2 * row.size)
    assert edits == [EDITS] * row.size
    assert sum(change.kind is ChangeKind.NEW for change in changes) == 2 * row.size
