"""Bytes become text strictly, or not at all."""

from __future__ import annotations

import pytest

from spiders.decoding import decoded, without_illegal_references

TEXT = "Казахстан и Кыргызстан"


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (TEXT.encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=windows-1251"),
        (TEXT.encode("utf-16"), ""),
        (TEXT.encode("cp1251"), "text/plain; charset=windows-1251"),
        (TEXT.encode("koi8-r"), "text/html; charset=KOI8-R"),
        (TEXT.encode(), "text/html; charset=no-such-charset"),
        (TEXT.encode(), "text/html; charset=windows-1251"),
    ],
)
def test_a_text_is_read_by_its_mark_its_label_or_as_utf_8(body: bytes, label: str) -> None:
    """The first bytes count most, then the header; without either it is UTF-8."""
    assert decoded(body, label) == TEXT


def test_a_page_may_name_its_own_charset() -> None:
    """What the page declares is tried before UTF-8."""
    page = f'<meta charset="windows-1251"><p>{TEXT}'
    assert decoded(page.encode("cp1251")) == page


@pytest.mark.parametrize("label", ["windows-1252", "windows-1251", "gb18030"])
def test_what_is_utf_8_is_read_so_whatever_it_calls_itself(label: str) -> None:
    """In the header or in the page: every byte would fit, and the words would be nobody's."""
    page = f'<meta charset="{label}"><p>für Ältere: „{TEXT}“'
    assert decoded(page.encode()) == page
    assert decoded(page.encode(), f"text/html; charset={label}") == page


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("ENTRÉ\xa0: le menu", "windows-1252"),
        ("Её № 7", "windows-1251"),
        ("\u043f", "koi8-r"),
        ("水木一时", "gb2312"),
    ],
)
def test_a_few_bytes_that_look_like_utf_8_do_not_overrule_a_label(text: str, charset: str) -> None:
    """One character in another charset may be valid by chance."""
    assert decoded(text.encode(charset), f"text/html; charset={charset}") == text


@pytest.mark.parametrize(
    ("body", "label", "said"),
    [
        (TEXT.encode("cp1251"), "text/html; charset=utf-8", "not utf-8"),
        (b"\xff\xfe\x00\xd8", "", "as its first bytes say"),
        (TEXT.encode("utf-16-le"), "", "not utf-8"),
    ],
)
def test_what_fits_no_label_is_refused(body: bytes, label: str, said: str) -> None:
    """No charset is guessed, and no character is replaced in silence."""
    with pytest.raises(ValueError, match=said):
        decoded(body, label)


@pytest.mark.parametrize(
    "markup", ["&#&#0;xD800;", "&#&#&#0;0;xD800;", "&&#0;#xDFFF;", "&#xD8&#0;00;"]
)
def test_a_reference_that_appears_when_another_is_dropped_is_none(markup: str) -> None:
    """Dropping what is no character never leaves a reference to what is none."""
    left = without_illegal_references(markup)
    assert without_illegal_references(left) == left
