"""Layouts of pages nobody wrote rules for: what is the article's, and what only stands beside it.

The sites and the wording are invented; each page has one thing that theirs have and that was read
wrongly before.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest

from spiders import generic
from spiders.blocks import Page
from spiders.labels import is_note
from spiders.marks import elsewhere

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
URL = "https://bay.example/news/ferry"
TITLE = "Ferry returns to the lower bay"
LEAD = (
    "Boats will cross the lower bay again from March, nineteen years after the last one was sold."
)
FIRST = "The county signed a contract with two shipyards on Monday, its transport office told the press."
SECOND = (
    "Each of the boats carries ninety people and twelve cars, and needs half an hour for the way."
)
THIRD = (
    "Tickets are to cost as much as the bus over the long bridge, which will go less often then."
)
OTHER = (
    "A baker in the old town sells bread from a window that his grandfather had walled up in a war."
)
LAST = (
    "“Whoever lives on the far shore has waited long for this,” said the mayor, who grew up there and"
    " remembers how the whole school went by boat. She wants the first one to carry the name of its"
    " last captain, who died in spring at the age of ninety."
)
TEXT = (FIRST, SECOND, THIRD, LAST)


def told(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts or TEXT)


def paragraphs(body: str, head: str = "", title: str = TITLE) -> tuple[str, ...]:
    """Return the paragraphs read from a page with such a body."""
    given = Page(URL, f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>")
    return generic.read(given, "UTC", None, SEEN)[0].paragraphs


H1 = f"<h1>{TITLE}</h1>"
CARD = (
    "<li><div class='pic'></div><h5><a href='/news/{n}'>What the window in the old town sells {n}"
    f"</a></h5><div class='by'>Lee Moor</div><div class='txt'>{OTHER} Part {{n}}.</div></li>"
)
CARDS = "".join(CARD.format(n=n) for n in range(9))


@pytest.mark.parametrize(
    "body",
    [
        f"{H1}<div class='content-with-sidebar'>{told()}</div>",
        f"<article class='post tag-print category-social status-publish'>{H1}{told()}</article>",
        f"<div class='post tag-share hentry'>{H1}{told()}</div><div id='sidebar'><p>{OTHER}</p></div>",
        f"{H1}<div class='field field--label-hidden'>{told()}</div>",
        f"{H1}<div class='builder-widget-container'>{told()}</div>",
        f"{H1}<div class='article-date-text'>{told()}</div>",
        f"<div class='banner'>{H1}{told()}</div>",
        f"<div class='meta'>{H1}{told()}</div>",
        f"{H1}<div class='widget'>{told()}</div><p>Read it on the boat.</p>",
    ],
)
def test_what_holds_the_title_or_most_of_the_prose_is_the_article_s(body: str) -> None:
    """Themes name a wrapping after the sidebar beside it, and an article by its tags."""
    assert paragraphs(body) == TEXT


@pytest.mark.parametrize(
    "body",
    [
        f"<header>{H1}<div class='intro'>{LEAD}</div></header><div class='body'>{told()}</div>",
        f"{H1}<div class='article-teaser'><p>{LEAD}</p></div><div class='body'>{told()}</div>",
        f"<header>{H1}<h2 class='deck'>{LEAD}</h2></header><div class='body'>{told()}</div>",
        f"{H1}<h2>Boats</h2><h2><a href='/n/4'>{OTHER}</a></h2><p>{LEAD}</p><div>{told()}</div>",
        f"{H1}<div><p>{LEAD}</p></div><div>{LEAD}</div><div class='body'>{told()}</div>",
        f"{H1}<div><p>{LEAD}</p></div><div class='body'>{told(LEAD, *TEXT)}</div>",
        f"{H1}<div><p>{LEAD}</p><ul><li>{OTHER}</li></ul></div><div class='body'>{told()}</div>",
    ],
)
def test_the_lead_between_title_and_text_is_read_once(body: str) -> None:
    """It may stand in an element of its own; key points and repetitions beside it are not read."""
    assert paragraphs(body) == (LEAD, *TEXT)


def test_the_lead_below_a_heading_with_other_words_is_read() -> None:
    """The only heading of a page is its title's place, whatever its name says."""
    body = f"<h1>Boats at last</h1><div><p>{LEAD}</p></div><div class='body'>{told()}</div>"
    assert paragraphs(body, title="News of the lower bay") == (LEAD, *TEXT)


