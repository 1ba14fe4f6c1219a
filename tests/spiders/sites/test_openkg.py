"""open.kg: dated by the card that led there, text between two lines of sharing buttons."""

from datetime import UTC, datetime

import pytest

from db.errors import ExtractError
from db.model import Basis, Dateline, Precision
from spiders.blocks import Page
from spiders.registry import default_source, site
from spiders.site import Card, Fetch

SITE = site("openkg")
SOURCE = default_source("openkg")
SEEN = datetime(2026, 1, 12, 9, tzinfo=UTC)
URL = "https://open.kg/en/politics/exclusive/98417-odkb-dokazala.html"
SHARE = "VK X OK WhatsApp Telegram"
BODY = "On 1 May 2025 the council met.\n\n- one;\n\n- two.\n\nIt closed on 02.05.2025, 10:00."
TAIL = f"\n{SHARE}\n\nRead also:\n\nOther story\n\nWrite a comment:"


def read(body, *, card=None, url=None, media="text"):
    return SITE.read(Page(url, body, media), SOURCE, card, SEEN).article


@pytest.mark.parametrize(
    ("byline", "authors", "section"),
    [
        ("Арестова Татьяна Politics\n", ("Арестова Татьяна",), "Politics"),
        ("Мамытов А. Central Asia\n", ("Мамытов А.",), "Central Asia"),
        ("Арестова Татьяна Политика\n", ("Арестова Татьяна",), "Политика"),
        ("Politics\n", (), "Politics"),
        ("", (), None),
    ],
)
def test_author_and_category_stand_between_title_and_text(byline, authors, section):
    """Either part of the line may be missing; the many dates of the text are not the article's."""
    article = read(f"Council adapts to the changes of the world\n\n{byline}{SHARE}\n\n{BODY}{TAIL}")
    assert (article.title, article.authors, article.section) == (
        "Council adapts to the changes of the world",
        authors,
        section,
    )
    assert article.text == BODY
    assert article.dateline.basis is Basis.UNKNOWN


def test_menu_labels_are_no_title():
    """The literal `{title}` marks the category menu."""
    article = read(
        f"{{title}} News\n{{title}} Politics\nCouncil adapts\n\nАрестова Татьяна Politics\n{SHARE}\n{BODY}{TAIL}"
    )
    assert article.title == "Council adapts"


def test_without_sharing_buttons_the_first_line_is_the_title():
    """The text then ends at the first of the page's own lines."""
    article = read(f"Council adapts\n\n{BODY}\n\nRead also:\n\nOther")
    assert (article.title, article.text) == ("Council adapts", BODY)
    with pytest.raises(ExtractError):
        read("")


def test_a_title_missing_above_the_buttons_is_the_card_s():
    """A page that opens with its buttons takes the title of its card."""
    card = Card(url=URL, title="Council adapts")
    assert read(f"{SHARE}\n{BODY}{TAIL}", card=card).title == "Council adapts"
    assert read(f"{SHARE}\n{BODY}{TAIL}").title == "On 1 May 2025 the council met"


def test_the_card_dates_the_page_before_its_markup():
    """The order of belief is card, structured data, meta, unknown."""
    listed = Dateline(
        when=datetime(2026, 1, 11, 4, tzinfo=UTC), precision=Precision.MINUTE, basis=Basis.LISTING
    )
    head = '<meta property="article:published_time" content="2026-01-09T10:00:00+06:00">'
    data = (
        '<script type="application/ld+json">{"datePublished":"2026-01-10T10:00:00+06:00"}</script>'
    )
    html = f"<html><head>{{}}</head><body><h1>Council adapts</h1><div>{SHARE}</div><p>It met.</p></body></html>"

    def basis(markup, card=None):
        return read(html.format(markup), card=card, url=URL, media="html").dateline.basis

    assert basis(head + data, Card(url=URL, dateline=listed)) is Basis.LISTING
    assert basis(head + data) is Basis.STRUCTURED
    assert basis(head) is Basis.META
    assert basis("") is Basis.UNKNOWN


