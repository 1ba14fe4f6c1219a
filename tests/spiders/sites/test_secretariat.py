"""The secretariat: strip, title, date or none, text; lists and addresses."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from db.errors import ExtractError
from db.model import Basis, Dateline, Precision, TitleBasis
from spiders.blocks import Page
from spiders.registry import default_source, site
from spiders.site import Card, Fetch

SITE = site("secretariat")
SOURCE = default_source("secretariat")
SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
URL = "https://en.odkb-csto.org/news/news_odkb/o-zasedanii/"
STRIP = (
    "27.02.2026\n\nThe Joint Staff took part in a meeting.\n\n\n"
    "26.02.2026\n\nOn February 26, 2026, consultations were held in Minsk.\n\n"
)
BODY = "On 26 May 2023 the Council met in Dushanbe.\n\nThe parties agreed on 1 June 2024.\n"
FOOTER = "\n\nGo back\n\nBack to the section\n\nBack to the all news\n"


def read(body, *, card=None, url=None, media="text"):
    return SITE.read(Page(url, body, media), SOURCE, card, SEEN)


def day(dateline):
    return (
        str(dateline.when.astimezone(ZoneInfo("Europe/Moscow")).date()) if dateline.when else None
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Council meets\n\nCouncil meets 04.12.2024\n\n", "2024-12-04"),
        ("Council meets\n\n04.12.2024\n\n", "2024-12-04"),
        ("Council meets 04.12.2024\n\n", "2024-12-04"),
        ("Council meets\n\nCouncil meets\n\n04.12.2024\n\n", "2024-12-04"),
        ("Council meets\n\n“Council” meets 04.12.2024\n\n", "2024-12-04"),
        ("Council meets\n\n", None),
        ("Council meets\n\nCouncil meets\n\n", None),
    ],
)
@pytest.mark.parametrize("strip", [STRIP, ""], ids=["strip", "no strip"])
def test_the_date_stands_between_title_and_text_or_nowhere(strip, head, expected):
    """Whichever way the template prints it, strip and text give no date to the article."""
    reading = read(strip + head + BODY + FOOTER)
    article = reading.article
    assert (article.title, article.title_basis) == ("Council meets", TitleBasis.PAGE)
    assert day(article.dateline) == expected
    assert article.dateline.basis is (Basis.PRINTED if expected else Basis.UNKNOWN)
    assert article.text.startswith("On 26 May 2023 the Council")
    assert article.text.endswith("2024.")
    assert [day(card.dateline) for card in reading.cards] == (
        ["2026-02-27", "2026-02-26"] if strip else []
    )


def test_a_page_without_a_date_takes_its_card_s():
    """The card of the list is believed where the page prints nothing."""
    listed = Dateline(
        when=datetime(2024, 5, 1, 21, tzinfo=UTC), precision=Precision.DAY, basis=Basis.LISTING
    )
    article = read(STRIP + "Council meets\n\n" + BODY, card=Card(url=URL, dateline=listed)).article
    assert article.dateline == listed


def test_a_date_ahead_of_its_reading_is_not_believed():
    """A page that prints a day in the far future has no known date."""
    assert read("Council meets\n\n04.12.2027\n\n" + BODY).article.dateline.basis is Basis.UNKNOWN


def test_a_document_to_download_is_an_attachment_and_no_text():
    """The name of the file is kept, the line is not."""
    name = "0123456789abcdef0123456789abcdef.docx"
    article = read(f"Statement\n\n04.12.2024\n\nDownload document {name}\n\n{BODY}").article
    assert article.attachments == (name,)
    assert "Download" not in article.text


def test_a_preview_of_two_paragraphs_stays_in_the_strip():
    """A whole sentence that the next item's day follows belongs to the item before."""
    reading = read("27.02.2026\n\nFirst.\n\nSecond.\n\n" + STRIP + "Council meets\n\n" + BODY)
    assert reading.cards[0].summary == "First.\n\nSecond."
    assert reading.article.title == "Council meets"


