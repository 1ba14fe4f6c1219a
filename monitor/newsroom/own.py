"""The press room's own stories and edits, read from `stories/*.toml`.

They are dated from the press room's moment, so that a reader of dates without a year has
something to decide. What differs between the sites is here: zone, precision, dateline, address.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from importlib import resources
from typing import TYPE_CHECKING, Any

from db.model import Basis, Precision
from monitor.newsroom.markup import MONTHS
from monitor.newsroom.press import Edit
from monitor.newsroom.story import BISHKEK, MINSK, MOSCOW, Block, Shape, Story

if TYPE_CHECKING:
    from collections.abc import Callable

# TASS numbers its articles over the whole site: 2058773 was 15 December 2025, and the rate since
# is some 456 a day. Steps of two keep clear of the supplied document's even number.
TASS_NUMBER, TASS_DAY, TASS_HALF_RATE = 2058773, datetime(2025, 12, 15, tzinfo=UTC), 228


@dataclass(frozen=True, slots=True)
class Trade:
    """How one site dates its stories, and where that can be read."""

    zone: tzinfo
    precision: Precision
    evidence: Callable[[Shape], tuple[Basis, ...]]
    lead: Callable[[str, datetime], str]


def stories(now: datetime) -> tuple[Story, ...]:
    """Return all own stories of all waves, dated from `now` (aware)."""
    return tuple(_story(site, row, now) for site in TRADES for row in _table(site).get("story", ()))


def edits() -> tuple[Edit, ...]:
    """Return the edits that belong to the waves."""
    return tuple(Edit(**row) for site in TRADES for row in _table(site).get("edit", ()))


def _table(site: str) -> dict[str, Any]:
    file = resources.files("monitor.newsroom").joinpath("stories", f"{site}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _story(site: str, row: dict[str, Any], now: datetime) -> Story:
    trade = TRADES[site]
    at = (now - timedelta(minutes=row.pop("ago"))).astimezone(trade.zone)
    at = at.replace(microsecond=0)
    shape = Shape(**row.pop("shape", {}))
    place = row.get("place")
    lead = trade.lead(place, at) if place else ""
    path = row.pop("path", None) or f"/{row['section']}/{tass_number(at)}"
    return Story(
        site=site,
        at=at,
        precision=trade.precision,
        evidence=trade.evidence(shape),
        body=_blocks(lead + row.pop("text").strip()),
        path=path.format(year=at.year),
        shape=shape,
        tags=tuple(row.pop("tags", ())),
        **row,
    )


def _blocks(text: str) -> tuple[Block, ...]:
    """Read paragraphs parted by empty lines; a short one without a full stop is a heading."""
    blocks = []
    for part in text.split("\n\n"):
        if part.startswith("- "):
            blocks.append(Block("item", part.removeprefix("- ")))
        elif part[-1] in ".:":
            blocks.append(Block("paragraph", part))
        else:
            blocks.append(Block("heading", part))
    return tuple(blocks)


def tass_number(at: datetime) -> int:
    """Return the number an article of this moment would have."""
    days = (at - TASS_DAY) / timedelta(days=1)
    return TASS_NUMBER + 2 * round(days * TASS_HALF_RATE)


def _no_lead(_place: str, _at: datetime) -> str:
    return ""


def _tass_lead(place: str, at: datetime) -> str:
    return f"{place}, {MONTHS['en'][at.month - 1]} {at.day}. /TASS/. "


def _belta_lead(place: str, at: datetime) -> str:
    return f"{place}, {at.day} {MONTHS['en'][at.month - 1]} (BelTA) – "


def _belta_ru_lead(place: str, at: datetime) -> str:
    return f"{at.day} {MONTHS['ru'][at.month - 1]}, {place} /Корр. БЕЛТА/. "


def _secretariat_evidence(shape: Shape) -> tuple[Basis, ...]:
    return (Basis.LISTING,) if shape.page_date == "none" else (Basis.PRINTED, Basis.LISTING)


def _tass_evidence(shape: Shape) -> tuple[Basis, ...]:
    everywhere = (Basis.API, Basis.FEED, Basis.TIME_ELEMENT, Basis.META)
    return (Basis.STRUCTURED, *everywhere) if shape.structured else everywhere


def _belta_evidence(_: Shape) -> tuple[Basis, ...]:
    return (Basis.PRINTED, Basis.META, Basis.LISTING)


def _tass_ru_evidence(_: Shape) -> tuple[Basis, ...]:
    return (Basis.FEED,)


def _openkg_evidence(_: Shape) -> tuple[Basis, ...]:
    return (Basis.LISTING,)


TRADES = {
    "secretariat": Trade(MOSCOW, Precision.DAY, _secretariat_evidence, _no_lead),
    "belta": Trade(MINSK, Precision.MINUTE, _belta_evidence, _belta_lead),
    "tass": Trade(MOSCOW, Precision.SECOND, _tass_evidence, _tass_lead),
    "openkg": Trade(BISHKEK, Precision.MINUTE, _openkg_evidence, _no_lead),
    "secretariat_ru": Trade(MOSCOW, Precision.DAY, _secretariat_evidence, _no_lead),
    "belta_ru": Trade(MINSK, Precision.MINUTE, _belta_evidence, _belta_ru_lead),
    "tass_ru": Trade(MOSCOW, Precision.SECOND, _tass_ru_evidence, _no_lead),
}
