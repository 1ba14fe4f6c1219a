"""What is at an address: the offers, their order and why, and the samples that are read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import pytest

from db.visiting import ApiList, State
from spiders import discover
from spiders.blocks import Page
from spiders.judge import Problem
from spiders.survey import Robots, Survey, survey

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SITE = "https://paper.example"
SECTION = f"{SITE}/world/"
PARAGRAPH = (
    "Delegates from nine regions have agreed on a common calendar of repairs, the office says. "
)


@dataclass
class FakeSite:
    """A site in a dictionary: address -> body, or the problem that stands there."""

    pages: dict[str, str | Problem]
    rules: Robots = field(default_factory=Robots)
    asked: list[str] = field(default_factory=list)

    async def page(self, url: str) -> Page | Problem:
        """Return what stands there, and remember who asked."""
        self.asked.append(url)
        body = self.pages.get(url, Problem(State.ERRORING, "no longer there (404)"))
        return body if isinstance(body, Problem) else Page(url, body, _media(body))

    async def robots(self, url: str) -> Robots:
        """Return the same rules for all."""
        del url
        return self.rules

    def survey(self, url: str, samples: int = 3) -> Survey:
        """Survey an address of the site."""
        return asyncio.run(survey(url, self, lambda: NOW, samples=samples))


def _media(body: str) -> Literal["html", "json", "xml"]:
    if body.startswith("<?xml"):
        return "xml"
    return "json" if body.startswith("{") else "html"


def section(*names: str, head: str = "") -> str:
    """Return a section page with a card for each item."""
    cards = "".join(
        f'<div class="card"><a href="/world/{name}"><h3>Long enough headline of {name}</h3></a>'
        f"<p>4 March 2026, 10:0{place}</p></div>"
        for place, name in enumerate(names)
    )
    return f"<html><head>{head}</head><body><h1>World</h1><main>{cards}</main></body></html>"


def article(name: str) -> str:
    """Return an item's page with structured data."""
    return (
        '<html><head><meta property="og:type" content="article">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": '
        f'"Long enough headline of {name}", "datePublished": "2026-03-04T10:00:00+01:00"}}</script>'
        f"</head><body><article><h1>Long enough headline of {name}</h1>"
        f"<p>{PARAGRAPH * 2}</p><p>{PARAGRAPH}</p></article></body></html>"
    )


