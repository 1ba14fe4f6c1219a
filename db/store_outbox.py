"""Letters: made of alerts that are due and of notices, claimed by one, settled by its owner."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from db import rows, rows_visits
from db.connection import Part
from db.model import Stored
from db.packing import Bundle, Loose, Made, bundles, flood_over, room
from db.rows_alerts import alert_of, attempt_of, waiting_of
from db.telling import AlertState, Attempt, AttemptOutcome, Closed, Letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from sqlite3 import Connection, Row

    from db.telling import Flood, Notice, Waiting

# What was made later than any two clocks of one machine differ was made by one that ran ahead.
_READY = "(due_at <= ?1 OR created_at > ?3)"

# What lies farther ahead than any wait was set by a clock that ran ahead: it is due.
_DUE = """
state = 'due' AND (next_at <= ?1 OR next_at > ?2)
  AND (lease_until IS NULL OR lease_until <= ?1 OR lease_until > ?2)
"""

_DUE_CHANNELS = f"""
SELECT channel FROM letter WHERE {_DUE}
UNION SELECT channel FROM alert WHERE letter_id IS NULL AND {_READY} ORDER BY channel
"""  # noqa: S608 - our own words

_LOOSE = f"""
SELECT id, key, change_id, {_READY} AS is_due, gathered FROM alert
WHERE channel = ?2 AND letter_id IS NULL ORDER BY due_at, id
"""  # noqa: S608 - our own words

_PLACE = "SELECT channel, change_id FROM alert WHERE id = ? AND letter_id IS NULL"

_MADE = """
SELECT made_at, flood FROM letter
WHERE channel = ? AND made_at > ? AND made_at <= ? AND notice_id IS NULL
"""

_WAITING = """
SELECT id, watch, channel, created_at, due_at, grounds FROM alert
WHERE letter_id IS NULL AND gathered AND due_at > ? ORDER BY due_at, id
"""

_HASTEN = """
UPDATE alert SET due_at = ?1, grounds = json_set(grounds, '$[#-1]', ?2)
WHERE id = ?3 AND letter_id IS NULL AND due_at > ?1
"""

_LETTER = """
INSERT INTO letter (key, channel, notice_id, made_at, flood, state, next_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'due', ?4) RETURNING id
"""

_CLAIM = f"""
UPDATE letter SET lease_owner = ?3, lease_until = ?4 WHERE id IN (
  SELECT id FROM letter WHERE {_DUE} AND (?5 IS NULL OR channel = ?5) ORDER BY next_at, id LIMIT ?6)
