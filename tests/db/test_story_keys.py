"""Names, numbers and dates as they are the same in Russian and English."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import thesaurus
from db.story_keys import Number, alike, counted, dates, is_year, name_key, numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tasmagambetov", "Тасмагамбетову"),
        ("Lukashenko", "Лукашэнка"),
        ("Japarov", "Жапаровым"),
        ("Zhaparov", "Жапарова"),
        ("Skvortsova", "Скворцовой"),
        ("Mirziyoyev", "Мирзиеев"),
        ("Alexander", "Александром"),
        ("Khujand", "Худжанде"),
        ("Tokayev", "Токаева"),
        ("Vinnytsky", "Винницким"),
        ("PROXY", "ПРОКСИ"),
        ("Search-2025", "Search"),
        ("Karaganda", "Карагандинской"),
        ("Vitebsk", "Витебская"),
        ("Minsk", "Минском"),
    ],
)
def test_a_name_has_one_key_in_both_scripts(one: str, other: str) -> None:
    """The usual spellings and Russian cases meet."""
    assert name_key(one) == name_key(other) != ""


def test_strangers_and_scraps_have_other_keys_or_none() -> None:
    """Different names differ; two sounds are no evidence."""
    assert name_key("Lebedev") != name_key("Lavrov")
    assert name_key("Ош") == ""
    assert name_key("Osh") == ""
    assert name_key("") == ""


@pytest.mark.parametrize(
    ("text", "days", "months"),
    [
        ("on 15 December 2025, in October", {(12, 15)}, {10}),
        ("From May 8 to 13", {(5, 8), (5, 13)}, set()),
        ("с 8 по 13 сентября 2025 года", {(9, 8), (9, 13)}, set()),
        ("published 07.07.2025", {(7, 7)}, set()),
        ("they may march", set(), set()),
        ("в мае и июне", set(), {5, 6}),
        ("July 4", {(7, 4)}, set()),
        ("On March 6th they met", {(3, 6)}, set()),
        ("", set(), set()),
    ],
)
def test_dates_are_read_in_both_languages(text: str, days: set, months: set) -> None:
    """Days with their month, months alone; "may" and "march" are verbs."""
    found = dates(text)
    assert (found.days, found.months) == (days, months)


def test_what_a_date_said_is_no_number() -> None:
    """Days and years of dates do not come again as numbers."""
    assert numbers(dates("On 15 December 2025 they met 7 times, 01.02.25").rest) == [
        Number("7", "times")
    ]


@pytest.mark.parametrize(
    ("text", "russian", "values"),
    [
        ("1,200 men", False, ["1200"]),
        ("1 200 человек", True, ["1200"]),
        ("1,200 тонны", True, ["1.2"]),
        ("1,200,300 or 1,200 300 тонн", True, ["1200300", "1.2003"]),
        ("7,25", False, ["7.25"]),
        ("44,8%", True, ["44.8"]),
        ("1.02 million hectares", False, ["1020000"]),
        ("5,3 млн. долларов", True, ["5300000"]),
        ("42 тыс. ресурсов", True, ["42000"]),
        ("Br2.9874 and $62.87", False, ["2.9874", "62.87"]),
        ("A320, K-2, Soyuz-2.1b", False, ["2.1"]),
        ("from -3 to +4, 5-10", False, ["-3", "4", "5", "10"]),
        ("at 07:42, score 4:2", False, ["7:42", "4", "2"]),
        ("0.50 0", False, ["0.5", "0"]),
        ("12 345,67", True, ["12345.67"]),
        ("1" * 40, False, []),
    ],
)
def test_numbers_are_read_as_each_language_writes_them(
    text: str, *, russian: bool, values: list[str]
) -> None:
    """Groups, decimal signs, scales, signs and times; digits of names are no numbers."""
    assert [number.value for number in numbers(text, russian=russian)] == values


def test_units_stand_behind_their_number() -> None:
    """A scale is part of the number, the next word its unit; at the end there is none."""
    assert numbers("18 million rubles, 600-megawatt, 7") == [
        Number("18000000", "rubles"),
        Number("600", "megawatt"),
        Number("7", ""),
    ]
    assert list(counted(["six", "men", "шестерых"])) == [Number("6", "men"), Number("6", "")]


def test_years_are_told_from_counts() -> None:
    """Four digits of our time, and no other number."""
    assert is_year(Number("2025", ""))
    assert not any(is_year(Number(value, "")) for value in ("20250", "3000", "20.5", "7:42"))


def test_a_rounded_number_is_the_same_number() -> None:
    """As long as two digits are told; times and small counts must be equal."""
    assert alike("7", "7")
    assert alike("600000", "598120") is False
    assert alike("5300000", "5312000")
    assert not alike("7", "7.4")
    assert not alike("7:42", "7:43")
    assert not alike("0", "0.0")


def test_no_word_stands_in_two_meanings() -> None:
    """The first would have it, and a common word of the second list would pass for a rare one."""
    tables = (thesaurus._NAMES, thesaurus._FAR_NAMES, thesaurus._WORDS, thesaurus._RARER)  # noqa: SLF001 - what is made of them no longer tells
    met = Counter(word for table in tables for word in re.split(r"[\s:;]+", table) if word)
    assert [word for word, times in met.items() if times > 1] == []
    assert {"=tashkent", "=petersburg", "=beij"} <= thesaurus.COMMON


@given(text=st.text(max_size=200), russian=st.booleans())
def test_any_text_can_be_read(text: str, *, russian: bool) -> None:
    """Nothing a stranger writes makes the reading fail."""
    found = dates(text)
    for number in numbers(found.rest, russian=russian):
        assert alike(number.value, number.value)
        alike(number.value, "12.5")
        is_year(number)
    name_key(text)