@pytest.mark.parametrize(
    "head", ["04.12.2024", "Council meets 04.12.2024", "Council meets\n\n04.12.2024"]
)
def test_a_last_preview_of_two_paragraphs_is_no_title(head):
    """A whole sentence behind the strip stays its own if a title known by its day follows."""
    reading = read(
        STRIP + f"Officers of all states attended.\n\nCouncil meets\n\n{head}\n\n" + BODY
    )
    assert (reading.article.title, day(reading.article.dateline)) == ("Council meets", "2024-12-04")
    assert reading.cards[-1].summary.endswith("Officers of all states attended.")


def test_menu_lines_above_the_strip_are_no_title():
    """What stands above the first day of a strip is the site's, not the article's."""
    reading = read("News\nDocuments\n" + STRIP + "Council meets\n\n04.12.2024\n\n" + BODY)
    assert len(reading.cards) == 2
    assert reading.article.title == "Council meets"


def test_a_day_of_the_strip_without_a_preview_is_no_item():
    """An item whose preview is missing tells nothing; its neighbours are read."""
    reading = read("28.02.2026\n\n" + STRIP + "Council meets\n\n04.12.2024\n\n" + BODY)
    assert [card.summary[:5] for card in reading.cards] == ["The J", "On Fe"]
    assert reading.article.title == "Council meets"


def test_a_text_without_a_title_gets_its_first_sentence():
    """The derived title says that it is derived."""
    article = read(STRIP + "The Council met in Dushanbe. It agreed.\n\nMore was said.").article
    assert (article.title, article.title_basis) == (
        "The Council met in Dushanbe",
        TitleBasis.DERIVED,
    )
    assert article.text == "The Council met in Dushanbe. It agreed.\n\nMore was said."


def test_a_strip_alone_is_cards_without_an_article():
    """A page that shows only the strip gives its items."""
    reading = read(STRIP + FOOTER)
    assert reading.article is None
    assert len(reading.cards) == 2


def test_a_page_without_words_is_an_error_that_names_the_field():
    """Nothing to read is said, not stored."""
    with pytest.raises(ExtractError, match=r"\[text\]"):
        read(FOOTER)
    with pytest.raises(ExtractError):
        read("Council meets\n\nCouncil meets 04.12.2024" + FOOTER)


PAGE = """<html lang="en"><head><title>x</title></head><body>
<ul><li><a href="/news/">News</a></li></ul>
<div class="news-list">
<p class="news-item"><span class="news-date-time">27.02.2026</span>
<a href="/news/news_odkb/drugaya-/?bxajaxid=1">The Joint Staff took part in a meeting.</a></p>
<p class="news-item"><span class="news-date-time">26.02.2026</span>
<a href="/news/news_odkb/tretya/">Consultations were held in Minsk.</a></p></div>
{head}<div class="news-detail">{date}<p>On 26 May 2023 the Council met.</p>
<ul><li>one;</li><li>two.</li></ul></div>
<p><a href="/news/">Go back</a></p><p>Related: 01.01.2020</p></body></html>"""


@pytest.mark.parametrize(
    ("head", "date", "expected"),
    [
        (
            "<h1>Council meets</h1>",
            '<img class="detail_picture" alt="Council meets"> 04.12.2024',
            "2024-12-04",
        ),
        (
            "<h1>Council meets</h1>",
            '<span class="news-date-time">04.12.2024</span><h3>Council meets</h3>',
            "2024-12-04",
        ),
        ("", '<h3>Council meets</h3><span class="news-date-time">04.12.2024</span>', "2024-12-04"),
        ("<h1>Council meets</h1>", "", None),
    ],
)
def test_the_markup_s_variants_read_alike(head, date, expected):
    """With or without picture, date and `h1`, a page of the template gives the same article."""
    reading = read(PAGE.format(head=head, date=date), url=URL, media="html")
    article = reading.article
    assert (article.title, day(article.dateline)) == ("Council meets", expected)
    assert article.text == "On 26 May 2023 the Council met.\n\n- one;\n\n- two."
    assert [card.url for card in reading.cards] == [
        "https://en.odkb-csto.org/news/news_odkb/drugaya-/",
        "https://en.odkb-csto.org/news/news_odkb/tretya/",
    ]
    assert [day(card.dateline) for card in reading.cards] == ["2026-02-27", "2026-02-26"]


