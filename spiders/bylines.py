"""Who wrote an item and under what heading it ran, as a page states it. Pure.

Templates put anything there: the word before the name, the account that published, the address of
a profile, the site itself, the lead. What is no name is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from db.words import clean_line
from spiders.prose import letters

if TYPE_CHECKING:
    from collections.abc import Iterable

# The word before a name. Some begin a name ("Von der Heide", "Par Kumar Singh"), too: two words
# must follow those, and with a capital they are words of the page's language alone.
_BY = re.compile(
    r"^(?:(?:(?:written|posted|analysis|opinion|review|text|words)\s+)?by\b\s*[:–—-]?|autor(?:in)?\s*:"
    r"|text\s*:|автор(?:ы)?\s*:?|аўтар\s*:?|текст\s*:"
    r"|(?P<also>von|por|par)(?=\s+(?!de[rnm]\b|zu\b)\S+\s+\S))\s*",
    re.IGNORECASE,
)
_ALSO_NAMES = {"von": ("de",), "por": ("es", "pt"), "par": ("fr",)}
# The account of a system, a profile or a mailbox is nobody's name.
_NOBODY = re.compile(
    r"(?:super)?(?:admin(?:istrator)?|user|webmaster|root|guest|default|anonymous|unknown|none|null"
    r"|n/a)\d{0,9}|\d+|(?:https?:|www\.|@)\S*|[^\s@]+@\S+\.\w+|\S+\.\w{2,9}/\S*|\W*",
    re.IGNORECASE,
)
# A paper's sign for its writer, or the agency behind the name.
_SIGN = re.compile(r"\s*\([^()]{1,8}\)$")
# What joins several people; a capital alone is part of a name. Behind a comma may stand where they
# are, or what.
_AND = re.compile(
    r"\s+(?:and|und|og|och|et|en|ja|та|және|жана|(?-i:[yeiиі])|&|\+)\s+|\s*;\s*", re.IGNORECASE
)
_COMMA = re.compile(r"\s*,\s+(?!(?:Jr|Sr|I{2,3}|IV)\b)")
_PARTICLES = frozenset((
    "de", "da", "di", "do", "dos", "das", "del", "della", "du", "la", "le", "von", "van", "vom",
    "zu", "zur", "der", "den", "ten", "ter", "af", "av", "bin", "ibn", "al", "el",
))  # fmt: skip
_WORK = re.compile(
    r"\b(?:editors?|correspondents?|reporters?|writers?|journalists?|staff|desk|team|press|news"
    r"|agency|redakt\w+|korrespondent\w*|reporter\w*|professor\w*|department|office)\b",
    re.IGNORECASE,
)
# What is printed where a name could stand: a clock, a credit, the desk.
_UNSIGNED = re.compile(r"[\d/]|\w:\s|reda[cçk]\w+|rédaction|редакц\w+|рэдакц\w+", re.IGNORECASE)
_PAIR = 2
_FEWEST, _MOST = 2, 5  # words of a full name
# Letters that a word shares with a site's name by chance, and those of the end of a host.
_SAYING, _SURE, _TAIL = 3, 5, 4
_LONGEST_NAME = 120
# Several names, and the words before them: "Written by: ".
_LONGEST_LINE = 4 * _LONGEST_NAME
_LONGEST_SECTION = 60
_TIGHT = re.compile(r",(?=\S)")


def people(
    names: Iterable[str], sites: frozenset[str], language: str | None = None
) -> tuple[str, ...]:
    """Return the names that name somebody, once each; `sites` is what `names_of_site` gives.

    `language` is the page's (BCP 47, primary subtag): "Von Lee Moor" is by Lee Moor in German only.
    """
    lines = (line for name in names if len(line := clean_line(name)) <= _LONGEST_LINE)
    found = (one for line in lines for one in _each(_without_by(line, language)))
    kept = (name for name in found if len(name) <= _LONGEST_NAME and not _NOBODY.fullmatch(name))
    return tuple(dict.fromkeys(name for name in kept if letters(name) not in sites))


def names_site(name: str, sites: frozenset[str]) -> bool:
    """Tell a name that has a word of the site's in it; a short one is all of the site's name.

    >>> [names_site(name, frozenset({"baynet"})) for name in ("Bay Articles", "Bayard Adams")]
    [True, False]
    >>> names_site("Times Reporting", frozenset({"timesofbayorg"}))
    True
    """
    words = [word for one in name.split() if len(word := letters(one)) >= _SAYING]
    return any(
        site.startswith(word) and (len(word) >= _SURE or len(site) - len(word) <= _TAIL)
        for word in words
        for site in sites
    )


def is_signed(line: str, language: str | None) -> bool:
    """Tell a line that begins with the word before a name.

    >>> is_signed("By Lee Moor", "en"), is_signed("Von Lee Moor", "de"), is_signed("Lee Moor", "en")
    (True, True, False)
    """
    return len(line) <= _LONGEST_NAME and _without_by(line, language) != line


def full_names(line: str, language: str | None) -> list[str]:
    """Return the people a line names, [] if one of them has not a first and a last name.

    >>> full_names("By Lee Moor and Ann Ray", "en"), full_names("By Health Desk", "en")
    (['Lee Moor', 'Ann Ray'], [])
    """
    if len(line) > _LONGEST_LINE or _UNSIGNED.search(line):
        return []
    names = _each(_without_by(clean_line(line), language).rstrip(" ,"))
    is_sure = all(_is_full(name) and name.split()[0].lower() not in _PARTICLES for name in names)
    return names if is_sure else []


def _without_by(line: str, language: str | None) -> str:
    found = _BY.match(line)
    word = found["also"] if found else None
    is_name = word and not word.islower() and language not in _ALSO_NAMES[word.lower()]
    return line[found.end() :] if found and not is_name else line


def _each(name: str) -> list[str]:
    """Return the people a line names, without their places, jobs and signs.

    >>> _each("Lee Moor, Ann Ray and Jo van Dam"), _each("Lee Moor und Ann Ray, Nairobi")
    (['Lee Moor', 'Ann Ray', 'Jo van Dam'], ['Lee Moor', 'Ann Ray'])

    Two parts with one comma are a name and a job, or a place:

    >>> _each("Lee Moor, Managing Director"), _each("Juan Carlos I De Borbon")
    (['Lee Moor'], ['Juan Carlos I De Borbon'])

    A line in which not all that is joined are full names stays as it is:

    >>> _each("Health and Trade Desk"), _each("Moor, Lee"), _each("Lee Moor (lmo)")
    (['Health and Trade Desk'], ['Moor, Lee'], ['Lee Moor'])
    """
    joined = [_COMMA.split(part) for part in _AND.split(name)]
    # What stands behind a comma may be a place or a job, but not what an "and" joins.
    last = joined.pop()
    sure = [*(part[-1] for part in joined), last[0]] if joined else last[:1]
    if not all(map(_is_full, sure)):
        return [_SIGN.sub("", name)]
    # Behind the last "and" nobody else is named, nor behind a single comma.
    named = last[:1] if joined or len(last) == _PAIR else last
    listed = [*(one for part in joined for one in part), *named]
    return [_SIGN.sub("", one) for one in listed if _is_full(one)]


def _is_full(name: str) -> bool:
    """Tell a first and a last name from one word, and from what is told in other words."""
    words = _SIGN.sub("", name).split()
    if not _FEWEST <= len(words) <= _MOST or _WORK.search(name):
        return False
    return all(not w[0].islower() and not w[0].isdigit() for w in words if w not in _PARTICLES)


def section(stated: str, title: str, sites: frozenset[str]) -> str | None:
    """Return the heading under which an item ran, the first of several; None if it is none.

    >>> section("News,World,Europe", "", frozenset()), section("Arts, Culture", "", frozenset())
    ('News', 'Arts, Culture')
    """
    # A name may have one comma in it, with a space behind.
    is_list = stated.strip(" ,;").count(",") > 1 or _TIGHT.search(stated)
    name = clean_line(stated.strip(" ,;").split(",")[0] if is_list else stated).strip(" ,;")
    if not name or len(name) > _LONGEST_SECTION or letters(name) in {letters(title), *sites}:
        return None
    return name


def names_of_site(name: str, host: str | None) -> frozenset[str]:
    """Return the letters of what a site may call itself: its name, its host and what stands above.

    >>> sorted(names_of_site("Bay News", "www.news.bay.example"))
    ['bayexample', 'baynews', 'newsbayexample', 'wwwnewsbayexample']
    """
    labels = (host or "").split(".")
    hosts = (".".join(labels[n:]) for n in range(len(labels) - 1))
    return frozenset(found for one in (name, *hosts) if (found := letters(one)))