PAGE = """<html lang="en"><body><ul><li><a href="/en/news/">{{title}} News</a></li></ul>
<article><h1>Council adapts</h1>{byline}<div class="share">VK X OK <span>WhatsApp</span> Telegram</div>
<div class="full"><p>The council met.</p><ul><li>one;</li><li>two.</li></ul></div>
<div class="share">VK X OK WhatsApp Telegram</div></article><div>Read also:</div><p>Other</p></body></html>"""


def test_the_page_s_markup_reads_like_its_text():
    """A heading marks the title, list items stay a list."""
    article = read(
        PAGE.format(byline="<div>Арестова Татьяна <a href='/en/politics/'>Politics</a></div>"),
        url=URL,
        media="html",
    )
    assert (article.title, article.authors, article.section) == (
        "Council adapts",
        ("Арестова Татьяна",),
        "Politics",
    )
    assert article.text == "The council met.\n\n- one;\n\n- two."
    assert read(PAGE.format(byline=""), url=URL, media="html").section is None


LIST = """<ul><li><a href="/en/politics/">{title} Politics</a></li></ul><div id="dle-content">
<div class="s"><a href="/en/politics/exclusive/98417-odkb-dokazala.html"><img><span>Council adapts</span></a>
<a href="/en/politics/exclusive/98417-odkb-dokazala.html">Council adapts</a><div>Politics / Exclusive</div>
<div>The council met and...</div><div>11.01.2026, 10:00</div></div>
<div class="s"><a href="/en/society/5-pogoda.html">Snow falls</a><div>Society</div><div>It snowed all night long...</div></div>
<div class="navigation"><span>1</span> <a href="/en/news/page/2/">2</a></div></div>"""


def test_a_list_gives_cards_dated_in_bishkek():
    """The title stands once, the category's first part is the section, the date is assumed local."""
    fetch = SITE.lists(SOURCE, SEEN)[0]
    listing = SITE.read_list(Page(fetch.url, LIST), fetch, SOURCE, SEEN)
    first, second = listing.cards
    assert (first.url, first.title, first.section, first.summary) == (
        URL,
        "Council adapts",
        "Politics",
        "The council met and...",
    )
    assert (first.dateline.when, first.dateline.zone, first.dateline.zone_stated) == (
        datetime(2026, 1, 11, 4, tzinfo=UTC), "Asia/Bishkek", False,
    )  # fmt: skip
    assert (second.title, second.section, second.dateline.basis) == (
        "Snow falls",
        "Society",
        Basis.UNKNOWN,
    )
    assert [more.url for more in listing.more] == ["https://open.kg/en/news/page/2/"]


def test_page_numbers_count_up_until_there_is_no_next():
    """Behind page 2 comes page 3, if the list links to it."""
    fetch = Fetch(url="https://open.kg/en/news/page/2/", follows=1)
    assert SITE.read_list(Page(fetch.url, LIST), fetch, SOURCE, SEEN).more == ()
    more = SITE.read_list(
        Page(fetch.url, LIST.replace("page/2", "page/3")), fetch, SOURCE, SEEN
    ).more
    assert [(ask.url, ask.follows) for ask in more] == [("https://open.kg/en/news/page/3/", 2)]


def test_print_and_page_variants_are_the_article_itself():
    """DLE's variants have one canonical address and are no articles of their own."""
    variant = "http://www.open.kg/en/politics/print:page,1,98417-odkb-dokazala.html"
    assert not SITE.is_article(variant)
    assert (
        SITE.canonical("http://open.kg/en/politics/exclusive/page,1,2,98417-odkb-dokazala.html")
        == URL
    )
    assert SITE.is_article(URL)
    assert not SITE.is_article("https://open.kg/en/news/")
