"""Sounds: what a spelling of a name may sound like, in letters of our own. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST: Final = 32
"""Ways to read one spelling that count; the same letters are read alike throughout a word."""

_LONGEST: Final = 24
"""Letters up to which there are several; longer ones are no names, and would take long."""

_LONG: Final = 5
"""Consonants from which on a name is known in spite of a few vowels (Галоўчанка, Головченко)."""

# A sound is a small letter, or Z (ж), S (ш, щ), Q (ч), C (ц), H (х), Y (й). What may stand for
# several sounds is a digit at first, or another capital.
_CHOICES: Final = {
    "0": ("Y", "i"), "1": ("dz", "d"), "2": ("C", "t"), "3": ("e", "o"), "4": ("ks", "H"),
    "5": ("s", "C", "Q"), "6": ("H", "g"), "7": ("u", "ov", "ou"), "8": ("au", "av"),
    "9": ("eu", "ev", "oY"), "A": ("ia", "Ya"), "U": ("iu", "Yu"),
    "O": ("io", "o", "e"), "J": ("Z", "Y"), "R": ("er", "r"), "N": ("H", "g", ""),
    "K": ("k", "Q", "C"), "B": ("k", "C", "Q"), "D": ("k", "Ck"), "E": ("z", "C"), "F": ("n", "ng"),
    "G": ("Z", "C"), "L": ("Q", "t"), "M": ("S", "s"), "P": ("k", "g"), "T": ("k", "C"),
    "V": ("v", "u"), "W": ("Yu", "u"), "X": ("ae", "ai"), "I": ("s", "ks", "H"),
    "!": ("z", "s"), "#": ("oo", "u"), "$": ("e", "o", "oe"), "%": ("Q", "H"), "&": ("Q", "S"),
    "*": ("e", ""), ":": ("aa", "o"), ";": ("ee", "i"), "<": ("e", "i"), "=": ("e", "a"),
    "?": ("ea", "Ya", "i", "e"), "@": ("a", "e"), "^": ("g", "d"), "|": ("ia", "Ya", "e"),
    "~": ("Q", "ks"), ">": ("es", "iS", "is"), "/": ("eY", "ei", "i"), "_": ("a", "o"),
    "{": ("Ya", "e"), "[": ("ea", "Ya", "i"), "]": ("z", "Z"), "(": ("i", ""),
    ")": ("rz", "rC", "Z", "S"), ",": ("z", "dz", "C"), ".": ("i", "aY"), "`": ("u", "a"),
    "}": ("o", "u"), '"': ("g", "Z"), "'": ("g", "gH"),
}  # fmt: skip
_CHOICE: Final = re.compile(f"([{re.escape(''.join(_CHOICES))}])")

_CYRILLIC: Final = {
    **{f"{hard}ю": f"{hard}W" for hard in "бвгджзклмнпрстфхцчшщ"},
    "дж": "Z", "тс": "C", "шч": "S", "ці": "2i", "йо": "3",
    "дзе": "1e", "дзи": "1i", "дзі": "1i", "дзя": "1Ya", "дзм": "dm",
    "цз": "C", "чж": "Z",
    "сярг": "serg", "аляк": "alek", "уладз": "vlad",
}  # fmt: skip
_LATIN: Final = {
    "shch": "S", "szcz": "S", "tsch": "Q", "tsh": "Q", "tch": "Q",
    "sch": "S", "sh": "S", "sz": "M", "ch": "Q", "cz": "Q", "szh": "sZ",
    "dzh": "Z", "zh": "Z", "dj": "Z", "kh": "H", "gh": "g", "ph": "f", "th": "t",
    "tsi": "2i", "tsy": "2i", "ts": "C", "tzh": "tZ", "tz": "C", "ck": "D",
    "dze": "1e", "dzi": "1i",
    "ye": "e", "yo": "3", "ya": "Ya", "yu": "Yu", "ou": "7", "au": "8", "eu": "9",
    "ia": "A", "iu": "U", "io": "O",
    "chi": "Li", "shi": "Mi", "ae": "X",
    "dzm": "dm", "siarh": "serg", "aliak": "alek", "uladz": "vlad",
}  # fmt: skip
# What some Latin letters are depends on their neighbours, and on the language that a spelling is
# of, which it does not say: so each may also be read in its plain way.
_PLACES: Final = {
    "baltic": "~",
    "french": "&",
    "german": "%",
    "romanian": "*",
    "ia": "|",
    "ya": "{",
    "oe": "$",
    "ea": "?",
    "ean": "[",
    "oo": "#",
    "ee": ";",
    "aa": ":",
    "arabic": "<",
    "ai": "@",
    "ei": "=",
    "ey": "/",
    "ance": "@",
    "nce": "s",
    "zh_ic": "]",
    "sh_ic": "M",
    "wal": "_",
    "gy": "^",
    "lusitanian": ">",
    "st": "M",
    "ez": "!",
    "ese": "!",
    "rz": ")",
    "lz": "E",
    "mute_i": "(",
    "zu": ",",
    "biden": ".",
    "trump": "`",
    "dong": "}",
    "ge": '"',
    "gh": "'",
    "aji": "J",
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


_HARD: Final = "[bcdfgklmnprstvz]"
_NO_SYLLABLE: Final = "".join(
    f"(?<!{before}ing)" for before in ("bb", "dd", "ll", "mm", "nn", "pp", "tt", "ea.", "ee.")
)
"""What no Chinese word has before its -ing: putting is not Putin, meeting not Митин."""

_CYRILLIC_GROUP: Final = re.compile(_longest_first(_CYRILLIC))
# The name of a place stands behind it, so that most are passed over at their first letter.
_LATIN_GROUP: Final = re.compile(
    "|".join(
        (
            "cs$(?P<baltic>)",
            "ch(?=ou|v)(?P<french>)",
            "ch(?=[lrmnt]|$)(?P<german>)",
            "e(?<=ce)(?=a)(?P<romanian>)",
            f"i(?<=^{_HARD}i)a(?={_HARD})(?P<ia>)",
            f"y(?<=^{_HARD}y)a(?={_HARD})(?P<ya>)",
            "oe(?!v)(?P<oe>)",
            "e(?<=.e)a(?=[^aeiouy]+[aeiouy])(?P<ea>)",
            "e(?<=.e)a(?P<ean>)",
            "oo(?P<oo>)",
            "ee(?:(?<=..ee)|(?=.))(?P<ee>)",
            "aa(?P<aa>)",
            "y(?<=ay)e(?!v)(?P<arabic>)",
            "ey(?<=[bdklnpt]ey)$(?P<ey>)",
            "a(?=[iy](?![aeiouy]))(?P<ai>)",
            "e(?=[iy](?![aouy]))(?P<ei>)",
            "a(?=nce?$)(?P<ance>)",
            "a(?<=^wa)(?=l)(?P<wal>)",
            "g(?=y[aou])(?P<gy>)",
            "es$(?P<lusitanian>)",
            "s(?<=^s)(?=[pt])(?P<st>)",
            "z(?:(?<=[aeiou]z)$|(?=.*[aeiou]z$))(?P<ez>)",
            "z(?=.*ic$)(?P<zh_ic>)",
            "s(?=.*ic$)(?P<sh_ic>)",
            "s(?<=es)(?=e$)(?P<ese>)",
            "rz(?=[aeiou])(?P<rz>)",
            "z(?<=lz)(?=[aeiou])(?P<lz>)",
            "i(?:(?<=[bdcfgklmnpw]i)(?=e)|(?<=[dnrs]ti)(?=ev$))(?P<mute_i>)",
            "z(?=u)(?P<zu>)",
            "i(?:(?<=^[^aeiouy]i)(?=[bcdfgkmnpstv]e[nr]?$)|(?<=^[^aeiouy]{2}i)(?=[bcdfgkmnpstv]e$))(?P<biden>)",
            "u(?=mp$)(?P<trump>)",
            "o(?=ng$)(?P<dong>)",
            "g(?<=^g)(?=[ei])(?P<ge>)",
            "gh$(?P<gh>)",
            "j(?<=aj)(?=i)(?P<aji>)",
            _longest_first(_LATIN),
            "[iy](?:[iyj]$|(?<=[aeou]y)i)(?P<i>)",
            "h(?=.*[iy]an)(?P<mute>)",
            "[iy](?:(?<=[aeiou].)(?![aeiouy])|(?<=ei)(?=e))(?P<glide>)",
            "er(?<=[dt]er)$(?P<er>)",
            "c(?<=ic)$(?P<ic>)",
            "c(?=[eiy])(?P<soft>)",
            "c(?<=nc)$(?P<nce>)",
            "s(?<=is)$(?P<is>)",
            "c(?=[aou])(?P<hard>)",
            "z(?<=[lnr]z)$(?P<ts>)",
            f"ng(?:(?<=[aeou]ng)|(?<=[bdjlmnpqtxy]ing){_NO_SYLLABLE})$(?P<ng>)",
            "x(?<=^x)(?=i)(?P<xi>)",
            "j(?<=^j)(?=i)(?P<ji>)",
            "w(?:(?<=^w)|(?<=^[st]w))(?P<w>)",
            "q(?<=^q)(?=i)(?P<qi>)",
            "q(?P<q>)",
            "j(?<=[aeiouy]j)(?![aeiouy])(?P<jot>)",
            "j(?:(?<=^j)(?=u)|(?<=.j)(?=[aeou]))(?P<zh>)",
        )
    )
)
_LETTERS: Final = str.maketrans(
    dict(
        zip(
            "абвгґғдеєэжҗзиіїыйкқҡлмнңоөпрстуүұўфхһҳцчҷшщәyjqwchxəæıłøđ",
            "abvgggdeeeZZziiiiYkkklmnnooprstuuuvfHHHCQQSSaiZkvk64aail$d",
            strict=True,
        )
    )
    | {"ю": "Yu", "я": "Ya", "ъ": "", "ь": ""}
)
# What spellings disagree on: doubled consonants, and glides beside vowels.
_IDLE: Final = re.compile(r"([bvgdZzklmnprstfHCQS])\1+|Y(?=[eio])|(?<=[aeou])Y(?=[aeou])|(?<=i)Y")
_VOWEL_SOUNDS: Final = str.maketrans("", "", "aeiouY")


def sounds(stem: str) -> tuple[str, ...]:
    """Return what a spelling may sound like."""
    groups = _LATIN_GROUP if _LATIN_LETTER.search(stem) else _CYRILLIC_GROUP
    raw = groups.sub(_sound, stem).translate(_LETTERS)
    if not _CHOICE.search(raw):
        return (_plain(raw),)
    most = _MOST if len(stem) <= _LONGEST else 1
    ways = [raw]
    for unclear in sorted(set(_CHOICE.findall(raw))):
        ways = [way.replace(unclear, one) for way in ways for one in _CHOICES[unclear]][:most]
    return tuple(map(_plain, ways))


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


_LATIN_LETTER: Final = re.compile("[a-z]")


def _first_of(letter: str) -> frozenset[str]:
    """Return what the keys of a token that begins with a letter may begin with; "": anything."""
    raw = [letter.translate(_LETTERS), *_PLACED.get(letter, "")]
    for groups in (_CYRILLIC, _LATIN):
        raw += [sound.translate(_LETTERS) for group, sound in groups.items() if group[0] == letter]
    first = {way[:1] for sound in raw for way in _CHOICES.get(sound[:1], (sound,))}
    # What `_plain` makes of them.
    return frozenset(first.union(*[_TURNED.get(sound, "") for sound in first]))


_PLACED: Final = {
    "a": "@:",
    "c": "5%&",
    "e": "=;",
    "g": '^"',
    "h": "N",
    "i": "0i",
    "o": "#$",
    "s": "M",
    "y": "0i",
    "z": "!],",
    "j": "YJG",
    "q": "PT",
    "w": "V",
    "x": "I",
}
"""What `_PLACES` may make of a letter that a token begins with."""

_TURNED: Final = {"d": "Z", "t": "C", "o": "a", "Y": "eioa"}
"""What `_plain` may put in the place of the first sound."""

FIRST: Final = {
    letter: _first_of(letter)
    for letter in (
        "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяґғєҗіїқҡңөүұўһҳҷәəæıłøđ"
    )
}
"""What the keys of a token may begin with, by its first letter."""
