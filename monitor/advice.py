"""What a state means in words, and what a person can do about it. Pure."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from db.model import Report, State
from monitor.terminal import printable
from spiders.judge import GONE

if TYPE_CHECKING:
    from datetime import datetime

_WORDS = {
    State.OK: "fine",
    State.UNCHANGED: "fine, nothing new",
    State.LATER: "fine, asked us to come later",
    State.EMPTY: "its list is empty",
    State.BLOCKED: "lets no programs in",
    State.FORBIDDEN_BY_ROBOTS: "its robots.txt forbids the visit",
    State.BLOCKED_ADDRESS: "leads to a private address",
    State.UNREACHABLE: "cannot be reached",
    State.ERRORING: "answers with errors",
    State.UNDECODABLE: "sends text that cannot be decoded",
    State.TOO_LARGE: "sends too much",
    State.TRUNCATED: "sends cut pages",
    State.KILLED: "its visit had to be stopped",
}
_ADVICE = {
    State.EMPTY: "look at the address in a browser: has the site moved its list?",
    State.BLOCKED: "visit less often (every), or watch another address of the site",
    State.FORBIDDEN_BY_ROBOTS: "take the address out, or ask the site's keeper",
    State.BLOCKED_ADDRESS: "if the address is yours, add its host:port to allow in [fetch]",
    State.UNREACHABLE: "if it stays, check the address",
    State.ERRORING: "if it stays, look at the address in a browser",
    State.UNDECODABLE: "if it stays, report the page",
    State.TOO_LARGE: "if the page is meant to be that large, raise max_bytes in [fetch]",
    State.KILLED: "raise memory_mb or deadline in [fetch], or ask for fewer pages",
}


def words(state: State) -> str:
    """Return what a state means.

    >>> words(State.EMPTY)
    'its list is empty'
    """
    return _WORDS[state]


def advice(report: Report, next_at: datetime | None) -> str:
    """Return what happens next and what to do; empty if nothing is wrong."""
    if report.state.is_fine:
        return ""
    again = f"retried at {clock(next_at)}" if next_at else ""
    todo = f"check urls in [source.{report.source}]" if _is_gone(report) else None
    return "; ".join(part for part in (again, todo or _ADVICE.get(report.state, "")) if part)


def complaint(report: Report, next_at: datetime | None) -> str:
    """Return one line that says which source is ill, how, and what to do."""
    how = words(report.state)
    if _is_gone(report):
        how = report.reason
    elif report.reason:
        how = f"{how}: {report.reason}"
    return printable(f"{report.source}: {how}; {advice(report, next_at)}")


def clock(when: datetime) -> str:
    """Return the time of day in UTC, as messages say it."""
    return when.astimezone(UTC).strftime("%H:%M UTC")


def _is_gone(report: Report) -> bool:
    return report.reason.startswith(GONE)
