"""What a line says itself of its date: of publication, of a change, of something else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.model import Basis
from spiders import dates, generic, shown
from spiders.blocks import Page
from spiders.marks import elsewhere

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
URL = "https://e.test/news/harbour"
TITLE = "Harbour gets a second crane"
TEXT = "".join(
    f"<p>Paragraph {n} tells in a sentence of usual length what the harbour wants the crane for.</p>"
    for n in range(4)
)


def read(body: str, head: str = "", lang: str = "lang=en"):
    page = f"<html {lang}><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return generic.read(Page(URL, page), "UTC", None, SEEN)


def day_of(body: str, head: str = "", lang: str = "lang=en") -> str | None:
    """Return the day that is chosen, None if it is unknown."""
    dateline = read(body, head, lang)[1].dateline
    return None if dateline.when is None else dates.local_day(dateline).isoformat()


def article(line: str, behind: str = "", text: str = TEXT) -> str:
    return f"<div><h1>{TITLE}</h1>{line}{text}{behind}</div>"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Updated 14 March 2026, published 12 March 2026", "2026-03-12"),
        ("Written: 2026-03-12 15:03 / Updated: 2026-03-14 15:30", "2026-03-12"),
        ("12 March 2026 (updated 14 March 2026)", "2026-03-12"),
        ("Veröffentlicht 12.03.2026 · Aktualisiert 14.03.2026", "2026-03-12"),
        ("Mis à jour le 14 mars 2026", None),
        ("Обновлено 14 марта 2026", None),
        ("Оновлено 14 березня 2026", None),
        ("Diese Seite wurde zuletzt am 14. März 2026 geändert", None),
        ("Published, then updated 14 March 2026", None),
        ("Changed: 14 March 2026", None),
        ("Revised on 14 March 2026", None),
        ("Zaktualizowano: 14 marca 2026", None),
        ("Bijgewerkt op 14 maart 2026", None),
        ("Изменено 14 марта 2026", None),
        ("Обновлён 14 марта 2026", None),
        ("Змінено 14 березня 2026", None),
        ("Жаңартылған 14 наурыз 2026", None),
        ("Өзгөртүлдү: 14-март 2026", None),
        ("Actualizat 14 martie 2026", None),
        ("修改 2026年3月14日", None),
        ("How the harbour changed, 12 March 2026", "2026-03-12"),
        ("Born 5 April 1967", None),
        ("Born in Minsk on 5 April 1967", None),
        ("Archive, 5 April 2019", None),
        ("Deadline: 5 April 2026", None),
        ("Родился 5 апреля 1967", None),
        ("Geboren am 5. April 1967", None),
        ("Jo Writer was born on 5 April 1967. Published 12 March 2026", "2026-03-12"),
        ("Max Born, 12 March 2026", "2026-03-12"),
        ("Jo Writer, 12 March 2026, archive", "2026-03-12"),
        ("Veröffentlicht am 12. März 2026 / © Hafenblatt", "2026-03-12"),
    ],
)
def test_a_line_says_which_of_its_dates_is_of_publication(line: str, day: str | None) -> None:
    """A word holds for the dates behind it; what was changed or born then was not published then."""
    assert day_of(article(f"<div>{line}</div>")) == day


def test_what_tells_of_something_else_says_so() -> None:
    """The reason is kept with the date."""
    (one,) = read(article("<div>Born 5 April 1967</div>"))[1].candidates[:1]
    assert one.rejected == "says that it tells of something else"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<div class=date>Harbour, 12.03.26</div>", "2026-03-12"),
        ("<span>12.03.26, 08:30</span>", "2026-03-12"),
        ("<p>12.03.27</p>", None),
        ("<p>32.03.26</p>", None),
        ("<p>31.02.26</p>", None),
        ("<p>Version 12.03.26.1 of the harbour's plan</p>", None),
        ("<h2>Harbour plan 12.03.26</h2>", None),
        ("<p>The plan of the harbour has the number 12.03.26 and goes to the council</p>", None),
    ],
)
def test_a_year_of_two_digits_is_read_in_a_line_of_little_else(line: str, day: str | None) -> None:
    """Full stops say the order; it is of this century, and not ahead."""
    assert day_of(article(line)) == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (
            "This entry was posted on Thursday, March 12th, 2026 at 10:00 am and is filed under <a href=/h>Harbour</a>. You can follow any responses through the feed.",
            "2026-03-12",
        ),
        (
            "Dieser Artikel wurde am 12. März 2026 um 14:48 von <a href=/j>Jo Writer</a> in der Rubrik Hafen veröffentlicht und hat bisher zwei Kommentare.",
            "2026-03-12",
        ),
        (
            "This entry was last modified on Thursday, March 12th, 2026 at 10:00 am and is filed under Harbour. It was posted by a reader of the page.",
            None,
        ),
        (
            "This story of the harbour, which was told to us by the master of the harbour and others, is of 12 March 2026 as far as we can tell.",
            None,
        ),
        (
            "The book on the crane, which the harbour had published on 12 March 2026, tells in many words what became of the first of them.",
            None,
        ),
    ],
)
def test_a_sentence_that_says_when_a_post_was_published_dates_it(
    line: str, day: str | None
) -> None:
    """Journals end a post with it; it speaks of the post, and of no other thing."""
    assert day_of(article("<div>caption</div>" * 9, f"<p>{line}</p>")) == day


def test_a_line_that_begins_with_its_date_beside_the_title_is_the_article_s() -> None:
    """Whatever its name, with a section behind it that it links to."""
    line = "<p class={0}>12 March 2026 | <a href=/s>Press releases</a></p>"
    assert day_of(article(line.format("text__caption"))) == "2026-03-12"
    above = f"<article>{line.format('category')}<h1>{TITLE}</h1>{TEXT}</article>"
    assert day_of(above) == "2026-03-12"


@pytest.mark.parametrize(
    "line",
    [
        "<p class=text__caption>12 March 2026 <a href=/s>Second ship of the year</a></p>",
        "<div><p class=text__caption>12 March 2026</p></div>",
        "<p class=text__caption>The first crane, 12 March 2026</p>",
    ],
)
def test_a_caption_or_a_teaser_beside_the_title_is_not(line: str) -> None:
    """In an element of its own, or with words that the date belongs to."""
    page = Page(URL, f"<html><body>{article(line)}</body></html>")
    offered = list(shown.of_blocks(page, "UTC", SEEN, TITLE, elsewhere(page.blocks)))
    assert [bool(one.rejected) for one in offered] == [True]


def test_the_date_in_a_title_yields_to_the_line_beside_it() -> None:
    """It tells of what the title tells of; alone it is believed."""
    heading = "<h1>Harbour gets a second crane on 11.3.2026</h1>"
    assert day_of(f"<div>{heading}<p>12 March 2026</p>{TEXT}</div>") == "2026-03-12"
    assert day_of(f"<div>{heading}{TEXT}</div>") == "2026-03-11"


def test_words_overrule_the_time_element_around_them() -> None:
    """Templates state the last change there and print the publication."""
    time = "<time datetime=2026-03-15T10:00:00Z>{} 12 March 2026</time>"
    assert day_of(article(time.format("Published on"))) == "2026-03-12"
    assert day_of(article(time.format("The harbour,"))) == "2026-03-15"


def test_a_date_of_the_old_microformat_is_a_time_element() -> None:
    """Journals marked it so before HTML had an element for it."""
    line = "<abbr class='dtstart published' title=2026-03-12T08:30:00+02:00>last Thursday</abbr>"
    found = read(article(line))[1].dateline
    assert (found.basis, found.zone) == (Basis.TIME_ELEMENT, "+02:00")
    assert day_of(article(line.replace("published", "updated"))) is None


def test_a_page_may_state_its_language_as_xml_does() -> None:
    """Old pages have no other."""
    assert day_of(article("<p>12/03/2026</p>"), lang="xml:lang=en-GB") == "2026-03-12"
    assert day_of(article("<p>12/03/2026</p>"), lang="") is None


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("<p>March 12, 2026, 9:25 pm</p>", "-05:00"),
        ("<p>March 13, 2026, 7:55</p>", "+05:30"),
        ("<time datetime=2026-03-12T18:25:54-08:00>x</time>", "-08:00"),
        ("<p>March 12, 2026, 9:31 pm</p>", "UTC"),
        ("<p>March 12, 2026</p>", "UTC"),
        ("<time datetime=2026-03-12T18:35:54-08:00>x</time>", "UTC"),
    ],
)
def test_a_moment_in_utc_is_told_in_the_zone_of_the_page_s_own_clock(line: str, zone: str) -> None:
    """The moment stays; which day a reader saw is known where a clock beside shows the same."""
    meta = '<meta property="article:published_time" content="2026-03-13T02:25:54Z">'
    found = read(article(line), meta)[1].dateline
    assert found.when == datetime(2026, 3, 13, 2, 25, 54, tzinfo=UTC)
    assert (found.zone, found.zone_stated) == (zone, True)


@pytest.mark.parametrize("stamp", ["01.02.2022 „Jobs", "12.03.2026 «Jobs", '12.03.2026 "Jobs'])
def test_a_quotation_may_follow_the_stamp_that_opens_a_text(stamp: str) -> None:
    """As a capital letter may."""
    assert day_of(article("", text=TEXT.replace("<p>", f"<p>{stamp} ", 1))) is not None


def test_a_stamp_stays_in_the_text_where_another_date_was_chosen() -> None:
    """It is then part of what is told."""
    meta = '<meta property="article:published_time" content="2026-03-15T08:00:00Z">'
    text = TEXT.replace("<p>", "<p>12.03.2026 08:30 ", 1)
    assert read(article("", text=text), meta)[0].paragraphs[0].startswith("12.03.2026 08:30 Para")
    assert read(article("", text=text))[0].paragraphs[0].startswith("Paragraph 0")
    same = meta.replace("15T", "12T")
    assert read(article("", text=text), same)[0].paragraphs[0].startswith("Paragraph 0")


@pytest.mark.parametrize(
    ("lead", "day"),
    [
        ("NEW YORK, March 12, 2026 – ", "2026-03-12"),
        ("Karlsruhe, (12.3.2026). ", "2026-03-12"),
        ("Minsk, 12 March 2026 /Agency/. ", "2026-03-12"),
        ("МИНСК, 12 марта 2026 года. /Агентство/. ", "2026-03-12"),
        ("Berlin, den 12. März 2026 - ", "2026-03-12"),
        ("Paris, le 12 mars 2026 : ", "2026-03-12"),
        ("On Friday, March 12, 2026 – ", None),
        ("Since March 12, 2026 – ", None),
        ("The harbour, March 12, 2026 – ", None),
        ("Jo Writer saw it on 12 March 2026 (and later). ", None),
        ("Minsk, March 2026 – ", None),
    ],
)
def test_a_place_and_a_day_that_open_a_text_date_it(lead: str, day: str | None) -> None:
    """As news and releases begin; a line beside the title is better."""
    text = TEXT.replace("<p>", f"<p>{lead}", 1)
    dateline = read(article("", text=text))[1].dateline
    assert (dateline.when and dates.local_day(dateline).isoformat()) == day
    assert dateline.basis is (Basis.LEAD if day else Basis.UNKNOWN)
    assert day_of(article("<p>13 March 2026</p>", text=text)) == "2026-03-13"


@pytest.mark.parametrize(
    "line",
    [
        "<h2>The ship that sank on 5 March 2019 is raised at last</h2>",
        "<h2>Raised at last, seven years after the storm of 5 March 2019</h2>",
        "<p class=subtitle>The ship that sank on 5 March 2019 is raised at last</p>",
        "<p>The ship, which sank on 5 March 2019, is raised</p>",
        "<h2>Судно, затонувшее в порту 5 марта 2019 года, подняли со дна</h2>",
    ],
)
def test_the_day_of_what_a_subtitle_tells_dates_no_article(line: str) -> None:
    """It is a sentence without its end."""
    assert day_of(article(line)) is None


@pytest.mark.parametrize(
    "line",
    [
        "<h3>Press release, 12 March 2026</h3>",
        "<h3>From our correspondent in the harbour town, 12 March 2026</h3>",
        "<p>Anna Berg for the Harbour News in Hamburg on 12 March 2026</p>",
        "<p>12 March 2026 told by those who have seen the crane</p>",
        "<p>stories and sketches from harbours of the north | 12 March 2026 | crews</p>",
    ],
)
def test_a_day_beside_who_wrote_or_apart_from_other_words_dates_the_article(line: str) -> None:
    """Names, places and marks part it from what is told."""
    assert day_of(article(line)) == "2026-03-12"


@pytest.mark.parametrize(
    "line",
    [
        "The mine closed 3 days ago.",
        "Two miners were found alive 6 days ago",
        "5 hours ago, police said, the mine was shut",
        "Шахту закрыли 3 дня назад.",
    ],
)
def test_what_a_sentence_tells_from_now_dates_no_article(line: str) -> None:
    """It ends with the words, or begins with them, as a stamp does."""
    assert day_of(article(f"<p>{line}</p>")) is None


@pytest.mark.parametrize(
    "line",
    [
        "3 days ago",
        "Lee Moor 3 days ago",
        "By Lee Moor, Nairobi, 3 days ago",
        "3 days ago · 5 minutes to read",
        "World news | 3 days ago",
    ],
)
def test_a_stamp_told_from_now_stands_beside_names_and_marks(line: str) -> None:
    """As journals print it."""
    assert day_of(article(f"<p>{line}</p>")) == "2026-11-18"
