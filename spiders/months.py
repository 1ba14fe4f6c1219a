"""The names of the months, as dates print them. Pure.

English, Russian, Belarusian, Kyrgyz and Kazakh, in the nominative and the case that a date asks
for. Kyrgyz takes the Russian names and puts its own endings behind them.
"""

from __future__ import annotations

import re

_NAMES = (
    ("january", "jan", "январь", "января", "январы", "янв", "студзень", "студзеня", "қаңтар"),
    ("february", "feb", "февраль", "февраля", "февралы", "февр", "фев", "люты", "лютага", "ақпан"),
    ("march", "mar", "март", "марта", "марты", "мар", "сакавік", "сакавіка", "наурыз"),
    ("april", "apr", "апрель", "апреля", "апрели", "апр", "красавік", "красавіка", "сәуір"),
    ("may", "май", "мая", "майы", "травень", "траўня", "мамыр"),
    ("june", "jun", "июнь", "июня", "июну", "июн", "чэрвень", "чэрвеня", "маусым"),
    ("july", "jul", "июль", "июля", "июлу", "июл", "ліпень", "ліпеня", "шілде"),
    ("august", "aug", "август", "августа", "августу", "авг", "жнівень", "жніўня", "тамыз"),
    ("september", "sept", "sep", "сентябрь", "сентября", "сентябры", "сент", "сен",
     "верасень", "верасня", "қыркүйек"),
    ("october", "oct", "октябрь", "октября", "октябры", "окт", "кастрычнік",
     "кастрычніка", "қазан"),
    ("november", "nov", "ноябрь", "ноября", "ноябры", "нояб", "ноя", "лістапад", "лістапада",
     "қараша"),
    ("december", "dec", "декабрь", "декабря", "декабры", "дек", "снежань", "снежня", "желтоқсан"),
)  # fmt: skip
_NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}

MONTH = "(?:" + "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + r")\b\.?"
"""A pattern for any of the names (to be matched without regard to case), maybe with a full stop."""


def month_number(name: str) -> int:
    """Return 1 to 12 for a name that `MONTH` matched."""
    return _NUMBERS[name.casefold().rstrip(".")]
