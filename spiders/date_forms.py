"""How dates are printed: the patterns of them, and what only looks like one. Pure.

Each names its parts: `day`, `month` (a number or a name), `year`, the clock `before` or `behind`
the date, and the `zone` printed with that, or a `strange` one.
"""

from __future__ import annotations

import re

from spiders.date_zones import BEHIND, IN_MACHINE, STRANGER
from spiders.months import ANY_MONTH, LEADING_MONTH, MONTH, languages_of

_MONTHS = 12
_PARTED = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
# The months of RFC 2822 §3.3, whole or cut short: a name leaves no doubt of the day, nor does the
# year before both. With a month in digits beside it a name is another language's weekday (`Mar`).
MACHINE_MONTH = re.compile(
    r"(?<![^\W\d_])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![^\W\d_])",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(
    r"(?:19|20)\d\d[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])[T ]\d\d:\d\d"
)
IN_DIGITS = re.compile(r"\d[./-]\d{1,2}[./-]\d")
# A letter and a hyphen before a number make a name: COVID-19.
_DAY = r"(?<![^\W\d_][-‐‑])(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|[ºª]|-го|-е)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NAMED = rf"(?P<month>{MONTH})"
_ANY_NAMED = rf"(?P<month>{ANY_MONTH})"
_LEADING = rf"(?P<month>{LEADING_MONTH})"
_NUMBER = r"(?P<month>0?[1-9]|1[0-2])"
_ENDING = r"(?:\s*(?:года|год|року|г\.|р\.|г\b)|\s?-?(?:жылы|жыл|ж\.|yil))?"
_OF_YEAR = r"(?:\s?-?(?:жылдын|жылғы|жылы|жыл|ж\.|yil)|\.?\s(?:gada|m\.))?"
_PARTED_YEAR = rf"(?:,?\s+(?:del?\s+|соли\s+)?|-|(?<=\.)){_YEAR}"
_FORMS = (
    rf"{_DAY}(?:\.\s?|[\s-]+)(?:of\s+|de\s+)?{_ANY_NAMED}{_PARTED_YEAR}{_ENDING}",
    rf"{_LEADING}\s+{_DAY},?\s+{_YEAR}",
    rf"{_YEAR}{_OF_YEAR},?\s+{_DAY}(?:\.\s|[\s-]+){_ANY_NAMED}",
    rf"{_YEAR}(?:\.|\sm\.)\s+{_LEADING}\s+{_DAY}(?:\sd\.)?",
    rf"{_DAY}\s+tháng\s+{_NUMBER}(?:,|\s+năm)?\s+{_YEAR}",
    rf"{_DAY}[.]\s?{_NUMBER}[.]\s?{_YEAR}{_ENDING}",
    rf"{_DAY}[/-]{_NUMBER}[/-]{_YEAR}",
    rf"{_NUMBER}(?P<mark>[/-])(?P<day>1[3-9]|2\d|3[01])(?P=mark){_YEAR}",
    rf"{_YEAR}[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)",
)
# Chinese, Japanese and Korean part their words by nothing, a year from what stands before it too.
_EASTERN = rf"{_YEAR}\s?[年년]\s?{_NUMBER}\s?[月월]\s?(?P<day>0?[1-9]|[12]\d|3[01])\s?[日일]"
_HOUR = r"(?:[01]?\d|2[0-3])"
_HALF = r"\s*[ap](?:\.\s?)?m\b\.?"
# A full stop parts hours from minutes as it does days from months: only a word tells.
# With an `h` a length of time is told as well: `1h52`, `2 h 30 de lecture`.
_LETTERED = (
    rf"(?:(?<=\bà\s)|(?<=\bàs\s)|(?<=\bas\s)){_HOUR}\s?h\s?[0-5]\d\b"
    r"|(?:^|(?<=,\s)|(?<=\d\s))(?:[01]\d|2[0-3])\s?h\s?[0-5]\d\b(?!\s*(?:mi?n|de)\b)"
)
_DOTTED = (
    rf"(?:(?<=\bklo\s)|(?<=\bkl\s)|(?<=\bkl\.\s)|(?<=\bkell\s)|(?<=\bore\s)|(?<=\balle\s)){_HOUR}\.[0-5]\d\b"
    rf"|{_HOUR}\.[0-5]\d(?:{_HALF}|(?=\s?Uhr\b))"
)
_EASTERN_CLOCK = rf"{_HOUR}\s?[時时点點시]\s?[0-5]?\d\s?[分분]"
_COLONS = rf"{_HOUR}:[0-5]\d(?::[0-5]\d)?(?!\d)"
_CLOCK = (
    rf"(?P<{{}}>(?>{_COLONS}(?:{_HALF})?|{_LETTERED}"
    rf"|{_DOTTED}|{_EASTERN_CLOCK}))"
)
_AT = (
    r"(?:(?:at|в|у|о|um|à|alle|a las|às|saat|klo|kl\.?|klockan|kell|om|ore|u|ob|v|ve|(?:o )?godz\."
    r"|lúc|pukul|plkst\.)\s+)"
)
_BEFORE = rf"(?:{_CLOCK.format('before')}[\s,|·•–—-]*)?"
_BEHIND = rf"(?:(?:[\s,|·•–—-]*{_AT}?|\.\s{_AT}){_CLOCK.format('behind')}{BEHIND})?"
# In a zone that is not known a clock tells no moment.
_CLOCK_ONLY = rf"(?:[\s,|·•–—-]*{_AT}?{_CLOCK.format('behind')}(?!{STRANGER}))?"
# A page runs a name and a date together that it shows apart; a letter alone belongs to a number.
_START = r"(?:(?<![\w.])|(?<=[^\W\d_]{2}))"
# As C's ctime prints it: `Wed Aug  5 12:00:00 MSK 2015`.
_CTIME = (
    rf"(?P<before>(?!))?{_START}{_LEADING}\s+{_DAY}\s+(?P<behind>{_COLONS}){BEHIND}\s+{_YEAR}"
    r"(?!\d)"
)
FULL = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        *(rf"{_BEFORE}{_START}{form}(?![\d_-]|[.:]\d){_BEHIND}" for form in _FORMS),
        rf"{_BEFORE}(?<!\d){_EASTERN}(?:\s?[(（][^\s()（）]{{1,3}}[)）])?{_BEHIND}",
        _CTIME,
    )
)
# What a line has that one of these is found in, each told quickly: most lines have one at most.
_A_YEAR = r"[12][90]\d\d"
HINTS = tuple(
    re.compile(hint, re.IGNORECASE)
    for hint in (
        rf"(?:\s|[^\W\d_]\.?-?){_A_YEAR}",
        rf"\d(?:st|nd|rd|th|er|[ºª]|-го|-е)?,?\s+{_A_YEAR}",
        rf"{_A_YEAR}{_OF_YEAR},?\s+\d",
        rf"{_A_YEAR}(?:\.|\sm\.)\s+[^\W\d_]",
        rf"tháng\s+\d{{1,2}}(?:,|\s+năm)?\s+{_A_YEAR}",
        rf"\d[.]\s?{_A_YEAR}",
        rf"\d[/-]{_A_YEAR}",
        rf"[/-][123]\d[/-]{_A_YEAR}",
        rf"{_A_YEAR}[-/.]\d\d[-/.]\d",
        rf"{_A_YEAR}\s?[年년]",
        rf":\d\d(?s:.{{0,60}})\s{_A_YEAR}",
    )
)
# A year that the day of the same date in another form runs into: `30.01.202430. January 2024`.
TWICE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?=\d{1,2}[. ]\s?[^\W\d_]{3})|(?<=\d[.])(?:19|20)\d\d(?=\d{1,2}[. ])"
)
ISO = re.compile(
    r"(?<![\w-])\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
    rf"(?:(?:Z|[+-]\d\d:?\d\d)(?![\w:])|(?![\w:])(?:\s?\(?{IN_MACHINE}\)?)?)"
)
SHORT_YEAR = re.compile(
    r"(?<![\w.])(?P<day>0[1-9]|[12]\d|3[01])\.(?P<month>0[1-9]|1[0-2])\.(?P<year>\d\d)(?![\w%€$]|\.\d)"
    rf"{_CLOCK_ONLY}",
    re.IGNORECASE,
)
# A year behind the clock, or one of two digits, is the date's.
_NO_YEAR = (
    r"(?!(?:[\s,]+\d\d?:\d\d(?::\d\d)?)?(?:[\s,]+(?:[A-Z]{2,5}|[+-]\d{4}))?"
    r"[\s,]+(?:19|20)\d\d(?!\d))"
)
_NO_SHORT_YEAR = rf"(?!\s+\d\d\s+{_HOUR}:\d\d)"
YEARLESS = (
    re.compile(
        rf"(?<!\w){_DAY}[\s-]+(?:of\s+)?{_NAMED}(?!\w){_NO_SHORT_YEAR}(?>{_CLOCK_ONLY}){_NO_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w){_NAMED}\s+{_DAY}(?!\w|:){_NO_SHORT_YEAR}(?>{_CLOCK_ONLY}){_NO_YEAR}",
        re.IGNORECASE,
    ),
)
_NEAR = (
    r"(?:(?P<today>today|сегодня|сёння|бүгүн|бүгін)|(?P<yesterday>yesterday|вчера|учора|ўчора|кечээ|кеше)"
    r"|(?P<before>позавчера|пазаўчора|the day before yesterday))"
)
NEAR_DAY = re.compile(rf"(?<!\w){_NEAR}[\s,]*{_AT}?{_CLOCK.format('behind')}", re.IGNORECASE)
# Without a clock the word is all of its line.
NEAR_DAY_ALONE = re.compile(_NEAR, re.IGNORECASE)
AGO = re.compile(
    r"(?<![\w.,–-])(?:(?P<count>\d{1,2}|an?|one)\s+(?:"
    r"(?P<minute>min(?:ute)?s?|минут[уы]?|мин\.?|хвілін[уы]?|мүнөт)"
    r"|(?P<hour>h(?:ou)?rs?|час(?:а|ов)?|гадзін[уы]?|саат|сағат)"
    r"|(?P<daily>days?|день|дня|дней|дзень|дні|дзён|күн))"
    r"|(?P<short>\d{1,2})\s?(?:(?P<m>m(?:in)?)|(?P<h>hr?)|d)"
    # One of them, where no number can stand before it.
    r"|(?<!\w\s)(?:(?P<lone_m>минуту|хвіліну)|(?P<lone_h>час|гадзіну)|день|дзень))"
    r"\s+(?:ago|назад|таму|мурун|бұрын)(?!\w)",
    re.IGNORECASE,
)


def is_of_word(found: re.Match[str], language: str | None) -> bool:
    """Tell a date whose month is a word of another language, or whose start is a name's end.

    Pages run what ends in small letters into a date; `MiG29` is a name.
    """
    line, start = found.string, min(found.start(part) for part in ("day", "month", "year"))
    if start and line[start - 1].isupper():
        return True
    theirs = languages_of(found["month"])
    if not theirs or language:
        return bool(theirs) and language not in theirs
    return _LETTER.search(line[: found.start()] + line[found.end() :]) is not None


def is_ambiguous(found: re.Match[str]) -> bool:
    """Tell a date with slashes or hyphens that is another day where months come first.

    Nobody who writes Cyrillic puts them first.
    """
    parted = found[0][found.start("day") - found.start() :]
    if not _PARTED.match(parted) or _CYRILLIC.search(found.string):
        return False
    day, month = int(found["day"]), int(found["month"])
    return day != month and day <= _MONTHS and month <= _MONTHS
