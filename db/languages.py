"""Names of languages: what a page, a config and a query may call one (BCP 47). Pure."""

from __future__ import annotations

import re

_PRIMARY = r"[a-z]{2,3}"
_TAG = re.compile(rf"{_PRIMARY}(?:-[A-Za-z0-9]{{1,8}})*")
# Many pages write `ru_RU`, as POSIX does.
_STATED = re.compile(rf"{_PRIMARY}(?![^-_])")

# What people call the languages of the field: their names, and the codes of three letters.
_CALLED = {
    called: code
    for code, names in {
        "ru": "rus russian рус русский", "en": "eng english англ английский",
        "be": "bel belarusian белорусский беларуская", "ky": "kir kyrgyz киргизский кыргызский",
        "kk": "kaz kazakh казахский", "tg": "tgk tajik таджикский", "uz": "uzb uzbek узбекский",
        "hy": "hye armenian армянский", "az": "aze azerbaijani азербайджанский",
        "uk": "ukr ukrainian украинский", "sr": "srp serbian сербский",
        "zh": "zho chinese китайский", "fa": "fas persian farsi персидский",
        "ar": "ara arabic арабский",
    }.items()
    for called in names.split()
}  # fmt: skip


def names_language(text: str) -> bool:
    """Tell whether a text is the name of a language, with or without a country.

    >>> names_language("ru"), names_language("ru-KZ"), names_language("russian")
    (True, True, False)
    """
    return _TAG.fullmatch(text) is not None


def primary(text: str) -> str | None:
    """Return the language that a text begins with, without its country, in small letters.

    >>> primary("ru_RU"), primary(" en-GB "), primary("english")
    ('ru', 'en', None)
    """
    found = _STATED.match(text.strip().lower())
    return found[0] if found else None


def code(called: str) -> str | None:
    """Return the two letters of a language that is called otherwise; None if we do not know.

    >>> code("russian"), code("rus"), code("ru")
    ('ru', 'ru', None)
    """
    return _CALLED.get(called)
