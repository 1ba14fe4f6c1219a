"""What a state means in words, and what a person can do about it. Pure."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from db.visiting import FILES_LOST, Report, State
from monitor.terminal import printable
from spiders.blockpages import CONSENT
from spiders.judge import GONE, NO_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

_WORDS = {
    State.OK: "fine",
    State.UNCHANGED: "fine, nothing new",
    State.LATER: "fine, asked us to come later",
    State.EMPTY: "its list is empty",
    State.LAYOUT_CHANGED: "shows no list where it did",
    State.FIELDS_MISSING: "its items have lost titles, dates or texts",
    State.SOURCE_CHANGED: "changed all its addresses",
    State.QUIET: "has been silent for unusually long",
    State.BLOCKED: "lets no programs in",
    State.FORBIDDEN_BY_ROBOTS: "its robots.txt forbids the visit",
    State.BLOCKED_ADDRESS: "leads to a private address",
    State.UNREACHABLE: "cannot be reached",
    State.OFFLINE: "could not be visited, this machine seems offline",
    State.ERRORING: "answers with errors",
    State.UNDECODABLE: "sends text that cannot be decoded",
    State.TOO_LARGE: "sends too much",
    State.TRUNCATED: "sends cut pages",
    State.KILLED: "its visit had to be stopped",
}
_ADVICE = {
    State.EMPTY: "look at the address in a browser: has the site moved its list?",
    State.LAYOUT_CHANGED: "look at the address in a browser: has the site a new face?",
    State.FIELDS_MISSING: "save an item's page, and dateline probe FILE shows what is still found",
    State.SOURCE_CHANGED: "nothing, but look whether its items still come as before",
    State.QUIET: "look at the address in a browser: is there really nothing new?",
    State.BLOCKED: "visit less often (every), or watch another address of the site",
    State.FORBIDDEN_BY_ROBOTS: "take the address out, or ask the site's keeper",
    State.BLOCKED_ADDRESS: "if the address is yours, add its host:port to allow in [fetch]",
    State.UNREACHABLE: "if it stays, check the address",
    State.OFFLINE: "check this machine's network and its DNS",
    State.ERRORING: "if it stays, look at the address in a browser",
    State.UNDECODABLE: "if it stays, report the page",
    State.TOO_LARGE: "if the page is meant to be that large, raise max_bytes in [fetch]",
    State.KILLED: "raise memory_mb or deadline in [fetch], or ask for fewer pages",
}
_CONSENT = (
    "it asks every visitor, so rarer visits do not help; watch its feed or sitemap, which ask "
    "nothing (dateline probe URL says what there is)"
)
_FILES = "put right what is said of each file, or take it out; all are tried at every visit"

UNSEEN = "not visited yet"
"""What a source is that has no report."""


def words(state: State) -> str:
    """Return what a state means.

    >>> words(State.EMPTY)
    'its list is empty'
    """
    return _WORDS[state]


def condition(state: State, reason: str) -> str:
    """Return how a source is: what its state means, or what is wrong with a folder."""
    if reason.startswith(NO_FOLDER):
        return NO_FOLDER
    return FILES_LOST if _is_by_files(state, reason) else words(state)


def how(report: Report | None) -> str:
    """Return how a source is by the report of its last visit."""
    return condition(report.state, report.reason) if report else UNSEEN


def _is_by_files(state: State, reason: str) -> bool:
    return FILES_LOST in reason and not state.is_fine


def advice(report: Report, next_at: datetime | None) -> str:
    """Return what happens next and what to do; empty if nothing is wrong."""
    if report.state.is_fine:
        return _FILES if FILES_LOST in report.reason else ""
    again = f"retried at {clock(next_at)}" if next_at else ""
    todo = remedy(report.source, report.state, report.reason)
    return "; ".join(part for part in (again, todo) if part)


def remedy(source: str, state: State, reason: str) -> str:
    """Return what a person can do about a source's state; empty if there is nothing."""
    if reason.startswith(NO_FOLDER):
        return (
            f"make the folder, or correct folder in [source.{source}]; then dateline run --now "
            f"--source {source} visits it at once"
        )
    if _is_by_files(state, reason):
        return _FILES
    if state is State.BLOCKED and f"asks for {CONSENT}" in reason:
        return _CONSENT
    return f"check urls in [source.{source}]" if reason.startswith(GONE) else _ADVICE.get(state, "")


def complaint(report: Report, next_at: datetime | None) -> str:
    """Return one line that says which source is ill, how, and what to do."""
    told = words(report.state)
    if report.reason.startswith((GONE, NO_FOLDER)) or _is_by_files(report.state, report.reason):
        told = report.reason
    elif report.reason:
        told = f"{told}: {report.reason}"
    return printable(f"{report.source}: {told}; {advice(report, next_at)}")


def complaints(ill: Iterable[tuple[Report, datetime | None]]) -> Iterator[str]:
    """Yield the lines about ill sources and when they are due; a machine offline is told once."""
    told = False
    for report, next_at in ill:
        if report.state is not State.OFFLINE:
            yield complaint(report, next_at)
        elif not told:
            told = True
            yield printable(f"{report.reason}; {_ADVICE[State.OFFLINE]}")


def clock(when: datetime) -> str:
    """Return the time of day in UTC, as messages say it."""
    return when.astimezone(UTC).strftime("%H:%M UTC")
