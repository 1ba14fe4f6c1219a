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
from itertools import chain, islice, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = 2
"""Version of the keys, stored with the index; another one means computing them anew."""

_MOST: Final = 16
"""Ways to read one spelling that count; nobody's name has more that matter."""

_LONGEST: Final = 24
"""Letters up to which there are several; longer ones are no names, and would take long."""

_LONG: Final = 5
"""Consonants from which on a name is known in spite of a few vowels (Галоўчанка, Головченко)."""

# A sound is a small letter, or Z (ж), S (ш, щ), Q (ч), C (ц), H (х), Y (й). What may stand for
# several sounds is a digit at first, or another capital.
_CHOICES: Final = {
    "0": ("Y", "i"), "1": ("dz", "d"), "2": ("C", "t"), "3": ("e", "o"), "4": ("ks", "H"),
    "5": ("s", "C", "Q"), "6": ("H", "g"), "7": ("u", "ov", "ou"), "8": ("au", "av"),
    "9": ("eu", "ev"), "A": ("ia", "Ya"), "U": ("iu", "Yu"),
    "O": ("io", "o", "e"), "J": ("Z", "Y"), "R": ("er", "r"), "N": ("H", "g", ""),
    "K": ("k", "Q", "C"), "B": ("k", "C"), "D": ("k", "Ck"), "E": ("z", "C"), "F": ("n", "ng"),
    "G": ("Z", "C"), "L": ("Q", "t"), "M": ("S", "s"), "P": ("k", "g"), "T": ("k", "C"),
    "V": ("v", "u"), "W": ("Yu", "u"), "X": ("ae", "ai"), "I": ("s", "ks", "H"),
}  # fmt: skip
_CHOICE: Final = re.compile(f"([{''.join(_CHOICES)}])")

_CYRILLIC: Final = {
    **{f"{hard}ю": f"{hard}W" for hard in "бвгджзклмнпрстфхцчшщ"},
    "дж": "Z", "тс": "C", "шч": "S", "ці": "2i", "йо": "3",
    "дзе": "1e", "дзи": "1i", "дзі": "1i", "дзя": "1Ya", "дзм": "dm",
    "цз": "C", "чж": "Z",
    "сярг": "serg", "аляк": "alek", "уладз": "vlad",
}  # fmt: skip
_LATIN: Final = {
    "shch": "S", "tsch": "Q", "tch": "Q", "sch": "S", "sh": "S", "sz": "M", "ch": "Q", "cz": "Q",
    "szh": "sZ",
    "dzh": "Z", "zh": "Z", "dj": "Z", "kh": "H", "gh": "g", "ph": "f", "th": "t",
    "tsi": "2i", "tsy": "2i", "ts": "C", "tzh": "tZ", "tz": "C", "ck": "D",
    "dze": "1e", "dzi": "1i",
    "ye": "e", "yo": "3", "ya": "Ya", "yu": "Yu", "ou": "7", "au": "8", "eu": "9",
    "ia": "A", "iu": "U", "io": "O",
    "chi": "Li", "shi": "Mi", "ae": "X",
    "dzm": "dm", "siarh": "serg", "aliak": "alek", "uladz": "vlad",
}  # fmt: skip
# What some Latin letters are depends on their neighbours.
_PLACES: Final = {
    "glide": "0",
    "er": "R",
    "soft": "5",
    "ic": "K",
    "is": "M",
    "hard": "B",
    "ts": "E",
    "ng": "F",
    "xi": "I",
    "ji": "G",
    "w": "V",
    "qi": "T",
    "q": "P",
    "jot": "Y",
    "zh": "J",
    "i": "i",
    "mute": "N",
}


def _longest_first(groups: Iterable[str]) -> str:
    return "|".join(sorted(groups, key=len, reverse=True))


