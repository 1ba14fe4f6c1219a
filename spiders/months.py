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

# Twelve to a language, the usual forms of each month together.
_FURTHER = {
    "Ukrainian": (
        "січень січня січ, лютий лютого лют, березень березня бер, квітень квітня квіт, "
        "травень травня трав, червень червня черв, липень липня лип, серпень серпня серп, "
        "вересень вересня вер, жовтень жовтня жовт, листопад листопада лист, грудень грудня "
        "груд"
    ),
    "Tajik and Cyrillic Uzbek": (
        "январ январи, феврал феврали, март марти, апрел апрели, май майи, июн июни, июл "
        "июли, август августи, сентябр сентябри, октябр октябри, ноябр ноябри, декабр декабри"
    ),
    "Uzbek": (
        "yanvar, fevral, mart, aprel, may, iyun, iyul, avgust, sentabr sentyabr, oktabr "
        "oktyabr, noyabr, dekabr"
    ),
    "Azerbaijani": (
        "yanvar, fevral, mart, aprel, may, iyun, iyul, avqust, sentyabr, oktyabr, noyabr, dekabr"
    ),
    "Turkish": (
        "ocak oca, şubat şub, mart, nisan nis, mayıs, haziran haz, temmuz tem, ağustos ağu, "
        "eylül eyl, ekim eki, kasım kas, aralık ara"
    ),
    "Armenian": (
        "հունվար հունվարի, փետրվար փետրվարի, մարտ մարտի, ապրիլ ապրիլի, մայիս մայիսի, հունիս "
        "հունիսի, հուլիս հուլիսի, օգոստոս օգոստոսի, սեպտեմբեր սեպտեմբերի, հոկտեմբեր "
        "հոկտեմբերի, նոյեմբեր նոյեմբերի, դեկտեմբեր դեկտեմբերի"
    ),
    "German": (
        "januar jänner jän, februar, märz mär mrz, april, mai, juni, juli, august, september, "
        "oktober okt, november, dezember dez"
    ),
    "French": (
        "janvier janv, février fevrier févr fév, mars, avril avr, mai, juin, juillet juil, "
        "août aout, septembre, octobre, novembre, décembre decembre déc"
    ),
    "Spanish": (
        "enero ene, febrero, marzo, abril abr, mayo, junio, julio, agosto ago, septiembre "
        "setiembre set, octubre, noviembre, diciembre dic"
    ),
    "Italian": (
        "gennaio gen, febbraio, marzo, aprile, maggio mag, giugno giu, luglio lug, agosto "
        "ago, settembre sett set, ottobre ott, novembre, dicembre dic"
    ),
    "Portuguese": (
        "janeiro, fevereiro fev, março, abril abr, maio mai, junho, julho, agosto ago, "
        "setembro set, outubro out, novembro, dezembro dez"
    ),
    "Dutch": (
        "januari, februari, maart mrt, april, mei, juni, juli, augustus, september, oktober "
        "okt, november, december"
    ),
    "Polish": (
        "stycznia, lutego, marca, kwietnia, maja, czerwca, lipca, sierpnia, września, "
        "października, listopada, grudnia"
    ),
    "Romanian": (
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


def _folded(name: str) -> str:
    # To a pattern without regard to case the Turkish letters of i are one.
    return name.casefold().replace("ı", "i").replace("\N{COMBINING DOT ABOVE}", "")


_BY_LETTERS = {_folded(name): number for name, number in _ALL_NUMBERS.items()}


def month_number(name: str) -> int:
    """Return 1 to 12 for a name that `ANY_MONTH` or `MONTH` matched."""
    return _BY_LETTERS[_folded(name).rstrip(".")]