def rss(*names: str, dated: bool = True) -> str:
    """Return a feed of these items."""
    date = "<pubDate>Wed, 04 Mar 2026 10:00:00 +0100</pubDate>" if dated else ""
    items = "".join(
        f"<item><title>Long enough headline of {name}</title>"
        f"<link>{SITE}/world/{name}</link>{date}</item>"
        for name in names
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/world.rss">'
NAMES = ("alpha", "beta", "gamma", "delta")
PAGES: dict[str, str | Problem] = {f"{SITE}/world/{name}": article(name) for name in NAMES}


def kinds(found: Survey) -> list[tuple[str, str]]:
    """Return kind and address of each offer."""
    return [(offer.source.kind, offer.source.urls[0]) for offer in found.offers]


def test_a_feed_of_the_same_items_comes_before_their_page() -> None:
    """It is found in the page's head, and its first items are read."""
    site = FakeSite(
        {
            SECTION: section(*NAMES, head=FEED_LINK),
            f"{SITE}/world.rss": rss(*NAMES),
            **PAGES,
        }
    )
    found = site.survey(SECTION)
    assert kinds(found) == [("feed", f"{SITE}/world.rss"), ("listing", SECTION)]
    assert found.offers[0].why == "a feed of these items that states their dates"
    assert [sample.article.title for sample in found.samples if sample.article] == [
        f"Long enough headline of {name}" for name in NAMES[:3]
    ]
    assert found.coverage["date"] == found.coverage["text"] == 1
    assert found.coverage["authors"] == 0
    assert not found.is_article


def test_a_feed_of_the_whole_site_comes_after_the_section_asked_for() -> None:
    """What it shows is not what was asked for."""
    others = [f"other{number}" for number in range(9)]
    site = FakeSite(
        {SECTION: section(*NAMES, head=FEED_LINK), f"{SITE}/world.rss": rss(*others), **PAGES}
    )
    found = site.survey(SECTION)
    assert [kind for kind, _ in kinds(found)] == ["listing", "feed"]
    assert "other items" in found.offers[1].why


def test_an_undated_feed_comes_after_a_page_with_dates() -> None:
    """Dates are what a monitor is for."""
    site = FakeSite(
        {
            SECTION: section(*NAMES, head=FEED_LINK),
            f"{SITE}/world.rss": rss(*NAMES, dated=False),
            **PAGES,
        }
    )
    found = site.survey(SECTION)
    assert [kind for kind, _ in kinds(found)] == ["listing", "feed"]
    assert found.offers[0].dated == 1
    assert found.offers[1].dated == 0


def test_a_feed_nobody_names_is_found_where_feeds_usually_are() -> None:
    """Below the section first; what was tried in vain is told."""
    site = FakeSite({SECTION: section(*NAMES), f"{SITE}/rss.xml": rss(*NAMES), **PAGES})
    found = site.survey(SECTION)
    assert kinds(found)[0] == ("feed", f"{SITE}/rss.xml")
    assert ("no longer there (404)") in dict(found.tried)[f"{SITE}/world/feed"]


def test_an_article_leads_to_its_section() -> None:
    """Somebody who gives an item's address means the section it stands in."""
    site = FakeSite({SECTION: section(*NAMES), **PAGES})
    found = site.survey(f"{SITE}/world/alpha")
    assert found.is_article
    assert kinds(found) == [("listing", SECTION)]


@pytest.mark.parametrize("asked", [SITE, f"{SITE}/map.xml"])
def test_an_index_is_offered_whichever_of_its_sitemaps_can_be_had(asked: str) -> None:
    """One that cannot be read and one that lists nothing hide no third; nor does it name itself."""
    names = ("gone", "map", "empty", "news")
    parts = "".join(f"<sitemap><loc>{SITE}/{name}.xml</loc></sitemap>" for name in names)
    addresses = "".join(f"<url><loc>{SITE}/world/{name}</loc></url>" for name in NAMES)
    site = FakeSite(
        {SITE: "<html><body><p>Welcome.</p></body></html>",
         f"{SITE}/map.xml": f'<?xml version="1.0"?><sitemapindex>{parts}</sitemapindex>',
         f"{SITE}/empty.xml": '<?xml version="1.0"?><urlset></urlset>',
         f"{SITE}/news.xml": f'<?xml version="1.0"?><urlset>{addresses}</urlset>', **PAGES},
        rules=Robots(text=f"Sitemap: {SITE}/map.xml"),
    )  # fmt: skip
    found = site.survey(asked)
    assert kinds(found) == [("sitemap", f"{SITE}/map.xml")]
    assert len(found.offers[0].cards) == len(NAMES)
    assert (f"{SITE}/gone.xml", "no longer there (404)") in found.tried


def test_a_json_list_is_offered_with_the_keys_that_were_found() -> None:
    """Its first items are read as a source of this kind would read them."""
    rows = ",".join(
        f'{{"web_url": "/world/{name}", "headline": "Headline of {name}",'
        f' "published": "2026-03-04T10:00:00Z"}}'
        for name in NAMES
    )
    site = FakeSite({SECTION: f'{{"data": [{rows}]}}', **PAGES})
    found = site.survey(SECTION)
    assert found.is_json
    assert kinds(found) == [("api", SECTION)]
    assert found.offers[0].source.api == ApiList(
        items="data", link="web_url", title="headline", date="published"
    )
    assert found.offers[0].dated == 1
    assert [sample.url for sample in found.samples] == [f"{SITE}/world/{n}" for n in NAMES[:3]]
    assert all(sample.article and sample.article.text for sample in found.samples)


def test_a_sitemap_is_the_last_resort() -> None:
    """robots.txt names it; an index is followed to the one that changed last."""
    index = (
        '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{SITE}/s1.xml</loc><lastmod>2026-03-04</lastmod></sitemap></sitemapindex>"
    )
    addresses = "".join(f"<url><loc>{SITE}/world/{name}</loc></url>" for name in NAMES)
    single = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{addresses}</urlset>"
    )
    site = FakeSite(
        {SITE: "<html><body><p>Welcome.</p></body></html>", f"{SITE}/map.xml": index,
         f"{SITE}/s1.xml": single, **PAGES},
        rules=Robots(text=f"User-agent: *\nSitemap: {SITE}/map.xml\n", delay=5),
    )  # fmt: skip
    found = site.survey(SITE)
    assert kinds(found) == [("sitemap", f"{SITE}/map.xml")]
    assert found.robots.delay == 5
    assert len(found.samples) == 3


