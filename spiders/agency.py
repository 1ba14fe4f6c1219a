"""What the pages of news agencies share: the opening line that names place, day and agency. Pure.

`MOSCOW, December 19. /TASS/. Text`, `MINSK, 15 December (BelTA) – Text`,
`МОСКВА, 16 августа. /ТАСС/. Текст`, `2 октября, Минск /Корр. БЕЛТА/. Текст`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.model import Basis, Dateline
from spiders import dates

if TYPE_CHECKING:
    from datetime import datetime

# A city in capitals (МОСКВА, ST. PETERSBURG, NEW YORK, NUR-SULTAN), and its region between slashes.
_PLACE = r"[^\W\d_a-zа-я][^\d_,/]{1,60}?"
_REGION = r"(?:\s*/[^/]{2,60}/)?"
# A day and a month in either order, perhaps with a year; months are `spiders.dates`'s to judge.
_DATE = r"(?:\d{1,2}\s+[^\W\d_]{3,9}\.?|[^\W\d_]{3,9}\.?\s+\d{1,2})(?:,?\s+\d{4})?"
_AGENCY = r"(?:/[^/]{2,80}/|\([^()]{2,80}\))"
_PLACE_FIRST = re.compile(
    rf"(?P<place>{_PLACE}){_REGION},\s+(?P<date>{_DATE})[.,]?\s*(?P<agency>{_AGENCY})\s*[.:]?\s*[–—-]?\s*"
)
_DATE_FIRST = re.compile(
    rf"(?P<date>{_DATE}),\s+(?P<place>[^\W\d_][^\d_,/]{{1,60}}?)\s*(?P<agency>{_AGENCY})\s*[.:]?\s*[–—-]?\s*"
)
_CORRESPONDENT = re.compile(
    r"(?:correspondents?|корр(?:еспондент)?\.?)\s+(?P<name>[^/()]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Lead:
    """The opening line of an agency's text. `words` is all of it, `date` only the date's."""

    words: str
    place: str
    date: str
    agency: str

    @property
    def correspondent(self) -> str | None:
        """The reporter named beside the agency, as in `/TASS Correspondent Name/`."""
        found = _CORRESPONDENT.search(self.agency)
        name = found["name"].strip() if found else ""
        return name if " " in name else None

    def dateline(self, zone: str, seen: datetime, year: int | None = None) -> Dateline | None:
        """Return the day the line names, in `zone`; see `dates.yearless` for a missing year."""
        full = dates.printed(self.date, zone, Basis.LEAD)
        return full or dates.yearless(self.date, zone, Basis.LEAD, seen=seen, year=year)


def lead(paragraph: str, names: re.Pattern[str]) -> Lead | None:
    """Read the opening line of a paragraph; `names` finds the agency's own name in it."""
    for pattern in (_PLACE_FIRST, _DATE_FIRST):
        found = pattern.match(paragraph)
        if found and names.search(found["agency"]):
            return Lead(found[0], found["place"].strip(), found["date"], found["agency"])
    return None
