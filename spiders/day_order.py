"""Whether a page puts days before months where both are numbers. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spiders.blocks import Page

_DAY_FIRST = frozenset(
    ("de", "fr", "es", "it", "pt", "nl", "pl", "ro", "tr", "uk", "be", "ru", "kk", "ky", "uz", "tg",
     "az", "hy", "en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za", "en-sg", "en-hk", "en-my",
     "en-ng", "en-ke", "en-pk")
)  # fmt: skip
# What the regions of a language write otherwise: months first, or years.
_NOT_DAY_FIRST = frozenset(("es-us", "es-pr", "es-pa", "fr-ca", "pt-us", "nl-us", "de-us", "fr-us"))
# Months first; many a theme says so of itself elsewhere, which makes their numbers no dates.
_AMERICAN = frozenset(("en-us", "en-ph"))
# Lines that begin with a date that can be read in one order only, as a list has many.
_SHORT, _ENOUGH = 25, 2
_LATE, _ANY = r"(?:1[3-9]|2\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DAYS, _MONTHS = (
    re.compile(rf"(?<![\d/-]){one}([/-]){other}\1(?:19|20)\d\d(?!\d)")
    for one, other in ((_LATE, _ANY), (_ANY, _LATE))
)


def is_day_first(page: Page) -> bool:
    """Tell whether days stand first: the page's language has that order, or its other dates do."""
    if page.locale in _NOT_DAY_FIRST or page.locale in _AMERICAN:
        return False
    if page.locale in _DAY_FIRST or page.language in _DAY_FIRST:
        return True
    told = [block.text for block in page.blocks if len(block.text) <= _SHORT]
    days = [line for line in told if _DAYS.match(line)]
    return len(days) >= _ENOUGH and not any(map(_MONTHS.match, told))
