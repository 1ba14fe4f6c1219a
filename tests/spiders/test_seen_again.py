"""An item that is seen again keeps its date, and a date that gave way is told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

from db.belief import is_told_from_now
from db.model import Basis, Candidate, Precision
from db.visiting import Source, State
from monitor.newsroom.wire import text_answer
from spiders.dates import relative, yearless

if TYPE_CHECKING:
    from db.model import Dateline, Version
    from tests.spiders.conftest import Script, Visitor

HOUR = timedelta(minutes=70)
TEXT = "Officials said that the work on the bridge would start before the end of spring. " * 4
FEED = '<rss version="2.0"><channel><title>P</title>{}</channel></rss>'


def page(script: Script, name: str, head: str) -> None:
    """Show an article; `head` stands below its title."""
    words = f"<h1>Council reopens the {name} bridge</h1>{head}<p>On {name} things. {TEXT}</p>"
    script.reply(f"/news/2026/council-reopens-{name}", text_answer(f"<body>{words}</body>"))


def listing(script: Script, visitor: Visitor, *names: str, date: str) -> Source:
    """Show a list of articles with a date each, and return its source."""
    cards = "".join(
        f'<li><h3><a href="/news/2026/council-reopens-{name}">Council reopens the {name} bridge'
        f"</a></h3>{date}</li>"
        for name in names
    )
    script.reply("/list", text_answer(f"<body><ul>{cards}</ul></body>"))
    return registered(visitor, Source(name="list", kind="listing", urls=(f"{script.base}/list",)))


def feed(script: Script, visitor: Visitor, name: str, date: str, *, beside: str = "") -> Source:
    """Show a feed of one item, and return its source."""
    url = f"{script.base}/news/2026/council-reopens-old"
    item = f"<item><title>A</title><link>{url}</link><pubDate>{date}</pubDate>{beside}</item>"
    script.reply(f"/{name}.xml", text_answer(FEED.format(item), "application/rss+xml"))
    return registered(visitor, Source(name=name, kind="feed", urls=(f"{script.base}/{name}.xml",)))


def registered(visitor: Visitor, source: Source) -> Source:
    """Make a source known to the store."""
    with visitor.store() as store:
        store.register([source], visitor.now)
    return source


def stood(
    visitor: Visitor, item: int = 1
) -> tuple[Dateline, tuple[Version, ...], tuple[Candidate, ...]]:
    """Return the date of an item, its versions, and the dates that lost."""
    with visitor.store() as store:
        entry = store.entry(item)
        assert entry is not None
        return entry.article.dateline, store.versions(item), store.lost_dates(item)


def test_a_page_read_again_does_not_outvote_the_zone_its_list_states(
    script: Script, visitor: Visitor
) -> None:
    """Neither with the list at hand, nor when the item has left it, nor at any later visit."""
    names = ("old", "new", "far", "low")
    for name in names:
        page(script, name, '<div class="date">19.12.2025 19:36</div>')
    stated = '<time datetime="2025-12-19T13:36:00Z">19.12.2025, 19:36</time>'
    source = listing(script, visitor, *names, date=stated)
    visitor.visit(source, script.allow)
    before, _, _ = stood(visitor)
    assert (before.basis, before.zone_stated) == (Basis.LISTING, True)
    for visit, shown in enumerate((names, names[1:], names[1:]), 2):
        listing(script, visitor, *shown, date=stated)
        visitor.now += HOUR * 6 ** (visit - 2)
        visitor.visit(source, script.allow)
        assert len(script.asked("/news/2026/council-reopens-old")) == visit
        for item in range(1, 5):
            dateline, versions, lost = stood(visitor, item)
            assert (dateline, len(versions)) == (before, 1)
            assert any(one.dateline.basis is Basis.PRINTED for one in lost)


def test_a_date_that_a_page_states_later_is_no_edit_and_leaves_the_lists_told(
    script: Script, visitor: Visitor
) -> None:
    """Better evidence takes the place of the date; what stood is among those not taken."""
    page(script, "old", "")
    source = feed(script, visitor, "b", "19.12.2025 16:36")
    visitor.visit(source, script.allow)
    before, _, _ = stood(visitor)
    stated = '<meta property="article:published_time" content="2025-12-19T13:36:00Z">'
    page(script, "old", stated)
    visitor.now += HOUR
    report = visitor.visit(source, script.allow)
    dateline, versions, lost = stood(visitor)
    assert (dateline.basis, dateline.zone_stated) == (Basis.META, True)
    assert (report.edited, len(versions)) == (0, 1)
    assert before in [one.dateline for one in lost]


def test_two_feeds_of_one_site_do_not_take_a_date_from_each_other(
    script: Script, visitor: Visitor
) -> None:
    """The feed that states its zone is believed, whichever is read last; nothing is edited."""
    page(script, "old", "")
    with_zone = feed(script, visitor, "a", "Fri, 19 Dec 2025 13:36:00 +0000")
    without = feed(script, visitor, "b", "19.12.2025 16:36")
    told = []
    for source in (without, with_zone, without, with_zone, without):
        told.append(visitor.visit(source, script.allow))
        visitor.now += HOUR
    dateline, versions, lost = stood(visitor)
    assert dateline.zone_stated
    assert [report.edited for report in told] == [0] * 5
    assert len(versions) == 1
    assert [one.dateline.raw for one in lost] == ["19.12.2025 16:36"]


def test_a_time_told_from_now_is_neither_lost_nor_an_edit(script: Script, visitor: Visitor) -> None:
    """`yesterday, 07:36` keeps its minute when the page says `December 19`, and the reverse."""
    page(script, "old", '<div class="date">yesterday, 07:36</div>')
    source = feed(script, visitor, "b", "")
    visitor.visit(source, script.allow)
    before, _, _ = stood(visitor)
    assert before.precision is Precision.MINUTE
    for said in ("December 19, 2025", "2 hours ago", "yesterday, 07:36", "December 19, 2025"):
        page(script, "old", f'<div class="date">{said}</div>')
        visitor.now += HOUR * 5
        visitor.visit(source, script.allow)
        dateline, versions, _ = stood(visitor)
        assert (dateline, len(versions)) == (before, 1)


NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
AGO = ("ago", "назад", "таму", "мурун", "бұрын")
COUNTS = ("5", "12", "an", "one")
UNITS = ("min", "mins", "minutes", "минуту", "мин.", "хвілін", "мүнөт", "hour", "hrs", "часа",
         "гадзіны", "саат", "сағат", "day", "days", "дня", "дзён", "күн")  # fmt: skip
DAYS = ("today", "yesterday", "сегодня", "вчера", "сёння", "бүгүн", "бүгін", "учора", "ўчора",
        "кечээ", "кеше")  # fmt: skip
CLOCKS = (", 07:36", " at 7:36 pm", " в 09:15", ", 14h40")
MONTHS = ("January", "Nov.", "декабря", "мая", "ноябрь", "кастрычніка", "қараша", "of May")


def test_the_store_knows_each_time_that_is_told_from_now() -> None:
    """It knows them by their shape; whatever rules read so has that shape, and no date has it."""
    told = [f"{count} {unit} {ago}" for count, unit, ago in product(COUNTS, UNITS, AGO)]
    told += [day + clock for day, clock in product(DAYS, CLOCKS)]
    read = [found for one in told if (found := relative(one, "UTC", NOW))]
    assert len(read) > len(told) // 2
    assert [one.raw for one in read if not is_told_from_now(one)] == []
    dated = [f"{day}{part}{month}{clock}" for day, month, part, clock in
             product(("1", "20"), MONTHS, (" ", "-"), ("", ", 07:36"))]  # fmt: skip
    dated += [f"{month} 20" for month in MONTHS]
    known = [found for one in dated if (found := yearless(one, "UTC", Basis.PRINTED, seen=NOW))]
    assert len(known) > len(dated) // 2
    assert [one.raw for one in known if is_told_from_now(one)] == []


def test_a_site_that_moves_its_date_edits_its_item(script: Script, visitor: Visitor) -> None:
    """The page's other minute stands, the old one is in its history."""
    page(script, "old", '<div class="date">19.12.2025 07:36</div>')
    source = feed(script, visitor, "b", "")
    visitor.visit(source, script.allow)
    page(script, "old", '<div class="date">19.12.2025 09:00</div>')
    visitor.now += HOUR
    assert visitor.visit(source, script.allow).edited == 1
    dateline, versions, _ = stood(visitor)
    assert dateline.raw == "19.12.2025 09:00"
    assert [(one.dateline.raw, one.fields) for one in versions] == [
        ("19.12.2025 07:36", ()),
        ("19.12.2025 09:00", ("dateline",)),
    ]


