"""What of an article decides which story it belongs to, read once. Pure.

Where an article was written ("MINSK, 15 December (BelTA) -") is cut off first: it tells of the
agency, not of the event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from db.model import Precision
from db.sketches import sketch
from db.story_keys import (
    AT_LEAST,
    REACHED,
    Number,
    bounds,
    counted,
    dates,
    is_year,
    name_key,
    numbers,
)
from db.thesaurus import MEANINGS, SILENT, stem
from db.words import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from db.model import Article

LEAD: Final = 60
"""Words at the beginning of a text that tell what happened; the rest is background."""

BODY: Final = 400
"""Words of a text in which something told elsewhere is looked for."""

_CHARACTERS: Final = 4000  # of a text, searched for names, numbers and dates
_LEAD_CHARACTERS: Final = 500
_SAMPLE: Final = 200

_WHERE: Final = re.compile(
    r"^[^\n]{0,90}/[^/\n]{0,40}[A-ZА-ЯЁ]{3}[^/\n]{0,20}/\.?\s*"
    r"|^[^\n(]{0,60}\([A-Za-zА-Яа-яЁё .\-]{3,30}\)\s*[-–—:]+\s*"
)
_URGENT: Final = re.compile(
    r"^\s*(?:URGENT|BREAKING(?: NEWS)?|FLASH|UPDATED?(?: ?\d+)?|EXCLUSIVE|LEAD|СРОЧНО|МОЛНИЯ|ВАЖНО"
    r"|ОБНОВЛ[А-Я]+|ЭКСКЛЮЗИВ)\s*[:.!|–—-]+\s*",
    re.IGNORECASE,
)
"""What stands before a title to say how new it is."""
# A capital inside a sentence, or two of them anywhere. The letter stands first, so that the
# search leaps from capital to capital.
_NAME: Final = re.compile(
    r"[A-ZА-ЯЁЎІҚӨҢҮ](?:(?:(?<=[\w,;:»”\"')%] .)|(?<=[«“\"'(].))[\w'’-]+"
    r"|(?<!\w.)[A-ZА-ЯЁ][\w-]*)"
)
_CAPITAL_SHARE: Final = 0.7
_LONG_WORD: Final = 4

# Organizations by their whole names, in every case, and what they are called for short.
_WHOLE_NAMES: Final = {
    "CSTO": "Collective Security Treaty Organi[sz]ation",
    "SCO": "Shanghai Cooperation Organi[sz]ation",
    "EAEU": "Eurasian Economic Union",
    "CIS": "Commonwealth of Independent States",
    "UN": "United Nations(?: Organi[sz]ation)?",
    "EU": "European Union",
    "ОДКБ": r"Организаци[а-я]+ Договора о коллективной безопасности",
    "ШОС": r"Шанхайск[а-я]+ организаци[а-я]+ сотрудничества",
    "ЕАЭС": r"Евразийск[а-я]+ экономическ[а-я]+ союз[а-я]*",
    "СНГ": r"Содружеств[а-я]+ [Нн]езависимых [Гг]осударств",
    "ООН": r"Организаци[а-я]+ [Оо]бъедин[её]нных [Нн]аций",
    "ЕС": r"Европейск[а-я]+ союз[а-я]*",
}
_WHOLE_NAME: Final = re.compile("|".join(_WHOLE_NAMES.values()))
_SHORT_NAMES: Final = tuple((re.compile(whole), name) for name, whole in _WHOLE_NAMES.items())

_SLUG_END: Final = re.compile(r"(?:\.html?|/)+$")
_SLUG_ID: Final = re.compile(r"^\d+-|-\d+-(?:19|20)\d\d$")
_SLUG_WORDS: Final = 3
_SLUG_LETTERS: Final = 16
_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is compared of an article. Words are stems of `db.thesaurus`, without the silent ones.

    `when` is when it was published, or was seen first if that is not known; None if neither is.
    `title`, `lead` (title and beginning) and `body` (all that is read) hold each stem once, in
    reading order. `names` are the stems of names in the title, `name_keys` their keys. `keys` are
    language-free: names, numbers and known meanings of the lead; `all_keys` those of the whole.
    `figures` are the numbers of title and lead with the stem of their unit, `values` all numbers.
    `at_least` are those that a later text may exceed, `reached` those that earlier ones had not;
    the unit of one that has a silent word behind it is "".
    `days` and `months` are those of title and lead, `all_days` all. Of a long text the first
    4,000 characters are read.
    """

    source: str
    language: str
    when: datetime | None
    whole_day: bool
    slug: str
    sketch: tuple[int, ...]
    title: tuple[str, ...]
    lead: tuple[str, ...]
    body: tuple[str, ...]
    names: tuple[str, ...]
    name_keys: tuple[str, ...]
    keys: tuple[str, ...]
    all_keys: tuple[str, ...]
    title_figures: tuple[Number, ...]
    figures: tuple[Number, ...]
    values: tuple[str, ...]
    at_least: frozenset[Number]
    reached: frozenset[Number]
    days: frozenset[tuple[int, int]]
    all_days: frozenset[tuple[int, int]]
    months: frozenset[int]


