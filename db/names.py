"""Names: a token becomes the keys under which other spellings of the same name meet it. Pure.

A key is how a name sounds, roughly, in letters of our own, whatever script and transliteration it
is written in: Токаев, Тоқаев, Tokayev, Tokaev and Toqaev are all `tokaev`. Russian endings are
taken off; `+` marks a name that ended in a vowel (Кулеба is `kuleb+`, and Кулебов another), `-` an
adjective's ending (Зеленский is `zelensk-`).

What a letter may stand for, and what an ending may have been, gives a token several keys. A query
is taken as the basic form, a text as any form. Two of them are one name if they share a key. A
change of meaning here must raise `VERSION`: the store keeps the keys of every token it has.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from db.sounds import FIRST, sounds

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = 4
"""Version of the keys, stored with the index; another one means computing them anew."""

_NAMED: Final = re.compile("[a-zа-яґғєҗіїқҡңөүұўһҳҷәəæıłøđ]+")

# Surnames whose cases and feminine are known by their endings; what comes before is the name.
# Each kind: what its basic stem ends with, the endings, the mark of what is left.
_KINDS: Final = (
    (
        ("ов", "ев", "ин", "ын", "ів", "їв", "єв", "ав", "оў", "еў", "аў",
         "ov", "ev", "in", "yn", "iv", "av", "ow", "ew", "aw", "iw"),
        frozenset({"", "а", "у", "ым", "ом", "е", "ой", "ою", "ы", "ых", "ыми", "a"}),
        "",
    ),
    (
        ("ск", "цк", "ськ", "цьк", "sk", "ck"),
        frozenset({
            "и", "і", "ы", "ий", "ій", "ый", "ого", "ага", "ому", "аму", "им", "ім", "ым",
            "ая", "ой", "ай", "ую", "ою", "ие", "их", "іх", "ими",
            "y", "i", "iy", "yy", "ii", "ij", "yi", "yj", "aya", "aia", "aja",
        }),
        "-",
    ),
    (
        ("ащ", "ющ", "ущ", "ящ", "ashch", "ushch"),
        frozenset({"ий", "его", "ему", "им", "ая", "ую", "i", "y", "iy", "yi", "ii", "aya", "aia"}),
        "-",
    ),
    (
        ("енк", "энк", "анк", "enk", "ank"),
        frozenset({
            "о", "а", "у", "е", "и", "і", "ы", "ой", "ою", "ай", "ам", "ом", "a", "o",
        }),
        "+",
    ),
)  # fmt: skip
_KNOWN: Final = {
    stem + ending: (len(ending), mark)
    for stems, endings, mark in _KINDS
    for stem in stems
    for ending in endings
}
_KNOWN_SIZES: Final = sorted(set(map(len, _KNOWN)), reverse=True)

_OPEN: Final = ("iya", "ija", "ya", "ja", "ia", "a", "o", "а", "о", "я")
_OPEN_LETTERS: Final = frozenset("aoаоя")
_ENDINGS: Final = {
    "ого": ("",), "его": ("",), "ому": ("",), "ему": ("",), "ом": ("",), "ем": ("",), "ым": ("",),
    "ой": ("+",), "ей": ("+",), "ою": ("+",), "ею": ("+",), "ы": ("+",), "и": ("", "+"),
    "і": ("+",), "а": ("",), "я": ("",), "у": ("", "+"), "ю": ("", "+"), "е": ("", "+"),
}  # fmt: skip
_SOFT: Final = frozenset("яюеи")
_VOWELS: Final = frozenset("аеиоуыэюяіїєәөүұ")
_FLEETING: Final = re.compile("(.+[^аеиоуыэюяaeiouy])[еоeo](ц|л|к|ts|l|k)")
_OTHER_ADJECTIVE: Final = re.compile(
    "(.{3,})(?:ой|ый|o[iy])|(.{2,}(?:n|st))(?:y|yi|yy|iy|yj)|(.{2,}х)ий|(.{2,}kh)(?:y|yi|iy|ii)"
)
_SILENT: Final = re.compile(
    "([a-z]{3,}(?:(?<!oa)[bcdfgklmnpstvz]|(?<!e)r))e|([a-z]{2,}[^aeiouycst])ah"
)
"""Latin spellings that end in what is not heard: Lagarde, Nasrallah."""
_LEAST: Final = 2


@lru_cache(maxsize=1 << 15)
def keys(token: str) -> tuple[str, ...]:
    """Return the keys of a surface token of a text, in whatever case; none for a number."""
    return _keys(_cases(token)) if _NAMED.fullmatch(token) else ()


def asked(token: str) -> tuple[str, ...]:
    """Return the keys of a surface token that somebody asks for, in its basic form."""
    return _keys(_basic(token)) if _NAMED.fullmatch(token) else ()


def openings(keys: Iterable[str]) -> frozenset[str]:
    """Return the letters with one of which every token begins that has one of these keys.

    >>> sorted(openings(asked("tokayev")))
    ['c', 'h', 't', 'т', 'ц', 'ъ', 'ь']
    """
    wanted = {key[:1] for key in keys}
    return frozenset(
        letter
        for letter, first in FIRST.items()
        if wanted and ("" in first or not first.isdisjoint(wanted))
    )


_Form = tuple[str, str]


def _keys(forms: Iterable[_Form]) -> tuple[str, ...]:
    read: dict[str, tuple[str, ...]] = {}
    found = set()
    for stem, mark in forms:
        if stem not in read:
            read[stem] = sounds(stem)
        found.update([sound + mark for sound in read[stem]])
    return tuple(sorted(found))


def _known(token: str) -> _Form | None:
    """Return stem and mark of a surname that its ending tells."""
    for size in _KNOWN_SIZES:
        if found := _KNOWN.get(token[-size:]):
            stem = token[: len(token) - found[0]]
            return (stem, found[1]) if len(stem) > _LEAST else None
    return None


def _nominative(token: str) -> list[_Form]:
    """Return what a name can be whose basic form this is."""
    if token[-1] not in _OPEN_LETTERS:
        if silent := _SILENT.fullmatch(token):
            return [(token, ""), (silent[1] or silent[2], "+" if silent[2] else "")]
        return [(token, "")]
    ending = next(filter(token.endswith, _OPEN))
    stem = token[: -len(ending)]
    if len(stem) < _LEAST:
        return [(token, "")]
    if ending == "ia":
        return [(f"{stem}i", "+"), (stem, "+")]
    return [(f"{stem}i" if ending in {"iya", "ija"} else stem, "+")]


def _basic(token: str) -> list[_Form]:
    """Return stems and marks of a name in its basic form, and of what becomes of it in a case."""
    if known := _known(token):
        return [known]
    forms = _nominative(token)
    if fleeting := _FLEETING.fullmatch(token):
        forms.append((fleeting[1] + fleeting[2], ""))
    if adjective := _OTHER_ADJECTIVE.fullmatch(token):
        forms.append((adjective[adjective.lastindex or 0], ""))
    return forms


def _cases(token: str) -> list[_Form]:
    """Return the stems and marks that a name in any case may have."""
    if known := _known(token):
        return [known]
    forms = _nominative(token)
    if token.isascii():
        return forms
    if token.endswith(("ском", "цком")):
        forms.append((token[:-2], "-"))
    for size in range(1, min(4, len(token) - _LEAST + 1)):
        stem, ending = token[:-size], token[-size:]
        for mark in _ENDINGS.get(ending, ()):
            if mark or stem[-1] not in _VOWELS:
                forms.append((stem, mark))
            elif ending[0] in _SOFT:
                forms.append((f"{stem}й", mark))
    return forms
