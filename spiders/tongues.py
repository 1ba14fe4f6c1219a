"""In which language a text is written, by its commonest words. Pure.

Pages state the language of their template, which is not always that of the text. A few dozen words
make a quarter of any text; that is enough to tell the languages listed here, and no others.
"""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS, _HITS, _SHARE, _AHEAD = 20, 5, 0.1, 1.5
_FIRST = 3000  # characters
_COMMON = {
    "en": (
        "the of and to in is that was for on with by from his he it has have are be will this said"
    ),
    "de": (
        "der die das und ist nicht ein eine den dem des von mit zu sich auf für als auch im "
        "wurde sind"
    ),
    "fr": (
        "le la les des est et une du dans pour qui que par sur au pas il avec ce cette sont à "
        "été plus"
    ),
    "es": (
        "el los las del que y una en con por para se su es un como más fue han no lo al la sus pero"
    ),
    "pt": (
        "o os as do da dos das que e uma em com por para se não um no na foi ao mais como são pelo"
    ),
    "it": (
        "il gli della di che e una un per con non è del nel alla dei sono le si da più come "
        "anche ha"
    ),
    "nl": (
        "de het een van en dat niet op te zijn voor met die is aan ook door worden er bij naar "
        "heeft"
    ),
    "pl": (
        "i w nie na się że z do jest o jak to od za przez oraz po są dla był tym także który które"
    ),
    "cs": (
        "a se na že v je s do o pro za by jsou jako které který byl po od ale také podle není když"
    ),
    "sv": (
        "och att det som en är på för med den av till inte har om ett i var från vid men kan ska"
    ),
    "tr": (
        "ve bir bu için ile da de olarak olan çok daha gibi kadar sonra ancak en ne var yeni oldu"
    ),
    "id": (
        "yang dan di dengan untuk dari pada ini itu dalam tidak akan ke adalah oleh juga telah bisa"
    ),
    "ru": ("и в не на что с по это как к из у за от о для его он был года при также было а но до"),
    "uk": ("і в не на що з та це як у за від до для його він про був року є також або які щоб й"),
    "be": (
        "і у не на што з па гэта як за ад да для яго ён пра быў года таксама або якія каб ў былі"
    ),
    "kk": (
        "және мен үшін бұл деп бір болып жылы да де туралы бойынша еді сол осы кейін болды ол бар"
    ),
    "ky": (
        "жана менен үчүн бул деп бир болуп жылы да боюнча ал эле ошол кийин болду бар тууралуу эмес"
    ),
}
_TONGUES: dict[str, set[str]] = {}
for _tongue, _words in _COMMON.items():
    for _word in _words.split():
        _TONGUES.setdefault(_word, set()).add(_tongue)


def knows(language: str | None) -> bool:
    """Tell whether a text in the language can be told from others."""
    return language in _COMMON


def tongue(text: str) -> str | None:
    """Return the language (BCP 47, primary) a text is written in; None if its words do not tell.

    >>> tongue("The county signed a contract with two shipyards and will have the first of the "
    ...        "boats in spring; it is to carry the name of his captain, the press was told.")
    'en'
    """
    words = _WORD.findall(text[:_FIRST].casefold())
    if len(words) < _ENOUGH_WORDS:
        return None
    counted: Counter[str] = Counter()
    for word, times in Counter(words).items():
        for one in _TONGUES.get(word, ()):
            counted[one] += times
    (best, hits), (_, next_hits) = [*counted.most_common(2), ("", 0), ("", 0)][:2]
    clear = hits >= _HITS and hits >= _SHARE * len(words) and hits >= _AHEAD * next_hits
    return best if clear else None