def traits(article: Article, seen: datetime | None = None) -> Traits:
    """Read what decides of an article; `seen` is when we saw it first, if that is known."""
    where = _WHERE.match(article.text)
    printed = article.text[where.end() if where else 0 :][:_CHARACTERS]
    text, headline = _shortened(printed), _shortened(_URGENT.sub("", article.title))
    start, end = text[:_LEAD_CHARACTERS], text[_LEAD_CHARACTERS:]
    stated = (article.language or "").partition("-")[0].lower()
    russian = _is_cyrillic(f"{headline} {start}")
    words = Reading(text).stems()
    title = _once(map(_stem, Reading(headline).stems()))
    lead = _once((*title, *map(_stem, words[:LEAD])))
    body = _once((*lead, *map(_stem, words[LEAD:BODY])))
    told, begun, added = (_facts(part, russian=russian) for part in (headline, start, end))
    counts = tuple(counted(Reading(f"{headline} {start}").surfaces()))
    names = _names(text)
    in_title = _title_names(headline, names)
    figures = tuple(dict.fromkeys((*told.numbers, *begun.numbers, *_with_stems(counts))))
    values = _values((*figures, *added.numbers))
    return Traits(
        source=article.source,
        language=stated or ("ru" if russian else "en"),
        when=article.dateline.when or seen,
        whole_day=article.dateline.precision is Precision.DAY,
        slug=slug(article.url or ""),
        sketch=sketch(Reading(printed).stems() if text != printed else words),
        title=title,
        lead=lead,
        body=body,
        names=_once(map(_word_stem, in_title)),
        name_keys=_keys(map(_word_stem, in_title), in_title, ()),
        keys=_keys(lead, (*in_title, *_names(start)), _values(figures)),
        all_keys=_keys(body, (*in_title, *names), values),
        title_figures=told.numbers,
        figures=figures,
        values=values,
        at_least=_bounds(AT_LEAST, f"{headline} {start}", russian=russian),
        reached=_bounds(REACHED, f"{headline} {start}", russian=russian),
        days=told.days | begun.days,
        all_days=told.days | begun.days | added.days,
        months=told.months | begun.months,
    )


def _shortened(text: str) -> str:
    """Return a text with the organizations of the field called by their letters.

    >>> _shortened("в Организации Договора о коллективной безопасности")
    'в ОДКБ'
    """
    if not _WHOLE_NAME.search(text):
        return text
    for whole, name in _SHORT_NAMES:
        text = whole.sub(name, text)
    return text


def slug(url: str) -> str:
    """Return the transliterated title in an address, "" if there is none that says enough.

    >>> slug("https://open.kg/en/news/48211-v-bishkeke-gorit-rynok.html")
    'v-bishkeke-gorit-rynok'
    >>> slug("https://tass.com/politics/1894093")
    ''
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    last = unquote(_SLUG_END.sub("", path).rpartition("/")[2]).lower()
    name = _SLUG_ID.sub("", last)
    words = [word for word in name.replace("_", "-").split("-") if word.isalpha()]
    says = len(words) >= _SLUG_WORDS and sum(map(len, words)) >= _SLUG_LETTERS
    return name if says else ""


def _is_cyrillic(text: str) -> bool:
    some = text[:_SAMPLE]
    return not some.isascii() and 2 * len(_CYRILLIC.findall(some)) > len(_LETTER.findall(some))


class _Facts(NamedTuple):
    days: frozenset[tuple[int, int]]
    months: frozenset[int]
    numbers: tuple[Number, ...]


def _facts(text: str, *, russian: bool) -> _Facts:
    found = dates(text)
    return _Facts(found.days, found.months, _with_stems(numbers(found.rest, russian=russian)))


def _with_stems(told: Iterable[Number]) -> tuple[Number, ...]:
    return tuple(Number(value, _word_stem(unit) or unit) for value, unit in told)


def _bounds(words: re.Pattern[str], text: str, *, russian: bool) -> frozenset[Number]:
    found = bounds(words, text, russian=russian)
    return frozenset(Number(value, _word_stem(unit)) for value, unit in found)


def _values(told: Iterable[Number]) -> tuple[str, ...]:
    return _once(number.value for number in told if not is_year(number))


def _names(text: str) -> tuple[str, ...]:
    return _once(_NAME.findall(text))


def _title_names(title: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a title; where it capitalises every word, those the text confirms."""
    words = [token for token in _WORD.findall(title) if len(token) >= _LONG_WORD]
    capital = sum(word[0].isupper() for word in words)
    known = set(names)
    if len(words) > 1 and capital > _CAPITAL_SHARE * len(words):
        return _once(word for word in _WORD.findall(title) if word in known)
    return _once((*(word for word in words[:1] if word in known), *_names(title)))


def _keys(stems: Iterable[str], names: Iterable[str], values: Iterable[str]) -> tuple[str, ...]:
    common = (s for s in stems if s in MEANINGS)
    named = (name_key(name) for name in names if (s := _word_stem(name)) and s not in MEANINGS)
    return _once((*common, *named, *(f"#{value}" for value in values)))


@lru_cache(maxsize=1 << 16)
def _word_stem(word: str) -> str:
    return next(iter(_once(map(_stem, Reading(word).stems()))), "")


@lru_cache(maxsize=1 << 16)
def _stem(normal_form: str) -> str:
    silent = normal_form in SILENT or normal_form.isdigit() or len(normal_form) == 1
    return "" if silent else intern(stem(normal_form))


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))
