"""The names of the months, as dates print them. Pure.

English, Russian, Belarusian, Kyrgyz and Kazakh, in the nominative and the case that a date asks
for. Kyrgyz takes the Russian names and puts its own endings behind them. Those of further
languages are read beside a day and a year only: by itself many a one is another word.
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

# By the languages' subtags: of twelve months the usual forms together, the whole name first.
_FURTHER = {
    "uk": (
        "січень січня січ, лютий лютого лют, березень березня бер, квітень квітня квіт, "
        "травень травня трав, червень червня черв, липень липня лип, серпень серпня серп, "
        "вересень вересня вер, жовтень жовтня жовт, листопад листопада лист, грудень грудня "
        "груд"
    ),
    "tg uz": (
        "январ январи, феврал феврали, март марти, апрел апрели, май майи, июн июни, июл "
        "июли, август августи, сентябр сентябри, октябр октябри, ноябр ноябри, декабр декабри"
    ),
    "uz": (
        "yanvar, fevral, mart, aprel, may, iyun, iyul, avgust, sentabr sentyabr, oktabr "
        "oktyabr, noyabr, dekabr"
    ),
    "az": (
        "yanvar, fevral, mart, aprel, may, iyun, iyul, avqust, sentyabr, oktyabr, noyabr, dekabr"
    ),
    "tr": (
        "ocak oca, şubat şub, mart, nisan nis, mayıs, haziran haz, temmuz tem, ağustos ağu, "
        "eylül eyl, ekim eki, kasım kas, aralık ara"
    ),
    "hy": (
        "հունվար հունվարի, փետրվար փետրվարի, մարտ մարտի, ապրիլ ապրիլի, մայիս մայիսի, հունիս "
        "հունիսի, հուլիս հուլիսի, օգոստոս օգոստոսի, սեպտեմբեր սեպտեմբերի, հոկտեմբեր "
        "հոկտեմբերի, նոյեմբեր նոյեմբերի, դեկտեմբեր դեկտեմբերի"
    ),
    "de": (
        "januar jänner jän, februar, märz mär mrz, april, mai, juni, juli, august, september, "
        "oktober okt, november, dezember dez"
    ),
    "fr": (
        "janvier janv, février fevrier févr fév, mars, avril avr, mai, juin, juillet juil, "
        "août aout, septembre, octobre, novembre, décembre decembre déc"
    ),
    "es": (
        "enero ene, febrero, marzo, abril abr, mayo, junio, julio, agosto ago, septiembre "
        "setiembre set, octubre, noviembre, diciembre dic"
    ),
    "it": (
        "gennaio gen, febbraio, marzo, aprile, maggio mag, giugno giu, luglio lug, agosto "
        "ago, settembre sett set, ottobre ott, novembre, dicembre dic"
    ),
    "pt": (
        "janeiro, fevereiro fev, março, abril abr, maio mai, junho, julho, agosto ago, "
        "setembro set, outubro out, novembro, dezembro dez"
    ),
    "nl": (
        "januari, februari, maart mrt, april, mei, juni, juli, augustus, september, oktober "
        "okt, november, december"
    ),
    "pl": (
        "stycznia, lutego, marca, kwietnia, maja, czerwca, lipca, sierpnia, września, "
        "października, listopada, grudnia"
    ),
    "ro": (
        "ianuarie, februarie, martie, aprilie, mai, iunie, iulie, august, septembrie, "
        "octombrie, noiembrie, decembrie"
    ),
}

_NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_ALL_NUMBERS = _NUMBERS | {
    name: number
    for language in _FURTHER.values()
    for number, names in enumerate(language.split(","), 1)
    for name in names.split()
}
_WHOLE = {entry.split()[0] for language in _FURTHER.values() for entry in language.split(",")}
_WRITTEN_OUT = 5  # letters


def _pattern(names: dict[str, int]) -> str:
    """Return a pattern for any of the names, which costs little where none stands."""
    by_letter: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_letter.setdefault(name[0], []).append(re.escape(name[1:]))
    first = "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return rf"(?:{first})\b\.?"


MONTH = _pattern(_NUMBERS)
"""A pattern for any of the names (to be matched without regard to case), maybe with a full stop."""

ANY_MONTH = _pattern(_ALL_NUMBERS)
"""The same for all languages that are known: to be matched beside a day and a year only."""

LEADING_MONTH = _pattern(
    _NUMBERS
    | {
        name: number
        for name, number in _ALL_NUMBERS.items()
        if name in _WHOLE or len(name) >= _WRITTEN_OUT
    }
)
"""The same without the short names of further languages, which are other words before a number."""


def _folded(name: str) -> str:
    # To a pattern without regard to case the Turkish letters of i are one.
    return name.casefold().replace("ı", "i").replace("\N{COMBINING DOT ABOVE}", "")


_SHORT = {
    _folded(name): frozenset(
        subtag
        for subtags, language in _FURTHER.items()
        if name in language.replace(",", " ").split()
        for subtag in subtags.split()
    )
    for name in _ALL_NUMBERS
    if len(name) < _WRITTEN_OUT - 1 and name not in _NUMBERS and name not in _WHOLE
}
_BY_LETTERS = {_folded(name): number for name, number in _ALL_NUMBERS.items()}


def month_number(name: str) -> int:
    """Return 1 to 12 for a name that `ANY_MONTH` or `MONTH` matched."""
    return _BY_LETTERS[_folded(name).rstrip(".")]


def languages_of(name: str) -> frozenset[str]:
    """Return the languages (subtags) in which alone a short name is a month, none of other names.

    Of three letters many a name is a word elsewhere: `out`, `set`, `ago`.
    """
    return _SHORT.get(_folded(name).rstrip("."), frozenset())
