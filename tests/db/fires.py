"""Articles on one fire and on something else, for the tests of stories in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from db.model import Article, Basis, Dateline, Precision, TextBasis, TitleBasis

if TYPE_CHECKING:
    from db.store import Store

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
FIRE = (
    "Fire destroys Dordoi market in Bishkek",
    (
        "A fire destroyed 340 containers at the Dordoi market in Bishkek overnight, the emergency "
        "ministry of Kyrgyzstan said. Rescuers put out the blaze at 07:42. Nobody was hurt."
    ),
)


def article(number: int, source: str = "tass", hours: float = 0, **changes: object) -> Article:
    """Return an article on the fire, told in the same words by each source."""
    title, text = FIRE
    plain = Article(
        url=f"https://{source}.example/{number}",
        source=source,
        title=title,
        title_basis=TitleBasis.PAGE,
        text=text,
        text_basis=TextBasis.PAGE,
        language="en",
        dateline=Dateline(
            when=NOW + timedelta(hours=hours), precision=Precision.MINUTE, basis=Basis.META
        ),
    )
    return replace(plain, **changes)


def other(number: int, source: str = "tass") -> Article:
    """Return an article on something else."""
    return article(
        number,
        source,
        title="Belarus and China sign a railway agreement",
        text="Deputy prime minister Petr Parkhomchik signed the agreement on 14 rail terminals in "
        "Beijing, the embassy of Belarus reports. Construction begins in spring near Orsha.",
    )


def partition(store: Store) -> set[frozenset[int]]:
    """Return which articles stand together."""
    found = store.stories(least=1, limit=1000)
    return {frozenset(member.id for member in story.members) for story in found}
