"""The dates that lost: what else was weighed when the date of an article was chosen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db import rows
from db.connection import Part
from db.model import Basis, Candidate, Dateline, Precision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

MOST = 20
"""How many are kept of an article, those that were believed most."""

LONGEST = 80
"""How many characters are kept of what a date was read from, and of why it was not taken."""

_KEEP = """
INSERT INTO lost_date (article_id, dates) VALUES (?, ?)
ON CONFLICT (article_id) DO UPDATE SET dates = excluded.dates WHERE dates <> excluded.dates
"""


class Dates(Part):
    """The part of the store that tells which dates an article might have had."""

    def lost_dates(self, article_id: int) -> tuple[Candidate, ...]:
        """Return the dates that lost when an article was read last, in the order of belief."""
        with self._session.reading() as connection:
            row = connection.execute(
                "SELECT dates FROM lost_date WHERE article_id = ?", (article_id,)
            ).fetchone()
        return () if row is None else tuple(map(_candidate, json.loads(row["dates"])))


def keep_lost(connection: Connection, article_id: int, lost: Iterable[Candidate]) -> None:
    """Keep the dates that lost at a reading, in the place of those of the reading before."""
    kept = [_values(one) for one, _ in zip(lost, range(MOST), strict=False)]
    if kept:
        connection.execute(_KEEP, (article_id, rows.encoded(kept)))
    else:
        connection.execute("DELETE FROM lost_date WHERE article_id = ?", (article_id,))


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
