"""Who signs an article on its page, where its data names nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders import generic, signed
from spiders.blocks import Page

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
TITLE = "Harbour gets a second crane"
TEXT = "".join(
    f"<p>Paragraph {n} tells in a sentence of usual length what the harbour wants the crane for.</p>"
    for n in range(4)
)


def authors(
    line: str, head: str = "", lang: str = "en", behind: str = "", host: str = "bay.test"
) -> tuple[str, ...]:
    page = f"<html lang={lang}><head>{head}</head><body><div><h1>{TITLE}</h1>{line}{TEXT}</div>{behind}</body></html>"
    return generic.read(Page(f"https://{host}/n/1", page), "UTC", None, SEEN)[0].authors


@pytest.mark.parametrize(
    "line",
    [
        "<p>By Lee Moor</p>",
        "<p>Thu 12.03.2026 | 14:07 | By Lee Moor</p>",
        "<p>By Lee Moor, Nairobi</p>",
        "<ul><li>By Lee Moor</li></ul>",
        "<p><span class=article-author>Lee Moor</span> 12 March 2026</p>",
        "<p><a rel=author href=/x>Lee Moor</a></p>",
        "<span itemprop=author><span itemprop=name>Lee Moor</span></span>",
        "<div class=byline>Lee Moor</div>",
        "<ul class=metaAuthors><li class=authorItem><a href=/a>Lee Moor</a></ul>",
    ],
)
def test_a_name_beside_the_title_signs_the_article(line: str) -> None:
    """A word before it says so, or the name of its element."""
    assert authors(line) == ("Lee Moor",)


def test_several_sign_and_languages_have_words_of_their_own() -> None:
    """As in the data of other pages."""
    assert authors("<p>By Lee Moor and Ann Ray</p>") == ("Lee Moor", "Ann Ray")
    assert authors("<p>von Lee Moor</p>", lang="de") == ("Lee Moor",)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Lee Moor</p>",
        "<p>By the harbour desk</p>",
        "<p>By Staff Writers</p>",
        "<p>By Harbour 24</p>",
        "<p>By Bay Articles</p>",
        "<p class=author>Photo: Lee Moor</p>",
        "<p class=author>Da Redação</p>",
        "<p class=author>Da Bay</p>",
        "<p class=author>Harbour</p>",
        "<aside>By Lee Moor</aside>",
        f"<p>By Lee Moor{' and others' * 20}</p>",
        "<p>By Lee Moor, who tells at some length what the harbour wants the second crane for.</p>",
    ],
)
def test_what_else_stands_beside_a_title_is_nobody_s_name(line: str) -> None:
    """Desks, sites, credits, single words, sentences, and what stands aside."""
    assert authors(line) == ()


def test_names_far_from_the_title_sign_other_things() -> None:
    """Those of other stories, and of readers."""
    assert (
        authors("", behind="<p>x</p>" * 9 + "<p class=author>Lee Moor</p><p>By Lee Moor</p>") == ()
    )
    page = Page("https://bay.test/n/1", f"<body>{TEXT}<p>By Lee Moor</p></body>")
    nothing = (False,) * len(page.blocks)
    assert signed.people(page, TITLE, nothing, frozenset(), "en") == ()
    text = Page(None, f"{TITLE}\nBy Lee Moor", "text")
    assert signed.people(text, TITLE, (False, False), frozenset(), "en") == ()


def test_the_page_s_data_is_believed_first() -> None:
    """It names all who wrote, and nobody else."""
    assert authors("<p>By Lee Moor</p>", "<meta name=author content='Ann Ray'>") == ("Ann Ray",)


@pytest.mark.parametrize("host", ["leeds.test", "leeward.test", "moorland.test"])
def test_a_writer_whose_name_begins_the_site_s_stays(host: str) -> None:
    """Three letters are shared by chance."""
    assert authors("<p>By Lee Moor and Ann Ray</p>", host=host) == ("Lee Moor", "Ann Ray")
