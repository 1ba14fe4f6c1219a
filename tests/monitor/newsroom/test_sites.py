"""The markup of the four sites: what sites.md says a visitor meets there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from monitor.newsroom import own, tass
from monitor.newsroom.room import Newsroom

if TYPE_CHECKING:
    from collections.abc import Iterator


def text(url: str, posted: str | None = None, status: int = 200) -> str:
    """Fetch a text; with something to post, post it."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        method = "GET" if posted is None else "POST"
        connection.request(method, f"{parts.path}?{parts.query}", body=posted)
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    assert answer.status == status, url
    return body


def page(newsroom: Newsroom, site: str, path: str) -> html.HtmlElement:
    """Fetch a page of a site."""
    return html.document_fromstring(text(newsroom.addresses[site] + path))


def article(newsroom: Newsroom, key: str) -> html.HtmlElement:
    """Fetch a story's page."""
    url = next(row.url for row in newsroom.published() if row.key == key)
    return html.document_fromstring(text(url))


def one(element: html.HtmlElement, selector: str) -> str:
    """Return the text of the only element that the selector finds, white space folded."""
    (found,) = element.cssselect(selector)
    return " ".join(found.text_content().split())


def tass_list(newsroom: Newsroom, **asked: Any) -> dict[str, Any]:
    """Ask the list behind a section page of TASS."""
    body = {"sectionId": 4954, "limit": 20, "type": "all", "excludeNewsIds": "", **asked}
    url = newsroom.addresses["tass"] + "/userApi/categoryNewsList"
    answer: dict[str, Any] = json.loads(text(url, json.dumps(body)))
    return answer


@pytest.mark.parametrize("wave", [1, 2])
def test_every_published_address_answers_with_its_marker(newsroom: Newsroom, wave: int) -> None:
    """Whatever the ledger names can be read at its address."""
    newsroom.publish(wave)
    for row in newsroom.published():
        shown = html.document_fromstring(text(row.url)).text_content()
        assert " ".join(row.marker.split()) in " ".join(shown.split()), row.key


def test_ledger_addresses_and_markers_are_unique(newsroom: Newsroom) -> None:
    """Two items never share an address or a marker."""
    newsroom.publish(2)
    rows = newsroom.published()
    assert len({row.url for row in rows}) == len({row.marker for row in rows}) == len(rows)


def test_secretariat_slugs_are_cut_and_the_twins_differ_by_a_hyphen(newsroom: Newsroom) -> None:
    """Slugs have at most 100 characters; two articles differ by a final hyphen alone."""
    newsroom.publish(2)
    slugs = {
        row.key: urlsplit(row.url).path.split("/")[-2] for row in newsroom.published("secretariat")
    }
    assert max(len(slug) for slug in slugs.values()) == 100
    assert slugs["secretariat-hyphen"] == slugs["secretariat-twin"] + "-"


def test_secretariat_list_has_pages_that_together_show_everything(newsroom: Newsroom) -> None:
    """The pager leads from page to page; one card has no date."""
    first = page(newsroom, "secretariat", "/news/")
    (onward,) = {link.get("href") for link in first.cssselect('a[href*="PAGEN_1="]')}
    second = page(newsroom, "secretariat", onward)
    cards = first.cssselect("p.news-item") + second.cssselect("p.news-item")
    links = [card.cssselect("a")[-1].get("href") for card in cards]
    assert links == list(dict.fromkeys(links))
    assert len(links) == len(newsroom.published("secretariat"))
    undated = [card for card in cards if not card.cssselect(".news-date-time")]
    assert [one(card, "b") for card in undated] == [
        "Interview of the CSTO Secretary General Imangali Tasmagambetov to the TASS agency"
    ]


def test_secretariat_strip_shows_the_newest_of_the_site_before_the_title(
    newsroom: Newsroom,
) -> None:
    """An article's page begins with dates that are not its own."""
    shown = article(newsroom, "secretariat-hyphen")
    days = [day.text for day in shown.cssselect(".last-date")]
    assert days == ["19.12.2025", "18.12.2025", "17.12.2025", "07.07.2025", "30.06.2025"]
    assert not shown.cssselect(".news-detail .news-date-time")


