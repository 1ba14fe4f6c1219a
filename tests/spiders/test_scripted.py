"""R-45 at length: every kind of source against a publisher who knows all he ever published.

Bursts, pins, edits, a new order, pages of another length, links with parameters that name no
article, items without a date, items taken away: whatever he does between two visits or in the
middle of one, what is stored is what was published. Nothing here is judged, all is counted.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import ChangeKind
from db.visiting import ApiList, Source
from monitor.newsroom import scripted
from monitor.newsroom.scripted_pages import answer, canonical, shown, within
from monitor.newsroom.wire import Answer, Request, conditional, not_found
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
FIGURES = (
    "missed",
    "invented",
    "doubled",
    "false news",
    "lost news",
    "silent",
    "undated",
    "mangled",
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
class Run:
    """Visits to one publisher, and what they should have found."""

    name: str
    stage: Stage
    visitor: Visitor
    dice: random.Random
    due: set[int] = field(default_factory=set)
    beyond: set[int] = field(default_factory=set)
    out: int = 0
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def kind(self) -> str:
        """The kind of source."""
        return KINDS[self.name][0]

    def visit(self) -> Report:
        """Visit the site, and note what has to be stored by now."""
        kind, path = KINDS[self.name]
        source = Source(
            name="scripted",
            kind=kind,
            urls=(self.stage.base + path,),
            timezone="Europe/Minsk",
            pages=PAGES,
            api=API if kind == "api" else None,
        )
        self.stage.asked = 0
        before = self.stage.site
        report = self.visitor.visit(source, frozenset({f"127.0.0.1:{self.stage.port}"}))
        found = within(before, kind, PAGES) & within(self.stage.site, kind, PAGES)
        fresh = {one.number for one in before.ledger[self.out :] if not one.deleted}
        # What went by beyond the last page is told of as a gap, and may never be seen again.
        if report.gap:
            self.beyond |= fresh - found
        else:
            self.counted["silent"] += len(fresh - found)
        self.due |= found
        self.out = len(before.ledger)
        return report

    def publish(self, most: int) -> None:
        """Let time pass and things happen, sometimes in the middle of the next visit."""
        stage, visitor = self.stage, self.visitor
        visitor.now += timedelta(minutes=self.dice.choice((15, 15, 30, 60, 180, 600)))
        stage.site = scripted.between_visits(stage.site, self.dice, visitor.now, most)
        left = min(3, most - (len(stage.site.ledger) - self.out))
        if left > 0 and self.dice.random() < 1 / 4:
            since = visitor.now - timedelta(seconds=30)
            after = scripted.publish(stage.site, self.dice, left, since=since)
            stage.meanwhile = (self.dice.randint(1, 4), after)

    def told(self, publications: int) -> Counter[str]:
        """Publish so many items beside the first ones, visit, and compare store and ledger."""
        self.visit()
        while (left := STOCK + publications - len(self.stage.site.ledger)) > 0:
            self.publish(left)
            self.visit()
            self.stage.meanwhile = None
        self.visitor.now += timedelta(minutes=15)
        self.stage.site = replace(self.stage.site, polled=self.stage.site.now)
        self.visit()
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
        news = Counter(
            numbers.get(change.value.article.url or "")
            for change in store.unmatched(10**6)
            if change.value.kind is ChangeKind.NEW
        )
        for one in ledger:
            self._compare(one, stored[one.number], news[one.number])

    def _compare(self, one: scripted.Publication, articles: list[Article], news: int) -> None:
        counted = self.counted
        counted["missed"] += one.number in self.due - self.beyond and not articles
        counted["doubled"] += max(0, len(articles) - 1, news - 1)
        counted["false news"] += one.number < STOCK and news > 0
        counted["lost news"] += one.number >= STOCK and bool(articles) and not news
        told = shown(one, self.kind)
        for article in articles:
            dateline = article.dateline
            if dateline.when is None:
                counted["undated"] += bool(told)
            else:
                true = dateline.precision in told and dateline.when == one.told(dateline.precision)
                counted["invented"] += not true
            counted["mangled"] += not _is_version(one, article)


def _is_version(one: scripted.Publication, article: Article) -> bool:
    """Tell whether an item's words are those of one of its versions."""
    said = article.text.split()
    return any(
        said in ("\n".join(words).split(), f"{title}. {' '.join(words)}".split())
        and article.title == title
        for title, words in one.versions
    )


@pytest.mark.torture("R-45", short=40, long=1000)
@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_missed_and_nothing_invented(reactor, loopback, tmp_path, row, name):
    """Whatever happens to the lists: each item once, its date true or unknown, its news told."""
    dice = random.Random(f"{row.seed} {name}")  # noqa: S311 - a script, not a secret
    stage = Stage(loopback, scripted.opened(OPENED, dice, STOCK))
    stage.open()
    visitor = Visitor(reactor, tmp_path / "dateline.db", OPENED)
    counted = Run(name, stage, visitor, dice).told(row.size)
    row.count("publications", row.size)
    for figure in FIGURES:
        row.count(figure, counted[figure])
    assert not +counted
