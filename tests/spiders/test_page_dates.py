"""Which of the dates on a page nobody wrote rules for is the article's: where it stands, what it says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.model import Basis, Candidate, Precision
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


def day_of(body: str, head: str = "", lang: str = "en") -> str | None:
    """Return the day that is chosen, None if it is unknown."""
    dateline = verdict(body, head, lang).dateline
    return None if dateline.when is None else dates.local_day(dateline).isoformat()


def verdict(body: str, head: str = "", lang: str = "en"):
    page = f"<html lang={lang}><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return generic.read(Page(URL, page), "UTC", None, SEEN)[1]


def shown_by(body: str) -> list[Candidate]:
    """Return what a reader sees, before a guess is asked."""
    page = Page(URL, body)
    return list(shown.of_blocks(page, "UTC", SEEN, TITLE, elsewhere(page.blocks)))


def article(line: str, behind: str = "") -> str:
    return f"<div><h1>{TITLE}</h1>{line}{TEXT}{behind}</div>"


@pytest.mark.parametrize(
    "line",
    [
        "<div>12. März 2026</div>",
        "<div>Erstellt am Donnerstag 12. März 2026 um 07:15</div>",
        "<div>Par la rédaction, le 12 mars 2026</div>",
        "<div>12 de marzo de 2026</div>",
        "<div>12.3.2026 klo 14.00</div>",
        "<div>Portul, 12 martie 2026 16:20</div>",
        "<div>12 березня 2026, 10:54</div>",
        "<div>12 Mart 2026, Perşembe</div>",
        "<div>2026年3月12日 12:30 来源</div>",
        "<div>Jo Writer12.3.2026</div>",
    ],
)
def test_a_date_beside_the_title_is_read_in_many_languages(line: str) -> None:
    """Months by name, days and months of one digit, and what runs into a name."""
    assert day_of(article(line)) == "2026-03-12"


@pytest.mark.parametrize(
    "around",
    [
        '<div class="widget Blog" id=Blog1>{}</div>',
        '<div class="mainwrap sidebar">{}</div>',
        '<div class="field comment">{}</div>',
        "<form id=page>{}</form>",
        '<aside class="teaser">{}</aside>',
    ],
)
def test_what_holds_the_title_is_the_article_whatever_its_name(around: str) -> None:
    """Themes call the whole article a widget, a sidebar or a form."""
    assert day_of(around.format(article("<div>12 March 2026</div>"))) == "2026-03-12"


def test_a_sidebar_beside_the_title_is_none_of_the_article() -> None:
    """Only what holds the title is taken for the article's."""
    assert day_of(article("<div class=sidebar>12 March 2026</div>")) is None


@pytest.mark.parametrize(
    "line",
    [
        "<div class=entry-meta><a href=/2026/03>12 March 2026</a> by <a href=/jo>Jo Writer</a> <a href=#c>Leave a comment</a></div>",
        "<div class=entry-meta><time datetime=2026-03-12T08:00:00Z><a href=/x>12 March 2026</a></time><time class=updated datetime=2026-04-01T08:00:00Z>1 April 2026</time><a href=/jo>Jo Writer of the harbour desk</a></div>",
        "<ul class=post-info><li><a href=/jo>Jo Writer</a><li><span>12 March 2026 <a href=/s>Ports</a></span></ul>",
    ],
)
def test_a_byline_may_lead_to_its_author_and_its_section(line: str) -> None:
    """A line that a class calls the article's is no teaser, however many links it holds."""
    assert day_of(article(line)) == "2026-03-12"


def test_a_teaser_beside_the_title_is_no_byline() -> None:
    """A line of links that nothing calls a byline leads to another story."""
    line = "<div><a href=/old>A story of the old crane and its end</a> 12 March 2026</div>"
    assert day_of(article(line)) is None


def test_of_two_times_the_one_published_counts() -> None:
    """A line that begins with the change ends with the publication."""
    times = "Updated <time datetime=2026-03-14T08:00Z>x</time> published <time datetime=2026-03-12T08:00Z>y</time>"
    assert day_of(article(f"<p>{times}</p>")) == "2026-03-12"


