"""What a visit came to, and when to come back. Pure.

The spider counts into a `Tally` while it works; everything that is decided is decided here,
from numbers and times alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from db.model import ChangeKind
from db.visiting import FILES_LOST, PAGES_LOST, Gap, ListSeen, Report, State
from db.words import clean_line

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from db.model import Article, Change

_SLOWEST = timedelta(hours=24)
_CRON_SLACK = timedelta(seconds=30)
_LONGEST = 300  # characters of a reason

# When lists fail in several ways, the way that says most about what to do comes first.
_TELLING = (
    State.BLOCKED_ADDRESS,
    State.LATER,
    State.BLOCKED,
    State.FORBIDDEN_BY_ROBOTS,
    State.UNREACHABLE,
    State.TRUNCATED,
    State.TOO_LARGE,
    State.UNDECODABLE,
    State.ERRORING,
    State.KILLED,
)


GONE = "the page is gone"
NO_FOLDER = "there is no folder"
NO_DNS = "no DNS answer"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be had: the state it means for the source, and words for people."""

    state: State
    reason: str

    def __post_init__(self) -> None:
        """Make the words one short clean line: strangers have a hand in most of them."""
        object.__setattr__(self, "reason", clean_line(clean_line(self.reason)[:_LONGEST]))

    def at(self, url: str) -> Problem:
        """Return the problem of a list: which one is gone must be told."""
        gone = self.reason.startswith(GONE)
        return Problem(self.state, f"{self.reason}: {url}") if gone else self


@dataclass(slots=True)
class Tally:
    """What happened during a visit; counts as in `db.visiting.Report`.

    `lists_read` counts lists that were read, `lists_same` those answered 304. `moved` counts known
    items that stood at new addresses. Problems are kept apart by what they hit; `retried` counts
    the pages of them that this source had asked for before, and `unread` the pages that failed for
    the first time at earlier visits since one could be had (`unread_since`). `barren` says that no
    earlier visit brought an item whose page did not fail. `of_files` says that the pages are files
    of a folder: one that cannot be read fails anew at every visit, and `unchanged` are those that
    stay as they were read. `broken` counts what stood among
    the items of lists and is none. `errors` are faults of ours in reading, `cut` says why a visit
    was ended before its work.
    """

    requests: int = 0
    bytes: int = 0
    unchanged: int = 0
    listed: int = 0
    read: int = 0
    new: int = 0
    edited: int = 0
    failed: int = 0
    lists_read: int = 0
    lists_same: int = 0
    list_problems: list[Problem] = field(default_factory=list)
    page_problems: list[Problem] = field(default_factory=list)
    retried: int = 0
    unread: int = 0
    barren: bool = False
    of_files: bool = False
    broken: int = 0
    errors: list[str] = field(default_factory=list)
    coverage: Counter[str] = field(default_factory=Counter)
    items: int = 0
    moved: int = 0
    lists: list[ListSeen] = field(default_factory=list)
    gap: Gap | None = None
    cut: str = ""

    def take(self, change: Change | None, *, renamed: bool) -> None:
        """Count an item that was taken in, and the fields it has if this was its first reading.

        Those are all it has by now, its list's among them. A page read again tells nothing of the
        latest items, and does not repeat what only a list says.

        `renamed` says that it may be a known one at a new address; it is, unless it is new.
        """
        kind = change.kind if change else None
        if change and kind in (ChangeKind.NEW, ChangeKind.COMPLETED):
            self._cover(change.article)
        self.new += kind is ChangeKind.NEW
        self.edited += kind is ChangeKind.EDITED
        self.moved += renamed and kind is not ChangeKind.NEW

    def _cover(self, article: Article) -> None:
        has = {
            "title": article.title,
            # A list's row that leads to a file has lost no text.
            "text": article.text or article.attachments,
            "date": article.dateline.when,
            "summary": article.summary,
            "section": article.section,
            "authors": article.authors,
            "place": article.dateline.place,
        }
        self.items += 1
        self.coverage.update(name for name, value in has.items() if value)

    def report(self, source: str, started: datetime, finished: datetime) -> Report:
        """Return the report of the visit, with its state decided."""
        verdict = judge(self)
        return Report(
            source=source,
            started=started,
            finished=finished,
            state=verdict.state,
            reason=verdict.reason,
            requests=self.requests,
            bytes=self.bytes,
            unchanged=self.unchanged,
            listed=self.listed,
            read=self.read,
            new=self.new,
            edited=self.edited,
            failed=self.failed,
            coverage=tuple(sorted(self.coverage.items())),
            list_read=bool(self.lists_read or self.lists_same),
            gap=self.gap,
            items=self.items,
            lists=tuple(self.lists),
        )


