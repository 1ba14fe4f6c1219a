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
_LATIN_GROUP: Final = re.compile(
    "|".join(
        (
            "(?P<baltic>cs$)",
            "(?P<french>ch(?=ou|v))",
            "(?P<german>ch(?=[lrmnt]|$))",
            "(?P<romanian>e(?<=ce)(?=a))",
            f"(?P<ia>i(?<=^{_HARD}i)a(?={_HARD}))",
            f"(?P<ya>y(?<=^{_HARD}y)a(?={_HARD}))",
            "(?P<oe>oe(?!v))",
            "(?P<ea>e(?<=.e)a(?=[^aeiouy]+[aeiouy]))",
            "(?P<ean>e(?<=.e)a)",
            "(?P<oo>oo)",
            "(?P<ee>ee(?<=..ee)|ee(?=.))",
            "(?P<aa>aa)",
            "(?P<arabic>y(?<=ay)e(?!v))",
            "(?P<ey>ey(?<=[bdklnpt]ey)$)",
            "(?P<ai>a(?=[iy](?![aeiouy])))",
            "(?P<ei>e(?=[iy](?![aouy])))",
            "(?P<ance>a(?=nce?$))",
            "(?P<wal>a(?<=^wa)(?=l))",
            "(?P<gy>g(?=y[aou]))",
            "(?P<lusitanian>es$)",
            "(?P<st>^s(?=[pt]))",
            "(?P<ez>z(?<=[aeiou]z)$|z(?=.*[aeiou]z$))",
            "(?P<zh_ic>z(?=.*ic$))",
            "(?P<sh_ic>s(?=.*ic$))",
            "(?P<ese>s(?<=es)(?=e$))",
            "(?P<rz>rz(?=[aeiou]))",
            "(?P<lz>z(?<=lz)(?=[aeiou]))",
            "(?P<mute_i>i(?<=[bdcfgklmnpw]i)(?=e)|i(?<=[dnrs]ti)(?=ev$))",
            "(?P<zu>z(?=u))",
            "(?P<biden>i(?<=^[^aeiouy]i)(?=[bcdfgkmnpstv]e[nr]?$)|i(?<=^[^aeiouy][^aeiouy]i)(?=[bcdfgkmnpstv]e$))",
            "(?P<trump>u(?=mp$))",
            "(?P<dong>o(?=ng$))",
            "(?P<ge>^g(?=[ei]))",
            "(?P<gh>gh$)",
            "(?P<aji>j(?<=aj)(?=i))",
            _longest_first(_LATIN),
            "(?P<i>[iy][iyj]$|(?<=[aeou])yi)",
            "(?P<mute>h(?=.*[iy]an))",
            "(?P<glide>[iy](?<=[aeiou].)(?![aeiouy])|i(?<=ei)(?=e))",
            "(?P<er>(?<=[dt])er$)",
            "(?P<ic>(?<=i)c$)",
            "(?P<soft>c(?=[eiy]))",
            "(?P<nce>c(?<=nc)$)",
            "(?P<is>(?<=i)s$)",
            "(?P<hard>c(?=[aou]))",
            "(?P<ts>(?<=[lnr])z$)",
            f"(?P<ng>ng(?<=[aeou]ng)$|ng(?<=[bdjlmnpqtxy]ing){_NO_SYLLABLE}$)",
            "(?P<xi>^x(?=i))",
            "(?P<ji>^j(?=i))",
            "(?P<w>^w|w(?<=^[st]w))",
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