RETURNING id
"""  # noqa: S608 - our own words

_CLAIMED = """
SELECT l.id AS letter_id, l.key AS letter_key, l.channel AS letter_channel, l.flood, n.*
FROM letter l LEFT JOIN notice n ON n.id = l.notice_id
WHERE l.id IN (SELECT value FROM json_each(?)) ORDER BY l.next_at, l.id
"""

_CARRIED = """
SELECT l.*, t.entry, t.edit, t.absence, t.story, r.key AS replies_to
FROM alert l JOIN told t USING (change_id)
LEFT JOIN alert f ON f.key = l.thread
LEFT JOIN letter r ON r.id = f.letter_id AND r.id < l.letter_id  -- an earlier one, for good
WHERE l.letter_id = ? ORDER BY l.id
"""

_SETTLE = """
UPDATE letter SET state = ?, next_at = ?, lease_owner = NULL, lease_until = NULL
WHERE id = ? AND lease_owner = ?
"""

_ATTEMPT = "INSERT INTO attempt (letter_id, at, outcome, answer, next_at) VALUES (?, ?, ?, ?, ?)"

_NOTICE = """
INSERT INTO notice (key, source, kind, state, reason, since, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
"""

_CLOSE = """
INSERT INTO closed_channel (name, target, since, reason) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET target = excluded.target, since = excluded.since,
  reason = excluded.reason
"""

FARTHEST: Final = timedelta(hours=30)
"""Longer than any wait for the next try, or any lease."""

_SLACK: Final = timedelta(minutes=10)

_STATES: Final = {
    AttemptOutcome.SENT: AlertState.SENT,
    AttemptOutcome.RETRY: AlertState.DUE,
    AttemptOutcome.DEAD: AlertState.DEAD,
}


class Outbox(Part):
    """The part of the store between an alert or a notice and the last answer to its letter."""

    def due_channels(self, now: datetime) -> tuple[str, ...]:
        """Return the channels for which there may be something to make letters of, or to claim."""
        with self._session.reading() as connection:
            found = connection.execute(_DUE_CHANNELS, (*_window(now), _ahead(now))).fetchall()
        return tuple(channel for (channel,) in found)

    def pack(self, channel: str, now: datetime, flood: Flood | None = None) -> int:
        """Make letters of a channel's alerts that are due; return how many.

        Which alerts a letter has never changes, so it is the same in each repeat. See
        `db.packing` for what goes together.
        """
        with self._session.writing() as connection:
            left, flooded = room(_made(connection, channel, now, flood), flood, now)
            made = bundles(_loose(connection, channel, now), room=left, flooded=flooded)
            _make(connection, channel, now, made)
        return len(made)

    def waiting(self, now: datetime) -> tuple[Stored[Waiting], ...]:
        """Return the alerts that are held back until a moment to come, the first due first."""
        with self._session.reading() as connection:
            found = connection.execute(_WAITING, (rows.moment(now),)).fetchall()
        return tuple(Stored(row["id"], waiting_of(row)) for row in found)

    def hasten(self, alert_id: int, until: datetime, held: str) -> bool:
        """Let an alert that waits fall due sooner, and say so in place of its last ground.

        False if it waits no more, or not for so long.
        """
        with self._session.writing() as connection:
            given = (rows.moment(until), held, alert_id)
            return connection.execute(_HASTEN, given).rowcount == 1

    def flood_over(self, channel: str, now: datetime, flood: Flood) -> datetime | None:
        """Return when a channel takes what is due and more than it takes now; None: nothing is."""
        with self._session.reading() as connection:
            made = _made(connection, channel, now, flood)
            return flood_over(_loose(connection, channel, now), made, flood, now)

    def release(self, alert_id: int, now: datetime, held: str) -> bool:
        """Make a letter of an alert that is in none, whatever it waits for, due now.

        With the other alerts of its change and channel, as ever. If it was held back until later,
        `held` takes the place of its last ground. False if it is in a letter already.
        """
        with self._session.writing() as connection:
            connection.execute(_HASTEN, (rows.moment(now), held, alert_id))
            row = connection.execute(_PLACE, (alert_id,)).fetchone()
            if row is None:
                return False
            loose = _loose(connection, row["channel"], now)
            same = tuple(alert for alert in loose if alert.change == row["change_id"])
            _make(connection, row["channel"], now, [Bundle(same)])
            return True

    def claim_letters(
        self,
        now: datetime,
        *,
        owner: str,
        lease: timedelta,
        channel: str | None = None,
        limit: int = 20,
    ) -> tuple[Stored[Letter], ...]:
        """Take letters that are due, for as long as the lease; the longest due first.

        What a dead process had taken is found again once its lease has lapsed.
        """
        until = rows.moment(now + lease)
        with self._session.writing() as connection:
            claimed = connection.execute(
                _CLAIM, (*_window(now), owner, until, channel, limit)
            ).fetchall()
            ids = rows.array(letter_id for (letter_id,) in claimed)
            found = connection.execute(_CLAIMED, (ids,)).fetchall()
            return tuple(Stored(row["letter_id"], _letter_of(connection, row)) for row in found)

    def settle(
        self,
        letter_id: int,
        attempt: Attempt,
        *,
        owner: str,
        notices: Sequence[tuple[Notice, Sequence[str]]] = (),
        closed: Closed | None = None,
    ) -> bool:
        """Keep how a try ended and give the lease back.

        In the same transaction, queue the notices of it for their channels, and close the channel.
        False, and nothing kept, if the letter is not leased to the owner (any more).
        """
        again = rows.moment_or_none(attempt.next_at)
        with self._session.writing() as connection:
            given = (_STATES[attempt.outcome], again, letter_id, owner)
            if not connection.execute(_SETTLE, given).rowcount:
                return False
            tried = (letter_id, rows.moment(attempt.at), attempt.outcome, attempt.answer, again)
            connection.execute(_ATTEMPT, tried)
            if closed:
                connection.execute(
                    _CLOSE,
                    (closed.channel, closed.target, rows.moment(closed.since), closed.reason),
                )
            if sum(post(connection, notice, to, attempt.at) for notice, to in notices):
                count_up(connection)
            return True

    def attempts(self, letter_id: int) -> tuple[Attempt, ...]:
        """Return every try to deliver a letter, oldest first."""
        with self._session.reading() as connection:
            return attempts_of(connection, letter_id)

    def closed_channels(self) -> tuple[Closed, ...]:
        """Return the channels whose receivers want nothing any more."""
        with self._session.reading() as connection:
            found = connection.execute("SELECT * FROM closed_channel ORDER BY name").fetchall()
        return tuple(
            Closed(
                channel=row["name"],
                target=row["target"],
                since=rows.at(row["since"]),
                reason=row["reason"],
            )
            for row in found
        )

    def open_channel(self, name: str) -> bool:
        """Let a closed channel be tried again; False if it is not closed."""
        with self._session.writing() as connection:
            opened = connection.execute(
                "DELETE FROM closed_channel WHERE name = ?", (name,)
            ).rowcount
        return opened == 1


def post(connection: Connection, notice: Notice, channels: Iterable[str], now: datetime) -> bool:
    """Keep a notice and queue its letters; False, and nothing done, if its key is known."""
    row = connection.execute(
        _NOTICE,
        (
            notice.key,
            notice.source,
            notice.kind,
            notice.state or "",
            notice.reason,
            rows.moment(notice.since),
            rows.moment(notice.created_at),
        ),
    ).fetchone()
    if row is None:
        return False
    for channel in channels:
        connection.execute(_LETTER, (notice.key, channel, row["id"], rows.moment(now), 0))
    return True


def count_up(connection: Connection) -> None:
    """Note that a feed could have changed."""
    connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'revision'")


def attempts_of(connection: Connection, letter_id: int | None) -> tuple[Attempt, ...]:
    """Return every try to deliver a letter, oldest first."""
    found = connection.execute(
        "SELECT * FROM attempt WHERE letter_id = ? ORDER BY id", (letter_id,)
    ).fetchall()
    return tuple(attempt_of(row) for row in found)


def _loose(connection: Connection, channel: str, now: datetime) -> list[Loose]:
    found = connection.execute(_LOOSE, (rows.moment(now), channel, _ahead(now))).fetchall()
    return [
        Loose(
            id=row["id"],
            key=row["key"],
            change=row["change_id"],
            is_due=bool(row["is_due"]),
            gathered=bool(row["gathered"]),
        )
        for row in found
    ]


def _made(
    connection: Connection, channel: str, now: datetime, flood: Flood | None
) -> tuple[Made, ...]:
    """Return the letters of alerts that count for how much a channel takes now."""
    if flood is None:
        return ()
    given = (channel, rows.moment(now - flood.within), rows.moment(now))
    found = connection.execute(_MADE, given).fetchall()
    return tuple(Made(rows.at(at), bool(is_flood)) for at, is_flood in found)


def _make(connection: Connection, channel: str, now: datetime, made: Iterable[Bundle]) -> None:
    """Make letters."""
    for bundle in made:
        given = (bundle.key, channel, None, rows.moment(now), bundle.is_flood)
        (letter_id,) = connection.execute(_LETTER, given).fetchone()
        connection.executemany(
            "UPDATE alert SET letter_id = ? WHERE id = ?",
            [(letter_id, alert.id) for alert in bundle.alerts],
        )


def _ahead(now: datetime) -> str:
    return rows.moment(now + _SLACK)


def _window(now: datetime) -> tuple[str, str]:
    return rows.moment(now), rows.moment(now + FARTHEST)


def _letter_of(connection: Connection, row: Row) -> Letter:
    carried = connection.execute(_CARRIED, (row["letter_id"],)).fetchall()
    return Letter(
        key=row["letter_key"],
        channel=row["letter_channel"],
        notice=rows_visits.notice_of(row) if row["key"] else None,
        alerts=tuple(map(alert_of, carried)),
        is_flood=bool(row["flood"]),
    )
