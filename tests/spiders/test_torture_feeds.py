"""R-13: feeds and sitemaps after accidents, and with every entity that XML knows.

What they may not do is counted from outside: a file with a word nobody else knows, and a port
that nobody has a reason to come to.
"""

from __future__ import annotations

import random
import resource
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from db.errors import ExtractError
from spiders.blocks import Page
from spiders.registry import default_source, site
from tests.sinks import Sink
from tests.spiders.test_torture_pages import SEEN, WAYS

if TYPE_CHECKING:
    from pathlib import Path

    from spiders.site import Listing
    from tests.rows import Row

pytestmark = pytest.mark.timeout(900)
SECRET = "canary-7f3a9c"
RSS = """<rss version="2.0"><channel><title>F</title>
<item><title>One {e}</title><link>https://e.test/a/1</link><guid>g1</guid>
<description>&lt;p&gt;Short {e}&lt;/p&gt;</description>
<pubDate>Thu, 19 Nov 2026 10:00:00 +0300</pubDate></item>
<item><title>Two</title><link>https://e.test/a/2</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>tag:e.test,1</id>
<title>Entry {e}</title><link href="https://e.test/a/4"/><summary>{e}</summary>
<published>2026-11-19T07:00:00Z</published></entry></feed>"""
MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://e.test/a/5</loc>
<news:news><news:title>Title {e}</news:title>
<news:publication_date>2026-11-19T07:00:00Z</news:publication_date></news:news></url></urlset>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://e.test/a/6"><title>Old {e}</title>
<link>https://e.test/a/6</link><dc:date>2026-11-19T07:00:00Z</dc:date></item></rdf:RDF>"""
SAMPLES = (("feed", RSS), ("feed", ATOM), ("feed", RDF), ("sitemap", MAP))
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)


def doctypes(canary: Path, port: int) -> tuple[tuple[str, str], ...]:
    """Return document types, and the entity that sets each off."""
    here, there = f"file://{canary}", f"http://127.0.0.1:{port}"
    return (
        ("", "&amp;"),
        (f"<!DOCTYPE r [{LAUGHS}]>", "&l9;"),
        (f'<!DOCTYPE r [<!ENTITY q "{"ha" * 50_000}">]>', "&q;" * 1000),
        (f'<!DOCTYPE r [<!ENTITY q "{"&#10;" * 20_000}">]>', "&q;" * 100),
        (f'\n<!DOCTYPE r [\n<!ENTITY q "{"<b/>" * 9_000}">\n]>', "&q;" * 100),
        (f'<!DOCTYPE r [<!ENTITY x SYSTEM "{here}">]>', "&x;"),
        (f'<!DOCTYPE r [<!ENTITY x SYSTEM "{there}/x">]>', "&x;"),
        (f'<!DOCTYPE r PUBLIC "-//X//X" "{there}/dtd">', "&nbsp;"),
        (f'<!DOCTYPE r SYSTEM "{here}">', "&x;"),
        (f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{there}/p"> %p;]>', "&x;"),
        (
            f'<!DOCTYPE r [<!ENTITY % f SYSTEM "{here}"><!ENTITY % d SYSTEM "{there}/d"> %d; %f;]>',
            "&x;",
        ),
        (
            f'<?xml-stylesheet href="{there}/s.xsl" type="text/xsl"?>',
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{here}" parse="text"/>',
        ),
    )


def read(kind: str, body: str) -> Listing | None:
    """Read a list by its kind's rules; None if they refuse it."""
    source = replace(default_source(kind), urls=("https://e.test/list",))
    rules = site(kind)
    page = Page("https://e.test/list", body, "xml")
    try:
        return rules.read_list(page, rules.lists(source, SEEN)[0], source, SEEN)
    except ExtractError:
        return None


@pytest.mark.torture("R-13", short=120, long=2000)
def test_no_feed_reads_a_file_or_opens_a_connection(row: Row, tmp_path: Path) -> None:
    """A feed gives cards or is refused; entities lead nowhere and swell nothing."""
    canary = tmp_path / "canary"
    canary.write_text(SECRET)
    took = [0.0]
    with Sink() as sink:
        types = doctypes(canary, sink.port)
        for number in range(row.size):
            dice = random.Random(row.seed + number)  # noqa: S311 - accidents, not secrets
            kind, body = SAMPLES[number % len(SAMPLES)]
            doctype, entity = types[number // len(SAMPLES) % len(types)]
            body = '<?xml version="1.0"?>' + doctype + body.replace("{e}", entity)
            for _ in range(0 if number < len(SAMPLES) * len(types) else dice.choice((1, 1, 2, 4))):
                body = dice.choice(WAYS)(body, dice)
            begun = perf_counter()
            listing = read(kind, body)
            took.append(perf_counter() - begun)
            words = repr(listing)
            row.count("cards", len(listing.cards) if listing else 0)
            row.count("files read", SECRET in words)
            assert len(words) < 4 * len(body) + 20_000, "an entity swelled"
        row.count("connections", sink.came())
    row.count("feeds", row.size)
    row.most("slowest s", max(took))
    row.most("peak MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    assert row.figures["files read"][1] == row.figures["connections"][1] == 0
    assert row.figures["cards"][1] > row.size / 4, "hardly anything was read at all"


@pytest.mark.parametrize(
    "body",
    [
        RSS.replace("{e}", "x\n" * 300_000),
        RSS.replace("{e}", "&amp;" * 300_000),
        RSS.replace("{e}", "\r" * 300_000),
    ],
)
def test_a_feed_of_lines_without_end_is_refused(body: str) -> None:
    """What would keep the parser busy for many seconds is refused before it begins."""
    assert read("feed", body) is None


def test_what_a_feed_declares_for_itself_means_nothing() -> None:
    """An entity of the feed's own stays unread, HTML's are known, and the items come."""
    declared = '<!DOCTYPE rss [<!ENTITY own "never"><!ENTITY nbsp "&#160;">]>'
    listing = read("feed", declared + RSS.replace("{e}", "&own;&mdash;"))
    assert listing is not None
    assert [card.title.replace("&own;", "") for card in listing.cards] == ["One —", "Two"]
    assert read("feed", declared + "<x>&own;</x>").cards == ()


def test_a_feed_that_breaks_the_parser_is_refused() -> None:
    """A namespace with line separators in it makes feedparser fail; that is the feed's mistake."""
    assert read("feed", '<rss xmlns="http://e.test/a\u2028b\u2028c"><channel x="1"/></rss>') is None
