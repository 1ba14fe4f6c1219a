"""How a source is, judged against its own past, and what of that somebody should be told. Pure.

`diagnose` sharpens the state of a report: what one visit alone cannot know. `consider` turns a
report into notices: enough strikes before the first, one a week after it, one when all is well.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from db.habits import is_quiet
from db.telling import Notice, NoticeKind, Standing
from db.visiting import Past, Report, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MOVED = 3
"""How many known items must stand at new addresses before a source has changed."""

REMIND = timedelta(days=7)

# Strikes before a notice. What no repetition makes surer is told at once.
_STRIKES = {
    State.BLOCKED: 1,
    State.FORBIDDEN_BY_ROBOTS: 1,
    State.BLOCKED_ADDRESS: 1,
    State.QUIET: 1,
    State.LAYOUT_CHANGED: 2,
    State.FIELDS_MISSING: 2,
    State.UNDECODABLE: 2,
    State.TOO_LARGE: 2,
}
_USUAL_STRIKES = 3
# These say nothing for or against a source.
_MUTE = frozenset({State.LATER, State.OFFLINE})
# A source that was told well and falls ill again within a day has to try harder to be told of.
_CALM = timedelta(days=1)
_RELAPSE_STRIKES = 6
_NEARLY = 0.95  # visits of once a day come a little early each time
_FIELDS = ("title", "date", "text")
# Half of it is gone, or nearly: the visits before that showed it are among those before.
_LOST = 1.9
_RECENT_ITEMS = 5
_PAST_ITEMS = 20


def diagnose(report: Report, past: Past, *, moved: int = 0) -> Report:
    """Return the report with the state that its source's past makes of it.

    `moved` is how many known items stood at new addresses. Only a visit that went well, or whose
    lists were empty, can turn out worse.
    """
    if report.state not in {State.OK, State.UNCHANGED, State.EMPTY}:
        return report
    found = next(_findings(report, past, moved), None)
    if found is None:
        return report
    reason = "; ".join(filter(None, (found.reason, report.reason)))
    # A list whose addresses all changed hides nothing.
    gap = None if found.state is State.SOURCE_CHANGED else report.gap
    return replace(report, state=found.state, reason=reason, gap=gap)


@dataclass(frozen=True, slots=True)
class _Finding:
    state: State
    reason: str


def _findings(report: Report, past: Past, moved: int) -> Iterator[_Finding]:
    """Give what is wrong, the most telling first."""
    if moved >= MOVED:
        yield _Finding(State.SOURCE_CHANGED, f"{moved} known items stand at new addresses")
    yield from _lists(report, past)
    yield from _fields(report, past)
    if not report.new and is_quiet(past.hours, report.finished):
        last = past.hours[-1][0]
        yield _Finding(State.QUIET, f"nothing new since {last:%Y-%m-%d %H}:00 UTC, which is rare")
    yield from _pages(report, past)


def _lists(report: Report, past: Past) -> Iterator[_Finding]:
    """Hold each list without cards against what it showed before."""
    usual = {
        seen.url: seen.cards for old in reversed(past.reports) for seen in old.lists if seen.cards
    }
    bare = [seen for seen in report.lists if not seen.cards and seen.url in usual]
    for seen in sorted(bare, key=lambda seen: seen.found):
        if seen.found:
            yield _Finding(State.EMPTY, f"no item where there were {usual[seen.url]}: {seen.url}")
        else:
            yield _Finding(
                State.LAYOUT_CHANGED, f"no list where {usual[seen.url]} items were: {seen.url}"
            )


def _pages(report: Report, past: Past) -> Iterator[_Finding]:
    """Take pages that made their source ill for no better because none was asked for since."""
    last = next((old for old in past.reports if old.state not in _MUTE), report)
    if last.state.is_fine or report.failed or not report.is_fruitless:
        return
    tried = [old for old in takewhile(lambda old: old.is_fruitless, past.reports) if old.failed]
    ill = next((old for old in tried if old.is_ill_by_pages), None)
    if ill:
        since = f"{tried[-1].started:%Y-%m-%d %H:%M} UTC"
        yield _Finding(ill.state, f"no article page could be had since {since}: {ill.reason}")


def _fields(report: Report, past: Past) -> Iterator[_Finding]:
    """Hold the coverage of the latest items against that of all others before."""
    latest: list[Report] = []
    older: list[Report] = []
    for one in (report, *past.reports):
        enough = sum(each.items for each in latest) >= _RECENT_ITEMS
        # What was found wanting before is no measure.
        if not enough:
            latest.append(one)
        elif one.state is not State.FIELDS_MISSING:
            older.append(one)
    now, before = _share(latest, _RECENT_ITEMS), _share(older, _PAST_ITEMS)
    lost = [
        f"{name} in {now[name]:.0%} of the latest items, {before[name]:.0%} before"
        for name in _FIELDS
        if now and before and 0 < before[name] >= now[name] * _LOST
    ]
    if lost:
        yield _Finding(State.FIELDS_MISSING, "; ".join(lost))


def _share(reports: list[Report], enough: int) -> dict[str, float]:
    """Return each field's share of the items; nothing if there are too few of them."""
    items = sum(report.items for report in reports)
    if items < enough:
        return {}
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(dict(report.coverage))
    return {name: counts[name] / items for name in _FIELDS}


