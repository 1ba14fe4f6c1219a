"""The dates that lost: what else was weighed when the date of an article was chosen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db import belief, rows
from db.connection import Part
from db.model import UNKNOWN_DATELINE, Basis, Candidate, Dateline, Precision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

MOST = 20
"""How many are kept of an article, those that were believed most."""

LONGEST = 80
"""How many characters are kept of what a date was read from, and of why it was not taken."""

MOST_OF_OTHERS = 5
"""How many of those are dates of other visits than the last."""

_AT_ADDRESS = """
SELECT * FROM article WHERE id = (SELECT article_id FROM address WHERE url = ?)
"""

_KEEP = """
INSERT INTO lost_date (article_id, dates) VALUES (?, ?)
ON CONFLICT (article_id) DO UPDATE SET dates = excluded.dates WHERE dates <> excluded.dates
"""


class Dates(Part):
    """The part of the store that tells which dates an article might have had."""

    def lost_dates(self, article_id: int) -> tuple[Candidate, ...]:
        """Return the dates that lost when an article was read last, in the order of belief."""
        with self._session.reading() as connection:
            return _kept(connection, article_id)

    def told_at(self, url: str) -> tuple[str, Dateline]:
        """Return the title of the article at an address, and the best date that lists gave of it.

        That date stands, or is among those that lost; where none is kept it is unknown. One that
        contradicts the page is none to read the page with.
        """
        with self._session.reading() as connection:
            row = connection.execute(_AT_ADDRESS, (url,)).fetchone()
            if row is None:
                return "", UNKNOWN_DATELINE
            kept = _kept(connection, row["id"])
        lost = (one.dateline for one in kept if one.rejected != belief.STRANGE)
        known = (rows.own_dateline(row), *lost)
        listed = (replace(one, place=None) for one in known if one.basis in belief.LISTED)
        return row["title"], max(listed, key=belief.belief, default=UNKNOWN_DATELINE)


def keep_lost(
    connection: Connection,
    article_id: int,
    lost: Iterable[Candidate] | None,
    other: Candidate | None = None,
) -> None:
    """Keep the dates that lost at a reading, in the place of those of the reading before.

    None says that the reading weighed none. `other` is what it did not take, or took the place of:
    such dates of other visits stay, the latest of them, for no page need offer them again.
    """
    if lost is None and other is None:
        return
    before = _kept(connection, article_id)
    stood = [one for one in before if one.rejected in belief.OF_OTHER_VISITS]
    if other is not None:
        new = belief.said(other.dateline)
        stood = [other, *(one for one in stood if belief.said(one.dateline) != new)]
    said = {belief.said(one.dateline) for one in stood[:MOST_OF_OTHERS]}
    weighed = before if lost is None else lost
    fresh = (one for one in weighed if belief.said(one.dateline) not in said)
    all_of_them = (*stood[:MOST_OF_OTHERS], *fresh)
    kept = [_values(one) for one, _ in zip(all_of_them, range(MOST), strict=False)]
    if kept:
        connection.execute(_KEEP, (article_id, rows.encoded(kept)))
    else:
        connection.execute("DELETE FROM lost_date WHERE article_id = ?", (article_id,))


def _kept(connection: Connection, article_id: int) -> tuple[Candidate, ...]:
    row = connection.execute(
        "SELECT dates FROM lost_date WHERE article_id = ?", (article_id,)
    ).fetchone()
    return () if row is None else tuple(map(_candidate, json.loads(row["dates"])))


def _values(one: Candidate) -> tuple[object, ...]:
    dateline = one.dateline
    return (
        rows.moment_or_none(dateline.when),
        dateline.precision,
        dateline.basis,
        dateline.zone,
        dateline.zone_stated,
        (dateline.raw or "")[:LONGEST],
        one.rejected[:LONGEST],
    )


def _candidate(values: list[Any]) -> Candidate:
    when, precision, basis, zone, zone_stated, raw, rejected = values
    return Candidate(
        dateline=Dateline(
            when=rows.when_of(when),
            precision=Precision(precision),
            basis=Basis(basis),
            zone=zone,
            zone_stated=zone_stated,
            raw=raw or None,
        ),
        rejected=rejected,
    )
