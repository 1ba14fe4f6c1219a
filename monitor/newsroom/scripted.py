"""The scripted side of the press room: one publisher who knows all he ever published. Pure.

A `Scripted` is the publisher at one moment; each step returns the publisher after it. What is
shown of it, and how, is `monitor.newsroom.scripted_lists` and `scripted_pages`. All chance comes
from the dice that a step is given, so a seed is a script.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.model import Precision
from monitor.newsroom.press import floored
from monitor.newsroom.scripted_words import heading, sentences
from monitor.newsroom.story import MINSK

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    Step = Callable[["Scripted", Random], "Scripted"]

LARGEST_BURST = 60
LENGTHS = (12, 15, 20)  # cards on a page of a list
_PINS = 2
_RECENT = 60  # publications that are still touched
# What lists and pages print of a moment: most tell it both, some only one of them, some nobody.
_SHOWN = (
    (Precision.SECOND, Precision.SECOND),
    (Precision.MINUTE, Precision.MINUTE),
    (Precision.DAY, Precision.DAY),
    (Precision.DAY, Precision.MINUTE),
    (Precision.NONE, Precision.SECOND),
    (Precision.NONE, Precision.DAY),
    (Precision.MINUTE, Precision.NONE),
    (Precision.NONE, Precision.NONE),
)
_TAILS = ("", "utm_source=front&utm_medium=list", "fbclid=IwAR{}", "utm_campaign=c{}&fbclid=x{}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One row of the ledger.

    `at` (aware, in the publisher's zone) is the truth, `listed` and `page` are what lists and its
    own page tell of it. `tail` is the query that lists add to its address. `versions` is every
    title and text it had, the present one last.
    """

    number: int
    path: str
    at: datetime
    listed: Precision
    page: Precision
    versions: tuple[tuple[str, tuple[str, ...]], ...]
    tail: str = ""
    edited: datetime | None = None
    deleted: bool = False

    @property
    def title(self) -> str:
        """The heading as it stands."""
        return self.versions[-1][0]

    @property
    def words(self) -> tuple[str, ...]:
        """The paragraphs as they stand."""
        return self.versions[-1][1]

    def told(self, precision: Precision) -> datetime | None:
        """Return what a precision tells of the true moment, in UTC."""
        return floored(self.at, precision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """A publisher at one moment.

    `ledger` is everything ever published, by number. `order` is how lists show what is not
    deleted; `pins` stand above it, on each page if `everywhere`. `length` is the cards of a page.
    `polled` is when he was visited last; `shape` chooses among his markups.
    """

    now: datetime
    ledger: tuple[Publication, ...] = ()
    order: tuple[int, ...] = ()
    pins: tuple[int, ...] = ()
    length: int = LENGTHS[-1]
    everywhere: bool = False
    polled: datetime | None = None
    shape: int = 0

    def page(self, number: int) -> tuple[Publication, ...]:
        """Return what a page of a list shows; pages count from 0, the last ones are empty."""
        rest = [key for key in self.order if key not in self.pins]
        shown = rest[number * self.length : (number + 1) * self.length]
        above = self.pins if shown and (number == 0 or self.everywhere) else ()
        return tuple(self.ledger[key] for key in (*above, *shown))

    def has_page(self, number: int) -> bool:
        """Tell whether a page of a list shows anything but pins."""
        return number * self.length < len(self.order) - len(self.pins)

    def newest(self, count: int) -> tuple[Publication, ...]:
        """Return what was published last and is not deleted, newest first."""
        out = [one for one in reversed(self.ledger) if not one.deleted]
        return tuple(out[:count])

    def at(self, path: str) -> Publication | None:
        """Return the publication at a path."""
        return next((one for one in self.ledger if one.path == path), None)

    def changed(self, *publications: Publication) -> Scripted:
        """Return the publisher with these rows in the place of theirs."""
        rows = list(self.ledger)
        for one in publications:
            rows[one.number] = one
        return replace(self, ledger=tuple(rows))


def opened(now: datetime, dice: Random, stock: int) -> Scripted:
    """Return a publisher who has some items out already, published up to `now` (aware)."""
    shape, everywhere = dice.randrange(2), dice.random() < 1 / 2
    new = Scripted(now=now.astimezone(MINSK), shape=shape, everywhere=everywhere)
    return publish(new, dice, stock, since=now - timedelta(hours=6))


def publish(site: Scripted, dice: Random, count: int, *, since: datetime) -> Scripted:
    """Put a burst of items on top, published one after the other after `since`, up to now."""
    begun = since.astimezone(MINSK)
    each = (site.now - begun) / (count + 1)
    out = [
        _item(len(site.ledger) + n, (begun + each * (n + 1)).replace(microsecond=0), dice)
        for n in range(count)
    ]
    order = (*(one.number for one in reversed(out)), *site.order)
    return replace(site, ledger=(*site.ledger, *out), order=order)


def _item(number: int, at: datetime, dice: Random) -> Publication:
    listed, page = dice.choice(_SHOWN)
    # A day in the address tells everybody the day.
    dated = page is not Precision.NONE and dice.random() < 1 / 5
    path = f"/{at:%Y/%m/%d}/item-{number}.html" if dated else f"/news/item-{number}"
    version = (heading(number, dice), sentences(number, 0, dice, at.date()))
    return Publication(
        number=number, path=path, at=at, listed=listed, page=page, versions=(version,)
    )


def pin(site: Scripted, dice: Random) -> Scripted:
    """Put an old item above all others; the pin before last goes back to its place."""
    old = [one.number for one in _known(site, len(site.ledger)) if one.number not in site.pins]
    return replace(site, pins=(dice.choice(old), *site.pins)[:_PINS]) if old else site


def unpin(site: Scripted, dice: Random) -> Scripted:
    """Take the pins down."""
    del dice
    return replace(site, pins=())


def edit(site: Scripted, dice: Random) -> Scripted:
    """Give an item another text, and sometimes another heading."""
    known = _known(site, _RECENT)
    if not known:
        return site
    one = dice.choice(known)
    title = f"{one.title}, corrected" if dice.random() < 1 / 2 else one.title
    words = sentences(one.number, len(one.versions), dice, one.at.date())
    return site.changed(replace(one, versions=(*one.versions, (title, words)), edited=site.now))


def reorder(site: Scripted, dice: Random) -> Scripted:
    """Lay out the first page anew, by what an editor finds important."""
    front = list(site.order[: site.length])
    dice.shuffle(front)
    return replace(site, order=(*front, *site.order[site.length :]))


def resize(site: Scripted, dice: Random) -> Scripted:
    """Change how many items a page holds, so that some move to the next page or back."""
    return replace(site, length=dice.choice(LENGTHS))


def decorate(site: Scripted, dice: Random) -> Scripted:
    """Link to the items of the first pages with other parameters that name no article."""
    front = [site.ledger[key] for key in site.order[: 2 * site.length]]
    tails = [dice.choice(_TAILS).replace("{}", str(dice.randrange(10**6))) for _ in front]
    return site.changed(*(replace(one, tail=tail) for one, tail in zip(front, tails, strict=True)))


def delete(site: Scripted, dice: Random) -> Scripted:
    """Take an item away that was out at the last visit."""
    known = _known(site, _RECENT)
    if not known:
        return site
    one = dice.choice(known)
    site = site.changed(replace(one, deleted=True))
    return replace(
        site,
        order=tuple(key for key in site.order if key != one.number),
        pins=tuple(key for key in site.pins if key != one.number),
    )


STEPS: tuple[Step, ...] = (pin, pin, unpin, edit, edit, reorder, reorder, resize, decorate, delete)


def between_visits(site: Scripted, dice: Random, now: datetime, most: int) -> Scripted:
    """Return the publisher at `now`, after a burst and some steps before and after it.

    `most` is how much he may still publish.
    """
    site = replace(site, polled=site.now, now=now.astimezone(MINSK))
    size = min(most, dice.choice((0, 1, 2, 5, dice.randint(3, 25), dice.randint(0, LARGEST_BURST))))
    half = dice.randint(0, size)
    middle = site.now - (site.now - (site.polled or site.now)) / 2
    for burst, since, until in (
        (half, site.polled or middle, middle),
        (size - half, middle, site.now),
    ):
        for step in dice.choices(STEPS, k=dice.randint(0, 2)):
            site = step(site, dice)
        end = replace(site, now=until.replace(microsecond=0))
        site = replace(publish(end, dice, burst, since=since), now=site.now)
    return dice.choice(STEPS)(site, dice) if dice.random() < 1 / 2 else site


def _known(site: Scripted, count: int) -> list[Publication]:
    """Return the items of late that were out at the last visit, and are still."""
    out = (one for one in site.newest(count) if site.polled is None or one.at < site.polled)
    return list(out)
