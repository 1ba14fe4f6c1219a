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

FURTHER = {
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
        "ianuarie ian, februarie, martie, aprilie, mai, iunie iun, iulie iul, august, septembrie, "
        "octombrie, noiembrie, decembrie"
    ),
    "cs": (
        "ledna leden, února únor, března březen, dubna duben, května květen, června červen, "
        "července červenec, srpna srpen, září, října říjen, listopadu listopad, prosince prosinec"
    ),
    "sk": (
        "januára január, februára február, marca marec, apríla apríl, mája máj, júna jún, júla "
        "júl, augusta, septembra, októbra október, novembra, decembra"
    ),
    "sl": (
        "januar januarja, februar februarja, marec marca, aprila, maj maja, junij junija, julij "
        "julija, avgust avgusta, septembra, oktober oktobra, novembra, decembra"
    ),
    "sr bs": (
        "januar januara, februar februara, mart marta, aprila, maj maja, juni juna, juli jula, "
        "avgust avgusta augusta, septembar septembra, oktobar oktobra, novembar novembra, "
        "decembar decembra"
    ),
    "sr": (
        "јануар јануара, фебруар фебруара, март, април априла, мај маја, јун јуна, јул јула, "
        "август, септембар септембра, октобар октобра, новембар новембра, децембар децембра"
    ),
    "hr": (
        "siječnja siječanj, veljače veljača, ožujka ožujak, travnja travanj, svibnja svibanj, "
        "lipnja lipanj, srpnja srpanj, kolovoza kolovoz, rujna rujan, listopada listopad, "
        "studenoga studenog studeni, prosinca prosinac"
    ),
    "bg": (
        "януари, февруари, март, април, май, юни, юли, август, септември, октомври, ноември, "
        "декември"
    ),
    "mk": (
        "јануари, февруари, март, април, мај, јуни, јули, август, септември, октомври, ноември, "
        "декември"
    ),
    "hu": (
        "január, február, március, április, május, június, július, augusztus, szeptember, október, "
        "november, december"
    ),
    "sv": (
        "januari, februari, mars, april, maj, juni, juli, augusti, september, oktober, november, "
        "december"
    ),
    "da": (
        "januar, februar, marts, april, maj, juni, juli, august, september, oktober, november, "
        "december"
    ),
    "nb no nn": (
        "januar, februar, mars, april, mai, juni, juli, august, september, oktober, november, "
        "desember"
    ),
    "fi": (
        "tammikuuta tammikuu, helmikuuta helmikuu, maaliskuuta maaliskuu, huhtikuuta huhtikuu, "
        "toukokuuta toukokuu, kesäkuuta kesäkuu, heinäkuuta heinäkuu, elokuuta elokuu, syyskuuta "
        "syyskuu, lokakuuta lokakuu, marraskuuta marraskuu, joulukuuta joulukuu"
    ),
    "et": (
        "jaanuar, veebruar, märts, aprill, mai, juuni, juuli, august, september, oktoober, "
        "november, detsember"
    ),
    "lv": (
        "janvāris janvārī, februāris februārī, marts martā, aprīlis aprīlī, maijs maijā, jūnijs "
        "jūnijā, jūlijs jūlijā, augusts augustā, septembris septembrī, oktobris oktobrī, novembris "
        "novembrī, decembris decembrī"
    ),
    "lt": (
        "sausio, vasario, kovo, balandžio, gegužės, birželio, liepos, rugpjūčio, rugsėjo, spalio, "
        "lapkričio, gruodžio"
    ),
    "ka": (
        "იანვარი იანვარს, თებერვალი თებერვალს, მარტი მარტს, აპრილი აპრილს, მაისი მაისს, ივნისი "
        "ივნისს, ივლისი ივლისს, აგვისტო აგვისტოს, სექტემბერი სექტემბერს, ოქტომბერი ოქტომბერს, "
        "ნოემბერი ნოემბერს, დეკემბერი დეკემბერს"
    ),
    "el": (
        "ιανουαρίου, φεβρουαρίου, μαρτίου, απριλίου, μαΐου, ιουνίου, ιουλίου, αυγούστου, "
        "σεπτεμβρίου, οκτωβρίου, νοεμβρίου, δεκεμβρίου"
    ),
    "id": (
        "januari, februari, maret, april, mei, juni, juli, agustus, september, oktober, november, "
        "desember"
    ),
}
"""By the languages' subtags: of twelve months the usual forms together, the whole name first."""

OWN = {"hr": {"listopada": 10, "listopad": 10}}
"""By the subtag the names that are another month to the neighbours: there leaves fall earlier."""


NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_ALL_NUMBERS = NUMBERS | {
    name: number
    for subtag, language in FURTHER.items()
    for number, names in enumerate(language.split(","), 1)
    for name in names.split()
    if name not in OWN.get(subtag, ())
}
_WHOLE = {entry.split()[0] for language in FURTHER.values() for entry in language.split(",")}
_WRITTEN_OUT = 5  # letters


def _pattern(names: dict[str, int]) -> str:
    """Return a pattern for any of the names, which costs little where none stands."""
    by_letter: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_letter.setdefault(name[0], []).append(re.escape(name[1:]))
    first = "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return rf"(?:{first})\b\.?"


MONTH = _pattern(NUMBERS)
"""A pattern for any of the names (to be matched without regard to case), maybe with a full stop."""

ANY_MONTH = _pattern(_ALL_NUMBERS)
"""The same for all languages that are known: to be matched beside a day and a year only."""

LEADING_MONTH = _pattern(
    NUMBERS
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
        for subtags, language in FURTHER.items()
        if name in language.replace(",", " ").split()
        for subtag in subtags.split()
    )
    for name in _ALL_NUMBERS
    if len(name) < _WRITTEN_OUT - 1 and name not in NUMBERS and name not in _WHOLE
}
_BY_LETTERS = {_folded(name): number for name, number in _ALL_NUMBERS.items()}


def month_number(name: str, language: str | None = None) -> int:
    """Return 1 to 12 for a name that `ANY_MONTH` or `MONTH` matched; `language` is a subtag."""
    letters = _folded(name).rstrip(".")
    return OWN.get(language or "", {}).get(letters) or _BY_LETTERS[letters]


def languages_of(name: str) -> frozenset[str]:
    """Return the languages (subtags) in which alone a short name is a month, none of other names.

    Of three letters many a name is a word elsewhere: `out`, `set`, `ago`.
    """
    return _SHORT.get(_folded(name).rstrip("."), frozenset())