@pytest.mark.parametrize(
    ("key", "wave", "beside"),
    [
        ("003", 1, "04.12.2024"),
        ("secretariat-staff", 1, "Joint Staff sums up the training year 19.12.2025"),
        ("secretariat-plan", 1, "18.12.2025"),
        ("secretariat-twin", 2, "20.12.2025"),
    ],
)
def test_secretariat_page_date_variants(
    newsroom: Newsroom, key: str, wave: int, beside: str
) -> None:
    """The date stands beside the picture, beside the repeated title, or alone."""
    newsroom.publish(wave)
    detail = article(newsroom, key).cssselect("div.news-detail")[0]
    (date,) = detail.cssselect(".news-date-time")
    assert " ".join(date.getparent().text_content().split()) == beside


def test_secretariat_document_has_an_attachment_line(newsroom: Newsroom) -> None:
    """A document's page offers its file under a name of 32 hex digits."""
    shown = article(newsroom, "secretariat-plan")
    assert one(shown, 'a[href$=".docx"]').startswith("Download document 5f1c7ad0")


def test_belta_cards_stand_under_their_day_and_begin_with_the_rubric(newsroom: Newsroom) -> None:
    """Day headings are in two parts; a card's first link is not the article."""
    inner = page(newsroom, "belta", "/all_news/").cssselect("div#inner")[0]
    kinds = [child.get("class") for child in inner]
    assert kinds[:3] == ["new_date", "news_item lenta_item", "news_item lenta_item"]
    assert [one(inner[0], ".day"), one(inner[0], ".month_year")] == ["19", ".12.25"]
    assert one(inner[1], "div.date") == "14:30 Politics"
    first, second = inner[1].cssselect("a")
    assert first.get("class") == "date_rubric"
    assert "/view/" in second.get("href")


def test_belta_full_list_offers_more(newsroom: Newsroom) -> None:
    """More stories than fit on a page are behind the `load_more` address."""
    newsroom.publish(2)
    (more,) = page(newsroom, "belta", "/all_news/").cssselect("div.load_more")
    assert more.get("onclick").startswith("get_page('/all_news/page/2/?day=")
    second = page(newsroom, "belta", "/all_news/page/2/")
    first = page(newsroom, "belta", "/all_news/")
    cards = first.cssselect(".lenta_item") + second.cssselect(".lenta_item")
    assert len(cards) == len(newsroom.published("belta"))


def test_belta_article_has_the_header_trap_and_the_wrong_offset(newsroom: Newsroom) -> None:
    """The header shows another day; the meta's clock is Minsk time under +00:00."""
    shown = article(newsroom, "belta-mission")
    assert one(shown, ".header_date") == "Saturday, 20 December 2025"
    assert one(shown, ".date_full") == "19 December 2025, 14:30"
    (meta,) = shown.cssselect('meta[name="mediator_published_time"]')
    assert meta.get("content") == "2025-12-19T14:30:00+00:00"
    assert one(shown, ".invite_in_messagers") == "Follow us on: X"
    row = next(row for row in newsroom.published() if row.key == "belta-mission")
    assert row.when == datetime(2025, 12, 19, 11, 30, tzinfo=UTC)


def test_tass_section_page_is_an_empty_template(newsroom: Newsroom) -> None:
    """A section's links are not in its HTML, its number is."""
    shown = page(newsroom, "tass", "/politics")
    assert "{{newsPoint.title}}" in shown.text_content()
    assert "sectionId = 4954" in shown.cssselect(".section-page")[0].get("ng-init")


