"""Counters of views, comments, likes and shares are no sentences of a text, and no edits of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.visiting import Source
from monitor.newsroom.wire import text_answer
from spiders import counters, generic
from spiders.blocks import Page
from spiders.counters import is_counter, is_number

if TYPE_CHECKING:
    from conftest import Script, Visitor

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
TITLE = "The lower bay gets its ferry back"
TEXT = (
    "The county signed a contract with two shipyards on Monday, its transport office told the press.",
    "The film about its last captain had 244 views on Monday, and 12 comments in all, it was said.",
    "Each of the boats carries ninety people and twelve cars, and needs half an hour for the way.",
)
LINES = (
    "244 views", "Views: 244", "Post Views: 1,244", "244 total views, 3 views today", "Hits: 244",
    "(Visited 244 times, 1 visits today)", "This post has been viewed 244 times", "1.2K views",
    "12 comments", "Likes: 12", "12 shares", "Views: 244 | Comments: 3", "No comments yet",
    "Просмотров: 244", "Просмотры: 1 244", "Количество показов: 244", "Прочитано 244 раза",
    "244 просмотра", "Новость прочитана 244 раза", "Комментариев: 3", "Нравится 12", "👁 244",
    "👁 244 💬 3", "12 ❤️", "- Просмотров: 244", "Нет комментариев",
    "Праглядаў: 244", "244 прагляды", "Колькасць праглядаў: 244", "Переглядів: 244",
    "Көрүүлөр: 244", "Кароолор: 244", "244 жолу көрүлдү", "Қаралды: 244", "244 рет қаралды",
    "Қаралым саны: 244", "Aufrufe: 244", "244 mal gelesen", "12 Kommentare", "Vues : 244",
    "Lu 244 fois", "12 commentaires", "Vistas: 244", "Visto 244 veces", "12 comentarios",
    "Wyświetleń: 244", "Visualizações: 244", "Letto 244 volte", "Görüntülenme: 244", "浏览: 244",
)  # fmt: skip
SENTENCES = (
    "The film had 244 views on Monday.", "244 people were killed", "Views of Minsk in 1998",
    "12 комментариев к закону внесли депутаты", "Показы мод: 12 дизайнеров", "Visited 12 countries",
    "Hits: The Best of 1998", "12 visits to Moscow", "Read more: 5 things", "In 2024", "244",
    "Views", "Views 244 " + "and more " * 20,
)  # fmt: skip
# Numbers and words in a row, which can be divided in many ways, and then end as no counter does.
LONG = (
    "views 1.000total " * 6, " article views 1.000" * 6, "article comments 1.000" * 6,
    "views 1.000article " * 6, "5 views " * 12 + "x", "1 000 " * 16 + "views x", "1" * 80 + "views x",
    "number of " * 8 + "views 9x", "👁 5 👁 " * 12 + "x", "5 views 5 comments 5 likes " * 4,
)  # fmt: skip
PLACES = (
    "<p>{}</p>", "<div class='views'>{}</div>", "<br>{}", "<ul><li>{}</li></ul>",
    "<blockquote>{}</blockquote>",
)  # fmt: skip
OWN = (
    "<ul><li>{}</li></ul>", "<h2>{}</h2>", "<table><tr><td>{}</td></tr></table>",
    "<blockquote>{}</blockquote>",
)  # fmt: skip
BARE = (
    "<span class='view-count'>{}</span>", "<div class='post-views'><i></i><span>{}</span></div>",
    "<div class='viewsCount'>{}</div>", "<div id='num_views'>{}</div>", "<div class='counter'>{}</div>",
    "<div class='entry__shares'>{}</div>",
)  # fmt: skip
EYE = "<div><i class='fa fa-eye'></i> {}</div>"


def page(above: str = "", between: str = "", below: str = "") -> str:
    """Return a page with something above its text, in it, and below it."""
    first, *rest = (f"<p>{line}</p>" for line in TEXT)
    told = f"<div class='text'>{above}{first}{between}{''.join(rest)}{below}</div>"
    return f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1>{told}</body></html>"


def paragraphs(html: str) -> tuple[str, ...]:
    """Return the paragraphs of a page's article."""
    return generic.read(Page("https://e.test/news/1", html), "UTC", None, SEEN)[0].paragraphs


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_only_counts_is_told_in_many_languages(line: str) -> None:
    """With the number before the word or behind it, alone or with another."""
    assert is_counter(line)


@pytest.mark.parametrize("line", SENTENCES)
def test_a_line_that_says_more_is_no_counter(line: str) -> None:
    """Nor is one that does not say what it counts."""
    assert not is_counter(line)


@given(st.text(alphabet="0123456789 .,:()|·-👁viewshtk", max_size=90))
def test_any_line_is_told_at_once(line: str) -> None:
    """Whatever numbers and words come in a row; what is counted has a number."""
    assert not is_counter(line) or any(sign.isdigit() for sign in line)


@pytest.mark.parametrize("line", LONG)
def test_no_line_holds_up_its_reader(line: str) -> None:
    """Each is read one way only: two hundred take less time than one of them took."""
    begun = process_time()
    assert not any(is_counter(line[:90]) for _ in range(200))
    assert process_time() - begun < 0.5


