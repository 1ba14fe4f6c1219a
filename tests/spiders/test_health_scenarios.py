"""Sources over days and weeks of virtual time: what is asked, told, and never told.

A scripted site, the real spider with its real store, and the real considering of reports; only the
clock is moved by hand. The rows are those of the robustness table.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import ChangeKind
from db.telling import NoticeKind
from db.visiting import Selectors, Source, State
from monitor.config import NoticeSettings
from monitor.health import tell_all
from monitor.newsroom.faults import servicepipe
from monitor.newsroom.wire import HTML, JSON, RSS, Answer, Ending, text_answer
from tests.hostile import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.telling import Notice
    from db.visiting import Report
    from tests.rows import Row
    from tests.spiders.conftest import Script, Visitor

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
DEAD = Answer(status=0, raw=b"", ending=Ending.RESET)


@dataclass
class Desk:
    """A source that is visited whenever it is due."""

    script: Script
    visitor: Visitor
    source: Source
    reports: list[Report] = field(default_factory=list)

    def visit(self) -> Report:
        """Visit now, and consider what it says of the source."""
        report = self.visitor.visit(self.source, self.script.allow)
        self.reports.append(report)
        with self.visitor.store() as store:
            tell_all(store, NoticeSettings(channels=("desk",)), self.visitor.now)
        return report

    def live(self, span: timedelta) -> list[Report]:
        """Let time pass, visiting when due; return the reports."""
        end, before = self.visitor.now + span, len(self.reports)
        while (due := self._due()) <= end:
            self.visitor.now = max(due, self.visitor.now)
            self.visit()
        self.visitor.now = end
        return self.reports[before:]

    def _due(self):
        with self.visitor.store() as store:
            store.register((self.source,), self.visitor.now)
            return store.statuses()[0].next_at

    def notices(self) -> list[Notice]:
        """Return the notices, oldest first."""
        with self.visitor.store() as store:
            return [stored.value for stored in reversed(store.notices())]

    def kinds(self) -> list[NoticeKind]:
        """Return the kinds of the notices, oldest first."""
        return [notice.kind for notice in self.notices()]

    def told(self) -> list[str]:
        """Return the titles of the changes that watches would look at, and take them."""
        with self.visitor.store() as store:
            waiting = store.unmatched(1000)
            for stored in waiting:
                store.queue(stored.id, (), self.visitor.now)
            return [stored.value.article.title for stored in waiting]

    def publish(self, *items: str, path: str = "/list", more: Sequence[str] = ()) -> None:
        """Show a list of articles and their pages."""
        self.script.show(path, *items, more=more)
        for item in items:
            self.script.article(item)


@pytest.fixture
def desk(script: Script, visitor: Visitor) -> Desk:
    """Return a desk whose source has had its first round with 20 items."""
    source = Source(name="plain", kind="plain", urls=(f"{script.base}/list",), every=QUARTER)
    made = Desk(script, visitor, source)
    made.publish(*(f"ministers-meet-day-{n}" for n in range(20)))
    made.visit()
    visitor.now += QUARTER
    return made


@pytest.mark.torture("R-27")
def test_r27_a_source_dead_for_a_month(desk: Desk, row: Row) -> None:
    """One request a day at the end; one notice, four reminders, one all-clear; only news alerts."""
    desk.script.reply("/list", DEAD)
    desk.script.reply("/robots.txt", DEAD)
    dead = desk.live(30 * DAY)
    last = [report for report in dead if report.started > desk.visitor.now - 7 * DAY]
    asked = sum(report.requests for report in last)
    row.count("requests in 30 days", sum(report.requests for report in dead))
    row.count("requests in the last 7", asked)
    assert asked <= 7, asked
    down = desk.notices()[0]
    assert (down.kind, down.state) == (NoticeKind.DOWN, State.UNREACHABLE)
    assert down.created_at - dead[0].started <= timedelta(hours=1)
    assert desk.kinds() == [NoticeKind.DOWN, *[NoticeKind.REMINDER] * 4]
    del desk.script.replies["/robots.txt"]
    desk.publish("new", *(f"ministers-meet-day-{n}" for n in range(19)))
    desk.live(2 * DAY)
    for kind in NoticeKind:
        row.count(f"notices {kind}", desk.kinds().count(kind))
    told = desk.told()
    row.count("alerts for old items", len(set(told) - {"Title new"}))
    assert desk.kinds()[5:] == [NoticeKind.RECOVERED]
    assert told == ["Title new"]


def test_r42_a_first_round_tells_nothing(desk: Desk) -> None:
    """Twenty items are recorded and nobody is told of one."""
    assert desk.reports[0].new == 20
    assert desk.told() == []


@pytest.mark.torture("R-43")
@pytest.mark.parametrize("address", ["2026/{slug}.html?v=2", "{slug}?version=2", "n/{number}"])
def test_r43_a_redesign_tells_one_thing(desk: Desk, row: Row, address: str) -> None:
    """All addresses and guids change, titles stay: ids are kept, one notice, and the new item."""
    with desk.visitor.store() as store:
        before = {e.value.article.title: e.value.feed_id for e in store.search(None, limit=99)}
    items = [
        ("fresh", "A title nobody has seen"),
        *((f"ministers-meet-day-{n}", f"Title ministers-meet-day-{n}") for n in range(19)),
    ]
    base = desk.script.base
    places = [address.format(slug=slug, number=n) for n, (slug, _) in enumerate(items)]
    cards = [
        {"url": f"{base}/a/{place}", "title": title, "guid": f"urn:new:{place}"}
        for place, (_, title) in zip(places, items, strict=True)
    ]
    desk.script.reply("/list", text_answer(json.dumps({"cards": cards}), JSON))
    for place, (slug, title) in zip(places, items, strict=True):
        words = f"Words of the article. {slug}" if slug != "fresh" else "Never read before."
        long = f"<h1>{title}</h1><p>{words}</p><p>{'Redesigned footer of ' + slug}</p>"
        desk.script.reply(f"/a/{place.partition('?')[0]}", text_answer(f"<html>{long}</html>"))
    report = desk.visit()
    assert (report.state, report.gap) == (State.SOURCE_CHANGED, None)
    with desk.visitor.store() as store:
        after = {e.value.article.title: e.value.feed_id for e in store.search(None, limit=99)}
    kept = [title for title in before if after.get(title) == before[title]]
    told = desk.told()
    row.count("items at new addresses", len(items) - 1)
    row.count("feed ids lost", len(before) - len(kept))
    row.count("alerts for old items", len(set(told) - {"A title nobody has seen"}))
    row.count("new items missed", 1 - len(set(told) & {"A title nobody has seen"}))
    row.count("notices", len(desk.kinds()))
    assert (len(after), len(kept)) == (21, 20)
    assert told == ["A title nobody has seen"]
    assert desk.kinds() == [NoticeKind.CHANGED]
    assert desk.live(timedelta(hours=6))[-1].state in {State.OK, State.UNCHANGED}
    assert desk.kinds() == [NoticeKind.CHANGED]


@pytest.mark.torture("R-45")
@pytest.mark.parametrize(("pages", "lost"), [(16, 0), (3, 240)])
def test_r45_a_burst_on_a_short_list(desk: Desk, row: Row, pages: int, lost: int) -> None:
    """300 items on pages of 20: none is missed within the page limit, beyond it a gap is told."""
    desk.source = replace(desk.source, pages=pages)
    items = [f"n{n}" for n in range(300, 0, -1)] + [f"ministers-meet-day-{n}" for n in range(20)]
    for number in range(16):
        more = (f"/list/{number + 1}",) if number < 15 else ()
        path = f"/list/{number}" if number else "/list"
        desk.publish(*items[number * 20 : number * 20 + 20], path=path, more=more)
    report = desk.visit()
    told = len(desk.told())
    row.count("items published", 300)
    row.count("missed within the page limit", 0 if lost else 300 - told)
    row.count("missed beyond it", 300 - told if lost else 0)
    row.count("gaps told", desk.kinds().count(NoticeKind.GAP))
    assert told == 300 - lost
    assert (report.gap is not None) is bool(lost)
    assert desk.kinds() == ([NoticeKind.GAP] if lost else [])
    if report.gap:
        assert report.gap.pages == pages
        (due,) = [status.next_at for status in _statuses(desk)]
        assert due - report.started <= QUARTER


CONSENT = (
    "<html><title>Before you continue to News</title><body><h1>Before you continue to News</h1>"
    '<form action="https://consent.example.org/save"><p>We use cookies and data to</p>'
    "<button>Accept all</button><button>Reject all</button></form></body></html>"
)
CAPTCHA = "<html><title>Just a moment...</title><body>Verify you are human</body></html>"
ROWS = {
    "captcha": (text_answer(CAPTCHA), State.BLOCKED, 1),
    "consent": (text_answer(CONSENT), State.BLOCKED, 1),
    "servicepipe": (text_answer(servicepipe().body, "text/html", 403), State.BLOCKED, 1),
    "an error called 200": (
        text_answer("<html><title>503 Service unavailable</title></html>"),
        State.ERRORING,
        3,
    ),
    "an empty list": (text_answer('{"cards": []}', JSON), State.LAYOUT_CHANGED, 2),
}


@pytest.mark.torture("R-46")
@pytest.mark.parametrize("name", ROWS)
def test_r46_what_is_no_list_never_becomes_an_item(desk: Desk, row: Row, name: str) -> None:
    """The state says what it is, one notice comes after its strikes, within the hour, and one after."""
    answer, state, strikes = ROWS[name]
    shown = desk.script.replies["/list"]
    desk.script.reply("/list", answer)
    begun = desk.visitor.now
    ill = desk.live(timedelta(hours=3))
    assert {report.state for report in ill} == {state}
    (down,) = desk.notices()
    assert (down.kind, down.state) == (NoticeKind.DOWN, state)
    assert ill[strikes - 1].finished == down.created_at <= begun + timedelta(hours=1)
    desk.script.reply("/list", shown)
    desk.live(timedelta(hours=3))
    items = _count(desk) - 20
    row.count("items made of such pages", items)
    row.count("notices down", desk.kinds().count(NoticeKind.DOWN))
    row.count("notices recovered", desk.kinds().count(NoticeKind.RECOVERED))
    assert desk.kinds() == [NoticeKind.DOWN, NoticeKind.RECOVERED]
    assert (items, desk.told()) == (0, [])


NEWS = {f"/news/ministers-meet-{n}": f"Ministers meet for the {n} time" for n in range(4)}
CARDS = "".join(f'<li><a href="{path}">{title}</a></li>' for path, title in NEWS.items())
FEED = "".join(
    f"<item><link>{path}</link><title>{title}</title></item>" for path, title in NEWS.items()
)
# The list with items and without, by kind. A page cannot show that its list is only empty.
LAYOUTS = {
    "feed": ("<rss><channel>%s</channel></rss>", FEED, "", State.EMPTY),
    "listing": (
        "<html>%s</html>",
        f"<ul>{CARDS}</ul>",
        '<div id="root"></div>',
        State.LAYOUT_CHANGED,
    ),
}


@pytest.mark.torture("R-46")
@pytest.mark.parametrize("kind", LAYOUTS)
def test_r46_an_empty_list_is_not_one_that_is_gone(
    script: Script, visitor: Visitor, row: Row, kind: str
) -> None:
    """A feed without items is empty, a page without its list has a new layout: a notice each."""
    around, full, bare, state = LAYOUTS[kind]
    selectors = Selectors(card="ul > li", link="a", title="a")
    urls = (f"{script.base}/list",)
    source = Source(name="plain", kind=kind, urls=urls, selectors=selectors)
    for path, title in NEWS.items():
        script.reply(path, page(title))
    desk = Desk(script, visitor, source)
    media = RSS if kind == "feed" else HTML
    script.reply("/list", text_answer(around % full, media))
    assert (desk.visit().state, _count(desk)) == (State.OK, 4)
    visitor.now += QUARTER
    script.reply("/list", text_answer(around % bare, media))
    assert {report.state for report in desk.live(DAY)} == {state}
    row.count("items made of such pages", _count(desk) - 4)
    row.count("notices down", desk.kinds().count(NoticeKind.DOWN))
    assert (desk.kinds(), _count(desk)) == ([NoticeKind.DOWN], 4)


@pytest.mark.torture("R-46")
def test_r46_dates_that_go_missing_in_half_the_items_are_told(
    script: Script, visitor: Visitor, row: Row
) -> None:
    """A feed whose new items lose half of their dates is missing fields: one notice, all items."""
    desk = Desk(script, visitor, Source(name="plain", kind="feed", urls=(f"{script.base}/feed",)))
    items: list[str] = []
    told = []
    for poll in range(18):
        for number in range(2):
            name = f"{poll}-{number}"
            dated = (
                "" if poll >= 14 and number else "<pubDate>Mon, 05 Jan 2026 08:00:00 GMT</pubDate>"
            )
            link = f"<link>{script.base}/news/{name}</link>"
            title = f"<title>Ministers meet in {name}</title>"
            items.insert(0, f"<item>{title}{link}{dated}</item>")
            script.reply(f"/news/{name}", page(f"Ministers meet in {name}"))
        body = f'<rss version="2.0"><channel>{"".join(items[:20])}</channel></rss>'
        script.reply("/feed", text_answer(body, RSS))
        state = desk.visit().state
        told.append(state)
        visitor.now += QUARTER
    assert set(told[:14]) == {State.OK}
    assert told[-1] is State.FIELDS_MISSING
    row.count("visits until it was seen", 1 + told.index(State.FIELDS_MISSING) - 14)
    row.count("notices down", desk.kinds().count(NoticeKind.DOWN))
    row.count("items lost", 36 - _count(desk))
    assert (desk.kinds(), _count(desk)) == ([NoticeKind.DOWN], 36)


def test_r46_pages_without_words_are_told(desk: Desk) -> None:
    """New items whose pages all lack their text: the visits fail, and nothing is made an edit."""
    states = []
    for number in range(6):
        desk.visitor.now += QUARTER
        items = [f"x{number}{part}" for part in "ab"]
        desk.publish(*items, *(f"ministers-meet-day-{n}" for n in range(18)))
        desk.script.reply(f"/a/{items[0]}", text_answer("<h1>No words</h1>"))
        desk.script.reply(f"/a/{items[1]}", text_answer("<h1>No words</h1>"))
        states.append(desk.visit().state)
    assert State.ERRORING in states
    with desk.visitor.store() as store:
        kinds = {stored.value.kind for stored in store.changes(1000)}
    assert kinds == {ChangeKind.NEW}


def _count(desk: Desk) -> int:
    with desk.visitor.store() as store:
        return store.counts().articles


def _statuses(desk: Desk):
    with desk.visitor.store() as store:
        return store.statuses()