def test_tass_list_pages_by_cursor(newsroom: Newsroom, press_now: datetime) -> None:
    """`lastTime` is the next page's `timestamp`; the end is an empty list."""
    newsroom.publish(2)
    first = tass_list(newsroom, limit=1, timestamp=int(press_now.timestamp()))
    second = tass_list(newsroom, limit=1, timestamp=first["lastTime"])
    third = tass_list(newsroom, limit=1, timestamp=second["lastTime"])
    titles = [item["title"] for answer in (first, second) for item in answer["newsList"]]
    assert titles == [
        "Program for southern outposts enters its second stage",
        "Working group prepares agenda of the spring council",
    ]
    assert third["newsList"] == []
    known = first["newsList"][0]["link"].rpartition("/")[2]
    assert tass_list(newsroom, excludeNewsIds=known)["newsList"] == second["newsList"]


def test_tass_feed_has_tracking_links_and_the_sitemap_every_article(newsroom: Newsroom) -> None:
    """The feed's links carry utm parameters; the sitemap names what the lists do not."""
    feed = etree.fromstring(text(newsroom.addresses["tass"] + "/rss/v2.xml").encode())
    links = [link.text or "" for link in feed.iterfind(".//item/link")]
    assert links
    assert all("?utm_source=" in link for link in links)
    root = text(newsroom.addresses["tass"] + "/sitemap/sitemap_news0.xml").encode()
    places = {place.text for place in etree.fromstring(root).iter("{*}loc")}
    assert places == {row.url for row in newsroom.published("tass")}


@pytest.mark.parametrize(("key", "count"), [("tass-council", 1), ("tass-convoy", 0)])
def test_tass_articles_with_and_without_json_ld(newsroom: Newsroom, key: str, count: int) -> None:
    """Structured data states the time with its offset; without it a unix second does."""
    shown = article(newsroom, key)
    facts = shown.cssselect('script[type="application/ld+json"]')
    row = next(row for row in newsroom.published() if row.key == key)
    assert row.when is not None
    assert len(facts) == count
    for fact in facts:
        printed = datetime.fromisoformat(json.loads(fact.text or "")["datePublished"])
        assert printed == row.when
    (seconds,) = shown.cssselect(".news-header__date-date dateformat")
    assert int(seconds.get("time")) == int(row.when.timestamp())
    assert one(shown, ".news-header__title") == row.title


def test_tass_numbers_follow_the_calendar() -> None:
    """A number lies where the known numbers say its day is."""
    number = own.tass_number(datetime(2026, 2, 12, tzinfo=UTC))
    assert abs(number - 2085703) < 456
    assert set(tass.SECTIONS.values()) >= {4954, 4869}


def test_openkg_cards_repeat_the_title_under_a_picture(newsroom: Newsroom) -> None:
    """A card with a picture has its title twice; the supplied article's card has no date."""
    shown = page(newsroom, "openkg", "/en/news/page/1/")
    cards = {one(card, ".short-title"): card for card in shown.cssselect(".short-item")}
    summit = cards["Experts discussed the results of the chairmanship"]
    assert one(summit, ".short-img") == one(summit, ".short-title")
    assert one(summit, ".short-cat") == "Politics / Exclusive"
    assert one(summit, ".short-date") == "19.12.2025, 18:30"
    supplied = cards["CSTO has proven its ability to adapt to changes in the global situation"]
    assert not supplied.cssselect(".short-date")
    assert not cards["The road to Issyk-Kul was opened after repair"].cssselect(".short-img")


def test_openkg_menu_keeps_the_unfilled_title(newsroom: Newsroom) -> None:
    """The template's `{title}` stands before each label of the menu."""
    labels = page(newsroom, "openkg", "/en/news/").cssselect(".menu a")
    assert [label.text for label in labels][:2] == ["{title} News", "{title} Politics"]


def test_openkg_pages_slide(newsroom: Newsroom) -> None:
    """New publications push old cards to the next page; a page too far is not found."""
    newsroom.publish(2)
    cards = [
        card
        for number in (1, 2)
        for card in page(newsroom, "openkg", f"/en/news/page/{number}/").cssselect(".short-item")
    ]
    assert len(cards) == len(newsroom.published("openkg"))
    exclusive = page(newsroom, "openkg", "/en/news/exclusive/page/1")
    assert len(exclusive.cssselect(".short-item")) == 2