def test_a_feed_s_own_address_is_a_feed() -> None:
    """Nothing else is asked for but the samples."""
    site = FakeSite({f"{SITE}/x.rss": rss(*NAMES), **PAGES})
    found = site.survey(f"{SITE}/x.rss", samples=1)
    assert kinds(found) == [("feed", f"{SITE}/x.rss")]
    assert site.asked == [f"{SITE}/x.rss", f"{SITE}/world/alpha"]


def test_what_cannot_be_had_says_why() -> None:
    """A survey of a host that is away has a reason and no offers."""
    found = FakeSite({SITE: Problem(State.UNREACHABLE, "no DNS answer for paper.example")}).survey(
        SITE
    )
    assert found.problem == "no DNS answer for paper.example"
    assert (found.offers, found.samples, found.coverage) == ((), (), {})


def test_a_page_that_fails_leaves_its_card() -> None:
    """The sample says why, and shows what the list tells."""
    site = FakeSite({SECTION: section(*NAMES), f"{SITE}/world/beta": "<html></html>"})
    found = site.survey(SECTION, samples=2)
    gone, empty = found.samples
    assert gone.problem == "no longer there (404)"
    assert empty.problem.startswith("the page holds no text of an article")
    assert [bool(sample.article and sample.article.dateline.when) for sample in found.samples] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        ("", [f"{SITE}/sitemap_news.xml", f"{SITE}/news-sitemap.xml", f"{SITE}/sitemap.xml"]),
        (
            f"sitemap: {SITE}/a.xml\nSitemap:{SITE}/news.xml",
            [f"{SITE}/news.xml", f"{SITE}/a.xml"],
        ),
    ],
)
def test_sitemaps_are_where_robots_txt_says_or_where_they_usually_are(
    robots: str, expected: list[str]
) -> None:
    """Those of news come first."""
    assert list(discover.sitemaps_of(robots, SECTION)) == expected


def test_feeds_of_comments_and_of_other_hosts_are_no_feeds_of_the_site() -> None:
    """A link named RSS counts on the page's own host; the head's word counts anywhere."""
    page = Page(
        SECTION,
        '<html><head><link rel="alternate" type="application/rss+xml" href="/comments/feed">'
        '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://f.example/a">'
        '</head><body><a href="/rss/all">All</a><a href="https://x.example/rss">Ours</a>'
        '<a href="/export?format=1">RSS</a><a href="/rssi">no</a></body></html>',
    )
    assert list(discover.feeds_of(page)) == [
        "https://f.example/a",
        f"{SITE}/rss/all",
        f"{SITE}/export?format=1",
    ]
    assert discover.parent_of(SITE) is None


