"""R-45 at length: every kind of source against a publisher who knows all he ever published.

Bursts, pins, edits, a new order, pages of another length, links with parameters that name no
article, items without a date, items taken away: whatever he does between two visits or in the
middle of one, what is stored is what was published, also where several sources show the same
items, each in its own way and time. Nothing here is judged, all is counted.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import ChangeKind
from db.telling import Watch
from db.visiting import ApiList, Source
from monitor.newsroom import scripted
from monitor.newsroom.scripted_pages import answer, canonical, shown, within
from monitor.newsroom.wire import Answer, Request, conditional, not_found
from monitor.rules import Rules
from monitor.watch import match_all
from tests.spiders.conftest import Visitor

if TYPE_CHECKING:
    from db.model import Article
    from db.store import Store
    from db.visiting import Report
    from monitor.newsroom.server import Loopback

OPENED = datetime(2026, 1, 5, 9, tzinfo=UTC)
LONG_AGO = datetime(2025, 1, 2, tzinfo=UTC)
STOCK = 30
PAGES = 4
FEW = 5  # items published between the first visits of two sources
API = ApiList(items="rows", link="href", title="headline", date="published", summary="lead",
              method="POST", body='{"after": 0}', cursor="meta.next", cursor_to="after")  # fmt: skip
KINDS = {
    "rss": ("feed", "/feed.rss"),
    "atom": ("feed", "/feed.atom"),
    "json": ("feed", "/feed.json"),
    "sitemap": ("sitemap", "/sitemap.xml"),
    "listing": ("listing", "/news/"),
    "telegram": ("telegram", "/s/scripted"),
    "api": ("api", "/api/list"),
}
MIXED = (("rss", "sitemap", "listing"), ("listing", "atom"), ("api", "json", "sitemap"))
FIGURES = (
    "missed",
    "invented",
    "doubled",
    "false news",
    "lost news",
    "silent",
    "undated",
    "mangled",
    "edits twice",
    "alerts lost",
    "alerts twice",
)


@dataclass(slots=True)
class Stage:
    """The publisher on a port. In the middle of a visit, `meanwhile` happens once."""

    loopback: Loopback
    site: scripted.Scripted
    port: int = 0
    asked: int = 0
    meanwhile: tuple[int, scripted.Scripted] | None = None

    def open(self) -> None:
        """Listen on a free port."""
        self.port = self.loopback.listen_http("scripted", self._respond)

    @property
    def base(self) -> str:
        """The site's origin."""
        return f"http://127.0.0.1:{self.port}"

    def _respond(self, request: Request) -> Answer:
        self.asked += 1
        if self.meanwhile and self.asked > self.meanwhile[0]:
            self.site, self.meanwhile = self.meanwhile[1], None
        found = answer(request, self.site, self.base) or not_found()
        return conditional(request, found, LONG_AGO)


@dataclass(slots=True)
class Way:
    """One source that shows the publisher's items: what it had to find, and what went by.

    `out` is how many items were out when it was visited last, `old` those of its baseline.
    """

    name: str
    due: set[int] = field(default_factory=set)
    beyond: set[int] = field(default_factory=set)
    out: int = 0
    old: int = 0

    @property
    def kind(self) -> str:
        """The kind of source."""
        return KINDS[self.name][0]

    def source(self, base: str) -> Source:
        """Return the source as a config has it."""
        return Source(
            name=self.name,
            kind=self.kind,
            urls=(base + KINDS[self.name][1],),
            timezone="Europe/Minsk",
            pages=PAGES,
            api=API if self.kind == "api" else None,
        )

    def visited(self, report: Report, before: scripted.Scripted, after: scripted.Scripted) -> int:
        """Note what has to be stored by now; return how many items went by in silence."""
        found = within(before, self.kind, PAGES) & within(after, self.kind, PAGES)
        fresh = {one.number for one in before.ledger[self.out :] if not one.deleted}
        # What went by beyond the last page is told of as a gap, and may never be seen again.
        if report.gap:
            self.beyond |= fresh - found
        self.due |= found
        self.out = len(before.ledger)
        self.old = self.old or len(after.ledger)
        return 0 if report.gap else len(fresh - found)

    def has_to_have(self, number: int) -> bool:
        """Tell whether an item has to be stored because of this source."""
        return number in self.due - self.beyond


