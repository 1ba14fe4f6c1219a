"""One pass through all jobs, and what went wrong in it, in words. No failed step stops another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from db.errors import DatelineError
from monitor import advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from feeds.publish import Published
    from monitor.deliver import Delivered
    from monitor.jobs import Jobs
    from monitor.order import Progress
    from monitor.round import RoundResult
    from monitor.watch import Matched

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a pass came to. A step is None if it could not be done, or was not asked for.

    `complaints` say for each failure what, where and what to do.
    """

    visit: RoundResult | None = None
    matched: Matched | None = None
    delivered: Delivered | None = None
    published: Published | None = None
    complaints: tuple[str, ...] = field(default=())

    @property
    def is_busy(self) -> bool:
        """True if another round was running, and nothing was done."""
        return self.visit is not None and self.visit.busy


def once(
    jobs: Jobs,
    *,
    names: Sequence[str] | None,
    force: bool,
    progress: Callable[[Progress], None],
) -> Outcome:
    """Do a round and all that follows from it; nothing if another round is running."""
    broken: list[str] = []
    visit = _step(broken, "round", lambda: jobs.visit(names=names, force=force, progress=progress))
    if visit and visit.busy:
        return Outcome(visit=visit)
    _step(broken, "notices", jobs.tell)
    matched = _step(broken, "watches", jobs.match)
    delivered = _step(broken, "deliveries", jobs.deliver)
    published = _step(broken, "feeds", jobs.publish)
    return Outcome(
        visit=visit,
        matched=matched,
        delivered=delivered,
        published=published,
        complaints=(*broken, *_complaints(visit, matched, delivered, published)),
    )


def _step(broken: list[str], name: str, work: Callable[[], Result]) -> Result | None:
    try:
        return work()
    except DatelineError as error:
        broken.append(f"{name}: {error}")
        return None


def _complaints(
    visit: RoundResult | None,
    matched: Matched | None,
    delivered: Delivered | None,
    published: Published | None,
) -> Iterator[str]:
    for report in visit.reports if visit else ():
        if not report.state.is_fine:
            yield advice.complaint(report)
    if matched and matched.failed:
        yield f"watches: {len(matched.failed)} changes could not be looked at; see the log"
    if delivered and delivered.retried:
        yield (
            f"deliveries: {delivered.retried} not taken, tried again later; "
            "dateline alerts list says why"
        )
    if delivered and delivered.dead:
        yield (
            f"deliveries: {delivered.dead} given up; dateline alerts list --state dead says why, "
            "dateline alerts resend tries again"
        )
    for name, reason in published.failed if published else ():
        yield f"feed {name}: {reason}; its old files stay as they were"