def test_a_page_of_lines_without_counting_words_costs_little() -> None:
    """Most lines with a number are dates and headlines, and are looked at word by word only."""
    rows = [f"Another story {n} with a title, 12 October 2026" for n in range(20_000)]
    begun = process_time()
    assert not any(map(is_counter, rows))
    assert process_time() - begun < 1


@given(st.from_regex(re.compile(counters._WHAT), fullmatch=True))  # noqa: SLF001 - each word of it
def test_each_word_that_counts_is_found_in_any_case(word: str) -> None:
    """The quick look knows how each of them begins, also with the dots of Turkish capitals."""
    for spelled in (word, word.upper(), word.replace("i", "İ"), word.replace("i", "ı")):
        assert is_counter(f"{spelled}: 244")
        assert is_counter(f"244 {spelled}")


def test_a_number_is_alone() -> None:
    """Thousands may be parted or short."""
    numbers = ("244", "1 244", "1,244", "1.2K", "12 тыс.", "(3)", "- 3")
    assert all(map(is_number, numbers))
    assert not any(map(is_number, ("244 men", "10:30", "1.2.3", "", "5 May", "1 " * 60)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("where", ["above", "below"])
def test_a_counter_is_no_sentence_of_the_text(place: str, where: str) -> None:
    """Above it and below; a sentence that tells of views stays."""
    for line in ("Просмотров: 244", "👁 244", "Post Views: 244"):
        assert paragraphs(page(**{where: place.format(line)})) == TEXT


@pytest.mark.parametrize("place", OWN)
@pytest.mark.parametrize("line", ["Посетителей: 20 000", "12,000 visitors", "Lecture 2"])
def test_what_a_text_itself_counts_stays(place: str, line: str) -> None:
    """In an element of its own between two paragraphs: another number there is an edit."""
    assert line in "\n".join(paragraphs(page(between=place.format(line))))


@pytest.mark.parametrize(
    "place", ["<div>{}</div>", "<p>{}</p>", "<ul><li class='views'>{}</li></ul>"]
)
def test_a_counter_between_a_lead_and_its_text_is_none_of_it(place: str) -> None:
    """In a line of its own, or in an element that is named for it."""
    assert paragraphs(page(between=place.format("Просмотров: 244"))) == TEXT


@pytest.mark.parametrize("place", BARE)
@pytest.mark.parametrize("where", ["above", "between", "below"])
def test_a_bare_number_is_a_counter_by_the_name_of_its_element(place: str, where: str) -> None:
    """What such an element says in words stays."""
    assert paragraphs(page(**{where: place.format("1 244")})) == TEXT
    words = "They came at dawn."
    assert words in paragraphs(page(between=place.format(words)))


def test_a_bare_number_at_an_end_of_the_text_is_none_of_it() -> None:
    """Beside the picture of an eye; in the midst of a text it may be the text's own."""
    assert paragraphs(page(EYE.format(244), "", EYE.format(244) + EYE.format(3))) == TEXT
    assert "244" in paragraphs(page(between=EYE.format(244)))
    assert paragraphs(page(below="<p>244</p>"))[-1] == "244"
    assert "- 244" in paragraphs(page(below="<ul><li>244</li></ul>"))
    assert paragraphs(page("<div>1</div><div>Moor, Lee</div>"))[:2] == ("1", "Moor, Lee")


def test_a_count_of_comments_is_still_the_heading_of_the_comments() -> None:
    """Where it stands above the text it only counts."""
    said = "<p>I have waited for this boat since I was a child of nine, and so has my sister.</p>"
    assert paragraphs(page("<div>12 comments</div>", below=f"<h3>12 comments</h3>{said}")) == TEXT


def test_a_text_that_trafilatura_finds_keeps_what_it_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between its sentences; a counter above and below is none of it, and all may be one."""
    for lines, told in (
        (
            ("5 views", TEXT[0], "12,000 visitors", *TEXT[1:], "12 likes"),
            (TEXT[0], "12,000 visitors", *TEXT[1:]),
        ),
        (("5 views", "Short."), ("Short.",)),
    ):
        found = "\n".join(lines)
        monkeypatch.setattr("trafilatura.extract", lambda *_, found=found, **__: found)
        assert paragraphs("<html><title>A page without a text</title><body></body></html>") == told


def test_a_text_of_which_only_a_counter_changed_is_not_edited(
    script: Script, visitor: Visitor
) -> None:
    """Its page is read again and again; nobody is told of an edit that nobody made."""
    source = Source(name="n", kind="listing", urls=(f"{script.base}/news/",))
    rows = "".join(
        f"<h3><a href='/news/story-{n}'>A headline about event number {n}</a></h3>"
        for n in range(4)
    )
    script.reply("/news/", text_answer(f"<html><body><div>{rows}</div></body></html>"))
    told = 0
    for views in (244, 1465, 9801):
        below = f"<div>Просмотров: {views}</div>{EYE.format(views)}"
        for number in range(4):
            script.reply(f"/news/story-{number}", text_answer(page(below=below)))
        report = visitor.visit(source, script.allow)
        assert report.edited == 0
        told += report.read
        visitor.now += timedelta(days=1)
    assert told > 4