def consider(
    standing: Standing, report: Report, *, remind: timedelta = REMIND
) -> tuple[Standing, tuple[Notice, ...]]:
    """Return what has been told after a report, and the notices it calls for.

    A host that asked to be left alone for a while (`later`) says nothing for or against a source,
    nor does a machine that is `offline`.
    A source that changed its addresses is told of once, and is not ill.
    """
    notices: list[Notice] = []
    if report.gap and (standing.gap_at is None or report.finished - standing.gap_at >= _CALM):
        standing = replace(standing, gap_at=report.finished)
        notices.append(_notice(report, NoticeKind.GAP, _gap_words(report), report.started))
    if report.state is State.SOURCE_CHANGED:
        # It was read: a trouble that was told is over, and that must be told as well.
        standing = _well(standing, report, notices)
        notices.append(_notice(report, NoticeKind.CHANGED, report.reason, report.started))
    elif report.state in _MUTE:
        pass
    elif report.state.is_fine:
        standing = _well(standing, report, notices)
    else:
        standing = _ill(standing, report, notices, remind)
    return standing, tuple(notices)


def strikes_needed(state: State, standing: Standing, now: datetime) -> int:
    """Return after how many visits in a row that were not fine a state is told."""
    needed = _STRIKES.get(state, _USUAL_STRIKES)
    relapse = standing.recovered_at is not None and now - standing.recovered_at < _CALM
    return max(needed, _RELAPSE_STRIKES) if relapse else needed


def _well(standing: Standing, report: Report, notices: list[Notice]) -> Standing:
    recovered_at = standing.recovered_at
    if standing.told and standing.since:
        was = (
            f"was {standing.told.value.replace('_', ' ')} since {standing.since:%Y-%m-%d %H:%M} UTC"
        )
        notices.append(_notice(report, NoticeKind.RECOVERED, was, standing.since))
        recovered_at = report.finished
    return Standing(recovered_at=recovered_at, gap_at=standing.gap_at)


def _ill(standing: Standing, report: Report, notices: list[Notice], remind: timedelta) -> Standing:
    now = report.finished
    since = standing.since or now
    standing = replace(standing, strikes=standing.strikes + 1, since=since)
    if standing.told is None:
        if standing.strikes < strikes_needed(report.state, standing, now):
            return standing
        kind = NoticeKind.DOWN
    elif standing.told_at is None or now - standing.told_at >= remind * _NEARLY:
        kind = NoticeKind.REMINDER
    else:
        return standing
    notices.append(_notice(report, kind, report.reason, since))
    return replace(standing, told=report.state, told_at=now)


def _gap_words(report: Report) -> str:
    gap = report.gap
    if gap is None:
        raise AssertionError
    after = f"{gap.after:%Y-%m-%d %H:%M} UTC" if gap.after else "the beginning"
    before = f"{gap.before:%Y-%m-%d %H:%M} UTC" if gap.before else "now"
    pages = "one list page was" if gap.pages == 1 else f"{gap.pages} list pages were"
    return f"{pages} all new: items between {after} and {before} may be missing"


def _notice(report: Report, kind: NoticeKind, reason: str, since: datetime) -> Notice:
    parts = (report.source, kind.value, since.isoformat(), report.finished.isoformat())
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return Notice(
        key=f"notice_{digest}",
        source=report.source,
        kind=kind,
        state=report.state,
        reason=reason,
        since=since,
        created_at=report.finished,
    )
