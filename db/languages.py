"""Names of languages: what a page, a config and a query may call one (BCP 47). Pure."""

from __future__ import annotations

import re

_PRIMARY = r"[a-z]{2,3}"
_TAG = re.compile(rf"{_PRIMARY}(?:-[A-Za-z0-9]{{1,8}})*")
# Many pages write `ru_RU`, as POSIX does.
_STATED = re.compile(rf"{_PRIMARY}(?![^-_])")


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
