"""Why a change is told to a watch and not held back, in sentences. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from db.model import ChangeKind
from db.words import clean_line
from feeds.wording import utc_words
from monitor.rates import BY_CHANNEL, BY_WATCH, QUIET, RESTED, Due

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from db.model import Change
    from db.telling import Watch

_KINDS: Final = {
    ChangeKind.EDITED: "was edited",
    ChangeKind.GONE: "is gone from its source",
    ChangeKind.BACK: "is back at its source",
}


ASKED_FOR: Final = "It waits no more: it was asked for with dateline alerts resend."
"""What stands in the place of what `held` says of an alert that is sent before its time."""


def grounds(change: Change, watch: Watch) -> tuple[str, ...]:
    """Say what let a change through that meets a watch's query: news, sources, story."""
    return tuple(_grounds(change, watch))


def held(due: Due) -> str:
    """Say until when an alert was held back and why, or that it was not."""
    if not due.why:
        return "It was due at once: no digest, rest or quiet hours held it back."
    return f"It waited until {utc_words(due.at)}: {due.why}."


def why_held(said: str, until: datetime) -> str:
    """Return why an alert was held back, from what `held` said of it; empty if nothing did."""
    whys = (BY_WATCH, BY_CHANNEL, RESTED, QUIET)
    return next((why for why in whys if held(Due(until, gathered=True, why=why)) == said), "")


def _grounds(change: Change, watch: Watch) -> Iterator[str]:
    sources = [clean_line(source) for source in change.sources or (change.article.source,)]
    named = ", ".join(sources)
    match change.kind:
        case ChangeKind.NEW:
            known = (
                "another source had this item before"
                if change.again
                else "no source had this item before"
            )
            yield f"It is news at {named}: not part of a silent first reading; {known}."
        case ChangeKind.COMPLETED:
            yield "Its page was read only now; this watch was not told of it from its list."
        case ChangeKind.CORRECTED:
            yield "Better rules read it anew; this watch was not told of it as it was read before."
        case _:
            yield f"It {_KINDS[change.kind]}, and the watch asks for that."
    meant = [source for source in map(clean_line, watch.sources) if source in sources]
    yield f"The watch names {', '.join(meant)}." if meant else "The watch takes every source."
    if watch.once_per_story and change.kind not in (ChangeKind.GONE, ChangeKind.BACK):
        yield "The watch tells of a story once, and had not told this channel of this one."
    else:
        yield "The watch tells of each item of a story."
