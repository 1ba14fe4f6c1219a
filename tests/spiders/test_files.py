"""Saved files as pages, and the kind of source that is a folder of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from db.errors import ExtractError
from spiders import documents, registry
from spiders.blocks import Page
from spiders.cards import article_links
from spiders.extract import from_card
from spiders.files import (
    as_written,
    is_list,
    is_section,
    items_of,
    lacks_address,
    listed,
    located,
    page_of,
    saved_items,
    says_less,
)
from spiders.site import Card, Fetch, Listing, Reading

SOURCE = registry.default_source("belta")
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_file_is_html_or_text_as_it_looks() -> None:
    """An empty one is neither."""
    assert page_of(b"<html><p>x</p></html>", None).media == "html"
    assert page_of(b"<style>" + b"a { }" * 2000 + b"</style><p>x</p>", None).media == "html"
    assert page_of("Слова".encode(), None).media == "text"
    assert [page_of(data, None).media for data in (b'{"a": 1}', b"{a")] == ["json", "text"]
    with pytest.raises(ValueError, match="the file is empty"):
        page_of(b" \n", None)


class _Bare:
    """Rules that find nothing and say nothing."""

    kind = "bare"
    hosts = frozenset({"e.org"})

    def read(self, *_: object) -> Reading:
        """Find no article."""
        return Reading(article=None)


def test_a_page_without_any_item_says_whose_rules_were_asked() -> None:
    """The rules may be the wrong ones."""
    source = registry.default_source("secretariat")
    with pytest.raises(ValueError, match="is it a page that bare reads"):
        items_of(b"<html><p></p></html>", None, _Bare(), source, NOW)  # type: ignore[arg-type]


class _Lists:
    """Rules of a site that find these cards on any page, and no article."""

    kind = "lists"
    hosts = frozenset({"e.org"})

    def __init__(self, *cards: Card) -> None:
        self.cards = cards

    def canonical(self, url: str) -> str:
        """Leave it."""
        return url

    def is_article(self, url: str) -> bool:
        """Know an article by its address."""
        return url.endswith("/article")

    def read_list(self, *_: object) -> Listing:
        """Find the cards."""
        return Listing(cards=self.cards)

    def read(self, page: Page, *_: object) -> Reading:
        """Find no article."""
        raise ExtractError("no title", url=page.url, field="title")


def test_a_list_on_which_no_article_can_be_read_is_one() -> None:
    """Its items are those that it has words about; at an article's address nothing is a list."""
    source = registry.default_source("belta")
    page = b"<html><p>x</p></html>"
    rules = _Lists(Card(url="https://e.org/1", title="One"), Card(url="https://e.org/2"))
    found = saved_items(page, "https://e.org/", rules, source, NOW)  # type: ignore[arg-type]
    assert [(item.article.title, item.lost) for item in found] == [("One", None)]
    with pytest.raises(ExtractError, match="no title"):
        saved_items(page, "https://e.org/article", rules, source, NOW)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="without a word"):
        saved_items(page, "https://e.org/", _Lists(Card(url="u")), source, NOW)  # type: ignore[arg-type]


def test_a_page_that_says_more_than_its_cards_is_an_article() -> None:
    """Cards may stand on it at an address that tells nothing; their words in the text tell."""
    cards = tuple(Card(url=f"https://e.org/{n}", title=f"Heading number {n}") for n in "12")
    article = from_card(Card(url="https://e.org/", text="Words of its own. " * 9), SOURCE)
    assert not says_less(article, cards)
    text = " ".join(f"{card.title}, or so they said today." for card in cards)
    assert says_less(replace(article, text=text * 9), cards)


def test_only_a_page_of_a_site_with_rules_lacks_its_address() -> None:
    """Plain text has no links; the lists of any other site are not known from their articles."""
    belta, listing = (registry.default_source(kind) for kind in ("belta", "listing"))
    page, card = b"<html><p>x</p></html>", Card(url="https://e.org/1", title="One")
    assert lacks_address(page, _Lists(card), belta, NOW)  # type: ignore[arg-type]
    assert not lacks_address(page, _Lists(), belta, NOW)  # type: ignore[arg-type]
    assert not lacks_address(b"Words.", _Lists(card), belta, NOW)  # type: ignore[arg-type]
    assert not lacks_address(page, registry.reader(listing), listing, NOW)


SECTION = "https://bay.test/harbour/"
CARDS = "".join(
    f"<article><h3><a href='/n/{n}-boats'>Boats of the harbour go out for the time of {n}</a></h3>"
    f"<p>The master of the harbour told us on the quay what he thinks of it, number {n}.</p>"
    f"<time datetime=2026-03-0{n}T08:00Z>x</time></article>"
    for n in range(1, 8)
)
PLACED = f"<link rel=canonical href={SECTION}>"
OWN = "".join(
    f"<p>Paragraph {n} of the article tells at some length what the harbour wants the crane for, "
    "what it costs, and who is going to pay for it in the years that come.</p>"
    for n in range(40)
)