@pytest.mark.parametrize(
    "line",
    [
        "The tunnel will be closed to all traffic on 12 March 2026.",
        "Weekly report 6. – 12. März 2026",
        "Sperrung bis 12. März 2026",
    ],
)
def test_a_sentence_or_a_span_of_days_tells_of_an_event(line: str) -> None:
    """Such a line beside the title dates nothing."""
    judged = verdict(article(f"<div>{line}</div>"))
    assert judged.dateline.when is None
    assert "tells of an event" in [one.rejected for one in judged.candidates]


def test_a_title_shown_again_in_a_list_is_not_where_the_article_begins() -> None:
    """Breadcrumbs and lists of news above an article name it, too, beside dates of others."""
    news = "".join(
        f"<div><a href=/{n}>{text}</a></div><div><a href=/{n}>1{n} April 2026</a></div>"
        for n, text in enumerate(("Ferry sinks", TITLE, "Bridge opens"))
    )
    path = f"<ul class=breadcrumbs><li><a href=/>Home</a><li><a href=/n>News</a><li>{TITLE}</ul>"
    body = f"<div>{news}</div>{path}<h3>{TITLE}</h3><div>12 March 2026</div>{TEXT}"
    assert day_of(body) == "2026-03-12"


def test_without_a_title_on_the_page_a_date_stands_where_the_text_begins() -> None:
    """Far above and below the beginning stand the dates of other things."""
    other = "<div>1 May 2025</div>" + "<div>x</div>" * 7
    assert day_of(f"{other}<div>12 March 2026</div>{TEXT}<div>3 May 2025</div>") == "2026-03-12"


def test_without_a_title_on_the_page_the_text_is_that_of_its_article() -> None:
    """A notice above it is prose, too."""
    notice = "<p>Because of works the ferries of the harbour go every second hour until Friday.</p>"
    line = "<div>Thu 12.03.2026 | 14:07 | By Jo Writer</div>"
    assert day_of(f"{notice}{'<p>x</p>' * 9}<article>{line}{TEXT}</article>") == "2026-03-12"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<p class=entry-date>12 March 2026</p>", "2026-03-12"),
        ("<p>Posted on 12 March 2026</p>", "2026-03-12"),
        ("<p>12 March 2026</p>", None),
        ("<div class=sidebar><p class=date>12 March 2026</p></div>", None),
        ("<p class=date>12 March 2026</p><p>x</p><p class=date>13 April 2026</p>", None),
        ("<article><p class=date>12 March 2026</p></article>", None),
        ("<p class=date><a href=/o>12 March 2026, another story</a></p>", None),
    ],
)
def test_far_below_the_title_a_line_must_say_that_it_dates_the_article(
    line: str, day: str | None
) -> None:
    """Its class or a word says so, and no other such line names another day."""
    far = "<div>caption</div>" * 9
    believed = [
        one for one in shown_by(f"<article>{article(far, line)}</article>") if not one.rejected
    ]
    assert [dates.local_day(one.dateline).isoformat() for one in believed] == [day] * bool(day)


def test_a_meta_that_is_called_just_a_date_yields_to_the_line_beside_the_title() -> None:
    """It may be the day when the page was made; alone it is believed."""
    made = '<meta name="DC.date" content="2026-03-20">'
    assert day_of(article("<div>12 March 2026</div>"), made) == "2026-03-12"
    assert day_of(article(""), made.replace(".", ":")) == "2026-03-20"
    named = made.replace("DC.date", "article:published")
    assert day_of(article("<div>12 March 2026</div>"), named) == "2026-03-20"


@pytest.mark.parametrize(
    ("lang", "day"),
    [
        ("de", "2026-03-12"),
        ("en-GB", "2026-03-12"),
        ("es-MX", "2026-03-12"),
        ("en", None),
        ("en-US", None),
        ("es-US", None),
        ("es-PA", None),
        ("fr-CA", None),
        ("en-CA", None),
        ("fr-CH", "2026-03-12"),
        ("ja", None),
    ],
)
def test_slashes_are_read_where_the_language_of_the_page_says_how(
    lang: str, day: str | None
) -> None:
    """In English alone, day and month may both come first."""
    assert day_of(article("<div>12/03/2026</div>"), lang=lang) == day


