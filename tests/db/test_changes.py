"""What is the same item, what counts as a change, and when to look again."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.changes import ENOUGH, compare, evidence, fingerprint, is_same, merge
from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    ChangeKind,
    Known,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.revisits import TRIES, next_try, next_visit


def known(article: Article, seen: datetime) -> Known:
    """Return what is known of an article that was stored as it is."""
    return Known(
        url=article.url,
        fingerprint=fingerprint(article),
        title=article.title,
        title_basis=article.title_basis,
        text=article.text,
        text_basis=article.text_basis,
        dateline=article.dateline,
        first_seen=seen,
        changed_at=seen,
    )


def test_an_unknown_article_is_new(article: Article, now: datetime) -> None:
    """What was never seen is new, and differs in no field from anything."""
    change = compare(None, article, now)
    assert (change.kind, change.known, change.fields) == (ChangeKind.NEW, None, ())
    assert (change.fingerprint, change.seen_at) == (fingerprint(article), now)


def test_the_same_page_read_again_is_no_change(article: Article, now: datetime) -> None:
    """A page that says what it said before has not changed."""
    assert compare(known(article, now), article, now) is None


@pytest.mark.parametrize(
    ("field", "value"), [("title", "Council  meets in\u2028Minsk "), ("text", " \n a  b\n")]
)
def test_white_space_is_no_edit(article: Article, now: datetime, field: str, value: str) -> None:
    """Two readings of a page that differ in white space only are one, and the first one stays."""
    before = replace(article, **{field: " ".join(value.split())})
    after = replace(before, **{field: value})
    assert compare(known(before, now), after, now) is None
    assert merge(before, after) == before
    assert fingerprint(before) == fingerprint(after)


@pytest.mark.parametrize("field", ["title", "text"])
def test_an_edit_names_its_fields(article: Article, now: datetime, field: str) -> None:
    """Other words on the same page are an edit of the field they stand in."""
    change = compare(known(article, now), replace(article, **{field: "Other"}), now)
    assert change is not None
    assert (change.kind, change.fields) == (ChangeKind.EDITED, (field,))
    assert change.known == known(article, now)


def test_an_edit_names_fields_in_order(article: Article, now: datetime) -> None:
    """Title, text and dateline stand in that order, whatever changed first."""
    moved = replace(article.dateline, when=now)
    change = compare(
        known(article, now), replace(article, title="T", text="X", dateline=moved), now
    )
    assert change is not None
    assert change.fields == ("title", "text", "dateline")


def test_a_page_completes_a_card(article: Article, card: Article, now: datetime) -> None:
    """The page of an item known from a list completes it; its other title is no edit."""
    change = compare(known(card, now), merge(card, article), now)
    assert change is not None
    assert (change.kind, change.fields) == (ChangeKind.COMPLETED, ("text",))
    assert change.article.title == article.title


def test_a_feed_entry_completes_a_card(card: Article, now: datetime) -> None:
    """A feed entry says more than a card, so it completes the item as well."""
    entry = replace(card, text="More words", text_basis=TextBasis.FEED)
    change = compare(known(card, now), merge(card, entry), now)
    assert change is not None
    assert change.kind is ChangeKind.COMPLETED


def test_a_card_seen_again_changes_nothing(article: Article, card: Article, now: datetime) -> None:
    """A card of a page already read neither counts as an edit nor replaces a word."""
    assert compare(known(article, now), card, now) is None
    assert merge(article, card) == article


def test_two_cards_of_one_item_make_no_edit(card: Article, now: datetime) -> None:
    """Lists shorten the same item differently; the first card stands until the page is read."""
    other = replace(card, text="Shortened otherwise", title="Otherwise")
    assert compare(known(card, now), other, now) is None
    assert merge(card, other) == card


def test_a_card_fills_what_the_page_left_out(article: Article, card: Article) -> None:
    """Known is never replaced by unknown, but unknown is by known, wherever it stood."""
    bare = replace(article, summary="", section=None, tags=(), dateline=UNKNOWN_DATELINE)
    merged = merge(bare, replace(card, summary="Lead", section="News", tags=("t",)))
    assert (merged.summary, merged.section, merged.tags) == ("Lead", "News", ("t",))
    assert merged.dateline == card.dateline
    assert merged.text == article.text


def test_a_page_read_again_says_what_holds(article: Article) -> None:
    """What a page says anew replaces what it said before; what it leaves out stays."""
    again = replace(article, section="Politics", authors=(), summary="Lead")
    merged = merge(article, again)
    assert (merged.section, merged.authors) == ("Politics", article.authors)
    assert merged.summary == "Lead"


def test_the_address_and_source_stay(article: Article) -> None:
    """An article seen at another address, or by another source, stays where it was first."""
    elsewhere = replace(article, url="https://odkb.example/other/", source="mirror")
    assert merge(article, elsewhere) == article
    nowhere = replace(article, url=None)
    assert merge(nowhere, elsewhere).url == "https://odkb.example/other/"


@pytest.mark.parametrize(
    ("before", "after", "wins"),
    [
        (TitleBasis.LISTING, TitleBasis.PAGE, True),
        (TitleBasis.LISTING, TitleBasis.DERIVED, False),
        (TitleBasis.PAGE, TitleBasis.FEED, False),
        (TitleBasis.PAGE, TitleBasis.PAGE, True),
    ],
)
def test_the_better_title_stands(
    article: Article, before: TitleBasis, after: TitleBasis, *, wins: bool
) -> None:
    """A page read again replaces a title only by one that stood in as good a place."""
    standing = replace(article, title="Before", title_basis=before)
    merged = merge(standing, replace(article, title="After", title_basis=after))
    assert merged.title == ("After" if wins else "Before")
    assert merged.title_basis == (after if wins else before)


def test_a_title_is_never_replaced_by_none(article: Article) -> None:
    """An empty title is no title, however good the place it stood in."""
    standing = replace(article, title="Before", title_basis=TitleBasis.LISTING)
    assert merge(standing, replace(article, title="")).title == "Before"


def test_a_derived_title_is_no_edit_of_its_own(article: Article, now: datetime) -> None:
    """A title made from the first sentence follows the text without being named."""
    before = replace(article, title="One.", title_basis=TitleBasis.DERIVED)
    after = replace(before, title="Two.", text="Two. And more.")
    change = compare(known(before, now), merge(before, after), now)
    assert change is not None
    assert change.fields == ("text",)
    assert change.article.title == "Two."


@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.META])
def test_the_better_evidence_dates_an_article(
    article: Article, now: datetime, basis: Basis
) -> None:
    """A date known in a better way replaces one known in a worse way, and is no edit."""
    other = replace(article.dateline, when=now, basis=basis)
    if basis is Basis.UNKNOWN:
        other = UNKNOWN_DATELINE
    merged = merge(article, replace(article, dateline=other))
    order = list(Basis)
    better = order.index(basis) < order.index(Basis.META)
    assert merged.dateline == (other if better else article.dateline)
    assert compare(known(article, now), merged, now) is None


def test_a_page_that_moves_its_date_is_edited(article: Article, now: datetime) -> None:
    """The same page giving another moment in the same way is an edit of the dateline."""
    moved = replace(article, dateline=replace(article.dateline, when=now))
    change = compare(known(article, now), merge(article, moved), now)
    assert change is not None
    assert change.fields == ("dateline",)
    assert change.article.dateline.when == now


def test_a_card_only_makes_a_date_finer(card: Article) -> None:
    """Of two cards of one item the one that tells the minute is believed, once."""
    finer = replace(card.dateline, precision=Precision.MINUTE, raw="10:00")
    assert merge(card, replace(card, dateline=finer)).dateline == finer
    other = replace(card, dateline=replace(card.dateline, raw="elsewhere"))
    assert merge(card, other).dateline == card.dateline


def test_merging_a_reading_twice_is_merging_it_once(article: Article, now: datetime) -> None:
    """Whatever stood before, a reading that was taken in says nothing new the second time."""
    datelines = [
        UNKNOWN_DATELINE,
        article.dateline,
        replace(article.dateline, when=now, place=None),
        replace(article.dateline, when=now, precision=Precision.DAY, basis=Basis.LISTING),
    ]
    readings = [
        replace(article, title=title, title_basis=a, text=text, text_basis=b, dateline=dateline)
        for title, text in product(("One", "Two", ""), ("short", "other"))
        for a, b, dateline in product(TitleBasis, TextBasis, datelines)
    ]
    for standing, reading in product(readings[::7], readings):
        merged = merge(standing, reading)
        assert merge(merged, reading) == merged
        assert compare(known(merged, now), merge(merged, reading), now) is None


def test_a_place_once_known_is_kept(article: Article) -> None:
    """A better date that names no place leaves the place as it was."""
    better = replace(article.dateline, basis=Basis.API, place=None)
    assert merge(article, replace(article, dateline=better)).dateline.place == "Minsk"


def test_evidence_needs_enough_text(article: Article) -> None:
    """Short texts prove nothing, unless an item has no address to be known by."""
    short = replace(article, text="x" * (ENOUGH - 1))
    assert evidence(short) is None
    assert evidence(replace(short, url=None)) is not None
    assert evidence(replace(article, text="x" * ENOUGH)) is not None


def test_evidence_overlooks_case_and_compatibility_forms(article: Article) -> None:
    """Capitals, white space and ligatures make no other item; another title does."""
    plain = replace(article, text="office " * 40)
    assert evidence(replace(plain, text="Oﬃce\n" * 40)) == evidence(plain)
    assert evidence(replace(plain, title="Other")) != evidence(plain)


def test_a_guid_is_trusted_as_far_as_the_words_agree(article: Article, card: Article) -> None:
    """Readings of one kind must agree in text, readings of two kinds in title."""
    assert is_same(article, replace(article, title="Another title"))
    assert not is_same(article, replace(article, text="Another text"))
    assert not is_same(article, card)
    assert is_same(article, replace(card, title=article.title.upper()))


def test_visits_thin_out(now: datetime) -> None:
    """A page is asked for after 1 h, 4 h, 1, 3 and 7 days, and then never again."""
    hours = []
    at: datetime | None = now
    while at is not None:
        hours.append((at - now) / timedelta(hours=1))
        at = next_visit(now, at)
    assert hours == [0, 1, 4, 24, 72, 168]


def test_a_late_visit_skips_those_it_missed(now: datetime) -> None:
    """After a day off, one visit is due and not three."""
    assert next_visit(now, now + timedelta(hours=30)) == now + timedelta(days=3)


def test_tries_are_far_between(now: datetime) -> None:
    """Each gap is longer than the one before, until they are a day long."""
    waits = [next_try(tries, now) - now for tries in range(1, TRIES + 3)]
    assert waits[: TRIES - 1] == sorted(set(waits))
    assert waits[TRIES - 2 :] == [timedelta(days=1)] * 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("a Б\n\t\r\x1c\x85\xa0\u2003\u2028\u3000\u200b"), max_size=12))
def test_white_space_of_any_kind_is_no_difference(article: Article, text: str) -> None:
    """A text has the fingerprint of its words with single spaces between them."""
    plain = replace(article, text=" ".join(text.split()))
    assert fingerprint(replace(article, text=text)) == fingerprint(plain)


@given(
    text=st.text(
        st.sampled_from("aß Б\n\t\r\x1c\x85\xa0\u1680\u2003\u2028\u3000\u200b¨ﬃİ"), max_size=12
    )
)
def test_digests_of_stored_articles_are_told_again(text: str) -> None:
    """However the words of an item are folded, it is done as for those that are stored."""
    item = Article(
        url=None, source="s", title="T", title_basis=TitleBasis.PAGE, text=text,
        text_basis=TextBasis.PAGE,
    )  # fmt: skip
    words = " ".join(text.split())
    assert fingerprint(item) == _digest("T", words, "")
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    assert evidence(item) == _digest("t", words)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def test_every_kind_of_white_space_is_known(article: Article) -> None:
    """Each alone is no difference to a space, in whatever version of Unicode."""
    plain = fingerprint(replace(article, text="a b"))
    spaces = [c for c in map(chr, range(0x110000)) if c.isspace()]
    assert len(spaces) > 20
    assert not [c for c in spaces if fingerprint(replace(article, text=f"a{c}b")) != plain]
    assert not [c for c in spaces if c.casefold() != c]