def test_an_article_that_names_a_feed_needs_no_section() -> None:
    """Its feed is offered; nothing is asked for above it."""
    site = FakeSite(
        {
            f"{SITE}/world/alpha": article("alpha").replace("<head>", f"<head>{FEED_LINK}"),
            f"{SITE}/world.rss": rss(*NAMES),
        }
    )
    found = site.survey(f"{SITE}/world/alpha", samples=0)
    assert found.is_article
    assert kinds(found) == [("feed", f"{SITE}/world.rss")]
    assert SECTION not in site.asked


def test_a_channel_is_known_by_its_host() -> None:
    """Its preview is asked for, and its posts are read where they stand."""
    posts = "".join(
        f'<div class="tgme_widget_message" data-post="desk/{number}">'
        f'<div class="tgme_widget_message_text">Post number {number} of the desk.</div>'
        '<time datetime="2026-03-04T09:00:00+00:00"></time></div>'
        for number in (1, 2)
    )
    site = FakeSite({"https://t.me/s/desk": f"<html><body>{posts}</body></html>"})
    found = site.survey("https://t.me/desk")
    assert [kind for kind, _ in kinds(found)] == ["telegram"]
    assert found.offers[0].why == "its rules were written for this site"
    assert [sample.problem for sample in found.samples] == ["", ""]
    assert found.coverage["date"] == 1


def test_a_site_with_rules_is_offered_though_its_page_lists_nothing() -> None:
    """TASS's sections are filled by a list that is asked for elsewhere."""
    url = "https://tass.com/politics"
    found = FakeSite({url: "<html><body><p>Politics.</p></body></html>"}).survey(url)
    assert kinds(found) == [("tass", url)]
    assert found.samples == ()


@pytest.mark.parametrize(
    "body",
    ['{"answer": []}', '<?xml version="1.0"?><note>no list</note>', "<html><p>Words.</p></html>"],
)
def test_what_is_no_list_is_tried_and_told(body: str) -> None:
    """Where nothing is found, everything that was tried says why."""
    empty = '<?xml version="1.0"?><sitemapindex></sitemapindex>'
    index = (
        '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{SITE}/empty.xml</loc></sitemap></sitemapindex>"
    )
    page = body.replace("<html>", f'<html><head>{FEED_LINK}</head><a href="/feed">RSS</a>')
    site = FakeSite(
        {
            SECTION: page,
            f"{SITE}/world.rss": "<html><p>A page of feeds.</p></html>",
            f"{SITE}/feed": "<html><p>None.</p></html>",
            f"{SITE}/map.xml": index,
            f"{SITE}/empty.xml": empty,
        },
        rules=Robots(text=f"Sitemap: {SITE}/map.xml"),
    )
    found = site.survey(SECTION)
    assert found.offers == ()
    tried = dict(found.tried)
    assert tried[f"{SITE}/map.xml"] == "lists nothing as a sitemap"
    assert "<html>" not in body or tried[f"{SITE}/world.rss"] == "lists nothing as a feed"
    assert len(site.asked) == len(set(site.asked))


def test_a_feed_that_cannot_be_read_is_no_offer() -> None:
    """What its rules refuse does not end the survey."""
    bad = f'<?xml version="1.0"?><rss version="2.0"><channel>{"&" * 600_000}</channel></rss>'
    site = FakeSite({SECTION: section(*NAMES, head=FEED_LINK), f"{SITE}/world.rss": bad, **PAGES})
    assert kinds(site.survey(SECTION)) == [("listing", SECTION)]


def test_an_undated_feed_of_other_items_says_so() -> None:
    """A feed alone, without a page to compare it with, is judged by its dates."""
    site = FakeSite({f"{SITE}/x.rss": rss(*NAMES, dated=False)})
    page = f"<html><head>{FEED_LINK.replace('world', 'x')}</head><p>Welcome.</p></html>"
    site.pages[SITE] = page
    found = site.survey(SITE, samples=0)
    assert [(offer.source.kind, offer.why) for offer in found.offers] == [
        ("feed", "a feed that leaves most items undated")
    ]