def test_a_guess_confirms_the_first_date_on_the_page_and_is_never_believed_alone() -> None:
    """What stands in the wrong place and is guessed nevertheless is known in two ways."""
    shown = verdict(article("<div class=promo><p class=date>12 March 2026</p></div>"))
    assert (shown.dateline.basis, shown.dateline.raw) == (Basis.PRINTED, "12 March 2026")
    assert [(one.dateline.basis, one.rejected) for one in shown.candidates][-1] == (
        Basis.GUESS,
        "is a guess",
    )
    assert day_of(article(""), '<meta name="created" content="2026-03-12">') is None


def test_a_guess_does_not_confirm_what_stands_aside_and_far_from_the_title() -> None:
    """There lists of other stories stand, whose first date is guessed as readily."""
    far = "<div>caption</div>" * 9
    teaser = "<div class=teaser><a href=/b>Another story</a><div>12 March 2026</div></div>"
    judged = verdict(article(far, teaser))
    assert judged.dateline.when is None
    assert [one.rejected for one in judged.candidates if one.dateline.basis is Basis.PRINTED] == [
        "belongs to the page around, far from the title"
    ]


def test_a_time_element_close_to_the_title_is_the_article_s_wherever_it_is_put() -> None:
    """In the caption of the picture, in a column beside; a caption with a date has none."""
    time = "<time datetime=2026-03-12T08:30:00Z>12 March 2026, 08:30</time>"
    assert (
        day_of(article(f"<figure><figcaption>{time} · 5 min</figcaption></figure>")) == "2026-03-12"
    )
    assert day_of(article(f"<aside>{time}</aside>")) == "2026-03-12"
    words = "The first crane was put up with the help of two ships"
    for caption in (f"{words}, {time}", "12 March 2026"):
        shown = shown_by(article(f"<figure><figcaption>{caption}</figcaption></figure>"))
        assert all(one.rejected for one in shown)


def test_a_time_element_in_a_sentence_is_no_event() -> None:
    """Who marks a date for machines in the line beside a title means the article's."""
    line = (
        "By Jo Writer and Al Other in the harbour, <time datetime=2026-03-12>12 March 2026</time>."
    )
    assert day_of(article(f"<p>{line}</p>")) == "2026-03-12"


def test_a_guess_does_not_make_another_article_s_date_this_one_s() -> None:
    """Nor that of a change, nor one that is not the first."""
    teaser = f"<article>{article('')}</article><article><p class=date>12 March 2026</p></article>"
    assert day_of(teaser) is None
    two = "<div class=promo>5 May 2025</div><div class=promo><p class=date>12 March 2026</p></div>"
    assert day_of(article(two)) is None


def test_a_day_is_that_of_the_zone_it_was_stated_in() -> None:
    """Late in the evening west of Greenwich it is tomorrow in UTC, and early in the east yesterday."""
    for text, day in (
        ("2026-03-12T23:30:00-08:00", date(2026, 3, 12)),
        ("2026-03-12T01:30:00+05:45", date(2026, 3, 12)),
        ("2026-03-12T23:30:00Z", date(2026, 3, 12)),
    ):
        assert dates.local_day(dates.stated(text, "UTC", Basis.META)) == day
    printed = dates.printed("12 March 2026", "Asia/Bishkek")
    assert (dates.local_day(printed), printed.precision) == (date(2026, 3, 12), Precision.DAY)


@pytest.mark.parametrize(
    ("data", "moment"),
    [
        (
            '{"@type":"NewsArticle","a":"b" "c","datePublished" : "2026-03-12T08:30:00&#x2B;02:00",}',
            "06:30",
        ),
        ('{"@type":"Recipe","datePublished":"2026-03-12T08:30:00Z"}', None),
        ('{"a":"b" "c","x":[{"datePublished":"2026-03-12"},{"datePublished":"2026-03-13"}]}', None),
        ('{"a":"b" "c","datePublished":"soon enough"}', None),
    ],
)
def test_data_that_cannot_be_read_still_says_one_moment(data: str, moment: str | None) -> None:
    """One mistake in JSON-LD hides a whole article; of several moments none is the article's."""
    head = f'<script type="application/ld+json">{data}</script>'
    dateline = verdict(article(""), head).dateline
    assert (dateline.when and dateline.when.strftime("%H:%M")) == moment
    assert dateline.basis is (Basis.STRUCTURED if moment else Basis.UNKNOWN)