@dataclass(slots=True)
class Run:
    """Visits to one publisher by some ways, and what they should have found."""

    ways: tuple[Way, ...]
    stage: Stage
    visitor: Visitor
    dice: random.Random
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def kind(self) -> str:
        """A kind of source: all ways of a run know an item by the same address."""
        return self.ways[0].kind

    @property
    def watched(self) -> dict[str, tuple[str, ...]]:
        """The sources that each watch names: all, two of them, one. One source needs none."""
        if len(self.ways) == 1:
            return {}
        names = tuple(way.name for way in self.ways)
        return {"any": (), "two": names[:2], **{name: (name,) for name in names}}

    def visit(self, *ways: Way) -> None:
        """Visit the site by some ways at the same time, and look at what is new."""
        stage = self.stage
        stage.asked = 0
        before = stage.site
        sources = [way.source(stage.base) for way in ways]
        reports = self.visitor.visit_all(sources, frozenset({f"127.0.0.1:{stage.port}"}))
        for way, report in zip(ways, reports, strict=True):
            self.counted["silent"] += way.visited(report, before, stage.site)
        stage.meanwhile = None
        if self.watched:
            rules = Rules.compile(
                Watch(name=name, query="report", channels=("desk",), sources=sources)
                for name, sources in self.watched.items()
            )
            with self.visitor.store() as store:
                match_all(store, rules, self.visitor.now)

    def publish(self, most: int) -> None:
        """Let time pass and things happen, sometimes in the middle of the next visit."""
        stage, visitor, out = self.stage, self.visitor, len(self.stage.site.ledger)
        visitor.now += timedelta(minutes=self.dice.choice((15, 15, 30, 60, 180, 600)))
        stage.site = scripted.between_visits(stage.site, self.dice, visitor.now, most)
        left = min(3, most - (len(stage.site.ledger) - out))
        if left > 0 and self.dice.random() < 1 / 4:
            since = visitor.now - timedelta(seconds=30)
            after = scripted.publish(stage.site, self.dice, left, since=since)
            stage.meanwhile = (self.dice.randint(1, 4), after)

    def told(self, publications: int) -> Counter[str]:
        """Publish so many items beside the first ones, visit, and compare store and ledger."""
        for way in self.ways:  # one after the other, so that each has the first items as old ones
            self.visit(way)
            self.publish(FEW)
            self.stage.meanwhile = None
        while (left := STOCK + publications - len(self.stage.site.ledger)) > 0:
            self.publish(left)
            self.visit(*self.dice.sample(self.ways, self.dice.randint(1, len(self.ways))))
        self.visitor.now += timedelta(minutes=15)
        self.stage.site = replace(self.stage.site, polled=self.stage.site.now)
        self.visit(*self.ways)
        with self.visitor.store() as store:
            self.compare(store)
        return self.counted

    def compare(self, store: Store) -> None:
        """Count what differs between store and ledger."""
        ledger = self.stage.site.ledger
        stored: dict[int, list[Article]] = {one.number: [] for one in ledger}
        numbers = {canonical(one, self.kind, self.stage.base): one.number for one in ledger}
        for row in store.search(None, limit=10**6):
            article = row.value.article
            if article.url in numbers:
                stored[numbers[article.url]].append(article)
            else:
                self.counted["invented"] += 1
        changes = Counter(
            (numbers.get(found.article.url or ""), found.kind, found.again)
            for found in (change.value for change in store.changes(10**6))
            if found.sources
        )
        alerts = Counter(
            (numbers.get(alert.entry.article.url or ""), alert.watch)
            for alert in (record.value.alert for record in store.alerts(limit=10**6))
        )
        for one in ledger:
            news = changes[one.number, ChangeKind.NEW, False]
            self._compare(one, stored[one.number], news)
            edits = changes[one.number, ChangeKind.EDITED, False]
            self.counted["edits twice"] += max(0, edits - len(one.versions) + 1)
            self._compare_alerts(one, alerts)

    def _compare(self, one: scripted.Publication, articles: list[Article], news: int) -> None:
        counted = self.counted
        counted["missed"] += any(way.has_to_have(one.number) for way in self.ways) and not articles
        counted["doubled"] += max(0, len(articles) - 1, news - 1)
        counted["false news"] += one.number < STOCK and news > 0
        counted["lost news"] += one.number >= self.ways[-1].old and bool(articles) and not news
        told = shown(one, self.kind)
        for article in articles:
            dateline = article.dateline
            if dateline.when is None:
                counted["undated"] += bool(told)
            else:
                true = dateline.precision in told and dateline.when == one.told(dateline.precision)
                counted["invented"] += not true
            counted["mangled"] += not _is_version(one, article)

    def _compare_alerts(
        self, one: scripted.Publication, alerts: Counter[tuple[int | None, str]]
    ) -> None:
        """Count what a watch should have told of and did not, or told of twice."""
        for watch, named in self.watched.items():
            ways = (way for way in self.ways if way.name in named or not named)
            due = any(way.has_to_have(one.number) and one.number >= way.old for way in ways)
            self.counted["alerts lost"] += due and not alerts[one.number, watch]
            self.counted["alerts twice"] += max(0, alerts[one.number, watch] - 1)


def _is_version(one: scripted.Publication, article: Article) -> bool:
    """Tell whether an item's words are those of one of its versions."""
    said = article.text.split()
    return any(
        said in ("\n".join(words).split(), f"{title}. {' '.join(words)}".split())
        and article.title == title
        for title, words in one.versions
    )


@pytest.mark.torture("R-45", short=40, long=1000)
@pytest.mark.parametrize("names", [*((name,) for name in KINDS), *MIXED], ids="+".join)
def test_nothing_is_missed_and_nothing_invented(reactor, loopback, tmp_path, row, names):
    """Whatever happens to the lists: each item once, its date true or unknown, its news told."""
    # A script, not a secret.
    dice = random.Random(f"{row.seed} {'+'.join(names)}")  # noqa: S311
    stage = Stage(loopback, scripted.opened(OPENED, dice, STOCK))
    stage.open()
    visitor = Visitor(reactor, tmp_path / "dateline.db", OPENED)
    counted = Run(tuple(map(Way, names)), stage, visitor, dice).told(row.size)
    row.count("publications", row.size)
    for figure in FIGURES:
        row.count(figure, counted[figure])
    assert not +counted