_CYRILLIC_GROUP: Final = re.compile(_longest_first(_CYRILLIC))
_LATIN_GROUP: Final = re.compile(
    "|".join(
        (
            _longest_first(_LATIN),
            "(?P<i>[iy][iyj]$|(?<=[aeou])yi)",
            "(?P<mute>^h(?=.*[iy]an))",
            "(?P<glide>(?<=[aeiou])[iy](?![aeiouy]))",
            "(?P<er>(?<=[dt])er$)",
            "(?P<ic>(?<=i)c$)",
            "(?P<soft>c(?=[eiy]))",
            "(?P<is>(?<=i)s$)",
            "(?P<hard>c(?=[aou]))",
            "(?P<ts>(?<=[lnr])z$)",
            "(?P<ng>(?<=[aeiou])ng$)",
            "(?P<xi>^x(?=i))",
            "(?P<ji>^j(?=i))",
            "(?P<w>^w)",
            "(?P<qi>^q(?=i))",
            "(?P<q>q)",
            "(?P<jot>(?<=[aeiouy])j(?![aeiouy]))",
            "(?P<zh>^j(?=u)|(?<=.)j(?=[aeou]))",
        )
    )
)
_LETTERS: Final = str.maketrans(
    dict(
        zip(
            "абвгґғдеєэжҗзиіїыйкқҡлмнңоөпрстуүұўфхһҳцчҷшщәyjqwchxəæıłøđ",
            "abvgggdeeeZZziiiiYkkklmnnooprstuuuvfHHHCQQSSaiZkvk64aailod",
            strict=True,
        )
    )
    | {"ю": "Yu", "я": "Ya", "ъ": "", "ь": ""}
)
_NAMED: Final = re.compile("[a-zа-яґғєҗіїқҡңөүұўһҳҷәəæıłøđ]+")

# What spellings disagree on: doubled consonants, and glides beside vowels.
_IDLE: Final = re.compile(r"([bvgdZzklmnprstfHCQS])\1+|Y(?=[eio])|(?<=[aeou])Y(?=[aeou])|(?<=i)Y")
_VOWEL_SOUNDS: Final = str.maketrans("", "", "aeiouY")

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
_OTHER_ADJECTIVE: Final = re.compile("(.{3,})(?:ой|ый|o[iy])|(.{2,}n)(?:y|yi|yy|iy|yj)")
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
        for letter, first in _FIRST.items()
        if wanted and ("" in first or not first.isdisjoint(wanted))
    )


_Form = tuple[str, str]


def _keys(forms: Iterable[_Form]) -> tuple[str, ...]:
    sounds: dict[str, tuple[str, ...]] = {}
    found = set()
    for stem, mark in forms:
        if stem not in sounds:
            sounds[stem] = _sounds(stem)
        found.update([sound + mark for sound in sounds[stem]])
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
        forms.append((adjective[1] or adjective[2], ""))
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


def _sounds(stem: str) -> tuple[str, ...]:
    """Return what a spelling may sound like."""
    groups = _LATIN_GROUP if stem.isascii() else _CYRILLIC_GROUP
    raw = groups.sub(_sound, stem).translate(_LETTERS)
    if not _CHOICE.search(raw):
        return (_plain(raw),)
    first, *rest = _CHOICE.split(raw)
    choices = [_CHOICES[one] for one in rest[::2]]
    most = _MOST if len(stem) <= _LONGEST else 1
    return tuple(
        [
            _plain(first + "".join(chain.from_iterable(zip(chosen, rest[1::2], strict=True))))
            for chosen in islice(product(*choices), most)
        ]
    )


def _sound(group: re.Match[str]) -> str:
    if group.lastgroup:
        return _PLACES[group.lastgroup]
    return _CYRILLIC.get(group[0]) or _LATIN[group[0]]


def _plain(sound: str) -> str:
    """Drop what spellings disagree on; in long names some vowels, too."""
    sound = _IDLE.sub(_once, sound.replace("dZ", "Z").replace("ts", "C"))
    if len(sound.translate(_VOWEL_SOUNDS)) < _LONG:
        return sound
    sound = sound.replace("o", "a")
    return sound.replace("Za", "Ze").replace("Sa", "Se").replace("Qa", "Qe")


def _once(idle: re.Match[str]) -> str:
    return idle[1] or ""


def _first_of(letter: str) -> frozenset[str]:
    """Return what the keys of a token that begins with a letter may begin with; "": anything."""
    raw = [letter.translate(_LETTERS), *_PLACED.get(letter, "")]
    for groups in (_CYRILLIC, _LATIN):
        raw += [sound.translate(_LETTERS) for group, sound in groups.items() if group[0] == letter]
    sounds = {way[:1] for sound in raw for way in _CHOICES.get(sound[:1], (sound,))}
    # What `_plain` makes of them.
    return frozenset(sounds.union(*[_TURNED.get(sound, "") for sound in sounds]))


_PLACED: Final = {
    "i": "0i",
    "y": "0i",
    "h": "N",
    "c": "5",
    "j": "YJG",
    "q": "PT",
    "w": "V",
    "x": "I",
}
"""What `_PLACES` may make of a letter that a token begins with."""

_TURNED: Final = {"d": "Z", "t": "C", "o": "a", "Y": "eioa"}
"""What `_plain` may put in the place of the first sound."""

_FIRST: Final = {
    letter: _first_of(letter)
    for letter in (
        "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяґғєҗіїқҡңөүұўһҳҷәəæıłøđ"
    )
}