@pytest.mark.parametrize(
    "body",
    [
        # Cards whose words stand in elements of their own outweigh the article.
        f"<main><article>{H1}<div>{told()}</div></article></main><ul>{CARDS}</ul>",
        f"<div>{H1}<div>{told()}</div></div><div><ul>{CARDS}</ul></div>",
        f"<div><ul>{CARDS}</ul>{H1}<div>{told()}</div></div>",
        # A list of the news stands above the title, one paragraph each.
        f"<div><ul>{''.join(f'<li>{OTHER} {n}</li>' for n in range(9))}</ul>{H1}{told()}</div>",
        # The next articles are loaded below the first.
        f"<div><section>{H1}{told()}</section>"
        + "".join(
            f"<section><h1>A window {n}</h1>{told(*[OTHER + str(n)] * 9)}</section>"
            for n in range(4)
        )
        + "</div>",
        f"<main><article>{H1}{told()}</article><article>{told(*[OTHER] * 9)}</article></main>",
        # A card inside the text, and one whose headline leads nowhere that can be parsed.
        (
            f"{H1}<div>{told(FIRST)}<div><a href='/news/2'>What the window in the old town sells</a>"
            f"<p>{OTHER}</p></div>{told(SECOND, THIRD, LAST)}</div>"
        ),
        # The same once more, for machines.
        f"{H1}<div>{told()}<div style='display: none'>{H1}{told(*[OTHER] * 9)}</div></div>",
        f"{H1}<div>{told()}<div hidden class='all'>{told(OTHER)}</div></div>",
        f"{H1}<div>{told()}</div><div class='mostReadTeasers'><p>{OTHER}</p></div>",
        f"{H1}<div id='toc_container'><p>{OTHER}</p></div><div>{told()}</div>",
        # A label in another language, and headlines below it.
        f"{H1}<div>{told()}<p>Lesen Sie auch:</p><p>{OTHER}</p></div>",
        f"{H1}<div>{told()}<p>À lire aussi</p><p><a href='/n/3'>The window in the town</a></p></div>",
        (
            f"{H1}<div>{told(FIRST, SECOND, THIRD)}<p>Leggi anche</p><p><a href='/n/3'>The window in the old town</a></p>"
            f"{told(LAST)}</div>"
        ),
    ],
)
def test_other_stories_on_the_page_are_not_read(body: str) -> None:
    """Neither above the title nor beside, within or below the text."""
    assert paragraphs(body) == TEXT


@pytest.mark.parametrize(
    "inserted",
    [
        "<div class='image top'><p>Ninety people fit on such a boat, as one seen here in a yard.</p></div>",
        "<figure><p>Ninety people fit on such a boat, as one seen here in a yard on Monday.</p></figure>",
        "<div class='InlineImage-imageEmbedCaption'>Ninety people fit on a boat that lay in a yard.</div>",
        "<p>Ninety people fit on such a boat, as one seen here in a yard (Image: Bay Pictures)</p>",
        "<p>© 2026 Bay News. This article is not to be printed or sent to others without a contract.</p>",
        "<p>We use cookies to make our pages better, and tell others what you read unless you object.</p>",
        "<p>Advert</p>",
        "<div class='author-box'><p>Lee Moor has written about the sea and its ports for years.</p></div>",
    ],
)
def test_captions_rights_and_cookies_are_not_read(inserted: str) -> None:
    """They are known by how they are worded where no name tells."""
    body = f"{H1}<div>{told(FIRST, SECOND)}{inserted}{told(THIRD, LAST)}</div>"
    assert paragraphs(body) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "The boat (built in 1990) was sold to an island far away, the captain of the port said (and wept)",
        "Cookies of oats and honey are sold on the boat, for the way takes half an hour in good weather.",
        "The ministry will use new rules for cookies that track readers, the minister said on Monday.",
        "Das Gericht prüft, wie die Firma Cookies setzt, und ob sie ihre Leser danach gefragt hatte.",
        "The firm was fined because the website used cookies to track what US readers had bought.",
        "Copyright 2026 law was passed by the parliament on Monday.",
        "Copyright 2026 Act of the county was passed on Monday.",
        "Credit: banks will lend more to farmers this spring, the central bank said on Monday.",
        "Quelle: Das Amt teilte mit, die Fähre komme im März, sagte der Leiter des Hafens am Montag.",
        "Photo by phone and photo by drone: police now use both, the minister said after the talks.",
        "(c) the parties shall tell each other, at the end of the year, what the boats have carried;",
    ],
)
def test_sentences_are_no_notes(line: str) -> None:
    """They may have brackets, tell of biscuits or begin with the word of a credit."""
    assert not is_note(line)


@pytest.mark.parametrize(
    "line",
    [
        "Copyright 2026 Bay Press. All rights reserved.",
        "Copyright 2026 Bay Press. This text may not be published, sent or written anew.",
        "Copyright 2026 bay.example",
        "(c) 2026 Bay Press and Boats of the Bay",
        "© 2026 the harbour tells its own stories and they may not be told by others.",
        "All rights reserved",
        "Credit: Lee Moor/Bay Pictures.",
        "Photo by Lee Moor, taken at the port on Monday and sent by Bay Pictures",
        "Quelle: Hafenamt",
        "This website uses cookies.",
        "Wir verwenden Cookies, um die Seiten für alle besser zu machen.",
        "Durch Cookies, die wir setzen, können Sie die Seiten besser nutzen.",
        "На сайте используются cookie-файлы.",
        "Мы используем куки, и вы можете отказаться.",
    ],
)
def test_notes_name_somebody_or_speak_to_readers(line: str) -> None:
    """Credits and rights name an owner; consent is asked by us of you."""
    assert is_note(line)