STRANGERS = [
    '{"@type":"WebSite","review":{"@type":"Comment","datePublished":"2026-03-15T10:00:00Z"}}',
    '{"@type":"PodcastEpisode","name":"Weekly","datePublished":"2025-12-05T10:00:00Z"}',
    '{"@type":"NewsArticle","isBasedOn":{"@type":"Report","datePublished":"2019-03-05"}}',
]


@pytest.mark.parametrize("data", STRANGERS)
@pytest.mark.parametrize("broken", ["", '{"a":"b" "c"}'])
def test_data_that_can_be_read_dates_nothing_but_its_article(data: str, broken: str) -> None:
    """A comment, an episode and a report have moments of their own, whatever is broken beside."""
    head = "".join(f'<script type="application/ld+json">{one}</script>' for one in (data, broken))
    assert day_of(article("<div>12 March 2026</div>"), head) == "2026-03-12"
    assert day_of(article(""), head) is None


def test_the_main_thing_of_a_page_is_its_article() -> None:
    """Where data describes the page, the article is what it is of, whatever the page itself says."""
    for kind in ("WebPage", "MedicalWebPage"):
        main = '"mainEntity":{"@type":"NewsArticle","datePublished":"2026-03-12"}'
        for more in ("", ',"datePublished":"2020-01-01"'):
            data = f'{{"@type":"{kind}",{main}{more}}}'
            head = f'<script type="application/ld+json">{data}</script>'
            assert day_of(article("<div>13 April 2026</div>"), head) == "2026-03-12"
    data = '{"@type":"WebPage","mainEntity":{"@type":"Comment","datePublished":"2020-03-12"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    assert day_of(article("<div>13 April 2026</div>"), head) == "2026-04-13"


@pytest.mark.parametrize("stamp", ["(12.03.2026)", "12.3.2026", "12.03.2026 08:30"])
def test_a_date_in_digits_that_opens_the_text_dates_it(stamp: str) -> None:
    """In brackets or not; it is no part of the text."""
    body = f"<div><h1>{TITLE}</h1>{TEXT.replace('<p>', f'<p>{stamp} ', 1)}</div>"
    assert day_of(body) == "2026-03-12"
    found, _ = generic.read(Page(URL, body), "UTC", None, SEEN)
    assert found.paragraphs[0].startswith("Paragraph 0")


@pytest.mark.parametrize(
    "opening",
    ["01.01.2020 вступил в силу закон о связи", "15.03.2026 года в Минске", "12.3.2026 and later"],
)
def test_a_date_that_begins_a_sentence_is_told_by_it(opening: str) -> None:
    """A stamp has a clock or brackets, or a dash, a bar or a capital letter behind it."""
    body = f"<div><h1>{TITLE}</h1>{TEXT.replace('<p>', f'<p>{opening} ', 1)}</div>"
    assert day_of(body) is None
    found, _ = generic.read(Page(URL, body), "UTC", None, SEEN)
    assert found.paragraphs[0].startswith(opening)


def test_a_field_whose_label_is_hidden_is_shown() -> None:
    """Drupal names so what it prints without the name of the field."""
    names = "field field--name-created field--label-hidden field__item"
    assert day_of(article(f"<div class='{names}'>12 March 2026</div>")) == "2026-03-12"
    assert day_of(article("<div class='is hidden'>12 March 2026</div>")) is None


def test_of_the_dates_of_other_stories_around_a_page_a_few_are_told() -> None:
    """They date nothing, and each costs as much as one that might; the article's comes after."""
    others = "".join(
        f"<div class=related><h3>Another story {n} of the town</h3><i>{n % 28 + 1} May 2025</i></div>"
        for n in range(100)
    )
    found = verdict(f"<nav>{others}</nav>{article('<p class=date>12 March 2026</p>')}")
    assert found.dateline.raw == "12 March 2026"
    lost = [one for one in found.candidates if one.rejected]
    assert 5 <= len(lost) <= 20
