"""Pure: one notice -> what a person reads, what a machine reads, and a line of the notices' feed.

`data` is the body of a webhook and a contract with its receivers. Version 1::

    {"type": "source.notice", "version": 1, "timestamp": when the notice was made,
     "data": {"key": its permanent key, the same in each repeat,
              "kind": "down" | "reminder" | "recovered" | "gap" | "changed"
                      | "closed" | "undelivered" | "refused",
              "source", "state", "words", "reason", "advice", "since"}}

Of a channel (`closed`, `undelivered`, `refused`), `source` is "channel" and its name, and `state`
is null.

Keys may be added within a version, never taken away.
"""

from __future__ import annotations

from datetime import UTC
from html import escape
from typing import TYPE_CHECKING, Any, Final

from db.telling import NoticeKind
from db.words import clean_line
from feeds.body import sanitise
from feeds.render import Board, Note
from feeds.wording import shorten, utc_words
from monitor import advice
from monitor.message import SUBJECT_LIMIT, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from db.model import Stored
    from db.telling import Notice
    from db.visiting import State

VERSION: Final = 1
_REASON_LIMIT: Final = 1_000
_HEADLINES: Final = {
    NoticeKind.RECOVERED: "fine again",
    NoticeKind.GAP: "items may have been missed",
    NoticeKind.CHANGED: "all its addresses changed; known items were recognised",
    NoticeKind.CLOSED: "closed; its receiver wants nothing any more",
    NoticeKind.UNDELIVERED: "messages could not be delivered and were given up",
    NoticeKind.REFUSED: "some of its recipients refuse its messages for good; the others have them",
}
_TODO: Final = {
    NoticeKind.RECOVERED: "",
    NoticeKind.GAP: "visit more often (every), or follow more pages of the list (pages)",
    NoticeKind.CHANGED: "nothing, but look whether its items still come as before",
    NoticeKind.CLOSED: (
        "correct [channel.{name}], or take it from the watches; what is for it waits. "
        "dateline channels test {name} opens it again if it answers, and "
        "dateline alerts resend --dead --channel {name} sends what was given up"
    ),
    NoticeKind.UNDELIVERED: (
        "dateline alerts dead says which and why; "
        "dateline alerts resend --dead --channel {name} sends them again"
    ),
    NoticeKind.REFUSED: (
        "correct the addresses in [channel.{name}] (to), or take out those that refuse; then "
        "dateline channels test {name} says whether all take it"
    ),
}


def render(notice: Notice) -> Message:
    """Put a notice into words. The same notice gives the same message, however often it is sent."""
    lines = (*_lines(notice), f"Notice {clean_line(notice.key)}, sent by Dateline.")
    return Message(
        subject=shorten(f"[Dateline] {headline(notice)}", SUBJECT_LIMIT),
        text="\n\n".join((headline(notice), *lines)) + "\n",
        html=_html(lines, headline(notice)),
        data=_data(notice),
    )


def board(notices: Callable[[], Iterable[Stored[Notice]]]) -> Board:
    """Return the feed of notices, which are asked for when it is rendered."""
    return Board(
        name="notices",
        title="Dateline: notices",
        description="What is wrong with the sources, and what is well again",
        notes=lambda: tuple(map(_note, notices())),
    )


def _note(stored: Stored[Notice]) -> Note:
    return Note(
        id=f"urn:dateline:{stored.value.key}",
        title=headline(stored.value),
        html=_html(_lines(stored.value)),
        source=clean_line(stored.value.source),
        at=stored.value.created_at,
    )


def headline(notice: Notice) -> str:
    """Return what a notice says in one line."""
    source = clean_line(notice.source)
    if said := _HEADLINES.get(notice.kind):
        return f"{source}: {said}"
    still = "still " if notice.kind is NoticeKind.REMINDER else ""
    return f"{source}: {still}{advice.condition(_state(notice), notice.reason)}"


def _lines(notice: Notice) -> tuple[str, ...]:
    reason = shorten(clean_line(notice.reason), _REASON_LIMIT)
    told = (
        reason[:1].upper() + reason[1:],
        f"Since: {utc_words(notice.since)}",
        f"What to do: {todo}" if (todo := _todo(notice)) else "",
    )
    return tuple(line for line in told if line)


def _todo(notice: Notice) -> str:
    if notice.kind in _TODO:
        return _TODO[notice.kind].format(name=notice.source.removeprefix("channel "))
    return advice.remedy(clean_line(notice.source), _state(notice), notice.reason)


def _state(notice: Notice) -> State:
    """Return a source's state. Raises ValueError for a notice of a channel, which has none."""
    if notice.state is None:
        raise ValueError(f"a notice {notice.kind} without a state")
    return notice.state


def _html(lines: Iterable[str], head: str = "") -> str:
    parts = [f"<p><strong>{escape(head)}</strong></p>"] if head else []
    parts += [f"<p>{escape(line)}</p>" for line in lines]
    return sanitise("\n".join(parts))


def _data(notice: Notice) -> dict[str, Any]:
    return {
        "type": "source.notice",
        "version": VERSION,
        "timestamp": _stamp(notice.created_at),
        "data": {
            "key": notice.key,
            "kind": notice.kind.value,
            "source": clean_line(notice.source),
            "state": notice.state.value if notice.state else None,
            "words": headline(notice),
            "reason": shorten(clean_line(notice.reason), _REASON_LIMIT),
            "advice": _todo(notice),
            "since": _stamp(notice.since),
        },
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