@pytest.mark.parametrize(
    ("site", "path", "forbidden"),
    [
        ("belta", "/robots.txt", "/printv*"),
        ("tass", "/robots.txt", "/search"),
        ("secretariat", "/robots.txt", "/bitrix/"),
        ("openkg", "/robots.txt", "/engine/"),
    ],
)
def test_each_site_has_its_robots(newsroom: Newsroom, site: str, path: str, forbidden: str) -> None:
    """Each origin states what it forbids."""
    assert f"Disallow: {forbidden}" in text(newsroom.addresses[site] + path)


@pytest.mark.parametrize(
    ("site", "path"),
    [
        ("belta", "/all_news/page/9/"),
        ("openkg", "/en/news/page/9/"),
        ("tass", "/politics/1"),
        ("secretariat", "/news/news_odkb/nothing/"),
    ],
)
def test_what_is_not_there_is_not_found(newsroom: Newsroom, site: str, path: str) -> None:
    """Pages beyond the last, and articles never published, are 404."""
    text(newsroom.addresses[site] + path, status=404)


@pytest.mark.parametrize(
    ("site", "path"),
    [("secretariat", "/"), ("belta", "/"), ("belta", "/society/page/2/"), ("openkg", "/en/")],
)
def test_front_pages_and_repeating_rubrics_are_lists(
    newsroom: Newsroom, site: str, path: str
) -> None:
    """A front page shows the list; a rubric of BelTA repeats its first page."""
    cards = ".news-item, .lenta_item, .short-item"
    assert page(newsroom, site, path).cssselect(cards)


def test_secretariat_serves_attachments(newsroom: Newsroom) -> None:
    """The file of a document can be fetched."""
    assert text(newsroom.addresses["secretariat"] + "/upload/iblock/5f1/x.docx").startswith("PK")


def test_tass_list_refuses_what_it_cannot_read(newsroom: Newsroom) -> None:
    """The list wants a POST with a section and a limit."""
    url = newsroom.addresses["tass"] + "/userApi/categoryNewsList"
    text(url, status=405)
    for posted in ("no json", "{}", '{"sectionId": null, "limit": 1}'):
        text(url, posted, status=400)


@pytest.fixture
def russian(press_now: datetime) -> Iterator[Newsroom]:
    """Open the Russian editions with both waves out."""
    with Newsroom(press_now, wave=2, sites=("secretariat_ru", "belta_ru", "tass_ru")) as room:
        yield room


def test_russian_secretariat(russian: Newsroom) -> None:
    """The Russian edition has its own labels and the same marks."""
    shown = article(russian, "secretariat_ru-staff")
    assert one(shown, ".news-detail .news-date-time") == "19.12.2025"
    assert shown.cssselect("p a")[-1].text == "Вернуться ко всем новостям"


def test_russian_belta(russian: Newsroom) -> None:
    """Months are in the genitive, the dateline begins with the day."""
    shown = article(russian, "belta_ru-mission")
    assert one(shown, ".date_full") == "20 декабря 2025, 11:12"
    assert one(shown, ".header_date") == "Суббота, 20 декабря 2025"
    assert one(shown, "a.rubric") == "Политика"
    assert one(shown, ".js-mediator-article").startswith("20 декабря, Минск /Корр. БЕЛТА/. Мирот")


def test_russian_tass_blocks_everything_but_its_feed(russian: Newsroom) -> None:
    """Pages and robots.txt are behind the block page, the feed is not."""
    base = russian.addresses["tass_ru"]
    for path in ("/robots.txt", "/politika", "/sitemap/sitemap_news0.xml"):
        assert "servicepipe" in text(base + path, status=403)
    feed = etree.fromstring(text(base + "/rss/v2.xml").encode())
    titles = [title.text for title in feed.iterfind(".//item/title")]
    assert titles == [
        "Программа помощи южным заставам перешла ко второму этапу",
        "Музей Арктики открыл зал старых карт",
    ]
