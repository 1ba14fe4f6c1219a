"""What a card of a list tells of its item, beside the headline, the day and the writer. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiders import bylines
from spiders.counters import is_counter
from spiders.labels import LABEL, NOISE
from spiders.marks import elsewhere
from spiders.repeated import HEADLINE, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from spiders.blocks import Block

_MORE = re.compile(
    r"(?:continue reading|read (?:more|on|the rest)|full story|more|weiterlesen|weiter|mehr"
    r"|lire (?:la suite|plus)|(?:leer|saber) más|leia mais|leggi (?:tutto|di più)"
    r"|lees (?:meer|verder)|czytaj (?:dalej|więcej)|devamı|(?:читать|читаць|читати) \w+"
    r"|подробнее|подробно|далее|дальше|толук(?: окуу)?|толығырақ|докладніше|падрабязней)\b\W{0,9}"
    r"|[^\w\s]{1,9}",
    re.IGNORECASE,
)


def teaser(blocks: tuple[Block, ...], title: str, is_dated: Callable[[str], bool]) -> str:
    """Return the longest line of a card that tells something, '' without one.

    A line that `is_dated` is there for its date. One that opens with the headline tells more than
    that if enough follows it.
    """
    outside = elsewhere(blocks)
    lines = (
        b for b, out in zip(blocks, outside, strict=True) if not out and not is_counter(b.text)
    )
    told = (_without_more(b) for b in lines if not _is_headline(b, title))
    return max((line for line in told if _tells(line) and not is_dated(line)), key=len, default="")


def _is_headline(block: Block, title: str) -> bool:
    """Tell the line of the headline, and one that goes on behind it, from one that repeats it."""
    if title not in block.text:
        return False
    holds = any(title in link.text and link.text != block.text for link in block.links)
    return holds or said(block.text) - said(title) < HEADLINE


def _tells(line: str) -> bool:
    if said(line) < HEADLINE or LABEL.fullmatch(line) or NOISE.fullmatch(line):
        return False
    return not (bylines.is_signed(line, None) and bylines.full_names(line, None))


def _without_more(block: Block) -> str:
    """Leave out the words of a last link that only say that there is more."""
    last = block.links[-1].text if block.links else ""
    if last and last != block.text and block.text.endswith(last) and _MORE.fullmatch(last):
        return block.text.removesuffix(last).rstrip()
    return block.text