def section(head: str = "", text: str = "") -> bytes:
    return f"<html><head>{head}</head><body><h1>Harbour</h1>{text}{CARDS}</body></html>".encode()


def is_listed(page: Page) -> bool:
    """Tell whether a page is read as a list by the rules of any site."""
    source = registry.default_source("listing")
    rules = registry.reader(source)
    try:
        article = rules.read(page, source, None, NOW).article
    except ExtractError:
        article = None
    return is_list(page, rules, article, listed(page, rules, source, NOW))


@pytest.mark.parametrize(
    ("url", "head", "text", "expected"),
    [
        (SECTION, "", "", True),
        ("https://bay.test/category/harbour", "", "", True),
        ("https://bay.test/", "", OWN[:600], True),
        ("https://bay.test/", "", OWN, False),
        ("https://bay.test/n/7-crane", "", OWN, False),
        (SECTION, "<meta property=og:type content=article>", "", False),
        (
            SECTION,
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>',
            "",
            False,
        ),
        (None, "", "", False),
    ],
)
def test_a_section_page_of_any_site_is_told_from_an_article(
    url: str | None, head: str, text: str, *, expected: bool
) -> None:
    """By what it states, by its address, and by whose words its text is."""
    assert is_listed(Page(url, section(head, text).decode())) is expected


def test_a_section_page_may_have_short_headings() -> None:
    """Each is a link with a day, and its teaser is told below it."""
    body = section().decode().replace("Boats of the harbour go out for the time of", "Boat")
    assert is_listed(Page("https://bay.test/news/harbour", body))
    assert not is_listed(Page("https://bay.test/news/harbour", body.replace("datetime", "title")))


def test_cards_that_say_more_than_an_undated_text_are_a_list() -> None:
    """The few words that stand beside them are the site's own."""
    far = "<div>x</div>" * 9
    about = "<p>This is what we of the bay do for all who read us, and for all others there.</p>"
    page = section(text=f"<div>{about}<p>{'We are the bay and its news. ' * 3}</p></div>{far}")
    assert is_listed(Page("https://bay.test/news/harbour.html", page.decode()))
    page = page.replace(b"<h1>Harbour</h1>", b"<h1>Harbour</h1><div>4 March 2026</div>")
    assert not is_listed(Page("https://bay.test/news/harbour.html", page.decode()))


def test_two_cards_are_no_list_and_a_page_without_text_is_one() -> None:
    """Fewer cards stand below any article."""
    card = Card(url="https://bay.test/1", title="Boats of the harbour go out")
    assert not is_section(None, (card, card), at_article=False)
    assert is_section(None, (card, card, card), at_article=True)
    article = from_card(replace(card, text="The master told of a ship. " * 9), SOURCE)
    assert not is_section(article, (card, card, card), at_article=True)


def test_an_article_that_has_a_day_of_its_own_is_no_list() -> None:
    """Its text may be lost among the headlines beside it; a list has the day of one of its cards."""
    source = registry.default_source("listing")
    page = Page(SECTION, section().decode())
    cards = registry.reader(source).read_list(page, Fetch(url=SECTION), source, NOW).cards
    text = "\n\n".join(card.summary for card in cards)
    article = from_card(replace(cards[2], text=text), source)
    assert is_section(article, cards, at_article=True)
    own = replace(article, dateline=replace(article.dateline, when=NOW))
    assert not is_section(own, cards, at_article=True)


@pytest.mark.parametrize("path", ["archive/2026/03/crane.html", "topics/crane", "page/2", ""])
def test_an_article_is_one_though_its_stated_address_looks_like_a_list_s(path: str) -> None:
    """It has a day of its own, and the teasers below it say more than it does."""
    source = registry.default_source("listing")
    rules = registry.reader(source)
    head = f"<link rel=canonical href=https://bay.test/{path}>"
    text = f"<time datetime=2025-05-18T10:30Z>18 May 2025</time>{OWN[:600]}"
    for read in (items_of, saved_items):
        for stated in ("", head):
            ((article, _),) = read(section(stated, text), None, rules, source, NOW)
            assert article.dateline.when == datetime(2025, 5, 18, 10, 30, tzinfo=UTC)


def test_a_list_s_page_may_have_a_day_of_its_own() -> None:
    """Where its text tells what stands on its cards; at an article's address it is an article."""
    source = registry.default_source("listing")
    page = Page(SECTION, section().decode())
    cards = registry.reader(source).read_list(page, Fetch(url=SECTION), source, NOW).cards
    text = "\n\n".join(card.summary for card in cards)
    own = from_card(replace(cards[2], text=text), source)
    own = replace(own, dateline=replace(own.dateline, when=NOW))
    assert is_section(own, cards, at_article=False)
    assert not is_section(own, cards, at_article=True)
    assert not is_section(replace(own, text="Words of its own."), cards, at_article=False)


