"""What of a name, a number or a date is the same in every language: one key for each. Pure.

The keying of names is private to stories and rough on purpose, for it only adds to other
evidence; `~name` in a query has a finer one, and the two can be joined later.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from db.words import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "ж": "j",
    "з": "z", "и": "i", "і": "i", "ї": "i", "й": "y", "к": "k", "қ": "k", "л": "l", "м": "m",
    "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ў": "u", "ү": "u", "ұ": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ғ": "g", "ә": "a",
}  # fmt: skip
_TO_LATIN: Final = str.maketrans(_LATIN)
# What different spellings write differently, the longer first.
_SOUNDS: Final = (
    ("shch", "S"), ("sch", "S"), ("dzh", "j"), ("tch", "C"), ("dj", "j"), ("zh", "j"), ("sh", "S"),
    ("ch", "C"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("tz", "ts"), ("x", "ks"), ("w", "v"),
    ("q", "k"),
)  # fmt: skip
_SOFT_C: Final = re.compile("c(?=[eiy])")
_FIRST_VOWEL: Final = re.compile("^y?([aeiou])")
_TWICE: Final = re.compile(r"(.)\1")
_LEAST: Final = 3
_VOWELS: Final = frozenset("aeiouy")
_OF_A_PLACE: Final = re.compile(r"(?<=[a-z]{3})insk(?=[aeiouy]*$)")  # Карагандинская: Караганда
_DIGITS: Final = re.compile(r"-?\d.*$")
# Of Russian endings only those matter that hold a consonant.
_ENDING: Final = re.compile(
    r"(?<=[оеи][вн])(?:ым|ых|ыми)$|(?<=[сц]к)(?:им|ом|ого|ому|их|ими)$|(?<=[б-дж-нп-тф-щ]{2})ом$"
    r"|(?<=[а-я]{4})ом$"
)

_RUSSIAN_MONTHS: Final = (
    "январ", "феврал", "март", "апрел", "май", "мая", "мае", "июн", "июл", "август", "сентябр",
    "октябр", "ноябр", "декабр",
)  # fmt: skip
_ENGLISH_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept",
    "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
# Alternatives that all begin with a letter are searched quickly. "may" and "march" are no months.
_MONTH: Final = re.compile(
    "|".join(
        (
            *(rf"{name}[а-я]{{0,3}}\b" for name in _RUSSIAN_MONTHS),
            *(rf"{name.capitalize()}[а-я]{{0,3}}\b" for name in _RUSSIAN_MONTHS),
            *(rf"{name}\b\.?" for name in _ENGLISH_MONTHS),
        )
    )
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan янв", "feb фев", "mar мар", "apr апр", "may май мая мае", "jun июн", "jul июл",
            "aug авг", "sep сен", "oct окт", "nov ноя", "dec дек",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_BEFORE: Final = re.compile(
    r"\b(?:(\d{1,2})\s?(?:[-–—]|and|to|till|и|по|-го\sпо)\s?)?(\d{1,2})(?:st|nd|rd|th|-го)?\s$"
)
_DAY_AFTER: Final = re.compile(
    r"\s(\d{1,2})(?:st|nd|rd|th)?(?:\s?(?:[-–—]|and|to|till)\s?(\d{1,2}))?\b(?![.:]?\d)"
)
_YEAR_AFTER: Final = re.compile(r",?\s(?:19|20)\d\d\b")
_DOTTED: Final = re.compile(r"\b(\d{1,2})\.(\d\d)\.(?:(?:19|20)\d\d|\d\d)\b")
_REACH: Final = 20

_COUNTS: Final = {
    word: number
    for number, words in enumerate(
        (
            "two both два две двух двое двоих", "three три трех трое троих",
            "four четыре четырех четверо четверых", "five пять пяти пятеро пятерых",
            "six шесть шести шестеро шестерых", "seven семь семи", "eight восемь восьми",
            "nine девять девяти", "ten десять десяти", "eleven одиннадцать", "twelve двенадцать",
        ),
        2,
    )
    for word in words.split()
}  # fmt: skip
_SCALES: Final = {
    **dict.fromkeys(("thousand", "тыс", "тысяч", "тысячи", "тысяча"), 3),
    **dict.fromkeys(("million", "millions", "mln", "mn", "млн", "миллион", "миллиона"), 6),
    **dict.fromkeys(("миллионов",), 6),
    **dict.fromkeys(("billion", "billions", "bln", "bn", "bcm", "млрд", "миллиард"), 9),
    **dict.fromkeys(("миллиарда", "миллиардов"), 9),
}
_NUMBER: Final = re.compile(  # begins with a set, and so is searched quickly
    r"[0-9](?:(?P<clock>[0-9]?:[0-9]{2}(?![0-9]))"
    r"|(?P<whole>[0-9]{0,2}(?:[ ,][0-9]{3})+(?![0-9])|[0-9]{0,14})"
    r"(?:[.,](?P<part>[0-9]{1,9}))?(?![0-9]))"
)
_INSIDE: Final = re.compile(r"[^\W\d]-?$|[\d.]$")  # before the digits of a name: A320, K-2
_PREFIX: Final = re.compile(r"(?:\bBr|[^\W\d]{3}-)$")  # but not here: Br2.98, Rock-2025
_UNIT: Final = re.compile(r"[\s-]?(%|[^\W\d_]+)")
_MINUS: Final = ("-", "−")
_NEAR: Final = 5
_YEARS: Final = range(1900, 2100)
AT_LEAST: Final = re.compile(
    r"\b(?:at least|more than|no fewer than|another|as many as|как минимум|не менее|более"
    r"|по меньшей мере|ещ[её]|свыше|предварительно)\s[$€£]?(?=(\w+))",
    re.IGNORECASE,
)
"""What stands before a number that a later text may exceed."""
REACHED: Final = re.compile(
    r"\b(?:(?:ris|climb|grow|increas|rose|grew|jump)\w*|вырос\w*|возрос\w*|увелич\w*|достиг\w*"
    r"|reach\w*)\s(?:to|до)?\s?[$€£]?(?=(\w+))",
    re.IGNORECASE,
)
"""What stands before a number that was smaller before."""


class Number(NamedTuple):
    """A number of a text: its value as plain digits, and the word behind it in lower case."""

    value: str
    unit: str


class Dates(NamedTuple):
    """The days (month, day) and months a text names, and what is left of it without them."""

    days: frozenset[tuple[int, int]]
    months: frozenset[int]
    rest: str


def dates(text: str) -> Dates:
    """Read the dates of a text. Years are not told: news leaves them out.

    >>> found = dates("From May 8 to 13 and on 15.12.2025, as in October")
    >>> sorted(found.days), sorted(found.months)
    ([(5, 8), (5, 13), (12, 15)], [10])
    """
    days: set[tuple[int, int]] = set()
    months: set[int] = set()
    rest: list[str] = []
    done = 0
    for name in _MONTH.finditer(text):
        month = _MONTHS[name[0][:3].lower()]
        start, end = name.span()
        if text[start - 1 : start].isalpha():
            continue
        before = _DAY_BEFORE.search(text[max(done, start - _REACH) : start])
        after = None if before else _DAY_AFTER.match(text, end)
        if before:
            start -= len(before[0])
        elif after:
            end = after.end()
        year = _YEAR_AFTER.match(text, end)
        end = year.end() if year else end
        found = before or after
        if found:
            days.update((month, int(day)) for day in found.groups() if day)
        else:
            months.add(month)
        rest.append(text[done:start])
        done = end
    rest.append(text[done:])
    left = " ".join(rest)
    days.update((int(month), int(day)) for day, month in _DOTTED.findall(left))
    return Dates(frozenset(days), frozenset(months), _DOTTED.sub(" ", left))


def numbers(text: str, *, russian: bool = False) -> list[Number]:
    """Read the numbers of a text that has no dates: digits and times of day.

    In Russian a comma is the decimal sign; elsewhere three digits behind one are thousands.

    >>> [tuple(n) for n in numbers("1.2 million rubles, Br1,200.50 at 07:42, -3 to A320")]
    [('1200000', 'rubles'), ('1200.5', 'at'), ('7:42', 'clock'), ('-3', 'to')]
    >>> numbers("7,2 млрд рублей", russian=True)
    [Number(value='7200000000', unit='рублей')]
    """
    found = []
    for match in _NUMBER.finditer(text):
        start = match.start()
        before = text[max(0, start - _NEAR) : start]
        if _INSIDE.search(before) and not _PREFIX.search(before):
            continue
        if match["clock"]:
            found.append(Number(match[0].lstrip("0"), "clock"))
            continue
        told = _told(match, russian=russian)
        minus = before.endswith(_MINUS) and not before[-2:-1].isalnum()
        found.append(told._replace(value=f"-{told.value}") if minus else told)
    return found


def counted(surfaces: Sequence[str]) -> Iterator[Number]:
    """Give the small counts that a text writes as words.

    >>> list(counted(["three", "men"]))
    [Number(value='3', unit='men')]
    """
    for surface, unit in zip(surfaces, (*surfaces[1:], ""), strict=False):
        if surface in _COUNTS:
            yield Number(str(_COUNTS[surface]), unit)


def bounds(words: re.Pattern[str], text: str, *, russian: bool = False) -> Iterator[Number]:
    """Give the numbers, in digits or small ones as words, that stand behind some words.

    >>> [tuple(n) for n in bounds(AT_LEAST, "At least 1,300 men died, and another two are missing")]
    [('1300', 'men'), ('2', 'are')]
    """
    for match in words.finditer(text):
        told = match[1].lower().replace("ё", "е")
        number = _NUMBER.match(text, match.start(1))
        if told in _COUNTS:
            unit = _UNIT.match(text, match.end(1))
            yield Number(str(_COUNTS[told]), unit[1].lower() if unit else "")
        elif number and not number["clock"]:
            yield _told(number, russian=russian)


def _told(match: re.Match[str], *, russian: bool) -> Number:
    """Return the number that digits tell together with the words behind them."""
    unit, scale = _unit(match.string, match.end())
    value = _plain(match[0][0] + match["whole"], match["part"] or "", scale, russian=russian)
    return Number(value, unit)


def _unit(text: str, end: int) -> tuple[str, int]:
    """Return the word behind a number, and how many zeros a word between them stands for."""
    unit = _UNIT.match(text, end)
    scale = _SCALES.get(unit[1].lower(), 0) if unit else 0
    if unit and scale:
        unit = _UNIT.match(text, unit.end() + text.startswith(".", unit.end()))
    return (unit[1].lower() if unit else ""), scale


def is_year(number: Number) -> bool:
    """Tell whether a number is more likely a year than a count."""
    return (
        len(number.value) == len("2025") and number.value.isdigit() and int(number.value) in _YEARS
    )


def alike(one: str, other: str) -> bool:
    """Tell whether two values are one number, told more or less exactly.

    >>> alike("130000", "130452"), alike("2.93", "2.9345"), alike("2.9345", "2.9412")
    (True, True, False)
    """
    if one == other:
        return True
    if ":" in one + other:
        return False
    short, long = sorted((one, other), key=lambda value: len(_significant(value)))
    digits = len(_significant(short))
    exact = float(long)
    return digits > 1 and bool(exact) and float(f"{exact:.{digits - 1}e}") == float(short)


@lru_cache(maxsize=1 << 16)
def name_key(word: str) -> str:
    """Return what the usual spellings of a name have in common, in either script; "" if little.

    >>> [name_key(word) for word in ("Жапарову", "Japarov", "Zhaparov", "Тасмагамбетовым")]
    ['~jprv', '~jprv', '~jprv', '~tsmgmbtv']
    """
    folded = "".join(Reading(_DIGITS.sub("", word)).surfaces())
    latin = _ENDING.sub("", folded).translate(_TO_LATIN)
    for spelled, sound in _SOUNDS:
        latin = latin.replace(spelled, sound)
    latin = _OF_A_PLACE.sub("sk", _SOFT_C.sub("s", latin).replace("c", "k"))
    vowel = _FIRST_VOWEL.match(latin)
    bones = _TWICE.sub(r"\1", "".join(c for c in latin if c not in _VOWELS))
    key = (vowel[1] if vowel else "") + bones
    key = place if len(place := key.removesuffix("sk")) >= _LEAST else key
    return f"~{key}" if len(key) >= _LEAST else ""


def _plain(whole: str, part: str, scale: int, *, russian: bool) -> str:
    whole = whole.replace(" ", "")
    if russian and whole.count(",") == 1:
        whole, _, part = whole.partition(",")
    whole = whole.replace(",", "") + part[:scale].ljust(scale, "0")
    whole, part = whole.lstrip("0") or "0", part[scale:].rstrip("0")
    return f"{whole}.{part}" if part else whole


def _significant(value: str) -> str:
    digits = value.strip("-").replace(".", "").lstrip("0")
    return digits if "." in value else digits.rstrip("0")
