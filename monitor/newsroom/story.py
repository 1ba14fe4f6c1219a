"""The vocabulary of the press room: stories, and the ledger's rows. No behaviour beyond them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from db.model import Basis, Precision

MOSCOW = MINSK = timezone(timedelta(hours=3))
BISHKEK = timezone(timedelta(hours=6))

Kind = Literal["paragraph", "heading", "item"]
PageDate = Literal["beside", "alone", "none"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item of a story's text."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class StripCard:
    """An item of the strip above a secretariat page: a printed day, a preview, no title."""

    day: str
    preview: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a story is laid out where the site's pages vary.

    `page_date`: beside the repeated title, alone on a line, or not at all (secretariat).
    `card_dated`: the list prints the date. `listed`: it stands in the lists and not only in the
    sitemap. `structured`: the page carries JSON-LD. `breaks`: paragraphs are parted by `<br>`.
    """

    page_date: PageDate = "none"
    card_dated: bool = True
    listed: bool = True
    structured: bool = True
    picture: bool = False
    breaks: bool = False
    attachment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One item of one site.

    `key` names it in the press room. `at` is when it was published (aware, in the site's zone),
    `precision` and `evidence` what a visitor can learn of that and where it stands on the site;
    without evidence the date is unknown to everybody. `title` is empty where the page prints
    none. `shelf` sorts lists before `at` does: pinned pieces stand above the archive.
    `strip` and `header` are those of a supplied page, kept as it was saved.
    """

    key: str
    site: str
    path: str
    title: str
    body: tuple[Block, ...]
    at: datetime
    precision: Precision
    evidence: tuple[Basis, ...]
    preview: str = ""
    section: str = ""
    place: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    wave: int = 1
    document: str | None = None
    shape: Shape = Shape()
    shelf: int = 0
    strip: tuple[StripCard, ...] = ()
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One row of the ledger: what is truly out there.

    `when` (aware UTC), `precision` and `evidence` are what a right reading may say; `when` is
    None if the site tells nobody. `marker` is a fragment of the text that no other item has.
    `text` is the whole text as a right reading gives it (paragraphs parted by an empty line, list
    items begin with `- `), but with the page's own white space, such as non-breaking spaces.
    `edits` counts how often its words were changed after publication.
    """

    key: str
    site: str
    url: str
    title: str
    when: datetime | None
    precision: Precision
    evidence: tuple[Basis, ...]
    place: str | None
    text: str
    marker: str
    wave: int
    document: str | None
    edits: int