def test_the_russian_edition_is_read_by_the_same_rules():
    """Day, title and footer are found in Russian, and the language is told by the letters."""
    body = "27.02.2026\n\nПрошли консультации.\n\n26.02.2026\n\nСостоялась встреча.\n\nЗаседание Совета\n\n04.12.2024\n\nСовет собрался в Душанбе.\n\nВернуться назад"
    article = read(body).article
    assert (article.title, day(article.dateline), article.language) == (
        "Заседание Совета",
        "2024-12-04",
        "ru",
    )
    assert article.text == "Совет собрался в Душанбе."


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://en.odkb-csto.org/news/news_odkb/o-vstreche-/?utm_source=x&clear_cache=Y#top",
         "https://en.odkb-csto.org/news/news_odkb/o-vstreche-/"),
        ("https://odkb-csto.org:443/priorities_1/?ELEMENT_ID=77&sphrase_id=3",
         "https://odkb-csto.org/priorities_1/?ELEMENT_ID=77"),
        ("http://127.0.0.1:8000/news/news_odkb/A_b%20c/", "http://127.0.0.1:8000/news/news_odkb/A_b%20c/"),
    ],
)  # fmt: skip
def test_an_address_keeps_its_slug_and_loses_what_names_the_reader(url, canonical):
    """A final hyphen, capitals, underscores and %20 stay; session parameters go."""
    assert SITE.canonical(url) == canonical
    assert SITE.is_article(url)


@pytest.mark.parametrize("path", ["/news/", "/news/news_odkb/", "/documents/", "/news/?PAGEN_1=2"])
def test_lists_are_no_articles(path):
    """A section's address is not that of an article."""
    assert not SITE.is_article(f"https://en.odkb-csto.org{path}")


LIST = """<div class="news-list">
<p class="news-item"><a href="/news/news_odkb/pervaya/"><img></a><span class="news-date-time">27.02.2026</span>
<a href="/news/news_odkb/pervaya/"><b>First title</b></a><br>What the first says.</p>
<p class="news-item"><a href="/news/news_odkb/vtoraya-/"><b>Second title</b></a><br>No day here.</p>
<p class="news-item"><span>26.02.2026</span> <a href="/news/news_odkb/vtoraya/">A preview that is linked whole.</a></p>
</div><a href="https://elsewhere.test/news/news_odkb/x/">x</a><a href="http://[bad">y</a>
<a href="/news/?PAGEN_1=2">2</a><a href="/news/?PAGEN_1=12">12</a>"""


def test_a_list_gives_its_cards_in_order_and_the_next_page():
    """Title, preview and day of each card; links to other sites are no cards."""
    fetch = SITE.lists(SOURCE, SEEN)[0]
    listing = SITE.read_list(Page("https://en.odkb-csto.org/news/", LIST), fetch, SOURCE, SEEN)
    assert [(c.title, c.summary, day(c.dateline)) for c in listing.cards] == [
        ("First title", "What the first says.", "2026-02-27"),
        ("Second title", "No day here.", None),
        ("", "A preview that is linked whole.", "2026-02-26"),
    ]
    assert [card.url.rsplit("/", 2)[1] for card in listing.cards] == [
        "pervaya",
        "vtoraya-",
        "vtoraya",
    ]
    assert [more.url for more in listing.more] == ["https://en.odkb-csto.org/news/?PAGEN_1=2"]


def test_a_single_card_is_no_wider_than_a_card():
    """Where no other card marks its edge, a card ends after a few elements."""
    body = (
        "<div>" * 9
        + '<a href="/news/news_odkb/pervaya/">First title</a>'
        + "</div>" * 8
        + "27.02.2026</div>"
    )
    fetch = SITE.lists(SOURCE, SEEN)[0]
    (card,) = SITE.read_list(Page(fetch.url, body), fetch, SOURCE, SEEN).cards
    assert (card.title, card.dateline.basis) == ("First title", Basis.UNKNOWN)


def test_the_last_page_of_a_list_has_no_next():
    """The pager's own page and those before it are not asked again."""
    fetch = Fetch(url="https://en.odkb-csto.org/news/?PAGEN_1=2", follows=1)
    page = Page(fetch.url, LIST.replace("PAGEN_1=12", "PAGEN_1=1"))
    assert SITE.read_list(page, fetch, SOURCE, SEEN).more == ()
