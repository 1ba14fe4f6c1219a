"""What stands around and beside a text on pages nobody wrote rules for, and what it is called.

The sites and the wording are invented; each page has one thing that theirs have and that was read
wrongly before.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders import generic
from spiders.blocks import Page
from spiders.labels import LABEL, is_note

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
URL = "https://bay.example/news/ferry"
TITLE = "Ferry returns to the lower bay"
H1 = f"<h1>{TITLE}</h1>"
LEAD = "Boats will cross the lower bay again from March, nineteen years after the last was sold."
TEXT = (
    "The county signed a contract with two shipyards on Monday, its transport office told us.",
    "Each of the boats carries ninety people and twelve cars, and needs half an hour for the way.",
    "Tickets are to cost as much as the bus over the long bridge, which will go less often then.",
    (
        "“Whoever lives on the far shore has waited long for this,” said the mayor, who grew up there"
        " and remembers how the whole school went by boat. She wants the first one to carry the name"
        " of its last captain, who died in spring at the age of ninety, and who never crossed the"
        " bridge. The council is to vote on that in winter, when the first hull will be painted."
    ),
)
OTHER = "A baker in the old town sells bread from a window that his grandfather had walled up."
ANOTHER = "Three schools share one bus now, and its driver has learned two hundred names by heart."
LINKS = (
    "<li><a href='/news/1'>What the window in the old town sells</a></li>"
    "<li><a href='/news/2'>A bus for three schools, and one driver</a></li>"
)


def told(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts or TEXT)


def paragraphs(body: str, title: str = TITLE) -> tuple[str, ...]:
    """Return the paragraphs read from a page with such a body."""
    given = Page(URL, f"<html><head><title>{title}</title></head><body>{body}</body></html>")
    return generic.read(given, "UTC", None, SEEN)[0].paragraphs


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<aside class='col'><div>Follow us</div><article>{told()}</article>",
        f"<form action='/'><ul><li><a href='/'>Home</a></li></ul>{H1}<div>{told()}</div></form>",
        f"<form action='/'><div>{told()}</div></form>",
        f"<div class='top hasCaption'>{H1}</div><div>{told()}</div>",
        (f"<main>{H1}<div class='sidebar-grid'>{told(*TEXT[:2])}</div>"
        f"<div class='sidebar-grid'>{told(*TEXT[2:])}</div></main>"),
        (f"<article>{H1}<div class='print:sheet-print'>{told(TEXT[0])}</div>"
        f"<div>{told(*TEXT[1:])}</div></article>"),
        (f"<main>{H1}<div><p>{TEXT[0]}</p><div class='hidden paywall'>{told(*TEXT[1:])}</div></div>"
        "</main>"),
        (f"<main>{H1}<div class='text js-advert'>{told()}</div>"
        f"<div class='hidden paywall'>{' '.join(TEXT[1:])} <br></div></main>"),
    ],
    ids=[
        "aside-never-closed", "form-around-the-title", "form-around-all", "state", "grid",
        "look", "rest-for-readers-who-paid", "copy-for-readers-who-paid",
    ],
)  # fmt: skip
def test_a_name_or_tag_that_says_nothing_hides_no_text(body: str) -> None:
    """How an element looks and what else it has is not what it holds."""
    assert paragraphs(body) == TEXT


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<div>{told()}</div><aside>{told(OTHER)}</aside>",
        f"<footer>{H1}{told(OTHER)}</footer><main><h2>{TITLE}</h2>{told()}</main>",
        f"{H1}<main>{told()}<div class='js-tooltip-text'>{told(OTHER)}</div></main>",
        f"{H1}<main><div class='lightbox-gallery'>{told(OTHER)}</div>{told()}</main>",
        f"<article>{H1}<div>{told()}</div></article><article id='next'>{told(OTHER)}</article>",
    ],
    ids=["aside", "footer", "tooltip", "lightbox", "next-article"],
)
def test_what_is_called_another_s_stays_out(body: str) -> None:
    """A tag in its right place is believed."""
    assert paragraphs(body) == TEXT


def test_a_small_aside_is_no_article() -> None:
    """It may hold all the prose of a page that is no article's."""
    assert generic.elsewhere(Page(URL, f"<aside>{told(OTHER)}</aside>").blocks) == (True,)