def test_pages_read_again_are_no_measure_of_what_items_have(
    script: Script, visitor: Visitor
) -> None:
    """What only lists give does not get lost with each recheck: no state, no notice."""
    names = tuple(f"n{number:02}" for number in range(24))
    for name in names:
        page(script, name, "")
    dated = '<time datetime="2025-12-19T13:36:00Z">19.12.2025, 19:36</time>'
    source = listing(script, visitor, *names, date=dated)
    first = visitor.visit(source, script.allow)
    assert dict(first.coverage)["date"] == first.items == len(names)
    visitor.now += HOUR
    again = visitor.visit(source, script.allow)
    assert (again.read, again.items, again.coverage) == (len(names), 0, ())
    assert again.state is State.OK


def test_coverage_counts_what_a_list_gave_of_an_item_that_its_page_completes(
    script: Script, visitor: Visitor
) -> None:
    """The page that comes later, when the list shows nothing, is counted with the list's words."""
    url = "/news/2026/council-reopens-old"
    beside = "<category>Water</category><description>The lead.</description>"
    source = feed(script, visitor, "b", "Fri, 19 Dec 2025 13:36:00 +0000", beside=beside)
    script.reply(url, text_answer("busy", status=503))
    visitor.settings = {"RETRY_TIMES": 0}
    assert visitor.visit(source, script.allow).items == 1
    page(script, "old", "")
    script.reply("/b.xml", text_answer(FEED.format(""), "application/rss+xml"))
    visitor.now += HOUR * 9
    again = visitor.visit(source, script.allow)
    wanted = {"title": 1, "text": 1, "date": 1, "summary": 1, "section": 1}
    assert (again.items, dict(again.coverage)) == (1, wanted)


def test_a_page_called_by_its_site_keeps_its_list_s_title(script: Script, visitor: Visitor) -> None:
    """At the first reading, and when it is read again."""
    names = ("old", "new", "far", "low")

    def show(headline: str) -> None:
        for name in names:
            words = f"<h3 align=center>{headline.format(name)}</h3><p>On {name} things. {TEXT}</p>"
            body = f"<html><head><title>The Ministry</title></head><body>{words}</body></html>"
            script.reply(f"/news/2026/council-reopens-{name}", text_answer(body))

    show("COUNCIL REOPENS THE {} BRIDGE")
    source = listing(script, visitor, *names, date="<i>19.12.2025</i>")
    for _ in range(2):
        visitor.visit(source, script.allow)
        visitor.now += HOUR
        with visitor.store() as store:
            told = {item.article.title for item in map(store.entry, range(1, 5)) if item}
        assert told == {f"Council reopens the {name} bridge" for name in names}
        assert all(len(stood(visitor, item)[1]) == 1 for item in range(1, 5))