def test_a_saved_section_page_is_no_article_of_a_folder_or_an_import() -> None:
    """Where its address is known its items are read, else it says what it is."""
    source = registry.default_source("listing")
    rules = registry.reader(source)
    found = saved_items(section(), SECTION, rules, source, NOW)
    assert [item.article.title for item in found][:1] == [
        "Boats of the harbour go out for the time of 1"
    ]
    for read in (items_of, saved_items):
        with pytest.raises(ValueError, match="a list of 7 items and no article; "):
            read(section(PLACED), None, rules, source, NOW)
    ((article, _),) = items_of(section(PLACED, OWN), None, rules, source, NOW)
    assert article.title == "Harbour"


@pytest.mark.parametrize(
    ("links", "address", "first"),
    [
        ("", "https://page.invalid/saved/here", "/n/1-boats"),
        ("https://bay.test:8080", "https://bay.test:8080/saved/here", None),
        ("../..", "https://page.invalid/saved/here", "../../n/1-boats"),
    ],
)
def test_a_list_that_states_no_address_is_known_by_its_links(
    links: str, address: str, first: str | None
) -> None:
    """Relative ones are the page's own site's, and so are those of one host."""
    source = registry.default_source("listing")
    rules = registry.reader(source)
    body = section().replace(b"href='", f"href='{links}".encode())
    page = located(page_of(body, None), rules)
    assert page.url == address
    cards = as_written(page, rules, listed(page, rules, source, NOW))
    assert cards[0].url == (first or f"{links}/n/1-boats")
    for read in (items_of, saved_items):
        with pytest.raises(ValueError, match="a list of 7 items and no article; "):
            read(body, None, rules, source, NOW)
    ((article, _),) = items_of(section("", OWN), None, rules, source, NOW)
    assert article.title == "Harbour"


def test_a_page_that_is_located_is_not_parsed_again() -> None:
    """Only its links lead elsewhere; what was not read yet is read when it is asked for."""
    rules = registry.reader(registry.default_source("listing"))
    page = Page(None, section(PLACED).decode())
    assert [link.url for link in page.blocks[1].links] == ["/n/1-boats"]
    found = located(page, rules)
    assert found.tree is page.tree
    assert found.metas is page.metas
    assert [link.url for link in found.blocks[1].links] == ["https://bay.test/n/1-boats"]
    assert found.structured == ()


def test_only_a_page_of_any_site_that_lacks_an_address_is_located() -> None:
    """One without links stands nowhere; links within it and those of programs are none."""
    rules = registry.reader(registry.default_source("listing"))
    for page in (Page(SECTION, "<p>x</p>"), Page(None, "x", "text"), Page(None, "{}", "json")):
        assert located(page, rules) is page
    page = Page(None, "<p>x</p>")
    assert located(page, registry.reader(SOURCE)) is page
    body = "<a>x</a><a href='#top'>x</a><a href='mailto:x@e.org'>x</a>"
    assert located(Page(None, body), rules).url == "https://page.invalid/saved/here"
    body += "<a href='http://[1'>x</a><a href='http://e.org/1'>x</a>"
    assert located(Page(None, body), rules).url == "https://e.org/saved/here"


@pytest.mark.parametrize("wrong", ["http://[::1", "https://[x/", "http://", "bay.test/n"])
@pytest.mark.parametrize(
    "stated", ["<link rel=canonical href='{}'>", "<meta property=og:url content='{}'>"]
)
def test_a_stated_address_that_is_none_costs_no_page(wrong: str, stated: str) -> None:
    """What the page states otherwise is taken, else its links tell where it stood."""
    source = registry.default_source("listing")
    rules = registry.reader(source)
    head = stated.format(wrong)
    ((article, _),) = items_of(section(head, OWN), None, rules, source, NOW)
    assert article.title == "Harbour"
    page = located(page_of(section(head), None), rules)
    assert page.url == "https://page.invalid/saved/here"
    other = f"{head}<meta property=og:url content={SECTION}>" if "link" in stated else PLACED + head
    assert located(page_of(section(other), None), rules).url == SECTION
    assert article_links(Page(wrong, section().decode()), rules) == []


def test_a_saved_page_gives_its_article() -> None:
    """By the rules that are asked for it."""
    source = registry.default_source("listing")
    page = (
        f"<html><body><h1>A heading of some length</h1><p>{'Words of the page. ' * 12}</p></body>"
    )
    ((article, _lost),) = items_of(page.encode(), None, registry.reader(source), source, NOW)
    assert article.title == "A heading of some length"


def test_a_folder_has_no_lists_and_no_pages_to_ask_for() -> None:
    """What there is lies in it."""
    source = registry.default_source("documents")
    page = Page("https://e.org/", "<a href='/a'>x</a>", "html")
    listing = documents.SITE.read_list(page, Fetch(url="https://e.org/"), source, NOW)
    assert listing.cards == ()
    assert not documents.SITE.is_article("https://e.org/news/item")
    assert registry.reader(source).kind == "listing"