def test_the_beginning_in_the_same_article_is_read_without_a_heading() -> None:
    """The title stands nowhere on the page, and the beginning apart from the rest."""
    body = (
        f"<div><p>{OTHER}</p></div><article><div class='a'><p>{LEAD}</p></div>"
        f"<div class='b'><p>{TEXT[0]}</p></div><div class='c'>{told(*TEXT[1:])}</div></article>"
    )
    assert paragraphs(body, "Boats for the bay") == (LEAD, *TEXT)


@pytest.mark.parametrize("tag", ["ul", "ol"])
def test_a_list_of_other_headlines_inside_the_text_is_left_out(tag: str) -> None:
    """One that leads to files, or says something, is the text's."""
    middle = f"<{tag}>{LINKS}</{tag}>"
    files = LINKS.replace("/news/1", "/plan.pdf").replace("/news/2", "/fares.pdf")
    assert paragraphs(f"<main>{H1}{told(TEXT[0])}{middle}{told(*TEXT[1:])}</main>") == TEXT
    kept = paragraphs(f"<main>{H1}{told(TEXT[0])}<{tag}>{files}</{tag}>{told(*TEXT[1:])}</main>")
    assert len(kept) == len(TEXT) + 2


def test_days_and_places_between_links_behind_the_text_are_left_out() -> None:
    """They belong to the links, not to the text."""
    tail = (
        "<div class='new'><h4>Boats</h4><a href='/all'>All</a>"
        "<div><a href='/news/1'>What the window in the old town sells</a></div><div>Moor</div>"
        "<div><a href='/news/2'>A bus for three schools, and one driver</a></div><div>Bay</div>"
        "</div>"
    )
    assert paragraphs(f"<main>{H1}<div>{told()}</div>{tail}</main>") == TEXT


def test_cards_behind_a_label_end_the_text_and_its_next_part_does_not() -> None:
    """A card stands alone in its element, and all of them together say less than the text."""
    cards = "".join(
        f"<div class='card'><h2>Old town</h2><p>{t}</p></div>" for t in (OTHER, ANOTHER)
    )
    text = f"<main>{H1}<div class='part'>{told(*TEXT[:3])}</div>"
    text += f"<div class='part'>{told(TEXT[3])}</div><h3>More in Bay</h3>"
    assert paragraphs(f"{text}{cards}</main>") == TEXT
    parted = paragraphs(f"{text}<div class='part'>{told(OTHER, ANOTHER)}</div></main>")
    assert parted[-2:] == (OTHER, ANOTHER)
    alike = paragraphs(f"{text}{cards.replace('card', 'part')}</main>")
    assert OTHER in alike


@pytest.mark.parametrize(
    "line",
    [
        "Empfohlener redaktioneller Inhalt",
        "An dieser Stelle findest du einen externen Inhalt von Bay Film, der den Artikel ergänzt.",
        "Du kannst ihn dir mit einem Klick anzeigen lassen und wieder ausblenden.",
        "Ich bin damit einverstanden, dass mir Inhalte von Bay Film angezeigt werden.",
        "Personenbezogene Daten können an Drittplattformen übermittelt werden.",
        "BayFilm-Inhalte erlauben",
        "This content is not available due to your privacy preferences.",
        "Show external content?",
    ],
)
def test_a_stand_in_for_what_another_site_shows_is_a_note(line: str) -> None:
    """It waits for the reader's consent."""
    assert is_note(line)


@pytest.mark.parametrize("line", ["More:", "関連記事", "【関連記事】", "相关阅读", "관련 기사"])
def test_labels_of_other_stories_are_known_in_more_languages(line: str) -> None:
    """A word that may begin a sentence needs its colon."""
    assert LABEL.fullmatch(line)
    assert not LABEL.fullmatch("More")


def test_a_site_s_longer_name_on_the_page_is_no_title_beside_a_heading() -> None:
    """Each part of the page's name stands on the page; the heading is what readers take for it."""
    name = "The New Paper of the Lower Bay and the Old Town"
    body = f"<p>{name}</p>{H1}<article>{told()}</article><p>{name}</p>"
    page = Page(URL, f"<title>{TITLE} – {name}</title><body>{body}</body>")
    assert generic.read(page, "UTC", None, SEEN)[0].title == TITLE


def test_a_line_called_the_headline_is_the_title_where_no_prose_follows() -> None:
    """A page of one short notice states its title nowhere else."""
    page = Page(URL, f"<body><div class='headline'>{TITLE}</div><p>No boats today.</p></body>")
    assert generic.read(page, "UTC", None, SEEN)[0].title == TITLE
