"""What a state means in words, and what a person can do about it. Pure."""

from __future__ import annotations

from db.model import Report, State

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
    State.ERRORING: "answers with errors",
    State.UNDECODABLE: "sends text that cannot be decoded",
    State.TOO_LARGE: "sends too much",
    State.TRUNCATED: "sends cut pages",
    State.KILLED: "its visit had to be stopped",
}
_AGAIN = "nothing yet: it is tried again by itself"
_ADVICE = {
    State.EMPTY: "look at the address in a browser: has the site moved its list?",
    State.LAYOUT_CHANGED: "look at the address in a browser; dateline probe shows what it finds",
    State.FIELDS_MISSING: "dateline probe an item's address shows what is still found",
    State.SOURCE_CHANGED: "nothing, but look whether its items still come as before",
    State.QUIET: "look at the address in a browser: is there really nothing new?",
    State.BLOCKED: "visit less often (every), or watch another address of the site",
    State.FORBIDDEN_BY_ROBOTS: "take the address out, or ask the site's keeper",
    State.BLOCKED_ADDRESS: "if the address is yours, add its host:port to allow in [fetch]",
    State.UNREACHABLE: f"{_AGAIN}; if it stays, check the address",
    State.ERRORING: f"{_AGAIN}; if it stays, look at the address in a browser",
    State.UNDECODABLE: f"{_AGAIN}; if it stays, report the page",
    State.TOO_LARGE: "if the page is meant to be that large, raise max_bytes in [fetch]",
    State.TRUNCATED: _AGAIN,
    State.KILLED: "raise memory_mb or deadline in [fetch], or ask for fewer pages",
}


def words(state: State) -> str:
    """Return what a state means.

    >>> words(State.EMPTY)
    'its list is empty'
    """
    return _WORDS[state]


def advice(state: State) -> str:
    """Return what to do about a state; empty if nothing is wrong."""
    return _ADVICE.get(state, "")


def complaint(report: Report) -> str:
    """Return one line that says which source is ill, how, and what to do."""
    reason = f" ({report.reason})" if report.reason else ""
    return f"{report.source}: {words(report.state)}{reason}; {advice(report.state)}"
