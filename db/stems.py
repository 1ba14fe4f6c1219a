"""Normal forms: what the forms of one word have in common, in English and Russian. Pure.

Snowball knows endings and no words. It takes nominatives for verbs and adjectives (Казахстан,
Токаев, состав, Китай), and so does not bring them together with their other cases; a vowel that
comes and goes (рынок, рынка) it leaves. Here both are put right: by rules that join next to no
strangers, and by lists for what only a list can tell. A change of meaning here must raise
`db.words.VERSION`.
"""

from __future__ import annotations

import re
from typing import Final

import Stemmer

# Where the English stemmer joins words that no reader would.
_ENGLISH_FORMS: Final = {
    "organization": "organiz",
    "organizations": "organiz",
    "organisation": "organiz",
    "organisations": "organiz",
    "organizational": "organiz",
    "international": "international",
    "internationally": "international",
    "university": "university",
    "universities": "university",
}
_RUSSIAN: Final = re.compile("[а-я]+")
# Nouns in -ит (визит, саммит): Snowball takes the ending for a verb's and makes визит a виза.
_NOUN_IT: Final = re.compile("(.{2,}ит)(?:а|у|ом|е|ы|ов|ам|ами|ах)?")
_CASE_ENDINGS: Final = frozenset(
    {"а", "у", "ом", "е", "ы", "ой", "ою", "ым", "ам", "ами", "ах", "о"}
)
_MISTAKEN_ENDINGS: Final = frozenset(
    {"н", "л", "в", "ен", "ил", "ыл", "им", "ым", "ив", "ыв", "ом"}
)
_SHORTEST_BEFORE_OV: Final = 4

# A vowel before the last consonant of a stem that stands only where nothing follows: рынок рынка,
# поставка поставок, владелец владельца, европеец европейца.
_HARD: Final = "[бвгджзклмнпрстфхцчшщ]"
_FLEETING: Final = re.compile(
    f"(?<=..{_HARD})ок$|(?<=..[чшж])ек$|(?<=.{_HARD})ец$|(?<=.{_HARD})ьц$|(?<=.[еио])ец$"
)
_WITHOUT_VOWEL: Final = {"ок": "к", "ек": "к", "ец": "ц", "ьц": "ц"}

# Endings, the first of them that of the basic form (- is none), a colon, and what stands before
# them.
_DECLENSIONS: Final = """
й я ю ем е и ев ям ями ях: случа урожа трамва обыча сара музе евре юбиле трофе лице диспле хокке
геро бо;
й я ю ем е: кита алта шанха дуба дуна уругва парагва енисе поко никола серге андре алексе матве
тимофе;
я и е ю ей й ям ями ях: коре иде батаре ассамбле галере алле лотере гвине;
ь и ью ей ям ями ях: беларус запис надпис подпис живопис рукопис перепис летопис роспис смес памят
печат медал детал магистрал печал морал кроват;
ь я ю ем е и ей ям ями ях: феврал автомобил фестивал израил профил госпитал;
ень ня ню нем не ни ней ням нями нях: д уров пар кам переч кор рем стерж лив полд;
онь ня ню нем не ни ней ням нями нях: ог;
оль ля лю лем ле ли лей лям лями лях: уг;
ь ери ерью ерей ерям ерями ерях ерям: мат;
мя мени менем мена мен менам менами менах: вре зна пла пле бре;
а ы е у ой ам ами ах -: систем проблем схем;
ел ла лу лом ле: пав уз кот;
ол ла лу лом лы лов лам лами лах: пос;
ер ра ру ром ре ры ров рам рами рах: вет кост;
ый ого ому ым ом ые ых ыми ая ой ую ою: учен;
- а у ом е ы ов ам ами ах: прием объем подъем водоем артем вьетнам ислам адам рустам казах монах
запах размах цюрих;
"""

_stem_english = Stemmer.Stemmer("english", 0).stemWord
_stem_russian = Stemmer.Stemmer("russian", 0).stemWord


def _read() -> dict[str, tuple[str, str]]:
    """Return for each form that is listed the basic one, and how all of them begin."""
    found: dict[str, tuple[str, str]] = {}
    for declension in _DECLENSIONS.strip(";\n").split(";"):
        endings, roots = (part.split() for part in declension.split(":"))
        for root in roots:
            forms = [root + ending.strip("-") for ending in endings]
            found.update(dict.fromkeys(forms, (forms[0], root)))
    return found


_LISTED: Final = {form: basic for form, (basic, _) in _read().items()}
_ROOTS: Final = dict(_read().values())


def normal(surface: str) -> str:
    """Return the normal form of one surface token.

    Its script decides: English or Russian stems; everything else, digits and the letters of
    Kyrgyz, Kazakh, Belarusian and Ukrainian among it, stays as it is.

    >>> [normal(word) for word in ("borders", "рынок", "рынках", "беларуси", "состава", "g20")]
    ['border', 'рынк', 'рынк', 'беларусь', 'соста', 'g20']
    """
    if surface.isascii():
        if not surface.isalpha():
            return surface
        return _ENGLISH_FORMS.get(surface) or _stem_english(surface)
    if _RUSSIAN.fullmatch(surface):
        return _LISTED.get(surface) or _FLEETING.sub(_without_vowel, _russian(surface))
    return surface


def beginning(form: str) -> str:
    """Return letters with which every word begins that has this normal form.

    English ones may end with one letter of their own (hoping: hope), and dying, lying, tying and
    their like keep only the first. Russian ones may have lost a vowel.

    >>> [beginning(form) for form in ("казахст", "sovereign", "hope", "die", "рынк", "европейц")]
    ['казахст', 'sovereig', 'hop', 'd', 'рын', 'европе']
    """
    if len(form) < 3:  # noqa: PLR2004 - no room for an ending
        return form
    if form.isascii():
        return form[:1] if form[1:] == "ie" else form[:-1]
    if root := _ROOTS.get(form):
        return root
    return form[:-2] if form.endswith("йц") else form.removesuffix("к").removesuffix("ц")


def _without_vowel(end: re.Match[str]) -> str:
    after_vowel = end.string[end.start() - 1] in "еио"
    return "йц" if after_vowel else _WITHOUT_VOWEL[end[0]]


def _russian(word: str) -> str:
    """Stem a Russian word so that all cases of a name meet.

    Snowball takes Казахстан for a verb (казахста) and Токаев for a genitive plural (тока), but
    not Казахстаном and Токаева. Stemming until nothing changes would join them, and also Токаев
    with ток, Армения with армия. So a second step is taken only where the first took a noun's
    case ending, and it may take only what Snowball mistakes in the nominative.
    """
    if "ит" in word and (noun := _NOUN_IT.fullmatch(word)):
        return noun[1]
    if word.endswith(("ов", "ев")):
        return _without_ov(word)
    stem: str = _stem_russian(word)
    if word[len(stem) :] not in _CASE_ENDINGS:
        return stem
    if stem.endswith(("ов", "ев")):
        return _without_ov(stem)
    again: str = _stem_russian(stem)
    return again if stem[len(again) :] in _MISTAKEN_ENDINGS else stem


def _without_ov(word: str) -> str:
    """Cut -ов or -ев (планов, Токаев) unless too little would be left (Киев, голов, Попов)."""
    return word[:-2] if len(word) - 2 >= _SHORTEST_BEFORE_OV else word
