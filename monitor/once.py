"""One pass through all jobs, and what went wrong in it, in words. No failed step stops another.

Each step is a job border: an error on purpose becomes a sentence, any other a sentence and a
traceback in the log.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from db.errors import DatelineError
from feeds.wording import counted
from monitor import advice
from monitor.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from feeds.publish import Published
    from monitor.deliver import Delivered
    from monitor.jobs import Jobs
    from monitor.order import Progress
    from monitor.round import RoundResult
    from monitor.watch import Matched

LOG = logging.getLogger("dateline.run")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a pass came to. A step is None if it could not be done, or was not asked for.

    `complaints` say for each failure what, where and what to do: one printable line each.
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
        complaints=tuple(
            map(printable, (*broken, *_complaints(visit, matched, delivered, published)))
        ),
    )


def _step(broken: list[str], name: str, work: Callable[[], Result]) -> Result | None:
    try:
        return work()
    except DatelineError as error:
        if not any(said.endswith(f": {error}") for said in broken):
            broken.append(f"{name}: {error}")
    except Exception as error:  # the job border of one step
        LOG.exception("event=failed step=%s", name)
        broken.append(f"{name}: {type(error).__name__}: {error}; the log says where")
    return None


def _complaints(
    visit: RoundResult | None,
    matched: Matched | None,
    delivered: Delivered | None,
    published: Published | None,
) -> Iterator[str]:
    if visit:
        ill = (report for report in visit.reports if not report.state.is_fine)
        yield from advice.complaints((one, visit.next_at.get(one.source)) for one in ill)
    if matched and matched.failed:
        failed = counted(len(matched.failed), "change")
        yield f"watches: {failed} could not be looked at; see the log"
    if matched and matched.is_unplaced:
        yield (
            "stories: what is new could not be put into stories; alerts go out without; tried "
            "again next time; see the log"
        )
    if delivered and delivered.retried:
        yield (
            f"deliveries: {delivered.retried} not taken, tried again later; "
            "dateline alerts list says why"
        )
    if delivered and delivered.dead:
        yield (
            f"deliveries: {delivered.dead} given up; dateline alerts dead says why, and what to do"
        )
    yield from feed_complaints(published.failed if published else ())


def feed_complaints(failed: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Say which feeds could not be written, those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for name, reason in failed:
        reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        yield f"feed {', '.join(names)}: {reason}; the old files stay as they were"