def judge(tally: Tally) -> Problem:  # noqa: PLR0911 - one return a row of the table
    """Decide the state of a visit and say why, most telling first.

    A list that failed counts even if another was read: a section that is gone must show. Pages
    that failed are a remark, because their items are kept from the list and asked for again. They
    count if those that failed for the first time are more than those that could be had, if none
    has been had since several failed, or if the source has never brought anything else. One alone,
    or a few that keep failing beside others that are read, say nothing of their source.
    """
    if tally.list_problems:
        return _most_telling(tally.list_problems)
    held = [problem for problem in tally.page_problems if problem.state is State.LATER]
    if held:
        return held[0]
    if tally.cut:
        return Problem(State.KILLED, tally.cut)
    if tally.errors:
        return Problem(State.ERRORING, _counted(tally.errors))
    note = f"{tally.broken} of the lists' items could not be read" if tally.broken else ""
    if tally.page_problems:
        pages, are_ill = _pages(tally)
        note = "; ".join(filter(None, (pages, note)))
        if are_ill:
            return Problem(_most_telling(tally.page_problems).state, note)
    if tally.listed or tally.read:
        return Problem(State.OK, note)
    if tally.lists_same:
        return Problem(State.UNCHANGED, note)
    return Problem(State.EMPTY, "; ".join(filter(None, ("no list showed any item", note))))


def _pages(tally: Tally) -> tuple[str, bool]:
    """Say which pages or files failed, and whether that tells of their source."""
    lost = len(tally.page_problems)
    # The lists among the 304 answers are no pages; a folder's one list gives none.
    had = tally.read + tally.unchanged - (0 if tally.of_files else tally.lists_same)
    reasons = _counted([problem.reason for problem in tally.page_problems])
    told = f"{lost} of {lost + had} {FILES_LOST if tally.of_files else PAGES_LOST}: {reasons}"
    anew = lost - tally.retried
    are_ill = anew > max(had, 1)
    if not had and not tally.of_files:
        are_ill |= (tally.barren and tally.items <= lost) or anew + tally.unread > 1
    return told, are_ill


def unread_since(reports: Sequence[Report]) -> int:
    """Return how many pages failed for the first time since one could be had.

    `reports` are the latest, newest first. Where a page fails for the first time its item is new.
    """
    since = takewhile(lambda report: report.is_fruitless, reports)
    return sum(min(report.failed, report.new) for report in since)


def unfound(reports: Sequence[Report], hosts: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the hosts of a round if the name of none was found, else nothing.

    `hosts` is those of each source, none of a folder. One that refuses or keeps silent has been
    found: then this machine is not offline.
    """
    asked = [report for report in reports if hosts[report.source]]
    failed = (r.state is State.UNREACHABLE and r.reason.startswith(NO_DNS) for r in asked)
    if any(r.bytes for r in asked) or not all(failed):
        return frozenset()
    return frozenset(host for report in asked for host in hosts[report.source])


def _most_telling(problems: list[Problem]) -> Problem:
    first = min(problems, key=lambda problem: _TELLING.index(problem.state))
    others = Counter(problem.reason for problem in problems if problem != first)
    return Problem(first.state, "; ".join((first.reason, *others)))


def _counted(reasons: list[str]) -> str:
    return "; ".join(
        reason if times == 1 else f"{reason} ({times} times)"
        for reason, times in Counter(reasons).most_common(3)
    )


def next_visit(
    report: Report, *, every: timedelta, strikes: int, hold: datetime | None = None
) -> datetime:
    """Return when the source is due again.

    `strikes` is how many visits in a row were not fine, this one included. The first keeps the
    usual rhythm, each further one doubles it up to a day. Counted from the start of the visit,
    and a little early, so that a cron line of the same period does not miss every second one.
    A host's own wish (`hold`, from Retry-After) is never undercut.
    """
    wait = every
    if strikes > 1:
        # 2 ** 12 times the shortest period is more than a day already.
        wait = max(every, min(_SLOWEST, every * 2 ** min(strikes - 1, 12)))
    at = report.started + wait - min(_CRON_SLACK, wait / 20)
    return max(at, hold) if hold else at


def later(until: datetime) -> Problem:
    """Return the problem of a host that asked not to be visited before `until`.

    >>> later(datetime(2026, 1, 2, 12, tzinfo=UTC)).reason
    'asked to come back after 2026-01-02T12:00:00Z'
    """
    return Problem(State.LATER, f"asked to come back after {_up(until):%Y-%m-%dT%H:%M:%SZ}")


def _up(moment: datetime) -> datetime:
    # Whole seconds, never earlier than what was asked for.
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return whole if whole == moment else whole + timedelta(seconds=1)
