"""Words for the scripted publisher: headings and texts that no two of his items share. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.newsroom.markup import long_day

if TYPE_CHECKING:
    from datetime import date
    from random import Random

_WHO = (
    "The council", "The ministry", "A group of engineers", "The mayor", "The railway",
    "The observatory", "The harbour office", "A school", "The national library", "The airline",
)  # fmt: skip
_DOES = (
    "opens", "postpones", "approves", "inspects", "explains", "extends", "repairs", "measures",
)  # fmt: skip
_WHAT = (
    "the northern bridge", "a tender for trams", "the spring timetable", "its yearly accounts",
    "a new reading room", "the flood barrier", "talks about the border", "the winter depot",
    "a survey of wells",
)  # fmt: skip
_WHERE = ("in Grodno", "near the lake", "in the old town", "at the eastern gate", "on the island")
# Agencies print some headings every day.
_DAILY = ("Weather for the region tomorrow morning", "Exchange rates of the central bank")


def heading(number: int, dice: Random) -> str:
    """Return a heading: one in fifteen comes again and again, the others hold the number."""
    if dice.random() < 1 / 15:
        return dice.choice(_DAILY)
    return f"{dice.choice(_WHO)} {dice.choice(_DOES)} {dice.choice(_WHAT)}, act {number}"


def sentences(number: int, version: int, dice: Random, day: date) -> tuple[str, ...]:
    """Return a text: a lead and three paragraphs. Some tell of an event on another day."""
    event = long_day(day - timedelta(days=dice.randint(2, 40)))
    lead = f"{dice.choice(_WHO)} {dice.choice(_DOES)} {dice.choice(_WHAT)} {dice.choice(_WHERE)}"
    when = f", as was agreed on {event}" if dice.random() < 1 / 4 else ""
    body = tuple(
        f"{dice.choice(_WHO)} said in paragraph {part} of report {number}.{version} that it"
        f" {dice.choice(_DOES)} {dice.choice(_WHAT)} {dice.choice(_WHERE)}, and that nothing else"
        f" was decided about {dice.choice(_WHAT)} so far."
        for part in range(3)
    )
    return (f"{lead}{when}, report {number}.{version}.", *body)
