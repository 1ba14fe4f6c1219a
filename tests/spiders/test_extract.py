"""What all sites share: building articles, first sentences, languages, addresses."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import ExtractError
from db.model import Basis, Dateline, Precision, TextBasis, TitleBasis
from db.visiting import Source
from spiders import extract
from spiders.extract import Found
from spiders.registry import READERS, site
from spiders.site import Card

SOURCE = Source(name="s", kind="tass", urls=("https://a.test/",), language="en")
WHEN = Dateline(when=datetime(2026, 1, 1, tzinfo=UTC), precision=Precision.DAY, basis=Basis.LISTING)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One thing happened. Another followed.", "One thing happened"),
        ("He said “yes.” Then he left.", "He said “yes.”"),
        ("Will it hold? Nobody knows.", "Will it hold?"),
        (
            "Mr. Smith met Gen. I.N. Petrov in St. Petersburg. They talked.",
            "Mr. Smith met Gen. I.N. Petrov in St. Petersburg",
        ),
        (
            "The U.S. and the U.N. agreed on 3.5 percent. It was late.",
            "The U.S. and the U.N. agreed on 3.5 percent",
        ),
        (
            "В г. Минске встретились А. Лукашенко и И.Н. Иванов. Они договорились.",
            "В г. Минске встретились А. Лукашенко и И.Н. Иванов",
        ),
        ("No full stop at all", "No full stop at all"),
        ("First line\nSecond line. Third.", "First line"),
        ("It ended in the U.S.", "It ended in the U.S."),
        ("", ""),
        ("ted .", "ted"),
    ],
)
def test_a_first_sentence_ends_at_its_own_full_stop(text, sentence):
    """Abbreviations, initials and numbers do not end a sentence; its full stop is no title's."""
    assert extract.first_sentence(text) == sentence


@pytest.mark.parametrize(
    "text", ["A. " * 30_000, "Mr. " * 30_000, "." * 100_000, "?! " * 30_000, "“" * 100_000]
)
def test_a_text_of_any_length_and_shape_has_a_short_title(text):
    """What a stranger repeats ten thousand times is looked at no further than a title reaches."""
    assert len(extract.first_sentence(text)) <= 302


def test_a_sentence_too_long_for_a_title_is_cut_at_a_word():
    """The cut is marked."""
    title = extract.first_sentence("word " * 200)
    assert len(title) <= 302
    assert title.endswith("word …")


def test_an_article_takes_from_its_card_what_its_page_lacks():
    """Title, summary, section, authors, tags and guid fall back; what the page has is better."""
    card = Card(
        url="u",
        title="C",
        summary="S",
        section="X",
        guid="g",
        authors=("A",),
        tags=("t",),
        basis=TextBasis.FEED,
    )
    article = extract.from_page(Found(paragraphs=("P",)), SOURCE, card, "u")
    assert (article.title, article.title_basis, article.summary, article.section) == (
        "C",
        TitleBasis.FEED,
        "S",
        "X",
    )
    assert (article.guid, article.authors, article.tags) == ("g", ("A",), ("t",))
    full = Found(
        title="T",
        summary="L",
        paragraphs=("P",),
        section="Y",
        authors=("B",),
        tags=("u",),
        language="ru",
    )
    article = extract.from_page(full, SOURCE, card, "u")
    assert (article.title, article.title_basis, article.summary, article.section) == (
        "T",
        TitleBasis.PAGE,
        "L",
        "Y",
    )
    assert (article.authors, article.tags, article.language) == (("B",), ("u",), "ru")


def test_a_page_without_text_is_an_error():
    """An article is never stored empty."""
    with pytest.raises(ExtractError) as raised:
        extract.from_page(Found(title="T"), SOURCE, None, "u")
    assert (raised.value.url, raised.value.field) == ("u", "text")


def test_a_card_alone_makes_an_article_that_says_so():
    """Until its page can be had, an item is kept from the list, with its basis."""
    article = extract.from_card(Card(url="u", title="T", summary="S", dateline=WHEN), SOURCE)
    assert (article.title, article.title_basis, article.text, article.text_basis) == (
        "T",
        TitleBasis.LISTING,
        "S",
        TextBasis.LISTING,
    )
    assert article.dateline == WHEN
    untitled = extract.from_card(Card(url=None, summary="It rained. It poured."), SOURCE)
    assert (untitled.title, untitled.title_basis, untitled.url) == (
        "It rained",
        TitleBasis.DERIVED,
        None,
    )
    bare = extract.from_card(Card(url="u", title="T", basis=TextBasis.FEED), SOURCE)
    assert (bare.text, bare.summary, bare.title_basis) == ("T", "", TitleBasis.FEED)
    with pytest.raises(ExtractError):
        extract.from_card(Card(url="u"), SOURCE)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ministers met", "en"),
        ("Министры встретились в ОДКБ (CSTO)", "ru"),
        ("Міністры сустрэліся ў Мінску", "be"),
        ("Министрлер жолугушту, өлкөнүн келечегин талкуулашты", "ky"),
        ("2025 — 15.12", None),
    ],
)
def test_letters_tell_the_language(text, language):
    """What letters cannot prove is not said."""
    assert extract.language_of(text) == language


@pytest.mark.parametrize(
    ("url", "tidy"),
    [
        ("HTTP://A.test:80/p?utm_source=x&b=2&fbclid=1&a=1#f", "http://a.test/p?b=2&a=1"),
        ("https://a.test:8443", "https://a.test:8443/"),
        ("http://b.test:80/p", "https://b.test/p"),
        ("https://[::1]:8000/p", "https://[::1]:8000/p"),
        ("https://a.test/p?drop=1&keep=", "https://a.test/p?keep="),
        ("http://[bad", "http://[bad"),
        ("https://a.test:port/", "https://a.test:port/"),
    ],
)
def test_an_address_is_tidied_without_touching_what_names_the_article(url, tidy):
    """Fragment, tracking, usual ports and the reader's parameters go; the rest stays in order."""
    assert extract.tidy_url(url, frozenset(("drop",)), frozenset(("b.test",))) == tidy


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing_more(url):
    """Canonical is canonical, whatever the address."""
    once = extract.tidy_url(url)
    assert extract.tidy_url(once) == once


@pytest.mark.parametrize(
    ("url", "is_http"),
    [("https://a.test/", True), ("http://a.test", True), ("ftp://a.test/", False), ("javascript:x", False),
     ("/p", False), ("http://", False), ("http://[bad", False)],
)  # fmt: skip
def test_only_http_addresses_can_be_crawled(url, is_http):
    """Other schemes and addresses without a host are refused."""
    assert extract.is_http(url) is is_http


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("url", ["https://[::1/news/x/", "https://[x]/news/", "http://[", ""])
def test_an_address_that_cannot_be_parsed_is_no_article(kind, url):
    """A link that is no address is passed over; it does not cost the list it stands in."""
    assert not site(kind).is_article(url)
    assert site(kind).canonical(url) == url