def test_a_post_quoted_in_a_social_box_is_read() -> None:
    """What an article quotes is its text; the buttons around it are not."""
    quoted = (
        "The boats are back! Who would have thought so when the last one left the bay in the rain?"
    )
    box = f"<div class='social-embed'><span>Share</span><blockquote><p>{quoted}</p></blockquote></div>"
    assert paragraphs(f"{H1}<div>{told(FIRST)}{box}{told(SECOND, THIRD, LAST)}</div>") == (
        FIRST, quoted, SECOND, THIRD, LAST,
    )  # fmt: skip


def test_one_paragraph_below_its_own_linked_title_is_an_article() -> None:
    """A title that leads to the page itself makes no teaser of the text."""
    title = f"<h2><a href='{URL}'>{TITLE}</a></h2>"
    aside = f"<div id='sidebar'><ul><li>{OTHER}</li><li>{OTHER} Again.</li></ul></div>"
    body = f"<div class='post'>{title}<p>{FIRST} {SECOND}</p></div>{aside}"
    assert paragraphs(body) == (f"{FIRST} {SECOND}",)


def test_a_list_of_things_sold_elsewhere_is_read() -> None:
    """A headline that leads to another site belongs to the paragraph below it."""
    things = "".join(
        f"<div><h3><a href='https://shop.example/{n}'>A model of the boat, number {n}</a></h3>"
        f"<p>{OTHER} Number {n}.</p></div>"
        for n in range(3)
    )
    found = paragraphs(f"{H1}<div>{told()}{things}{told(LEAD)}</div>")
    assert [text for text in found if text.startswith(OTHER)] == [
        f"{OTHER} Number {n}." for n in range(3)
    ]


def test_a_lead_behind_the_link_to_its_writer_is_no_teaser() -> None:
    """Only a linked heading makes one of the first paragraph below the title."""
    writer = "<div><a href='/people/lee'>Lee Moor, our reporter at sea</a></div>"
    lead = f"<section>{writer}<section><p>{LEAD}</p></section></section>"
    assert paragraphs(f"{H1}<div>{lead}<section>{told()}</section></div>") == (LEAD, *TEXT)
    card = f"<section><h3><a href='/n/5'>A window in the old town</a></h3><p>{OTHER}</p></section>"
    assert paragraphs(f"{H1}<div>{card}<section>{told()}</section></div>") == TEXT


def test_the_beginning_beside_the_rest_is_read_without_a_title() -> None:
    """What is for subscribers only stands in an element of its own, behind the first paragraph."""
    rest = f"<div class='rest'>{told()}</div>"
    body = f"<div><p>{OTHER}</p></div><div><p>{LEAD}</p>{rest}</div>"
    assert paragraphs(body, title="Boats") == (LEAD, *TEXT)


def test_the_sign_of_the_site_is_the_heading_of_no_article() -> None:
    """An h1 without prose of its own says nothing of where the title's article ends."""
    top = f"<section><h2>{TITLE}</h2><p>{LEAD * 6}</p></section><div><h1>Opinion</h1></div>"
    rest = told(*TEXT, *(text + " Again." for text in TEXT))
    body = f"<div>{top}<section>{rest}</section></div>"
    found = paragraphs(body, head=f"<meta property='og:title' content='{TITLE}'>")
    assert found[:2] == (LEAD * 6, FIRST)
    assert len(found) == 1 + 2 * len(TEXT)


def test_an_address_on_a_line_of_its_own_is_read() -> None:
    """It is no headline of another story, though it leads away."""
    where = "https://bay.example/boats/2027"
    body = f"{H1}<div>{told(FIRST, SECOND)}<p><a href='{where}'>{where}</a></p>{told(THIRD)}</div>"
    assert paragraphs(body) == (FIRST, SECOND, where, THIRD)


def test_prose_above_a_heading_that_may_be_another_s_is_kept() -> None:
    """Only the heading that is the title for sure cuts off a text above it."""
    body = f"<div>{told()}</div><div><h1>A window in the old town</h1><p>{OTHER}</p></div>"
    assert paragraphs(body, title="Boats") == TEXT


def test_a_list_s_blocks_are_marked_without_a_title() -> None:
    """Who reads a list has none."""
    page = Page(URL, f"<div class='sidebar'><p>{OTHER}</p></div><div><p>{FIRST}</p>{told()}</div>")
    assert elsewhere(page.blocks) == (True, *[False] * 5)


def test_cards_by_the_thousand_cost_no_more_than_their_length() -> None:
    """What is marked, weighed and compared is asked of each element a few times at most."""
    cards = "".join(CARD.format(n=n) for n in range(2000))
    begun = process_time()
    assert (
        paragraphs(f"<main><article>{H1}<div>{told()}</div></article></main><ul>{cards}</ul>")
        == TEXT
    )
    assert process_time() - begun < 8
